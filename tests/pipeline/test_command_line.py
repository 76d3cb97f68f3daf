"""The command line: the same jobs without QGIS."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import cli, pipeline
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.cli import console
from satfusion_qgis.locations import version
from satfusion_qgis.tasks.job import Area, Input, Job, Output, Preview
from tests.pair_scenes import COARSE_GRID, FINE_GRID
from tests.pair_scenes import make_scene as make_pair_scene
from tests.pipeline.support import OnDisk, facts, files_in, read_array, small_pair
from tests.scenes import write_geotiff
from tests.toy_task import TOY_CATALOGUE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pair(tmp_path: Path) -> OnDisk:
    return small_pair(tmp_path, 80, 96, dtype="uint16")


def command(*arguments: Any, stdin: str | None = None) -> subprocess.CompletedProcess:
    """Run `satfusion` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "satfusion_qgis.cli", *map(str, arguments)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# As a process


def test_methods() -> None:
    listed = command("methods")
    assert listed.returncode == 0 and not listed.stderr
    for method in CATALOGUE.methods:
        assert method.id in listed.stdout and method.title in listed.stdout
    as_json = command("methods", "--json")
    rows = json.loads(as_json.stdout)
    assert [row["id"] for row in rows] == [method.id for method in CATALOGUE.methods]
    assert all(row["citation"] and row["summary"] for row in rows)


def test_pansharpen(tmp_path: Path, pair: OnDisk) -> None:
    target = tmp_path / "fused.tif"
    done = command("pansharpen", "--ms", pair.ms, "--pan", pair.pan, "--output", target, "--method", "gsa")
    assert done.returncode == 0, done.stderr
    assert "aligned by geotransforms" in done.stderr and str(target) in done.stderr and not done.stdout
    np.testing.assert_array_equal(read_array(target), pair.fuse("gsa"))


