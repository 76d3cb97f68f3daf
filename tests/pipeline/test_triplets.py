"""Training sets for spatiotemporal networks: paired by date, split by time, and made of what a prediction sees.

Every image says by its values which date, band and pixel it shows, so that a patch tells where it comes from.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.pipeline.patch_places import Layout
from satfusion_qgis.pipeline.series_images import Search
from satfusion_qgis.pipeline.triplet_layouts import PUBLISHED, find, published
from satfusion_qgis.pipeline.triplets import TripletsRequest, prepare_triplets
from satfusion_qgis.tasks.dates import given_days, moment_in_name
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.patch_set import SPLITS, PatchSet
from tests.pipeline.support import QUICK, CancelsAt, Log, assert_one_sentence
from tests.scenes import write_geotiff

ROWS, COLUMNS = 40, 64
SIDE = 16
SMALL = Layout(SIDE, SIDE, 1, 0, 0.2, 0.0)
WAVES = (485.0, 560.0, 660.0, 830.0, 1650.0, 2200.0)
DAYS = [datetime.date(2020, 5, 1) + datetime.timedelta(16 * number) for number in range(5)]
NAMES = {
    "cia": ("L71093084_0842001{:%m%d}_HRF_modtran_surf_ref_agd66.tif", "MOD09GA_A{:%Y%j}.sur_refl.tif"),
    "lgc": ("{:%Y%m%d}_TM.tif", "MOD09GA_A{:%Y%j}.sur_refl.tif"),
    "ahb": ("L_{0.year}-{0.month}-{0.day}.tif", "M_{0.year}-{0.month}-{0.day}.tif"),
    "wuhan": ("G_{:%Y%m%d}.tif", "L_{:%Y%m%d}.tif"),
    "ic": ("S2_{:%Y%m%d}.tif", "S3_{:%Y%m%d}_real.tif"),
}
NAMES = {**NAMES, "daxing": NAMES["ahb"], "tianjin": NAMES["ahb"], "bc": NAMES["ic"], "mlff_gan": NAMES["cia"]}


def numbers(date: int, coarse: bool, bands: int, rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Numbers below 256 that differ between dates, sensors, bands and pixels."""
    row, column = np.mgrid[:rows, :columns]
    texture = (5 * (row // 8) + 3 * (column // 8)) % 11 if coarse else (7 * row + 3 * column) % 23
    return np.stack([20.0 + 30 * date + 4 * band + texture for band in range(bands)])


def plain_geotiff(path: Path, values: np.ndarray, kind: int) -> None:
    """A GeoTIFF without georeferencing."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[2], values.shape[1], len(values), kind)
    made.WriteArray(values)


def data_set(folder: Path, layout: str, days: Sequence[datetime.date], georeferenced: bool = False) -> Path:
    """A tiny data set in the folders of a published one; the images' numbers lie in its range."""
    known = published(layout)
    bands, number = len(known.names), NAMES[layout]
    kind = {1 / 255: gdal.GDT_Byte, 1e-4: gdal.GDT_Int16}.get(known.scale, gdal.GDT_Float32)
    for date, day in enumerate(days):
        for coarse in (False, True):
            values = numbers(date, coarse, bands) * (1.0 if known.scale < 1 else 1e-3)
            below = folder / ("MODIS" if coarse else "Landsat")
            if layout == "cia":  # as it is delivered: a folder for each date
                below = below / f"{day:%Y_%j_%d%b}".lower()
            below.mkdir(parents=True, exist_ok=True)
            path = below / number[coarse].format(day)
            if georeferenced:
                write_geotiff(path, values, (3e5, 30, 0, 5e6, 0, -30), dtype=np.int16)
            else:
                plain_geotiff(path, values, kind)
    return folder


def tensors(folder: Path, split: str) -> dict[str, np.ndarray]:
    shards = PatchSet.load(folder).shards(split)
    return {name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]} if shards else {}


def request(fine: Path, **changes: Any) -> TripletsRequest:
    """A request for small patches; coarse values stay as they are, so that they can be told."""
    return TripletsRequest(**{"fine": [str(fine)], "patch": SMALL, "parameters": {"NORMALISE": "none"}, **changes})


@pytest.mark.parametrize("layout", [one.id for one in PUBLISHED if not one.by_pairs])
def test_a_published_data_set_is_read_by_its_own_names_and_scale(layout: str, tmp_path: Path) -> None:
    days = [day.replace(year=2001) for day in DAYS] if layout == "cia" else DAYS
    root = data_set(tmp_path / published(layout).folder.upper(), layout, days)
    log = Log()
    made = prepare_triplets(request(root), str(tmp_path / "set"), log)
    known = published(layout)
    assert any(known.title in line for line in log.lines)
    assert [band["wavelength_nm"] for band in made["bands"]] == list(known.wavelengths_nm)
    assert made["ratio"] == pytest.approx(known.ratio)
    assert made["split"]["dates"]["validation"] == [str(days[-1])]
    assert made["counts"] == {"train": 4 * 3 * 8, "validation": 4 * 8, "test": 0}
    scale = known.scale if known.scale < 1 else 1e-3
    for split in ("train", "validation"):
        found = tensors(tmp_path / "set", split)
        for k in range(0, len(found["scene"]), 5):
            source = made["sources"][found["scene"][k]]
            target = days.index(datetime.date.fromisoformat(source["date"][:10]))
            pair = days.index(datetime.date.fromisoformat(source["pair_dates"][0][:10]))
            row, column = found["place"][k]
            part = np.s_[:, row : row + SIDE, column : column + SIDE]
            bands = len(known.names)
            for name, date, coarse in (
                ("fine_1", pair, False),
                ("coarse_1", pair, True),
                ("coarse_target", target, True),
                ("reference", target, False),
            ):
                wanted = numbers(date, coarse, bands)[part] * scale
                np.testing.assert_allclose(found[name][k], wanted, atol=2e-5, err_msg=f"{split} {name}")
            assert found["days"][k].tolist() == [(days[pair] - days[target]).days, 0]
            assert found["mask"][k].all()


def test_some_bands_of_a_published_data_set(tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    made = prepare_triplets(request(root, search=Search(bands=(4, 2))), str(tmp_path / "set"))
    assert [band["name"] for band in made["bands"]] == ["NIR", "Green"]
    found = tensors(tmp_path / "set", "validation")
    np.testing.assert_allclose(found["fine_1"][:, 0] - found["fine_1"][:, 1], 2 * 4 / 255, atol=1e-6)
    np.testing.assert_allclose(found["coarse_1"][:, 0] - found["coarse_1"][:, 1], 2 * 4 / 255, atol=1e-6)
    with pytest.raises(InputError, match="band 7"):
        prepare_triplets(request(root, search=Search(bands=(7,))), str(tmp_path / "other"))


def test_data_sets_with_the_same_names_are_told_apart(tmp_path: Path) -> None:
    for layout in ("ahb", "daxing", "tianjin", "ic", "bc"):
        root = data_set(tmp_path / "STF" / layout.capitalize(), layout, DAYS[:1])
        found = find(str(root))
        assert found is not None and found.layout.id == layout
    assert find(str(data_set(tmp_path / "other", "ahb", DAYS[:1])), "tianjin").layout.id == "tianjin"
    with pytest.raises(InputError) as refused:
        find(str(tmp_path / "other"), "wuhan")
    assert_one_sentence(str(refused.value))


def test_folders_of_pairs_validate_on_the_dates_below_val(tmp_path: Path) -> None:
    """MLFF-GAN's folders hold copies of the images of two dates each."""
    days = [day.replace(year=2001) for day in DAYS]
    pairs = [("train", 0, 1), ("train", 1, 2), ("train", 2, 4), ("val", 1, 3)]
    for side, first, second in pairs:
        label = "-".join(f"{days[k]:%Y_%j_%m%d}" for k in (first, second))
        folder = tmp_path / "dataset" / side / label
        folder.mkdir(parents=True)
        for k in (first, second):
            for coarse in (False, True):
                name = NAMES["mlff_gan"][coarse].format(days[k])
                plain_geotiff(folder / name, numbers(k, coarse, 6), gdal.GDT_Int16)
    made = prepare_triplets(request(tmp_path / "dataset"), str(tmp_path / "set"))
    assert made["split"]["dates"]["validation"] == [str(days[3])]
    assert len({source["date"] for source in made["sources"]}) == 5


def test_other_folders_with_numbers_in_their_names_are_no_pairs(tmp_path: Path) -> None:
    for folder in ("a-0000_1_x", "a-99999_1_x", "a-2001_9999999999_x", "a-2001_\u00b2_x"):
        data_set(tmp_path / folder, "mlff_gan", [DAYS[0].replace(year=2001)])
    assert find(str(tmp_path)) is None
    found = find(str(tmp_path), "mlff_gan")
    assert found is not None and not found.validation


def test_images_of_the_user_s_own_with_names_as_a_data_set_has_them_keep_their_scale(tmp_path: Path) -> None:
    folder = data_set(tmp_path / "my place", "ic", DAYS, georeferenced=True)
    assert find(str(folder)) is None and find(str(folder), "ic") is not None


def test_images_are_paired_by_date_and_not_by_rank(tmp_path: Path) -> None:
    """One coarse image is missing, one was taken a day later: a pairing by rank would shift all of the others."""
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    coarse = root / "MODIS"
    (coarse / NAMES["ahb"][1].format(DAYS[1])).unlink()
    later = DAYS[2] + datetime.timedelta(1)
    (coarse / NAMES["ahb"][1].format(DAYS[2])).rename(coarse / NAMES["ahb"][1].format(later))
    made = prepare_triplets(request(root), str(tmp_path / "set"))
    dates = {source["date"][:10] for source in made["sources"]}
    assert dates == {str(DAYS[k]) for k in (0, 2, 3, 4)}
    found = tensors(tmp_path / "set", "train")
    for k in range(len(found["scene"])):
        fine, coarse_1 = found["fine_1"][k], found["coarse_1"][k]
        assert np.all((fine - coarse_1) * 255 < 23), "fine and coarse image are of different dates"
    with pytest.raises(InputError) as refused:
        prepare_triplets(request(root, pair_days=0, validation_dates=(DAYS[2],)), str(tmp_path / "other"))
    assert_one_sentence(str(refused.value))


@pytest.mark.parametrize("pairs", [1, 2])
def test_no_date_is_in_two_splits_and_training_never_sees_the_others(pairs: int, tmp_path: Path) -> None:
    days = [DAYS[0] + datetime.timedelta(10 * k) for k in range(7)]
    root = data_set(tmp_path / "AHB", "ahb", days)
    split = Layout(SIDE, SIDE, 1, 0, 0.2, 0.1)
    log = Log()
    made = prepare_triplets(request(root, patch=split, pairs=pairs, most=400), str(tmp_path / "set"), log)
    dates = {name: set(own) for name, own in made["split"]["dates"].items()}
    assert all(dates[name] for name in SPLITS)
    assert not (dates["train"] & dates["validation"] or dates["train"] & dates["test"])
    assert not dates["validation"] & dates["test"]
    for name in SPLITS:
        assert any(line.startswith(f"{name}: ") and min(dates[name]) in line for line in log.lines)
        found = tensors(tmp_path / "set", name)
        for k in range(len(found["scene"])):
            source = made["sources"][found["scene"][k]]
            assert source["date"][:10] in dates[name]
            own = {date[:10] for date in source["pair_dates"]}
            assert len(own) == pairs and source["date"][:10] not in own
            if name == "train":
                assert own <= dates["train"]
            if name == "validation":
                assert not own & dates["test"]
            first, second = found["days"][k]
            assert (first < 0 < second) if pairs == 2 else second == 0
            fine = found["fine_1"][k, 0] * 255
            shown = days.index(datetime.date.fromisoformat(source["pair_dates"][0][:10]))
            assert (20 + 30 * shown <= fine.round()).all() and (fine.round() < 50 + 30 * shown).all()
    if pairs == 2:
        assert PatchSet.load(tmp_path / "set").kind.inputs[-2:] == ("fine_2", "coarse_2")


def test_dates_that_the_user_names_validate(tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    made = prepare_triplets(
        request(root, validation_dates=(DAYS[1],), test_dates=(DAYS[3],), max_days=32), str(tmp_path / "set")
    )
    assert made["split"]["dates"]["validation"] == [str(DAYS[1])]
    assert made["split"]["dates"]["test"] == [str(DAYS[3])]
    assert all(abs(day) <= 32 for source in made["sources"] for day in source["days"])
    assert {source["date"][:10] for source in made["sources"]} == {str(day) for day in DAYS}


# The user's own images, the coarse ones on their own grid.

RATIO = 8


def own_images(folder: Path, hole: tuple[int, int] | None = None) -> tuple[Path, Path]:
    """Four dates; coarse images are smooth, on a grid of their own whose corner lies off by half a coarse pixel."""
    fine, coarse = folder / "fine", folder / "coarse"
    fine.mkdir(parents=True)
    coarse.mkdir()
    rng = np.random.default_rng(5)
    texture = rng.integers(0, 400, (3, ROWS, COLUMNS))
    for date, day in enumerate(DAYS[:4]):
        values = (1000 + 300 * date + texture).astype(np.int16)
        if hole is not None and date == 1:
            values[:, : hole[0], : hole[1]] = -9999
        write_geotiff(fine / f"fine_{day:%Y%m%d}.tif", values, (3e5, 30, 0, 5e6, 0, -30), nodata=-9999, scale=1e-4,
                      names=["b", "g", "r"], wavelengths_nm=WAVES[:3])  # fmt: skip
        side = RATIO * 30
        row, column = np.mgrid[: ROWS // RATIO + 2, : COLUMNS // RATIO + 2]
        ramp = np.stack([1000 + 300 * date + 10 * band + 8 * row + 5 * column for band in range(3)])
        write_geotiff(
            coarse / f"coarse_{day:%Y%m%d}.tif", ramp.astype(np.int16),
            (3e5 - side / 2, side, 0, 5e6 + side / 2, 0, -side), nodata=-9999, scale=1e-4,
            names=["b", "g", "r"], wavelengths_nm=WAVES[:3],
        )  # fmt: skip
    return fine, coarse


def test_the_ratio_of_coarse_images_on_the_fine_grid_is_that_of_their_own_pixels(tmp_path: Path) -> None:
    fine, coarse = own_images(tmp_path)
    laid = tmp_path / "laid"
    laid.mkdir()
    rng = np.random.default_rng(6)
    for path in sorted(coarse.glob("*.tif")):
        blocks = rng.integers(800, 2400, (3, ROWS // RATIO, COLUMNS // RATIO)).astype(np.int16)
        values = np.kron(blocks, np.ones((1, RATIO, RATIO), np.int16))
        write_geotiff(laid / path.name, values, (3e5, 30, 0, 5e6, 0, -30), nodata=-9999, scale=1e-4,
                      names=["b", "g", "r"], wavelengths_nm=WAVES[:3])  # fmt: skip
    made = prepare_triplets(request(fine, coarse=[str(laid)]), str(tmp_path / "set"))
    assert made["ratio"] == pytest.approx(RATIO, rel=0.01)
    assert made["ratios"] == pytest.approx([RATIO, RATIO], rel=0.01)


@pytest.mark.parametrize("how", ["none", "offset", "gain"])
def test_patches_of_own_images_are_what_a_prediction_sees(how: str, tmp_path: Path) -> None:
    fine, coarse = own_images(tmp_path)
    asked = request(fine, coarse=[str(coarse)], parameters={"NORMALISE": how})
    made = prepare_triplets(asked, str(tmp_path / "set"))
    assert made["ratio"] == RATIO and made["units"] == "physical"
    found = tensors(tmp_path / "set", "validation")
    source = made["sources"][found["scene"][0]]
    files = [source["pair_dates"][0], source["date"]]
    stamp = [date[:10].replace("-", "") for date in files]
    job = Job(
        "spatiotemporal_fusion",
        "add_change",
        [
            Input("FINE_1", str(fine / f"fine_{stamp[0]}.tif"), date=files[0], pair=1),
            Input("COARSE_1", str(coarse / f"coarse_{stamp[0]}.tif"), date=files[0], pair=1),
            Input("COARSE_TARGET", str(coarse / f"coarse_{stamp[1]}.tif"), date=files[1]),
        ],
        [Output("OUTPUT", str(tmp_path / "predicted.tif"), dtype="Float32", options={**QUICK, "UNITS": "reflectance"})],
        parameters={"NORMALISE": how},
    )
    pipeline.run(job)
    predicted = gdal.Open(str(tmp_path / "predicted.tif")).ReadAsArray()
    for k in np.flatnonzero(found["scene"] == found["scene"][0]):
        row, column = found["place"][k]
        wanted = predicted[:, row : row + SIDE, column : column + SIDE]
        np.testing.assert_allclose(found["base"][k], wanted, atol=2e-6)
        change = found["coarse_target"][k] - found["coarse_1"][k]
        np.testing.assert_allclose(found["base"][k], found["fine_1"][k] + change, atol=2e-6)


def test_coarse_images_lie_where_their_georeferencing_says(tmp_path: Path) -> None:
    """Cubic interpolation keeps a ramp: its value at a fine pixel's centre follows from the geotransforms alone."""
    fine, coarse = own_images(tmp_path)
    prepare_triplets(request(fine, coarse=[str(coarse)]), str(tmp_path / "set"))
    found = tensors(tmp_path / "set", "train")
    made = PatchSet.load(tmp_path / "set").data
    for k in range(len(found["scene"])):
        row, column = found["place"][k]
        if min(row, column) < RATIO or row + SIDE > ROWS - RATIO or column + SIDE > COLUMNS - RATIO:
            continue  # at the coarse image's edge the ramp is continued as it is not
        date = [str(day) for day in DAYS].index(made["sources"][found["scene"][k]]["date"][:10])
        down, right = np.mgrid[row : row + SIDE, column : column + SIDE] + 0.5
        at_row, at_column = (down + RATIO / 2) / RATIO - 0.5, (right + RATIO / 2) / RATIO - 0.5
        wanted = np.stack([1000 + 300 * date + 10 * band + 8 * at_row + 5 * at_column for band in range(3)]) * 1e-4
        np.testing.assert_allclose(found["coarse_target"][k], wanted, atol=2e-6)


def test_patches_with_many_missing_pixels_are_left_out_and_counted(tmp_path: Path) -> None:
    fine, coarse = own_images(tmp_path, hole=(SIDE, SIDE + 2))
    made = prepare_triplets(request(fine, coarse=[str(coarse)], least_valid=0.8), str(tmp_path / "set"))
    holed = str(DAYS[1])
    using = [
        source
        for source in made["sources"]
        if holed in source["date"] or any(holed in day for day in source["pair_dates"])
    ]
    assert made["left_out"] == len(using), "the one patch that lies in the hole, in each triplet with that image"
    for split in ("train", "validation"):
        found = tensors(tmp_path / "set", split)
        for k in range(len(found["scene"])):
            source, (row, column) = made["sources"][found["scene"][k]], found["place"][k]
            beside = source in using and (row, column) == (0, SIDE)
            assert found["mask"][k].mean() == pytest.approx(1 - 2 / SIDE if beside else 1)
            assert all(np.isfinite(found[name][k]).all() for name in ("fine_1", "reference", "base"))


def test_warnings_of_a_prediction_are_passed_on_once(tmp_path: Path) -> None:
    root = data_set(tmp_path / "CIA", "cia", [day.replace(year=2001) for day in DAYS[:3]])
    log = Log()
    prepare_triplets(request(root), str(tmp_path / "set"), log)
    angles = [line for line in log.warnings if "another angle every day" in line]
    assert len({line.partition(": ")[2] for line in angles}) == len(angles) >= 1


def test_a_date_that_cannot_be_used_is_left_out_and_named(tmp_path: Path) -> None:
    """A coarse image that is the same everywhere: nothing can be predicted from it, the other dates stay."""
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    spoilt = root / "MODIS" / NAMES["ahb"][1].format(DAYS[2])
    plain_geotiff(spoilt, np.full((6, ROWS, COLUMNS), 50.0), gdal.GDT_Byte)
    log = Log()
    made = prepare_triplets(request(root), str(tmp_path / "set"), log)
    assert made["not_opened"] and all(str(DAYS[2]) in one["name"] for one in made["not_opened"])
    assert all("same value everywhere" in one["why"] for one in made["not_opened"])
    assert sum("is left out" in line for line in log.warnings) == len(made["not_opened"])
    assert {source["date"][:10] for source in made["sources"]} == {str(day) for day in DAYS if day != DAYS[2]}


def test_more_patches_than_wanted_are_drawn_from_all_triplets(tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    made = prepare_triplets(request(root, most=32), str(tmp_path / "set"))
    assert [sum(source["counts"].values()) for source in made["sources"]] == [2] * 16


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pairs": 3}, "PAIRS"),
        ({"pair_days": -1}, "PAIR_DAYS"),
        ({"layout": "nowhere"}, "LAYOUT"),
        ({"validation_dates": (datetime.date(1999, 1, 1),)}, "VALIDATION_DATES"),
        ({"validation_dates": (DAYS[0],), "test_dates": (DAYS[0],)}, "TEST_DATES"),
        ({"max_days": 3}, "MAX_DAYS"),
        ({"least_valid": 0.0}, "LEAST_VALID"),
        ({"patch": Layout(128, 128, 1, 0, 0.2, 0.0)}, "smaller patches"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    with pytest.raises(InputError) as refused:
        prepare_triplets(request(root, **changes), str(tmp_path / "set"))
    assert says in str(refused.value)
    assert_one_sentence(str(refused.value))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["AHB"]


def test_too_few_dates_are_refused(tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS[:2])
    with pytest.raises(InputError) as refused:
        prepare_triplets(request(root), str(tmp_path / "set"))
    assert "at least 2 for training and 1 for validation" in str(refused.value)


def test_a_cancel_leaves_nothing(tmp_path: Path) -> None:
    root = data_set(tmp_path / "AHB", "ahb", DAYS)
    with pytest.raises(Cancelled):
        prepare_triplets(request(root), str(tmp_path / "set"), CancelsAt(14))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["AHB"]


def test_names_with_a_users_pattern_and_wildcards(tmp_path: Path) -> None:
    fine, coarse = own_images(tmp_path)
    for path in [*fine.iterdir(), *coarse.iterdir()]:
        path.rename(tmp_path / path.name.replace("_2020", "_of_2020"))
    search = Search("fine_*", "coarse_*", "*_of_%Y%m%d")
    made = prepare_triplets(request(tmp_path, layout="files", search=search), str(tmp_path / "set"))
    assert len(made["sources"]) == 3 * 2 + 3


def test_dates_in_a_text() -> None:
    assert given_days("2020-05-01, 20200517", "TEST_DATES") == (DAYS[0], DAYS[1])
    with pytest.raises(InputError, match="TEST_DATES: 'May' is not a date"):
        given_days("May", "TEST_DATES")


def test_every_name_of_a_layout_has_a_date() -> None:
    for layout, names in NAMES.items():
        day = DAYS[0].replace(year=2001) if layout in ("cia", "mlff_gan") else DAYS[0]
        for name in names:
            moment = moment_in_name(name.format(day))
            assert moment is not None and moment.date() == day, (layout, name)
