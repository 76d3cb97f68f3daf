"""One algorithm for each task, such as `satfusion:pansharpen`, which takes the method as a parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..catalogue import AUTO, AUTO_RULES, Catalogue
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.task import Task
from .fusion import FusionAlgorithm
from .texts import About, tr


class TaskAlgorithm(FusionAlgorithm):
    """Runs the method that the user names, or the one that suits most scenes.

    Args:
        catalogue: Tasks and methods to work with.
        task: The task.
    """

    def __init__(self, catalogue: Catalogue, task: Task) -> None:
        methods = catalogue.methods_of(task.id)
        about = About(
            name=task.verb,
            title=task.verb.capitalize(),
            group=task.title,
            group_id=task.id,
            summary=f"{task.title} with a method of your choice.",
            citations=tuple(dict.fromkeys(method.citation for method in methods)),
            tags=(task.title.lower(), task.verb, *(method.id for method in methods)),
        )
        super().__init__(catalogue, task, about)
        self._methods = methods

    def again(self) -> TaskAlgorithm:
        """Return a new instance for the same task."""
        return TaskAlgorithm(self.catalogue, self.task)

    def summary(self) -> list[str]:
        """Return what the task is, and each of its methods, in the user's language."""
        default = self.catalogue.method(self.task.id, AUTO)
        first = tr("{} with a method of your choice; by default: {}.").format(tr(self.task.title), tr(default.title))
        return [first, *(f"{method.id}: {tr(method.summary)}" for method in self._methods)]

    def methods(self) -> tuple[Method, ...]:
        """Return the task's methods."""
        return self._methods

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the choice of method, and the parameters that several methods share."""
        default = self.catalogue.method(self.task.id, AUTO)
        method = Parameter(
            "METHOD",
            "Method",
            "choice",
            AUTO,
            "How the images are fused.",
            choices=(AUTO, *(item.id for item in self._methods)),
            choice_titles=(
                f"{default.title}: {AUTO_RULES[self.task.id]}" if default.id == AUTO else default.title,
                *(item.title for item in self._methods),
            ),
        )
        return (method, *self._shared())

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method that the user named, and the values of those parameters that it takes."""
        method = self.catalogue.method(self.task.id, values["METHOD"])
        feedback.info(tr("Method: {}").format(method.title))
        taken = {item.name for item in method.parameters}
        for item in self._shared():
            if item.name not in taken and values[item.name] != item.default:
                feedback.warning(tr("{} does not use the parameter {}.").format(method.title, item.name))
        given = {item.name: values[item.name] for item in self._shared() if item.name in taken}
        return method, {name: value for name, value in given.items() if value is not None}

    def _shared(self) -> tuple[Parameter, ...]:
        """Return the parameters that more than one method takes, or the only method.

        Where methods differ in the default, nothing is filled in, and each method takes its own. What means another
        thing in one method than in another is left to the algorithms of the single methods.
        """
        every: dict[str, list[Parameter]] = {}
        for method in self._methods:
            for item in method.parameters:
                every.setdefault(item.name, []).append(item)
        shared = []
        for items in every.values():
            alike = len({(item.title, item.help, item.kind) for item in items}) == 1
            if len(items) > 1 and alike and len({str(item.default) for item in items}) > 1:
                shared.append(replace(items[-1], default=None))
            elif (len(items) > 1 and alike) or len(self._methods) == 1:
                shared.append(items[-1])
        return tuple(shared)
