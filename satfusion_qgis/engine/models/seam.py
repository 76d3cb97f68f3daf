"""How far the blended tiles of a global network lie from its answer over a whole image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

import numpy as np
import torch
from torch import nn

from ...inference.lattice import Lattice, blend
from ...inference.model_files import never, raise_if
from ...tasks.method import Array
from ...tasks.window import Window
from .running import one_thread, sample


def seam_error(
    network: nn.Module,
    bands: int,
    tile: int,
    standardised: bool = False,
    cancelled: Callable[[], bool] = never,
) -> Optional[float]:
    """Return the largest difference between tiles and the whole, relative to the range of the whole's answer.

    The image is smooth, random and two tiles wide; compared is what two neighbours blend, on both sides of their seam.

    Args:
        network: The network, in eval mode on the CPU.
        bands: Bands of MS.
        tile: Side of the tiles that the network is to run on.
        standardised: Whether the network gets values with mean 0 and standard deviation 1, and not between 0 and 1.
        cancelled: Tells whether the user has cancelled; asked before each tile.

    Returns:
        The difference; None for a network that sees no farther than its halo.
    """
    if not bool(getattr(network, "global_context", False)):
        return None
    lattice = Lattice.of(tile, int(getattr(network, "halo", 0)))
    images = [image[0].numpy() for image in sample(bands, 1, tile, 2 * tile)]
    if standardised:
        images = [(image - image.mean()) / image.std() for image in images]

    def run(top: int, left: int, rows: int, columns: int) -> Array:
        """Run on a rectangle that may reach beyond the image, less the margin."""
        raise_if(cancelled)
        places = (np.arange(top, top + rows).clip(0, tile - 1), np.arange(left, left + columns).clip(0, 2 * tile - 1))
        ms, pan = (torch.from_numpy(image[:, places[0][:, None], places[1][None]][None]) for image in images)
        with torch.inference_mode(), one_thread():
            answer = network(ms, pan)[0].numpy()
        margin = lattice.margin
        result: Array = answer[:, margin : rows - margin, margin : columns - margin]
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
