"""What an algorithm asks of revisits, and the inputs that come of it: dates, stacks, masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)

from ..pipeline.revisit_inputs import revisit_inputs
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role
from . import settings
from .form import with_help
from .layers import band_numbers, extra_nodata, raster_layers, source_of
from .texts import tr

DATES = Parameter(
    "DATES",
    "Dates of the revisits",
    "text",
    "",
    "A date for each revisit, such as 2024-01-31, separated by commas, in their order. Empty takes them from the "
    "metadata of products, else from the names of files or bands.",
)
STACK_BANDS = Parameter(
    "STACK_BANDS",
    "Bands of one revisit in a stack",
    "integer",
    0,
    "How many bands belong to one date where a raster holds several dates one after the other. 0: a raster is a stack "
    "only where the names of its bands say the dates.",
    minimum=0,
    maximum=4096,
    advanced=True,
)
MASKS = replace(
    settings.PRODUCT_MASKS,
    title="Masks of products and prepared images",
    help="What to do with the quality bands (clouds, shadows, saturation) of revisits that are products as delivered, "
    "and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left "
    "out.",
)
_MASK_LAYERS = "MASK_LAYERS"


def mask_layers_definition() -> QgsProcessingParameterDefinition:
    """Return the parameter that takes a mask for each revisit."""
    made = QgsProcessingParameterMultipleLayers(
        _MASK_LAYERS, tr("Masks of the revisits"), QgsProcessing.SourceType.TypeRaster, None, True
    )
    return with_help(
        made,
        tr(
            "A raster for each revisit, in their order and on its grid, or one raster with a band for each: where it "
            "is not 0, the revisit is not used. They take the place of other masks."
        ),
        advanced=True,
    )


def inputs_of_revisits(
    algorithm: QgsProcessingAlgorithm,
    role: Role,
    layers: Sequence[QgsRasterLayer],
    values: dict[str, Any],
    parameters: Any,
    context: QgsProcessingContext,
) -> list[Input]:
    """Return the inputs of a job for revisits, as the user describes them.

    Args:
        algorithm: The algorithm that runs.
        role: The role.
        layers: What the user chose for it.
        values: Values of the described parameters: DATES, STACK_BANDS, MASKS, and BANDS where there is such a one.
        parameters: What QGIS gave the algorithm.
        context: The run's context.

    Raises:
        InputError: Dates, masks or stacks do not fit.
    """
    masks = raster_layers(algorithm, _MASK_LAYERS, parameters, context, several=True)
    return revisit_inputs(
        [Input(role.name, source_of(layer), nodata=extra_nodata(layer)) for layer in layers],
        int(values["STACK_BANDS"]),
        str(values["DATES"]),
        band_numbers(values.get("BANDS")),
        [source_of(layer) for layer in masks],
        values["MASKS"] == "auto",
    )
