"""Parameters that every fusion has, whatever its method, and those that every network has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..tasks.job import MASKS, PYTHON
from ..tasks.parameters import Parameter

TYPES = {
    "uint8": "Byte",
    "int16": "Int16",
    "uint16": "UInt16",
    "int32": "Int32",
    "float32": "Float32",
}
KEEP_ORDER = Parameter(
    "KEEP_ORDER",
    "Keep the order of single-band files",
    "boolean",
    False,
    "Takes single-band files in the order of the list, instead of ordering them by wavelength or band number.",
    advanced=True,
)
WINDOW = Parameter(
    "WINDOW",
    "Window size",
    "integer",
    0,
    "Side of the square that is processed at a time. The result does not depend on it; smaller windows need "
    "less memory. 0 chooses a size.",
    minimum=0,
    unit="pixels",
    advanced=True,
)
THREADS = Parameter(
    "THREADS",
    "Threads",
    "integer",
    0,
    "How many processor cores to use; 0 uses all.",
    minimum=0,
    maximum=256,
    advanced=True,
)
MODEL = Parameter(
    "MODEL",
    "Model",
    "text",
    "",
    "The weights of a network: the id of a model in the library, or the folder of another one. Empty takes the model "
    "that fits the bands and the ratio.",
)
_CARDS = (
    "graphics card (CUDA)",
    "second graphics card (CUDA)",
    "third graphics card (CUDA)",
    "fourth graphics card (CUDA)",
)
DEVICE = Parameter(
    "DEVICE",
    "Device",
    "choice",
    "auto",
    "Where a network runs. What is not there is replaced by the processor, and the log says so.",
    choices=("auto", "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3", "mps", "directml", "coreml", "openvino"),
    choice_titles=(
        "automatic: a graphics card where there is one",
        "processor",
        *_CARDS,
        "Apple GPU (MPS)",
        "DirectML (Windows)",
        "Core ML (macOS)",
        "OpenVINO",
    ),
    advanced=True,
)
# For methods whose inner loops also have a compiled form.
DEVICE_OF_COMPILED = Parameter(
    "DEVICE",
    "Device",
    "choice",
    "auto",
    "What computes; the result is the same. The engine's compiled code takes a third of the time that QGIS's own "
    "Python needs. What is not there is replaced by the processor, and the log says so.",
    choices=("auto", PYTHON, "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3"),
    choice_titles=(
        "automatic: compiled code where the engine is installed",
        "QGIS's own Python",
        "processor: the engine's compiled code",
        *_CARDS,
    ),
    advanced=True,
)
# For an algorithm that offers both kinds of methods.
DEVICE_OF_BOTH = replace(
    DEVICE,
    help="Where a network runs, and what computes the sums of a classical method with a moving window, whose result is "
    "the same everywhere. What is not there is replaced by the processor, and the log says so.",
    choices=(*DEVICE.choices, PYTHON),
    choice_titles=(*DEVICE.choice_titles, "QGIS's own Python: classical methods only"),
)
OUTPUT_TYPE = Parameter(
    "OUTPUT_TYPE",
    "Output data type",
    "choice",
    "input",
    "Data type of the output; the input's by default. Values that do not fit are cut off at the ends of the "
    "type's range.",
    choices=("input", *TYPES),
    advanced=True,
)
OUTPUT_UNITS = Parameter(
    "OUTPUT_UNITS",
    "Output units",
    "choice",
    "input",
    "What the numbers in the output mean. Reflectance is the stored number times the scale plus the offset of the "
    "input, which must be known; any other physical value that they give comes out the same way.",
    choices=("input", "reflectance", "reflectance_int16"),
    choice_titles=(
        "numbers as in the input, with its scale and offset",
        "32-bit floats",
        "16-bit integers, 10000 times the reflectance (scale 0.0001, no data -32768)",
    ),
    advanced=True,
)
PRODUCT_MASKS = Parameter(
    "MASKS",
    "Masks of products",
    "choice",
    "none",
    "What to do with the quality bands (clouds, shadows, saturation) of inputs that are products as delivered. Missing "
    "pixels are always left out.",
    choices=MASKS,
    choice_titles=("they are not looked at", "what they mark is left out"),
    advanced=True,
)
COMPRESSION = Parameter(
    "COMPRESSION",
    "Compression",
    "choice",
    "deflate",
    "How the output GeoTIFF is compressed; never with loss.",
    choices=("deflate", "zstd", "none", "cog"),
    choice_titles=(
        "small, read everywhere",
        "as small and quicker, for GDAL with ZSTD",
        "quickest and largest",
        "cloud-optimised GeoTIFF with DEFLATE",
    ),
    advanced=True,
)
OVERVIEWS = Parameter(
    "OVERVIEWS",
    "Build overviews",
    "boolean",
    True,
    "Adds smaller copies of the image to the file, so that it is drawn quickly at small scales.",
    advanced=True,
)


def raster_settings(image: bool, masks: Parameter = PRODUCT_MASKS) -> tuple[Parameter, ...]:
    """Return the settings of a run whose outputs are rasters; units and type only where one is an image."""
    of_image = (OUTPUT_TYPE, OUTPUT_UNITS) if image else ()
    return (masks, WINDOW, THREADS, *of_image, COMPRESSION, OVERVIEWS)


def settings_of_engine(networks: bool, compiled: bool) -> tuple[Parameter, ...]:
    """Return what methods need that may run in the engine: networks, and classical ones with a compiled form."""
    if networks:
        return (MODEL, DEVICE_OF_BOTH if compiled else DEVICE)
    return (DEVICE_OF_COMPILED,) if compiled else ()


def device_of(values: dict[str, Any], preferred: str) -> str:
    """Return the device that was chosen; where that is left open, the one preferred in QGIS's options."""
    chosen = str(values.get("DEVICE", DEVICE.default))
    return preferred if chosen == DEVICE.default else chosen


def output_options(values: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a job's output."""
    return {
        "COMPRESSION": values.get("COMPRESSION", COMPRESSION.default),
        "OVERVIEWS": values.get("OVERVIEWS", OVERVIEWS.default),
        "UNITS": values.get("OUTPUT_UNITS", OUTPUT_UNITS.default),
    }
