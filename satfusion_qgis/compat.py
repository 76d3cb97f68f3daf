"""What differs between QGIS 3.22 and 4.x, and nothing else. Everywhere else: old classes, scoped enums."""

from __future__ import annotations

from typing import Any

from qgis.core import NULL
from qgis.PyQt import QtGui, QtWidgets
from qgis.PyQt.QtCore import QVariant


def is_null(value: Any) -> bool:
    """Tell whether QGIS means "nothing" by `value`: None with Qt 6, a null QVariant with Qt 5."""
    if value is None:
        return True
    return isinstance(value, QVariant) and bool(value == NULL)


def moved_to_gui(name: str) -> Any:
    """Return a class that Qt 6 has in QtGui and Qt 5 in QtWidgets, such as QAction."""
    return getattr(QtGui if hasattr(QtGui, name) else QtWidgets, name)
