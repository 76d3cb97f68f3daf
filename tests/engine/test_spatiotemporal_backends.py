"""Networks for spatiotemporal fusion at work on a scene: windows, holes, pairs, bands, cards that do not fit."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.classical.spatiotemporal.images import coarse_image
from satfusion_qgis.inference.spatiotemporal import ROLES, whole_image
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.window import Window
from tests.core.drive_spatiotemporal import blocks_of, window_at
from tests.engine.spatiotemporal_models import NAMES, SMALL, TWO_PAIRS, network, run, scene, write_model

LOCAL = ("edcstfn", "dcstfn", "rsfn")
TOLERANCE = 1e-5


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def pairs_of(name: str) -> int:
    return 2 if name in TWO_PAIRS else 1


def used_by(name: str) -> set[str]:
    return {item.upper() for item in network(name).inputs}


def spread_of(image):
    return float(np.nanmax(image) - np.nanmin(image))


def test_all_networks_are_here():
    assert sorted(SMALL) == sorted(NAMES) and len(NAMES) == 11
    for name in NAMES:
        assert CATALOGUE.method("spatiotemporal_fusion", name).stochastic == (name == "stfdiff")


@pytest.mark.parametrize("name", NAMES)
def test_windows_do_not_show(tmp_path, name):
    model = write_model(tmp_path, name)
    stack = scene(pairs=pairs_of(name))
    whole, tiled = run(stack, model), run(stack, model, (40, 32))
    assert whole.valid.all() and np.isfinite(whole.image).all()
    assert np.abs(tiled.image - whole.image).max() <= TOLERANCE * spread_of(whole.image)
    assert (whole.spread is not None) == (name == "stfdiff")
    if whole.spread is not None:
        assert np.abs(tiled.spread - whole.spread).max() <= TOLERANCE * spread_of(whole.image)


@pytest.mark.parametrize("name", LOCAL)
def test_a_local_network_is_the_bare_one_inside(tmp_path, name):
    """Coarse images by cubic convolution, then the network: the same in the middle, where no edge is seen."""
    module = network(name)
    stack = scene(160, 160, pairs=pairs_of(name))
    made = run(stack, write_model(tmp_path, name), (64, 48))
    at = window_at(stack, (0, 0, 160, 160), {})
    blocks = blocks_of(stack, at)
    images = {}
    for role in used_by(name):
        image = blocks[role] if role.startswith("FINE") else coarse_image(blocks, role, at)[0]
        images[role.lower()] = torch.from_numpy(image[None])
    with torch.inference_mode():
        expected = module(**{"coarse_1": None, **images})[0].numpy()
    edge = -(-module.halo // 8) * 8
    inner = (slice(None), slice(edge, -edge), slice(edge, -edge))
    assert np.abs(made.image - expected)[inner].max() <= TOLERANCE * spread_of(expected)


@pytest.mark.parametrize("name", NAMES)
def test_every_image_that_is_used_matters(tmp_path, name):
    model = write_model(tmp_path, name)
    stack = scene(64, 64, pairs=pairs_of(name))
    usual = run(stack, model).image
    for role in stack.images:
        changed = scene(64, 64, pairs=pairs_of(name))
        changed.images[role] = np.zeros_like(changed.images[role])
        apart = np.abs(run(changed, model).image - usual).max()
        if role in used_by(name):
            assert apart > 1e-5 * spread_of(usual), role
        else:
            assert apart == 0, role


@pytest.mark.parametrize("name", NAMES)
def test_nodata_stays_where_it_is(tmp_path, name):
    model = write_model(tmp_path, name)
    stack = scene(pairs=pairs_of(name))
    usual = run(stack, model)
    for role in stack.images:
        holed = scene(pairs=pairs_of(name))
        valid = np.ones(holed.images[role].shape[1:], bool)
        fine = role.startswith("FINE")
        if fine:
            valid[30:37, 40:52] = False
        else:
            valid[4, 5] = False
        holed.valid[role] = valid
        holed.images[role] = np.where(valid, holed.images[role], np.float32(-99))
        whole, tiled = run(holed, model), run(holed, model, (40, 32))
        expected = valid if fine else valid.repeat(8, 0).repeat(8, 1)[:96, :80]
        if role not in used_by(name):
            expected = np.ones_like(expected)
        assert np.array_equal(whole.valid, expected) and np.array_equal(tiled.valid, expected), role
        assert np.isfinite(whole.image[:, whole.valid]).all()
        difference = np.abs(tiled.image - whole.image)[:, expected]
        assert difference.max() <= TOLERANCE * spread_of(usual.image), role
        # What lies below a hole does not come through, which -99 would at once.
        assert np.abs(whole.image - usual.image)[:, expected].max() < 5 * spread_of(usual.image), role


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("rows", "columns", "bands"), [(17, 23, 1), (40, 24, 8)])
def test_small_images_and_other_bands(tmp_path, name, rows, columns, bands):
    stack = scene(rows, columns, bands, pairs=pairs_of(name))
    made = run(stack, write_model(tmp_path, name, bands))
    assert made.image.shape == (bands, rows, columns)
    assert made.valid.all() and np.isfinite(made.image).all()


@pytest.mark.parametrize("name", TWO_PAIRS)
def test_networks_for_two_pairs_refuse_one(tmp_path, name):
    with pytest.raises(InputError, match=r"is for two pairs: give FINE_2.* as well\.$"):
        run(scene(pairs=1), write_model(tmp_path, name))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in TWO_PAIRS])
def test_a_network_for_one_pair_blends_what_it_makes_of_two(tmp_path, name):
    model = write_model(tmp_path, name)
    stack = scene(64, 64)
    one, other = scene(64, 64), scene(64, 64)
    for role in ("FINE", "COARSE"):
        del one.images[f"{role}_2"]
        other.images[f"{role}_1"] = other.images.pop(f"{role}_2")
    first, second, both = run(one, model), run(other, model), run(stack, model)
    tiled = run(stack, model, (40, 32))
    low, high = np.minimum(first.image, second.image), np.maximum(first.image, second.image)
    slack = 1e-5 * spread_of(both.image)
    assert (both.image >= low - slack).all() and (both.image <= high + slack).all()
    assert np.abs(both.image - first.image).max() > slack and np.abs(both.image - second.image).max() > slack
    assert np.abs(tiled.image - both.image).max() <= slack
    # A pair whose coarse image is the target's counts for nearly all, and a hole of one pair is the other's.
    stack.images["COARSE_1"] = stack.images["COARSE_TARGET"].copy()
    one.images["COARSE_1"] = stack.images["COARSE_1"]
    near, alone = run(stack, model), run(one, model)
    assert np.abs(near.image - alone.image).mean() < 0.35 * np.abs(near.image - second.image).mean()
    stack.valid["FINE_1"] = np.ones((64, 64), bool)
    stack.valid["FINE_1"][10:20, 10:20] = False
    holed = run(stack, model)
    assert holed.valid.all()
    assert np.abs(holed.image - second.image)[:, 10:20, 10:20].max() <= slack
    assert "Pairs: predicted from each" in "\n".join(holed.said)


@pytest.mark.parametrize("name", ["edcstfn", "dcstfn"])
def test_weights_for_either_number_of_pairs(tmp_path, name):
    two = write_model(tmp_path, name, pairs=2)
    one = write_model(tmp_path / "one", name)
    stack, alone = scene(64, 64), scene(64, 64, pairs=1)
    np.testing.assert_allclose(run(alone, two).image, run(alone, one).image, atol=1e-5)
    both = run(stack, two)
    assert np.abs(both.image - run(alone, two).image).max() > 1e-3 * spread_of(both.image)
    # Far inside a hole of one pair, it is what the network makes of the other.
    stack.valid["FINE_2"] = np.ones((64, 64), bool)
    stack.valid["FINE_2"][:, :] = False
    holed = run(stack, two)
    assert holed.valid.all()
    np.testing.assert_allclose(holed.image, run(alone, two).image, atol=1e-5)


def test_pairs_come_in_order_of_date(tmp_path):
    model = write_model(tmp_path, "mustfn")
    stack = scene(64, 64)
    usual = run(stack, model)
    turned = scene(64, 64)
    for role in ("FINE", "COARSE"):
        first, second = turned.images[f"{role}_1"], turned.images[f"{role}_2"]
        turned.images[f"{role}_1"], turned.images[f"{role}_2"] = second, first
    assert np.abs(run(turned, model).image - usual.image).max() > 1e-4 * spread_of(usual.image)
    turned.days.update({"FINE_1": (8,), "FINE_2": (-10,)})
    made = run(turned, model)
    np.testing.assert_array_equal(made.image, usual.image)
    assert any("the second one is of the earlier date" in line for line in made.said)


def test_dcstfn_s_cells_are_the_coarse_pixels(tmp_path):
    """The fine image may begin anywhere in a coarse pixel: what is averaged are coarse pixels all the same."""
    model = write_model(tmp_path, "dcstfn")
    stack = scene(96, 96, pairs=1)
    whole = run(stack, model)
    part = scene(96, 96, pairs=1)
    part.images["FINE_1"] = part.images["FINE_1"][:, 3:, 5:]
    part.offset = (-3.0, -5.0)
    made = run(part, model, (40, 48))
    np.testing.assert_allclose(made.image[:, 37:60, 35:60], whole.image[:, 40:63, 40:65], atol=1e-5)


def test_bands_that_are_not_those_of_the_card(tmp_path):
    model = write_model(tmp_path, "edcstfn")
    with pytest.raises(InputError, match=r"edcstfn is for 2 bands \(B1, B2\), but FINE_1 has 3\.$"):
        run(scene(bands=3, pairs=1), model)


def test_another_ratio_is_a_warning(tmp_path):
    model = write_model(tmp_path, "edcstfn")
    said = run(scene(96, 96, ratio=16, pairs=1), model).said
    assert "is for a ratio of 8, but COARSE_TARGET has pixels 16 times the size" in said[0]
    assert "ratio" not in "".join(run(scene(96, 96, pairs=1), model).said)


def test_coarse_images_on_the_fine_grid(tmp_path):
    model = write_model(tmp_path, "edcstfn")
    stack = scene(64, 64, pairs=1)
    usual = run(stack, model)
    at = window_at(stack, (0, 0, 64, 64), {})
    for role in ("COARSE_1", "COARSE_TARGET"):
        stack.images[role] = coarse_image(blocks_of(stack, at), role, at)[0]
    fine = scene(64, 64, pairs=1)
    fine.images, fine.ratio = stack.images, 1.0
    made = run(fine, model)
    np.testing.assert_allclose(made.image, usual.image, atol=1e-6)
    assert any("taken as 8" in line for line in made.said)


def test_normalisation_and_units_are_undone(tmp_path):
    """An EDC-STFN on values less their mean, in units of their deviation, is that on its own values."""
    plain = write_model(tmp_path, "edcstfn")
    kind = {"kind": "standard", "values": {"mean": [0.2, 0.3], "std": [0.1, 0.2]}}
    data = [
        {"role": role, "bands": [{"name": "B1"}, {"name": "B2"}], "scale": 2.0, "offset": 0.1, "normalise": kind}
        for role in ("FINE_1", "COARSE_1", "COARSE_TARGET")
    ]
    scaled = write_model(tmp_path / "scaled", "edcstfn", card={"inputs": data})
    stack = scene(64, 64, pairs=1)
    made = run(stack, scaled).image
    mean, std = (np.array(kind["values"][name], np.float32)[:, None, None] for name in ("mean", "std"))
    for role in stack.images:
        stack.images[role] = (2 * stack.images[role] + 0.1 - mean) / std
    np.testing.assert_allclose(made, (run(stack, plain).image * std + mean - 0.1) / 2, atol=1e-5)


def test_bands_by_wavelength(tmp_path):
    bands = [{"name": "red", "wavelength_nm": 660}, {"name": "nir", "wavelength_nm": 860}]
    inputs = [{"role": role, "bands": bands} for role in ("FINE_1", "COARSE_1", "COARSE_TARGET")]
    model = write_model(tmp_path, "edcstfn", card={"inputs": inputs})
    stack = scene(64, 64, pairs=1)
    usual = run(stack, model).image
    turned = scene(64, 64, pairs=1)
    turned.images = {role: image[::-1].copy() for role, image in turned.images.items()}
    known = turned.scene

    def scene_info():
        info = known()
        info.wavelengths_nm.update({"FINE_1": (865.0, 655.0), "COARSE_1": (858.0, 645.0)})
        return info

    turned.scene = scene_info  # type: ignore[method-assign]
    made = run(turned, model)
    np.testing.assert_allclose(made.image[::-1], usual, atol=1e-6)
    assert "Bands, in the network's order: B2, B1" in made.said
    known = scene(64, 64, pairs=1).scene
    with pytest.raises(InputError, match="but FINE_1 has bands at 490, 655 nm"):
        info = known()
        info.wavelengths_nm.update({"FINE_1": (490.0, 655.0)})
        stack.scene = lambda: info  # type: ignore[method-assign]
        run(stack, model)


def test_stfdiff_draws_as_asked(tmp_path):
    model = write_model(tmp_path, "stfdiff")
    stack = scene(64, 64, pairs=1)
    usual = run(stack, model, parameters={"SAMPLES": 4})
    again = run(stack, model, parameters={"SAMPLES": 4})
    other = run(stack, model, parameters={"SAMPLES": 4, "SEED": 1})
    np.testing.assert_array_equal(usual.image, again.image)
    assert np.abs(usual.image - other.image).max() > 1e-4
    assert usual.spread is not None and usual.spread.max() > 1e-4
    one = run(stack, model, parameters={"SAMPLES": 1})
    assert one.spread is None or one.spread.max() == 0
    assert any("Draws: 4 of 3 steps, seed 0" in line for line in usual.said)
    full = run(stack, model, parameters={"SAMPLES": 1, "SAMPLER": "ddpm"})
    assert any("Draws: 1 of 20 steps" in line for line in full.said)
    few = run(stack, model, parameters={"SAMPLES": 1, "SAMPLER": "ddim", "STEPS": 5})
    assert any("Draws: 1 of 5 steps" in line for line in few.said)
    for asked, said in (
        ({"STEPS": 21}, "STEPS must be at most 20"),
        ({"SAMPLER": "ddpm", "STEPS": 5}, "STEPS must be 0 with SAMPLER ddpm"),
        ({"SAMPLER": "ddim", "STEPS": 20}, "STEPS must be below 20"),
    ):
        with pytest.raises(InputError, match=said):
            run(stack, model, parameters=asked)


def test_the_noise_of_a_tile_is_that_of_its_place(tmp_path):
    """Two tiles with the same images still get noise of their own."""
    model = write_model(tmp_path, "stfdiff")
    stack = scene(200, 200, pairs=1)
    for role, image in stack.images.items():
        stack.images[role] = np.full_like(image, 0.3)
    made = run(stack, model).image
    assert np.abs(made[:, :40, :40] - made[:, 100:140, 100:140]).max() > 1e-4


def test_cards_that_do_not_tell_the_truth(tmp_path):
    bands = [{"name": "B1"}, {"name": "B2"}]

    def inputs(*roles):
        return {"inputs": [{"role": role, "bands": bands} for role in roles]}

    for name, card, said in (
        ("edcstfn", inputs("FINE_1", "COARSE_TARGET"), "lacks the input COARSE_1, which its network uses"),
        ("edcstfn", inputs(*ROLES), "lists the input FINE_2, which its network does not use"),
        ("edcstfn", inputs("COARSE_1", "COARSE_TARGET"), "its card must name the inputs FINE_1 and COARSE_TARGET"),
        ("edcstfn", {"output": {"bands": 3}}, "2 bands for FINE_1, and 3 for its output"),
        ("edcstfn", {"halo": 1}, "says a halo of 1, but the network's is"),
        ("ganstfm", {"global_context": {"yes": False}, "halo": 40}, "says no global context"),
    ):
        with pytest.raises(InputError, match=said):
            run(scene(), write_model(tmp_path, name, card=card))
    # GAN-STFM may list the coarse image that it does not use.
    listed = write_model(tmp_path, "ganstfm", card=inputs("FINE_1", "COARSE_1", "COARSE_TARGET"))
    plain = write_model(tmp_path / "plain", "ganstfm")
    stack = scene(64, 64, pairs=1)
    np.testing.assert_array_equal(run(stack, listed).image, run(stack, plain).image)


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_is_near(tmp_path, name):
    model = write_model(tmp_path, name)
    stack = scene(48, 48, pairs=pairs_of(name))
    single, half = run(stack, model), run(stack, model, parameters={"PRECISION": "half"})
    assert np.isfinite(half.image).all()
    assert np.abs(half.image - single.image).mean() < 0.05 * spread_of(single.image)


def test_images_without_holes():
    rng = np.random.default_rng(0)
    image = rng.uniform(0.2, 0.4, (2, 40, 40)).astype(np.float32)
    valid = np.ones((40, 40), bool)
    assert whole_image(image, valid, 4, True) is image
    valid[5:35, 5:35] = False
    made = whole_image(np.where(valid, image, np.float32(-9)), valid, 4, True)
    np.testing.assert_array_equal(made[:, valid], image[:, valid])
    assert made.min() >= 0.2 and made.max() <= 0.4
    np.testing.assert_allclose(made[:, 20, 20], image[:, valid].mean(axis=1), rtol=1e-5)
    assert whole_image(image, valid, 4, False)[:, 20, 20].max() == 0
    assert not whole_image(image, np.zeros((40, 40), bool), 4, True).any()


def test_a_window_with_nothing_valid_is_not_computed(tmp_path):
    stack = scene(96, 80, pairs=1)
    stack.valid["FINE_1"] = np.zeros((96, 80), bool)
    made = run(stack, write_model(tmp_path, "mlffgan"), (48, 40))
    assert not made.valid.any() and not made.image.any()


def test_the_driver_s_windows_are_as_the_pipeline_s():
    assert isinstance(window_at(scene(), (0, 0, 8, 8), {}), Window)
