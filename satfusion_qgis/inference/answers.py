"""What only the user knows of a checkpoint: the questions, and their answers as an import's arguments.

A checkpoint holds numbers by name. Which bands it was trained on, in which units, at which ratio and under which
licence stands in no published file, so it is asked; the toolbox and the command line ask the same questions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Optional

from ..tasks.errors import InputError
from ..tasks.model_card import KERNELS, UNITS
from ..tasks.parameters import Parameter
from ..tasks.sensors import SENSORS

NO_LICENCE = "LicenseRef-unknown"
_USUAL = "usual"

TITLE = Parameter("TITLE", "Title", "text", "", "Label of the model. Empty takes the file's name.")
IDENTIFIER = Parameter(
    "ID",
    "Id",
    "text",
    "",
    "Short name of the model, which is also its folder's. Empty makes one from the title.",
    advanced=True,
)
FAMILY = Parameter(
    "FAMILY",
    "Official code",
    "text",
    "",
    "Which official code the checkpoint is from, such as dlpan.pnn. Empty finds it by the names and shapes of the "
    "weights; where several would fit, the error names them.",
)
BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "The bands that the network was trained on, in its order: name:wavelength or name:wavelength:width in nm, "
    "separated by commas, such as Blue:485, Green:555, Red:660, NIR:830; or a sensor's id, such as worldview3. Empty "
    "states no wavelengths; the network then takes any bands in the order they come in.",
)
RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    None,
    "How many fine pixels a coarse pixel was wide in training: of PAN and MS, or of two sensors. Empty takes what is "
    "usual with the official code.",
    minimum=1.0,
    maximum=100.0,
)
UNITS_OF_MS = Parameter(
    "UNITS",
    "Units",
    "choice",
    _USUAL,
    "Whether the scale below is applied to physical values (reflectance) or to numbers as they are stored (DN).",
    choices=(_USUAL, *UNITS),
    choice_titles=("as is usual with the official code", "physical values such as reflectance", "numbers as stored"),
    advanced=True,
)
SCALE = Parameter(
    "SCALE",
    "Scale",
    "number",
    None,
    "What values were multiplied by before they entered the network: 1/2047 = 0.000488520 for numbers of 11 bits. "
    "Empty takes what is usual with the official code.",
    advanced=True,
)
OFFSET = Parameter("OFFSET", "Offset", "number", None, "What was added after the scale. Empty takes 0.", advanced=True)
KERNEL = Parameter(
    "KERNEL",
    "Interpolation of MS",
    "choice",
    _USUAL,
    "How MS was brought onto PAN's grid in training.",
    choices=(_USUAL, *KERNELS),
    choice_titles=("as is usual with the official code", "cubic", "bilinear", "nearest neighbour"),
    advanced=True,
)
LICENCE = Parameter(
    "LICENCE",
    "Licence",
    "text",
    NO_LICENCE,
    "Licence of the weights as an SPDX identifier, such as Apache-2.0 or CC-BY-NC-4.0. LicenseRef-unknown says that "
    "their author states none, and then nobody may pass them on.",
)
ATTRIBUTION = Parameter(
    "ATTRIBUTION", "Attribution", "text", "", "Whom to name for the weights. Empty names the official code."
)
TRAINING = Parameter(
    "TRAINING_DATA", "Training data", "text", "", "What the network was trained on, separated by semicolons."
)
PRODUCT_LEVEL = Parameter(
    "PRODUCT_LEVEL",
    "Product level",
    "text",
    "",
    "Level of the products that it was trained on, such as L1C or L2A.",
    advanced=True,
)
QUESTIONS = (
    TITLE,
    IDENTIFIER,
    FAMILY,
    BANDS,
    RATIO,
    UNITS_OF_MS,
    SCALE,
    OFFSET,
    KERNEL,
    LICENCE,
    ATTRIBUTION,
    TRAINING,
    PRODUCT_LEVEL,
)


def answers_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values of the questions as an import's arguments: unanswered ones are left out.

    Args:
        values: By the questions' names; bands as text.

    Raises:
        InputError: A value does not fit.
    """
    checked = {item.name: item.check(values.get(item.name)) for item in QUESTIONS}
    found = {name: value for name, value in checked.items() if value not in (None, "", _USUAL)}
    if checked["SCALE"] == 0:
        raise InputError("SCALE must not be 0.")
    if "BANDS" in found:
        found["BANDS"] = parse_bands(found["BANDS"])
    if "TRAINING_DATA" in found:
        found["TRAINING_DATA"] = [part.strip() for part in found["TRAINING_DATA"].split(";") if part.strip()]
    return found


def parse_bands(text: str) -> list[dict[str, Any]]:
    """Return bands as a card lists them.

    Args:
        text: "name:wavelength:width" in nm, separated by commas; both numbers may be left out. Or a sensor's id.

    Raises:
        InputError: It is neither.
    """
    for sensor in SENSORS:
        if text.strip().lower() == sensor.id and sensor.wavelengths_nm:
            names = sensor.band_names or tuple(f"Band {number + 1}" for number in range(len(sensor.wavelengths_nm)))
            return [_band(name, centre, None) for name, centre in zip(names, sensor.wavelengths_nm)]
    return [_parsed(part.strip()) for part in text.split(",") if part.strip()]


def _parsed(text: str) -> dict[str, Any]:
    name, *numbers = (part.strip() for part in text.split(":"))
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = [math.nan]
    if not name or len(values) > 2 or not all(0 < value < math.inf for value in values):
        raise InputError(f"BANDS needs name:wavelength or name:wavelength:width in nm, not {text!r}.")
    return _band(name, *([*values, None, None])[:2])


def _band(name: str, centre: Optional[float], width: Optional[float]) -> dict[str, Any]:
    return {"name": name, "wavelength_nm": centre, "width_nm": width}
