"""cSSIM: the structural similarity of a super-resolved image after a small shift and a constant brightness.

The companion of cPSNR (see cpsnr.py: Martens et al. 2019, 10.1007/s42064-019-0059-8) with SSIM (Wang et al. 2004,
10.1109/TIP.2003.819861). Definitions in use differ; here: the test image loses a border of d pixels, and at each of the
(2d + 1)^2 whole shifts it gets the same bias as for cPSNR at that shift; pixels that do not count are 0 in both images;
SSIM has an 11 x 11 Gaussian window of 1.5 pixels, population covariance, and lies wholly inside the shrunken image; the
mean over the windows that hold at least one clear pixel (windows of masked pixels alone would count as perfect). The
shift with the largest mean over the bands counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .cpsnr import Cpsnr, Float64, Mask, Overlay, check_images, lags, overlay
from .sliding import block_sums, gaussian_taps, weighted_means
from .ssim import WINDOW

_TAPS = gaussian_taps(WINDOW, 1.5)
_C1, _C2 = 0.01**2, 0.03**2
_LEAST_SHARE = 1e-12
_ROWS = 64


@dataclass(frozen=True)
class StructuralLikeness:
    """What the search over shifts found.

    Attributes:
        cssim: Mean over the bands, at most 1; None where no window fits.
        bands: Of each band at the shift of all bands.
        shift: (rows, columns), see `Registered`.
        positions: Windows that count at this shift.
    """

    cssim: Optional[float]
    bands: tuple[Optional[float], ...]
    shift: tuple[int, int]
    positions: int


class Cssim:
    """SSIM at every shift, window by window; needs the biases of the whole scene first."""

    def __init__(
        self,
        biases: Float64,
        border: int,
        data_range: float,
        size: Optional[tuple[int, int]] = None,
        block: int = 0,
    ) -> None:
        """Start empty.

        Args:
            biases: (shifts, bands) as `Cpsnr.biases` gives them for the whole scene.
            border: d, as for cPSNR.
            data_range: L, in the units of the images.
            size: (rows, columns) of the scored area, where sums over blocks are wanted.
            block: Side of such a block; windows are then made of whole blocks.
        """
        self.border = border
        self.lags = lags(border)
        self._biases = biases
        self._range = float(data_range)
        self._sum = np.zeros(biases.shape)
        self._count = np.zeros(len(self.lags))
        self._block = block
        cells = (0, 0) if size is None or not block else tuple(-(-length // block) for length in size)
        self._blocks = np.zeros((len(self.lags), 2, *cells))

    @property
    def halo(self) -> int:
        """Pixels that a window must bring along below and to the right, as far as the scene goes."""
        return 2 * self.border + WINDOW - 1

    def add(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        reference_valid: Mask = None,
        test_valid: Mask = None,
        row: int = 0,
        column: int = 0,
        core: Optional[tuple[int, int]] = None,
    ) -> None:
        """Take in a window; see `cpsnr.overlay`.

        Args:
            reference: (bands, rows, columns) with its neighbours.
            test: Same shape.
            reference_valid: (rows, columns) or None.
            test_valid: (rows, columns) or None.
            row: First row in the scored area.
            column: First column in the scored area.
            core: (rows, columns) of the window itself.
        """
        core = core or (reference.shape[1], reference.shape[2])
        strip = self._block * max(1, _ROWS // self._block) if self._block else _ROWS
        for top in range(0, core[0], strip):
            rows = min(strip, core[0] - top)
            part = np.s_[..., top : top + rows + self.halo, :]
            clear, valid = (None if mask is None else mask[part] for mask in (reference_valid, test_valid))
            self._add_strip(reference[part], test[part], clear, valid, row + top, column, (rows, core[1]))

    def _add_strip(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        reference_valid: Mask,
        test_valid: Mask,
        row: int,
        column: int,
        core: tuple[int, int],
    ) -> None:
        found = overlay(reference, test, reference_valid, test_valid, self.border, core, WINDOW - 1)
        if found is None or min(found.test.shape[1:]) < WINDOW:
            return
        common = _Common(found, self._range)
        for place, lag in enumerate(self.lags):
            bands, counted = common.similarities(lag, self._biases[place])
            self._count[place] += counted.sum()
            for band, scores in enumerate(bands):
                self._sum[place, band] += scores.sum()
            if self._block:
                self._add_blocks(place, sum(bands) / len(bands), counted, row, column)

    def _add_blocks(self, place: int, scores: Any, counted: Float64, row: int, column: int) -> None:
        for kind, values in enumerate((scores, counted)):
            sums = block_sums(values, self._block)
            top, left = row // self._block, column // self._block
            self._blocks[place, kind, top : top + sums.shape[0], left : left + sums.shape[1]] += sums

    def best(self) -> int:
        """Return the number of the best shift, of equal ones the nearest to none."""
        mean = self._sum.mean(axis=1) / np.maximum(self._count, 1)
        mean = np.where(self._count > 0, mean, -np.inf)
        nearest = [abs(row - self.border) + abs(column - self.border) for row, column in self.lags]
        return max(range(len(self.lags)), key=lambda place: (mean[place], -nearest[place]))

    def result(self) -> StructuralLikeness:
        """Return the scores at the best shift."""
        place = self.best()
        row, column = self.lags[place]
        shift, count = (row - self.border, column - self.border), int(self._count[place])
        if not count:
            return StructuralLikeness(None, (None,) * self._sum.shape[1], (0, 0), 0)
        values = self._sum[place] / count
        return StructuralLikeness(float(values.mean()), tuple(float(value) for value in values), shift, count)

    def blocks(self) -> Float64:
        """Return for each block of the scene the sum of SSIM at the best shift and its number: (blocks, 2)."""
        rows: Float64 = self._blocks[self.best()].reshape(2, -1).T
        return rows


class _Common:
    """What the shifts of one window share: the means of the reference, which only move along."""

    def __init__(self, found: Overlay, data_range: float) -> None:
        self._found = found
        self._range = data_range
        self._clear = found.reference_valid is None and found.test_valid is None
        self._reference = None if found.test_valid is not None else self._means_of_reference()
        self._test = self._means_of_test(None) if self._clear else None

    def _means_of_reference(self) -> tuple[Float64, Float64]:
        image = self._found.reference / self._range
        return weighted_means(image, _TAPS), weighted_means(image * image, _TAPS)

    def _means_of_test(self, used: Mask) -> tuple[Float64, Float64, Any]:
        image = self._found.test / self._range
        if used is None:
            return weighted_means(image, _TAPS), weighted_means(image * image, _TAPS), 1.0
        image = image * used
        share = weighted_means(used.astype(np.float64), _TAPS)
        return weighted_means(image, _TAPS), weighted_means(image * image, _TAPS), share

    def similarities(self, lag: tuple[int, int], bias: Float64) -> tuple[list[Float64], Float64]:
        """Return SSIM of each band at every window, 0 where it does not count, and 1 where it does."""
        used = self._found.used(lag)
        reference, test = self._found.shifted(lag) / self._range, self._found.test / self._range
        if used is not None:
            reference, test = reference * used, test * used
        rows, columns = (length - WINDOW + 1 for length in test.shape[1:])
        if self._reference is None:
            x, x_squares = weighted_means(reference, _TAPS), weighted_means(reference * reference, _TAPS)
        else:
            part = np.s_[:, lag[0] : lag[0] + rows, lag[1] : lag[1] + columns]
            x, x_squares = self._reference[0][part], self._reference[1][part]
        means, squares, share = self._test if self._test is not None else self._means_of_test(used)
        products = weighted_means(reference * test, _TAPS)
        counted = np.ones((rows, columns)) if used is None else (share > _LEAST_SHARE).astype(np.float64)
        scores = []
        for band, added in enumerate(bias / self._range):
            y = means[band] + added * share
            y_squares = squares[band] + 2 * added * means[band] + added * added * share
            both = products[band] + added * x[band]
            mean_product = x[band] * y
            mean_squares = x[band] * x[band] + y * y
            likeness = (2 * mean_product + _C1) * (2 * (both - mean_product) + _C2)
            likeness /= (mean_squares + _C1) * (x_squares[band] + y_squares - mean_squares + _C2)
            scores.append(likeness * counted)
        return scores, counted


def cssim(
    reference: NDArray[Any], test: NDArray[Any], valid: Mask = None, border: int = 3, data_range: float = 1.0
) -> StructuralLikeness:
    """Return the cSSIM of whole images; arguments as for `cpsnr`.

    Raises:
        ValueError: The shapes differ, the border takes the whole image, or no pixel is clear.
    """
    reference, test = check_images(reference, test, border)
    search = Cpsnr(len(reference), border)
    search.add(reference, test, valid)
    search.best()
    found = Cssim(search.biases(), border, data_range)
    found.add(reference, test, valid)
    return found.result()
