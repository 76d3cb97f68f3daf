"""Which method suits some revisits: degrade them all, put them together with each method, score against the reference.

Wald's protocol, with many images: every revisit, and PAN, is degraded by the ratio onto a grid of its own with an
honest geotransform, so that they keep the shifts between them; the reference revisit, as it was, is the truth where it
is clear, and its own degraded version is among what the methods get. With a PAN, SatFusion competes with its two
rivals: classical pansharpening of the reference alone, and super-resolution followed by the same pansharpening.
"""

from __future__ import annotations

import datetime
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

from ..assessment.bootstrap import Draws
from ..assessment.ranking import duel
from ..catalogue import CATALOGUE, Catalogue
from ..raster.clearness import region_of
from ..raster.reader import describe
from ..raster.writer import check_folder
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Method
from .assess_methods import MethodsAssessment, ratio_of
from .contest import QUICK, Contender, Contest, MethodsSettings, RunJob, Runner, Scene
from .degrade import degrade_jobs, degrade_pair
from .progress import Part
from .revisits import MAX_DAYS, REFERENCE_DATE, Chosen, choose, revisits_of

ROLE = "REVISITS"
SUPER_RESOLUTION, SATFUSION, PANSHARPENING = "super_resolution", "multi_image_pansharpening", "pansharpening"
RATIO = 2.0
FIRST = "back_projection"
# Pansharpening of the reference, and of the super-resolved image.
SHARPENERS = ("exp", "gsa", "bdsd", "mtf_glp_fs", "mtf_glp_hpm", "mtf_glp_local")
_NO_DATE = datetime.date(2000, 1, 1)


