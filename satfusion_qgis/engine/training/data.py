"""A patch set for PyTorch: normalised patches in an order that a seed and a step settle, and nothing else.

Values are treated as a model card says: `normalise(clip(value * scale + offset))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from ...inference.surroundings import filled
from ...tasks.errors import InputError
from ...tasks.method import Array
from ...tasks.patch_set import MASK, MASKS, PatchSet

NORMALISATIONS = ("none", "standard", "scene")
_LEAST_STD = 1e-12
_LEVELS = ("mean", "std")
_HALF = 0.5
_OF_PAIRS = ("fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2", "base", "reference")


@dataclass(frozen=True)
class Scaling:
    """How values become what a network takes, for MS or revisits (base and reference too) and PAN.

    Attributes:
        kind: "none", "standard" (mean and standard deviation of the training patches) or "scene" (those of the scene
            that a patch comes from).
        scale: Value of the network = value * scale + offset, before it is normalised.
        offset: See `scale`.
        clip: Lowest and highest scaled value, or None.
        mean: For "standard", the mean of each scaled band, by role: "ms" or "revisits", and "pan".
        std: For "standard", the standard deviation of each scaled band.
    """

    kind: str = "none"
    scale: float = 1.0
    offset: float = 0.0
    clip: Optional[tuple[float, float]] = None
    mean: Optional[Mapping[str, Sequence[float]]] = None
    std: Optional[Mapping[str, Sequence[float]]] = None

    def scaled(self, values: Array) -> Array:
        """Return physical values scaled and clipped."""
        result = np.asarray(values, np.float32) * np.float32(self.scale) + np.float32(self.offset)
        return result if self.clip is None else np.clip(result, *self.clip)


def scaling_of(
    patches: PatchSet, kind: str = "none", scale: Optional[float] = None, clip: Optional[tuple[float, float]] = None
) -> Scaling:
    """Return the scaling for a patch set.

    Args:
        patches: The patch set.
        kind: One of `NORMALISATIONS`.
        scale: A factor; None takes 1 for values that lie near 0..1 already, as reflectance does, else 1 / range.
        clip: Lowest and highest scaled value.

    Raises:
        InputError: The kind is unknown.
    """
    if kind not in NORMALISATIONS:
        raise InputError(f"NORMALISE must be one of {', '.join(NORMALISATIONS)}, not {kind!r}.")
    if scale is None:
        full = float(patches.data.get("range", 1.0))
        scale = 1.0 if 0.05 <= full <= 2.0 else 1.0 / full
    if kind != "standard":
        return Scaling(kind, scale, 0.0, clip)
    mean, std = statistics(patches.data["statistics"], scale, 0.0)
    return Scaling(kind, scale, 0.0, clip, mean, std)


def statistics(
    found: Mapping[str, Any], scale: float, offset: float
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return mean and standard deviation of the scaled bands, by role, from those of physical values."""
    mean = {role: [value * scale + offset for value in own["mean"]] for role, own in found.items()}
    std = {role: [max(value * abs(scale), _LEAST_STD) for value in own["std"]] for role, own in found.items()}
    return mean, std


class Patches(Dataset):
    """One split of a patch set, normalised.

    An item is a dict of the tensors of the set's task as the network takes and gives them, such as "ms" [bands, side,
    side], "pan" [1, side, side] and "reference" [bands, side, side], or "revisits" [frames, bands, coarse, coarse] and
    "masks" [frames, 1, coarse, coarse]; "mean" and "std" [bands, 1, 1], with which an output is taken back to scaled
    values (output * std + mean).

    Where the set has a "mask" [1, side, side], what stands in the other tensors at masked pixels is never seen: they
    get the mean of the pixels near them, as holes of a scene do.

    Args:
        patches: The patch set.
        split: "train", "validation" or "test".
        scaling: How values are treated.
        indices: Patches of the split to keep; None for all.
    """

    def __init__(
        self, patches: PatchSet, split: str, scaling: Scaling, indices: Optional[Sequence[int]] = None
    ) -> None:
        self._shards = patches.shards(split)
        self._starts = np.cumsum([0, *(len(shard["reference"]) for shard in self._shards)])
        self._scaling = scaling
        self.bands, self.kind = patches.bands, patches.kind
        whole = int(self._starts[-1])
        self._indices = np.arange(whole) if indices is None else np.asarray(indices, np.int64)
        self._levels = self._normalisations(patches)

    def __len__(self) -> int:
        return len(self._indices)

    def physical(self, index: int) -> dict[str, Array]:
        """Return a patch as it is stored: its tensors as float32 in the set's units."""
        shard, row = self._find(index)
        return {name: np.array(shard[name][row], np.float32) for name in self.kind.tensors}

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        shard, row = self._find(index)
        scene = int(shard["scene"][row]) if "scene" in shard else 0
        levels = self._levels[scene if self._scaling.kind == "scene" else 0]
        item = {}
        valid = shard[MASK][row][0] != 0 if MASK in self.kind.tensors else None
        for name in self.kind.tensors:
            if name in (MASK, MASKS):
                item[name] = torch.from_numpy(np.array(shard[name][row], np.float32))
                continue
            mean, std = levels[self.kind.role(name)]
            values = self._scaling.scaled(shard[name][row] if valid is None else whole(shard[name][row], valid))
            item[name] = torch.from_numpy((values - mean) / std)
        item["mean"], item["std"] = (torch.from_numpy(level.copy()) for level in levels[self.kind.coarse])
        return item

    def _find(self, index: int) -> tuple[dict[str, Array], int]:
        place = int(self._indices[index])
        number = int(np.searchsorted(self._starts, place, "right")) - 1
        return self._shards[number], place - int(self._starts[number])

    def _normalisations(self, patches: PatchSet) -> list[dict[str, tuple[Array, Array]]]:
        """Return (mean, standard deviation) by role: one for all patches, or one for each scene."""
        scaling, roles = self._scaling, self.kind.roles
        if scaling.kind == "scene":
            several = [
                statistics(source["statistics"], scaling.scale, scaling.offset) for source in patches.data["sources"]
            ]
        elif scaling.mean is not None and scaling.std is not None:
            several = [(dict(scaling.mean), dict(scaling.std))]  # type: ignore[arg-type]
        else:
            counts = {role: 1 if role == "pan" else self.bands for role in roles}
            zeros, ones = ({role: [value] * counts[role] for role in roles} for value in (0.0, 1.0))
            several = [(zeros, ones)]
        return [{role: (_column(mean[role]), _column(std[role])) for role in roles} for mean, std in several]


