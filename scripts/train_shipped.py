"""Trains the pansharpening networks that come with the plugin, and measures them on places they have not seen.

The scenes are those of the folder `shared/data` whose terms allow weights to be passed on: Landsat and NAIP (public
domain) and Copernicus Sentinel-2 (free use with its notice). None has a real PAN of its own but one, so each gets
simulated ones: a weighted sum of the bands with weights drawn anew for each pair, a part of a band that is left out, a
soft saturation, a blur, a shift, and noise. The ranges are wider than those of the places that test the networks
(benchmarks/real_places.py), and no draw is one of theirs. MS is degraded with drawn MTF gains, and the original bands
are the truth; a quarter of the pairs is degraded once before, so that the network sees sharp and soft scenes.

Scores are honest: the places are dealt out to folds, and each is scored by a network that was trained without its
fold. The network that is shipped is trained on all of them, with the same settings.

    python scripts/train_shipped.py --ratio 4 --models models                 train, measure, write models/<id>
    python scripts/train_shipped.py --ratio 2 --models models --steps 4000
    python scripts/train_shipped.py --ratio 4 --models /tmp/m --no-folds      without the scores
    python scripts/train_shipped.py --ratio 4 --models /tmp/m --places oresund,zion --steps 50

Runs in QGIS's Python, and trains in the engine's (SATFUSION_PYTHON, or the one that is installed), on a graphics card
where there is one (--device). On 2 cores a ratio takes about 15 minutes: four
networks of 2,400 steps, with the folds, and their scores.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import real_places  # noqa: E402 (the checkout is put on the path first)
from place_scores import Scored, score_methods  # noqa: E402

from satfusion_qgis.inference.model_files import write_card  # noqa: E402
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair  # noqa: E402
from satfusion_qgis.pipeline.patch_places import Layout  # noqa: E402
from satfusion_qgis.pipeline.patches import PatchSettings, ScenePair, prepare_patches  # noqa: E402
from satfusion_qgis.pipeline.sessions import engine_python  # noqa: E402
from satfusion_qgis.pipeline.simulated_scenes import simulated_pan  # noqa: E402
from satfusion_qgis.runtime.settings import USUAL, EngineSettings  # noqa: E402
from satfusion_qgis.runtime.worker_session import run_in_engine  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input  # noqa: E402

Array = Any
SEED = 4711
METHOD, NETWORK = "dicnn", "engine.networks.pansharpening.dicnn:DiCNN"
CONFIGURATION = {"bands": 4, "width": 32, "depth": 4, "kernel": 5}
SETTINGS = {
    "loss": "relative_angle",
    "optimiser": "adamw",
    "learning_rate": 2e-3,
    "weight_decay": 1e-4,
    "warm_up_steps": 100,
    "gradient_clip": 1.0,
    "batch": 8,
    "pan_noise": 0.05,
    "start_at_exp": True,
    "channels_last": True,
    "normalise": "scene",
    "scale": 1.0,
    "seed": 1,
}
LAYOUT = Layout(side=48, stride=48, multiple=4, buffer=0, validation=0.08, test=0.0, seed=3)
LARGEST = 512  # side in pixels of the part of a scene that one pair shows
# name, centre and width in nm: the width is how far a scene's band may lie from the centre.
BANDS = (("Blue", 485.0, 60.0), ("Green", 555.0, 60.0), ("Red", 660.0, 60.0), ("NIR", 840.0, 90.0))
SENTINEL = "Contains modified Copernicus Sentinel data"


@dataclass(frozen=True)
class Scene:
    """A multispectral scene to learn from.

    Attributes:
        place: All scenes of a place are left out together.
        path: File below the folder of the data.
        bands: Numbers of its blue, green, red and near infrared band.
        draws: Pairs made of it.
        rows: First and last row to use, or None for all.
    """

    place: str
    path: str
    bands: tuple[int, int, int, int]
    draws: int
    rows: Optional[tuple[int, int]] = None


SCENES = (
    Scene("oresund", "multispectral/oresund_s2/s2_l1c_10m.tif", (3, 2, 1, 4), 8),
    Scene("zion", "multispectral/zion_l8/ms.tif", (1, 2, 3, 4), 8),
    Scene("gewata", "multispectral/gewata_l7/ms.tif", (1, 2, 3, 4), 8),
    Scene("rondonia", "multispectral/rondonia_l8/ms.tif", (1, 2, 3, 4), 8),
    Scene("amazon", "multispectral/amazon_s2/s2_l2a_10m.tif", (2, 3, 4, 8), 8),
    Scene("baldwin", "pansharpening/baldwin_l8/ms.tif", (2, 3, 4, 5), 8, (475, 603)),
    Scene("north_dakota", "aerial/north_dakota_naip/naip_20100629.tif", (3, 2, 1, 4), 4),
    Scene("north_dakota", "aerial/north_dakota_naip/naip_20140720.tif", (3, 2, 1, 4), 4),
    Scene("north_dakota", "aerial/north_dakota_naip/naip_20200831.tif", (3, 2, 1, 4), 4),
    *(Scene("l1b", f"multispectral/s2_l1b_crops/{number:02d}.tif", (1, 2, 3, 4), 2) for number in range(10)),
)
FOLDS = (("oresund", "gewata", "l1b"), ("zion", "amazon", "baldwin"), ("north_dakota", "rondonia"))


def _case(path: str, ratio: int, seed: int, bands: Sequence[int]) -> Callable[[Path, Path], real_places.Case]:
    return real_places.simulated(path, ratio, seed, bands)


def _of(place: str) -> Scene:
    return next(scene for scene in SCENES if scene.place == place)


# What the networks are measured on: by ratio, for each place the cases' names and makers.
CASES: dict[int, dict[str, dict[str, Callable[[Path, Path], real_places.Case]]]] = {
    4: {
        "oresund": {"oresund": _case(_of("oresund").path, 4, 1, (3, 2, 1, 4))},
        "zion": {"zion": _case(_of("zion").path, 4, 2, (1, 2, 3, 4))},
        "gewata": {"gewata": _case(_of("gewata").path, 4, 3, (1, 2, 3, 4))},
        "rondonia": {"rondonia": _case(_of("rondonia").path, 4, 21, (1, 2, 3, 4))},
        "north_dakota": {"north_dakota": _case("aerial/north_dakota_naip/naip_20140720.tif", 4, 22, (3, 2, 1, 4))},
        "l1b": {"l1b_00": _case("multispectral/s2_l1b_crops/00.tif", 4, 23, (1, 2, 3, 4))},
        "": {"rotterdam": real_places.rotterdam},
    },
    2: {
        "oresund": {"oresund": _case(_of("oresund").path, 2, 24, (3, 2, 1, 4))},
        "zion": {"zion": _case(_of("zion").path, 2, 25, (1, 2, 3, 4))},
        "rondonia": {"rondonia": _case(_of("rondonia").path, 2, 4, (1, 2, 3, 4))},
        "amazon": {"amazon": _case(_of("amazon").path, 2, 5, (2, 3, 4, 8))},
        "baldwin": {"baldwin": lambda data, folder: real_places.baldwin(data, folder, (2, 3, 4, 5))},
        "north_dakota": {"north_dakota": _case("aerial/north_dakota_naip/naip_20140720.tif", 2, 26, (3, 2, 1, 4))},
        "l1b": {
            "l1b_00": _case("multispectral/s2_l1b_crops/00.tif", 2, 7, (1, 2, 3, 4)),
            "l1b_05": _case("multispectral/s2_l1b_crops/05.tif", 2, 8, (1, 2, 3, 4)),
        },
    },
}
BASELINES = ("exp", "gsa", "mtf_glp_local", "mtf_glp_hpm", "bdsd")


def main() -> int:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--ratio", type=int, choices=sorted(CASES), required=True)
    parser.add_argument("--models", type=Path, required=True, help="folder that the model's own goes to")
    parser.add_argument("--steps", type=int, default=2400, help="training steps of each network; default 2400")
    parser.add_argument("--places", default="", help="only these places, separated by commas; default all")
    parser.add_argument("--no-folds", action="store_true", help="train the shipped network only, without scores")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--work", type=Path, help="keep the pairs and all networks here; a later run goes on with them")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="satfusion-shipped-"))
    try:
        _Training(arguments, work).run()
    finally:
        if arguments.work is None:
            shutil.rmtree(work, ignore_errors=True)
    return 0


class _Log(Feedback):
    def warning(self, text: str) -> None:
        print(f"  warning: {text}", flush=True)


class _Training:
    """The whole of it, for one ratio.

    Args:
        arguments: Those of the command line.
        work: Where files lie meanwhile.
    """

    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        self._given, self._work = arguments, work
        self.ratio = int(arguments.ratio)
        chosen = [name for name in arguments.places.split(",") if name]
        self.scenes = [scene for scene in SCENES if not chosen or scene.place in chosen]
        self._python = engine_python(USUAL)

    def run(self) -> None:
        """Make the pairs; a network for each fold, scored on it; the shipped one; its card."""
        pairs = self._pairs()
        scores: list[Scored] = []
        if not self._given.no_folds:
            places = {scene.place for scene in self.scenes}
            for number, fold in enumerate(FOLDS):
                if places & set(fold) and places - set(fold):
                    folder = self._train(f"fold_{number}", [pair for place, pair in pairs if place not in fold])
                    scores += [one for place in fold if place in places for one in self._score(place, folder)]
        models: Path = self._given.models
        models.mkdir(parents=True, exist_ok=True)
        folder = self._train(f"{METHOD}-bgrn-ratio{self.ratio}", [pair for _, pair in pairs])
        if not self._given.no_folds:
            scores += self._score("", folder)
        run_in_engine(self._python, "export_model", {"MODEL": str(folder)}, _Log())
        shutil.rmtree(folder / "training", ignore_errors=True)
        self._finish_card(folder, scores)
        target = models / folder.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        print(f"wrote {target}")

    # Pairs.

    def _pairs(self) -> list[tuple[str, ScenePair]]:
        """Return (place, pair) for each draw of each scene."""
        found = []
        begin = time.monotonic()
        for number, scene in enumerate(self.scenes):
            for draw in range(scene.draws):
                folder = self._work / "pairs" / f"{number:02d}_{draw}"
                folder.mkdir(parents=True, exist_ok=True)
                pair = simulate(scene, self.ratio, (SEED, self.ratio, number, draw), draw % 4 == 3, self._given.data,
                                folder)  # fmt: skip
                if pair is not None:
                    found.append((scene.place, pair))
        print(f"{len(found)} pairs of {len(self.scenes)} scenes in {time.monotonic() - begin:.0f} s", flush=True)
        return found

    # Training.

    def _train(self, name: str, pairs: Sequence[ScenePair]) -> Path:
        folder = self._work / name
        done = self._work / f"{name}.done"
        if done.exists():
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        patches = self._work / "patches"
        begin = time.monotonic()
        made = prepare_patches(pairs, str(patches), PatchSettings(layout=LAYOUT, ratio=float(self.ratio)), _Log())
        prepared = time.monotonic()
        result = run_in_engine(
            self._python,
            "train",
            {
                "patches": str(patches),
                "method": METHOD,
                "network": NETWORK,
                "configuration": CONFIGURATION,
                "model_folder": str(folder),
                "settings": {
                    **SETTINGS,
                    "steps": self._given.steps,
                    "validate_every": max(1, self._given.steps // 8),
                    "device": self._given.device,
                    "threads": self._given.threads,
                },
                "title": f"DiCNN for blue, green, red, near infrared at ratio {self.ratio}",
                "licence": "GPL-3.0-or-later",
                "attribution": f"{SENTINEL}; Landsat courtesy of the U.S. Geological Survey; NAIP courtesy of the USDA",
            },
            _Log(),
        )
        shutil.rmtree(patches)
        print(
            f"{name}: {made['counts']['train']} patches in {prepared - begin:.0f} s, {result['steps']} steps in "
            f"{time.monotonic() - prepared:.0f} s, validation ERGAS {result['scores']['ergas']:.3f} "
            f"(EXP {result['baseline']['ergas']:.3f})",
            flush=True,
        )
        self._widen_bands(folder)
        done.touch()
        return folder

    def _widen_bands(self, folder: Path) -> None:
        """Say on the card which wavelengths the bands may have, and which ratios it is for."""
        path = folder / "card.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        for item in card["inputs"]:
            item["units"] = "physical"  # any units will do, for a scene's own statistics take gain and offset away
            if item["role"] == "MS":
                item["bands"] = [{"name": name, "wavelength_nm": at, "width_nm": width} for name, at, width in BANDS]
            else:
                item["bands"] = [{"name": "PAN", "wavelength_nm": None, "width_nm": None}]
        card["ratio"] = {"min": 0.85 * self.ratio, "max": 1.15 * self.ratio, "trained": float(self.ratio)}
        card["gsd_m"] = card["product_level"] = None
        write_card(folder, card)

    # Scores.

    def _score(self, place: str, folder: Path) -> list[Scored]:
        found = []
        for name, make in CASES[self.ratio].get(place, {}).items():
            with tempfile.TemporaryDirectory(prefix="satfusion-places-") as temporary:
                case = make(self._given.data, Path(temporary))
                models = EngineSettings(models=folder.parent)
                scored = score_methods(name, case, BASELINES, {METHOD: folder}, models)
            print(scored.table(), flush=True)
            found.append(scored)
        return found

    def _finish_card(self, folder: Path, scores: Sequence[Scored]) -> None:
        """Replace the scores on its own validation patches by those on places that it had not seen."""
        path = folder / "card.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        card["scores"], card["limits"] = [], []
        places = sorted({scene.place for scene in self.scenes})
        for one in scores:
            seen = any(one.place == place or one.place.startswith(f"{place}_") for place in places)
            protocol = "wald, leave one place out" if seen else "wald, never trained on"
            card["scores"] += one.card_entries(METHOD, ("exp", "gsa"), protocol)
        worse = [text for one in scores for text in one.losses(METHOD, BASELINES)]
        card["limits"] = [
            "Scores of each place are those of a network that was trained in the same way without that place and "
            "others of its fold; this one has seen all places but rotterdam.",
            "Trained on simulated PAN images and on pixels of 5 m and more; on other sensors look at the consistency "
            "with MS, or fit it to the scene (adapt_pansharpening).",
            *worse,
        ]
        card["training"]["script"] = "scripts/train_shipped.py"
        card["training"]["data"] = [
            {"place": place, "files": sorted(scene.path for scene in self.scenes if scene.place == place)}
            for place in places
        ]
        card["training"]["initial"] = None
        write_card(folder, card)


def simulate(
    scene: Scene, ratio: int, seed: Sequence[int], softer: bool, data: Path, folder: Path
) -> Optional[ScenePair]:
    """Make a pair of a scene, and its truth; None where the scene is too small.

    Args:
        scene: The scene.
        ratio: MS pixel / PAN pixel.
        seed: The same seed draws the same pair.
        softer: Degrade the scene by 2 first.
        data: Folder of the places.
        folder: Where the files go.
    """
    rng = np.random.default_rng(list(seed))
    image = real_places._read(real_places._needed(data / scene.path))[[number - 1 for number in scene.bands]]
    if scene.rows is not None:
        image = image[:, slice(*scene.rows)]
    rows, columns = (min(length, LARGEST * (2 if softer else 1)) for length in image.shape[1:])
    top, left = (int(rng.integers(whole - part + 1)) for whole, part in zip(image.shape[1:], (rows, columns)))
    image = image[:, top : top + rows, left : left + columns]
    if softer and _is_large_enough(image.shape[1] // 2, image.shape[2] // 2):
        image = halved(image)
    rows, columns = (length // ratio * ratio for length in image.shape[1:])
    if not _is_large_enough(rows, columns):
        return None
    truth, pan, ms = (folder / name for name in ("truth.tif", "pan.tif", "ms.tif"))
    image = image[:, :rows, :columns]
    real_places._write(truth, image, 10.0)
    real_places._write(pan, simulated_pan(image, rng)[None], 10.0)
    gains = ", ".join(f"{gain:.3f}" for gain in rng.uniform(0.2, 0.4, len(image)))
    jobs = degrade_jobs([Input("MS", str(truth))], None, str(ms), None, ratio, {"MTF_GAINS": gains}, real_places.PLAIN)
    degrade_pair(jobs)
    return ScenePair([Input("MS", str(ms))], Input("PAN", str(pan)), reference=[Input("MS", str(truth))])


def _is_large_enough(rows: int, columns: int) -> bool:
    """Tell whether patches for training and for validation fit into a scene, less the borders of the largest ratio."""
    borders = 2 * 4 * max(CASES)
    return min(rows, columns) >= LAYOUT.side + borders and max(rows, columns) >= 2 * LAYOUT.side + borders + 8


def halved(image: Array) -> Array:
    """Return the mean of blocks of 2 x 2 pixels: as a sensor with pixels twice as large sees them."""
    rows, columns = (length // 2 * 2 for length in image.shape[1:])
    blocks = image[:, :rows, :columns].reshape(len(image), rows // 2, 2, columns // 2, 2)
    return blocks.mean(axis=(2, 4))


if __name__ == "__main__":
    sys.exit(main())
