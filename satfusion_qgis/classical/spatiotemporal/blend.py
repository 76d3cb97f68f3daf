"""Methods on one pair, run on each of two and blended by how near each pair's coarse image is to the target's.

T_k = 1 / sum |C_k - C_p| over a square of coarse pixels around each. ESTARFM (Zhu et al. 2010,
10.1016/j.rse.2010.05.032) has |sum (C_k - C_p)|, in which opposite changes of neighbours cancel and a pair far from the
target seems near: on generated scenes and real dates the sum of amounts has the smaller error throughout.
Where only one pair is valid, it alone counts.
"""

from __future__ import annotations

import numpy as np

from ...tasks.method import Array, Blocks, State
from ...tasks.window import Window
from .images import CUBIC, TARGET, Geometry, box_sums, coarse_image, fine_image, from_cells, on_cells
from .pairs import PairMethod, coarse, fine
from .statistics import STATISTICS, span

# Changes below this share of the range all count as none.
_LEAST_CHANGE = 2e-3
# Half the square that changes are averaged over, in cells.
AROUND = 1


class OnePairMethod(PairMethod):
    """Base class: a subclass predicts from one pair."""

    def predict(self, blocks: Blocks, state: State, window: Window, pair: int) -> tuple[Array, Array]:
        """Return the prediction of a window from one pair, and where it is valid."""
        raise RuntimeError(f"{type(self).__name__} does not predict anything.")

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Predict from each pair, and blend."""
        predictions = [
            completed(blocks, window, pair, *self.predict(blocks, state, window, pair)) for pair in self.pairs
        ]
        if len(predictions) == 1:
            return self.result(*predictions[0])
        weights = [
            np.where(valid, change_weight(self.geometry, blocks, state, window, pair), np.float32(0))
            for pair, (_, valid) in zip(self.pairs, predictions)
        ]
        known = predictions[0][1] | predictions[1][1]
        total = np.where(known, weights[0] + weights[1], np.float32(1))
        image = (weights[0] * predictions[0][0] + weights[1] * predictions[1][0]) / total
        return self.result(image, known)


def completed(blocks: Blocks, window: Window, pair: int, image: Array, valid: Array) -> tuple[Array, Array]:
    """Add the interpolated coarse change to F where a method could not predict, but the pair's images are valid."""
    if valid.all():
        return image, valid
    own, known = fine_image(blocks, fine(pair), window)
    before, before_known = coarse_image(blocks, coarse(pair), window)
    after, after_known = coarse_image(blocks, TARGET, window)
    known &= before_known & after_known
    return np.where(valid, image, own + after - before), valid | known


def change_weight(geometry: Geometry, blocks: Blocks, state: State, window: Window, pair: int) -> Array:
    """Return, for each band and pixel, 1 / (mean of |change|) from a pair's coarse image to the target's, float32.

    The mean is over a square of cells around each, and interpolated.
    """
    cells = geometry.cells(window, 3 + AROUND)
    before, before_known = on_cells(blocks, coarse(pair), cells, window)
    after, after_known = on_cells(blocks, TARGET, cells, window)
    known = before_known & after_known
    change = np.where(known, after - before, 0)
    mean = box_sums(np.abs(change), AROUND) / np.maximum(box_sums(known[None].astype(np.float64), AROUND), 1)
    least = _LEAST_CHANGE * span(state[STATISTICS][TARGET])
    fine_change, _ = from_cells(mean.astype(np.float32), np.ones(known.shape, bool), cells, window, CUBIC)
    weight: Array = 1 / np.maximum(fine_change, np.float32(least))
    return weight
