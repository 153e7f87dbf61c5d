"""The environment doctor: looks at everything the engine stands on, says what is good, and mends what can be mended."""

from __future__ import annotations

from typing import Any, List, Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QCheckBox, QDialogButtonBox, QFileDialog, QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.findings import REPAIR, Finding, verdict
from stillpoint.plugin import doctor, doctor_repairs, settings, tasks
from stillpoint.plugin.language import tr
from stillpoint.ui.doctor_rows import FindingRows
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.widgets import message

LOG_LINES = 60
"""Last lines of what a repair wrote that go into the report."""


class DoctorDialog(JobDialog):
    """Shows what was found; everything slow runs in the background.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    check
        False leaves the first look to the user.
    """

    HELP = "doctor"

    def __init__(self, iface: Any, parent: Optional[QWidget] = None, *, check: bool = True) -> None:
        super().__init__(iface, parent, name="StillpointDoctor", title=tr("Stillpoint: environment doctor"))
        self.findings: List[Finding] = []
        self._log: List[str] = []
        self._mended = self._repairing = ""
        self.rows = FindingRows()
        self.rows.wanted.connect(self.repair)
        self.good = QCheckBox(tr("Show what is &good, too"))
        self.good.setChecked(settings.get("doctor-good", "yes") == "yes")
        self.good.toggled.connect(self._show_good)
        self.rows.show_good(self.good.isChecked())
        top = QHBoxLayout()
        about = QLabel(tr("What Stillpoint's engine stands on, and whether it is as it should be."))
        top.addWidget(about, 1)
        top.addWidget(self.good)
        self.copy_button = QPushButton(tr("Co&py report"))
        self.copy_button.setToolTip(tr("Puts everything as text into the clipboard, without private paths, names and passwords."))
        self.copy_button.clicked.connect(self.copy_report)
        self.buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.run_button.setToolTip(tr("Looks at everything once more."))
        self._frame(
            self._scrolled(top, self.rows, grow=self.rows), tr("Check &again"), self.examine, focus=self.good, size=(800, 600)
        )
        self.setup_button.hide()
        self._show_running(False)
        self.copy_button.setEnabled(False)
        if check:
            self.examine()

    def examine(self) -> None:
        """Look at everything, in the background."""
        if self.work is not None:
            return
        self._mended = self._repairing = ""
        self._begin(tasks.Work(tr("Stillpoint: checking the environment"), self._examined))

    def _examined(self, work: tasks.Work) -> List[Finding]:
        doctor_repairs.best_build()  # asks the driver, which takes a moment: not on the main thread
        return doctor.examine(report=work.report, cancelled=work.isCanceled)

    def repair(self, name: str) -> None:
        """Do a repair and look again."""
        if self.work is not None:
            return
        if name == "choose":
            self._choose()
            return
        what = doctor_repairs.repairs()[name]
        if name in doctor_repairs.ENDS_JOBS:
            try:
                doctor_repairs.check_idle()
            except StillpointError as error:
                self.message.say(message.WARNING, str(error))
                return
        if what.question and not self._agreed(what.question):
            return
        self._log = []
        self._repairing = name

        def function(work: tasks.Work) -> List[Finding]:
            self._mended = doctor_repairs.mend(name, work)
            return self._examined(work)

        self._begin(tasks.Work(f"Stillpoint: {what.text.rstrip('…')}", function))

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("The python program of an environment with torch and GDAL"))
        if not path:
            return
        self._repairing = "choose"

        def function(work: tasks.Work) -> List[Finding]:
            self._mended = doctor_repairs.choose(path, work)
            return self._examined(work)

        self._begin(tasks.Work(tr("Stillpoint: checking the interpreter"), function))

    def _agreed(self, question: str) -> bool:
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(self, self.windowTitle(), question, buttons.Ok | buttons.Cancel, buttons.Ok)
        return bool(answer == buttons.Ok)

    def _begin(self, work: tasks.Work) -> None:
        self.message.clear()
        self._log = []
        work.logged.connect(self._log.append)
        self._start(work)
        self.status.setText(tr("Looking at QGIS"))

    def _done(self, result: Any) -> None:
        """Show what was found."""
        self.findings = list(result)
        self.rows.show_findings(self.findings, doctor_repairs.repairs())
        self.copy_button.setEnabled(True)
        broken = any(finding.state == REPAIR for finding in self.findings)
        text = " ".join(part for part in (self._mended, verdict(self.findings)) if part)
        self._mended = ""
        self._say_done(text, message.WARNING if broken else message.SUCCESS)

    def _failed(self, error: Any) -> None:
        self._mended = ""
        self._log += str(getattr(error, "detail", "")).splitlines()
        super()._failed(error)
        self.setup_button.hide()

    def _stopped(self) -> None:
        done, self._mended = self._mended, ""
        super()._stopped()
        if done:  # only the look at everything that follows a repair was stopped
            text = " ".join((done, tr("The check was cancelled.")))
        elif self._repairing == "install":
            text = tr("Cancelled. What was installed until then stays.")
        else:
            text = tr("Cancelled; everything is as it was.")
        self.message.say(message.INFORMATION, text)

    def report(self) -> str:
        """Return what was found as a text to hand on."""
        return doctor.text_of(self.findings, log="\n".join(self._log[-LOG_LINES:]))

    def copy_report(self) -> None:
        """Put the report into the clipboard."""
        QgsApplication.clipboard().setText(self.report())
        self.message.say(
            message.INFORMATION,
            tr("The report is in the clipboard: without your home folder, user name, computer's name, passwords and tokens."),
        )

    def _show_good(self, shown: bool) -> None:
        settings.put("doctor-good", "yes" if shown else "no")
        self.rows.show_good(shown)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        self.run_button.setEnabled(not running)
        self.copy_button.setEnabled(not running and bool(self.findings))

    def keyPressEvent(self, event: Any) -> None:
        """Stop what runs with Esc first, and close with the next."""
        if event.key() == Qt.Key.Key_Escape and self.work is not None:
            self.cancel()
            return
        super().keyPressEvent(event)
