"""What the tests of products have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis.raster.products import find_product, prepare
from satfusion_qgis.tasks.errors import InputError
from tests.pipeline.support import assert_one_sentence, facts, read_array

__all__ = ["Path", "described", "facts", "pixels", "prepare", "refused"]


def pixels(path: str | Path) -> np.ndarray:
    """All bands of a raster."""
    return read_array(path)


def described(path: str | Path) -> dict[str, Any]:
    """Metadata items of a raster and of its first band, for short comparisons."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    return {**dataset.GetMetadata(), **dataset.GetMetadata("IMAGERY"), **band.GetMetadata()}


def refused(path: Path | str, *words: str, folder: Path | None = None, **options: Any) -> str:
    """Check that a product is refused in one sentence with these words in it, and that nothing is written."""
    with pytest.raises(InputError) as caught:
        if folder is None:
            found = find_product(str(path))
            assert found is not None
            prepare(str(path), str(Path(str(path)).parent / "not_made"), **options)
        else:
            prepare(str(path), str(folder), **options)
    assert_one_sentence(str(caught.value))
    for word in words:
        assert word in str(caught.value), f"{word!r} is not in: {caught.value}"
    for place in (folder, Path(str(path)).parent / "not_made"):
        assert place is None or not place.exists() or not any(place.iterdir())
    return str(caught.value)
