"""Convolutional networks for images of several dates: inputs, sizes, halos, gradients, wirings, official states."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from torch.nn import functional

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.checkpoints.ganstfm import leading_vectors
from satfusion_qgis.engine.networks.build import build
from satfusion_qgis.engine.networks.spatiotemporal import ganstfm, mlffgan
from satfusion_qgis.engine.networks.spatiotemporal.ecpwstfn import ECPWSTFN, ECPWSTFNAutoEncoder, haar, inverse_haar
from satfusion_qgis.engine.networks.spatiotemporal.edcstfn import EDCSTFN, EDCSTFNAutoEncoder
from satfusion_qgis.engine.networks.spatiotemporal.ganstfm import (
    GANSTFM,
    GANSTFMAutoEncoder,
    GANSTFMDiscriminator,
    SwitchableNorm,
)
from satfusion_qgis.engine.networks.spatiotemporal.mlffgan import MLFFGAN, MLFFGANDiscriminator, at_statistics_of
from satfusion_qgis.engine.networks.spatiotemporal.parts import spatial_statistics
from satfusion_qgis.engine.networks.spatiotemporal.srsfgan import SRSFGAN, SRSFGANDiscriminator
from satfusion_qgis.tasks.errors import InputError
from scripts import parity
from tests.shared_data import needs_shared, shared_folder

NETWORKS = {
    "edcstfn": (EDCSTFN, {}),
    "edcstfn_two": (EDCSTFN, {"pairs": 2}),
    "ganstfm": (GANSTFM, {}),
    "mlffgan": (MLFFGAN, {}),
    "srsfgan": (SRSFGAN, {}),
    "ecpwstfn": (ECPWSTFN, {}),
}
SMALL = {
    "edcstfn": {"widths": (4, 4, 4)},
    "edcstfn_two": {"widths": (4, 4, 4)},
    "ganstfm": {"widths": (4, 4, 4, 4)},
    "mlffgan": {"widths": (4, 4, 4, 4, 4)},
    "srsfgan": {"width": 4},
    "ecpwstfn": {"widths": (4, 4, 4)},
}
NAMES = sorted(NETWORKS)
IMAGES = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")
AUTO_ENCODERS = {EDCSTFNAutoEncoder: 2, GANSTFMAutoEncoder: 8, ECPWSTFNAutoEncoder: 8}
DISCRIMINATORS = (GANSTFMDiscriminator, MLFFGANDiscriminator, SRSFGANDiscriminator)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def made(name, bands=3, small=True, gain=1.0, **settings):
    torch.manual_seed(1)
    network, usual = NETWORKS[name]
    return woken(network(bands, **{**usual, **(SMALL[name] if small else {}), **settings}), gain).eval()


def woken(network, gain):
    """The network with weights that keep the size of what goes through, times a gain."""
    with torch.no_grad():
        for key, parameter in network.named_parameters():
            if parameter.ndim == 4:
                parameter.copy_(torch.from_numpy(parity.fill(key, parameter.shape, 1, gain)))
    return network


def images(bands=3, height=32, width=32, batch=1, seed=2):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.rand(batch, bands, height, width, generator=generator) for name in IMAGES}


# Generators.


@pytest.mark.parametrize("name", NAMES)
def test_every_input_that_is_named_is_used_and_no_other(name):
    network, given = made(name, small=False, gain=1.4), images()
    assert set(network.inputs) <= set(IMAGES) and len(network.inputs) >= 2
    assert ("fine_2" in network.inputs) == (network.pairs == 2)
    assert "fine_1" in network.inputs and "coarse_target" in network.inputs
    with torch.no_grad():
        usual = network(**given)
        for image in IMAGES:
            change = (network(**{**given, image: torch.zeros_like(given[image])}) - usual).abs().mean()
            assert (change > 1e-3 * usual.std()) if image in network.inputs else (change == 0), image


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_gets_a_gradient(name):
    network = made(name, small=False)
    (network(**images(batch=2)) ** 2).mean().backward()
    silent = [key for key, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert silent == []


@pytest.mark.parametrize("bands", [1, 8])
@pytest.mark.parametrize("size", [(7, 5), (33, 50)])
@pytest.mark.parametrize("name", NAMES)
def test_any_size_and_number_of_bands(name, size, bands):
    network, given = made(name, bands), images(bands, *size, batch=2)
    with torch.no_grad():
        found = network(**given)
    assert found.shape == (2, bands, *size)
    assert torch.isfinite(found).all()


@pytest.mark.parametrize("name", NAMES)
def test_many_bands(name):
    with torch.no_grad():
        assert made(name, 300)(**images(300, 16, 16)).shape == (1, 300, 16, 16)


@pytest.mark.parametrize("name", NAMES)
def test_the_last_row_and_column_are_repeated_up_to_the_multiple(name):
    network, given = made(name), images(3, 35, 43)
    sides = [-side % network.multiple for side in (35, 43)]
    longer = {
        key: torch.from_numpy(np.pad(image.numpy(), ((0, 0), (0, 0), (0, sides[0]), (0, sides[1])), "edge"))
        for key, image in given.items()
    }
    with torch.no_grad():
        torch.testing.assert_close(network(**given), network(**longer)[..., :35, :43])


@pytest.mark.parametrize("name", NAMES)
def test_images_of_a_batch_do_not_see_each_other(name):
    network, given = made(name), images(batch=2)
    with torch.no_grad():
        both = network(**given)
        alone = network(**{key: image[1:] for key, image in given.items()})
    torch.testing.assert_close(both[1:], alone, atol=1e-5, rtol=1e-5)


def held(network, monkeypatch):
    """The network with all that looks at the whole image held fast, so that gradients show what convolutions see."""

    def statistics(features, own=spatial_statistics):
        return tuple(value.detach() for value in own(features))

    for module in (ganstfm, mlffgan):
        monkeypatch.setattr(module, "spatial_statistics", statistics)
    for key, module in network.named_modules():
        if key.endswith(("attention.weigh", "gate.overall", ".channels")):
            module.register_forward_hook(lambda module, given, found: found.detach())
    return network


@pytest.mark.parametrize("name", NAMES)
def test_halo_is_what_the_convolutions_see(name, monkeypatch):
    network = made(name)
    assert network.global_context == (name not in ("edcstfn", "edcstfn_two"))
    network = held(network, monkeypatch)
    multiple, halo = network.multiple, network.halo
    height = -(-(2 * halo + 3 * max(multiple, 2)) // multiple) * multiple
    given = {key: image.requires_grad_() for key, image in images(3, height, max(multiple, 32)).items()}
    found = network(**given)
    middle = height // 2 // multiple * multiple
    reached = []
    for row in range(middle, middle + multiple):
        used = [given[key] for key in network.inputs]
        gradients = torch.autograd.grad(found[:, :, row].sum(), used, retain_graph=True)
        seen = torch.stack([gradient.abs().sum(dim=(0, 1, 3)) for gradient in gradients]).sum(0).nonzero().flatten()
        reached.append(max(row - int(seen.min()), int(seen.max()) - row))
    assert max(reached) == halo


@pytest.mark.parametrize("name", NAMES)
def test_a_model_card_can_name_it(name):
    made_here = made(name)
    path = f"engine.networks.spatiotemporal.{name.partition('_')[0]}:{type(made_here).__name__}"
    again = build(path, {"bands": 3, **NETWORKS[name][1], **SMALL[name]})
    again.load_state_dict(made_here.state_dict(), strict=True)


@pytest.mark.parametrize("name", NAMES)
def test_settings_out_of_range(name):
    with pytest.raises(InputError):
        made(name, 0)
    with pytest.raises(InputError):
        made(name, **({"width": 0} if name == "srsfgan" else {"widths": (4, 0)}))


# EDC-STFN.


@pytest.mark.parametrize("name", ["edcstfn", "edcstfn_two"])
def test_edcstfn_on_the_change_begins_as_the_change(name):
    """Untrained it is the fine image plus the coarse change; with two pairs, nearer to the one that changes less."""
    torch.manual_seed(3)
    network, given = EDCSTFN(3, on_change=True, **NETWORKS[name][1]).eval(), images()
    first = given["fine_1"] + given["coarse_target"] - given["coarse_1"]
    second = given["fine_2"] + given["coarse_target"] - given["coarse_2"]
    with torch.no_grad():
        found = network(**given)
        if name == "edcstfn":
            assert torch.equal(found, first)
        else:
            still = network(**{**given, "coarse_1": given["coarse_target"]})
            torch.testing.assert_close(still, given["fine_1"], atol=1e-5, rtol=0)
            low, high = torch.minimum(first, second), torch.maximum(first, second)
            assert ((found >= low - 1e-6) & (found <= high + 1e-6)).all()
            one, other = network.by_pair(*given.values())
            assert torch.equal(one, first) and torch.equal(other, second)
    assert set(EDCSTFN(3).state_dict()) == set(network.state_dict())
    network.train()
    (network(**given) - 1).square().mean().backward()
    assert network.decoder[-1].weight.grad.any(), "it can leave the baseline"


def test_edcstfn_needs_its_second_pair():
    network, given = made("edcstfn_two"), images()
    for missing in ("fine_2", "coarse_2"):
        with pytest.raises(InputError, match="FINE_2 and COARSE_2"):
            network(**{**given, missing: None})
    with pytest.raises(InputError, match="1 or 2 pairs"):
        made("edcstfn", pairs=3)


def test_edcstfn_with_the_same_pair_twice_is_that_with_one():
    one, two = made("edcstfn"), made("edcstfn_two")
    two.load_state_dict(one.state_dict())
    given = images()
    twice = {**given, "fine_2": given["fine_1"], "coarse_2": given["coarse_1"]}
    with torch.no_grad():
        torch.testing.assert_close(two(**twice), one(**given))
        swapped = {**given, "fine_1": given["fine_2"], "fine_2": given["fine_1"]}
        swapped |= {"coarse_1": given["coarse_2"], "coarse_2": given["coarse_1"]}
        torch.testing.assert_close(two(**swapped), two(**given))
        for pair, alone in zip((given, swapped), two.by_pair(**given)):
            torch.testing.assert_close(alone, one(**pair))


def test_edcstfn_weighs_pairs_by_the_inverse_of_their_change():
    network, given = made("edcstfn_two"), images()
    with torch.no_grad():
        changes = []
        for number in (1, 2):
            both = [given[f"coarse_{number}"], given[f"fine_{number}"], given["coarse_target"]]
            changes.append(network.residual(torch.cat(both, 1)).double().numpy())
        weights = [1 / (np.abs(change) + 1e-8) for change in changes]
        features = [network.encoder(given[f"fine_{n + 1}"]).double().numpy() + changes[n] for n in range(2)]
        mean = (weights[0] * features[0] + weights[1] * features[1]) / (weights[0] + weights[1])
        expected = network.decoder(torch.from_numpy(mean).float())
        torch.testing.assert_close(network(**given), expected, atol=1e-5, rtol=1e-5)


# GAN-STFM.


def test_the_survey_s_wiring_of_ganstfm_never_sees_the_target_date():
    network, given = made("ganstfm", reads_reference_coarse=True), images()
    assert network.inputs == ("fine_1", "coarse_1")
    with torch.no_grad():
        other = {**given, "coarse_target": torch.zeros(1, 3, 32, 32)}
        assert torch.equal(network(**given), network(**other))
        moved = {**given, "coarse_target": given["coarse_1"]}
        assert torch.equal(network(**given), made("ganstfm")(**moved))
        assert torch.equal(network(**given), network(given["fine_1"], given["coarse_1"]))
    with pytest.raises(InputError, match="COARSE_1"):
        network(given["fine_1"], None, given["coarse_target"])
    with pytest.raises(InputError, match="COARSE_TARGET"):
        made("ganstfm")(given["fine_1"], given["coarse_1"])


def normalised(x, norm, running=None):
    """The mixture of Luo et al. in numpy, with the statistics of the batch or the running ones."""
    mean, variance = x.mean((2, 3), keepdims=True), x.var((2, 3), ddof=1, keepdims=True)
    square = variance + mean**2
    of_image = mean.mean(1, keepdims=True)
    of_batch = mean.mean(0, keepdims=True)
    means = [mean, of_image, of_batch]
    variances = [variance, square.mean(1, keepdims=True) - of_image**2, square.mean(0, keepdims=True) - of_batch**2]
    found = means[2].copy(), variances[2].copy()
    if running is not None:
        means[2], variances[2] = running
    shares = [np.exp(weight) / np.exp(weight).sum() for weight in norm]
    centre = sum(share * value for share, value in zip(shares[0], means))
    spread = sum(share * value for share, value in zip(shares[1], variances))
    return (x - centre) / np.sqrt(spread + 1e-5), found


def test_switchable_norm_in_and_after_training():
    norm = SwitchableNorm(5)
    generator = torch.Generator().manual_seed(4)
    weights = [torch.randn(3, generator=generator) for _ in range(2)]
    with torch.no_grad():
        norm.mean_weight.copy_(weights[0])
        norm.var_weight.copy_(weights[1])
    x = 3 * torch.rand(2, 5, 7, 6, generator=generator) + 1
    numbers = [weight.double().numpy() for weight in weights]
    expected, batch = normalised(x.double().numpy(), numbers)
    np.testing.assert_allclose(norm.train()(x).detach().numpy(), expected, atol=1e-5)
    # A tenth of the way from 0 to the batch's.
    np.testing.assert_allclose(norm.running_mean.numpy()[..., None], 0.1 * batch[0], atol=1e-6)
    np.testing.assert_allclose(norm.running_var.numpy()[..., None], 0.1 * batch[1], atol=1e-6)
    expected, _ = normalised(x.double().numpy(), numbers, [0.1 * value for value in batch])
    np.testing.assert_allclose(norm.eval()(x).detach().numpy(), expected, atol=1e-5)


def test_leading_vectors_are_those_of_numpy():
    weight = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(5))
    left, right = leading_vectors(weight)
    _, values, _ = np.linalg.svd(weight.flatten(1).numpy())
    assert float(left @ weight.flatten(1) @ right) == pytest.approx(values[0], rel=1e-5)
    assert float(left.norm()) == pytest.approx(1) and float(right.norm()) == pytest.approx(1)


# MLFF-GAN.


def test_features_take_the_target_s_statistics():
    generator = torch.Generator().manual_seed(6)
    target, features = 2 + 3 * torch.rand(2, 4, 9, 8, generator=generator), torch.rand(2, 4, 9, 8, generator=generator)
    found = at_statistics_of(target, features)
    torch.testing.assert_close(found.mean((2, 3)), target.mean((2, 3)))
    torch.testing.assert_close(found.std((2, 3)), target.std((2, 3)), atol=1e-3, rtol=1e-3)
    flat = at_statistics_of(target, torch.ones_like(features))
    torch.testing.assert_close(flat, target.mean((2, 3), keepdim=True).expand_as(flat))


def test_mlffgan_drops_features_in_training_alone():
    network, given = made("mlffgan", small=False), images(batch=2)
    with torch.no_grad():
        assert torch.equal(network(**given), network(**given))
        network.train()
        assert not torch.equal(network(**given), network(**given))


# SRSF-GAN.


def test_srsfgan_reduces_to_the_means_of_blocks():
    network = made("srsfgan")
    small = torch.rand(1, 3, 4, 5)
    blocks = torch.from_numpy(np.kron(small.numpy(), np.ones((8, 8), np.float32)))
    torch.testing.assert_close(network._reduced(blocks), small)
    rows = torch.arange(32.0)[:, None].expand(1, 3, 32, 40)
    expected = torch.arange(3.5, 32, 8)[:, None].expand(1, 3, 4, 5)
    torch.testing.assert_close(network._reduced(rows), expected)
    # The survey's way takes the outermost pixels to the outermost, half a coarse pixel too far out.
    shifted = made("srsfgan", corners_aligned=True)._reduced(rows)[0, 0, :, 0]
    assert float(shifted[0]) == pytest.approx(0, abs=1) and float(shifted[-1]) == pytest.approx(31, abs=1)


def test_srsfgan_s_coarse_branch_knows_nothing_of_the_fine_image():
    network, given = made("srsfgan"), images()
    with torch.no_grad():
        both = network.with_coarse_branch(given["fine_1"], given["coarse_target"])
        other = network.with_coarse_branch(given["fine_2"], given["coarse_target"])
    assert both[1].shape == given["fine_1"].shape
    assert torch.equal(both[1], other[1]) and not torch.equal(both[0], other[0])


def test_srsfgan_trains_on_a_single_image():
    network = made("srsfgan").train()
    network(**images()).mean().backward()
    assert network.tail.weight.grad.any()


# ECPW-STFN.


def test_haar_is_its_definition_and_has_an_inverse():
    image = torch.rand(2, 3, 6, 8, dtype=torch.float64)
    found = haar(image)
    a, b, c, d = image[1, 2, 2:4, 4:6].flatten().tolist()
    expected = [(a + b + c + d) / 2, (a + b - c - d) / 2, (a - b + c - d) / 2, (a - b - c + d) / 2]
    assert found[:, 1, 2, 1, 2].tolist() == pytest.approx(expected)
    assert float((found**2).sum()) == pytest.approx(float((image**2).sum()))
    torch.testing.assert_close(inverse_haar(found), image)


# What training needs beside the generators.


@pytest.mark.parametrize("kind", AUTO_ENCODERS)
def test_auto_encoders(kind):
    torch.manual_seed(0)
    network, image = kind(3), torch.rand(2, 3, 21, 14)
    features = network.features(image)
    reduction = AUTO_ENCODERS[kind]
    assert features.shape == (2, 128, -(-21 // reduction), -(-14 // reduction))
    found = network(image)
    assert found.shape == image.shape
    functional.mse_loss(found, image).backward()
    assert all(parameter.grad.any() for parameter in network.parameters())
    # A few steps bring the image nearer.
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    before = functional.mse_loss(network(image), image).item()
    for _ in range(15):
        optimiser.zero_grad()
        functional.mse_loss(network(image), image).backward()
        optimiser.step()
    assert functional.mse_loss(network(image), image).item() < 0.7 * before


@pytest.mark.parametrize("kind", DISCRIMINATORS)
def test_discriminators(kind):
    torch.manual_seed(0)
    network = kind(3)
    generator = torch.Generator().manual_seed(8)
    fine, coarse = (torch.rand(2, 3, 45, 38, generator=generator).requires_grad_() for _ in range(2))
    scores = network(fine, coarse)
    assert scores.shape[0] == 2
    scores.square().mean().backward()
    assert fine.grad.any() and (kind is SRSFGANDiscriminator) == (coarse.grad is None or not coarse.grad.any())
    assert all(parameter.grad is not None for parameter in network.parameters())
    network.eval()
    with torch.no_grad():
        torch.testing.assert_close(network(fine, coarse)[1:], network(fine[1:], coarse[1:]), atol=1e-5, rtol=1e-4)


def test_ganstfm_s_discriminator_keeps_its_layers_at_norm_1():
    torch.manual_seed(0)
    network = GANSTFMDiscriminator(2, widths=[[8, 8]] * 3).train()
    with torch.no_grad():
        for _ in range(30):
            network(torch.rand(2, 2, 32, 32), torch.rand(2, 2, 32, 32))
    for block in network.eval().parts[1][:2]:
        for layer in (block.shortcut, block.inner[2], block.inner[5]):
            largest = np.linalg.svd(layer.weight.detach().flatten(1).numpy())[1][0]
            assert largest == pytest.approx(1, abs=0.02)


# Official states of other band counts and sizes than the shared cases have.


def widened(manifest, bands):
    """The case's manifest for other bands: of its 6, 12 (pairs) and 18 (triplets), or 4 where the code has 4."""
    old = 4 if manifest["family"].startswith("edcstfn.") else 6
    sizes = {old: bands, 2 * old: 2 * bands, 3 * old: 3 * bands, 18 * old: 18 * bands}
    for entry in manifest["state"]:
        if ".ca." not in entry["key"] and not entry["key"].startswith("head."):
            entry["shape"] = [sizes.get(size, size) for size in entry["shape"]]
    keys = ("bands", "num_bands", "in_channels", "out_channels", "NUM_BANDS")
    manifest["config"] |= {key: bands for key in keys if key in manifest["config"]}
    if "input_nc" in manifest["config"]:
        manifest["config"]["input_nc"] = 2 * bands
    return manifest


