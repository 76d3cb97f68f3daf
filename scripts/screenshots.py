"""Pictures of the plugin in QGIS's real window: the toolbox, the dialog, and a fused scene as a layer.

    .venv/bin/python scripts/screenshots.py FOLDER

Starts QGIS under Xvfb (Debian packages qgis, xvfb, xauth, fonts-open-sans) with a profile of its own, in which
this checkout is installed. The scene is generated.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import package  # noqa: E402
from tests.scenes import make_pair, write_geotiff  # noqa: E402

SETTINGS = "[PythonPlugins]\nsatfusion_qgis=true\nprocessing=true\n[qgis]\ncheckVersion=false\n"
TIME_LIMIT_S = 180

# What QGIS itself runs when it has started: a step, a pause, the next step.
INSIDE = """
import os, traceback
from pathlib import Path

import processing
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QLineEdit
from qgis.utils import iface

folder = Path(os.environ["SATFUSION_PICTURES"])
window = iface.mainWindow()
project = QgsProject.instance()
state = {}


def screen(name):
    QgsApplication.primaryScreen().grabWindow(0).save(str(folder / name))


def toolbox():
    window.resize(1500, 950)
    window.move(0, 0)
    for kind in ("ms", "pan"):
        layer = QgsRasterLayer(str(folder / f"town_{kind}.tif"), f"town_{kind}")
        project.addMapLayer(layer)
        state[kind] = layer
    iface.mapCanvas().setExtent(state["pan"].extent())
    dock = window.findChild(QDockWidget, "ProcessingToolbox")
    dock.show()
    dock.findChild(QLineEdit).setText("SatFusion")


def dialog():
    screen("toolbox.png")
    given = {"MS": [state["ms"].id()], "PAN": state["pan"].id()}
    state["dialog"] = processing.createAlgorithmDialog("satfusion:pansharpen", given)
    state["dialog"].resize(1000, 800)
    state["dialog"].move(60, 60)
    state["dialog"].show()


def run():
    screen("dialog.png")
    state["dialog"].grab().save(str(folder / "dialog-alone.png"))
    state["dialog"].runAlgorithm()


def log():
    screen("log.png")
    state["dialog"].close()
    names = [layer.name() for layer in project.mapLayers().values()]
    (folder / "layers.txt").write_text("\\n".join(sorted(names)) + "\\n")
    extent = state["pan"].extent()
    extent.scale(0.4)
    iface.mapCanvas().setExtent(extent)
    iface.mapCanvas().refresh()


def fused():
    window.grab().save(str(folder / "fused.png"))
    for layer in project.mapLayers().values():
        project.layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(layer is state["ms"])
    iface.mapCanvas().refresh()


def multispectral():
    window.grab().save(str(folder / "ms.png"))


def step(actions):
    try:
        actions[0]()
    except Exception:
        (folder / "error.txt").write_text(traceback.format_exc())
        os._exit(1)
    if len(actions) == 1:
        os._exit(0)
    QTimer.singleShot(4000, lambda: step(actions[1:]))


QTimer.singleShot(4000, lambda: step([toolbox, dialog, run, log, fused, multispectral]))
"""


def main() -> int:
    """Takes the pictures.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description="Take pictures of the plugin in QGIS.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder.resolve()
    program, xvfb = shutil.which("qgis"), shutil.which("xvfb-run")
    if program is None or xvfb is None:
        print("screenshots: qgis and xvfb-run are needed (Debian packages qgis, xvfb, xauth)", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    _write_scene(folder)
    with tempfile.TemporaryDirectory() as temporary:
        profiles = Path(temporary)
        _install(profiles / "profiles" / "default")
        inside = profiles / "inside.py"
        inside.write_text(INSIDE, encoding="utf-8")
        command = [xvfb, "-a", "-s", "-screen 0 1500x950x24", program, "--nologo", "--noversioncheck"]
        command += ["--code", str(inside)]
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))},
            "QGIS_CUSTOM_CONFIG_PATH": str(profiles),
            "QT_QPA_PLATFORM": "xcb",
            "SATFUSION_PICTURES": str(folder),
        }
        status = subprocess.run(command, env=environment, timeout=TIME_LIMIT_S, check=False).returncode
    error = folder / "error.txt"
    if error.exists():
        print(error.read_text(), file=sys.stderr)
    print("\n".join(str(path) for path in sorted(folder.glob("*.png"))))
    return status


def _write_scene(folder: Path) -> None:
    scene = make_pair(1200, 1600, ratio=4, seed=7)
    names = ["Blue", "Green", "Red", "NIR"]
    write_geotiff(
        folder / "town_ms.tif",
        scene.ms,
        scene.ms_geotransform,
        dtype="uint16",
        nodata=0,
        names=names,
        wavelengths_nm=scene.wavelengths_nm,
    )
    write_geotiff(folder / "town_pan.tif", scene.pan, scene.pan_geotransform, dtype="uint16", nodata=0)


def _install(profile: Path) -> None:
    package.link(ROOT, profile / "python" / "plugins" / package.NAME)
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
