"""The window of the models: which there are, what the card of each says, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ..algorithms import engine_settings, models
from ..algorithms.model_columns import SHOWN, cell, title
from ..algorithms.texts import tr
from ..assessment.report.model import model_report
from ..catalogue import CATALOGUE
from ..inference.library import ModelLibrary
from ..inference.listing import faults_of, is_own, row_of
from ..inference.model_files import remove_model
from ..runtime import model_calls
from ..tasks.errors import InputError
from ..tasks.model_card import ModelCard
from .work import WorkDialog

_WIDEST = 200
_ID = Qt.ItemDataRole.UserRole


class ModelLibraryDialog(WorkDialog):
    """Shows the models; work runs in tasks, and what needs a form opens the algorithm's own.

    Args:
        parent: The window it belongs to.
    """

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("SatFusion: models"))
        self._cards: dict[str, ModelCard] = {}
        self._forms: dict[int, Any] = {}
        self._table = _table()
        self._table.itemSelectionChanged.connect(self._show_card)
        self._details = QTextBrowser()
        self._details.setOpenLinks(False)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cancel = _button(tr("Cancel"), self._stop_work)
        self._import = _button(tr("Import…"), self.open_import)
        self._download = _button(tr("Download…"), self.open_download)
        self._export = _button(tr("Export to ONNX"), self.export)
        self._check = _button(tr("Check the files"), self.check)
        self._remove = _button(tr("Remove"), self.ask_and_remove)
        self._open = _button(tr("Open the folder"), self.open_folder)
        self._lay_out()
        self.resize(940, 680)
        self.show_models()

    def _lay_out(self) -> None:
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self._table)
        halves.addWidget(self._details)
        halves.setSizes([240, 360])
        buttons = QHBoxLayout()
        for button in (self._import, self._download, self._export, self._check, self._remove, self._open):
            buttons.addWidget(button)
        running = QHBoxLayout()
        running.addWidget(self._bar)
        running.addWidget(self._cancel)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(halves, 1)
        column.addWidget(self._note)
        column.addLayout(buttons)
        column.addLayout(running)
        column.addWidget(close)

    # What is shown.

    def show_models(self, chosen: str = "") -> None:
        """Read the models again.

        Args:
            chosen: Id of the model to select; "" for the one that is selected now.
        """
        chosen = chosen or self.chosen_id()
        own = models.own_models()
        library: ModelLibrary = models.library(own)
        self._cards = {card.id: card for card in library.cards()}
        self._table.setRowCount(len(self._cards))
        for number, card in enumerate(self._cards.values()):
            row = row_of(card, own)
            for column, name in enumerate(SHOWN):
                item = QTableWidgetItem(cell(row, name))
                item.setData(_ID, card.id)
                item.setToolTip(item.text())
                self._table.setItem(number, column, item)
        self._table.resizeColumnsToContents()
        for column in range(len(SHOWN)):
            self._table.setColumnWidth(column, min(self._table.columnWidth(column), _WIDEST))
        faults = library.faults()
        self._note.setText("\n".join(faults) or tr("Your own models are in {}").format(own))
        self._select(chosen)
        self._show_card()

    def chosen_id(self) -> str:
        """Return the id of the selected model; "" where none is."""
        row = self._table.currentRow()
        item = self._table.item(row, 0) if row >= 0 and self._table.selectedItems() else None
        return "" if item is None else str(item.data(_ID))

    def chosen(self) -> Optional[ModelCard]:
        """Return the card of the selected model, or None."""
        return self._cards.get(self.chosen_id())

    def _select(self, identifier: str) -> None:
        self._table.clearSelection()
        for number in range(self._table.rowCount()):
            item = self._table.item(number, 0)
            if item is not None and str(item.data(_ID)) == identifier:
                self._table.selectRow(number)

    def _show_card(self, faults: Optional[dict[str, Optional[str]]] = None) -> None:
        card = self.chosen()
        if card is None:
            some = tr("Choose a model to see its card.")
            none = tr("There are no models yet: import weights, download a model, or train one.")
            self._details.setPlainText(some if self._cards else none)
        else:
            method = models.method_title(CATALOGUE, card.task, card.method)
            self._details.setHtml(model_report(card, method, faults, tr))
        self._set_working(self._task is not None)

    # What can be done.

    def open_import(self) -> Any:
        """Open the form of the algorithm that imports a model."""
        return self._open_form("satfusion:model_import")

    def open_download(self) -> Any:
        """Open the form of the algorithm that downloads a model."""
        return self._open_form("satfusion:model_download")

    def export(self) -> None:
        """Write the selected model's network as ONNX, in the background."""
        card = self.chosen()
        if card is not None:
            engine, folder = engine_settings.chosen(), card.folder
            self._start(
                tr("Export to ONNX"),
                lambda feedback: model_calls.export_model(engine, folder, feedback),
                lambda made: self._exported(card.id, made),
            )

    def check(self) -> None:
        """Compare the selected model's files with its card, in the background."""
        card = self.chosen()
        if card is not None:
            self._start(
                tr("Check the files"), lambda feedback: faults_of(card), lambda faults: self._checked(card.id, faults)
            )

    def ask_and_remove(self) -> None:
        """Remove the selected model, if it is one of the user's own and they say yes."""
        card = self.chosen()
        if card is None:
            return
        text = tr("Delete the model {} with all that is in {}? This cannot be undone.").format(card.title, card.folder)
        if QMessageBox.question(self, self.windowTitle(), text) != QMessageBox.StandardButton.Yes:
            return
        try:
            remove_model(card, models.own_models())
        except InputError as error:
            self._note.setText(str(error))
            return
        self.show_models()
        self._note.setText(tr("The model {} was removed.").format(card.id))

    def open_folder(self) -> None:
        """Show the selected model's folder, or that of the user's models, in the system's file manager."""
        card = self.chosen()
        folder = models.own_models() if card is None else card.folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._note.setText(tr("The folder is {}").format(folder))

    def stop(self) -> None:
        """Stop the work, wait for its end, and close the forms that were opened; for when the plugin goes."""
        super().stop()
        forms, self._forms = self._forms, {}
        for form in forms.values():
            form.close()

    def _open_form(self, name: str) -> Any:
        import processing  # QGIS's own plugin, which need not be loaded before this one

        form = processing.createAlgorithmDialog(name, {})
        if form is None:
            self._note.setText(tr("The toolbox has no {}; enable Processing.").format(name))
            return None
        form.algorithmFinished.connect(lambda good, results: self._form_ended(results))
        number = id(form)
        form.destroyed.connect(lambda gone=None: self._forms.pop(number, None))  # it deletes itself once it is closed
        self._forms[number] = form
        form.show()
        return form

    def _form_ended(self, results: dict[str, Any]) -> None:
        if not self._gone:
            self.show_models(str(results.get("ID") or ""))

    # How the work runs.

    def _say(self, text: str) -> None:
        self._note.setText(text)

    def _exported(self, identifier: str, made: dict[str, Any]) -> None:
        self.show_models(identifier)
        said = tr("Wrote {}; it differs from the network by {} at most.").format(
            made["file"], f"{made['max_difference']:.2g}"
        )
        self._note.setText(" ".join([said, *made["warnings"]]))

    def _checked(self, identifier: str, faults: dict[str, Optional[str]]) -> None:
        wrong = [fault for fault in faults.values() if fault is not None]
        self._note.setText("\n".join(wrong) or tr("The files of {} are those of its card.").format(identifier))
        if self.chosen_id() == identifier:
            self._show_card(faults)

    def _set_working(self, working: bool) -> None:
        card = self.chosen()
        for button in (self._export, self._check):
            button.setEnabled(card is not None and not working)
        self._remove.setEnabled(card is not None and not working and is_own(card, models.own_models()))
        self._cancel.setEnabled(working)
        for widget in (self._cancel, self._bar):
            widget.setVisible(working)
        if not working:
            self._bar.setValue(0)


def _table() -> QTableWidget:
    table = QTableWidget(0, len(SHOWN))
    table.setHorizontalHeaderLabels([title(name) for name in SHOWN])
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    across: Any = table.horizontalHeader()
    across.setStretchLastSection(True)
    down: Any = table.verticalHeader()
    down.setVisible(False)
    return table


def _button(text: str, pressed: Callable[[], Any]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda checked=False: pressed())
    return button
