"""What surrounds a network for spatiotemporal fusion: all images on the fine grid, normalised, their holes filled.

Coarse images are interpolated by cubic convolution, as the classical methods and the patches of a training do. A
network for one pair that is given two predicts from each, and the predictions are blended, with more weight where a
pair's coarse image changes less to the target's. Networks whose result depends on everything they are given run on
tiles of the size that their card names, which are blended; all others see exactly the pixels that the card's halo says.

Holes: a pixel that is not valid gets the mean of the valid ones near it, beyond that of the tile, so that no edge of a
hole rings in what is kept. A network whose weights serve with one pair and with two gets one pair's images for both
where the other's are missing, which is what it makes of one pair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..classical.spatiotemporal.blend import AROUND, change_weight
from ..classical.spatiotemporal.images import CUBIC, NEAREST, TARGET, Geometry, coarse_image, fine_image, grown
from ..classical.spatiotemporal.statistics import statistics_pass
from ..tasks.errors import InputError
from ..tasks.method import Array, Blocks, Pass, SceneInfo, State
from ..tasks.model_card import ModelCard
from ..tasks.window import Window
from .lattice import Lattice, TileCache, blend
from .network import NetworkImplementation
from .normalise import normalisation
from .suitability import band_order, outside_ratio, reason_against
from .surroundings import at, filled

TASK = "spatiotemporal_fusion"
FIRST, SECOND = ("FINE_1", "COARSE_1"), ("FINE_2", "COARSE_2")
# What every network of this task gets, and all that it may get, in the order of its arguments.
NEEDED = ("FINE_1", TARGET)
ROLES = ("FINE_1", "COARSE_1", TARGET, "FINE_2", "COARSE_2")
_PARTNER = {"FINE_2": "COARSE_2", "COARSE_2": "FINE_2"}
_OTHER = dict(zip((*FIRST, *SECOND), (*SECOND, *FIRST)))
_CELLS = AROUND + 4  # coarse pixels that the weights of two pairs look at around a window


@dataclass(frozen=True)
class _Run:
    """One run of the network.

    Attributes:
        pair: The pair whose change weights the result, where there are several runs.
        images: For each role of the card the role of the scene whose image stands for it.
    """

    pair: int
    images: Mapping[str, str]


class SpatiotemporalNetwork(NetworkImplementation):
    """Predicts the fine image of a date with the weights of a model.

    Args:
        parameters: Checked values by name.
        scene: What is known of the scene.
        card: The card of the weights.

    Raises:
        InputError: The weights were not made for this scene, or a parameter does not suit them.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo, card: ModelCard) -> None:
        super().__init__(parameters, scene, drawn_as_asked(card, parameters))
        _check(card, scene)
        self._order = band_order(card.input("FINE_1"), scene) or ()
        self._either = is_for_either(card)
        self._runs = _runs(card, scene)
        self.geometry = Geometry({"RATIO": _ratio(parameters, scene, card)}, scene)
        self._lattice = Lattice.of(card.tile, card.halo) if card.global_context else None
        self._tiles = TileCache()
        self._draws = "SAMPLES" in parameters

    def halo(self) -> dict[str, int]:
        """Return what the network sees around a window, and as much again to fill holes from."""
        fine = self.card.tile if self._lattice is not None else 2 * self.card.halo + self.card.multiple
        cells = _CELLS if len(self._runs) > 1 else 3
        coarse = self.geometry.coarse_halo(fine, cells)
        return {**coarse, **{role: fine for role in self.scene.ratio if role.startswith("FINE")}}

    def passes(self) -> tuple[Pass, ...]:
        """Return the pass for the target's range, where two predictions are blended."""
        return (statistics_pass((TARGET,)),) if len(self._runs) > 1 else ()

    def output_bands(self) -> dict[str, list[str]]:
        """Return the names of the spread's bands."""
        names = self.scene.band_names.get("FINE_1") or [
            f"band {band + 1}" for band in range(self.scene.bands["FINE_1"])
        ]
        return {"SPREAD": [f"spread of {name}" for name in names]}

    def warnings(self) -> list[str]:
        """Return a warning where the ratio is not one that the weights were made for."""
        given = _ratio(self.parameters, self.scene, self.card)
        own = replace(self.scene, ratio={TARGET: (given, given) if self._is_resampled() else self.geometry.ratio})
        reason = outside_ratio(self.card, own, TARGET)
        return [f"The model {self.card.id} {reason}; look at the result before relying on it"] if reason else []

    def describe(self, state: State) -> list[str]:
        """Return which weights run, on which images and bands."""
        lines = [f"Model: {self.card.title} ({self.card.id}), licence {self.card.licence}"]
        names = self.scene.band_names.get("FINE_1", ())
        if self._order != tuple(range(len(self._order))) and names:
            lines.append(f"Bands, in the network's order: {', '.join(names[place] for place in self._order)}")
        lines += self._describe_pairs()
        if self._is_resampled() and not float(self.parameters.get("RATIO", 0.0)):
            ratio = _trained_ratio(self.card)
            lines.append(f"Ratio: taken as {ratio:g}, that of the model's training; give RATIO where it is another")
        if self._draws:
            drawn = self.card.configuration
            lines.append(
                f"Draws: {drawn['samples']} of {drawn['steps']} steps, seed {drawn['seed']}; the result is their mean"
            )
        return lines

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Run the network on one window, once for each pair where it takes one and two are given."""
        made = [self._predicted(blocks, run, window) for run in self._runs]
        stacked, valid = made[0]
        if len(made) > 1:
            weights = [
                np.where(known, change_weight(self.geometry, blocks, state, window, run.pair), np.float32(0))
                for run, (_, known) in zip(self._runs, made)
            ]
            valid = made[0][1] | made[1][1]
            total = np.where(valid, weights[0] + weights[1], np.float32(1))
            weights = [np.concatenate([weight / total] * (2 if self._draws else 1)) for weight in weights]
            stacked = weights[0] * made[0][0] + weights[1] * made[1][0]
        bands = self.scene.bands["FINE_1"]
        result = {"OUTPUT": stacked[:bands]}
        if self._draws:
            result["SPREAD"] = stacked[bands:]
        if not valid.all():
            result |= {f"{name}_valid": valid for name in tuple(result)}
        return result

    def _predicted(self, blocks: Blocks, run: _Run, window: Window) -> tuple[Array, Array]:
        """Return one run's result for a window, in the scene's units and order of bands, and where it is valid.

        The spread follows the image, band by band, where the network gives one.
        """
        valid = self._valid(blocks, run, window)
        if not valid.any():
            count = len(self._order) * (2 if self._draws else 1)
            return np.zeros((count, window.rows, window.columns), np.float32), valid
        made = self._local(blocks, run, window) if self._lattice is None else self._blended(blocks, run, window)
        back = np.argsort(self._order)
        if self._draws:
            back = np.concatenate([back, back + len(back)])
        return np.where(valid, made[back], np.float32(0)), valid

    def _local(self, blocks: Blocks, run: _Run, window: Window) -> Array:
        """Run a network that sees no farther than its halo; squares of its multiple begin at coarse pixels."""
        halo, multiple = self.card.halo, self.card.multiple
        down, across = self._corner(window)
        top = (window.row - halo - down) // multiple * multiple + down
        left = (window.column - halo - across) // multiple * multiple + across
        rows = -(-(window.row + window.rows + halo - top) // multiple) * multiple
        columns = -(-(window.column + window.columns + halo - left) // multiple) * multiple
        inputs = self._prepared(blocks, run, at(window, top, left, rows, columns))
        made = self._answer(inputs, (top, left), window)
        return made[:, window.row - top :, window.column - left :][:, : window.rows, : window.columns]

    def _corner(self, window: Window) -> tuple[int, int]:
        """Return a fine row and column at which the network's squares begin.

        Where they are coarse pixels, it is the corner of one of the image's.
        """
        block = window.block(TARGET)
        if self._is_resampled() or self.card.multiple != round(self.geometry.largest):
            return 0, 0
        row, column = (-axis.origin / axis.scale for axis in (block.row_axis, block.column_axis))
        return round(row) % self.card.multiple, round(column) % self.card.multiple

    def _blended(self, blocks: Blocks, run: _Run, window: Window) -> Array:
        """Run a network on the tiles that a window needs."""
        lattice = self._lattice or Lattice.of(self.card.tile, self.card.halo)
        inside = slice(lattice.margin, lattice.side - lattice.margin)

        def tile(row: int, column: int) -> Array:
            corner = lattice.first(row) - lattice.margin, lattice.first(column) - lattice.margin
            inputs = self._prepared(blocks, run, at(window, *corner, lattice.side, lattice.side))

            def compute() -> Array:
                return np.ascontiguousarray(self._answer(inputs, corner, window)[:, inside, inside])

            # By what the network gets, for a session may go on with the images of another date.
            return self._tiles.get((corner, _fingerprint(inputs)), compute)

        return blend(lattice, window, self.card.output_bands * (2 if self._draws else 1), tile)

    def _answer(self, inputs: Mapping[str, Array], corner: tuple[int, int], window: Window) -> Array:
        """Return the network's answer in the scene's units, bands in the network's order, the spread last."""
        rows, columns = next(iter(inputs.values())).shape[-2:]
        given = dict(inputs)
        if self._draws:
            given["origin"] = np.array([corner], np.float32)
        answer = self.network(given, window.cancelled)
        image = answer["output"]
        if image.shape != (1, self.card.output_bands, rows, columns):
            raise InputError(
                f"MODEL: {self.card.id} answers with {image.shape[1:]} (bands, rows, columns) where its card says "
                f"{(self.card.output_bands, rows, columns)}."
            )
        if not np.isfinite(image).all():
            raise InputError(f"MODEL: {self.card.id} gives values that are no numbers; its weights are damaged.")
        units = normalisation(self.card.input("FINE_1"), self._order, {})
        if not self._draws:
            return units.undo(image[0])
        # A spread has no origin: what is added by the units falls out of the difference.
        nothing = np.zeros_like(image[0])
        spread = np.abs(units.undo(answer["spread"][0]) - units.undo(nothing))
        return np.concatenate([units.undo(image[0]), spread])

    def _prepared(self, blocks: Blocks, run: _Run, region: Window) -> dict[str, Array]:
        """Return what the network gets for a region that may reach beyond the scene: normalised, no holes."""
        reach = self.card.halo if self._lattice is None else self._lattice.margin
        wide, order = 0, list(self._order)
        found = self._images(blocks, run, region)
        if not all(valid.all() for _, valid in found.values()):
            wide = reach
            found = self._images(blocks, run, grown(region, wide))
        inner = (slice(None), slice(wide, wide + region.rows), slice(wide, wide + region.columns))
        inputs = {}
        for role, (image, valid) in found.items():
            region.raise_if_cancelled()
            units = normalisation(self.card.input(role), self._order, {})
            whole = whole_image(image[order], valid, reach, self._lattice is not None)
            inputs[role.lower()] = np.ascontiguousarray(units.apply(whole[inner])[None], np.float32)
        return inputs

    def _images(self, blocks: Blocks, run: _Run, area: Window, how: str = CUBIC) -> dict[str, tuple[Array, Array]]:
        """Return a run's images by the card's roles, each with where it is valid.

        Where one pair is not valid and the network can do with one, it has the other's images.
        """
        scene = {role: self._image(blocks, role, area, how) for role in sorted(set(run.images.values()))}
        found = {role: scene[given] for role, given in run.images.items()}
        if not self._either:
            return found
        known = {pair: _all_valid([found[role] for role in pair if role in found]) for pair in (FIRST, SECOND)}
        if all(valid.all() for valid in known.values()):
            return found
        filled_in = dict(found)
        for pair, other in ((FIRST, SECOND), (SECOND, FIRST)):
            lacking = ~known[pair] & known[other]
            for role in pair:
                if role in found:
                    (image, valid), (instead, _) = found[role], found[_OTHER[role]]
                    filled_in[role] = np.where(lacking, instead, image), valid | lacking
        return filled_in

    def _image(self, blocks: Blocks, role: str, area: Window, how: str) -> tuple[Array, Array]:
        """Return an image over an area; beyond the edges of the scene's fine image it is replicated."""
        block = area.block("FINE_1")
        top, rows, around_rows = _inside(area.row, area.rows, -round(block.row_axis.origin), block.row_axis.size)
        left, columns, around_columns = _inside(
            area.column, area.columns, -round(block.column_axis.origin), block.column_axis.size
        )
        part = at(area, top, left, rows, columns)
        made = fine_image(blocks, role, part) if role.startswith("FINE") else coarse_image(blocks, role, part, how)
        if around_rows == around_columns == (0, 0):
            return made
        around = (around_rows, around_columns)
        return np.pad(made[0], ((0, 0), *around), mode="edge"), np.pad(made[1], around, mode="edge")

    def _valid(self, blocks: Blocks, run: _Run, window: Window) -> Array:
        """Return where a run's result is valid: where all images that the network uses are."""
        # Whichever way a coarse image is interpolated, it is valid in the same pixels.
        return _all_valid(list(self._images(blocks, run, window, NEAREST).values()))

    def _is_resampled(self) -> bool:
        return self.geometry.resampled[TARGET]

    def _describe_pairs(self) -> list[str]:
        if len(self._runs) > 1:
            return ["Pairs: predicted from each, and blended by how little its coarse image changes to the target's"]
        images = self._runs[0].images
        if images["FINE_1"] == "FINE_2":
            return ["Pairs: the second one is of the earlier date, and is given to the network as the first"]
        if images.get("FINE_2") == "FINE_1":
            return ["Pairs: one, for which the network's weights serve as well"]
        return []


