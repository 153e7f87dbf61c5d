"""Colours of a chart that fit QGIS's theme, light or dark, and a light one for paper."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QApplication, QWidget

_LEAST_CONTRAST = 2.4
_READABLE = 4.5
_MIDDLE = 0.18
"""Luminance of a background on which black and white text are read equally well (WCAG 2.1)."""


@dataclass(frozen=True)
class Theme:
    """Colours of one chart."""

    background: QColor
    text: QColor
    muted: QColor
    grid: QColor
    focus: QColor

    @classmethod
    def of(cls, palette: QPalette) -> Theme:
        """Return the theme that goes with a palette."""
        return cls._on(palette.color(QPalette.ColorRole.Base), palette)

    @classmethod
    def of_widget(cls, widget: QWidget) -> Theme:
        """Return the theme that goes with what is seen behind a widget.

        QGIS's dark themes are style sheets: they leave the base of a painted widget transparent, and its
        palette with black text.
        """
        role, base = QPalette.ColorRole.Base, widget.palette().color(QPalette.ColorRole.Base)
        behind = widget.parentWidget()
        while behind is not None and base.alpha() < 255:
            # A transparent base tells that the window colour of this one is not painted either.
            is_opaque = behind.palette().color(role).alpha() == 255
            base = behind.palette().color(QPalette.ColorRole.Window if is_opaque else role)
            behind = behind.parentWidget()
        if base.alpha() < 255:
            base = QApplication.palette().color(QPalette.ColorRole.Window)
        return cls._on(base, widget.palette())

    @classmethod
    def _on(cls, base: QColor, palette: QPalette) -> Theme:
        """Return the theme on a background, with the palette's text colour as long as it can be read there."""
        text = palette.color(QPalette.ColorRole.Text)
        if contrast(text, base) < _READABLE:
            text = QColor("#d8dce3") if luminance(base) < _MIDDLE else QColor("#1d2733")
        focus = palette.color(QPalette.ColorRole.Highlight)
        return cls(base, text, blend(text, base, 0.38), blend(text, base, 0.88), focus)

    @classmethod
    def paper(cls) -> Theme:
        """Return the theme of pictures that are saved: dark on white."""
        base, text = QColor("#ffffff"), QColor("#1d2733")
        return cls(base, text, blend(text, base, 0.38), blend(text, base, 0.88), QColor("#1f6fb4"))

    @property
    def is_dark(self) -> bool:
        """True where the background is darker than the text."""
        return luminance(self.background) < luminance(self.text)

    def visible(self, colour: str, least: float = _LEAST_CONTRAST) -> QColor:
        """Return ``colour``, moved towards the text colour until thin lines of it can be seen."""
        wanted = QColor(colour)
        for step in range(11):
            shade = blend(self.text, wanted, 1 - 0.08 * step)
            if contrast(shade, self.background) >= least:
                return shade
        return self.text


def blend(first: QColor, second: QColor, share: float) -> QColor:
    """Return the mixture of two colours, ``share`` of it from the second."""
    parts = [
        round(a * (1 - share) + b * share)
        for a, b in zip((first.red(), first.green(), first.blue()), (second.red(), second.green(), second.blue()))
    ]
    return QColor(*parts)


def luminance(colour: QColor) -> float:
    """Return the relative luminance of a colour, 0..1 (WCAG 2.1)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two colours, 1..21 (WCAG 2.1)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """Return ``colour`` with an opacity of 0..1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
