"""Training on pairs: every network learns, goes on where it stopped, and never sees what is masked."""

from __future__ import annotations

import json
import shutil
import time

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the engine's interpreter only")
pytest.importorskip("lightning", reason="the engine's interpreter only")

from satfusion_qgis.engine.models.exporting import export_model  # noqa: E402
from satfusion_qgis.engine.networks.build import build  # noqa: E402
from satfusion_qgis.engine.training import spatiotemporal_losses as losses  # noqa: E402
from satfusion_qgis.engine.training.data import Patches, exchanged, relit, scaling_of  # noqa: E402
from satfusion_qgis.engine.training.ema import Average  # noqa: E402
from satfusion_qgis.engine.training.pairs_module import PairsModule  # noqa: E402
from satfusion_qgis.engine.training.recipes import RECIPES, Compared, helpers_of, red_and_nir, scores  # noqa: E402
from satfusion_qgis.engine.training.run import train  # noqa: E402
from satfusion_qgis.engine.training.scores import few_draws  # noqa: E402
from satfusion_qgis.engine.training.settings import PUBLISHED, settings_of  # noqa: E402
from satfusion_qgis.tasks.errors import Cancelled, InputError  # noqa: E402
from satfusion_qgis.tasks.model_card import ModelCard  # noqa: E402
from satfusion_qgis.tasks.patch_set import PatchSet  # noqa: E402
from satfusion_qgis.tasks.tensor_file import read_tensors, write_tensors  # noqa: E402
from tests.engine.pair_sets import BANDS, WAVELENGTHS, make_pair_set  # noqa: E402

FOLDER = "engine.networks.spatiotemporal"
# Class, pairs of the set, and sizes small enough for a test.
SMALL = {
    "edcstfn": ("edcstfn:EDCSTFN", 2, {"widths": [8, 8, 16]}),
    "ganstfm": ("ganstfm:GANSTFM", 1, {"widths": [4, 4, 8, 8]}),
    "mlffgan": ("mlffgan:MLFFGAN", 1, {"widths": [4, 4, 8, 8, 8]}),
    "srsfgan": ("srsfgan:SRSFGAN", 1, {"width": 8}),
    "ecpwstfn": ("ecpwstfn:ECPWSTFN", 1, {"widths": [32, 32, 64]}),
    "stfdiff": ("stfdiff:STFDiff", 1, {"width": 8, "steps": 6, "samples": 2}),
    "swinstfm": ("swinstfm:SwinSTFM", "large", {"widths": [32, 32, 32, 32, 32]}),
    "dcstfn": ("dcstfn:DCSTFN", 2, {"widths": [8, 16, 16]}),
    "mustfn": ("mustfn:MUSTFN", 2, {"width": 4, "attention": 8, "head": [8, 8]}),
    "rsfn": ("rsfn:RSFN", 2, {"widths": [4, 8, 8]}),
    "amsstf": ("amsstf:AMSSTF", 2, {"widths": [8, 8, 16]}),
}
QUICK = {"batch": 4, "device": "cpu", "seed": 7, "threads": 1, "warm_up_steps": 0, "learning_rate": 2e-3}
# No variety, and a beginning from which there is something to learn.
FIXED = {"augment": False, "exchange": False, "levels": 0.0, "start_at_exp": False}
WITH_AUTO_ENCODER = ("edcstfn", "ecpwstfn", "ganstfm", "rsfn")
ADVERSARIAL = ("ganstfm", "mlffgan", "srsfgan", "rsfn", "amsstf")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """Patch sets by their pairs, with as many training patches as a batch, so that all steps see the same ones."""
    folder = tmp_path_factory.mktemp("pairs")
    made = {pairs: make_pair_set(folder / str(pairs), pairs, counts=(4, 2, 2)) for pairs in (1, 2)}
    # SwinSTFM's coarsest features are a 32nd of the image, and attention needs more than one of them.
    return {**made, "large": make_pair_set(folder / "large", 1, 64, counts=(4, 2, 2))}


