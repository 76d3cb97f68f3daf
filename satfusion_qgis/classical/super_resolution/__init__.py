"""Classical multi-image super-resolution: registration, photometric matching, and methods on observations."""
