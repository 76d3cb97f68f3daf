"""Networks that make one fine image from several coarse ones and a fine panchromatic one."""
