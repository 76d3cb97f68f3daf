"""Writing a product's images as virtual rasters into a folder, with their masks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from ...tasks.errors import Cancelled, InputError
from ...tasks.feedback import Feedback
from .find import KNOWN, find_product
from .model import MS, PAN, Image, Product
from .quality import MaskChoice, write_mask
from .virtual import write_virtual


@dataclass
class Prepared:
    """What was written.

    Attributes:
        product: The product.
        images: Path of the virtual raster by image.
        masks: Path of the mask by image.
        roles: Image by role.
    """

    product: Product
    images: dict[str, str] = field(default_factory=dict)
    masks: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    def of(self, role: str) -> Optional[str]:
        """Return the raster for a role, or None."""
        return self.images.get(self.roles.get(role, ""))

    def mask_of(self, role: str) -> Optional[str]:
        """Return the mask for a role, or None."""
        return self.masks.get(self.roles.get(role, ""))


def product_at(path: str) -> Product:
    """Return the product at a path.

    Raises:
        InputError: There is none, or it is damaged or incomplete.
    """
    product = find_product(path)
    if product is None:
        raise InputError(f"There is no product at {path} that SatFusion knows; known are {KNOWN}.")
    return product


def prepare(
    path: str,
    folder: str,
    keys: Sequence[str] = (),
    mask: Optional[MaskChoice] = None,
    offset: Optional[float] = None,
    feedback: Optional[Feedback] = None,
) -> Prepared:
    """Write the images of the product at a path.

    Args:
        path: A folder, an archive or a metadata file.
        folder: Where the files go; it is made when missing.
        keys: Images wanted; empty for all.
        mask: How masks are made; None for no masks.
        offset: Physical offset of the MS and PAN images instead of the product's own.
        feedback: Who is told what was found.

    Raises:
        InputError: The product is damaged or incomplete, or the folder cannot be written to.
        Cancelled: The user cancelled; nothing is left.
    """
    feedback = feedback or Feedback()
    product = product_at(path)
    for line in about(product):
        feedback.info(line)
    if offset is not None:
        product = product.with_offset(offset)
        feedback.info(f"The offset {offset:g} takes the place of the product's own")
    images = [product.image(key) for key in keys] or list(product.images)
    made = Prepared(product, roles=_roles(images))
    before: set[str] = set()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        before.update(path.name for path in Path(folder).iterdir())
        for done, image in enumerate(images):
            feedback.progress(done / len(images))
            _write(made, image, folder, mask, feedback)
    except OSError as error:
        raise InputError(f"Cannot write to {folder}: {error.strerror}.") from None
    except (InputError, Cancelled):
        _remove_new(folder, before, images)
        raise
    return made


def about(product: Product) -> list[str]:
    """Return what was found, as lines for a log."""
    day = product.date or "an unknown date"
    images = ", ".join(f"{image.key} ({len(image.bands)} bands)" for image in product.images)
    return [
        f"{product.family} {product.level}, {product.sensor}, {day}: {product.id}",
        f"Images: {images}",
        *product.notes,
    ]


def _roles(images: Sequence[Image]) -> dict[str, str]:
    """Return the image for each role; a single image is MS whatever it is, unless it is PAN."""
    roles = {image.role: image.key for image in reversed(images) if image.role in (MS, PAN)}
    if MS not in roles and len(images) == 1 and not (images[0].role == PAN and len(images[0].bands) == 1):
        return {MS: images[0].key}
    return roles


def _stem(image: Image) -> str:
    return re.sub(r"[^\w.-]+", "_", f"{image.product_id}_{image.key}")


def _remove_new(folder: str, before: set[str], images: Sequence[Image]) -> None:
    """Remove what was written of some images, but nothing that was there before."""
    stems = tuple(_stem(image) for image in images)
    for path in Path(folder).iterdir():
        if path.name not in before and path.name.startswith(stems):
            path.unlink(missing_ok=True)


def _write(made: Prepared, image: Image, folder: str, mask: Optional[MaskChoice], feedback: Feedback) -> None:
    name = _stem(image)
    target = str(Path(folder, f"{name}.vrt"))
    write_virtual(made.product, image, target)
    made.images[image.key] = target
    feedback.info(f"{image.title}: {', '.join(band.name for band in image.bands)}")
    if mask is None:
        return
    if not image.quality:
        feedback.info(f"No mask for {image.key}: the product has no quality band for it")
        return
    target = str(Path(folder, f"{name}_mask.tif"))
    write_mask(image, target, mask, feedback)
    made.masks[image.key] = target
