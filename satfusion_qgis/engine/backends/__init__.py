"""What runs a network: PyTorch or ONNX Runtime, on the device that is there."""
