"""EXP: the MS bands interpolated onto the PAN grid by cubic convolution (a = -0.5), nothing added.

Keys, R. (1981): Cubic convolution interpolation for digital image processing. IEEE Transactions on Acoustics, Speech,
and Signal Processing 29(6). 10.1109/TASSP.1981.1163711
"""

from __future__ import annotations

from typing import Optional

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from .injection import LinearInjection


class Exp(LinearInjection):
    """Interpolation only."""

    def gains(self, state: State) -> Optional[Array]:
        """Return None: PAN is not used."""
        return None

    def coarse(self, blocks: Blocks, state: State, window: Window) -> tuple[Array, Optional[Array]]:
        """Return the bands as they are."""
        return np.asarray(blocks["MS"]), blocks.get("MS_valid")
