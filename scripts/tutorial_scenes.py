"""Makes the small scenes that the documentation's tutorials work with, with the names and grids of real deliveries.

.venv/bin/python scripts/tutorial_scenes.py landsat FOLDER     # or: sentinel2, worldview, revisits, series
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate  # noqa: E402 (needs the line above)
from scripts import season  # noqa: E402 (needs the line above)
from tests.products import makers  # noqa: E402 (needs the line above)
from tests.scenes import Scene, degrade, make_pair, write_geotiff  # noqa: E402 (needs the line above)


def landsat(folder: Path) -> None:
    """Writes bands 2 to 5 and 8 of a scene, PAN's corner half a PAN pixel inside theirs; and a small product."""
    scene = make_pair(480, 480, ratio=2, bands=4, seed=11, offset=(-0.5, -0.5), pan_pixel=15)
    for number, band in zip((2, 3, 4, 5), scene.ms):
        _write(folder / f"LC08_scene_B{number}.TIF", band, scene.ms_geotransform)
    _write(folder / "LC08_scene_B8.TIF", scene.pan, scene.pan_geotransform)
    makers.write_landsat(folder / "LC08_product", level="L1TP")


def sentinel2(folder: Path) -> None:
    """Writes four bands of 10 m and four of 20 m; and a small product."""
    wide = make_pair(480, 480, ratio=2, bands=8, seed=12, pan_pixel=10)
    for name, place in (("B02", 0), ("B03", 2), ("B04", 3), ("B08", 5)):
        _write(folder / f"T33_{name}_10m.tif", wide.truth[place], wide.pan_geotransform)
    for name, place in (("B05", 3), ("B06", 4), ("B07", 5), ("B8A", 6)):
        _write(folder / f"T33_{name}_20m.tif", wide.ms[place], wide.ms_geotransform)
    makers.write_sentinel(folder).rename(folder / "S2A_product.SAFE")


def worldview(folder: Path) -> None:
    """Writes four bands of 2 m and a PAN of 0.5 m; and a small delivery in tiles."""
    scene: Scene = make_pair(640, 640, ratio=4, bands=4, seed=13)
    names = ("Blue", "Green", "Red", "NIR1")
    _write(folder / "ms.tif", scene.ms, scene.ms_geotransform, names=names, wavelengths_nm=scene.wavelengths_nm)
    _write(folder / "pan.tif", scene.pan, scene.pan_geotransform)
    makers.write_maxar(folder / "WV_delivery")


def revisits(folder: Path) -> None:
    """Writes five dates of 10 m with clouds and shifts, a PAN of 2.5 m, and what is to be found at 5 m and 2.5 m."""
    scene = make_pair(960, 960, ratio=4, bands=4, seed=14, pan_pixel=2.5)
    simulated = simulate(scene.truth, 4, Simulation(revisits=5, largest_shift=0.8, cloud_share=0.15, seed=3))
    names, west, north = ("B02", "B03", "B04", "B08"), scene.pan_geotransform[0], scene.pan_geotransform[3]
    for number, (image, clear) in enumerate(zip(simulated.revisits, simulated.masks)):
        path = folder / f"T33_202406{2 + 5 * number:02d}_10m.tif"
        grid = (west, 10.0, 0.0, north, 0.0, -10.0)
        _write(path, np.where(clear, image, 0), grid, names=names, wavelengths_nm=scene.wavelengths_nm)
    optics = Simulation(revisits=1, blur=(0.15,), noise=100.0, clouded_revisits=0, seed=4)
    _write(folder / "T33_pan.tif", simulate(scene.pan, 1, optics).revisits[0], scene.pan_geotransform)
    _write(folder / "truth_2.5m.tif", scene.truth, scene.pan_geotransform, names=names)
    _write(folder / "truth_5m.tif", degrade(scene.truth, 2), (west, 5.0, 0.0, north, 0.0, -5.0), names=names)


def series(folder: Path) -> None:
    """Writes fine/, coarse/ and truth/: a season of farmland, of which the fine sensor saw four dates."""
    season.write_season(folder)


def _write(path: Path, values: Any, geotransform: Sequence[float], **more: Any) -> None:
    write_geotiff(path, values, geotransform, dtype="uint16", nodata=0, **more)


SCENES = {"landsat": landsat, "sentinel2": sentinel2, "worldview": worldview, "revisits": revisits, "series": series}


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes one scene.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description="Make the scene of a tutorial.")
    parser.add_argument("scene", choices=sorted(SCENES))
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    SCENES[given.scene](given.folder)
    print("\n".join(str(path) for path in sorted(given.folder.iterdir())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
