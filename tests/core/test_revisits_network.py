"""Networks for revisits: where frames come to lie, masks, which revisits are taken, windows; networks are functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest

from satfusion_qgis.classical.super_resolution.revisits import RevisitsMethod
from satfusion_qgis.inference import super_resolution
from satfusion_qgis.inference.frames import Nest, frames_of, prepared
from satfusion_qgis.inference.super_resolution import RevisitsNetwork, choose, padded
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import SceneInfo
from satfusion_qgis.tasks.model_card import ModelCard
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.drive_revisits import Stack, blocks_of, fuse, stack_of, window_at

BANDS, ROWS, COLUMNS = 2, 30, 34
PARAMETERS = {"MAX_SHIFT": 4.0, "RATIO": 3.0}


def card_of(ratio: int = 3, bands: int = BANDS, pan: bool = False, **changes: Any) -> ModelCard:
    listed = [{"name": f"band {number}"} for number in range(bands)]
    revisits: dict[str, Any] = {"role": "REVISITS", "bands": listed, "grid": "coarse", "max_count": 8}
    revisits.update(changes.pop("revisits", {}))
    data = {
        "format": 1,
        "id": "net",
        "title": "Net",
        "method": "highresnet",
        "task": "multi_image_pansharpening" if pan else "super_resolution",
        "configuration": {},
        "inputs": [revisits, *([{"role": "PAN", "bands": [{"name": "PAN"}]}] if pan else [])],
        "output": {"bands": bands, "residual_of": None},
        "ratio": {"min": ratio, "max": ratio, "trained": ratio},
        "halo": 2 * ratio,
        "window": {"trained": 32, "multiple": ratio},
        "files": [],
        "licence": "MIT",
        **changes,
    }
    return ModelCard.from_data(data, Path("models"))


def found(shifts: Any, **changes: Any) -> dict[str, Any]:
    """What the passes find: shifts, and revisits that need no matching."""
    items = len(shifts)
    registration = {
        "shifts": np.asarray(shifts, np.float64),
        "error": np.zeros(items),
        "peak": np.ones(items),
        "used": np.ones(items, bool),
        "outcome": ["measured"] * items,
    }
    photometry = {
        "gain": np.ones((items, BANDS)),
        "offset": np.zeros((items, BANDS)),
        "noise": np.ones((items, BANDS)),
        "blurred_noise": np.full((items, BANDS), 1e6),  # no difference is a change
        "contrast": np.zeros((items, BANDS)),
        "changed": np.zeros(items),
    }
    for name, value in changes.items():
        (registration if name in registration else photometry)[name] = np.asarray(value)
    return {"registration": registration, "photometry": photometry}


def images(items: int, seed: int = 1) -> list[Any]:
    random = np.random.default_rng(seed)
    return [random.uniform(0.1, 0.6, (BANDS, ROWS, COLUMNS)).astype(np.float32) for _ in range(items)]


def box(image: Any, reach: int) -> Any:
    """Mean over a square, zeros beyond the border: what a padded convolution does."""
    added = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(reach, reach)] * 2)
    side, shape = 2 * reach + 1, image.shape[-2:]
    return (
        sum(
            added[..., row : row + shape[0], column : column + shape[1]]
            for row in range(side)
            for column in range(side)
        )
        / side**2
    )


def finer(image: Any, ratio: int) -> Any:
    return image.repeat(ratio, axis=-2).repeat(ratio, axis=-1)


def local_network(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Adds blurred differences of the frames from the first, seen two coarse pixels far."""
    frames, masks = inputs["revisits"], inputs["masks"]
    mean = (frames * masks).sum(axis=1) / np.maximum(masks.sum(axis=1), 1)
    answer = finer(frames[:, 0] + mean - box(mean, 2), 3)
    return {"output": answer + inputs["pan"] if "pan" in inputs else answer}


