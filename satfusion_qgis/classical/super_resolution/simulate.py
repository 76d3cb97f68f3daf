"""Revisits of one place, simulated from one sharp image: shifted, blurred, sampled, with noise, gains and clouds.

The model is the usual one, y = D B T x + n (Elad, M., Feuer, A. (1997): Restoration of a single superresolution image
from several blurred, noisy, and undersampled measured images. IEEE Transactions on Image Processing 6(12), 1646-1658).
Shift, blur and sampling are one step: the sensor's point spread is evaluated where each coarse pixel's centre falls on
the sharp image, so a shift of any fraction of a pixel is exact. Blurs are set by their modulation transfer function
(MTF) at the coarse Nyquist frequency: a Gaussian (Aiazzi et al. 2006, 10.14358/PERS.72.5.591), a Gaussian after the
detector's box, or the diffraction at a square aperture (MTF a triangle, point spread a squared sinc; Goodman, J. W.
(1968): Introduction to Fourier Optics, on incoherent imaging).

Scores of networks that were trained on simulated revisits need other revisits than those: `TRAINING` and `HELD_OUT`
differ in blur, noise, shifts and clouds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array
from ..banded import Banded, apply_columns, apply_rows
from ..resampling import mtf_kernel, mtf_sigma

KERNELS = ("gaussian", "box_gaussian", "diffraction")
_LEAST_GAIN, _MOST_GAIN = 0.05, 0.6
_DIFFRACTION_REACH = 6.0  # coarse pixels; 1.5 % of a squared sinc's energy lies beyond
_BLOCK = 16
_CLEAR = 0.02  # a pixel that a cloud hides less than this is clear
_RAMP = 0.25  # how far, in standard deviations of the cloud field, a cloud takes from thin to thick
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Simulation:
    """How revisits are made.

    Attributes:
        revisits: How many; the first is the reference.
        largest_shift: Shifts are uniform between this and its negative, in coarse pixels, along rows and columns.
        shift_first: Shift the reference too.
        shifts: (down, right) of each revisit instead of random ones, in coarse pixels.
        kernel: "gaussian", "box_gaussian" or "diffraction".
        blur: MTF at the coarse Nyquist frequency, between 0.05 and 0.6: one for all bands, or one for each.
        noise: Signal-to-noise ratio, the mean of a band over the noise's standard deviation; 0 for no noise.
        shot: Share of the noise's variance that grows with the signal, 0 to 1.
        gain: Each revisit and band but the first's is multiplied by 1, give or take up to this.
        offset: As `gain`, for what is added, as a share of the band's mean.
        clouded_revisits: How many revisits have clouds; the first has none unless all have.
        cloud_share: Share of a clouded revisit that is clouded.
        cloud_size: Size of clouds, as a share of the image's longer side.
        mask_error: How far masks miss the clouds' edges: 0 not at all, 1 wildly.
        seed: Everything random follows from it.
    """

    revisits: int = 8
    largest_shift: float = 2.0
    shift_first: bool = False
    shifts: Optional[tuple[tuple[float, float], ...]] = None
    kernel: str = "gaussian"
    blur: tuple[float, ...] = (0.3,)
    noise: float = 100.0
    shot: float = 0.0
    gain: float = 0.03
    offset: float = 0.01
    clouded_revisits: int = 2
    cloud_share: float = 0.3
    cloud_size: float = 0.25
    mask_error: float = 0.0
    seed: int = 0


TRAINING = Simulation(largest_shift=1.5, mask_error=0.1)
HELD_OUT = Simulation(
    largest_shift=2.0,
    kernel="box_gaussian",
    blur=(0.26,),
    noise=70.0,
    shot=0.5,
    gain=0.05,
    offset=0.02,
    cloud_size=0.12,
    mask_error=0.2,
)


@dataclass(frozen=True)
class Simulated:
    """Simulated revisits.

    Attributes:
        revisits: float32 (revisits, bands, rows, columns).
        masks: bool (revisits, rows, columns), True where a pixel is said to be clear and lies in the image.
        shifts: float64 (revisits, 2), (down, right) in coarse pixels: what the sharp image shows at the centre of
            coarse pixel j stands in revisit k at j + shifts[k].
        clouds: float32 (revisits, rows, columns), what share of each pixel's light truly comes from clouds.
    """

    revisits: Array
    masks: Array
    shifts: Array
    clouds: Array


def simulate(
    image: Array, ratio: float, settings: Optional[Simulation] = None, valid: Optional[Array] = None
) -> Simulated:
    """Make revisits of one place from one sharp image.

    Coarse and sharp pixels share the image's upper left corner; rows and columns that fill no whole coarse pixel are
    left out.

    Args:
        image: (bands, rows, columns), the sharp image.
        ratio: Sharp pixels in a coarse one along an axis, at least 1; need not be whole.
        settings: How they are made.
        valid: bool (rows, columns), or None where all pixels are valid.

    Returns:
        The revisits, `floor(rows / ratio)` by `floor(columns / ratio)`.

    Raises:
        InputError: A setting is out of range, or the image is smaller than a coarse pixel.
    """
    settings = settings or Simulation()
    image = np.asarray(image, np.float32)
    if valid is not None:
        image = np.where(valid, image, np.float32(0))
    gains = _checked(settings, image.shape, ratio)
    height, width = (math.floor(size / ratio + 1e-9) for size in image.shape[1:])
    # Each kind of randomness has its own stream: changing one setting leaves the other draws as they were.
    of_shifts, of_gains, of_clouds, of_noise = (
        np.random.default_rng(child) for child in np.random.SeedSequence(settings.seed).spawn(4)
    )
    shifts = _shifts(settings, of_shifts)
    level = _level(image, valid)
    bright = _bright(image, valid)
    gain, offset = _photometry(settings, level, of_gains)
    clouded = _clouded(settings, of_clouds)
    revisits = np.empty((settings.revisits, len(image), height, width), np.float32)
    masks = np.empty((settings.revisits, height, width), bool)
    clouds = np.zeros((settings.revisits, height, width), np.float32)
    for k in range(settings.revisits):
        revisits[k], masks[k] = _seen(image, valid, ratio, shifts[k], gains, settings.kernel, (height, width))
        if k in clouded:
            clouds[k], hidden = _cloud(settings, (height, width), of_clouds)
            masks[k] &= ~hidden
            revisits[k] += clouds[k] * (bright[:, None, None] - revisits[k])
        revisits[k] *= gain[k, :, None, None]
        revisits[k] += offset[k, :, None, None]
        if settings.noise > 0:
            revisits[k] += _noise(revisits[k], level, settings, of_noise)
    return Simulated(revisits, masks, shifts, clouds)


def _checked(settings: Simulation, shape: tuple[int, ...], ratio: float) -> tuple[float, ...]:
    """Return each band's MTF gain, once the settings are found to be possible."""
    if len(shape) != 3 or min(shape) < 1:
        raise InputError("The image to simulate revisits from must have bands, rows and columns.")
    if not ratio >= 1 or min(shape[1:]) < ratio:
        raise InputError(f"RATIO must be at least 1 and at most the image's shorter side, not {ratio:g}.")
    if settings.revisits < 1:
        raise InputError("The number of revisits must be at least 1.")
    if settings.kernel not in KERNELS:
        raise InputError(f"The blur must be one of {', '.join(KERNELS)}, not {settings.kernel!r}.")
    if len(settings.blur) not in (1, shape[0]):
        raise InputError(f"The blur needs one MTF gain, or one for each of the {shape[0]} bands.")
    if not all(_LEAST_GAIN <= gain <= _MOST_GAIN for gain in settings.blur):
        raise InputError(f"The MTF gains of the blur must lie between {_LEAST_GAIN} and {_MOST_GAIN}.")
    if settings.shifts is not None and len(settings.shifts) != settings.revisits:
        raise InputError(f"There must be a shift for each of the {settings.revisits} revisits.")
    if not 0 <= settings.cloud_share <= 1 or not 0 <= settings.shot <= 1 or settings.cloud_size <= 0:
        raise InputError("Shares must lie between 0 and 1, and the size of clouds be more than 0.")
    return settings.blur if len(settings.blur) == shape[0] else settings.blur * shape[0]


