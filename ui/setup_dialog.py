"""The set-up of the engine: creates its environment, takes one of the user's own, tries every device, reports."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional

from qgis.core import QgsApplication
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase, QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import CheckEnvironment, Result
from stillpoint.plugin import doctor_repairs, environment, installation, runner, settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import ICON
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.widgets import device_picker, message
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.scheduler_field import SchedulerField

LOG_LINES = 5000
REPORTED_LINES = 60
"""Last lines of the log that go into the report."""


class SetupDialog(QDialog):
    """Pages for the environment, the log and the report; everything slow runs in the background.

    Closing it leaves what runs to QGIS's task manager.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    check
        False leaves the first check of the engine to the user.
    """

    def __init__(self, iface: Any, parent: Optional[QWidget] = None, *, check: bool = True) -> None:
        super().__init__(parent)
        self.iface = iface
        self.setObjectName("StillpointSetup")
        self.setWindowTitle(tr("Stillpoint: set-up"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.work: Optional[tasks.Work] = None
        self.details: Mapping[str, Any] = {}
        self._build()
        self._show_running(False)
        self._show_report()
        if check:
            self.test_engine()

    # Layout

    def _build(self) -> None:
        self.message = Message()
        self.pages = QTabWidget()
        self.pages.addTab(self._environment_page(), tr("&Environment"))
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.pages.addTab(self.log, tr("&Log"))
        self.pages.addTab(self._report_page(), tr("&Report"))
        self.progress = QProgressBar()
        self.status = QLabel()
        buttons = QDialogButtonBox()
        standard = QDialogButtonBox.StandardButton
        self.cancel_button = buttons.addButton(standard.Cancel)
        self.close_button = buttons.addButton(standard.Close)
        self.help_button = buttons.addButton(standard.Help)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        buttons.helpRequested.connect(self._help)
        give_help(self, "setup")
        layout = QVBoxLayout(self)
        layout.addWidget(self.message)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.status)
        layout.addWidget(self.progress)
        layout.addWidget(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter in a field must not start a download
        self.resize(660, 630)

    def _environment_page(self) -> QWidget:
        self.engine = QLabel()
        self.engine.setWordWrap(True)
        self.engine.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

        own = QGroupBox(tr("Stillpoint's own environment"))
        self.build = QComboBox()
        self.build.setObjectName("build")
        self.build.setToolTip(tr("Which PyTorch is downloaded: the first in the list is the one that fits this computer."))
        for build in installation.builds(cuda=installation.driver_cuda()):
            self.build.addItem(build.title, build)
        self.create_button = QPushButton(tr("Create en&vironment"))
        self.create_button.clicked.connect(self.create_environment)
        row = QHBoxLayout()
        row.addWidget(self.build, 1)
        row.addWidget(self.create_button)
        self.folder = QLabel(environment.without_private_paths(str(environment.own_folder())))
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.folder.setWordWrap(True)
        form = QFormLayout(own)
        name = QLabel(tr("&Build of PyTorch"))
        name.setBuddy(self.build)
        form.addRow(name, row)
        form.addRow(tr("Folder"), self.folder)

        other = QGroupBox(tr("An interpreter of your own"))
        self.interpreter = QgsFileWidget()
        self.interpreter.setObjectName("interpreter")
        self.interpreter.setFilePath(settings.interpreter())
        self.interpreter.lineEdit().setPlaceholderText(tr("python program of an environment with torch and GDAL"))
        self.interpreter.setToolTip(tr("It is checked before it is used, and then comes before every other interpreter."))
        self.interpreter.lineEdit().setToolTip(self.interpreter.toolTip())
        self.use_button = QPushButton(tr("&Use it"))
        self.use_button.clicked.connect(self.use_interpreter)
        self.reset_button = QPushButton(tr("&Forget it"))
        self.reset_button.clicked.connect(self.forget_interpreter)
        line = QHBoxLayout(other)
        line.addWidget(self.interpreter, 1)
        line.addWidget(self.use_button)
        line.addWidget(self.reset_button)

        self.cluster = SchedulerField()
        self.cluster.chosen.connect(self.use_cluster)
        self.cluster.refused.connect(lambda text: self.message.say(message.WARNING, text))
        self.cluster.forgotten.connect(
            lambda: self.message.say(message.INFORMATION, tr("This machine computes."))
        )

        tests = QGroupBox(tr("Devices"))
        self.devices = QTableWidget(0, 4)
        self.devices.setHorizontalHeaderLabels([tr("Device"), tr("Name"), tr("Memory"), tr("Smoke test")])
        self.devices.verticalHeader().hide()
        self.devices.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.devices.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.devices.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.devices.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.devices.setMinimumHeight(90)
        self.test_button = QPushButton(tr("&Test the engine"))
        self.test_button.clicked.connect(self.test_engine)
        table = QVBoxLayout(tests)
        table.addWidget(self.devices)
        table.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignRight)

        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(self.engine)
        column.addWidget(own)
        column.addWidget(other)
        column.addWidget(self.cluster)
        column.addWidget(tests, 1)
        return page

    def _report_page(self) -> QWidget:
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy_button = QPushButton(tr("Co&py"))
        self.copy_button.clicked.connect(self.copy_report)
        page = QWidget()
        column = QVBoxLayout(page)
        hint = QLabel(tr("For a bug report. Your home folder appears as ~."))
        column.addWidget(hint)
        column.addWidget(self.report, 1)
        column.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignRight)
        return page

    # What the buttons do

    def create_environment(self) -> None:
        """Create the environment in the background, then try its devices."""
        build = self.build.currentData()
        if self.work is not None or build is None:
            return
        self.message.clear()
        self.log.clear()
        try:
            doctor_repairs.check_idle()
        except StillpointError as error:
            self.message.say(message.WARNING, str(error))
            return
        runner.close()  # a warm worker would hold files of the old environment

        def function(work: tasks.Work) -> environment.Interpreter:
            return installation.Installation(
                build, log=work.line, report=work.report, cancelled=work.isCanceled
            ).run()

        self._start(tasks.Work(tr("Stillpoint: creating the environment"), function), self._created)

    def _created(self, interpreter: environment.Interpreter) -> None:
        settings.set_interpreter("")  # whoever creates an environment wants it used
        self.interpreter.setFilePath("")
        self.test_engine()

    def use_interpreter(self) -> None:
        """Check the interpreter that the user chose and keep it where it serves."""
        path = self.interpreter.filePath().strip()
        if self.work is not None:
            return
        if not path:
            self.message.say(message.INFORMATION, tr("Choose the python program of an environment first."))
            return
        self.message.clear()

        def function(work: tasks.Work) -> environment.Interpreter:
            found = environment.check(environment.Interpreter(path, "setting"), cancelled=work.isCanceled)
            if found.problem:
                raise StillpointError(found.problem)
            return found

        self._start(tasks.Work(tr("Stillpoint: checking the interpreter"), function), self._chosen)

    def _chosen(self, interpreter: environment.Interpreter) -> None:
        settings.set_interpreter(interpreter.path)
        environment.forget()
        self.test_engine()

    def forget_interpreter(self) -> None:
        """Leave the choice of the interpreter to Stillpoint again."""
        settings.set_interpreter("")
        self.interpreter.setFilePath("")
        environment.forget()
        self.test_engine()

    def use_cluster(self, address: str) -> None:
        """Ask the workers of a Dask scheduler who they are, and keep its address where they serve."""
        if self.work is not None:
            return
        self.message.clear()

        def function(work: tasks.Work) -> Result:
            return runner.run(
                CheckEnvironment(scheduler=address), report=work.report, log=lambda level, text: work.line(text),
                cancelled=work.isCanceled,
            )  # fmt: skip

        self._start(tasks.Work(tr("Stillpoint: trying the cluster"), function), self._cluster_tried)

    def _cluster_tried(self, result: Result) -> None:
        self.cluster.keep()
        self._append(result.summary)
        self.message.say(message.SUCCESS, tr("The cluster is ready. {workers}").format(workers=result.summary.splitlines()[-1]))

    def test_engine(self) -> None:
        """Find the engine and run a small network on each device."""
        if self.work is not None:
            return
        self.message.clear()
        self.details = {}
        self._show_devices([])

        def function(work: tasks.Work) -> Result:
            found = environment.find(refresh=True, cancelled=work.isCanceled)
            work.line(f"{found.path}: Python {found.python}")
            return runner.run(
                CheckEnvironment(), interpreter=found, report=work.report,
                log=lambda level, text: work.line(text), cancelled=work.isCanceled,
            )  # fmt: skip

        self._start(tasks.Work(tr("Stillpoint: testing the engine"), function), self._tested)

    def _tested(self, result: Result) -> None:
        self.details = result.details
        device_picker.remember(result.details)
        rows = list(result.details.get("devices", []))
        self._show_devices(rows)
        self._append(result.summary)
        failed = [str(row["message"]) for row in rows if not row.get("ok")]
        if failed:
            self.message.say(message.WARNING, "\n".join(failed))
        else:
            self.message.say(message.SUCCESS, tr("The engine is ready; every device computes what it should."))

    def cancel(self) -> None:
        """Stop what is running."""
        if self.work is not None:
            self.status.setText(tr("Stopping…"))
            self.cancel_button.setEnabled(False)
            self.work.cancel()

    def copy_report(self) -> None:
        """Put the report into the clipboard."""
        QgsApplication.clipboard().setText(self.report.toPlainText())
        self.message.say(message.INFORMATION, tr("The report is in the clipboard."))

    def show_problem(self, text: str) -> None:
        """Show why the dialog was opened."""
        self.message.say(message.WARNING, text)

    # Background work

    def _start(self, work: tasks.Work, done: Callable[[Any], None]) -> None:
        def ended(result: Any) -> None:
            self._end()
            done(result)
            self._show_report()

        work.progressChanged.connect(self._show_progress)
        work.message.connect(self.status.setText)
        work.logged.connect(self._append)
        work.done.connect(ended)
        work.failed.connect(self._failed)
        work.stopped.connect(self._stopped)
        self._show_running(True)
        self.work = tasks.start(work)

    def _show_progress(self, percent: float) -> None:
        self.progress.setValue(int(percent))

    def _end(self) -> None:
        self.work = None
        self._show_running(False)

    def _failed(self, error: Exception) -> None:
        self._end()
        self._append(f"{error}\n{getattr(error, 'detail', '')}".strip())
        self.message.say(message.ERROR, str(error))
        self._show_report()

    def _stopped(self) -> None:
        self._end()
        self.message.say(message.INFORMATION, tr("Cancelled; the environment is as it was."))
        self._show_report()

    def _append(self, text: str) -> None:
        self.log.appendPlainText(environment.without_private_paths(text))

    def _show_running(self, running: bool) -> None:
        for button in (
            self.create_button, self.use_button, self.reset_button, self.test_button, self.build, self.cluster
        ):  # fmt: skip
            button.setEnabled(not running)
        self.cancel_button.setEnabled(running)
        self.cancel_button.setVisible(running)
        self.progress.setVisible(running)
        self.status.setVisible(running)
        if running:
            self.progress.setValue(0)
            self.status.setText("")
        self._show_engine()

    def _show_engine(self) -> None:
        """Show which interpreter serves."""
        known = environment.remembered()
        if known is None:
            self.engine.setText(tr("No engine is known to work yet. Create the environment, or choose an interpreter."))
            return
        self.engine.setText(
            tr("The engine runs in {path} ({origin}), Python {python}, torch {torch}.").format(
                path=environment.without_private_paths(known.path), origin=tr(environment.ORIGINS[known.origin]),
                python=known.python, torch=known.versions.get("torch", "?"),
            )
        )

    def _show_devices(self, rows: List[Mapping[str, Any]]) -> None:
        self.devices.setRowCount(len(rows))
        for index, row in enumerate(rows):
            memory = f"{row['memory'] / 2**30:.1f} GiB" if row.get("memory") else tr("unknown")
            state = tr("works ({s})").format(s=_seconds(row["seconds"])) if row.get("ok") else tr("fails")
            for column, text in enumerate((row["id"], row["name"], memory, state)):
                item = QTableWidgetItem(str(text))
                item.setToolTip(str(row.get("message") or text))
                self.devices.setItem(index, column, item)

    def _show_report(self) -> None:
        lines = self.log.toPlainText().splitlines()[-REPORTED_LINES:]
        self.report.setPlainText(environment.report(self.details, log="\n".join(lines)))

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help("setup", self)


def _seconds(value: float) -> str:
    """Return a time that never reads as none at all."""
    return f"{value:.2f} s" if value >= 0.005 else "< 0.01 s"
