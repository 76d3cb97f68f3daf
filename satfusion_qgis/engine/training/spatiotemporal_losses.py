"""Losses of the networks for images of several dates, as their authors weigh them.

Images are [batch, bands, rows, columns] in values of about 0..1, estimate first and target second; `features` are what
a network's auto-encoder makes of both. Sources: the networks' papers and codes, named in
`engine/networks/spatiotemporal`, and the code of a survey (Sun, E., Cui, Y., Liu, P., Yan, J. (2026),
https://doi.org/10.1016/j.inffus.2025.103675). MS-SSIM: Wang, Z., Simoncelli, E. P., Bovik, A. C. (2003),
https://doi.org/10.1109/ACSSC.2003.1292216. Least squares adversarial losses: Mao, X. and others (2017),
https://doi.org/10.48550/arXiv.1611.04076.

The published codes share a slip: the factor of MS-SSIM's last level stands inside the product over the other four, so
that it counts to the fourth power. `published=True` repeats it, for published trainings alone.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from ...tasks.errors import InputError
from ..networks.spatiotemporal.ecpwstfn import haar
from .losses import mae, mse

_LEVEL_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW, _SIGMA = 11, 1.5
_K1, _K2 = 0.01, 0.03
_SHORTEST = 2 ** (len(_LEVEL_WEIGHTS) - 1)
_CHARBONNIER = 1e-6
# What SwinSTFM's code adds to every factor and to the whole, and the range it assumes, that of -1..1.
_OFFSET, _WHOLE_OFFSET, _SIGNED_RANGE = 0.01, 0.05, 2.0
_SURVEY_MAE = 10.0


def ms_ssim(
    output: Tensor, target: Tensor, normalised: bool = True, published: bool = False, data_range: float = 1.0
) -> Tensor:
    """Return the structural similarity over five sizes, 1 for equal images.

    Args:
        output: Estimate.
        target: Target.
        normalised: Bring the terms of each size from -1..1 to 0..1 first. Without it, terms below 0 count as 0, as a
            root of them is undefined.
        published: Take the last factor to the fourth power.
        data_range: Range of the values.

    Raises:
        InputError: The images are too small to be halved four times.
    """
    similarities, contrasts = _levels(output, target, data_range)
    if normalised:
        similarities, contrasts = (similarities + 1) / 2, (contrasts + 1) / 2
    else:
        similarities, contrasts = similarities.clamp(min=0), contrasts.clamp(min=0)
    return _product(similarities, contrasts, 4 if published else 1)


def _product(similarities: Tensor, contrasts: Tensor, power: int) -> Tensor:
    """The weighted product of the first four contrasts and the last similarity, this to a power."""
    weights = contrasts.new_tensor(_LEVEL_WEIGHTS)
    return (contrasts[:-1] ** weights[:-1]).prod() * (similarities[-1] ** weights[-1]) ** power


def _levels(output: Tensor, target: Tensor, data_range: float) -> tuple[Tensor, Tensor]:
    """Mean SSIM and mean contrast term of five sizes, each half of the one before."""
    if min(output.shape[-2:]) < _SHORTEST:
        raise InputError(f"MS-SSIM needs patches of {_SHORTEST} pixels or more, not {min(output.shape[-2:])}.")
    found = []
    for level in range(len(_LEVEL_WEIGHTS)):
        if level:
            output, target = functional.avg_pool2d(output, 2), functional.avg_pool2d(target, 2)
        found.append(_similarity(output, target, data_range))
    return torch.stack([whole for whole, _ in found]), torch.stack([contrast for _, contrast in found])


def _similarity(output: Tensor, target: Tensor, data_range: float) -> tuple[Tensor, Tensor]:
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
    return (brightness * contrast).mean(), contrast.mean()


def unlike(output: Tensor, target: Tensor) -> Tensor:
    """Return 1 - the cosine between the channels of each pixel, mean over the pixels."""
    return 1 - functional.cosine_similarity(output, target, dim=1).mean()


# Losses of content, by network.


def edcstfn_reconstruction(output: Tensor, target: Tensor, published: bool = False) -> Tensor:
    """EDC-STFN's auto-encoder: mean absolute error and 0.8 of what MS-SSIM lacks."""
    return mae(output, target) + 0.8 * (1 - ms_ssim(output, target, published=published))


