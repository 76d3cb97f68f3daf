"""The generated season of the tutorial on series, and its animation."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from osgeo import gdal

from scripts import season
from scripts.animated_png import write_animated_png

IMAGES = season.ROOT / "docs" / "images"


def chunks(path):
    """Return (name, content) of a PNG's parts, whose checks are right."""
    data, place, found = path.read_bytes(), 8, []
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(name + content)
        found.append((name, content))
        place += 12 + length
    return found


def frames_of(path):
    """Return the frames of an animated PNG with a palette, uint8 (3, rows, columns) each."""
    parts = chunks(path)
    named = dict(parts[:3])
    columns, rows = struct.unpack(">II", named[b"IHDR"][:8])
    palette = np.frombuffer(named[b"PLTE"], np.uint8).reshape(-1, 3)
    numbers, frames = [], []
    for name, content in parts:
        if name in (b"fcTL", b"fdAT"):
            numbers.append(struct.unpack(">I", content[:4])[0])
        if name in (b"IDAT", b"fdAT"):
            packed = content if name == b"IDAT" else content[4:]
            lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(rows, columns + 1)
            assert not lines[:, 0].any()
            frames.append(palette[lines[:, 1:]].transpose(2, 0, 1))
    assert numbers == list(range(len(numbers)))
    assert struct.unpack(">II", named[b"acTL"]) == (len(frames), 0)
    return frames


def test_an_animation_holds_its_frames(tmp_path):
    colours = np.array([[250, 10, 10], [10, 250, 10], [10, 10, 250], [240, 240, 240]], np.uint8)
    rng = np.random.default_rng(0)
    given = [colours[rng.integers(0, 4, (20, 30))].transpose(2, 0, 1) for _ in range(3)]
    write_animated_png(given, tmp_path / "a.png", 500, 16)
    found = frames_of(tmp_path / "a.png")
    assert len(found) == 3
    for one, other in zip(given, found):
        assert np.abs(one.astype(int) - other).max() <= 8  # the palette has five bits for each of red, green and blue
    first = gdal.Open(str(tmp_path / "a.png"))
    assert (first.RasterXSize, first.RasterYSize) == (30, 20)


def test_the_tutorials_animation_shows_every_date_and_is_small():
    path = IMAGES / "series.png"
    frames = frames_of(path)
    assert len(frames) == len(season.DAYS)
    assert path.stat().st_size < 2_000_000
    assert all((one != other).mean() > 0.1 for one, other in zip(frames, frames[1:]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("season")
    season.write_season(made)
    return made


def read(path):
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray().astype(np.float64) * 1e-4, dataset


def test_the_coarse_sensor_sees_means_of_the_truth(folder):
    for path in sorted((folder / "truth").glob("*.tif")):
        truth, _ = read(path)
        coarse = gdal.Warp(
            "",
            str(folder / "coarse" / path.name.replace("truth", "modis")),
            format="MEM",
            dstSRS="EPSG:32633",
            outputBounds=[season.WEST, season.NORTH - 9600, season.WEST + 9600, season.NORTH],
            xRes=30,
            yRes=30,
        )
        seen = coarse.ReadAsArray().astype(np.float64) * 1e-4
        assert (seen > 0).all(), "the coarse images cover the fine ones"
        for place, band in enumerate(season.COARSE_ORDER):
            wanted = season.GAIN * truth[band].mean() + season.SHIFT
            assert abs(seen[place].mean() - wanted) < 0.01 * wanted + 0.001, (path.name, band)


def test_the_season_has_what_the_tutorial_says(folder):
    fine = sorted((folder / "fine").glob("*.tif"))
    assert [path.stem[-8:] for path in fine] == [season.day_name(day) for day in season.FINE_DAYS]
    assert len(list((folder / "coarse").glob("*.tif"))) == len(season.DAYS) == 11
    missing = {path.stem[-8:]: float((read(path)[0] == 0).all(axis=0).mean()) for path in fine}
    assert missing.pop(season.day_name(season.CLOUDY)) == pytest.approx(season.CLOUD_SHARE, abs=0.01)
    assert not any(missing.values())
    before, _ = read(folder / "truth" / "truth_20240710.tif")
    after, _ = read(folder / "truth" / "truth_20240726.tif")
    burnt = (before[3] > 0.2) & (after[3] < 0.12) & (after[4] < 0.2)
    assert 0.005 < burnt.mean() < 0.1