def card_inputs(
    names: Collection[str], bands: Sequence[Mapping[str, Any]], one_pair_suffices: bool = False, **fields: Any
) -> list[dict[str, Any]]:
    """Return the inputs of a model card for a network of this task.

    Args:
        names: Names of the images that it uses, as its arguments ("fine_1").
        bands: The bands of each image, as a card lists them.
        one_pair_suffices: Of a network for two pairs: whether its weights serve with one pair as well.
        fields: What else the card says of each image: units, scale, offset, clip, normalise.
    """
    made = []
    for role in ROLES:
        if role.lower() in names:
            least = 0 if one_pair_suffices and role in SECOND else 1
            listed = [dict(band) for band in bands]
            made.append({"role": role, "bands": listed, "min_count": least, "max_count": 1, **fields, "grid": "fine"})
    return made


def is_for_either(card: ModelCard) -> bool:
    """Tell whether weights serve with one pair and with two: their card makes the second one optional."""
    second = [item for item in card.inputs if item.role in SECOND]
    return bool(second) and all(item.min_count == 0 for item in second)


def whole_image(image: Array, valid: Array, reach: int, to_the_end: bool) -> Array:
    """Return an image without holes.

    Args:
        image: float32 (bands, rows, columns).
        valid: bool (rows, columns).
        reach: Pixels around a hole that it is filled from.
        to_the_end: Whether what is farther away becomes the mean of all that is valid; otherwise it becomes 0.
    """
    if valid.all():
        return image
    if not to_the_end:
        return filled(image, valid, reach)
    if not valid.any():
        return np.zeros_like(image)
    mean = image[:, valid].mean(axis=1, dtype=np.float64).astype(np.float32)[:, None, None]
    result: Array = np.where(valid, image, filled(image - mean, valid, reach) + mean)
    return result


