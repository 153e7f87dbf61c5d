"""The review: a dock in which an analyst steps through what the model is least sure of, and labels it with one key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple, Union

from qgis.core import Qgis, QgsMapLayer, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import settings
from stillpoint.plugin.language import tr
from stillpoint.plugin.review import FEATURE, PIXELS, Item, Session
from stillpoint.plugin.review_layers import LABELS, LabelLayer, default_path, remember_path
from stillpoint.plugin.review_sources import Source, kind_of, reviewable, source_of
from stillpoint.ui.help_keys import give_help
from stillpoint.ui.map_dock import MapDock
from stillpoint.ui.review_bar import ReviewBar
from stillpoint.ui.review_keyboard import Keyboard
from stillpoint.ui.review_keys import ACCEPT, BACK, LABEL, LEAVE, NEXT, UNDO, Shown
from stillpoint.ui.review_run import Run
from stillpoint.ui.review_show import Showing
from stillpoint.ui.review_stage import NARROW, PixelStage, PointStage
from stillpoint.ui.review_start import StartPage
from stillpoint.ui.review_words import agreement_text, counts_text, done_text, merged_text, place_text
from stillpoint.ui.series_map_tools import PointPicker
from stillpoint.ui.widgets import message

REACH = 10
"""Pixels around a click in which points are looked for."""


class ReviewDock(MapDock):
    """Steps through the uncertain items of a layer.

    Parameters
    ----------
    iface
        QGIS's interface: its canvas shows where the item is, its active layer tells what to review.
    """

    train_wanted = pyqtSignal(str, list, str, str)
    """Task ("trends" or "scatterers"), data (layers or paths), kind and file of the labels, as the training dialog takes them."""

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointReview")
        self.setWindowTitle(tr("Review"))
        self._watched: Optional[QgsMapLayer] = None
        self.run: Optional[Run] = None
        self.item: Optional[Item] = None
        self.on_map = LabelLayer()
        self.tool = PointPicker(self._canvas)
        self._build()
        self.showing = Showing(self._canvas, self.points, self.pixels)
        self.spot = self.showing.spot
        self.keyboard = Keyboard(self._canvas, self._reviewed_kind, self)
        self._connect()
        self._attach()

    # Building

    def _build(self) -> None:
        self.bar: ReviewBar = ReviewBar()
        self.tool_action, self.clear_action = self.bar.pick, self.bar.leave
        self.start_page = StartPage()
        self.points, self.pixels = PointStage(), PixelStage()
        self.pages = QStackedWidget()
        for page in (self.start_page, self.points, self.pixels):
            self.pages.addWidget(page)
        self.counts = QLabel()
        self.counts.setTextFormat(Qt.TextFormat.RichText)
        self.counts.setContentsMargins(10, 3, 10, 3)
        self.counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.pages, 1)
        box.addWidget(self.counts)
        self._fill(body)
        self.inner = self.widget()
        self.inner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        self.bar.layer_chosen.connect(self._layer_chosen)
        self.bar.order_chosen.connect(self._order_chosen)
        self.bar.follow.toggled.connect(lambda on: setattr(self.spot, "follows", on))
        self.bar.other_file.triggered.connect(lambda *_: self._ask_file())
        self.bar.add_others.triggered.connect(lambda *_: self._ask_others())
        self.bar.show_labels.triggered.connect(lambda *_: self._show_labels())
        self.bar.train.triggered.connect(lambda *_: self.train())
        self.bar.help.triggered.connect(lambda *_: self._help())
        give_help(self, "review")
        self.start_page.started.connect(self.start)
        self.start_page.file.fileChanged.connect(lambda *_: self._show_before())
        for stage in (self.points, self.pixels):
            stage.keys.pressed_action.connect(self.act)
        self.tool.picked.connect(lambda point, _: self.pick_at(point))
        self._canvas.destinationCrsChanged.connect(self.spot.place)
        self.keyboard.pressed.connect(self.act)
        self.keyboard.listen([self.inner, *self.inner.findChildren(QWidget)])

    def unload(self) -> None:
        """Undo everything that the dock did to QGIS's window; the dock is of no use afterwards."""
        self.leave()
        self.keyboard.unload()
        self._canvas.destinationCrsChanged.disconnect(self.spot.place)
        super().unload()

    def activate(self) -> None:
        """Show the dock."""
        self.setUserVisible(True)

    def clear(self) -> None:
        """Leave the review."""
        self.leave()

    # What can be reviewed

    def layer(self) -> Optional[QgsMapLayer]:
        """Return the chosen layer; None where there is none."""
        layer_id = self.bar.layer_id()
        return None if not layer_id or layer_id in self._leaving else QgsProject.instance().mapLayer(layer_id)

    def refresh(self, *_: Any) -> None:
        """List what the project has to review again."""
        before = self.bar.layer_id()
        self.bar.show_layers(reviewable(leaving=self._leaving), before)
        if self.bar.layer_id() != before or not before:
            self._layer_chosen()

    def turn_to(self, layer: Optional[QgsMapLayer]) -> None:
        """Offer the review of a layer; one that goes on stays."""
        if layer is not None and not sip.isdeleted(layer) and self.run is None and self.bar.set_layer(layer.id()):
            self._layer_chosen()

    def _layer_chosen(self, *_: Any) -> None:
        self.leave()
        layer = self.layer()
        kind = kind_of(layer)
        self.bar.show_classes(kind)
        self.start_page.message.clear()
        self.start_page.show_kind(kind, layer.name() if layer is not None and kind else "")
        if layer is not None and kind:
            try:
                self.start_page.file.setFilePath(default_path(layer))
            except StillpointError as error:
                self.start_page.message.say(message.WARNING, str(error))
        self._show_before()

    def _show_before(self, *, left: bool = False) -> None:
        """Say what is in the file of labels already."""
        session = self._session(quietly=True)
        self.start_page.show_before(len(session.labels) if session is not None else 0, left=left)
        self._show_counts(session)

    def _layers_removed(self, ids: Sequence[str]) -> None:
        gone = self.run is not None and self.run.source.layer_id in ids
        if gone and self.run is not None:
            path = self.run.session.path
            self._leaving = list(ids)  # a layer on its way out must not be asked any more
            self.leave()
            self._tell(tr("The layer was removed. Its labels are safe in {0}.").format(path))
        super()._layers_removed(ids)

    def _reviewed_kind(self) -> str:
        """Return what is being reviewed, for its keys; empty while nothing is, or nobody sees it."""
        return self.run.source.kind if self.run is not None and self.isVisible() else ""

    # Beginning and leaving

    @property
    def session(self) -> Optional[Session]:
        """The labels that are being made; None while nothing is reviewed."""
        return None if self.run is None else self.run.session

    def _session(self, *, quietly: bool = False) -> Optional[Session]:
        """Return a session on the chosen file; None where there is no file yet, or nothing to review."""
        layer, path = self.layer(), self.start_page.file.filePath().strip()
        if layer is None or not path or (quietly and not Path(path).exists()):
            return None
        try:
            return self._opened(source_of(layer), path)
        except StillpointError as error:
            if not quietly:
                raise
            self.start_page.message.say(message.WARNING, str(error))
            return None

    def _opened(self, source: Source, path: str) -> Session:
        file = Path(path)
        if file.suffix.lower() not in (".gpkg", ".csv"):
            file = file.with_name(file.name + ".gpkg")
        return Session.open(
            str(file), kind=source.kind, id_field=source.id_field or FEATURE, crs=source.crs_text,
            reviewer=self.start_page.reviewer.text().strip(),
        )  # fmt: skip

    def start(self) -> None:
        """Begin, or go on with, the review of the chosen layer; the queue is made in the background."""
        layer = self.layer()
        path = self.start_page.file.filePath().strip()
        self.start_page.message.clear()
        try:
            if layer is None:
                raise StillpointError(tr("Choose what to review first."))
            if not path:
                raise StillpointError(tr("Choose a file for the labels."))
            if not Path(path).parent.is_dir():
                raise StillpointError(tr("There is no folder {0}. Choose another one.").format(Path(path).parent))
            source = source_of(layer)
            session = self._opened(source, path)
        except StillpointError as error:
            self.start_page.message.say(message.ERROR, str(error))
            return
        settings.put("reviewer", session.reviewer)
        self.showing.begin(layer)
        self.run = Run(source, session, self)
        self.run.ready.connect(self._begin)
        self.run.failed.connect(self._failed)
        self.run.told.connect(self.start_page.show_reading)
        self._watch(layer)
        remember_path(layer, session.path)
        self.start_page.show_reading(tr("Putting what is least sure first"))
        self.run.prepare(self.bar.chosen_order(), self.bar.chosen_classes())

    def _watch(self, layer: Optional[QgsMapLayer]) -> None:
        """Follow a layer's filter, its fields and its coordinates."""
        if self._watched is not None and not sip.isdeleted(self._watched) and isinstance(self._watched, QgsVectorLayer):
            self._watched.subsetStringChanged.disconnect(self._layer_changed)
            self._watched.updatedFields.disconnect(self._layer_changed)
        self._watched = layer
        if isinstance(layer, QgsVectorLayer):
            layer.subsetStringChanged.connect(self._layer_changed)
            layer.updatedFields.connect(self._layer_changed)

    def _layer_changed(self) -> None:
        """Make the queue anew: a filter or the fields changed."""
        layer = self.layer()
        if self.run is None or layer is None:
            return
        try:
            self.run.source = source_of(layer)
        except StillpointError as error:
            self.leave()
            self.start_page.message.say(message.WARNING, str(error))
            return
        self.showing.begin(layer)
        self.run.prepare(self.bar.chosen_order(), self.bar.chosen_classes(), again=True)

    def _begin(self) -> None:
        """Show the first item of a new queue."""
        if self.run is None:
            return
        self.start_page.show_reading("")
        self.spot.start()
        self._show_labels(quietly=True)
        self.pages.setCurrentWidget(self._stage())
        self._stage().clear()
        if not self.go_on():
            self._stage().clear(done_text(self.run, self.bar.chosen_classes()))
            self._show_counts(self.run.session)
        self.inner.setFocus()

    def _failed(self, error: Exception) -> None:
        self.leave()
        self.start_page.message.say(message.ERROR, str(error))

    def leave(self) -> None:
        """Stop reviewing; the labels are in their file."""
        if self.run is None:
            return
        run, self.run, self.item = self.run, None, None
        run.stop()
        try:
            run.session.close()
        except StillpointError as error:
            self._tell(str(error))
        run.deleteLater()
        self._watch(None)
        self.showing.end()
        self._give_tool_back()
        self.start_page.show_reading("")
        self.pages.setCurrentWidget(self.start_page)
        self._show_before(left=True)

    # Stepping

    def _stage(self) -> Union[PointStage, PixelStage]:
        return self.showing.stage(None if self.run is None else self.run.source)

    def _order_chosen(self) -> None:
        layer = self.layer()
        if self.run is not None and layer is not None:
            if self.run.source.kind == PIXELS:
                self.run.source = source_of(layer)  # the threshold may have been moved
            self.run.prepare(self.bar.chosen_order(), self.bar.chosen_classes())
        self.inner.setFocus()

    def go_on(self, step: int = 1) -> bool:
        """Look at the next item, or with -1 at the one before; return False where there is none.

        What is no longer in the layer, since it was deleted or filtered out meanwhile, is passed over.
        """
        if self.run is None:
            return False
        position = self.run.position + step
        while True:
            item = self.run.at(position)
            if item is None:
                return False
            if self._show(item, position):
                return True
            position += step

    def _show(self, item: Item, position: int) -> bool:
        """Look at an item of the queue; return False where it is gone."""
        found = None if self.run is None else self.showing.show(item, self.run)
        if self.run is None or found is None:
            return False
        self.item = found
        self.run.position = position
        self.run.seen(found.key)
        self._show_state()
        return True

    def _show_state(self) -> None:
        """Show keys and counts for the item."""
        if self.run is None or self.item is None:
            return
        keys = self._stage().keys
        label = self.run.session.labels.get(self.item.key)
        keys.show_item(Shown(self.item.model, label, self.item.model >= 0))
        keys.actions_[UNDO].setEnabled(self.run.session.steps > 0 or self.run.position > 0)
        keys.actions_[BACK].setEnabled(self.run.position > 0)
        self._show_counts(self.run.session)

    def _show_counts(self, session: Optional[Session]) -> None:
        place = "" if self.run is None or self.item is None else place_text(self.run)
        text = counts_text(session, place, self.counts, short=self.width() < NARROW)
        self.counts.setText(text)
        self.counts.setVisible(bool(text))
        self.counts.setToolTip("" if session is None else agreement_text(session))
        some = session is not None and bool(session.labels)
        for action in (self.bar.train, self.bar.show_labels):
            action.setEnabled(some)
        layer = self.layer() is not None
        self.bar.labels_button.setEnabled(layer)
        for action in (self.bar.pick, self.bar.leave):
            action.setEnabled(self.run is not None)

    # Deciding

    def act(self, what: str, value: int = 0) -> None:
        """Do what a key says: see :data:`stillpoint.ui.review_keys.KEYS`."""
        if self.run is None or self.run.is_busy:
            return
        if what == LEAVE:
            self.leave()
        elif what == LABEL:
            self.label(value)
        elif what == ACCEPT:
            if self.item is not None and self.item.model >= 0:
                self.label(self.item.model)
        elif what == UNDO:
            self.undo()
        elif what in (NEXT, BACK) and not self.go_on(1 if what == NEXT else -1) and what == NEXT:
            self._say_done()

    def label(self, value: int) -> None:
        """Say what the item is, and go on to the next one."""
        if self.run is None or self.item is None:
            return
        try:
            self.run.session.label(self.item, value)
        except StillpointError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)
            return
        self._show_labels(quietly=True)
        if not self.go_on():
            self._show_state()
            self._say_done()

    def undo(self) -> None:
        """Take the last label back and look at its item again; without one go back."""
        if self.run is None:
            return
        try:
            item = self.run.session.undo()
        except StillpointError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)
            return
        self._show_labels(quietly=True)
        if item is None:
            self.go_on(-1)
            return
        place = self.run.place(item.key)  # none where another order was chosen meanwhile
        if not self._show(item, self.run.position if place is None else place):
            self._show_state()

    def _say_done(self) -> None:
        if self.run is not None:
            self._tell(done_text(self.run, self.bar.chosen_classes()))

    def pick_at(self, point: QgsPointXY) -> bool:
        """Look at the point or pixel at a map position (canvas CRS), whatever its turn; return False where there is none."""
        from stillpoint.ui.review_picking import item_at

        if self.run is None or self.run.is_busy:
            return False
        layer = self.layer()
        found = None if layer is None else item_at(layer, self.run.source, self.showing.reader, point, self._canvas, REACH)
        if found is None:
            self._tell(tr("Nothing to label there. Zoom in, or click closer to a point of {0}.").format(self.run.source.name))
            return False
        return self._show(found, self.run.position)

    # Labels

    def _show_labels(self, *, quietly: bool = False) -> None:
        """Show the labels on the map; ``quietly`` only where they are there already, or were never shown."""
        session = self.session or self._session(quietly=True)
        layer = self.layer()
        if session is None or layer is None:
            return
        try:
            if quietly and self.on_map.layer() is None and layer.property("review_shown"):
                return  # the user took them off the map
            if self.on_map.show(session, layer) is not None:
                layer.setProperty("review_shown", True)
        except StillpointError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("File of labels"), self.start_page.file.filePath(), "GeoPackage (*.gpkg);;CSV (*.csv)", "",
            QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if path:
            self.set_file(path)

    def set_file(self, path: str) -> None:
        """Keep the labels in another file; a review that goes on goes on there."""
        going = self.run is not None
        self.leave()
        self.start_page.file.setFilePath(path)
        if going:
            self.start()

    def _ask_others(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("Labels of others"), str(Path(self.start_page.file.filePath()).parent), tr("Labels (*.gpkg *.csv)")
        )
        if path:
            self.add_labels(path)

    def add_labels(self, path: str) -> None:
        """Take over the labels in another file, and say what came of it."""
        try:
            session = self.session or self._session()
            if session is None:
                raise StillpointError(tr("Choose what to review first."))
            result = session.add_from(path)
        except StillpointError as error:
            self._tell(str(error), Qgis.MessageLevel.Warning)
            return
        self._tell(merged_text(result, Path(path).name))
        self._show_labels(quietly=True)
        self._show_state() if self.item is not None else self._show_before()

    def training(self) -> Optional[Tuple[str, List[Any], str, str]]:
        """Return task, data, kind of labels and their file for a training; None where there are no labels."""
        session, layer = self.session or self._session(quietly=True), self.layer()
        if session is None or layer is None or not session.labels:
            return None
        session.save()
        if session.kind == PIXELS:
            stack = source_of(layer).stack
            return "scatterers", [stack] if stack else [], "points", session.path
        return "trends", [layer], "layer", session.path

    def train(self) -> None:
        """Have the training opened with these labels."""
        wanted = self.training()
        if wanted is not None:
            self.train_wanted.emit(*wanted)

    def _help(self) -> None:
        from stillpoint.ui.help_dialog import show_help

        show_help("review", self)

    # The window

    def _shown(self, _visible: bool) -> None:
        """Leave no mark on the map while the dock is put away; one behind another tab is not."""
        if self.isHidden():
            self.leave()

    def resizeEvent(self, event: Any) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        if (event.size().width() < NARROW) != (event.oldSize().width() < NARROW) and self.run is not None:
            self._show_counts(self.run.session)

    def sizeHint(self) -> QSize:
        """Return room for the series and the keys."""
        return QSize(1100, 330)


__all__ = ["LABELS", "ReviewDock"]
