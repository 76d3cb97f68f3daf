"""Iterative back-projection: an estimate is improved until the sensor would have seen the revisits in it.

Each round shifts, blurs (the sensor's MTF) and samples the estimate as each revisit was, and takes what is missing back
onto the fine grid (Irani, M., Peleg, S. (1991): Improving resolution by image registration.
10.1016/1049-9652(91)90045-L). Taken back through the adjoint and weighted, that is the gradient of
    sum_k sum w_k (y_k - A_k x)^2 + smoothness sum (laplacian of x)^2,
scaled for each pixel by the inverse of the weight that it gets, so that no eigenvalue exceeds 1 and no step is too
long. The rounds follow Chebyshev's recurrence (Golub, G. H., Varga, R. S. (1961): Chebyshev semi-iterative methods,
successive overrelaxation iterative methods, and second order Richardson iterative methods, part I.
10.1007/BF01386013): its lengths are known beforehand, so each pixel depends on those around it alone, which conjugate
gradients would not allow.

Smoothness is what the noise asks for (see `texture`). Half-way, observations that miss the estimate by far more than
noise and local contrast explain lose their weight (iteratively reweighted least squares; Holland, P. W., Welsch, R. E.
(1977): Robust regression using iteratively reweighted least-squares. 10.1080/03610927708827533): clouds' edges and
changes that no mask and no comparison of pixels showed. The other robust form takes the median over the revisits of
what is missing instead of the mean (Zomet, A., Rav-Acha, A., Peleg, S. (2001): Robust super-resolution. Conference on
Computer Vision and Pattern Recognition).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.sensors import gains_for, sensor
from ...tasks.window import Axis, Window
from ..banded import Banded, adjoint_columns, adjoint_rows, apply_columns, apply_rows
from ..pansharpening.mtf import ESTIMATE, parse_gains
from ..resampling import mtf_matrix
from .registration import ROLE
from .revisits import RevisitsMethod
from .samples import WEIGHT, Grid, Part, grid_around, parts_in, weighted_median
from .texture import noise_of, smoothness_of, texture_pass

REWEIGHTED, MEDIAN, MEAN = "reweighted", "median", "mean"
ITERATIONS = 12
MARGIN = 16  # pixels of a revisit around a window within which the estimate is improved too
_LEAST_EIGENVALUE = 0.02  # what lies below is left to the starting estimate, as noise mostly
_LAPLACIAN_NORM = 64.0  # largest sum of magnitudes in a row of the Laplacian's square
_OBSERVED = 0.05  # of the weight that one revisit gives
_DOUBT = 4.0  # times noise and contrast where an observation begins to lose its weight; at twice that it has none
_DOUBT_AFTER = 6  # rounds, if there are twice as many
_CONTRAST = 0.15  # share of the range over 3 x 3 pixels that the estimate may yet miss half-way
_TARGET = Axis(0.0, 1.0, 1 << 40)
_STRIP = 64
_TINY = np.float32(1e-12)


@dataclass(frozen=True)
class Sight:
    """How a revisit sees the fine grid, for bands of one MTF: shift, blur and sampling, as matrices along the axes.

    Attributes:
        by_row: Fine rows to the revisit's.
        by_column: Fine columns to the revisit's.
    """

    by_row: Banded
    by_column: Banded

    def see(self, fine: Array) -> Array:
        """Return what the revisit sees of a fine image, (bands, fine rows, fine columns) -> (bands, rows, columns)."""
        return apply_columns(self.by_column, apply_rows(self.by_row, fine))

    def project_back(self, coarse: Array) -> Array:
        """Adjoint of `see`."""
        return adjoint_rows(self.by_row, adjoint_columns(self.by_column, coarse))


def sight_of(part: Part, grid: Grid, gain: float) -> Sight:
    """Return how the pixels of a part see a rectangle of the fine grid through an MTF."""
    block = part.block
    rows = (block.row, block.row + block.rows, grid.row, grid.rows)
    columns = (block.column, block.column + block.columns, grid.column, grid.columns)
    return Sight(
        mtf_matrix(block.row_axis, _TARGET, *rows, gain, 16), mtf_matrix(block.column_axis, _TARGET, *columns, gain)
    )


@dataclass(frozen=True)
class Estimate:
    """What back-projection made on a rectangle.

    Attributes:
        image: float32 (bands, rows, columns).
        weight: float32 (rows, columns), how many revisits see each pixel.
        misfits: Root mean square of what is missing in the revisits before each round and after the last, where asked.
    """

    image: Array
    weight: Array
    misfits: tuple[float, ...] = ()


class BackProjection(RevisitsMethod):
    """Iterative back-projection. WEIGHT is the number of revisits that see a pixel, by their weights."""

    reach = MARGIN

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        self._gains = _gains(parameters, scene)
        self._rounds = Rounds(
            int(parameters.get("ITERATIONS", ITERATIONS)),
            float(parameters.get("STEP", 1.0)),
            str(parameters.get("ROBUST", REWEIGHTED)),
        )
        self._smoothness = float(parameters.get("SMOOTHNESS", 1.0))

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of registration and photometry, and the one that measures noise and texture."""
        return (*super().passes(), texture_pass(self.scene))

    def output_bands(self) -> dict[str, list[str]]:
        """Return the name of the band of WEIGHT."""
        return {"WEIGHT": [WEIGHT]}

    def describe(self, state: State) -> list[str]:
        """Return the MTF gains beside what is said of the revisits."""
        gains = ", ".join(f"{gain:.3g}" for gain in sorted(set(self._gains)))
        smoothness = smoothness_of(state, len(self._gains)) * self._smoothness
        noise = noise_of(state, len(self._gains))
        each = ", ".join(
            f"{name} {weight:.3g} (noise {deviation:.3g})"
            for name, weight, deviation in zip(self.scene.band_names[ROLE], smoothness, noise)
        )
        return [*super().describe(state), f"MTF gain at Nyquist: {gains}", f"Smoothness: {each}"]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        seen = self.observations(blocks, state, window)
        grid = grid_around(window, self.ratio, MARGIN)
        parts = parts_in(seen, grid)
        rows, columns = grid.inside(window)
        result = np.zeros((len(self._gains), window.rows, window.columns), np.float32)
        weight = np.zeros((1, window.rows, window.columns), np.float32)
        smoothness = smoothness_of(state, len(result)) * self._smoothness
        noise = noise_of(state, len(result))
        for bands in bands_of(self._gains, self._rounds.robust == MEDIAN):
            if not parts:
                break
            own = [replace(part, image=part.image[bands]) for part in parts]
            scene = Scene(self._gains[bands[0]], smoothness[bands], noise[bands], self.ratio)
            made = estimate(own, grid, scene, self._rounds, window)
            result[bands] = made.image[:, rows, columns]
            weight[0] = made.weight[rows, columns]
        outputs = {"OUTPUT": result, "WEIGHT": weight}
        valid = self.valid(seen)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs


