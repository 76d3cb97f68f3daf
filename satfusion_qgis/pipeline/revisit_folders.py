"""Training scenes from public data sets of revisits, in the folders in which their users download them.

WorldStrat: Cornebise, J., Orsolic, I., Kalaitzis, F. (2022): Open high-resolution satellite imagery: the WorldStrat
dataset. 10.48550/arXiv.2207.06418. Folders `lr_dataset/<place>/L2A/` (Sentinel-2 revisits of 12 bands, cloud masks with
CLM in their name) and `hr_dataset/<place>/` (`_ps`: SPOT 6/7, sharpened with its own PAN; `_pan`: that PAN).

PROBA-V: Martens, M., Izzo, D., Krzic, A., Cox, D. (2019), 10.1007/s42064-019-0059-8. Folders `imgsetNNNN` with
`LR000.png`, `QM000.png` (clear pixels of each), `HR.png` and `SM.png` (its clear pixels); 14 bits in 16, ratio 3.

PanCollection: see `pipeline.pancollection`; its files hold no revisits, so these are simulated from the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import gdal

from ..raster.gdal_calls import first_line, geotransform_of, open_raster, projection_of, quietly, read, same_crs
from ..raster.grid import Grid
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array
from ..tasks.patch_set import TRAIN, VALIDATION
from ..tasks.window import Axis
from .pancollection import PRESETS, RATIO, open_hdf5
from .patch_places import Layout
from .revisit_patches import RevisitSettings, TrainingScene, dealt, make_patches
from .simulated_scenes import drawn_simulation, simulated_scene
from .stack import Held, Image, Stack

WORLDSTRAT_RATIO, PROBA_V_RATIO = 3, 3
WORLDSTRAT, PROBA_V, PANCOLLECTION = "worldstrat", "proba_v", "pancollection"
FOLDERS = (WORLDSTRAT, PROBA_V)
_WORLDSTRAT_BANDS = (4, 3, 2)
_SPOT_BANDS = (1, 2, 3)
_REFLECTANCE = 1e-4
_MOST_REVISITS = 24
_LEAST_CLEAR = 0.3
_OTHER_SENSOR = (
    "The reference is of another sensor than the revisits: shifts, brightness and changes lie between them, and are in "
    "the scores."
)
_SHARPENED = (
    "WorldStrat's reference was itself sharpened with the PAN that goes with it, so scores flatter what follows that "
    "PAN."
)


@dataclass(frozen=True)
class FolderSettings:
    """How a data set's folder is turned into patches.

    Attributes:
        kind: One of `FOLDERS`.
        folder: Where the data set lies.
        ratio: Fine pixels along a side of a coarse one; 0 takes the data set's.
        with_pan: Whether PAN is taken too (WorldStrat).
        frames: Revisits of a patch.
        layout: Side of a patch, and how places are split.
        parameters: MAX_SHIFT, SENSOR and MTF_GAINS.
        most: At most so many places, the first by name; 0 for all.
    """

    kind: str
    folder: Path
    ratio: int = 0
    with_pan: bool = False
    frames: int = 8
    layout: Layout = field(default_factory=Layout)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    most: int = 0


def prepare_folder(settings: FolderSettings, output: str, feedback: Optional[Feedback] = None) -> dict[str, Any]:
    """Make a patch set of a data set's folder; its places are dealt out to train, validation and test.

    Args:
        settings: What is read, and how.
        output: Where the set goes.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: The folder is not laid out as the data set is, or holds too little; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    feedback = feedback or Feedback()
    if settings.kind not in FOLDERS:
        raise InputError(f"DATA_SET must be one of {', '.join(FOLDERS)}, not {settings.kind!r}.")
    if not settings.folder.is_dir():
        raise InputError(f"FOLDER: {settings.folder} is no folder.")
    made = _WorldStrat(settings, feedback) if settings.kind == WORLDSTRAT else _ProbaV(settings, feedback)
    places = made.places()[: settings.most or None]
    splits = dealt([name for name, _ in places], settings.layout)
    scenes = (scene for name, folder in places for scene in made.scenes(name, folder, splits[name]))
    return make_patches(scenes, output, made.settings(), feedback, len(places))