def test_revisits_simulated_registered_and_super_resolved(tmp_path: Path, pair: OnDisk) -> None:
    folder = tmp_path / "revisits"
    made = command("prepare-revisits", pair.pan, "--output", folder, "--count", 3, "--clouded", 1, "--seed", 3, "--pan")
    assert made.returncode == 0, made.stderr
    revisits = made.stdout.splitlines()[:3]
    assert [Path(path).is_file() for path in made.stdout.splitlines()] == 9 * [True]
    assert "town" not in made.stderr and "clear" in made.stderr
    common = ("--revisits", *revisits, "--masks", "auto", "--reference-date", "2000-01-01")
    table = tmp_path / "shifts.csv"
    stack = command("register", *common, "--output", tmp_path / "stack.tif", "--table", table, "--set", "MATCH=true")
    assert stack.returncode == 0, stack.stderr
    assert len(table.read_text().splitlines()) == 4
    assert len(read_array(tmp_path / "stack.tif")) == 3
    finer = ("--output", tmp_path / "finer.tif", "--weight", tmp_path / "weight.tif", "--ratio", 3, "--max-shift", 3)
    done = command("superresolve", *common, *finer, "--method", "median", "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert read_array(tmp_path / "finer.tif").shape == (1, 120, 144)
    job = pipeline.job_of(str(tmp_path / "finer.tif"))
    assert job.parameters["REFERENCE_DATE"] == "2000-01-01" and job.parameters["RATIO"] == 3
    assert [item.mask is not None for item in job.inputs] == 3 * [True]
    again = command("superresolve", "--revisits", tmp_path / "stack.tif", "--output", tmp_path / "finer.tif",
                    "--stack-bands", 2)  # fmt: skip
    assert again.returncode == 1
    assert again.stderr == "Error: STACK_BANDS is 2, but stack.tif has 3 bands; that is no multiple.\n"


def test_run_a_job_from_a_file_and_from_standard_input(tmp_path: Path, pair: OnDisk) -> None:
    job = pair.job("brovey", tmp_path / "fused.tif")
    (tmp_path / "job.json").write_text(job.to_json())
    assert command("run", tmp_path / "job.json").returncode == 0
    first = read_array(tmp_path / "fused.tif")
    other = tmp_path / "other.tif"
    done = command("run", "-", "--output", f"OUTPUT={other}", "--threads", 1, "--quiet", stdin=job.to_json())
    assert done.returncode == 0 and not done.stderr
    np.testing.assert_array_equal(read_array(other), first)
    again = command("run", other, "--output", f"OUTPUT={tmp_path / 'again.tif'}")
    assert again.returncode == 0, again.stderr
    np.testing.assert_array_equal(read_array(tmp_path / "again.tif"), first)


def test_degrade_and_assess(tmp_path: Path) -> None:
    pair = small_pair(tmp_path, 160, 160)
    out = tmp_path / "m.tif", tmp_path / "p.tif"
    degraded = command("degrade", "--ms", pair.ms, "--pan", pair.pan, "--output-ms", out[0], "--output-pan", out[1])
    assert degraded.returncode == 0, degraded.stderr
    fused = command("pansharpen", "--ms", out[0], "--pan", out[1], "--output", tmp_path / "f.tif", "--method", "exp")
    assert fused.returncode == 0, fused.stderr
    question = "assess", "--fused", tmp_path / "f.tif", "--reference", pair.ms, "--ratio", 4
    printed = command(*question, "--quiet")
    assert printed.returncode == 0 and not printed.stderr
    scores = json.loads(printed.stdout)
    assert set(scores["all"]) >= {"rmse", "sam_degrees", "ergas", "q2n"} and len(scores["bands"]) == 4
    written = command(*question, "--output", tmp_path / "scores.json")
    assert written.returncode == 0 and json.loads((tmp_path / "scores.json").read_text()) == scores


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pansharpen", "--ms", "no.tif", "--pan", "no.tif", "--output", "x.tif"], "no.tif"),
        (["run", "no.json"], "no.json"),
        (["run", "-"], "JSON"),
        (["assess", "--fused", "no.tif", "--reference", "no.tif", "--ratio", "4"], "no.tif"),
        (["degrade", "--ms", "no.tif", "--output-ms", "x.tif"], "no.tif"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(arguments: list[str], words: str) -> None:
    done = command(*arguments, stdin="{")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1 and words in done.stderr
    assert not done.stdout


# In this process


def run_here(capsys: pytest.CaptureFixture, *arguments: Any, catalogue: Any = CATALOGUE) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments], catalogue)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(autouse=True)
def _keep_signals_and_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave this process as it is."""
    monkeypatch.setattr(console, "prepare", lambda feedback: None)


def test_version(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0 and version() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "order", "basis"),
    [
        (["T_B11", "T_B8A", "T_B02", "T_B08", "T_B09"], [2, 3, 1, 4, 0], "band number"),
        (["L_B10", "L_B9", "L_B1"], [2, 1, 0], "band number"),
        (["LC08_20200101_SR_B5", "LC08_20200101_SR_B3"], [1, 0], "band number"),
        (["red", "blue"], [0, 1], "as given"),
    ],
)
def test_files_for_each_band_are_put_in_order(
    capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk, names: list[str], order: list[int], basis: str
) -> None:
    files = []
    for number, name in enumerate(names):
        band = pair.scene.ms[0] * 0 + 100 * (number + 1)
        files.append(write_geotiff(tmp_path / f"{name}.tif", band, pair.scene.ms_geotransform, dtype="uint16"))
    fixed = ["--pan", pair.pan, "--method", "exp", "--output", tmp_path / "fused.tif"]
    code, _, said = run_here(capsys, "pansharpen", "--ms", *files, *fixed)
    assert code == 0, said
    line = next(line for line in said.splitlines() if line.startswith("Band order"))
    assert basis in line and line.endswith(", ".join(f"{names[place]}.tif" for place in order))
    assert list(read_array(tmp_path / "fused.tif")[:, 40, 40]) == [100 * (place + 1) for place in order]
    code, _, _ = run_here(capsys, "pansharpen", "--ms", *files, *fixed, "--keep-order")
    assert list(read_array(tmp_path / "fused.tif")[:, 40, 40]) == [100 * (n + 1) for n in range(len(names))]


def test_files_are_put_in_order_of_wavelength_first(
    capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk
) -> None:
    files = []
    for number, wavelength in ((1, 865.0), (2, 482.0), (3, 561.0)):
        band = pair.scene.ms[0] * 0 + wavelength
        path = tmp_path / f"x_B{number}.tif"
        files.append(write_geotiff(path, band, pair.scene.ms_geotransform, wavelengths_nm=[wavelength], dtype="uint16"))
    code, _, said = run_here(
        capsys, "pansharpen", "--ms", *files, "--pan", pair.pan, "--method", "exp", "--output", tmp_path / "fused.tif"
    )
    assert code == 0 and "Band order (wavelength)" in said
    assert list(read_array(tmp_path / "fused.tif")[:, 40, 40]) == [482, 561, 865]
    assert [band.wavelength for band in facts(tmp_path / "fused.tif").bands] == ["0.482", "0.561", "0.865"]


def test_every_option_of_pansharpen(capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk) -> None:
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    arguments = ["pansharpen", "--ms", pair.ms, "--pan", pair.pan, "--output", tmp_path / "fused.tif"]
    arguments += ["--method", "gsa", "--bands", "4,3,2", "--extent", x + 2, y - 30, x + 34, y - 6]
    arguments += ["--compression", "zstd", "--type", "Float32", "--no-overviews", "--window", 64, "--threads", 1]
    arguments += ["--set", "MTF_GAINS=0.2", "--set", "SENSOR=ikonos"]
    code, _, said = run_here(capsys, *arguments)
    assert code == 0, said
    made = facts(tmp_path / "fused.tif")
    assert made.size == (64, 48) and made.structure["COMPRESSION"] == "ZSTD"
    assert [band.dtype for band in made.bands] == ["Float32"] * 3
    job = pipeline.job_of(str(tmp_path / "fused.tif"))
    assert job.inputs[0].bands == [4, 3, 2] and job.window == 64 and job.threads == 1
    assert job.parameters["MTF_GAINS"] == "0.2" and job.parameters["SENSOR"] == "ikonos"
    saved = tmp_path / "job.json"
    code, _, _ = run_here(capsys, *arguments, "--save-job", saved)
    assert code == 0 and Job.from_json(saved.read_text()).extent == job.extent


def test_auto_says_which_method_it_took(capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk) -> None:
    code, _, said = run_here(
        capsys, "pansharpen", "--ms", pair.ms, "--pan", pair.pan, "--output", tmp_path / "fused.tif"
    )
    assert code == 0 and "Chosen: " in said
    title = said.split("Chosen: ")[1].split(",")[0]
    chosen = next(method.id for method in CATALOGUE.methods_of("pansharpening") if method.title == title)
    np.testing.assert_array_equal(read_array(tmp_path / "fused.tif"), pair.fuse(chosen))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bands", "one"], "--bands"),
        (["--bands", "7"], "band 7"),
        (["--set", "MTF_GAINS"], "NAME=VALUE"),
        (["--set", "SPEED=1"], "SPEED"),
        (["--method", "gs3"], "gs3"),
        (["--type", "Int99"], "Int99"),
        (["--compression", "lzma"], "lzma"),
        (["--extent", "0", "0", "1", "1"], "EXTENT"),
        (["--window", "-1"], "WINDOW"),
    ],
)
def test_bad_options_are_one_sentence(
    capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk, arguments: list[str], words: str
) -> None:
    target = tmp_path / "fused.tif"
    code, _, said = run_here(
        capsys, "pansharpen", "--ms", pair.ms, "--pan", pair.pan, "--output", target, "--quiet", *arguments
    )
    assert code == 1 and said.startswith("Error: ") and said.count("\n") == 1 and words in said
    assert files_in(tmp_path) == ["ms.tif", "pan.tif"]


def polygon_file(pair: OnDisk, path: Path) -> Path:
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    corners = [[x + 5.1, y - 5.1], [x + 35.1, y - 5.1], [x + 35.1, y - 30.1], [x + 5.1, y - 5.1]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    return path


def test_mask_and_preview(capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk) -> None:
    mask = polygon_file(pair, tmp_path / "areas.geojson")
    x, y = pair.scene.pan_geotransform[0], pair.scene.pan_geotransform[3]
    arguments = ["pansharpen", "--ms", pair.ms, "--pan", pair.pan, "--output", tmp_path / "fused.tif", "--mask", mask]
    arguments += ["--mask-layer", "areas", "--preview-centre", x + 20, y - 20]
    code, _, said = run_here(capsys, *arguments, "--units", "reflectance")
    assert code == 1 and "scale" in said
    code, _, said = run_here(capsys, *arguments)
    assert code == 0 and "Mask:" in said and "Preview:" in said
    assert facts(tmp_path / "fused.tif").size == (60, 50)
    job = pipeline.job_of(str(tmp_path / "fused.tif"))
    assert job.area == Area(str(mask), "areas") and job.preview == Preview([x + 20, y - 20])


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A folder with three scenes, the second of them without its PAN, and a list of them."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    for name, seed in (("north", 1), ("east", 2), ("south", 3)):
        made = small_pair(folder / name, 64, 80, dtype="uint16", seed=seed)
        made.ms.rename(folder / f"{name}.tif")
        if name != "east":
            made.pan.rename(folder / f"{name}_pan.tif")
    rows = ["MS, pan, method, bands", "north.tif, north_pan.tif, gsa,", "east.tif, east_pan.tif,,"]
    rows.append(f'{folder / "south.tif"}, south_pan.tif, , "3,2"')
    (folder / "list.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    return folder


def test_a_list_of_scenes_one_of_which_fails(capsys: pytest.CaptureFixture, tmp_path: Path, scenes: Path) -> None:
    out = tmp_path / "out"
    code, _, said = run_here(capsys, "pansharpen", "--batch", scenes / "list.csv", "--output-folder", out)
    assert code == 1 and "out does not exist" in said
    out.mkdir()
    fixed = ["--output-folder", out, "--method", "exp"]
    code, _, said = run_here(capsys, "pansharpen", "--batch", scenes / "list.csv", *fixed)
    lines = said.splitlines()
    assert code == 1 and lines[-1] == "Error: 1 of 3 scenes failed: east." and "2 of 3 scenes are done" in lines
    assert [line for line in lines if line.startswith("Warning: east: The file ") and "east_pan.tif" in line]
    assert [line for line in lines if line == "Scene 3 of 3: south"]
    assert files_in(out) == ["north_gsa.tif", "south_exp.tif"]
    assert read_array(out / "south_exp.tif").shape[0] == 2
    code, _, said = run_here(capsys, "pansharpen", "--batch", scenes / "list.csv", *fixed, "--quiet")
    assert code == 1 and len(said.splitlines()) == 2


def test_scenes_given_one_by_one(capsys: pytest.CaptureFixture, tmp_path: Path, scenes: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    arguments = ["pansharpen", "--output-folder", out, "--method", "exp"]
    for name in ("north", "south", "north"):
        arguments += ["--ms", scenes / f"{name}.tif", "--pan", scenes / f"{name}_pan.tif"]
    code, _, said = run_here(capsys, *arguments)
    assert code == 0 and "3 of 3 scenes are done" in said
    assert files_in(out) == ["north_exp.tif", "north_exp_2.tif", "south_exp.tif"]
    code, _, said = run_here(capsys, *arguments[:9], "--preview")
    assert code == 0 and "north_exp_preview.tif" in files_in(out)


def test_outputs_of_a_list(capsys: pytest.CaptureFixture, tmp_path: Path, scenes: Path) -> None:
    polygon_file(small_pair(tmp_path / "any", 64, 80), scenes / "areas.geojson")
    text = "ms,pan,output,mask\nnorth.tif;north.tif,north_pan.tif,../one.tif,areas.geojson\n"
    (scenes / "list.csv").write_text(text)
    code, _, said = run_here(capsys, "pansharpen", "--batch", scenes / "list.csv", "--method", "exp")
    assert code == 0, said
    made = facts(tmp_path / "one.tif")
    assert len(made.bands) == 8 and made.size[0] < 80


def test_a_cancel_stops_all_scenes(
    capsys: pytest.CaptureFixture, tmp_path: Path, scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(cli.ConsoleFeedback, "cancelled", lambda self: (out / "north_gsa.tif").exists())
    code, _, said = run_here(capsys, "pansharpen", "--batch", scenes / "list.csv", "--output-folder", out)
    assert code == 130 and "Cancelled" in said
    assert files_in(out) == ["north_gsa.tif"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "No such file"),
        ("", "no column 'ms'"),
        ("ms,pan\n", "holds no scene"),
        ("ms,pan,sensor\na,b,c\n", "'sensor'"),
        ("ms,output\na,b\n", "'pan'"),
        ("ms,pan\na,\n", "line 2"),
        ("ms,pan\na.tif,b.tif,c.tif,d.tif\n", "semicolons"),
        ("ms,pan\na.tif,b.tif\n", "--output-folder"),
        ("\xff\xfe\x00", "CSV"),
    ],
)
def test_lists_that_are_none(capsys: pytest.CaptureFixture, tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "list.csv").write_bytes(text.encode("latin-1"))
    code, _, said = run_here(capsys, "pansharpen", "--batch", tmp_path / "list.csv")
    assert code == 1 and said.startswith("Error: ") and said.count("\n") == 1 and words in said


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--ms", "a"],
        ["--ms", "a", "--pan", "b"],
        ["--ms", "a", "--ms", "b", "--pan", "c", "--output", "d"],
        ["--ms", "a", "--ms", "b", "--pan", "c", "--pan", "d", "--output", "e.tif"],
        ["--batch", "a.csv", "--ms", "a", "--output", "b"],
        ["--ms", "a", "--pan", "b", "--output", "c", "--output-folder", "."],
        ["--ms", "a", "--ms", "a", "--pan", "b", "--pan", "b", "--output-folder", ".", "--save-job", "x"],
    ],
)
def test_scenes_and_outputs_that_do_not_fit(capsys: pytest.CaptureFixture, arguments: list[str]) -> None:
    code, _, said = run_here(capsys, "pansharpen", *arguments)
    assert code == 1 and said.startswith("Error: ") and said.count("\n") == 1


def test_outputs_of_a_job_that_it_does_not_have(capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk) -> None:
    (tmp_path / "job.json").write_text(pair.job("exp", tmp_path / "fused.tif").to_json())
    code, _, said = run_here(capsys, "run", tmp_path / "job.json", "--output", f"TABLE={tmp_path / 'x.tif'}")
    assert code == 1 and "TABLE" in said


def test_a_job_on_standard_input_that_is_none(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("[1, 2]"))
    code, _, said = run_here(capsys, "run", "-")
    assert code == 1 and said.startswith("Error: ")


# A task of another kind: dated images in, classes and a table out


def toy_job(tmp_path: Path, pair: OnDisk) -> Job:
    x, a, _, y, _, e = pair.scene.ms_geotransform
    series = []
    for number, (step, date) in enumerate([(1, "2020-01-01"), (2, "2020-01-11T00:00:00Z"), (1, "2019-12-02")]):
        size = pair.scene.ms.shape[1] // step, pair.scene.ms.shape[2] // step
        image = np.full(size, 100.0 * (number + 1))
        image[:, : size[1] // 2] = 1000.0 if number < 2 else 1.0
        path = tmp_path / f"day{number}.tif"
        write_geotiff(path, image, (x, a * step, 0, y, 0, e * step), dtype="float32")
        series.append(Input("SERIES", str(path), number, date=date))
    like = Input("LIKE", str(pair.pan), date="2020-01-01")
    outputs = [
        Output("OUTPUT", str(tmp_path / "days.tif"), "classes", options={"COMPRESSION": "deflate"}),
        Output("TABLE", str(tmp_path / "days.json"), "table"),
    ]
    return Job("brightdays", "threshold", [*series, like], outputs, parameters={"FACTOR": 1.0}, window=32)


def check_toy(tmp_path: Path, pair: OnDisk) -> None:
    classes, made = read_array(tmp_path / "days.tif"), facts(tmp_path / "days.tif")
    assert classes.dtype == np.uint8 and made.bands[0].nodata == 0 and made.bands[0].name == "bright days"
    assert made.geotransform == pair.scene.pan_geotransform
    half = classes.shape[2] // 2
    assert (classes[0, :, :half] == 3).all() and (classes[0, :, half:] == 1).all()
    rows = json.loads((tmp_path / "days.json").read_text())
    assert [row["days"] for row in rows] == [0, 10, -30]
    assert [row["mean"] for row in rows] == pytest.approx([550.0, 600.0, 150.5])


def test_toy_task_through_the_pipeline(tmp_path: Path, pair: OnDisk) -> None:
    pipeline.run(toy_job(tmp_path, pair), TOY_CATALOGUE)
    check_toy(tmp_path, pair)
    again = pipeline.job_of(str(tmp_path / "days.tif"))
    assert [item.date for item in again.inputs][:3] == ["2020-01-01", "2020-01-11T00:00:00Z", "2019-12-02"]
    first = read_array(tmp_path / "days.tif")
    pipeline.run(again, TOY_CATALOGUE)
    np.testing.assert_array_equal(read_array(tmp_path / "days.tif"), first)


def test_toy_task_through_the_command_line(capsys: pytest.CaptureFixture, tmp_path: Path, pair: OnDisk) -> None:
    code, listed, _ = run_here(capsys, "methods", catalogue=TOY_CATALOGUE)
    assert code == 0 and "threshold" in listed and "FACTOR" in listed
    (tmp_path / "job.json").write_text(toy_job(tmp_path, pair).to_json())
    code, _, said = run_here(capsys, "run", tmp_path / "job.json", catalogue=TOY_CATALOGUE)
    assert code == 0 and "Bright is above" in said and "TABLE:" in said
    check_toy(tmp_path, pair)


@pytest.mark.parametrize(("window", "threads"), [(16, 1), (48, 3), (8192, 1)])
def test_toy_task_in_windows(tmp_path: Path, pair: OnDisk, window: int, threads: int) -> None:
    job = toy_job(tmp_path, pair)
    job.window, job.threads = window, threads
    pipeline.run(job, TOY_CATALOGUE)
    check_toy(tmp_path, pair)


def test_predict(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    scene = make_pair_scene(tmp_path / "s", bands=2)
    images = [part for role, path in scene.files.items() for part in (f"--{role.lower().replace('_', '-')}", path)]
    out = tmp_path / "out.tif"
    code, _, said = run_here(
        capsys, "predict", *images, "--output", out, "--method", "starfm", "--set", "SEARCH_WINDOW=1.5",
        "--normalise", "none", "--target-date", "2024-06-02", "--compression", "none",
    )  # fmt: skip
    assert code == 0, said
    dataset = gdal.Open(str(out))
    assert dataset.RasterCount == 2 and dataset.GetMetadataItem("DATE") == "2024-06-02T00:00:00Z"
    job = pipeline.job_of(str(out))
    assert job.method == "starfm" and job.parameters["NORMALISE"] == "none"
    assert [item.pair for item in job.inputs] == [1, 1, None, 2, 2]
    saved = tmp_path / "job.json"
    assert run_here(capsys, "predict", *images, "--output", out, "--save-job", saved)[0] == 0
    assert Job.from_json(saved.read_text()).method == "auto"
    singles = []
    for number, role in ((1, "COARSE_1"), (4, "COARSE_1"), (1, "COARSE_TARGET"), (4, "COARSE_TARGET")):
        day = "2024122" if role == "COARSE_1" else "2024153"
        path = tmp_path / f"MCD43A4_{role}_sur_refl_b0{number}_1_doy{day}.tif"
        image = scene.images[role][[0 if number == 4 else 1]]
        singles.append(write_geotiff(path, image, COARSE_GRID, dtype="int16"))
    other = tmp_path / "singles.tif"
    named = write_geotiff(tmp_path / "landsat_20240501.tif", scene.images["FINE_1"], FINE_GRID, names=["Green", "Red"])
    code, _, said = run_here(
        capsys, "predict", "--fine-1", named, "--coarse-1", *singles[:2], "--coarse-target", *singles[2:],
        "--output", other, "--method", "copy",
    )  # fmt: skip
    assert code == 0, said
    assert "Green (560 nm) = band 2 (555 nm); Red (660 nm) = band 1 (645 nm)" in said
    code, _, said = run_here(capsys, "predict", *images[:-2], "--output", tmp_path / "no.tif")
    assert code == 1 and "FINE_2 needs COARSE_2" in said