def global_network(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
    frames = inputs["revisits"]
    return {"output": finer(frames[:, 0] + 0.1 * (frames.mean(axis=1) - frames.mean()), 3)}


def network_of(stack: Stack, card: ModelCard, network: Any) -> RevisitsNetwork:
    made = RevisitsNetwork(PARAMETERS, stack.scene(), card)
    made.attach(network)
    return made


# Where frames come to lie


def smooth(rows: Any, columns: Any) -> Any:
    """A scene that is known everywhere: the sum of its slopes tells a displacement."""
    return np.stack([rows + 0 * columns, columns + 0 * rows]).astype(np.float32)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (3.4, -2.3), (-0.49, 0.51), (1.5, -1.5)])
def test_a_displaced_frame_lands_within_half_a_pixel(shift: tuple[float, float]) -> None:
    # The images hold the coordinates at which the reference shows what they show.
    rows, columns = np.arange(ROWS)[:, None].astype(float), np.arange(COLUMNS)[None].astype(float)
    stack = stack_of([smooth(rows, columns), smooth(rows - shift[0], columns - shift[1])], 3)
    method = RevisitsMethod(PARAMETERS, stack.scene())
    window = window_at(stack, (0, 0, ROWS * 3, COLUMNS * 3), method.halo())
    state = found([(0, 0), shift])
    nest = Nest.of(3, window)
    frames, masks = frames_of(method.observations(blocks_of(stack, window), state, window), window, nest)
    np.testing.assert_array_equal(frames[0], stack.revisits[0])
    assert masks[0].all()
    counts = masks[1, 0] > 0
    apart = (frames[1] - frames[0])[:, counts]
    assert np.abs(apart).max() <= 0.5 + 1e-5
    lost = ROWS * COLUMNS - (ROWS - round(abs(shift[0]))) * (COLUMNS - round(abs(shift[1])))
    assert np.count_nonzero(~counts) <= lost + ROWS + COLUMNS
    np.testing.assert_allclose(frames[1][:, ~counts], frames[0][:, ~counts])  # beyond its edge it shows the others


def test_the_lattice_follows_the_reference_not_the_window() -> None:
    # The target begins 4 fine pixels inside the reference, as with an extent: coarse pixel 1 begins at -1.
    axis = Axis(4 / 3, 1 / 3, 20)
    block = BlockWindow(0, 0, 20, 20, axis, axis)
    window = Window(16, 32, 16, 16, {"REVISITS": (block,)})
    nest = Nest.of(3, window)
    assert (nest.row, nest.column, nest.rows, nest.columns) == (-4, -4, 20, 20)
    region = nest.around(window, 6, 6)
    assert (region.row, region.column) == (8, 26)
    assert (region.row + 4) % 6 == 0 and region.row <= 16 - 6 and region.row + region.rows >= 32 + 6
    rows, _ = nest.coarse(region)
    np.testing.assert_allclose([axis.sample(row) for row in rows], np.arange(4, 4 + len(rows)).clip(0, 19), atol=1e-9)


def test_a_ratio_a_little_off_is_sampled_by_the_axes() -> None:
    # 3.03 target pixels for each of the reference: after 34 lattice pixels of 3, one reference pixel is passed over.
    axis = Axis(0.0, 1 / 3.03, 300)
    block = BlockWindow(0, 0, 300, 300, axis, axis)
    window = Window(0, 0, 909, 909, {"REVISITS": (block,)})
    nest = Nest.of(3, window)
    assert nest.rows == 303
    samples = np.array([axis.sample(row) for row in nest.coarse(nest.around(window, 0, 3))[0]])
    nearest = np.floor(samples + 0.5)
    assert np.abs(samples - nearest).max() <= 0.5
    assert nearest[0] == 0 and nearest[302] == 299 and set(np.diff(nearest)) == {0.0, 1.0}


def test_beyond_the_reference_its_edge_goes_on() -> None:
    stack = stack_of(images(1), 3)
    method = RevisitsMethod(PARAMETERS, stack.scene())
    window = window_at(stack, (0, 0, 12, 12), method.halo())
    nest = Nest.of(3, window)
    made = prepared(method, blocks_of(stack, window), found([(0, 0)]), nest.around(window, 3, 3), nest, 0, False)
    expected = np.pad(stack.revisits[0][:, :5, :5], ((0, 0), (1, 0), (1, 0)), mode="edge")
    np.testing.assert_array_equal(made.revisits[0], expected)
    assert made.masks.all()


