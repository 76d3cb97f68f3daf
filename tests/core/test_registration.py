"""Registration, photometric matching and weights of revisits, against shifts and changes that were put in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from satfusion_qgis.classical.super_resolution.photometry import WEIGHT_HALO, robust_line
from satfusion_qgis.classical.super_resolution.registration import pairs_of, registered, registration_passes
from satfusion_qgis.classical.super_resolution.revisits import RevisitsMethod
from tests.core.drive_revisits import Stack, blocks_of, fuse, run_passes, stack_of, window_at
from tests.scenes import degrade, make_truth
from tests.shared_data import needs_shared, shared_path

Array = NDArray[Any]
_BLUR = math.sqrt(-2 * math.log(0.3)) / math.pi  # of a sensor with an MTF of 0.3 at Nyquist, in pixels


class Blobs:
    """A landscape of Gaussian blobs, known in every point: what a sensor sees of it is a formula."""

    def __init__(self, seed: int = 0, extent: float = 120.0, bands: int = 2) -> None:
        rng = np.random.default_rng(seed)
        count = int(extent * extent / 12)
        self.places = rng.uniform(-10, extent, (count, 2))
        self.widths = rng.uniform(0.4, 2.5, count)
        self.heights = rng.uniform(-300, 300, (bands, count))

    def seen(self, rows: Array, columns: Array) -> Array:
        """What a sensor sees with sample centres at these coordinates, (bands, rows, columns)."""
        widths = np.hypot(self.widths, _BLUR)
        shares = self.heights * (self.widths / widths) ** 2
        down = np.exp(-0.5 * ((rows[:, None] - self.places[:, 0]) / widths) ** 2)
        right = np.exp(-0.5 * ((columns[:, None] - self.places[:, 1]) / widths) ** 2)
        return 1000 + np.einsum("bn,rn,cn->brc", shares, down, right, optimize=True)

    def revisit(self, shift: Sequence[float], rows: int = 96, columns: int = 96) -> Array:
        """A revisit in which everything lies `shift` (down, right) farther than its georeferencing says."""
        return self.seen(np.arange(rows) - shift[0], np.arange(columns) - shift[1])


def draw_shifts(count: int, largest: float, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return np.vstack([np.zeros((1, 2)), rng.uniform(-largest, largest, (count - 1, 2))])


def landscape(
    size: int, ratio: int, shifts: Array, seed: int = 0, bands: int = 4, snr: float | None = None
) -> list[Array]:
    """Aliased revisits of a generated landscape of finer pixels, (bands, size, size) each."""
    margin = 8
    truth = make_truth((size + 2 * margin) * ratio, (size + 2 * margin) * ratio, bands, seed)
    rng = np.random.default_rng([seed, 5])
    revisits = []
    for down, right in shifts:
        image = degrade(truth, ratio, 0.3, ((margin - down) * ratio, (margin - right) * ratio), (size, size))
        if snr is not None:
            image = image + image.std(axis=(1, 2), keepdims=True) / snr * rng.standard_normal(image.shape)
        revisits.append(image.astype(np.float32))
    return revisits


def with_cloud(image: Array, seed: int, share: float = 0.3) -> Array:
    """Cover a share of an image with a bright cloud, in place; returns where it is clear."""
    rng = np.random.default_rng(seed)
    rows, columns = image.shape[1:]
    spectrum = np.fft.rfft2(rng.standard_normal((rows, columns)))
    radius = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None])
    radius[0, 0] = np.inf
    field = np.fft.irfft2(spectrum * radius**-2.0, s=(rows, columns))
    cloudy = field > np.quantile(field, 1 - share)
    image[:, cloudy] = 3500
    return ~cloudy


def register(stack: Stack, largest: float = 4.0, pass_window: tuple[int, int] = (512, 1024)) -> dict[str, Any]:
    found: dict[str, Any] = run_passes(stack, registration_passes(stack.scene(), largest), pass_window)["registration"]
    return found


def errors(found: dict[str, Any], shifts: Array) -> Array:
    """Distance of the measured shifts from the true ones, in pixels, without the reference's."""
    return np.hypot(*(found["shifts"] - shifts)[1:].T)


