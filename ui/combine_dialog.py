"""The dialog that combines ascending and descending series to vertical and east-west ones, in the background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingUtils, QgsVectorLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QPushButton, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import CombineGeometries, Job, Result
from stillpoint.plugin import settings, sources, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import POINT_EXTENSIONS
from stillpoint.ui.combine_track import TrackPicker
from stillpoint.ui.estimate_series_dialog import _path_of
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.series_words import combination_in_words, reword
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.output_files import Output, OutputFiles
from stillpoint.ui.widgets.reading import crs_box, crs_given

TRACKS = ("ascending", "descending")
ANGLES = ("ascending_incidence", "ascending_heading", "descending_incidence", "descending_heading")
MAIN = ("where", "spacing", "reference")
ADVANCED = ("average", "dates", "max_gap", "max_condition", "look", "more_angles")

OUTPUTS = (
    Output("output", "Vertical series", POINT_EXTENSIONS, always=True, tip="Points with vertical velocity and series, positive up"),
    Output("east", "East-west series", POINT_EXTENSIONS, always=True,
           tip="The same places with east-west velocity and series, positive to the east"),
)  # fmt: skip


class CombineDialog(JobDialog):
    """Point series of two lines of sight in; vertical and east-west series out.

    Closing it while a job runs leaves that to QGIS's task manager; its layers still arrive. ``combined`` comes with the layers
    once they are in the project, ``viewer_wanted`` when the user asks for the series viewer.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "combine"

    combined = pyqtSignal(object)
    viewer_wanted = pyqtSignal()

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointCombine", title=tr("Combine Ascending and Descending"))
        self.angles = Fields(CombineGeometries, ANGLES)
        lines: Any = self.angles.widgets
        self.ascending = TrackPicker(tr("Ascending track"), lines["ascending_incidence"], lines["ascending_heading"])
        self.descending = TrackPicker(tr("Descending track"), lines["descending_incidence"], lines["descending_heading"])
        self.fields = Fields(CombineGeometries, MAIN)
        self.advanced = Fields(CombineGeometries, ADVANCED)
        self.stable, self.more_tracks = QgsFileWidget(), QgsFileWidget()
        self.crs = crs_box()
        self.outputs = OutputFiles(OUTPUTS)
        self.notice = Message()
        self._job: Optional[CombineGeometries] = None
        self._build()
        self._restore()
        self._connect()
        self._show_running(False)
        self._look()

    # Layout

    def _build(self) -> None:
        reword(self.fields, self.advanced)
        for widget, name, title, tip in (
            (self.stable, "stable", tr("Stable ground"), tr("Polygons of ground that did not move; none: by velocities")),
            (self.more_tracks, "more", tr("Further tracks"), tr("Point files of further lines of sight")),
        ):  # fmt: skip
            widget.setObjectName(name)
            widget.setDialogTitle(title)
            widget.setToolTip(tip)
        self.stable.setFilter(tr("Polygons (*.gpkg *.shp *.geojson *.fgb *.kml);;All files (*)"))
        self.stable.lineEdit().setPlaceholderText(tr("Where the velocities of all tracks hardly differ"))
        self.more_tracks.setStorageMode(QgsFileWidget.StorageMode.GetMultipleFiles)
        self.more_tracks.lineEdit().setPlaceholderText(tr("None"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields.add_to(form)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        advanced = QFormLayout(self.more)
        advanced.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        advanced.addRow(tr("CRS"), self.crs)
        advanced.addRow(tr("Stable ground"), self.stable)
        advanced.addRow(tr("Further tracks"), self.more_tracks)
        self.advanced.add_to(advanced)
        area = self._scrolled(self.ascending, self.descending, form, self.outputs, self.more)
        self.viewer_button = QPushButton(tr("Show &series…"))
        self.viewer_button.setToolTip(tr("Open the series viewer: the next click on the map shows the series of a place"))
        self.viewer_button.clicked.connect(self.viewer_wanted)
        self.message.add_widget(self.viewer_button)
        self.viewer_button.hide()
        self.swap_button = QPushButton(tr("S&wap them"))
        self.swap_button.setToolTip(tr("Exchange the two tracks, with their angles"))
        self.swap_button.clicked.connect(self.swap)
        self.notice.add_widget(self.swap_button)
        self._frame(area, tr("&Combine"), self.combine, focus=self.ascending, size=(700, 660), notes=(self.notice,))

    def _connect(self) -> None:
        for track in (self.ascending, self.descending):
            track.changed.connect(self._tracks_changed)
        self.crs.crsChanged.connect(self._look)
        for widget in self.angles.widgets.values():
            widget.textChanged.connect(self._look)  # type: ignore[attr-defined]

    def set_layers(self, layers: List[Any]) -> None:
        """Choose layers of the project, those that are selected in its list; their names tell which is descending."""
        if self.work is not None:
            return
        points = [layer for layer in layers if isinstance(layer, QgsVectorLayer)][:2]
        points.sort(key=lambda layer: _descends(layer.name()))
        if len(points) == 1 and _descends(points[0].name()):
            self.descending.set_layer(points[0])
            return
        for track, layer in zip((self.ascending, self.descending), points):
            track.set_layer(layer)

    def fill(self, job: Job) -> None:
        """Show the parameters of a job that ran before."""
        super().fill(job)
        if self.work is None and isinstance(job, CombineGeometries):
            self.stable.setFilePath(job.stable or "")
            self.more_tracks.setFilePath(" ".join(f'"{path}"' for path in job.more or ()))
            if job.crs:
                self.crs.setCrs(QgsCoordinateReferenceSystem(job.crs))
            if job.stable or job.more or job.crs:
                self.more.setCollapsed(False)

    def swap(self) -> None:
        """Exchange the two tracks."""
        chosen = [(track.picker.layer(), track.picker.file()) for track in (self.descending, self.ascending)]
        texts = {name: widget.text() for name, widget in self.angles.widgets.items()}  # type: ignore[attr-defined]
        for track, (layer, file) in zip((self.ascending, self.descending), chosen):
            if layer is not None:
                track.set_layer(layer)
            elif file:
                track.set_file(file)
            else:
                track.picker.clear()
        for name, other in (TRACKS, TRACKS[::-1]):
            self.angles.set_values({f"{name}_{angle}": texts[f"{other}_{angle}"] for angle in ("incidence", "heading")})

    # What is chosen

    def _tracks_changed(self) -> None:
        self.message.clear()
        self._look()

    def _look(self, *_: Any) -> None:
        """Warn of what cannot go together before anything runs."""
        text, swapped = self._doubt()
        self.swap_button.setVisible(swapped)
        if text:
            self.notice.say(message.WARNING, text)
        else:
            self.notice.clear()

    def _doubt(self) -> Tuple[str, bool]:
        """Return what is doubtful about the two tracks, and whether exchanging them may help."""
        try:
            chosen = [track.source() for track in (self.ascending, self.descending)]
        except StillpointError:  # the tracks say so themselves
            return "", False
        first, second = chosen
        if first is not None and second is not None:
            if first.path and (first.path, first.layer) == (second.path, second.layer):
                return tr("Both tracks are the same points. Choose another line of sight for one of them."), False
            if _descends(first.name) and not _descends(second.name):
                return tr("By their names, the first points are of a descending track."), True
        tracks = (self.ascending, self.descending)
        if not crs_given(self.crs) and any(track.details and not track.details.get("crs") for track in tracks):
            self.more.setCollapsed(False)
            return tr("A file does not say in which coordinate system its points lie. Choose it as CRS, under Advanced."), False
        spans = [list(track.details.get("dates") or []) for track in (self.ascending, self.descending)]
        if all(spans) and max(spans[0][0], spans[1][0]) >= min(spans[0][-1], spans[1][-1]):
            return tr("The tracks have no time in common. Choose points that cover the same years."), False
        try:
            headings = [self.angles.values()[f"{name}_heading"] for name in TRACKS]
        except StillpointError:
            return "", False
        if None not in headings and abs((headings[0] - headings[1] + 180.0) % 360.0 - 180.0) < 45.0:
            return tr("Both tracks fly in nearly the same direction: up and east can hardly be told apart."), False
        return "", False

    # The job

    def _chosen(self) -> List[sources.PointSource]:
        """Return the points of both tracks; raise StillpointError where some are missing."""
        found = []
        for name, track in zip((tr("ascending"), tr("descending")), (self.ascending, self.descending)):
            source = track.source()
            if source is None:
                text = tr("Choose the points of the {name} track: a layer of the project or a file.")
                raise StillpointError(text.format(name=name))
            found.append(source)
        return found

    def job(self, chosen: List[sources.PointSource]) -> CombineGeometries:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        self._check_angles()
        more = QgsFileWidget.splitFilePaths(self.more_tracks.filePath()) if self.more_tracks.filePath().strip() else []
        files = [source.path for source in chosen if source.path]
        outputs = self.outputs.paths(f"{chosen[0].name} {chosen[1].name}", [*files, *more])
        self._folder = self.outputs.folder
        crs = crs_given(self.crs) or next((source.crs for source in chosen if source.crs), None)
        return CombineGeometries(
            ascending=_path_of(chosen[0]), descending=_path_of(chosen[1]), output=str(outputs["output"]), east=outputs["east"],
            more=tuple(more) or None, stable=self.stable.filePath().strip() or None, crs=crs,
            **{**self.angles.values(), **self.fields.values(), **self.advanced.values()},
        )  # fmt: skip

    def _check_angles(self) -> None:
        values = self.angles.values()
        for name, widget in self.angles.widgets.items():
            text = widget.text().strip()  # type: ignore[attr-defined]
            if text and values[name] is None:
                raise StillpointError(tr("{text} is no angle: type degrees, such as 39.5.").format(text=text))

    def combine(self) -> None:
        """Start the job in the background."""
        if self.work is not None:
            return
        self.message.clear()
        self.viewer_button.hide()
        self._folder = ""
        try:
            chosen = self._chosen()
            job = self.job(chosen)
        except StillpointError as error:
            self._drop_folder()
            self._say_error(error)
            return
        self._remember(job)
        folder = Path(QgsProcessingUtils.tempFolder())

        def prepare(work: tasks.Work) -> CombineGeometries:
            paths = []
            for source in chosen:
                if source.must_be_written:
                    work.report(0.0, tr("Writing {name} for the engine").format(name=source.name))
                paths.append(_path_of(source.write(folder, cancelled=work.isCanceled)))
            return replace(job, ascending=paths[0], descending=paths[1])

        title = tr("Stillpoint: combining {first} and {second}").format(first=chosen[0].name, second=chosen[1].name)
        self._job = job
        self._start(tasks.job_work(job, title=title, prepare=prepare))

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.velocity_layers import add_combined_layers

        layers = add_combined_layers(result, self._job, iface=self.iface)
        text = combination_in_words(result)
        level = message.WARNING if result.warnings else message.SUCCESS
        self._say_done("\n".join([text, *result.warnings]), level, shown_elsewhere=text)
        self.viewer_button.show()
        self.combined.emit(layers)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        if running:
            self.viewer_button.hide()

    def _say_error(self, error: Exception) -> None:
        super()._say_error(error)
        self.viewer_button.hide()

    # Settings

    def _remember(self, job: CombineGeometries) -> None:
        values: Dict[str, Any] = {**self.fields.values(), **self.advanced.values(), **self.outputs.values()}
        values.pop("more_angles")  # angles belong to their files
        settings.put_values("combine", values)

    def _restore(self) -> None:
        values = settings.get_values("combine")
        self.fields.set_values(values)
        self.advanced.set_values(values)
        self.outputs.set_values(values)


def _descends(name: str) -> bool:
    """Tell whether a name is that of a descending track."""
    words = name.lower().replace("-", " ").replace("_", " ").replace(".", " ").split()
    return any(word in ("d", "dsc", "desc") or word.startswith("descend") for word in words)
