"""Whether a network's result agrees with its input: degraded back to the MS grid it must be the MS image again.

Compared in a few windows spread over the scene, beside what the classical default gives there, so that it costs little
whatever the size of the scene. A large difference means detail or colour that the input does not support.

Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: Assessing the
quality of resulting images. PE&RS 63(6), 691-699 (its first property).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ..catalogue import AUTO, CATALOGUE
from ..classical.pansharpening.mtf import MtfGains
from ..classical.resampling import low_pass, mtf_reach
from ..raster.reader import Reader, describe, remove_virtual
from ..raster.windows import split
from ..tasks.errors import Cancelled
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array, Implementation, State
from ..tasks.window import Axis, BlockWindow, Window
from .plan import Plan

_PLACES = 6
_SIDE = 512
_CLEAN = 0.999
_WORSE = 1.05
_Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Consistency:
    """Root mean square differences of each band on the MS grid, in the input's physical units.

    Attributes:
        names: Names of the bands.
        network: Of the network's result.
        classical: Of the classical default's.
        baseline: Title of the classical default.
    """

    names: tuple[str, ...]
    network: tuple[float, ...]
    classical: tuple[float, ...]
    baseline: str

    def describe(self, feedback: Feedback) -> None:
        """Say the figures, and warn of bands where the network is worse."""
        bands = list(zip(self.names, self.network, self.classical))
        each = ", ".join(f"{name} {own:.3g} ({other:.3g})" for name, own, other in bands)
        feedback.info(
            "Consistency with MS, RMSE of the result degraded to its grid (in brackets: the classical default, "
            f"{self.baseline}): {each}"
        )
        worse = [name for name, own, other in bands if own > _WORSE * max(other, 1e-12)]
        if worse:
            feedback.warning(
                f"The network agrees less with MS than the classical default in {', '.join(worse)}; look at the "
                "result, or take METHOD auto"
            )


def measure(plan: Plan, parameters: Mapping[str, Any], feedback: Feedback) -> Optional[Consistency]:
    """Compare a finished result with its MS image; None where no window has pixels to compare.

    Args:
        plan: The run, whose output is written.
        parameters: With SENSOR and MTF_GAINS.
        feedback: Who may cancel.
    """
    given = {name: parameters[name] for name in ("SENSOR", "MTF_GAINS")}
    default = CATALOGUE.method(plan.task.id, AUTO)
    if plan.scene.bands["PAN"] != 1:
        return None
    baseline = CATALOGUE.implement(default, given, plan.scene)
    gains = MtfGains(given, plan.scene)
    sample = _Sample(plan)
    try:
        places = _places(plan)
        state = sample.scan(baseline, places, feedback)
        sums = np.zeros((2, len(plan.scene.band_names["MS"])))
        count = 0
        for place in places:
            _raise_if_cancelled(feedback)
            found = sample.differences(place, baseline, state, gains.of_bands(state))
            if found is not None:
                sums += found[0]
                count += found[1]
    finally:
        sample.close()
    if count == 0:
        return None
    network, classical = np.sqrt(sums / count)
    return Consistency(plan.scene.band_names["MS"], tuple(network), tuple(classical), default.title)


def _raise_if_cancelled(feedback: Feedback) -> None:
    if feedback.cancelled():
        raise Cancelled


def _places(plan: Plan) -> list[_Place]:
    """Return a few windows, evenly spread over what was written."""
    top, left, rows, columns = plan.part
    every = [(top + place[0], left + place[1], place[2], place[3]) for place in split(rows, columns, _SIDE, _SIDE)]
    if len(every) <= _PLACES:
        return every
    return [every[round(number * (len(every) - 1) / (_PLACES - 1))] for number in range(_PLACES)]


class _Sample:
    """Reads windows of the inputs and of the result, in physical units."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._readers = {role: Reader(plan.sources[role][0], physical=True) for role in ("MS", "PAN")}
        output = plan.rasters[0].output
        self._result = describe(output.name, [Input(output.name, output.path)], search_border=False)
        self._readers[output.name] = Reader(self._result, physical=True)
        self._name = output.name

    def close(self) -> None:
        remove_virtual(self._result)

    def scan(self, method: Implementation, places: Sequence[_Place], feedback: Feedback) -> State:
        """Run a method's passes over the places alone."""
        state: State = {}
        for one in method.passes():
            merged: Any = None
            for place in places:
                _raise_if_cancelled(feedback)
                window = self._plan.window_at(place, dict(one.halo), one.roles)
                found = one.add(self._blocks(window, one.roles), window, state)
                if found is not None:
                    merged = found if merged is None else one.merge(merged, found)
            state[one.name] = one.finish(merged, state)
        return state

    def differences(
        self, place: _Place, method: Implementation, state: State, gains: tuple[float, ...]
    ) -> Optional[tuple[Array, int]]:
        """Return the summed squared differences (result and method, bands) of a window, and of how many pixels."""
        plan = self._plan
        window = plan.window_at(place, method.halo(), ("MS", "PAN"))
        blocks = self._blocks(window, ("MS", "PAN"))
        coarse = window.block("MS")
        part = _inner(window, coarse, max(mtf_reach(1 / coarse.row_axis.scale, gain) for gain in gains))
        if part is None:
            return None
        fused = method.fuse(blocks, state, window)
        row, column = place[0] - plan.part[0], place[1] - plan.part[1]
        image, valid = self._readers[self._name].read(row, column, place[2], place[3])
        inside = (
            slice(part[0] - coarse.row, part[1] - coarse.row),
            slice(part[2] - coarse.column, part[3] - coarse.column),
        )
        wanted = np.asarray(blocks["MS"])[:, inside[0], inside[1]]
        good = np.ones(wanted.shape[1:], bool)
        if blocks["MS_valid"] is not None:
            good &= np.asarray(blocks["MS_valid"])[inside]
        both = []
        for candidate, known in ((image, valid), (fused["OUTPUT"], fused.get("OUTPUT_valid"))):
            degraded, seen = _degraded(candidate, known, window, coarse, part, gains)
            both.append(degraded - wanted)
            good &= seen
        if not good.any():
            return None
        squares = np.array([[float(np.square(band[good], dtype=np.float64).sum()) for band in each] for each in both])
        return squares, int(good.sum())

    def _blocks(self, window: Window, roles: Sequence[str]) -> dict[str, Any]:
        blocks: dict[str, Any] = {}
        for role in roles:
            block = window.block(role)
            read = self._readers[role].read(block.row, block.column, block.rows, block.columns)
            blocks[role], blocks[f"{role}_valid"] = read
        return blocks