def drawn_as_asked(card: ModelCard, parameters: Mapping[str, Any]) -> ModelCard:
    """Return the card of a network that draws its result, with draws, steps and seed as the parameters say.

    Raises:
        InputError: There are more steps than in training, or steps are given where all of them are taken.
    """
    if "SAMPLES" not in parameters:
        return card
    configuration = dict(card.configuration)
    most = int(configuration.get("timesteps", 100))
    steps, sampler = int(parameters.get("STEPS", 0)), parameters.get("SAMPLER", "model")
    if steps > most:
        raise InputError(f"STEPS must be at most {most}, the steps that {card.id} was trained with, not {steps}.")
    if sampler == "ddpm":
        if steps not in (0, most):
            raise InputError(f"STEPS must be 0 with SAMPLER ddpm, which takes all {most} steps, not {steps}.")
        steps = most
    else:
        usual = int(configuration.get("steps", 10))
        if sampler == "ddim":
            configuration["eta"] = 0.0
            usual = min(usual, max(most - 1, 1)) if usual < most else min(10, max(most - 1, 1))
            if steps == most and most > 1:
                raise InputError(f"STEPS must be below {most} with SAMPLER ddim; ddpm takes all steps.")
        steps = steps or usual
    drawn = {"samples": int(parameters["SAMPLES"]), "seed": int(parameters.get("SEED", 0)), "steps": steps}
    return replace(card, configuration={**configuration, **drawn})


