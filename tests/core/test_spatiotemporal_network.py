"""What surrounds a network for spatiotemporal fusion, with networks that a test can redo by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.inference.library import ModelLibrary
from satfusion_qgis.inference.spatiotemporal import TASK, SpatiotemporalNetwork, card_inputs, drawn_as_asked
from satfusion_qgis.inference.suitability import outside_ratio, reason_against
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import SceneInfo
from satfusion_qgis.tasks.model_card import ModelCard
from tests.core.drive_spatiotemporal import Stack, blocks_of, places, predict, window_at

BANDS = [{"name": "red", "wavelength_nm": 660}, {"name": "nir", "wavelength_nm": 860}]
ALL = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2")


def card(names: tuple[str, ...] = ALL[:3], either: bool = False, method: str = "edcstfn", **more: Any) -> ModelCard:
    data = {
        "format": 1,
        "id": "net",
        "title": "Net",
        "method": method,
        "task": TASK,
        "configuration": {},
        "inputs": card_inputs(names, BANDS, either),
        "output": {"bands": 2},
        "ratio": {"min": 8, "max": 10, "trained": 8},
        "halo": 3,
        "files": [],
        "licence": "MIT",
        **more,
    }
    return ModelCard.from_data(data, Path("models"))


def stack_of(rows: int = 72, columns: int = 64, pairs: int = 1, ratio: int = 8) -> Stack:
    rng = np.random.default_rng(1)
    images = {}
    for role in ("FINE_1", "COARSE_1", "COARSE_TARGET", "FINE_2", "COARSE_2")[: 3 if pairs == 1 else 5]:
        part = 1 if role.startswith("FINE") else ratio
        images[role] = rng.uniform(0.1, 0.5, (2, rows // part, columns // part)).astype(np.float32)
    return Stack(images, ratio)


def added_change(given, cancelled):
    """The fine image plus the change of the coarse ones: what the baseline does, on what the network gets."""
    return {"output": given["fine_1"] + given["coarse_target"] - given["coarse_1"]}


def run(stack: Stack, one: ModelCard, network: Any, window: tuple[int, int] | None = None, **parameters: Any) -> Any:
    scene = stack.scene()
    method = CATALOGUE.method(TASK, one.method)
    made = CATALOGUE.implement(method, parameters, scene, one)
    assert isinstance(made, SpatiotemporalNetwork)
    made.attach(network)
    bands, rows, columns = stack.images["FINE_1"].shape
    state: dict[str, Any] = {}
    for item in made.passes():
        at = window_at(stack, (0, 0, rows, columns), item.halo, item.roles)
        state[item.name] = item.finish(item.add(blocks_of(stack, at), at, state), state)
    image, valid = np.full((bands, rows, columns), np.nan, np.float32), np.zeros((rows, columns), bool)
    for place in places(rows, columns, window):
        at = window_at(stack, place, made.halo())
        result = made.fuse(blocks_of(stack, at), state, at)
        inside = np.s_[place[0] : place[0] + place[2], place[1] : place[1] + place[3]]
        image[(slice(None), *inside)] = result["OUTPUT"]
        known = result.get("OUTPUT_valid")
        valid[inside] = True if known is None else known
    return image, valid


def test_a_network_that_adds_the_change_is_the_baseline():
    stack = stack_of()
    expected = predict(stack, "add_change").image
    for more in ({}, {"global_context": {"yes": True}, "window": {"trained": 40, "multiple": 1}}):
        for window in (None, (24, 40)):
            made, valid = run(stack, card(**more), added_change, window)
            np.testing.assert_allclose(made, expected, atol=1e-6)
            assert valid.all()


def test_the_network_gets_squares_of_its_multiple():
    shapes = set()

    def watched(given, cancelled):
        shapes.update(image.shape[-2:] for image in given.values())
        return added_change(given, cancelled)

    stack = stack_of(70, 61)
    stack.images["FINE_1"] = stack.images["FINE_1"][:, :70, :61]
    run(stack, card(window={"multiple": 5}), watched, (24, 40))
    assert shapes and all(rows % 5 == 0 and columns % 5 == 0 for rows, columns in shapes)


def test_tiles_are_computed_once_and_those_of_another_date_anew():
    count = 0

    def counted(given, cancelled):
        nonlocal count
        count += 1
        return added_change(given, cancelled)

    stack = stack_of()
    one = card(global_context={"yes": True}, window={"trained": 48})
    made = CATALOGUE.implement(CATALOGUE.method(TASK, "edcstfn"), {}, stack.scene(), one)
    assert isinstance(made, SpatiotemporalNetwork)
    made.attach(counted)
    whole = window_at(stack, (0, 0, 72, 64), made.halo())
    first = made.fuse(blocks_of(stack, whole), {}, whole)["OUTPUT"]
    once = count
    for place in places(72, 64, (24, 24)):
        at = window_at(stack, place, made.halo())
        made.fuse(blocks_of(stack, at), {}, at)
    assert count == once
    later = stack_of()
    later.images["COARSE_TARGET"] += np.float32(0.1)
    second = made.fuse(blocks_of(later, whole), {}, whole)["OUTPUT"]
    assert count == 2 * once
    np.testing.assert_allclose(second, first + 0.1, atol=1e-5)


def test_two_pairs_are_weighted_by_their_change():
    """With pairs whose coarse images lie evenly 0.1 and 0.3 from the target's, they count 3 to 1."""
    stack = stack_of(pairs=2)
    for role, value in (("COARSE_1", 0.3), ("COARSE_TARGET", 0.2), ("COARSE_2", 0.5)):
        stack.images[role] = np.full_like(stack.images[role], value)
    stack.images["COARSE_TARGET"][:, 0, 0] += np.float32(1e-3)  # else its range is nothing
    made, _ = run(stack, card(), lambda given, cancelled: {"output": given["fine_1"]})
    expected = 0.75 * stack.images["FINE_1"] + 0.25 * stack.images["FINE_2"]
    np.testing.assert_allclose(made[:, 32:, 32:], expected[:, 32:, 32:], atol=1e-4)