@pytest.fixture(scope="module")
def batch(sets):
    patches = PatchSet.load(sets[2])
    data = Patches(patches, "train", scaling_of(patches))
    return torch.utils.data.default_collate([data[place] for place in range(4)])


def run(sets, method, folder, cancel_after=None, resume=False, configuration=None, **settings):
    network, pairs, own = SMALL[method]
    told = []

    def tell(message):
        json.dumps(message)
        told.append(message)

    def cancelled():
        return cancel_after is not None and sum("scores" in message for message in told) >= cancel_after

    arguments = {
        "patches": str(sets[pairs] if isinstance(sets, dict) else sets),
        "method": method,
        "network": f"{FOLDER}.{network}",
        "configuration": {**own, **(configuration or {})},
        "model_folder": str(folder),
        "settings": {**QUICK, **settings},
        "resume": resume,
    }
    return train(arguments, tell, cancelled)


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def kept(folder, name="last.ckpt"):
    return torch.load(folder / "training" / name, weights_only=True)


def module_of(method, settings=None, published=False):
    """A network with what it is trained with, not trained."""
    network, _, own = SMALL[method]
    has_pairs = {"pairs": 2} if method in ("edcstfn", "dcstfn") else {}
    made = build(f"{FOLDER}.{network}", {"bands": BANDS, **own, **has_pairs})
    bands = [{"wavelength_nm": one} for one in WAVELENGTHS]
    helpers = helpers_of(method, "own_published" if published else "own", bands, [0.1, 0.2, 0.3])
    from satfusion_qgis.tasks.patch_set import of_pairs

    chosen = settings_of({**QUICK, **FIXED, **(settings or {})}, method)
    return PairsModule(helpers, network=made, settings=chosen, bands=BANDS, steps_per_epoch=2.0, kind=of_pairs(2))


@pytest.mark.parametrize("method", list(SMALL))
def test_the_loss_falls_and_every_parameter_learns(sets, method, tmp_path):
    configuration = {"dropout": 0.0} if method in ("mlffgan", "amsstf") else None
    found = run(sets, method, tmp_path / "model", None, False, configuration, steps=20, validate_every=5, **FIXED)
    first, last = (found["history"][place]["train_loss"] for place in (1, -1))
    assert last < 0.95 * first
    torch.manual_seed(QUICK["seed"])
    before = build(f"{FOLDER}.{SMALL[method][0]}", found["card"]["configuration"])
    helpers = helpers_of(method, "own", PatchSet.load(sets[1]).data["bands"], [0.1] * BANDS)
    last = kept(tmp_path / "model")
    pairs = [(before, last["network"])]
    assert (helpers.discriminator is not None) == (method in ADVERSARIAL) == ("discriminator" in last["helpers"])
    assert len(last["optimisers"]) == 1 + (method in ADVERSARIAL)
    if helpers.discriminator is not None:
        pairs.append((helpers.discriminator, last["helpers"]["discriminator"]))
    assert (helpers.auto_encoder is not None) == (method in WITH_AUTO_ENCODER)
    if helpers.auto_encoder is not None:
        pairs.append((helpers.auto_encoder, kept(tmp_path / "model", "auto_encoder.ckpt")["network"]))
    for network, after in pairs:
        still = [name for name, value in network.named_parameters() if torch.equal(value, after[name])]
        # A bias that batch normalisation takes away again has no slope, and moves by rounding alone.
        assert [name for name in still if not name.endswith("share.0.bias")] == []
    # The card has the network's weights alone.
    assert set(weights(tmp_path / "model")) == set(before.state_dict())


