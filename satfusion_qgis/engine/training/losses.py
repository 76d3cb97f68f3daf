"""Losses between a sharpened image and its reference, both [batch, bands, rows, columns] in scaled values (about 0..1).

The combination 0.3 MSE + 0.3 MAE + 0.2 SSIM + 0.2 SAM is that of SatFusion (arXiv 2510.07905) in three forms: plain, as
for patches whose geometry is known; registered, for references of another sensor; and as its code computes it, with
its faults, to repeat published trainings. SSIM: Wang et al. 2004, 10.1109/TIP.2003.819861. SAM: Kruse et al. 1993,
10.1016/0034-4257(93)90013-N. ERGAS: Wald 2000.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from ...tasks.errors import InputError

Loss = Callable[[Tensor, Tensor], Tensor]
_C1, _C2 = 0.01**2, 0.03**2
_SSIM_SIDE, _SSIM_SIGMA = 5, 1.5
_WEIGHTS = (0.3, 0.3, 0.2, 0.2)
_REACH, _STEP, _LOBES = 2.0, 0.5, 3
_FAULTY_CUT = 2
_LEAST_ANGLE = 1e-8
_LEAST_ROOT = 1e-12
_ANGLE_WEIGHT, _STRONG_ANGLE_WEIGHT = 0.1, 0.4
_DARKEST = 1e-4


def mse(output: Tensor, target: Tensor) -> Tensor:
    """Return the mean square error."""
    return functional.mse_loss(output, target)


def mae(output: Tensor, target: Tensor) -> Tensor:
    """Return the mean absolute error."""
    return functional.l1_loss(output, target)


def ssim_map(output: Tensor, target: Tensor, side: int = _SSIM_SIDE, sigma: float = _SSIM_SIGMA) -> Tensor:
    """Return the structural similarity of each pixel for a data range of 1; edges are mirrored."""
    bands = output.shape[1]
    places = torch.arange(side, dtype=output.dtype, device=output.device) - (side - 1) / 2
    line = torch.exp(-0.5 * (places / sigma) ** 2)
    line = line / line.sum()
    window = (line[:, None] * line[None]).expand(bands, 1, side, side)

    def smooth(image: Tensor) -> Tensor:
        padded = functional.pad(image, (side // 2,) * 4, mode="reflect")
        return functional.conv2d(padded, window, groups=bands)

    mean_x, mean_y = smooth(output), smooth(target)
    variance_x = smooth(output * output) - mean_x * mean_x
    variance_y = smooth(target * target) - mean_y * mean_y
    covariance = smooth(output * target) - mean_x * mean_y
    above = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    return above / ((mean_x * mean_x + mean_y * mean_y + _C1) * (variance_x + variance_y + _C2))


def ssim(output: Tensor, target: Tensor) -> Tensor:
    """Return (1 - SSIM) / 2, mean over pixels and bands."""
    return ((1 - ssim_map(output, target)) / 2).clamp(0, 1).mean()


def sam(output: Tensor, target: Tensor) -> Tensor:
    """Return 1 - cosine of the angle between the spectra, mean over the pixels."""
    product = (output * target).sum(dim=1)
    lengths = torch.linalg.vector_norm(output, dim=1) * torch.linalg.vector_norm(target, dim=1)
    return (1 - product / lengths.clamp(min=_LEAST_ANGLE)).mean()


def relative(output: Tensor, target: Tensor) -> Tensor:
    """Return ERGAS without its factor 100 / ratio: root of the mean over bands of (RMSE / mean)^2, mean over images.

    Each band counts relative to its own brightness, so that dark bands are not forgotten.
    """
    squares = ((output - target) ** 2).mean(dim=(2, 3))
    level = target.mean(dim=(2, 3)) ** 2
    return (squares / level.clamp(min=_LEAST_ROOT) + _LEAST_ROOT).mean(dim=1).sqrt().mean()


def relative_angle(output: Tensor, target: Tensor, weight: float = _ANGLE_WEIGHT) -> Tensor:
    """Return the RMSE of each band relative to its root mean square, plus a tenth of the angle between the spectra.

    As `relative`, it follows ERGAS, but stays finite over water, where the mean of a band may be near 0. The angle is
    in radians and grows in proportion to the error, unlike 1 - cosine, whose slope vanishes before SAM is good.
    """
    squares = ((output - target) ** 2).mean(dim=(2, 3)) / (target**2).mean(dim=(2, 3)).clamp(min=_LEAST_ROOT)
    product = (output * target).sum(dim=1)
    lengths = ((output**2).sum(dim=1) * (target**2).sum(dim=1) + _LEAST_ROOT**2).sqrt()
    least = _DARKEST * lengths.detach().mean()  # next to nothing has no direction, and must not rule the gradient
    cosine = (product / torch.maximum(lengths, least)).clamp(max=1.0)
    angle = (2 * (1 - cosine) + _LEAST_ANGLE).sqrt().mean()
    return (squares.mean(dim=1) + _LEAST_ROOT).sqrt().mean() + weight * angle


def relative_angle_strong(output: Tensor, target: Tensor) -> Tensor:
    """Return `relative_angle` with four times the weight on the angle.

    For fits to one scene, which may be half water: there the angle matters more than it weighs in `relative_angle`.
    """
    return relative_angle(output, target, _STRONG_ANGLE_WEIGHT)


def combined(output: Tensor, target: Tensor) -> Tensor:
    """Return 0.3 MSE + 0.3 MAE + 0.2 SSIM + 0.2 SAM, pixel on pixel."""
    parts = (mse(output, target), mae(output, target), ssim(output, target), sam(output, target))
    return torch.stack([weight * part for weight, part in zip(_WEIGHTS, parts)]).sum()


def combined_registered(output: Tensor, target: Tensor) -> Tensor:
    """Return `combined` after the brightness is fitted and the target shifted by up to 2 pixels, whichever fits best.

    For references of another sensor only: it forgives a bias and a shift, so plain scores belong beside it.
    """
    fitted = brightness_fitted(output, target)
    return combined(*registered(fitted, target))


def combined_published(output: Tensor, target: Tensor) -> Tensor:
    """Return the combination as the published code computes it, with its faults.

    Its shifts are one to five pixels, never none (the output is cut 2 pixels from its edge, the kernels have their
    centre at 5), its kernels are not cut off after three lobes and not normalised, and SAM is taken without any shift.
    """
    fitted = brightness_fitted(output, target)
    near, shifted = registered(fitted, target, faulty=True)
    parts = (mse(near, shifted), mae(near, shifted), ssim(near, shifted), sam(fitted, target))
    return torch.stack([weight * part for weight, part in zip(_WEIGHTS, parts)]).sum()


def brightness_fitted(output: Tensor, target: Tensor) -> Tensor:
    """Return the output with the mean of (target - output) added, for each image and band."""
    return output + (target - output).mean(dim=(2, 3), keepdim=True)


def shift_kernels(faulty: bool = False) -> Tensor:
    """Return 81 Lanczos-3 kernels [81, 1, 11, 11] for shifts from -2 to 2 pixels in steps of 0.5 along both axes."""
    half = math.ceil(_REACH) + _LOBES
    places = torch.arange(-half, half + 1, dtype=torch.float64)
    lines = []
    for shift in torch.arange(-_REACH, _REACH + _STEP / 2, _STEP, dtype=torch.float64):
        distance = places - shift
        line = torch.sinc(distance) * torch.sinc(distance / _LOBES)
        if not faulty:
            line = torch.where(distance.abs() < _LOBES, line, torch.zeros_like(line))
            line = line / line.sum()
        lines.append(line)
    kernels = [down[:, None] * across[None] for down in lines for across in lines]
    return torch.stack(kernels)[:, None].to(torch.float32)


def registered(output: Tensor, target: Tensor, faulty: bool = False) -> tuple[Tensor, Tensor]:
    """Return the output's inner part and the target shifted so that their mean square error is least, image by image.

    Raises:
        InputError: The images are smaller than the kernels.
    """
    kernels = shift_kernels(faulty).to(output)
    side = kernels.shape[-1]
    batch, bands, rows, columns = output.shape
    if min(rows, columns) <= side:
        raise InputError(
            f"LOSS: patches of {columns} x {rows} pixels are too small to be registered; make larger ones."
        )
    cut = _FAULTY_CUT if faulty else (side - 1) // 2
    height, width = rows - side + 1, columns - side + 1
    inner = output[:, :, cut : cut + height, cut : cut + width]
    with torch.no_grad():
        shifted = functional.conv2d(target.reshape(batch * bands, 1, rows, columns), kernels)
        shifted = shifted.reshape(batch, bands, len(kernels), height, width)
        errors = ((shifted - inner[:, :, None]) ** 2).mean(dim=(1, 3, 4))
        best = errors.argmin(dim=1)
        chosen = shifted[torch.arange(batch, device=best.device), :, best]
    return inner, chosen


LOSSES: Mapping[str, Loss] = {
    "mse": mse,
    "l1": mae,
    "ssim": ssim,
    "sam": sam,
    "relative": relative,
    "relative_angle": relative_angle,
    "relative_angle_strong": relative_angle_strong,
    "combined": combined,
    "combined_registered": combined_registered,
    "combined_published": combined_published,
}


def loss(name: str) -> Loss:
    """Return the loss called `name`.

    Raises:
        InputError: There is no such loss.
    """
    if name not in LOSSES:
        raise InputError(f"LOSS must be one of {', '.join(LOSSES)}, not {name!r}.")
    return LOSSES[name]
