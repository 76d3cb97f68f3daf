"""Pairs of fine and coarse images, simulated from one fine image and written as rasters: to learn from, and to test on.

They go through the same pipeline as real images: the coarse ones lie on a grid of their own, whose first corner lies
anywhere in a coarse pixel, and whose georeferencing does not know of the registration error.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Optional

import numpy as np
from osgeo import osr

from ..classical.spatiotemporal.simulate import TRAINING, PairSimulation, simulate_dates
from ..raster.bands import Band
from ..raster.grid import Grid
from ..raster.reader import Reader, Source, describe, remove_virtual
from ..raster.writer import RasterFormat, RasterWriter
from ..tasks.dates import iso_text
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Input
from ..tasks.method import Array
from ..tasks.patch_set import SPLITS
from .patch_places import Layout
from .triplet_patches import Observed, Triplet, TripletSettings, make_triplet_patches

_FIRST_DAY = datetime.datetime(2020, 6, 1)
_DAYS = 16
_UTM, _EASTING, _NORTHING = 32633, 500_000.0, 5_000_000.0
_NODATA, _SCALE = -32768, 1e-4  # as products of surface reflectance are stored
_FORM = RasterFormat("Int16", float(_NODATA), compression="none", overviews=False)
_BLUR = (0.15, 0.4)
_NOISE = (60.0, 300.0)
_MOST_PIXELS = 1024  # side of the part of an image that is shown


@dataclass(frozen=True)
class FineScene:
    """A fine image to simulate from.

    Attributes:
        name: What it is called.
        values: float32 (bands, rows, columns), reflectance.
        wavelengths_nm: Centre of each band.
        names: Names of the bands.
        valid: bool (rows, columns), or None where all are valid.
        place: Scenes of one place go to one split; "" for the name.
        split: The split that all its patches go to.
        pixel: Side of a pixel, in units of the CRS.
        crs: WKT of the CRS; "" takes some projection in metres, for where the scene lies does not matter.
    """

    name: str
    values: Array
    wavelengths_nm: Sequence[float]
    names: Sequence[str]
    valid: Optional[Array] = None
    place: str = ""
    split: str = ""
    pixel: float = 30.0
    crs: str = ""


@dataclass(frozen=True)
class SimulatedTriplets:
    """How patches of simulated dates are made.

    Attributes:
        ratio: Fine pixels along a side of a coarse one.
        pairs: 1 or 2 pairs for each target.
        draws: How often dates are simulated of each image.
        layout: Side and stride, and how each image is split by place.
        least_valid: Share of a patch's pixels that must be valid in all images.
        seed: The same seed simulates the same dates.
    """

    ratio: float = 16.0
    pairs: int = 1
    draws: int = 8
    layout: Layout = field(default_factory=lambda: Layout(96, 96, 1, 64))
    least_valid: float = 0.9
    seed: int = 0


def prepare_simulated_triplets(
    images: Sequence[Sequence[Input]],
    splits: Sequence[str],
    folder: str,
    settings: SimulatedTriplets,
    feedback: Optional[Feedback] = None,
) -> dict[str, Any]:
    """Make a patch set of dates that are simulated from fine images.

    Args:
        images: The fine images: for each one input, or one for each of its single-band files.
        splits: The split of each image; empty cuts each by place.
        folder: Where the set goes.
        settings: How it is made.
        feedback: Who is told about progress, and who may cancel.

    Raises:
        InputError: An image is no reflectance or has no wavelengths, or the images do not go together; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    if not images:
        raise InputError("IMAGES: a raster is needed.")
    if splits and (len(splits) != len(images) or set(splits) - set(SPLITS)):
        raise InputError(f"SPLITS needs one of {', '.join(SPLITS)} for each of the {len(images)} images.")
    if settings.draws < 1:
        raise InputError(f"DRAWS must be at least 1, not {settings.draws}.")
    made = TripletSettings(
        settings.layout,
        settings.pairs,
        least_valid=settings.least_valid,
        protocol="simulated dates",
        limits=("Trained on simulated dates.",),
        rule="images" if splits else "blocks of each image",
    )
    sources: list[Source] = []
    try:
        for items in images:
            sources.append(describe("IMAGES", list(items)))
        with tempfile.TemporaryDirectory(prefix="satfusion-") as work:
            triplets = _drawn(sources, splits, settings, Path(work))
            return make_triplet_patches(triplets, folder, made, feedback, len(sources) * settings.draws)
    finally:
        for source in sources:
            remove_virtual(source)


def _drawn(
    sources: Sequence[Source], splits: Sequence[str], settings: SimulatedTriplets, folder: Path
) -> Iterator[Triplet]:
    """Yield the draws of each image: of a large one, a part that does not change, so that its split is one."""
    for number, source in enumerate(sources):
        waves = [band.wavelength_nm for band in source.bands]
        if any(wave is None for wave in waves):
            raise InputError(
                f"IMAGES: {source.name} does not say the wavelengths of its bands, which the simulation needs."
            )
        rows, columns = (min(length, _MOST_PIXELS) for length in (source.grid.rows, source.grid.columns))
        top, left = (source.grid.rows - rows) // 2, (source.grid.columns - columns) // 2
        values, valid = Reader(source, True).read(top, left, rows, columns)
        scene = FineScene(
            source.name,
            values,
            [float(wave or 0) for wave in waves],
            [band.name or f"Band {place}" for place, band in enumerate(source.bands, 1)],
            valid,
            source.name,
            splits[number] if splits else "",
            source.grid.pixel[0],
        )
        for draw in range(settings.draws):
            rng = np.random.default_rng([settings.seed, number, draw])
            named = replace(scene, name=f"{source.name}, draw {draw + 1}")
            yield simulated_triplet(named, settings.ratio, settings.pairs, drawn_pairs(rng), rng, folder)


