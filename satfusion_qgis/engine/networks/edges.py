"""Repeat an image's last row and column up to a size that a network needs, and cut the result back."""

from __future__ import annotations

import torch
from torch import Tensor


def lengthen(tensor: Tensor, axis: int, multiple: int, least: int = 0) -> Tensor:
    """Repeat the last item along an axis until the length is a multiple.

    Items are gathered by index rather than padded, so that an exported graph holds at every size.

    Args:
        tensor: Any shape.
        axis: The axis.
        multiple: What the length becomes a multiple of.
        least: Smallest length afterwards, itself a multiple.
    """
    length = tensor.shape[axis]
    wanted = (length + multiple - 1) // multiple * multiple
    if least:
        wanted = torch.sym_max(wanted, least)
    return tensor.index_select(axis, torch.arange(wanted, device=tensor.device).clamp(max=length - 1))


def lengthen_sides(image: Tensor, multiple: int, least: int = 0) -> Tensor:
    """Repeat the last row and column of [..., H, W] until both sides are a multiple; arguments as `lengthen`."""
    return lengthen(lengthen(image, -2, multiple, least), -1, multiple, least)


def crop(image: Tensor, height: int, width: int) -> Tensor:
    """The upper left `height` x `width` pixels of [..., H, W]."""
    return image[..., :height, :width]
