"""Patch sets of revisits: what they hold is what inference gives a network, and the truth is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from satfusion_qgis import pipeline
from satfusion_qgis.classical.super_resolution.simulate import Simulation
from satfusion_qgis.inference.super_resolution import RevisitsNetwork
from satfusion_qgis.pipeline.patch_places import Layout
from satfusion_qgis.pipeline.reduced_revisits import Reduced, open_own, whole_ratio
from satfusion_qgis.pipeline.revisit_patches import RevisitSettings, dealt, make_patches
from satfusion_qgis.pipeline.simulated_scenes import drawn_simulation, simulated_pan, simulated_scene
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.job import Input, Job, Output
from satfusion_qgis.tasks.model_card import ModelCard
from satfusion_qgis.tasks.patch_set import PatchSet
from tests.pipeline.support import QUICK, CancelsAt, Log, read_array
from tests.scenes import make_truth, write_geotiff

BANDS, SIDE = 3, 24
BAND_LIST = [{"name": f"Band {number}", "wavelength_nm": None, "width_nm": None, "unit": ""} for number in (1, 2, 3)]
CLOUDLESS = Simulation(revisits=4, largest_shift=1.2, noise=300.0, clouded_revisits=0, gain=0.0, offset=0.0, seed=3)


def layout(ratio, side=SIDE, **more):
    return Layout(side, side, ratio, **{"buffer": 0, "validation": 0.3, "test": 0.0, **more})


def settings(ratio=2, **more):
    return RevisitSettings(ratio, BAND_LIST, **{"layout": layout(ratio), "frames": 4, **more})


def truth_image(rows=96, columns=120, seed=4):
    return make_truth(rows, columns, BANDS, seed=seed).astype(np.float32)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A set of one simulated scene, and the scene."""
    scene = simulated_scene("town", truth_image(), 2, CLOUDLESS)
    folder = tmp_path_factory.mktemp("sets") / "set"
    return scene, PatchSet.load(folder) if make_patches([scene], str(folder), settings()) else None


def patches_of(patch_set):
    for split in ("train", "validation"):
        for shard in patch_set.shards(split):
            for number in range(len(shard["reference"])):
                yield split, {name: np.array(values[number]) for name, values in shard.items()}