def test_shifts_of_an_analytic_landscape_are_found() -> None:
    blobs, shifts = Blobs(), draw_shifts(6, 2.5)
    found = register(stack_of([blobs.revisit(shift) for shift in shifts], 2.0))
    assert found["used"].all()
    assert errors(found, shifts).mean() < 0.01 and errors(found, shifts).max() < 0.02
    assert found["shifts"][0].tolist() == [0.0, 0.0] and found["error"][0] == 0
    assert (found["peak"] > 0.9).all() and (found["error"] < 0.05).all()


def test_registered_axes_lead_to_the_same_ground() -> None:
    """What the reference shows at a target pixel, a revisit shows where its registered axis says."""
    blobs, shift = Blobs(1), (1.3, -0.6)
    origin = (3.25, -2.0)  # its grid begins elsewhere, too
    rows, columns = np.arange(110) - origin[0], np.arange(96) - origin[1]
    moved = blobs.seen(rows - shift[0], columns - shift[1])
    stack = stack_of([blobs.revisit((0, 0)), moved], 3.0, origins=[(0, 0), origin])
    state = run_passes(stack, registration_passes(stack.scene(), 4.0))
    window = registered(window_at(stack, (100, 60, 40, 40), {}), state)
    blocks = window.blocks["REVISITS"]
    assert isinstance(blocks, tuple)
    for target in (100, 117, 139):
        places = [(block.row_axis.sample(target), block.column_axis.sample(target)) for block in blocks]
        ground = places[0]
        there = (places[1][0] - origin[0] - shift[0], places[1][1] - origin[1] - shift[1])
        assert there == pytest.approx(ground, abs=0.02)


@pytest.mark.parametrize("seed", [0, 1])
def test_aliased_revisits_with_noise_and_clouds(seed: int) -> None:
    shifts = draw_shifts(8, 2.0, seed)
    clean = register(stack_of(landscape(96, 3, shifts, seed), 2.0))
    assert clean["used"].all() and errors(clean, shifts).mean() < 0.02

    images = landscape(96, 3, shifts, seed, snr=8)
    clear: list[Array | None] = [None] * len(images)
    for item in (2, 5):
        clear[item] = with_cloud(images[item], 10 * seed + item)
    found = register(stack_of(images, 2.0, clear))
    assert found["used"].all() and errors(found, shifts).mean() < 0.06
    assert errors(found, shifts).max() < 6 * found["error"].max()
    unmasked = register(stack_of(images, 2.0))
    assert np.median(errors(unmasked, shifts)) < 0.1


def test_far_shifts_are_found_up_to_the_largest() -> None:
    shifts = np.array([(0, 0), (11.6, -4.3), (-7.2, 11.9)])
    images = [Blobs(2).revisit(shift) for shift in shifts]
    found = register(stack_of(images, 2.0), largest=12.0)
    assert found["used"].all() and errors(found, shifts).max() < 0.03
    near = register(stack_of(images, 2.0), largest=4.0)
    assert near["used"].tolist() == [True, False, False]
    assert near["outcome"][1:] == ["elsewhere", "elsewhere"] and not near["shifts"].any()


@pytest.mark.parametrize("size", [48, 96])
def test_another_place_is_refused_and_harms_nothing(size: int) -> None:
    shifts = draw_shifts(5, 2.0)
    images = landscape(size, 3, shifts, 3, snr=15)
    others = [landscape(size, 3, shifts[:1], seed, snr=15)[0] for seed in (77, 78, 79)]
    found = register(stack_of([*images[:3], *others, *images[3:]], 2.0))
    assert found["used"].tolist() == [True] * 3 + [False] * 3 + [True] * 2
    kept = [0, 1, 2, 6, 7]
    assert np.hypot(*(found["shifts"][kept] - shifts)[1:].T).mean() < 0.05
    assert not found["shifts"][3:6].any() and np.isinf(found["error"][3:6]).all()


def test_small_scene_of_one_band() -> None:
    shifts = draw_shifts(6, 2.0, 4)
    images = landscape(32, 4, shifts, 4, bands=1)
    found = register(stack_of(images, 2.0))
    assert found["used"].all() and errors(found, shifts).mean() < 0.05