@pytest.mark.parametrize("method", list(SMALL))
def test_the_card_says_what_the_network_takes(sets, method, tmp_path):
    found = run(sets, method, tmp_path / "model", steps=1, auto_encoder_share=0.5)
    card = ModelCard.load(tmp_path / "model")
    network = build(f"{FOLDER}.{SMALL[method][0]}", card.configuration)
    assert [item.role.lower() for item in card.inputs] == [
        name for name in PatchSet.load(sets[SMALL[method][1]]).kind.inputs if name in network.inputs
    ]
    assert all(item.grid == "fine" and item.units == "physical" for item in card.inputs)
    assert [band.wavelength_nm for band in card.input("FINE_1").bands] == list(WAVELENGTHS)
    optional = {item.role for item in card.inputs if item.min_count == 0}
    assert optional == ({"FINE_2", "COARSE_2"} if method in ("edcstfn", "dcstfn") else set())
    assert card.task == "spatiotemporal_fusion" and card.residual_of is None
    assert card.ratio == (pytest.approx(7.2), pytest.approx(8.8))
    assert (card.halo, card.multiple, card.global_context) == (
        network.halo,
        network.multiple,
        network.global_context,
    )
    assert card.stochastic == (method == "stfdiff")
    assert card.data["scores"][0]["baseline"]["method"] == "add_change"
    assert [item["band"] for item in card.data["scores"] if "band" in item] == [f"Band {n}" for n in (1, 2, 3)]
    assert found["card"]["training"]["settings"]["loss"] == "own"


@pytest.mark.parametrize("method", ["mlffgan", "ganstfm", "stfdiff", "edcstfn"])
def test_a_resumed_training_is_the_same_as_an_uninterrupted_one(sets, method, tmp_path):
    steps = {"steps": 6, "validate_every": 2}
    whole = run(sets, method, tmp_path / "whole", **steps)
    assert run(sets, method, tmp_path / "parts", cancel_after=2, **steps)["stopped"] == "cancelled"
    resumed = run(sets, method, tmp_path / "parts", resume=True, **steps)
    assert resumed["history"][-1]["train_loss"] == pytest.approx(whole["history"][-1]["train_loss"], rel=1e-5)
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_training_stopped_in_its_auto_encoder_goes_on_there(sets, tmp_path):
    settings = {"steps": 4, "auto_encoder_share": 0.6, "validate_every": 2}
    with pytest.raises(Cancelled):
        run(sets, "ecpwstfn", tmp_path / "parts", cancel_after=1, **settings)
    stopped = kept(tmp_path / "parts", "auto_encoder.ckpt")
    assert (stopped["step"], stopped["done"]) == (1, False)
    with pytest.raises(InputError, match="RESUME"):
        run(sets, "ecpwstfn", tmp_path / "parts", **settings)
    run(sets, "ecpwstfn", tmp_path / "parts", resume=True, **settings)
    run(sets, "ecpwstfn", tmp_path / "whole", **settings)
    one, other = (kept(tmp_path / name, "auto_encoder.ckpt") for name in ("parts", "whole"))
    assert one["step"] == other["step"] == 6 and one["done"]
    assert all(torch.equal(one["network"][name], value) for name, value in other["network"].items())
    one, other = weights(tmp_path / "parts"), weights(tmp_path / "whole")
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("method", ["edcstfn", "srsfgan", "ganstfm", "stfdiff"])
def test_masked_pixels_have_no_influence(sets, method, tmp_path):
    pairs = SMALL[method][1]
    other = tmp_path / "other"
    shutil.copytree(sets[pairs], other)
    for path in other.glob("*.safetensors"):
        tensors = {name: np.array(value) for name, value in read_tensors(path).items()}
        nonsense = np.random.default_rng(3).uniform(-50, 50, tensors["reference"].shape).astype(np.float32)
        for name in ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2", "base", "reference"):
            if name in tensors:
                tensors[name] = np.where(tensors["mask"] > 0, tensors[name], nonsense)
        write_tensors(path, tensors)
    found = run(sets, method, tmp_path / "one", steps=3, validate_every=3)
    again = run(other, method, tmp_path / "two", steps=3, validate_every=3)
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    # Values of 50 would be seen; sums in another order, where arrays lie otherwise in memory, are not meant.
    assert all(torch.allclose(one[name], two[name], rtol=1e-4, atol=1e-6) for name in one)
    for key in ("scores", "baseline"):
        assert found[key]["rmse"] == pytest.approx(again[key]["rmse"], rel=1e-4)
        assert found[key]["loss"] == pytest.approx(again[key]["loss"], rel=1e-4)
    assert found["baseline"]["rmse_all"] < 0.1  # the nonsense is 9


