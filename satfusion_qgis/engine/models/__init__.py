"""Models in the engine: official checkpoints are brought in, networks are written as ONNX."""
