"""Networks that make one fine image from several coarse ones of the same place."""
