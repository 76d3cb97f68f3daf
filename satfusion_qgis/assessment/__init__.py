"""Scores of fused images, computed window by window in physical units, and reports on them.

    from satfusion_qgis.assessment.reference import ReferenceScores, score, scoring_windows
    from satfusion_qgis.assessment.noreference import NoReferenceScores, quality_without_reference
    from satfusion_qgis.assessment.bootstrap import BlockSums, Draws

One file for each metric. Needs numpy only; no GDAL, no QGIS. The caller reads the rasters, applies scale and
offset, and hands over arrays.
"""
