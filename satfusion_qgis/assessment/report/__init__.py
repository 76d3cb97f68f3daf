"""Reports on scores: one HTML page without anything outside it, and tables for other programs.

Pages use tables and attributes where style sheets would do more, so that they read the same in a browser and in the
results viewer of QGIS, which draws a small part of HTML only. Every text passes through a translation function that
the caller brings; nothing here imports Qt.
"""
