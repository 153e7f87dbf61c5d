"""The address of a Dask scheduler: typed, checked, and kept in QGIS's settings."""

from __future__ import annotations

import re
from typing import Optional

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from stillpoint.plugin import settings
from stillpoint.plugin.language import tr

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx|ucxx)://[^\s/]+:[0-9]+/?")


class SchedulerField(QGroupBox):
    """Where jobs are computed that one machine is too small for.

    Attributes
    ----------
    address, use_button, forget_button
        The parts.
    """

    chosen = pyqtSignal(str)
    """An address that looks like one, to be tried."""

    refused = pyqtSignal(str)
    """Why what was typed is no address."""

    forgotten = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("A Dask cluster (optional)"), parent)
        self.address = QLineEdit(settings.scheduler())
        self.address.setObjectName("scheduler")
        self.address.setPlaceholderText(tr("tcp://host:8786; empty: this machine computes"))
        self.address.setToolTip(
            tr("Address of a Dask scheduler whose workers have Stillpoint. It stands in every dialog, where it can be cleared.")
        )
        self.address.setClearButtonEnabled(True)
        self.use_button = QPushButton(tr("Use &cluster"))
        self.use_button.setToolTip(tr("Tries the cluster, and computes there from now on where it serves"))
        self.forget_button = QPushButton(tr("F&orget it"))
        line = QHBoxLayout(self)
        line.addWidget(self.address, 1)
        line.addWidget(self.use_button)
        line.addWidget(self.forget_button)
        self.use_button.clicked.connect(self._use)
        self.forget_button.clicked.connect(self._forget)

    def keep(self) -> None:
        """Remember the address, which serves."""
        settings.set_scheduler(self.address.text().strip())

    def _use(self) -> None:
        text = self.address.text().strip()
        if ADDRESS.fullmatch(text):
            self.chosen.emit(text)
        elif text:
            self.refused.emit(tr("This is no address of a scheduler. Write it as tcp://host:8786, as the scheduler says itself."))
        else:
            self._forget()

    def _forget(self) -> None:
        self.address.clear()
        settings.set_scheduler("")
        self.forgotten.emit()