def test_rsfn_needs_no_coarse_image_of_the_second_date():
    stack = stack_of(pairs=2)
    del stack.images["COARSE_2"]
    made, valid = run(
        stack,
        card(("fine_1", "coarse_target", "fine_2"), method="rsfn"),
        lambda given, cancelled: {"output": given["fine_2"]},
    )
    np.testing.assert_array_equal(made, stack.images["FINE_2"])
    assert valid.all()
    with pytest.raises(InputError, match="FINE_2 needs COARSE_2: a second pair is a fine and a coarse image"):
        run(stack, card(), added_change)


def test_what_a_network_may_not_answer():
    stack = stack_of()
    with pytest.raises(InputError, match=r"net answers with \(1, .*where its card says \(2, "):
        run(stack, card(), lambda given, cancelled: {"output": given["fine_1"][:, :1]})
    with pytest.raises(InputError, match="gives values that are no numbers"):
        run(stack, card(), lambda given, cancelled: {"output": given["fine_1"] * np.float32(np.nan)})
    kind = {"kind": "scene"}
    with pytest.raises(InputError, match="normalised by the scene, which no network for spatiotemporal fusion here"):
        run(stack, card(inputs=card_inputs(ALL[:3], BANDS, normalise=kind)), added_change)
    with pytest.raises(InputError, match="its card must name the inputs FINE_1 and COARSE_TARGET"):
        run(stack, card(("coarse_1", "coarse_target")), added_change)


def scene(**more: Any) -> SceneInfo:
    roles = ("FINE_1", "COARSE_1", "COARSE_TARGET")
    ratio = {role: (1.0, 1.0) if role.startswith("FINE") else (8.0, 8.0) for role in roles}
    return replace(SceneInfo(dict.fromkeys(roles, 2), dict.fromkeys(roles, 1), ratio), **more)


def test_why_weights_do_not_fit():
    assert reason_against(card(), scene()) is None
    assert reason_against(card(ALL, either=True), scene()) is None
    assert reason_against(card(ALL), scene()) == "is for two pairs: give FINE_2 and COARSE_2 as well"
    three = dict.fromkeys(("FINE_1", "COARSE_1", "COARSE_TARGET"), 3)
    assert reason_against(card(), scene(bands=three)) == "is for 2 bands (red, nir), but FINE_1 has 3"
    green = {"FINE_1": (560.0, 860.0)}
    assert reason_against(card(), scene(wavelengths_nm=green)) is not None
    # The pipeline has put the coarse bands into the fine one's order; MODIS's own centres do not count.
    swapped = {"FINE_1": (865.0, 655.0), "COARSE_1": (858.0, 500.0)}
    assert reason_against(card(), scene(wavelengths_nm=swapped)) is None
    far = {**scene().ratio, "COARSE_TARGET": (33.0, 33.0)}
    assert reason_against(card(), scene(ratio=far)) is None
    said = "is for a ratio of 8 to 10, but COARSE_TARGET has pixels 33 times the size"
    assert outside_ratio(card(), scene(ratio=far), "COARSE_TARGET") == said
    assert outside_ratio(card(), scene(), "COARSE_TARGET") is None


def test_where_there_are_no_weights(tmp_path):
    with pytest.raises(InputError, match=r"no weights for STFDiff yet; fit one to your own pairs \(adapt_spatiotemp"):
        ModelLibrary([tmp_path]).fitting(CATALOGUE.method(TASK, "stfdiff"), scene())


def test_draws_as_asked():
    one = card(method="stfdiff", configuration={"bands": 2, "timesteps": 50, "steps": 7, "eta": 1.0})
    assert drawn_as_asked(one, {}) is one
    cases = {
        (("SAMPLES", 3),): {"samples": 3, "steps": 7, "eta": 1.0, "seed": 0},
        (("SAMPLES", 3), ("SAMPLER", "ddim")): {"steps": 7, "eta": 0.0},
        (("SAMPLES", 3), ("SAMPLER", "ddim"), ("STEPS", 9), ("SEED", 4)): {"steps": 9, "seed": 4},
        (("SAMPLES", 1), ("SAMPLER", "ddpm")): {"steps": 50, "samples": 1},
        (("SAMPLES", 1), ("STEPS", 20)): {"steps": 20, "eta": 1.0},
    }
    for asked, expected in cases.items():
        found = drawn_as_asked(one, dict(asked)).configuration
        assert {name: found[name] for name in expected} == expected
    with pytest.raises(InputError, match="STEPS must be at most 50"):
        drawn_as_asked(one, {"SAMPLES": 1, "STEPS": 51})
    whole = card(method="stfdiff", configuration={"bands": 2, "timesteps": 50, "steps": 50})
    assert drawn_as_asked(whole, {"SAMPLES": 1, "SAMPLER": "ddim"}).configuration["steps"] == 10


def test_card_inputs():
    inputs = card_inputs(("coarse_2", "fine_2", "coarse_target", "fine_1"), BANDS, True, units="dn", scale=2.0)
    assert [item["role"] for item in inputs] == ["FINE_1", "COARSE_TARGET", "FINE_2", "COARSE_2"]
    assert [item["min_count"] for item in inputs] == [1, 1, 0, 0]
    assert all(item["scale"] == 2 and item["units"] == "dn" and item["bands"] == BANDS for item in inputs)
