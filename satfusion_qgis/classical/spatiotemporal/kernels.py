"""The inner sums of the methods with a moving window, in the form that runs anywhere.

A session in the engine's interpreter gives an implementation another form: compiled for the processor, or this one on a
graphics card (engine/kernels). Each gives the same numbers but for rounding, whatever the windows and threads.
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from ...tasks.method import Array
from ...tasks.window import Window
from ..arrays import NUMPY, Arrays
from .neighbours import UNLIKE, alike_sums, flat
from .similar import similar_sums

# Squared distances of valid pixels are below this.
_FARTHEST = 1e28
# The centre is always similar to itself.
_NEAREST = 1e-30


class Kernels:
    """The sums on the arrays of NumPy, or of a device.

    Args:
        arrays: What is computed on.
    """

    def __init__(self, arrays: Arrays = NUMPY) -> None:
        self._arrays = arrays
        self.name = arrays.name

    def alike(
        self, near: Array, below: Optional[tuple[Array, Array]], layers: Array, plain: int, window: Window, reach: int
    ) -> Array:
        """Return the sums of layers over the pixels of a window that resemble its centre, weighted by 1 / D.

        Args:
            near: float32 (tests, pixels of the padded window), each divided by its limit: a pixel resembles the centre
                where all differ by at most 1.
            below: None, or float32 values that must not exceed the centre's bound and these bounds, both like `near`.
            layers: float32 (layers, pixels of the padded window): what is summed; 0 where invalid.
            plain: So many of the last layers are summed without weights.
            window: The centres; its images are padded by `reach`.
            reach: Half the moving window.

        Returns:
            float32 (layers, rows, columns).
        """
        return alike_sums(near, below, layers, plain, window, reach, self._arrays)

    def similar(self, seen: Array, layers: Array, window: Window, reach: int, similar: int, farthest: float) -> Array:
        """Return the sums of layers over the spectrally nearest pixels, weighted by 1 / D.

        Args:
            seen: float32 (bands, pixels of the padded window): what pixels are compared in; `UNLIKE` where invalid.
            layers: float32 (layers, pixels of the padded window): what is summed; 0 where invalid.
            window: The centres; its images are padded by `reach`.
            reach: Half the moving window.
            similar: About so many pixels count.
            farthest: The largest squared distance that counts.

        Returns:
            float32 (layers, rows, columns).
        """
        return similar_sums(seen, layers, window, reach, similar, farthest, self._arrays)


PLAIN = Kernels()


def similar_means(
    kernels: Kernels,
    guide: Array,
    layers: Array,
    valid: Array,
    window: Window,
    reach: int,
    similar: int,
    farthest: float = np.inf,
) -> tuple[Array, Array]:
    """Return the means of layers over the similar pixels.

    Args:
        kernels: What computes the sums.
        guide: float32 (bands, rows + 2 reach, columns + 2 reach): what pixels are compared in.
        layers: float32 (layers, rows + 2 reach, columns + 2 reach): what is averaged.
        valid: bool (rows + 2 reach, columns + 2 reach): which pixels count.
        window: The window, without the padding.
        reach: Pixels of padding, half the moving window.
        similar: About so many pixels count.
        farthest: No pixel is similar whose root of summed squared differences is larger.

    Returns:
        float32 (layers, rows, columns), and bool (rows, columns): where the centre is valid.
    """
    averaged = np.empty((len(layers) + 1, valid.size), np.float32)
    averaged[:-1] = np.where(valid, layers, np.float32(0)).reshape(len(layers), -1)
    averaged[-1] = valid.ravel()
    limit = min(max(farthest * farthest, _NEAREST), _FARTHEST)
    out = kernels.similar(flat(np.where(valid, guide, UNLIKE)), averaged, window, reach, similar, limit)
    known = valid[reach : reach + window.rows, reach : reach + window.columns]
    means = out[:-1] / np.where(known & (out[-1] > 0), out[-1], np.float32(1))
    means[:, ~known] = 0
    return means, known
