"""Draws the pictures of the tutorial on series: the animation, and QGIS's window with the temporal controller.

    .venv/bin/python scripts/series_animation.py      # writes docs/images/series.png (animated) and temporal.png

The images are those of `tutorial_scenes.py series`, and what `satfusion:predict_series` makes of them. The temporal
controller draws the frames. The window is photographed where QGIS and Xvfb are (Debian packages qgis, xvfb, xauth).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from osgeo import gdal  # noqa: E402

from scripts import package  # noqa: E402
from scripts.animated_png import write_animated_png  # noqa: E402
from scripts.screenshots import read_picture, write_palette_png  # noqa: E402
from scripts.season import DAYS, NORTH, PIXEL, SIDE, WEST, write_season  # noqa: E402

TARGET = ROOT / "docs" / "images" / "series.png"
WINDOW = ROOT / "docs" / "images" / "temporal.png"
PIXELS, GAP, STRIP, COLOURS, LARGEST_FILE = 320, 6, 22, 96, 2_000_000
TIME_LIMIT_S = 900
MILLISECONDS, EVERY = 700, 16  # each frame stands for so long, and for so many days
# Reflectance x 10,000 that is shown white, of red, green and blue.
BRIGHTEST = (2200.0, 1800.0, 1500.0)
COARSE_BANDS, FINE_BANDS = (1, 4, 3), (3, 2, 1)

# What QGIS itself runs when it has started: a step, a pause, the next step.
INSIDE = """
import os, traceback
from pathlib import Path

from qgis.core import (
    QgsContrastEnhancement, QgsDateTimeRange, QgsInterval, QgsProject, QgsTemporalNavigationObject, QgsUnitTypes
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

folder = Path(os.environ["SATFUSION_PICTURES"])
window, project = iface.mainWindow(), QgsProject.instance()
layers = []


def load():
    window.resize(1200, 760)
    window.move(0, 0)
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "Temporal Controller"):
            dock.hide()
    for path in sorted((folder / "predicted").glob("*.tif")):
        if path.stem[-8:].isdigit():
            layers.append(iface.addRasterLayer(str(path), path.stem))
    for layer in layers:
        project.layerTreeRoot().findLayer(layer.id()).setExpanded(False)
        renderer = layer.renderer()
        for part, brightest in zip((renderer.redContrastEnhancement(), renderer.greenContrastEnhancement(),
                                    renderer.blueContrastEnhancement()), BRIGHTEST):
            part.setMinimumValue(0.0)
            part.setMaximumValue(brightest * 1e-4)
    inactive = [layer.name() for layer in layers if not layer.temporalProperties().isActive()]
    if inactive or not layers:
        raise RuntimeError("These layers have no date: " + ", ".join(inactive))


def play():
    window.findChild(QDockWidget, "Temporal Controller").show()
    ranges = [layer.temporalProperties().fixedTemporalRange() for layer in layers]
    controller = next(item for item in window.findChildren(QgsTemporalNavigationObject) if item.parent())
    controller.setNavigationMode(QgsTemporalNavigationObject.NavigationMode.Animated)
    begin, end = min(item.begin() for item in ranges), max(item.end() for item in ranges)
    controller.setTemporalExtents(QgsDateTimeRange(begin.addDays(-1), end))
    controller.setFrameDuration(QgsInterval(EVERY, QgsUnitTypes.TemporalUnit.TemporalDays))
    controller.setCurrentFrameNumber(FRAME)
    iface.mapCanvas().setExtent(layers[0].extent())
    iface.mapCanvas().refresh()


def photograph():
    window.grab().save(str(folder / "temporal.png"))


def step(actions):
    try:
        actions[0]()
    except Exception:
        (folder / "error.txt").write_text(traceback.format_exc())
        os._exit(1)
    if len(actions) == 1:
        os._exit(0)
    QTimer.singleShot(4000, lambda: step(actions[1:]))


QTimer.singleShot(6000, lambda: step([load, play, photograph]))
"""
FRAME = 7


def main() -> int:
    """Makes the scene, predicts the series, and writes the animation.

    Returns:
        The exit status.
    """
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory(prefix="satfusion-series-") as name:
        folder = Path(name)
        write_season(folder)
        predict_series(folder)
        photograph(folder, WINDOW)
        draw(folder, TARGET)
    size = TARGET.stat().st_size
    print(f"{TARGET.relative_to(ROOT)}: {size} bytes{', too large' if size > LARGEST_FILE else ''}")
    return 1 if size > LARGEST_FILE else 0


def predict_series(folder: Path) -> None:
    """Runs the tutorial's command: every date, with what the fine sensor saw kept."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        raise SystemExit("series_animation: qgis_process is needed (Debian package qgis)")
    profile = folder / "profile"
    package.link(ROOT, profile / "profiles" / "default" / "python" / "plugins" / package.NAME)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    given = {"FINE_FOLDER": "fine", "COARSE_FOLDER": "coarse", "METHOD": "fsdaf", "FILL_GAPS": "true"}
    given["OUTPUT"] = "predicted"
    for words in (
        ["plugins", "enable", package.NAME],
        ["run", "satfusion:predict_series", "--", *(f"{name}={value}" for name, value in given.items())],
    ):
        environment = {**kept, "QGIS_CUSTOM_CONFIG_PATH": str(profile)}
        subprocess.run([program, *words], cwd=folder, env=environment, check=True, timeout=TIME_LIMIT_S)


