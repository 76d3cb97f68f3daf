"""Scores of fused images: metrics with a reference, computed window by window in physical units.

    from satfusion_qgis.assessment.reference import ReferenceScores, score, scoring_windows

Needs numpy only; no GDAL, no QGIS. The caller reads the rasters, applies scale and offset, and hands over
arrays.
"""
