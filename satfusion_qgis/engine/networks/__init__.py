"""Networks in PyTorch: a folder for each task, a file for each network."""
