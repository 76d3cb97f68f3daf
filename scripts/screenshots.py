"""Pictures of the plugin in QGIS's real window, for the documentation: toolbox, dialog, result, and report.

    .venv/bin/python scripts/screenshots.py FOLDER          # or: make screenshots; writes docs/images

Starts QGIS under Xvfb (Debian packages qgis, xvfb, xauth, fonts-open-sans) with a profile of its own, in which
this checkout is installed. The scene is generated. Leaves in the folder, each with a palette and small:

    toolbox.png   the window with the scene and the toolbox
    dialog.png    the dialog of an algorithm, with its help
    fused.png     the multispectral image, and the result
    report.png    the report on the result, where the algorithm that scores it writes one and Chromium is installed
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import package  # noqa: E402
from scripts.landscape import make_landscape  # noqa: E402
from tests.scenes import degrade, write_geotiff  # noqa: E402

SETTINGS = "[PythonPlugins]\nsatfusion_qgis=true\nprocessing=true\n[qgis]\ncheckVersion=false\n"
TIME_LIMIT_S = 180
ROWS, COLUMNS, RATIO, SEED = 1400, 2000, 4, 3
PAN_WEIGHTS = (0.10, 0.28, 0.34, 0.28)
LARGEST_FILE = 300_000
GAP = 10

# What QGIS itself runs when it has started: a step, a pause, the next step.
INSIDE = """
import os, traceback
from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsContrastEnhancement, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QLineEdit
from qgis.utils import iface

folder = Path(os.environ["SATFUSION_PICTURES"])
window = iface.mainWindow()
project = QgsProject.instance()
state = {}


def natural(layer):
    renderer = layer.renderer()
    renderer.setRedBand(3)
    renderer.setGreenBand(2)
    renderer.setBlueBand(1)
    layer.setContrastEnhancement(QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum)


def show(layer):
    for other in project.mapLayers().values():
        project.layerTreeRoot().findLayer(other.id()).setItemVisibilityChecked(other is layer)
    iface.mapCanvas().refresh()


def part(scale):
    extent = state["pan"].extent()
    x, y = extent.xMinimum() + 0.66 * extent.width(), extent.yMaximum() - 0.36 * extent.height()
    half = extent.width() * scale / 2
    iface.mapCanvas().setExtent(QgsRectangle(x - half, y - half, x + half, y + half))


def toolbox():
    window.resize(1400, 850)
    window.move(0, 0)
    for kind in ("pan", "ms"):
        layer = QgsRasterLayer(str(folder / f"valley_{kind}.tif"), f"valley_{kind}")
        project.addMapLayer(layer)
        state[kind] = layer
    natural(state["ms"])
    for name in ("Browser", "Browser2"):
        if window.findChild(QDockWidget, name):
            window.findChild(QDockWidget, name).hide()
    dock = window.findChild(QDockWidget, "ProcessingToolbox")
    dock.show()
    window.resizeDocks([dock], [360], 1)
    dock.findChild(QLineEdit).setText("SatFusion")


def frame():
    part(0.6)
    iface.mapCanvas().refresh()


def dialog():
    window.grab().save(str(folder / "toolbox.png"))
    given = {"MS": [state["ms"].id()], "PAN": state["pan"].id()}
    state["dialog"] = processing.createAlgorithmDialog("satfusion:pansharpen", given)
    state["dialog"].resize(1020, 760)
    state["dialog"].move(60, 60)
    state["dialog"].show()


def run():
    state["dialog"].grab().save(str(folder / "dialog.png"))
    state["dialog"].runAlgorithm()


def close():
    state["dialog"].close()
    fused = [layer for layer in project.mapLayers().values() if layer not in (state["ms"], state["pan"])]
    state["fused"] = fused[0]
    part(0.24)
    show(state["ms"])


def multispectral():
    iface.mapCanvas().grab().save(str(folder / "before.png"))
    show(state["fused"])


def result():
    iface.mapCanvas().grab().save(str(folder / "after.png"))
    algorithm = QgsApplication.processingRegistry().algorithmById("satfusion:assess_reference")
    if algorithm.parameterDefinition("REPORT") is not None:
        given = {"FUSED": state["fused"].source(), "REFERENCE": str(folder / "valley_truth.tif"), "RATIO": 4}
        outputs = {"OUTPUT": str(folder / "scores.json"), "REPORT": str(folder / "report.html")}
        processing.run("satfusion:assess_reference", {**given, **outputs})


def step(actions):
    try:
        actions[0]()
    except Exception:
        (folder / "error.txt").write_text(traceback.format_exc())
        os._exit(1)
    if len(actions) == 1:
        os._exit(0)
    QTimer.singleShot(4000, lambda: step(actions[1:]))


