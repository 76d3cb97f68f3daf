"""Losses of the networks for images of several dates, as their authors weigh them.

Images are [batch, bands, rows, columns] in values of about 0..1, estimate first and target second; `features` are what
a network's auto-encoder makes of both; `mask` [batch, 1, rows, columns] is 1 where a pixel counts. Where it is 0, both
images must hold the same values, which then cost nothing, and means are taken over the pixels that count.

Sources: the networks' papers and codes, named in `engine/networks/spatiotemporal`, and the code of a survey (Sun, E.,
Cui, Y., Liu, P., Yan, J. (2026), https://doi.org/10.1016/j.inffus.2025.103675). MS-SSIM: Wang, Z., Simoncelli, E. P.,
Bovik, A. C. (2003), https://doi.org/10.1109/ACSSC.2003.1292216. Least squares adversarial losses: Mao, X. and others
(2017), https://doi.org/10.48550/arXiv.1611.04076.

The published codes share a slip: the factor of MS-SSIM's last level stands inside the product over the other four, so
that it counts to the fourth power. MUSTFN's takes the covariance of its similarity out of the graph, so that nothing
is learnt from it, and counts the vegetation index of masked pixels. `published=True` repeats all of this, for published
trainings alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor
from torch.nn import functional

from ...tasks.errors import InputError
from ..networks.spatiotemporal.ecpwstfn import haar

_LEVEL_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW, _SIGMA = 11, 1.5
_K1, _K2 = 0.01, 0.03
_SHORTEST = 2 ** (len(_LEVEL_WEIGHTS) - 1)
_CHARBONNIER = 1e-6
# What SwinSTFM's code adds to every factor and to the whole, and the range it assumes, that of -1..1.
_OFFSET, _WHOLE_OFFSET, _SIGNED_RANGE = 0.01, 0.05, 2.0
_SURVEY_MAE = 10.0
_LEAST = 1e-12
_LEAST_SLOPE = 1e-6  # of Sobel magnitudes and of the angle's cosine
# MUSTFN: what the errors of six Landsat bands are divided by, and the parts beside them.
_MUSTFN_LEVELS = (0.043, 0.059, 0.065, 0.176, 0.167, 0.099)
_MUSTFN_INDEX, _MUSTFN_SIMILARITY, _MUSTFN_RANGE = 0.5, 0.1, 1.6384
_LEAST_SUM = 1e-10


def mean_of(values: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return the mean of what counts.

    Args:
        values: [batch, channels, rows, columns].
        mask: [batch, 1, ...], 1 where a pixel counts, at the values' size or another, from which it is averaged; None
            counts all. Where nothing counts the mean is 0.
    """
    if mask is None:
        return values.mean()
    size = values.shape[-2:]
    weights = mask if mask.shape[-2:] == size else functional.adaptive_avg_pool2d(mask, size)
    return (values * weights).sum() / (weights.sum() * values.shape[1]).clamp(min=_LEAST)


