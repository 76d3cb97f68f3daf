"""The card of a network's weights: what they were made for, where they come from, what they reach.

`models/<id>/card.json` stands beside `model.safetensors`, `model.onnx` or both. A card is data that somebody wrote, so
every field is checked before anything is done with it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from .errors import InputError

FORMAT = 1
CARD = "card.json"
UNITS = ("physical", "dn")
NORMALISATIONS = ("none", "standard", "scene")
KERNELS = ("cubic", "bilinear", "nearest")
GRIDS = ("fine", "coarse")
_REQUIRED = ("id", "title", "method", "task", "configuration", "inputs", "output", "ratio", "halo", "files", "licence")
_MOST_HALO = 1024
_CHUNK = 1 << 20


@dataclass(frozen=True)
class CardBand:
    """A band that a network was made for; None where it takes any wavelength."""

    name: str
    wavelength_nm: Optional[float] = None
    width_nm: Optional[float] = None


@dataclass(frozen=True)
class CardInput:
    """What a network gets under one role.

    The network's value is normalise(clip(value * scale + offset)).

    Attributes:
        role: Role of the task ("MS").
        bands: Its bands, in the network's order.
        min_count: Fewest images.
        max_count: Most images; None for no limit.
        masks: Whether the network is told where each of several images counts.
        units: "physical" (reflectance and the like) or "dn" (numbers as stored).
        scale: See above.
        offset: See above.
        clip: Range that values are cut to, or None.
        normalise: "none"; "standard": less `mean`, over `std`; "scene": the same with those of the scene's pixels.
        mean: Of each band, for "standard".
        std: Of each band, for "standard".
        grid: "fine": comes on the target grid; "coarse": on its own.
        kernel: How a coarse image is interpolated onto the fine grid.
    """

    role: str
    bands: tuple[CardBand, ...]
    min_count: int = 1
    max_count: Optional[int] = 1
    masks: bool = True
    units: str = "physical"
    scale: float = 1.0
    offset: float = 0.0
    clip: Optional[tuple[float, float]] = None
    normalise: str = "none"
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    grid: str = "fine"
    kernel: str = "cubic"


@dataclass(frozen=True)
class CardFile:
    """A file of weights beside the card."""

    name: str
    format: str
    sha256: str
    bytes: Optional[int] = None
    opset: Optional[int] = None


@dataclass(frozen=True)
class ModelCard:
    """`models/<id>/card.json`, checked.

    Attributes:
        id: Folder name and stable id.
        title: Label for the user.
        method: Method id of the catalogue.
        task: Task id.
        configuration: Keyword arguments of the network.
        inputs: What the network gets.
        output_bands: Bands that it gives.
        residual_of: What its output is added to inside the network: a role, or for revisits the classical method whose
            estimate the network is given; None where it is added to nothing.
        ratio: Smallest and largest ratio of pixel sizes that it is for.
        halo: Target pixels around an output pixel that the network sees; for a global one, that its local layers see.
        multiple: Window sides are a multiple of this.
        tile: Side of the square that the network was trained on; for global networks, of the tiles it is run on.
        global_context: Whether an output pixel depends on the whole tile.
        seam_error: For global networks, the largest difference between overlapping tiles and the whole, relative to the
            range; None where it was not measured.
        stochastic: Whether the result depends on the seed.
        files: Weights.
        licence: SPDX identifier.
        data: The whole card as plain data.
        folder: Where the card's files are.
    """

    id: str
    title: str
    method: str
    task: str
    configuration: Mapping[str, Any]
    inputs: tuple[CardInput, ...]
    output_bands: int
    residual_of: Optional[str]
    ratio: tuple[float, float]
    halo: int
    multiple: int
    tile: int
    global_context: bool
    seam_error: Optional[float]
    stochastic: bool
    files: tuple[CardFile, ...]
    licence: str
    data: Mapping[str, Any]
    folder: Path

    @classmethod
    def load(cls, folder: Path) -> ModelCard:
        """Read and check `folder/card.json`.

        Raises:
            InputError: The card is missing, unreadable, of another format, lacks a field or has a wrong value.
        """
        path = folder / CARD
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"Cannot read the model card {path}: {error.strerror}.") from None
        except (ValueError, RecursionError) as error:
            raise InputError(f"The model card {path} is not valid JSON: {error}.") from None
        return cls.from_data(data, folder)

    @classmethod
    def from_data(cls, data: Any, folder: Path) -> ModelCard:
        """Check a card that stands, or will stand, in `folder`.

        Raises:
            InputError: It is of another format, lacks a field or has a wrong value.
        """
        try:
            return _checked(data, folder)
        except _WrongError as error:
            raise InputError(f"The model card {folder / CARD} {error}.") from None

    def input(self, role: str) -> CardInput:
        """Return what the network gets under a role.

        Raises:
            KeyError: It takes none.
        """
        for item in self.inputs:
            if item.role == role:
                return item
        raise KeyError(f"{self.id} takes no {role}.")

    def file(self, kind: str) -> Optional[CardFile]:
        """Return the file of a format ("safetensors", "onnx"), or None."""
        return next((item for item in self.files if item.format == kind), None)

    def verified(self, file: CardFile) -> Path:
        """Return the path of a file of weights after checking its size and SHA-256.

        Raises:
            InputError: The file is missing, or is not the one that the card names.
        """
        path = self.folder / file.name
        try:
            size, digest = _digest(path)
        except OSError as error:
            raise InputError(f"Cannot read the weights {path}: {error.strerror}.") from None
        if file.bytes is not None and size != file.bytes:
            raise InputError(
                f"The weights {path} have {size} bytes in place of {file.bytes}; get the model {self.id} again."
            )
        if digest != file.sha256:
            raise InputError(
                f"The weights {path} are not those of the card (their SHA-256 differs); get the model {self.id} again."
            )
        return path

    def fingerprint(self) -> str:
        """Return the SHA-256 over those of the card's files: what a job records of its model."""
        return hashlib.sha256("".join(sorted(item.sha256 for item in self.files)).encode()).hexdigest()


