"""The library of models: what is installed, what each was made for and where it fails, and which is the default."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, List, Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont, QIcon
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import ManageModels, Result
from stillpoint.models.learning import shelf
from stillpoint.models.learning.archives import ENDINGS
from stillpoint.models.learning.cards import FIXED, SUFFIX, ModelFile
from stillpoint.plugin import library, settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import ICON
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.library_card import ModelPages
from stillpoint.ui.library_words import network_in_words, size_in_words, task_in_words
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message

ROLE = Qt.ItemDataRole.UserRole
DEFAULT, SIZE = 2, 4
"""Columns of the tree."""


class LibraryWindow(JobDialog):
    """The installed models as a tree by task, the chosen one beside it, and what can be done with it.

    Parameters
    ----------
    iface
        QGIS's interface; None in tests without a window.
    parent
        Parent window.
    """

    HELP = "models"

    def __init__(self, iface: Any = None, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent)
        self.setObjectName("StillpointLibrary")
        self.setWindowTitle(tr("Models"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.tree = QTreeWidget()
        self.pages = ModelPages()
        self.message, self.progress, self.status = Message(), QProgressBar(), QLabel()
        self._build()
        self._show_running(False)
        self.refresh()

    # Layout

    def _build(self) -> None:
        self.tree.setObjectName("models")
        self.tree.setHeaderLabels([tr("Model"), tr("Network"), tr("Default"), tr("From"), tr("Size")])
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setRootIsDecorated(True)
        self.tree.setAccessibleName(tr("Installed models by task"))
        header = self.tree.header()
        for section in range(self.tree.columnCount()):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        self.setup_button = QPushButton(tr("Open set-up…"))
        self.setup_button.clicked.connect(self._open_setup)
        self.message.add_widget(self.setup_button)
        self.setup_button.hide()
        self.default_button = self._button(
            tr("Set as &default"), "set_default", self.set_default,
            tr("Use this model wherever none is named: in dialogs, Processing and on the command line"),
        )  # fmt: skip
        self.compare_button = self._button(
            tr("Com&pare two…"), "compare", self.compare, tr("Run two models of one task on your data and see where they agree")
        )
        self.run_button = self._button(
            tr("&Import…"), "import", self.import_model, tr("A model file, or an archive of a model and its card (zip, tar)")
        )
        self.export_button = self._button(
            tr("&Export…"), "export", self.export_model, tr("The model with its card and SHA-256 as one zip")
        )
        self.remove_button = self._button(tr("&Remove"), "remove", self.remove_model, tr("Delete this model of yours and its card"))
        self.cancel_button = self._button(tr("Cancel"), "cancel", self.cancel, "")
        self.close_button = self._button(tr("&Close"), "close", self.close, "")
        self.help_button = self._button(tr("&Help"), "help", self._help, tr("What the library is, and what its buttons do (F1)"))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.pages)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 4)
        splitter.setStretchFactor(1, 5)
        self._page = splitter
        row = QHBoxLayout()
        for button in (self.default_button, self.compare_button, self.run_button, self.export_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.close_button)
        row.addWidget(self.help_button)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter, 1)
        for widget in (self.message, self.status, self.progress):
            layout.addWidget(widget)
        layout.addLayout(row)
        self.tree.itemSelectionChanged.connect(self._selected)
        self.tree.itemActivated.connect(lambda item, _: self.pages.setFocus() if item.parent() is not None else None)
        self.resize(1160, 640)
        splitter.setSizes([590, 570])

    def _button(self, text: str, name: str, slot: Callable[[], Any], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _: slot())
        return button

    # What is shown

    def refresh(self, choose: Optional[Path] = None) -> None:
        """Read the library again and choose the model in ``choose``, else the one that was chosen."""
        kept = choose or (model.path if (model := self.model()) is not None else None)
        self.tree.blockSignals(True)
        self.tree.clear()
        wanted = None
        for task, models in library.groups():
            top = QTreeWidgetItem([task_in_words(task)])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            bold = QFont(self.tree.font())
            bold.setBold(True)
            top.setFont(0, bold)
            self.tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            for model in models:
                item = self._item(model)
                top.addChild(item)
                if kept is not None and model.path == kept:
                    wanted = item
            top.setExpanded(True)
        wanted = self._add_broken(kept) or wanted
        self.tree.blockSignals(False)
        first = self.tree.topLevelItem(0)
        self.tree.setCurrentItem(wanted or (first.child(0) if first is not None else None))
        self._selected()

    def _item(self, model: ModelFile) -> QTreeWidgetItem:
        origin = tr("Stillpoint") if model.shipped else tr("you")
        item = QTreeWidgetItem([model.name, network_in_words(model), "", origin, size_in_words(model.size)])
        item.setData(0, ROLE, model)
        item.setTextAlignment(DEFAULT, int(Qt.AlignmentFlag.AlignCenter))
        item.setTextAlignment(SIZE, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
        try:
            is_default = shelf.is_default(model) and (model.task, model.network) not in FIXED
        except StillpointError as error:
            self.message.say(message.WARNING, str(error))
            is_default = False
        if is_default:
            item.setText(DEFAULT, "\N{CHECK MARK}")
            item.setToolTip(DEFAULT, tr("Used wherever no model is named"))
        return item

    def _add_broken(self, kept: Optional[Path]) -> Optional[QTreeWidgetItem]:
        """Show the files that cannot be used under a heading of their own; return the chosen one."""
        found = library.broken()
        wanted = None
        if not found:
            return None
        top = QTreeWidgetItem([tr("Cannot be used")])
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(top)
        for problem in found:
            item = QTreeWidgetItem([problem.path.name])
            item.setData(0, ROLE, problem)
            top.addChild(item)
            if problem.path == kept:
                wanted = item
        top.setExpanded(True)
        return wanted

    def model(self) -> Optional[ModelFile]:
        """Return the chosen model; None where none is, or the chosen file cannot be used."""
        chosen = self._chosen()
        return chosen if isinstance(chosen, ModelFile) else None

    def _chosen(self) -> Any:
        items = self.tree.selectedItems()
        return items[0].data(0, ROLE) if items else None

    def select(self, name: str) -> None:
        """Choose the model called ``name``."""
        for number in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(number)
            for place in range(top.childCount()):
                known = top.child(place).data(0, ROLE)
                if isinstance(known, ModelFile) and known.name == name:
                    self.tree.setCurrentItem(top.child(place))

    def _selected(self) -> None:
        chosen = self._chosen()
        model = chosen if isinstance(chosen, ModelFile) else None
        if model is not None or chosen is None:
            self.pages.show_model(model)
        else:
            self.pages.show_problem(chosen.problem)
        self._enable()

    def _enable(self) -> None:
        model, idle = self.model(), self.work is None
        fixed = model is not None and (model.task, model.network) in FIXED
        try:
            is_default = model is not None and shelf.is_default(model)
        except StillpointError:
            is_default = False
        self.default_button.setEnabled(idle and model is not None and bool(model.network) and not is_default and not fixed)
        self.compare_button.setEnabled(idle and model is not None and bool(model.network))
        self.export_button.setEnabled(idle and model is not None)
        self.remove_button.setEnabled(idle and model is not None and not model.shipped)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        self._enable()

    # What the buttons do

    def set_default(self) -> None:
        """Make the chosen model the default of its task and network."""
        model = self.model()
        if model is None:
            return
        try:
            shelf.choose(model)
        except StillpointError as error:
            self._say_error(error)
            return
        self.refresh()
        text = tr("{task}, {network}: {name} is used wherever no model is named.").format(
            task=task_in_words(model.task), network=network_in_words(model), name=model.name
        )
        self._say_done(text, message.SUCCESS)

    def import_model(self) -> None:
        """Ask for a file and import it."""
        archives = " ".join(f"*{ending}" for ending in ENDINGS)
        kinds = tr("Models and archives of them") + f" (*{SUFFIX} {archives})"
        path, _ = QFileDialog.getOpenFileName(self, tr("Import a model"), settings.get("input_folder"), kinds)
        if path:
            settings.put("input_folder", str(Path(path).parent))
            self.import_file(path)

    def import_file(self, path: str) -> None:
        """Import a model file or an archive; the engine looks at it first."""
        self.message.clear()
        self._start(tasks.job_work(ManageModels(action="import", names=(path,)), title=tr("Stillpoint: import a model")))

    def _done(self, result: Result) -> None:
        """Show what was imported."""
        models = result.details.get("models", [])
        self.refresh(Path(models[0]["path"]) if models else None)
        level = message.WARNING if result.warnings else message.SUCCESS
        self._say_done("\n".join([result.summary, *result.warnings]), level)

    def _failed(self, error: StillpointError) -> None:
        super()._failed(error)
        self._enable()

    def export_model(self) -> None:
        """Ask for a name and write the chosen model with its card into one zip."""
        model = self.model()
        if model is None:
            return
        suggested = str(Path(settings.get("output_folder") or Path.home()) / f"{model.name}.zip")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export a model"), suggested, "ZIP (*.zip)")
        if not path:
            return
        settings.put("output_folder", str(Path(path).parent))
        try:
            written = shelf.export(model, Path(path))
        except StillpointError as error:
            self._say_error(error)
            return
        self._say_done(tr("{name} was written to {path}.").format(name=model.name, path=written), message.SUCCESS)

    def remove_model(self) -> None:
        """Delete the chosen model of the user's, once that is confirmed."""
        model = self.model()
        if model is None or not self._confirmed(model):
            return
        try:
            was_default = shelf.remove(model)
        except StillpointError as error:
            self._say_error(error)
            return
        self.refresh()
        text = tr("{name} was removed.").format(name=model.name)
        if was_default:
            text += " " + tr("The shipped model is the default again.")
        self._say_done(text, message.SUCCESS)

    def _confirmed(self, model: ModelFile) -> bool:
        """Ask whether a model shall go."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Remove a model"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Remove {name} and its card? The files are deleted.").format(name=model.name))
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
        box.setDefaultButton(QMessageBox.StandardButton.No)
        box.exec()
        return bool(box.clickedButton() is not None and box.standardButton(box.clickedButton()) == QMessageBox.StandardButton.Yes)

    def compare(self) -> None:
        """Open the comparison with the chosen model as the first."""
        from stillpoint.ui.library_compare import CompareDialog

        model = self.model()
        if model is None:
            return
        models: List[ModelFile] = [each for _, members in library.groups() for each in members if each.task == model.task]
        dialog: QDialog = CompareDialog(self.iface, models, model, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
