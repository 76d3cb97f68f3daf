"""Damaged deliveries: whatever is wrong with the metadata, one clear sentence or a right result, and no leftover."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from osgeo import gdal

from satfusion_qgis.raster.products import prepare
from satfusion_qgis.raster.products.quality import MaskChoice
from satfusion_qgis.tasks.errors import InputError
from tests.pipeline.support import assert_one_sentence
from tests.products.makers import tarred, write_dimap, write_landsat, write_maxar, write_sentinel, zipped

_ROUNDS = 60


def _landsat(folder):
    return write_landsat(folder, "L1TP")


def _landsat_json(folder):
    return write_landsat(folder, "L2SP", "json")


def _landsat_xml(folder):
    return write_landsat(folder, "L2SP", "xml")


_PRODUCTS = {
    "landsat": (_landsat, "*_MTL.txt"),
    "landsat json": (_landsat_json, "*_MTL.json"),
    "landsat xml": (_landsat_xml, "*_MTL.xml"),
    "dimap": (write_dimap, "DIM_*MS*.XML"),
    "til": (write_maxar, "*M2AS*.TIL"),
    "imd": (write_maxar, "*M2AS*.IMD"),
    "sentinel": (write_sentinel, "MTD_*.xml"),
}


@pytest.mark.parametrize("name", _PRODUCTS)
def test_damaged_metadata(tmp_path, name):
    write, pattern = _PRODUCTS[name]
    if name == "sentinel" and gdal.GetDriverByName("JP2OpenJPEG") is None:
        pytest.skip("this GDAL writes no JPEG 2000")
    folder = write(tmp_path / "in")
    path = next(folder.rglob(pattern))
    whole = path.read_bytes()
    rng = random.Random(f"damage {name}")
    refused = 0
    for _ in range(_ROUNDS):
        path.write_bytes(_damaged(whole, rng))
        refused += _try(folder, tmp_path / "out")
    assert refused > 0


def _try(product: Path, out: Path) -> bool:
    """Prepare a product; tell whether it was refused."""
    try:
        made = prepare(str(product), str(out), mask=MaskChoice())
    except InputError as error:
        assert_one_sentence(str(error))
        assert not out.exists() or not any(out.iterdir())
        return True
    for path in made.images.values():
        assert gdal.Open(path) is not None
    shutil.rmtree(out)
    return False


def _damaged(content: bytes, rng: random.Random) -> bytes:
    """Cut, lose, repeat, swap or overwrite some of the bytes."""
    start = rng.randrange(len(content))
    length = min(rng.choice((1, 3, 10, 100, 1000)), len(content) - start)
    part = content[start : start + length]
    kind = rng.randrange(5)
    if kind == 0:
        return content[:start]
    if kind == 1:
        return content[:start] + content[start + length :]
    if kind == 2:
        return content[:start] + part * 3 + content[start + length :]
    if kind == 3:
        return content[:start] + part[::-1] + content[start + length :]
    return content[:start] + bytes(rng.randrange(256) for _ in part) + content[start + length :]


@pytest.mark.parametrize("ending", [".tar", ".tar.gz", ".zip"])
def test_damaged_archives(tmp_path, ending):
    scene = write_landsat(tmp_path / "scene", "L2SP")
    pack = zipped if ending == ".zip" else tarred
    archive = pack(scene, tmp_path / f"scene{ending}")
    whole = archive.read_bytes()
    rng = random.Random(f"damage {ending}")
    for _ in range(20):
        archive.write_bytes(_damaged(whole, rng))
        _try(archive, tmp_path / "out")
    archive.write_bytes(whole[: len(whole) // 3])
    _try(archive, tmp_path / "out")
    archive.write_bytes(b"")
    assert _try(archive, tmp_path / "out")
