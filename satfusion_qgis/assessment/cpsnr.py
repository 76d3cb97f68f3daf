"""cPSNR: the PSNR of a super-resolved image after a small shift and a constant brightness are forgiven it.

Martens, M., Izzo, D., Krzic, A., Cox, D. (2019): Super-resolution of PROBA-V images using convolutional neural
networks. 10.1007/s42064-019-0059-8. Revisits know the place of a pixel no better than their registration does, so an
image made of them may lie a fraction of a coarse pixel off the truth, and a little brighter or darker, without being
worse. The test image loses a border of d pixels on each side, and is laid on the reference at every one of the
(2d + 1)^2 whole shifts; at each, the mean difference over the clear pixels is added to it, band by band, and nothing
else (no gain). The shift with the smallest mean square error counts.

An image with several bands has one shift, that of the smallest error pooled over the bands, and a bias of its own in
each band. A pixel counts where the reference is clear at the shifted place and the test image holds a value. For one
band, a reference with a mask and a test image without one, this is the published score.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Mask = Optional[NDArray[np.bool_]]
LEAST_ERROR = 1e-12  # of the squared data range: identical images score 120 dB
_ROWS = 64


@dataclass(frozen=True)
class Registered:
    """What the search over shifts found.

    Attributes:
        cpsnr: Of all bands together, in dB; None without a data range.
        bands: cPSNR of each band at the shift of all bands.
        shift: (rows, columns) that the reference's pixels lie below and to the right of the test image's; what is to be
            undone.
        bias: What is added to each band of the test image, in the units of the image.
        pixels: Clear pixels that count at this shift.
    """

    cpsnr: Optional[float]
    bands: tuple[Optional[float], ...]
    shift: tuple[int, int]
    bias: tuple[float, ...]
    pixels: int


def border_of(ratio: float) -> int:
    """Return the border d for a ratio: one coarse pixel, as the protocol has 3 fine pixels at ratio 3.

    At least 1; a ratio of 4.0003 is one of 4.
    """
    return max(1, math.ceil(0.98 * ratio))


def lags(border: int) -> list[tuple[int, int]]:
    """Return where the reference's part begins, for each shift: (row, column) from 0 to 2 d."""
    return [(row, column) for row in range(2 * border + 1) for column in range(2 * border + 1)]


@dataclass(frozen=True)
class Overlay:
    """A window of a test image, without its border, and of its reference, with it, as the search needs them.

    Attributes:
        reference: (bands, rows + 2 d, columns + 2 d) float64, 0 where not clear.
        test: (bands, rows, columns) float64, 0 where not valid.
        reference_valid: (rows + 2 d, columns + 2 d), or None where all are clear.
        test_valid: (rows, columns), or None where all are valid.
    """

    reference: Float64
    test: Float64
    reference_valid: Mask
    test_valid: Mask

    def used(self, lag: tuple[int, int]) -> Mask:
        """Return which pixels count at a shift, or None where all do."""
        if self.reference_valid is None:
            return self.test_valid
        rows, columns = self.test.shape[1:]
        clear = self.reference_valid[lag[0] : lag[0] + rows, lag[1] : lag[1] + columns]
        return clear if self.test_valid is None else clear & self.test_valid

    def shifted(self, lag: tuple[int, int]) -> Float64:
        """Return the reference at a shift: (bands, rows, columns)."""
        rows, columns = self.test.shape[1:]
        return self.reference[:, lag[0] : lag[0] + rows, lag[1] : lag[1] + columns]


