"""Kernel regression: a plane is fitted to the observations around every fine pixel, with weights that follow edges.

Takeda, H., Farsiu, S., Milanfar, P. (2007): Kernel regression for image processing and reconstruction. IEEE
Transactions on Image Processing 16(2), 349-366: steering kernels, of first order. A first image (normalised
convolution) shows, by its structure tensor over all bands, where edges run; the Gaussian kernel is drawn out along them
and narrow across, and the wider the fewer observations there are. The tensor's threshold is the noise, so that noise
has no direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from .revisits import RevisitsMethod
from .samples import WEIGHT, Grid, Part, filled, grid_around, overlapped_cells, parts_in, positions, smoothed, splat

_PILOT = 0.45  # pixels of a revisit: standard deviation of the first image's smoothing
_TENSOR = 0.7  # pixels of a revisit: over what the structure tensor is averaged
_SIZE = 0.48  # kernel's standard deviation where there is one observation in a fine pixel
_SMALLEST, _LARGEST = 0.4, 0.36  # fine pixels; pixels of a revisit
_ELONGATION = 2.0  # how many times longer than wide a kernel becomes, at most
_WIDE_SHARE = np.float32(1e-4)
_MARGIN = 7.0
_NEIGHBOURS = (-1, 0, 1)
_PLANE = 0.05  # share of the kernel's second moment that is added to it: where all lies on one side, a mean is taken
_STRIP = 64
_TINY = np.float32(1e-20)


@dataclass(frozen=True)
class Kernels:
    """The inverse of each fine pixel's kernel covariance, float32 (rows, columns) each, in 1 / (fine pixels)^2.

    Attributes:
        down: Along rows.
        right: Along columns.
        both: Between them.
    """

    down: Array
    right: Array
    both: Array

    def strip(self, rows: slice) -> Kernels:
        """Return those of some rows."""
        return Kernels(self.down[rows], self.right[rows], self.both[rows])


class KernelRegression(RevisitsMethod):
    """Steering kernel regression of first order. WEIGHT is how many revisits have observations around a pixel."""

    reach = 8

    def output_bands(self) -> dict[str, list[str]]:
        """Return the name of the band of WEIGHT."""
        return {"WEIGHT": [WEIGHT]}

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        seen = self.observations(blocks, state, window)
        grid = grid_around(window, self.ratio, _MARGIN)
        parts = parts_in(seen, grid)
        noise = np.asarray(state["photometry"]["noise"], np.float64)
        kernels, density = self._kernels(parts, grid, len(seen.images[0]), noise)
        inside = grid.inside(window)
        result = np.empty((len(seen.images[0]), window.rows, window.columns), np.float32)
        weight = density[None, inside[0], inside[1]] * np.float32(self.ratio[0] * self.ratio[1])
        for top in range(0, window.rows, _STRIP):
            window.raise_if_cancelled()
            count = min(_STRIP, window.rows - top)
            rows = slice(inside[0].start + top, inside[0].start + top + count)
            own = Kernels(*(one[rows, inside[1]] for one in (kernels.down, kernels.right, kernels.both)))
            at = Grid(window.row + top, window.column, count, window.columns)
            result[:, top : top + count] = regressed(parts, at, own, len(result))
        outputs = {"OUTPUT": result, "WEIGHT": weight}
        valid = self.valid(seen)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs

    def _kernels(self, parts: list[Part], grid: Grid, bands: int, noise: Array) -> tuple[Kernels, Array]:
        """Return the kernels of a rectangle, by a first image, and how many observations lie in a fine pixel."""
        size = (grid.rows, grid.columns)
        weight, sums = np.zeros(size, np.float32), np.zeros((bands, *size), np.float32)
        for part in parts:
            rows, columns = (overlapped_cells(place, 1.0) for place in positions(part, grid))
            weight += splat(part.weight[None], rows, columns, size)[0]
            sums += splat(part.image * part.weight, rows, columns, size)
        sigma = (_PILOT * self.ratio[0], _PILOT * self.ratio[1])
        density = smoothed(weight[None], sigma)[0]
        image = filled(smoothed(sums, sigma), density, self.ratio)
        return steering_kernels(image, density, self.ratio, noise), density


def steering_kernels(image: Array, density: Array, ratio: tuple[float, float], noise: Array) -> Kernels:
    """Return kernels that are drawn out along the edges of an image.

    Args:
        image: float32 (bands, rows, columns).
        density: float32 (rows, columns), observations in a fine pixel.
        ratio: Fine pixels in a pixel of a revisit, (rows, columns).
        noise: Standard deviation of the noise, (revisits, bands).
    """
    level = np.median(noise, axis=0)
    level = np.maximum(level, 1e-6 * max(float(level.max()), 1e-20)).astype(np.float32)
    tensor = np.zeros((3, *image.shape[1:]), np.float32)
    for band, one in enumerate(image):
        down, right = np.gradient(one / level[band])
        tensor += np.stack([down * down, right * right, down * right])
    tensor = smoothed(tensor, (_TENSOR * ratio[0], _TENSOR * ratio[1]))
    mean, half = (tensor[0] + tensor[1]) / 2, (tensor[0] - tensor[1]) / 2
    spread = np.sqrt(half * half + tensor[2] * tensor[2])
    # Half the trace of pure noise after the first smoothing is about the threshold.
    threshold = np.float32(len(image)) / np.maximum(density, 0.1) * np.float32(0.05)
    stretch = 1 + (_ELONGATION - 1) * spread / (mean + threshold + _TINY)
    width = np.clip(_SIZE / np.sqrt(np.maximum(density, 1e-3)), _SMALLEST, _LARGEST * max(ratio))
    across, along = stretch / (width * width), 1 / (stretch * width * width)
    # The edge's normal is the tensor's first axis: the narrow one.
    cosine, sine = half / (spread + _TINY), tensor[2] / (spread + _TINY)
    flat, tilt = (across + along) / 2, (across - along) / 2
    return Kernels(flat + tilt * cosine, flat - tilt * cosine, tilt * sine)


def regressed(parts: list[Part], grid: Grid, kernels: Kernels, bands: int) -> Array:
    """Fit a plane to the observations around each pixel of a rectangle, and return its value there.

    Args:
        parts: The pixels of the revisits.
        grid: The rectangle.
        kernels: Those of its pixels.
        bands: Number of bands.

    Returns:
        float32 (bands, rows, columns).
    """
    size = (grid.rows, grid.columns)
    moments = np.zeros((6, *size), np.float32)  # of 1, y, x, yy, xx, yx
    sums = np.zeros((3, bands, *size), np.float32)  # of the values with 1, y, x
    for part in parts:
        block = part.block
        near_rows, near_columns = (
            _nearest(block.row_axis.sample, grid.row, grid.rows),
            _nearest(block.column_axis.sample, grid.column, grid.columns),
        )
        for down in _NEIGHBOURS:
            rows, y, has_row = _neighbours(near_rows, down, block.row_axis.scale, block.row, block.rows)
            lines, line_weights = part.image[:, rows], part.weight[rows] * has_row[:, None]
            for right in _NEIGHBOURS:
                columns, x, has = _neighbours(near_columns, right, block.column_axis.scale, block.column, block.columns)
                weight = np.take(line_weights, columns, axis=1) * has
                exponent = kernels.down * (y * y)[:, None]
                exponent += kernels.right * (x * x)
                exponent += kernels.both * (2 * y[:, None] * x)
                exponent *= np.float32(-0.5)
                np.exp(exponent, out=exponent)
                exponent += _wide(y, block.row_axis.scale)[:, None] * _wide(x, block.column_axis.scale)
                weight *= exponent
                _add(moments, sums, weight, np.take(lines, columns, axis=2), y[:, None], x)
    return _plane_values(moments, sums)


def _nearest(sample: object, start: int, count: int) -> tuple[Array, Array]:
    """Return the pixel nearest to each fine pixel of an axis, and where that stands, in the image's pixels."""
    places = np.array([sample(t) for t in range(start, start + count)])  # type: ignore[operator]
    return np.floor(places + 0.5 + 1e-9).astype(np.intp), places


