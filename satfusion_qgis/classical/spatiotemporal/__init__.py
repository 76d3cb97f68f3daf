"""Classical spatiotemporal fusion: the fine image of a date that only a coarse sensor saw."""
