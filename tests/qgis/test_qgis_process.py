"""The installed plugin in `qgis_process`, in a profile of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest
from osgeo import gdal

from scripts import package
from tests.qgis.conftest import ROOT, run_as_task
from tests.scenes import make_truth, write_geotiff

# Debian's wrapper of 3.22 passes an option that qgis_process does not know, so the program comes first.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")]


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """A QGIS profile in which this checkout is installed and enabled."""
    folder = tmp_path_factory.mktemp("qgis_profile")
    target = folder / "profiles" / "default" / "python" / "plugins" / package.NAME
    package.link(ROOT, target)
    done = call(folder, "plugins", "enable", package.NAME)
    assert done.returncode == 0, done.stderr
    return folder


def environment(folder):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "QGIS_CUSTOM_CONFIG_PATH": str(folder), "QT_QPA_PLATFORM": "offscreen"}


def call(folder, *arguments):
    return subprocess.run(
        [PROGRAM, *arguments],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
    )


def test_it_lists_the_algorithms(profile):
    listed = call(profile, "list").stdout
    for name in ("pansharpen", "pansharpen_gsa", "assess_reference", "prepare_degrade", "rerun", "engine_install"):
        assert f"satfusion:{name}\t" in listed or f"satfusion:{name} " in listed or f"satfusion:{name}\n" in listed


def test_help(profile):
    text = call(profile, "help", "satfusion:pansharpen").stdout
    assert "METHOD" in text
    assert "mtf_glp_fs" in text


def test_run(profile, scene_files, tmp_path):
    out = tmp_path / "out.tif"
    files = [f"MS={path}" for path in reversed(scene_files.bands)]
    arguments = ["METHOD=gsa", "WINDOW=128", f"PAN={scene_files.pan}", f"OUTPUT={out}"]
    done = call(profile, "--json", "run", "satfusion:pansharpen", "--", *files, *arguments)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["OUTPUT"] == str(out)
    assert gdal.Open(str(out)).RasterCount == 4
    assert (tmp_path / "out.qml").exists()


def test_the_same_as_in_the_toolbox(profile, provider, scene_files, tmp_path, log):
    """Up to rounding: in QGIS's programs numpy may find another linear algebra library than here."""

    here, there = tmp_path / "here.tif", tmp_path / "there.tif"
    parameters = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(here)}
    assert run_as_task(provider.algorithm("pansharpen"), parameters, log)[0], log.errors
    done = call(
        profile,
        "run",
        "satfusion:pansharpen",
        "--",
        f"MS={scene_files.ms}",
        f"PAN={scene_files.pan}",
        f"OUTPUT={there}",
    )
    assert done.returncode == 0, done.stderr
    difference = np.abs(gdal.Open(str(here)).ReadAsArray().astype(int) - gdal.Open(str(there)).ReadAsArray())
    assert difference.max() <= 1
    assert np.count_nonzero(difference) <= difference.size / 10000


def test_relative_paths(profile, scene_files):
    for path in (scene_files.ms, scene_files.pan):
        shutil.copy(path, profile)
    done = call(
        profile,
        "run",
        "satfusion:pansharpen_exp",
        "--",
        "MS=town_ms.tif",
        "PAN=town_pan.tif",
        "OUTPUT=fused.tif",
    )
    assert done.returncode == 0, done.stderr
    assert (profile / "fused.tif").exists()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"WINDOW": "abc"}, "WINDOW"),
        ({"METHOD": "magic"}, "METHOD"),
        ({"PAN": "/no/such/file.tif"}, "PAN"),
        ({"BANDS": "7"}, "7"),
    ],
)
def test_bad_input_fails(profile, scene_files, tmp_path, changes, word):
    given = {"MS": scene_files.ms, "PAN": scene_files.pan, "OUTPUT": str(tmp_path / "out.tif"), **changes}
    done = call(profile, "run", "satfusion:pansharpen", "--", *(f"{name}={value}" for name, value in given.items()))
    assert done.returncode != 0
    assert word in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_output(profile, tmp_path, how):
    rng = np.random.default_rng(0)
    pan = rng.integers(1, 1000, (1, 6144, 6144)).astype(np.uint16)
    ms = rng.integers(1, 1000, (4, 1536, 1536)).astype(np.uint16)
    write_geotiff(tmp_path / "ms.tif", ms, (0, 4, 0, 0, 0, -4))
    write_geotiff(tmp_path / "pan.tif", pan, (0, 1, 0, 0, 0, -1))
    folder = tmp_path / "out"
    folder.mkdir()
    given = [f"MS={tmp_path}/ms.tif", f"PAN={tmp_path}/pan.tif", "THREADS=1", f"OUTPUT={folder}/out.tif"]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [PROGRAM, "run", "satfusion:pansharpen_mtf_glp_fs", "--", *given],
            env=environment(profile),
            stdout=said,
            stderr=said,
        )
        while process.poll() is None and not any(folder.iterdir()):
            time.sleep(0.02)
        running = process.poll() is None
        process.send_signal(how)
        process.wait(60)
    assert running, (tmp_path / "said").read_text()
    assert not (folder / "out.tif").exists()
    if how == signal.SIGINT:
        assert list(folder.iterdir()) == []