@pytest.mark.parametrize("method", [method for method in SMALL if method != "stfdiff"])
@pytest.mark.parametrize("published", [False, True])
def test_every_loss_leaves_masked_pixels_out(method, published, batch):
    """The slope at masked pixels is 0, and whole images cost what they cost without a mask."""
    helpers = helpers_of(method, "own_published" if published else "own", [{}] * BANDS, [0.1, 0.2, 0.3])
    target = batch["reference"]
    output = (target + 0.05 * torch.randn(target.shape, generator=torch.Generator().manual_seed(1))).requires_grad_()
    features = None if helpers.auto_encoder is None else helpers.auto_encoder.features
    content = helpers.recipe.content

    def cost(mask):
        seen = torch.where(mask > 0, output, target)
        return content(Compared(seen, target, mask, published, features, seen, 30, [0.1, 0.2, 0.3], (1, 2)))

    mask = batch["mask"]
    assert 0 < float(mask.mean()) < 1
    cost(mask).backward()
    assert float((output.grad * (1 - mask)).abs().max()) == 0
    assert float((output.grad * mask).abs().max()) > 0
    half = torch.ones_like(mask)
    half[..., 16:] = 0
    # Errors that fill half an image, and nothing else counted, cost about what they cost all over it.
    all_over = float(cost(torch.ones_like(mask)).detach())
    if not (published and method == "mustfn"):  # whose published code counts masked pixels' vegetation
        assert float(cost(half).detach()) == pytest.approx(all_over, rel=0.35)


def test_a_mask_of_ones_is_none(batch):
    target = batch["reference"].double()
    output = target + 0.05 * torch.randn(target.shape, generator=torch.Generator().manual_seed(1), dtype=torch.double)
    ones = torch.ones_like(output[:, :1])
    features = output[..., ::2, ::2], target[..., ::2, ::2]
    for loss in (losses.mse, losses.mae, losses.ms_ssim, losses.unlike, losses.angle, losses.edges):
        assert float(loss(output, target, mask=ones)) == pytest.approx(float(loss(output, target)), rel=1e-9)
    for loss in (losses.edcstfn_content, losses.ecpwstfn_content, losses.ganstfm_content):
        plain = float(loss(output, target, features))
        assert float(loss(output, target, features, mask=ones)) == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("method", [method for method in SMALL if method not in ("stfdiff", "dcstfn")])
def test_published_losses_differ_from_the_corrected(method, batch):
    bands = [{"wavelength_nm": one} for one in WAVELENGTHS]
    torch.manual_seed(1)
    helpers = helpers_of(method, "own", bands, [0.1, 0.2, 0.3])
    features = None if helpers.auto_encoder is None else helpers.auto_encoder.features
    target = batch["reference"]
    output = target + 0.1 * torch.randn(target.shape, generator=torch.Generator().manual_seed(1))
    output = torch.where(batch["mask"] > 0, output, target)

    def cost(published):
        compared = Compared(output, target, batch["mask"], published, features, output, 30, helpers.levels, (1, 2))
        return float(helpers.recipe.content(compared).detach())

    own, published = cost(False), cost(True)
    assert own != pytest.approx(published, rel=1e-3)