def mse(output: Tensor, target: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return the mean square error."""
    return mean_of((output - target) ** 2, mask)


def mae(output: Tensor, target: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return the mean absolute error."""
    return mean_of((output - target).abs(), mask)


def where_all_count(mask: Optional[Tensor], side: int, stride: int) -> Optional[Tensor]:
    """Return 1 for squares all of whose pixels count, 0 for the others."""
    return None if mask is None else -functional.max_pool2d(-mask, side, stride)


def ms_ssim(
    output: Tensor,
    target: Tensor,
    normalised: bool = True,
    published: bool = False,
    data_range: float = 1.0,
    mask: Optional[Tensor] = None,
) -> Tensor:
    """Return the structural similarity over five sizes, 1 for equal images.

    Args:
        output: Estimate.
        target: Target.
        normalised: Bring the terms of each size from -1..1 to 0..1 first. Without it, terms below 0 count as 0, as a
            root of them is undefined.
        published: Take the last factor to the fourth power.
        data_range: Range of the values.
        mask: Where pixels count; a window counts by the weight of those in it.

    Raises:
        InputError: The images are too small to be halved four times.
    """
    similarities, contrasts = _levels(output, target, data_range, mask)
    if normalised:
        similarities, contrasts = (similarities + 1) / 2, (contrasts + 1) / 2
    else:
        similarities, contrasts = similarities.clamp(min=0), contrasts.clamp(min=0)
    return _product(similarities, contrasts, 4 if published else 1)


def _product(similarities: Tensor, contrasts: Tensor, power: int) -> Tensor:
    """The weighted product of the first four contrasts and the last similarity, this to a power."""
    weights = contrasts.new_tensor(_LEVEL_WEIGHTS)
    return (contrasts[:-1] ** weights[:-1]).prod() * (similarities[-1] ** weights[-1]) ** power


def _levels(output: Tensor, target: Tensor, data_range: float, mask: Optional[Tensor]) -> tuple[Tensor, Tensor]:
    """Mean SSIM and mean contrast term of five sizes, each half of the one before."""
    if min(output.shape[-2:]) < _SHORTEST:
        raise InputError(f"MS-SSIM needs patches of {_SHORTEST} pixels or more, not {min(output.shape[-2:])}.")
    found = []
    for level in range(len(_LEVEL_WEIGHTS)):
        if level:
            output, target = functional.avg_pool2d(output, 2), functional.avg_pool2d(target, 2)
            mask = None if mask is None else functional.avg_pool2d(mask, 2)
        found.append(_similarity(output, target, data_range, mask))
    return torch.stack([whole for whole, _ in found]), torch.stack([contrast for _, contrast in found])


def _similarity(output: Tensor, target: Tensor, data_range: float, mask: Optional[Tensor]) -> tuple[Tensor, Tensor]:
    """Mean SSIM and mean contrast term, of Gaussian windows inside the image."""
    bands, side = output.shape[1], min(_WINDOW, *output.shape[-2:])
    places = torch.arange(side, dtype=output.dtype, device=output.device) - side // 2
    line = torch.exp(-0.5 * (places / _SIGMA) ** 2)
    line = line / line.sum()
    window = (line[:, None] * line[None]).expand(bands, 1, side, side)

    def smooth(image: Tensor) -> Tensor:
        return functional.conv2d(image, window, groups=bands)

    c1, c2 = (_K1 * data_range) ** 2, (_K2 * data_range) ** 2
    mean_x, mean_y = smooth(output), smooth(target)
    variances = smooth(output * output) - mean_x**2 + smooth(target * target) - mean_y**2
    covariance = smooth(output * target) - mean_x * mean_y
    contrast = (2 * covariance + c2) / (variances + c2)
    brightness = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    inside = None if mask is None else functional.conv2d(mask, window[:1])
    return mean_of(brightness * contrast, inside), mean_of(contrast, inside)


def unlike(output: Tensor, target: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return 1 - the cosine between the channels of each pixel, mean over the pixels."""
    return 1 - mean_of(functional.cosine_similarity(output, target, dim=1)[:, None], mask)


def angle(output: Tensor, target: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return the angle between the spectra in radians, mean over the pixels; 0 for a single band, which has none."""
    if output.shape[1] == 1:
        return output.sum() * 0
    cosine = functional.cosine_similarity(output, target, dim=1)[:, None]
    return mean_of(torch.acos(cosine.clamp(_LEAST_SLOPE - 1, 1 - _LEAST_SLOPE)), mask)


def slopes(image: Tensor) -> Tensor:
    """Return Sobel magnitudes of the pixels that have all their neighbours, each band for itself."""
    bands = image.shape[1]
    down = image.new_tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])
    kernels = torch.stack((down, down.T)).repeat(bands, 1, 1)[:, None]
    found = functional.conv2d(image, kernels, groups=bands).unflatten(1, (bands, 2))
    return torch.sqrt((found**2).sum(2) + _LEAST_SLOPE)