def test_holes_show_the_mean_of_the_others() -> None:
    given = [np.full((BANDS, ROWS, COLUMNS), value, np.float32) for value in (1, 2, 6)]
    valids = [np.ones((ROWS, COLUMNS), bool) for _ in given]
    valids[1][5:9, 5:9] = False
    for valid in valids:
        valid[20:23, 20] = False
    stack = stack_of(given, 3, valids)
    method = RevisitsMethod(PARAMETERS, stack.scene())
    window = window_at(stack, (0, 0, ROWS * 3, COLUMNS * 3), method.halo())
    nest = Nest.of(3, window)
    observed = method.observations(blocks_of(stack, window), found([(0, 0)] * 3), window)
    frames, masks = frames_of(observed, window, nest, 2)
    np.testing.assert_array_equal(masks[:, 0] > 0, np.stack(valids))
    np.testing.assert_allclose(frames[1][:, 5:9, 5:9], 3.5)
    np.testing.assert_allclose(frames[:, :, 20:23, 20], 3.0)


# Which revisits


def test_the_clearest_and_most_consistent_are_taken() -> None:
    state = found(np.zeros((6, 2)), error=[0, 0.1, 0.0, 0.9, 0.0, 0.0], changed=[0, 0, 0.5, 0, 0, 0.02])
    state["registration"]["used"][4] = False
    state["clear"] = np.array([0.3, 1, 1, 1, 1, 1])
    assert choose(state, 6, None) == (0, 1, 2, 3, 5)
    assert choose(state, 6, 5) == (0, 1, 2, 3, 5)
    assert choose(state, 6, 3) == (0, 1, 5)
    assert choose(state, 6, 1) == (0,)
    state["clear"][5] = 0.4
    assert choose(state, 6, 3) == (0, 1, 2)