def test_mustfn_learns_from_its_similarity(batch):
    """The published code's covariance has no slope; with it, the way to a better similarity is another one."""
    target = batch["reference"]
    output = (0.5 * target + 0.1).requires_grad_()

    def slope(published):
        value = losses.whole_similarity(output, target, batch["mask"], 1.6384, published)
        (found,) = torch.autograd.grad(value, output)
        with torch.no_grad():
            step = output + 1e-2 * found / found.norm()
            return float(losses.whole_similarity(step, target, batch["mask"], 1.6384, False) - value)

    assert slope(False) > 0 and slope(False) > slope(True)


def test_mustfn_s_parts():
    rng = np.random.default_rng(4)
    output, target = rng.uniform(0.1, 0.6, (2, 2, 6, 20, 20))
    error = ((output - target) ** 2).mean(axis=(0, 2, 3))
    divisors = np.array([0.043, 0.059, 0.065, 0.176, 0.167, 0.099])
    index = [(one[:, 3] - one[:, 2]) / (one[:, 3] + one[:, 2] + 1e-10) for one in (output, target)]
    expected = (error / divisors**2).sum() + ((index[0] - index[1]) ** 2).mean() / 0.25
    given = torch.from_numpy(output), torch.from_numpy(target), [1.0] * 6, (2, 3)
    assert float(losses.mustfn_content(*given, late=False, published=True)) == pytest.approx(expected, rel=1e-6)
    without = losses.mustfn_content(*given[:3], None, late=False)
    assert float(without) == pytest.approx(error.sum(), rel=1e-6)
    c1, c2 = (0.01 * 1.6384) ** 2, (0.03 * 1.6384) ** 2
    means, covariance = (output.mean(), target.mean()), np.mean((output - output.mean()) * (target - target.mean()))
    ssim = (2 * means[0] * means[1] + c1) * (2 * covariance + c2)
    ssim /= (means[0] ** 2 + means[1] ** 2 + c1) * (output.var() + target.var() + c2)
    late = float(losses.mustfn_content(*given[:3], None, late=True))
    assert late - float(without) == pytest.approx(0.1 * (1 - ssim), rel=1e-6)


def test_slopes_and_angles():
    rows = torch.arange(8.0).view(1, 1, 8, 1).expand(1, 2, 8, 8)
    assert torch.allclose(losses.slopes(3 * rows), torch.full((1, 2, 6, 6), 24.0), atol=1e-4)
    one = torch.tensor([1.0, 0.0]).view(1, 2, 1, 1)
    other = torch.tensor([1.0, 1.0]).view(1, 2, 1, 1)
    assert float(losses.angle(one, other)) == pytest.approx(np.pi / 4, abs=1e-5)
    assert float(losses.angle(one[:, :1], other[:, :1])) == 0


@pytest.mark.parametrize("method", ["edcstfn", "ecpwstfn"])
def test_published_auto_encoders_learn_another_date(sets, method, tmp_path):
    for loss in ("own", "own_published"):
        run(sets, method, tmp_path / loss, steps=2, auto_encoder_share=0.6, loss=loss, **FIXED)
    one, other = (kept(tmp_path / loss, "auto_encoder.ckpt")["network"] for loss in ("own", "own_published"))
    assert not torch.equal(*(next(iter(state.values())) for state in (one, other)))


def test_ecpwstfn_s_published_encoders_stay_as_they_began(sets, tmp_path):
    found = run(sets, "ecpwstfn", tmp_path / "model", steps=3, loss="own_published", **FIXED)
    torch.manual_seed(QUICK["seed"])
    before = build(f"{FOLDER}.{SMALL['ecpwstfn'][0]}", found["card"]["configuration"])
    after = kept(tmp_path / "model")["network"]
    still = {name for name, value in before.named_parameters() if torch.equal(value, after[name])}
    assert still == {name for name, _ in before.named_parameters() if "_encoder" in name}


