"""Other forms of the classical methods' inner sums: compiled for the processor, and on a graphics card."""
