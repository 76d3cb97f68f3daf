"""Whether a network's weights were made for a scene: its bands, in which order, and the ratio of pixel sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ..tasks.method import SceneInfo
from ..tasks.model_card import CardInput, ModelCard

_RATIO_TOLERANCE = 0.02
_LEAST_WIDTH_NM = 40.0
_REVISITS = "REVISITS"
_SPATIOTEMPORAL = "spatiotemporal_fusion"
_SUPER_RESOLUTION = "super_resolution"
ANY = "any"
# Parameters that name a part of a network: the configuration's key, and what it has without that key.
_PARTS = {"ENCODER": ("encoder", "highresnet"), "SHARPENER": ("sharpener", "pannet")}


def reason_against(card: ModelCard, scene: SceneInfo) -> Optional[str]:
    """Return why the weights do not fit a scene, as the end of a sentence about them; None where they do.

    "is for 4 bands (blue, green, red, near infrared), but MS has 3"
    """
    if card.task == _SPATIOTEMPORAL:
        return _against_pairs(card, scene)
    for item in card.inputs:
        count = scene.items.get(item.role, 0)
        if _wrong_count(item, count):
            return f"is for {_counts(item)} {item.role}, but {count} are given"
        if count == 0:
            continue
        bands = scene.bands[item.role]
        if bands != len(item.bands):
            return f"is for {_bands(item)}, but {item.role} has {bands}"
        if band_order(item, scene) is None:
            known = ", ".join(f"{value:g}" for value in scene.wavelengths_nm[item.role])
            return f"is for {_bands(item)}, but {item.role} has bands at {known} nm"
        ratio = scene.ratio[item.role]
        low, high = card.ratio
        outside = [one for one in ratio if not low * (1 - _RATIO_TOLERANCE) <= one <= high * (1 + _RATIO_TOLERANCE)]
        if _is_coarse(item, scene) and outside:
            return f"is for a ratio of {_ratios(card)}, but {_given(card, item, outside[0])}"
    return None


def _against_pairs(card: ModelCard, scene: SceneInfo) -> Optional[str]:
    """Return why the weights do not fit pairs of images; another ratio than theirs is no reason (`outside_ratio`).

    Which band of the coarse images goes with which of the fine one is the pipeline's to say, so the fine one's
    wavelengths count.
    """
    lacking = [item.role for item in card.inputs if item.min_count and not scene.items.get(item.role, 0)]
    if lacking:
        second = all(role.endswith("_2") for role in lacking)
        return f"{'is for two pairs' if second else 'needs more images'}: give {' and '.join(lacking)} as well"
    for item in card.inputs:
        bands = scene.bands.get(item.role, len(item.bands))
        if bands != len(item.bands):
            return f"is for {_bands(item)}, but {item.role} has {bands}"
    if band_order(card.input("FINE_1"), scene) is None:
        known = ", ".join(f"{value:g}" for value in scene.wavelengths_nm["FINE_1"])
        return f"is for {_bands(card.input('FINE_1'))}, but FINE_1 has bands at {known} nm"
    return None


def outside_ratio(card: ModelCard, scene: SceneInfo, role: str) -> Optional[str]:
    """Return how the ratio of pixel sizes differs from the card's, as the end of a sentence; None where it fits.

    "is for a ratio of 16 to 20, but COARSE_TARGET has pixels 30 times the size"
    """
    low, high = card.ratio
    outside = [
        one for one in scene.ratio[role] if not low * (1 - _RATIO_TOLERANCE) <= one <= high * (1 + _RATIO_TOLERANCE)
    ]
    if not outside:
        return None
    return f"is for a ratio of {_ratios(card)}, but {role} has pixels {outside[0]:.4g} times the size"


def part_against(card: ModelCard, parameters: Mapping[str, Any]) -> Optional[str]:
    """Return why the weights are not of the network asked for, as the end of a sentence; None where they are.

    "has the encoder trmisr, but ENCODER is rams"
    """
    for name, (key, usual) in _PARTS.items():
        asked, own = parameters.get(name, ANY), card.configuration.get(key, usual)
        if asked not in (ANY, own):
            return f"has the {key} {own}, but {name} is {asked}"
    return None


def band_order(item: CardInput, scene: SceneInfo) -> Optional[tuple[int, ...]]:
    """Return, for each band of the card, which of the scene's bands it is; None where one is not there.

    Without wavelengths on both sides the bands are taken in the order they have.
    """
    given = scene.wavelengths_nm.get(item.role, ())
    usual = tuple(range(len(item.bands)))
    if len(given) != len(item.bands) or any(band.wavelength_nm is None for band in item.bands):
        return usual
    order = []
    for band in item.bands:
        centre = band.wavelength_nm or 0.0
        reach = max(band.width_nm or 0.0, _LEAST_WIDTH_NM)
        near = [place for place in usual if place not in order and abs(given[place] - centre) <= reach]
        if not near:
            return None
        order.append(min(near, key=lambda place: abs(given[place] - centre)))
    return tuple(order)


def _wrong_count(item: CardInput, count: int) -> bool:
    if item.role == _REVISITS:
        return count < 1  # of too many the best are taken, and too few are made up for
    return count < item.min_count or (item.max_count is not None and count > item.max_count)


def _is_coarse(item: CardInput, scene: SceneInfo) -> bool:
    return max(scene.ratio[item.role]) > 1 + _RATIO_TOLERANCE


def _given(card: ModelCard, item: CardInput, ratio: float) -> str:
    if card.task == _SUPER_RESOLUTION:
        return f"RATIO is {ratio:.4g}"
    return f"{item.role} has pixels {ratio:.4g} times the size"


def _counts(item: CardInput) -> str:
    if item.max_count is None:
        return f"{item.min_count} or more images as"
    return f"{item.min_count}" if item.min_count == item.max_count else f"{item.min_count} to {item.max_count}"


def _bands(item: CardInput) -> str:
    return f"{len(item.bands)} bands ({', '.join(band.name for band in item.bands)})"


def _ratios(card: ModelCard) -> str:
    low, high = card.ratio
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
