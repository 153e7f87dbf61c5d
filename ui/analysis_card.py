"""A step of an analysis as a card: what goes in, the options that matter, run, progress, and what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QDoubleValidator
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models import analysis_record as records
from stillpoint.models.errors import StillpointError
from stillpoint.models.recipe import OFFSETS, OWN, RUN, SCATTERERS, SERIES, SKIP, STACK, TRENDS, job_kind
from stillpoint.plugin import analysis_layers
from stillpoint.plugin.analysis import OPEN, Analysis
from stillpoint.plugin.language import tr
from stillpoint.ui import analysis_words as words
from stillpoint.ui.analysis_mark import StateMark
from stillpoint.ui.analysis_pick import EITHER, POINTS, RASTER, InputPicker
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.message import Message

WAIT = 250
"""Milliseconds without a change of a field before the analysis takes it."""

QUEUED = "queued"


class StepCard(QFrame):
    """One step.

    Signals
    -------
    run_wanted, cancel_wanted, show_wanted, options_wanted, setup_wanted
        The user pressed that button.
    more_wanted
        The other button of the result, with its name: ``board``, ``threshold``, ``viewer`` or ``profile``.

    Parameters
    ----------
    name
        The step.
    number
        What its mark says, such as "2".
    analysis
        The analysis that it belongs to.
    """

    run_wanted = pyqtSignal(str)
    cancel_wanted = pyqtSignal()
    show_wanted = pyqtSignal(str)
    options_wanted = pyqtSignal(str)
    more_wanted = pyqtSignal(str, str)
    setup_wanted = pyqtSignal()
    choices_wanted = pyqtSignal()

    def __init__(self, name: str, number: str, analysis: Analysis, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.name, self._analysis, self._showing = name, analysis, False
        self.setObjectName(f"step_{name}")
        self.setProperty("card", True)
        self.fields = Fields(job_kind(name), words.OPTIONS[name])
        self.pickers: Dict[str, InputPicker] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._build(number)
        self._connect()

    # Layout

    def _build(self, number: str) -> None:
        self.mark = StateMark()
        self.title = QToolButton()
        self.title.setText(f"{number}  {tr(words.TITLES[self.name])}")
        self.title.setObjectName(f"open_{self.name}")
        self.title.setProperty("head", True)
        self.title.setAutoRaise(True)
        self.title.setCheckable(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.title.setToolTip(tr(words.PURPOSES[self.name]))
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.state_label = QLabel()
        self.arrow = QLabel("▸")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.mark)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.state_label)
        head.addWidget(self.arrow)

        self.result = _text()
        self.result.setObjectName("result")
        self.show_button, self.more_button = QPushButton(tr("Show on map")), QPushButton()
        self.show_button.setObjectName("show")
        self.more_button.setObjectName("more")
        self.choices_button = QPushButton(tr("Use my choices"))
        self.choices_button.setObjectName("choices")
        self.choices_button.setToolTip(tr("Write the kept stack anew, as you decided on the triage board"))
        results = QHBoxLayout()
        results.setContentsMargins(0, 0, 0, 0)
        for button in (self.show_button, self.more_button, self.choices_button):
            results.addWidget(button)
        results.addStretch(1)
        self.results = QWidget()
        self.results.setLayout(results)
        if self.name in words.MORE:
            _, text, tip = words.MORE[self.name]
            self.more_button.setText(tr(text))
            self.more_button.setToolTip(tr(tip))

        self.progress, self.status = QProgressBar(), _text()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setObjectName("cancel")
        running = QHBoxLayout()
        running.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.progress)
        column.addWidget(self.status)
        running.addLayout(column, 1)
        running.addWidget(self.cancel_button)
        self.running = QWidget()
        self.running.setLayout(running)

        self.message = Message()
        for label in self.message.findChildren(QLabel):
            label.setMinimumWidth(20)  # a long path must not widen the panel
        self.setup_button = QPushButton(tr("Open set-up…"))
        self.message.add_widget(self.setup_button)
        self.body = self._body()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        for widget in (self.result, self.results, self.running, self.message, self.body):
            layout.addWidget(widget)
        self.running.hide()
        self.results.hide()
        self.body.hide()

    def _body(self) -> QWidget:
        """Return what is seen of the card when it is open."""
        body = QWidget()
        self.purpose = _text()
        self.purpose.setText(tr(words.PURPOSES[self.name]))
        self.mode = QComboBox()
        self.mode.setObjectName("mode")
        for key, text in words.MODES[self.name].items():
            self.mode.addItem(tr(text), key)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.mode.setVisible(self.mode.count() > 1)
        if self.mode.count() > 1:
            self.form.addRow(tr("This step"), self.mode)
        self._add_pickers()
        self._add_fields()
        self.options_button = QPushButton(tr("All options…"))
        self.options_button.setObjectName("options")
        self.options_button.setToolTip(tr("Every option of this step, in the dialog of its own"))
        self.changed_label = QLabel()
        self.run_button = QPushButton(tr("Run"))
        self.run_button.setObjectName("run")
        self.run_button.setIcon(QgsApplication.getThemeIcon("/mActionStart.svg"))
        row = QHBoxLayout()
        row.addWidget(self.options_button)
        row.addWidget(self.changed_label)
        row.addStretch(1)
        row.addWidget(self.run_button)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.purpose)
        column.addLayout(self.form)
        column.addLayout(row)
        return body

    def _add_pickers(self) -> None:
        """Add what goes in, and the file that may take the place of the result."""
        if self.name == STACK:
            self._picker("own", tr("Stack"), tr("A raster with a band a date or pair (see Open Stack), or the folder of a product"))
            self.product_button = QPushButton(tr("Open a product…"))
            self.product_button.setObjectName("product")
            self.product_button.setToolTip(tr("Make the stack of a product's folder or files; new dates are taken in later"))
            self.form.addRow("", self.product_button)
            return
        if self.name == OFFSETS:
            self._picker("reference", tr("First image"), tr("Amplitude image of the first date, or a stack of them"))
            empty = tr("None: the first is a stack of dates")
            self._picker("secondary", tr("Second image"), tr("Amplitude image of the second date"), empty=empty)
            return
        before = tr("From the step before")
        if self.name == TRENDS:
            self._picker("points", tr("Goes in"), tr("Points with a displacement series each"), empty=before, what=POINTS)
            return
        self._picker("stack", tr("Goes in"), tr("The stack that this step looks at"), empty=before)
        kind = {SCATTERERS: EITHER, SERIES: POINTS}.get(self.name, RASTER)
        self._picker("own", tr("File"), tr("Your file, which takes the place of this step's result"), what=kind)

    def _picker(self, key: str, label: str, tip: str, *, empty: str = "", what: str = RASTER) -> None:
        picker = InputPicker(f"{self.name}_{key}", tip, label, empty=empty, what=what)
        picker.changed.connect(lambda: self._picked(key))
        self.pickers[key] = picker
        self.form.addRow(label, picker)

    def _add_fields(self) -> None:
        described = {item.name: item for item in job_kind(self.name).parameters()}
        for name, widget in self.fields.widgets.items():
            if isinstance(widget, QComboBox):
                widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                widget.setMinimumContentsLength(9)
                for index in range(widget.count()):
                    text = words.CHOICES.get((self.name, name, str(widget.itemData(index))))
                    if text:
                        widget.setItemText(index, tr(text))
                widget.currentIndexChanged.connect(self._field_changed)
            elif isinstance(widget, QCheckBox):
                widget.toggled.connect(self._field_changed)
            elif isinstance(widget, QLineEdit):
                widget.setPlaceholderText(tr("The method's own"))
                about = described[name].metadata
                if about["kind"] == "number":
                    widget.setValidator(QDoubleValidator(about["minimum"], about["maximum"], 4, widget))
                widget.textEdited.connect(self._field_changed)
            else:
                widget.valueChanged.connect(self._field_changed)
            about = described[name].metadata
            unit = f" ({tr(about['unit'])})" if about["unit"] else ""
            label = tr(words.LABELS.get((self.name, name), about["title"])) + unit
            self.form.addRow("" if isinstance(widget, QCheckBox) else label, widget)

    def _connect(self) -> None:
        self.title.toggled.connect(self._toggled)
        self._timer.timeout.connect(self._take_options)
        self.mode.currentIndexChanged.connect(self._mode_changed)
        self.run_button.clicked.connect(lambda: self.run_wanted.emit(self.name))
        self.cancel_button.clicked.connect(lambda: self.cancel_wanted.emit())
        self.show_button.clicked.connect(lambda: self.show_wanted.emit(self.name))
        self.options_button.clicked.connect(lambda: self.options_wanted.emit(self.name))
        self.setup_button.clicked.connect(lambda: self.setup_wanted.emit())
        self.choices_button.clicked.connect(lambda: self.choices_wanted.emit())
        self.more_button.clicked.connect(lambda: self.more_wanted.emit(self.name, words.MORE[self.name][0]))
        if self.name == STACK:
            self.product_button.clicked.connect(lambda: self.options_wanted.emit(self.name))

    # Opening and closing

    def mousePressEvent(self, event: Any) -> None:
        """A click on the head opens or closes the card."""
        if event.pos().y() <= self.mark.geometry().bottom() + 4:
            self.title.toggle()
        super().mousePressEvent(event)

    def set_open(self, is_open: bool) -> None:
        """Show or hide what the card holds."""
        self.title.setChecked(is_open)

    def is_open(self) -> bool:
        """Tell whether the card is open."""
        return bool(self.title.isChecked())

    def _toggled(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.arrow.setText("▾" if is_open else "▸")

    # What the user changes

    def _mode_changed(self, *_: Any) -> None:
        if not self._showing:
            self._analysis.change(self.name, mode=self.mode.currentData())

    def _field_changed(self, *_: Any) -> None:
        if not self._showing:
            self._timer.start()

    def _picked(self, key: str) -> None:
        if self._showing:
            return
        try:
            path = self.pickers[key].path()
        except StillpointError as error:
            self.say(message.ERROR, str(error))
            return
        self.message.clear()
        if self.name == STACK:
            self._analysis.set_source(path)
        elif self.name == OFFSETS:
            self._analysis.set_inputs({**self._analysis.recipe.inputs, key: path})
        elif key == "own":
            self._analysis.change(self.name, own=path)
        else:
            self._analysis.change(self.name, inputs={key: path} if path else {})

    def take_now(self) -> None:
        """Take what was typed a moment ago."""
        if self._timer.isActive():
            self._timer.stop()
            self._take_options()

    def _take_options(self) -> None:
        if self._showing:
            return
        step = self._analysis.recipe.steps[self.name]
        defaults = {item.name: item.default for item in job_kind(self.name).parameters()}
        options = dict(step.options)
        for name, value in self.fields.values().items():
            if value == defaults[name]:
                options.pop(name, None)
            else:
                options[name] = value
        self._analysis.change(self.name, options=options)

    # What is shown

    def say(self, level: str, text: str, *, setup: bool = False) -> None:
        """Show a sentence in the card."""
        self.setup_button.setVisible(setup)
        self.message.say(level, text)

    def refresh(self) -> None:
        """Show the step as it is in the analysis."""
        self._showing = True
        step = self._analysis.recipe.steps[self.name]
        state, sentence = self._analysis.states.get(self.name, (records.NEW, ""))
        if self._analysis.work is not None:
            if self._analysis.running == self.name:
                state = "running"
            elif self.name in self._analysis.queue:
                state = QUEUED
        index = self.mode.findData(step.mode)
        if index >= 0:
            self.mode.setCurrentIndex(index)
        if not self._timer.isActive():
            defaults = {item.name: item.default for item in job_kind(self.name).parameters()}
            self.fields.set_values({name: step.options.get(name, defaults[name]) for name in self.fields.widgets})
        self._show_pickers()
        self._show_rows()
        self._show_state(state, sentence)
        self._showing = False

    def _show_pickers(self) -> None:
        recipe = self._analysis.recipe
        step = recipe.steps[self.name]
        for key, picker in self.pickers.items():
            if self.name == STACK:
                picker.show_path(recipe.source())
            elif self.name == OFFSETS:
                picker.show_path(recipe.inputs.get(key, ""))
            else:
                picker.show_path(step.own if key == "own" else step.inputs.get(key, ""))

    def _show_rows(self) -> None:
        """Show the rows that the mode needs."""
        mode = self._analysis.recipe.steps[self.name].mode
        for key, picker in self.pickers.items():
            wanted = self.name in (STACK, OFFSETS) or (key == "own") == (mode == OWN)
            self._set_row(picker, wanted and mode != SKIP)
        for widget in self.fields.widgets.values():
            self._set_row(widget, mode == RUN)
        for widget in (self.options_button, self.run_button):
            widget.setVisible(mode == RUN)
        extra = set(self._analysis.recipe.steps[self.name].options) - set(self.fields.widgets) - {"sources"}
        self.changed_label.setText(tr("{n} changed").format(n=len(extra)) if extra and mode == RUN else "")

    def _set_row(self, widget: QWidget, visible: bool) -> None:
        widget.setVisible(visible)
        label = self.form.labelForField(widget)
        if label is not None:
            label.setVisible(visible)

    def _show_state(self, state: str, sentence: str) -> None:
        entry = self._analysis.entry(self.name)
        running, busy = state == "running", self._analysis.work is not None
        self.mark.set_state(state)
        self.state_label.setText(tr(words.STATES[state]))
        self.state_label.setToolTip(tr(words.EXPLAINED.get(state, "")))
        self.setAccessibleName(f"{tr(words.TITLES[self.name])}: {self.state_label.text()}")
        self.running.setVisible(running)
        if not running:
            self.progress.setRange(0, 100)
            self.progress.setValue(0)
            self.status.setText(tr("Starting"))
        self.body.setEnabled(not busy)
        if state == records.FAILED:
            self.say(message.ERROR, sentence, setup=self._analysis.needs_setup(self.name))
        elif state == records.GONE or (state == records.MISSING and self._is_chosen()):
            self.say(message.WARNING, sentence)
        elif not (self.message.level == message.ERROR and not busy and state == records.MISSING):
            self.message.clear()
        self._show_result(state, entry, running)
        before = self._analysis.open_steps(self.name)
        alone = tr("Run again") if state == records.DONE else tr("Run")
        self.run_button.setText(tr("Run up to here") if len(before) > 1 else alone)

    def _is_chosen(self) -> bool:
        """Tell whether what is missing was chosen, but is not there or does not fit."""
        recipe = self._analysis.recipe
        if recipe.steps[self.name].mode == OWN:
            return bool(recipe.steps[self.name].own)
        return bool(recipe.source())

    def _show_result(self, state: str, entry: Any, running: bool) -> None:
        has_result = bool(entry.fingerprint) and state in (records.DONE, *OPEN) and not running and state != records.GONE
        line = words.result_line(self.name, entry) if has_result else ""
        shown = bool(analysis_layers.layers_of(self._analysis.folder, self.name)) if has_result else False
        notes = [tr("Note: {text}").format(text=text) for text in entry.warnings[:2] if state == records.DONE]
        if has_result and state == records.STALE:
            line = tr("{line} (before the change)").format(line=line)
        if has_result and not shown:
            line = "\n".join([line, tr("Its layers are not in the project.")])
        if self.name == STACK and state == records.MINE:
            line = Path(self._analysis.recipe.source()).name
        self.result.setToolTip(self._analysis.recipe.source() if self.name == STACK else "")
        self.result.setText("\n".join(filter(None, [line, *notes])))
        self.result.setVisible(bool(line))
        self.results.setVisible(has_result)
        self.show_button.setText(tr("Show on map") if shown else tr("Load again"))
        self.more_button.setVisible(has_result and self.name in words.MORE)
        self.choices_button.setVisible(False)

    def show_progress(self, fraction: float, text: str) -> None:
        """Show how far the step is; a negative fraction leaves the bar as it is."""
        self.running.show()
        if fraction >= 0:
            self.progress.setRange(0, 100)
            self.progress.setValue(int(100 * fraction))
        if text:
            self.status.setText(text)


def _text() -> QLabel:
    """Return a label of plain text that wraps and can be copied."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(50)
    return label