@dataclass(frozen=True)
class Rounds:
    """How an estimate is improved.

    Attributes:
        count: Number of rounds.
        step: Length of a step, 0 to 1.
        robust: "reweighted", "median" or "mean".
    """

    count: int = ITERATIONS
    step: float = 1.0
    robust: str = REWEIGHTED


@dataclass(frozen=True)
class Scene:
    """What is known of the bands that are estimated together.

    Attributes:
        gain: MTF gain at the revisits' Nyquist frequency.
        smoothness: Of each band, (bands,): the weight of the Laplacian where one observation has 1.
        noise: Standard deviation of each band's noise, (bands,).
        ratio: Fine pixels in a pixel of the reference, (rows, columns).
    """

    gain: float
    smoothness: Array
    noise: Array
    ratio: tuple[float, float]


def bands_of(gains: tuple[float, ...], singly: bool) -> list[list[int]]:
    """Return the bands that are estimated together: those of one gain, or each by itself."""
    if singly:
        return [[band] for band in range(len(gains))]
    return [[band for band, own in enumerate(gains) if own == gain] for gain in sorted(set(gains))]


def estimate(
    parts: list[Part],
    grid: Grid,
    scene: Scene,
    rounds: Rounds,
    window: Optional[Window] = None,
    misfits: bool = False,
) -> Estimate:
    """Estimate the fine image of a rectangle from the revisits.

    Args:
        parts: The pixels of the revisits in it, at least one of them.
        grid: The rectangle of the fine grid.
        scene: What is known of the bands.
        rounds: How it is improved.
        window: To learn whether the user has cancelled.
        misfits: Measure what is missing before each round and after the last.
    """
    sights = [sight_of(part, grid, scene.gain) for part in parts]
    one = 1 / (scene.ratio[0] * scene.ratio[1])  # the weight of a fine pixel that one revisit sees
    data = _seen_by(sights, parts)
    image = np.zeros((len(parts[0].image), grid.rows, grid.columns), np.float32)
    for sight, part in zip(sights, parts):
        image += sight.project_back(part.image * part.weight)
    image /= np.maximum(data, _TINY)
    prior = Smooth(data[0] > _OBSERVED * one, scene.smoothness * one)
    measured: list[float] = []
    move = np.zeros_like(image)
    for number, (step, momentum) in enumerate(_chebyshev(rounds.count)):
        if number == min(_DOUBT_AFTER, rounds.count // 2) and number > 0 and rounds.robust == REWEIGHTED:
            parts = _reweighted(parts, sights, image, scene.noise)
            data = _seen_by(sights, parts)
        missing = _missing(parts, sights, image, window, measured if misfits else None)
        if rounds.robust == MEDIAN:
            gradient = _median_back(missing, sights, parts) * data
        else:
            gradient = _sum_back(missing, sights, image.shape)
        prior.subtract_gradient(image, gradient)
        gradient = gradient / (data + prior.norm)
        move *= np.float32(momentum)
        move += np.float32(step * rounds.step) * gradient
        image += move
    if misfits:
        list(_missing(parts, sights, image, window, measured))
    return Estimate(image, data[0] / np.float32(one), tuple(measured))


class Smooth:
    """The penalty on the squared Laplacian, where a pixel and the four beside it are observed.

    Args:
        observed: bool (rows, columns).
        weights: Of the penalty, (bands,).
    """

    def __init__(self, observed: Array, weights: Array) -> None:
        self._weights = np.asarray(weights, np.float32)
        self.norm = _LAPLACIAN_NORM * self._weights[:, None, None] + _TINY
        inner = observed[1:-1, 1:-1] & observed[:-2, 1:-1] & observed[2:, 1:-1]
        inner &= observed[1:-1, :-2] & observed[1:-1, 2:]
        self._inner = inner.astype(np.float32)

    def subtract_gradient(self, image: Array, total: Array) -> None:
        """Subtract from `total` half the gradient of the penalty at `image`, band by band."""
        for one, into, weight in zip(image, total, self._weights):
            bend = _laplacian(one)
            bend *= weight * self._inner
            into[1:-1, 1:-1] += 4 * bend
            into[:-2, 1:-1] -= bend
            into[2:, 1:-1] -= bend
            into[1:-1, :-2] -= bend
            into[1:-1, 2:] -= bend


def _reweighted(parts: list[Part], sights: list[Sight], image: Array, noise: Array) -> list[Part]:
    """Return the parts with less weight where they miss the estimate by more than noise and contrast.

    Changes are judged against the reference, so what that shows stands.
    """
    found = []
    for part, sight in zip(parts, sights):
        if part.item == 0:
            found.append(part)
            continue
        seen = sight.see(image)
        tolerance = np.square(_CONTRAST * _range(seen)) + np.square(noise.astype(np.float32))[:, None, None]
        excess = np.sqrt((np.square(part.image - seen) / (tolerance + _TINY)).mean(axis=0))
        found.append(replace(part, weight=part.weight * np.clip(2 - excess / np.float32(_DOUBT), 0, 1)))
    return found


def _range(image: Array) -> Array:
    """Return the difference between the largest and the least of each pixel and the eight around it."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows, columns = image.shape[1:]
    down = [padded[:, step : step + rows] for step in range(3)]
    high, low = np.maximum.reduce(down), np.minimum.reduce(down)
    across = [slice(step, step + columns) for step in range(3)]
    most: Array = np.maximum.reduce([high[:, :, one] for one in across])
    most -= np.minimum.reduce([low[:, :, one] for one in across])
    return most


def _laplacian(image: Array) -> Array:
    """Return the sum of the four neighbours less four times the pixel, without the outermost pixels."""
    sides: Array = image[:-2, 1:-1] + image[2:, 1:-1]
    sides += image[1:-1, :-2]
    sides += image[1:-1, 2:]
    sides -= 4 * image[1:-1, 1:-1]
    return sides


def _chebyshev(count: int) -> Iterator[tuple[float, float]]:
    """Yield, for each round, the length of its step and how much of the last move it keeps."""
    centre, half = (1 + _LEAST_EIGENVALUE) / 2, (1 - _LEAST_EIGENVALUE) / 2
    ratio = half / centre
    for place in range(count):
        if place == 0:
            yield 1 / centre, 0.0
            continue
        following = 1 / (2 * centre / half - ratio)
        yield 2 * following / half, following * ratio
        ratio = following


def _missing(
    parts: list[Part], sights: list[Sight], image: Array, window: Optional[Window], measured: Optional[list[float]]
) -> Iterator[Array]:
    """Yield, for each revisit, what it shows beyond the estimate, times its weights; append how much that is."""
    total = count = 0.0
    for part, sight in zip(parts, sights):
        if window is not None:
            window.raise_if_cancelled()
        missing = part.image - sight.see(image)
        if measured is not None:
            total += float((missing.astype(np.float64) ** 2 * part.weight).sum())
            count += float(part.weight.sum(dtype=np.float64)) * len(image)
        missing *= part.weight
        yield missing
    if measured is not None:
        measured.append((total / max(count, 1e-12)) ** 0.5)


def _sum_back(missing: Iterator[Array], sights: list[Sight], shape: tuple[int, ...]) -> Array:
    """Return the sum over the revisits of what is missing, taken back onto the fine grid."""
    total = np.zeros(shape, np.float32)
    for one, sight in zip(missing, sights):
        total += sight.project_back(one)
    return total


def _median_back(missing: Iterator[Array], sights: list[Sight], parts: list[Part]) -> Array:
    """Return the median over the revisits, by their weights, of what is missing, taken back onto the fine grid."""
    weights = [sight.project_back(part.weight[None])[0] for sight, part in zip(sights, parts)]
    back = [sight.project_back(one) / np.maximum(own, _TINY) for one, sight, own in zip(missing, sights, weights)]
    result: Array = np.empty_like(back[0])
    for band in range(len(result)):
        for top in range(0, result.shape[1], _STRIP):
            rows = slice(top, top + _STRIP)
            values, own = np.stack([one[band, rows] for one in back]), np.stack([one[rows] for one in weights])
            result[band, rows] = weighted_median(values, own)
    return result


def _seen_by(sights: list[Sight], parts: list[Part]) -> Array:
    """Return how much the revisits see of each fine pixel, float32 (1, rows, columns)."""
    total: Array = sights[0].project_back(parts[0].weight[None])
    for sight, part in zip(sights[1:], parts[1:]):
        total += sight.project_back(part.weight[None])
    return total


def _gains(parameters: Mapping[str, Any], scene: SceneInfo) -> tuple[float, ...]:
    """Return each band's MTF gain.

    Raises:
        InputError: MTF_GAINS is neither empty, one number nor a number for each band.
    """
    bands = scene.bands[ROLE]
    text = str(parameters.get("MTF_GAINS", "")).strip().lower()
    if text == ESTIMATE:
        raise InputError(
            "MTF_GAINS cannot be estimated from revisits; give numbers, or leave it empty for the sensor's."
        )
    if text:
        return parse_gains(text, bands)
    return gains_for(sensor(parameters.get("SENSOR", "default")), bands, scene.wavelengths_nm.get(ROLE, ()))
