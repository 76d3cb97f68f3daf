"""Small scenes on disk, runs of the pipeline over them, and what came out of it."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from satfusion_qgis import pipeline
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import Input, Job, Output
from tests.scenes import Scene, make_pair, write_geotiff

METHODS = ("exp", "brovey", "gsa", "mtf_glp_fs")
QUICK = {"COMPRESSION": "none", "OVERVIEWS": False}


class CancelsAt(Feedback):
    """Cancels when it is asked for the nth time."""

    def __init__(self, moment: int) -> None:
        self.left = moment

    def cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


@dataclass
class Log(Feedback):
    """Keeps what a run says."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)

    def progress(self, fraction: float, remaining_s: float | None = None) -> None:
        self.fractions.append(fraction)

    def info(self, text: str) -> None:
        self.lines.append(text)

    def warning(self, text: str) -> None:
        self.warnings.append(text)


@dataclass(frozen=True)
class OnDisk:
    """A pair of files."""

    ms: Path
    pan: Path
    scene: Scene

    def job(
        self,
        method: str,
        output: Path,
        ms: dict[str, Any] | None = None,
        pan: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Job:
        """A job over the pair; `ms` and `pan` set fields of the inputs, `dtype` and `options` those of the output."""
        options = fields.pop("options", QUICK)
        dtype = fields.pop("dtype", None)
        return Job(
            "pansharpening",
            method,
            [Input("MS", str(self.ms), **(ms or {})), Input("PAN", str(self.pan), **(pan or {}))],
            [Output("OUTPUT", str(output), dtype=dtype, options=dict(options))],
            **fields,
        )

    def fuse(self, method: str, output: Path | None = None, log: Log | None = None, **fields: Any) -> np.ndarray:
        """Run the job and return the fused pixels; the file is kept only under a name that was asked for."""
        target = output or self.ms.with_name("fused.tif")
        pipeline.run(self.job(method, target, **fields), feedback=log)
        fused = read_array(target)
        if output is None:
            target.unlink()
        return fused


def on_disk(
    folder: Path,
    scene: Scene,
    dtype: Any = "float32",
    ms: np.ndarray | None = None,
    pan: np.ndarray | None = None,
    **common: Any,
) -> OnDisk:
    """Write a scene, or other pixels for its MS or PAN, as ms.tif and pan.tif."""
    folder.mkdir(exist_ok=True)
    return OnDisk(
        write_geotiff(folder / "ms.tif", scene.ms if ms is None else ms, scene.ms_geotransform, dtype=dtype, **common),
        write_geotiff(
            folder / "pan.tif", scene.pan if pan is None else pan, scene.pan_geotransform, dtype=dtype, **common
        ),
        scene,
    )


def small_pair(folder: Path, rows: int = 96, columns: int = 104, dtype: Any = "float32", **options: Any) -> OnDisk:
    """A small pair on disk; `options` go to `make_pair`."""
    return on_disk(folder, make_pair(rows, columns, **options), dtype)


def moved(scene: Scene, ms: tuple[float, float]) -> Scene:
    """The scene with the MS image declared some PAN pixels further (down, right)."""
    x, across, a, y, b, down = scene.ms_geotransform
    pixel = scene.pan_geotransform[1]
    return replace(scene, ms_geotransform=(x + ms[1] * pixel, across, a, y - ms[0] * pixel, b, down))


def read_array(path: Path | str) -> np.ndarray:
    """All bands of a raster in its own type, (bands, rows, columns)."""
    dataset = gdal.Open(str(path))
    assert dataset is not None, path
    names = {
        "Byte": "uint8",
        "Int16": "int16",
        "UInt16": "uint16",
        "Int32": "int32",
        "UInt32": "uint32",
        "Float32": "float32",
        "Float64": "float64",
    }
    bands = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        dtype = names[gdal.GetDataTypeName(band.DataType)]
        bands.append(np.frombuffer(band.ReadRaster(), dtype).reshape(dataset.RasterYSize, dataset.RasterXSize))
    return np.stack(bands)


def files_in(folder: Path) -> list[str]:
    """Names of all files of a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def assert_one_sentence(message: str) -> None:
    assert "\n" not in message, message
    assert re.search(r"[^.\s]\.$", message), message
    assert not re.search(r"\. [A-Z]", message), message
    assert message[0].isupper() or message[0] in "'\"", message


def refused(job: Job, *words: str, early: bool = True, catalogue: Any = None) -> str:
    """Check that a job is refused in one sentence with these words in it, and that no file is made.

    Args:
        job: The job.
        words: What the sentence has to name.
        early: Whether `check`, which does no work, has to refuse it too.
        catalogue: Tasks and methods, if not the package's own.
    """
    more = {} if catalogue is None else {"catalogue": catalogue}
    folders = {Path(output.path).parent for output in job.outputs if Path(output.path).parent.is_dir()}
    before = {folder: files_in(folder) for folder in folders}
    messages = []
    for attempt in (pipeline.check, pipeline.run) if early else (pipeline.run,):
        with pytest.raises(InputError) as caught:
            attempt(job, **more)
        messages.append(str(caught.value))
        assert_one_sentence(messages[-1])
        for word in words:
            assert word in messages[-1], f"{word!r} is not in: {messages[-1]}"
    assert {folder: files_in(folder) for folder in folders} == before
    return messages[-1]


def error(fused: np.ndarray, truth: np.ndarray) -> float:
    """Root mean square of the difference."""
    return float(np.sqrt(np.mean((fused.astype(np.float64) - truth) ** 2)))


def thirds(image: np.ndarray, margin: int = 16) -> Sequence[np.ndarray]:
    """The left, middle and right third of an image, without its outermost pixels."""
    inside = image[:, margin:-margin, margin:-margin]
    width = inside.shape[2] // 3
    return [inside[:, :, start * width : (start + 1) * width] for start in range(3)]


@dataclass(frozen=True)
class BandFacts:
    """What a file says of one band."""

    dtype: str
    name: str
    scale: float
    offset: float
    nodata: float | None
    unit: str
    wavelength: str | None
    block: tuple[int, int]
    overviews: int
    colour: int


@dataclass(frozen=True)
class RasterFacts:
    """What a file says of itself, as plain data: a band's object must not outlive its dataset's."""

    size: tuple[int, int]
    geotransform: tuple[float, ...]
    crs: str
    structure: dict[str, str]
    bands: tuple[BandFacts, ...]


def facts(path: Path | str) -> RasterFacts:
    """Describe a raster."""
    dataset = gdal.Open(str(path))
    bands = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        scale, offset = band.GetScale(), band.GetOffset()
        bands.append(
            BandFacts(
                gdal.GetDataTypeName(band.DataType),
                band.GetDescription(),
                1.0 if scale is None else scale,
                0.0 if offset is None else offset,
                band.GetNoDataValue(),
                band.GetUnitType(),
                band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY"),
                tuple(band.GetBlockSize()),
                band.GetOverviewCount(),
                band.GetColorInterpretation(),
            )
        )
    return RasterFacts(
        (dataset.RasterXSize, dataset.RasterYSize),
        tuple(dataset.GetGeoTransform()),
        dataset.GetProjection(),
        dataset.GetMetadata("IMAGE_STRUCTURE"),
        tuple(bands),
    )


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond some bytes: writing fails as it does on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