def prepare_pancollection_revisits(
    files: Mapping[str, str],
    output: str,
    preset: str,
    frames: int = 8,
    seed: int = 0,
    with_pan: bool = True,
    feedback: Optional[Feedback] = None,
) -> dict[str, Any]:
    """Make a patch set of PanCollection's files, with revisits that are simulated from the reference.

    Args:
        files: Path by split; "train" and "validation" are needed.
        output: Where the set goes.
        preset: One of `pancollection.PRESETS`.
        frames: Revisits of a patch.
        seed: The same seed simulates the same revisits.
        with_pan: Whether PAN is taken too.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: A file is missing or not what it should be; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    if preset not in PRESETS:
        raise InputError(f"PRESET must be one of {', '.join(PRESETS)}, not {preset!r}.")
    for split in (TRAIN, VALIDATION):
        if not files.get(split):
            raise InputError(f"{split.upper()}_FILE: a file is needed.")
    known = PRESETS[preset]
    opened = {split: open_hdf5(path) for split, path in files.items() if path}
    shapes = {split: (file.shape("gt"), file.shape("pan")) for split, file in opened.items()}
    for split, (gt, pan) in shapes.items():
        if len(gt) != 4 or gt[1] != len(known.bands) or len(pan) != 4 or pan[2:] != gt[2:]:
            raise InputError(
                f"{split.upper()}_FILE: in {files[split]}, gt and pan should hold images of {len(known.bands)} bands "
                f"and of one; check the file and PRESET."
            )
    side = min(min(gt[2:]) for gt, _ in shapes.values()) // RATIO * RATIO

    def scenes() -> Iterator[TrainingScene]:
        for place, (split, file) in enumerate(opened.items()):
            for number in range(shapes[split][0][0]):
                rng = np.random.default_rng([seed, place, number])
                simulation = drawn_simulation(rng, len(known.bands), frames)
                pan = file.read("pan", number) if with_pan else None
                name = f"{Path(files[split]).stem} {number}"
                scene = simulated_scene(name, file.read("gt", number), RATIO, simulation, pan, None, split)
                yield replace(scene, place=Path(files[split]).stem)

    bands = [{"name": name, "wavelength_nm": at, "width_nm": None, "unit": ""} for name, at in known.bands]
    settings = RevisitSettings(
        RATIO,
        bands,
        Layout(side, side, RATIO, 0),
        frames,
        {"MAX_SHIFT": 4.0},
        with_pan,
        units="dn",
        unit="DN",
        protocol="simulated revisits",
        limits=("The revisits are simulated from PanCollection's references.",),
        border=0,
    )
    return make_patches(scenes(), output, settings, feedback, sum(gt[0] for gt, _ in shapes.values()))


class _WorldStrat:
    """The folders of WorldStrat."""

    def __init__(self, settings: FolderSettings, feedback: Feedback) -> None:
        self._given, self._feedback = settings, feedback
        self._ratio = settings.ratio or WORLDSTRAT_RATIO

    def settings(self) -> RevisitSettings:
        """Return what the patches hold."""
        names = (("Red", 665.0), ("Green", 560.0), ("Blue", 490.0))
        bands = [{"name": name, "wavelength_nm": at, "width_nm": None, "unit": "reflectance"} for name, at in names]
        return RevisitSettings(
            self._ratio,
            bands,
            self._given.layout,
            self._given.frames,
            {"MAX_SHIFT": 4.0, "SENSOR": "sentinel2", **self._given.parameters},
            self._given.with_pan,
            protocol="WorldStrat, reference of another sensor",
            limits=(_OTHER_SENSOR, _SHARPENED),
            product_level="L2A",
        )

    def places(self) -> list[tuple[str, Path]]:
        """Return the places that have both revisits and a reference."""
        low, high = (self._given.folder / name for name in ("lr_dataset", "hr_dataset"))
        for folder in (low, high):
            if not folder.is_dir():
                raise InputError(
                    f"FOLDER: there is no {folder.name} in {self._given.folder}; take WorldStrat's folder."
                )
        found = [(path.name, path) for path in sorted(low.iterdir()) if (path / "L2A").is_dir()]
        found = [(name, path) for name, path in found if self._fine(name, "ps") is not None]
        if not found:
            raise InputError(f"FOLDER: no place in {low} has a folder L2A and its image _ps in {high}.")
        return found

    def scenes(self, name: str, folder: Path, split: str) -> Iterator[TrainingScene]:
        """Yield the place's scene; nothing, and a warning, where it cannot be used."""
        try:
            yield self._scene(name, folder, split)
        except InputError as error:
            self._feedback.warning(f"{name} is left out: {error}")

    def _scene(self, name: str, folder: Path, split: str) -> TrainingScene:
        files = [path for path in sorted((folder / "L2A").glob("*.tif*")) if "CLM" not in path.name.upper()]
        files = [path for path in files if "L2A_DATA" in path.name.upper()] or files
        if not files:
            raise InputError("it has no revisits.")
        files = _clearest(files, _clear_share_of_mask)[:_MOST_REVISITS]
        fine, pan = self._fine(name, "ps"), self._fine(name, "pan") if self._given.with_pan else None
        if fine is None or (self._given.with_pan and pan is None):
            raise InputError("it has no _pan image.")
        opened = [open_raster(str(path)) for path in files]
        tied = _tied([*opened, *(open_raster(str(path)) for path in (fine, pan) if path is not None)])
        grid = (_grid_of(opened[0]) if tied else _unit_grid(opened[0])).finer(self._ratio)
        several = []
        for path, dataset in zip(files, opened):
            axes = (_grid_of(dataset) if tied else _unit_grid(dataset)).axes_on(grid)
            if axes is None:
                continue
            if dataset.RasterCount < max(_WORLDSTRAT_BANDS):
                raise InputError(f"{path.name} has {dataset.RasterCount} bands; revisits of WorldStrat have 12.")
            values = _reflectance(dataset, path, list(_WORLDSTRAT_BANDS))
            several.append(Image(Held(*_valid(values, _cloud_mask(path))), *axes))
        truth = _onto(fine, list(_SPOT_BANDS), grid, tied)
        stack = Stack(tuple(several), grid.rows, grid.columns, len(_WORLDSTRAT_BANDS))
        if pan is not None:
            held = Held(*_valid(_onto(pan, [1], grid, tied), None))
            stack = replace(stack, pan=Image(held, Axis(0.0, 1.0, grid.rows), Axis(0.0, 1.0, grid.columns)))
        source = {"revisits": [path.name for path in files], "pan": None if pan is None else pan.name}
        return TrainingScene(name, stack, Held(*_valid(truth, None)), name, split, source)

    def _fine(self, name: str, what: str) -> Optional[Path]:
        """Return the place's fine image, wherever in `hr_dataset` it lies."""
        high = self._given.folder / "hr_dataset"
        for folder in (high / name, *sorted(high.glob(f"*/{name}"))):
            for ending in ("tiff", "tif"):
                path = folder / f"{name}_{what}.{ending}"
                if path.is_file():
                    return path
        return None


