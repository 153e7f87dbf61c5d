"""The panel "why this pixel": what each selection in the project says of it, in plain words."""

from __future__ import annotations

from typing import List, Optional

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from stillpoint.plugin import raster_styles
from stillpoint.plugin.language import tr
from stillpoint.plugin.pixel import Pixel, Verdict, words_of
from stillpoint.ui.plot.bars import Bar, BarChart


class PixelPanel(QScrollArea):
    """A heading, then for each selection its probability as a bar, its verdict and its reasons."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(260)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(10, 6, 10, 6)
        self._column.setSpacing(4)
        self.setWidget(self._inner)
        self.texts: List[str] = []
        """What is shown, line by line."""
        self.bars: List[BarChart] = []

    def sizeHint(self) -> QSize:
        """Return room for a few selections."""
        return QSize(360, 230)

    def clear(self) -> None:
        """Empty the panel."""
        while self._column.count():
            item = self._column.takeAt(0)
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.texts, self.bars = [], []

    def show_pixel(self, pixel: Pixel) -> None:
        """Show what is known of a pixel."""
        self.clear()
        self._add(tr("Row {0}, column {1}").format(f"{pixel.row:,}", f"{pixel.column:,}"), bold=True)
        for verdict in pixel.verdicts:
            self._add_verdict(verdict, pixel.dispersion)
        if not pixel.verdicts:
            for text in words_of(Verdict(""), pixel.dispersion):
                self._add(text)
            self._add(tr("No selection covers this pixel yet: Select Scatterers tells whether it is a PS."), muted=True)
        for note in pixel.notes:
            self._add(note, muted=True)
        self._column.addStretch(1)

    def _add_verdict(self, verdict: Verdict, dispersion: Optional[float]) -> None:
        self._add(verdict.title, bold=True, space=True)
        if verdict.probability is None:
            self._add(tr("No data here."))
        else:
            low = verdict.threshold
            colour = raster_styles.PS_COLOUR if verdict.is_scatterer else "#8C8C8C"
            name = tr("PS") if verdict.is_scatterer else tr("Not PS")
            bar = BarChart(row=1.7)
            bar.set_bars([Bar(name, verdict.probability, f"{verdict.probability:.2f}", colour, strong=bool(verdict.is_scatterer))])
            self._column.addWidget(bar)
            self.bars.append(bar)
            sign = "\N{GREATER-THAN OR EQUAL TO}" if verdict.is_above else "<"
            text = tr("Probability {0:.2f} {1} threshold {2:.2f}").format(verdict.probability, sign, low)
            if verdict.is_above and not verdict.is_scatterer:
                text += tr(", but the method left it out after its threshold")
            self._add(text, muted=True)
        for text in words_of(verdict, dispersion):
            self._add(text)

    def _add(self, text: str, *, bold: bool = False, muted: bool = False, space: bool = False) -> None:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        font = label.font()
        font.setBold(bold)
        font.setItalic(muted)
        label.setFont(font)
        if space:
            label.setContentsMargins(0, 6, 0, 0)
        self._column.addWidget(label)
        self.texts.append(text)