def test_ganstfm_s_score(batch):
    """Corrected, each image has a score, in which masked places do not count; published, all images have one."""
    for published in (False, True):
        torch.manual_seed(3)
        helpers = helpers_of("ganstfm", "own_published" if published else "own", [{}] * BANDS, [0.1] * BANDS)
        found, mask = scores(helpers, batch["reference"], batch["coarse_target"], torch.ones_like(batch["mask"]))
        assert found.shape == ((1 if published else 4), 1, 1, 1)
        assert (mask is None) == published
        torch.manual_seed(3)
        judge = helpers_of("ganstfm", "own", [{}] * BANDS, [0.1] * BANDS).discriminator
        expected = judge(batch["reference"], batch["coarse_target"])
        expected = expected.mean()[None] if published else expected
        assert torch.allclose(found.flatten(), expected, atol=1e-5)


def test_an_average_of_weights(sets):
    network = torch.nn.Linear(1, 1, bias=False)
    average = Average(network, 0.9)
    expected, values = None, [1.0, 3.0, -2.0, 5.0] + [0.5] * 60
    for step, value in enumerate(values):
        torch.nn.init.constant_(network.weight, value)
        average.update(network)
        share = 0.0 if step == 0 else min(0.9, 1 - (1 + step) ** (-2 / 3))
        expected = value if expected is None else share * expected + (1 - share) * value
        assert float(average.network.weight) == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert average.share() == 0.9
    published = Average(network, 0.995, published=True)
    for value in range(102):
        torch.nn.init.constant_(network.weight, float(value))
        published.update(network)
        assert (float(published.network.weight) == value) == (value <= 101)
    torch.nn.init.constant_(network.weight, 500.0)
    published.update(network)
    assert float(published.network.weight) < 500


def test_what_is_kept_of_a_diffusion_is_its_average(sets, tmp_path):
    run(sets, "stfdiff", tmp_path / "model", steps=4, validate_every=4)
    last, own = kept(tmp_path / "model"), weights(tmp_path / "model")
    assert last["average"]["updates"] == 4
    assert all(torch.equal(own[name], value) for name, value in last["average"]["weights"].items())
    assert not all(torch.equal(own[name], value) for name, value in last["network"].items())
    run(sets, "stfdiff", tmp_path / "published", steps=4, validate_every=4, average_by_epoch=True, batch=2)
    assert kept(tmp_path / "published")["average"]["updates"] == 2  # two epochs


def test_validation_draws_once_in_few_steps():
    network = build(f"{FOLDER}.stfdiff:STFDiff", {"bands": 1, "width": 8})
    with few_draws(network):
        assert (network.samples, network.steps) == (1, 5)
    assert (network.samples, network.steps) == (5, 10)


def test_a_diffusion_s_loss_leaves_masked_pixels_out(batch):
    network = build(f"{FOLDER}.stfdiff:STFDiff", {"bands": BANDS, "width": 8})
    images = [batch[name] for name in ("reference", "fine_1", "coarse_1", "coarse_target")]

    def cost(mask):
        return network.loss(*images, generator=torch.Generator().manual_seed(3), mask=mask)

    assert float(cost(torch.ones_like(batch["mask"]))) == pytest.approx(float(cost(None)), rel=1e-6)
    top, bottom = torch.zeros_like(batch["mask"]), torch.zeros_like(batch["mask"])
    top[:, :, :16], bottom[:, :, 16:] = 1, 1
    assert float(cost(top) + cost(bottom)) / 2 == pytest.approx(float(cost(None)), rel=1e-5)


