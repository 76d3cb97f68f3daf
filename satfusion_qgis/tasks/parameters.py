"""Parameters of methods: their description, and checking of given values against it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .errors import InputError

KINDS = ("number", "integer", "boolean", "choice", "text", "numbers")


@dataclass(frozen=True)
class Parameter:
    """One setting of a method.

    Attributes:
        name: Upper-case name, the same in the toolbox, on the command line and in jobs.
        title: Label for the user.
        kind: "number", "integer", "boolean", "choice", "text" or "numbers" (a list of numbers).
        default: Value when nothing is given.
        help: What it does and when to change it.
        minimum: Smallest value allowed (numbers).
        maximum: Largest value allowed (numbers).
        choices: Allowed values of a "choice", in the order shown.
        choice_titles: Labels of `choices`.
        unit: Unit of a number ("m", "pixels", "").
        advanced: Folded away in the dialog.
    """

    name: str
    title: str
    kind: str
    default: Any
    help: str
    minimum: Optional[float] = None
    maximum: Optional[float] = None
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    unit: str = ""
    advanced: bool = False

    def check(self, value: Any) -> Any:
        """Return `value` as this parameter's type.

        Raises:
            InputError: The value is of another kind or out of range.
        """
        if value is None:
            return self.default
        if self.kind == "boolean":
            return self._boolean(value)
        if self.kind == "choice":
            if value not in self.choices:
                raise InputError(f"{self.name} must be one of {', '.join(self.choices)}, not {value!r}.")
            return value
        if self.kind == "text":
            return str(value)
        if self.kind == "numbers":
            return self._numbers(value)
        return self._number(value)

    def _boolean(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in ("true", "yes", "1"):
            return True
        if text in ("false", "no", "0"):
            return False
        raise InputError(f"{self.name} must be true or false, not {value!r}.")

    def _numbers(self, value: Any) -> list[float]:
        if isinstance(value, str):
            value = [part for part in value.replace(";", ",").split(",") if part.strip()]
        if not isinstance(value, Iterable):
            value = [value]
        return [float(self._number(item)) for item in value]

    def _number(self, value: Any) -> float:
        whole = self.kind == "integer"
        expected = "a whole number" if whole else "a number"
        try:
            number = float(value)
        except (OverflowError, TypeError, ValueError):
            raise InputError(f"{self.name} must be {expected}, not {value!r}.") from None
        if not math.isfinite(number) or (whole and number != int(number)):
            raise InputError(f"{self.name} must be {expected}, not {value!r}.")
        if self.minimum is not None and number < self.minimum:
            raise InputError(f"{self.name} must be at least {self.minimum:g}, not {number:g}.")
        if self.maximum is not None and number > self.maximum:
            raise InputError(f"{self.name} must be at most {self.maximum:g}, not {number:g}.")
        return int(number) if whole else number


def check_parameters(described: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for every described parameter, from `given` or its default.

    Raises:
        InputError: A value does not fit, or `given` names a parameter that is not described.
    """
    described = tuple(described)
    names = {parameter.name for parameter in described}
    unknown = sorted(set(given) - names)
    if unknown:
        allowed = ", ".join(sorted(names)) or "none"
        raise InputError(f"Unknown parameter {', '.join(unknown)}; this method takes: {allowed}.")
    return {parameter.name: parameter.check(given.get(parameter.name)) for parameter in described}
