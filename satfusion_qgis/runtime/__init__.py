"""Sessions: where a method computes. In this interpreter for classical methods."""
