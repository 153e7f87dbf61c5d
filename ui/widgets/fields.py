"""A widget for each parameter of a job, with the job's own titles, help, choices and bounds."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, Dict, Iterable, Optional, Tuple, Type

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtGui import QValidator
from qgis.PyQt.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from stillpoint.models.jobs import Job
from stillpoint.plugin import settings
from stillpoint.plugin.language import tr

SCHEDULER = "scheduler"
"""Parameter that the set-up alone remembers: a cluster must not be used because a dialog remembers it."""


class Fields:
    """Widgets for some of a job's parameters.

    Parameters
    ----------
    job
        The kind of job.
    names
        The parameters, in the order of the form.
    """

    def __init__(self, job: Type[Job], names: Iterable[str]) -> None:
        described = {item.name: item for item in job.parameters()}
        self._items: Dict[str, Field] = {name: described[name] for name in names}
        self.widgets: Dict[str, QWidget] = {name: _widget(item) for name, item in self._items.items()}

    def add_to(self, form: QFormLayout) -> None:
        """Add a row for each parameter."""
        for name, widget in self.widgets.items():
            about = self._items[name].metadata
            if isinstance(widget, QCheckBox):
                form.addRow("", widget)
            else:
                unit = f" ({tr(about['unit'])})" if about["unit"] else ""
                form.addRow(tr(about["title"]) + unit, widget)

    def values(self) -> Dict[str, Any]:
        """Return what the user chose, by parameter."""
        return {name: _value(self._items[name], widget) for name, widget in self.widgets.items()}

    def set_values(self, values: Dict[str, Any]) -> None:
        """Show values; those of parameters that are not here, or that no longer fit, are passed over."""
        for name, value in values.items():
            if name in self.widgets and name != SCHEDULER:
                _show(self.widgets[name], value)


def _widget(item: Field) -> QWidget:
    """Return the widget for a parameter, with its default."""
    about = item.metadata
    widget: QWidget
    if item.name in SUGGESTED:
        widget = QComboBox()
        widget.setEditable(True)
        widget.addItems(SUGGESTED[item.name])
    elif about["choices"]:
        widget = QComboBox()
        for choice in about["choices"]:
            widget.addItem(tr(CHOICES.get((item.name, choice), choice)), choice)
    elif about["kind"] == "flag":
        widget = QCheckBox(tr(about["title"]))
    elif about["kind"] == "integer":
        widget = QSpinBox()
        widget.setRange(int(about["minimum"] or 0), int(about["maximum"] or 2**31 - 1))
    elif about["kind"] == "number" and item.default is not None:
        widget = NumberBox()
        widget.setRange(about["minimum"] or 0.0, about["maximum"] or 1e12)
    elif about["kind"] == "model":
        widget = QgsFileWidget()
        widget.setFilter("Models (*.safetensors)")
        widget.lineEdit().setPlaceholderText(tr("The default of the library (Stillpoint > Models)"))
    else:
        widget = QLineEdit()
        widget.setPlaceholderText(tr(EMPTY[item.name]) if item.name in EMPTY else "")
    widget.setObjectName(item.name)
    widget.setToolTip(tr(about["help"]))
    _show(widget, (settings.scheduler() or None) if item.name == SCHEDULER else item.default)
    return widget


class NumberBox(QDoubleSpinBox):
    """A number over many powers of ten, written as people write it: 0.0001, 1e-09."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setDecimals(12)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:
        """Return the shortest text of ``value``."""
        return f"{value:g}"

    def valueFromText(self, text: str) -> float:
        """Return the number in ``text``; the present one where there is none."""
        number = _number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> Tuple[QValidator.State, str, int]:
        """Accept what is a number within the bounds, and what may become one."""
        number = _number(text)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        is_begun = not set(text.lower()) - set("0123456789.,e-+ ")
        return QValidator.State.Intermediate if is_begun else QValidator.State.Invalid, text, position


EMPTY = {
    "scheduler": "tcp://host:8786; empty: this machine computes",
    "random_density": "None",
}
"""What free fields say while they are empty, where that means something."""

SUGGESTED = {"class_shares": ("balanced", "typical")}
"""Texts that a free field offers."""

CHOICES = {
    ("method", "default"): "Stillpoint's network (default)",
    ("method", "mirmazloumi_cnn"): "CNN of Mirmazloumi et al.",
    ("method", "statistical"): "Statistical tests after Berti et al.",
    ("method", "unet"): "U-Net of Tai et al.",
    ("method", "cnn_iss"): "CNN-ISS of Tiwari et al.",
    ("method", "clstm_iss"): "CLSTM-ISS of Tiwari et al.",
    ("method", "phase_stability"): "Phase stability (StaMPS)",
    ("method", "amplitude_dispersion"): "Amplitude dispersion",
    ("keep", "all"): "Keep all",
    ("keep", "best"): "Keep the best of each group",
    ("series", "packed"): "Packed into one field (quick for the series viewer)",
    ("series", "columns"): "A field for each date",
    ("series", "none"): "No",
    ("looking", "right"): "To the right (all usual missions)",
    ("looking", "left"): "To the left (NISAR)",
}
"""Choices in words; a choice without an entry is shown as it is."""


def _value(item: Field, widget: QWidget) -> Any:
    if isinstance(widget, QComboBox):
        return widget.currentText().strip() or item.default if widget.isEditable() else widget.currentData()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    if isinstance(widget, (QSpinBox, QDoubleSpinBox)):
        return widget.value()
    text = widget.filePath() if isinstance(widget, QgsFileWidget) else widget.text()
    text = text.strip()
    if item.metadata["kind"] == "number":
        return _number(text)
    return text or (None if item.default is None else item.default)


def _number(text: str) -> Optional[float]:
    """Return the number in ``text``, with a point or a comma; None where it is empty or no number."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _show(widget: QWidget, value: Any) -> None:
    if isinstance(widget, QComboBox) and widget.isEditable():
        widget.setCurrentText(str(value or ""))
    elif isinstance(widget, QComboBox):
        index = widget.findData(value)
        if index >= 0:
            widget.setCurrentIndex(index)
    elif isinstance(widget, QCheckBox):
        widget.setChecked(bool(value))
    elif isinstance(widget, (QSpinBox, QDoubleSpinBox)):
        if isinstance(value, (int, float)):
            widget.setValue(value)
    elif isinstance(widget, QgsFileWidget):
        widget.setFilePath(str(value or ""))
    elif isinstance(widget, QLineEdit):
        widget.setText("" if value is None else str(value))