class _ProbaV:
    """The folders of the PROBA-V challenge."""

    def __init__(self, settings: FolderSettings, feedback: Feedback) -> None:
        self._given, self._feedback = settings, feedback
        if settings.with_pan:
            raise InputError("PROBA-V has no PAN; prepare it for super-resolution.")
        if settings.ratio not in (0, PROBA_V_RATIO):
            raise InputError(f"RATIO: PROBA-V's is {PROBA_V_RATIO}, not {settings.ratio}.")

    def settings(self) -> RevisitSettings:
        """Return what the patches hold."""
        kinds = {path.parent.name.upper() for _, path in self.places()}
        known = {"RED": ("Red", 655.0), "NIR": ("NIR", 838.0)}
        name, at = known.get(next(iter(kinds)), ("Band", None)) if len(kinds) == 1 else ("Band", None)
        return RevisitSettings(
            PROBA_V_RATIO,
            [{"name": name, "wavelength_nm": at, "width_nm": None, "unit": "DN"}],
            self._given.layout,
            self._given.frames,
            {"MAX_SHIFT": 4.0, **self._given.parameters},
            units="dn",
            unit="DN",
            protocol="PROBA-V, reference of the finer camera",
            limits=(_OTHER_SENSOR,),
        )

    def places(self) -> list[tuple[str, Path]]:
        """Return the image sets with a reference."""
        folders = sorted(path.parent for path in self._given.folder.rglob("HR.png"))
        found = [(f"{path.parent.name} {path.name}", path) for path in folders]
        if not found:
            raise InputError(
                f"FOLDER: {self._given.folder} holds no folder imgsetNNNN with HR.png; take PROBA-V's train."
            )
        return found

    def scenes(self, name: str, folder: Path, split: str) -> Iterator[TrainingScene]:
        """Yield the set's scene; nothing, and a warning, where it cannot be used."""
        try:
            yield self._scene(name, folder, split)
        except InputError as error:
            self._feedback.warning(f"{name} is left out: {error}")

    def _scene(self, name: str, folder: Path, split: str) -> TrainingScene:
        files = [path for path in sorted(folder.glob("LR*.png")) if re.fullmatch(r"LR\d+\.png", path.name)]
        if not files:
            raise InputError("it has no LR images.")
        files = _clearest(files, _clear_share_of_status)[:_MOST_REVISITS]
        images = [_whole(path) for path in files]
        rows, columns = images[0].shape[1:]
        truth, clear = _whole(folder / "HR.png"), _status(folder / "SM.png")
        if truth.shape[1:] != (PROBA_V_RATIO * rows, PROBA_V_RATIO * columns):
            raise InputError(f"HR.png is not {PROBA_V_RATIO} times as large as {files[0].name}.")
        axes = (Axis(0.0, 1 / PROBA_V_RATIO, rows), Axis(0.0, 1 / PROBA_V_RATIO, columns))
        several = tuple(Image(Held(image, _status(_mask_of(path))), *axes) for image, path in zip(images, files))
        stack = Stack(several, truth.shape[1], truth.shape[2], 1)
        return TrainingScene(name, stack, Held(truth, clear), name, split, {"revisits": [path.name for path in files]})