def _shifts(settings: Simulation, drawing: np.random.Generator) -> Array:
    drawn = drawing.uniform(-settings.largest_shift, settings.largest_shift, (settings.revisits, 2))
    if settings.shifts is not None:
        return np.array(settings.shifts, np.float64)
    if not settings.shift_first:
        drawn[0] = 0
    return drawn


def _level(image: Array, valid: Optional[Array]) -> Array:
    """Return the mean signal of each band, float64 (bands,)."""
    magnitude = np.abs(image.astype(np.float64)).reshape(len(image), -1)
    count = magnitude.shape[1] if valid is None else int(np.count_nonzero(valid))
    level: Array = magnitude.sum(axis=1) / max(count, 1)
    return level


def _bright(image: Array, valid: Optional[Array]) -> Array:
    """Return how bright clouds are in each band: well above nearly everything on the ground."""
    ground = image.reshape(len(image), -1) if valid is None or not valid.any() else image[:, valid]
    low, high = np.percentile(ground, (1, 99.5), axis=1)
    bright: Array = (high + 0.5 * (high - low)).astype(np.float32)
    return bright


def _photometry(settings: Simulation, level: Array, drawing: np.random.Generator) -> tuple[Array, Array]:
    """Return gain and offset, float32 (revisits, bands); 1 and 0 for the reference."""
    drawn = drawing.uniform(-1, 1, (2, settings.revisits, len(level)))
    drawn[:, 0] = 0
    gain = 1 + settings.gain * drawn[0]
    return gain.astype(np.float32), (settings.offset * level * drawn[1]).astype(np.float32)


