"""The plugin object: adds the Processing provider, the translation of its texts, and what the window has of it."""

from __future__ import annotations

from typing import Any, Optional

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from .algorithms.provider import SatFusionProvider
from .locations import find


class SatFusionPlugin:
    """What QGIS starts and stops.

    Args:
        iface: QGIS's interface; None in qgis_process.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self._provider: Optional[SatFusionProvider] = None
        self._translator = _install_translator()
        self._menu: Any = None

    def initProcessing(self) -> None:  # noqa: N802 (the name QGIS calls)
        """Add the provider; qgis_process calls only this."""
        self._provider = SatFusionProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:  # noqa: N802 (the name QGIS calls)
        """Start in QGIS's window."""
        self.initProcessing()
        if self._iface is not None:
            from .gui.menu import Menu  # only here: qgis_process has no window

            self._menu = Menu(self._iface)
            self._menu.add()

    def unload(self) -> None:
        """Take everything away again."""
        if self._menu is not None:
            self._menu.remove()
            self._menu = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None


def _install_translator() -> Optional[QTranslator]:
    """Return the translator of the user's language, at work; None when there is no such translation."""
    chosen = QgsSettings().value("locale/userLocale", "") or QLocale.system().name()
    translator = QTranslator()
    if not translator.load(QLocale(str(chosen)), "satfusion", "_", str(find("i18n"))):
        return None
    QCoreApplication.installTranslator(translator)
    return translator