def test_brightness_and_some_changed_fields_do_not_matter() -> None:
    shifts = draw_shifts(6, 2.0, 5)
    images = landscape(96, 3, shifts, 5, snr=20)
    for item in range(1, 6):
        images[item] = images[item] * (0.7 + 0.1 * item) + 40 * item
        images[item][:, 10 * item : 10 * item + 25, 20:60] = 400 + 100 * item
    found = register(stack_of(images, 2.0))
    assert found["used"].all() and errors(found, shifts).mean() < 0.05


def test_other_extents_and_pixel_sizes() -> None:
    blobs = Blobs(6)
    grids = [  # origin and pixels for each of the reference's, rows, columns
        ((0.0, 0.0), 1.0, 80, 90),
        ((12.37, 3.5), 1.0, 110, 100),
        ((-30.2, -8.0), 1.0, 50, 60),  # covers the lower right only
        ((2.0, -4.0), 1.25, 90, 90),
        ((0.5, 0.5), 0.8, 64, 72),
    ]
    shifts = np.array([(0, 0), (0.4, -1.7), (-1.2, 0.9), (1.1, 0.3), (-0.6, 0.7)])
    images = []
    for (origin, scale, rows, columns), shift in zip(grids, shifts):
        down = (np.arange(rows) + 0.5 - origin[0] - shift[0]) / scale - 0.5
        right = (np.arange(columns) + 0.5 - origin[1] - shift[1]) / scale - 0.5
        images.append(blobs.seen(down, right))
    stack = stack_of(images, 2.5, None, [grid[0] for grid in grids], [grid[1] for grid in grids])
    found = register(stack)
    assert found["used"].all() and errors(found, shifts).mean() < 0.05 and errors(found, shifts).max() < 0.1


def test_nothing_to_register_by() -> None:
    rng = np.random.default_rng(0)
    blobs = Blobs(7)
    flat = np.full((2, 96, 96), 500.0)
    noise = [1000 + rng.standard_normal((2, 96, 96)) for _ in range(3)]
    for images in ([flat, flat], noise, [flat, noise[0]]):
        found = register(stack_of(images, 2.0))
        assert found["used"].all() and not found["shifts"].any()
        assert np.isinf(found["error"][1:]).all() and set(found["outcome"]) == {"plain"}
    found = register(stack_of([blobs.revisit((0, 0)), flat, noise[0], blobs.revisit((1, 1))], 2.0))
    assert found["outcome"] == ["measured", "featureless", "featureless", "measured"]
    covered = np.zeros((96, 96), bool)
    covered[:8] = True
    found = register(stack_of([blobs.revisit((0, 0)), blobs.revisit((1, 1))], 2.0, [None, covered]))
    assert found["outcome"] == ["measured", "not shared"] and not found["used"][1]


def test_more_images_than_all_pairs_are_made_of() -> None:
    pairs = pairs_of(30)
    assert len(pairs) == len(set(pairs)) < 130 and all(one > other for one, other in pairs)
    assert {(item, 0) for item in range(1, 30)} <= set(pairs)
    assert len(pairs_of(5)) == 10
    shifts, blobs = draw_shifts(16, 2.0, 8), Blobs(8)
    found = register(stack_of([blobs.revisit(shift, 64, 64) for shift in shifts], 2.0))
    assert found["used"].all() and errors(found, shifts).mean() < 0.02


def test_windows_of_the_passes_hardly_matter_and_runs_are_equal() -> None:
    shifts = draw_shifts(3, 2.0, 9)
    stack = stack_of([Blobs(9).revisit(shift) for shift in shifts], 3.0)
    whole, again, parts = register(stack), register(stack), register(stack, pass_window=(100, 120))
    assert np.array_equal(whole["shifts"], again["shifts"])
    assert errors(parts, shifts).max() < 0.03


def test_one_revisit_or_no_largest_shift_needs_no_registration() -> None:
    one = stack_of([Blobs().revisit((0, 0))], 2.0)
    two = stack_of([Blobs().revisit((0, 0)), Blobs().revisit((0.5, 0))], 2.0)
    assert registration_passes(one.scene(), 4.0) == () and registration_passes(two.scene(), 0.0) == ()
    for stack, largest in ((one, 4.0), (two, 0.0)):
        method = Method({"MAX_SHIFT": largest}, stack.scene())
        made = fuse(stack, method)
        assert made.valid.all() and len(made.lines) == len(stack.revisits)
        assert np.allclose(made.outputs["WEIGHT"].max(), 1.0)


