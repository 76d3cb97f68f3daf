"""Training on revisits: what it learns, that masked pixels do not count, and the cards that it leaves."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the engine's interpreter only")
pytest.importorskip("lightning", reason="the engine's interpreter only")

from satfusion_qgis.engine.networks.build import build  # noqa: E402
from satfusion_qgis.engine.training.data import Patches, fewer_frames, levelled, scaling_of, turned  # noqa: E402
from satfusion_qgis.engine.training.losses import loss, registered, shift_kernels  # noqa: E402
from satfusion_qgis.engine.training.run import train  # noqa: E402
from satfusion_qgis.engine.training.settings import settings_of  # noqa: E402
from satfusion_qgis.tasks.errors import InputError  # noqa: E402
from satfusion_qgis.tasks.model_card import ModelCard  # noqa: E402
from satfusion_qgis.tasks.patch_set import PatchSet  # noqa: E402
from tests.engine.revisit_sets import BANDS, FRAMES, make_revisit_set  # noqa: E402

QUICK = {"steps": 24, "batch": 4, "validate_every": 12, "learning_rate": 3e-3, "device": "cpu", "seed": 7}
QUICK.update(normalise="scene", scale=1.0, loss="l1", warm_up_steps=0)
SMALL = {
    "highresnet": ("engine.networks.super_resolution.highresnet:HighResNet", {"hidden": 8, "blocks": 0, "fine": 4}),
    "satfusion": (
        "engine.networks.satfusion.satfusion:SatFusion",
        {
            "encoder": "highresnet",
            "sharpener": "dicnn",
            "encoder_settings": {"hidden": 8, "blocks": 0, "fine": 4},
            "sharpener_settings": {"width": 8},
            "colour_width": 4,
        },
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("revisits")
    return {
        "highresnet": make_revisit_set(folder / "sr", 2),
        "satfusion": make_revisit_set(folder / "sf", 4, with_pan=True),
    }


def run(patches, method, folder, cancel_after=None, resume=False, **settings):
    network, configuration = SMALL[method]
    told = []

    def tell(message):
        json.dumps(message)
        told.append(message)

    def cancelled():
        return cancel_after is not None and sum("scores" in message for message in told) >= cancel_after

    arguments = {
        "patches": str(patches),
        "method": method,
        "network": network,
        "configuration": configuration,
        "model_folder": str(folder),
        "settings": {**QUICK, **settings},
        "resume": resume,
    }
    return train(arguments, tell, cancelled)


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


@pytest.mark.parametrize("method", list(SMALL))
def test_it_starts_at_the_base_and_every_parameter_learns(sets, method, tmp_path):
    found = run(sets[method], method, tmp_path / "model", steps=80, validate_every=40, loss="mse")
    first, last = found["history"][0], found["history"][-1]
    assert last["validation_loss"] < 0.8 * first["validation_loss"]
    torch.manual_seed(QUICK["seed"])
    before = build(SMALL[method][0], found["card"]["configuration"]).state_dict()
    after = weights(tmp_path / "model")
    assert set(before) == set(after)
    still = [name for name in before if torch.equal(before[name], after[name])]
    assert not still


def test_the_first_scores_are_those_of_the_base(sets, tmp_path):
    patches = PatchSet.load(sets["highresnet"])
    shard = patches.shards("validation")[0]
    expected = np.abs(shard["base"].astype(np.float64) - shard["reference"]).mean()
    found = run(sets["highresnet"], "highresnet", tmp_path / "model", steps=2)
    assert found["history"][0]["validation_loss"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("method", list(SMALL))
def test_the_card_says_what_the_network_takes(sets, method, tmp_path):
    run(sets[method], method, tmp_path / "model", steps=2)
    card = ModelCard.load(tmp_path / "model")
    patches = PatchSet.load(sets[method])
    assert card.task == patches.kind.task
    assert card.ratio == (patches.ratio, patches.ratio)
    base = "sharpened_back_projection" if method == "satfusion" else "back_projection"
    assert card.residual_of == base
    revisits = card.input("REVISITS")
    assert (revisits.min_count, revisits.max_count, revisits.grid, revisits.masks) == (1, FRAMES, "coarse", True)
    assert len(revisits.bands) == BANDS and revisits.normalise == "scene"
    assert [item.role for item in card.inputs] == (["REVISITS", "PAN"] if method == "satfusion" else ["REVISITS"])
    assert card.multiple % round(patches.ratio) == 0
    assert card.data["scores"][0]["baseline"]["method"] == base
    assert card.data["scores"][0]["place"] == "nowhere"
    assert "The landscape is made up." in card.data["limits"]
    assert card.data["training"]["data"][0]["revisits"] == "four files"


def test_a_resumed_training_is_the_same_as_an_uninterrupted_one(sets, tmp_path):
    whole = run(sets["highresnet"], "highresnet", tmp_path / "whole")
    assert run(sets["highresnet"], "highresnet", tmp_path / "parts", cancel_after=2)["stopped"] == "cancelled"
    resumed = run(sets["highresnet"], "highresnet", tmp_path / "parts", resume=True)
    assert resumed["history"][-1]["validation_loss"] == pytest.approx(whole["history"][-1]["validation_loss"], rel=1e-6)
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_masked_pixels_do_not_count(sets, tmp_path):
    run(sets["highresnet"], "highresnet", tmp_path / "model")
    patches = PatchSet.load(sets["highresnet"])
    card = ModelCard.load(tmp_path / "model")
    network = build(SMALL["highresnet"][0], card.configuration).eval()
    network.load_state_dict(weights(tmp_path / "model"))
    item = Patches(patches, "validation", scaling_of(patches, "scene", 1.0))[0]
    assert float(item["masks"][-1].mean()) == 0.5
    seen, masks, base = (item[name][None] for name in ("revisits", "masks", "base"))
    other = torch.where(masks > 0.5, seen, torch.full_like(seen, -3.0))
    with torch.no_grad():
        assert torch.allclose(network(seen, masks, base), network(other, masks, base), atol=1e-5)
        assert not torch.allclose(network(seen, masks, base), network(seen, torch.ones_like(masks), base), atol=1e-3)


def test_any_number_of_revisits_is_trained_for(sets):
    patches = PatchSet.load(sets["satfusion"])
    data = Patches(patches, "train", scaling_of(patches))
    batch = {name: torch.stack([data[place][name] for place in range(6)]) for name in data[0]}
    numbers, orders = set(), set()
    for step in range(40):
        fewer = fewer_frames(batch, 3, step)
        count = fewer["revisits"].shape[1]
        numbers.add(count)
        assert fewer["masks"].shape[1] == count and fewer["pan"] is batch["pan"]
        assert torch.equal(fewer["revisits"][:, 0], batch["revisits"][:, 0])  # the reference stays
        for patch in range(6):
            places = []
            for frame in range(count):
                same = [
                    k
                    for k in range(FRAMES)
                    if torch.equal(fewer["revisits"][patch, frame], batch["revisits"][patch, k])
                ]
                places.append(same[0])
                assert torch.equal(fewer["masks"][patch, frame], batch["masks"][patch, same[0]])
            assert len(set(places)) == count
            orders.add(tuple(places))
    assert numbers == set(range(1, FRAMES + 1))
    assert len(orders) > 8
    same = fewer_frames(batch, 3, 5)
    assert torch.equal(same["revisits"], fewer_frames(batch, 3, 5)["revisits"])


def test_networks_for_a_fixed_number_get_empty_masks(sets):
    patches = PatchSet.load(sets["highresnet"])
    data = Patches(patches, "train", scaling_of(patches))
    batch = {name: torch.stack([data[place][name] for place in range(4)]) for name in data[0]}
    shapes, empty = set(), set()
    for step in range(30):
        fewer = fewer_frames(batch, 1, step, least=FRAMES)
        shapes.add(fewer["revisits"].shape[1])
        empty.add(int((fewer["masks"].sum(dim=(0, 2, 3, 4)) == 0).sum()))
    assert shapes == {FRAMES}
    assert empty == set(range(FRAMES))
    assert float(batch["masks"][:, 0].min()) == 1  # the batch itself is as it was


def test_revisits_are_turned_with_their_masks_and_the_fine_images(sets):
    patches = PatchSet.load(sets["highresnet"])
    data = Patches(patches, "train", scaling_of(patches))
    batch = {name: torch.stack([data[place][name] for place in range(8)]) for name in data[0]}
    moved = turned(batch, seed=1, step=0)
    assert not torch.equal(moved["reference"], batch["reference"])
    assert torch.equal(moved["mean"], batch["mean"])
    means = torch.nn.functional.avg_pool2d(moved["reference"], 2)
    assert torch.allclose(means, moved["revisits"][:, 0], atol=1e-5)  # the first frame still shows the reference
    nonsense = moved["revisits"][:, -1].amax(dim=1, keepdim=True) > 2 * batch["reference"].max()
    assert torch.equal(nonsense, moved["masks"][:, -1] == 0)


def test_other_levels_are_those_of_one_patch_and_are_taken_back(sets):
    patches = Patches(PatchSet.load(sets["satfusion"]), "train", scaling_of(PatchSet.load(sets["satfusion"]), "scene"))
    batch = torch.utils.data.default_collate([patches[number] for number in range(3)])
    changed, gain, offset = levelled(batch, 0.7, 5, 11)
    assert gain.min() >= 0.49 and gain.max() <= 2.02 and gain.std() > 0 and offset.abs().max() <= 2.1
    for name in ("base", "pan", "revisits"):
        assert not torch.allclose(changed[name], batch[name])
    assert torch.allclose((changed["base"] - offset) / gain, batch["base"], atol=1e-5)
    for frame in range(batch["revisits"].shape[1]):  # all images of a patch alike
        assert torch.allclose((changed["revisits"][:, frame] - offset) / gain, batch["revisits"][:, frame], atol=1e-5)
    for name in ("masks", "reference", "mean", "std"):
        assert torch.equal(changed[name], batch[name])
    assert torch.equal(levelled(batch, 0.7, 5, 11)[0]["pan"], changed["pan"])
    assert not torch.equal(levelled(batch, 0.7, 5, 12)[0]["pan"], changed["pan"])


def test_training_at_other_levels_still_begins_at_the_base(sets, tmp_path):
    still = {"learning_rate": 1e-12, "steps": 2, "validate_every": 2}
    found = run(sets["satfusion"], "satfusion", tmp_path / "model", levels=0.7, **still)
    plain = run(sets["satfusion"], "satfusion", tmp_path / "plain", **still)
    losses = [one["history"][-1]["train_loss"] for one in (found, plain)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)  # the answer is taken back before it is compared


def test_scene_values_are_taken_back(sets):
    patches = PatchSet.load(sets["satfusion"])
    data = Patches(patches, "validation", scaling_of(patches, "scene", 2.0))
    item, stored = data[1], data.physical(1)
    for name in ("revisits", "base", "reference"):
        physical = (item[name] * item["std"] + item["mean"]).numpy() / 2.0
        assert physical == pytest.approx(stored[name], rel=1e-3, abs=1e-5)
    assert np.array_equal(item["masks"].numpy(), stored["masks"])


def test_a_ratio_that_is_no_whole_number_is_refused(sets, tmp_path):
    data = json.loads((sets["highresnet"] / "patches.json").read_text(encoding="utf-8"))
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "patches.json").write_text(json.dumps({**data, "ratio": 2.5}), encoding="utf-8")
    with pytest.raises(InputError, match="whole number"):
        run(folder, "highresnet", tmp_path / "model")


def test_a_set_of_an_unknown_task_is_refused(sets, tmp_path):
    data = json.loads((sets["highresnet"] / "patches.json").read_text(encoding="utf-8"))
    (tmp_path / "patches.json").write_text(json.dumps({**data, "task": "dreaming"}), encoding="utf-8")
    with pytest.raises(InputError, match="dreaming"):
        PatchSet.load(tmp_path)


def test_the_registered_loss_knows_no_shift_and_shifts_up_to_two_pixels():
    """What the published code cannot: an image that lies where it should costs nothing, and SAM is registered too."""
    rng = np.random.default_rng(2)
    rough = torch.from_numpy(rng.uniform(0.1, 0.9, (2, 3, 20, 20)).astype(np.float32))
    image = torch.nn.functional.interpolate(rough, scale_factor=2, mode="bicubic")
    measure = loss("combined_registered")
    assert float(measure(image, image)) < 1e-6
    inner, chosen = registered(image, image)
    assert torch.allclose(inner, chosen, atol=1e-6)
    for rows, columns in ((1, 0), (-2, 1)):
        moved = torch.roll(image, (rows, columns), (2, 3))
        assert float(measure(moved, image)) < 1e-5 < float(loss("combined")(moved, image))
    assert float(measure(torch.roll(image, 5, 2), image)) > 1e-3
    sums = shift_kernels().sum(dim=(1, 2, 3))
    assert sums.numpy() == pytest.approx(np.ones(81), abs=1e-6)


def test_patches_of_another_sensor_are_trained_with_a_registered_loss(sets, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(sets["highresnet"], folder)
    data = json.loads((folder / "patches.json").read_text(encoding="utf-8"))
    (folder / "patches.json").write_text(json.dumps({**data, "loss": "combined_registered"}), encoding="utf-8")
    for name, given, wanted in (("a", None, "combined_registered"), ("b", "mse", "mse")):
        found = run(folder, "highresnet", tmp_path / name, steps=1, loss=given)
        assert found["card"]["training"]["settings"]["loss"] == wanted
    published = settings_of({"preset": "published"}, "satfusion")
    assert (published.loss, published.optimiser, published.learning_rate) == ("combined_registered", "adam", 1e-4)
    assert (published.weight_decay, published.batch, published.epochs, published.schedule) == (1e-4, 8, 20, "restarts")