def photograph(folder: Path, target: Path) -> None:
    """Opens the series in QGIS's window, and takes a picture of it with the temporal controller."""
    program, xvfb = shutil.which("qgis"), shutil.which("xvfb-run")
    if program is None or xvfb is None:
        print("series_animation: no picture of the window without qgis and xvfb-run", file=sys.stderr)
        return
    inside = folder / "inside.py"
    inside.write_text(f"{BRIGHTEST=}\n{EVERY=}\n{FRAME=}\n{INSIDE}", encoding="utf-8")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))},
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QT_QPA_PLATFORM": "xcb",
        "SATFUSION_PICTURES": str(folder),
    }
    command = [xvfb, "-a", "-s", "-screen 0 1200x800x24", program, "--nologo", "--noversioncheck", "--code"]
    subprocess.run([*command, str(inside)], env=environment, timeout=TIME_LIMIT_S, check=False)
    error = folder / "error.txt"
    if error.exists():
        raise SystemExit(f"series_animation: {error.read_text(encoding='utf-8')}")
    write_palette_png(read_picture(folder / "temporal.png"), target, 256)


def draw(folder: Path, target: Path) -> None:
    """Has QGIS export both series, and puts them side by side with the date."""
    from qgis.core import QgsApplication

    application = QgsApplication.instance() or QgsApplication([], False)
    if QgsApplication.instance() is application:
        application.initQgis()
    sides = []
    for kind, bands in (("coarse", COARSE_BANDS), ("predicted", FINE_BANDS)):
        files = [path for path in sorted((folder / kind).glob("*.tif")) if path.stem[-8:].isdigit()]
        sides.append(export([layer_of(path, bands) for path in files], folder / f"{kind}_frames"))
    frames = [np.concatenate([left, _white(left), right], axis=2) for left, right in zip(*sides)]
    days = [date(2024, 1, 1) + timedelta(days=day - 1) for day in DAYS]
    write_animated_png([titled(frame, day) for frame, day in zip(frames, days)], target, MILLISECONDS, COLOURS)


def layer_of(path: Path, bands: Sequence[int]) -> Any:
    """Returns a layer in natural colours that stands for a day, as the style beside a predicted image says."""
    from qgis.core import (
        Qgis,
        QgsContrastEnhancement,
        QgsDateTimeRange,
        QgsMultiBandColorRenderer,
        QgsRasterLayer,
    )
    from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

    layer = QgsRasterLayer(str(path), path.stem)
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    for number, (band, brightest) in enumerate(zip(bands, BRIGHTEST)):
        stretch = QgsContrastEnhancement(layer.dataProvider().dataType(band))
        stretch.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        stretch.setMinimumValue(0.0)
        stretch.setMaximumValue(brightest * 1e-4)
        (renderer.setRedContrastEnhancement, renderer.setGreenContrastEnhancement, renderer.setBlueContrastEnhancement)[
            number
        ](stretch)
    layer.setRenderer(renderer)
    properties = layer.temporalProperties()
    if not properties.isActive():
        begin = QDateTime(QDate.fromString(path.stem[-8:], "yyyyMMdd"), QTime(0, 0), Qt.TimeSpec.UTC)
        properties.setIsActive(True)
        properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
        properties.setFixedTemporalRange(QgsDateTimeRange(begin, begin.addSecs(86399)))
    return layer


def export(layers: Sequence[Any], folder: Path) -> list[Any]:
    """Has the temporal controller draw a frame for every `EVERY` days.

    Returns:
        Red, green and blue of the frames, each uint8 (3, rows, columns).
    """
    from qgis.core import (
        Qgis,
        QgsCoordinateReferenceSystem,
        QgsDateTimeRange,
        QgsInterval,
        QgsMapSettings,
        QgsRectangle,
        QgsTemporalUtils,
        QgsUnitTypes,
    )
    from qgis.PyQt.QtCore import QSize

    folder.mkdir()
    shown = QgsMapSettings()
    shown.setLayers(list(layers))
    shown.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    shown.setExtent(QgsRectangle(WEST, NORTH - SIDE * PIXEL, WEST + SIDE * PIXEL, NORTH))
    shown.setOutputSize(QSize(PIXELS, PIXELS))
    shown.setIsTemporal(True)
    ranges = [layer.temporalProperties().fixedTemporalRange() for layer in layers]
    settings = QgsTemporalUtils.AnimationExportSettings()
    # From a day before: QGIS also shows a layer that begins where a frame ends.
    settings.animationRange = QgsDateTimeRange(ranges[0].begin().addDays(-1), ranges[-1].end())
    settings.frameDuration = QgsInterval(EVERY, QgsUnitTypes.TemporalUnit.TemporalDays)
    settings.outputDirectory = str(folder)
    settings.fileNameTemplate = "frame_####.png"
    done, error = QgsTemporalUtils.exportAnimation(shown, settings)
    if not done:
        raise SystemExit(f"series_animation: QGIS {Qgis.QGIS_VERSION} exported nothing: {error}")
    return [read_picture(path) for path in sorted(folder.glob("frame_*.png"))][: len(layers)]


def titled(frame: Any, day: date) -> Any:
    """Returns a frame with a strip below it that says what is shown, and of which day."""
    from qgis.PyQt.QtCore import QRect, Qt
    from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter

    columns = frame.shape[2]
    image = QImage(columns, STRIP, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = QFont("Open Sans")
    font.setPixelSize(14)
    painter.setFont(font)
    for left, text in ((0, f"coarse, {day.isoformat()}"), (PIXELS + GAP, f"predicted, {day.isoformat()}")):
        painter.drawText(QRect(left, 0, PIXELS, STRIP), int(Qt.AlignmentFlag.AlignCenter), text)
    painter.end()
    data = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    strip = data.reshape(STRIP, image.bytesPerLine())[:, : 3 * columns].reshape(STRIP, columns, 3)
    return np.concatenate([frame, strip.transpose(2, 0, 1)], axis=1)


def _white(side: Any) -> Any:
    return np.full((3, side.shape[1], GAP), 255, np.uint8)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # QGIS may crash when it is taken down in the wrong order
