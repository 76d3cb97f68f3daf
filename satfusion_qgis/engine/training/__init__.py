"""Training of networks: patch sets, losses, settings, and the run that makes a model folder."""
