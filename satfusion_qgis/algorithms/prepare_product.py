"""`satfusion:prepare_product`: virtual rasters and masks from a product as it is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
)

from ..catalogue import Catalogue
from ..raster.products import Prepared, prepare
from ..raster.products.find import KNOWN
from ..raster.products.model import MS, PAN
from ..raster.products.prepare import product_at
from ..raster.products.quality import LARGEST_DILATION, MaskChoice
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .texts import About, tr

_IMAGES = Parameter(
    "IMAGES",
    "Images",
    "text",
    "",
    "Which images of the product are wanted, separated by commas: ms, pan, thermal (Landsat); 10m, 20m, 60m "
    "(Sentinel-2); ms, pan (Pleiades, SPOT, WorldView). Empty takes all.",
)
_MASK = Parameter(
    "MASK",
    "Write masks",
    "boolean",
    True,
    "Writes for each image a mask that is 1 where the product's quality band says that a pixel is not to be used: "
    "fill, cloud, cloud shadow, cirrus, saturation.",
)
_DILATE = Parameter(
    "DILATE",
    "Grow the masks",
    "integer",
    0,
    "Grows what the masks mark, clouds for example, by so many pixels of the quality band.",
    minimum=0,
    maximum=LARGEST_DILATION,
    unit="pixels",
)
_FLAGS = Parameter(
    "FLAGS",
    "Flags not to be used",
    "numbers",
    (),
    "Bits (Landsat QA_PIXEL) or classes (Sentinel-2 SCL) that the masks mark, separated by commas. Empty takes bits 0 "
    "to 4 (fill, dilated cloud, cirrus, cloud, shadow) or classes 0, 1, 3, 8, 9, 10.",
    minimum=0,
    maximum=255,
    advanced=True,
)
_OFFSET = Parameter(
    "OFFSET",
    "Offset",
    "number",
    None,
    "Physical offset of the bands (physical value = number * scale + offset) instead of the one that the product's "
    "metadata state; -0.1 stands for -1000 in Sentinel-2's numbers. Empty takes the product's own.",
    advanced=True,
)
_ABOUT = About(
    name="prepare_product",
    title="Prepare a product as delivered",
    group="Data preparation",
    group_id="preparation",
    summary="Reads a satellite product as it is delivered, and makes one virtual raster for each pixel size: with band "
    "names, wavelengths, scale and offset, nodata and date, and with a mask from its quality band.\n"
    f"Known are: {KNOWN}. The product is recognised by its content; zip and tar files are read without being "
    "unpacked.\n"
    "The virtual rasters point to the product's files, which have to stay where they are. A product's folder, archive "
    "or metadata file can also be given directly wherever SatFusion asks for a raster.",
    citations=(
        "USGS: Landsat 8-9 Collection 2 Level 1 and Level 2 Data Format Control Books (LSDS-1822, LSDS-1328).",
        "ESA: Sentinel-2 Products Specification Document (S2-PDGS-TAS-DI-PSD).",
    ),
    tags=(
        "landsat",
        "sentinel",
        "pleiades",
        "spot",
        "worldview",
        "modis",
        "safe",
        "mtl",
        "dimap",
        "import",
        "cloud mask",
    ),
)
_OUTPUTS = (
    ("MS", "Multispectral image"),
    ("PAN", "Panchromatic or finer image"),
    ("THERMAL", "Thermal image"),
    ("MS_MASK", "Mask of the multispectral image"),
    ("PAN_MASK", "Mask of the panchromatic image"),
)


class PrepareProductAlgorithm(SatFusionAlgorithm):
    """Makes virtual rasters from a product.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._source = ""
        self._folder = ""
        self._values: Mapping[str, Any] = {}

    def again(self) -> PrepareProductAlgorithm:
        """Return a new instance."""
        return PrepareProductAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the product, the settings, the folder, and what is given to the next step of a model."""
        kinds = QgsProcessingParameterFile.Behavior
        archive = QgsProcessingParameterFile(
            "INPUT", tr("Product: archive or metadata file"), kinds.File, optional=True
        )
        folder = QgsProcessingParameterFile("FOLDER", tr("Product: folder"), kinds.Folder, optional=True)
        self.add(with_help(archive, tr("The product's zip or tar file, or its metadata file (MTL, MTD, DIM, TIL).")))
        self.add(with_help(folder, tr("The folder of the product, if it is not given as a file.")))
        self.add_described(_IMAGES, _MASK, _DILATE, _FLAGS, _OFFSET)
        target = QgsProcessingParameterFolderDestination("OUTPUT", tr("Folder for the virtual rasters"))
        self.add(with_help(target, tr("Virtual rasters (VRT) and masks (GeoTIFF) are written here.")))
        for name, title in _OUTPUTS:
            self.addOutput(QgsProcessingOutputRasterLayer(name, tr(title)))
        self.addOutput(QgsProcessingOutputMultipleLayers("RASTERS", tr("All virtual rasters")))
        self.addOutput(QgsProcessingOutputString("PRODUCT", tr("Name of the product")))
        self.addOutput(QgsProcessingOutputString("DATE", tr("Date and time of the product")))

    def check(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        """Check that there is one product."""
        super().check(parameters, context)
        given = [name for name in ("INPUT", "FOLDER") if parameters.get(name)]
        if len(given) != 1:
            raise InputError(tr("Give the product either as INPUT (a file) or as FOLDER."))

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values, and look whether there is a product."""
        name = "INPUT" if parameters.get("INPUT") else "FOLDER"
        self._source = self.parameterAsString(parameters, name, context)
        self._folder = self.parameterAsString(parameters, "OUTPUT", context)
        self._values = self.values(parameters, context)
        product_at(self._source)

    def run_job(self, feedback: Feedback) -> Results:
        """Write the rasters."""
        values = self._values
        keys = [part.strip() for part in values["IMAGES"].split(",") if part.strip()]
        flags = tuple(int(flag) for flag in values["FLAGS"])
        mask = MaskChoice(values["DILATE"], flags) if values["MASK"] else None
        made = prepare(self._source, self._folder, keys, mask, values["OFFSET"], feedback)
        return _results(made, self._folder)


def _results(made: Prepared, folder: str) -> Results:
    rasters: dict[str, Optional[str]] = {
        "MS": made.of(MS),
        "PAN": made.of(PAN),
        "THERMAL": made.images.get("thermal"),
        "MS_MASK": made.mask_of(MS),
        "PAN_MASK": made.mask_of(PAN),
    }
    found: Results = {name: path for name, path in rasters.items() if path}
    every = list(made.images.values())
    return {**found, "OUTPUT": folder, "RASTERS": every, "PRODUCT": made.product.id, "DATE": made.product.date}
