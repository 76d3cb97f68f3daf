"""From what a user gives to the revisits of a job: stacked rasters taken apart, dates, masks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Optional

from ..raster.gdal_calls import open_raster
from ..raster.products import is_product
from ..tasks.dates import iso_date, iso_text, moment_in_name
from ..tasks.errors import InputError
from ..tasks.job import AUTO_MASK, Input, Mask

PREPARED_MASK = "_mask.tif"  # ends the name of a mask that was prepared beside an image
_DATE_AND_MARKS = re.compile(r"^[\W_]*|[\W_]*$")


def revisit_inputs(
    given: Sequence[Input],
    stack_bands: int = 0,
    dates: str = "",
    bands: Sequence[int] = (),
    masks: Sequence[str] = (),
    auto_masks: bool = False,
    dilate: int = 0,
) -> list[Input]:
    """Return the inputs of a job, one image for each date.

    Args:
        given: Rasters or products, each of them one revisit or a stack of some.
        stack_bands: Bands of one revisit in a stack; 0 for a stack only where the names of the bands hold dates.
        dates: A date for each revisit, separated by commas; empty to take them from metadata and names.
        bands: Bands to use of each revisit; empty for all.
        masks: A mask for each revisit, or one raster with a band for each; any value but 0 is not to be used.
        auto_masks: Leave out what a product's quality band, or the mask that was prepared beside an image, marks.
        dilate: Grow what is marked by so many pixels.

    Raises:
        InputError: Their numbers do not fit, a date is none, or a stack cannot be taken apart.
    """
    images = [image for item in given for image in unstacked(item, stack_bands)]
    images = [_with_bands(replace(item, index=index), bands) for index, item in enumerate(images)]
    stated = [part.strip() for part in re.split(r"[,;\s]+", dates) if part.strip()]
    if stated and len(stated) != len(images):
        raise InputError(
            f"DATES has {len(stated)} dates for {len(images)} revisits; give one for each, in their order."
        )
    images = [replace(item, date=iso_date(text, "DATES")) for item, text in zip(images, stated)] or images
    if masks:
        return _with_masks(images, masks, dilate)
    return [replace(item, mask=automatic_mask(item.path, dilate)) for item in images] if auto_masks else images


def unstacked(item: Input, stack_bands: int) -> list[Input]:
    """Return the revisits that one raster holds, one after the other; the raster itself where it is no stack.

    Args:
        item: The raster.
        stack_bands: Bands of one revisit; 0 to find out from the names of the bands.

    Raises:
        InputError: The raster cannot be read, or its bands are no multiple of `stack_bands`.
    """
    if is_product(item.path) or (not stack_bands and item.bands):
        return [item]
    dataset = open_raster(item.path)
    names = [dataset.GetRasterBand(number).GetDescription() or "" for number in range(1, dataset.RasterCount + 1)]
    moments = [moment_in_name(name) for name in names]
    if not stack_bands:
        stack_bands = _bands_of_one(moments)
        if not stack_bands:
            return [item]
    if stack_bands < 1 or len(names) % stack_bands:
        raise InputError(
            f"STACK_BANDS is {stack_bands}, but {PurePath(item.path).name} has {len(names)} bands; that is no multiple."
        )
    made = []
    for first in range(0, len(names), stack_bands):
        own = slice(first, first + stack_bands)
        moment = moments[first]
        dated = moment is not None and all(other == moment for other in moments[own])
        made.append(
            replace(
                item,
                bands=list(range(first + 1, first + stack_bands + 1)),
                band_names=[_without_date(name) for name in names[own]] if dated else list(names[own]),
                date=iso_text(moment) if dated and moment is not None else item.date,
            )
        )
    return made


def _bands_of_one(moments: Sequence[object]) -> int:
    """Return how many bands one revisit has in a stack whose bands' names hold dates; 0 where it is none."""
    if None in moments or len(set(moments)) < 2:
        return 0
    count = len(moments) // len(set(moments))
    same = all(len(set(moments[first : first + count])) == 1 for first in range(0, len(moments), count))
    return count if count * len(set(moments)) == len(moments) and same else 0


def _without_date(name: str) -> str:
    """Return a band's name without the date that it begins or ends with ("2024-06-15 Red" is "Red")."""
    left = re.sub(r"(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d(?:[T_ ]?\d\d:?\d\d:?\d\dZ?)?", "", name)
    return _DATE_AND_MARKS.sub("", left)


def _with_bands(item: Input, bands: Sequence[int]) -> Input:
    """Return an image with some of its bands, counted within it."""
    if not bands:
        return item
    if not item.bands:
        return replace(item, bands=list(bands))
    beyond = [number for number in bands if number > len(item.bands)]
    if beyond:
        raise InputError(f"BANDS: there is no band {beyond[0]}; a revisit has {len(item.bands)}.")
    names = [item.band_names[number - 1] for number in bands] if item.band_names else []
    return replace(item, bands=[item.bands[number - 1] for number in bands], band_names=names)


def _with_masks(images: Sequence[Input], masks: Sequence[str], dilate: int) -> list[Input]:
    """Return the images with the masks that the user gives."""
    if len(masks) == len(images):
        return [replace(item, mask=Mask(path, dilate_px=dilate)) for item, path in zip(images, masks)]
    if len(masks) == 1 and open_raster(masks[0]).RasterCount == len(images):
        return [replace(item, mask=Mask(masks[0], number, dilate_px=dilate)) for number, item in enumerate(images, 1)]
    raise InputError(
        f"MASK_LAYERS has {len(masks)} rasters for {len(images)} revisits; give one for each, in their order, or one "
        f"with a band for each."
    )


def automatic_mask(path: str, dilate: int = 0) -> Optional[Mask]:
    """Return the mask that comes with an image: a product's quality band, or a mask prepared beside a raster."""
    if is_product(path):
        return Mask(AUTO_MASK, dilate_px=dilate)
    if path.startswith("/vsi"):
        return None
    beside = Path(path).with_name(Path(path).stem + PREPARED_MASK)
    return Mask(str(beside), invalid_values=[1], dilate_px=dilate) if beside.is_file() else None
