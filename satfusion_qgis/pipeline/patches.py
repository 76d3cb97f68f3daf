"""Patch sets for training, from the user's own scenes by Wald's protocol.

MS and PAN are degraded by their ratio (`pipeline.degrade`): the original MS is then what a perfect sharpening of the
degraded pair would give. The degraded MS is interpolated onto the PAN grid as it is when a network runs, and all three
are cut into patches. Wald, L., Ranchin, T., Mangolini, M. (1997), PE&RS 63(6), 691-699.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Optional

import numpy as np

from ..classical.resampling import CUBIC_HALO, expand
from ..locations import version
from ..raster.grid import Grid, common_part
from ..raster.reader import Reader, Source, describe, remove_virtual
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array
from ..tasks.patch_set import FILE, FORMAT, KINDS, PANSHARPENING, SPLITS, TENSORS, TRAIN
from ..tasks.tensor_file import TensorWriter
from ..tasks.validity import combine
from ..tasks.window import Axis, BlockWindow, Window
from .assess import band_names, units_of
from .degrade import degrade_jobs, degrade_pair
from .ground import metres
from .patch_places import Area, Layout, Place, places_in, split_by_place
from .patch_writer import UsualValues, check_counts

SHARD_BYTES = 256 << 20
_BORDER_RATIOS = 4
_RATIO_TOLERANCE = 0.01
_QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}
_WINDOW = 1024
_DEGRADING = 0.6
_KIND = KINDS[PANSHARPENING]


@dataclass(frozen=True)
class ScenePair:
    """One scene.

    Attributes:
        ms: The MS image: one input, or one for each single-band file.
        pan: Its PAN.
        split: The split that the whole scene goes to; "" cuts it by place.
        reference: What a perfect sharpening of the pair gives, on PAN's grid, where it is known already: the pair is
            then taken as it is. None degrades the pair and takes its MS.
    """

    ms: Sequence[Input]
    pan: Input
    split: str = ""
    reference: Optional[Sequence[Input]] = None


@dataclass(frozen=True)
class PatchSettings:
    """How patches are made.

    Attributes:
        layout: Their size, and how the scene is split.
        ratio: MS pixel / PAN pixel; None takes it from the images.
        reductions: How often the pair is degraded: 1, or 2 for the scale at which a network is adapted to a scene.
        border: Pixels of the reduced PAN grid left out along the scene's edges; None for 4 x ratio, less in small
            scenes.
        parameters: SENSOR and MTF_GAINS.
        threads: Compute threads.
    """

    layout: Layout = field(default_factory=Layout)
    ratio: Optional[float] = None
    reductions: int = 1
    border: Optional[int] = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 2


def prepare_patches(
    scenes: Sequence[ScenePair],
    folder: str,
    settings: Optional[PatchSettings] = None,
    feedback: Optional[Feedback] = None,
) -> dict[str, Any]:
    """Make a patch set.

    Args:
        scenes: The scenes.
        folder: Where it goes; an older patch set there is replaced.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: A scene is bad or too small, the scenes do not go together, or the disk is full; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    settings, feedback = settings or PatchSettings(), feedback or Feedback()
    settings.layout.check()
    if settings.reductions not in (1, 2):
        raise InputError(f"REDUCTIONS must be 1 or 2, not {settings.reductions}.")
    if not scenes:
        raise InputError("MS_LIST: a scene is needed.")
    with new_folder(Path(folder)) as part:
        return _Patches(scenes, settings, part, feedback).make()


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to write a patch set to, and put its files in their place once all went well.

    Raises:
        InputError: The folder holds other things, or cannot be written to.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise InputError(f"OUTPUT: the folder {folder} holds other files; choose an empty or a new one.")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"OUTPUT: {folder} is a file; give the name of a folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".satfusion-", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise InputError(f"OUTPUT: cannot write to {folder.parent}: {error.strerror}.") from None
    try:
        yield part
        folder.mkdir(exist_ok=True)
        for old in [folder / FILE, *folder.glob("*-[0-9][0-9][0-9].safetensors")]:
            old.unlink(missing_ok=True)
        for path in sorted(part.iterdir(), key=lambda path: path.name == FILE):  # the description last
            path.replace(folder / path.name)
    except OSError as error:
        raise InputError(f"OUTPUT: cannot write to {folder}: {error.strerror}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


class Moments:
    """Mean and standard deviation of bands in float64, from parts that are joined pairwise (Chan et al. 1983)."""

    def __init__(self, bands: int) -> None:
        self.count = 0
        self.mean = np.zeros(bands)
        self._squares = np.zeros(bands)

    def add(self, values: Array) -> None:
        """Take in values (bands, pixels)."""
        count = values.shape[1]
        if not count:
            return
        values = values.astype(np.float64)
        mean = values.mean(axis=1)
        squares = np.square(values - mean[:, None]).sum(axis=1)
        step, total = mean - self.mean, self.count + count
        self._squares += squares + step * step * (self.count * count / total)
        self.mean = self.mean + step * (count / total)
        self.count = total

    def plain(self) -> dict[str, Any]:
        """Return "mean" and "std" of each band, and "pixels"."""
        std = np.sqrt(self._squares / max(1, self.count))
        return {"mean": self.mean.tolist(), "std": std.tolist(), "pixels": self.count}


@dataclass
class _Reduced:
    """A degraded scene: its images, and where they lie on the grid of the degraded PAN."""

    number: int
    pair: ScenePair
    original: tuple[Source, Source]
    ms: Source
    pan: Source
    reference: Source
    physical: bool = False

    @property
    def grid(self) -> Grid:
        """The grid of the degraded PAN, which is that of the original MS."""
        return self.pan.grid

    def axes(self, image: Source) -> tuple[Axis, Axis]:
        """Return where an image lies on the grid."""
        found = image.grid.axes_on(self.grid)
        if found is None:
            raise InputError(f"{image.role}: {image.name} cannot be aligned with the degraded PAN.")
        return found

    @property
    def ratio(self) -> float:
        """MS pixel / PAN pixel."""
        return 1 / min(axis.scale for axis in self.axes(self.ms))

    def area(self, border: Optional[int], side: int) -> Area:
        """Return where patches may lie: where all images are, less the border."""
        axes = [self.axes(self.ms), self.axes(self.reference)]
        part = common_part(axes, self.grid.rows, self.grid.columns)
        if part is None:
            raise InputError("MS and PAN do not overlap; check that they show the same place.")
        row, column, rows, columns = part
        if border is None:
            border = min(round(_BORDER_RATIOS * self.ratio), max(0, (min(rows, columns) - side) // 4))
        return Area(row + border, column + border, row + rows - border, column + columns - border)


class _Cutter:
    """Reads patches of one degraded scene."""

    def __init__(self, scene: _Reduced, side: int) -> None:
        self._side = side
        self._ms_axes = scene.axes(scene.ms)
        rows, columns = scene.axes(scene.reference)
        self._shift = round(rows.origin), round(columns.origin)
        self._readers = {name: Reader(getattr(scene, name), scene.physical) for name in ("ms", "pan", "reference")}

    def cut(self, place: Place) -> Optional[dict[str, Array]]:
        """Return "ms", "pan" and "reference" (bands, side, side) of a patch; None where a pixel is not valid."""
        row, column = place
        side = self._side
        pan, valid = self._readers["pan"].read(row, column, side, side)
        down, across = self._shift
        reference, known = self._readers["reference"].read(row + down, column + across, side, side)
        valid = combine(valid, known)
        if valid is not None and not valid.all():
            return None
        row_axis, column_axis = self._ms_axes
        top, bottom = row_axis.cover(row, row + side, CUBIC_HALO)
        left, right = column_axis.cover(column, column + side, CUBIC_HALO)
        block = BlockWindow(top, left, bottom - top, right - left, row_axis, column_axis)
        coarse, known = self._readers["ms"].read(top, left, bottom - top, right - left)
        ms, known = expand(coarse, known, block, Window(row, column, side, side, {"MS": block}))
        if known is not None and not known.all():
            return None
        return {"ms": ms, "pan": pan, "reference": reference}


class _Patches:
    """One making of a patch set, in a folder of its own."""

    def __init__(self, scenes: Sequence[ScenePair], settings: PatchSettings, folder: Path, feedback: Feedback) -> None:
        self._pairs, self._settings, self._folder, self._feedback = scenes, settings, folder, feedback
        self._files: list[dict[str, Any]] = []
        self._left_out = 0
        self._usual = UsualValues()
        self._temporary = folder / "degraded"

    def make(self) -> dict[str, Any]:
        """Degrade, place, cut and describe."""
        self._temporary.mkdir()
        scenes: list[_Reduced] = []
        try:
            for number, pair in enumerate(self._pairs):
                scenes.append(self._reduced(number, pair))
            physical = self._settle_units(scenes)
            self._check_alike(scenes)
            places = self._placed(scenes)
            data = self._written(scenes, places, physical)
        finally:
            for scene in scenes:
                for source in scene.original:
                    remove_virtual(source)
        shutil.rmtree(self._temporary)
        text = json.dumps(data, indent=1, allow_nan=False)
        (self._folder / FILE).write_text(text + "\n", encoding="utf-8")
        self._feedback.progress(1.0)
        return data

    # Degrading.

    def _reduced(self, number: int, pair: ScenePair) -> _Reduced:
        if pair.split and pair.split not in SPLITS:
            raise InputError(f"SPLITS must be made of {', '.join(SPLITS)}, not {pair.split!r}.")
        original = describe("MS", pair.ms), describe("PAN", [pair.pan])
        try:
            return self._degraded(number, pair, original)
        except BaseException:
            for source in original:
                remove_virtual(source)
            raise

    def _degraded(self, number: int, pair: ScenePair, original: tuple[Source, Source]) -> _Reduced:
        if len(original[1].bands) != 1:
            raise InputError(f"PAN needs one band, but {original[1].name} has {len(original[1].bands)}.")
        if pair.reference is not None:
            truth = describe("MS", list(pair.reference), False)
            return _Reduced(number, pair, original, original[0], original[1], truth)
        ms, pan, reference = list(pair.ms), pair.pan, list(pair.ms)
        steps = self._settings.reductions
        for step in range(steps):
            reference = ms
            files = [str(self._temporary / f"{role}_{number}_{step}.tif") for role in ("ms", "pan")]
            jobs = degrade_jobs(
                ms, pan, files[0], files[1], self._settings.ratio, self._settings.parameters, _QUICK,
                self._settings.threads,
            )  # fmt: skip
            for job in jobs:
                job.outputs[0].dtype = "Float32"  # rounded values would teach the network their rounding
            share = _DEGRADING / (len(self._pairs) * steps)
            part = _Part(self._feedback, (number * steps + step) * share, share)
            written = degrade_pair(jobs, part)
            ms, pan = [Input("MS", written[0])], Input("PAN", written[1])
        images = describe("MS", ms, False), describe("PAN", [pan], False)
        truth = original[0] if steps == 1 else describe("MS", reference, False)
        return _Reduced(number, pair, original, images[0], images[1], truth)

    def _settle_units(self, scenes: Sequence[_Reduced]) -> bool:
        """Take physical units where MS and PAN of all scenes state scale and offset, else the stored numbers."""
        stated = {image.name: all(band.scaled for band in image.bands) for one in scenes for image in one.original}
        physical = all(stated.values())
        if not physical and any(stated.values()):
            lacking = ", ".join(name for name, known in stated.items() if not known)
            self._feedback.warning(
                f"{lacking} states no scale and offset, other images do: patches hold the numbers as stored"
            )
        for scene in scenes:
            scene.physical = physical
        return physical

    def _check_alike(self, scenes: Sequence[_Reduced]) -> None:
        first = scenes[0]
        for other in scenes[1:]:
            names = f"{first.original[0].name} and {other.original[0].name}"
            bands = len(first.ms.bands), len(other.ms.bands)
            if bands[0] != bands[1]:
                raise InputError(f"MS_LIST: {names} have {bands[0]} and {bands[1]} bands; a set needs the same bands.")
            if abs(other.ratio / first.ratio - 1) > _RATIO_TOLERANCE:
                raise InputError(
                    f"MS_LIST: {names} have the ratios {first.ratio:.4g} and {other.ratio:.4g}; a set needs one ratio."
                )

    # Placing.

    def _placed(self, scenes: Sequence[_Reduced]) -> dict[str, list[tuple[int, Place]]]:
        """Return the patches of each split whose pixels are all valid: number of the scene, and corner."""
        found: dict[str, list[tuple[int, Place]]] = {split: [] for split in SPLITS}
        layout = self._settings.layout
        span = (1 - _DEGRADING) / 2
        for number, scene in enumerate(scenes):
            area = scene.area(self._settings.border, layout.side)
            if scene.pair.split:
                splits = {scene.pair.split: places_in(area, layout)}
                if not splits[scene.pair.split]:
                    raise InputError(
                        f"{scene.original[0].name} is too small for PATCH {layout.side}: {area.columns} x {area.rows} "
                        f"pixels are left at the reduced scale."
                    )
            else:
                splits = split_by_place(area, layout, number)
            cutter = _Cutter(scene, layout.side)
            several = [(split, place) for split, places in splits.items() for place in places]
            for done, (split, place) in enumerate(several):
                self._watch(_DEGRADING + span * (number + done / len(several)) / len(scenes))
                if cutter.cut(place) is None:
                    self._left_out += 1
                else:
                    found[split].append((number, place))
        counts = {split: len(found[split]) for split in SPLITS}
        check_counts(counts, self._left_out, "other scenes", self._feedback)
        return found

    # Writing.

    def _written(
        self, scenes: Sequence[_Reduced], places: Mapping[str, list[tuple[int, Place]]], physical: bool
    ) -> dict[str, Any]:
        bands, side = len(scenes[0].ms.bands), self._settings.layout.side
        cutters = [_Cutter(scene, side) for scene in scenes]
        train = {"ms": Moments(bands), "pan": Moments(1)}
        total = sum(len(own) for own in places.values())
        done = 0
        for split, own in places.items():
            for start, shard in enumerate(_shards(own, bands, side)):
                name = f"{split}-{start:03d}.safetensors"
                self._files.append({"name": name, "split": split, "count": len(shard)})
                with TensorWriter(self._folder / name, _KIND.layout(len(shard), bands, side)) as writer:
                    for index, (number, place) in enumerate(shard):
                        done += 1
                        self._watch((1 + _DEGRADING) / 2 + (1 - _DEGRADING) / 2 * done / total)
                        patch = cutters[number].cut(place)
                        if patch is None:
                            raise InputError(f"{scenes[number].original[0].name} changed while it was read.")
                        for role in TENSORS:
                            writer.put(role, index, patch[role])
                        writer.put("scene", index, np.array(number))
                        writer.put("place", index, np.array(place, np.int32))
                        if split == TRAIN:
                            self._learn(patch, train)
        return self._described(scenes, places, train, physical)

    def _learn(self, patch: Mapping[str, Array], train: Mapping[str, Moments]) -> None:
        """Take the statistics of a training patch."""
        for role, moments in train.items():
            moments.add(patch[role].reshape(len(patch[role]), -1))
        for role in TENSORS:
            self._usual.add(patch[role].ravel())

    def _described(
        self,
        scenes: Sequence[_Reduced],
        places: Mapping[str, list[tuple[int, Place]]],
        train: Mapping[str, Moments],
        physical: bool,
    ) -> dict[str, Any]:
        first, layout = scenes[0].original, self._settings.layout
        whole, how = self._range(scenes, physical)
        return {
            "format": FORMAT,
            "software": f"satfusion {version()}",
            "protocol": "wald",
            "reductions": self._settings.reductions,
            "bands": described_bands(first[0], physical),
            "pan_bands": described_bands(first[1], physical),
            "ratio": scenes[0].ratio,
            "units": "physical" if physical else "dn",
            "unit": units_of(first[0]) if physical else "DN",
            "range": whole,
            "range_from": how,
            "product_level": first[0].level,
            "side": layout.side,
            "stride": layout.stride,
            "multiple": layout.multiple,
            "split": {
                "rule": "scenes" if all(scene.pair.split for scene in scenes) else "blocks of each scene",
                "buffer": layout.buffer,
                "validation": layout.validation,
                "test": layout.test,
                "seed": layout.seed,
            },
            "parameters": dict(self._settings.parameters),
            "counts": {split: len(places[split]) for split in SPLITS},
            "left_out": self._left_out,
            "files": self._files,
            "statistics": {role: moments.plain() for role, moments in train.items()},
            "sources": [self._source(scene, places) for scene in scenes],
        }

    def _range(self, scenes: Sequence[_Reduced], physical: bool) -> tuple[float, str]:
        """Return the value that next to none exceeds, and how it is known."""
        bands = [band for scene in scenes for image in scene.original for band in image.bands]
        if all(band.nbits for band in bands):
            full = [float(2 ** int(band.nbits or 0) - 1) for band in bands]
            values = [value * band.scale + band.offset if physical else value for value, band in zip(full, bands)]
            return max(values), "bits"
        high = self._usual.high()
        if not physical and high > 2 and not any(band.dtype.startswith("Float") for band in bands):
            return float(2 ** int(np.ceil(np.log2(high + 1))) - 1), "values"
        return high, "values"

    def _source(self, scene: _Reduced, places: Mapping[str, list[tuple[int, Place]]]) -> dict[str, Any]:
        ms, pan = scene.original
        gsd = [metres(grid) for grid in (ms.grid, pan.grid, scene.grid)]
        x, a, b, y, d, e = scene.grid.geotransform
        return {
            "name": PurePath(ms.name).stem,
            "ms": ms.name,
            "pan": pan.name,
            "date": scene.pair.ms[0].date,
            "split": scene.pair.split or None,
            "counts": {split: sum(number == scene.number for number, _ in own) for split, own in places.items()},
            "gsd_m": None if None in gsd else dict(zip(("ms", "pan", "trained"), gsd)),
            "grid": {"geotransform": [x, a, b, y, d, e], "size": [scene.grid.columns, scene.grid.rows]},
            "scale": {role.role: [band.scale for band in role.bands] for role in (ms, pan)},
            "offset": {role.role: [band.offset for band in role.bands] for role in (ms, pan)},
            "statistics": {role: self._moments(getattr(scene, role), scene.physical) for role in ("ms", "pan")},
        }

    def _moments(self, image: Source, physical: bool) -> dict[str, Any]:
        """Return mean and standard deviation over all valid pixels of a degraded image."""
        reader, found = Reader(image, physical), Moments(len(image.bands))
        for row in range(0, image.grid.rows, _WINDOW):
            for column in range(0, image.grid.columns, _WINDOW):
                self._watch()
                size = min(_WINDOW, image.grid.rows - row), min(_WINDOW, image.grid.columns - column)
                values, valid = reader.read(row, column, *size)
                flat = values.reshape(len(values), -1)
                found.add(flat if valid is None else flat[:, valid.ravel()])
        return found.plain()

    def _watch(self, fraction: Optional[float] = None) -> None:
        if self._feedback.cancelled():
            raise Cancelled
        if fraction is not None:
            self._feedback.progress(min(1.0, fraction))


def described_bands(image: Source, physical: bool) -> list[dict[str, Any]]:
    """Return name, wavelength and unit of each band as plain data."""
    return [
        {"name": name, "wavelength_nm": band.wavelength_nm, "width_nm": None, "unit": band.unit if physical else ""}
        for name, band in zip(band_names(image), image.bands)
    ]


def _shards(places: Sequence[tuple[int, Place]], bands: int, side: int) -> Iterator[Sequence[tuple[int, Place]]]:
    size = max(1, SHARD_BYTES // (4 * (2 * bands + 1) * side * side + 12) - 1)
    for start in range(0, len(places), size):
        yield places[start : start + size]


class _Part(Feedback):
    """Passes on the progress of a part of the work, its warnings, and a cancel."""

    def __init__(self, feedback: Feedback, start: float, span: float) -> None:
        self._feedback, self._start, self._span = feedback, start, span

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        self._feedback.progress(min(1.0, self._start + fraction * self._span))

    def warning(self, text: str) -> None:
        self._feedback.warning(text)

    def cancelled(self) -> bool:
        return self._feedback.cancelled()
