"""Public data sets as their users download them: small made-up folders of the same layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis.classical.super_resolution.simulate import Simulation, simulate
from satfusion_qgis.pipeline.patch_places import Layout
from satfusion_qgis.pipeline.revisit_folders import FolderSettings, prepare_folder, prepare_pancollection_revisits
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import Log
from tests.pipeline.test_pancollection import needs_hdf5, write_hdf5
from tests.scenes import make_truth, write_geotiff

# The second revisit lies where the reference does; the first will be clouded.
SHIFTS = ((0.5, -0.5), (0.0, 0.0), (0.33, 0.4), (-0.4, 0.3))
SEEN = Simulation(revisits=4, shifts=SHIFTS, noise=300.0, clouded_revisits=0, gain=0.0, offset=0.0)
COARSE, RATIO = 40, 3
LAYOUT = Layout(24, 24, 3, buffer=0, validation=0.3, test=0.3)
PLACE = (15.0, 1e-4, 0.0, 46.0, 0.0, -1e-4)


def worldstrat(folder: Path, georeferenced: bool = True, places: int = 4) -> dict[str, np.ndarray]:
    """Places of 40 x 40 pixels at 10 m with references and PAN twice as fine as the grid of ratio 3: 240 x 240."""
    truths = {}
    for number in range(places):
        name = f"Place-{number}"
        fine = make_truth(2 * RATIO * COARSE, 2 * RATIO * COARSE, 3, seed=number).astype(np.float32)  # DN, red first
        truths[name] = fine.reshape(3, RATIO * COARSE, 2, RATIO * COARSE, 2).mean(axis=(2, 4)) * 1e-4
        seen = simulate(fine * 1e-4, 2 * RATIO, SEEN).revisits
        low, high = folder / "lr_dataset" / name / "L2A", folder / "hr_dataset" / name
        low.mkdir(parents=True)
        high.mkdir(parents=True)
        for revisit, image in enumerate(seen):
            bands = np.full((12, COARSE, COARSE), 0.5, np.float32)
            bands[[3, 2, 1]] = image
            clouds = np.zeros((1, COARSE, COARSE))
            if revisit == 0:  # not the clearest, so not the reference
                clouds[:, :10], bands[:, :10] = 1, 0.9
            size = PLACE[1]
            write(low / f"{name}-{revisit + 1}-L2A_data.tiff", bands, size, georeferenced)
            write(low / f"{name}-{revisit + 1}-CLM.tiff", clouds, size, georeferenced, "uint8")
        size = PLACE[1] / (2 * RATIO)
        with_nir = np.concatenate([fine, fine[:1]])
        write(high / f"{name}_ps.tiff", with_nir, size, georeferenced, "uint16")
        write(high / f"{name}_pan.tiff", fine.mean(axis=0)[None], size, georeferenced, "uint16")
    return truths


def write(path: Path, image: np.ndarray, size: float, georeferenced: bool, dtype: str = "float32") -> None:
    if georeferenced:
        write_geotiff(path, image, (PLACE[0], size, 0.0, PLACE[3], 0.0, -size), dtype=dtype, epsg=4326)
        return
    kinds = {"float32": gdal.GDT_Float32, "uint16": gdal.GDT_UInt16, "uint8": gdal.GDT_Byte}
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), image.shape[2], image.shape[1], len(image), kinds[dtype])
    dataset.WriteArray(np.round(image) if dtype != "float32" else image)


def errors_of(folder: Path, truths: dict[str, np.ndarray]) -> tuple[np.ndarray, set[str]]:
    """Mean square errors of base and of repeated pixels against the known truth, and the splits met."""
    patch_set, found, splits = PatchSet.load(folder), [], set()
    ratio, names = round(patch_set.ratio), [source["name"] for source in patch_set.data["sources"]]
    for split in ("train", "validation", "test"):
        for shard in patch_set.shards(split):
            for number, (row, column) in enumerate(shard["place"]):
                truth = truths[names[shard["scene"][number]]]
                inside = np.s_[:, row + 4 : row + patch_set.side - 4, column + 4 : column + patch_set.side - 4]
                first = np.array(shard["revisits"][number, 0]).repeat(ratio, 1).repeat(ratio, 2)
                several = (shard["reference"][number], shard["base"][number], first)
                found.append([np.square(one[:, 4:-4, 4:-4] - truth[inside]).mean() for one in several])
                splits.add(split)
    return np.mean(found, axis=0), splits


@pytest.mark.parametrize(("with_pan", "georeferenced"), [(True, True), (False, True), (True, False)])
def test_worldstrat(tmp_path, with_pan, georeferenced):
    truths = worldstrat(tmp_path / "data", georeferenced)
    settings = FolderSettings("worldstrat", tmp_path / "data", with_pan=with_pan, frames=3, layout=LAYOUT)
    data = prepare_folder(settings, str(tmp_path / "set"))
    assert data["task"] == ("multi_image_pansharpening" if with_pan else "super_resolution")
    assert (data["ratio"], data["frames"], data["units"]) == (3, 3, "physical")
    assert [band["name"] for band in data["bands"]] == ["Red", "Green", "Blue"]
    assert any("sharpened with the PAN" in text for text in data["limits"])
    found, splits = errors_of(tmp_path / "set", truths)
    assert splits == {"train", "validation", "test"}  # whole places each
    assert all(source["split"] for source in data["sources"]) and len(data["sources"]) == 4
    assert all("-1-L2A" not in source["revisits"][0] for source in data["sources"])
    # The base of SatFusion holds PAN's detail, with which the reference was sharpened too.
    assert found[0] < (0.7 if with_pan else 0.2) * found[1] and found[1] < found[2]
    shard = PatchSet.load(tmp_path / "set").shards("train")[0]
    assert 0 < float(np.mean(shard["reference"])) < 1
    if with_pan:
        assert np.array(shard["reference"]).mean(axis=1) == pytest.approx(np.array(shard["pan"])[:, 0], abs=2e-4)


def test_worldstrat_that_is_not_whole(tmp_path):
    worldstrat(tmp_path / "data")
    (tmp_path / "data" / "hr_dataset" / "Place-2" / "Place-2_pan.tiff").unlink()
    log = Log()
    settings = FolderSettings("worldstrat", tmp_path / "data", with_pan=True, frames=3, layout=LAYOUT)
    try:
        data = prepare_folder(settings, str(tmp_path / "set"), log)
        assert len(data["sources"]) == 3
    except InputError:  # the place was the only one for validation
        pass
    assert any("Place-2 is left out" in text for text in log.warnings)
    for bad, message in ((tmp_path, "lr_dataset"), (tmp_path / "nothing", "no folder")):
        with pytest.raises(InputError, match=message):
            prepare_folder(FolderSettings("worldstrat", bad, layout=LAYOUT), str(tmp_path / "x"))


def png(path: Path, image: np.ndarray, kind: int) -> None:
    memory = gdal.GetDriverByName("MEM").Create("", image.shape[1], image.shape[0], 1, kind)
    memory.WriteArray(image)
    gdal.GetDriverByName("PNG").CreateCopy(str(path), memory)


def proba_v(folder: Path, places: int = 4) -> dict[str, np.ndarray]:
    """Image sets of 40 x 40 and 120 x 120 pixels, 14 bits."""
    truths = {}
    for number in range(places):
        own = folder / "train" / "NIR" / f"imgset{number:04d}"
        own.mkdir(parents=True)
        fine = np.round(make_truth(RATIO * COARSE, RATIO * COARSE, 1, seed=number) * 3.0).astype(np.float32)
        truths[f"NIR imgset{number:04d}"] = fine
        for revisit, image in enumerate(simulate(fine, RATIO, SEEN).revisits):
            clear = np.full((COARSE, COARSE), 255)
            if revisit == 0:
                clear[:12], image[:, :12] = 0, 16000
            png(own / f"LR{revisit:03d}.png", np.round(image[0]).clip(0), gdal.GDT_UInt16)
            png(own / f"QM{revisit:03d}.png", clear, gdal.GDT_Byte)
        clear = np.full(fine.shape[1:], 255)
        clear[100:110, 100:110] = 0
        png(own / "HR.png", fine[0], gdal.GDT_UInt16)
        png(own / "SM.png", clear, gdal.GDT_Byte)
    return truths


def test_proba_v(tmp_path):
    truths = proba_v(tmp_path / "data")
    settings = FolderSettings("proba_v", tmp_path / "data", frames=3, layout=LAYOUT)
    data = prepare_folder(settings, str(tmp_path / "set"))
    assert (data["task"], data["ratio"], data["units"]) == ("super_resolution", 3, "dn")
    assert (data["bands"][0]["name"], data["loss"]) == ("NIR", "combined_registered")
    assert data["left_out"] >= 4  # one patch of each place has pixels that SM marks
    found, splits = errors_of(tmp_path / "set", truths)
    assert splits == {"train", "validation", "test"}
    assert found[0] == 0 and found[1] < found[2]
    for source in data["sources"]:
        assert source["revisits"][0] == "LR001.png"
    for split in splits:
        for shard in PatchSet.load(tmp_path / "set").shards(split):
            for row, column in shard["place"]:
                assert not (row + 24 > 100 and row < 110 and column + 24 > 100 and column < 110)
    with pytest.raises(InputError, match="no PAN"):
        prepare_folder(FolderSettings("proba_v", tmp_path / "data", with_pan=True), str(tmp_path / "x"))
    with pytest.raises(InputError, match=r"HR\.png"):
        prepare_folder(FolderSettings("proba_v", tmp_path / "set"), str(tmp_path / "x"))


@needs_hdf5
def test_pancollection_with_simulated_revisits(tmp_path):
    files = {}
    for number, split in enumerate(("train", "validation")):
        several = [make_truth(32, 32, 4, seed=10 * number + one).astype(np.float32) for one in range(3)]
        own = {"gt": np.stack(several), "pan": np.stack([one.mean(axis=0)[None] for one in several])}
        files[split] = str(write_hdf5(tmp_path / f"{split}_gf2.h5", own))
    data = prepare_pancollection_revisits(files, str(tmp_path / "set"), "gf2", frames=4)
    assert data["counts"] == {"train": 3, "validation": 3, "test": 0}
    shard = PatchSet.load(tmp_path / "set").shards("train")[0]
    assert shard["revisits"].shape == (3, 4, 4, 8, 8)
    assert np.array_equal(shard["reference"][1], make_truth(32, 32, 4, seed=1).astype(np.float32))
    with pytest.raises(InputError, match="TRAIN_FILE"):
        prepare_pancollection_revisits(files, str(tmp_path / "x"), "wv3")