# Files.


def _clearest(files: Sequence[Path], share: Any) -> list[Path]:
    """Return files in order of how clear they are, the first by name first among equals.

    Raises:
        InputError: None is clear enough to be the reference.
    """
    shares = {path: round(share(path), 3) for path in files}
    ordered = sorted(files, key=lambda path: -shares[path])
    if shares[ordered[0]] < _LEAST_CLEAR:
        raise InputError(f"its clearest revisit shows {100 * shares[ordered[0]]:.0f} % of the place only.")
    return [path for path in ordered if shares[path] > 0]


def _clear_share_of_mask(path: Path) -> float:
    mask = _cloud_mask(path)
    return 1.0 if mask is None else float(mask.mean())


def _clear_share_of_status(path: Path) -> float:
    return float(_status(_mask_of(path)).mean())


def _mask_of(path: Path) -> Path:
    return path.with_name(path.name.replace("LR", "QM"))


def _cloud_mask(path: Path) -> Optional[Array]:
    """Return which pixels of a revisit are clear; None where no mask lies beside it."""
    stem = re.sub("L2A_data", "CLM", path.name, flags=re.IGNORECASE)
    for name in (stem, stem.rpartition(".")[0] + ".tif", stem.rpartition(".")[0] + ".tiff"):
        beside = path.with_name(name)
        if name != path.name and beside.is_file():
            found: Array = _whole(beside)[0] == 0
            return found
    return None


