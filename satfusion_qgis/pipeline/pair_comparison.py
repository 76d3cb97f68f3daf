"""Comparing fine with coarse images before anything is predicted: levels of the sensors, shifts, and what to say.

The pass runs before the method's own. From then on every block of a coarse image is brought to the fine sensor's level
after it is read, for passes and predictions alike, in this interpreter and in a worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..classical.spatiotemporal.comparison import COMPARISON, FEWEST, NONE, OFFSET, Compared, PairComparison
from ..classical.spatiotemporal.images import Geometry
from ..raster.grid import Grid
from ..tasks.feedback import Feedback
from ..tasks.method import Array, Implementation, Pass, SceneInfo
from .pairs import COARSE, NORMALISE, PAIRS, RATIO

# Cells that are compared at most along a side, so that memory stays bounded.
_MOST_CELLS = 640
_LARGEST_SHIFT = 0.3
_WEAK, _WEAK_BAND = 0.3, 0.2


@dataclass(frozen=True)
class Comparison:
    """What compares the images of a plan.

    Attributes:
        core: The computation.
        how: How coarse images are brought to the fine sensor's level.
        names: Names of the bands.
        pairs: Roles of the pairs.
        ratio: Coarse pixel / fine pixel: that of the images, or as given or found where they were resampled.
    """

    core: PairComparison
    how: str
    names: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    ratio: float

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes that come before the method's own."""
        return self.core.passes()

    def adjust(self, blocks: dict[str, Any], roles: Iterable[str], found: Compared) -> None:
        """Bring the blocks of coarse images to the fine sensor's level, in place."""
        if self.how == NONE:
            return
        shape = (-1, 1, 1)
        gain, offset = found.gain.reshape(shape), found.offset.reshape(shape)
        for role in roles:
            if role in COARSE:
                values, valid = blocks[role], blocks[f"{role}_valid"]
                values *= gain
                values += offset
                if valid is not None:
                    values[:, ~valid] = 0

    def describe(self, found: Compared, feedback: Feedback) -> None:
        """Say what was found."""
        if not found.cells:
            feedback.warning(
                "The images of no pair have a whole coarse pixel in common: their levels and shifts were not compared"
            )
            return
        if self.how != NONE and found.cells < FEWEST:
            feedback.info(f"{found.cells} coarse pixels are too few to compare the sensors' levels")
        elif self.how != NONE:
            parts = ", ".join(
                f"{name} x {gain:.4g} {offset:+.4g}" for name, gain, offset in zip(self.names, found.gain, found.offset)
            )
            feedback.info(f"Coarse values are brought to the fine sensor's ({found.cells} coarse pixels): {parts}")
        for (fine, coarse), shift, correlation in zip(self.pairs, found.shifts, found.correlation):
            if np.isfinite(correlation).any():
                usual = float(np.nanmedian(correlation))
                feedback.info(f"{coarse} follows {fine}, averaged over its pixels, with a correlation of {usual:.2f}")
                if usual < _WEAK:
                    feedback.warning(
                        f"{coarse} hardly follows {fine} (correlation {usual:.2f}): check that both are of one place "
                        f"and date, and that clouds are masked"
                    )
                else:
                    self._describe_bands(fine, coarse, correlation, feedback)
            self._describe_shift(fine, coarse, shift, feedback)

    def _describe_bands(self, fine: str, coarse: str, correlation: Array, feedback: Feedback) -> None:
        weak = [name for name, value in zip(self.names, correlation) if value < _WEAK_BAND]
        if weak:
            feedback.warning(
                f"{coarse} hardly follows {fine} in {', '.join(weak)}: check that the bands are in the same order"
            )

    def _describe_shift(self, fine: str, coarse: str, shift: Any, feedback: Feedback) -> None:
        if shift is None:
            feedback.info(f"{coarse}: too little in common with {fine} to measure a shift between them")
            return
        down, right, error = shift
        text = f"{coarse} lies {right:+.2f} columns and {down:+.2f} rows of its pixels from {fine} (+- {error:.2f})"
        if max(abs(down), abs(right)) > _LARGEST_SHIFT:
            feedback.warning(f"{text}: correct its georeferencing, or details will be smeared")
        else:
            feedback.info(text)


def comparison_of(implementation: Implementation, ratio: float, scene: SceneInfo, grid: Grid) -> Comparison:
    """Return what compares the images of a scene.

    Args:
        implementation: The method, with NORMALISE among its parameters where it has that.
        ratio: RATIO as given or measured; 0 where coarse images come at their own pixel size, or the method knows it.
        scene: What is known of the scene.
        grid: The target grid.
    """
    how = str(implementation.parameters.get(NORMALISE, OFFSET))
    own = getattr(implementation, "geometry", None)
    geometry = own if isinstance(own, Geometry) else Geometry({RATIO: ratio}, scene)
    side = int(_MOST_CELLS * geometry.largest)
    rows, columns = min(grid.rows, side), min(grid.columns, side)
    part = ((grid.rows - rows) // 2, (grid.columns - columns) // 2, rows, columns)
    core = PairComparison(geometry, scene, how, part)
    pairs = tuple(pair for pair in PAIRS if all(scene.items.get(role) for role in pair))
    return Comparison(core, how, scene.band_names["FINE_1"], pairs, geometry.largest)


__all__ = ["COMPARISON", "Comparison", "comparison_of"]
