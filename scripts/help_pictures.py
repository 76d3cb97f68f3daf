"""Draws the small pictures of the help panels: what a method makes of a field, a river, a road and roofs.

    .venv/bin/python scripts/help_pictures.py          # or: make pictures; writes satfusion_qgis/help/*.png

Each shows the input at the left and the result at the right, in one stretch; the scene is generated, and is the same
for every method of the catalogue. A prediction has two inputs beside it, divided by a line: the fine image of another
date, and the coarse one of the date. A task without a scene below gets no picture.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from satfusion_qgis import pipeline  # noqa: E402 (the package needs the line above)
from satfusion_qgis.catalogue import AUTO, CATALOGUE, Catalogue  # noqa: E402
from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate  # noqa: E402
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402
from scripts.screenshots import write_palette_png  # noqa: E402
from tests.scenes import degrade, write_geotiff  # noqa: E402

TARGET = ROOT / "satfusion_qgis" / "help"
REVISITS, FINER = 6, {"RATIO": 2}
COARSER = 8
SIDE, RATIO, GAP, COLOURS = 104, 4, 6, 64  # as wide as the help panel of a dialog that was never resized
RED_GREEN_BLUE = (2, 1, 0)
DARKEST, BRIGHTEST, GAMMA = np.array([100.0, 130.0, 130.0])[:, None, None], 1500.0, 0.6
LARGEST_FILE, LARGEST_ALL = 15_000, 400_000
SHOWN_ALSO = {"prepare_degrade": "degrade_degrade"}  # an algorithm that runs a method of a task that is not listed

# Blue, green, red and near infrared of what is in the scene, in DN.
MEADOW = (180, 330, 230, 1700)
CROP = (380, 620, 780, 1500)
SOIL = (620, 830, 1080, 1300)
WATER = (300, 270, 170, 80)
ROAD = (620, 670, 720, 780)
ROOF = (950, 1040, 1420, 1500)
BRIGHT = (1900, 2000, 2100, 2150)
# What meadow, crop and soil have become at the date that is predicted, and later.
SEASONS = (
    (MEADOW, CROP, SOIL),
    ((270, 420, 440, 1350), (760, 960, 1160, 1420), (250, 480, 330, 1750)),
    ((330, 480, 570, 1200), (560, 760, 960, 1250), (260, 520, 360, 2000)),
)

Image = NDArray[np.float64]
Cover = tuple[int, ...]


def make_scene() -> dict[str, Any]:
    """Returns the truth, and MS and PAN of it, by name."""
    rng = np.random.default_rng(5)
    texture = 1 + 0.04 * _smooth(rng.standard_normal((1, SIDE, SIDE)))[0]
    dates = [_smooth(_landscape(*season)) * texture for season in SEASONS]
    truth = dates[0]
    ms = degrade(truth, RATIO)
    pan = np.tensordot(np.array([0.22, 0.30, 0.33, 0.15]), truth, axes=1)[None]
    seen = simulate(truth, FINER["RATIO"], Simulation(revisits=REVISITS, clouded_revisits=0, seed=7)).revisits
    scene = {"truth": truth, "ms": ms, "pan": pan, **{f"revisit_{k}": image for k, image in enumerate(seen)}}
    for number, image in enumerate(dates):
        scene.update({f"fine_{number}": image, f"coarse_{number}": _block_means(image)})
    return scene


def _block_means(image: Image) -> Image:
    side = SIDE // COARSER
    return np.asarray(image.reshape(len(image), side, COARSER, side, COARSER).mean(axis=(2, 4)))


def _landscape(meadow: Cover = MEADOW, crop: Cover = CROP, soil: Cover = SOIL) -> Image:
    """Returns fields with a straight edge, a road with a bend, a stream, and a farm, as sharp surfaces."""
    row, column = np.mgrid[0:SIDE, 0:SIDE] * (128 / SIDE)
    image = np.empty((4, SIDE, SIDE))
    image[:] = np.array(meadow, float)[:, None, None]
    _paint(image, column - 0.35 * row > 58, crop)
    _paint(image, (column - 0.35 * row > 58) & (row > 78), soil)
    furrows = (column - 0.35 * row > 58) & (row > 78) & (np.floor((column + 0.5 * row) / 5) % 2 == 0)
    image[:, furrows] *= 0.86
    _paint(image, np.abs(column - 18 - 7 * np.sin(row / 17)) < 3.2, WATER)
    _paint(image, np.abs(row - 36 - 0.16 * column - 5 * np.sin(column / 30)) < 2.1, ROAD)
    _paint(image, np.abs(column - 0.35 * row - 58) < 1.3, ROAD)
    for top, left, height, width, cover in ((52, 36, 9, 14, ROOF), (56, 54, 7, 7, BRIGHT), (68, 40, 6, 16, ROOF)):
        _paint(image, (row >= top) & (row < top + height) & (column >= left) & (column < left + width), cover)
    for top, left in ((96, 34), (104, 44), (112, 33), (14, 40), (20, 52), (88, 50)):
        _paint(image, (row - top) ** 2 + (column - left) ** 2 < 15, (90, 200, 130, 1350))
    return image


def _paint(image: Image, where: NDArray[np.bool_], cover: Cover) -> None:
    image[:, where] = np.array(cover, float)[:, None]


def _smooth(image: Image) -> Image:
    """Returns the image as optics blur it: a weighted mean over 3 x 3 pixels."""
    for axis in (-2, -1):
        padded = np.concatenate([image.take([0], axis), image, image.take([-1], axis)], axis)
        parts = [np.take(padded, range(start, start + SIDE), axis) for start in (0, 1, 2)]
        image = (parts[0] + 2 * parts[1] + parts[2]) / 4
    return image


def pansharpening(job: Callable[..., Image], scene: Mapping[str, Image], folder: Path) -> tuple[Image, Image]:
    """Returns MS, enlarged, and the result."""
    made = job([Input("MS", str(folder / "ms.tif")), Input("PAN", str(folder / "pan.tif"))])
    return scene["ms"].repeat(RATIO, 1).repeat(RATIO, 2), made


def super_resolution(job: Callable[..., Image], scene: Mapping[str, Image], folder: Path) -> tuple[Image, Image]:
    """Returns one of several dates, enlarged, and the result."""
    made = job([Input("REVISITS", str(folder / f"revisit_{k}.tif"), k) for k in range(REVISITS)], parameters=FINER)
    return scene["revisit_0"].repeat(FINER["RATIO"], 1).repeat(FINER["RATIO"], 2), made


def degradation(job: Callable[..., Image], scene: Mapping[str, Image], folder: Path) -> tuple[Image, Image]:
    """Returns the truth and its degraded copy, enlarged."""
    pixel = 0.5 * RATIO
    system = gdal.Open(str(folder / "truth.tif")).GetProjection()
    grid = {"crs": system, "geotransform": [500000, pixel, 0, 5000000, 0, -pixel], "size": [SIDE // RATIO] * 2}
    made = job([Input("IMAGE", str(folder / "truth.tif"))], grid=grid)
    return scene["truth"], made.repeat(RATIO, 1).repeat(RATIO, 2)


def spatiotemporal_fusion(job: Callable[..., Image], scene: Mapping[str, Image], folder: Path) -> tuple[Image, Image]:
    """Returns the fine image before and the coarse one of the date, divided by a line; and the result of two pairs."""
    days = ("2024-06-01", "2024-06-17", "2024-07-03")
    given = (("FINE_1", "fine", 0), ("COARSE_1", "coarse", 0), ("COARSE_TARGET", "coarse", 1))
    later = (("FINE_2", "fine", 2), ("COARSE_2", "coarse", 2))
    files = [(role, folder / f"{kind}_{place}.tif", days[place]) for role, kind, place in given + later]
    made = job([Input(role, str(path), date=day) for role, path, day in files])
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    left = np.where(row + column < SIDE, scene["fine_0"], scene["coarse_1"].repeat(COARSER, 1).repeat(COARSER, 2))
    left[:, np.abs(row + column - SIDE) < 2] = BRIGHTEST * 2
    return left, made


SCENES: dict[str, Callable[..., tuple[Image, Image]]] = {
    "pansharpening": pansharpening,
    "super_resolution": super_resolution,
    "degradation": degradation,
    "spatiotemporal_fusion": spatiotemporal_fusion,
}


def write_scene(folder: Path) -> dict[str, Any]:
    """Writes the scene's rasters.

    Returns:
        The scene.
    """
    scene = make_scene()
    for name, image in scene.items():
        pixel = 0.5 * SIDE / image.shape[-1]
        transform = (500000, pixel, 0, 5000000, 0, -pixel)
        write_geotiff(folder / f"{name}.tif", image, transform, dtype="uint16", names=_names(image))
    return scene


def _names(image: Image) -> list[str]:
    return ["Blue", "Green", "Red", "NIR"] if len(image) == 4 else ["PAN"]


def fuse(task: str, method: str, folder: Path, catalogue: Catalogue) -> Callable[..., Image]:
    """Returns what runs a method on inputs and reads the result."""

    def job(inputs: list[Input], **more: Any) -> Image:
        path = str(folder / "made.tif")
        pipeline.run(Job(task, method, inputs, [Output("OUTPUT", path)], **more), catalogue, Feedback())
        dataset = gdal.Open(path)
        shape = (dataset.RasterCount, dataset.RasterYSize, dataset.RasterXSize)
        data = dataset.ReadRaster(buf_type=gdal.GDT_Float64)
        return np.frombuffer(data, np.float64).reshape(shape)

    return job


def draw(path: Path, left: Image, right: Image) -> None:
    """Writes two images side by side as a PNG with a palette, in one stretch."""
    parts = [
        np.clip((image[list(RED_GREEN_BLUE)] - DARKEST) / BRIGHTEST, 0, 1) ** GAMMA * 255 for image in (left, right)
    ]
    gap = np.full((3, SIDE, GAP), 255.0)
    pixels = np.ascontiguousarray(np.rint(np.concatenate([parts[0], gap, parts[1]], axis=2)).astype(np.uint8))
    write_palette_png(pixels, path, COLOURS)


def make_pictures(target: Path, catalogue: Catalogue = CATALOGUE) -> list[Path]:
    """Draws every picture.

    Returns:
        The files, as written.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        scene = write_scene(folder)
        for task in catalogue.tasks:
            if task.id not in SCENES:
                print(f"pictures: no scene for the task {task.id}")
                continue
            classical = [item for item in catalogue.methods_of(task.id) if item.runtime == "numpy"]
            names = {f"{task.verb}_{item.id}": item.id for item in classical}
            chosen = {task.verb: AUTO} if len(names) > 1 else {}  # the algorithm that takes the method as a parameter
            for name, method in {**chosen, **names}.items():
                images = SCENES[task.id](fuse(task.id, method, folder, catalogue), scene, folder)
                draw(target / f"{name}.png", *images)
                written.append(target / f"{name}.png")
    for name, shown in SHOWN_ALSO.items():
        if (target / f"{shown}.png") in written:
            written.append(Path(shutil.copyfile(target / f"{shown}.png", target / f"{name}.png")))
    return sorted(written)


def main() -> int:
    """Draws the pictures and checks their size.

    Returns:
        The exit status.
    """
    gdal.UseExceptions()
    written = make_pictures(TARGET)
    sizes = {path: path.stat().st_size for path in written}
    for path, size in sizes.items():
        print(f"pictures: {path.relative_to(ROOT)}: {size} bytes{', too large' if size > LARGEST_FILE else ''}")
    return 1 if max(sizes.values()) > LARGEST_FILE or sum(sizes.values()) > LARGEST_ALL else 0


if __name__ == "__main__":
    sys.exit(main())
