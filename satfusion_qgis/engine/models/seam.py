"""How far the blended tiles of a global network lie from its answer over a whole image."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Optional

import numpy as np
import torch
from torch import nn

from ...inference.lattice import Lattice, blend
from ...inference.model_files import never, raise_if
from ...inference.network import NetworkInput
from ...tasks.method import Array
from ...tasks.window import Window
from .running import answer, example, one_draw, one_thread


def seam_error(
    network: nn.Module,
    bands: int,
    tile: int,
    standardised: bool = False,
    cancelled: Callable[[], bool] = never,
    inputs: Optional[Sequence[NetworkInput]] = None,
) -> Optional[float]:
    """Return the largest difference between tiles and the whole, relative to the range of the whole's answer.

    The image is smooth, random and two tiles wide; compared is what two neighbours blend, on both sides of their seam.

    Args:
        network: The network, in eval mode on the CPU.
        bands: Bands of MS.
        tile: Side of the tiles that the network is to run on.
        standardised: Whether the network gets values with mean 0 and standard deviation 1, and not between 0 and 1.
        cancelled: Tells whether the user has cancelled; asked before each tile.
        inputs: What the network gets; by default MS on PAN's grid, and PAN.

    Returns:
        The difference; None for a network that sees no farther than its halo.
    """
    if not bool(getattr(network, "global_context", False)):
        return None
    inputs = inputs or (NetworkInput("ms", bands), NetworkInput("pan", 1))
    factor_of_all = math.lcm(*(item.factor for item in inputs))
    tile = max(tile // factor_of_all, 1) * factor_of_all
    lattice = _lattice(tile, int(getattr(network, "halo", 0)), factor_of_all)
    images = {name: image[0].numpy() for name, image in example(inputs, tile, 2 * tile).items()}
    if standardised:
        images = {
            name: image if name == "masks" else (image - image.mean()) / image.std() for name, image in images.items()
        }
    factors = {item.name: item.factor for item in inputs}

    def part(name: str, top: int, left: int, rows: int, columns: int) -> torch.Tensor:
        image, factor = images[name], factors[name]
        down = np.arange(top // factor, (top + rows) // factor).clip(0, image.shape[-2] - 1)
        across = np.arange(left // factor, (left + columns) // factor).clip(0, image.shape[-1] - 1)
        return torch.from_numpy(np.ascontiguousarray(image[..., down[:, None], across[None]][None]))

    def run(top: int, left: int, rows: int, columns: int) -> Array:
        """Run on a rectangle that may reach beyond the image, less the margin."""
        raise_if(cancelled)
        parts = {name: part(name, top, left, rows, columns) for name in images}
        with torch.inference_mode(), one_thread(), one_draw(network):
            given = answer(network, parts, (top, left))[0].numpy()
        margin = lattice.margin
        result: Array = given[:, margin : rows - margin, margin : columns - margin]
        return result

    def tile_at(row: int, column: int) -> Array:
        return run(
            lattice.first(row) - lattice.margin, lattice.first(column) - lattice.margin, lattice.side, lattice.side
        )

    # Of the tiles (0, 0) and (0, 1), what no third one has a part in: both sides of one seam.
    half = lattice.overlap // 2 + 1
    window = Window(half, half, lattice.step - 2 * half, 2 * lattice.step - 2 * half, {})
    margin = lattice.margin
    whole = run(-margin, -margin, tile + 2 * margin, 2 * (tile + margin))
    same = whole[:, window.row : window.row + window.rows, window.column : window.column + window.columns]
    tiled = blend(lattice, window, len(whole), tile_at)
    spread = float(np.ptp(whole)) or 1.0
    return float(np.abs(tiled - same).max()) / spread


def _lattice(tile: int, halo: int, whole: int) -> Lattice:
    """Return the tiles of a side, whose corners are a multiple of `whole` from each other and from the image's."""
    if whole == 1:
        return Lattice.of(tile, halo)
    margin = min(-(-halo // whole), tile // 8 // whole) * whole
    return Lattice(tile, margin, max((tile - 2 * margin) // 4 // (2 * whole), 1) * 2 * whole)