def overlay(
    reference: NDArray[Any],
    test: NDArray[Any],
    reference_valid: Mask,
    test_valid: Mask,
    border: int,
    core: tuple[int, int],
    more: int = 0,
) -> Optional[Overlay]:
    """Return the overlay of those places of the shrunken image that a window owns.

    Place (i, j) of the shrunken image is pixel (i + d, j + d) of the test image, and lies on pixels (i, j) to (i + 2 d,
    j + 2 d) of the reference. So a window that starts at (i, j) needs 2 d more pixels below and to the right.

    Args:
        reference: (bands, rows, columns), the window with its neighbours below and to the right, as far as the scene
            goes.
        test: Same shape.
        reference_valid: (rows, columns) or None.
        test_valid: (rows, columns) or None.
        border: d.
        core: (rows, columns) of the window's own pixels.
        more: So many more places below and to the right, for windowed scores, as far as the scene goes.

    Returns:
        None where the window owns no place.
    """
    rows, columns = (
        min(own + more, length - 2 * border) for own, length in zip(core, (reference.shape[1], reference.shape[2]))
    )
    if min(rows, columns) < 1:
        return None
    inside = np.s_[border : border + rows, border : border + columns]
    around = np.s_[: rows + 2 * border, : columns + 2 * border]
    masks = []
    for valid, image, part in ((reference_valid, reference, around), (test_valid, test, inside)):
        mask = np.isfinite(image[:, part[0], part[1]]).all(axis=0)
        mask &= True if valid is None else valid[part]
        masks.append(None if mask.all() else mask)
    images = [
        np.where(True if mask is None else mask, image[:, part[0], part[1]], 0).astype(np.float64)
        for image, part, mask in ((reference, around, masks[0]), (test, inside, masks[1]))
    ]
    return Overlay(images[0], images[1], masks[0], masks[1])