def _status(path: Path) -> Array:
    found: Array = _whole(path)[0] > 0
    return found


def _whole(path: Path) -> Array:
    """Return all bands of an image."""
    dataset = open_raster(str(path))
    bands = list(range(1, dataset.RasterCount + 1))
    return read(dataset, str(path), bands, (0, 0, dataset.RasterYSize, dataset.RasterXSize))


def _reflectance(dataset: Any, path: Path, bands: list[int]) -> Array:
    values = read(dataset, str(path), bands, (0, 0, dataset.RasterYSize, dataset.RasterXSize))
    return values * np.float32(_scale_of(dataset))


def _scale_of(dataset: Any) -> float:
    """Return 1 for floating numbers, which are reflectance, and 1/10000 for whole ones."""
    kind = gdal.GetDataTypeName(dataset.GetRasterBand(1).DataType)
    return 1.0 if kind.startswith("Float") else _REFLECTANCE


def _valid(values: Array, clear: Optional[Array]) -> tuple[Array, Array]:
    """Return values and which pixels are usable: those of numbers above 0 that are clear."""
    usable = np.isfinite(values).all(axis=0) & (values > 0).any(axis=0)
    if clear is not None and clear.shape == usable.shape:
        usable &= clear
    return np.where(usable, values, np.float32(0)), usable


# Places.


def _tied(datasets: Sequence[Any]) -> bool:
    """Tell whether all images say where they lie, in one CRS; else they are taken to show the same rectangle."""
    crs = [projection_of(dataset) for dataset in datasets]
    if not all(crs) or any(geotransform_of(dataset) is None for dataset in datasets):
        return False
    return all(same_crs(crs[0], other) for other in crs[1:])


def _grid_of(dataset: Any) -> Grid:
    place = geotransform_of(dataset) or (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
    return Grid(projection_of(dataset), place, dataset.RasterXSize, dataset.RasterYSize)


def _unit_grid(dataset: Any) -> Grid:
    """Return the grid of an image that covers a square of side 1."""
    rows, columns = dataset.RasterYSize, dataset.RasterXSize
    return Grid("", (0.0, 1 / columns, 0.0, 1.0, 0.0, -1 / rows), columns, rows)


def _onto(path: Path, bands: list[int], grid: Grid, tied: bool) -> Array:
    """Return an image of reflectance on a coarser grid: cubic, with a kernel as wide as the coarser pixel asks."""
    dataset = open_raster(str(path))
    if dataset.RasterCount < max(bands):
        raise InputError(f"{path.name} has {dataset.RasterCount} bands, {max(bands)} are needed.")
    copy, error = quietly(gdal.Translate, "", dataset, format="MEM", bandList=bands)
    if copy is None or error:
        raise InputError(f"Cannot read {path.name}: {first_line(error)}.")
    if not tied:
        copy.SetProjection("")
        copy.SetGeoTransform(_unit_grid(dataset).geotransform)
    options = gdal.WarpOptions(
        format="MEM",
        outputBounds=grid.extent,
        width=grid.columns,
        height=grid.rows,
        resampleAlg="cubic",
        outputType=gdal.GDT_Float32,
        srcNodata=0,
        dstNodata="nan",
    )
    warped, error = quietly(gdal.Warp, "", copy, options=options)
    if warped is None or error:
        raise InputError(f"Cannot resample {path.name}: {first_line(error)}.")
    window = (0, 0, grid.rows, grid.columns)
    return read(warped, path.name, list(range(1, len(bands) + 1)), window) * np.float32(_scale_of(dataset))
