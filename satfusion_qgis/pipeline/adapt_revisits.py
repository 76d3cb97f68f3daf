"""Fits a small SatFusion to the user's own revisits and PAN, and fuses them with it where it beats the classical ways.

Revisits and PAN are degraded by their ratio (Wald, Ranchin, Mangolini 1997, PE&RS 63(6), 691-699), so that the
reference revisit is the truth. Blocks of it are held out; the network is fitted to the rest for a limited time, and its
best state on the held-out blocks is compared there with what needs no training: pansharpening of the reference alone,
back-projection of the revisits with PAN's detail, and super-resolution of them half the way followed by pansharpening.
Only a network that is better by 2 % in ERGAS, and not worse by more than 2 % in spectral angle, fuses the scene at full
scale.

The comparison, and the idea of fitting to the scene itself, are those of `pipeline.adapt`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

from ..catalogue import CATALOGUE, Catalogue
from ..inference.library import default_library
from ..inference.model_files import check_identifier, identifier_of
from ..runtime.settings import USUAL, EngineSettings
from ..runtime.worker_session import run_in_engine
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input, Job, Output
from ..tasks.method import Array, Method
from ..tasks.model_card import ModelCard
from ..tasks.patch_set import PANSHARPENING, SATFUSION, SUPER_RESOLUTION
from .adapt import (
    NO_MODEL,
    Adaptation,
    Found,
    better,
    budget,
    check_limits,
    check_new_folder,
    describe_scores,
    keep_cancelled,
    keep_model,
    scored_places,
    terms,
    tile_sums,
)
from .execute import RunResult, run
from .part_of_work import Part
from .patch_places import Area, Layout, split_by_place
from .patches import described_bands
from .reduced_revisits import Own, Reduced, open_own, whole_ratio
from .revisit_patches import BASE, RevisitSettings, area_of, make_patches, nest_of
from .sessions import check_engine, engine_python

SCRIPT = "satfusion:adapt_satfusion"
METHOD = "satfusion"
SHARPENINGS = ("gsa", "mtf_glp_hpm", "mtf_glp_local")
TWO_STEPS = "back_projection+"
_HALF = 2.0
_LEAST_RATIO = 1.25
_FRAMES = 8
_MOST_REVISITS = 12
_SIDES = (48, 32, 24)
_STRIDES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_HELD_OUT, _BUFFER = 0.2, 16
_MOST_BYTES = 256 << 20
_FEWEST_PATCHES = 12
_TILE = 8
_VALIDATE_EVERY = 50
_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_SETTINGS: Mapping[str, Any] = {
    "loss": "relative_angle_strong",
    "optimiser": "adamw",
    "weight_decay": 1e-4,
    "warm_up_steps": 50,
    "gradient_clip": 1.0,
    "batch": 8,
    "pan_noise": 0.05,
    "channels_last": True,
    "normalise": "scene",
    "scale": 1.0,
}
_RATE, _RATE_AGAIN = 1.5e-3, 7e-4
_DEGRADED_A_SECOND, _FUSED_A_SECOND = 1.5e6, 1.5e5  # coarse pixels of a revisit, fine pixels; on one core, measured


@dataclass(frozen=True)
class FitSettings:
    """How a network is fitted.

    Attributes:
        model: Weights to start from: a model's id or folder; "" for those that fit the scene, where there are any;
            "none" to begin from nothing.
        encoder: Network for the revisits, where it begins from nothing: "highresnet" or "srcnn".
        sharpener: Network for PAN, where it begins from nothing: "dicnn", "fusionnet" or "pnn".
        features: Features of the network for the revisits, where it begins from nothing.
        time_limit_s: Seconds for the fit.
        steps: Steps of the fit in place of the time; 0 for as many as the time allows.
        device: For the network.
        sharpenings: Pansharpening methods to compare with.
    """

    model: str = ""
    encoder: str = "highresnet"
    sharpener: str = "dicnn"
    features: int = 24
    time_limit_s: float = 120.0
    steps: int = 0
    device: str = "auto"
    sharpenings: tuple[str, ...] = SHARPENINGS

    def check(self) -> FitSettings:
        """Return the settings, checked.

        Raises:
            InputError: A value is out of range.
        """
        check_limits(self.time_limit_s, self.steps)
        if not 4 <= self.features <= 256:
            raise InputError(f"FEATURES must lie between 4 and 256, not {self.features}.")
        return self

    def configuration(self) -> dict[str, Any]:
        """Return the configuration of a network that begins from nothing."""
        sizes = {"hidden": self.features, "blocks": 1, "fine": 8}
        return {
            "encoder": self.encoder,
            "sharpener": self.sharpener,
            "encoder_settings": sizes,
            "sharpener_settings": {"width": 32} if self.sharpener in ("dicnn", "fusionnet") else {},
            "colour_width": 16,
        }


def adapt_revisits(
    job: Job,
    settings: Optional[FitSettings] = None,
    model_folder: str = "",
    catalogue: Catalogue = CATALOGUE,
    feedback: Optional[Feedback] = None,
    engine: EngineSettings = USUAL,
) -> Adaptation:
    """Fit a network to revisits and PAN, and fuse them with the best of it and the classical ways.

    Args:
        job: A job of SatFusion with inputs, OUTPUT and what else a run has; its method is chosen here.
        settings: How the network is fitted.
        model_folder: Where to keep the fitted model; "" throws it away.
        catalogue: Methods to choose from.
        feedback: Who is told, and who may cancel.
        engine: Where networks run, and where the user's models lie.

    Raises:
        InputError: Bad input or no engine; nothing is left.
        Cancelled: The user cancelled; nothing is left but, in `model_folder`, the best state of a fit that had begun.
    """
    settings = (settings or FitSettings()).check()
    kept = check_new_folder(model_folder)
    if job.task != SATFUSION:
        raise InputError(f"A job of {SATFUSION} is needed, not of {job.task}.")
    with tempfile.TemporaryDirectory(prefix="satfusion-") as folder:
        return _Adapting(job, settings, kept, catalogue, feedback or Feedback(), engine, Path(folder)).run()


class _Adapting:
    """One adaptation; the arguments are those of `adapt_revisits`, and a folder for files until the end."""

    def __init__(
        self,
        job: Job,
        settings: FitSettings,
        kept: Optional[Path],
        catalogue: Catalogue,
        feedback: Feedback,
        engine: EngineSettings,
        folder: Path,
    ) -> None:
        self._job, self._settings, self._kept, self._catalogue = job, settings, kept, catalogue
        self._feedback, self._engine, self._folder = feedback, engine, folder
        self._models = EngineSettings(engine.interpreter, folder / "models")

    def run(self) -> Adaptation:
        """Degrade, fit, compare and fuse."""
        check_engine(self._catalogue.method(SATFUSION, METHOD), self._engine)
        own = open_own(self._job, self._catalogue)
        try:
            for line in own.notes:
                self._feedback.info(line)
            for line in own.warnings:
                self._feedback.warning(line)
            ratio = whole_ratio(own)
            start = self._start(own, ratio)
            self._estimate(own, start)
            work = self._folder / "reduced"
            work.mkdir()
            reduced = Reduced(own, work, _MOST_REVISITS, Part(self._feedback, 0.0, 0.1))
            found = self._fitted_and_compared(own, reduced, ratio, start)
            classical = [name for name in found.scores if name not in found.networks]
            winner, why = better(found.scores, list(found.networks))
            title = self._say(found, winner, why)
            card = found.networks.get(winner)
            result = self._fused(own, winner, card, Part(self._feedback, 0.75, 0.25, says=True))
            folder = self._keep(found.networks.get("adapted"), found.scores, classical)
            facts = self._facts(own, found, winner, f"{title}: {why}.", "" if start is None else start.id)
            return Adaptation(winner, title, found.scores, found.held_out, why, found.steps, result, folder, facts)
        finally:
            own.close()

    # Before it begins.

    def _start(self, own: Own, ratio: int) -> Optional[ModelCard]:
        """Return the card of the weights to start from, or None."""
        name = self._settings.model.strip()
        if name.lower() == NO_MODEL:
            return None
        library = default_library(self._engine.models)
        if name:
            card = library.find(name)
            if card.task != SATFUSION or card.method != METHOD:
                raise InputError(f"MODEL: {card.id} is no SatFusion, which is what can be fitted here.")
            against = _reason_against(card, own, ratio)
            if against:
                raise InputError(f"MODEL: {card.id} {against}.")
            return card
        fitting = [card for card in library.cards() if card.task == SATFUSION and card.method == METHOD]
        return next((card for card in fitting if not _reason_against(card, own, ratio)), None)

    def _estimate(self, own: Own, start: Optional[ModelCard]) -> None:
        """Say what will be done, and about how long it takes."""
        threads = self._job.threads or os.cpu_count() or 1
        coarse = own.reference.grid.rows * own.reference.grid.columns * min(len(own.images), _MOST_REVISITS)
        fine = 0 if own.pan_source is None else own.pan_source.grid.rows * own.pan_source.grid.columns
        begin = "from nothing" if start is None else f"from the weights {start.id}"
        self._feedback.info(
            f"A network is fitted to the revisits, {begin}: about {10 + coarse / (_DEGRADED_A_SECOND * threads):.0f} s "
            f"to prepare, at most {self._settings.time_limit_s:.0f} s to fit, about "
            f"{5 + fine / (_FUSED_A_SECOND * threads):.0f} s to fuse"
        )

    # At the reduced scale.

    def _fitted_and_compared(self, own: Own, reduced: Reduced, ratio: int, start: Optional[ModelCard]) -> Found:
        found = Found({} if start is None else {"start": start})
        scene = reduced.scene()
        area = area_of(scene.stack, ratio, 1)
        layout = _layout_for(area, len(own.bands), ratio)
        if layout is None:
            self._feedback.info(
                f"The scene is too small to hold anything out: {area.columns} x {area.rows} pixels are left at the "
                "reduced scale, so no network is fitted"
            )
        elif self._patches(own, reduced, layout, ratio):
            found.networks["adapted"], found.steps = self._fitted(own, start)
        else:
            layout = None
        nest = nest_of(scene.stack, ratio)
        places, side = scored_places(area, layout)
        places = [(row + nest.row, column + nest.column) for row, column in places]
        rows = self._rows(own, reduced, found.networks, places, side)
        found.scores, found.intervals = describe_scores(rows, len(own.bands), own.ratio, self._feedback)
        found.held_out = len(places) if layout is not None else 0
        return found

    def _patches(self, own: Own, reduced: Reduced, layout: Layout, ratio: int) -> bool:
        """Cut the patches; tell whether there are enough, for many may hold missing pixels."""
        chosen = RevisitSettings(
            ratio,
            own.bands,
            layout,
            _FRAMES,
            _of_revisits(self._job),
            True,
            described_bands(own.pan_source, own.physical) if own.pan_source is not None else (),
            "physical" if own.physical else "dn",
            own.unit,
            product_level=own.reference.level,
            border=1,
        )
        try:
            make_patches(reduced.scenes(1), str(self._folder / "patches"), chosen, Part(self._feedback, 0.1, 0.05), 1)
        except InputError as error:
            self._feedback.warning(f"No network is fitted: {error}")
            return False
        return True

    def _fitted(self, own: Own, start: Optional[ModelCard]) -> tuple[ModelCard, int]:
        """Fit the network for the time given; return its card and the steps."""
        patches, name = self._folder / "patches", identifier_of(f"adapted {Path(own.reference.name).stem}")
        weights = None if start is None else start.file("safetensors")
        configuration = self._settings.configuration() if start is None else dict(start.configuration)
        begin = time.monotonic()
        arguments = {
            "patches": str(patches),
            "method": METHOD,
            "network": self._catalogue.method(SATFUSION, METHOD).network,
            "configuration": configuration,
            "model_folder": str((self._models.models or self._folder) / check_identifier(name[:60].rstrip("-"))),
            "initial": None if start is None or weights is None else str(start.verified(weights)),
            "script": SCRIPT,
            "settings": {
                **_SETTINGS,
                "learning_rate": _RATE if weights is None else _RATE_AGAIN,
                "validate_every": _VALIDATE_EVERY,
                **budget(self._settings, self._job),
            },
            "title": f"Fitted to {own.reference.name}",
            **terms(start),
        }
        found = fit(engine_python(self._engine), arguments, Part(self._feedback, 0.15, 0.45))
        card = ModelCard.load(Path(found["model_folder"]))
        if found.get("stopped") == "cancelled":
            keep_cancelled(card, self._kept, SCRIPT, self._feedback)
        shutil.rmtree(patches)
        self._feedback.info(
            f"Fitted: {found['steps']} steps in {time.monotonic() - begin:.0f} s, the state of step "
            f"{found['best_step']} is kept"
        )
        return card, int(found["steps"])

    def _rows(
        self, own: Own, reduced: Reduced, networks: Mapping[str, ModelCard], places: Any, side: int
    ) -> dict[str, Array]:
        """Fuse the degraded images in each way, and return the sums of the held-out tiles against the reference."""
        names = [*self._classical(own), *networks]
        part, job = Part(self._feedback, 0.6, 0.15, warns=False), reduced.job()
        grid = reduced.grid()
        rows: dict[str, Array] = {}
        for number, name in enumerate(names):
            path = self._folder / "small.tif"
            output = Output("OUTPUT", str(path), dtype="Float32", options=dict(_QUICK))
            one = replace(job, outputs=[output])
            try:
                self._way(name, networks.get(name), one, reduced.images[0], own.ratio,
                          part.part(number / len(names), 1 / len(names)))  # fmt: skip
            except InputError as error:
                if name in networks:
                    raise
                self._feedback.warning(f"{name} is left out of the comparison: {error}")
                continue
            rows[name] = tile_sums(path, own.reference, grid, reduced.truth_shift(), places, side)
            path.unlink()
        if not rows or set(rows) <= set(networks):
            raise InputError("No classical method could fuse the reduced images, so there is nothing to compare.")
        return rows

    def _classical(self, own: Own) -> list[str]:
        """Return the names of the ways that need no training."""
        two = [TWO_STEPS + name for name in self._settings.sharpenings] if own.ratio / _HALF >= _LEAST_RATIO else []
        return [*self._settings.sharpenings, BASE, *two]

    # Ways to fuse.

    def _way(
        self, name: str, card: Optional[ModelCard], job: Job, reference: Any, ratio: float, feedback: Feedback
    ) -> RunResult:
        """Fuse in one way.

        Args:
            name: Name of a pansharpening method, "back_projection", "back_projection+" and a pansharpening method, or
                that of a network.
            card: The network's card.
            job: Inputs and OUTPUT.
            reference: Inputs of the reference.
            ratio: Pixel of the reference / pixel of PAN.
            feedback: Who is told, and who may cancel.
        """
        if card is not None:
            method = self._catalogue.method(SATFUSION, card.method)
            taken = _taken(method, job)
            model = {"id": card.id if name == "adapted" else str(card.folder)}
            engine = self._models if name == "adapted" else self._engine
            made = replace(job, method=method.id, parameters=taken, model=model, device=self._settings.device)
            return run(made, self._catalogue, feedback, engine)
        if name == BASE:
            method = self._catalogue.method(SATFUSION, BASE)
            return run(replace(job, method=BASE, parameters=_taken(method, job), model=None), self._catalogue, feedback)
        pan = [replace(item, index=0) for item in job.inputs if item.role == "PAN"]
        if not name.startswith(TWO_STEPS):
            inputs = [replace(item, role="MS", index=0, date=None) for item in reference]
            return self._sharpened(name, inputs, pan, job, feedback)
        half = self._folder / "half.tif"
        method = self._catalogue.method(SUPER_RESOLUTION, BASE)
        output = Output("OUTPUT", str(half), dtype="Float32", options=dict(_QUICK))
        first = replace(
            job,
            task=SUPER_RESOLUTION,
            method=BASE,
            inputs=[item for item in job.inputs if item.role != "PAN"],
            outputs=[output],
            parameters={**_taken(method, job), "RATIO": ratio / _HALF},
            model=None,
            extent=None,
            area=None,
            preview=None,
        )
        try:
            run(first, self._catalogue, Part(feedback, 0.0, 0.6, warns=False), checks=False)
            return self._sharpened(
                name[len(TWO_STEPS) :], [Input("MS", str(half))], pan, job, Part(feedback, 0.6, 0.4, says=True)
            )
        finally:
            half.unlink(missing_ok=True)

    def _sharpened(self, name: str, ms: Any, pan: Any, job: Job, feedback: Feedback) -> RunResult:
        method = self._catalogue.method(PANSHARPENING, name)
        made = replace(
            job, task=PANSHARPENING, method=method.id, inputs=[*ms, *pan], parameters=_taken(method, job), model=None
        )
        return run(made, self._catalogue, feedback)

    # At full scale.

    def _fused(self, own: Own, winner: str, card: Optional[ModelCard], feedback: Feedback) -> RunResult:
        return self._way(winner, card, self._job, own.images[0], own.ratio, feedback)

    def _say(self, found: Found, winner: str, why: str) -> str:
        title = self._title(winner)
        where = f"on {found.held_out * _TILE**2} held-out pixels" if found.held_out else "on the whole reduced scene"
        scores = found.scores[winner]
        self._feedback.info(
            f"Fused with {title}: {why} ({where}: ERGAS {scores['ergas']:.3f}, SAM {scores['sam_degrees']:.3f} degrees)"
        )
        return title

    def _title(self, name: str) -> str:
        titles = {"adapted": "the network fitted to the revisits", "start": "the network as it was before the fit"}
        if name in titles:
            return titles[name]
        if name == BASE:
            return self._catalogue.method(SATFUSION, BASE).title
        sharpening = self._catalogue.method(PANSHARPENING, name[len(TWO_STEPS) :] if TWO_STEPS in name else name).title
        return f"Back-projection, then {sharpening}" if name.startswith(TWO_STEPS) else f"{sharpening} of the reference"

    def _keep(
        self, card: Optional[ModelCard], scores: Mapping[str, Mapping[str, float]], classical: Any
    ) -> Optional[Path]:
        if self._kept is None:
            return None
        if card is None:
            self._feedback.warning("MODEL_FOLDER stays empty: no network was fitted")
            return None
        keep_model(card, self._kept, scores, classical, SCRIPT)
        self._feedback.info(f"The fitted model is kept in {self._kept}")
        return self._kept

    def _facts(self, own: Own, found: Found, winner: str, reason: str, start: str) -> dict[str, Any]:
        return {
            "ms": f"{own.reference.name} and {len(own.images) - 1} more",
            "pan": "" if own.pan_source is None else own.pan_source.name,
            "ratio": own.ratio,
            "start": start,
            "steps": found.steps,
            "pixels": found.held_out * _TILE**2,
            "winner": winner,
            "reason": reason,
            "rows": {
                name: {"title": self._title(name), "interval": found.intervals.get(name), **values}
                for name, values in found.scores.items()
            },
        }


def fit(interpreter: Optional[Path], arguments: Mapping[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Fit a network in the engine; the arguments are those of `engine.training.run.train`.

    Raises:
        InputError: It cannot be fitted.
        Cancelled: The user cancelled before a state was validated.
    """
    return run_in_engine(interpreter, "train", arguments, feedback)


