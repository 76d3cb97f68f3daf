"""Full scale, with files: every grid, every cut, and the sentences for images that do not belong together."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.pipeline import assess_noreference
from satfusion_qgis.pipeline.assess import json_text
from satfusion_qgis.pipeline.assess_noreference import FullScaleSettings, compare_full_scale
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.job import Input
from tests.pipeline.support import assert_one_sentence, on_disk
from tests.scenes import Scene, make_pair, write_geotiff


def written(folder: Path, scene: Scene, fused: np.ndarray | None = None, **options: Any) -> dict[str, Any]:
    """The scene as files; the fused image is the truth unless another is given."""
    folder.mkdir(exist_ok=True)
    image = scene.truth if fused is None else fused
    write_geotiff(folder / "fused.tif", image.astype(np.float32), scene.pan_geotransform, **options)
    write_geotiff(folder / "ms.tif", scene.ms.astype(np.float32), scene.ms_geotransform, **options)
    write_geotiff(folder / "pan.tif", scene.pan.astype(np.float32), scene.pan_geotransform, **options)
    return {
        "fused": Input("FUSED", str(folder / "fused.tif")),
        "ms": [Input("MS", str(folder / "ms.tif"))],
        "pan": Input("PAN", str(folder / "pan.tif")),
    }


@pytest.mark.parametrize(
    ("ratio", "offset"),
    [(4.0, (0.0, 0.0)), (2.0, (-0.5, -0.5)), (4.00025, (1.3, -0.7)), (2.5, (0.0, 0.4)), (3.0, (0.0, 0.0))],
)
def test_the_truth_is_consistent_on_every_grid(tmp_path: Path, ratio: float, offset: tuple[float, float]) -> None:
    """The degraded truth is what MS was made of: only MS's noise of 1 DN is left."""
    scene = make_pair(320, 336, ratio, 3, offset=offset)
    found = compare_full_scale(**written(tmp_path, scene)).scores
    assert found["ratio"] == pytest.approx(ratio, rel=1e-6)
    for band in found["bands"]:
        assert band["rmse"] < 1.3
        assert abs(band["bias"]) < 0.1
        assert band["cc"] > 0.9999
    assert found["all"]["d_lambda_k"] < 1e-3
    assert found["blocks"]["used"] > 20
    assert 0 < found["all"]["hqnr"] <= 1


def test_a_shift_of_one_fine_pixel_shows(tmp_path: Path) -> None:
    scene = make_pair(256, 256, 4.0, 3)
    good = compare_full_scale(**written(tmp_path / "a", scene)).scores
    moved = compare_full_scale(**written(tmp_path / "b", scene, np.roll(scene.truth, 1, axis=2))).scores
    assert moved["consistency"]["rmse"] > 5 * good["consistency"]["rmse"]


@pytest.mark.parametrize("window", [130, 300])
def test_scores_do_not_depend_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    scene = make_pair(520, 460, 2.5, 3, offset=(0.0, 0.4))
    noisy = scene.truth + np.random.default_rng(0).normal(0, 20, scene.truth.shape)
    noisy[:, 100:103, 50:70] = -1
    files = written(tmp_path, scene, noisy, nodata=-1)
    whole = compare_full_scale(**files).scores
    monkeypatch.setattr(assess_noreference, "_WINDOW", window)
    cut = compare_full_scale(**files).scores
    assert whole["blocks"] == cut["blocks"]
    assert whole["blocks"]["left_out"] > 0
    for one, other in zip([whole["all"], *whole["bands"]], [cut["all"], *cut["bands"]]):
        for key, value in one.items():
            # The low-pass is single precision, as in the fusion itself; the scores are double.
            assert value == other[key] or value == pytest.approx(other[key], rel=1e-5, abs=1e-6), key


def test_blur_is_rewarded_by_qnr_and_not_by_the_consistency(tmp_path: Path) -> None:
    """Interpolation alone beats a sharpener in QNR, as the report warns."""
    pair = on_disk(tmp_path, make_pair(384, 384, 4.0, 4, seed=3), "uint16")
    found = {}
    for method in ("exp", "gsa"):
        pair.fuse(method, tmp_path / f"{method}.tif")
        fused, ms, pan = (str(tmp_path / name) for name in (f"{method}.tif", "ms.tif", "pan.tif"))
        found[method] = compare_full_scale(Input("FUSED", fused), [Input("MS", ms)], Input("PAN", pan)).scores
    assert found["exp"]["all"]["qnr"] > found["gsa"]["all"]["qnr"]
    assert found["exp"]["consistency"]["ergas"] > 1.5 * found["gsa"]["consistency"]["ergas"]


def test_report_and_tables(tmp_path: Path) -> None:
    scene = make_pair(200, 160, 4.0, 4)
    found = compare_full_scale(**written(tmp_path, scene), settings=FullScaleSettings(views=True))
    page = found.report()
    assert "rewards blur" in page
    rows = list(csv.DictReader(io.StringIO(found.table())))
    assert [row["band"] for row in rows] == ["1", "2", "3", "4", "all"]
    assert float(rows[0]["rmse"]) == found.scores["bands"][0]["rmse"]
    assert float(rows[-1]["hqnr"]) == found.scores["all"]["hqnr"]
    assert json.loads(json_text(found.scores)) == found.scores


def test_ms_in_another_crs_and_pan_on_other_pixels(tmp_path: Path) -> None:
    scene = make_pair(256, 256, 4.0, 3)
    files = written(tmp_path, scene)
    from osgeo import gdal

    gdal.Warp(str(tmp_path / "ms_geo.tif"), str(tmp_path / "ms.tif"), dstSRS="EPSG:4326", resampleAlg="cubic")
    gdal.Warp(str(tmp_path / "pan_geo.tif"), str(tmp_path / "pan.tif"), dstSRS="EPSG:4326", resampleAlg="cubic")
    files["ms"], files["pan"] = [Input("MS", str(tmp_path / "ms_geo.tif"))], Input("PAN", str(tmp_path / "pan_geo.tif"))
    found = compare_full_scale(**files).scores
    assert found["consistency"]["cc"] > 0.99


def refusal(files: dict[str, Any], **settings: Any) -> str:
    with pytest.raises(InputError) as caught:
        compare_full_scale(**files, settings=FullScaleSettings(**settings))
    assert_one_sentence(str(caught.value))
    return str(caught.value)


def test_images_that_do_not_belong_together(tmp_path: Path) -> None:
    scene = make_pair(128, 128, 4.0, 3)
    files = written(tmp_path, scene)
    assert "bands" in refusal({**files, "fused": replace(files["fused"], bands=[1, 2])})
    assert "one band" in refusal({**files, "pan": Input("PAN", files["ms"][0].path)})
    assert "not finer" in refusal({**files, "fused": Input("FUSED", files["ms"][0].path)})
    assert "BORDER" in refusal(files, border=16)
    assert "MTF_GAINS" in refusal(files, mtf_gains="estimate")
    far = replace(scene, pan_geotransform=(9e5, *scene.pan_geotransform[1:]))
    apart = written(tmp_path / "far", far)
    assert "do not overlap" in refusal({**apart, "ms": files["ms"]})
    nothing = written(tmp_path / "empty", scene, np.full_like(scene.truth, np.nan))
    assert "no valid pixel" in refusal(nothing)
