"""Classical pansharpening."""
