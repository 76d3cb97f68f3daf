"""Training scenes from sharp images: simulated revisits, and a simulated PAN, with the sharp image as the truth.

A simulation used for training is never one that scores: draws of blur, noise, shifts and clouds are wider than what the
tests take (`classical.super_resolution.simulate`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

import numpy as np

from ..classical.super_resolution.simulate import TRAINING, Simulation, simulate
from ..tasks.errors import InputError
from ..tasks.method import Array
from ..tasks.window import Axis
from .revisit_patches import TrainingScene
from .stack import Held, Image, Stack, nested

_BLUR = (0.2, 0.4)
_NOISE = (50.0, 300.0)
_MOST_SHIFT = (0.6, 2.0)
_MARGIN = 16


def simulated_scene(
    name: str,
    image: Array,
    ratio: int,
    simulation: Simulation,
    pan: Optional[Array] = None,
    valid: Optional[Array] = None,
    split: str = "",
    place: str = "",
) -> TrainingScene:
    """Return a scene whose revisits are simulated from a sharp image.

    Args:
        name: What it is called.
        image: (bands, rows, columns), the truth.
        ratio: Sharp pixels along a side of a coarse one.
        simulation: How the revisits are made.
        pan: (1, rows, columns), or None.
        valid: bool (rows, columns), or None where all are valid.
        split: See `TrainingScene`.
        place: See `TrainingScene`.

    Raises:
        InputError: The image is smaller than a coarse pixel.
    """
    rows, columns = (length // ratio * ratio for length in image.shape[1:])
    if min(rows, columns) < ratio:
        raise InputError(f"{name} is too small to simulate revisits of: {image.shape[2]} x {image.shape[1]} pixels.")
    image = np.asarray(image, np.float32)[:, :rows, :columns]
    valid = None if valid is None or valid[:rows, :columns].all() else valid[:rows, :columns]
    made = simulate(image, ratio, simulation, valid)
    several = [Held(one, mask) for one, mask in zip(made.revisits, made.masks)]
    fine = None
    if pan is not None:
        held = Held(np.asarray(pan, np.float32)[:, :rows, :columns], valid)
        fine = Image(held, Axis(0.0, 1.0, rows), Axis(0.0, 1.0, columns))
    revisits = nested(several, [(rows // ratio, columns // ratio)] * len(several), ratio)
    source = {"revisits": f"{len(several)} simulated from {name}", "pan": None if pan is None else "simulated"}
    return TrainingScene(
        name, Stack(revisits, rows, columns, len(image), fine), Held(image, valid), place, split, source
    )


def drawn_simulation(
    rng: np.random.Generator, bands: int, revisits: int = 8, base: Simulation = TRAINING
) -> Simulation:
    """Return a simulation with blur, noise, shifts, clouds and number of clouded revisits drawn.

    Args:
        rng: Where the draws come from.
        bands: Number of bands; each has a blur of its own.
        revisits: Number of revisits.
        base: What is not drawn.
    """
    centre = rng.uniform(*_BLUR)
    blur = tuple(float(np.clip(centre + rng.normal(0, 0.02), *_BLUR)) for _ in range(bands))
    return replace(
        base,
        revisits=revisits,
        largest_shift=float(rng.uniform(*_MOST_SHIFT)),
        kernel="gaussian" if rng.random() < 0.5 else "box_gaussian",
        blur=blur,
        noise=float(np.exp(rng.uniform(*np.log(_NOISE)))),
        gain=float(rng.uniform(0.0, 0.06)),
        offset=float(rng.uniform(0.0, 0.02)),
        clouded_revisits=int(rng.integers(0, max(1, revisits // 2) + 1)),
        cloud_share=float(rng.uniform(0.1, 0.5)),
        cloud_size=float(rng.uniform(0.1, 0.4)),
        mask_error=float(rng.uniform(0.0, 0.2)),
        seed=int(rng.integers(1 << 31)),
    )


def simulated_pan(bands: Array, rng: np.random.Generator, displaced: float = 0.15) -> Array:
    """Return a PAN of bands (4, rows, columns) with everything drawn: weights, saturation, blur, shift and noise.

    Args:
        bands: The sharp bands.
        rng: What draws.
        displaced: How far it lies from the bands at most, along either axis, in its own pixels.
    """
    filled = np.where(np.isfinite(bands), bands, np.nanmean(bands, axis=(1, 2), keepdims=True))
    left_out = int(rng.integers(len(bands))) if rng.random() < 0.7 else len(bands) - 1
    share = rng.uniform(0.0, 0.2)
    weights = rng.uniform(0.1, 1.0, len(bands))
    weights[left_out] = 0.0
    weights *= (1 - share) / weights.sum()
    weights[left_out] = share
    pan = np.tensordot(weights, filled, axes=1)
    pan = pan / (1 + rng.uniform(0.0, 0.2) * pan / np.percentile(pan, 99))
    sigma = np.sqrt(-2 * np.log(rng.uniform(0.08, 0.35))) / np.pi
    pan = _blurred(pan, sigma, rng.uniform(-displaced, displaced, 2))
    noise = rng.standard_normal(pan.shape) * pan.mean() / np.exp(rng.uniform(np.log(40), np.log(400)))
    result: Array = pan + noise
    return result


def _blurred(image: Array, sigma: float, shift: Array) -> Array:
    """Blur with a Gaussian of sigma pixels and shift by (down, across) pixels, edges mirrored."""
    margin = _MARGIN
    padded = np.pad(image, margin, mode="symmetric")
    down, across = np.fft.fftfreq(padded.shape[0], 1.0)[:, None], np.fft.rfftfreq(padded.shape[1], 1.0)[None]
    response = np.exp(-2 * np.square(np.pi * sigma) * (np.square(down) + np.square(across)))
    response = response * np.exp(-2j * np.pi * (down * shift[0] + across * shift[1]))
    result: Array = np.fft.irfft2(np.fft.rfft2(padded) * response, s=padded.shape)
    return result[margin:-margin, margin:-margin]
