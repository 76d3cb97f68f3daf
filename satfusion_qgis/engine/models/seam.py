"""How far the blended tiles of a global network lie from its answer over a whole image."""

from __future__ import annotations

from typing import Optional

import numpy as np
import torch
from torch import nn

from ...inference.lattice import Lattice, blend
from ...tasks.method import Array
from ...tasks.window import Window
from .running import one_thread, sample

_TILES = 2


def seam_error(network: nn.Module, bands: int, tile: int, standardised: bool = False) -> Optional[float]:
    """Return the largest difference between tiles and the whole, relative to the range of the whole's answer.

    The image is smooth, random and two tiles high and wide.

    Args:
        network: The network, in eval mode on the CPU.
        bands: Bands of MS.
        tile: Side of the tiles that the network is to run on.
        standardised: Whether the network gets values with mean 0 and standard deviation 1, and not between 0 and 1.

    Returns:
        The difference; None for a network that sees no farther than its halo.
    """
    if not bool(getattr(network, "global_context", False)):
        return None
    lattice = Lattice.of(tile, int(getattr(network, "halo", 0)))
    side = _TILES * tile
    images = [image[0].numpy() for image in sample(bands, 1, side, side)]
    if standardised:
        images = [(image - image.mean()) / image.std() for image in images]
    window = Window(0, 0, side, side, {})
    reach = lattice.side
    padded = [np.pad(image, [(0, 0), (reach, reach), (reach, reach)], mode="edge") for image in images]

    def run(top: int, left: int, length: int) -> Array:
        """Run on a square that may reach beyond the image, less the margin."""
        cut = (slice(None), slice(top + reach, top + reach + length), slice(left + reach, left + reach + length))
        ms, pan = (torch.from_numpy(np.ascontiguousarray(image[cut])[None]) for image in padded)
        with torch.inference_mode(), one_thread():
            answer = network(ms, pan)[0].numpy()
        inner = slice(lattice.margin, length - lattice.margin)
        result: Array = answer[:, inner, inner]
        return result

    def tile_at(row: int, column: int) -> Array:
        return run(lattice.first(row) - lattice.margin, lattice.first(column) - lattice.margin, lattice.side)

    whole = run(-lattice.margin, -lattice.margin, side + 2 * lattice.margin)
    tiled = blend(lattice, window, len(whole), tile_at)
    spread = float(np.ptp(whole)) or 1.0
    return float(np.abs(tiled - whole).max()) / spread