def test_the_truth_and_what_the_network_gets_show_the_same_place(made):
    _, patch_set = made
    truth, seen = truth_image(), 0
    for _, patch in patches_of(patch_set):
        row, column = patch["place"]
        assert np.array_equal(patch["reference"], truth[:, row : row + SIDE, column : column + SIDE])
        assert patch["revisits"].shape == (4, BANDS, SIDE // 2, SIDE // 2)
        assert patch["masks"].dtype == np.uint8 and patch["masks"].all()
        inner = np.s_[:, 4:-4, 4:-4]
        repeated = patch["revisits"][0].repeat(2, 1).repeat(2, 2)
        base, plain = (np.square(one - patch["reference"])[inner].mean() for one in (patch["base"], repeated))
        assert base < 0.7 * plain  # and so the base lies where the truth lies
        seen += 1
    assert seen == sum(patch_set.data["counts"].values()) > 6
    found = np.array(patch_set.data["sources"][0]["shifts"])
    assert found.shape == (4, 2) and np.abs(found[0]).max() == 0 and np.abs(found[1:]).max() > 0.3


def test_the_base_is_what_the_method_makes_of_the_same_files(made, tmp_path):
    scene, patch_set = made
    place = (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)
    inputs = []
    for number, image in enumerate(scene.stack.revisits):
        valid = True if image.data.valid is None else image.data.valid
        values = np.where(valid, image.data.values, np.nan)
        path = write_geotiff(tmp_path / f"r{number}.tif", values, place, dtype="float32")
        inputs.append(Input("REVISITS", str(path), number, date=f"2024-06-{1 + number:02d}"))
    job = Job(
        "super_resolution",
        "back_projection",
        inputs,
        [Output("OUTPUT", str(tmp_path / "out.tif"), dtype="Float32", options=QUICK)],
        parameters={"RATIO": 2.0, "REFERENCE_DATE": "2024-06-01", "MAX_DAYS": 0},
    )
    pipeline.run(job)
    whole = read_array(tmp_path / "out.tif")
    for _, patch in patches_of(patch_set):
        row, column = patch["place"]
        fused = whole[:, row : row + SIDE, column : column + SIDE]
        assert patch["base"] == pytest.approx(fused, rel=1e-4, abs=1e-3 * float(np.abs(whole).max()))


def card_of(patch_set, frames=4):
    bands = [{"name": band["name"]} for band in patch_set.data["bands"]]
    item = {"role": "REVISITS", "bands": bands, "max_count": frames, "grid": "coarse"}
    pan = {"role": "PAN", "bands": [{"name": "PAN"}]}
    with_pan = patch_set.kind.task == "multi_image_pansharpening"
    ratio = patch_set.ratio
    data = {
        "format": 1, "id": "recorder", "title": "Recorder", "method": "highresnet", "task": patch_set.kind.task,
        "configuration": {}, "inputs": [item, pan] if with_pan else [item],
        "output": {"bands": BANDS, "residual_of": patch_set.kind.baseline}, "ratio": {"min": ratio, "max": ratio},
        "halo": 0, "window": {"multiple": int(ratio)}, "files": [], "licence": "CC0-1.0",
    }  # fmt: skip
    return ModelCard.from_data(data, patch_set.folder)


@pytest.mark.parametrize("displaced", [None, (0, 0), (2, -1)])
def test_inference_gives_a_network_the_same(displaced, tmp_path):
    """The same window of the same scene, once as a patch and once as the network gets it; PAN moved back."""
    with_pan = displaced is not None
    ratio = 4 if with_pan else 2
    image, rng = truth_image(160, 160) if with_pan else truth_image(120, 120), np.random.default_rng(1)
    simulation = replace(drawn_simulation(rng, BANDS, 6), clouded_revisits=3)
    pan = simulated_pan(image, rng)[None] if with_pan else None
    moved = np.roll(pan, displaced, (1, 2)) if with_pan else None
    scene = simulated_scene("town", image, ratio, simulation, moved)
    make_patches([scene], str(tmp_path / "set"), settings(ratio, with_pan=with_pan))
    patch_set = PatchSet.load(tmp_path / "set")
    parameters = {"RATIO": float(ratio), "MAX_SHIFT": 4.0}
    implementation = RevisitsNetwork(parameters, scene.stack.info(), card_of(patch_set))
    recorded = {}

    def network(inputs, cancelled):
        recorded.update({name: value[0] for name, value in inputs.items()})
        return {"output": inputs["base"]}

    implementation.attach(network)
    state = scene.stack.state(implementation.passes())
    if with_pan:
        assert np.abs(state["pan"]["shift"] - displaced).max() < 0.5
        assert state["pan"]["used"]
    seen = masked = 0
    for _, patch in patches_of(patch_set):
        place = (int(patch["place"][0]), int(patch["place"][1]), SIDE, SIDE)
        window = scene.stack.window(place, implementation.halo())
        implementation.fuse(scene.stack.blocks(window), state, window)
        for name in patch_set.kind.tensors[:-1]:
            assert recorded[name] == pytest.approx(patch[name], rel=1e-5, abs=1e-2), name
        masked += int((patch["masks"] == 0).sum())
        seen += 1
    assert seen > 4 and masked > 50


def test_patches_without_all_pixels_are_left_out(tmp_path):
    image = truth_image()
    valid = np.ones(image.shape[1:], bool)
    valid[40:44, 60:64] = False
    folder = tmp_path / "set"
    log = Log()
    data = make_patches([simulated_scene("town", image, 2, CLOUDLESS, valid=valid)], str(folder), settings(), log)
    assert data["left_out"] >= 1
    for _, patch in patches_of(PatchSet.load(folder)):
        row, column = patch["place"]
        assert valid[row : row + SIDE, column : column + SIDE].all()


def test_fewer_revisits_get_empty_masks_and_of_more_the_best_are_taken(tmp_path):
    few = simulated_scene("few", truth_image(), 2, replace(CLOUDLESS, revisits=2))
    make_patches([few], str(tmp_path / "few"), settings())
    for _, patch in patches_of(PatchSet.load(tmp_path / "few")):
        assert patch["masks"].reshape(4, -1).min(axis=1).tolist() == [1, 1, 0, 0]
    cloudy = replace(CLOUDLESS, revisits=6, clouded_revisits=2, cloud_share=0.7)
    scene = simulated_scene("many", truth_image(), 2, cloudy)
    data = make_patches([scene], str(tmp_path / "many"), settings(frames=4))
    clear = [image.data.valid is None or image.data.valid.mean() > 0.6 for image in scene.stack.revisits]
    assert data["sources"][0]["chosen"] == [number for number in range(6) if clear[number]]


def test_scenes_may_be_dealt_out_whole(tmp_path):
    scenes = [
        simulated_scene(name, truth_image(seed=seed), 2, CLOUDLESS, split=split)
        for seed, (name, split) in enumerate((("a", "train"), ("b", "validation"), ("c", "test")))
    ]
    data = make_patches(scenes, str(tmp_path / "set"), settings())
    assert all(data["counts"][split] > 4 for split in ("train", "validation", "test"))
    assert data["split"]["rule"] == "scenes"
    shard = PatchSet.load(tmp_path / "set").shards("test")[0]
    assert set(shard["scene"].tolist()) == {2}
    found = dealt([f"place {number}" for number in range(20)], Layout(validation=0.2, test=0.1))
    assert sorted(found.values()).count("validation") == 4 and list(found.values()).count("test") == 2
    assert found == dealt([f"place {number}" for number in range(19, -1, -1)], Layout(validation=0.2, test=0.1))
    with pytest.raises(InputError, match="2 places"):
        dealt(["a", "b"], Layout())


def test_bad_scenes_and_settings_are_refused_and_nothing_is_left(tmp_path):
    scene = simulated_scene("town", truth_image(), 2, CLOUDLESS)
    bad = [
        (settings(ratio=1), "RATIO"),
        (settings(layout=Layout(26, 26, 2)), None),
        (settings(frames=0), "FRAMES"),
        (settings(ratio=4, layout=Layout(26, 26, 2)), "PATCH"),
        (replace(settings(), bands=BAND_LIST[:2]), "town has 3 bands"),
        (settings(layout=Layout(96, 96, 2)), "too small"),
    ]
    for number, (own, message) in enumerate(bad):
        folder = tmp_path / str(number)
        if message is None:
            continue
        with pytest.raises(InputError, match=message):
            make_patches([scene], str(folder), own)
        assert not folder.exists()
    with pytest.raises(Cancelled):
        make_patches([scene], str(tmp_path / "x"), settings(), CancelsAt(0.0), 1)
    assert not list(tmp_path.iterdir())


# The user's own revisits.

PLACE = (500000.0, 10.0, 0.0, 5000000.0, 0.0, -10.0)
FINE = (500000.0, 2.5, 0.0, 5000000.0, 0.0, -2.5)


def own_files(folder, with_pan):
    """Four revisits of 96 x 120 pixels, clouded in part, and a PAN of 4 times finer pixels."""
    fine = make_truth(96 * 4, 120 * 4, BANDS, seed=6).astype(np.float32)
    simulation = replace(CLOUDLESS, clouded_revisits=1, seed=8)
    scene = simulated_scene("own", fine, 4, simulation, fine.mean(axis=0)[None])
    inputs = []
    for number, image in enumerate(scene.stack.revisits):
        values = image.data.values
        values = np.where(image.data.valid, values, -1) if image.data.valid is not None else values
        path = write_geotiff(folder / f"own_2024060{number + 1}.tif", values, PLACE, dtype="float32", nodata=-1)
        inputs.append(Input("REVISITS", str(path), number))
    pan = write_geotiff(folder / "pan.tif", fine.mean(axis=0)[None], FINE, dtype="float32")
    more = [Input("PAN", str(pan))] if with_pan else []
    task = "multi_image_pansharpening" if with_pan else "super_resolution"
    parameters = {"REFERENCE_DATE": "2024-06-01", "MAX_DAYS": 0, "MAX_SHIFT": 4.0}
    parameters.update({} if with_pan else {"RATIO": 2.0})
    return Job(task, "back_projection", [*inputs, *more], [], parameters=parameters)


@pytest.mark.parametrize("with_pan", [False, True])
def test_own_revisits_are_degraded_and_the_reference_is_the_truth(with_pan, tmp_path):
    job = own_files(tmp_path, with_pan)
    own = open_own(job)
    ratio = whole_ratio(own)
    assert ratio == (4 if with_pan else 2)
    assert own.reference.name == "own_20240601.tif"
    work = tmp_path / "work"
    work.mkdir()
    reduced = Reduced(own, work, 8)
    side = 16
    chosen = replace(settings(ratio, with_pan=with_pan), bands=own.bands, layout=layout(ratio, side), unit=own.unit)
    scenes = reduced.scenes(1 if with_pan else 2)
    data = make_patches(scenes, str(tmp_path / "set"), chosen)
    names = [source["name"] for source in data["sources"]]
    assert names == (["own_20240601.tif"] if with_pan else ["own_20240601.tif", own.chosen.revisits[1].name])
    reference = read_array(tmp_path / "own_20240601.tif")
    splits: dict[str, set] = {"train": set(), "validation": set()}
    errors = np.zeros(2)
    for split, patch in patches_of(PatchSet.load(tmp_path / "set")):
        row, column = (int(value) for value in patch["place"])
        splits[split].add((row, column))
        if patch["scene"] == 0:
            assert np.array_equal(patch["reference"], reference[:, row : row + side, column : column + side])
            if with_pan:
                fine = read_array(tmp_path / "pan.tif")[0]
                part = fine[4 * row : 4 * (row + side), 4 * column : 4 * (column + side)]
                means = part.reshape(side, 4, side, 4).mean(axis=(1, 3))
                assert np.corrcoef(patch["pan"].ravel(), means.ravel())[0, 1] > 0.9
            inner = np.s_[:, 3:-3, 3:-3]
            repeated = patch["revisits"][0].repeat(ratio, 1).repeat(ratio, 2)
            errors += [np.square(one - patch["reference"])[inner].mean() for one in (patch["base"], repeated)]
    assert errors[0] < 0.5 * errors[1]
    assert splits["train"] and splits["validation"] and not splits["train"] & splits["validation"]


def test_ratios_that_no_network_is_for_are_refused(tmp_path):
    job = own_files(tmp_path, False)
    for ratio in (2.5, 1.2):
        own = open_own(replace(job, parameters={**job.parameters, "RATIO": ratio}))
        with pytest.raises(InputError, match="whole number"):
            whole_ratio(own)
    with pytest.raises(InputError, match="RATIO"):
        open_own(replace(job, parameters={}))