QTimer.singleShot(4000, lambda: step([toolbox, frame, dialog, run, close, multispectral, result]))
"""


def main() -> int:
    """Takes the pictures.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description="Take pictures of the plugin in QGIS.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    target = parser.parse_args().folder.resolve()
    program, xvfb = shutil.which("qgis"), shutil.which("xvfb-run")
    if program is None or xvfb is None:
        print("screenshots: qgis and xvfb-run are needed (Debian packages qgis, xvfb, xauth)", file=sys.stderr)
        return 1
    gdal.UseExceptions()
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        status = _take(folder, [xvfb, "-a", "-s", "-screen 0 1400x900x24", program, "--nologo", "--noversioncheck"])
        for name in ("toolbox", "dialog"):
            _save(read_picture(folder / f"{name}.png"), target / f"{name}.png")
        before, after = (_middle(read_picture(folder / f"{name}.png")) for name in ("before", "after"))
        gap = np.full((3, before.shape[1], GAP), 255, np.uint8)
        _save(np.concatenate([before, gap, after], axis=2), target / "fused.png")
        if _photograph_report(folder):
            _save(read_picture(folder / "report.png"), target / "report.png")
    return status


def _take(folder: Path, command: list[str]) -> int:
    """Starts QGIS and has it leave its pictures in the folder.

    Returns:
        The exit status of QGIS.
    """
    _write_scene(folder)
    _install(folder / "profiles" / "default")
    inside = folder / "inside.py"
    inside.write_text(INSIDE, encoding="utf-8")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))},
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QT_QPA_PLATFORM": "xcb",
        "SATFUSION_PICTURES": str(folder),
    }
    status = subprocess.run([*command, "--code", str(inside)], env=environment, timeout=TIME_LIMIT_S, check=False)
    error = folder / "error.txt"
    if error.exists():
        raise SystemExit(f"screenshots: {error.read_text(encoding='utf-8')}")
    return status.returncode


def _photograph_report(folder: Path) -> bool:
    """Draws the report as a picture, where there is one and a browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None or not (folder / "report.html").exists():
        print("screenshots: no report, or no Chromium to show it")
        return False
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,1500"]
    picture = f"--screenshot={folder / 'report.png'}"
    subprocess.run([browser, *options, picture, (folder / "report.html").as_uri()], check=True, timeout=60)
    return True


def read_picture(path: Path) -> Any:
    """Returns red, green and blue of a picture, shape (3, rows, columns)."""
    dataset = gdal.Open(str(path))
    shape = (3, dataset.RasterYSize, dataset.RasterXSize)
    return np.frombuffer(dataset.ReadRaster(band_list=[1, 2, 3]), np.uint8).reshape(shape)


def _middle(pixels: Any, side: int = 600) -> Any:
    top, left = (pixels.shape[1] - side) // 2, (pixels.shape[2] - side) // 2
    return pixels[:, max(top, 0) : top + side, max(left, 0) : left + side]


def _save(pixels: Any, path: Path) -> None:
    """Writes a picture with as many colours as keep it small, and says how large it is."""
    for colours in (256, 128, 64, 32):
        write_palette_png(pixels, path, colours)
        if path.stat().st_size <= LARGEST_FILE:
            break
    print(f"screenshots: {path.name}: {path.stat().st_size} bytes, {colours} colours")


def write_palette_png(pixels: Any, path: Path, colours: int) -> None:
    """Writes red, green and blue as a PNG with a palette."""
    _, rows, columns = pixels.shape
    memory = gdal.GetDriverByName("MEM")
    whole = memory.Create("", columns, rows, 3, gdal.GDT_Byte)
    whole.WriteRaster(0, 0, columns, rows, np.ascontiguousarray(pixels).tobytes())
    table = gdal.ColorTable()
    gdal.ComputeMedianCutPCT(*(whole.GetRasterBand(number) for number in (1, 2, 3)), colours, table)
    entries = np.array([table.GetColorEntry(number)[:3] for number in range(table.GetCount())], np.int32).T
    indices = np.empty((rows, columns), np.uint8)
    for row in range(rows):
        indices[row] = ((pixels[:, row, :, None].astype(np.int32) - entries[:, None, :]) ** 2).sum(0).argmin(1)
    indexed = memory.Create("", columns, rows, 1, gdal.GDT_Byte)
    indexed.WriteRaster(0, 0, columns, rows, indices.tobytes())
    indexed.GetRasterBand(1).SetColorTable(table)
    gdal.GetDriverByName("PNG").CreateCopy(str(path), indexed, options=["ZLEVEL=9"])
    Path(f"{path}.aux.xml").unlink(missing_ok=True)


def _write_scene(folder: Path) -> None:
    truth = make_landscape(ROWS, COLUMNS, SEED)
    rng = np.random.default_rng(SEED)
    ms = degrade(truth, RATIO) + rng.standard_normal((4, ROWS // RATIO, COLUMNS // RATIO))
    pan = np.tensordot(np.array(PAN_WEIGHTS), truth, axes=1)[None]
    names, wavelengths = ["Blue", "Green", "Red", "NIR"], (480.0, 560.0, 660.0, 840.0)
    for name, image, pixel in (("ms", ms, 2.0), ("truth", truth, 0.5), ("pan", pan, 0.5)):
        bands = {} if name == "pan" else {"names": names, "wavelengths_nm": wavelengths}
        transform = (500000, pixel, 0, 5000000, 0, -pixel)
        write_geotiff(folder / f"valley_{name}.tif", image, transform, dtype="uint16", nodata=0, **bands)


def _install(profile: Path) -> None:
    package.link(ROOT, profile / "python" / "plugins" / package.NAME)
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