def test_the_log_says_which_are_taken_and_the_network_gets_them() -> None:
    given = images(4)
    valids = [None, np.zeros((ROWS, COLUMNS), bool), None, None]
    stack = stack_of(given, 3, valids)
    seen = {}

    def keep(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        seen.update(inputs)
        return local_network(inputs, cancelled)

    made = network_of(stack, card_of(revisits={"max_count": 3}), keep)
    assert "clear" in {one.name for one in made.passes()}
    state = {**found(np.zeros((4, 2))), "clear": np.array([1, 0, 1, 1.0])}
    result = fuse(stack, made, state=state)
    assert "by number 1, 3, 4 (the clearest" in " ".join(result.lines)
    assert seen["revisits"].shape[:3] == (1, 3, BANDS)
    inner = seen["revisits"][0][:, :, 2:-2, 2:-2]
    np.testing.assert_array_equal(inner, np.stack([given[0], given[2], given[3]]))


def test_how_clear_revisits_are() -> None:
    valids = [np.ones((ROWS, COLUMNS), bool) for _ in range(3)]
    valids[1][: ROWS // 2] = False
    stack = stack_of(images(3), 3, [None, valids[1], valids[2]], origins=[(0, 0), (0, 0), (0, -17)])
    one = super_resolution.clearness_pass(3)
    total: Any = None
    for row in range(0, ROWS * 3, 30):
        window = window_at(stack, (row, 0, 30, COLUMNS * 3), {})
        part = one.add(blocks_of(stack, window), window, {})
        total = part if total is None else one.merge(total, part)
    np.testing.assert_allclose(one.finish(total, {}), [1, 0.5, 0.5])


@pytest.mark.parametrize("masks", [True, False])
def test_too_few_revisits(masks: bool) -> None:
    frames = np.stack([np.full((1, 2, 2), value, np.float32) for value in (1, 2)])
    given = np.ones((2, 1, 2, 2), np.float32)
    more, counts = padded(frames, given, 5, masks)
    assert more[:, 0, 0, 0].tolist() == ([1, 2, 1, 1, 1] if masks else [1, 2, 1, 2, 1])
    assert counts[:, 0, 0, 0].tolist() == ([1, 1, 0, 0, 0] if masks else [1, 1, 1, 1, 1])
    assert padded(frames, given, 2, masks)[0] is frames


def test_a_network_without_masks_gets_none() -> None:
    stack = stack_of(images(2), 3)
    names = []

    def plain(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        names.append((sorted(inputs), inputs["revisits"].shape[1]))
        return {"output": finer(inputs["revisits"][:, 0], 3)}

    made = network_of(stack, card_of(revisits={"masks": False, "min_count": 8}), plain)
    result = fuse(stack, made, state=found(np.zeros((2, 2))))
    assert names == [(["revisits"], 8)]
    assert "these are repeated for the rest of the 8" in " ".join(result.lines)
    np.testing.assert_array_equal(result.image, finer(stack.revisits[0], 3))


# The whole


@pytest.mark.parametrize(("network", "context"), [(local_network, False), (global_network, True)])
@pytest.mark.parametrize("pan", [None, (0.0, 0.0), (2.0, -3.0), (-4.4, 1.6)])
def test_windows_do_not_matter(network: Any, context: bool, pan: Optional[tuple[float, float]]) -> None:
    valids: list[Any] = [np.ones((ROWS, COLUMNS), bool) for _ in range(3)]
    valids[1][4:15, 3:20] = False
    for valid in valids:
        valid[12:19, 10:17] = False
    fine = np.random.default_rng(3).uniform(0, 1, (1, ROWS * 3 - 2, COLUMNS * 3 - 5)).astype(np.float32)
    # The target grid begins a fine pixel inside the reference, so the lattice does not begin at its corner.
    axes = tuple((Axis(1 / 3, 1 / 3, ROWS), Axis(2 / 3, 1 / 3, COLUMNS)) for _ in range(3))
    stack = Stack(tuple(images(3)), tuple(valids), axes, fine.shape[1:], (3.0, 3.0), None if pan is None else fine)
    card = card_of(pan=pan is not None, global_context={"yes": context})
    made = network_of(stack, card, network)
    state = found([(0, 0), (0.6, -1.2), (-2.5, 0.3)])
    if pan is not None:
        state["pan"] = {"shift": np.array(pan), "error": 0.1, "peak": 0.9, "used": True}
    whole = fuse(stack, made, state=state)
    assert np.isfinite(whole.image).all() and not whole.valid.all()
    for side in (16, 48):
        tiled = fuse(stack, made, (side, side), state=state)
        np.testing.assert_array_equal(tiled.valid, whole.valid)
        for name, image in whole.outputs.items():
            np.testing.assert_allclose(tiled.outputs[name], image, atol=1e-5)


def test_tiles_are_not_those_of_other_states() -> None:
    stack = stack_of(images(2), 3)
    made = network_of(stack, card_of(global_context={"yes": True}), global_network)
    for shift in ((0.0, 0.0), (1.0, 0.0)):
        state = found([(0, 0), shift])
        fresh = network_of(stack, card_of(global_context={"yes": True}), global_network)
        np.testing.assert_array_equal(fuse(stack, made, state=state).image, fuse(stack, fresh, state=state).image)


def test_the_weight_counts_the_revisits() -> None:
    valids: list[Any] = [None, np.ones((ROWS, COLUMNS), bool)]
    valids[1][10:20, 4:9] = False
    stack = stack_of(images(2), 3, valids)
    result = fuse(stack, network_of(stack, card_of(), local_network), state=found(np.zeros((2, 2))))
    expected = np.full((ROWS * 3, COLUMNS * 3), 2.0)
    expected[30:60, 12:27] = 1
    np.testing.assert_array_equal(result.outputs["WEIGHT"][0], expected)
    assert result.valid.all()


class Enlarged(RevisitsMethod):
    """A base that can be told from the frames: the reference, ten times as bright, and without its corner."""

    def fuse(self, blocks: Any, state: Any, window: Window) -> dict[str, Any]:
        observed = self.observations(blocks, state, window)
        block = observed.block(0)
        rows = [round(block.row_axis.sample(window.row + row)) - block.row for row in range(window.rows)]
        columns = [round(block.column_axis.sample(window.column + at)) - block.column for at in range(window.columns)]
        image = 10 * observed.images[0][:, rows][:, :, columns]
        valid = np.add.outer(np.arange(window.rows) + window.row, np.arange(window.columns) + window.column) >= 12
        return {"OUTPUT": np.where(valid, image, np.float32(0)), "OUTPUT_valid": valid}


def test_the_base_is_a_classical_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(super_resolution, "classical_method", lambda name, *rest: Enlarged(PARAMETERS, rest[1]))
    stack = stack_of(images(2), 3)
    card = card_of(output={"bands": BANDS, "residual_of": "back_projection"})
    made = network_of(stack, card, lambda inputs, cancelled: {"output": inputs["base"]})
    result = fuse(stack, made, state=found(np.zeros((2, 2))))
    expected = finer(stack.revisits[0], 3)
    corner = np.add.outer(np.arange(ROWS * 3), np.arange(COLUMNS * 3)) < 12
    np.testing.assert_allclose(result.image[:, ~corner], 10 * expected[:, ~corner], rtol=1e-6)
    mean = finer(np.mean([stack.revisits[0], stack.revisits[1]], axis=0), 3)
    np.testing.assert_allclose(result.image[:, corner], mean[:, corner], rtol=1e-5)


def test_units_are_undone() -> None:
    stack = stack_of(images(2), 3)
    item = {
        "scale": 0.5,
        "offset": 0.1,
        "normalise": {"kind": "standard", "values": {"mean": [0.2, 0.3], "std": [2, 4]}},
    }
    seen = {}

    def keep(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        seen.update(inputs)
        return {"output": finer(inputs["revisits"][:, 1], 3)}

    result = fuse(stack, network_of(stack, card_of(revisits=item), keep), state=found(np.zeros((2, 2))))
    np.testing.assert_allclose(result.image, finer(stack.revisits[1], 3), rtol=1e-5)
    given = stack.revisits[1] * 0.5 + 0.1
    expected = (given - np.array([0.2, 0.3])[:, None, None]) / np.array([2, 4])[:, None, None]
    np.testing.assert_allclose(seen["revisits"][0, 1, :, 2:-2, 2:-2], expected, rtol=1e-4)


def test_statistics_are_those_of_the_reference() -> None:
    stack = stack_of(images(2), 3)
    made = network_of(stack, card_of(revisits={"normalise": {"kind": "scene"}}), local_network)
    result = fuse(stack, made)
    np.testing.assert_allclose(
        result.state["statistics"]["REVISITS"]["mean"], stack.revisits[0].mean(axis=(1, 2)), rtol=1e-5
    )


def test_bands_in_the_networks_order() -> None:
    stack = stack_of(images(1), 3)
    card = card_of()
    listed = [{"name": "a", "wavelength_nm": 800}, {"name": "b", "wavelength_nm": 500}]
    card = card_of(revisits={"bands": listed})
    scene = SceneInfo(
        bands={"REVISITS": BANDS},
        items={"REVISITS": 1},
        ratio={"REVISITS": (3.0, 3.0)},
        band_names={"REVISITS": ("blue", "infrared")},
        wavelengths_nm={"REVISITS": (490, 810)},
    )
    made = RevisitsNetwork(PARAMETERS, scene, card)
    seen = {}

    def keep(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        seen.update(inputs)
        return {"output": finer(inputs["revisits"][:, 0], 3)}

    made.attach(keep)
    result = fuse(stack, made, state=found(np.zeros((1, 2))))
    np.testing.assert_array_equal(result.image, finer(stack.revisits[0], 3))
    np.testing.assert_array_equal(seen["revisits"][0, 0, :, 2:-2, 2:-2], stack.revisits[0][[1, 0]])
    assert "Bands, in the network's order: infrared, blue" in result.lines


def test_pan_goes_along_and_its_holes_stay_holes() -> None:
    fine = np.random.default_rng(3).uniform(0, 1, (1, ROWS * 3, COLUMNS * 3)).astype(np.float32)
    stack = stack_of(images(2), 3, pan=fine)
    made = network_of(
        stack, card_of(pan=True), lambda inputs, cancelled: {"output": inputs["pan"].repeat(BANDS, axis=1)}
    )
    window = window_at(stack, (16, 16, 32, 32), made.halo())
    blocks = blocks_of(stack, window)
    at = window.block("PAN")
    valid = np.ones((at.rows, at.columns), bool)
    valid[20 - at.row : 24 - at.row, 20 - at.column : 22 - at.column] = False
    answer = made.fuse({**blocks, "PAN_valid": valid}, found(np.zeros((2, 2))), window)
    known = answer["OUTPUT_valid"]
    assert np.count_nonzero(~known) == 8 and not known[4:8, 4:6].any()
    np.testing.assert_allclose(answer["OUTPUT"][0][known], fine[0, 16:48, 16:48][known], atol=1e-6)


@pytest.mark.parametrize("shift", [(2.0, -3.0), (1.1, 0.0), (-0.5, 2.25)])
def test_a_displaced_pan_is_brought_back(shift: tuple[float, float]) -> None:
    """The network gets PAN's values at the places where the reference shows the same."""

    def ground(down: float, right: float) -> Any:
        rows, columns = np.arange(ROWS * 3)[:, None] - down, np.arange(COLUMNS * 3)[None] - right
        return (np.sin(0.31 * rows) * np.cos(0.23 * columns) + 2)[None].astype(np.float32)

    stack = stack_of(images(2), 3, pan=ground(*shift))
    made = network_of(
        stack, card_of(pan=True), lambda inputs, cancelled: {"output": inputs["pan"].repeat(BANDS, axis=1)}
    )
    told = {"shift": np.array(shift), "error": 0.1, "peak": 0.9, "used": True}
    result = fuse(stack, made, state={**found(np.zeros((2, 2))), "pan": told})
    inner = np.s_[:, 6:-6, 6:-6]
    # A tenth of a pixel is left where that is all that would be interpolated.
    left = 0.04 if shift[0] == 1.1 else 0.004
    assert np.abs(result.image[0][6:-6, 6:-6] - ground(0, 0)[0][6:-6, 6:-6]).max() < left
    off = fuse(stack, made, state=found(np.zeros((2, 2)))).image
    assert np.abs(off[inner] - ground(0, 0)[inner]).max() > 0.1


# Cards


def test_cards_that_do_not_fit() -> None:
    stack = stack_of(images(2), 3)
    with pytest.raises(InputError, match="no model for revisits: its card must name the inputs REVISITS and PAN"):
        network_of(stack, card_of(task="multi_image_pansharpening"), None)
    with pytest.raises(InputError, match=r"is for a ratio of 2, but RATIO is 3"):
        network_of(stack, card_of(2), None)
    with pytest.raises(InputError, match="one whole ratio of 2 or more on its card, not 3 to 4"):
        network_of(stack, _ratio_range(), None)
    with pytest.raises(InputError, match="is for 3 bands"):
        network_of(stack, card_of(bands=3), None)
    with pytest.raises(InputError, match="adds to magic; known are: back_projection"):
        network_of(stack, card_of(output={"bands": BANDS, "residual_of": "magic"}), None)


def _ratio_range() -> ModelCard:
    data = dict(card_of().data)
    return ModelCard.from_data({**data, "ratio": {"min": 3, "max": 4}}, Path("models"))


def test_a_network_that_answers_nonsense_is_refused() -> None:
    stack = stack_of(images(2), 3)
    state = found(np.zeros((2, 2)))
    coarse = network_of(stack, card_of(), lambda inputs, cancelled: {"output": inputs["revisits"][:, 0]})
    broken = network_of(
        stack, card_of(), lambda inputs, cancelled: {"output": finer(inputs["revisits"][:, 0], 3) * np.float32(np.nan)}
    )
    with pytest.raises(InputError, match="where its card says"):
        fuse(stack, coarse, state=state)
    with pytest.raises(InputError, match="values that are no numbers"):
        fuse(stack, broken, state=state)
