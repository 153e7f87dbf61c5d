"""The page of the review before it begins, and after it was left: what it is, where the labels go, and who says so."""

from __future__ import annotations

from typing import Optional

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from stillpoint.plugin import settings
from stillpoint.plugin.language import tr
from stillpoint.plugin.review import PIXELS
from stillpoint.plugin.review import user as logged_in
from stillpoint.ui.widgets.message import Message


class StartPage(QWidget):
    """A few words, two fields and a button."""

    started = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        font = self.title.font()
        font.setPointSizeF(1.25 * font.pointSizeF())
        font.setBold(True)
        self.title.setFont(font)
        self.words = QLabel()
        self.keys = QLabel()
        for label in (self.words, self.keys):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.RichText)
        self.file = QgsFileWidget()
        self.file.setObjectName("review_file")
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.file.setFilter("GeoPackage (*.gpkg);;CSV (*.csv)")
        self.file.setConfirmOverwrite(False) if hasattr(self.file, "setConfirmOverwrite") else None
        self.file.setToolTip(tr("Every label is written here at once. A file with labels is gone on with, never overwritten."))
        self.reviewer = QLineEdit(settings.get("reviewer", logged_in()))
        self.reviewer.setObjectName("review_reviewer")
        self.reviewer.setToolTip(tr("Stands with every label, so that those of several people can be told apart"))
        form = QFormLayout()
        form.addRow(tr("Labels"), self.file)
        form.addRow(tr("Reviewer"), self.reviewer)
        self.button = QPushButton(tr("Start reviewing"))
        self.button.setObjectName("review_start")
        self.button.setMinimumSize(150, 34)
        bold = self.button.font()
        bold.setBold(True)
        self.button.setFont(bold)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(lambda *_: self.started.emit())
        self.progress = QLabel()
        self.message = Message()
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.progress, 1)
        column = QVBoxLayout()
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        for item in (self.title, self.words, self.keys):
            column.addWidget(item)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addLayout(column, 6)
        outer.addStretch(1)
        self.show_kind("", "")

    def show_kind(self, kind: str, name: str) -> None:
        """Say what would be reviewed."""
        ready = bool(kind)
        self.title.setText(tr("Review {0}").format(name) if ready else tr("Nothing to review yet"))
        if not ready:
            self.words.setText(tr(
                "Add points that <b>Classify Trends</b> has classified, or the probability of a PS selection made with "
                "<b>Select Scatterers</b>. Interferograms are reviewed on the <b>Interferogram Triage</b> board: press U there."
            ))  # fmt: skip
            self.keys.setText("")
        elif kind == PIXELS:
            self.words.setText(tr(
                "You see one pixel after the other, those nearest to the threshold first, with amplitude and phase over the dates. "
                "Say what each is with one key. Your labels can train the network."
            ))  # fmt: skip
            self.keys.setText(tr("<b>P</b> PS &nbsp; <b>N</b> not &nbsp; {0}").format(self._common()))
        else:
            self.words.setText(tr(
                "You see one point after the other, those that the model is least sure of first, with their series. "
                "Say which trend each follows with one key. Your labels can train the network."
            ))  # fmt: skip
            self.keys.setText(tr(
                "<b>1</b> Stable &nbsp; <b>2</b> Linear &nbsp; <b>3</b> Quadratic &nbsp; <b>4</b> Bilinear &nbsp; "
                "<b>5</b> Unwrapping error &nbsp; <b>0</b> None of them &nbsp; {0}"
            ).format(self._common()))  # fmt: skip
        for widget in (self.file, self.reviewer, self.button):
            widget.setEnabled(ready)

    def _common(self) -> str:
        return tr(
            "<b>Space</b>&nbsp;agree &nbsp; <b>Backspace</b>&nbsp;undo &nbsp; "
            "<b>\N{LEFTWARDS ARROW}&nbsp;\N{RIGHTWARDS ARROW}</b>&nbsp;back,&nbsp;skip &nbsp; <b>Esc</b>&nbsp;leave"
        )

    def show_before(self, labelled: int, *, left: bool = False) -> None:
        """Say how many labels there are already."""
        if left:
            self.button.setText(tr("Go on reviewing"))
        else:
            self.button.setText(tr("Go on reviewing") if labelled else tr("Start reviewing"))
        one, more = tr("One label is in the file."), tr("{0} labels are in the file.")
        self.progress.setText("" if not labelled else (one if labelled == 1 else more.format(f"{labelled:,}")))

    def show_reading(self, text: str) -> None:
        """Say how far the reading is; an empty text ends it."""
        self.progress.setText(text)
        self.button.setEnabled(not text)
