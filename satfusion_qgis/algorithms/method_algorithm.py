"""One algorithm for each method of the catalogue, such as `satfusion:pansharpen_gsa`."""

from __future__ import annotations

from typing import Any

from ..catalogue import Catalogue
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from .fusion import FusionAlgorithm
from .texts import About, tr


class MethodAlgorithm(FusionAlgorithm):
    """Runs one method.

    Args:
        catalogue: Tasks and methods to work with.
        method: The method.
    """

    def __init__(self, catalogue: Catalogue, method: Method) -> None:
        task = catalogue.task(method.task)
        about = About(
            name=f"{task.verb}_{method.id}",
            title=f"{task.verb.capitalize()}: {method.title}",
            group=task.title,
            group_id=task.id,
            summary=method.summary,
            citations=(method.citation,),
            tags=(task.title.lower(), task.verb, method.id, method.title),
        )
        super().__init__(catalogue, task, about)
        self.method = method

    def again(self) -> MethodAlgorithm:
        """Return a new instance for the same method."""
        return MethodAlgorithm(self.catalogue, self.method)

    def displayName(self) -> str:  # noqa: N802 (the name QGIS calls)
        """Return the name in the toolbox."""
        return tr("{}: {}").format(tr(self.task.verb.capitalize()), tr(self.method.title))

    def methods(self) -> tuple[Method, ...]:
        """Return the method."""
        return (self.method,)

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the method's own parameters."""
        return self.method.parameters

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method, and the values of its parameters."""
        return self.method, {item.name: values[item.name] for item in self.method.parameters}
