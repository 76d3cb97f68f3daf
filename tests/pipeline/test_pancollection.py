"""PanCollection's HDF5 files as patch sets. netCDF-4 files are HDF5 files, and GDAL writes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis.pipeline import pancollection
from satfusion_qgis.pipeline.pancollection import prepare_pancollection
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import assert_one_sentence, files_in

needs_hdf5 = pytest.mark.skipif(
    gdal.GetDriverByName("HDF5") is None or gdal.GetDriverByName("netCDF") is None,
    reason="this GDAL reads no HDF5, or writes no netCDF-4",
)


def write_hdf5(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """Write arrays (float32, float64) as data sets."""
    dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(path), [], ["FORMAT=NC4"])
    root = dataset.GetRootGroup()
    for name, array in arrays.items():
        axes = [root.CreateDimension(f"{name}_{place}", None, None, size) for place, size in enumerate(array.shape)]
        kind = gdal.ExtendedDataType.Create(gdal.GDT_Float32 if array.dtype == np.float32 else gdal.GDT_Float64)
        root.CreateMDArray(name, axes, kind).Write(array.tobytes())
    del root, dataset
    assert path.read_bytes()[1:4] == b"HDF"
    return path


def arrays(count: int, bands: int = 4, side: int = 16, seed: int = 0, dtype: str = "float64") -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = {"gt": (bands, side), "ms": (bands, side // 4), "lms": (bands, side), "pan": (1, side)}
    return {name: rng.uniform(0, 1023, (count, own, s, s)).astype(dtype) for name, (own, s) in sizes.items()}


@needs_hdf5
def test_patches_are_those_of_the_files(tmp_path: Path) -> None:
    train, validation, test = arrays(5), arrays(2, seed=1, dtype="float32"), arrays(2, side=32, seed=2)
    files = {
        name: str(write_hdf5(tmp_path / f"{name}_gf2.h5", own))
        for name, own in (("train", train), ("validation", validation), ("test", test))
    }
    data = prepare_pancollection(files, str(tmp_path / "set"), "gf2")
    patches = PatchSet.load(tmp_path / "set")
    assert data["counts"] == {"train": 5, "validation": 2, "test": 8}
    assert (data["range"], data["units"], data["ratio"], patches.bands) == (1023, "dn", 4, 4)
    for split, own in (("train", train), ("validation", validation)):
        found = patches.shards(split)[0]
        for name, stored in (("reference", "gt"), ("ms", "lms"), ("pan", "pan")):
            np.testing.assert_array_equal(found[name], own[stored].astype(np.float32))
    found = patches.shards("test")[0]
    np.testing.assert_array_equal(found["reference"][6], test["gt"][1][:, 16:, :16].astype(np.float32))
    assert found["place"][6].tolist() == [16, 0]
    assert data["statistics"]["ms"]["mean"] == pytest.approx(train["lms"].mean(axis=(0, 2, 3)))
    json.dumps(data)


@needs_hdf5
def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    good = str(write_hdf5(tmp_path / "good.h5", arrays(2)))
    lacking = str(write_hdf5(tmp_path / "lacking.h5", {"gt": arrays(2)["gt"]}))
    (tmp_path / "text.h5").write_text("no HDF5", encoding="utf-8")
    before = files_in(tmp_path)
    for files, preset, word in (
        ({"train": good, "validation": good}, "wv3", "8 bands"),
        ({"train": good, "validation": lacking}, "gf2", "lms"),
        ({"train": good, "validation": str(tmp_path / "text.h5")}, "gf2", "HDF5"),
        ({"train": good, "validation": str(tmp_path / "none.h5")}, "gf2", "exist"),
        ({"train": good}, "gf2", "VALIDATION_FILE"),
        ({"train": good, "validation": good}, "spot", "PRESET"),
    ):
        with pytest.raises(InputError, match=word) as caught:
            prepare_pancollection(files, str(tmp_path / "set"), preset)
        assert_one_sentence(str(caught.value))
        assert files_in(tmp_path) == before


def test_without_any_reader_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.h5").touch()
    monkeypatch.setattr(pancollection.gdal, "GetDriverByName", lambda name: None)

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(pancollection.importlib, "import_module", missing)
    with pytest.raises(InputError, match="h5py") as caught:
        pancollection.open_hdf5(str(tmp_path / "a.h5"))
    assert_one_sentence(str(caught.value))
