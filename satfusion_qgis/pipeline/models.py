"""Which model a job runs, and whether the images come in the units that it was made for."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from ..inference.library import ModelLibrary
from ..inference.suitability import part_against
from ..raster.reader import Source
from ..tasks.errors import InputError
from ..tasks.job import Job
from ..tasks.method import Method, SceneInfo
from ..tasks.model_card import CardInput, ModelCard


def model_of(job: Job, method: Method, scene: SceneInfo, library: ModelLibrary) -> Optional[ModelCard]:
    """Return the card of the model that a job names, or of the one that fits; None for a method without weights.

    Raises:
        InputError: There is no such model, it is another method's, or its weights are not those of the job.
    """
    if method.runtime != "engine":
        if job.model is not None:
            raise InputError(f"MODEL: {method.title} takes no model.")
        return None
    if job.model is None:
        return library.fitting(method, scene, job.parameters)
    card = library.find(job.model["id"])
    if card.method != method.id or card.task != method.task:
        raise InputError(f"MODEL: {card.id} is a model of {card.method}, not of {method.title}.")
    against = part_against(card, job.parameters)
    if against is not None:
        raise InputError(f"MODEL: {card.id} {against}; choose any.")
    if job.model.get("sha256") not in (None, "", card.fingerprint()):
        raise InputError(f"MODEL: the weights of {card.id} have changed since this job was made.")
    return card


def with_model(job: Job, card: Optional[ModelCard]) -> Job:
    """Return the job with what it takes to find the same weights again."""
    if card is None:
        return job
    named = job.model["id"] if job.model is not None else card.id
    return replace(job, model={"id": named, "sha256": card.fingerprint()})


def card_wants_physical(card: ModelCard, sources: dict[str, tuple[Source, ...]]) -> bool:
    """Tell whether a model's inputs are to be in physical units.

    Raises:
        InputError: It needs them, and an image of integers states no scale and offset; or roles disagree.
    """
    wanted = {item.units for item in card.inputs}
    if len(wanted) > 1:
        raise InputError(f"MODEL: the card of {card.id} mixes physical units and stored numbers.")
    if wanted == {"dn"}:
        return False
    for item in card.inputs:
        for image in sources.get(item.role, ()):
            if _needs_values(item) and _is_unknown(image):
                raise InputError(
                    f"MODEL: {card.id} needs {item.role} in physical units (such as reflectance), but {image.name} "
                    "holds integers without scale and offset; set them in the file, or use a product as delivered."
                )
    return any(_is_scaled(image) for images in sources.values() for image in images)


def _needs_values(item: CardInput) -> bool:
    """Tell whether a gain or an offset of the image changes what the network sees."""
    return item.normalise != "scene" or item.clip is not None


def _is_scaled(image: Source) -> bool:
    return any(band.scale != 1 or band.offset != 0 for band in image.bands)


def _is_unknown(image: Source) -> bool:
    return not any(band.scaled or band.dtype.startswith("Float") for band in image.bands)