def _runs(card: ModelCard, scene: SceneInfo) -> tuple[_Run, ...]:
    """Return how often the network runs, and on what."""
    roles = [item.role for item in card.inputs]
    given = all(scene.items.get(role, 0) for role in SECOND if role in roles or "FINE_2" not in roles)
    usual = {role: role for role in roles}
    swapped = {role: _OTHER.get(role, role) for role in roles}
    if "FINE_2" not in roles:
        return (_Run(1, usual), _Run(2, swapped)) if given else (_Run(1, usual),)
    if not given:
        return (_Run(1, {role: _OTHER[role] if role in SECOND else role for role in roles}),)
    first, second = (scene.days.get(role) for role in ("FINE_1", "FINE_2"))
    if first and second and first[0] > 0 > second[0]:
        return (_Run(2, swapped),)
    return (_Run(1, usual),)


def _ratio(parameters: Mapping[str, Any], scene: SceneInfo, card: ModelCard) -> float:
    """Return the ratio of images that were resampled onto the fine grid: as given, or the card's."""
    return float(parameters.get("RATIO", 0.0)) or max(_trained_ratio(card), 1.5)


def _trained_ratio(card: ModelCard) -> float:
    trained = card.data["ratio"].get("trained")
    return float(trained) if isinstance(trained, (int, float)) else card.ratio[0]


