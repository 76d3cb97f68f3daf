"""Patch sets from PanCollection's HDF5 files: `gt`, `lms`, `pan`, in the order image, band, row, column.

Deng, L.-J., et al. (2022): Machine learning in pansharpening: a benchmark, from shallow to deep networks. IEEE
Geoscience and Remote Sensing Magazine 10(3), 279-315. 10.1109/MGRS.2022.3187652

`lms`, the enlarged MS, is taken as it is stored: its phase is that of the reference in these files. Images larger than
the patches of the training file, such as those of 256 pixels for tests, are cut.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Protocol

import numpy as np
from osgeo import gdal

from ..locations import version
from ..raster.gdal_calls import first_line, quietly
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Array
from ..tasks.patch_set import FILE, FORMAT, KINDS, PANSHARPENING, SPLITS, TENSORS, TRAIN, VALIDATION
from ..tasks.tensor_file import TensorWriter
from .patches import SHARD_BYTES, Moments, new_folder

RATIO = 4
_STORED = {"ms": "lms", "pan": "pan", "reference": "gt"}
_TYPES = {"Float32": "float32", "Float64": "float64", "UInt16": "uint16", "Int16": "int16", "Byte": "uint8"}


@dataclass(frozen=True)
class Preset:
    """What is known of the files of a sensor: the highest DN, and the bands."""

    title: str
    range: float
    bands: tuple[tuple[str, float], ...]


_EIGHT = (
    ("Coastal", 427.0),
    ("Blue", 478.0),
    ("Green", 546.0),
    ("Yellow", 608.0),
    ("Red", 659.0),
    ("Red edge", 724.0),
    ("NIR1", 831.0),
    ("NIR2", 908.0),
)
_FOUR = (("Blue", 485.0), ("Green", 555.0), ("Red", 660.0), ("NIR", 830.0))
PRESETS: Mapping[str, Preset] = {
    "wv3": Preset("WorldView-3, 11 bits", 2047.0, _EIGHT),
    "wv2": Preset("WorldView-2, 11 bits", 2047.0, _EIGHT),
    "qb": Preset("QuickBird, 11 bits", 2047.0, _FOUR),
    "gf2": Preset("Gaofen-2, 10 bits", 1023.0, _FOUR),
}


class _File(Protocol):
    """An open HDF5 file."""

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a data set; () where there is none."""

    def read(self, name: str, index: int) -> Array:
        """Return one item of a data set, (bands, rows, columns)."""


def prepare_pancollection(
    files: Mapping[str, str], folder: str, preset: str, feedback: Optional[Feedback] = None
) -> dict[str, Any]:
    """Make a patch set from HDF5 files.

    Args:
        files: Path by split; "train" and "validation" are needed.
        folder: Where it goes; an older patch set there is replaced.
        preset: One of `PRESETS`.
        feedback: Who is told about progress, and who may cancel.

    Returns:
        What `patches.json` says.

    Raises:
        InputError: A file is missing or not what it should be, or nothing here reads HDF5; nothing is left.
        Cancelled: The user cancelled; nothing is left.
    """
    if preset not in PRESETS:
        raise InputError(f"PRESET must be one of {', '.join(PRESETS)}, not {preset!r}.")
    for split in (TRAIN, VALIDATION):
        if not files.get(split):
            raise InputError(f"{split.upper()}_FILE: a file is needed.")
    opened = {split: open_hdf5(files[split]) for split in SPLITS if files.get(split)}
    with new_folder(Path(folder)) as part:
        return _convert(opened, files, part, PRESETS[preset], feedback or Feedback())


def open_hdf5(path: str) -> _File:
    """Open an HDF5 file with GDAL, else with h5py.

    Raises:
        InputError: It cannot be read, or neither is there.
    """
    if not Path(path).is_file():
        raise InputError(f"The file {path} does not exist.")
    if gdal.GetDriverByName("HDF5") is not None:
        dataset, error = quietly(gdal.OpenEx, path, gdal.OF_MULTIDIM_RASTER, allowed_drivers=["HDF5"])
        if dataset is None:
            raise InputError(f"Cannot read {path} as HDF5: {first_line(error)}.")
        return _WithGdal(path, dataset)
    try:
        h5py = importlib.import_module("h5py")
    except ImportError:
        raise InputError(
            "GDAL here has no HDF5 driver, and h5py is not installed; install the package libgdal-hdf5 or h5py."
        ) from None
    try:
        return _WithH5py(h5py.File(path, "r"))
    except OSError as error:
        raise InputError(f"Cannot read {path} as HDF5: {first_line(str(error))}.") from None


class _WithGdal:
    def __init__(self, path: str, dataset: Any) -> None:
        self._path, self._dataset = path, dataset
        self._arrays: dict[str, Any] = {}

    def _array(self, name: str) -> Any:
        if name not in self._arrays:
            self._arrays[name] = quietly(self._dataset.GetRootGroup().OpenMDArray, name)[0]
        return self._arrays[name]

    def shape(self, name: str) -> tuple[int, ...]:
        array = self._array(name)
        return () if array is None else tuple(int(axis.GetSize()) for axis in array.GetDimensions())

    def read(self, name: str, index: int) -> Array:
        array, shape = self._array(name), self.shape(name)
        kind = _TYPES.get(gdal.GetDataTypeName(array.GetDataType().GetNumericDataType()))
        if kind is None:
            raise InputError(f"Cannot read {name} of {self._path}: its data type is not read here.")
        start, count = [index, *(0 for _ in shape[1:])], [1, *shape[1:]]
        content, error = quietly(array.Read, array_start_idx=start, count=count)
        if content is None or error:
            raise InputError(f"Cannot read {name} {index} of {self._path}: {first_line(error)}.")
        return np.frombuffer(content, kind).reshape(shape[1:])


