"""The page "SatFusion" in QGIS's options: which Python runs the engine, on which device, and where models lie."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox, QWidget

from ..algorithms import engine_settings
from ..algorithms.texts import tr
from ..locations import find
from ..tasks.errors import InputError


class OptionsPage(QgsOptionsPageWidget):
    """Shows the settings, and keeps them when the user presses OK.

    Args:
        parent: The options dialog.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.interpreter, self.models_folder = QgsFileWidget(), QgsFileWidget()
        self.models_folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.device, self.threads = QComboBox(), QSpinBox()
        self.device.setEditable(True)  # cuda:1 is one too
        self.device.addItems(engine_settings.DEVICES)
        self.threads.setRange(0, engine_settings.MOST_THREADS)
        self.threads.setSpecialValueText(tr("all"))
        form = QFormLayout(self)
        _row(form, tr("Python interpreter"), self.interpreter, tr("Runs the engine; empty takes the installed one."))
        _row(
            form, tr("Device"), self.device, tr("Where networks run: auto takes a GPU that works, else the processor.")
        )
        _row(form, tr("Threads"), self.threads, tr("How many processor cores networks use."))
        _row(
            form, tr("Models folder"), self.models_folder, tr("Where your own models lie; empty takes the usual place.")
        )
        self.interpreter.setFilePath(engine_settings.interpreter())
        self.device.setCurrentText(engine_settings.device())
        self.threads.setValue(engine_settings.threads())
        self.models_folder.setFilePath(engine_settings.models_folder())

    def apply(self) -> None:
        """Keep the settings."""
        engine_settings.store("interpreter", self.interpreter.filePath())
        engine_settings.store("threads", str(self.threads.value()) if self.threads.value() else "")
        engine_settings.store("models_folder", self.models_folder.filePath())
        try:
            engine_settings.store("device", self.device.currentText())
        except InputError:
            self.device.setCurrentText(engine_settings.device())


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle("SatFusion")

    def icon(self) -> QIcon:
        """Return the icon beside the title."""
        return QIcon(str(find("icon.svg")))

    def createWidget(self, parent: Optional[QWidget] = None) -> OptionsPage:  # noqa: N802 (the name QGIS calls)
        """Return a new page."""
        return OptionsPage(parent)


def _row(form: QFormLayout, title: str, widget: QWidget, text: str) -> None:
    widget.setToolTip(text)
    form.addRow(title, widget)
    note = QLabel(text)
    note.setWordWrap(True)
    form.addRow("", note)
