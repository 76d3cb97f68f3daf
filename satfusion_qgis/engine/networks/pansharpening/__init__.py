"""Networks for pansharpening: (MS on the PAN grid, PAN) to sharpened MS."""
