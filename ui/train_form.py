"""What is to be trained: task, network, start, data, labels and how, as one form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import training
from stillpoint.plugin.language import tr
from stillpoint.plugin.training_sources import Given, of_own_field
from stillpoint.ui.train_data import DataList
from stillpoint.ui.train_labels import LabelsPicker
from stillpoint.ui.train_words import STARTS, TASKS
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.wrapped import WrappedLabel

ICONS = Path(training.__file__).resolve().parent / "icons"
SHIPPED, FILE, SCRATCH = "shipped", "file", "scratch"
"""Starts; a path stands for a model of the user's."""

MOST_SIMULATED = 95
"""Largest share of simulation beside data of the user's, percent."""


@dataclass(frozen=True)
class Start:
    """Where the weights come from: ``start`` and ``model`` of the job."""

    start: str
    model: Optional[str]


class TaskButtons(QWidget):
    """The four tasks as buttons of which one is down."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.buttons: Dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for task, (title, icon, tip) in TASKS.items():
            button = QToolButton()
            button.setObjectName(f"task_{task}")
            button.setText(tr(title))
            button.setToolTip(tr(tip))
            button.setIcon(QIcon(str(ICONS / icon)))
            button.setIconSize(QSize(26, 26))
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(54)
            button.toggled.connect(lambda on, button=button: _embolden(button, on))  # dark themes hardly show what is down
            group.addButton(button)
            row.addWidget(button)
            self.buttons[task] = button
        self.buttons["trends"].setChecked(True)
        group.buttonToggled.connect(lambda _, on: self.changed.emit() if on else None)

    def task(self) -> str:
        """Return the chosen task."""
        return next(task for task, button in self.buttons.items() if button.isChecked())

    def set_task(self, task: str) -> None:
        """Choose a task."""
        if task in self.buttons:
            self.buttons[task].setChecked(True)


def _embolden(button: QToolButton, on: bool) -> None:
    font = button.font()
    font.setBold(on)
    button.setFont(font)


class ShareOfSimulation(QWidget):
    """A slider in percent with its number beside it."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("mix")
        self.slider.setRange(0, MOST_SIMULATED)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(10)
        self.slider.setTickInterval(25)
        self.number = QSpinBox()
        self.number.setRange(0, MOST_SIMULATED)
        self.number.setSuffix(" %")
        for each in (self.slider, self.number):
            each.setToolTip(tr("Simulated examples beside yours keep the network from forgetting what yours do not show"))
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.slider)

    def share(self) -> float:
        """Return the share 0..1."""
        return self.number.value() / 100.0

    def set_share(self, share: float) -> None:
        """Show a share 0..1."""
        self.number.setValue(round(100 * share))


