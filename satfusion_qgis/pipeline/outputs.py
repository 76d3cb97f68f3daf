"""What a job writes: bands, data type, nodata, units and layout of each raster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Optional

from ..raster.bands import Band
from ..raster.encode import representable, safe_nodata
from ..raster.gdal_calls import DTYPES, gdal_type
from ..raster.grid import Grid
from ..raster.reader import Source
from ..raster.windows import block_size
from ..raster.writer import RasterFormat, check_folder, check_writable
from ..tasks.errors import InputError
from ..tasks.job import Job, Output
from ..tasks.method import Implementation, Method
from ..tasks.task import OutputSpec, Task

REFLECTANCE, REFLECTANCE_INT16 = "reflectance", "reflectance_int16"
UNITS = ("input", REFLECTANCE, REFLECTANCE_INT16)
_INT16_SCALE, _INT16_NODATA = 1e-4, -32768.0


@dataclass(frozen=True)
class OutputPlan:
    """One raster to write: its bands and layout, and how results become DN."""

    output: Output
    spec: OutputSpec
    bands: tuple[Band, ...]
    form: RasterFormat
    to_dn: bool
    nbits: Optional[int] = None


def wants_physical(job: Job, method: Method, sources: dict[str, tuple[Source, ...]]) -> bool:
    """Tell whether the output is to be in physical units, the method feels an offset, or images of a role differ."""
    bands = [band for images in sources.values() for image in images for band in image.bands]
    if not any(band.scale != 1 or band.offset != 0 for band in bands):
        return False
    if any(output.options.get("UNITS") in (REFLECTANCE, REFLECTANCE_INT16) for output in job.outputs):
        return True
    if any(role.startswith("COARSE") for role in sources):  # two sensors, each with units of its own
        return True
    return not (method.invariant_to_offset and method.invariant_to_gain) or any(map(_differ, sources.values()))


def _differ(images: Sequence[Source]) -> bool:
    """Tell whether the same number means something else in one image of a role than in another."""
    return len({tuple((band.scale, band.offset) for band in image.bands) for image in images}) > 1


def describe_units(
    method: Method, sources: dict[str, tuple[Source, ...]], physical: bool, notes: list[str], warnings: list[str]
) -> None:
    """Say for the log in which units is computed, and warn where only some inputs state theirs."""
    if physical:
        notes.append("Units: computed in physical values (DN * scale + offset)")
    elif method.invariant_to_offset:
        notes.append(f"Units: computed in the files' own values; {method.title} does not depend on scale and offset")
    else:
        notes.append("Units: computed in the files' own values, for no scale and offset are known")
    stated = {
        role: any(band.scale != 1 or band.offset != 0 for band in images[0].bands)
        for role, images in sources.items()
        if images
    }
    if physical and not all(stated.values()):
        lacking = ", ".join(role for role, known in stated.items() if not known)
        warnings.append(f"{lacking} states no scale and offset, other inputs do; give them, or the units do not agree")


def plan_outputs(
    job: Job,
    task: Task,
    sources: dict[str, tuple[Source, ...]],
    implementation: Implementation,
    grid: Grid,
    physical: bool,
    window: tuple[int, int],
    labels: Mapping[str, Sequence[str]],
) -> tuple[OutputPlan, ...]:
    """Describe the rasters to write, and check that they and the tables can be written.

    Args:
        job: The job.
        task: Its task.
        sources: Images of each role.
        implementation: What computes.
        grid: What is written.
        physical: Whether results come in physical units.
        window: (rows, columns) of a window.
        labels: What the images of a role are called in a stack of them.

    Raises:
        InputError: An output cannot be written as asked for.
    """
    plans = []
    for output in job.outputs:
        spec = task.output(output.name)
        if spec.kind == "table":
            check_folder(Path(output.path))
            continue
        made = _output(job, output, spec, sources, implementation, physical, window, labels)
        check_writable(output.path, grid, len(made.bands), made.form)
        plans.append(made)
    return tuple(plans)


def _output(
    job: Job,
    output: Output,
    spec: OutputSpec,
    sources: dict[str, tuple[Source, ...]],
    implementation: Implementation,
    physical: bool,
    window: tuple[int, int],
    labels: Mapping[str, Sequence[str]],
) -> OutputPlan:
    units = str(output.options.get("UNITS", "input"))
    if units not in UNITS:
        raise InputError(f"OUTPUT_UNITS must be one of {', '.join(UNITS)}, not {units!r}.")
    names = implementation.output_bands().get(output.name)
    like = sources[spec.like][0] if spec.like else None
    if like is not None:
        bands, dtype = _bands_like(like, output, units)
        if spec.stacked:
            bands = tuple(
                replace(band, name=f"{label} {band.name}".strip()) for label in labels[str(spec.like)] for band in bands
            )
    else:
        default = "Byte" if spec.kind == "classes" else "Float32"
        bands = tuple(Band(name, None, output.dtype or default) for name in names or [spec.title])
        dtype = output.dtype or default
    gdal_type(dtype)
    if spec.kind != "classes" and spec.like is None and DTYPES[dtype][0] != "f":
        raise InputError(f"{output.name} needs a floating-point type, not {dtype}.")
    in_units = like is not None and units != "input"
    masked = job.area is not None or bool(sources.get("FINE_2"))  # what neither of two pairs reaches is missing
    nodata = _INT16_NODATA if in_units and units == REFLECTANCE_INT16 else None
    if nodata is None:
        nodata = _nodata(DTYPES[dtype], like, sources, spec.kind, in_units, masked)
    form = RasterFormat(
        dtype,
        nodata,
        file_block(job, window),
        str(output.options.get("COMPRESSION", "deflate")).lower(),
        bool(output.options.get("OVERVIEWS", True)),
        job.threads,
        tuple(output.options.get("CATEGORIES", ())),
    )
    same_type = like is not None and not in_units and all(band.dtype == dtype for band in like.bands)
    nbits = like.bands[0].nbits if like is not None and same_type else None
    to_dn = like is not None and (units == REFLECTANCE_INT16 or (physical and units == "input"))
    return OutputPlan(output, spec, bands, form, to_dn, nbits)


def _bands_like(like: Source, output: Output, units: str) -> tuple[tuple[Band, ...], str]:
    """Return the bands of an image that takes them over from an input, and its type."""
    bands = [replace(band, name=name) for band, name in zip(like.bands, _output_names(like))]
    if units == "input":
        return tuple(bands), output.dtype or _widest(bands)
    if not all(band.scaled for band in bands):
        raise InputError(
            f"OUTPUT_UNITS {units} needs a known scale and offset, but {like.role} ({like.name}) states none; choose "
            f"input."
        )
    scale, dtype = (_INT16_SCALE, "Int16") if units == REFLECTANCE_INT16 else (1.0, output.dtype or "Float32")
    if (output.dtype or dtype) != dtype or (units == REFLECTANCE and not dtype.startswith("Float")):
        kind = "Int16" if units == REFLECTANCE_INT16 else "a floating-point type"
        raise InputError(f"OUTPUT_UNITS {units} needs {kind}, not {output.dtype}.")
    return tuple(replace(band, scale=scale, offset=0.0, assumed=False) for band in bands), dtype


def _output_names(image: Source) -> tuple[str, ...]:
    """Return the bands' names; single-band files without one lend the end of their file names."""
    if all(band.name for band in image.bands) or len(image.files) == 1:
        return tuple(band.name for band in image.bands)
    stems = [PurePath(path).stem for path, _ in image.files]
    shared = next((place for place, letters in enumerate(zip(*stems)) if len(set(letters)) > 1), 0)
    cut = max(stems[0].rfind(mark, 0, shared) for mark in "_-. ") + 1
    lent = [
        stem[cut:] if len(numbers) == 1 else f"{stem[cut:]} {number}"
        for stem, (_, numbers) in zip(stems, image.files)
        for number in numbers
    ]
    return tuple(band.name or name for band, name in zip(image.bands, lent))


def _widest(bands: Sequence[Band]) -> str:
    """Return the type that holds every band's values."""
    from osgeo import gdal

    widest = gdal_type(bands[0].dtype)
    for band in bands[1:]:
        widest = gdal.DataTypeUnion(widest, gdal_type(band.dtype))
    return str(gdal.GetDataTypeName(widest))


def _nodata(
    dtype: str, like: Optional[Source], sources: dict[str, tuple[Source, ...]], kind: str, physical: bool, masked: bool
) -> Optional[float]:
    """Return the nodata value: that of the image the output is like, else another's, else a safe one."""
    images = [image for own in sources.values() for image in own]
    if kind == "classes":
        return 0.0 if dtype == "uint8" else safe_nodata(dtype)
    if physical or kind == "measure":  # whose 0 says something
        return safe_nodata(dtype)
    preferred = [like] if like is not None else []
    for image in preferred + images:
        for band in image.bands:
            if band.nodata is not None and representable(band.nodata, dtype):
                return band.nodata
    return safe_nodata(dtype) if masked or any(image.may_be_invalid for image in images) else None


def file_block(job: Job, window: tuple[int, int]) -> int:
    """Return the side of the output file's blocks."""
    return block_size(window[0]) if job.window else 256
