"""Spatiotemporal fusion against direct loops over pixels, known truths and itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from satfusion_qgis.catalogue import CATALOGUE, SPATIOTEMPORAL, SPATIOTEMPORAL_METHODS
from satfusion_qgis.classical.spatiotemporal.classes import bounded_fit, centres, classify
from satfusion_qgis.classical.spatiotemporal.images import Cells, on_cells
from satfusion_qgis.classical.spatiotemporal.objects import SIDE, connected, objects
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window
from tests.core.drive_spatiotemporal import Stack, blocks_of, predict, window_at

IDS = [method.id for method in SPATIOTEMPORAL_METHODS]
ONE_PAIR = [name for name in IDS if name not in ("interpolate", "estarfm")]
WITH_WINDOW = {"starfm", "estarfm", "fit_fc", "fsdaf", "obsum", "vipstf"}
TARGET = "COARSE_TARGET"


def small(method: str, **more: object) -> dict[str, object]:
    """Parameters for images of few pixels."""
    return {**({"SEARCH_WINDOW": 1.5} if method in WITH_WINDOW else {}), **more}


def area_mean(image: np.ndarray, ratio: int) -> np.ndarray:
    bands, rows, columns = image.shape
    return image.reshape(bands, rows // ratio, ratio, columns // ratio, ratio).mean((2, 4))


def fields(
    size: int = 96, ratio: int = 8, bands: int = 2, seed: int = 0, pairs: int = 2, replaced: float = 0.0
) -> tuple[Stack, np.ndarray, np.ndarray]:
    """Fields of 5 classes, each with a change of its own; some fields are replaced.

    Returns the stack, the truth at the target date, and where fields were replaced.
    """
    rng = np.random.default_rng(seed)
    label, field = np.zeros((size, size), int), np.zeros((size, size), int)
    count = size * size // 150
    for number in range(count):
        row, column = rng.integers(-8, size, 2)
        height, width = rng.integers(6, 32, 2)
        place = np.s_[max(row, 0) : row + height, max(column, 0) : column + width]
        label[place], field[place] = rng.integers(0, 5), number
    spectra = rng.uniform(500, 3000, (5, bands))
    change = rng.uniform(-700, 700, (5, bands))
    gain, pace = 1 + 0.08 * rng.standard_normal(count), 1 + 0.2 * rng.standard_normal(count)
    later, which = label.copy(), rng.permutation(count)[: int(replaced * count)]
    for number in which:
        later[field == number] = (label[field == number] + 2) % 5
    moved = np.isin(field, which)
    noise = rng.normal(0, 10, (3, bands, size, size))
    base = spectra[label].transpose(2, 0, 1) * gain[field]
    new = spectra[later].transpose(2, 0, 1) * gain[field]
    dates = []
    for date, step in enumerate((0.0, 1.0, 1.8)):
        grown = base + step * change[label].transpose(2, 0, 1) * pace[field]
        dates.append((grown if date == 0 else np.where(moved, new, grown)) + noise[date])
    coarse = [area_mean(date, ratio) + rng.normal(0, 3, (bands, size // ratio, size // ratio)) for date in dates]
    images = {"FINE_1": dates[0], "COARSE_1": coarse[0], TARGET: coarse[1]}
    if pairs == 2:
        images.update({"FINE_2": dates[2], "COARSE_2": coarse[2]})
    days = {"FINE_1": (-10,), "FINE_2": (8,)}
    return Stack({role: image.astype(np.float32) for role, image in images.items()}, ratio, days=days), dates[1], moved


def rmse(image: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((image - truth) ** 2)))


# The catalogue


def test_the_methods_are_offered():
    assert SPATIOTEMPORAL.id in [task.id for task in CATALOGUE.tasks]
    assert CATALOGUE.methods_of(SPATIOTEMPORAL.id)[: len(SPATIOTEMPORAL_METHODS)] == SPATIOTEMPORAL_METHODS
    assert all(
        method.task == SPATIOTEMPORAL.id and method.summary and method.citation for method in SPATIOTEMPORAL_METHODS
    )


# Direct references


def reference_starfm(
    pairs: list[tuple[np.ndarray, np.ndarray]],
    target: np.ndarray,
    reach: int,
    classes: float,
    uncertainty: float,
    temporal: bool,
    each_band: bool,
) -> np.ndarray:
    """STARFM by its sums, for bands that find similar pixels each by itself or all together."""
    bands, rows, columns = target.shape
    result = np.empty(target.shape)
    for part in [[b] for b in range(bands)] if each_band else [list(range(bands))]:
        for r in range(rows):
            for c in range(columns):
                total, weights = np.zeros(len(part)), 0.0
                for image, before in pairs:
                    mean, sd = image.mean((1, 2)), image.std((1, 2))
                    low = np.maximum(mean - 4 * sd, image.min((1, 2))).min()
                    span = np.minimum(mean + 4 * sd, image.max((1, 2))).max() - low
                    extra = math.sqrt(2) * uncertainty * span
                    spectral = np.abs(image - before)[part].mean(0)
                    moved = np.abs(before - target)[part].mean(0)
                    for i in range(max(r - reach, 0), min(r + reach + 1, rows)):
                        for j in range(max(c - reach, 0), min(c + reach + 1, columns)):
                            s, t = spectral[i, j], moved[i, j]
                            apart = np.abs(image[part, i, j] - image[part, r, c])
                            if (apart > 2 * sd[part] / classes).any() or s > spectral[r, c] + extra:
                                continue
                            if temporal and t > moved[r, c] + extra:
                                continue
                            distance = 1 + math.hypot(i - r, j - c) / reach
                            weight = 1 / ((s * 1e3 / span + 1) * ((t * 1e3 / span + 1) if temporal else 1) * distance)
                            total += weight * (image[part, i, j] + target[part, i, j] - before[part, i, j])
                            weights += weight
                result[part, r, c] = total / weights
    return result


def on_fine_grid(size: int, ratio: int, pairs: int, seed: int = 1) -> tuple[Stack, np.ndarray]:
    """Coarse images with a value of their own at every fine pixel: no resampling stands between input and formula."""
    stack, truth, _ = fields(size, ratio, seed=seed, pairs=pairs)
    rng = np.random.default_rng(seed)
    for role, image in stack.images.items():
        if role.startswith("COARSE"):
            wide = image.repeat(ratio, 1).repeat(ratio, 2)
            stack.images[role] = (wide + rng.normal(0, 60, wide.shape)).astype(np.float32)
    stack.ratio = 1.0
    return stack, truth


@pytest.mark.parametrize("each_band", [False, True])
@pytest.mark.parametrize("pairs", [1, 2])
def test_starfm_is_its_formula(pairs, each_band):
    stack, _ = on_fine_grid(24, 6, pairs)
    images = {role: image.astype(float) for role, image in stack.images.items()}
    given = [(images[f"FINE_{k}"], images[f"COARSE_{k}"]) for k in range(1, pairs + 1)]
    expected = reference_starfm(given, images[TARGET], 4, 3.0, 0.01, pairs == 2, each_band)
    parameters = {"RATIO": 6, "SEARCH_WINDOW": 1.5, "CLASSES": 3, "UNCERTAINTY": 1.0, "TEMPORAL": pairs == 2}
    parameters["EACH_BAND"] = each_band
    found = predict(stack, "starfm", parameters)
    assert found.implementation.reach == 4
    # A pixel at the very limit may fall on its other side in single precision.
    assert np.quantile(np.abs(found.image - expected), 0.99) < 0.05
    assert np.abs(found.image - expected).max() < 5
    assert np.abs(found.image - images["FINE_1"]).max() > 50


def reference_estarfm(images: dict[str, np.ndarray], reach: int, classes: float, uncertainty: float) -> np.ndarray:
    """With the same coarse image at both dates, so that both pairs weigh the same."""
    fine, coarse, target = (
        (images["FINE_1"], images["FINE_2"]),
        (images["COARSE_1"], images["COARSE_2"]),
        images[TARGET],
    )
    bands, rows, columns = target.shape
    limits = [2 * image.std((1, 2)) / classes for image in fine]
    low = np.maximum(target.mean((1, 2)) - 4 * target.std((1, 2)), target.min((1, 2))).min()
    high = np.minimum(target.mean((1, 2)) + 4 * target.std((1, 2)), target.max((1, 2))).max()
    result = np.empty(target.shape)
    for r in range(rows):
        for c in range(columns):
            near = []
            for i in range(max(r - reach, 0), min(r + reach + 1, rows)):
                for j in range(max(c - reach, 0), min(c + reach + 1, columns)):
                    if all((np.abs(f[:, i, j] - f[:, r, c]) <= limit).all() for f, limit in zip(fine, limits)):
                        near.append((i, j))
            at = tuple(np.array(near).T)
            weight = []
            for i, j in near:
                x = np.concatenate([f[:, i, j] for f in fine])
                y = np.concatenate([k[:, i, j] for k in coarse])
                distance = 1 + math.hypot(i - r, j - c) / reach
                weight.append(1 / ((1 - np.corrcoef(x, y)[0, 1] + 1e-7) * distance))
            weight = np.array(weight) / sum(weight)
            for b in range(bands):
                x = np.concatenate([k[b][at] for k in coarse])
                y = np.concatenate([f[b][at] for f in fine])
                slope = 1.0
                if len(near) >= 6:
                    fit = np.cov(x, y, bias=True)
                    tried = fit[0, 1] / fit[0, 0]
                    r2 = fit[0, 1] ** 2 / (fit[0, 0] * fit[1, 1])
                    degrees = len(x) - 2
                    significant = r2 / (1 - r2) * degrees >= 3.84 * (1 + 3 / degrees)
                    if (
                        significant
                        and math.sqrt(fit[0, 0]) >= math.sqrt(2) * uncertainty * (high - low)
                        and 0 < tried <= 5
                    ):
                        slope = tried
                    change = (weight * (target[b][at] - coarse[0][b][at])).sum()
                else:
                    change = target[b, r, c] - coarse[0][b, r, c]
                result[b, r, c] = (fine[0][b, r, c] + fine[1][b, r, c]) / 2 + slope * change
    return result


def test_estarfm_is_its_formula():
    stack, _ = on_fine_grid(24, 6, 2)
    stack.images["COARSE_2"] = stack.images["COARSE_1"]
    images = {role: image.astype(float) for role, image in stack.images.items()}
    expected = reference_estarfm(images, 4, 2.0, 0.02)
    found = predict(stack, "estarfm", {"RATIO": 6, "SEARCH_WINDOW": 1.5, "CLASSES": 2, "UNCERTAINTY": 2.0})
    apart = np.abs(found.image - expected)
    # A slope at the very edge of a condition may fall on the other side in single precision.
    assert np.quantile(apart, 0.98) < 0.5
    plain = (images["FINE_1"] + images["FINE_2"]) / 2 + images[TARGET] - images["COARSE_1"]
    assert rmse(found.image, plain) > 20


def keys(image: np.ndarray, ratio: int) -> np.ndarray:
    """Cubic convolution (a = -0.5) of whole ratios, pixel by pixel; the edges replicated."""

    def weight(d: float) -> float:
        d = abs(d)
        if d <= 1:
            return (1.5 * d - 2.5) * d * d + 1
        return ((-0.5 * d + 2.5) * d - 4) * d + 2 if d < 2 else 0.0

    def along(a: np.ndarray) -> np.ndarray:
        out = []
        for place in range(len(a) * ratio):
            at = (place + 0.5) / ratio - 0.5
            first = math.floor(at)
            out.append(sum(weight(at - k) * a[min(max(k, 0), len(a) - 1)] for k in range(first - 1, first + 3)))
        return np.array(out)

    return np.stack([along(along(band).T).T for band in image])


def reference_similar(guide: np.ndarray, layers: np.ndarray, reach: int, similar: int, inside: slice) -> np.ndarray:
    rows, columns = guide.shape[1:]
    result = np.full(layers.shape, np.nan)
    size = 2 * reach + 1
    even = reach // 2 * 2
    for r in range(rows)[inside]:
        for c in range(columns)[inside]:
            window = np.s_[r - reach : r + reach + 1, c - reach : c + reach + 1]
            apart = ((guide[(slice(None), *window)] - guide[:, r, c][:, None, None]) ** 2).sum(0)
            lattice = apart[reach - even :: 2, reach - even :: 2]
            rank = max(1, round(similar * lattice.size / size**2))
            down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
            weight = (apart <= np.sort(lattice.ravel())[rank - 1]) / (1 + np.hypot(down, right) / reach)
            result[:, r, c] = (layers[(slice(None), *window)] * weight).sum((1, 2)) / weight.sum()
    return result


def test_fit_fc_is_its_formula():
    ratio, reach = 8, 6
    stack, _, _ = fields(96, ratio, pairs=1, seed=2)
    fine, before, after = (stack.images[role].astype(float) for role in ("FINE_1", "COARSE_1", TARGET))
    gain, shift = np.empty_like(before), np.empty_like(before)
    for b, r, c in np.ndindex(*before.shape):
        window = np.s_[b, max(r - 2, 0) : r + 3, max(c - 2, 0) : c + 3]
        ridge = (0.02 * before[b].std()) ** 2
        both = np.cov(before[window].ravel(), after[window].ravel(), bias=True)
        gain[b, r, c] = (both[0, 1] + ridge) / (both[0, 0] + ridge)
        shift[b, r, c] = after[window].mean() - gain[b, r, c] * before[window].mean()
    residual = after - gain * before - shift
    wide = [layer.repeat(ratio, 1).repeat(ratio, 2) for layer in (gain, shift)]
    inside = slice(40, 56)
    expected = reference_similar(fine, wide[0] * fine + wide[1] + keys(residual, ratio), reach, 20, inside)
    found = predict(stack, "fit_fc", {"SEARCH_WINDOW": 13 / 8, "SIMILAR_PIXELS": 20}).image
    assert np.abs(found - expected)[:, inside, inside].max() < 0.1
    assert rmse(found[:, inside, inside], fine[:, inside, inside]) > 50


def test_fit_fc_with_two_pairs_fits_both():
    ratio, reach = 8, 6
    stack, _, _ = fields(96, ratio, seed=2)
    fine = [stack.images[f"FINE_{pair}"].astype(float) for pair in (1, 2)]
    before, after = (
        [stack.images[f"COARSE_{pair}"].astype(float) for pair in (1, 2)],
        stack.images[TARGET].astype(float),
    )
    gains, shift = np.empty((2, *after.shape)), np.empty_like(after)
    for b, r, c in np.ndindex(*after.shape):
        window = np.s_[b, max(r - 2, 0) : r + 3, max(c - 2, 0) : c + 3]
        x = np.stack([image[window].ravel() for image in before], 1)
        y = after[window].ravel()
        # Least squares with a penalty on the distance of the gains from a half each, as more rows.
        ridge = math.sqrt(len(y) * np.mean([(0.15 * image[b].std()) ** 2 for image in before]))
        rows = np.concatenate([x - x.mean(0), ridge * np.eye(2)])
        right = np.concatenate([y - y.mean(), [ridge / 2, ridge / 2]])
        gains[:, b, r, c] = np.linalg.lstsq(rows, right, rcond=None)[0]
        shift[b, r, c] = y.mean() - x.mean(0) @ gains[:, b, r, c]
    residual = after - gains[0] * before[0] - gains[1] * before[1] - shift
    wide = [layer.repeat(ratio, 1).repeat(ratio, 2) for layer in (*gains, shift)]
    inside = slice(40, 56)
    guessed = wide[0] * fine[0] + wide[1] * fine[1] + wide[2] + keys(residual, ratio)
    expected = reference_similar(np.concatenate(fine), guessed, reach, 20, inside)
    found = predict(stack, "fit_fc", {"SEARCH_WINDOW": 13 / 8, "SIMILAR_PIXELS": 20}).image
    assert np.abs(found - expected)[:, inside, inside].max() < 0.1


def test_fit_fc_takes_the_pair_that_is_there():
    """Where the second pair is not valid the result is that of the first alone, but for what its surroundings lend."""
    stack, _, _ = fields(96, 8, seed=2)
    hole = np.ones((96, 96), bool)
    hole[:, 48:] = False
    stack.valid["FINE_2"] = hole
    alone, _, _ = fields(96, 8, seed=2, pairs=1)
    found, one = predict(stack, "fit_fc", small("fit_fc")), predict(alone, "fit_fc", small("fit_fc"))
    assert found.valid.all()
    np.testing.assert_allclose(found.image[:, :, 72:], one.image[:, :, 72:], atol=0.01)
    assert rmse(found.image[:, :, :24], one.image[:, :, :24]) > 1


def test_estarfm_predicts_as_starfm_where_one_pair_is_masked():
    stack, _, _ = fields(96, 8, seed=2)
    hole = np.ones((96, 96), bool)
    hole[:, 48:] = False
    stack.valid["FINE_2"] = hole
    alone, _, _ = fields(96, 8, seed=2, pairs=1)
    found, one = predict(stack, "estarfm", small("estarfm")), predict(alone, "starfm", small("starfm"))
    assert found.valid.all()
    np.testing.assert_allclose(found.image[:, :, 48:], one.image[:, :, 48:], atol=0.01)
    assert rmse(found.image[:, :, :48], one.image[:, :, :48]) > 1


def test_bounded_fit_is_the_least_of_all_in_the_box():
    rng = np.random.default_rng(3)
    A, y = rng.random((30, 3)), rng.normal(0, 1, 30)
    found = bounded_fit(
        (A.T @ A)[None], (A.T @ y)[None, :, None], *(np.full((1, 1, 1), v) for v in (-0.2, 0.3, 0.0)), 0.0
    )
    best = np.square(A @ found[0, :, 0] - y).sum()
    grid = np.linspace(-0.2, 0.3, 41)
    tried = np.stack(np.meshgrid(grid, grid, grid), -1).reshape(-1, 3)
    least = np.square(tried @ A.T - y).sum(1).min()
    assert ((found >= -0.2) & (found <= 0.3)).all()
    assert best <= least + 1e-9
    assert best > least - 0.01


def test_classes_are_the_clusters():
    rng = np.random.default_rng(4)
    true = np.array([[0, 0], [10, 0], [0, 10], [20, 20]], float)
    labels = rng.integers(0, 4, 4000)
    pixels = true[labels] + rng.normal(0, 0.5, (4000, 2))
    found = centres(pixels, 4)
    assert np.abs(np.array(sorted(found.tolist())) - np.array(sorted(true.tolist()))).max() < 0.1
    given = classify(pixels.T.reshape(2, 40, 100).astype(np.float32), found)
    assert np.abs(found[given.ravel()] - true[labels]).max() < 0.2


def flood(classes: np.ndarray, row: int, column: int) -> np.ndarray:
    """Numbers of connected pixels by flooding, cut at tiles."""
    result = np.full(classes.shape, -1)
    for start in np.ndindex(*classes.shape):
        if result[start] >= 0:
            continue
        number, heap = start[0] * classes.shape[1] + start[1], [start]
        result[start] = number
        while heap:
            r, c = heap.pop()
            for i, j in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if not (0 <= i < classes.shape[0] and 0 <= j < classes.shape[1]) or result[i, j] >= 0:
                    continue
                tiles = [((y + row) // SIDE, (x + column) // SIDE) for y, x in ((r, c), (i, j))]
                if classes[i, j] == classes[r, c] and tiles[0] == tiles[1]:
                    result[i, j] = number
                    heap.append((i, j))
    return result


def test_connected_pixels_are_those_a_flood_reaches():
    classes = np.random.default_rng(5).integers(0, 2, (40, 50)).astype(np.uint8)
    area = Window(SIDE - 20, 2 * SIDE - 25, 40, 50, {})
    assert np.array_equal(connected(classes, area), flood(classes, area.row, area.column))


def test_objects_are_large_and_of_one_class():
    stack, _, _ = fields(SIDE, 8, seed=6, pairs=1)
    image = np.pad(stack.images["FINE_1"], ((0, 0), (1, 1), (1, 1)), mode="edge")
    labels = classify(image, centres(stack.images["FINE_1"].reshape(2, -1).T, 5))
    found = objects(labels, np.ones(labels.shape, bool), image[:, 1:-1, 1:-1], Window(0, 0, SIDE, SIDE, {}))
    assert np.bincount(found.labels.ravel()).min() >= 20
    for number in range(found.count):
        assert len(np.unique(found.classes[found.labels == number])) == 1
    assert found.count > 20


# What all methods keep


@pytest.mark.parametrize("method", IDS)
def test_windows_do_not_show(method):
    stack, _, _ = fields(160, 8, seed=7)
    rng = np.random.default_rng(0)
    for role, image in stack.images.items():
        stack.valid[role] = rng.random(image.shape[1:]) > 0.02
    stack.valid["FINE_1"][60:90, 30:70] = False
    parameters = small(method)
    whole = predict(stack, method, parameters, pass_window=(96, 96))
    parts = predict(stack, method, parameters, window=(53, 64), pass_window=(96, 96))
    assert np.array_equal(whole.valid, parts.valid)
    span = np.ptp(stack.images["FINE_1"])
    assert np.abs(whole.image - parts.image)[:, whole.valid].max() < 1e-5 * span


@pytest.mark.parametrize("method", IDS)
def test_units_do_not_matter(method):
    stack, _, _ = fields(96, 8, seed=8)
    first = predict(stack, method, small(method)).image
    for role in stack.images:
        stack.images[role] = stack.images[role] * np.float32(1e-4) - np.float32(0.1)
    second = (predict(stack, method, small(method)).image + 0.1) * 1e4
    # A pixel at a limit may fall on its other side.
    assert np.quantile(np.abs(first - second), 0.995) < 0.5
    assert rmse(first, second) < 3


@pytest.mark.parametrize("method", IDS)
def test_what_is_masked_is_not_looked_at(method):
    stack, _, _ = fields(96, 8, seed=9)
    rng = np.random.default_rng(1)
    stack.valid["FINE_1"] = rng.random((96, 96)) > 0.05
    stack.valid["FINE_2"] = np.ones((96, 96), bool)
    stack.valid["FINE_2"][:40] = False
    stack.valid["COARSE_1"] = np.ones((12, 12), bool)
    stack.valid["COARSE_1"][9:, 9:] = False
    first = predict(stack, method, small(method))
    for role, valid in stack.valid.items():
        stack.images[role][:, ~valid] = rng.normal(0, 1e5, (2, (~valid).sum()))
    second = predict(stack, method, small(method))
    assert np.array_equal(first.image, second.image)
    fine_valid = stack.valid["FINE_1"].copy()
    if method not in ("copy", "interpolate"):
        fine_valid[72:, 72:] = False
    assert np.array_equal(first.valid, fine_valid | stack.valid["FINE_2"])
    assert np.isfinite(first.image).all()
    assert (first.image[:, ~first.valid] == 0).all()


@pytest.mark.parametrize("method", IDS)
def test_constant_images_give_constants(method):
    images = {role: np.full((1, 32, 32), value, np.float32) for role, value in (("FINE_1", 500), ("FINE_2", 500))}
    images.update({role: np.full((1, 4, 4), 500, np.float32) for role in ("COARSE_1", "COARSE_2")})
    images[TARGET] = np.full((1, 4, 4), 530, np.float32)
    found = predict(Stack(images, 8.0, days={"FINE_1": (-8,), "FINE_2": (8,)}), method, small(method))
    expected = 500 if method in ("copy", "interpolate") else 530
    assert found.valid.all()
    assert np.abs(found.image - expected).max() < 0.05


@pytest.mark.parametrize("method", ONE_PAIR)
def test_one_band_and_one_pair(method):
    stack, truth, _ = fields(96, 8, bands=1, seed=10, pairs=1)
    found = predict(stack, method, small(method))
    assert found.image.shape == truth.shape
    assert found.valid.all()
    assert rmse(found.image, truth) <= rmse(stack.images["FINE_1"], truth)


@pytest.mark.parametrize("method", sorted(WITH_WINDOW | {"add_change"}))
def test_cells_of_any_ratio_and_phase_lie_where_they_are(method):
    """A change that is a plane over a fine image of two classes is found wherever the coarse grid lies."""
    size, ratio, offset = 88, 5.5, (-7.3, -4.9)
    rows, columns = np.mgrid[:size, :size].astype(float)
    rng = np.random.default_rng(11)
    fine = np.where((rows // 6 + columns // 7) % 2, 1500.0, 900.0) + rng.normal(0, 5, (size, size))
    plane = 200 + 4 * rows + 3 * columns
    count = 20
    at = [(np.arange(count) + 0.5) * ratio + offset[k] - 0.5 for k in (0, 1)]
    change = 200 + 4 * at[0][:, None] + 3 * at[1][None]
    level = 1200 + rng.normal(0, 40, (count, count))
    images = {"FINE_1": fine, "COARSE_1": level, TARGET: level + change}
    images.update({"FINE_2": fine + 2 * plane, "COARSE_2": level + 2 * change})
    if method != "estarfm":
        images = {role: image for role, image in images.items() if not role.endswith("2")}
    stack = Stack({role: image[None].astype(np.float32) for role, image in images.items()}, ratio, offset=offset)
    found = predict(stack, method, small(method))
    assert found.valid.all()
    inside = np.s_[:, 16:-16, 16:-16]
    apart = (found.image - (fine + plane)[None])[inside]
    assert abs(apart.mean()) < (8 if method != "add_change" else 0.01)
    assert apart.std() < (70 if method != "add_change" else 0.01)


@pytest.mark.parametrize("method", ["fit_fc", "fsdaf", "obsum", "vipstf"])
def test_coarse_images_may_be_replicated_already(method):
    stack, _, _ = fields(96, 8, seed=12)
    first = predict(stack, method, small(method)).image
    for role in list(stack.images):
        if role.startswith("COARSE"):
            stack.images[role] = stack.images[role].repeat(8, 1).repeat(8, 2)
    stack.ratio = 1.0
    second = predict(stack, method, small(method, RATIO=8)).image
    assert rmse(first, second) < 0.05


def test_a_coarse_image_on_another_grid_is_interpolated_at_the_cells():
    rows, columns = np.mgrid[:12, :14].astype(np.float32)
    block = BlockWindow(0, 0, 12, 14, Axis(1.25, 0.1, 12), Axis(0.5, 0.125, 14))
    cells = Cells(Axis(0.0, 0.125, 10), Axis(0.25, 0.125, 12), 2, 3, 5, 6)
    window = Window(0, 0, 80, 80, {"COARSE_1": block})
    found, known = on_cells(
        {"COARSE_1": (3 * rows + 5 * columns)[None], "COARSE_1_valid": None}, "COARSE_1", cells, window
    )
    fine = [
        (np.arange(first, first + count) + 0.5 - origin) / 0.125 for first, count, origin in ((2, 5, 0), (3, 6, 0.25))
    ]
    expected = 3 * (1.25 + 0.1 * fine[0] - 0.5)[:, None] + 5 * (0.5 + 0.125 * fine[1] - 0.5)[None]
    assert known.all()
    assert np.abs(found[0] - expected).max() < 1e-4


# What it is good for


def test_methods_beat_the_baselines_where_fields_change():
    stack, truth, _ = fields(160, 10, bands=3, seed=14, pairs=1, replaced=0.05)
    two, _, _ = fields(160, 10, bands=3, seed=14, pairs=2, replaced=0.05)
    inputs = stack.images
    scores = {name: rmse(predict(stack, name, {}).image, truth) for name in ONE_PAIR}
    assert np.array_equal(inputs["FINE_1"], two.images["FINE_1"])
    baseline = min(scores["copy"], scores["add_change"])
    for name in ("starfm", "fit_fc", "fsdaf", "obsum", "vipstf"):
        assert scores[name] < baseline, (name, scores)
    assert max(scores["fsdaf"], scores["obsum"]) < scores["starfm"], scores
    pairs = {name: rmse(predict(two, name, {}).image, truth) for name in ("estarfm", "vipstf", "interpolate")}
    assert min(pairs["estarfm"], pairs["vipstf"]) < min(pairs["interpolate"], *scores.values()), (pairs, scores)


# Refusals


def test_bad_inputs_are_refused_in_a_sentence():
    stack, _, _ = fields(48, 8)
    with pytest.raises(InputError, match="ESTARFM needs two pairs"):
        predict(fields(48, 8, pairs=1)[0], "estarfm")
    with pytest.raises(InputError, match="needs FINE_2 and COARSE_2"):
        predict(fields(48, 8, pairs=1)[0], "interpolate")
    with pytest.raises(InputError, match="give RATIO"):
        predict(Stack({**stack.images}, 1.0), "starfm")
    with pytest.raises(InputError, match="COARSE_TARGET has 1 bands"):
        predict(Stack({**stack.images, TARGET: stack.images[TARGET][:1]}, 8.0), "starfm")
    with pytest.raises(InputError, match="smaller pixels"):
        predict(Stack(stack.images, 0.5), "starfm")
    without = {role: image for role, image in stack.images.items() if role != "COARSE_2"}
    with pytest.raises(InputError, match="FINE_2 needs COARSE_2"):
        predict(Stack(without, 8.0), "fit_fc")
    with pytest.raises(InputError, match="must be odd"):
        predict(stack, "fit_fc", {"FIT_WINDOW": 4})
    for method in sorted(WITH_WINDOW):
        stack.valid = {TARGET: np.zeros((6, 6), bool)}
        with pytest.raises(InputError, match=f"{TARGET}.* no valid"):
            predict(stack, method)


@pytest.mark.parametrize("method", sorted(WITH_WINDOW))
def test_a_cancel_is_seen_inside_a_window(method):
    stack, _, _ = fields(48, 8)
    found = predict(stack, method, small(method))
    at = window_at(stack, (0, 0, 48, 48), found.implementation.halo())
    stopped = Window(at.row, at.column, at.rows, at.columns, at.blocks, lambda: True)
    with pytest.raises(Cancelled):
        found.implementation.fuse(blocks_of(stack, at), found.state, stopped)