def _inner(window: Window, coarse: BlockWindow, reach: int) -> Optional[tuple[int, int, int, int]]:
    """Return the coarse pixels whose low-pass lies inside the window: (top, bottom, left, right), or None."""
    top, bottom = coarse.row_axis.owned(window.row + reach, window.row + window.rows - reach)
    left, right = coarse.column_axis.owned(window.column + reach, window.column + window.columns - reach)
    return (top, bottom, left, right) if bottom > top and right > left else None


def _degraded(
    image: Array,
    valid: Optional[Array],
    window: Window,
    coarse: BlockWindow,
    part: tuple[int, int, int, int],
    gains: tuple[float, ...],
) -> tuple[Array, Array]:
    """Return a window of a fine image as the bands' MTF shows it on coarse pixels, and where all of it was seen."""
    fine = BlockWindow(
        0,
        0,
        window.rows,
        window.columns,
        Axis(-float(window.row), 1.0, window.rows),
        Axis(-float(window.column), 1.0, window.columns),
    )
    bands, seen = [], np.ones((part[1] - part[0], part[3] - part[2]), bool)
    for band, gain in zip(image, gains):
        known = band if valid is None else np.where(valid, band, np.float32(0))
        low, share = low_pass(known[None], valid, fine, coarse, part, gain)
        bands.append(low[0])
        if share is not None:
            seen &= share > _CLEAN
    return np.stack(bands), seen
