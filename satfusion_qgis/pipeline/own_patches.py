"""Patch sets from the user's rasters: revisits, degraded by Wald's protocol, or sharp images to simulate from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..raster.reader import Reader, Source, describe, remove_virtual
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job
from ..tasks.method import Array
from ..tasks.patch_set import SPLITS
from .assess import units_of
from .part_of_work import Part
from .patch_places import Layout
from .patches import described_bands
from .reduced_revisits import Reduced, open_own, whole_ratio
from .revisit_patches import RevisitSettings, TrainingScene, make_patches
from .simulated_scenes import drawn_simulation, simulated_pan, simulated_scene

_SHARE = 0.5
_MOST_PIXELS = 1024  # side of the part of a sharp image that one draw shows


@dataclass(frozen=True)
class OwnSettings:
    """How patches of the user's revisits are made.

    Attributes:
        layout: Side and stride in fine pixels, and how the scene is split.
        frames: Revisits of a patch.
        truths: How many revisits, the clearest first, take turns as the truth; with a PAN only the reference.
    """

    layout: Layout = field(default_factory=Layout)
    frames: int = 8
    truths: int = 3


def prepare_own(job: Job, folder: str, settings: OwnSettings, feedback: Optional[Feedback] = None) -> dict[str, Any]:
    """Make a patch set of the user's revisits, and of PAN where the job has one.

    Args:
        job: A job of super-resolution or SatFusion: inputs and parameters are taken from it.
        folder: Where the set goes.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: The images do not go together or are too small, or the disk is full; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    feedback = feedback or Feedback()
    own = open_own(job)
    try:
        for note in own.notes:
            feedback.info(note)
        for warning in own.warnings:
            feedback.warning(warning)
        ratio, with_pan = whole_ratio(own), own.pan_source is not None
        layout = replace(settings.layout, multiple=ratio)
        made = RevisitSettings(
            ratio,
            own.bands,
            layout,
            settings.frames,
            {name: value for name, value in job.parameters.items() if name in ("MAX_SHIFT", "SENSOR", "MTF_GAINS")},
            with_pan,
            described_bands(own.pan_source, own.physical) if own.pan_source is not None else (),
            "physical" if own.physical else "dn",
            own.unit,
            product_level=own.reference.level,
        ).check()
        truths = 1 if with_pan else max(1, min(settings.truths, len(own.images)))
        with tempfile.TemporaryDirectory(prefix="satfusion-") as work:
            reduced = Reduced(own, Path(work), 2 * settings.frames, Part(feedback, 0.0, _SHARE, says=True))
            return make_patches(
                reduced.scenes(truths), folder, made, Part(feedback, _SHARE, 1 - _SHARE, says=True), truths
            )
    finally:
        own.close()


@dataclass(frozen=True)
class SimulatedSettings:
    """How patches of simulated revisits are made.

    Attributes:
        ratio: Sharp pixels along a side of a coarse one.
        layout: Side and stride in fine pixels, and how each image is split.
        frames: Revisits that are simulated.
        draws: How often revisits are drawn of each image.
        with_pan: Whether there is a PAN: one that is given, else one that is simulated.
        parameters: MAX_SHIFT, SENSOR and MTF_GAINS.
        seed: The same seed simulates the same revisits.
    """

    ratio: int = 2
    layout: Layout = field(default_factory=Layout)
    frames: int = 8
    draws: int = 4
    with_pan: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0


def prepare_simulated(
    images: Sequence[Sequence[Input]],
    pans: Sequence[Input],
    splits: Sequence[str],
    folder: str,
    settings: SimulatedSettings,
    feedback: Optional[Feedback] = None,
) -> dict[str, Any]:
    """Make a patch set of revisits that are simulated from sharp images.

    Args:
        images: The sharp images: for each one input, or one for each of its single-band files.
        pans: A PAN of the same pixels for each; empty to simulate them.
        splits: The split of each image; empty cuts each by place.
        folder: Where the set goes.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: The images do not go together or are too small, or the disk is full; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    if not images:
        raise InputError("IMAGES: a raster is needed.")
    if splits and (len(splits) != len(images) or set(splits) - set(SPLITS)):
        raise InputError(f"SPLITS needs one of {', '.join(SPLITS)} for each of the {len(images)} images.")
    if pans and len(pans) != len(images):
        raise InputError(f"PANS: {len(pans)} are given for {len(images)} images; give one for each, or none.")
    sources: list[Source] = []
    try:
        for items in images:
            sources.append(describe("IMAGES", list(items)))
        fine = [describe("PANS", [item]) for item in pans]
        for one, pan in zip(sources, fine):
            axes = pan.grid.axes_on(one.grid)
            if axes is None or any(abs(axis.scale - 1) > 1e-6 or abs(axis.origin) > 0.5 for axis in axes):
                raise InputError(f"PANS: {pan.name} does not lie on the pixels of {one.name}.")
        physical = all(band.scaled for one in sources for band in one.bands)
        made = RevisitSettings(
            settings.ratio,
            described_bands(sources[0], physical),
            replace(settings.layout, multiple=settings.ratio),
            settings.frames,
            settings.parameters,
            settings.with_pan or bool(pans),
            units="physical" if physical else "dn",
            unit=units_of(sources[0]) if physical else "DN",
            protocol="simulated revisits",
            limits=("Trained on simulated revisits.",),
            product_level=sources[0].level,
        ).check()
        scenes = _simulated(sources, fine, splits, settings, physical, made.with_pan)
        return make_patches(scenes, folder, made, feedback, len(sources) * settings.draws)
    finally:
        for one in sources:
            remove_virtual(one)


def _simulated(
    sources: Sequence[Source],
    pans: Sequence[Source],
    splits: Sequence[str],
    settings: SimulatedSettings,
    physical: bool,
    with_pan: bool,
) -> Iterator[TrainingScene]:
    """Yield the draws of each image: of a large one, a part that does not change, so that its split is one."""
    for number, source in enumerate(sources):
        rows, columns = (min(length, _MOST_PIXELS) for length in (source.grid.rows, source.grid.columns))
        top, left = (source.grid.rows - rows) // 2, (source.grid.columns - columns) // 2
        image, valid = Reader(source, physical).read(top, left, rows, columns)
        given: Optional[Array] = None
        if pans:
            given, known = Reader(pans[number], physical).read(top, left, rows, columns)
            valid = known if valid is None else (valid if known is None else valid & known)
        for draw in range(settings.draws):
            rng = np.random.default_rng([settings.seed, number, draw])
            simulation = drawn_simulation(rng, len(image), settings.frames)
            pan = simulated_pan(image, rng)[None] if with_pan and given is None else given
            split = splits[number] if splits else ""
            name = f"{source.name}, draw {draw + 1}"
            yield simulated_scene(name, image, settings.ratio, simulation, pan, valid, split, source.name)
