"""Draws the figure of the tutorial on revisits: one date, the super-resolved image, the fused image, and the truth.

    .venv/bin/python scripts/tutorial_figures.py          # writes docs/images/revisits.png

The scene is that of `tutorial_scenes.py revisits`, and the images are what the tutorial's commands make of it.
Without an engine (see `satfusion engine check`) the fused image cannot be made, and nothing is written.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from satfusion_qgis import pipeline  # noqa: E402 (the package needs the line above)
from satfusion_qgis.tasks.feedback import Feedback  # noqa: E402
from satfusion_qgis.tasks.job import Input, Job, Output  # noqa: E402
from scripts.screenshots import write_palette_png  # noqa: E402
from scripts.tutorial_scenes import revisits  # noqa: E402

TARGET = ROOT / "docs" / "images" / "revisits.png"
EAST, SOUTH, SIDE = 500500.0, 4999900.0, 600.0  # the square shown, in metres: corner and side
PIXELS, GAP, COLOURS, RED_GREEN_BLUE = 240, 6, 128, (3, 2, 1)


def main() -> int:
    """Makes the scene, runs the tutorial, and writes the figure.

    Returns:
        The exit status.
    """
    with tempfile.TemporaryDirectory(prefix="satfusion-figures-") as name:
        folder = Path(name)
        revisits(folder)
        dates = [Input("REVISITS", str(path), index) for index, path in enumerate(sorted(folder.glob("T33_2024*")))]
        pan = Input("PAN", str(folder / "T33_pan.tif"))
        for task, inputs, made in (
            ("super_resolution", dates, "sharper.tif"),
            ("multi_image_pansharpening", [*dates, pan], "fused.tif"),
        ):
            job = Job(task, "satfusion" if pan in inputs else "auto", inputs, [Output("OUTPUT", str(folder / made))])
            pipeline.run(job, feedback=Feedback())
        shown = [
            _part(folder / file) for file in (Path(dates[0].path).name, "sharper.tif", "fused.tif", "truth_2.5m.tif")
        ]
    low, high = (np.percentile(shown[-1], share, axis=(1, 2))[:, None, None] for share in (1, 99.5))
    white = np.full((3, PIXELS, GAP), 255, np.uint8)
    parts: list[Any] = []
    for image in shown:
        parts += [(np.clip((image - low) / (high - low), 0, 1) ** 0.8 * 255).astype(np.uint8), white]
    write_palette_png(np.concatenate(parts[:-1], axis=2), TARGET, COLOURS)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes")
    return 0


def _part(path: Path) -> Any:
    """Returns red, green and blue of the square, each pixel repeated to the figure's."""
    dataset = gdal.Open(str(path))
    west, step, _, north, _, _ = dataset.GetGeoTransform()
    column, row, count = round((EAST - west) / step), round((north - SOUTH) / step), round(SIDE / step)
    data = dataset.ReadRaster(
        column,
        row,
        count,
        count,
        PIXELS,
        PIXELS,
        gdal.GDT_Float32,
        list(RED_GREEN_BLUE),
        resample_alg=gdal.GRA_NearestNeighbour,
    )
    return np.frombuffer(data, np.float32).reshape(3, PIXELS, PIXELS)


if __name__ == "__main__":
    sys.exit(main())
