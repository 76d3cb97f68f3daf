"""What the plugin adds to QGIS's window: Plugins > SatFusion > Engine... and Models..., and the page in the options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.PyQt.QtGui import QIcon

from ..algorithms.texts import tr
from ..compat import moved_to_gui
from ..locations import find
from .engine_dialog import EngineDialog
from .model_library import ModelLibraryDialog
from .options import OptionsFactory

_MENU = "SatFusion"


class Menu:
    """Comes with the plugin and goes with it.

    Args:
        iface: QGIS's interface.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._actions: list[Any] = []
        self._options: Optional[OptionsFactory] = None
        self._dialog: Optional[EngineDialog] = None
        self._models: Optional[ModelLibraryDialog] = None

    def add(self) -> None:
        """Add the entries and the page."""
        for text, show in ((tr("Engine…"), self.show_engine), (tr("Models…"), self.show_models)):
            self._actions.append(self._entry(text, show))
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

    def show_models(self) -> ModelLibraryDialog:
        """Show the window of the models; the same one each time, for an export may still run behind it."""
        if self._models is None:
            self._models = ModelLibraryDialog(self._iface.mainWindow())
        else:
            self._models.show_models()
        self._models.show()
        self._models.raise_()
        return self._models

    def remove(self) -> None:
        """Take everything away again."""
        for dialog in (self._dialog, self._models):
            if dialog is not None:
                dialog.stop()
                dialog.close()
                dialog.deleteLater()
        self._dialog = self._models = None
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        for action in self._actions:
            self._iface.removePluginMenu(_MENU, action)
            action.deleteLater()
        self._actions = []

    def _entry(self, text: str, show: Callable[[], Any]) -> Any:
        action = moved_to_gui("QAction")(QIcon(str(find("icon.svg"))), text, self._iface.mainWindow())
        action.triggered.connect(lambda checked=False: show())
        self._iface.addPluginToMenu(_MENU, action)
        return action
