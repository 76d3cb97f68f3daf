"""Scores of a fused image against a reference, all in one pass over windows.

All values must be in physical units: apply the scale and the offset of both rasters before they come here.
ERGAS and SAM change when a constant is added to both images, so an image stored as DN with an offset would
otherwise score differently from the same image stored as reflectance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .cc import Cc
from .ergas import ergas
from .mae import Mae
from .psnr import psnr
from .q2n import Q2n, scoring_windows
from .r2 import r2
from .rase import rase
from .rmse import Rmse
from .sam import Sam
from .scc import Scc
from .ssim import WINDOW as SSIM_WINDOW
from .ssim import Ssim
from .tile import tiles
from .uqi import Uqi

__all__ = ["DEFINITIONS", "UQI_WINDOW", "ReferenceScores", "peak_range", "score", "scoring_windows"]

UQI_WINDOW = 8
DEFINITIONS = {
    "mae": "Mean absolute error in the units of the image; over all: mean over the bands.",
    "rmse": "Root mean square error in the units of the image; over all: squares pooled over the bands.",
    "bias": "Mean of test minus reference in the units of the image; over all: mean over the bands.",
    "psnr": "20 log10(data range / RMSE) in dB; over all: from the pooled RMSE; none for identical images.",
    "psnr_mean_of_bands": "Mean over the bands of their PSNR, which is not the PSNR of the image.",
    "ssim": "Structural similarity, 11 x 11 Gaussian window of 1.5 pixels, with the stated data range; over all: mean "
    "over the bands; only windows that lie inside the area and hold no masked pixel.",
    "sam_degrees": "Mean over the pixels of the angle between the spectra, in degrees; pixels with a zero "
    "spectrum left out; none for one band.",
    "ergas": "100 / ratio * sqrt(mean over bands of (RMSE / mean of the reference)^2), ratio = MS pixel / "
    "PAN pixel; none if a mean is zero.",
    "rase": "100 / M * sqrt(mean over bands of RMSE^2) in percent, M = mean of the reference over all bands.",
    "uqi": "Universal quality index over every position of a square window; over all: mean over the bands; only "
    "windows that hold no masked pixel.",
    "q2n": "Mean over blocks of the hypercomplex quality index, 1 for identical images; blocks normalised "
    "with the reference, mirrored at the right and bottom edge, left out with less than half their pixels "
    "valid.",
    "scc": "Pearson correlation of both images after a 3 x 3 Laplacian filter; over all: mean over the bands; only "
    "pixels whose neighbours are inside the area and valid.",
    "cc": "Pearson correlation; over all: mean over the bands that vary in both images.",
    "r2": "1 - sum of squared errors / sum of squared deviations of the reference; over all: mean over the bands.",
}


@dataclass
class _Metrics:
    """The accumulators of one scene."""

    rmse: Rmse
    mae: Mae
    cc: Cc
    sam: Sam
    ssim: Optional[Ssim]
    uqi: Optional[Uqi]
    scc: Optional[Scc]

    def all(self) -> list[Any]:
        """Return those that are kept."""
        every = (self.rmse, self.mae, self.cc, self.sam, self.ssim, self.uqi, self.scc)
        return [metric for metric in every if metric is not None]


class ReferenceScores:
    """Scores of one scene, from windows that come one after the other.

    All sums are float64, and the scores do not depend on how the scene is cut into windows. Windows may come
    in any order, each part of the scene once; objects filled in parallel are joined with :meth:`merge`. For
    Q2n, windows are made of whole blocks as :func:`scoring_windows` gives them. SSIM, UQI and SCC look at
    neighbours: each window brings :attr:`halo` more pixels below and to the right, as far as the scene goes.

    Attributes:
        halo: Pixels that a window must bring along below and to the right of its own.
    """

    def __init__(
        self,
        bands: int,
        ratio: float,
        size: tuple[int, int],
        block: int = 32,
        band_names: Sequence[str] | None = None,
        units: str = "",
        data_range: float | None = None,
        uqi_window: int = UQI_WINDOW,
        windowed: bool = True,
    ) -> None:
        """Start empty.

        Args:
            bands: Number of bands, 1 or more.
            ratio: MS pixel size divided by PAN pixel size, above 0; ERGAS needs it.
            size: (rows, columns) of the scored area; row and column of a window count from its corner.
            block: Side of a Q2n block in pixels, 2 or more.
            band_names: One name for each band.
            units: Name of the physical unit of both images, such as "reflectance"; put beside the scores.
            data_range: L, the range that values may have, in the same units: 1 for reflectance, 2^bits - 1 for
                DN. Without it there are no PSNR and SSIM.
            uqi_window: Side of the UQI window in pixels, 2 or more.
            windowed: Also compute SSIM, UQI and SCC, which need the neighbours of a window.

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
        if data_range is not None and not (data_range > 0 and np.isfinite(data_range)):
            raise ValueError(f"The data range must be a number above 0, not {data_range}.")
        self._bands = bands
        self._ratio = float(ratio)
        self._size = (int(size[0]), int(size[1]))
        self._block = block
        self._names = list(band_names) if band_names is not None else [f"Band {i + 1}" for i in range(bands)]
        self._units = units
        self._range = None if data_range is None else float(data_range)
        self._uqi_window = uqi_window
        self._pixels_seen = 0
        self._pixels_not_finite = 0
        self._q2n = Q2n(bands, self._size, block)
        with_neighbours = (Ssim(bands, self._range), Uqi(bands, uqi_window), Scc(bands))
        ssim, uqi, scc = with_neighbours if windowed else (None, None, None)
        self._metrics = _Metrics(Rmse(bands), Mae(bands), Cc(bands), Sam(bands), ssim, uqi, scc)
        self.halo = max(SSIM_WINDOW, uqi_window, 3) - 1 if windowed else 0

    def add(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        valid: NDArray[Any] | None = None,
        row: int = 0,
        column: int = 0,
        core: tuple[int, int] | None = None,
    ) -> None:
        """Take in one window.

        Args:
            reference: The true image, shape (bands, rows, columns), in physical units.
            test: The image to judge, same shape and units.
            valid: True where both images hold a value, shape (rows, columns); None where all pixels do.
                Pixels with a value that is not finite are left out as well, and counted.
            row: Row of the window's first pixel in the scored area.
            column: Column of the window's first pixel in the scored area.
            core: (rows, columns) of the window itself, in the upper left of the arrays; what is beyond it are the
                neighbours. None where the arrays hold the window alone.

        Raises:
            ValueError: Shapes do not fit together, the window is not made of whole Q2n blocks, or lacks its
                neighbours; nothing was added.
        """
        reference, test = np.asarray(reference), np.asarray(test)
        self._check_images(reference, test)
        shape = (reference.shape[1], reference.shape[2])
        core = shape if core is None else core
        given = None if valid is None else np.asarray(valid, np.bool_)
        if given is not None and given.shape != shape:
            raise ValueError(f"The mask has the shape {given.shape}, but the images have {shape} rows and columns.")
        self._q2n.check_window(core, row, column)
        reference, test, given = self._with_neighbours(reference, test, given, (row, column), core)
        if self._pixels_seen + core[0] * core[1] > self._size[0] * self._size[1]:
            raise ValueError("More pixels were added than the scored area has, so some windows must overlap.")

        finite = _both_finite(reference, test)
        used = given if finite is None else finite if given is None else given & finite
        self._count(given, used, core)
        for tile in tiles(reference, test, used, core, self.halo):
            for metric in self._metrics.all():
                metric.add(tile)
        own = np.s_[..., : core[0], : core[1]]
        inside = np.ones(core, np.bool_) if used is None else used[own]
        self._q2n.add(reference[own], test[own], inside, row, column)

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
        for own, theirs in zip(self._metrics.all(), other._metrics.all()):
            own.merge(theirs)
        self._q2n.merge(other._q2n)

    def result(self) -> dict[str, Any]:
        """The scores as plain data, ready for JSON.

        Returns:
            ``bands``: for each band its number (from 1), name, scores, and the means of reference and test;
            ``all``: the scores over all bands;
            ``pixels``: counts of pixels used, left out by the mask, not finite, and used for SAM;
            ``q2n_blocks``: their side, and counts of blocks used, left out, and used with a constant
            reference band; ``positions``: windows that SSIM, UQI and SCC used; ``ratio``, ``units``, ``data_range``,
            ``uqi_window``, ``size`` and ``definitions`` (a short text for each metric).
            A score that does not exist, such as the correlation of a constant band, is None.

        Raises:
            ValueError: No pixel is valid in both images.
        """
        found = self._metrics
        if found.rmse.pixels == 0:
            raise ValueError("The reference and the test image have no valid pixel in common.")
        columns = self._per_band()
        rmse, mean = found.rmse.per_band(), found.cc.reference_mean
        pooled = found.rmse.pooled()
        averages = {name: _mean_of_known(values) for name, values in columns.items() if name in DEFINITIONS}
        over_all = {
            **averages,
            "rmse": pooled,
            "psnr": psnr(pooled, self._range),
            "psnr_mean_of_bands": None if None in columns["psnr"] else averages["psnr"],
            "sam_degrees": found.sam.mean_degrees(),
            "ergas": ergas(rmse, mean, self._ratio),
            "rase": rase(rmse, mean),
            "q2n": self._q2n.mean(),
        }
        return {
            "bands": [
                {"band": band + 1, "name": self._names[band], **{key: values[band] for key, values in columns.items()}}
                for band in range(self._bands)
            ],
            "all": {name: over_all[name] for name in DEFINITIONS},
            **self._counts(),
            "ratio": self._ratio,
            "units": self._units,
            "data_range": self._range,
            "uqi_window": self._uqi_window,
            "size": list(self._size),
            "definitions": dict(DEFINITIONS),
        }

    def _per_band(self) -> dict[str, list[Optional[float]]]:
        found = self._metrics
        rmse: list[float] = found.rmse.per_band().tolist()
        nothing: list[Optional[float]] = [None] * self._bands
        return {
            "mae": found.mae.per_band().tolist(),
            "rmse": [*rmse],
            "bias": found.rmse.bias().tolist(),
            "psnr": [psnr(value, self._range) for value in rmse],
            "ssim": found.ssim.per_band() if found.ssim else nothing,
            "uqi": found.uqi.per_band() if found.uqi else nothing,
            "scc": found.scc.per_band() if found.scc else nothing,
            "cc": found.cc.per_band(),
            "r2": r2(found.rmse.squares, found.cc.reference_squares),
            "reference_mean": found.cc.reference_mean.tolist(),
            "test_mean": found.cc.test_mean.tolist(),
        }

    def _counts(self) -> dict[str, Any]:
        found = self._metrics
        return {
            "pixels": {
                "used": found.rmse.pixels,
                "masked": self._pixels_seen - found.rmse.pixels - self._pixels_not_finite,
                "not_finite": self._pixels_not_finite,
                "sam": found.sam.pixels,
            },
            "q2n_blocks": {
                "side": self._block,
                "used": self._q2n.blocks,
                "left_out": self._q2n.blocks_left_out,
                "constant": self._q2n.blocks_constant,
            },
            "positions": {
                "ssim": found.ssim.positions if found.ssim else 0,
                "uqi": found.uqi.positions if found.uqi else 0,
                "scc": found.scc.positions if found.scc else 0,
            },
        }

    def _setup(self) -> tuple[Any, ...]:
        shown = (self._bands, self._ratio, self._size, self._block, self._names, self._units)
        return (*shown, self._range, self._uqi_window, self.halo)

    def _count(self, given: NDArray[np.bool_] | None, used: NDArray[np.bool_] | None, core: tuple[int, int]) -> None:
        self._pixels_seen += core[0] * core[1]
        if used is None or used is given:
            return
        own = np.s_[: core[0], : core[1]]
        meant = core[0] * core[1] if given is None else np.count_nonzero(given[own])
        self._pixels_not_finite += int(meant - np.count_nonzero(used[own]))

    def _with_neighbours(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        valid: NDArray[np.bool_] | None,
        place: tuple[int, int],
        core: tuple[int, int],
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_] | None]:
        """Return the window with just the neighbours that are needed."""
        rows, columns = (min(own + self.halo, size - start) for own, size, start in zip(core, self._size, place))
        if reference.shape[1] < rows or reference.shape[2] < columns:
            raise ValueError(
                f"The window must bring along {self.halo} more pixels below and to the right, for the metrics that "
                "look at neighbours."
            )
        part = np.s_[..., :rows, :columns]
        return reference[part], test[part], None if valid is None else valid[part]

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
    data_range: float | None = None,
    uqi_window: int = UQI_WINDOW,
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
        data_range: L for PSNR and SSIM, in the same units; None takes :func:`peak_range` of the reference.
        uqi_window: Side of the UQI window in pixels, 2 or more.

    Returns:
        The scores as :meth:`ReferenceScores.result` gives them.

    Raises:
        ValueError: Shapes do not fit together, an argument is out of its range, or no pixel is valid in both
            images.
    """
    reference, test = np.asarray(reference), np.asarray(test)
    if reference.ndim != 3 or test.ndim != 3:
        raise ValueError("Both images must be arrays with three axes: bands, rows and columns.")
    if data_range is None:
        used = (
            reference[:, np.asarray(valid, np.bool_)]
            if valid is not None and np.shape(valid) == reference.shape[1:]
            else reference
        )
        used = used[np.isfinite(used)]
        data_range = peak_range(float(used.min()), float(used.max())) if used.size else None
    size = (reference.shape[1], reference.shape[2])
    scores = ReferenceScores(len(reference), ratio, size, block, band_names, units, data_range, uqi_window)
    scores.add(reference, test, valid)
    return scores.result()


def peak_range(lowest: float, highest: float) -> float | None:
    """Data range taken where none is stated: from zero, or from the lowest value below it, to the highest value.

    Args:
        lowest: Lowest value of the reference.
        highest: Highest value of the reference.

    Returns:
        None for an image of zeros.
    """
    span = max(highest, 0.0) - min(lowest, 0.0)
    return span if span > 0 else None


def _both_finite(reference: NDArray[Any], test: NDArray[Any]) -> NDArray[np.bool_] | None:
    """True where all bands of both images are finite, shape (rows, columns); None where all pixels are."""
    finite: NDArray[np.bool_] | None = None
    for image in (reference, test):
        if image.dtype.kind != "f":
            continue
        for band in image:
            with np.errstate(over="ignore", invalid="ignore"):
                all_finite = bool(np.isfinite(band.sum(dtype=np.float64)))
            if all_finite:
                continue
            good = np.isfinite(band)
            finite = good if finite is None else finite & good
    return finite


def _mean_of_known(values: Sequence[float | None]) -> float | None:
    """Mean of the values that are not None, or None when there are none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
