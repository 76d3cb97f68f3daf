"""What networks made of plain convolutions share: one that keeps the size, and how far a chain sees."""

from __future__ import annotations

from torch import nn

from ...tasks.errors import InputError


def same(inputs: int, outputs: int, kernel: int, padded: bool = True) -> nn.Conv2d:
    """Return a convolution with stride 1 and a bias that keeps the image's size.

    Args:
        inputs: Number of bands that go in.
        outputs: Number of bands that come out.
        kernel: Side of the kernel in pixels; odd.
        padded: Whether the image is continued with zeros; without it, the result loses half a kernel on every side.

    Raises:
        InputError: A number of bands is below 1, or the kernel is not odd.
    """
    if inputs < 1 or outputs < 1:
        raise InputError(f"A convolution needs 1 or more bands in and out, not {inputs} and {outputs}.")
    if kernel < 1 or kernel % 2 == 0:
        raise InputError(f"A convolution's kernel must be an odd number of pixels, not {kernel}.")
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2 if padded else 0)


def reach(*layers: nn.Module) -> int:
    """Return how many pixels on each side a chain of layers sees: the sum of its half kernels, for strides of 1.

    A residual block counts as a chain too: its shortcut must see no farther than the convolutions beside it, of which
    a 1x1 shortcut adds nothing.
    """
    return sum(
        max(module.dilation) * (max(module.kernel_size) // 2)
        for layer in layers
        for module in layer.modules()
        if isinstance(module, nn.Conv2d)
    )
