"""What surrounds a network: normalisation, holes and edges, tiles; with networks that are written down in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.inference.lattice import Lattice, TileCache, blend
from satfusion_qgis.inference.normalise import STATISTICS, in_card_units, normalisation, statistics_pass
from satfusion_qgis.inference.pansharpening import PansharpeningNetwork
from satfusion_qgis.inference.surroundings import enlarged, extended, filled
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import SceneInfo
from satfusion_qgis.tasks.model_card import ModelCard
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

from .test_models import card_data

RATIO, ROWS, COLUMNS = 4, 88, 104


def images(bands: int = 2) -> dict[str, Any]:
    random = np.random.default_rng(5)
    ms = random.uniform(0.1, 0.6, (bands, ROWS // RATIO, COLUMNS // RATIO)).astype(np.float32)
    return {"MS": ms, "PAN": random.uniform(0, 1, (1, ROWS, COLUMNS)).astype(np.float32)}


def part(image: Any, block: BlockWindow) -> Any:
    inside = (slice(block.row, block.row + block.rows), slice(block.column, block.column + block.columns))
    return image[(..., *inside)]


def window_at(place: tuple[int, int, int, int], halo: Mapping[str, int]) -> Window:
    row, column, rows, columns = place
    blocks = {}
    for role, scale, size in (("MS", 1 / RATIO, (ROWS // RATIO, COLUMNS // RATIO)), ("PAN", 1.0, (ROWS, COLUMNS))):
        axes = Axis(0.0, scale, size[0]), Axis(0.0, scale, size[1])
        top, bottom = axes[0].cover(row, row + rows, halo.get(role, 0))
        left, right = axes[1].cover(column, column + columns, halo.get(role, 0))
        blocks[role] = BlockWindow(top, left, bottom - top, right - left, *axes)
    return Window(row, column, rows, columns, blocks)


def blocks_of(window: Window, scene: Mapping[str, Any], valid: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for role, image in scene.items():
        made[role] = part(image, window.block(role))
        known = None if role not in valid else part(valid[role], window.block(role))
        made[f"{role}_valid"] = None if known is None or known.all() else known
        if known is not None:
            made[role] = np.where(known, made[role], np.float32(0))
    return made


def box(image: Any, reach: int) -> Any:
    """Mean over a square, zeros beyond the border: what a padded convolution does."""
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(reach, reach)] * 2)
    side = 2 * reach + 1
    shape = image.shape[-2:]
    total = sum(
        padded[..., row : row + shape[0], column : column + shape[1]] for row in range(side) for column in range(side)
    )
    return total / side**2


def local_network(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Sees two pixels far."""
    pan = inputs["pan"]
    return {"output": (inputs["ms"] + pan - box(pan, 2)).astype(np.float32)}


