"""The docks and the triage board of the plugin: made when they are first wanted, and kept in step with their buttons."""

from __future__ import annotations

from typing import Any, Callable, List

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction


class Docks:
    """What of the plugin shows and hides docks.

    Attributes
    ----------
    viewer_dock, pixel_dock, threshold_dock, profile_dock, review_dock, analysis_dock, board
        None until they were first wanted.
    """

    iface: Any
    actions: List[QAction]
    analysis_action: QAction
    pixel_action: QAction
    threshold_action: QAction
    profile_action: QAction
    viewer_action: QAction
    review_action: QAction
    train_on: Callable[..., None]

    def __init__(self) -> None:
        self.viewer_dock: Any = None
        self.pixel_dock: Any = None
        self.threshold_dock: Any = None
        self.profile_dock: Any = None
        self.review_dock: Any = None
        self.analysis_dock: Any = None
        self.board: Any = None

    def _unload_docks(self) -> None:
        """Let go of what was opened."""
        if self.board is not None:
            self.board.unload()
            self.board.deleteLater()
            self.board = None
        for dock in (self.viewer_dock, self.pixel_dock, self.threshold_dock, self.profile_dock, self.review_dock,
                     self.analysis_dock):  # fmt: skip
            if dock is not None:
                dock.unload()
                self.iface.removeDockWidget(dock)
                dock.deleteLater()
        self.viewer_dock = self.pixel_dock = self.threshold_dock = self.profile_dock = self.review_dock = self.analysis_dock = None

    def toggle_analysis(self, visible: bool) -> None:
        """Show or hide the panel that leads from the stack to the map; the active layer goes in where it is a stack."""
        if self.analysis_dock is None:
            if not visible:
                return
            from stillpoint.ui.analysis_wiring import make_dock

            self.analysis_dock = make_dock(self)
        self.analysis_dock.activate(self.iface.activeLayer()) if visible else self.analysis_dock.hide()

    def triage(self) -> None:
        """Show the triage board, with what the project had open where nothing is open yet."""
        from stillpoint.plugin import triage_store

        self._show_board()
        sources = triage_store.remembered()
        if self.board.triage is None and sources is not None:
            self.board.try_open(sources)

    def triage_of(self, sources: Any) -> None:
        """Show the triage board on a selection."""
        self._show_board()
        self.board.try_open(sources)

    def _show_board(self) -> None:
        from stillpoint.ui.triage_board import TriageBoard

        if self.board is None:
            self.board = TriageBoard(self.iface, self.iface.mainWindow())
            self.board.train_wanted.connect(self.train_on)
        self.board.show()
        self.board.raise_()
        self.board.activateWindow()

    def toggle_pixel(self, visible: bool) -> None:
        """Show or hide the pixel history; shown, the next click on the map picks a pixel."""
        if self.pixel_dock is None:
            if not visible:
                return
            from stillpoint.ui.pixel_dock import PixelDock

            self.pixel_dock = PixelDock(self.iface, self.iface.mainWindow())
            self.pixel_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.pixel_dock)
        self.pixel_dock.activate() if visible else self.pixel_dock.hide()

    def _show_pixel(self) -> None:
        self.pixel_action.setChecked(True)
        self.toggle_pixel(True)

    def toggle_threshold(self, visible: bool) -> None:
        """Show or hide the threshold of the selections."""
        if self.threshold_dock is None:
            if not visible:
                return
            from stillpoint.ui.scatterers_threshold import ThresholdDock

            self.threshold_dock = ThresholdDock(self.iface, self.iface.mainWindow())
            self.threshold_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.threshold_dock)
        self.threshold_dock.setUserVisible(visible) if visible else self.threshold_dock.hide()

    def toggle_profile(self, visible: bool) -> None:
        """Show or hide the profile of offsets; shown, the next clicks on the map draw its line."""
        if self.profile_dock is None:
            if not visible:
                return
            from stillpoint.ui.profile_dock import ProfileDock

            self.profile_dock = ProfileDock(self.iface, self.iface.mainWindow())
            self.profile_dock.visibilityChanged.connect(self._docks_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.profile_dock)
        self.profile_dock.activate() if visible else self.profile_dock.hide()

    def toggle_review(self, visible: bool) -> None:
        """Show or hide the review."""
        if self.review_dock is None:
            if not visible:
                return
            from stillpoint.ui.review_dock import ReviewDock

            self.review_dock = ReviewDock(self.iface, self.iface.mainWindow())
            self.review_dock.visibilityChanged.connect(self._docks_shown)
            self.review_dock.train_wanted.connect(self.train_on)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.review_dock)
        self.review_dock.setUserVisible(True) if visible else self.review_dock.hide()

    def _docks_shown(self, _: bool) -> None:
        """Keep the buttons as the docks are; one behind another tab still counts as open."""
        for dock, action in (
            (self.pixel_dock, "pixel_action"), (self.threshold_dock, "threshold_action"), (self.profile_dock, "profile_action"),
            (self.review_dock, "review_action"), (self.analysis_dock, "analysis_action"),
        ):  # fmt: skip
            if dock is not None and self.actions:
                getattr(self, action).setChecked(not dock.isHidden())

    def toggle_viewer(self, visible: bool) -> None:
        """Show or hide the series viewer."""
        if self.viewer_dock is None:
            if not visible:
                return
            from stillpoint.ui.series_viewer import SeriesViewerDock

            self.viewer_dock = SeriesViewerDock(self.iface, self.iface.mainWindow())
            self.viewer_dock.visibilityChanged.connect(self._viewer_shown)
            self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.viewer_dock)
        self.viewer_dock.setUserVisible(visible) if visible else self.viewer_dock.hide()

    def _viewer_shown(self, _: bool) -> None:
        """Keep the button as the dock is; a dock behind another tab still counts as open."""
        if self.viewer_dock is not None and self.actions:
            self.viewer_action.setChecked(not self.viewer_dock.isHidden())
