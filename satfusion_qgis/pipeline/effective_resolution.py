"""The effective resolution of a super-resolved image, beside its pixel size: two halves of the revisits are compared.

The revisits that were used are dealt out into two halves, each is super-resolved on its own in the middle of the
result, and the two are compared by Fourier ring correlation (`assessment.effective_resolution`). A half knows nothing
of the other: where the reference is in the other half, a revisit of its own takes its place, laid where the
registration of all put it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import replace
from typing import Any, Optional, TypeVar

import numpy as np

from ..assessment.effective_resolution import MOST_ALIKE, Halves, effective_pixel, halves_of, ring_correlation
from ..catalogue import Catalogue
from ..classical.super_resolution.photometry import matched
from ..classical.super_resolution.registration import ROLE, registered, shifts_of
from ..inference.frames import blocks_of, only, only_state
from ..inference.super_resolution import choose
from ..raster.reader import Reader
from ..runtime.session import Session
from ..runtime.settings import EngineSettings
from ..tasks.errors import Cancelled
from ..tasks.feedback import Feedback
from ..tasks.method import Array, State
from ..tasks.validity import combine
from ..tasks.window import Window
from .ground import metres
from .plan import Plan
from .sessions import session_of

TASK = "super_resolution"
_SIDE, _NETWORK_SIDE = 512, 256
_POLL_S = 0.1
_NEARLY = 0.97
_T = TypeVar("_T")


def describe(plan: Plan, state: State, catalogue: Catalogue, engine: EngineSettings, feedback: Feedback) -> str:
    """Return the line for the log about a finished super-resolution.

    Args:
        plan: The run.
        state: What its passes found.
        catalogue: Where its method is from.
        engine: Where networks run.
        feedback: Who may cancel.

    Raises:
        Cancelled: The user cancelled.
        InputError: The halves cannot be computed.
    """
    pixels = f"Pixels of {_length(plan, 1.0)}"
    most = None if plan.card is None else plan.card.input(ROLE).max_count
    chosen = choose(state, plan.scene.items[ROLE], most)
    dealt = halves_of(_lattices(plan, state, chosen))
    if dealt is None:
        return f"{pixels}; the effective resolution of one revisit cannot be told"
    if dealt.alike > MOST_ALIKE:
        return f"{pixels}; the effective resolution cannot be told, for the pixels of all revisits lie in one place"
    found = _compared(plan, state, chosen, dealt, catalogue, engine, feedback)
    if found is None:
        return f"{pixels}; the effective resolution cannot be told, for the middle of the result is not clear"
    size = effective_pixel(found)
    how = f"Fourier ring correlation of two halves of the revisits, {len(dealt.one)} in each, at 1/7"
    if size is None:
        return f"{pixels}; the effective resolution cannot be told, for the two halves of the revisits do not agree"
    if size == 1:
        return f"{pixels}; the effective resolution reaches that ({how})"
    coarse = max(plan.scene.ratio[ROLE])
    no_finer = ", no finer than the revisits' own pixels" if size >= _NEARLY * coarse else ""
    return f"{pixels}; effective resolution about {_length(plan, size)}{no_finer} ({how})"


def half_of(
    chosen: Sequence[int], blocks: dict[str, Any], state: State, window: Window, items: int
) -> tuple[dict[str, Any], State, Window]:
    """Return blocks, state and window with some of the revisits alone, as if nothing were left to find out about them.

    Their axes are registered and their brightness is matched; the first of them is the reference.
    """
    known = {**blocks, ROLE: matched(blocks, state)}
    few, part = only(chosen, known, registered(window, state))
    own = only_state(chosen, state, items)
    if "registration" in own:
        own["registration"] = {**own["registration"], "shifts": np.zeros((len(chosen), 2))}
    photometry = own["photometry"]
    own["photometry"] = {
        **photometry,
        "gain": np.ones_like(photometry["gain"]),
        "offset": np.zeros_like(photometry["offset"]),
    }
    return few, own, part


def _compared(
    plan: Plan,
    state: State,
    chosen: Sequence[int],
    dealt: Halves,
    catalogue: Catalogue,
    engine: EngineSettings,
    feedback: Feedback,
) -> Any:
    """Return the ring correlation of the halves in the middle of what was written; None where that is not clear."""
    halves = tuple(tuple(chosen[place] for place in half) for half in (dealt.one, dealt.other))
    scene = replace(plan.scene, items={**plan.scene.items, ROLE: len(halves[0])}, days={})
    implementation = catalogue.implement(plan.method, plan.implementation.parameters, scene, plan.card)
    session = session_of(replace(plan, scene=scene, implementation=implementation), engine)
    window = plan.window_at(_middle(plan), plan.implementation.halo(), (ROLE,))
    blocks = _blocks(plan, window)
    with ThreadPoolExecutor(1, "satfusion") as pool:

        def wait(work: Callable[..., _T], *arguments: Any) -> _T:
            return _watched(pool, session, feedback, work, *arguments)

        try:
            wait(session.open)
            images: list[Array] = []
            valid: Optional[Array] = None
            for half in halves:
                few, own, part = half_of(half, blocks, state, window, plan.scene.items[ROLE])
                wait(session.set_state, own)
                made = wait(session.fuse, [few], [part])[0]
                images.append(np.array(made["OUTPUT"]))
                known = made.get("OUTPUT_valid")
                valid = combine(valid, None if known is None else np.array(known))
        finally:
            session.close()
    return ring_correlation(images[0], images[1], valid, max(plan.scene.ratio[ROLE]))


def _lattices(plan: Plan, state: State, chosen: Sequence[int]) -> Array:
    """Return where the pixels of some revisits lie, (down, right) in their pixels: registered, float64 (chosen, 2)."""
    shifts = shifts_of(state, plan.scene.items[ROLE])["shifts"]
    origins = np.array([[axis.origin for axis in pair] for pair in plan.axes[ROLE]])
    lattices: Array = (origins + shifts)[list(chosen)]
    return lattices


def _watched(
    pool: ThreadPoolExecutor, session: Session, feedback: Feedback, work: Callable[..., _T], *arguments: Any
) -> _T:
    """Run something in a thread, and ask for a cancel ten times a second."""
    future = pool.submit(work, *arguments)
    while True:
        try:
            return future.result(_POLL_S)
        except FutureTimeoutError:
            if future.done():
                raise
        if feedback.cancelled():
            session.cancel()
            raise Cancelled


def _middle(plan: Plan) -> tuple[int, int, int, int]:
    top, left, rows, columns = plan.part
    side = _SIDE if plan.card is None else _NETWORK_SIDE
    height, width = min(rows, side), min(columns, side)
    return top + (rows - height) // 2, left + (columns - width) // 2, height, width


def _blocks(plan: Plan, window: Window) -> dict[str, Any]:
    read = [
        Reader(image, plan.physical).read(block.row, block.column, block.rows, block.columns)
        for image, block in zip(plan.sources[ROLE], blocks_of(window))
    ]
    return {ROLE: tuple(values for values, _ in read), f"{ROLE}_valid": tuple(valid for _, valid in read)}


def _length(plan: Plan, pixels: float) -> str:
    """Return a length of some target pixels, in metres where the grid's CRS tells."""
    side = metres(plan.grid)
    if side is None:
        return f"{pixels:.3g} pixels" if pixels != 1 else f"{max(plan.grid.pixel):.3g} (in the CRS's units)"
    return f"{side * pixels:.3g} m"
