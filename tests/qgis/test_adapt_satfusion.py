"""`satfusion:adapt_satfusion` as QGIS runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from satfusion_qgis.pipeline.simulated_scenes import simulated_scene
from tests.pipeline.test_adapt_revisits import COARSE, FINE, RATIO, SEEN
from tests.scenes import make_truth, write_geotiff
from tests.shared_data import needs_engine

ALGORITHM = "satfusion:adapt_satfusion"


@needs_engine
def test_it_gives_an_image_a_model_and_what_it_found(provider, log, tmp_path: Path) -> None:
    import processing

    truth = make_truth(96 * RATIO, 96 * RATIO, 3, seed=6).astype(np.float32)
    revisits = []
    for number, image in enumerate(simulated_scene("own", truth, RATIO, SEEN).stack.revisits[:3]):
        valid = True if image.data.valid is None else image.data.valid
        values = np.where(valid, image.data.values, np.nan)
        revisits.append(str(write_geotiff(tmp_path / f"r_2024060{number + 1}.tif", values, COARSE, dtype="float32")))
    pan = str(write_geotiff(tmp_path / "pan.tif", truth.mean(axis=0)[None], FINE, dtype="float32"))
    results = processing.run(
        ALGORITHM,
        {
            "REVISITS": revisits,
            "PAN": pan,
            "MODEL": "none",
            "FEATURES": 4,
            "STEPS": 5,
            "OUTPUT": str(tmp_path / "fused.tif"),
            "MODEL_FOLDER": str(tmp_path / "model"),
            "REPORT": str(tmp_path / "report.html"),
        },
        feedback=log,
    )
    assert Path(results["OUTPUT"]).exists() and (tmp_path / "model" / "card.json").exists()
    assert "held-out pixels" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert results["WINNER"] and results["ERGAS"] > 0 and results["GAIN"] >= 0
