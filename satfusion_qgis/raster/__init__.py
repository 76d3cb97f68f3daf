"""Rasters through GDAL: grids, readers and writers by window. Bytes only, never `gdal_array`."""
