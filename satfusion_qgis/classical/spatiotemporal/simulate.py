"""Fine and coarse images of several dates, simulated from one fine multispectral image in reflectance.

The image is taken as what the ground is like. For each date every class of it, and every field laid over it, is mixed
with a spectrum that its cover may turn into (green vegetation, dry vegetation, soils, wet ground), by an amount that
follows a season of its class, a draw of the field, and a smooth gradient; so the texture of the image stays, and fields
look different on every date. Where cover changes, the ground is that of another part of the image from some date on.

The coarse images show these dates as another sensor would: with its own gain and offset in each band (bandpass), a
gain for each date that changes across the scene (illumination and view, BRDF), blur and sampling with the sensor's MTF
(`super_resolution.simulate`), a registration error, noise, and clouds that are masked, though not perfectly.

Nothing here is a published method. The spectra are round numbers such as field handbooks give, interpolated at the
bands' wavelengths. Simulations for training and for tests must differ: `TRAINING` and `HELD_OUT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array
from ..super_resolution.simulate import Simulation, simulate, smooth_field
from .classes import centres

# Reflectance of what ground may turn into, at _AT nm.
_AT = (485.0, 560.0, 660.0, 830.0, 1650.0, 2200.0)
_SPECTRA = (
    (0.030, 0.065, 0.040, 0.450, 0.210, 0.090),  # green vegetation
    (0.040, 0.080, 0.055, 0.350, 0.180, 0.085),  # sparse or shaded vegetation
    (0.080, 0.120, 0.170, 0.290, 0.340, 0.240),  # dry vegetation, stubble
    (0.110, 0.160, 0.220, 0.300, 0.380, 0.330),  # bright soil
    (0.060, 0.085, 0.110, 0.160, 0.220, 0.190),  # dark soil
    (0.050, 0.065, 0.060, 0.090, 0.060, 0.035),  # wet ground
)
_GREEN, _SOIL = (0, 1), (2, 3, 4)
_JITTER = 0.12  # of the spectra, in each draw
_WATER = 0.08  # a class whose mean in the near and short-wave infrared lies below is water
_STEADY = 0.15  # share of a season's change that water shows
_MOST_MIXED = 0.9
_SAMPLE = 20_000
_TEXTURE = 0.6  # share of an image's brightness texture that the other spectrum shows too
_SMOOTH = 0.15
_SOFTNESS = 0.15  # of classes, as a share of the squared distance between their centres
_EDGE = 0.12


@dataclass(frozen=True)
class PairSimulation:
    """How dates are made.

    Attributes:
        classes: Classes of cover in the image.
        season: How far a season goes: the largest share that a class's spectrum may be replaced by.
        spread: How much fields of a class differ in it, as a share.
        fields: Share of the image under rectangular fields laid over it; the rest follows its classes alone.
        field_sides: Shortest and longest side of a field in pixels.
        changed: Share of the image whose cover changes between the first date and the last.
        kernel: Blur of the coarse sensor: "gaussian", "box_gaussian" or "diffraction".
        blur: Its MTF at the coarse Nyquist frequency.
        fine_noise: Signal-to-noise ratio of fine images; 0 for none.
        coarse_noise: That of coarse images.
        gain: The coarse sensor's gain of a band is 1 give or take up to this.
        offset: Its offset of a band, up to this in reflectance.
        view: Gain of a coarse image on one date, up to this, and as much again from one end of it to the other.
        shift: Largest registration error of a coarse image, in coarse pixels, along rows and columns.
        shift_between: How much of it may differ between dates.
        cloud_share: Clouded share of coarse images, drawn up to this for each.
        fine_cloud_share: That of fine images.
        cloud_size: Size of clouds as a share of the image's longer side.
        mask_error: How far coarse masks miss the clouds' edges: 0 not at all, 1 wildly.
    """

    classes: int = 6
    season: float = 0.7
    spread: float = 0.3
    fields: float = 0.5
    field_sides: tuple[int, int] = (10, 90)
    changed: float = 0.04
    kernel: str = "gaussian"
    blur: float = 0.3
    fine_noise: float = 200.0
    coarse_noise: float = 150.0
    gain: float = 0.04
    offset: float = 0.004
    view: float = 0.02
    shift: float = 0.3
    shift_between: float = 0.1
    cloud_share: float = 0.05
    fine_cloud_share: float = 0.0
    cloud_size: float = 0.15
    mask_error: float = 0.1


TRAINING = PairSimulation()
HELD_OUT = PairSimulation(
    classes=5,
    season=0.6,
    spread=0.4,
    fields=0.4,
    field_sides=(14, 70),
    changed=0.06,
    kernel="box_gaussian",
    blur=0.22,
    fine_noise=140.0,
    coarse_noise=90.0,
    gain=0.05,
    offset=0.006,
    view=0.03,
    shift=0.25,
    shift_between=0.15,
    cloud_share=0.04,
    cloud_size=0.1,
    mask_error=0.05,
)


@dataclass(frozen=True)
class SimulatedDates:
    """Images of each date, in their order.

    Attributes:
        truth: float32 (dates, bands, rows, columns): the ground as the fine sensor sees it, without noise and clouds.
        fine: The same with its noise.
        fine_valid: bool (dates, rows, columns).
        coarse: float32 (dates, bands, coarse rows, coarse columns); it shares the image's upper left corner.
        coarse_valid: bool (dates, coarse rows, coarse columns).
        shifts: float64 (dates, 2): how far down and right each coarse image shows what is there, in coarse pixels.
        changed: bool (rows, columns): where cover changes at all.
    """

    truth: Array
    fine: Array
    fine_valid: Array
    coarse: Array
    coarse_valid: Array
    shifts: Array
    changed: Array


def simulate_dates(
    image: Array,
    wavelengths_nm: Sequence[float],
    ratio: float,
    dates: int,
    rng: np.random.Generator,
    settings: Optional[PairSimulation] = None,
    valid: Optional[Array] = None,
) -> SimulatedDates:
    """Make fine and coarse images of some dates.

    Args:
        image: (bands, rows, columns), reflectance.
        wavelengths_nm: Centre of each band.
        ratio: Fine pixels along a side of a coarse one; need not be whole.
        dates: How many.
        rng: Everything random follows from it.
        settings: How they are made.
        valid: bool (rows, columns), or None where all are valid.

    Raises:
        InputError: The image is no reflectance, is smaller than a coarse pixel, or a setting is out of range.
    """
    settings = settings or PairSimulation()
    image = np.asarray(image, np.float32)
    known = np.ones(image.shape[1:], bool) if valid is None else np.asarray(valid, bool)
    _check(image, known, wavelengths_nm, dates, settings)
    image = np.where(known, image, np.float32(0))
    truth, changed = _ground(image, known, np.asarray(wavelengths_nm, np.float64), dates, rng, settings)
    fine = np.stack([_with_noise(one, known, settings.fine_noise, rng) for one in truth])
    fine_valid = np.stack([known & ~_clouds(known.shape, settings, rng) for _ in range(dates)])
    coarse, coarse_valid, shifts = _seen_coarse(truth, known, ratio, rng, settings)
    return SimulatedDates(truth, fine, fine_valid, coarse, coarse_valid, shifts, changed)


def _check(image: Array, valid: Array, wavelengths: Sequence[float], dates: int, settings: PairSimulation) -> None:
    if image.ndim != 3 or len(wavelengths) != len(image):
        raise InputError("The image to simulate dates from needs a wavelength for each band.")
    if dates < 2:
        raise InputError(f"At least 2 dates are simulated, not {dates}.")
    if not valid.any():
        raise InputError("The image to simulate dates from has no valid pixel.")
    high = float(np.percentile(image[:, valid], 99))
    if not 0.01 < high < 2:
        raise InputError(
            f"The image to simulate dates from must be in reflectance, between 0 and 1; 99 % of its values lie below "
            f"{high:.4g}."
        )
    for name in ("season", "fields", "changed", "cloud_share", "fine_cloud_share"):
        if not 0 <= getattr(settings, name) < 1:
            raise InputError(f"{name} must lie between 0 and 1, not {getattr(settings, name)}.")


# The ground.


def _ground(
    image: Array, valid: Array, wavelengths: Array, dates: int, rng: np.random.Generator, settings: PairSimulation
) -> tuple[Array, Array]:
    """Return the ground on each date, and where its cover changes."""
    found = _classes(image, valid, settings.classes)
    members = _members(image, found)
    fields = _fields(valid.shape, settings, rng)
    spectra = _spectra(wavelengths, rng)
    ends = np.array([_turns_into(centre, wavelengths, rng) for centre in found])
    of_fields = rng.integers(len(spectra), size=fields.max() + 1)
    other = np.einsum("kb,krc->brc", spectra[ends], members)
    other = np.where(fields > 0, np.moveaxis(spectra[of_fields[fields]], -1, 0), other)
    other = _soft(other) * _texture(image, found, members)
    steady = 1 - (1 - _STEADY) * np.tensordot(_is_water(found, wavelengths), members, 1)
    season = _seasons(dates, len(found), rng)
    shown = []
    for date in range(dates):
        amount = _amount(np.tensordot(season[date], members, 1), fields, rng, settings) * steady
        mixed = _soft(np.clip(amount, 0, _MOST_MIXED)[None])
        shown.append(np.where(valid, (1 - mixed) * image + mixed * other, 0).astype(np.float32))
    changed = _replace(shown, valid, rng, settings)
    return np.maximum(np.stack(shown), 0), changed


def _classes(image: Array, valid: Array, count: int) -> Array:
    """Return the centres of the image's classes, float32 (classes, bands)."""
    pixels = image[:, valid].T
    return centres(pixels[:: max(1, len(pixels) // _SAMPLE)], count)


def _members(image: Array, found: Array) -> Array:
    """Return how far each pixel belongs to each class, float32 (classes, rows, columns); they sum to 1.

    Ground lies between classes: with one class for each pixel, neighbours of nearly the same colour would part.
    """
    apart = np.square(found[:, None] - found[None]).sum(axis=-1)
    width = float(np.median(apart[apart > 0])) * _SOFTNESS if len(found) > 1 else 1.0
    distance = np.stack([np.square(image - centre[:, None, None]).sum(axis=0) for centre in found])
    weights = np.exp(-(distance - distance.min(axis=0)) / max(width, 1e-9))
    members: Array = (weights / weights.sum(axis=0)).astype(np.float32)
    return members


def _soft(layers: Array) -> Array:
    """Return layers (layers, rows, columns) with edges as soft as a sensor shows them, float32."""
    result = np.asarray(layers, np.float32)
    for axis in (1, 2):
        padded = np.pad(result, [(0, 0)] + [(1, 1) if axis == k else (0, 0) for k in (1, 2)], mode="edge")
        before, after = (np.take(padded, np.arange(k, k + result.shape[axis]), axis) for k in (0, 2))
        result = (1 - 2 * _EDGE) * result + _EDGE * (before + after)
    return np.asarray(result, np.float32)


def _spectra(wavelengths: Array, rng: np.random.Generator) -> Array:
    """Return the spectra at the bands, each a little different in every draw, float32 (spectra, bands)."""
    own = np.array([np.interp(wavelengths, _AT, spectrum) for spectrum in _SPECTRA])
    brightness = 1 + _JITTER * rng.standard_normal((len(own), 1))
    colour = 1 + 0.5 * _JITTER * rng.standard_normal(own.shape)
    spectra: Array = np.clip(own * brightness * colour, 0.005, 0.9).astype(np.float32)
    return spectra


def _near(values: Array, wavelengths: Array, nm: float) -> float:
    """Return the value of the band nearest to a wavelength."""
    return float(values[int(np.argmin(np.abs(wavelengths - nm)))])


def _is_water(found: Array, wavelengths: Array) -> Array:
    beyond = wavelengths > 750
    if not beyond.any():
        return np.zeros(len(found), bool)
    dark: Array = found[:, beyond].mean(axis=1) < _WATER
    return dark


def _turns_into(centre: Array, wavelengths: Array, rng: np.random.Generator) -> int:
    """Return the number of the spectrum that a class turns into: green ground to dry or bare, and the other way."""
    red, infrared = _near(centre, wavelengths, 660), _near(centre, wavelengths, 830)
    green = (infrared - red) / max(infrared + red, 1e-6) > 0.45
    choices = _SOIL if green else _GREEN
    return int(rng.choice(choices if rng.random() < 0.8 else range(len(_SPECTRA))))


def _fields(shape: tuple[int, ...], settings: PairSimulation, rng: np.random.Generator) -> Array:
    """Return the number of the rectangular field that each pixel lies in, 0 where there is none."""
    fields = np.zeros(shape, np.int32)
    least, most = settings.field_sides
    number = 0
    while settings.fields and (fields > 0).mean() < settings.fields and number < 4000:
        number += 1
        sides = np.exp(rng.uniform(np.log(least), np.log(most), 2)).astype(int)
        top, left = (int(rng.integers(-side // 2, length)) for side, length in zip(sides, shape))
        fields[max(top, 0) : top + sides[0], max(left, 0) : left + sides[1]] = number
    return fields


def _texture(image: Array, found: Array, members: Array) -> Array:
    """Return how bright each pixel is beside its classes, tempered, float32 (rows, columns)."""
    level = np.maximum(np.tensordot(found.mean(axis=1), members, 1), 1e-3)
    texture: Array = (1 + _TEXTURE * np.clip(image.mean(axis=0) / level - 1, -0.6, 0.8)).astype(np.float32)
    return texture


def _seasons(dates: int, classes: int, rng: np.random.Generator) -> Array:
    """Return how far each class has gone on each date, (dates, classes), 0 to 1: waves with phases of their own."""
    days = np.cumsum(rng.uniform(0.2, 1.4, dates))  # as an angle
    phase = rng.uniform(0, 2 * np.pi) + rng.normal(0, 0.8, classes)
    season: Array = 0.5 + 0.5 * np.sin(days[:, None] + phase[None])
    return season


def _amount(season: Array, fields: Array, rng: np.random.Generator, settings: PairSimulation) -> Array:
    """Return which share of each pixel's spectrum is replaced on a date, from how far its season has gone."""
    own = season * settings.season
    of_field = rng.normal(0, settings.spread, fields.max() + 1)
    of_field[0] = 0  # ground without fields differs by class alone
    whole = settings.season * rng.random(fields.max() + 1)
    own = np.where(fields > 0, 0.5 * own + 0.5 * whole[fields], own)
    smooth = smooth_field((fields.shape[0], fields.shape[1]), max(fields.shape) / 3, rng)
    return np.asarray(own * (1 + of_field[fields]) * (1 + _SMOOTH * smooth))


def _replace(shown: list[Array], valid: Array, rng: np.random.Generator, settings: PairSimulation) -> Array:
    """Give some places the ground of other places from some date on, in place; return where."""
    shape = valid.shape
    changed = np.zeros(shape, bool)
    for _ in range(400):
        if changed.mean() >= settings.changed:
            break
        sides = rng.integers(6, max(8, min(48, min(shape) // 3)), 2)
        top, left = (int(rng.integers(0, max(1, length - side))) for side, length in zip(sides, shape))
        rows, columns = slice(top, top + int(sides[0])), slice(left, left + int(sides[1]))
        outline = smooth_field((int(sides[0]), int(sides[1])), max(4, max(sides) / 2), rng) > -0.5
        away = [int(rng.integers(length // 4 + 1, 3 * length // 4 + 1)) for length in shape]
        first = int(rng.integers(1, len(shown)))
        elsewhere = np.roll(valid, away, (0, 1))[rows, columns]
        inside = outline[: elsewhere.shape[0], : elsewhere.shape[1]] & elsewhere & valid[rows, columns]
        share = _soft(inside[None].astype(np.float32)) * (elsewhere & valid[rows, columns])
        for date in range(first, len(shown)):
            own = shown[date][:, rows, columns]
            other = np.roll(shown[date], away, (1, 2))[:, rows, columns]
            shown[date][:, rows, columns] = own + share * (other - own)
        changed[rows, columns] |= inside
    return changed


# The sensors.


def _with_noise(image: Array, valid: Array, ratio: float, rng: np.random.Generator) -> Array:
    if not ratio:
        return image
    level = image[:, valid].mean(axis=1)[:, None, None]
    noise = rng.standard_normal(image.shape).astype(np.float32) * (level / ratio).astype(np.float32)
    return np.asarray(np.where(valid, np.maximum(image + noise, 0), 0), np.float32)


def _clouds(shape: tuple[int, ...], settings: PairSimulation, rng: np.random.Generator) -> Array:
    """Return which pixels of a fine image are under clouds."""
    share = rng.uniform(0, settings.fine_cloud_share)
    if share <= 0:
        return np.zeros(shape, bool)
    field = smooth_field((shape[0], shape[1]), max(4.0, settings.cloud_size * max(shape)), rng)
    return np.asarray(field > np.quantile(field, 1 - share))


def _seen_coarse(
    truth: Array, valid: Array, ratio: float, rng: np.random.Generator, settings: PairSimulation
) -> tuple[Array, Array, Array]:
    bands = truth.shape[1]
    gain = 1 + rng.uniform(-settings.gain, settings.gain, bands)
    offset = rng.uniform(-settings.offset, settings.offset, bands)
    common = rng.uniform(-1, 1, 2) * max(settings.shift - settings.shift_between, 0)
    images, masks, shifts = [], [], []
    for one in truth:
        shift = common + rng.uniform(-1, 1, 2) * min(settings.shift_between, settings.shift)
        share = rng.uniform(0, settings.cloud_share)
        lit = one * _view(one.shape[1:], settings.view, rng) * gain[:, None, None] + offset[:, None, None]
        seen = simulate(
            np.maximum(lit, 0).astype(np.float32),
            ratio,
            Simulation(
                revisits=1,
                shifts=((float(shift[0]), float(shift[1])),),
                kernel=settings.kernel,
                blur=(settings.blur,),
                noise=settings.coarse_noise,
                clouded_revisits=int(share > 0),
                cloud_share=float(share),
                cloud_size=settings.cloud_size,
                mask_error=settings.mask_error,
                seed=int(rng.integers(2**31)),
            ),
            valid,
        )
        images.append(seen.revisits[0])
        masks.append(seen.masks[0])
        shifts.append(shift)
    return np.stack(images), np.stack(masks), np.array(shifts)


def _view(shape: tuple[int, ...], most: float, rng: np.random.Generator) -> Array:
    """Return the gain of a date over the scene: a plane, float32 (rows, columns)."""
    level, down, across = rng.uniform(-most, most, 3)
    rows, columns = (np.linspace(-0.5, 0.5, length) for length in shape)
    gain: Array = (1 + level + down * rows[:, None] + across * columns[None]).astype(np.float32)
    return gain