def edcstfn_content(output: Tensor, target: Tensor, features: tuple[Tensor, Tensor], published: bool = False) -> Tensor:
    """EDC-STFN: squared errors of image and features, and 0.8 of what MS-SSIM lacks."""
    return mse(output, target) + mse(*features) + 0.8 * (1 - ms_ssim(output, target, published=published))


def ganstfm_content(output: Tensor, target: Tensor, features: tuple[Tensor, Tensor], published: bool = False) -> Tensor:
    """GAN-STFM: squared error and angle of features, and what MS-SSIM lacks; published: as the survey, and 10 MAE."""
    content = mse(*features) + unlike(*features) + 1 - ms_ssim(output, target, published=published)
    return content + _SURVEY_MAE * mae(output, target) if published else content


def mlffgan_content(output: Tensor, target: Tensor, published: bool = False) -> Tensor:
    """MLFF-GAN: mean absolute error, what MS-SSIM lacks, and the angle between spectra."""
    return mae(output, target) + (1 - ms_ssim(output, target, published=published)) + unlike(output, target)


def srsfgan_content(output: Tensor, coarse_output: Tensor, target: Tensor, published: bool = False) -> Tensor:
    """SRSF-GAN: mean absolute error, and what MS-SSIM lacks, of the estimate and of that from the coarse image."""
    lacking = [1 - ms_ssim(image, target, published=published) for image in (output, coarse_output)]
    return mae(output, target) + lacking[0] + lacking[1]


def ecpwstfn_reconstruction(output: Tensor, target: Tensor, published: bool = False) -> Tensor:
    """ECPW-STFN's auto-encoder: smooth absolute error and 0.84 of what MS-SSIM lacks."""
    return functional.smooth_l1_loss(output, target) + 0.84 * (1 - ms_ssim(output, target, published=published))


def ecpwstfn_content(
    output: Tensor, target: Tensor, features: tuple[Tensor, Tensor], published: bool = False
) -> Tensor:
    """ECPW-STFN: absolute errors of the four wavelet images and of features, and 0.85 of what MS-SSIM lacks.

    Sides must be even.
    """
    wavelets = (haar(output) - haar(target)).abs().mean(dim=(1, 2, 3, 4)).sum()
    return wavelets + mae(*features) + 0.85 * (1 - ms_ssim(output, target, published=published))


def swinstfm_content(output: Tensor, target: Tensor, published: bool = False) -> Tensor:
    """SwinSTFM: a rounded mean absolute error and what MS-SSIM lacks.

    Published: for values from -1 to 1, with offsets that make MS-SSIM 1 long before the images are equal.
    """
    error = torch.sqrt((output - target) ** 2 + _CHARBONNIER).mean()
    if not published:
        return error + 1 - ms_ssim(output, target)
    raised = [terms.clamp(min=0) + _OFFSET for terms in _levels(output, target, _SIGNED_RANGE)]
    return error + 1 - (_product(raised[0], raised[1], 1) + _WHOLE_OFFSET).clamp(max=1)


# Adversarial losses.


def discriminating(real: Tensor, estimated: Tensor) -> Tensor:
    """A discriminator's loss for its scores of real and of estimated images: least squares from 1 and from 0."""
    return 0.5 * (((real - 1) ** 2).mean() + (estimated**2).mean())


def deceiving(estimated: Tensor) -> Tensor:
    """A generator's loss for a discriminator's scores of its estimates: least squares from 1, halved."""
    return 0.5 * ((estimated - 1) ** 2).mean()
