"""Products need GDAL; QGIS they do without."""

from __future__ import annotations

import pytest

pytest.importorskip("osgeo.gdal", reason="GDAL is not installed")
