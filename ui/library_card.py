"""What is known of one model: overview, figures, and the card. Nothing in a card is run, loaded or followed."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QTextDocument
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.learning.cards import ModelFile, figures
from stillpoint.plugin.language import tr
from stillpoint.ui.library_words import overview


class QuietBrowser(QTextBrowser):
    """Shows a text of a stranger: no picture is loaded, whether from the network or the disk, and no link is followed."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)

    def loadResource(self, kind: int, name: QUrl) -> Any:
        """Load nothing."""
        return None

    def show_markdown(self, text: str) -> None:
        """Show Markdown without the HTML in it; plain text where Qt is too old to know Markdown."""
        # Qt writes code in a heading small.
        text = "\n".join(line.replace("`", "") if line.startswith("#") else line for line in text.splitlines())
        document = self.document()
        features = getattr(QTextDocument, "MarkdownFeature", None)
        if features is None or not hasattr(document, "setMarkdown"):
            self.setPlainText(text)
            return
        wanted = features.MarkdownNoHTML | features.MarkdownDialectGitHub
        flags = getattr(QTextDocument, "MarkdownFeatures", None)  # Qt 5 has a class for combinations
        document.setMarkdown(text, wanted if flags is None else flags(wanted))
        self.moveCursor(self.textCursor().MoveOperation.Start)


class ModelPages(QTabWidget):
    """Overview, figures and card of a model."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.overview, self.card = QuietBrowser(), QuietBrowser()
        self.overview.setObjectName("overview")
        self.card.setObjectName("card")
        self.figures = QTableWidget(0, 2)
        self.figures.setObjectName("figures")
        self.figures.setHorizontalHeaderLabels([tr("Figure"), tr("Value")])
        self.figures.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.figures.verticalHeader().hide()
        self.figures.verticalHeader().setDefaultSectionSize(self.figures.fontMetrics().height() + 8)
        self.figures.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.figures.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.figures)
        for widget, text in ((self.overview, tr("Overview")), (page, tr("Figures")), (self.card, tr("Card"))):
            self.addTab(widget, text)

    def show_model(self, model: Optional[ModelFile]) -> None:
        """Show a model, or nothing."""
        self.setEnabled(model is not None)
        rows = [] if model is None else figures(model.header)
        self.figures.setRowCount(len(rows))
        for number, (name, value) in enumerate(rows):
            self.figures.setItem(number, 0, QTableWidgetItem(name[:1].upper() + name[1:]))
            cell = QTableWidgetItem(value)
            cell.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            self.figures.setItem(number, 1, cell)
        if model is None:
            self.overview.clear()
            self.card.clear()
            return
        self.overview.setHtml(overview(model))
        self.card.show_markdown(model.card or tr("This model has no card: nobody says what it was trained on and where it fails."))

    def show_problem(self, text: str) -> None:
        """Show why a file cannot be used."""
        self.show_model(None)
        self.setEnabled(True)
        self.overview.setPlainText(text)
        self.setCurrentIndex(0)