def test_mask_preview_and_a_folder(profile, scene_files, tmp_path):
    x, a, _, y, _, e = gdal.Open(scene_files.pan).GetGeoTransform()
    corners = [[x + a * c, y + e * r] for c, r in ((40.2, 20.2), (100.2, 20.2), (100.2, 90.2), (40.2, 90.2))]
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    collection = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    (tmp_path / "areas.geojson").write_text(json.dumps(collection))
    arguments = [f"MASK={tmp_path}/areas.geojson", "PREVIEW=true", f"PREVIEW_CENTRE={corners[0][0]},{corners[0][1]}"]
    files = [f"MS={scene_files.ms}", f"PAN={scene_files.pan}", f"OUTPUT={tmp_path}"]
    done = call(profile, "--json", "run", "satfusion:pansharpen_gsa", "--", *files, *arguments)
    assert done.returncode == 0, done.stderr
    out = str(tmp_path / "town_ms_gsa_preview.tif")
    assert json.loads(done.stdout)["results"]["OUTPUT"] == out
    made = gdal.Open(out)
    assert (made.RasterXSize, made.RasterYSize) == (60, 70)


def test_revisits_from_end_to_end(profile, tmp_path):
    sharp = write_geotiff(
        tmp_path / "town.tif", make_truth(160, 160, 3, seed=2), (5e5, 5, 0, 5e6, 0, -5), dtype="uint16"
    )
    folder = tmp_path / "revisits"
    given = [f"IMAGE={sharp}", f"OUTPUT={folder}", "COUNT=3", "CLOUDED=1", "SEED=3"]
    made = call(profile, "--json", "run", "satfusion:prepare_revisits", "--", *given)
    assert made.returncode == 0, made.stderr
    revisits = [f"REVISITS={path}" for path in json.loads(made.stdout)["results"]["RASTERS"]]
    for name, outputs in (
        ("prepare_register", {"OUTPUT": "stack.tif", "TABLE": "shifts.csv"}),
        ("superresolve", {"OUTPUT": "finer.tif", "WEIGHT": "weight.tif"}),
    ):
        paths = [f"{key}={tmp_path / path}" for key, path in outputs.items()]
        done = call(profile, "--json", "run", f"satfusion:{name}", "--", *revisits, "MASKS=auto", *paths)
        assert done.returncode == 0, done.stderr
        assert all((tmp_path / path).exists() for path in outputs.values())
    assert gdal.Open(str(tmp_path / "stack.tif")).RasterCount == 9
    assert gdal.Open(str(tmp_path / "finer.tif")).RasterXSize == 160


def test_the_engine_is_checked_without_one(profile, tmp_path, monkeypatch):
    monkeypatch.setenv("SATFUSION_ENGINE_FOLDER", str(tmp_path / "engine"))
    monkeypatch.delenv("SATFUSION_PYTHON", raising=False)
    done = call(profile, "--json", "run", "satfusion:engine_check")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["OK"] == 0
    assert "satfusion:engine_install" in done.stdout
    assert not (tmp_path / "engine").exists()