def _all_valid(images: list[tuple[Array, Array]]) -> Array:
    result: Array = np.logical_and.reduce([valid for _, valid in images])
    return result


def _inside(first: int, count: int, start: int, size: int) -> tuple[int, int, tuple[int, int]]:
    """Return what [first, first + count) shares with [start, start + size) as (first, count), and what lacks around.

    At least one pixel is shared, the nearest one.
    """
    low = min(max(first, start), start + size - 1)
    high = max(min(first + count, start + size), low + 1)
    before = min(max(low - first, 0), count - 1)
    return low, high - low, (before, count - (high - low) - before)


def _fingerprint(inputs: Mapping[str, Array]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(inputs):
        digest.update(name.encode() + np.ascontiguousarray(inputs[name]).tobytes())
    return digest.hexdigest()


def _check(card: ModelCard, scene: SceneInfo) -> None:
    roles = [item.role for item in card.inputs]
    if card.task != TASK or not set(NEEDED) <= set(roles) <= set(ROLES):
        raise InputError(
            f"MODEL: {card.id} is no model for spatiotemporal fusion: its card must name the inputs "
            f"{' and '.join(NEEDED)}."
        )
    for item in card.inputs:
        if len(item.bands) != card.output_bands:
            raise InputError(
                f"MODEL: the card of {card.id} gives {len(item.bands)} bands for {item.role}, and "
                f"{card.output_bands} for its output; they must be the same."
            )
        if item.grid != "fine" or item.normalise == "scene":
            raise InputError(
                f"MODEL: {card.id} wants {item.role} on its own grid or normalised by the scene, which no network for "
                "spatiotemporal fusion here does."
            )
    given = [role for role in SECOND if scene.items.get(role, 0)]
    if len(given) == 1 and not (given[0] in roles and _PARTNER[given[0]] not in roles):
        missing = _PARTNER[given[0]]
        raise InputError(f"{given[0]} needs {missing}: a second pair is a fine and a coarse image of one date.")
    against = reason_against(card, scene)
    if against is not None:
        raise InputError(f"MODEL: {card.id} {against}.")
