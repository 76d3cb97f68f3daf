"""What revisits give: super-resolution and SatFusion against what there is without them, on real scenes.

Each scene is the truth. Eight revisits of it are simulated (`classical.super_resolution.simulate.HELD_OUT`, another
simulation than those that networks are trained on: shifts up to 2 pixels, a detector's box and a Gaussian as blur,
noise at SNR 70, gains, and clouds over 30 % of two revisits with masks that miss their edges), and for SatFusion a PAN
(as in `real_places.py`: a weighted sum with a tenth of a band that is left out, saturation, blur, noise). A network is
scored on a place only where it was trained without it, where `--models` names the folder with the networks of the folds
(`scripts/train_shipped_revisits.py --work`); the shipped one is marked where it has seen the place.

    sr         ratio 2: one bicubic, the classical methods, networks
    fusion     ratio 4 with a PAN: every classical pansharpening of the reference (which is clear), the same after
               back-projection by 2, both in one, SatFusion
    displaced  the best of these with PAN displaced by 0 to 3 PAN pixels
    counts     with 1, 2, 4 and 8 revisits
    real       Sentinel-2 over Slovenia: all dates degraded by 2, the fine image of one date held out as the truth

Scores compare what is clear in all results, without a border of 4 x ratio pixels, in physical units: cPSNR (shifts up
to the ratio), PSNR, ERGAS, SAM, Q2n, with 95 % intervals from a bootstrap of blocks of 32 x 32 coarse pixels, the same
draws for all. A tie is a difference whose interval holds 0.

    python benchmarks/revisits.py                                   everything (long)
    python benchmarks/revisits.py --quick                           small parts of two scenes
    python benchmarks/revisits.py --tests sr,real --places oresund --methods median,back_projection
    python benchmarks/revisits.py --models /tmp/work --markdown table.md --json figures.json
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "scripts")]

import real_places  # noqa: E402 (the checkout is put on the path first)
from train_shipped import FOLDS, SCENES  # noqa: E402

from satfusion_qgis import pipeline  # noqa: E402
from satfusion_qgis.assessment.bootstrap import BlockSums, Draws, RegisteredSums, scores_of  # noqa: E402
from satfusion_qgis.assessment.cpsnr import Cpsnr, border_of  # noqa: E402
from satfusion_qgis.assessment.psnr import psnr  # noqa: E402
from satfusion_qgis.assessment.ranking import LOWER_IS_BETTER  # noqa: E402
from satfusion_qgis.assessment.reference import peak_range  # noqa: E402
from satfusion_qgis.catalogue import CATALOGUE  # noqa: E402
from satfusion_qgis.classical.super_resolution.simulate import HELD_OUT, simulate  # noqa: E402
from satfusion_qgis.pipeline.degrade import degrade_jobs, degrade_pair  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Mask, Output  # noqa: E402

METRICS = ("cpsnr", "psnr", "ergas", "sam_degrees", "q2n")
TITLES = {"cpsnr": "cPSNR [dB]", "psnr": "PSNR [dB]", "ergas": "ERGAS", "sam_degrees": "SAM [°]", "q2n": "Q2n"}
TESTS = ("sr", "fusion", "displaced", "counts", "real")
CLASSICAL = ("bicubic", "median", "shift_and_add", "drizzle", "kernel_regression", "back_projection")
PANSHARPENING = tuple(method.id for method in CATALOGUE.methods_of("pansharpening") if method.runtime == "numpy")
AFTER = "back_projection+"
SHARPENED = "back_projection with PAN"
SHIPPED = {"super_resolution": "highresnet-bgrn-ratio2", "multi_image_pansharpening": "satfusion-bgrn-ratio4"}
TASK_OF = {"super_resolution": 2, "multi_image_pansharpening": 4}
BLOCK, BORDER, SIDE, QUICK_SIDE, REVISITS = 32, 4, 512, 224, 8
MARGIN = 4  # PAN pixels around a scene that a displaced PAN may show
COUNTS = (1, 2, 4, 8)
DISPLACEMENTS = (0, 1, 2, 3)
QUICK_PLACES = ("oresund", "zion")
DAY = "2024-06-{:02d}"
SLOVENIA = "multidate/slovenia_s2_tiny"
SLOVENIA_BANDS, SLOVENIA_DATES = [2, 3, 4, 8], ("20150711", "20150731", "20150820", "20150830", "20150909")


@dataclass(frozen=True)
class Case:
    """Revisits of one scene and the truth, as files.

    Attributes:
        place: Its name.
        revisits: The reference first.
        truth: The scene.
        ratio: Coarse pixel / fine pixel.
        pan: PAN, or None.
        date: Of the reference.
    """

    place: str
    revisits: tuple[Input, ...]
    truth: Path
    ratio: int
    pan: Optional[Path] = None
    date: str = DAY.format(1)

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.truth.parent


@dataclass(frozen=True)
class Network:
    """Weights to run.

    Attributes:
        method: Its method's id.
        folder: The model's folder.
        seen: Whether it was trained on the place that it is scored on.
    """

    method: str
    folder: Path
    seen: bool

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.method} (has seen the place)" if self.seen else self.method


@dataclass(frozen=True)
class Table:
    """Scores of one place.

    Attributes:
        title: What was compared.
        names: What was scored.
        values: By metric the value of each.
        draws: The draws behind their intervals.
        pixels: That were compared.
        seconds: Each one's time.
    """

    title: str
    names: tuple[str, ...]
    values: Mapping[str, tuple[float, ...]]
    draws: Draws
    pixels: int
    seconds: tuple[float, ...]

    def value(self, name: str, metric: str) -> float:
        """Return one score."""
        return self.values[metric][self.names.index(name)]

    def better(self, one: str, other: str, metric: str) -> str:
        """Return "better", "tie" or "worse"."""
        places = self.names.index(one), self.names.index(other)
        if one == other or self.draws.tied(*places, metric):
            return "tie"
        less = self.value(one, metric) < self.value(other, metric)
        return "better" if less == LOWER_IS_BETTER[metric] else "worse"

    def best(self, names: Iterable[str], metric: str) -> Optional[str]:
        """Return the best of some; None where there is none of them."""
        sign = 1.0 if LOWER_IS_BETTER[metric] else -1.0
        here = [name for name in names if name in self.names]
        return min(here, key=lambda name: sign * self.value(name, metric), default=None)

    def lines(self, order: str = "ergas") -> list[str]:
        """Return it as a table in Markdown, best first."""
        sign = 1.0 if LOWER_IS_BETTER[order] else -1.0
        found = [f"**{self.title}** ({self.draws.blocks} blocks, {self.pixels} pixels)", ""]
        found.append("| | " + " | ".join(TITLES[metric] for metric in METRICS) + " | s |")
        found.append("|---|" + "---|" * (len(METRICS) + 1))
        for name in sorted(self.names, key=lambda one: sign * self.value(one, order)):
            cells = [self._cell(name, metric) for metric in METRICS]
            found.append(f"| {name} | {' | '.join(cells)} | {self.seconds[self.names.index(name)]:.1f} |")
        return [*found, ""]

    def _cell(self, name: str, metric: str) -> str:
        ends = self.draws.interval(self.names.index(name), metric)
        digits = {"cpsnr": 2, "psnr": 2, "q2n": 4}.get(metric, 3)
        value = f"{self.value(name, metric):.{digits}f}"
        return value if ends is None else f"{value} ({ends[0]:.{digits}f} to {ends[1]:.{digits}f})"

    def plain(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {
            name: {
                "seconds": self.seconds[place],
                **{
                    metric: {"value": self.values[metric][place], "interval": self.draws.interval(place, metric)}
                    for metric in METRICS
                },
            }
            for place, name in enumerate(self.names)
        }


# Cases.


def scenes(data: Path, side: int, places: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the middle of the first scene of each place: its name and (4, rows, columns) with `MARGIN` on each side."""
    for place in places:
        scene = next(one for one in SCENES if one.place == place)
        path = data / scene.path
        if not path.exists():
            print(f"{place}: left out, {path} is missing")
            continue
        image = real_places._read(path)[[band - 1 for band in scene.bands]]
        image = image if scene.rows is None else image[:, slice(*scene.rows)]
        whole = side + 2 * MARGIN
        starts = [max(0, (length - whole) // 2) for length in image.shape[1:]]
        part = image[:, starts[0] : starts[0] + whole, starts[1] : starts[1] + whole]
        yield place, np.where(np.isfinite(part), part, np.nanmean(part, axis=(1, 2), keepdims=True))


def simulated_case(
    place: str,
    image: np.ndarray,
    ratio: int,
    folder: Path,
    seed: int,
    with_pan: bool = False,
    displaced: int = 0,
    count: int = REVISITS,
) -> Case:
    """Write revisits of a scene, and a PAN.

    Args:
        place: Its name.
        image: (bands, rows, columns) with `MARGIN` on each side.
        ratio: Coarse pixel / fine pixel.
        folder: Where the files go.
        seed: Of the simulation.
        with_pan: Whether there is a PAN.
        displaced: How far PAN shows things below and to the right of where its georeferencing says, in its pixels
            along the diagonal's axes.
        count: How many of the eight revisits are there.
    """
    rows, columns = ((length - 2 * MARGIN) // ratio * ratio for length in image.shape[1:])
    truth = image[:, MARGIN : MARGIN + rows, MARGIN : MARGIN + columns]
    made = simulate(truth, ratio, replace(HELD_OUT, revisits=REVISITS, seed=seed))
    path = folder / "truth.tif"
    real_places._write(path, truth, 10.0)
    inputs = []
    for index in range(count):
        own = folder / f"revisit_{index}.tif"
        real_places._write(own, np.where(made.masks[index], made.revisits[index], np.nan), 10.0 * ratio)
        inputs.append(Input("REVISITS", str(own), index, date=DAY.format(1 + index)))
    pan = None
    if with_pan:
        pan, start = folder / "pan.tif", MARGIN - displaced
        shown = real_places._simulated_pan(image, seed)[start : start + rows, start : start + columns]
        real_places._write(pan, shown[None], 10.0)
    return Case(place, tuple(inputs), path, ratio, pan)


def real_case(data: Path, held_out: str, folder: Path) -> Case:
    """Degrade all dates over Slovenia by 2; the fine image of one is the truth."""
    place = data / SLOVENIA
    clouds = real_places._needed(place / "cloudmask_68dates.tif")
    described = gdal.Open(str(clouds))
    names = [described.GetRasterBand(number).GetDescription() for number in range(1, described.RasterCount + 1)]
    order = [held_out, *(date for date in SLOVENIA_DATES if date != held_out)]
    inputs = []
    truth = folder / "truth.tif"
    for index, date in enumerate(order):
        day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
        band = next(number for number, name in enumerate(names, 1) if name.startswith(day))
        mask = Mask(str(clouds), band, invalid_values=[1])
        given = Input("IMAGE", str(place / f"s2_l1c_{date}.tif"), bands=list(SLOVENIA_BANDS), mask=mask)
        path = folder / f"revisit_{index}.tif"
        parameters = {"SENSOR": "sentinel2"}
        try:
            degrade_pair(degrade_jobs([given], None, str(path), None, 2.0, parameters, real_places.PLAIN))
        except InputError:
            continue  # under clouds all over
        inputs.append(Input("REVISITS", str(path), len(inputs), date=day))
        if index == 0:
            # An even number of rows, for a result has those of whole coarse pixels.
            gdal.Translate(str(truth), given.path, bandList=list(SLOVENIA_BANDS), srcWin=[0, 0, 100, 100])
    date = inputs[0].date or ""
    return Case(f"slovenia {date}", tuple(inputs), truth, 2, None, date)


# Runs.


def run_method(
    task: str, method: str, case: Case, inputs: Sequence[Input], model: Optional[Path] = None, **parameters: Any
) -> Path:
    """Run a method; return where its result lies."""
    known = {item.name for item in CATALOGUE.method(task, method).parameters}
    given = {"REFERENCE_DATE": case.date, "MAX_DAYS": 0, **parameters}
    path = case.folder / "result.tif"
    job = Job(
        task,
        method,
        [replace(item) for item in inputs],
        [Output("OUTPUT", str(path), dtype="Float32", options=dict(real_places.PLAIN))],
        parameters={name: value for name, value in given.items() if name in known},
        model=None if model is None else {"id": str(model)},
        threads=1,
    )
    pipeline.run(job)
    return path


def result_of(name: str, case: Case, networks: Sequence[Network]) -> np.ndarray:
    """Return an image (bands, rows, columns), not a number where missing.

    Args:
        name: "bicubic" (of the reference), a classical method, "back_projection with PAN", a method for
            pansharpening (of the reference), "back_projection+" and such a method, or a network's name.
        case: What it is made of.
        networks: Those that there are.
    """
    network = next((one for one in networks if one.name == name), None)
    pan = [Input("PAN", str(case.pan))] if case.pan else []
    if network is not None:
        task = "multi_image_pansharpening" if pan else "super_resolution"
        ratio = {} if pan else {"RATIO": float(case.ratio)}
        path = run_method(task, network.method, case, [*case.revisits, *pan], network.folder, **ratio)
    elif name == SHARPENED:
        path = run_method("multi_image_pansharpening", "back_projection", case, [*case.revisits, *pan])
    elif name == "bicubic":
        path = run_method("super_resolution", "median", case, case.revisits[:1], RATIO=float(case.ratio))
    elif name in CLASSICAL:
        path = run_method("super_resolution", name, case, case.revisits, RATIO=float(case.ratio))
    elif name.startswith(AFTER):
        first = run_method("super_resolution", "back_projection", case, case.revisits, RATIO=float(np.sqrt(case.ratio)))
        between = first.rename(first.with_name("between.tif"))
        path = run_method("pansharpening", name[len(AFTER) :], case, [Input("MS", str(between)), *pan])
    else:
        reference = replace(case.revisits[0], role="MS", date=None)
        path = run_method("pansharpening", name, case, [reference, *pan])
    image = real_places._read(path)
    for own in case.folder.glob("result.tif*"):
        own.unlink()
    return image


def table_of(title: str, case: Case, names: Sequence[str], networks: Sequence[Network]) -> Table:
    """Run methods on a case and score them; those that refuse the scene are named and left out."""
    images, seconds = {}, []
    for name in names:
        begin = time.monotonic()
        try:
            images[name] = result_of(name, case, networks)
        except InputError as error:
            print(f"  {case.place}: {name} is left out: {error}", flush=True)
            continue
        seconds.append(time.monotonic() - begin)
    return scored(title, real_places._read(case.truth), images, case.ratio, seconds)


def scored(
    title: str, truth: np.ndarray, images: Mapping[str, np.ndarray], ratio: int, seconds: Sequence[float] = ()
) -> Table:
    """Score images against the truth where all of them, and it, hold a value."""
    rows, columns = (min(lengths) for lengths in zip(*(image.shape[1:] for image in (truth, *images.values()))))
    edge = BORDER * ratio
    inside = np.s_[:, edge : rows - edge, edge : columns - edge]
    truth, cut = truth[inside], {name: image[inside] for name, image in images.items()}
    clear = np.isfinite(truth).all(axis=0)
    valid = clear.copy()
    for image in cut.values():
        valid &= np.isfinite(image).all(axis=0)
    known = truth[:, valid]
    data_range = peak_range(float(known.min()), float(known.max())) or 1.0
    bands, size, side, border = len(truth), truth.shape[1:], BLOCK * ratio, border_of(ratio)
    plain_rows, registered_rows = [], []
    values: dict[str, list[float]] = {metric: [] for metric in METRICS}
    for image in cut.values():
        image = np.where(valid, image, np.nan)
        sums = BlockSums(bands, size, side)
        sums.add(truth, image, valid, 0, 0)
        plain_rows.append(sums.rows())
        search = Cpsnr(bands, border)
        search.add(truth, image, clear, valid)
        blocks = RegisteredSums(bands, size, border, search.lags[search.best()], side)
        blocks.add(truth, image, clear, valid, 0, 0, (size[0], size[1]))
        registered_rows.append(np.concatenate([blocks.rows(), np.zeros((len(blocks.rows()), 2))], axis=1))
        whole = scores_of(plain_rows[-1].sum(axis=0, keepdims=True), bands, ratio)
        for metric in METRICS:
            if metric == "cpsnr":
                values[metric].append(float(search.result(data_range).cpsnr or np.nan))
            elif metric == "psnr":
                values[metric].append(float(psnr(float(whole["rmse"][0]), data_range) or np.nan))
            else:
                values[metric].append(float(whole[metric][0]))
    draws = Draws(plain_rows, bands, ratio, registered=registered_rows, data_range=data_range)
    times = tuple(seconds) or (0.0,) * len(cut)
    return Table(
        title, tuple(cut), {metric: tuple(one) for metric, one in values.items()}, draws,
        int(np.count_nonzero(valid)), times,
    )  # fmt: skip


def networks_of(task: str, place: str, models: Optional[Path]) -> list[Network]:
    """Return the networks for a task: those of the folds that have not seen the place, else the shipped one."""
    found = []
    if models is not None:
        number = next((at for at, fold in enumerate(FOLDS) if place in fold), None)
        for method in CATALOGUE.methods_of(task):
            folders = [models / f"fold_{method.id}_{number}", models / method.id / place]
            found += [Network(method.id, one, False) for one in folders if (one / "card.json").is_file()][:1]
        if not found and (models / "card.json").is_file():  # one model, named itself
            found = _one(models, task, place)
    shipped = ROOT / "models" / SHIPPED[task]
    if not found and (shipped / "card.json").is_file():
        found = _one(shipped, task, place)
    return found


def _one(folder: Path, task: str, place: str) -> list[Network]:
    """Return a model as a network, with whether it has seen the place by its card; none where for another task."""
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    places = {item.get("place") for item in card.get("training", {}).get("data", [])}
    return [Network(card["method"], folder, place in places)] if card["task"] == task else []


# Tests.


@dataclass
class Benchmark:
    """One run of the benchmark.

    Attributes:
        data: Folder of the places.
        places: Their names.
        methods: Only these, or all.
        models: Folder of networks, or None.
        side: Side of a scene's part.
        work: Where files lie meanwhile.
        lines: The report so far, in Markdown.
        figures: The same as data.
    """

    data: Path
    places: tuple[str, ...]
    methods: tuple[str, ...]
    models: Optional[Path]
    side: int
    work: Path
    lines: list[str]
    figures: dict[str, Any]

    def say(self, *lines: str) -> None:
        """Add to the report, and print."""
        self.lines += lines
        print("\n".join(lines), flush=True)

    def chosen(self, names: Iterable[str]) -> list[str]:
        """Return those that were asked for."""
        return [
            name for name in names if not self.methods or name.split("+")[-1] in self.methods or name in self.methods
        ]

    def folder(self) -> Path:
        """Return an empty folder."""
        path = self.work / "case"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def keep(self, test: str, place: str, table: Table) -> None:
        """Add a table to the report."""
        self.say(*table.lines("cpsnr" if test in ("sr", "counts", "real") else "ergas"))
        self.figures.setdefault(test, {})[place] = table.plain()

    def networks(self, task: str, place: str) -> list[Network]:
        """Return the networks to score."""
        found = networks_of(task, place, self.models)
        return [one for one in found if not self.methods or one.method in self.methods]

    # Each test.

    def sr(self) -> None:
        """Ratio 2."""
        self.say("## Super-resolution by 2, eight simulated revisits", "")
        tables = {}
        for seed, (place, image) in enumerate(scenes(self.data, self.side, self.places), 1):
            case = simulated_case(place, image, 2, self.folder(), seed)
            networks = self.networks("super_resolution", place)
            names = [*self.chosen(CLASSICAL), *(one.name for one in networks)]
            tables[place] = table_of(place, case, names, networks)
            self.keep("sr", place, tables[place])
        self._compare(tables, "back_projection", "median", "cpsnr", least=1.0)
        for name in sorted({name for table in tables.values() for name in table.names} - set(CLASSICAL)):
            for metric in ("cpsnr", "ergas"):
                self._compare(tables, name, "back_projection", metric)

    def fusion(self) -> None:
        """Ratio 4 with a PAN."""
        self.say("## With a PAN at ratio 4, eight simulated revisits", "")
        tables = {}
        for seed, (place, image) in enumerate(scenes(self.data, self.side, self.places), 11):
            case = simulated_case(place, image, 4, self.folder(), seed, with_pan=True)
            networks = self.networks("multi_image_pansharpening", place)
            names = [*self.chosen(PANSHARPENING), *self.chosen(AFTER + name for name in PANSHARPENING), SHARPENED]
            tables[place] = table_of(place, case, [*names, *(one.name for one in networks)], networks)
            self.keep("fusion", place, tables[place])
        own = sorted({n for table in tables.values() for n in table.names if n not in PANSHARPENING and "+" not in n})
        groups = {"the best pansharpening of the reference": PANSHARPENING,
                  "the best of super-resolution, then pansharpening": [AFTER + n for n in PANSHARPENING]}  # fmt: skip
        for name in own:
            for metric in ("ergas", "q2n"):
                for group, members in groups.items():
                    self._against_best(tables, name, group, members, metric)
        for metric in ("ergas", "q2n"):
            self._groups(tables, groups, metric)

    def displaced(self) -> None:
        """PAN lies off."""
        self.say("## PAN displaced by whole PAN pixels, down and to the right: ERGAS (loss against 0)", "")
        for seed, (place, image) in enumerate(scenes(self.data, self.side, self.places), 11):
            networks = self.networks("multi_image_pansharpening", place)
            sharpeners = self.chosen(("gsa", "mtf_glp_fs", "mtf_glp_local", "bdsd"))
            names = [*sharpeners, *(AFTER + name for name in sharpeners), *(one.name for one in networks)]
            found: dict[str, list[float]] = {name: [] for name in names}
            for displacement in DISPLACEMENTS:
                case = simulated_case(place, image, 4, self.folder(), seed, True, displacement)
                table = table_of(place, case, names, networks)
                for name in names:
                    found[name].append(table.value(name, "ergas") if name in table.names else float("nan"))
            self.say(f"**{place}**", "", "| | " + " | ".join(f"{step} px" for step in DISPLACEMENTS) + " |")
            self.say("|---|" + "---|" * len(DISPLACEMENTS))
            for name, values in found.items():
                cells = [f"{values[0]:.3f}", *(f"{one:.3f} (+{one - values[0]:.3f})" for one in values[1:])]
                self.say(f"| {name} | {' | '.join(cells)} |")
            self.say("")
            self.figures.setdefault("displaced", {})[place] = found
            for network in networks:
                self._losses(place, network.name, sharpeners, found)

    def counts(self) -> None:
        """Fewer revisits."""
        self.say("## With fewer revisits", "")
        for seed, (place, image) in enumerate(scenes(self.data, self.side, self.places), 1):
            for task, ratio in TASK_OF.items():
                networks = self.networks(task, place)
                if ratio == 2:
                    names = self.chosen(("bicubic", "median", "kernel_regression", "back_projection"))
                else:
                    names = self.chosen(("mtf_glp_fs", AFTER + "mtf_glp_fs"))
                names += [one.name for one in networks]
                found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
                for count in COUNTS:
                    case = simulated_case(place, image, ratio, self.folder(), seed, ratio == 4, count=count)
                    table = table_of(place, case, names, networks)
                    for name in names:
                        scores = [table.value(name, m) if name in table.names else np.nan for m in ("cpsnr", "ergas")]
                        found[name].append((scores[0], scores[1]))
                self.say(f"**{place}, ratio {ratio}**: cPSNR [dB] / ERGAS", "")
                self.say("| | " + " | ".join(f"{count} revisits" for count in COUNTS) + " |")
                self.say("|---|" + "---|" * len(COUNTS))
                for name, values in found.items():
                    self.say(f"| {name} | " + " | ".join(f"{one:.2f} / {two:.3f}" for one, two in values) + " |")
                self.say("")
                self.figures.setdefault("counts", {})[f"{place}, ratio {ratio}"] = found

    def real(self) -> None:
        """Real revisits."""
        self.say("## Real revisits: Sentinel-2 over Slovenia, the fine image of one date held out", "")
        tables = {}
        for date in ("20150711", "20150830", "20150909"):
            try:
                case = real_case(self.data, date, self.folder())
            except FileNotFoundError as error:
                print(f"slovenia: left out, {error} is missing")
                return
            networks = self.networks("super_resolution", "slovenia")
            names = [*self.chosen(CLASSICAL), *(one.name for one in networks)]
            tables[case.place] = table_of(case.place, case, names, networks)
            self.keep("real", case.place, tables[case.place])
        for name in sorted({name for table in tables.values() for name in table.names} - {"bicubic"}):
            self._compare(tables, name, "bicubic", "cpsnr")

    # What they say.

    def _losses(self, place: str, own: str, rivals: Sequence[str], found: Mapping[str, Sequence[float]]) -> None:
        """Say whether a network loses less to a displaced PAN than the best pansharpening of the reference does."""
        known = [name for name in rivals if not np.isnan(found[name]).any()]
        if not known or np.isnan(found[own]).any():
            return
        best = min(known, key=lambda name: found[name][0])
        said = []
        for at, step in enumerate(DISPLACEMENTS[1:], 1):
            mine, theirs = (found[name][at] - found[name][0] for name in (own, best))
            lower = "lower" if found[own][at] < min(found[name][at] for name in known) else "not lower"
            word = "less" if mine < theirs else "MORE"
            said.append(
                f"{step} px +{mine:.3f} against +{theirs:.3f} ({word}; its ERGAS is {lower} than all of theirs)"
            )
        self.say(f"- {place}: {own} loses against {best}: {'; '.join(said)}", "")

    def _compare(
        self, tables: Mapping[str, Table], one: str, other: str, metric: str, least: Optional[float] = None
    ) -> None:
        pairs = [table for table in tables.values() if one in table.names and other in table.names]
        if not pairs:
            return
        gaps = [table.value(one, metric) - table.value(other, metric) for table in pairs]
        said = [table.better(one, other, metric) for table in pairs]
        line = (
            f"- {one} less {other}, {TITLES[metric]}: mean {np.mean(gaps):+.3f}, {min(gaps):+.3f} to {max(gaps):+.3f} "
            f"over {len(gaps)} places; better on {said.count('better')}, a tie on {said.count('tie')}, worse on "
            f"{said.count('worse')}"
        )
        if least is not None:
            line += f"; {sum(gap >= least for gap in gaps)} of {len(gaps)} by {least:g} or more"
        self.say(line, "")
        self.figures.setdefault("comparisons", []).append(
            {"one": one, "other": other, "metric": metric, "differences": gaps, "said": said}
        )

    def _against_best(
        self, tables: Mapping[str, Table], one: str, title: str, members: Sequence[str], metric: str
    ) -> None:
        gaps, said, rivals = [], [], []
        for table in tables.values():
            rival = table.best(members, metric)
            if one in table.names and rival is not None:
                gaps.append(table.value(one, metric) - table.value(rival, metric))
                said.append(table.better(one, rival, metric))
                rivals.append(rival)
        if gaps:
            self.say(
                f"- {one} less {title} ({', '.join(sorted(set(rivals)))}), {TITLES[metric]}: mean "
                f"{np.mean(gaps):+.4f}, {min(gaps):+.4f} to {max(gaps):+.4f} over {len(gaps)} places; better on "
                f"{said.count('better')}, a tie on {said.count('tie')}, worse on {said.count('worse')}",
                "",
            )
            self.figures.setdefault("comparisons", []).append(
                {"one": one, "other": title, "metric": metric, "differences": gaps, "said": said, "rivals": rivals}
            )

    def _groups(self, tables: Mapping[str, Table], groups: Mapping[str, Sequence[str]], metric: str) -> None:
        for place, table in tables.items():
            best = [table.best(members, metric) for members in groups.values()]
            if None not in best:
                shown = ", ".join(f"{name} {table.value(str(name), metric):.4f}" for name in best)
                said = table.better(str(best[1]), str(best[0]), metric)
                self.say(
                    f"- {place}, {TITLES[metric]}: best of the reference and after super-resolution: {shown} ({said})"
                )
        self.say("")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = list(dict.fromkeys(scene.place for scene in SCENES))
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the places")
    parser.add_argument("--tests", default=",".join(TESTS), help="which tests, separated by commas")
    parser.add_argument("--places", default="", help=f"which places, separated by commas; default {','.join(every)}")
    parser.add_argument("--methods", default="", help="which methods, separated by commas; default all")
    parser.add_argument("--models", type=Path, help="folder with fold_METHOD_NUMBER, METHOD/PLACE, or one model")
    parser.add_argument("--side", type=int, default=SIDE, help=f"side of a scene's part in pixels; default {SIDE}")
    parser.add_argument("--quick", action="store_true", help=f"two places of {QUICK_SIDE} pixels a side")
    parser.add_argument("--markdown", type=Path, help="write the tables here as well")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    split = {
        name: tuple(one for one in getattr(given, name).split(",") if one) for name in ("tests", "places", "methods")
    }
    wrong = [one for one in split["tests"] if one not in TESTS] + [one for one in split["places"] if one not in every]
    if wrong:
        parser.error(f"unknown: {', '.join(wrong)}")
    places = split["places"] or (QUICK_PLACES if given.quick else tuple(every))
    side = QUICK_SIDE if given.quick else given.side
    with tempfile.TemporaryDirectory(prefix="satfusion-revisits-") as work:
        benchmark = Benchmark(given.data, places, split["methods"], given.models, side, Path(work), [], {})
        for name in split["tests"]:
            getattr(benchmark, name)()
    if given.markdown:
        given.markdown.write_text("\n".join(benchmark.lines) + "\n", encoding="utf-8")
    if given.json:
        given.json.write_text(json.dumps(benchmark.figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