def drawn_pairs(rng: np.random.Generator, base: PairSimulation = TRAINING) -> PairSimulation:
    """Return settings drawn around `base`: blur, noise, shift, clouds, season and fields differ in every draw."""
    return replace(
        base,
        classes=int(rng.integers(4, 9)),
        season=float(rng.uniform(0.2, 0.85)),
        spread=float(rng.uniform(0.1, 0.45)),
        fields=float(rng.choice([0.0, rng.uniform(0.2, 0.8)])),
        changed=float(rng.uniform(0.0, 0.08)),
        blur=float(rng.uniform(*_BLUR)),
        coarse_noise=float(rng.uniform(*_NOISE)),
        fine_noise=float(rng.uniform(2 * _NOISE[0], 2 * _NOISE[1])),
        shift=float(rng.uniform(0.0, 0.3)),
        cloud_share=float(rng.choice([0.0, rng.uniform(0.0, 0.1)])),
    )


def simulated_triplet(
    scene: FineScene,
    ratio: float,
    pairs: int,
    settings: PairSimulation,
    rng: np.random.Generator,
    folder: Path,
) -> Triplet:
    """Write the images of a target date and of one or two pairs, and return what they are.

    With one pair it comes before or after the target; with two, one before and one after.

    Args:
        scene: The fine image.
        ratio: Fine pixels along a side of a coarse one.
        pairs: 1 or 2.
        settings: How they are made.
        rng: Everything random follows from it.
        folder: Where the files go.

    Raises:
        InputError: The scene is too small or is no reflectance, or the files cannot be written.
    """
    if pairs not in (1, 2):
        raise InputError(f"PAIRS must be 1 or 2, not {pairs}.")
    made = simulate_dates(scene.values, scene.wavelengths_nm, ratio, pairs + 1, rng, settings, scene.valid)
    order = [0, 1, 2] if pairs == 2 else [int(place) for place in rng.permutation(2)]
    target = order[1]
    pixel = scene.pixel
    corner = (_EASTING, pixel, 0.0, _NORTHING, 0.0, -pixel)
    whole = Grid(scene.crs or _metres(), corner, scene.values.shape[2], scene.values.shape[1])
    # The fine images begin somewhere in a coarse pixel, as real ones do, and end where the coarse ones do.
    row, column = (int(rng.integers(0, int(ratio))) for _ in range(2))
    bottom, right = (int(count * ratio + 1e-6) for count in made.coarse.shape[2:])
    fine_grid = whole.crop(row, column, bottom - row, right - column)
    coarse_grid = whole.coarser(ratio, *made.coarse.shape[2:])
    inside = np.s_[..., row:bottom, column:right]
    like = Band("", None, "Int16", _SCALE, nodata=_NODATA, unit="reflectance")
    bands = [replace(like, name=name, wavelength_nm=at) for name, at in zip(scene.names, scene.wavelengths_nm)]

    def written(name: str, values: Array, valid: Array, grid: Grid, date: int) -> list[Input]:
        path = folder / f"{name}_{date}.tif"
        _write(path, values, valid, grid, bands)
        day = iso_text(_FIRST_DAY + datetime.timedelta(days=_DAYS * date))
        return [Input(name.upper(), str(path), date=day)]

    observed = [
        Observed(
            written("fine", made.fine[date][inside], made.fine_valid[date][inside], fine_grid, date),
            written("coarse", made.coarse[date], made.coarse_valid[date], coarse_grid, date),
        )
        for date in order
        if date != target
    ]
    coarse = written("coarse", made.coarse[target], made.coarse_valid[target], coarse_grid, target)
    known = np.ones(whole.rows * whole.columns, bool).reshape(whole.rows, whole.columns)
    if scene.valid is not None:
        known &= np.asarray(scene.valid, bool)
    truth = written("truth", made.truth[target][inside], known[inside], fine_grid, target)
    return Triplet(scene.name, tuple(observed), Observed(truth, coarse), scene.split, scene.place or scene.name)


def _metres() -> str:
    """Return the WKT of a projection in metres."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(_UTM)
    return str(crs.ExportToWkt())


def _write(path: Path, values: Array, valid: Array, grid: Grid, bands: Sequence[Band]) -> None:
    stored = np.clip(np.rint(values / _SCALE), _NODATA + 1, -_NODATA - 1)
    values = np.where(valid, stored, _NODATA).astype(np.int16)
    with RasterWriter(str(path), grid, bands, _FORM, {}) as writer:
        writer.write(0, 0, values)
        writer.commit()
