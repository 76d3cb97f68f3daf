"""What networks for images of several dates share: convolutions, and each channel's mean and variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

from ....tasks.errors import InputError

_EDGES = {"repeated": "replicate", "zeros": "zeros", "mirrored": "reflect"}


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, edges: str = "repeated") -> nn.Conv2d:
    """Return a convolution with a bias, before whose stride the image keeps its size.

    Args:
        inputs: Bands that go in.
        outputs: Bands that come out.
        kernel: Side of the kernel in pixels; odd.
        stride: Pixels from one output pixel to the next.
        edges: How the image is continued: its last pixels "repeated" or "mirrored", or "zeros".

    Raises:
        InputError: A number of bands is below 1.
    """
    if inputs < 1 or outputs < 1:
        raise InputError(f"A network needs 1 or more bands and features, not {min(inputs, outputs)}.")
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, padding_mode=_EDGES[edges])


def sizes(widths: Sequence[int], count: int, name: str) -> tuple[int, ...]:
    """Return a network's feature counts as a tuple.

    Raises:
        InputError: There are not `count` of them, or one is below 1.
    """
    if len(widths) != count or min(widths) < 1:
        raise InputError(f"{name} needs {count} widths of 1 or more, not {list(widths)}.")
    return tuple(widths)


def second_pair(name: str, fine_2: Optional[Tensor], coarse_2: Optional[Tensor]) -> tuple[Tensor, Tensor]:
    """Return the fine and the coarse image of the second pair.

    Raises:
        InputError: One of them is missing.
    """
    if fine_2 is None or coarse_2 is None:
        raise InputError(f"{name} with two pairs needs FINE_2 and COARSE_2 as well.")
    return fine_2, coarse_2


def spatial_statistics(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and unbiased variance of each channel over the image: [B, C, H, W] -> two of [B, C, 1, 1].

    The variance of a single pixel is 0.
    """
    count = features.shape[-2] * features.shape[-1]
    variance, mean = torch.var_mean(features, dim=(-2, -1), correction=0, keepdim=True)
    return mean, variance * (count / max(count - 1, 1))
