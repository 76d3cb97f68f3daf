"""What all algorithms share: their texts, their checks, and one way to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtGui import QIcon

from ..catalogue import Catalogue
from ..locations import find
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.parameters import Parameter
from . import form
from .layers import without_products
from .reporting import QgisFeedback
from .styling import style_loader
from .texts import COMMON_TAGS, About, help_address, help_page, tr

Parameters = Mapping[str, Any]
Results = dict[str, Any]


class SatFusionAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that says in `prepare_run` what to do, and does it in `run_job`.

    QGIS prepares in the main thread, where layers live: `prepare_run` turns them into plain values, which are
    kept on the instance, made for one run. `run_job` may run in another thread, and uses these values alone.

    Args:
        catalogue: Tasks and methods to work with.
        about: What the algorithm says of itself.
    """

    def __init__(self, catalogue: Catalogue, about: About) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.about = about
        self._described: list[Parameter] = []
        self._announced: dict[str, Any] = {}

    # What an algorithm defines.

    def again(self) -> SatFusionAlgorithm:
        """Return a new instance of the same algorithm."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def define(self) -> None:
        """Add the parameters and outputs."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def check(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        """Check what can be checked of the values alone.

        Raises:
            InputError: A value does not fit.
        """
        for described in self._described:
            form.value_of(described, parameters, context)

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Turn the parameters into plain values, and check them with the files.

        Raises:
            InputError: The run cannot succeed.
        """
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def run_job(self, feedback: Feedback) -> Results:
        """Do the work.

        Raises:
            InputError: The run cannot succeed.
            Cancelled: The user stopped it.
        """
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def summary(self) -> list[str]:
        """Return what the algorithm does, in paragraphs, in the user's language."""
        return [tr(line) for line in self.about.summary.split("\n")]

    # Help for those that define one.

    def add(self, definition: QgsProcessingParameterDefinition) -> None:
        """Add a parameter or a destination."""
        self.addParameter(definition)

    def add_described(self, *described: Parameter) -> None:
        """Add parameters by their description; `check` then checks them too."""
        for item in described:
            self._described.append(item)
            self.add(form.definition_of(item))

    def values(self, parameters: Parameters, context: QgsProcessingContext) -> dict[str, Any]:
        """Return the checked values of all described parameters."""
        return {item.name: form.value_of(item, parameters, context) for item in self._described}

    # What QGIS calls.

    def createInstance(self) -> SatFusionAlgorithm:  # noqa: N802
        """Return a new instance, for one run."""
        return self.again()

    def initAlgorithm(self, configuration: Any = None) -> None:  # noqa: N802
        """Add the parameters and outputs."""
        self._described = []
        self.define()

    def name(self) -> str:
        """Return the stable id."""
        return self.about.name

    def displayName(self) -> str:  # noqa: N802
        """Return the name in the toolbox."""
        return tr(self.about.title)

    def group(self) -> str:
        """Return the group's title in the toolbox."""
        return tr(self.about.group)

    def groupId(self) -> str:  # noqa: N802
        """Return the group's stable id."""
        return self.about.group_id

    def tags(self) -> list[str]:
        """Return words under which the algorithm is found."""
        return [*COMMON_TAGS, *self.about.tags]

    def shortDescription(self) -> str:  # noqa: N802
        """Return what the toolbox shows as a tip."""
        return self.summary()[0]

    def shortHelpString(self) -> str:  # noqa: N802
        """Return the help beside the dialog."""
        shown = [(item.description(), item.help()) for item in self.parameterDefinitions() if not item.isDestination()]
        outputs = [(item.description(), item.help()) for item in self.parameterDefinitions() if item.isDestination()]
        return help_page(self.about, self.summary(), shown, outputs)

    def helpUrl(self) -> str:  # noqa: N802
        """Return the address of the long help."""
        return help_address(self.about.name)

    def icon(self) -> QIcon:
        """Return the icon in the toolbox."""
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:  # noqa: N802
        """Return the icon's file."""
        return str(find("icon.svg"))

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run."""
        try:
            self.check(parameters, context)
            parameters = self._without_products(parameters, context)
        except InputError as error:
            return False, str(error)
        good, text = super().checkParameterValues(parameters, context)
        return good, text

    def _without_products(self, parameters: Parameters, context: QgsProcessingContext) -> Parameters:
        """Return the parameters with rasters in place of products as delivered: QGIS refuses folders as layers."""
        taken = dict(parameters)
        for definition in self.parameterDefinitions():
            if isinstance(definition, (QgsProcessingParameterRasterLayer, QgsProcessingParameterMultipleLayers)):
                name = definition.name()
                taken[name] = without_products(name, taken.get(name), context)
        return taken

    def prepareAlgorithm(  # noqa: N802
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Turn the parameters into plain values; in the main thread."""
        before = context.layersToLoadOnCompletion()
        try:
            self.check(parameters, context)
            self.prepare_run(parameters, context, QgisFeedback(feedback))
        except InputError as error:
            raise QgsProcessingException(str(error)) from None
        finally:
            after = context.layersToLoadOnCompletion()
            self._announced = {path: details for path, details in after.items() if path not in before}
            context.setLayersToLoadOnCompletion(before)
        return True

    def processAlgorithm(  # noqa: N802
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Results:
        """Do the work; in whatever thread QGIS chooses."""
        try:
            results = self.run_job(QgisFeedback(feedback))
        except Cancelled:
            return {}
        except InputError as error:
            raise QgsProcessingException(str(error)) from None
        # Layers are announced only now: the context of a background task takes over what is announced in here
        # and nothing else; and a layer that was announced and does not come is reported as a second error.
        for path, details in self._announced.items():
            details.setPostProcessor(style_loader())
            context.addLayerToLoadOnCompletion(path, details)
        return results