def global_network(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Sees the mean of all that it is given."""
    pan = inputs["pan"]
    return {"output": (inputs["ms"] + 0.1 * (pan - pan.mean())).astype(np.float32)}


def implementation(network: Any, scene: Mapping[str, Any], **changes: Any) -> PansharpeningNetwork:
    bands = [(f"band {number}", None) for number in range(len(scene["MS"]))]
    data = card_data(bands=bands, **{"halo": 2, **changes})
    for item in data["inputs"]:
        item["normalise"] = {"kind": "scene"}
    info = SceneInfo(
        bands={"MS": len(scene["MS"]), "PAN": 1},
        items={"MS": 1, "PAN": 1},
        ratio={"MS": (RATIO, RATIO), "PAN": (1.0, 1.0)},
        band_names={"MS": tuple(name for name, _ in bands)},
    )
    made = PansharpeningNetwork({}, info, ModelCard.from_data(data, Path("models")))
    made.attach(network)
    return made


def fused(made: PansharpeningNetwork, scene: Mapping[str, Any], valid: Mapping[str, Any], side: int) -> Any:
    (one,) = made.passes()
    whole = window_at((0, 0, ROWS, COLUMNS), {})
    state = {one.name: one.finish(one.add(blocks_of(whole, scene, valid), whole, {}), {})}
    result = np.full((len(scene["MS"]), ROWS, COLUMNS), np.nan, np.float32)
    known = np.ones((ROWS, COLUMNS), bool)
    for row in range(0, ROWS, side):
        for column in range(0, COLUMNS, side):
            place = (row, column, min(side, ROWS - row), min(side, COLUMNS - column))
            window = window_at(place, made.halo())
            answer = made.fuse(blocks_of(window, scene, valid), state, window)
            at = (slice(row, row + place[2]), slice(column, column + place[3]))
            result[:, at[0], at[1]] = answer["OUTPUT"]
            if "OUTPUT_valid" in answer:
                known[at] = answer["OUTPUT_valid"]
    return result, known


@pytest.mark.parametrize(("network", "context"), [(local_network, False), (global_network, True)])
@pytest.mark.parametrize("holes", [False, True])
def test_windows_do_not_matter(network: Any, context: bool, holes: bool) -> None:
    scene = images()
    valid = {}
    if holes:
        pan_valid = np.ones((ROWS, COLUMNS), bool)
        pan_valid[20:31, 40:90] = False
        ms_valid = np.ones((ROWS // RATIO, COLUMNS // RATIO), bool)
        ms_valid[15:, :6] = False
        valid = {"MS": ms_valid, "PAN": pan_valid}
    made = implementation(network, scene, global_context={"yes": context}, window={"trained": 32})
    whole, whole_known = fused(made, scene, valid, max(ROWS, COLUMNS))
    assert np.isfinite(whole[:, whole_known]).all()
    for side in (16, 48):
        tiled, known = fused(made, scene, valid, side)
        np.testing.assert_array_equal(known, whole_known)
        np.testing.assert_allclose(tiled[:, known], whole[:, known], atol=1e-5)
    assert whole_known.all() == (not holes)


def test_zero_padding_stays_outside() -> None:
    flat = {"MS": np.full((1, ROWS // RATIO, COLUMNS // RATIO), 0.3, np.float32), "PAN": images()["PAN"]}
    flat["PAN"][:] = 0.5
    flat["PAN"][0, 40:48, 40:48] = 0.9
    result, _ = fused(implementation(local_network, flat), flat, {}, 32)
    np.testing.assert_allclose(result[0, :30], 0.3, atol=1e-6)
    np.testing.assert_allclose(result[0, :, -20:], 0.3, atol=1e-6)
    assert np.abs(result[0, 40:48, 40:48] - 0.3).max() > 0.01


def test_holes_are_no_edges() -> None:
    flat = {"MS": np.full((1, ROWS // RATIO, COLUMNS // RATIO), 0.3, np.float32), "PAN": images()["PAN"]}
    flat["MS"][0, :3] = 0.2
    flat["PAN"][:] = 0.5
    flat["PAN"][0, :8] = 0.4
    valid = {"PAN": np.ones((ROWS, COLUMNS), bool)}
    valid["PAN"][50:60, 30:70] = False
    result, known = fused(implementation(local_network, flat), flat, valid, 32)
    np.testing.assert_array_equal(known, valid["PAN"])
    np.testing.assert_allclose(result[0, 30:80][known[30:80]], 0.3, atol=1e-6)


def test_bands_in_the_networks_order() -> None:
    scene = images(3)
    seen = {}

    def keep(inputs: Mapping[str, Any], cancelled: Callable[[], bool]) -> dict[str, Any]:
        seen["ms"] = inputs["ms"]
        return {"output": inputs["ms"]}

    listed = (("blue", 490), ("green", 560), ("red", 665))
    data = card_data(bands=listed)
    info = SceneInfo(
        bands={"MS": 3, "PAN": 1},
        items={"MS": 1, "PAN": 1},
        ratio={"MS": (RATIO, RATIO), "PAN": (1.0, 1.0)},
        wavelengths_nm={"MS": (665, 490, 560)},
        band_names={"MS": ("R", "B", "G")},
    )
    made = PansharpeningNetwork({}, info, ModelCard.from_data(data, Path("models")))
    made.attach(keep)
    window = window_at((0, 0, ROWS, COLUMNS), made.halo())
    blocks = blocks_of(window, scene, {})
    answer = made.fuse(blocks, {}, window)["OUTPUT"]
    expected, _ = enlarged(scene["MS"], None, window.block("MS"), window, "cubic")
    np.testing.assert_allclose(answer, expected, atol=1e-6)
    halo = made.card.halo
    inner = seen["ms"][0][:, halo:-halo, halo:-halo]
    np.testing.assert_allclose(inner, expected[[1, 2, 0]], atol=1e-6)
    assert "Bands, in the network's order: B, G, R" in made.describe({})


def test_a_network_that_answers_nonsense_is_refused() -> None:
    scene = images()
    short = implementation(lambda inputs, cancelled: {"output": inputs["ms"][:, :1]}, scene)
    broken = implementation(lambda inputs, cancelled: {"output": inputs["ms"] * np.float32(np.nan)}, scene)
    with pytest.raises(InputError, match="where its card says"):
        fused(short, scene, {}, 64)
    with pytest.raises(InputError, match="values that are no numbers"):
        fused(broken, scene, {}, 64)


def test_cards_that_are_no_pansharpening_models() -> None:
    scene = images()
    with pytest.raises(InputError, match="no pansharpening model"):
        implementation(local_network, scene, task="fusion")
    with pytest.raises(InputError, match="another number of bands for its output"):
        implementation(local_network, scene, output={"bands": 5})
    with pytest.raises(InputError, match="must name the inputs MS and PAN"):
        implementation(local_network, scene, inputs=card_data(bands=(("a", None), ("b", None)))["inputs"][:1])
    three = card_data(bands=(("a", None), ("b", None), ("c", None)))
    with pytest.raises(InputError, match=r"net-4 is for 3 bands \(a, b, c\), but MS has 2\."):
        implementation(local_network, scene, inputs=three["inputs"], output=three["output"])


def test_statistics_are_those_of_all_valid_pixels() -> None:
    scene = images()
    valid = {"MS": np.ones((ROWS // RATIO, COLUMNS // RATIO), bool)}
    valid["MS"][3:9, 2:20] = False
    made = implementation(local_network, scene)
    items = {role: made.card.input(role) for role in ("MS", "PAN")}
    one = statistics_pass(items)
    total = None
    for row in range(0, ROWS, 10):
        window = window_at((row, 0, min(10, ROWS - row), COLUMNS), {})
        found = one.add(blocks_of(window, scene, valid), window, {})
        total = found if total is None else one.merge(total, found)
    result = one.finish(total, {})
    inside = scene["MS"][:, valid["MS"]].astype(np.float64)
    np.testing.assert_allclose(result["MS"]["mean"], inside.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result["MS"]["std"], inside.std(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result["PAN"]["std"], scene["PAN"].astype(np.float64).std(), rtol=1e-12)
    with pytest.raises(InputError, match="MS has no valid pixel"):
        one.finish(None, {})


def test_units_go_there_and_back() -> None:
    item = implementation(local_network, images(), inputs=_scaled()).card.input("MS")
    image = np.array([[[100.0, 3000.0]], [[200.0, -50.0]]], np.float32)
    np.testing.assert_allclose(in_card_units(item, image), [[[0.11, 1.0]], [[0.21, 0.0]]], atol=1e-6)
    state = {STATISTICS: {"MS": {"mean": [0.2, 0.1], "std": [0.5, 0.25]}}}
    units = normalisation(item, (1, 0), state)
    given = np.array([[[100.0, 500.0]], [[200.0, 700.0]]], np.float32)
    normalised = units.apply(given)
    np.testing.assert_allclose(normalised[0], (given[0] * 0.001 + 0.01 - 0.1) / 0.25, atol=1e-6)
    np.testing.assert_allclose(normalised[1], (given[1] * 0.001 + 0.01 - 0.2) / 0.5, atol=1e-6)
    np.testing.assert_allclose(units.undo(normalised), given, rtol=1e-5)


def _scaled() -> list[dict[str, Any]]:
    inputs: list[dict[str, Any]] = card_data(bands=(("a", None), ("b", None)))["inputs"]
    inputs[0].update(scale=0.001, offset=0.01, clip=[0, 1])
    return inputs


# Surroundings


@pytest.mark.parametrize("kernel", ["bilinear", "nearest"])
def test_enlarging_by_hand(kernel: str) -> None:
    image = np.array([[[0.0, 4.0], [8.0, 12.0]]], np.float32)
    axis = Axis(0.0, 0.5, 2)
    block = BlockWindow(0, 0, 2, 2, axis, axis)
    window = Window(-1, 0, 5, 4, {"MS": block})
    result, valid = enlarged(image, None, block, window, kernel)
    along = {"bilinear": [0, 1, 3, 4], "nearest": [0, 0, 4, 4]}[kernel]
    down = {"bilinear": [0, 0, 2, 6, 8], "nearest": [0, 0, 0, 8, 8]}[kernel]
    np.testing.assert_allclose(result[0], np.add.outer(down, along), atol=1e-6)
    assert valid is None


@pytest.mark.parametrize("kernel", ["cubic", "bilinear", "nearest"])
def test_enlarging_beside_a_hole(kernel: str) -> None:
    image = np.full((1, 6, 6), 3.0, np.float32)
    valid = np.ones((6, 6), bool)
    valid[2, 3] = False
    image[0, 2, 3] = 0
    axis = Axis(0.0, 0.25, 6)
    block = BlockWindow(0, 0, 6, 6, axis, axis)
    window = Window(0, 0, 24, 24, {"MS": block})
    result, known = enlarged(image, valid, block, window, kernel)
    assert known is not None
    np.testing.assert_array_equal(known, np.kron(valid, np.ones((4, 4), bool)))
    np.testing.assert_allclose(result[0][known], 3.0, atol=1e-5)


def test_extended_replicates_the_border() -> None:
    image = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    block = BlockWindow(0, 0, 2, 3, Axis(0.0, 1.0, 2), Axis(0.0, 1.0, 3))
    result, valid = extended(image, image[0] > 0, block, Window(-1, -2, 4, 6, {"PAN": block}))
    np.testing.assert_array_equal(result[0], np.pad(image[0], ((1, 1), (2, 1)), mode="edge"))
    assert valid is not None and not valid[0, 0] and valid[3, 5]


@pytest.mark.parametrize("row", range(-9, 9))
def test_extended_anywhere_around_a_block(row: int) -> None:
    image = np.arange(24, dtype=np.float32).reshape(2, 4, 3)
    block = BlockWindow(0, 0, 4, 3, Axis(0.0, 1.0, 4), Axis(0.0, 1.0, 3))
    for rows in (1, 2, 7):
        window = Window(row, -row, rows, rows + 1, {"PAN": block})
        result, valid = extended(image, image[0] > 4, block, window)
        down = np.clip(np.arange(row, row + rows), 0, 3)
        across = np.clip(np.arange(-row, -row + rows + 1), 0, 2)
        np.testing.assert_array_equal(result, image[:, down][:, :, across])
        np.testing.assert_array_equal(valid, (image[0] > 4)[down][:, across])


def test_filled_takes_the_nearest_square() -> None:
    image = np.zeros((1, 1, 12), np.float32)
    image[0, 0, :2] = (2, 4)
    valid = np.zeros((1, 12), bool)
    valid[0, :2] = True
    result = filled(image, valid, 4)
    np.testing.assert_allclose(result[0, 0], [2, 4, 4, 4, 3, 4, 0, 0, 0, 0, 0, 0])
    assert filled(image, None, 4) is image
    assert filled(image, np.ones((1, 12), bool), 4) is image


# Tiles


@pytest.mark.parametrize(("side", "halo"), [(32, 2), (64, 40), (33, 0)])
def test_weights_add_up_to_one(side: int, halo: int) -> None:
    lattice = Lattice.of(side, halo)
    window = Window(7, 130, 91, 45, {})
    ones = blend(lattice, window, 2, lambda row, column: np.ones((2, lattice.kept, lattice.kept), np.float32))
    np.testing.assert_allclose(ones, 1.0, atol=1e-6)


def test_tiles_are_kept_within_a_limit() -> None:
    cache = TileCache(limit=100)
    asked = []

    def tile(name: str) -> Any:
        return cache.get(name, lambda: asked.append(name) or np.zeros(10, np.float32))

    for name in ("a", "b", "a", "c", "a", "b"):
        tile(name)
    assert asked == ["a", "b", "c", "b"]