def _neighbours(
    near: tuple[Array, Array], step: int, scale: float, first: int, size: int
) -> tuple[Array, Array, Array]:
    """Return, for each fine pixel, a pixel near it, its distance in fine pixels, and 1 where there is one."""
    pixel, place = near
    index = pixel + step - first
    has = ((index >= 0) & (index < size)).astype(np.float32)
    distance = ((pixel + step - place) / scale).astype(np.float32)
    return np.clip(index, 0, size - 1), distance, has


def _wide(distance: Array, scale: float) -> Array:
    """Return a wide kernel of little weight, for pixels that no narrow one reaches; two of them make a product."""
    kernel: Array = np.sqrt(_WIDE_SHARE) * np.exp(-0.5 * (distance * np.float32(scale / _LARGEST)) ** 2)
    return kernel


def _add(moments: Array, sums: Array, weight: Array, values: Array, y: Array, x: Array) -> None:
    by_y, by_x = weight * y, weight * x
    for place, one in enumerate((weight, by_y, by_x, by_y * y, by_x * x, by_y * x)):
        moments[place] += one
    for place, one in enumerate((weight, by_y, by_x)):
        sums[place] += values * one


def _plane_values(moments: Array, sums: Array) -> Array:
    """Return the fitted planes' values at the pixels themselves."""
    total = moments[0] + _TINY
    mean_y, mean_x, yy, xx, yx = (one / total for one in moments[1:])
    least = _PLANE * (yy + xx) + _TINY
    yy, xx, yx = yy - mean_y * mean_y + least, xx - mean_x * mean_x + least, yx - mean_y * mean_x
    determinant = yy * xx - yx * yx
    to_y, to_x = (mean_y * xx - mean_x * yx) / determinant, (mean_x * yy - mean_y * yx) / determinant
    values: Array = sums[0] / total
    slope_y, slope_x = sums[1] / total - values * mean_y, sums[2] / total - values * mean_x
    values -= slope_y * to_y
    values -= slope_x * to_x
    return values