def _layout_for(area: Area, bands: int, ratio: int) -> Optional[Layout]:
    """Return how patches are laid out in the reduced scene, or None where it is too small."""
    for side in dict.fromkeys(one // ratio * ratio for one in _SIDES):
        for stride in dict.fromkeys(-(-one // ratio) * ratio for one in _STRIDES):
            layout = Layout(side, stride, ratio, _BUFFER, _HELD_OUT, 0.0, 0)
            try:
                places = split_by_place(area, layout)
            except InputError:
                break
            values = (2 * bands + 1) * side**2 + _FRAMES * (bands + 1) * (side // ratio) ** 2
            if 4 * values * sum(len(own) for own in places.values()) <= _MOST_BYTES:
                if len(places["train"]) >= _FEWEST_PATCHES:
                    return layout
                break
    return None


def _reason_against(card: ModelCard, own: Own, ratio: int) -> str:
    """Return why weights cannot be fitted to these revisits, as the end of a sentence about them; "" where they can."""
    item = card.input("REVISITS")
    if len(item.bands) != len(own.bands):
        return f"is for {len(item.bands)} bands, but REVISITS has {len(own.bands)}"
    if round(card.ratio[0]) != ratio:
        return f"is for a ratio of {card.ratio[0]:g}, but that of the images is {own.ratio:.4g}"
    if any(one.normalise != "scene" or one.clip is not None for one in card.inputs):
        return "is not normalised by the scene's own mean and deviation, so it cannot be fitted"
    for band, other in zip(item.bands, own.bands):
        known = band.wavelength_nm is not None and other["wavelength_nm"] is not None
        if known and abs(band.wavelength_nm - other["wavelength_nm"]) > max(band.width_nm or 0.0, 40.0):
            return f"has {band.name} where REVISITS has {other['name']}; give the bands in its order"
    return ""


def _of_revisits(job: Job) -> dict[str, Any]:
    return {name: value for name, value in job.parameters.items() if name in ("MAX_SHIFT", "SENSOR", "MTF_GAINS")}


def _taken(method: Method, job: Job) -> dict[str, Any]:
    """Return those of a job's parameters that a method has."""
    names = {item.name for item in method.parameters}
    return {name: value for name, value in job.parameters.items() if name in names}
