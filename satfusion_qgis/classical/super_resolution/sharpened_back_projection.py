"""Back-projection with PAN's detail: revisits and PAN fused in one go, F_b = x_b + g_b(x) (P - LP(P)) + k_b r.

x_b is what iterative back-projection makes of the revisits on PAN's grid. It resolves more than one revisit does, but
less than PAN, and how much less depends on shifts, weights, noise and smoothness. So PAN's low-pass is found by what
found x: each revisit's view of PAN (its shift, blur and sampling) is one more band of it, and LP(P) is what the same
back-projection makes of that band.

The gain g_b is the regression of the band's detail on PAN's. It is measured over the scene on the reference's grid with
an MTF-matched low-pass, and around each pixel on x and LP(P), where it is drawn to the scene's as far as there is no
contrast (Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A. (2002): Context-driven fusion of high spatial and spectral
resolution images based on oversampled multiresolution analysis. 10.1109/TGRS.2002.803623).

What the bands still lack is seen where their weighted sum should give PAN: r is the finest part of P - sum_b w_b F_b,
with w the regression of PAN's detail on the bands', and k_b the gain of a band's detail on that of the sum (Aiazzi, B.,
Baronti, S., Selva, M. (2007): Improving component substitution pansharpening through multivariate regression of MS +
Pan data. 10.1109/TGRS.2007.901007). This takes out noise and aliasing that the bands have and PAN does not. It is done
in so far as the bands explain PAN.

What PAN will add need not be drawn from the revisits' noise: a band is the smoother the better it follows PAN.

Irani, M., Peleg, S. (1991): Improving resolution by image registration. 10.1016/1049-9652(91)90045-L
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array, Blocks, Pass, SceneInfo, State
from ...tasks.validity import combine
from ...tasks.window import Axis, BlockWindow, Window
from ..banded import apply_columns, apply_rows
from ..pansharpening.mtf import MtfGains
from ..pansharpening.regression import Sums, regression_pass, solve_normal
from ..resampling import CUBIC_HALO, cubic_matrix
from .back_projection import MARGIN, MEDIAN, BackProjection, Scene, bands_of, estimate, sight_of
from .pan_registration import PAN, describe_pan, pan_halo, pan_registered, pan_registration
from .registration import ROLE
from .samples import Grid, Part, grid_around, parts_in
from .texture import noise_of, smoothness_of

NAME = "pan_detail"
_WINDOWS = 64
# Radii of squares, in pixels of a revisit.
_DETAIL = 3.0  # detail is what differs from the mean over such a square
_AROUND = 2.0  # a gain is regressed over such a square
_FINEST = 0.75  # and the finest detail differs from the mean over such a one
_BEYOND = 6  # pixels of a revisit around a window on which detail and gains rest
_HOLES = (1.0, 3.0, 8.0)  # holes of PAN are filled from such squares, the smallest first
_DRAWN = 0.1  # share of the variance of PAN's detail by which a gain is drawn to the scene's
_LEAST, _MOST = -1.0, 3.0  # times the spread of the band's detail over that of PAN's
_CORRECTED = 0.7
_UNEXPLAINED = 0.8  # share of PAN's detail that the bands must explain before they are corrected by it
_MOST_FOLLOWED = 0.95  # share of a band's detail that PAN explains, at most
_NO_DOUBT = 1e12  # PAN's band says nothing about which observations fit
_TINY = 1e-12


@dataclass(frozen=True)
class Detail:
    """How the bands' detail and PAN's go together, on the reference's grid.

    Attributes:
        mean: PAN's mean.
        variance: Of PAN's detail.
        gains: Regression of each band's detail on PAN's, (bands,).
        correlation: Of each band's detail with PAN's, (bands,).
        spread: Standard deviation of each band's detail over that of PAN's, (bands,).
        weights: Regression of PAN's detail on the bands', (bands,).
        corrections: What each band gets of what the weighted sum of the bands lacks of PAN, (bands,).
        explained: Share of PAN's detail that the bands explain.
    """

    mean: float
    variance: float
    gains: Array
    correlation: Array
    spread: Array
    weights: Array
    corrections: Array
    explained: float


class SharpenedBackProjection(BackProjection):
    """Back-projection of the revisits, with the detail of PAN that it cannot hold."""

    reach = MARGIN + _BEYOND

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        super().__init__(parameters, scene)
        usual = {"SENSOR": "default", "MTF_GAINS": ""}
        self._mtf = MtfGains({**usual, **parameters}, _as_pansharpening(scene))

    def halo(self) -> dict[str, int]:
        """Return the halo of the revisits, and that of PAN: as far as back-projection goes around a window."""
        around = math.ceil(self.reach * max(self.ratio)) + CUBIC_HALO + 1
        return {**super().halo(), PAN: around + pan_halo(self.scene, self.largest_shift)}

    def passes(self) -> tuple[Pass, ...]:
        """Return the passes of back-projection, PAN's registration, and what compares the bands' detail with PAN's."""
        placing = pan_registration(self.scene, self.largest_shift)
        return (*super().passes(), *placing, detail_pass(self._mtf, self.scene, self.largest_shift))

    def describe(self, state: State) -> list[str]:
        """Return the gains of PAN's detail beside what is said of the revisits."""
        found = Detail(**state[NAME])
        each = ", ".join(
            f"{name} {gain:.3g} (correlation {value:.2f})"
            for name, gain, value in zip(self.scene.band_names[ROLE], found.gains, found.correlation)
        )
        return [
            *super().describe(state),
            *describe_pan(self.scene, state, self.largest_shift),
            f"Gains of PAN's detail where there is no contrast around a pixel: {each}",
            f"The bands explain {100 * found.explained:.1f} % of PAN's detail",
        ]

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute one window."""
        found = Detail(**state[NAME])
        seen = self.observations(blocks, state, window)
        grid = grid_around(window, self.ratio, self.reach)
        parts = parts_in(seen, grid)
        pan, known = pan_over(blocks, pan_registered(window, state), grid)
        inside = grid.inside(window)
        result = np.zeros((self.scene.bands[ROLE], window.rows, window.columns), np.float32)
        weight = np.zeros((1, window.rows, window.columns), np.float32)
        if parts:
            pan = filled(pan - np.float32(found.mean), known, self.ratio)
            estimates, low, counts = self._projected(parts, grid, pan, state, window)
            fused = self._sharpened(estimates, low, pan, np.clip(counts, 0, 1) * known, found, window)
            result[:] = fused[:, inside[0], inside[1]]
            weight[0] = counts[inside]
        outputs = {"OUTPUT": result, "WEIGHT": weight}
        shown = known[inside] > 0
        valid = combine(self.valid(seen), None if shown.all() else shown)
        if valid is not None:
            outputs["OUTPUT_valid"] = outputs["WEIGHT_valid"] = valid
        return outputs

    def _projected(
        self, parts: list[Part], grid: Grid, pan: Array, state: State, window: Window
    ) -> tuple[Array, Array, Array]:
        """Return back-projection of the bands, of PAN for each of them, and how many revisits see each pixel.

        Args:
            parts: The revisits' pixels.
            grid: Where the estimate lies.
            pan: float32 (rows, columns) on it.
            state: Results of the passes.
            window: To learn whether the user has cancelled.

        Returns:
            float32 (bands, rows, columns) twice, and float32 (rows, columns).
        """
        bands = len(self._gains)
        both = np.empty((2, bands, grid.rows, grid.columns), np.float32)
        found = Detail(**state[NAME])
        followed = np.minimum(found.correlation**2, _MOST_FOLLOWED)
        smoothness = smoothness_of(state, bands) * self._smoothness / np.sqrt(1 - followed)
        noise = noise_of(state, bands)
        counts = np.zeros((grid.rows, grid.columns), np.float32)
        for chosen in bands_of(self._gains, self._rounds.robust == MEDIAN):
            gain = self._gains[chosen[0]]
            views = [sight_of(part, grid, gain).see(pan[None]) for part in parts]
            own = [replace(part, image=np.concatenate([part.image[chosen], view])) for part, view in zip(parts, views)]
            typical = float(np.exp(np.log(np.maximum(smoothness[chosen], _TINY)).mean()))
            scene = Scene(gain, np.append(smoothness[chosen], typical), np.append(noise[chosen], _NO_DOUBT), self.ratio)
            made = estimate(own, grid, scene, self._rounds, window)
            both[0, chosen], both[1, chosen] = made.image[:-1], made.image[-1]
            counts = made.weight
        return both[0], both[1], counts

    def _sharpened(
        self, estimates: Array, low: Array, pan: Array, counts: Array, found: Detail, window: Window
    ) -> Array:
        """Return the bands with PAN's detail, and corrected so that their sum gives PAN's finest detail.

        Args:
            estimates: The bands, (bands, rows, columns).
            low: PAN as back-projection makes it, for each band.
            pan: PAN, (rows, columns).
            counts: How much each pixel counts, (rows, columns), 0 to 1.
            found: What the pass found.
            window: To learn whether the user has cancelled.
        """
        wide, around = Squares(counts, self._radii(_DETAIL)), Squares(counts, self._radii(_AROUND))
        drawn = _DRAWN * found.variance + _TINY
        fused = np.empty_like(estimates)
        for band, (image, smooth) in enumerate(zip(estimates, low)):
            window.raise_if_cancelled()
            of_pan = smooth - wide.mean(smooth)
            variance = around.mean(of_pan * of_pan)
            shared = around.mean((image - wide.mean(image)) * of_pan)
            gain = (shared + drawn * found.gains[band]) / (variance + drawn)
            limits = np.array([_LEAST, _MOST]) * found.spread[band]
            fused[band] = image + np.clip(gain, *limits) * (pan - smooth)
        strength = _CORRECTED * min(max((found.explained - _UNEXPLAINED) / (1 - _UNEXPLAINED), 0.0), 1.0)
        if strength > 0:
            lacking: Array = pan - np.tensordot(found.weights.astype(np.float32), fused, axes=1)
            finest = lacking - Squares(counts, self._radii(_FINEST)).mean(lacking)
            for band, share in enumerate(found.corrections):
                fused[band] += np.float32(strength * share) * finest
        return fused

    def _radii(self, radius: float) -> tuple[int, int]:
        """Return the radius of a square in fine rows and columns."""
        return _radii(radius, self.ratio)


class Squares:
    """Means over squares around each pixel, by how much pixels count; those beyond the edges do not.

    Args:
        counts: (rows, columns), 0 or more.
        radii: Half the sides without the middle, (rows, columns).
    """

    def __init__(self, counts: Array, radii: tuple[int, int]) -> None:
        self._radii = radii
        self._counts = counts.astype(np.float32)
        self.total: Array = np.maximum(self._sum(self._counts), _TINY)

    def _sum(self, image: Array) -> Array:
        for axis, radius in enumerate(self._radii):
            size = image.shape[axis]
            running = np.zeros([size + 1 if own == axis else length for own, length in enumerate(image.shape)])
            np.cumsum(image, axis=axis, dtype=np.float64, out=running[1:] if axis == 0 else running[:, 1:])
            places = np.arange(size)
            above, below = np.minimum(places + radius + 1, size), np.maximum(places - radius, 0)
            image = np.take(running, above, axis) - np.take(running, below, axis)
        return image

    def mean(self, image: Array) -> Array:
        """Return the means around each pixel, float32 (rows, columns); 0 where nothing counts."""
        mean: Array = self._sum(image * self._counts) / self.total
        return mean.astype(np.float32)


def pan_over(blocks: Blocks, window: Window, grid: Grid) -> tuple[Array, Array]:
    """Return PAN over a rectangle of the target grid; beyond its edges they are replicated.

    Args:
        blocks: With PAN.
        window: With PAN's axes.
        grid: The rectangle.

    Returns:
        float32 (rows, columns), 0 where invalid, and float32 (rows, columns): 1 where PAN is known, else 0.
    """
    block = window.block(PAN)
    image = np.asarray(blocks[PAN], np.float32)[:1]
    valid = blocks.get(f"{PAN}_valid")
    seen = np.ones_like(image) if valid is None else np.asarray(valid, np.float32)[None]
    rows, in_rows = _along(block.row_axis, block.row, block.rows, grid.row, grid.rows)
    columns, in_columns = _along(block.column_axis, block.column, block.columns, grid.column, grid.columns)
    if rows is not None and columns is not None:
        image, seen = image[:, rows[:, None], columns[None]], seen[:, rows[:, None], columns[None]]
    else:
        image, seen = _moved(image, block, grid), _moved(seen, block, grid)
    known = (seen[0] > 1 - 1e-3) & in_rows[:, None] & in_columns[None]
    outside = ~(in_rows[:, None] & in_columns[None]) & (seen[0] > 1 - 1e-3)
    return np.where(known | outside, image[0], np.float32(0)), known.astype(np.float32)


def _along(axis: Axis, first: int, count: int, start: int, length: int) -> tuple[Optional[Array], Array]:
    """Return which pixels of a block lie at target pixels, None where between them; and which of these are over it."""
    places = axis.origin + axis.scale * (np.arange(start, start + length) + 0.5) - 0.5
    inside = (places > -0.5 - 1e-6) & (places < axis.size - 0.5 + 1e-6)
    whole = np.rint(places)
    if np.abs(places - whole).max() > 1e-3:
        return None, inside
    return (whole.astype(np.intp) - first).clip(0, count - 1), inside


def _moved(image: Array, block: BlockWindow, grid: Grid) -> Array:
    by_row = cubic_matrix(block.row_axis, grid.row, grid.row + grid.rows, block.row, block.rows)
    by_column = cubic_matrix(block.column_axis, grid.column, grid.column + grid.columns, block.column, block.columns)
    return apply_columns(by_column, apply_rows(by_row, image))


def filled(pan: Array, known: Array, ratio: tuple[float, float]) -> Array:
    """Return PAN less its mean with holes filled from around them, and by 0 where nothing is near.

    Args:
        pan: float32 (rows, columns).
        known: 1 where PAN is known, else 0.
        ratio: Pixels of PAN in one of the reference's, (rows, columns).
    """
    if known.all():
        return pan
    result = np.where(known > 0, pan, np.float32(0))
    missing = known == 0
    for radius in _HOLES:
        squares = Squares(known, _radii(radius, ratio))
        near = missing & (squares.total > 0.5)
        result[near] = squares.mean(result * known)[near]
        missing &= ~near
    return result


def _radii(radius: float, ratio: tuple[float, float]) -> tuple[int, int]:
    return max(1, round(radius * ratio[0])), max(1, round(radius * ratio[1]))


def detail_pass(gains: MtfGains, scene: SceneInfo, largest_shift: float) -> Pass:
    """Return the pass that compares the detail of the reference's bands with PAN's.

    Its result, `state["pan_detail"]`, is a `Detail` as plain data.

    Args:
        gains: MTF gains of the bands.
        scene: What is known of the scene.
        largest_shift: How far PAN may lie from the reference, in pixels of the revisits.
    """
    bands = scene.bands[ROLE]
    own = regression_pass(gains, lambda found: found, detail=True)

    def add(blocks: Blocks, window: Window, state: State) -> Optional[Sums]:
        placed = pan_registered(window, state)
        reference = placed.block(ROLE)
        pair = {
            "MS": blocks[ROLE][0],
            "MS_valid": blocks[f"{ROLE}_valid"][0],
            PAN: np.asarray(blocks[PAN])[:1],
            f"{PAN}_valid": blocks.get(f"{PAN}_valid"),
        }
        found: Optional[Sums] = own.add(pair, replace(placed, blocks={"MS": reference, PAN: placed.block(PAN)}), state)
        return found

    def finish(sums: Optional[Sums], state: State) -> dict[str, Any]:
        if sums is None or sums[0] is None or sums[0][0, 0] < 2:
            raise InputError(
                "The reference and PAN have no valid pixel in common; choose another REFERENCE_DATE, or another PAN."
            )
        found = own.finish(sums, state)
        if float(found["covariance"][-1, -1]) <= 0:
            raise InputError(
                "PAN is constant where it overlaps the reference; choose the file or band of the panchromatic image."
            )
        return vars(_detail(found, bands))

    halo = {ROLE: own.halo["MS"], PAN: own.halo[PAN] + pan_halo(scene, largest_shift)}
    return Pass(NAME, (ROLE, PAN), halo, add, own.merge, finish, _WINDOWS)


def _detail(found: Mapping[str, Any], bands: int) -> Detail:
    """Return what the moments say; those of all scales where the scene is too small to tell detail."""
    mean = float(found["mean"][-1])
    covariance = np.asarray((found["detail"] or found)["covariance"], np.float64)
    variance = float(covariance[-1, -1])
    if variance <= 0:
        none = np.zeros(bands)
        return Detail(mean, 0.0, none, none, none, none, none, 0.0)
    of_bands, shared = covariance[:-1, :-1], covariance[:-1, -1]
    own = np.diag(of_bands)
    spread = np.sqrt(own / variance)
    correlation = np.where(own > 0, shared / np.sqrt(np.maximum(own * variance, _TINY**2)), 0.0)
    weights = solve_normal(of_bands, shared)
    together = float(weights @ of_bands @ weights)
    corrections = of_bands @ weights / together if together > 0 else np.zeros(bands)
    explained = min(together / variance, 1.0)
    return Detail(mean, variance, shared / variance, correlation, spread, weights, corrections, explained)


def _as_pansharpening(scene: SceneInfo) -> SceneInfo:
    """Return the scene with the reference as MS."""
    return replace(
        scene,
        bands={"MS": scene.bands[ROLE], PAN: 1},
        items={"MS": 1, PAN: 1},
        ratio={"MS": scene.ratio[ROLE], PAN: (1.0, 1.0)},
        band_names={"MS": scene.band_names.get(ROLE, ())},
        wavelengths_nm={"MS": scene.wavelengths_nm.get(ROLE, ())},
    )
