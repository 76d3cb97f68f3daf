"""What runs in the engine's interpreter alone: networks, backends, checkpoints and training."""