class Method(RevisitsMethod):
    """Gives the weights of each revisit at its nearest pixels, and the matched images of the second."""

    def fuse(self, blocks: Any, state: Any, window: Any) -> dict[str, Any]:
        seen = self.observations(blocks, state, window)
        nearest = []
        for item, weight in enumerate(seen.weights):
            block = seen.block(item)
            rows = [round(block.row_axis.sample(t)) - block.row for t in range(window.row, window.row + window.rows)]
            columns = [
                round(block.column_axis.sample(t)) - block.column
                for t in range(window.column, window.column + window.columns)
            ]
            rows, columns = np.clip(rows, 0, block.rows - 1), np.clip(columns, 0, block.columns - 1)
            nearest.append(weight[np.asarray(rows)[:, None], np.asarray(columns)[None]])
        return {"OUTPUT": np.stack(nearest), "OUTPUT_valid": self.valid(seen), "WEIGHT": np.stack(nearest)}


def test_gain_offset_and_change_are_found() -> None:
    shifts = draw_shifts(4, 1.5, 10)
    images = landscape(96, 3, shifts, 10, snr=30)
    gains, offsets = np.array([1.0, 1.2, 0.85, 1.0]), np.array([0.0, -60.0, 150.0, 40.0])
    for item in range(1, 4):
        images[item] = (images[item] - offsets[item]) / gains[item]
    changed = np.zeros((96, 96), bool)
    changed[20:50, 30:70] = True
    images[1][:, changed] = 200 + images[1][:, 40:41, 20:21][..., 0]
    stack = stack_of(images, 2.0)
    method = Method({"MAX_SHIFT": 4.0}, stack.scene())
    made = fuse(stack, method)
    found = made.state["photometry"]
    assert np.abs(found["gain"] / gains[:, None] - 1).max() < 0.02
    mean = np.array([image.mean(axis=(1, 2)) for image in images])
    left = (found["gain"] - gains[:, None]) * mean + found["offset"] - offsets[:, None]
    assert np.abs(left).max() < 0.01 * mean.max()
    assert 0.07 < found["changed"][1] < 0.16 and (found["changed"][2:] < 0.03).all()
    inside = np.s_[48:92, 68:132]  # of the changed field, 2 pixels from its border
    assert made.image[1][inside].mean() < 0.2 and made.image[2][inside].mean() > 0.9
    assert (made.image[0] == 1).all() and np.median(made.image[1:, :30]) > 0.95
    assert "gain 1.2" in made.lines[1] and made.lines[1].endswith("% of the pixels changed")


def test_noise_is_that_of_both_images() -> None:
    """Two revisits on one grid, so that nothing is interpolated, the second twice as bright."""
    rng, ground = np.random.default_rng(17), Blobs(17).revisit((0, 0))
    images = [ground + 20 * rng.standard_normal(ground.shape), 0.5 * ground + 15 * rng.standard_normal(ground.shape)]
    stack = stack_of(images, 2.0)
    method = Method({"MAX_SHIFT": 0.0}, stack.scene())
    found = run_passes(stack, method.passes())["photometry"]
    assert found["gain"][1] == pytest.approx([2.0, 2.0], abs=0.1)
    assert found["noise"][1] == pytest.approx([math.hypot(20, 30)] * 2, rel=0.1)
    assert found["changed"][1] < 0.01