def test_dates_are_exchanged(batch):
    batch = {name: torch.rand(value.shape) for name, value in batch.items()}
    first, other = ("fine_1", "coarse_1"), ("fine_2", "coarse_2")
    target = ("reference", "coarse_target")
    seen = set()
    for step in range(20):
        moved = exchanged(batch, 3, step, one_pair=False)
        assert torch.equal(moved["reference"], batch["reference"])
        for patch in range(4):
            swapped = torch.equal(moved["fine_1"][patch], batch["fine_2"][patch])
            seen.add(swapped)
            for ours, theirs in ((first, other), (other, first)):
                wanted = theirs if swapped else ours
                assert all(torch.equal(moved[a][patch], batch[b][patch]) for a, b in zip(ours, wanted))
    assert seen == {False, True}
    ways = set()
    for step in range(20):
        moved = exchanged(batch, 3, step, one_pair=True)
        for patch in range(4):
            places = []
            for pair in (first, target, other):
                (place,) = (
                    place
                    for place, one in enumerate((first, target, other))
                    if all(torch.equal(moved[a][patch], batch[b][patch]) for a, b in zip(pair, one))
                )
                places.append(place)
            ways.add(tuple(places))
    assert {(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)} == ways  # forth and back, from either pair


def test_another_light_is_that_of_all_images(batch):
    moved = relit(batch, 0.5, 1, 2)
    assert torch.equal(moved["mask"], batch["mask"]) and torch.equal(moved["std"], batch["std"])
    for patch in range(4):
        for band in range(BANDS):
            ours, theirs = (one["fine_1"][patch, band].flatten() for one in (batch, moved))
            gain = float((theirs.max() - theirs.min()) / (ours.max() - ours.min()))
            offset = float((theirs - gain * ours).mean())
            assert 0.6 < gain < 1.65
            for name in ("coarse_1", "coarse_target", "fine_2", "coarse_2", "base", "reference"):
                assert torch.allclose(moved[name][patch, band], gain * batch[name][patch, band] + offset, atol=1e-4)
    assert torch.equal(relit(batch, 0.5, 1, 2)["fine_1"], moved["fine_1"])
    assert not torch.equal(relit(batch, 0.5, 1, 3)["fine_1"], moved["fine_1"])


