"""What the plugin adds to QGIS's window: Plugins > SatFusion > Engine..., and the page in the options."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtGui import QIcon

from ..algorithms.texts import tr
from ..compat import moved_to_gui
from ..locations import find
from .engine_dialog import EngineDialog
from .options import OptionsFactory

_MENU = "SatFusion"


class Menu:
    """Comes with the plugin and goes with it.

    Args:
        iface: QGIS's interface.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._action: Any = None
        self._options: Optional[OptionsFactory] = None
        self._dialog: Optional[EngineDialog] = None

    def add(self) -> None:
        """Add the entry and the page."""
        window = self._iface.mainWindow()
        self._action = moved_to_gui("QAction")(QIcon(str(find("icon.svg"))), tr("Engine…"), window)
        self._action.triggered.connect(lambda checked=False: self.show_engine())
        self._iface.addPluginToMenu(_MENU, self._action)
        self._options = OptionsFactory()
        self._iface.registerOptionsWidgetFactory(self._options)

    def show_engine(self) -> EngineDialog:
        """Show the engine's window; the same one each time, for an installation may still run behind it."""
        if self._dialog is None:
            self._dialog = EngineDialog(self._iface.mainWindow())
        self._dialog.show_state()
        self._dialog.show()
        self._dialog.raise_()
        return self._dialog

    def remove(self) -> None:
        """Take everything away again."""
        if self._dialog is not None:
            self._dialog.stop()
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._action is not None:
            self._iface.removePluginMenu(_MENU, self._action)
            self._action.deleteLater()
            self._action = None