def test_haze_over_everything_is_change_and_not_noise() -> None:
    """A difference that lies over all pixels must not become the tolerance that it is measured by."""
    images = [Blobs(20).revisit(shift) + 0.0 for shift in ((0, 0), (0.7, -0.4), (0.3, 0.9))]
    rng = np.random.default_rng(20)
    for image in images:
        image += 5 * rng.standard_normal(image.shape)
    rows, columns = np.mgrid[:96, :96]
    images[1] = 0.4 * images[1] + 1500 + 600 * np.sin(rows / 9.0) * np.cos(columns / 13.0)
    stack = stack_of(images, 2.0)
    made = fuse(stack, Method({"MAX_SHIFT": 4.0}, stack.scene()))
    assert made.state["registration"]["used"].all()
    assert made.state["photometry"]["changed"][1] > 0.5 and made.state["photometry"]["changed"][2] < 0.05
    assert made.image[1].mean() < 0.4 and made.image[2].mean() > 0.9


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 3), (9, 5)])
def test_scenes_of_a_few_pixels(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(18)
    stack = stack_of([500 + 100 * rng.standard_normal((2, *size)) for _ in range(3)], 2.0)
    made = fuse(stack, Method({"MAX_SHIFT": 4.0}, stack.scene()), window=(5, 4))
    assert made.valid.all() and np.isfinite(made.image).all() and np.isfinite(made.state["photometry"]["noise"]).all()


def test_target_beyond_the_revisits_is_not_valid() -> None:
    blobs = Blobs(19)
    stack = stack_of([blobs.revisit((0, 0), 24, 24), blobs.revisit((0.8, 0.3), 24, 24)], 2.0)
    made = fuse(replace(stack, size=(80, 60)), Method({"MAX_SHIFT": 2.0}, stack.scene()), window=(32, 32))
    assert made.valid[:48, :48].all() and not made.valid[52:].any() and not made.valid[:, 52:].any()


def test_weights_do_not_depend_on_windows() -> None:
    shifts = draw_shifts(4, 2.0, 11)
    images = landscape(48, 3, shifts, 11, snr=20)
    clear: list[Array | None] = [with_cloud(images[0], 3, 0.2), None, with_cloud(images[2], 4, 0.2), None]
    images[3][:, 10:25, 10:25] += 600
    stack = stack_of(images, 2.5, clear)
    method = Method({"MAX_SHIFT": 4.0}, stack.scene())
    whole = fuse(stack, method)
    parts = fuse(stack, method, window=(33, 27), state=whole.state)
    assert method.halo()["REVISITS"] >= WEIGHT_HALO + 4 + method.reach
    assert np.array_equal(whole.valid, parts.valid)
    assert np.abs(whole.image - parts.image).max() < 1e-4


def test_others_fill_where_the_reference_is_clouded() -> None:
    """Under the reference's cloud two that agree outvote one that changed; where none sees, nothing is valid."""
    blobs = Blobs(12)
    images = [blobs.revisit(shift, 64, 64) for shift in draw_shifts(4, 1.0, 12)]
    clear = [np.ones((64, 64), bool) for _ in images]
    clear[0][20:44, 20:44] = False
    for valid in clear:
        valid[:, 58:] = False
    images[2][:, 24:40, 24:40] += 500
    stack = stack_of(images, 2.0, clear)
    made = fuse(stack, Method({"MAX_SHIFT": 2.0}, stack.scene()))
    inside = np.s_[54:74, 54:74]
    assert (made.image[0][inside] == 0).all()
    assert made.image[1][inside].mean() > 0.8 and made.image[3][inside].mean() > 0.8
    assert made.image[2][inside].mean() < 0.1
    assert made.valid[:, :112].all() and not made.valid[:, 122:].any()


def test_lines_say_what_was_found() -> None:
    blobs = Blobs(13)
    images = [blobs.revisit((0, 0)), blobs.revisit((0.5, -1.25)), Blobs(99).revisit((0, 0)), blobs.revisit((9, 9))]
    stack = stack_of(images, 2.0, days=(0, -5, 1, 12))
    lines = fuse(stack, Method({"MAX_SHIFT": 4.0}, stack.scene())).lines
    assert lines[0] == "Revisit 1: the reference"
    assert lines[1].startswith("Revisit 2 (5 days before): shift +0.50 down, -1.25 right (error 0.0")
    assert lines[2].startswith("Revisit 3 (1 day after): not used, as it shows another place")
    assert lines[3].startswith("Revisit 4 (12 days after): not used") and len(lines) == 4
    alone = fuse(stack_of(images[2:], 2.0), Method({"MAX_SHIFT": 4.0}, stack_of(images[2:], 2.0).scene())).lines
    assert "REFERENCE_DATE" in alone[-1]


def test_robust_line_with_noise_in_both_and_a_fifth_changed() -> None:
    rng = np.random.default_rng(14)
    truth = rng.uniform(200, 1500, 3000)
    image, reference = truth + 60 * rng.standard_normal(3000), 1.1 * truth - 80 + 66 * rng.standard_normal(3000)
    reference[:600] = rng.uniform(0, 4000, 600)
    gain, offset = robust_line(image, reference)
    assert gain == pytest.approx(1.1, abs=0.015) and offset == pytest.approx(-80, abs=15)
    unrelated = rng.standard_normal(500) * 100
    gain, offset = robust_line(unrelated, rng.standard_normal(500) * 100 + 30)
    assert gain == 1.0 and offset == pytest.approx(30, abs=30)


@needs_shared("data/multispectral/oresund_s2")
@pytest.mark.parametrize("snr", [None, 10.0])
def test_revisits_made_of_a_real_scene(snr: float | None) -> None:
    gdal = pytest.importorskip("osgeo.gdal")
    path = shared_path("data/multispectral/oresund_s2/s2_l1c_10m.tif")
    truth = gdal.Open(str(path)).ReadAsArray(100, 100, 336, 336).astype(np.float32)
    shifts, rng = draw_shifts(6, 2.0, 15), np.random.default_rng(15)
    images = []
    for down, right in shifts:
        image = degrade(truth, 3, 0.3, (3 * (8 - down), 3 * (8 - right)), (96, 96))
        if snr is not None:
            image = image + image.std(axis=(1, 2), keepdims=True) / snr * rng.standard_normal(image.shape)
        images.append(image)
    found = register(stack_of(images, 2.0))
    assert found["used"].all() and errors(found, shifts).mean() < (0.02 if snr is None else 0.05)


@needs_shared("data/multidate/slovenia_s2_tiny")
def test_real_revisits_fit_each_other_unless_clouded() -> None:
    """Of five real dates one is cloudy all over, and its mask is not given."""
    gdal = pytest.importorskip("osgeo.gdal")
    dates = ("20150830", "20150909", "20150711", "20150731", "20150820")
    images = [
        gdal.Open(str(shared_path(f"data/multidate/slovenia_s2_tiny/s2_l1c_{date}.tif"))).ReadAsArray()[[1, 2, 3, 7]]
        for date in dates
    ]
    found = register(stack_of([image.astype(np.float32) for image in images], 2.0))
    assert found["used"].tolist() == [True, True, True, True, False]
    assert np.abs(found["shifts"]).max() < 1.0
    assert stack_of(images, 2.0).scene().items["REVISITS"] == 5


def test_blocks_are_left_as_they_are() -> None:
    shifts = draw_shifts(3, 1.0, 16)
    stack = stack_of([Blobs(16).revisit(shift, 48, 48) for shift in shifts], 2.0)
    window = window_at(stack, (0, 0, *stack.size), {})
    blocks = blocks_of(stack, window)
    before = [image.copy() for image in blocks["REVISITS"]]
    for one in registration_passes(stack.scene(), 4.0):
        one.add(blocks, window, {})
    assert all(map(np.array_equal, before, blocks["REVISITS"]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", [1, 2])
def test_many_revisits_shifted_by_whole_pixels(seed: int) -> None:
    """Copies that agree wholly leave no spread to weigh them by; shifts and errors are numbers all the same."""
    ground = _fractal(seed, 512)
    shifts = np.vstack([np.zeros((1, 2)), np.random.default_rng(seed).integers(-3, 4, (29, 2))])
    found = register(stack_of([_cut(ground, shift) for shift in shifts], 2.0), pass_window=(128, 128))
    assert found["used"].all() and errors(found, shifts).max() < 0.02
    assert np.isfinite(found["error"]).all() and found["error"].max() < 0.05


def _fractal(seed: int, side: int) -> Array:
    """Four bands of whole numbers with structure of all sizes."""
    rng = np.random.default_rng(seed)
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    amplitude = np.maximum(radius, 1 / side) ** -1.5
    phases = np.exp(2j * np.pi * rng.random((4, side, side // 2 + 1)))
    image = np.fft.irfft2(amplitude * phases, s=(side, side))
    return np.rint(2000 + 600 * image / image.std()).astype(np.float32)


def _cut(ground: Array, shift: Array) -> Array:
    """128 x 128 pixels of the ground, in which everything lies `shift` farther than its georeferencing says."""
    down, right = (int(6 - one) for one in shift)
    return ground[:, down : down + 128, right : right + 128]
