"""Whether a network's result agrees with its input: degraded back to the MS grid it must be the MS image again.

Compared in a few windows spread over the scene, beside what the classical default gives there, so that it costs little
whatever the size of the scene. A large difference means detail or colour that the input does not support. Of revisits
the reference is what the result must show; the others may differ from it, so some more difference is no fault.

Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial resolutions: Assessing the
quality of resulting images. PE&RS 63(6), 691-699 (its first property).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ..catalogue import AUTO, CATALOGUE
from ..classical.pansharpening.mtf import MtfGains, parse_gains
from ..classical.resampling import low_pass, mtf_reach
from ..raster.reader import Reader, describe, remove_virtual
from ..raster.windows import split
from ..tasks.errors import Cancelled
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array, Implementation, SceneInfo, State
from ..tasks.sensors import gains_for, sensor
from ..tasks.window import Axis, BlockWindow, Window
from .plan import Plan

_PLACES = 6
_SIDE = 512
_CLEAN = 0.999
_WORSE = 1.05
_REVISITS = "REVISITS"
_BACK_PROJECTION = "back_projection"
_PLACES_OF_REVISITS, _SIDE_OF_REVISITS = 3, 256  # the baseline is slower
_WORSE_OF_REVISITS = 1.25
_Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Consistency:
    """Root mean square differences of each band on the MS grid, in the input's physical units.

    Attributes:
        names: Names of the bands.
        network: Of the network's result.
        classical: Of the classical default's.
        baseline: Title of the classical default.
        role: What the result was compared with.
        worse: How many times the classical default's difference is too much.
    """

    names: tuple[str, ...]
    network: tuple[float, ...]
    classical: tuple[float, ...]
    baseline: str
    role: str = "MS"
    worse: float = _WORSE

    def describe(self, feedback: Feedback) -> None:
        """Say the figures, and warn of bands where the network is worse."""
        bands = list(zip(self.names, self.network, self.classical))
        each = ", ".join(f"{name} {own:.3g} ({other:.3g})" for name, own, other in bands)
        feedback.info(
            f"Consistency with {self._what}, RMSE of the result degraded to its grid (in brackets: the classical "
            f"default, {self.baseline}): {each}"
        )
        worse = [name for name, own, other in bands if own > self.worse * max(other, 1e-12)]
        if worse:
            feedback.warning(
                f"The network agrees less with {self._what} than the classical default in {', '.join(worse)}; look at "
                f"the result, or take METHOD {_BACK_PROJECTION if self.role == _REVISITS else AUTO}"
            )

    @property
    def _what(self) -> str:
        return "the reference revisit" if self.role == _REVISITS else self.role


def measure(plan: Plan, state: State, parameters: Mapping[str, Any], feedback: Feedback) -> Optional[Consistency]:
    """Compare a finished result with its MS image or reference; None where no window has pixels to compare.

    Args:
        plan: The run, whose output is written.
        state: What its passes found; of revisits the baseline takes over their registration and brightness.
        parameters: With SENSOR and MTF_GAINS.
        feedback: Who may cancel.
    """
    given = {name: parameters[name] for name in ("SENSOR", "MTF_GAINS")}
    if plan.rasters[0].spec.like == _REVISITS:
        return _measure_revisits(plan, state, {**given, "MAX_SHIFT": parameters["MAX_SHIFT"]}, feedback)
    default = CATALOGUE.method(plan.task.id, AUTO)
    if plan.scene.bands["PAN"] != 1:
        return None
    baseline = CATALOGUE.implement(default, given, plan.scene)
    gains = MtfGains(given, plan.scene)
    sample = _Sample(plan, ("MS", "PAN"), physical=True)
    try:
        places = _places(plan, _PLACES, _SIDE)
        found = sample.scan(baseline, places, feedback)
        sums = sample.over(places, baseline, found, gains.of_bands(found), feedback)
    finally:
        sample.close()
    return None if sums is None else Consistency(plan.scene.band_names["MS"], *sums, default.title)


def _measure_revisits(plan: Plan, state: State, given: Mapping[str, Any], feedback: Feedback) -> Optional[Consistency]:
    default = CATALOGUE.method("super_resolution", _BACK_PROJECTION)
    baseline = CATALOGUE.implement(default, given, plan.scene)
    sample = _Sample(plan, (_REVISITS,), plan.physical)
    try:
        places = _places(plan, _PLACES_OF_REVISITS, _SIDE_OF_REVISITS)
        sums = sample.over(places, baseline, state, _gains(given, plan.scene), feedback)
    finally:
        sample.close()
    if sums is None:
        return None
    names = plan.scene.band_names[_REVISITS]
    return Consistency(names, *sums, default.title, _REVISITS, _WORSE_OF_REVISITS)


def _gains(given: Mapping[str, Any], scene: SceneInfo) -> tuple[float, ...]:
    """Return the MTF gain of each band of the revisits."""
    bands, text = scene.bands[_REVISITS], str(given["MTF_GAINS"]).strip()
    if text:
        return parse_gains(text, bands)
    return gains_for(sensor(given["SENSOR"]), bands, scene.wavelengths_nm.get(_REVISITS, ()))


def _raise_if_cancelled(feedback: Feedback) -> None:
    if feedback.cancelled():
        raise Cancelled


def _places(plan: Plan, most: int, side: int) -> list[_Place]:
    """Return a few windows of a side, evenly spread over what was written."""
    top, left, rows, columns = plan.part
    every = [(top + place[0], left + place[1], place[2], place[3]) for place in split(rows, columns, side, side)]
    if len(every) <= most:
        return every
    return [every[round(number * (len(every) - 1) / (most - 1))] for number in range(most)]


class _Sample:
    """Reads windows of the inputs and of the result.

    Args:
        plan: The run.
        roles: The inputs; the first is what the result is compared with.
        physical: Whether in physical units.
    """

    def __init__(self, plan: Plan, roles: tuple[str, ...], physical: bool) -> None:
        self._plan = plan
        self._roles = roles
        self._readers = {role: [Reader(image, physical) for image in plan.sources[role]] for role in roles}
        output = plan.rasters[0].output
        self._result = describe(output.name, [Input(output.name, output.path)], search_border=False)
        self._fused = Reader(self._result, physical)

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

    def over(
        self,
        places: Sequence[_Place],
        method: Implementation,
        state: State,
        gains: tuple[float, ...],
        feedback: Feedback,
    ) -> Optional[tuple[tuple[float, ...], tuple[float, ...]]]:
        """Return the root mean square differences of the bands, of the result and of a method; None without pixels."""
        sums = np.zeros((2, len(gains)))
        count = 0
        for place in places:
            _raise_if_cancelled(feedback)
            found = self._differences(place, method, state, gains)
            if found is not None:
                sums += found[0]
                count += found[1]
        if count == 0:
            return None
        network, classical = np.sqrt(sums / count)
        return tuple(network), tuple(classical)

    def _differences(
        self, place: _Place, method: Implementation, state: State, gains: tuple[float, ...]
    ) -> Optional[tuple[Array, int]]:
        """Return the summed squared differences (result and method, bands) of a window, and of how many pixels."""
        plan, role = self._plan, self._roles[0]
        window = plan.window_at(place, method.halo(), self._roles)
        blocks = self._blocks(window, self._roles)
        coarse = window.block(role)
        part = _inner(window, coarse, max(mtf_reach(1 / coarse.row_axis.scale, gain) for gain in gains))
        if part is None:
            return None
        fused = method.fuse(blocks, state, window)
        row, column = place[0] - plan.part[0], place[1] - plan.part[1]
        image, valid = self._fused.read(row, column, place[2], place[3])
        inside = (
            slice(part[0] - coarse.row, part[1] - coarse.row),
            slice(part[2] - coarse.column, part[3] - coarse.column),
        )
        wanted, wanted_valid = (first(blocks[name]) for name in (role, f"{role}_valid"))
        wanted = np.asarray(wanted)[:, inside[0], inside[1]]
        good = np.ones(wanted.shape[1:], bool)
        if wanted_valid is not None:
            good &= np.asarray(wanted_valid)[inside]
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
            at = window.blocks[role]
            several = at if isinstance(at, tuple) else (at,)
            read = [
                reader.read(block.row, block.column, block.rows, block.columns)
                for reader, block in zip(self._readers[role], several)
            ]
            is_list = isinstance(at, tuple)
            blocks[role] = tuple(values for values, _ in read) if is_list else read[0][0]
            blocks[f"{role}_valid"] = tuple(valid for _, valid in read) if is_list else read[0][1]
        return blocks


def first(value: Any) -> Any:
    """Return the first image of a role that takes several, or its only one."""
    return value[0] if isinstance(value, tuple) else value


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