def compare_revisits(
    revisits: Sequence[Input],
    pan: Optional[Input] = None,
    settings: Optional[MethodsSettings] = None,
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> MethodsAssessment:
    """Rank methods for super-resolution, or with a PAN for multi-image pansharpening, on one scene by Wald's protocol.

    Args:
        revisits: Images of one place; files with the same index are bands of one image.
        pan: Its PAN, or None.
        settings: How they are compared. `methods`: ids of the task's methods; with a PAN also of methods for
            pansharpening, for the rivals. None takes all that need no weights, and those networks that have weights
            which fit. REFERENCE_DATE and MAX_DAYS among `parameters` choose the revisits, as in a run.
        catalogue: Methods to choose from.
        feedback: Who is told about progress, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: An unknown method, bad images, or no method that could be run.
        Cancelled: The user cancelled; nothing is left behind.
    """
    settings = settings or MethodsSettings()
    feedback = feedback or Feedback()
    contenders = _contenders(settings, catalogue, with_pan=pan is not None)
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        check_folder(Path(folder) / "image.tif")
        contest = _Comparison(revisits, pan, settings, catalogue, feedback, Path(folder), engine)
        return MethodsAssessment(*contest.run(contenders))


def _contenders(settings: MethodsSettings, catalogue: Catalogue, with_pan: bool) -> list[Contender]:
    task = SATFUSION if with_pan else SUPER_RESOLUTION
    own = {method.id: method for method in catalogue.methods_of(task)}
    sharpeners = {method.id: method for method in catalogue.methods_of(PANSHARPENING)} if with_pan else {}
    unknown = [name for name in settings.methods if name not in own and name not in sharpeners]
    if unknown:
        known = ", ".join([*own, *sharpeners])
        raise InputError(f"Unknown method {unknown[0]!r} for {catalogue.task(task).title}; known are: {known}.")
    asked = set(settings.methods)
    found = [
        Contender(method.id, method.title, _alone(task, method, settings), quiet=_is_network(method) and not asked)
        for method in own.values()
        if not asked or method.id in asked
    ]
    for name in asked or SHARPENERS:
        if name in sharpeners:
            method = sharpeners[name]
            found.append(
                Contender(f"reference+{name}", f"{method.title} of the reference", _of_reference(method, settings))
            )
            first = catalogue.method(SUPER_RESOLUTION, FIRST)
            found.append(
                Contender(f"{FIRST}+{name}", f"{first.title}, then {method.title}", _after(first, method, settings))
            )
    return found


def _is_network(method: Method) -> bool:
    return method.runtime == "engine"


def _alone(task: str, method: Method, settings: MethodsSettings) -> Runner:
    """A method of the task itself."""

    def fuse(scene: Scene, path: Path, run_job: RunJob) -> None:
        run_job(task, method.id, [*scene.images, *scene.pan], path, settings.model_of(method.id))

    return fuse


def _of_reference(method: Method, settings: MethodsSettings) -> Runner:
    """Pansharpening of the reference alone."""

    def fuse(scene: Scene, path: Path, run_job: RunJob) -> None:
        reference = [_as_ms(item) for item in scene.images if item.index == 0]
        run_job(PANSHARPENING, method.id, [*reference, *scene.pan], path, settings.model_of(method.id))

    return fuse


def _after(first: Method, method: Method, settings: MethodsSettings) -> Runner:
    """Super-resolution by half of the way (on a logarithmic scale), pansharpening by the other half."""

    def fuse(scene: Scene, path: Path, run_job: RunJob) -> None:
        between = path.with_name("between.tif")
        try:
            run_job(SUPER_RESOLUTION, first.id, scene.images, between, None)
            pair = [Input("MS", str(between)), *scene.pan]
            run_job(PANSHARPENING, method.id, pair, path, settings.model_of(method.id))
        finally:
            between.unlink(missing_ok=True)

    return fuse


def _as_ms(item: Input) -> Input:
    return replace(item, role="MS", index=0, date=None)


class _Comparison(Contest):
    """The comparison of methods on revisits."""

    registered = True

    def __init__(
        self,
        revisits: Sequence[Input],
        pan: Optional[Input],
        settings: MethodsSettings,
        catalogue: Catalogue,
        feedback: Feedback,
        folder: Path,
        engine: EngineSettings,
    ) -> None:
        groups = [[item for item in revisits if item.index == index] for index in sorted({i.index for i in revisits})]
        if not groups:
            raise InputError("REVISITS is missing: at least 1 image is needed.")
        self._chosen, images = _chosen(groups, pan, settings)
        self._scene = Scene(images, () if pan is None else (pan,))
        truth = self._chosen.sources[0]
        ratio = settings.ratio or (RATIO if pan is None else ratio_of(truth, pan))
        super().__init__(truth, ratio, settings, catalogue, feedback, folder, engine)
        for line in self._chosen.notes:
            feedback.info(line)
        for line in self._chosen.warnings:
            feedback.warning(line)

    def degraded(self, feedback: Feedback) -> Scene:
        """Return the scene as a coarser sensor would have seen it: every revisit on its own grid, and PAN."""
        count = 1 + max(item.index for item in self._scene.images)
        part = Part(feedback, 0.0, 1.0)
        images: list[Input] = []
        pans: list[Input] = []
        for index in range(count):
            own = [item for item in self._scene.images if item.index == index]
            pan = self._scene.pan[0] if self._scene.pan and index == 0 else None
            files = str(self.folder / f"revisit_{index}.tif"), str(self.folder / "pan.tif") if pan else None
            jobs = degrade_jobs(
                own, pan, *files, self.settings.ratio or (None if pan else self.ratio), self.settings.blur, QUICK,
                self.settings.threads,
            )  # fmt: skip
            written = degrade_pair(jobs, part.part(index / count, 1 / count))
            images.append(Input(ROLE, written[0], index, date=own[0].date))
            pans += [Input("PAN", path) for path in written[1:]]
        return Scene(tuple(images), tuple(pans))

    def at_full_scale(self) -> Scene:
        """Return the scene itself."""
        return self._scene

    def full_scale_pair(self) -> Optional[tuple[list[Input], Input]]:
        """Return the reference and PAN, for the scores at full scale; None without PAN."""
        if not self._scene.pan:
            return None
        return [_as_ms(item) for item in self._scene.images if item.index == 0], self._scene.pan[0]

    def parameters_of(self, task: str) -> dict[str, Any]:
        """Return what holds for all methods: the revisits are chosen already, and the ratio is the protocol's."""
        ratio = self.ratio if not self._scene.pan else math.sqrt(self.ratio)
        reference = next(item.date for item in self._scene.images if item.index == 0)
        known = {REFERENCE_DATE: reference or "", MAX_DAYS: 0}
        return {**known, "RATIO": ratio} if task == SUPER_RESOLUTION else known

    def duels(self, methods: Sequence[Mapping[str, Any]], draws: Draws) -> list[dict[str, Any]]:
        """Compare the best network with the best of each kind of rival."""
        names = [str(method["id"]) for method in methods]
        own = [name for name in names if "+" not in name]
        rivals = {kind: [name for name in names if name.startswith(f"{kind}+")] for kind in ("reference", FIRST)}
        if not self._scene.pan or not own:
            return []
        return [
            duel(methods, draws, own, others, metric)
            for others in rivals.values()
            for metric in ("ergas", "q2n")
            if others
        ]

    def facts(self) -> dict[str, Any]:
        """Return what was compared, for the scores."""
        chosen = self._chosen
        shown = [
            {"name": one.name, "date": one.day if one.moment else None, "clear": share}
            for one, share in zip(chosen.revisits, chosen.clear)
        ]
        pan = {"pan": Path(self._scene.pan[0].path).name} if self._scene.pan else {}
        return {
            "task": SATFUSION if pan else SUPER_RESOLUTION,
            "ms": chosen.revisits[0].name,
            **pan,
            "revisits": shown,
            "left_out": [{"name": one.name, "reason": why} for one, why in chosen.left_out],
            "protocol": "wald",
        }


def _chosen(
    groups: Sequence[Sequence[Input]], pan: Optional[Input], settings: MethodsSettings
) -> tuple[Chosen, tuple[Input, ...]]:
    """Return the revisits that are used, and their inputs with the reference first and a date each, or none any."""
    sources = [describe(ROLE, list(group)) for group in groups]
    counts = {len(source.bands) for source in sources}
    if len(counts) > 1:
        raise InputError(f"The images of {ROLE} have different numbers of bands: {sorted(counts)}.")
    within = region_of(describe("PAN", [pan]).grid) if pan is not None else None
    chosen = choose(ROLE, revisits_of(ROLE, groups, sources), settings.parameters, within, "PAN")
    by_files = {source.files: group for source, group in zip(sources, groups)}
    images = []
    for index, (one, date) in enumerate(zip(chosen.revisits, _dates(chosen))):
        images += [replace(item, index=index, date=date) for item in by_files[one.source.files]]
    return chosen, tuple(images)


def _dates(chosen: Chosen) -> list[str]:
    """Return a date for each revisit: made-up ones where one is unknown, so that the choice made here stays."""
    moments = [one.moment for one in chosen.revisits if one.moment is not None]
    if len(moments) == len(chosen.revisits):
        return [moment.isoformat() for moment in moments]
    return [(_NO_DATE + datetime.timedelta(index)).isoformat() for index in range(len(chosen.revisits))]
