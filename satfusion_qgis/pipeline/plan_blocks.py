"""Blocks and scene-wide passes of a plan without a run: for what is wanted as arrays and not as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..raster.reader import Reader
from ..raster.windows import split, spread
from ..tasks.errors import Cancelled
from ..tasks.feedback import Feedback
from ..tasks.method import State
from ..tasks.window import Window
from .pair_comparison import COMPARISON
from .plan import Plan


class PlanBlocks:
    """Reads the blocks of a plan's windows as a run reads them, for roles of one image each.

    Args:
        plan: The plan; whoever made it closes it.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        count = sum(len(images) for images in plan.sources.values())
        self._readers = {
            role: Reader(images[0], plan.physical, count) for role, images in plan.sources.items() if images
        }

    def read(self, window: Window, roles: Sequence[str], state: State) -> dict[str, Any]:
        """Return the blocks of some roles, coarse ones at the fine sensor's level once that is in the state."""
        blocks: dict[str, Any] = {}
        plan = self._plan
        for role in roles:
            at = window.block(role)
            values, valid = self._readers[role].read(at.row, at.column, at.rows, at.columns)
            blocks[role], blocks[f"{role}_valid"] = values, valid
            if role in plan.days:
                blocks[f"{role}_days"] = np.array(plan.days[role], np.int32)
        if plan.comparison is not None and COMPARISON in state:
            plan.comparison.adjust(blocks, roles, state[COMPARISON])
        return blocks

    def state(self, feedback: Feedback) -> State:
        """Return what the scene-wide passes find, over the windows that a run takes for them."""
        plan = self._plan
        places = list(split(plan.grid.rows, plan.grid.columns, *plan.pass_window))
        found: State = {}
        first = plan.comparison.passes() if plan.comparison is not None else ()
        for one in (*first, *plan.implementation.passes()):
            merged: Any = None
            for place in places if one.windows is None else spread(places, one.windows):
                if feedback.cancelled():
                    raise Cancelled
                window = plan.window_at(place, dict(one.halo), one.roles)
                own = one.add(self.read(window, one.roles, found), window, found)
                if own is not None:
                    merged = own if merged is None else one.merge(merged, own)
            found[one.name] = one.finish(merged, found)
        return found
