"""Training: what it learns, how it stops, how it goes on, and the model folder that it leaves."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the engine's interpreter only")
pytest.importorskip("lightning", reason="the engine's interpreter only")

from satfusion_qgis.assessment.reference import ReferenceScores  # noqa: E402
from satfusion_qgis.engine.networks.build import build  # noqa: E402
from satfusion_qgis.engine.training.data import Order, Patches, noisy, scaling_of, turned  # noqa: E402
from satfusion_qgis.engine.training.module import TrainingModule  # noqa: E402
from satfusion_qgis.engine.training.run import train  # noqa: E402
from satfusion_qgis.engine.training.scores import Scores  # noqa: E402
from satfusion_qgis.engine.training.settings import PUBLISHED, Settings, settings_of  # noqa: E402
from satfusion_qgis.engine.training.start import start_at_interpolation  # noqa: E402
from satfusion_qgis.tasks.errors import Cancelled, InputError  # noqa: E402
from satfusion_qgis.tasks.model_card import ModelCard  # noqa: E402
from satfusion_qgis.tasks.patch_set import PatchSet  # noqa: E402
from tests.engine.patch_sets import BANDS, NETWORK, RATIO, Tiny, make_patch_set, register  # noqa: E402

QUICK = {"steps": 30, "batch": 8, "validate_every": 10, "learning_rate": 3e-3, "device": "cpu", "seed": 7}
QUICK.update(start_at_exp=False, normalise="none")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    register()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def patches(tmp_path_factory):
    return make_patch_set(tmp_path_factory.mktemp("training") / "patches")


class Told(list):
    """What a training told; cancels after so many scores."""

    def __init__(self, cancel_after=None):
        super().__init__()
        self.cancel_after = cancel_after

    def __call__(self, message):
        json.dumps(message)  # it goes to another process as JSON
        self.append(message)

    @property
    def scores(self):
        return [message["scores"] for message in self if "scores" in message]

    def cancelled(self):
        return self.cancel_after is not None and len(self.scores) >= self.cancel_after


def run(patches, folder, told=None, resume=False, more=None, **settings):
    told = told if told is not None else Told()
    arguments = {
        "patches": str(patches),
        "method": "dicnn",
        "network": NETWORK,
        "model_folder": str(folder),
        "settings": {**QUICK, **settings},
        "resume": resume,
        **(more or {}),
    }
    return train(arguments, told, told.cancelled)


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_thirty_steps_lower_the_validation_loss(patches, tmp_path, capfd):
    told = Told()
    found = run(patches, tmp_path / "model", told)
    losses = [entry["validation_loss"] for entry in found["history"]]
    assert [entry["step"] for entry in found["history"]] == [0, 10, 20, 30]
    assert losses[-1] < 0.8 * losses[0]
    assert found["stopped"] == "finished"
    assert found["best_step"] == [0, 10, 20, 30][int(np.argmin(losses))]
    assert [message["progress"] for message in told if "progress" in message][-1] == 1
    assert told.scores[-1]["exp"]["ergas"] > 0
    assert "".join(capfd.readouterr()) == ""


def test_the_card_is_whole_and_its_scores_are_true(patches, tmp_path):
    found = run(patches, tmp_path / "My model", more={"title": "Mine", "licence": "CC0-1.0"})
    card = ModelCard.load(tmp_path / "My model")
    assert (card.id, card.title, card.method, card.task) == ("my_model", "Mine", "dicnn", "pansharpening")
    data = card.data
    assert data["configuration"] == {"bands": BANDS}
    assert data["halo"] == Tiny.halo
    assert data["inputs"][0]["units"] == "physical"
    assert data["inputs"][0]["normalise"] == {"kind": "none", "values": None}
    assert data["files"][0]["bytes"] == (tmp_path / "My model" / "model.safetensors").stat().st_size
    network = Tiny(BANDS)
    network.load_state_dict(weights(tmp_path / "My model"))
    shard = PatchSet.load(patches).shards("test")[0]
    inside = np.s_[:, Tiny.halo : -Tiny.halo, Tiny.halo : -Tiny.halo]
    truth = ReferenceScores(BANDS, RATIO, (28 * len(shard["pan"]), 28), block=28, windowed=False)
    for row, (ms, pan, reference) in enumerate(zip(shard["ms"], shard["pan"], shard["reference"])):
        with torch.no_grad():
            output = network(torch.tensor(ms)[None], torch.tensor(pan)[None])[0].numpy()
        truth.add(reference[inside], output[inside], row=28 * row)
    expected = truth.result()["all"]
    stated = {item["metric"]: item["value"] for item in data["scores"] if "band" not in item}
    assert stated["ergas"] == pytest.approx(expected["ergas"], rel=1e-4)
    assert stated["sam_degrees"] == pytest.approx(expected["sam_degrees"], rel=1e-4)
    assert stated["rmse_all"] == pytest.approx(expected["rmse"], rel=1e-4)
    assert found["scores"]["ergas"] == stated["ergas"]


def test_the_same_seed_gives_the_same_weights(patches, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        run(patches, tmp_path / name, steps=6, seed=seed)
    one, same, other = (weights(tmp_path / name) for name in "abc")
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert not torch.equal(one["last.weight"], other["last.weight"])


def test_a_resumed_training_is_the_same_as_an_uninterrupted_one(patches, tmp_path):
    whole = run(patches, tmp_path / "whole")
    stopped = run(patches, tmp_path / "parts", Told(cancel_after=2))
    assert stopped["stopped"] == "cancelled"
    assert stopped["steps"] == 11
    told = Told()
    resumed = run(patches, tmp_path / "parts", told, resume=True)
    assert told.scores[0]["step"] == 20
    assert [entry["step"] for entry in resumed["history"]] == [0, 10, 20, 30]
    for key in ("train_loss", "validation_loss"):
        assert resumed["history"][-1][key] == pytest.approx(whole["history"][-1][key], rel=1e-6)
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_resume_refuses_another_training(patches, tmp_path):
    run(patches, tmp_path / "model", steps=4)
    with pytest.raises(InputError, match=r"already holds a model"):
        run(patches, tmp_path / "model", steps=8)
    with pytest.raises(InputError, match=r"differs in seed"):
        run(patches, tmp_path / "model", resume=True, steps=8, seed=8)
    with pytest.raises(InputError, match=r"raise EPOCHS"):
        run(patches, tmp_path / "model", resume=True, steps=4)


def test_cancel_keeps_the_best_state(patches, tmp_path):
    found = run(patches, tmp_path / "model", Told(cancel_after=3), steps=1000)
    assert found["stopped"] == "cancelled"
    assert found["best_step"] in (10, 20)
    best = torch.load(tmp_path / "model" / "training" / "last.ckpt", weights_only=True)
    assert best["best_step"] == found["best_step"]
    kept = weights(tmp_path / "model")
    network = Tiny(BANDS)
    network.load_state_dict(kept)
    assert ModelCard.load(tmp_path / "model").data["training"]["stopped"] == "cancelled"


def test_a_network_that_adds_detail_may_start_at_interpolation(patches, tmp_path):
    told = Told()
    found = run(patches, tmp_path / "model", told, start_at_exp=True)
    first = told.scores[0]
    for key, other in (("validation_loss", "loss"), ("ergas", "ergas"), ("sam_degrees", "sam_degrees")):
        assert first[key] == pytest.approx(first["exp"][other], rel=1e-5)
    assert found["history"][-1]["validation_loss"] < first["validation_loss"]


def test_other_networks_keep_their_last_layer():
    class WithoutSkip(Tiny):
        def forward(self, ms, pan):
            return super().forward(ms, pan) - ms

    network = WithoutSkip(BANDS)
    before = network.last.weight.clone()
    assert not start_at_interpolation(network, BANDS)
    assert torch.equal(network.last.weight, before)
    assert start_at_interpolation(Tiny(BANDS), BANDS)


def test_a_network_is_told_when_to_freeze(patches, tmp_path, monkeypatch):
    seen = []

    def freeze(self, batches):
        seen.append([tuple(ms.shape) for ms, pan in batches])

    monkeypatch.setattr(Tiny, "freeze", freeze, raising=False)
    run(patches, tmp_path / "model", steps=8, freeze_step=5)
    assert seen == [[(1, BANDS, 32, 32)] * 24]


def test_a_killed_training_leaves_its_best_model(patches, tmp_path):
    class Killed(BaseException):
        pass

    class Killing(Told):
        def __call__(self, message):
            super().__call__(message)
            if len(self.scores) == 3:
                raise Killed

    with pytest.raises(Killed):
        run(patches, tmp_path / "model", Killing(), steps=1000)
    card = ModelCard.load(tmp_path / "model").data
    assert card["training"]["best_step"] == 10
    assert card["scores"][0]["protocol"] == "wald, validation patches"
    assert run(patches, tmp_path / "model", resume=True)["steps"] == 30


def test_cancel_before_the_first_validation_leaves_nothing(patches, tmp_path):
    with pytest.raises(Cancelled):
        run(patches, tmp_path / "model", Told(cancel_after=1), steps=1000)
    assert list(tmp_path.iterdir()) == []


def test_the_time_limit_is_kept(patches, tmp_path):
    begin = time.monotonic()
    found = run(patches, tmp_path / "model", steps=1_000_000, validate_every=1_000_000, time_limit_s=2.0)
    assert time.monotonic() - begin < 3.5  # a busy machine
    assert found["stopped"] == "time"
    assert found["best_step"] == found["steps"] > 5
    assert ModelCard.load(tmp_path / "model").data["training"]["stopped"] == "time"


def test_a_loss_that_is_no_number_stops_with_one_sentence(patches, tmp_path):
    with pytest.raises(InputError, match=r"^The loss is not a number at step \d+; .*\(no model was made\)\.$"):
        run(patches, tmp_path / "first", optimiser="sgd", learning_rate=1e30, steps=50)
    assert not (tmp_path / "first").exists()


def test_a_loss_that_becomes_no_number_keeps_the_last_good_state(patches, tmp_path, monkeypatch):
    original = TrainingModule.training_step

    def poisoned(self, batch, batch_idx):
        if batch_idx == 14:
            batch = {**batch, "reference": batch["reference"] * float("nan")}
        return original(self, batch, batch_idx)

    monkeypatch.setattr(TrainingModule, "training_step", poisoned)
    with pytest.raises(InputError, match=r"at step 14; .*the state of step 10 is kept"):
        run(patches, tmp_path / "model")
    assert ModelCard.load(tmp_path / "model").data["training"]["best_step"] == 10
    assert all(bool(torch.isfinite(value).all()) for value in weights(tmp_path / "model").values())


@pytest.mark.parametrize("kind", ["none", "standard", "scene"])
def test_normalised_values_are_taken_back(patches, kind):
    found = PatchSet.load(patches)
    scaling = scaling_of(found, kind, scale=3.0)
    data = Patches(found, "validation", scaling)
    item, stored = data[2], data.physical(2)
    for name in ("ms", "reference"):
        physical = (item[name] * item["std"] + item["mean"]).numpy() / 3.0
        assert physical == pytest.approx(stored[name], rel=1e-4, abs=1e-6)
    if kind == "none":
        assert item["pan"].numpy() == pytest.approx(3.0 * stored["pan"])
    else:
        level = found.data["statistics"]["pan"]
        assert item["pan"].numpy() == pytest.approx(
            (stored["pan"] - level["mean"][0]) / level["std"][0], rel=1e-3, abs=1e-4
        )


def test_values_far_from_one_are_scaled(tmp_path):
    found = PatchSet.load(make_patch_set(tmp_path / "dn", gain=1.0, units="dn"))
    scaling = scaling_of(found)
    assert scaling.scale == pytest.approx(1 / found.data["range"])
    assert float(Patches(found, "train", scaling)[0]["reference"].max()) <= 1.0


def test_training_with_normalisation_by_scene(patches, tmp_path):
    found = run(patches, tmp_path / "model", normalise="standard", steps=120)
    assert found["scores"]["ergas"] < found["baseline"]["ergas"]
    normalise = found["card"]["inputs"][0]["normalise"]
    assert normalise["values"]["mean"] == pytest.approx(PatchSet.load(patches).data["statistics"]["ms"]["mean"])


def test_the_order_of_patches_does_not_depend_on_where_it_starts():
    whole = list(Order(10, 4, 3, 0, 9))
    assert list(Order(10, 4, 3, 5, 9)) == whole[5:]
    flat = [index for batch in whole for index in batch]
    assert sorted(flat[:10]) == sorted(flat[10:20]) == list(range(10))
    assert flat[:10] != flat[10:20]


def test_turned_patches_stay_together(patches):
    data = Patches(PatchSet.load(patches), "train", scaling_of(PatchSet.load(patches)))
    batch = {name: torch.stack([data[index][name] for index in range(8)]) for name in ("ms", "pan", "reference")}
    moved = turned(batch, seed=1, step=0)
    assert not torch.equal(moved["pan"], batch["pan"])
    for place in range(8):  # whatever was done to PAN was done to the reference: its mean over bands is PAN
        assert moved["reference"][place].mean(0) == pytest.approx(moved["pan"][place][0], rel=1e-4)


def test_noise_goes_to_pan_alone_and_is_settled_by_the_seed():
    rng = np.random.default_rng(0)
    batch = {name: torch.from_numpy(rng.standard_normal((64, 1, 32, 32), np.float32)) for name in ("ms", "pan")}
    one, same, other = noisy(batch, 0.2, 1, 5), noisy(batch, 0.2, 1, 5), noisy(batch, 0.2, 1, 6)
    assert torch.equal(one["ms"], batch["ms"]) and torch.equal(one["pan"], same["pan"])
    assert not torch.equal(one["pan"], other["pan"])
    deviations = (one["pan"] - batch["pan"]).std(dim=(1, 2, 3))
    assert float(deviations.max()) < 0.21 and float(deviations.min()) < 0.05
    assert float(deviations.mean()) == pytest.approx(0.1, abs=0.03)


def test_training_with_noise_and_bands_innermost(patches, tmp_path):
    found = run(patches, tmp_path / "model", pan_noise=0.1, channels_last=True, loss="relative_angle")
    assert found["history"][-1]["validation_loss"] < found["history"][0]["validation_loss"]


def test_learning_rates_follow_the_schedules():
    def factors(steps, **settings):
        module = TrainingModule(Tiny(2), Settings(**settings), 2, steps_per_epoch=10)
        return [module.factor(step) for step in steps]

    assert factors([0, 19, 20, 45], schedule="step", step_epochs=2) == [1, 1, 0.5, 0.25]
    assert factors([0, 50, 100], schedule="cosine", epochs=10) == pytest.approx([1, 0.5, 0])
    assert factors([0, 9, 10, 20], schedule="restarts", restart_epochs=2) == pytest.approx([1, 1, 0.5, 1])
    assert factors([0, 1, 3, 4], schedule="none", warm_up_steps=3) == [0.25, 0.5, 1, 1]


def test_the_last_layer_may_have_its_own_rate():
    module = TrainingModule(Tiny(4), PUBLISHED["pnn"], 4, 10)
    optimiser = module.configure_optimizers()["optimizer"]
    rates = [group["lr"] for group in optimiser.param_groups]
    assert rates == pytest.approx([0.1156, 0.01156])
    assert [len(group["params"]) for group in optimiser.param_groups] == [2, 2]


def test_the_settings_are_checked():
    assert settings_of({"preset": "published", "epochs": 3}, "fusionnet").learning_rate == 3e-4
    assert settings_of({"preset": "published", "epochs": 3}, "fusionnet").epochs == 3
    assert settings_of({"epochs": 3.0, "clip": [0, 1], "precision": 32}).clip == (0.0, 1.0)
    for given in (
        {"loss": "huber"},
        {"batch": 0},
        {"preset": "published"},
        {"rate": 1},
        {"epochs": "many"},
        {"epochs": 1.5},
        {"augment": 1},
        {"learning_rate": float("nan")},
        {"clip": [1]},
    ):
        with pytest.raises(InputError):
            settings_of(given, "unknown")


def test_only_networks_are_built():
    assert isinstance(build(NETWORK, {"bands": 2}), Tiny)
    for name in ("os:system", "engine.training.run:train", "engine.networks.build:build", "engine.networks.x:Y"):
        with pytest.raises(InputError):
            build(name, {})
    with pytest.raises(InputError, match="configuration"):
        build(NETWORK, {"bands": 2, "depth": 3})


def test_scores_leave_the_margin_out():
    rng = np.random.default_rng(1)
    reference = rng.uniform(0.1, 1, (2, 16, 16))
    test = reference + rng.normal(0, 0.1, reference.shape)
    edge = test.copy()
    edge[:, 0], edge[:, :, -1] = 9, 9
    one, other = Scores(2, 4, 2), Scores(2, 4, 2)
    one.add(reference, test)
    other.add(reference, edge)
    assert one.result() == other.result()
    assert one.result()["pixels"] == 144


def test_patch_sets_that_are_no_patch_sets_are_refused(patches, tmp_path):
    with pytest.raises(InputError, match="PATCHES"):
        run(tmp_path, tmp_path / "model")
    empty = make_patch_set(tmp_path / "empty", counts=(9, 0, 0))
    with pytest.raises(InputError, match="no validation patches"):
        run(empty, tmp_path / "model")
    content = (empty / "train-000.safetensors").read_bytes()
    (empty / "train-000.safetensors").write_bytes(content[:-100])
    with pytest.raises(InputError, match="damaged"):
        PatchSet.load(empty).shards("train")
