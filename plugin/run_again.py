"""What the menus of layers offer for results: run again with the same parameters, and the report."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from qgis.core import Qgis, QgsMapLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from stillpoint.plugin.language import tr

OPENERS: Dict[str, Tuple[str, str]] = {
    "classify-trends": ("_open_classify", "StillpointClassify"),
    "open-stack": ("_open_open_stack", "StillpointOpenStack"),
    "select-scatterers": ("_open_select", "StillpointSelect"),
    "select-interferograms": ("_open_select_interferograms", "StillpointSelectInterferograms"),
    "assess-scatterers": ("_open_assess", "StillpointAssess"),
    "estimate-series": ("_open_estimate_series", "StillpointEstimateSeries"),
    "combine-geometries": ("_open_combine", "StillpointCombine"),
    "track-offsets": ("_open_track_offsets", "StillpointTrackOffsets"),
}
"""What of the plugin opens the dialog of a task, and the object name of that dialog."""

PROPERTY = "stillpoint/provenance"
MENU = "Stillpoint"


class RunAgain(QObject):
    """Adds "Run again" and "Report" to the menus of layers; :meth:`unload` takes them away.

    Parameters
    ----------
    plugin
        The plugin, which opens the dialogs.
    icons
        Folder of the icons.
    """

    def __init__(self, plugin: Any, icons: Any) -> None:
        super().__init__()
        self.plugin, self.iface = plugin, plugin.iface
        self._layer: Optional[QgsMapLayer] = None
        from stillpoint.plugin.compat import RASTER_TYPE, VECTOR_TYPE

        window = self.iface.mainWindow()
        self.actions: List[QAction] = []
        self._again: List[QAction] = []
        for kind in (VECTOR_TYPE, RASTER_TYPE):
            again = QAction(QIcon(str(icons / "again.svg")), tr("Run Again with These Parameters…"), window)
            again.triggered.connect(lambda *_: self.run_again())
            report = QAction(QIcon(str(icons / "report.svg")), tr("Report…"), window)
            report.triggered.connect(lambda *_: plugin.report())
            for action in (again, report):
                self.iface.addCustomActionForLayerType(action, MENU, kind, True)
                self.actions.append(action)
            self._again.append(again)
        self.iface.currentLayerChanged.connect(self._current_changed)
        self._current_changed(self.iface.activeLayer())

    def unload(self) -> None:
        """Undo everything."""
        self._follow(None)
        self.iface.currentLayerChanged.disconnect(self._current_changed)
        for action in self.actions:
            self.iface.removeCustomActionForLayerType(action)
            action.deleteLater()
        self.actions, self._again = [], []

    # Only layers that know how they were made can be run again

    def _current_changed(self, layer: Any) -> None:
        self._follow(layer)
        self._show()

    def _follow(self, layer: Any) -> None:
        if self._layer is not None and not sip.isdeleted(self._layer):
            self._layer.customPropertyChanged.disconnect(self._property_changed)
        self._layer = layer if isinstance(layer, QgsMapLayer) else None
        if self._layer is not None:
            self._layer.customPropertyChanged.connect(self._property_changed)

    def _property_changed(self, key: str) -> None:
        if key == PROPERTY:
            self._show()

    def _show(self) -> None:
        known = self._layer is not None and bool(self._layer.customProperty(PROPERTY))
        for action in self._again:
            action.setVisible(known)

    # What it does

    def run_again(self, layer: Optional[QgsMapLayer] = None) -> None:
        """Open the dialog of the capability that made a layer, filled in as it was; None takes the active layer."""
        from stillpoint.models.errors import StillpointError
        from stillpoint.plugin import provenance

        layer = self.iface.activeLayer() if layer is None else layer
        made = provenance.read(layer)
        try:
            if made is None or not made.job:
                name = layer.name() if layer is not None else tr("The layer")
                raise StillpointError(
                    tr("{name} does not say how it was made, so it cannot be run again. Results of Stillpoint say so.").format(
                        name=name
                    )
                )
            job = made.as_job()
            if job.task not in OPENERS:
                raise StillpointError(tr("{title} has no dialog: run it from the Processing toolbox.").format(title=made.title))
        except StillpointError as error:
            self.iface.messageBar().pushMessage(MENU, str(error), Qgis.MessageLevel.Warning, 10)
            return
        opener, name = OPENERS[job.task]

        def open_it() -> None:
            getattr(self.plugin, opener)()
            for dialog in self.plugin.dialogs:
                if dialog.objectName() == name:
                    dialog.fill(job)

        self.plugin._with_engine(open_it)
