"""Series on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import cli
from satfusion_qgis.cli import console
from tests.pipeline.support import read_array
from tests.series_files import day, truth, write_fine, write_series


@pytest.fixture(autouse=True)
def _keep_signals_and_cache(monkeypatch):
    """Leave this process as it is."""
    monkeypatch.setattr(console, "prepare", lambda feedback: None)


@pytest.fixture
def folder(tmp_path):
    return write_series(tmp_path / "images", (0, 5, 12), (0, 5, 8, 12))


def called(capsys, *arguments):
    code = cli.main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_every_option_of_predict_series(capsys, folder, tmp_path):
    image = truth(5)
    image[:, 10:20, 10:20] = -9999
    write_fine(folder / "fine", 5, image)
    out = tmp_path / "out"
    arguments = ["predict-series", "--fine", folder / "fine", "--coarse", folder / "coarse", "--output", out]
    arguments += ["--method", "starfm", "--set", "SEARCH_WINDOW=2", "--fill-gaps", "--dates", f"{day(8)},{day(5)}"]
    arguments += ["--fine-names", "fine*", "--coarse-names", "coarse*", "--date-pattern", "*_%Y%m%d"]
    arguments += ["--pairs", 2, "--max-days", 30, "--pair-days", 0, "--min-clear", 50, "--name", "p_%Y_%j"]
    arguments += ["--stack", tmp_path / "stack.tif", "--table", tmp_path / "table.json", "--compression", "none"]
    arguments += ["--no-overviews", "--type", "Float32", "--threads", 1, "--bands", 2, "--coarse-bands", 2]
    code, printed, said = called(capsys, *arguments)
    assert code == 0, said
    files = [out / "p_2020_066.tif", out / "p_2020_069.tif"]
    assert printed.split() == [str(path) for path in files]
    assert gdal.Open(str(files[0])).GetRasterBand(1).DataType == gdal.GDT_Float32
    clear = image[0] != -9999
    assert np.array_equal(read_array(files[0])[0, clear], image[1, clear])
    assert read_array(tmp_path / "stack.tif").shape[0] == 2
    rows = json.loads((tmp_path / "table.json").read_text())
    assert [row["outcome"] for row in rows] == ["written", "written"]
    assert [row["pair_2"] != "" for row in rows] == [True, True]
    code, _, said = called(capsys, *arguments)
    assert code == 0
    assert [row["outcome"] for row in json.loads((tmp_path / "table.json").read_text())] == ["kept", "kept"]


def test_dates_that_fail_give_exit_code_1_and_the_others_are_there(capsys, folder, tmp_path):
    arguments = ["predict-series", "--fine", folder / "fine", "--coarse", folder / "coarse", "--method", "add_change"]
    code, printed, said = called(
        capsys, *arguments, "--output", tmp_path / "out", "--dates", f"{day(8)} {day(9)}", "--threads", 1
    )
    assert code == 1
    assert "Error: 1 of 2 dates could not be predicted: 2020-03-10" in said
    assert Path(printed.strip()).exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--dates", "tomorrow"], "--dates"),
        (["--method", "magic"], "magic"),
        (["--name", "x"], "NAME"),
        (["--date-pattern", "x"], "DATE_PATTERN"),
        (["--fine", "/no/such/folder"], "/no/such/folder"),
    ],
)
def test_bad_input_is_one_line(capsys, folder, tmp_path, more, word):
    arguments = ["predict-series", "--fine", folder / "fine", "--coarse", folder / "coarse"]
    code, _, said = called(capsys, *arguments, "--output", tmp_path / "out", *more)
    assert code == 1
    (line,) = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert word in line


def test_assess_series(capsys, folder, tmp_path):
    arguments = ["assess-series", "--fine", folder / "fine", "--coarse", folder / "coarse", "--methods", "starfm"]
    arguments += ["--pairs", 1, "--survey", "--ratio", 8, "--threads", 1]
    code, printed, said = called(
        capsys, *arguments, "--csv", tmp_path / "scores.csv", "--report", tmp_path / "report.html"
    )
    assert code == 0, said
    scores = json.loads(printed)
    assert scores["ratio"] == 8 and [group["pairs"] for group in scores["groups"]] == [1]
    assert "survey_definitions" in scores
    assert "STARFM" in said
    assert (tmp_path / "scores.csv").exists() and (tmp_path / "report.html").exists()