class TrainForm(QWidget):
    """The form. ``changed`` comes with everything that the split follows from, ``output_changed`` with another output."""

    changed = pyqtSignal()
    output_changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.tasks = TaskButtons()
        self.network, self.start = QComboBox(), QComboBox()
        self.network.setToolTip(tr("Which network learns; the line below says what it is good for."))
        self.start.setToolTip(tr("What the network knows at the beginning; the line below says what that takes."))
        self.network.setObjectName("network")
        self.start.setObjectName("start")
        for box in (self.network, self.start):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(24)
        self.network_words, self.start_words = WrappedLabel(), WrappedLabel()
        self.model = QgsFileWidget()
        self.model.setObjectName("model")
        self.model.setFilter(tr("Models (*.safetensors)"))
        self.data, self.labels = DataList(), LabelsPicker()
        self.mix = ShareOfSimulation()
        self.epochs, self.seed = QSpinBox(), QSpinBox()
        self.device = DevicePicker()
        self.output = QgsFileWidget()
        self._suggested = ""
        self._start_chosen = False
        self._start = ""
        self._had_data = False
        self._build()
        self._connect()
        self._task_changed()

    def _build(self) -> None:
        self.epochs.setObjectName("epochs")
        self.epochs.setRange(0, 100_000)
        self.epochs.setSpecialValueText(tr("The network's own number"))
        self.epochs.setToolTip(tr("Most epochs; the training ends earlier where the validation part gets no better"))
        self.seed.setObjectName("seed")
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setValue(1)
        self.seed.setToolTip(tr("The same seed repeats the training and its split"))
        self.output.setObjectName("output")
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter(tr("Models (*.safetensors)"))
        self.output.setToolTip(tr("The card, the curves and the report are written beside it"))
        self.seed_label = QLabel(tr("S&eed"))
        self.seed_label.setBuddy(self.seed)
        numbers = QHBoxLayout()
        numbers.addWidget(self.epochs, 1)
        numbers.addSpacing(12)
        numbers.addWidget(self.seed_label)
        numbers.addWidget(self.seed)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Net&work"), self.network)
        form.addRow("", self.network_words)
        form.addRow(tr("S&tart from"), self.start)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.model)
        words.addWidget(self.start_words)
        form.addRow("", words)
        form.addRow(tr("D&ata"), self.data)
        form.addRow(self._label(tr("La&bels"), self.labels), self.labels)
        form.addRow(self._label(tr("S&imulated"), self.mix), self.mix)
        epochs = QLabel(tr("Epo&chs"))
        epochs.setBuddy(self.epochs)
        form.addRow(epochs, numbers)
        form.addRow(tr("De&vice"), self.device)
        form.addRow(tr("M&odel file"), self.output)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.tasks)
        column.addLayout(form)

    def _label(self, text: str, buddy: QWidget) -> QLabel:
        """Return the label of a row that may be hidden."""
        label = QLabel(text)
        label.setBuddy(buddy)
        buddy.setProperty("label", label)
        return label

    def _connect(self) -> None:
        self.tasks.changed.connect(self._task_changed)
        self.network.currentIndexChanged.connect(self._network_changed)
        self.start.activated.connect(self._start_picked)
        self.start.currentIndexChanged.connect(self._start_changed)
        self.data.changed.connect(self._data_changed)
        for signal in (self.model.fileChanged, self.labels.changed, self.mix.number.valueChanged, self.seed.valueChanged):
            signal.connect(lambda *_: self.changed.emit())
        self.output.fileChanged.connect(lambda _: self.output_changed.emit())

    # What is chosen

    def task(self) -> str:
        """Return the chosen task."""
        return self.tasks.task()

    def chosen_network(self) -> str:
        """Return the chosen network."""
        return str(self.network.currentData())

    def set_network(self, name: str) -> None:
        """Choose a network of the task; one that it does not have is passed over."""
        index = self.network.findData(name)
        if index >= 0:
            self.network.setCurrentIndex(index)

    def set_start(self, start: str) -> None:
        """Choose where the weights come from: one of the starts, or the path of a model of the user's."""
        index = self.start.findData(start)
        if index >= 0:
            self._start_chosen = True
            self.start.setCurrentIndex(index)

    def start_values(self) -> Start:
        """Return where the weights come from.

        Raises
        ------
        StillpointError
            No file was chosen.
        """
        chosen = str(self.start.currentData())
        if chosen == SCRATCH:
            return Start("scratch", None)
        if chosen == SHIPPED:
            return Start("model", training.shipped_model(self.task(), self.chosen_network()))
        path = self.model.filePath().strip() if chosen == FILE else chosen
        if not path:
            raise StillpointError(tr("Choose the model file to start from, or another start."))
        return Start("model", path)

    def given(self) -> Given:
        """Return data and labels, for the engine to read once they are written; to be called on the main thread.

        Raises
        ------
        StillpointError
            Something is missing or does not fit.
        """
        if not self.data.count():
            return Given()
        labels = self.labels.labels()
        if self.task() != "trends":
            paths = self.data.paths()
            if self.task() == "offsets" and len(paths) % 2:
                raise StillpointError(tr("Offsets are learned from pairs: add the images two by two, reference and secondary."))
            return Given(tuple(paths), labels)
        own = of_own_field(self.data.items(), self.labels.own_field())
        return Given(own.data, labels, own.columns)

    def output_path(self) -> Path:
        """Return the model file to write.

        Raises
        ------
        StillpointError
            There is none, or no folder for it.
        """
        text = self.output.filePath().strip()
        if not text:
            raise StillpointError(tr("Name the model file to write."))
        path = training.with_ending(text)
        if not path.is_absolute():
            path = training.models_folder() / path
        if path.parent != training.models_folder() and not path.parent.is_dir():
            raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
        return path

    def suggest_output(self) -> None:
        """Name a new file where the user has not named one."""
        text = self.output.filePath().strip()
        if text in ("", self._suggested):
            self._suggested = str(training.suggested_output(self.task(), self.chosen_network()))
            self.output.setFilePath(self._suggested)

    # Reactions

    def _task_changed(self) -> None:
        task = self.task()
        self.network.blockSignals(True)
        self.network.clear()
        for each in training.networks(task):
            self.network.addItem(tr(each.title), each.name)
        self.network.blockSignals(False)
        self._start_chosen = False
        self.labels.set_task(task)
        self.data.set_task(task)
        self._network_changed()

    def _network_changed(self, *_: Any) -> None:
        known = {each.name: each for each in training.networks(self.task())}
        self.network_words.setText(tr(known[self.chosen_network()].sentence))
        self.fill_starts()
        self.suggest_output()
        self.changed.emit()

    def fill_starts(self) -> None:
        """List what the network can start from: the shipped model, those of the user's, a file, nothing."""
        chosen = self.start.currentData()
        task, network = self.task(), self.chosen_network()
        self.start.blockSignals(True)
        self.start.clear()
        if self.data.count() or training.adapts_to_simulation(task, network):
            if training.has_shipped(task, network):
                self.start.addItem(tr("The shipped model (fine-tune it)"), SHIPPED)
            for path in training.own_models(task, network):
                self.start.addItem(tr("My model {name}").format(name=path.stem), str(path))
            self.start.addItem(tr("A model file…"), FILE)
        self.start.addItem(tr("Scratch: new weights"), SCRATCH)
        index = self.start.findData(chosen) if self._start_chosen else -1
        self.start.setCurrentIndex(index if index >= 0 else self._likely_start())
        self.start.blockSignals(False)
        self._start_changed()

    def _likely_start(self) -> int:
        """Return the start that suits most: data of the user's fine-tune, simulation begins anew."""
        shipped = int(self.start.findData(SHIPPED))
        return shipped if shipped >= 0 and self.data.count() else int(self.start.findData(SCRATCH))

    def _start_picked(self, _: int) -> None:
        self._start_chosen = True

    def _start_changed(self, *_: Any) -> None:
        chosen = str(self.start.currentData())
        self.model.setVisible(chosen == FILE)
        self.start_words.setText(tr(STARTS[chosen if chosen in STARTS else "own"]))
        if chosen != self._start:  # else the list was only filled anew
            self._start = chosen
            self.changed.emit()

    def _data_changed(self) -> None:
        """Ask for labels and the share of simulation where there are data that they belong to."""
        there = self.data.count() > 0
        for widget in (self.labels, self.mix):
            widget.setVisible(there)
            widget.property("label").setVisible(there)
        if self.task() == "trends" and there:
            first = self.data.items()[0]
            if isinstance(first, str):
                layer = QgsVectorLayer(first, "labels", "ogr")
                self.labels.set_own(layer if layer.isValid() else None)
            else:
                self.labels.set_own(first)
        if self.network.count() and there != self._had_data:
            self._had_data = there
            self.fill_starts()
        self.changed.emit()
