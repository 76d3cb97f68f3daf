"""QGIS's parameters, made from the descriptions of tasks and methods; their values, read back and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProperty,
)

from ..compat import is_null
from ..pipeline.names import is_folder
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec, Role
from .texts import tr


def with_help(
    definition: QgsProcessingParameterDefinition, text: str, advanced: bool = False
) -> QgsProcessingParameterDefinition:
    """Return `definition` with its (translated) help, folded away when `advanced`."""
    definition.setHelp(text)
    if advanced:
        definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return definition


def takes_several_files(role: Role) -> bool:
    """Tell whether a role is shown as a list of rasters: many images, or the single-band files of one."""
    return role.is_list or role.name == "MS"


def takes_one_band(role: Role) -> bool:
    """Tell whether a role takes one raster, of which the user may choose one band."""
    return (role.single_band or role.band_choice) and not takes_several_files(role)


def role_definition(role: Role) -> QgsProcessingParameterDefinition:
    """Return the parameter that takes a role's rasters."""
    optional = role.min_items == 0
    if not takes_several_files(role):
        return with_help(QgsProcessingParameterRasterLayer(role.name, tr(role.title), None, optional), tr(role.help))
    definition = QgsProcessingParameterMultipleLayers(
        role.name, tr(role.title), QgsProcessing.SourceType.TypeRaster, None, optional
    )
    definition.setMinimumNumberInputs(max(1, role.min_items))
    return with_help(definition, tr(role.help))


def band_definition(role: Role) -> QgsProcessingParameterDefinition:
    """Return the parameter that says which band of a role's raster is the single one it takes."""
    title = tr("{}: band").format(tr(role.title))
    made = QgsProcessingParameterBand(f"{role.name}_BAND", title, None, role.name, optional=True)
    return with_help(
        made,
        tr("Which band to use where the raster has several. Empty uses all that the method can take."),
        advanced=True,
    )


def chosen_band(role: Role, parameters: Mapping[str, Any], context: QgsProcessingContext) -> list[int]:
    """Return the band chosen by the parameter of `band_definition`; empty when none is.

    Raises:
        InputError: The value is no band number.
    """
    number = value_of(Parameter(f"{role.name}_BAND", "", "integer", None, "", minimum=1), parameters, context)
    return [number] if number is not None else []


def extent_definition() -> QgsProcessingParameterDefinition:
    """Return the parameter that takes the part to process."""
    return with_help(
        QgsProcessingParameterExtent("EXTENT", tr("Part to process"), None, True),
        tr("Only this part is processed. Empty processes all that the inputs have in common."),
    )


def output_definition(output: OutputSpec, created: bool = False) -> QgsProcessingParameterDefinition:
    """Return the parameter that says where an output goes.

    Args:
        output: The output.
        created: Also an optional output is ticked in the dialog.
    """
    ticked = created or not output.optional
    if output.kind in ("table", "csv", "report"):
        filters = {
            "table": tr("JSON files (*.json)"),
            "csv": tr("CSV files (*.csv)"),
            "report": tr("HTML files (*.html)"),
        }
        made = QgsProcessingParameterFileDestination(
            output.name, tr(output.title), filters[output.kind], None, output.optional, ticked
        )
    else:
        made = QgsProcessingParameterRasterDestination(output.name, tr(output.title), None, output.optional, ticked)
    return with_help(made, tr(output.help))


def definition_of(described: Parameter) -> QgsProcessingParameterDefinition:
    """Return the QGIS parameter for a described one."""
    name, title, default = described.name, tr(described.title), described.default
    optional = default is None or described.kind in ("text", "numbers")
    if described.kind in ("number", "integer"):
        made = _number(described, title)
    elif described.kind == "boolean":
        made = QgsProcessingParameterBoolean(name, title, default)
    elif described.kind == "choice":
        made = QgsProcessingParameterEnum(
            name,
            title,
            list(described.choices),
            defaultValue=default,
            optional=optional,
            usesStaticStrings=True,
        )
    else:
        text = default if isinstance(default, str) or default is None else ", ".join(f"{item:g}" for item in default)
        made = QgsProcessingParameterString(name, title, text, optional=optional)
    return with_help(made, help_of(described), described.advanced)


def help_of(described: Parameter) -> str:
    """Return the help of a parameter; that of a choice explains every value."""
    text = tr(described.help)
    if not described.choice_titles:
        return text
    pairs = zip(described.choices, described.choice_titles)
    titles = ";\n".join(f"{choice}: {tr(title)}" for choice, title in pairs)
    return f"{text}\n{titles}."


def value_of(described: Parameter, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Any:
    """Return the checked value of a described parameter.

    QGIS itself takes a number such as "abc" for one that was not given, and any word for a yes.

    Raises:
        InputError: The value does not fit.
    """
    value = parameters.get(described.name)
    if isinstance(value, QgsProperty):
        value, _ = value.value(context.expressionContext())
    if is_null(value) or (value == "" and described.kind != "text"):
        value = None
    return described.check(value)


def text_of(value: Any) -> str:
    """Return what a user calls a value: a layer's name, the source of a definition, or the text itself."""
    if isinstance(value, QgsMapLayer):
        return str(value.name())
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        return str(value.source.staticValue())
    return str(value)


def with_files(parameters: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters with a file in place of each folder that was given for a raster output.

    Args:
        parameters: What QGIS gave the algorithm.
        names: Names of the files, without ending, by output.
    """
    changed = dict(parameters)
    for name, stem in names.items():
        value = parameters.get(name)
        definition = value if isinstance(value, QgsProcessingOutputLayerDefinition) else None
        path = definition.sink.staticValue() if definition is not None else value
        if not isinstance(path, str) or not is_folder(path):
            continue
        path = os.path.join(path, f"{stem}.tif")  # noqa: PTH118 (as the user wrote it)
        changed[name] = path
        if definition is not None:
            changed[name] = QgsProcessingOutputLayerDefinition(definition)
            changed[name].sink = QgsProperty.fromValue(path)
    return changed


def _number(described: Parameter, title: str) -> QgsProcessingParameterNumber:
    kinds = QgsProcessingParameterNumber.Type
    kind = kinds.Integer if described.kind == "integer" else kinds.Double
    made = QgsProcessingParameterNumber(
        described.name, f"{title} [{described.unit}]" if described.unit else title, kind, described.default
    )
    if described.default is None:
        made.setFlags(made.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
    if described.minimum is not None:
        made.setMinimum(described.minimum)
    if described.maximum is not None:
        made.setMaximum(described.maximum)
    return made
