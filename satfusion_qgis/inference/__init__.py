"""What a network needs around it, in numpy: its weights' card, normalisation, halo, tiles and blending.

The network itself comes as a function from the engine, so all of this runs without PyTorch or ONNX Runtime.
"""