def _clouded(settings: Simulation, drawing: np.random.Generator) -> set[int]:
    """Choose the revisits that have clouds."""
    count = min(settings.clouded_revisits, settings.revisits)
    order = drawing.permutation(np.arange(1, settings.revisits))
    return {int(k) for k in (*order, 0)[:count]}


def _seen(
    image: Array,
    valid: Optional[Array],
    ratio: float,
    shift: Array,
    gains: tuple[float, ...],
    kernel: str,
    size: tuple[int, int],
) -> tuple[Array, Array]:
    """Blur and sample the image where a shifted sensor's pixels fall on it.

    Returns:
        float32 (bands, rows, columns), and bool (rows, columns): the pixel's centre lies in the image, and at least
        half of what it shows is valid.
    """
    centres = [ratio * (np.arange(size[k]) - shift[k]) + (ratio - 1) / 2 for k in (0, 1)]
    inside = [(at > -0.5 - 1e-9) & (at < image.shape[k + 1] - 0.5 + 1e-9) for k, at in enumerate(centres)]
    good = inside[0][:, None] & inside[1][None]
    result = np.empty((len(image), *size), np.float32)
    for gain in sorted(set(gains)):
        spread, reach = point_spread(kernel, ratio, gain)
        by_row, by_column = (Banded(centres[k], reach, spread, image.shape[k + 1], _BLOCK) for k in (0, 1))
        places = [place for place, own in enumerate(gains) if own == gain]
        seen = apply_columns(by_column, apply_rows(by_row, image[places]))
        if valid is not None:
            share = apply_columns(by_column, apply_rows(by_row, valid[None].astype(np.float32)))[0]
            seen /= np.where(share > 1e-3, share, np.float32(1))
            good &= share >= _LEAST_SHARE
        result[places] = seen
    return result, good


