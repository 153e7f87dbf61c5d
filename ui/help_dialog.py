"""The help that ships with the plugin: Markdown pages that link to one another, read without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from qgis.PyQt.QtCore import QCoreApplication, QUrl
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

PAGES = Path(__file__).resolve().parents[1] / "plugin" / "help_page"


class HelpDialog(QDialog):
    """Shows the help pages.

    Parameters
    ----------
    iface
        QGIS's interface; not used, every dialog of Stillpoint is made with the same arguments.
    parent
        Parent window.
    topic
        Page to open: ``"start"``, ``"classify"``, ``"results"`` or ``"setup"``.
    """

    def __init__(self, iface: Any = None, parent: Optional[QWidget] = None, topic: str = "start") -> None:
        super().__init__(parent)
        self.setObjectName("StillpointHelp")
        self.setWindowTitle(QCoreApplication.translate("Stillpoint", "Stillpoint: help"))
        self.browser = QTextBrowser()
        self.browser.setOpenExternalLinks(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)
        self.resize(640, 560)
        self.open_topic(topic)

    def open_topic(self, topic: str) -> None:
        """Show a page."""
        self.browser.setSource(QUrl.fromLocalFile(str(PAGES / f"{topic}.md")))


def show_help(topic: str, parent: Optional[QWidget] = None) -> HelpDialog:
    """Open a page beside the window ``parent``, which goes on working."""
    dialog = HelpDialog(parent=parent, topic=topic)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
    return dialog
