"""The scores of a survey of spatiotemporal fusion as its code computes them, to compare with its published tables.

Sun, E., Cui, Y., Liu, P., Yan, J. (2026): A decade of deep learning for remote sensing spatiotemporal fusion: advances,
challenges, and opportunities. Information Fusion 126, 103675 (arXiv 2504.00901). 10.1016/j.inffus.2025.103675. Its code
relies on torchmetrics 1.5.2. Some scores go by the names of others, so they are kept apart from the scores of
`reference`, which are the usual ones:

- RMSE is a mean of the errors of small windows, and below the usual one where errors vary from place to place;
- ERGAS divides by a ratio of 4 and then by 16, which makes it a quarter of the usual one for a ratio of 16;
- RASE is made of windows too, and 64 times the usual size;
- SAM is in radians, and undefined if any pixel is 0 in every band;
- SSIM counts windows that reach over the edge; UQI has a Gaussian window, and is not Wang and Bovik's.

The survey works on tiles of 512 pixels and averages them, leaving out what it takes for outliers; no tile is left out
here. All is computed for one image whose every pixel is valid, with values from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tasks.errors import InputError
from .sliding import Float64, box_sums, gaussian_taps, weighted_means

DEFINITIONS: Mapping[str, str] = {
    "mae": "Mean absolute error over all pixels and bands.",
    "rmse": "Mean of the root mean square errors of 8 x 8 windows.",
    "psnr": "10 log10(1 / mean square error) in dB over all pixels and bands, both images clipped to 0..1.",
    "ssim": "Structural similarity for a range of 1, both images clipped to 0..1 and mirrored at the edge; mean over "
    "all pixels and bands.",
    "sam": "Mean angle between the spectra in radians; none if a pixel is 0 in every band.",
    "ergas": "A quarter of ERGAS for a ratio of 16.",
    "rase": "100 / M * root of the mean over bands of the squared errors, for 8 x 8 windows, M a 64th of their mean.",
    "uqi": "Quality index in Gaussian windows of 1.5 pixels.",
    "scc": "Correlation in 8 x 8 windows of both images after a 3 x 3 Laplacian filter; 0 where one does not vary.",
    "cc": "Pearson correlation, mean over the bands.",
    "r2": "1 - sum of squared errors / sum of squared deviations of the reference, bands taken together.",
}
_WINDOW = 8
_GAUSSIAN = gaussian_taps(11, 1.5)
_C1, _C2 = 0.01**2, 0.03**2
# The survey computes in float32; the index moves by this much near windows without contrast.
_LEAST = float(np.finfo(np.float32).eps)
_RATIO, _ASSUMED_RATIO = 16.0, 4.0


def survey_scores(prediction: NDArray[np.floating[Any]], reference: NDArray[np.floating[Any]]) -> dict[str, float]:
    """Score a prediction as the survey does.

    Args:
        prediction: Values from 0 to 1, shape (bands, rows, columns), every one valid.
        reference: The true image, likewise.

    Returns:
        The scores by the names of `DEFINITIONS`; a score that is undefined is not a number.

    Raises:
        InputError: The shapes differ, or are smaller than the windows.
    """
    test, truth = np.asarray(prediction, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if test.shape != truth.shape or test.ndim != 3:
        raise InputError(f"The prediction's shape {test.shape} must be the reference's, {truth.shape}.")
    if min(test.shape[1:]) < len(_GAUSSIAN):
        raise InputError(f"The survey's scores need {len(_GAUSSIAN)} or more rows and columns, not {test.shape[1:]}.")
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: float(score(test, truth)) for name, score in _SCORES.items()}


def _mae(test: Float64, truth: Float64) -> float:
    return float(np.abs(test - truth).mean())


def _local_squares(test: Float64, truth: Float64) -> Float64:
    """Mean square errors of the windows that the survey keeps: it drops the last row and column of those inside."""
    return _local_means((test - truth) ** 2)


def _local_means(image: Float64) -> Float64:
    return box_sums(image, _WINDOW)[..., :-1, :-1] / _WINDOW**2


def _rmse(test: Float64, truth: Float64) -> float:
    return float(np.sqrt(_local_squares(test, truth)).mean())


def _psnr(test: Float64, truth: Float64) -> float:
    return float(-10.0 * np.log10(np.mean((np.clip(test, 0, 1) - np.clip(truth, 0, 1)) ** 2)))


def _moments(test: Float64, truth: Float64, mean_of: Callable[[Float64], Float64]) -> tuple[Float64, ...]:
    """Means, variances (not below 0) and covariance in windows."""
    mean_x, mean_y = mean_of(test), mean_of(truth)
    variance_x = np.maximum(mean_of(test * test) - mean_x**2, 0)
    variance_y = np.maximum(mean_of(truth * truth) - mean_y**2, 0)
    return mean_x, mean_y, variance_x, variance_y, mean_of(test * truth) - mean_x * mean_y


def _gaussian_means(image: Float64) -> Float64:
    return weighted_means(image, _GAUSSIAN)


def _ssim(test: Float64, truth: Float64) -> float:
    margin = len(_GAUSSIAN) // 2
    mirrored = [np.pad(np.clip(image, 0, 1), ((0, 0), *((margin, margin),) * 2), "reflect") for image in (test, truth)]
    mean_x, mean_y, variance_x, variance_y, covariance = _moments(mirrored[0], mirrored[1], _gaussian_means)
    above = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    return float((above / ((mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2))).mean())


def _sam(test: Float64, truth: Float64) -> float:
    lengths = np.sqrt((test**2).sum(0)) * np.sqrt((truth**2).sum(0))
    return float(np.arccos(np.clip((test * truth).sum(0) / lengths, -1, 1)).mean())


def _ergas(test: Float64, truth: Float64) -> float:
    squares = ((test - truth) ** 2).mean(axis=(1, 2)) / truth.mean(axis=(1, 2)) ** 2
    return float(100.0 / _ASSUMED_RATIO * np.sqrt(squares.mean()) / _RATIO)


def _rase(test: Float64, truth: Float64) -> float:
    level = (_local_means(truth) / _WINDOW**2).mean(axis=0)
    return float((100.0 / level * np.sqrt(_local_squares(test, truth).mean(axis=0))).mean())


def _uqi(test: Float64, truth: Float64) -> float:
    mean_x, mean_y, variance_x, variance_y, covariance = _moments(test, truth, _gaussian_means)
    below = (mean_x**2 + mean_y**2) * (variance_x + variance_y) + _LEAST
    return float((4 * mean_x * mean_y * covariance / below).mean())


def _scc(test: Float64, truth: Float64) -> float:
    margins = ((0, 0), *((_WINDOW // 2, _WINDOW // 2 - 1),) * 2)
    edges = [np.pad(_edges(image), margins) for image in (test, truth)]
    variance_x, variance_y, covariance = _moments(edges[0], edges[1], lambda i: box_sums(i, _WINDOW) / _WINDOW**2)[2:]
    deviations = np.sqrt(variance_x) * np.sqrt(variance_y)
    return float(np.divide(covariance, deviations, out=np.zeros_like(deviations), where=deviations > 0).mean())


def _edges(image: Float64) -> Float64:
    """Twice the Laplacian, 8 in the centre and -1 around, of the image with its last pixels repeated."""
    repeated = np.pad(image, ((0, 0), (1, 1), (1, 1)), "symmetric")
    return 2.0 * (9.0 * image - box_sums(repeated, 3))


def _cc(test: Float64, truth: Float64) -> float:
    x, y = (image - image.mean(axis=(1, 2), keepdims=True) for image in (test, truth))
    lengths = np.sqrt((x**2).sum(axis=(1, 2)) * (y**2).sum(axis=(1, 2)))
    return float(((x * y).sum(axis=(1, 2)) / lengths).mean())


def _r2(test: Float64, truth: Float64) -> float:
    return float(1.0 - ((test - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())


_SCORES: Mapping[str, Callable[[Float64, Float64], float]] = {
    "mae": _mae,
    "rmse": _rmse,
    "psnr": _psnr,
    "ssim": _ssim,
    "sam": _sam,
    "ergas": _ergas,
    "rase": _rase,
    "uqi": _uqi,
    "scc": _scc,
    "cc": _cc,
    "r2": _r2,
}
