"""Scores of a fused image against a reference: RMSE, bias, CC, SAM, ERGAS and Q2n in one pass.

All values must be in physical units: apply the scale and the offset of both rasters before they come here.
ERGAS and SAM change when a constant is added to both images, so an image stored as DN with an offset would
otherwise score differently from the same image stored as reflectance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cc import Cc
from .ergas import ergas
from .q2n import Q2n, scoring_windows
from .rmse import Rmse
from .sam import Sam

__all__ = ["DEFINITIONS", "ReferenceScores", "score", "scoring_windows"]

DEFINITIONS = {
    "rmse": "Root mean square error in the units of the image; over all: squares pooled over the bands.",
    "bias": "Mean of test minus reference in the units of the image; over all: mean over the bands.",
    "cc": "Pearson correlation; over all: mean over the bands that vary in both images.",
    "sam_degrees": "Mean over the pixels of the angle between the spectra, in degrees; pixels with a zero "
    "spectrum left out; none for one band.",
    "ergas": "100 / ratio * sqrt(mean over bands of (RMSE / mean of the reference)^2), ratio = MS pixel / "
    "PAN pixel; none if a mean is zero.",
    "q2n": "Mean over blocks of the hypercomplex quality index, 1 for identical images; blocks normalised "
    "with the reference, mirrored at the right and bottom edge, left out with less than half their pixels "
    "valid.",
}


class ReferenceScores:
    """Scores of one scene, from windows that come one after the other.

    All sums are float64, and the scores do not depend on how the scene is cut into windows. Windows may come
    in any order, each part of the scene once; objects filled in parallel are joined with :meth:`merge`. For
    Q2n, windows are made of whole blocks as :func:`scoring_windows` gives them.
    """

    def __init__(
        self,
        bands: int,
        ratio: float,
        size: tuple[int, int],
        block: int = 32,
        band_names: Sequence[str] | None = None,
        units: str = "",
    ) -> None:
        """Start empty.

        Args:
            bands: Number of bands, 1 or more.
            ratio: MS pixel size divided by PAN pixel size, above 0; ERGAS needs it.
            size: (rows, columns) of the scored area; row and column of a window count from its corner.
            block: Side of a Q2n block in pixels, 2 or more.
            band_names: One name for each band.
            units: Name of the physical unit of both images, such as "reflectance"; put beside the scores.

        Raises:
            ValueError: An argument is out of its range.
        """
        if bands < 1:
            raise ValueError("The images to compare must have at least one band.")
        if not (ratio > 0 and np.isfinite(ratio)):
            raise ValueError(f"The ratio of MS to PAN pixel size must be a number above 0, not {ratio}.")
        if min(size) < 1:
            raise ValueError("The area to score must have at least one row and one column.")
        if band_names is not None and len(band_names) != bands:
            raise ValueError(f"{len(band_names)} band names were given for {bands} bands.")
        self._bands = bands
        self._ratio = float(ratio)
        self._size = (int(size[0]), int(size[1]))
        self._block = block
        self._names = list(band_names) if band_names is not None else [f"Band {i + 1}" for i in range(bands)]
        self._units = units
        self._pixels_seen = 0
        self._pixels_not_finite = 0
        self._rmse = Rmse(bands)
        self._cc = Cc(bands)
        self._sam = Sam(bands)
        self._q2n = Q2n(bands, self._size, block)

    def add(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        valid: NDArray[Any] | None = None,
        row: int = 0,
        column: int = 0,
    ) -> None:
        """Take in one window.

        Args:
            reference: The true image, shape (bands, rows, columns), in physical units.
            test: The image to judge, same shape and units.
            valid: True where both images hold a value, shape (rows, columns); None where all pixels do.
                Pixels with a value that is not finite are left out as well, and counted.
            row: Row of the window's first pixel in the scored area.
            column: Column of the window's first pixel in the scored area.

        Raises:
            ValueError: Shapes do not fit together, or the window is not made of whole Q2n blocks; nothing was
                added.
        """
        reference, test = np.asarray(reference), np.asarray(test)
        self._check_images(reference, test)
        shape = (reference.shape[1], reference.shape[2])
        given = np.ones(shape, np.bool_) if valid is None else np.asarray(valid, np.bool_)
        if given.shape != shape:
            raise ValueError(f"The mask has the shape {given.shape}, but the images have {shape} rows and columns.")
        self._q2n.check_window(shape, row, column)
        if self._pixels_seen + given.size > self._size[0] * self._size[1]:
            raise ValueError("More pixels were added than the scored area has, so some windows must overlap.")

        used = given & _finite(reference) & _finite(test)
        self._pixels_seen += given.size
        self._pixels_not_finite += int(np.count_nonzero(given & ~used))
        self._rmse.add(reference, test, used)
        self._cc.add(reference, test, used)
        self._sam.add(reference, test, used)
        self._q2n.add(reference, test, used, row, column)

    def merge(self, other: ReferenceScores) -> None:
        """Take in what another object gathered from other windows of the same scene.

        Raises:
            ValueError: The two were made for different scenes.
        """
        if self._setup() != other._setup():
            raise ValueError("Scores can be merged only with the same bands, ratio, size, block, names and units.")
        if self._pixels_seen + other._pixels_seen > self._size[0] * self._size[1]:
            raise ValueError("More pixels were added than the scored area has, so some windows must overlap.")
        self._pixels_seen += other._pixels_seen
        self._pixels_not_finite += other._pixels_not_finite
        self._rmse.merge(other._rmse)
        self._cc.merge(other._cc)
        self._sam.merge(other._sam)
        self._q2n.merge(other._q2n)

    def result(self) -> dict[str, Any]:
        """The scores as plain data, ready for JSON.

        Returns:
            ``bands``: for each band its number (from 1), name, rmse, bias, cc and reference_mean;
            ``all``: rmse, bias, cc, sam_degrees, ergas and q2n over all bands;
            ``pixels``: counts of pixels used, left out by the mask, not finite, and used for SAM;
            ``q2n_blocks``: their side, and counts of blocks used, left out, and used with a constant
            reference band; ``ratio``, ``units``, ``size`` and ``definitions`` (a short text for each metric).
            A score that does not exist, such as the correlation of a constant band, is None.

        Raises:
            ValueError: No pixel is valid in both images.
        """
        if self._rmse.pixels == 0:
            raise ValueError("The reference and the test image have no valid pixel in common.")
        rmse, bias = self._rmse.per_band(), self._rmse.bias()
        cc, mean = self._cc.per_band(), self._cc.reference_mean
        return {
            "bands": [
                {
                    "band": band + 1,
                    "name": self._names[band],
                    "rmse": float(rmse[band]),
                    "bias": float(bias[band]),
                    "cc": cc[band],
                    "reference_mean": float(mean[band]),
                }
                for band in range(self._bands)
            ],
            "all": {
                "rmse": self._rmse.pooled(),
                "bias": float(bias.mean()),
                "cc": _mean_of_known(cc),
                "sam_degrees": self._sam.mean_degrees(),
                "ergas": ergas(rmse, mean, self._ratio),
                "q2n": self._q2n.mean(),
            },
            "pixels": {
                "used": self._rmse.pixels,
                "masked": self._pixels_seen - self._rmse.pixels - self._pixels_not_finite,
                "not_finite": self._pixels_not_finite,
                "sam": self._sam.pixels,
            },
            "q2n_blocks": {
                "side": self._block,
                "used": self._q2n.blocks,
                "left_out": self._q2n.blocks_left_out,
                "constant": self._q2n.blocks_constant,
            },
            "ratio": self._ratio,
            "units": self._units,
            "size": list(self._size),
            "definitions": dict(DEFINITIONS),
        }

    def _setup(self) -> tuple[Any, ...]:
        return self._bands, self._ratio, self._size, self._block, self._names, self._units

    def _check_images(self, reference: NDArray[Any], test: NDArray[Any]) -> None:
        if reference.ndim != 3 or test.ndim != 3:
            raise ValueError("Both images must be arrays with three axes: bands, rows and columns.")
        if len(reference) != self._bands or len(test) != self._bands:
            raise ValueError(
                f"The reference has {len(reference)} bands and the test image {len(test)}, but {self._bands} "
                "are to be scored; choose the same bands in both."
            )
        if reference.shape != test.shape:
            raise ValueError(
                f"The reference has {reference.shape[1]} x {reference.shape[2]} pixels and the test image "
                f"{test.shape[1]} x {test.shape[2]}; bring both to one grid first."
            )


def score(
    reference: NDArray[Any],
    test: NDArray[Any],
    ratio: float,
    valid: NDArray[Any] | None = None,
    block: int = 32,
    band_names: Sequence[str] | None = None,
    units: str = "",
) -> dict[str, Any]:
    """Scores of a whole image against its reference.

    Args:
        reference: The true image, shape (bands, rows, columns), in physical units.
        test: The image to judge, same shape and units.
        ratio: MS pixel size divided by PAN pixel size, above 0.
        valid: True where both images hold a value, shape (rows, columns); None where all pixels do.
        block: Side of a Q2n block in pixels, 2 or more.
        band_names: One name for each band.
        units: Name of the physical unit of both images.

    Returns:
        The scores as :meth:`ReferenceScores.result` gives them.

    Raises:
        ValueError: Shapes do not fit together, an argument is out of its range, or no pixel is valid in both
            images.
    """
    reference, test = np.asarray(reference), np.asarray(test)
    if reference.ndim != 3 or test.ndim != 3:
        raise ValueError("Both images must be arrays with three axes: bands, rows and columns.")
    scores = ReferenceScores(len(reference), ratio, (reference.shape[1], reference.shape[2]), block, band_names, units)
    scores.add(reference, test, valid)
    return scores.result()


def _finite(image: NDArray[Any]) -> NDArray[np.bool_]:
    """True where all bands of a pixel are finite, shape (rows, columns)."""
    finite = np.ones(image.shape[1:], np.bool_)
    for band in image:
        finite &= np.isfinite(band)
    return finite


def _mean_of_known(values: Sequence[float | None]) -> float | None:
    """Mean of the values that are not None, or None when there are none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
