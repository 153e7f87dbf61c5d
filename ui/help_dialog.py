"""The help that ships with the plugin: Markdown pages that link to one another, read without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from stillpoint.plugin.language import tr
from stillpoint.ui.plot.theme import Theme

PAGES = Path(__file__).resolve().parents[1] / "plugin" / "help_page"
FIRST = "start"
LINK = "#1f7fb8"


class HelpDialog(QDialog):
    """Shows the help pages.

    Parameters
    ----------
    iface
        QGIS's interface; not used, every dialog of Stillpoint is made with the same arguments.
    parent
        Parent window.
    topic
        Page to open: the name of a file in ``help_page`` without its ending, such as ``"start"`` or ``"classify"``.
    """

    def __init__(self, iface: Any = None, parent: Optional[QWidget] = None, topic: str = FIRST) -> None:
        super().__init__(parent)
        self.setObjectName("StillpointHelp")
        self.setWindowTitle(tr("Stillpoint: help"))
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        self.browser.document().setDocumentMargin(14)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.back_button, self.contents_button = QPushButton(tr("&Back")), QPushButton(tr("Con&tents"))
        self.back_button.setShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left))
        self.back_button.setToolTip(tr("The page before (Alt+Left)"))
        self.contents_button.setToolTip(tr("The list of all pages"))
        self.back_button.setEnabled(False)
        self.browser.backwardAvailable.connect(self.back_button.setEnabled)
        for button, slot in ((self.contents_button, lambda: self.open_topic(FIRST)), (self.back_button, self._back)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)
        self.resize(680, 600)
        self.browser.setFocus()  # arrows and Page Down scroll
        self.open_topic(topic)

    def open_topic(self, topic: str) -> None:
        """Show a page; the first one where there is no such page."""
        path = PAGES / f"{topic}.md"
        self._open(QUrl.fromLocalFile(str(path if path.is_file() else PAGES / f"{FIRST}.md")))

    def _open(self, address: QUrl) -> None:
        self.browser.setSource(address)
        self._colour_links()

    def _follow(self, address: QUrl) -> None:
        if address.scheme() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(address)
        else:
            self._open(self.browser.source().resolved(address))

    def _back(self) -> None:
        self.browser.backward()
        self._colour_links()

    def _colour_links(self) -> None:
        """Give links a colour that is read on the theme's ground: Qt's blue is lost on a dark one."""
        colour = Theme.of_widget(self.browser).visible(LINK, 4.5)
        document = self.browser.document()
        block = document.begin()
        cursor = self.browser.textCursor()
        while block.isValid():
            parts = block.begin()
            while not parts.atEnd():
                part = parts.fragment()
                if part.isValid() and part.charFormat().isAnchor():
                    cursor.setPosition(part.position())
                    cursor.setPosition(part.position() + part.length(), cursor.MoveMode.KeepAnchor)
                    form = part.charFormat()
                    form.setForeground(colour)
                    cursor.setCharFormat(form)
                parts += 1
            block = block.next()
        document.setModified(False)


def show_help(topic: str, parent: Optional[QWidget] = None) -> HelpDialog:
    """Open a page beside the window ``parent``, which goes on working; one that is open beside it already turns to the page."""
    if parent is not None:
        for child in parent.children():
            if isinstance(child, HelpDialog) and child.isVisible():
                child.open_topic(topic)
                child.raise_()
                child.activateWindow()
                return child
    dialog = HelpDialog(parent=parent, topic=topic)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
    return dialog