def _digest(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while True:
            part = stream.read(_CHUNK)
            if not part:
                return size, digest.hexdigest()
            size += len(part)
            digest.update(part)


class _WrongError(Exception):
    """What is wrong with a card, as the end of a sentence that begins with "The model card ..."."""


def _checked(data: Any, folder: Path) -> ModelCard:
    if not isinstance(data, Mapping):
        raise _WrongError("must be a JSON object")
    if data.get("format") != FORMAT:
        raise _WrongError(f"has format {data.get('format')!r}; this version reads {FORMAT}")
    missing = [name for name in _REQUIRED if name not in data]
    if missing:
        raise _WrongError(f"lacks: {', '.join(missing)}")
    identifier = _text(data, "id")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", identifier):
        raise _WrongError(f"has an id that is no plain name: {identifier!r}")
    output = _object(data, "output")
    ratio = _object(data, "ratio")
    window = _object(data, "window", {})
    context = _object(data, "global_context", {"yes": False})
    low, high = _number(ratio, "min", least=0.0), _number(ratio, "max", least=0.0)
    if not 0 < low <= high:
        raise _WrongError("needs a ratio with 0 < min <= max")
    halo = _whole(data, "halo", 0, _MOST_HALO)
    seam = context.get("seam_error")
    return ModelCard(
        id=identifier,
        title=_text(data, "title"),
        method=_text(data, "method"),
        task=_text(data, "task"),
        configuration=_object(data, "configuration"),
        inputs=tuple(_input(item) for item in _objects(data, "inputs")),
        output_bands=_whole(output, "bands", 1, 4096),
        residual_of=_optional_text(output, "residual_of"),
        ratio=(low, high),
        halo=halo,
        multiple=_whole(window, "multiple", 1, 1024, 1),
        tile=_whole(window, "trained", 1, 65536, 256),
        global_context=_truth(context, "yes"),
        seam_error=None if seam is None else _number(context, "seam_error", least=0.0),
        stochastic=_truth(data, "stochastic", False),
        files=tuple(_file(item) for item in _objects(data, "files")),
        licence=_text(data, "licence"),
        data=data,
        folder=folder,
    )


def _input(data: Mapping[str, Any]) -> CardInput:
    bands = tuple(_band(item) for item in _objects(data, "bands"))
    if not bands:
        raise _WrongError("has an input without bands")
    normalise = _object(data, "normalise", {"kind": "none"})
    kind = _choice(normalise, "kind", NORMALISATIONS)
    mean, std = ((), ()) if kind != "standard" else _standard(_object(normalise, "values"), len(bands))
    most = data.get("max_count", 1)
    return CardInput(
        role=_text(data, "role"),
        bands=bands,
        min_count=_whole(data, "min_count", 0, 4096, 1),
        max_count=None if most is None else _whole(data, "max_count", 1, 4096, 1),
        masks=_truth(data, "masks", True),
        units=_choice(data, "units", UNITS, "physical"),
        scale=_not_zero(_number(data, "scale", 1.0), "scale"),
        offset=_number(data, "offset", 0.0),
        clip=_clip(data),
        normalise=kind,
        mean=mean,
        std=std,
        grid=_choice(data, "grid", GRIDS, "fine"),
        kernel=_choice(_object(data, "resampling", {}), "kernel", KERNELS, "cubic"),
    )


def _standard(values: Mapping[str, Any], bands: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    mean, std = (_numbers(values, name, bands) for name in ("mean", "std"))
    if any(value <= 0 for value in std):
        raise _WrongError("needs standard deviations above 0")
    return mean, std


def _clip(data: Mapping[str, Any]) -> Optional[tuple[float, float]]:
    if data.get("clip") is None:
        return None
    low, high = _numbers(data, "clip", 2)
    if low >= high:
        raise _WrongError("needs a clip of two rising numbers")
    return low, high


def _band(data: Mapping[str, Any]) -> CardBand:
    known = {name: data.get(name) for name in ("wavelength_nm", "width_nm")}
    given = {name: _number(data, name, least=0.0) for name, value in known.items() if value is not None}
    return CardBand(_text(data, "name"), given.get("wavelength_nm"), given.get("width_nm"))


def _file(data: Mapping[str, Any]) -> CardFile:
    name, sha256 = str(data.get("name", "")), str(data.get("sha256", ""))
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.(safetensors|onnx)", name):
        raise _WrongError(f"names a file that is neither safetensors nor ONNX: {name!r}")
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise _WrongError(f"has no valid sha256 for {name}")
    size = None if data.get("bytes") is None else _whole(data, "bytes", 0, 1 << 50)
    opset = None if data.get("opset") is None else _whole(data, "opset", 1, 1000)
    return CardFile(name, name.rpartition(".")[2], sha256, size, opset)


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = data.get(name)
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise _WrongError(f"must list its {name} as JSON objects")
    return items


def _object(data: Mapping[str, Any], name: str, default: Optional[Mapping[str, Any]] = None) -> Mapping[str, Any]:
    value = data.get(name)
    if value is None:
        value = default
    if not isinstance(value, Mapping):
        raise _WrongError(f"must give its {name} as a JSON object")
    return value


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _WrongError(f"needs a text as its {name}")
    return value


def _optional_text(data: Mapping[str, Any], name: str) -> Optional[str]:
    return None if data.get(name) is None else _text(data, name)


def _choice(data: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: Optional[str] = None) -> str:
    value = data.get(name)
    if value is None:
        value = default
    if value not in allowed:
        raise _WrongError(f"has {name} {value!r}; allowed are {', '.join(allowed)}")
    return str(value)


def _truth(data: Mapping[str, Any], name: str, default: Optional[bool] = None) -> bool:
    value = data.get(name, default)
    if not isinstance(value, bool):
        raise _WrongError(f"needs true or false as its {name}")
    return value


def _number(data: Mapping[str, Any], name: str, default: Optional[float] = None, least: float = -math.inf) -> float:
    value = data.get(name)
    if value is None:
        value = default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < least:
        raise _WrongError(f"has {name} {value!r} where a number is needed")
    return float(value)


def _numbers(data: Mapping[str, Any], name: str, count: int) -> tuple[float, ...]:
    values = data.get(name)
    if not isinstance(values, list) or len(values) != count:
        raise _WrongError(f"needs {count} numbers as its {name}")
    return tuple(_number({name: value}, name) for value in values)


def _not_zero(value: float, name: str) -> float:
    if value == 0:
        raise _WrongError(f"needs a {name} other than 0")
    return value


def _whole(data: Mapping[str, Any], name: str, least: int, most: int, default: Optional[int] = None) -> int:
    value = data.get(name)
    if value is None:
        value = default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _WrongError(f"has {name} {value!r} where a whole number from {least} to {most} is needed")
    return value