CASES = (
    "edcstfn",
    "edcstfn-autoencoder",
    "edcstfn-original",
    "edcstfn-original-2ref",
    "ganstfm",
    "ganstfm-original",
    "ganstfm-autoencoder",
    "ganstfm-discriminator",
    "mlffgan",
    "mlffgan-discriminator",
    "srsfgan",
    "srsfgan-discriminator",
    "ecpwstfn",
    "ecpwstfn-autoencoder",
)


@needs_shared("parity")
@pytest.mark.parametrize("bands", [3, 8])
@pytest.mark.parametrize("case", CASES)
def test_official_states_of_other_bands_and_sizes(case, bands):
    manifest = widened(json.loads((shared_folder() / "parity" / case / "manifest.json").read_text()), bands)
    family = checkpoints.family(manifest["family"])
    network = parity.network_of(family, manifest)
    for item in manifest["inputs"]:
        pair = 2 if item["name"] == "pair" else 1
        size = (3, 5) if item["shape"][-1] == 4 else (48, 80)
        item["shape"] = [1, pair * bands, *size]
    inputs = parity.inputs_of(manifest)
    with torch.no_grad():
        found = family.call(network, inputs)
    for name in ("pred", "coarse_branch"):
        if name in found:
            assert found[name].shape == (1, bands, 48, 80)
    assert all(torch.isfinite(value).all() for value in found.values())
    # The configuration that the weights themselves tell makes the same network.
    official = parity.official_state(manifest)
    again = type(network)(**family.configuration(official))
    again.load_state_dict(family.translate(official), strict=True)
    with torch.no_grad():
        for name, value in family.call(again.eval(), inputs).items():
            torch.testing.assert_close(value, found[name], atol=1e-6, rtol=1e-5)


@needs_shared("parity")
def test_singular_vectors_of_a_checkpoint_are_kept():
    manifest = json.loads((shared_folder() / "parity" / "ganstfm-discriminator" / "manifest.json").read_text())
    family = checkpoints.family(manifest["family"])
    official = parity.official_state(manifest)
    official["d1.0.transform.u"] = torch.full((32,), 0.25)
    found = family.translate(official)
    assert torch.equal(found["parts.0.0.shortcut.parametrizations.weight.0._u"], official["d1.0.transform.u"])
    assert torch.equal(found["parts.0.0.shortcut.parametrizations.weight.original"], official["d1.0.transform.w_bar"])
