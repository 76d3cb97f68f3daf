"""CPU seconds of the compiled form of the spatiotemporal methods; run by spatiotemporal.py in the engine's interpreter.

    python benchmarks/spatiotemporal_compiled.py IMAGES.npz WINDOW METHOD ...

IMAGES.npz holds the images by role, with coarse pixels of 16 fine ones; WINDOW is SEARCH_WINDOW, halved for OBSUM. The
second of two runs counts, on one thread: the first may compile. Prints {method: [seconds, RMSE against "truth"]}.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 (threads are set first)

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from satfusion_qgis.engine.kernels.opening import open_kernels  # noqa: E402 (the checkout comes first)
from tests.core.drive_spatiotemporal import Stack, predict  # noqa: E402


def main() -> None:
    given = dict(np.load(sys.argv[1]))
    truth, window = given.pop("truth"), float(sys.argv[2])
    kernels, _, _ = open_kernels("cpu", 1)
    found = {}
    for method in sys.argv[3:]:
        images = {role: image for role, image in given.items() if method == "estarfm" or not role.endswith("_2")}
        stack = Stack(images, 16.0, days={"FINE_1": (-16,), "FINE_2": (16,)})
        parameters = {"SEARCH_WINDOW": window * (31 / 51 if method == "obsum" else 1)}
        for _ in range(2):
            begin = time.process_time()
            made = predict(stack, method, parameters, kernels=kernels)
            seconds = time.process_time() - begin
        found[method] = [seconds, float(np.sqrt(np.mean((made.image - truth) ** 2)))]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
