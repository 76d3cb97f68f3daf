"""From what a user gives to the inputs of a job on pairs: dates, masks and the bands of coarse images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Optional

from ..raster.products import resolve
from ..tasks.dates import iso_date
from ..tasks.errors import InputError
from ..tasks.job import AUTO_MASK, Input, Mask
from .pairs import COARSE, FINE, TARGET
from .revisit_inputs import automatic_mask

DATE_1, TARGET_DATE, DATE_2, COARSE_BANDS = "DATE_1", "TARGET_DATE", "DATE_2", "COARSE_BANDS"
DATE_OF = {"FINE_1": DATE_1, "COARSE_1": DATE_1, TARGET: TARGET_DATE, "FINE_2": DATE_2, "COARSE_2": DATE_2}


def mask_name(role: str) -> str:
    """Return the name of the parameter that takes a role's own mask."""
    return f"{role}_MASK"


def pair_inputs(
    given: Sequence[Input],
    dates: Mapping[str, str],
    masks: Mapping[str, str],
    auto_masks: bool = False,
    dilate: int = 0,
    coarse_bands: Sequence[int] = (),
) -> list[Input]:
    """Return the inputs of a job.

    Args:
        given: Images under their roles.
        dates: DATE_1, TARGET_DATE and DATE_2; empty ones are taken from metadata and names.
        masks: For some roles a raster on its image's grid: any value but 0 is not to be used.
        auto_masks: Leave out what a product's quality band, or the mask that was prepared beside an image, marks.
        dilate: Grow what is marked by so many pixels.
        coarse_bands: Bands of the coarse images, in FINE_1's order; empty to find them.

    Raises:
        InputError: A date is none, or there is a mask of an image that is not given.
    """
    there = {item.role for item in given}
    for role in masks:
        if role not in there:
            raise InputError(f"{mask_name(role)} is given, but {role} is not.")
    made = []
    for item in given:
        text = dates.get(DATE_OF.get(item.role, ""), "").strip()
        if text:
            item = replace(item, date=iso_date(text, DATE_OF[item.role]))
        if item.role in masks:
            item = replace(item, mask=Mask(masks[item.role], dilate_px=dilate))
        elif auto_masks:
            item = replace(item, mask=_automatic(item, dilate))
        if coarse_bands and item.role in COARSE:
            item = replace(item, bands=list(coarse_bands))
        if item.role in (*FINE, *COARSE):
            item = replace(item, pair=None if item.role == TARGET else int(item.role[-1]))
        made.append(item)
    return made


def _automatic(item: Input, dilate: int) -> Optional[Mask]:
    """Return the mask that comes with an image; None for a product without a quality band, such as MCD43A4."""
    mask = automatic_mask(item.path, dilate)
    if mask is None or mask.path != AUTO_MASK:
        return mask
    resolved = resolve(item.path, item.role, item.offset)
    if resolved is None or not resolved.image.quality or resolved.image.swath is not None:
        return None
    return mask