class _WithH5py:
    def __init__(self, file: Any) -> None:
        self._file = file

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._file[name].shape) if name in self._file else ()

    def read(self, name: str, index: int) -> Array:
        return np.asarray(self._file[name][index])


def _convert(
    opened: Mapping[str, _File], paths: Mapping[str, str], folder: Path, preset: Preset, feedback: Feedback
) -> dict[str, Any]:
    bands, side = _checked(opened, paths, preset)
    counts = {split: _count(file, side) for split, file in opened.items()}
    train = {"ms": Moments(bands), "pan": Moments(1)}
    files: list[dict[str, Any]] = []
    done = 0
    for split, file in opened.items():
        size = max(1, SHARD_BYTES // (4 * (2 * bands + 1) * side * side + 12) - 1)
        for number, start in enumerate(range(0, counts[split], size)):
            count = min(size, counts[split] - start)
            name = f"{split}-{number:03d}.safetensors"
            files.append({"name": name, "split": split, "count": count})
            with TensorWriter(folder / name, KINDS[PANSHARPENING].layout(count, bands, side)) as writer:
                for index in range(count):
                    if feedback.cancelled():
                        raise Cancelled
                    patch, place = _patch(file, start + index, side)
                    for role in TENSORS:
                        writer.put(role, index, patch[role])
                    writer.put("scene", index, np.array(0))
                    writer.put("place", index, np.array(place, np.int32))
                    if split == TRAIN:
                        for role, moments in train.items():
                            moments.add(patch[role].reshape(len(patch[role]), -1))
                    done += 1
                    feedback.progress(done / sum(counts.values()))
    levels = {role: moments.plain() for role, moments in train.items()}
    data = {
        "format": FORMAT,
        "software": f"satfusion {version()}",
        "protocol": "wald",
        "reductions": 1,
        "interpolation": "as stored (lms)",
        "bands": [{"name": name, "wavelength_nm": nm, "width_nm": None, "unit": ""} for name, nm in preset.bands],
        "pan_bands": [{"name": "PAN", "wavelength_nm": None, "width_nm": None, "unit": ""}],
        "ratio": float(RATIO),
        "units": "dn",
        "unit": "DN",
        "range": preset.range,
        "range_from": "preset",
        "product_level": "",
        "side": side,
        "stride": side,
        "multiple": 1,
        "split": {"rule": "files", "buffer": None, "validation": None, "test": None, "seed": None},
        "parameters": {},
        "counts": {split: counts.get(split, 0) for split in SPLITS},
        "left_out": 0,
        "files": files,
        "statistics": levels,
        "sources": [
            {
                "name": Path(paths[TRAIN]).stem,
                "ms": Path(paths[TRAIN]).name,
                "pan": Path(paths[TRAIN]).name,
                "date": None,
                "split": None,
                "gsd_m": None,
                "statistics": levels,
            }
        ],
    }
    (folder / FILE).write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return data


def _checked(opened: Mapping[str, _File], paths: Mapping[str, str], preset: Preset) -> tuple[int, int]:
    """Return the number of bands, and the side of a patch."""
    bands, side = len(preset.bands), opened[TRAIN].shape("gt")[-1:] or (0,)
    for split, file in opened.items():
        for name, own in (("gt", bands), ("lms", bands), ("pan", 1)):
            shape = file.shape(name)
            if len(shape) != 4 or shape[1] != own or shape[2:] != file.shape("gt")[2:] or len(set(shape[2:])) != 1:
                found = " x ".join(map(str, shape)) or "nothing"
                raise InputError(
                    f"{split.upper()}_FILE: in {paths[split]}, {name} should hold images of {own} bands in the order "
                    f"image, band, row, column, but it is {found}; check the file and PRESET."
                )
            if shape[0] != file.shape("gt")[0] or shape[3] < side[0] or shape[0] == 0:
                raise InputError(
                    f"{split.upper()}_FILE: in {paths[split]}, {name} does not fit the patches of the training file."
                )
    return bands, int(side[0])


def _count(file: _File, side: int) -> int:
    images, _, rows, columns = file.shape("gt")
    return images * (rows // side) * (columns // side)


def _patch(file: _File, number: int, side: int) -> tuple[dict[str, Array], tuple[int, int]]:
    """Return a patch, and its corner in its image."""
    _, _, rows, columns = file.shape("gt")
    across = columns // side
    image, part = divmod(number, (rows // side) * across)
    row, column = part // across * side, part % across * side
    inside = np.s_[:, row : row + side, column : column + side]
    return {role: file.read(name, image)[inside] for role, name in _STORED.items()}, (row, column)
