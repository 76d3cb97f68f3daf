"""Trains the networks for revisits that come with the plugin, and measures them on places they have not seen.

One network for multi-image super-resolution by 2 (a small HighRes-net) and one SatFusion by 4 (the same encoder, and a
small DiCNN as sharpener), both for blue, green, red and near infrared, both added to a classical method's estimate:
back-projection, and back-projection with PAN's detail.

The scenes are those of `scripts/train_shipped.py`, whose terms allow weights to be passed on. Eight revisits of each
are simulated, with shifts, blur, noise, brightness, clouds and the masks' errors drawn anew for each draw, and for
SatFusion a PAN. Registration, matching, masks and base are measured on them as they are when the network runs.

Scores are honest: the places are dealt out to folds, and each is scored by a network that was trained without its
fold, on revisits of another simulation than those for training (`simulate.HELD_OUT`), through the whole pipeline and
beside the classical ways. Rotterdam, which no network is trained on, is scored with the shipped one.

    python scripts/train_shipped_revisits.py --task super_resolution --models models --minutes 10
    python scripts/train_shipped_revisits.py --task satfusion --models models --minutes 10 --fold-minutes 3
    python scripts/train_shipped_revisits.py --task satfusion --models /tmp/m --places oresund,l1b --minutes 1

Runs in QGIS's Python, and trains in the engine's (SATFUSION_PYTHON, or the one that is installed).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "scripts")]

import real_places  # noqa: E402 (the checkout is put on the path first)
from train_shipped import BANDS, FOLDS, SCENES, SENTINEL, Scene, halved  # noqa: E402

from satfusion_qgis import pipeline  # noqa: E402
from satfusion_qgis.catalogue import CATALOGUE  # noqa: E402
from satfusion_qgis.classical.super_resolution.simulate import HELD_OUT  # noqa: E402
from satfusion_qgis.inference.model_files import write_card  # noqa: E402
from satfusion_qgis.pipeline.adapt_revisits import with_back_projection  # noqa: E402
from satfusion_qgis.pipeline.patch_places import Layout  # noqa: E402
from satfusion_qgis.pipeline.revisit_patches import RevisitSettings, TrainingScene, make_patches  # noqa: E402
from satfusion_qgis.pipeline.sessions import engine_python  # noqa: E402
from satfusion_qgis.pipeline.simulated_scenes import (  # noqa: E402
    drawn_simulation,
    simulated_pan,
    simulated_scene,
)
from satfusion_qgis.runtime.settings import USUAL  # noqa: E402
from satfusion_qgis.runtime.worker_session import run_in_engine  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402
from satfusion_qgis.tasks.patch_set import SPLITS, TRAIN, VALIDATION  # noqa: E402

SEED = 815
REVISITS = 8
DISPLACED = 0.5  # PAN pixels; PAN is laid over the reference by its own registration, which leaves less than this
PARAMETERS = {"MAX_SHIFT": 4.0}
# The state that is kept is chosen on these; whole scenes, and never a place that a fold is scored on.
VALIDATION_PATHS = (
    "multispectral/s2_l1b_crops/03.tif",
    "multispectral/s2_l1b_crops/07.tif",
    "aerial/north_dakota_naip/naip_20140720.tif",
)
ENCODER = {"hidden": 32, "blocks": 1}
NEVER_SEEN = Scene("rotterdam", "pansharpening/rotterdam_wv2/ms_1.tif", (1, 2, 3, 4), 1)
SCORED = 512  # side in pixels of the part of a place that is scored
PIXEL = 10.0


@dataclass(frozen=True)
class Plan:
    """What is trained for a task.

    Attributes:
        name: Folder of the model.
        title: Its title.
        method: Method id.
        network: "module:Class" of the network.
        configuration: Its keyword arguments.
        ratio: Fine pixels along a side of a coarse one.
        side: Side of a patch in fine pixels.
        crop: Largest side in fine pixels of the part of a scene that one draw shows.
        with_pan: Whether there is a PAN.
        rate: Learning rate.
    """

    name: str
    title: str
    method: str
    network: str
    configuration: Mapping[str, Any]
    ratio: int
    side: int
    crop: int
    with_pan: bool
    rate: float


PLANS = {
    "super_resolution": Plan(
        "highresnet-bgrn-ratio2",
        "HighRes-net for blue, green, red, near infrared at ratio 2",
        "highresnet",
        "engine.networks.super_resolution.highresnet:HighResNet",
        {**ENCODER, "fine": 16},
        2,
        48,
        192,
        False,
        1.5e-3,
    ),
    "satfusion": Plan(
        "satfusion-bgrn-ratio4",
        "SatFusion for blue, green, red, near infrared at ratio 4",
        "satfusion",
        "engine.networks.satfusion.satfusion:SatFusion",
        {
            "encoder": "highresnet",
            "sharpener": "dicnn",
            "encoder_settings": {**ENCODER, "fine": 8},
            "sharpener_settings": {"width": 32, "depth": 4, "kernel": 5},
            "colour_width": 16,
        },
        4,
        64,
        256,
        True,
        1.5e-3,
    ),
}
SETTINGS = {
    "loss": "relative_angle",
    "optimiser": "adamw",
    "weight_decay": 1e-4,
    "warm_up_steps": 100,
    "gradient_clip": 1.0,
    "batch": 8,
    "epochs": 1_000_000,
    "validate_every": 100,
    "validation_patches": 48,
    "pan_noise": 0.03,
    "levels": 0.7,
    "channels_last": True,
    "normalise": "scene",
    "scale": 1.0,
    "seed": 1,
}


def main() -> int:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--task", choices=sorted(PLANS), required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder that the model's own goes to")
    parser.add_argument("--minutes", type=float, default=10.0, help="time for the shipped network; default 10")
    parser.add_argument("--fold-minutes", type=float, default=0.0, help="time for each fold's; 0 leaves the folds out")
    parser.add_argument("--draws", type=float, default=1.0, help="factor on the number of draws of each scene")
    parser.add_argument("--places", default="", help="only these places, separated by commas; default all")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=Path, help="keep patches and networks here; a later run goes on with them")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="satfusion-shipped-"))
    try:
        _Training(arguments, PLANS[arguments.task], work).run()
    finally:
        if arguments.work is None:
            shutil.rmtree(work, ignore_errors=True)
    return 0


class _Log(Feedback):
    def info(self, text: str) -> None:
        print(f"  {text}", flush=True)

    def warning(self, text: str) -> None:
        print(f"  warning: {text}", flush=True)

    def scores(self, values: Mapping[str, Any]) -> None:
        print(
            f"  step {values['step']}, {values['seconds']:.0f} s: validation {values['validation_loss']:.4f} (base "
            f"{values['exp']['loss']:.4f}), ERGAS {values['ergas']:.3f} ({values['exp']['ergas']:.3f})",
            flush=True,
        )


class _Training:
    """The whole of it, for one task.

    Args:
        arguments: Those of the command line.
        plan: What is trained.
        work: Where files lie meanwhile.
    """

    def __init__(self, arguments: argparse.Namespace, plan: Plan, work: Path) -> None:
        self._given, self._plan, self._work = arguments, plan, work
        chosen = [name for name in arguments.places.split(",") if name]
        self._scenes = [scene for scene in SCENES if not chosen or scene.place in chosen]
        self._python = engine_python(USUAL)

    def run(self) -> None:
        """The shipped network first, for it is what is wanted; then one for each fold, and the scores on its card."""
        self._work.mkdir(parents=True, exist_ok=True)
        shipped = self._train(self._plan.name, (), self._given.minutes)
        self._publish(shipped, [])
        entries: list[dict[str, Any]] = []
        if self._given.fold_minutes:
            places = {scene.place for scene in self._scenes}
            for number, fold in enumerate(FOLDS):
                if places & set(fold) and places - set(fold):
                    folder = self._train(f"fold_{self._plan.method}_{number}", fold, self._given.fold_minutes)
                    for place in fold:
                        entries += self._scored(place, folder) if place in places else []
            entries += self._scored("", shipped)
            self._publish(shipped, entries)

    def _train(self, name: str, left_out: Sequence[str], minutes: float) -> Path:
        """Train a network without some places."""
        folder, patches = self._work / name, self._work / f"{name}.patches"
        if (folder / "card.json").is_file():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        begin = time.monotonic()
        made = make_patches(self._made(left_out), str(patches), self._settings(), _Log())
        prepared = time.monotonic()
        counts = ", ".join(f"{made['counts'][split]} {split}" for split in SPLITS)
        print(f"{name}: {counts} patches of {len(made['sources'])} draws in {prepared - begin:.0f} s", flush=True)
        plan = self._plan
        found = run_in_engine(
            self._python,
            "train",
            {
                "patches": str(patches.absolute()),
                "method": plan.method,
                "network": plan.network,
                "configuration": dict(plan.configuration),
                "model_folder": str(folder.absolute()),
                "settings": {
                    **SETTINGS,
                    "learning_rate": plan.rate,
                    "time_limit_s": 60 * minutes,
                    "device": self._given.device,
                    "threads": self._given.threads,
                },
                "title": plan.title,
                "licence": "GPL-3.0-or-later",
                "attribution": f"{SENTINEL}; Landsat courtesy of the U.S. Geological Survey; NAIP courtesy of the USDA",
            },
            _Log(),
        )
        own, base = found["scores"], found["baseline"]
        print(
            f"{name}: {found['steps']} steps in {time.monotonic() - prepared:.0f} s, best {found['best_step']}, on the "
            f"{found['split']} patches ERGAS {own['ergas']:.3f} (base {base['ergas']:.3f}), SAM "
            f"{own['sam_degrees']:.3f} ({base['sam_degrees']:.3f})",
            flush=True,
        )
        shutil.rmtree(patches)
        return folder

    def _settings(self) -> RevisitSettings:
        plan = self._plan
        bands = [{"name": name, "wavelength_nm": at, "width_nm": width, "unit": ""} for name, at, width in BANDS]
        layout = Layout(side=plan.side, stride=plan.side, multiple=plan.ratio, buffer=0, test=0.0)
        return RevisitSettings(
            plan.ratio, bands, layout, REVISITS, PARAMETERS, plan.with_pan, unit="", protocol="simulated revisits"
        )

    # Scenes.

    def _made(self, left_out: Sequence[str]) -> Iterator[TrainingScene]:
        """Yield draws of each scene, but for those of places that are left out."""
        plan = self._plan
        for number, scene in enumerate(self._scenes):
            if scene.place in left_out:
                continue
            split = VALIDATION if scene.path in VALIDATION_PATHS else TRAIN
            image = real_places._read(real_places._needed(self._given.data / scene.path))
            image = image[[band - 1 for band in scene.bands]]
            image = image if scene.rows is None else image[:, slice(*scene.rows)]
            count = max(1, round(scene.draws * self._given.draws)) if split == TRAIN else min(2, scene.draws)
            for draw in range(count):
                made = self._drawn(scene, image, (SEED, plan.ratio, 0, number, draw), draw, split)
                if made is not None:
                    yield made

    def _drawn(self, scene: Scene, image: Any, seed: tuple[int, ...], draw: int, split: str) -> TrainingScene | None:
        """Return one draw of a scene; None where nothing is left of it."""
        plan, rng = self._plan, np.random.default_rng(seed)
        softer = draw % 4 == 3
        sides = [min(length, plan.crop * (2 if softer else 1)) for length in image.shape[1:]]
        if softer and min(sides) // 2 < 2 * plan.side:
            softer, sides = False, [min(length, plan.crop) for length in image.shape[1:]]
        top, left = (int(rng.integers(whole - part + 1)) for whole, part in zip(image.shape[1:], sides))
        part = image[:, top : top + sides[0], left : left + sides[1]]
        part = halved(part) if softer else part
        valid = np.isfinite(part).all(axis=0)
        if min(part.shape[1:]) < plan.side + 4 * plan.ratio or valid.mean() < 0.5:
            return None
        pan = simulated_pan(part, rng, DISPLACED)[None] if plan.with_pan else None
        simulation = drawn_simulation(rng, len(part), REVISITS)
        filled = np.where(valid, part, 0.0)
        name = f"{scene.place}, {Path(scene.path).stem}, draw {draw + 1}"
        return simulated_scene(name, filled, plan.ratio, simulation, pan, valid, split, scene.place)

    # The card.

    def _scored(self, place: str, folder: Path) -> list[dict[str, Any]]:
        """Return the entries of the card for a place that a network has not seen; "" stands for Rotterdam."""
        plan = self._plan
        scene = next((one for one in SCENES if one.place == place), NEVER_SEEN)
        try:
            image = real_places._read(real_places._needed(self._given.data / scene.path))
        except FileNotFoundError:
            return []
        image = image[[band - 1 for band in scene.bands]]
        image = image if scene.rows is None else image[:, slice(*scene.rows)]
        rows, columns = (min(length, SCORED) // (2 * plan.ratio) * 2 * plan.ratio for length in image.shape[1:])
        image = image[:, :rows, :columns]
        image = np.where(np.isfinite(image), image, np.nanmean(image, axis=(1, 2), keepdims=True))
        rng = np.random.default_rng([SEED, plan.ratio, 2])
        pan = simulated_pan(image, rng)[None] if plan.with_pan else None
        made = simulated_scene(scene.place, image, plan.ratio, replace(HELD_OUT, revisits=REVISITS, seed=SEED), pan)
        with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
            found = _Scene(made, image, pan, plan, Path(temporary)).scores(folder)
        best = min((name for name in found if name != plan.method), key=lambda name: found[name])
        own = found[plan.method]
        table = ", ".join(f"{name} {value:.3f}" for name, value in sorted(found.items(), key=lambda item: item[1]))
        print(f"  {scene.place}: ERGAS {table}", flush=True)
        protocol = "leave one place out" if place else "never trained on"
        return [
            {
                "place": scene.place,
                "protocol": f"simulated revisits of another kind than for training, {protocol}",
                "metric": "ergas",
                "value": own,
                "interval": None,
                "units": "",
                "baseline": {"method": name, "value": found[name]},
            }
            for name in dict.fromkeys((best, "back_projection"))
        ]

    def _publish(self, folder: Path, entries: Sequence[Mapping[str, Any]]) -> None:
        """Copy the model to where it is wanted, with a card that says what it is for and what it reaches."""
        target = self._given.models / folder.name
        part = target.with_name(f".{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        self._given.models.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, part, ignore=shutil.ignore_patterns("training"))
        card = json.loads((part / "card.json").read_text(encoding="utf-8"))
        for item in card["inputs"]:
            item["units"] = "physical"  # any units will do, for a scene's own statistics take gain and offset away
            if item["role"] == "REVISITS":
                item["bands"] = [{"name": name, "wavelength_nm": at, "width_nm": width} for name, at, width in BANDS]
        card["gsd_m"] = card["product_level"] = None
        places = sorted({scene.place for scene in self._scenes})
        if entries:
            card["scores"] = [dict(entry) for entry in entries]
        lost = sorted({one["place"] for one in entries if one["value"] >= one["baseline"]["value"]})
        card["limits"] = [
            "Trained on simulated revisits of pixels of 5 m and more; on real ones look at the consistency with the "
            "revisits, or fit it to your own.",
            *(
                ["Scores but that of rotterdam are those of networks that were trained in the same way, for a "
                 "shorter time, without the places that they are scored on."]
                if entries
                else []
            ),
            *([f"Loses in ERGAS to the best classical way on {', '.join(lost)}."] if lost else []),
        ]  # fmt: skip
        card["training"]["script"] = "scripts/train_shipped_revisits.py"
        card["training"]["data"] = [
            {"place": place, "files": sorted({scene.path for scene in self._scenes if scene.place == place})}
            for place in places
        ]
        write_card(part, card)
        try:
            run_in_engine(self._python, "export_model", {"MODEL": str(part.absolute())}, Feedback())
        except InputError as error:
            print(f"  no ONNX: {error}", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        print(f"wrote {target}", flush=True)


class _Scene:
    """A simulated scene as files, and what each way makes of it.

    Args:
        scene: The scene.
        truth: What a perfect result shows.
        pan: Its PAN, or None.
        plan: What was trained.
        folder: Where files go.
    """

    def __init__(self, scene: TrainingScene, truth: Any, pan: Any, plan: Plan, folder: Path) -> None:
        self._truth, self._plan, self._folder = truth, plan, folder
        self._catalogue = with_back_projection(CATALOGUE)
        self._revisits = []
        for number, image in enumerate(scene.stack.revisits):
            values, valid = image.data.read(0, 0, image.rows.size, image.columns.size)
            path = folder / f"revisit_{number}.tif"
            real_places._write(path, values if valid is None else np.where(valid, values, np.nan), PIXEL * plan.ratio)
            self._revisits.append(Input("REVISITS", str(path), number, date=f"2024-06-{number + 1:02d}"))
        self._pan = []
        if pan is not None:
            real_places._write(folder / "pan.tif", pan, PIXEL)
            self._pan = [Input("PAN", str(folder / "pan.tif"))]

    def scores(self, model: Path) -> dict[str, float]:
        """Return the ERGAS of the network and of the classical ways by name."""
        plan, found = self._plan, {}
        task = "multi_image_pansharpening" if plan.with_pan else "super_resolution"
        found[plan.method] = self._ergas(task, plan.method, [*self._revisits, *self._pan], model)
        found["back_projection"] = self._ergas(task, "back_projection", [*self._revisits, *self._pan])
        if not plan.with_pan:
            for name in ("median", "shift_and_add", "kernel_regression"):
                found[name] = self._ergas(task, name, self._revisits)
            return found
        half = self._folder / "half.tif"
        self._run("super_resolution", "back_projection", self._revisits, half, plan.ratio / 2)
        for name in ("gsa", "mtf_glp_local", "mtf_glp_hpm"):
            reference = Input("MS", self._revisits[0].path)
            found[f"{name} of the reference"] = self._ergas("pansharpening", name, [reference, *self._pan])
            two = [Input("MS", str(half)), *self._pan]
            found[f"back_projection, then {name}"] = self._ergas("pansharpening", name, two)
        return found

    def _run(
        self, task: str, method: str, inputs: Sequence[Input], path: Path, ratio: float, model: Path | None = None
    ) -> None:
        names = {item.name for item in self._catalogue.method(task, method).parameters}
        given = {"REFERENCE_DATE": "2024-06-01", "MAX_DAYS": 0, "RATIO": ratio, **PARAMETERS}
        job = Job(
            task, method, list(inputs), [Output("OUTPUT", str(path), dtype="Float32", options=real_places.PLAIN)],
            parameters={name: value for name, value in given.items() if name in names},
            model=None if model is None else {"id": str(model)},
            threads=1,
        )  # fmt: skip
        pipeline.run(job, self._catalogue)

    def _ergas(self, task: str, method: str, inputs: Sequence[Input], model: Path | None = None) -> float:
        path, ratio = self._folder / "fused.tif", self._plan.ratio
        self._run(task, method, inputs, path, float(ratio), model)
        edge = 4 * ratio
        inside = np.s_[:, edge : self._truth.shape[1] - edge, edge : self._truth.shape[2] - edge]
        fused, truth = real_places._read(path)[inside], self._truth[inside]
        valid = np.isfinite(fused).all(axis=0)
        errors = np.square(fused - truth)[:, valid].mean(axis=1)
        return float(100 / ratio * np.sqrt((errors / np.square(truth[:, valid].mean(axis=1))).mean()))


if __name__ == "__main__":
    sys.exit(main())