def point_spread(kernel: str, ratio: float, gain: float) -> tuple[Callable[[Array], Array], float]:
    """Return a sensor's point spread along an axis, and how far it reaches.

    Args:
        kernel: One of `KERNELS`.
        ratio: Fine pixels in a coarse one.
        gain: MTF at the coarse Nyquist frequency.

    Returns:
        Weight by distance (fine pixels), not normalised, and the distance (fine pixels) from which on it is 0.
    """
    if kernel == "gaussian":
        return mtf_kernel(ratio, gain)
    if kernel == "box_gaussian":
        return _box_gaussian(ratio, gain)
    return _diffraction(ratio, gain)


def _box_gaussian(ratio: float, gain: float) -> tuple[Callable[[Array], Array], float]:
    """A detector of a coarse pixel's width, behind a Gaussian that makes up the rest of the MTF."""
    sigma = mtf_sigma(ratio, gain / float(np.sinc(0.5)))
    reach = ratio / 2 + 4 * sigma
    error = np.vectorize(math.erf, otypes=[np.float64])

    def spread(distance: Array) -> Array:
        scaled = np.array([distance + ratio / 2, distance - ratio / 2]) / (sigma * math.sqrt(2))
        outer, inner = error(scaled)
        return np.where(np.abs(distance) <= reach, outer - inner, 0.0)

    return spread, reach


def _diffraction(ratio: float, gain: float) -> tuple[Callable[[Array], Array], float]:
    """A square aperture, whose MTF falls in a straight line to its cut-off."""
    cut_off = 0.5 / ratio / (1 - gain)
    reach = _DIFFRACTION_REACH * ratio

    def spread(distance: Array) -> Array:
        return np.where(np.abs(distance) <= reach, np.sinc(cut_off * distance) ** 2, 0.0)

    return spread, reach


def _cloud(settings: Simulation, size: tuple[int, int], drawing: np.random.Generator) -> tuple[Array, Array]:
    """Return how far clouds hide each pixel, float32 (rows, columns) from 0 to 1, and what the mask says is hidden."""
    step = max(2.0, settings.cloud_size * max(size))
    field = smooth_field(size, step, drawing) + 0.35 * smooth_field(size, step / 3, drawing)
    edge = smooth_field(size, step / 4, drawing)
    field /= max(float(field.std()), 1e-6)
    threshold = float(np.quantile(field, 1 - settings.cloud_share)) if settings.cloud_share > 0 else np.inf
    hides = np.clip((field - threshold) / _RAMP, 0, 1).astype(np.float32)
    noticed = np.clip((field + settings.mask_error * edge - threshold) / _RAMP, 0, 1)
    return hides, noticed > _CLEAR


def smooth_field(size: tuple[int, int], step: float, drawing: np.random.Generator) -> Array:
    """Return a random field of standard deviation 1 that changes over `step` pixels, float64 (rows, columns)."""
    counts = [math.ceil(length / step) + 4 for length in size]
    knots = drawing.standard_normal(counts)
    smooth = knots[None].astype(np.float32)
    axes = [np.arange(length) / step + 1.5 for length in size]
    by_row, by_column = (Banded(axes[k], 1.5, _quadratic_spline, counts[k], _BLOCK) for k in (0, 1))
    field: Array = apply_columns(by_column, apply_rows(by_row, smooth))[0].astype(np.float64)
    return field / max(float(field.std()), 1e-6)


def _quadratic_spline(distance: Array) -> Array:
    """The B-spline of degree 2, support [-1.5, 1.5]."""
    d = np.abs(distance)
    return np.where(d <= 0.5, 0.75 - d * d, np.where(d < 1.5, 0.5 * (1.5 - d) ** 2, 0.0))


def _noise(image: Array, level: Array, settings: Simulation, drawing: np.random.Generator) -> Array:
    drawn = drawing.standard_normal(image.shape).astype(np.float32)
    deviation = (level / settings.noise).astype(np.float32)[:, None, None]
    if settings.shot > 0:
        brightness = np.maximum(image / np.maximum(level, 1e-12).astype(np.float32)[:, None, None], 0)
        deviation = deviation * np.sqrt(1 - settings.shot + settings.shot * brightness)
    return drawn * deviation