def edges(output: Tensor, target: Tensor, mask: Optional[Tensor] = None) -> Tensor:
    """Return the mean square error of Sobel magnitudes."""
    return mse(slopes(output), slopes(target), where_all_count(mask, 3, 1))


def whole_similarity(
    output: Tensor, target: Tensor, mask: Optional[Tensor], data_range: float, published: bool
) -> Tensor:
    """Return SSIM with one mean and one variance for all images and bands; published: the covariance has no slope."""
    mean_x, mean_y = mean_of(output, mask), mean_of(target, mask)
    variances = mean_of((output - mean_x) ** 2, mask) + mean_of((target - mean_y) ** 2, mask)
    covariance = mean_of((output - mean_x) * (target - mean_y), mask)
    covariance = covariance.detach() if published else covariance
    c1, c2 = (_K1 * data_range) ** 2, (_K2 * data_range) ** 2
    above = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return above / ((mean_x**2 + mean_y**2 + c1) * (variances + c2))


# Losses of content, by network.

Mask = Optional[Tensor]
Features = tuple[Tensor, Tensor]


def edcstfn_reconstruction(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """EDC-STFN's auto-encoder: mean absolute error and 0.8 of what MS-SSIM lacks."""
    return mae(output, target, mask) + 0.8 * (1 - ms_ssim(output, target, published=published, mask=mask))


def edcstfn_content(
    output: Tensor, target: Tensor, features: Features, published: bool = False, mask: Mask = None
) -> Tensor:
    """EDC-STFN: squared errors of image and features, and 0.8 of what MS-SSIM lacks."""
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    return mse(output, target, mask) + mse(*features, mask) + 0.8 * lacking


def ganstfm_content(
    output: Tensor, target: Tensor, features: Features, published: bool = False, mask: Mask = None
) -> Tensor:
    """GAN-STFM: squared error and angle of features, and what MS-SSIM lacks; published: as the survey, and 10 MAE."""
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    content = mse(*features, mask) + unlike(*features, mask) + lacking
    return content + _SURVEY_MAE * mae(output, target, mask) if published else content


def mlffgan_content(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """MLFF-GAN: mean absolute error, what MS-SSIM lacks, and the angle between spectra."""
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    return mae(output, target, mask) + lacking + unlike(output, target, mask)


def srsfgan_content(
    output: Tensor, coarse_output: Tensor, target: Tensor, published: bool = False, mask: Mask = None
) -> Tensor:
    """SRSF-GAN: mean absolute error, and what MS-SSIM lacks, of the estimate and of that from the coarse image."""
    lacking = [1 - ms_ssim(image, target, published=published, mask=mask) for image in (output, coarse_output)]
    return mae(output, target, mask) + lacking[0] + lacking[1]


def ecpwstfn_reconstruction(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """ECPW-STFN's auto-encoder: smooth absolute error and 0.84 of what MS-SSIM lacks."""
    error = mean_of(functional.smooth_l1_loss(output, target, reduction="none"), mask)
    return error + 0.84 * (1 - ms_ssim(output, target, published=published, mask=mask))


def ecpwstfn_content(
    output: Tensor, target: Tensor, features: Features, published: bool = False, mask: Mask = None
) -> Tensor:
    """ECPW-STFN: absolute errors of the four wavelet images and of features, and 0.85 of what MS-SSIM lacks.

    Of odd sides the last row and column have no wavelets.
    """
    rows, columns = (side // 2 * 2 for side in output.shape[-2:])
    wavelets = (haar(output[..., :rows, :columns]) - haar(target[..., :rows, :columns])).abs()
    whole = where_all_count(mask, 2, 2)
    error = torch.stack([mean_of(part, whole) for part in wavelets.unbind(0)]).sum()
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    return error + mae(*features, mask) + 0.85 * lacking


def swinstfm_content(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """SwinSTFM: a rounded mean absolute error and what MS-SSIM lacks.

    Published: for values from -1 to 1, with offsets that make MS-SSIM 1 long before the images are equal.
    """
    error = mean_of(torch.sqrt((output - target) ** 2 + _CHARBONNIER), mask)
    if not published:
        return error + 1 - ms_ssim(output, target, mask=mask)
    raised = [terms.clamp(min=0) + _OFFSET for terms in _levels(output, target, _SIGNED_RANGE, mask)]
    return error + 1 - (_product(raised[0], raised[1], 1) + _WHOLE_OFFSET).clamp(max=1)


def mustfn_content(
    output: Tensor,
    target: Tensor,
    levels: Sequence[float],
    red_and_nir: Optional[tuple[int, int]],
    late: bool,
    published: bool = False,
    mask: Mask = None,
) -> Tensor:
    """MUSTFN: square errors of the bands relative to how bright they are, of the vegetation index, and similarity.

    Args:
        output: Estimate.
        target: Target.
        levels: Mean of each band; published, and for six bands: the numbers of the authors' code.
        red_and_nir: Which bands they are, for the vegetation index; None leaves it out.
        late: Whether the similarity counts, as the authors have it after twenty epochs.
        published: See the head of this file.
        mask: Where pixels count.
    """
    fixed = published and output.shape[1] == len(_MUSTFN_LEVELS)
    divisors = output.new_tensor(_MUSTFN_LEVELS if fixed else levels).clamp(min=_LEAST_SLOPE)[:, None, None]
    loss = output.shape[1] * mean_of(((output - target) / divisors) ** 2, mask)
    if red_and_nir is not None:
        error = (_vegetation(output, red_and_nir) - _vegetation(target, red_and_nir)) ** 2
        counted = error if mask is None else error * mask
        loss = loss + (counted.mean() if published else mean_of(error, mask)) / _MUSTFN_INDEX**2
    if late:
        similarity = whole_similarity(output, target, mask, _MUSTFN_RANGE, published)
        loss = loss + _MUSTFN_SIMILARITY * (1 - similarity)
    return loss


def _vegetation(image: Tensor, red_and_nir: tuple[int, int]) -> Tensor:
    """The normalised difference of near infrared and red, from -1 to 1, whatever an unfinished network gives."""
    red, nir = (image[:, place : place + 1].clamp(min=0) for place in red_and_nir)
    return (nir - red) / (nir + red + _LEAST_SUM)


def reconstruction(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """For auto-encoders whose own loss is not known (GAN-STFM, RSFN): mean absolute error and what MS-SSIM lacks."""
    return mae(output, target, mask) + 1 - ms_ssim(output, target, published=published, mask=mask)


def rsfn_content(
    output: Tensor,
    target: Tensor,
    features: Sequence[Features],
    published: bool = False,
    mask: Mask = None,
) -> Tensor:
    """RSFN: square errors of slopes and of features of four sizes, the angle of spectra, and what MS-SSIM lacks."""
    of_features = torch.stack([mse(*pair, mask) for pair in features]).mean()
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    return edges(output, target, mask) + of_features + angle(output, target, mask) + lacking


def amsstf_content(output: Tensor, target: Tensor, published: bool = False, mask: Mask = None) -> Tensor:
    """AMS-STF: mean absolute error, the angle of spectra, what MS-SSIM lacks, and the square error of slopes."""
    lacking = 1 - ms_ssim(output, target, published=published, mask=mask)
    return mae(output, target, mask) + angle(output, target, mask) + lacking + edges(output, target, mask)


# Adversarial losses.


def discriminating(real: Tensor, estimated: Tensor, mask: Mask = None) -> Tensor:
    """A discriminator's loss for its scores of real and of estimated images: least squares from 1 and from 0."""
    return 0.5 * (mean_of((real - 1) ** 2, mask) + mean_of(estimated**2, mask))


def deceiving(estimated: Tensor, mask: Mask = None) -> Tensor:
    """A generator's loss for a discriminator's scores of its estimates: least squares from 1, halved."""
    return 0.5 * mean_of((estimated - 1) ** 2, mask)
