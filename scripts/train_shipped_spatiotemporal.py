"""Trains the network for spatiotemporal fusion that comes with the plugin, and measures it on places it has not seen.

EDC-STFN for one pair and six bands (blue, green, red, near infrared, both short-wave infrared) in reflectance, for
coarse pixels of 9 to 21 fine ones: MODIS of 463 m beside Landsat of 25 to 30 m has 15 to 19. Its result is added to the
fine image plus the interpolated change, so that it begins as that baseline.

The scenes are those of the folder `shared/data` with these six bands whose terms allow weights to be passed on: Landsat
(public domain) and Copernicus Sentinel-2 (free use with its notice). Dates are simulated from them
(`classical.spatiotemporal.simulate`): seasons, changes of cover, the other sensor with its blur, noise, clouds and
errors of position, all drawn anew for each draw. The images go through the pipeline as real ones do.

Scores are honest: the places are dealt out to folds, and each is scored by a network that was trained without its
fold, on dates of another simulation than those for training (`simulate.HELD_OUT`), beside the baselines, STARFM and
Fit-FC. Coleambally, real dates of which no network has seen any, is scored with the shipped one; its coarse pixels are
of 9.3 fine ones.

    python scripts/train_shipped_spatiotemporal.py --models models --minutes 20 --fold-minutes 6
    python scripts/train_shipped_spatiotemporal.py --models /tmp/m --places rondonia,amazon --minutes 1 --draws 0.2

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import real_places  # noqa: E402 (the checkout is put on the path first)

from satfusion_qgis import pipeline  # noqa: E402
from satfusion_qgis.classical.spatiotemporal.simulate import HELD_OUT  # noqa: E402
from satfusion_qgis.inference.model_files import write_card  # noqa: E402
from satfusion_qgis.pipeline.patch_places import Layout  # noqa: E402
from satfusion_qgis.pipeline.sessions import engine_python  # noqa: E402
from satfusion_qgis.pipeline.simulate_pairs import FineScene, drawn_pairs, simulated_triplet  # noqa: E402
from satfusion_qgis.pipeline.triplet_patches import (  # noqa: E402
    Triplet,
    TripletSettings,
    make_triplet_patches,
)
from satfusion_qgis.runtime.settings import USUAL  # noqa: E402
from satfusion_qgis.runtime.worker_session import run_in_engine  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402
from satfusion_qgis.tasks.patch_set import SPLITS, TRAIN, VALIDATION  # noqa: E402

SEED = 3371
TASK = "spatiotemporal_fusion"
NAME, TITLE = "edcstfn-bgrnss-ratio16", "EDC-STFN for six bands of Landsat or Sentinel-2 and MODIS, ratio 9 to 21"
METHOD, NETWORK = "edcstfn", "engine.networks.spatiotemporal.edcstfn:EDCSTFN"
CONFIGURATION = {"widths": [24, 48, 64], "on_change": True}
SENTINEL = "Contains modified Copernicus Sentinel data"
# name, centre and width in nm: the width is how far a scene's band may lie from the centre.
BANDS = (
    ("Blue", 485.0, 60.0),
    ("Green", 560.0, 60.0),
    ("Red", 660.0, 60.0),
    ("NIR", 845.0, 90.0),
    ("SWIR1", 1630.0, 120.0),
    ("SWIR2", 2190.0, 160.0),
)
RATIOS = (9.0, 21.0)
SIDE = 64
CROP = 352  # side in pixels of the part of a scene that one draw shows
SCORED, SCORED_RATIO, SCORED_DRAWS = 480, 16.0, 3
_LEFT_OUT = "simulated dates of another kind than for training, leave one place out"
BASELINES = ("copy", "add_change", "starfm", "fit_fc")
SETTINGS = {
    "loss": "mse",
    "optimiser": "adamw",
    "learning_rate": 1.5e-3,
    "weight_decay": 1e-4,
    "warm_up_steps": 100,
    "gradient_clip": 1.0,
    "batch": 8,
    "epochs": 1_000_000,
    "validate_every": 100,
    "validation_patches": 96,
    "levels": 0.1,
    "exchange": True,
    "channels_last": True,
    "normalise": "standard",
    "scale": 1.0,
    "seed": 1,
}


@dataclass(frozen=True)
class Scene:
    """A scene with the six bands.

    Attributes:
        place: All scenes of a place are left out together.
        files: For each file below the folder of the data its path, the numbers of the bands wanted, in order, and
            whether it is halved (means of 2 x 2 pixels) to the pixels of the others.
        draws: How often dates are drawn of it.
        rows: First and last row to use, or None for all.
    """

    place: str
    files: tuple[tuple[str, tuple[int, ...], bool], ...]
    draws: int
    rows: Optional[tuple[int, int]] = None

    def read(self, data: Path) -> Any:
        """Return reflectance (bands, rows, columns), not a number where missing."""
        parts = []
        for path, bands, half in self.files:
            image = real_places._read(real_places._needed(data / path))[[band - 1 for band in bands]]
            parts.append(halved(image) if half else image)
        image = np.concatenate(parts)
        return image if self.rows is None else image[:, slice(*self.rows)]


def halved(image: Any) -> Any:
    """Return means of 2 x 2 pixels."""
    bands, rows, columns = image.shape
    image = image[:, : rows // 2 * 2, : columns // 2 * 2]
    return image.reshape(bands, rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))


_SIX = (1, 2, 3, 4, 5, 6)
SCENES = (
    Scene("gewata", (("multispectral/gewata_l7/ms.tif", _SIX, False),), 40),
    Scene("rondonia", (("multispectral/rondonia_l8/ms.tif", _SIX, False),), 20),
    Scene(
        "oresund",
        (
            ("multispectral/oresund_s2/s2_l1c_10m.tif", (3, 2, 1), True),
            ("multispectral/oresund_s2/s2_l1c_20m.tif", (4, 5, 6), False),
        ),
        20,
    ),
    Scene("amazon", (("multispectral/amazon_s2/s2_l2a_10m.tif", (2, 3, 4, 8, 11, 12), False),), 14),
    Scene("baldwin", (("pansharpening/baldwin_l8/ms.tif", (2, 3, 4, 5, 6, 7), False),), 10, (470, 603)),
)
FOLDS = (("gewata",), ("oresund", "baldwin"), ("rondonia", "amazon"))


def main() -> int:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--models", type=Path, required=True, help="folder that the model's own goes to")
    parser.add_argument("--minutes", type=float, default=20.0, help="time for the shipped network; default 20")
    parser.add_argument("--fold-minutes", type=float, default=0.0, help="time for each fold's; 0 leaves the folds out")
    parser.add_argument("--draws", type=float, default=1.0, help="factor on the number of draws of each scene")
    parser.add_argument("--places", default="", help="only these places, separated by commas; default all")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=Path, help="keep patches and networks here; a later run goes on with them")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="satfusion-shipped-"))
    try:
        Training(arguments, work).run()
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
            f"  step {values['step']}, {values['seconds']:.0f} s: validation, square error x 1e8 "
            f"{1e8 * values['validation_loss']:.0f} (added change {1e8 * values['exp']['loss']:.0f})",
            flush=True,
        )


class Training:
    """The whole of it.

    Args:
        arguments: Those of the command line: data, models, minutes, fold_minutes, draws, places, device, threads.
        work: Where files lie meanwhile.
    """

    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        self._given, self._work = arguments, work
        chosen = [name for name in arguments.places.split(",") if name]
        self._scenes = [scene for scene in SCENES if not chosen or scene.place in chosen]
        self._python = engine_python(USUAL)

    def run(self) -> None:
        """The shipped network first, for it is what is wanted; then one for each fold, and the scores on its card."""
        self._work.mkdir(parents=True, exist_ok=True)
        shipped = self.train(NAME, (), self._given.minutes)
        real = self.on_real_dates(shipped)
        self._publish(shipped, real)
        entries: list[dict[str, Any]] = []
        if self._given.fold_minutes:
            places = {scene.place for scene in self._scenes}
            for number, fold in enumerate(FOLDS):
                if places & set(fold) and places - set(fold):
                    folder = self.train(f"fold_{number}", fold, self._given.fold_minutes)
                    for place in fold:
                        if place in places:
                            entries += _entries(place, self.scored(place, folder), _LEFT_OUT)
            self._publish(shipped, [*entries, *real])

    def train(self, name: str, left_out: Sequence[str], minutes: float) -> Path:
        """Train a network without some places, and return its folder."""
        folder, patches = self._work / name, self._work / f"{name}.patches"
        if (folder / "card.json").is_file():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        begin = time.monotonic()
        settings = TripletSettings(
            Layout(SIDE, SIDE, 1, 0, test=0.0),
            least_valid=0.8,
            protocol="simulated dates",
            rule="draws of each scene",
        )
        with tempfile.TemporaryDirectory(dir=self._work) as images:
            made = make_triplet_patches(self._drawn(left_out, Path(images)), str(patches), settings, _Quiet())
        prepared = time.monotonic()
        counts = ", ".join(f"{made['counts'][split]} {split}" for split in SPLITS)
        print(f"{name}: {counts} patches of {len(made['sources'])} draws in {prepared - begin:.0f} s", flush=True)
        found = run_in_engine(
            self._python,
            "train",
            {
                "patches": str(patches.absolute()),
                "method": METHOD,
                "network": NETWORK,
                "configuration": dict(CONFIGURATION),
                "model_folder": str(folder.absolute()),
                "settings": {
                    **SETTINGS,
                    "time_limit_s": 60 * minutes,
                    "device": self._given.device,
                    "threads": self._given.threads,
                },
                "title": TITLE,
                "licence": "GPL-3.0-or-later",
                "attribution": f"{SENTINEL}; Landsat courtesy of the U.S. Geological Survey",
            },
            _Log(),
        )
        own, base = found["scores"], found["baseline"]
        print(
            f"{name}: {found['steps']} steps in {time.monotonic() - prepared:.0f} s, best {found['best_step']}, RMSE "
            f"on the {found['split']} patches {own['rmse_all']:.5f} (added change {base['rmse_all']:.5f})",
            flush=True,
        )
        shutil.rmtree(patches)
        return folder

    # Scenes.

    def _drawn(self, left_out: Sequence[str], folder: Path) -> Iterator[Triplet]:
        """Yield draws of each scene, but for those of places that are left out.

        Every seventh draw of a scene validates: the state that is kept is chosen on the places that are trained on, and
        never on one that is scored.
        """
        for number, scene in enumerate(SCENES):
            if scene.place in left_out or scene not in self._scenes:
                continue
            image = scene.read(self._given.data)
            for draw in range(max(2, round(scene.draws * self._given.draws))):
                rng = np.random.default_rng([SEED, number, draw])
                part = _part(image, rng, draw % 4 == 3)
                if part is None:
                    continue
                split = VALIDATION if draw % 7 == 1 else TRAIN
                fine = _fine(f"{scene.place}, draw {draw + 1}", part, scene.place, split)
                yield simulated_triplet(fine, float(rng.uniform(*RATIOS)), 1, drawn_pairs(rng), rng, folder)

    # Scores.

    def scored(self, place: str, folder: Path) -> dict[str, float]:
        """Return the root mean square error (reflectance) of a network and of the classical ways on a place."""
        scene = next(one for one in SCENES if one.place == place)
        image = scene.read(self._given.data)
        errors: dict[str, list[float]] = {}
        for draw in range(SCORED_DRAWS):
            rng = np.random.default_rng([SEED, 7919, draw])
            rows, columns = (min(length, SCORED) for length in image.shape[1:])
            top, left = (int(rng.integers(whole - part + 1)) for whole, part in zip(image.shape[1:], (rows, columns)))
            part = image[:, top : top + rows, left : left + columns]
            with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
                work = Path(temporary)
                triplet = simulated_triplet(_fine(place, part, place, ""), SCORED_RATIO, 1, HELD_OUT, rng, work)
                for name, error in errors_of(triplet, work, folder).items():
                    errors.setdefault(name, []).append(error)
        found = {name: float(np.sqrt(np.mean(np.square(several)))) for name, several in errors.items()}
        _tell(place, found)
        return found

    def on_real_dates(self, folder: Path) -> list[dict[str, Any]]:
        """Return entries of the card for the dates of Coleambally; none where they are not at hand."""
        entries: list[dict[str, Any]] = []
        place = self._given.data / "spatiotemporal" / "coleambally"
        for pair, target in (("20011125", "20020112"), ("20011008", "20011017"), ("20011102", "20011017")):
            files = {
                role: place / f"{sensor}_{day}.tif"
                for role, sensor, day in (
                    ("FINE_1", "landsat7", pair),
                    ("COARSE_1", "modis", pair),
                    ("COARSE_TARGET", "modis", target),
                    ("truth", "landsat7", target),
                )
            }
            if not all(path.is_file() for path in files.values()):
                return entries
            truth = str(files.pop("truth"))
            inputs = [Input(role, str(path), wavelengths_nm=[at for _, at, _ in BANDS]) for role, path in files.items()]
            for item in inputs:
                item.date = _iso(target if item.role.endswith("TARGET") else pair)
            with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
                found = _errors(inputs, truth, Path(temporary), folder, {"RATIO": 9.26})
            name = f"coleambally, {target} from {pair}"
            _tell(name, found)
            entries += _entries(name, found, "real dates, never trained on")
        return entries

    def _publish(self, folder: Path, entries: Sequence[Mapping[str, Any]]) -> None:
        """Copy the model to where it is wanted, with a card that says what it is for and what it reaches."""
        target = self._given.models / folder.name
        part = target.with_name(f".{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        self._given.models.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, part, ignore=shutil.ignore_patterns("training"))
        card = json.loads((part / "card.json").read_text(encoding="utf-8"))
        for item in card["inputs"]:
            item["bands"] = [{"name": name, "wavelength_nm": at, "width_nm": width} for name, at, width in BANDS]
        card["gsd_m"] = card["product_level"] = None
        card["ratio"] = {**card["ratio"], "min": RATIOS[0], "max": RATIOS[1]}
        if entries:
            card["scores"] = [dict(entry) for entry in entries]
        lost = sorted({one["place"] for one in entries if one["value"] >= one["baseline"]["value"]})
        card["limits"] = [
            "Trained on simulated dates, whose seasons are simpler than real ones; compare it with STARFM or Fit-FC on "
            "dates that you know, or fit it to your own pairs.",
            *(
                ["Scores of places but coleambally are those of networks that were trained in the same way, for a "
                 "shorter time, without the places that they are scored on."]
                if any("leave" in one["protocol"] for one in entries)
                else []
            ),
            *([f"Not better than the best classical way on {'; '.join(lost)}."] if lost else []),
        ]  # fmt: skip
        card["training"]["script"] = "scripts/train_shipped_spatiotemporal.py"
        card["training"]["data"] = [
            {"place": scene.place, "files": [path for path, _, _ in scene.files]} for scene in self._scenes
        ]
        write_card(part, card)
        try:
            run_in_engine(self._python, "export_model", {"MODEL": str(part.absolute())}, Feedback())
        except InputError as error:
            print(f"  no ONNX: {error}", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        print(f"wrote {target}", flush=True)


class _Quiet(Feedback):
    """Says nothing of single draws."""


def _part(image: Any, rng: np.random.Generator, softer: bool) -> Optional[Any]:
    """Return the part of a scene that a draw shows, with pixels twice as large where `softer`; None for too little."""
    largest = 2 * CROP if softer else CROP
    if softer and min(image.shape[1:]) < 8 * SIDE:
        softer, largest = False, CROP
    sides = [min(length, largest) for length in image.shape[1:]]
    top, left = (int(rng.integers(whole - part + 1)) for whole, part in zip(image.shape[1:], sides))
    part = image[:, top : top + sides[0], left : left + sides[1]]
    turned = np.rot90(part, int(rng.integers(4)), (1, 2))
    part = halved(turned) if softer else turned
    return part if np.isfinite(part).all(axis=0).mean() > 0.5 else None


def _fine(name: str, image: Any, place: str, split: str) -> FineScene:
    valid = np.isfinite(image).all(axis=0)
    values = np.maximum(np.where(valid, image, 0.0), 0.0)
    return FineScene(name, values, [at for _, at, _ in BANDS], [name for name, _, _ in BANDS], valid, place, split)


def errors_of(triplet: Triplet, work: Path, model: Optional[Path]) -> dict[str, float]:
    """Return the root mean square error of each way to predict a simulated triplet, in reflectance."""
    pair = triplet.pairs[0]
    inputs = [
        Input("FINE_1", pair.fine[0].path, date=pair.date, pair=1),
        Input("COARSE_1", pair.coarse[0].path, date=pair.date, pair=1),
        Input("COARSE_TARGET", triplet.target.coarse[0].path, date=triplet.target.date),
    ]
    return _errors(inputs, triplet.target.fine[0].path, work, model, {})


def _errors(
    inputs: Sequence[Input], truth: str, work: Path, model: Optional[Path], parameters: Mapping[str, Any]
) -> dict[str, float]:
    reference = _on_disk(truth)
    images = {}
    for method in (*BASELINES, *([METHOD] if model is not None else [])):
        path = work / f"{method}.tif"
        output = Output("OUTPUT", str(path), dtype="Float32", options={**real_places.PLAIN, "UNITS": "reflectance"})
        own = None if method != METHOD else {"id": str(model)}
        job = Job(TASK, method, list(inputs), [output], parameters=dict(parameters), model=own, threads=1)
        pipeline.run(job)
        images[method] = _on_disk(str(path))
    valid = np.isfinite(reference).all(axis=0)
    for image in images.values():
        valid &= np.isfinite(image).all(axis=0)
    return {name: float(np.sqrt(np.square(image - reference)[:, valid].mean())) for name, image in images.items()}


def _on_disk(path: str) -> Any:
    return real_places._read(Path(path))


def _entries(place: str, found: Mapping[str, float], protocol: str) -> list[dict[str, Any]]:
    """Return the card's entries: beside the best of the other ways, and beside the added change."""
    best = min((name for name in found if name != METHOD), key=lambda name: found[name])
    return [
        {
            "place": place,
            "protocol": protocol,
            "metric": "rmse",
            "value": found[METHOD],
            "interval": None,
            "units": "reflectance",
            "baseline": {"method": name, "value": found[name]},
        }
        for name in dict.fromkeys((best, "add_change"))
    ]


def _tell(place: str, found: Mapping[str, float]) -> None:
    table = ", ".join(f"{name} {1e4 * value:.1f}" for name, value in sorted(found.items(), key=lambda item: item[1]))
    print(f"  {place}: RMSE x 10000 {table}", flush=True)


def _iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00Z"


if __name__ == "__main__":
    sys.exit(main())