def whole(image: Array, valid: Array) -> Array:
    """Return a patch [bands, side, side] without its holes, where `valid` [side, side] is false; 0 where all are."""
    if valid.all():
        return image
    known = np.where(valid, image, np.float32(0)).astype(np.float32)
    return filled(known, valid, max(valid.shape))


def _column(values: Sequence[float]) -> Array:
    return np.array(values, np.float32).reshape(-1, 1, 1)


class Order(Sampler):
    """The indices of the batches from one step to another: each epoch is a shuffle of its own, settled by the seed.

    So step k sees the same patches, whether the training was interrupted before it or not.

    Args:
        count: Number of patches.
        batch: Patches of a batch; the last batch of an epoch is filled up from the next.
        seed: The same seed gives the same order.
        first: First step.
        last: One past the last step.
    """

    def __init__(self, count: int, batch: int, seed: int, first: int, last: int) -> None:
        self._count, self._batch, self._seed = count, batch, seed
        self._first, self._last = first, last

    def __len__(self) -> int:
        return max(0, self._last - self._first)

    def __iter__(self) -> Iterator[list[int]]:
        epoch, shuffled = -1, np.arange(self._count)
        for step in range(self._first, self._last):
            indices = []
            for place in range(step * self._batch, (step + 1) * self._batch):
                if place // self._count != epoch:
                    epoch = place // self._count
                    shuffled = np.random.default_rng([self._seed, epoch]).permutation(self._count)
                indices.append(int(shuffled[place % self._count]))
            yield indices


def turned(batch: Mapping[str, Tensor], seed: int, step: int) -> dict[str, Tensor]:
    """Return a batch of which each patch is turned and mirrored in one of eight ways, settled by seed and step."""
    ways = np.random.default_rng([seed, 1, step]).integers(0, 8, len(batch["reference"]))
    result = dict(batch)
    for name in batch:
        if name not in _LEVELS:
            result[name] = torch.stack([_turn(patch, int(way)) for patch, way in zip(batch[name], ways)])
    return result


def fewer_frames(batch: Mapping[str, Tensor], seed: int, step: int, least: int = 1) -> dict[str, Tensor]:
    """Return a batch with its revisits after the first in another order, and often fewer of them.

    The first revisit is the reference, and stays. So one network learns to work with any number of revisits, and not
    to trust their order. Which stay is settled by seed and step.

    Args:
        batch: With "revisits" [N, frames, ...] and "masks" [N, frames, ...].
        seed: The same seed and step give the same revisits.
        step: See `seed`.
        least: Fewest revisits that the network takes; below, those that are left out are masked instead.
    """
    count, frames = batch["revisits"].shape[:2]
    rng = np.random.default_rng([seed, 3, step])
    kept = int(rng.integers(1, frames + 1)) if rng.random() < _HALF else frames
    orders = np.stack([np.append(0, 1 + rng.permutation(frames - 1)) for _ in range(count)])
    rows, places = torch.arange(count)[:, None], torch.from_numpy(orders.astype(np.int64))
    mixed = {name: batch[name][rows, places.to(batch[name].device)] for name in ("revisits", MASKS)}
    mixed = {name: value[:, : max(kept, least)] for name, value in mixed.items()}
    mixed[MASKS] = mixed[MASKS].clone()
    mixed[MASKS][:, kept:] = 0
    return {**batch, **mixed}


