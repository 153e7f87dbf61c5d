"""Choice of the device that computes, by name and memory."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from stillpoint.models.jobs import CheckEnvironment, Result
from stillpoint.plugin import environment, settings, tasks
from stillpoint.plugin.language import tr


def label(device: Mapping[str, Any]) -> str:
    """Return a device in words: name, memory, and what is wrong with it."""
    memory = f", {device['memory'] / 2**30:.1f} GiB" if device.get("memory") else ""
    state = "" if device.get("ok", True) else " - " + tr("does not work")
    return f"{device['id']}: {device['name']}{memory}{state}"


def remember(details: Mapping[str, Any]) -> None:
    """Keep the devices of a finished ``check-environment`` job for the pickers."""
    known = environment.remembered()
    settings.put_values(
        "devices", {"interpreter": known.path if known else "", "devices": list(details.get("devices", []))}
    )


def remembered() -> List[Dict[str, Any]]:
    """Return the devices that the present interpreter had when it was last checked."""
    stored = settings.get_values("devices")
    known = environment.remembered()
    if known is None or stored.get("interpreter") != known.path:
        return []
    return [device for device in stored.get("devices", []) if isinstance(device, dict) and "id" in device]


class DevicePicker(QComboBox):
    """Lists the devices; looks for them in the background where they are not known yet."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("device")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(24)
        self.setToolTip(tr("Where to compute. Automatic takes the fastest device."))
        self._work: Optional[tasks.Work] = None
        self._fill(remembered())

    def refresh(self) -> None:
        """Show the devices, asking the engine for them where nobody has yet."""
        known = remembered()
        self._fill(known)
        if known or self._work is not None:
            return
        work = tasks.job_work(CheckEnvironment(), title=tr("Stillpoint: looking for devices"), hidden=True)
        work.done.connect(self._found)
        work.failed.connect(self._ended)
        work.stopped.connect(self._ended)
        self._work = tasks.start(work)

    def _found(self, result: Result) -> None:
        self._work = None
        remember(result.details)
        self._fill(list(result.details.get("devices", [])))

    def _ended(self, *_: Any) -> None:
        self._work = None

    def _fill(self, devices: List[Dict[str, Any]]) -> None:
        chosen = self.device()
        self.clear()
        self.addItem(tr("Automatic (the fastest)"), "auto")
        for device in devices:
            self.addItem(label(device), device["id"])
            self.setItemData(self.count() - 1, device.get("message") or None, Qt.ItemDataRole.ToolTipRole)
        if not devices:
            self.addItem("CPU", "cpu")
        self.set_device(chosen)

    def device(self) -> str:
        """Return the id of the chosen device."""
        return str(self.currentData() or "auto")

    def set_device(self, device: str) -> None:
        """Choose a device; one that is not here becomes automatic."""
        self.setCurrentIndex(max(self.findData(device), 0))
