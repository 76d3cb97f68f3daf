"""The command line: the same jobs without QGIS.

satfusion methods
satfusion run JOB.json
satfusion pansharpen --ms MS.tif --pan PAN.tif --output FUSED.tif
satfusion pansharpen --batch SCENES.csv --output-folder FUSED
satfusion superresolve --revisits MAY.tif JUNE.tif JULY.tif --ratio 2 --output FINER.tif
satfusion fuse --revisits MAY.tif JUNE.tif JULY.tif --pan PAN.tif --output FUSED.tif
satfusion degrade --ms MS.tif --pan PAN.tif --output-ms M.tif --output-pan P.tif
satfusion assess --fused FUSED.tif --reference TRUTH.tif --ratio 4 --report REPORT.html
satfusion assess-noreference --fused FUSED.tif --ms MS.tif --pan PAN.tif --report REPORT.html
satfusion assess-methods --ms MS.tif --pan PAN.tif --report REPORT.html
satfusion prepare-product SCENE.tar --output FOLDER
satfusion prepare-revisits SHARP.tif --count 8 --ratio 2 --output FOLDER
satfusion prepare-patches --ms MS.tif --pan PAN.tif --output PATCHES
satfusion adapt --ms MS.tif --pan PAN.tif --output FUSED.tif --time-limit 60
satfusion train-pansharpening --patches PATCHES --network fusionnet --model-folder MODEL --report REPORT.html
satfusion model list
satfusion model import WEIGHTS.pth --bands Blue:485,Green:555,Red:660,NIR:830
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from .commands import main, parser  # noqa: E402 (the variables above must be set before numpy is loaded)
from .console import ConsoleFeedback  # noqa: E402

__all__ = ["ConsoleFeedback", "main", "parser"]
