"""A method that does not end by itself for a long time, to cancel inside a window."""

from __future__ import annotations

import threading
import time

from satfusion_qgis.catalogue import PANSHARPENING, Catalogue
from satfusion_qgis.tasks.method import Array, Blocks, Implementation, Method, State
from satfusion_qgis.tasks.window import Window

STARTED = threading.Event()
_PATIENCE_S = 8.0


class Endless(Implementation):
    """Works on its first window until it is cancelled."""

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        STARTED.set()
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            window.raise_if_cancelled()
            time.sleep(0.005)
        raise TimeoutError("nobody cancelled")


ENDLESS_CATALOGUE = Catalogue(
    (PANSHARPENING,),
    (Method("endless", "Endless", "pansharpening", "Never ends.", "Nobody", "endless:Endless"),),
    "tests.pipeline",
)
