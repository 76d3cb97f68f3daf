"""A job: everything that one run needs, as plain data that goes to JSON and back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Optional

from .errors import InputError

FORMAT = 1
AUTO_MASK = "auto"
MASKS = ("none", "auto")
# The device of a method that has a compiled form and is to run in plain NumPy.
PYTHON = "python"


@dataclass
class Mask:
    """A raster that marks pixels of an input as not to be used.

    Attributes:
        path: GDAL-readable raster on the input's grid; "auto" stands for the quality band of a product as delivered.
        band: Band number, from 1.
        invalid_values: Values that mean "do not use".
        invalid_bits: Bit numbers; a pixel with any of them set is not used. Where neither values nor bits are named,
            any value but 0 means "do not use".
        dilate_px: Grow the masked areas by this many pixels.
    """

    path: str
    band: int = 1
    invalid_values: list[int] = field(default_factory=list)
    invalid_bits: list[int] = field(default_factory=list)
    dilate_px: int = 0


@dataclass
class Input:
    """One raster under a role. Files with the same role and index are bands of one image.

    Attributes:
        role: Role name of the task.
        index: Number of the image under that role, from 0.
        path: GDAL-readable raster, or a product as delivered; "#" and a name after it choose one of its images.
        bands: Band numbers to use, from 1; empty for all.
        band_names: Names for these bands; empty to take the file's.
        wavelengths_nm: Centre wavelengths for these bands; empty to take the file's.
        date: ISO 8601 date and time; needed for dated roles. Revisits without one take it from metadata and names.
        pair: Number that ties a fine and a coarse image of one date.
        mask: Pixels not to be used.
        scale: Physical value = DN * scale + offset; None to take the file's.
        offset: See `scale`.
        nodata: Value of missing pixels; None to take the file's.
    """

    role: str
    path: str
    index: int = 0
    bands: list[int] = field(default_factory=list)
    band_names: list[str] = field(default_factory=list)
    wavelengths_nm: list[float] = field(default_factory=list)
    date: Optional[str] = None
    pair: Optional[int] = None
    mask: Optional[Mask] = None
    scale: Optional[float] = None
    offset: Optional[float] = None
    nodata: Optional[float] = None


@dataclass
class Output:
    """One file to write.

    Attributes:
        name: Output name of the task.
        path: Where it goes.
        kind: As the task says ("image", "measure", "classes", "probability", "table").
        dtype: GDAL type name ("UInt16", "Float32", ...) or None for the task's default.
        options: COMPRESSION ("deflate", "zstd", "none", "cog"), OVERVIEWS (bool),
            UNITS ("input", "reflectance" or "reflectance_int16").
    """

    name: str
    path: str
    kind: str = "image"
    dtype: Optional[str] = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Area:
    """Polygons, in a file or as text, inside of which is computed; outside of them is nodata.

    Attributes:
        path: GDAL-readable vector file; None where `polygons` are given.
        layer: Layer of that file; None where it has only one.
        polygons: WKT of polygons, in place of a file.
        crs: CRS of the polygons, as WKT or "EPSG:4326"; None for that of the file or, without a file, of the target
            grid.
    """

    path: Optional[str] = None
    layer: Optional[str] = None
    polygons: list[str] = field(default_factory=list)
    crs: Optional[str] = None


@dataclass
class Preview:
    """A small part that is computed with the statistics of the whole scene, as the full run has it there.

    Attributes:
        centre: [x, y] in the target grid's CRS; None for the scene's centre.
        size: Side in pixels of the coarsest input (MS).
    """

    centre: Optional[list[float]] = None
    size: int = 512


@dataclass
class Job:
    """One run of one method. See contracts: plain data, JSON both ways.

    Attributes:
        task: Task id.
        method: Method id.
        inputs: Rasters under their roles.
        outputs: Files to write.
        grid: {"of": role} or {"crs": WKT, "geotransform": 6 numbers, "size": [columns, rows]}.
        extent: [xmin, ymin, xmax, ymax] in the target grid's CRS, or None. Where the pipeline chooses which revisit
            gives the grid, it is in the CRS of the first one; so is the centre of a preview.
        area: Polygons inside of which is computed, or None.
        preview: The part to write, with the statistics of all the rest too; None for everything.
        parameters: Method parameters by name; missing ones take their default.
        model: {"id", "sha256"} of a network's weights, or None.
        window: Side of the processing window in target pixels; None to choose one.
        device: "auto", "cpu", ...; "python" for the plain form of methods that have a compiled one.
        threads: Compute threads.
        seed: Seed of stochastic methods.
        software: Versions that made the output.
        format: Version of this layout.
    """

    task: str
    method: str
    inputs: list[Input]
    outputs: list[Output]
    grid: Optional[dict[str, Any]] = None
    extent: Optional[list[float]] = None
    area: Optional[Area] = None
    preview: Optional[Preview] = None
    parameters: dict[str, Any] = field(default_factory=dict)
    model: Optional[dict[str, str]] = None
    window: Optional[int] = None
    device: str = "auto"
    threads: int = 2
    seed: int = 0
    software: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the job as one JSON text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """Read a job from JSON.

        Raises:
            InputError: The text is no job, or of another format.
        """
        try:
            data = json.loads(text)
        except ValueError as error:
            raise InputError(f"The job is not valid JSON: {error}.") from None
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: Any) -> Job:
        """Read a job from plain data.

        Raises:
            InputError: The data is no job, or of another format.
        """
        if not isinstance(data, Mapping):
            raise InputError("The job must be a JSON object.")
        if data.get("format") != FORMAT:
            raise InputError(f"The job has format {data.get('format')!r}; this version reads format {FORMAT}.")
        values = _checked(cls, data, "job")
        values["inputs"] = [_input(item) for item in _list(data, "inputs")]
        values["outputs"] = [Output(**_checked(Output, item, "output")) for item in _list(data, "outputs")]
        for name, kind in (("area", Area), ("preview", Preview)):
            if values.get(name) is not None:
                values[name] = kind(**_checked(kind, values[name], name))
        return cls(**values)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    items = data.get(key)
    if not isinstance(items, list):
        raise InputError(f"The job's {key!r} must be a list.")
    return items


def _input(data: Any) -> Input:
    values = _checked(Input, data, "input")
    if values.get("mask") is not None:
        values["mask"] = Mask(**_checked(Mask, values["mask"], "mask"))
    return Input(**values)


def _checked(kind: type, data: Any, what: str) -> dict[str, Any]:
    """Return `data` as keyword arguments of the dataclass `kind`, refusing unknown and missing names."""
    if not isinstance(data, Mapping):
        raise InputError(f"Each {what} of the job must be a JSON object.")
    known = {item.name: item for item in fields(kind)}
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise InputError(f"The {what} has an unknown field: {', '.join(unknown)}.")
    required = {"job": ("task", "method"), "input": ("role", "path"), "output": ("name", "path"), "mask": ("path",)}
    missing = [name for name in required.get(what, ()) if not data.get(name)]
    if missing:
        raise InputError(f"The {what} lacks the field: {', '.join(missing)}.")
    for name, value in data.items():
        if not _fits(value, str(known[name].type)):
            raise InputError(f"The {what} has a wrong value in its field {name}: {value!r}.")
    return dict(data)


def _fits(value: Any, kind: str) -> bool:
    """Tell whether a value from JSON is of the kind that a field declares, down to the items of lists."""
    outer, _, inner = kind.partition("[")
    inner = inner[:-1]
    if outer == "Optional":
        return value is None or _fits(value, inner)
    if outer == "list":
        return isinstance(value, list) and all(_fits(item, inner) for item in value)
    if outer == "dict":
        return isinstance(value, Mapping)
    types: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float)}
    return outer not in types or (isinstance(value, types[outer]) and not isinstance(value, bool))
