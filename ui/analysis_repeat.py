"""The question before an analysis is repeated: on which data, and where its results go."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QPushButton, QVBoxLayout, QWidget

from stillpoint.models.analysis_record import STALE
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import RUN, STACK
from stillpoint.plugin.analysis import Analysis
from stillpoint.plugin.language import tr
from stillpoint.ui.analysis_pick import InputPicker
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.wrapped import WrappedLabel


class RepeatDialog(QDialog):
    """Asks for the new stack, or the new images.

    Parameters
    ----------
    analysis
        What is repeated.
    parent
        Parent window.
    """

    def __init__(self, analysis: Analysis, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointRepeat")
        self.setWindowTitle(tr("Repeat on New Dates"))
        self._analysis = analysis
        recipe = analysis.recipe
        offsets = recipe.chain == "offsets"
        self.source = InputPicker("repeat_source", tr("The new data"), tr("First image") if offsets else tr("Stack"))
        self.secondary = InputPicker("repeat_secondary", tr("Image of the second date"), tr("Second image"),
                                     empty=tr("None: the first is a stack of dates"))  # fmt: skip
        text = WrappedLabel(lines=2)
        text.setText(
            tr("The same steps with the same options run on new data, into a new folder and a new group of layers of today. "
               "What was computed before stays as it is.")
        )  # fmt: skip
        self.told = WrappedLabel()
        self.message = Message()
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("First image") if offsets else tr("Stack"), self.source)
        if offsets:
            form.addRow(tr("Second image"), self.secondary)
        self.folder_button = QPushButton(tr("Folder of a product…"))
        self.folder_button.setVisible(not offsets)
        self.folder_button.clicked.connect(self._browse)
        form.addRow("", self.folder_button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Help)
        self.run_button = buttons.addButton(tr("&Repeat"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.run_button.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        buttons.helpRequested.connect(give_help(self, "analysis").open)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.source.show_path(recipe.source())
        self.secondary.show_path(recipe.inputs.get("secondary", ""))
        self.source.changed.connect(self._tell)
        self._tell()
        self.resize(520, 260)

    def _browse(self) -> None:
        start = str(Path(self._analysis.recipe.source()).parent)
        folder = QFileDialog.getExistingDirectory(self, tr("Folder of the product"), start)
        if folder:
            self.source.set_file(folder)

    def _tell(self, *_: Any) -> None:
        """Say what is new."""
        recipe = self._analysis.recipe
        try:
            same = self.source.path() == recipe.source()
        except StillpointError as error:
            self.told.setText(str(error))
            return
        if not same:
            self.told.setText(tr("This is other data than last time."))
        elif recipe.chain == "series" and recipe.steps[STACK].mode == RUN:
            grown = self._analysis.states.get(STACK, ("", ""))[0] == STALE
            self.told.setText(tr("The folder changed since it was opened: new dates are taken in.") if grown else
                              tr("The same folder; nothing in it changed since."))  # fmt: skip
        else:
            self.told.setText(tr("The same data as last time. Choose another where the new dates are in another file."))

    def choice(self) -> Tuple[str, str]:
        """Return the chosen source and second image; raises StillpointError where nothing fits."""
        path = self.source.path()
        if not path:
            raise StillpointError(tr("Choose the new data: a layer of the project, a file, or the folder of a product."))
        return path, self.secondary.path() if self._analysis.recipe.chain == "offsets" else ""

    def _accept(self) -> None:
        try:
            self.choice()
        except StillpointError as error:
            self.message.say(message.ERROR, str(error))
            return
        self.accept()