def noisy(batch: Mapping[str, Tensor], most: float, seed: int, step: int) -> dict[str, Tensor]:
    """Return a batch with noise on PAN, settled by seed and step.

    Args:
        batch: As `Patches` gives it.
        most: Each patch gets a standard deviation between 0 and this.
        seed: The same seed and step give the same noise.
        step: See `seed`.
    """
    pan = batch["pan"]
    rng = np.random.default_rng([seed, 2, step])
    deviation = rng.uniform(0.0, most, (len(pan), 1, 1, 1)).astype(np.float32)
    noise = rng.standard_normal(tuple(pan.shape), np.float32) * deviation
    return {**batch, "pan": pan + torch.from_numpy(noise).to(pan.device)}


def levelled(
    batch: Mapping[str, Tensor], most: float, seed: int, step: int
) -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """Return a batch whose images have another contrast and another level, and how an answer to it is taken back.

    What a network adds should depend on detail, not on how bright the surface is: a scene has roofs and clouds as few
    patches have them. Every image of a patch is multiplied by one gain, and every band has its own offset.

    Args:
        batch: As `Patches` gives it.
        most: Gains lie between exp(-most) and exp(most), offsets between -3 and 3 times this.
        seed: The same seed and step give the same levels.
        step: See `seed`.

    Returns:
        The batch, the gain [batch, 1, 1, 1], and the offset of each band [batch, bands, 1, 1].
    """
    bands = next(batch[name].shape[-3] for name in ("revisits", "ms") if name in batch)
    rng = np.random.default_rng([seed, 4, step])
    of = batch["reference"]
    gain = torch.from_numpy(np.exp(rng.uniform(-most, most, (len(of), 1, 1, 1))).astype(np.float32)).to(of.device)
    drawn = rng.uniform(-3 * most, 3 * most, (len(of), bands + 1, 1, 1)).astype(np.float32)
    offsets = torch.from_numpy(drawn).to(of.device)
    own = {"ms": offsets[:, :bands], "base": offsets[:, :bands], "pan": offsets[:, bands:]}
    changed = {name: batch[name] * gain + offset for name, offset in own.items() if name in batch}
    if "revisits" in batch:
        changed["revisits"] = batch["revisits"] * gain[:, None] + offsets[:, None, :bands]
    return {**batch, **changed}, gain, offsets[:, :bands]


def exchanged(batch: Mapping[str, Tensor], seed: int, step: int, one_pair: bool) -> dict[str, Tensor]:
    """Return a batch some of whose patches have their dates exchanged, settled by seed and step.

    With two pairs, each becomes the other in half of the patches. A network for one pair also learns the way back in
    half of them: the pair is then that of the target's date, and what was the pair's fine image is to be predicted.

    Args:
        batch: With "fine_1", "coarse_1", "coarse_target", "reference", and with two pairs "fine_2" and "coarse_2".
        seed: The same seed and step give the same exchanges.
        step: See `seed`.
        one_pair: Whether the network takes one pair.
    """
    rng = np.random.default_rng([seed, 5, step])
    pair, target, other = ("fine_1", "coarse_1"), ("reference", "coarse_target"), ("fine_2", "coarse_2")
    result = dict(batch)
    for names in ((other,) if other[0] in batch else ()) + ((target,) if one_pair else ()):
        chosen = torch.from_numpy(rng.random(len(batch["reference"])) < _HALF).to(batch["reference"].device)
        for one, another in zip(pair, names):
            places = chosen[:, None, None, None]
            first, second = result[one], result[another]
            result[one], result[another] = torch.where(places, second, first), torch.where(places, first, second)
    return result


def relit(batch: Mapping[str, Tensor], most: float, seed: int, step: int) -> dict[str, Tensor]:
    """Return a batch whose bands are brighter or darker in all images of a patch alike, the reference among them.

    So that a network learns what changes, and not the few brightnesses that its patches have.

    Args:
        batch: As `Patches` gives it for spatiotemporal fusion.
        most: Gains lie between exp(-most) and exp(most), offsets between -most and most standard deviations of the
            band in the patch's first fine image.
        seed: The same seed and step give the same light.
        step: See `seed`.
    """
    fine = batch["fine_1"]
    shape = (*fine.shape[:2], 1, 1)
    rng = np.random.default_rng([seed, 6, step])
    gain = torch.from_numpy(np.exp(rng.uniform(-most, most, shape)).astype(np.float32)).to(fine.device)
    offset = torch.from_numpy(rng.uniform(-most, most, shape).astype(np.float32)).to(fine.device)
    offset = offset * fine.std(dim=(2, 3), keepdim=True)
    return {name: value * gain + offset if name in _OF_PAIRS else value for name, value in batch.items()}


def _turn(patch: Tensor, way: int) -> Tensor:
    rotated = torch.rot90(patch, way % 4, (-2, -1))
    return torch.flip(rotated, (-1,)) if way >= 4 else rotated


def some_of(count: int, most: int) -> list[int]:
    """Return at most `most` of `count` indices, evenly spread."""
    if count <= most:
        return list(range(count))
    return [int(place) for place in np.linspace(0, count - 1, most).round()]
