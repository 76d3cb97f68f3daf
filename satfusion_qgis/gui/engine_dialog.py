"""The window of the engine: what there is of it, what computes on which device, and its installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.core import QgsApplication
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..algorithms import engine_settings
from ..algorithms.engine_report import device_rows, manual_lines, problem_text, report_lines
from ..algorithms.texts import tr
from ..runtime.engine_check import EngineCheck, check_engine
from ..runtime.environment import ABSENT, remove, state_of
from ..runtime.install import Installed, Wish, install
from ..runtime.interpreters import Found, find_engine
from ..runtime.machine import Machine
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from .work import WorkDialog


class EngineDialog(WorkDialog):
    """Shows and changes the engine; the work runs in tasks, so that QGIS stays usable.

    Args:
        parent: The window it belongs to.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("SatFusion: engine"))
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._devices = _device_table()
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))  # it holds tables
        self._cancel = _button(tr("Cancel"), self._stop_work)
        self._actions = (
            _button(tr("Check"), self.check),
            _button(tr("Install"), self.install),
            _button(tr("Remove"), self._ask_and_remove),
            _button(tr("Copy command"), self.copy_command),
        )
        self._size, self._device = QComboBox(), QComboBox()
        self._interpreter, self._wheels = QgsFileWidget(), QgsFileWidget()
        self._anew = QCheckBox(tr("Begin anew"))
        self._lay_out()
        self.resize(720, 640)
        self._set_working(False)
        self.show_state()

    def _lay_out(self) -> None:
        self._size.addItem(tr("inference: runs networks"), "inference")
        self._size.addItem(tr("full: also trains and adapts them"), "full")
        self._device.addItem(tr("processor"), "cpu")
        self._device.addItem(tr("processor and GPU"), "gpu")
        self._wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        form = QFormLayout()
        form.addRow(tr("Size"), self._size)
        form.addRow(tr("Device"), self._device)
        form.addRow(tr("Python interpreter"), self._interpreter)
        form.addRow(tr("Folder of wheels"), self._wheels)
        form.addRow(self._anew)
        box = QGroupBox(tr("Installation"))
        box.setLayout(form)
        buttons = QHBoxLayout()
        for button in self._actions:
            buttons.addWidget(button)
        running = QHBoxLayout()
        running.addWidget(self._bar)
        running.addWidget(self._cancel)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self._state, self._devices, box):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addLayout(running)
        column.addWidget(self._log)
        column.addWidget(close)

    # What can be done.

    def show_state(self) -> None:
        """Say what there is of the engine."""
        try:
            self._state.setText(_state_text())
        except InputError as error:
            self._state.setText(str(error))

    def check(self) -> None:
        """Try every device, in the background."""

        def work(feedback: Feedback) -> Optional[tuple[Found, EngineCheck]]:
            found = find_engine(engine_settings.interpreter(), Machine())
            return None if found is None else (found, check_engine(found.path, feedback.cancelled))

        self._start(tr("Check the engine"), work, self._show_check)

    def install(self) -> None:
        """Install the engine, in the background."""
        wish = self.wish()
        self._start(tr("Install the engine"), lambda feedback: install(wish, Machine(), feedback), self._show_installed)

    def remove(self) -> None:
        """Delete the managed environment, in the background."""
        self._start(tr("Remove the engine"), lambda feedback: remove(Machine()), self._show_removed)

    def copy_command(self) -> None:
        """Put the commands that install the engine by hand into the clipboard."""
        wish = self.wish()
        self._start(tr("Copy command"), lambda feedback: manual_lines(wish, Machine(), feedback), self._copy)

    def wish(self) -> Wish:
        """Return what the form says."""
        return Wish(
            str(self._size.currentData()),
            str(self._device.currentData()),
            self._interpreter.filePath().strip(),
            self._wheels.filePath().strip(),
            self._anew.isChecked(),
            engine_settings.proxy(),
        )

    # How the work runs.

    def _say(self, text: str) -> None:
        self._log.appendPlainText(text)

    def _ended(self, result: Any, error: str, show: Callable[[Any], None]) -> None:
        super()._ended(result, error, show)
        if not self._gone:
            self.show_state()

    def _set_working(self, working: bool) -> None:
        if working:
            self._log.clear()
        for button in self._actions:
            button.setEnabled(not working)
        self._cancel.setEnabled(working)
        self._bar.setValue(0)
        self._bar.setVisible(working)
        self._cancel.setVisible(working)

    # What came of it.

    def _show_check(self, outcome: Optional[tuple[Found, EngineCheck]]) -> None:
        rows = device_rows(outcome[1]) if outcome is not None else []
        self._devices.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self._devices.setItem(row, column, QTableWidgetItem(text))
        self._devices.resizeColumnsToContents()
        _stretch(self._devices)
        if outcome is None:
            self._log.appendPlainText(state_of(Machine()).sentence)
            return
        found, checked = outcome
        lines = [*report_lines(checked, found.source), *(problem_text(problem) for problem in checked.problems)]
        self._log.appendPlainText("\n".join(lines))

    def _show_installed(self, made: Installed) -> None:
        versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
        self._log.appendPlainText(tr("The engine works: {}").format(versions))

    def _show_removed(self, removed: bool) -> None:
        self._devices.setRowCount(0)
        self._log.appendPlainText(tr("The engine was removed.") if removed else tr("There was no engine to remove."))

    def _copy(self, lines: list[str]) -> None:
        QgsApplication.clipboard().setText("\n".join(lines))
        self._log.appendPlainText("\n".join([*lines, tr("These lines are in the clipboard.")]))

    def _ask_and_remove(self) -> None:
        state = state_of(Machine())
        if state.kind == ABSENT:
            self._show_removed(False)
            return
        text = tr("Delete the engine in {}? It can be installed again.").format(state.folder)
        if QMessageBox.question(self, self.windowTitle(), text) == QMessageBox.StandardButton.Yes:
            self.remove()


def _state_text() -> str:
    machine = Machine()
    found = find_engine(engine_settings.interpreter(), machine)
    state = state_of(machine)
    if found is None or found.path == state.python:
        return state.sentence
    return tr("The engine is another Python: {}").format(found.path)


def _device_table() -> QTableWidget:
    titles = (tr("runtime"), tr("device"), tr("name"), tr("memory"), tr("result"))
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(titles)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    numbers: Any = table.verticalHeader()
    numbers.setVisible(False)
    _stretch(table)
    return table


def _stretch(table: QTableWidget) -> None:
    header: Any = table.horizontalHeader()
    header.setStretchLastSection(True)


def _button(text: str, pressed: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda checked=False: pressed())
    return button
