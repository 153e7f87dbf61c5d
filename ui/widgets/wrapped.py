"""A label of several lines that takes exactly the height that its text needs at its width."""

from __future__ import annotations

from typing import Any, Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QLabel, QSizePolicy, QWidget


class WrappedLabel(QLabel):
    """Plain text that wraps. Forms guess the height of ordinary labels that wrap, and leave holes or cut them off."""

    def __init__(self, parent: Optional[QWidget] = None, *, lines: int = 1) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: Any) -> None:
        """Fit the height to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        least = self._lines * self.fontMetrics().lineSpacing() + 2
        before = self.minimumHeight()
        self.setMinimumHeight(0)  # what a label needs for a width is never less than its own minimum
        height = max(self.heightForWidth(max(self.width(), 50)), least)
        if height == before:
            self.setMinimumHeight(before)
        else:
            self.setFixedHeight(height)
