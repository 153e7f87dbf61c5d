"""The choice of a product: its folder, or some of its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List, Optional, Tuple

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from stillpoint.plugin import settings
from stillpoint.plugin.language import tr


class SourcesPicker(QWidget):
    """A folder or several files: typed, chosen with a button, or dropped."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._many: Tuple[str, ...] = ()
        self.edit = QLineEdit()
        self.edit.setObjectName("sources")
        self.edit.setToolTip(tr("What is opened as one stack: the folder of a product, one of its files, or several files."))
        self.edit.setPlaceholderText(tr("Folder of a product, or its files; they can be dropped here"))
        self.folder_button = QPushButton(tr("Fo&lder…"))
        self.files_button = QPushButton(tr("&Files…"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        row.addWidget(self.folder_button)
        row.addWidget(self.files_button)
        self.setFocusProxy(self.edit)
        self.folder_button.clicked.connect(self._browse_folder)
        self.files_button.clicked.connect(self._browse_files)
        self.edit.textEdited.connect(self._typed)

    def dragEnterEvent(self, event: Any) -> None:
        """Take files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Choose what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.set_paths(paths)

    def set_paths(self, paths: List[str]) -> None:
        """Choose a folder or files."""
        settings.put("stack_folder", str(Path(paths[0]).parent))
        self._many = tuple(paths) if len(paths) > 1 else ()
        name = tr("{n} files in {folder}").format(n=len(paths), folder=Path(paths[0]).parent)
        self.edit.setText(name if self._many else paths[0])
        self.edit.setCursorPosition(0)
        self.changed.emit()

    def paths(self) -> Tuple[str, ...]:
        """Return what is chosen; empty where nothing is."""
        text = self.edit.text().strip()
        return self._many or ((os.path.expanduser(text),) if text else ())

    def name(self) -> str:
        """Return the product's name for people: its folder."""
        paths = self.paths()
        if not paths:
            return ""
        first = Path(paths[0])
        return first.parent.name if self._many else (first.name if first.is_dir() else first.stem)

    def _typed(self, _: str) -> None:
        self._many = ()
        self.changed.emit()

    def _browse_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr("Folder of a product"), settings.get("stack_folder"))
        if path:
            self.set_paths([path])

    def _browse_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Files of a product"), settings.get("stack_folder"))
        if paths:
            self.set_paths(paths)
