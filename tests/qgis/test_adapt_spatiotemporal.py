"""`satfusion:adapt_spatiotemporal` as QGIS runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.pipeline.test_adapt_pairs import COARSE, DAYS, FINE, images_at
from tests.scenes import write_geotiff
from tests.shared_data import needs_engine

ALGORITHM = "satfusion:adapt_spatiotemporal"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Parameters with the images of two pairs and of the date to predict; a third pair lies in a folder."""
    folder = tmp_path / "further"
    folder.mkdir()
    for date, day in enumerate(DAYS):
        for name, image, grid in zip(("fine", "coarse"), images_at(date), (FINE, COARSE)):
            place = folder if date == 2 else tmp_path
            write_geotiff(place / f"{name}_{day}.tif", image.astype(np.float32), grid, dtype="float32")
    roles = {"FINE_1": (0, "fine"), "COARSE_1": (0, "coarse"), "FINE_2": (1, "fine"), "COARSE_2": (1, "coarse")}
    roles["COARSE_TARGET"] = (3, "coarse")
    return {role: str(tmp_path / f"{name}_{DAYS[date]}.tif") for role, (date, name) in roles.items()}


@needs_engine
def test_it_gives_an_image_a_model_and_what_it_found(provider, log, tmp_path: Path, given) -> None:
    import processing

    results = processing.run(
        ALGORITHM,
        {
            **given,
            "FINE_FOLDER": str(tmp_path / "further"),
            "FINE_NAMES": "fine_*",
            "COARSE_NAMES": "coarse_*",
            "MODEL": "none",
            "CLASSES": 3,
            "STEPS": 5,
            "OUTPUT": str(tmp_path / "predicted.tif"),
            "MODEL_FOLDER": str(tmp_path / "model"),
            "REPORT": str(tmp_path / "report.html"),
        },
        feedback=log,
    )
    assert Path(results["OUTPUT"]).exists() and (tmp_path / "model" / "card.json").exists()
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Fine image of the date held out" in report and "fine_2020-07-01.tif" in report
    assert results["WINNER"] and results["RMSE"] > 0 and results["GAIN"] >= 0


def test_one_pair_is_refused_in_one_sentence(provider, log, tmp_path: Path, given) -> None:
    import processing
    from qgis.core import QgsProcessingException

    one = {role: path for role, path in given.items() if not role.endswith("2")}
    with pytest.raises(QgsProcessingException, match="One pair shows no change"):
        processing.run(ALGORITHM, {**one, "OUTPUT": str(tmp_path / "predicted.tif")}, feedback=log)
    assert not (tmp_path / "predicted.tif").exists()
