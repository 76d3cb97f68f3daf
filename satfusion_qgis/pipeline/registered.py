"""Registered scores of a pair of images, by windows: cPSNR and cSSIM, for all and for blocks of a bootstrap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ..assessment.bootstrap import RegisteredSums
from ..assessment.cpsnr import Cpsnr
from ..assessment.cssim import Cssim
from ..assessment.sliding import Float64
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from .assess_pair import Pair, PairBlock
from .progress import Part

DEFINITIONS = {
    "cpsnr": "10 log10(data range^2 / smallest mean square error over all whole shifts of the test image within the "
    "border, after the mean difference of each band over the clear pixels is added to it (no gain); squares pooled "
    "over the bands, one shift for all; at most 120 dB (PROBA-V, Martens et al. 2019).",
    "cssim": "Largest SSIM (11 x 11 Gaussian window, mean over the bands) over the same shifts, with the same constant "
    "added; masked pixels are 0 in both images, and windows without any clear pixel do not count.",
}


@dataclass(frozen=True)
class RegisteredScores:
    """What the search over shifts found.

    Attributes:
        scores: Plain data for JSON.
        rows: For each block of the scene its sums, where asked for; see `RegisteredSums`.
    """

    scores: dict[str, Any]
    rows: Optional[Float64]


def registered_scores(
    pair: Pair, border: int, data_range: Optional[float], feedback: Feedback, block: int = 0
) -> RegisteredScores:
    """Search the shift that suits best, and score there.

    Args:
        pair: The images.
        border: d: the largest shift, and the pixels that the test image loses on each side.
        data_range: L in physical units, or None.
        feedback: Who is told about progress, and who may cancel.
        block: Side of a bootstrap's block; 0 for none.

    Raises:
        InputError: The border takes the whole area, or no pixel is clear.
        Cancelled: The user cancelled.
    """
    if min(pair.size) <= 2 * border:
        raise InputError(
            f"Registered scores need more than {2 * border} pixels a side, but {pair.size[1]} x {pair.size[0]} are "
            f"scored."
        )
    whole = Part(feedback, 0.0, 1.0)
    search = Cpsnr(len(pair.reference.bands), border)
    for one in pair.blocks(search.halo, whole.part(0.0, 0.3)):
        search.add(*_images(one), one.place[2:])
    try:
        best = search.best()
    except ValueError as error:
        raise InputError(str(error)) from None
    found = search.result(data_range)
    likeness = Cssim(search.biases(), border, data_range, pair.size, block) if data_range else None
    sums = RegisteredSums(len(pair.reference.bands), pair.size, border, search.lags[best], block) if block else None
    for one in _second(pair, border, likeness, sums, whole.part(0.3, 0.7)):
        row, column, *core = one.place
        if likeness is not None:
            likeness.add(*_images(one), row, column, (core[0], core[1]))
        if sums is not None:
            sums.add(*_images(one), row, column, (core[0], core[1]))
    like = likeness.result() if likeness is not None else None
    names = range(len(found.bands))
    scores = {
        "border": border,
        "all": {"cpsnr": found.cpsnr, "cssim": like.cssim if like else None},
        "bands": [
            {"cpsnr": found.bands[band], "cssim": like.bands[band] if like else None, "bias": found.bias[band]}
            for band in names
        ],
        "shift": list(found.shift),
        "cssim_shift": list(like.shift) if like else None,
        "pixels": found.pixels,
        "positions": like.positions if like else 0,
        "definitions": dict(DEFINITIONS),
    }
    rows = None
    if sums is not None:
        more = likeness.blocks() if likeness is not None else np.zeros((len(sums.rows()), 2))
        rows = np.concatenate([sums.rows(), more], axis=1)
    return RegisteredScores(scores, rows)


def _second(
    pair: Pair, border: int, likeness: Optional[Cssim], sums: Optional[RegisteredSums], feedback: Feedback
) -> Iterator[PairBlock]:
    if likeness is None and sums is None:
        return iter(())
    return pair.blocks(likeness.halo if likeness else 2 * border, feedback)


def _images(one: PairBlock) -> tuple[Any, Any, Any, Any]:
    return one.reference, one.test, one.reference_valid, one.test_valid
