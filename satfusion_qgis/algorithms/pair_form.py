"""What an algorithm asks of pairs of fine and coarse images, and the inputs that come of it: dates, masks, bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
)

from ..pipeline.pair_inputs import COARSE_BANDS, DATE_1, DATE_2, TARGET_DATE, mask_name, pair_inputs
from ..tasks.job import Input
from ..tasks.parameters import Parameter
from ..tasks.task import Role, Task
from . import settings
from .form import with_help
from .layers import band_numbers, raster_layers, source_of
from .texts import tr

_EMPTY = "Empty takes it from the metadata or the file names."
DATES = (
    Parameter(
        DATE_1, "Date of the pair", "text", "", f"When FINE_1 and COARSE_1 were taken, such as 2024-01-31. {_EMPTY}"
    ),
    Parameter(
        TARGET_DATE, "Date to predict", "text", "", f"When COARSE_TARGET was taken, such as 2024-02-15. {_EMPTY}"
    ),
    Parameter(
        DATE_2,
        "Date of the second pair",
        "text",
        "",
        f"When FINE_2 and COARSE_2 were taken, if they are given. {_EMPTY}",
    ),
)
BANDS_OF_COARSE = Parameter(
    COARSE_BANDS,
    "Bands of the coarse images",
    "text",
    "",
    "Band numbers of the coarse images, such as 3,4,1,2,6,7, in the order of the fine image's bands. Empty finds them "
    "by wavelength or name.",
    advanced=True,
)
MASKS = replace(
    settings.PRODUCT_MASKS,
    title="Masks of products and prepared images",
    help="What to do with the quality bands (clouds, shadows, saturation) of images that are products as delivered, "
    "and with the masks that were written beside prepared ones (ending in _mask.tif). Missing pixels are always left "
    "out.",
)


def mask_definition(role: Role) -> QgsProcessingParameterDefinition:
    """Return the parameter that takes a role's own mask."""
    made = QgsProcessingParameterRasterLayer(mask_name(role.name), tr("{}: mask").format(tr(role.title)), None, True)
    return with_help(
        made,
        tr(
            "A raster on the image's grid: where it is not 0, the image is not used. It takes the place of other masks."
        ),
        advanced=True,
    )


def completed(
    algorithm: QgsProcessingAlgorithm,
    task: Task,
    inputs: Sequence[Input],
    values: dict[str, Any],
    parameters: Any,
    context: QgsProcessingContext,
) -> list[Input]:
    """Return the inputs of a job with dates, masks and bands as the user describes them.

    Args:
        algorithm: The algorithm that runs.
        task: Its task.
        inputs: Images under their roles.
        values: Values of the described parameters.
        parameters: What QGIS gave the algorithm.
        context: The run's context.

    Raises:
        InputError: A date is none, or a mask cannot be read.
    """
    masks = {}
    for role in task.roles:
        layers = raster_layers(algorithm, mask_name(role.name), parameters, context, several=False)
        if layers:
            masks[role.name] = source_of(layers[0])
    chosen = next((item.bands for item in inputs if item.role == "FINE_1"), [])
    inputs = [replace(item, bands=list(chosen)) if item.role == "FINE_2" else item for item in inputs]
    dates = {item.name: str(values[item.name]) for item in DATES}
    coarse_bands = band_numbers(values[COARSE_BANDS], COARSE_BANDS)
    return pair_inputs(inputs, dates, masks, values["MASKS"] == "auto", coarse_bands=coarse_bands)
