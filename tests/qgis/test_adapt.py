"""`satfusion:adapt_pansharpening` as QGIS runs it."""

from __future__ import annotations

from pathlib import Path

from satfusion_qgis.pipeline import job_of
from tests.pipeline.support import on_disk
from tests.scenes import make_pair
from tests.shared_data import needs_engine

ALGORITHM = "satfusion:adapt_pansharpening"


@needs_engine
def test_it_gives_an_image_a_model_and_what_it_found(provider, log, tmp_path: Path) -> None:
    import processing

    disk = on_disk(tmp_path, make_pair(512, 512, 4.0, 3, seed=4), "uint16")
    results = processing.run(
        ALGORITHM,
        {
            "MS": str(disk.ms),
            "PAN": str(disk.pan),
            "MODEL": "none",
            "WIDTH": 8,
            "STEPS": 10,
            "OUTPUT": str(tmp_path / "fused.tif"),
            "MODEL_FOLDER": str(tmp_path / "model"),
            "REPORT": str(tmp_path / "report.html"),
        },
        feedback=log,
    )
    assert Path(results["OUTPUT"]).exists() and (tmp_path / "model" / "card.json").exists()
    assert "held-out pixels" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert results["WINNER"] in ("adapted", "gsa", "bdsd", "mtf_glp_fs", "mtf_glp_hpm", "mtf_glp_local")
    assert results["ERGAS"] > 0 and results["GAIN"] >= 0
    assert job_of(results["OUTPUT"]).task == "pansharpening"