class Cpsnr:
    """The search over shifts, window by window, in float64.

    For each shift and band: number of clear pixels, mean of reference less test, and sum of squared deviations from
    that mean, which are joined without loss of digits (Chan, Golub and LeVeque 1983, 10.2307/2683386).
    """

    def __init__(self, bands: int, border: int) -> None:
        """Start empty.

        Args:
            bands: Number of bands.
            border: d, the pixels that the test image loses on each side, and the largest shift; 0 or more.
        """
        if border < 0:
            raise ValueError("The border of cPSNR must be 0 or more pixels.")
        self.border = border
        self.lags = lags(border)
        self._count = np.zeros((len(self.lags), 1))
        self._mean = np.zeros((len(self.lags), bands))
        self._deviations = np.zeros((len(self.lags), bands))

    @property
    def halo(self) -> int:
        """Pixels that a window must bring along below and to the right, as far as the scene goes."""
        return 2 * self.border

    def add(
        self,
        reference: NDArray[Any],
        test: NDArray[Any],
        reference_valid: Mask = None,
        test_valid: Mask = None,
        core: Optional[tuple[int, int]] = None,
    ) -> None:
        """Take in a window; see `overlay`."""
        core = core or (reference.shape[1], reference.shape[2])
        found = overlay(reference, test, reference_valid, test_valid, self.border, core)
        if found is None:
            return
        for part in _strips(found, self.border):
            for place, lag in enumerate(self.lags):
                self._join(place, *_moments(part, lag))

    def merge(self, other: Cpsnr) -> None:
        """Take in what another one gathered from other windows."""
        for place in range(len(self.lags)):
            self._join(place, other._count[place, 0], other._mean[place], other._deviations[place])

    def _join(self, place: int, count: float, mean: Float64, deviations: Float64) -> None:
        if not count:
            return
        before = self._count[place, 0]
        total = before + count
        away = mean - self._mean[place]
        self._mean[place] += away * (count / total)
        self._deviations[place] += deviations + np.square(away) * (before * count / total)
        self._count[place, 0] = total

    def errors(self) -> Float64:
        """Mean square error without bias of each shift and band, infinite where no pixel is clear."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Float64 = np.where(self._count > 0, self._deviations / self._count, np.inf)
        return found

    def biases(self) -> Float64:
        """What is added to each band of the test image, for each shift."""
        return self._mean

    def best(self) -> int:
        """Return the number of the best shift; of equal ones the one nearest to none.

        Raises:
            ValueError: No pixel is clear in both images.
        """
        pooled = self.errors().mean(axis=1)
        if not np.isfinite(pooled).any():
            raise ValueError("The reference and the test image have no clear pixel in common inside the border.")
        nearest = [abs(row - self.border) + abs(column - self.border) for row, column in self.lags]
        return min(range(len(self.lags)), key=lambda place: (pooled[place], nearest[place]))

    def result(self, data_range: Optional[float]) -> Registered:
        """Return the scores at the best shift.

        Args:
            data_range: L, the range that values may have, in the units of the image.
        """
        place = self.best()
        errors = self.errors()[place]
        row, column = self.lags[place]
        return Registered(
            decibels(float(errors.mean()), data_range),
            tuple(decibels(float(error), data_range) for error in errors),
            (row - self.border, column - self.border),
            tuple(float(bias) for bias in self._mean[place]),
            int(self._count[place, 0]),
        )


def decibels(error: float, data_range: Optional[float]) -> Optional[float]:
    """Return 10 log10(L^2 / error), at most 120 dB; None without a range."""
    if not data_range:
        return None
    return -10.0 * math.log10(max(error / data_range**2, LEAST_ERROR))


def cpsnr(
    reference: NDArray[Any], test: NDArray[Any], valid: Mask = None, border: int = 3, data_range: Optional[float] = 1.0
) -> Registered:
    """Return the cPSNR of whole images.

    Args:
        reference: (bands, rows, columns), or (rows, columns) for one band.
        test: Same shape.
        valid: (rows, columns), True where the reference is clear; None where all of it is.
        border: d in pixels: 3 by the protocol, at ratio 3.
        data_range: L in the units of the images.

    Raises:
        ValueError: The shapes differ, the border takes the whole image, or no pixel is clear.
    """
    reference, test = check_images(reference, test, border)
    found = Cpsnr(len(reference), border)
    found.add(reference, test, valid)
    return found.result(data_range)


def norm_score(norms: Sequence[float], scores: Sequence[float]) -> float:
    """Return PROBA-V's score of a submission: mean over the scenes of N / cPSNR; below 1 beats the baseline.

    Args:
        norms: N, the baseline's cPSNR of each scene in dB.
        scores: cPSNR of each scene in dB.

    Raises:
        ValueError: Not as many norms as scores, or none.
    """
    if len(norms) != len(scores) or not len(scores):
        raise ValueError(f"{len(norms)} norms were given for {len(scores)} scenes.")
    return float(np.mean([norm / score for norm, score in zip(norms, scores)]))


def check_images(reference: NDArray[Any], test: NDArray[Any], border: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return both with three axes.

    Raises:
        ValueError: They differ in shape, or the border takes all of them.
    """
    reference, test = (np.asarray(image) for image in (reference, test))
    reference, test = (image[None] if image.ndim == 2 else image for image in (reference, test))
    if reference.ndim != 3 or reference.shape != test.shape:
        raise ValueError(f"The reference has the shape {reference.shape} and the test image {test.shape}.")
    if min(reference.shape[1:]) <= 2 * border:
        raise ValueError(f"A border of {border} pixels leaves nothing of {reference.shape[1]} x {reference.shape[2]}.")
    return reference, test


def _strips(found: Overlay, border: int) -> Iterator[Overlay]:
    """Cut an overlay into strips that stay in the processor's cache."""
    rows = found.test.shape[1]
    for top in range(0, rows, _ROWS):
        stop = min(top + _ROWS, rows)
        yield Overlay(
            found.reference[:, top : stop + 2 * border],
            found.test[:, top:stop],
            None if found.reference_valid is None else found.reference_valid[top : stop + 2 * border],
            None if found.test_valid is None else found.test_valid[top:stop],
        )


def _moments(part: Overlay, lag: tuple[int, int]) -> tuple[float, Float64, Float64]:
    """Count, mean, and squared deviations from the mean, of reference less test at a shift, for each band."""
    used = part.used(lag)
    error = part.shifted(lag) - part.test
    error = error.reshape(len(error), -1) if used is None else error[:, used]
    count = error.shape[1]
    if not count:
        return 0.0, np.zeros(len(error)), np.zeros(len(error))
    mean = error.mean(axis=1)
    error -= mean[:, None]
    return float(count), mean, np.einsum("bp,bp->b", error, error)