def test_edcstfn_learns_from_either_pair(batch):
    """As its authors train it: an estimate from each pair, both compared with the target."""
    module = module_of("edcstfn")
    found = module.compared(batch, 0)
    network = module.network
    images = [batch[name] for name in ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")]
    assert len(found) == 2
    for one, expected in zip(found, network.by_pair(*images)):
        assert torch.allclose(one.output, torch.where(batch["mask"] > 0, expected, batch["reference"]))
    assert len(module_of("dcstfn").compared(batch, 0)) == 1
    assert module_of("srsfgan").compared(batch, 0)[0].other is not None


def test_the_discriminator_is_asked_about_the_target_date(batch):
    asked = []

    class Judge(torch.nn.Module):
        def forward(self, image, coarse):
            asked.append(coarse)
            return image.mean(dim=1, keepdim=True)

    module = module_of("mlffgan")
    object.__setattr__(module._with, "discriminator", Judge())
    module._judging(module.compared(batch, 0)[0], batch)
    assert len(asked) == 2 and all(torch.equal(one, batch["coarse_target"]) for one in asked)


@pytest.mark.parametrize("method", ["edcstfn", "mlffgan"])
def test_the_time_limit_holds_with_the_auto_encoder_before(sets, method, tmp_path):
    begin = time.monotonic()
    found = run(sets, method, tmp_path / "model", epochs=100000, time_limit_s=3.0, validate_every=10)
    assert found["stopped"] == "time" and found["steps"] > 0
    assert time.monotonic() - begin < 4.5
    if method == "edcstfn":
        first = kept(tmp_path / "model", "auto_encoder.ckpt")
        assert first["done"] and first["step"] > 0


def test_pairs_are_refused_where_there_are_too_few(sets, tmp_path):
    with pytest.raises(InputError, match="needs two pairs"):
        run(sets[1], "amsstf", tmp_path / "model", steps=1)
    assert not (tmp_path / "model").exists()


def test_edcstfn_begins_as_the_added_change(sets, tmp_path):
    found = run(sets[1], "edcstfn", tmp_path / "model", steps=2, learning_rate=1e-9)
    assert found["card"]["configuration"]["on_change"] is True
    (shard,) = PatchSet.load(sets[1]).shards("validation")
    base, reference, mask = (shard[name].astype(np.float64) for name in ("base", "reference", "mask"))
    expected = ((base - reference) ** 2 * mask).sum() / (mask.sum() * BANDS)
    assert expected > 0
    assert found["history"][0]["validation_loss"] == pytest.approx(expected, rel=1e-3)
    plain = run(sets[1], "edcstfn", tmp_path / "plain", steps=1, start_at_exp=False)
    assert "on_change" not in plain["card"]["configuration"]


def test_networks_for_one_pair_learn_from_patches_of_two(sets, tmp_path):
    found = run(sets[2], "ecpwstfn", tmp_path / "model", steps=1)
    assert [item["role"] for item in found["card"]["inputs"]] == ["FINE_1", "COARSE_TARGET"]
    found = run(sets[2], "edcstfn", tmp_path / "one", steps=1, configuration={"pairs": 1})
    assert [item["role"] for item in found["card"]["inputs"]] == ["FINE_1", "COARSE_1", "COARSE_TARGET"]


def test_what_was_trained_can_be_exported(sets, tmp_path):
    pytest.importorskip("onnx")
    run(sets, "edcstfn", tmp_path / "model", steps=1, loss="l1", configuration={"pairs": 1, "widths": [4, 4, 8]})
    found = export_model({"MODEL": str(tmp_path / "model")}, lambda message: None, lambda: False)
    assert found["max_difference"] < 1e-4
    assert {file.name for file in ModelCard.load(tmp_path / "model").files} == {"model.safetensors", "model.onnx"}


def test_losses_that_do_not_suit_are_refused(sets, tmp_path):
    for method, settings, said in (
        ("edcstfn", {"loss": "sam"}, "LOSS must be one of own, own_published, l1, mse"),
        ("stfdiff", {"loss": "l1"}, "its own loss alone"),
        ("mustfn", {"normalise": "standard"}, "NORMALISE must be none"),
        ("mlffgan", {"batch": 1}, "BATCH must be at least 2"),
    ):
        with pytest.raises(InputError, match=said):
            run(sets, method, tmp_path / method, steps=1, **settings)
        assert not (tmp_path / method).exists()


def test_plain_losses_need_nothing_beside_the_network(sets, tmp_path):
    found = run(sets, "mlffgan", tmp_path / "model", steps=2, loss="l1", normalise="standard")
    assert kept(tmp_path / "model")["helpers"] == {}
    normalise = found["card"]["inputs"][0]["normalise"]
    assert normalise["kind"] == "standard"
    assert normalise["values"]["mean"] == pytest.approx(PatchSet.load(sets[1]).data["statistics"]["fine_1"]["mean"])
    assert all(item["normalise"] == normalise for item in found["card"]["inputs"])


def test_every_network_has_published_and_recommended_settings():
    assert set(RECIPES) == set(SMALL)
    for method in RECIPES:
        assert settings_of({}, method).loss == "own"
        assert settings_of({"preset": "published"}, method).loss == "own_published"
    assert PUBLISHED["srsfgan"].discriminator_factor * PUBLISHED["srsfgan"].learning_rate == pytest.approx(2e-3)
    assert PUBLISHED["stfdiff"].average_by_epoch and not settings_of({}, "stfdiff").average_by_epoch
    with pytest.raises(InputError, match="AVERAGE must be 0 or more and below 1"):
        settings_of({"average": 1.0}, "stfdiff")


def test_red_and_near_infrared():
    assert red_and_nir([490.0, 560.0, 665.0, 842.0, 1610.0]) == (2, 3)
    assert red_and_nir([865.0, 655.0]) == (1, 0)
    assert red_and_nir([None, 665.0]) is None
