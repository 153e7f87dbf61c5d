"""The dialog that tracks offsets between two images or the dates of a stack, with a preview of what the map shows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsProcessingUtils, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrackOffsets
from stillpoint.plugin import offsets, offsets_checks, offsets_run, settings, stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets_checks import Findings, ImageFacts
from stillpoint.ui.job_dialog import JobDialog
from stillpoint.ui.offsets_stable import StablePicker
from stillpoint.ui.offsets_words import EXPLANATIONS, WORDS, in_words, outcome, reach_in_words
from stillpoint.ui.scatterers_extent import ExtentPicker, visible_part
from stillpoint.ui.widgets import message
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.message import Message
from stillpoint.ui.widgets.raster_picker import RasterPicker
from stillpoint.ui.widgets.wrapped import WrappedLabel

MAIN = ("method", "spacing", "search", "units")
ADVANCED = ("outliers", "geometry", "cog", "model", "scheduler")


def _label(text: str, buddy: QWidget) -> QLabel:
    """Return the label of a row that holds more than one widget."""
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


class TrackOffsetsDialog(JobDialog):
    """Two images, or a stack of them, in; a raster of offsets and its maps out.

    Closing it while a job runs leaves that to QGIS's task manager; its layers still arrive. ``tracked`` comes with the layers
    once they are in the project, ``profile_wanted`` when the user asks for the profile of the result.

    Parameters
    ----------
    iface
        QGIS's interface.
    parent
        Parent window.
    """

    HELP = "offsets"
    TASK = "track-offsets"

    tracked = pyqtSignal(object)
    profile_wanted = pyqtSignal()

    def __init__(self, iface: Any, parent: Optional[QWidget] = None) -> None:
        super().__init__(iface, parent, name="StillpointTrackOffsets", title=tr("Track Offsets"))
        self.reference = RasterPicker(
            "reference", tr("Amplitude image of the first date; or a stack of images, tracked from each date to the next"),
            tr("Reference image"),
        )
        self.secondary = RasterPicker(
            "secondary", tr("Amplitude image of the second date; none where the reference is a stack"), tr("Secondary image"),
            empty=tr("None: the reference is a stack of dates"),
        )
        self.fields = Fields(TrackOffsets, MAIN)
        self.advanced = Fields(TrackOffsets, ADVANCED)
        self.prior = RasterPicker(
            "prior", tr("Offsets that are expected, in pixels, such as an earlier result: the search starts there"), tr("Prior"),
            empty=tr("None: the search starts at no motion"),
        )
        self.stable = StablePicker()
        self.outside = QCheckBox(tr("Everything outside these polygons"))
        self.extent = ExtentPicker(iface.mapCanvas() if iface is not None else None)
        self.output = QgsFileWidget()
        self.arrows = QCheckBox(tr("Arrows"))
        self.device = DevicePicker()
        self.summary, self.explanation, self.reach = WrappedLabel(), WrappedLabel(lines=2), QLabel()
        self.notice = Message()
        self._align = False
        self._job: Optional[TrackOffsets] = None
        self._preview = self._cut = False
        self._below = ""
        self._looking = QTimer(self)
        self._build()
        self._restore()
        self._connect()
        self._show_running(False)
        self._method_changed()

    # Layout

    def _build(self) -> None:
        for fields in (self.fields, self.advanced):
            for name, box in fields.widgets.items():
                for index in range(box.count() if hasattr(box, "setItemText") else 0):
                    words = WORDS.get((name, box.itemData(index))) or offsets.METHODS.get(box.itemData(index), "")
                    box.setItemText(index, tr(words))
        self.swap_button = QPushButton(tr("S&wap them"))
        self.swap_button.setToolTip(tr("Make the earlier image the reference"))
        self.align_button = QPushButton(tr("Resa&mple it"))
        self.align_button.setToolTip(tr("Resample the secondary image to the grid of the reference while it is read"))
        for button in (self.swap_button, self.align_button):
            self.notice.add_widget(button)
        self.output.setObjectName("output")
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.output.setFilter("GeoTIFF (*.tif)")
        self.output.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
        self.arrows.setObjectName("arrows")
        self.arrows.setChecked(True)
        self.arrows.setToolTip(tr("Arrows of the motion beside the raster, thinned out as the map shows more"))
        self.outside.setObjectName("outside")
        self.outside.setToolTip(tr("For outlines of what moves, such as glaciers or landslides"))
        self.extent.setNullValueAllowed(True, tr("The whole image"))
        self.extent.clear()
        self.extent.setToolTip(tr("Part to track in: the arrow offers the map's view, a layer, or drawing on the map"))
        spacing, search = self.fields.widgets["spacing"], self.fields.widgets["search"]
        for box in (spacing, search):
            box.setSuffix(tr(" px"))
        reaching = QHBoxLayout()
        reaching.addWidget(search)
        reaching.addWidget(self.reach, 1)
        written = QHBoxLayout()
        written.addWidget(self.output, 1)
        written.addWidget(self.arrows)

        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Reference"), self.reference)
        form.addRow(tr("Se&condary"), self.secondary)
        form.addRow("", self.summary)
        form.addRow(tr("Met&hod"), self.fields.widgets["method"])
        form.addRow("", self.explanation)
        form.addRow(tr("Spacin&g"), spacing)
        form.addRow(_label(tr("Search ran&ge"), search), reaching)
        form.addRow(tr("&Units"), self.fields.widgets["units"])
        form.addRow(tr("Sta&ble ground"), self.stable)
        form.addRow("", self.outside)
        form.addRow(tr("&Extent"), self.extent)
        form.addRow(tr("&Device"), self.device)
        form.addRow(_label(tr("&Offsets"), self.output), written)
        self.more = QgsCollapsibleGroupBox(tr("Advanced"))
        self.more.setCollapsed(True)
        advanced = QFormLayout(self.more)
        advanced.addRow(tr("Prior offsets"), self.prior)
        self.advanced.add_to(advanced)

        area = self._scrolled(form, self.more)
        self.profile_button = QPushButton(tr("Pro&file…"))
        self.profile_button.setToolTip(tr("Draw a line on the map and see the motion along it"))
        self.profile_button.clicked.connect(self.profile_wanted)
        self.message.add_widget(self.profile_button)
        self.profile_button.hide()
        self.preview_button = self.buttons.addButton(tr("&Preview"), QDialogButtonBox.ButtonRole.ActionRole)
        self.preview_button.setToolTip(tr("Do the same for what the map shows, and show the result as temporary layers"))
        self._frame(area, tr("&Track"), self.track, focus=self.reference, size=(680, 640), notes=(self.notice,))

    def _connect(self) -> None:
        self._looking.setSingleShot(True)
        self._looking.setInterval(0)
        self._looking.timeout.connect(self._look)
        self.reference.changed.connect(self._images_changed)
        self.secondary.changed.connect(self._images_changed)
        self.fields.widgets["method"].currentIndexChanged.connect(self._method_changed)
        for name in ("spacing", "search"):
            self.fields.widgets[name].valueChanged.connect(self._look_soon)
        self.fields.widgets["units"].currentIndexChanged.connect(self._look_soon)
        self.advanced.widgets["geometry"].currentIndexChanged.connect(self._look_soon)
        self.stable.changed.connect(self._show_outside)
        self.swap_button.clicked.connect(self.swap)
        self.align_button.clicked.connect(self.align)
        self.extent.toggleDialogVisibility.connect(self.setVisible)
        self.preview_button.clicked.connect(self.preview)
        self._show_outside()

    def set_layers(self, layers: List[Any]) -> None:
        """Choose layers of the project, those that are selected in its list, the earlier one as the reference."""
        if self.work is not None:
            return
        images = [layer for layer in layers if isinstance(layer, QgsRasterLayer) and not offsets.is_offsets(layer)]
        dated: List[Tuple[str, int, QgsRasterLayer]] = []
        for layer in images:
            try:
                date = offsets_checks.facts_of(stacks.path_of(layer)).date
            except StillpointError:
                continue
            dated.append((str(date or "9999"), len(dated), layer))
        chosen = [layer for _, _, layer in sorted(dated, key=lambda item: item[:2])][:2]
        for picker, layer in zip((self.reference, self.secondary), chosen):
            picker.set_layer(layer)

    def showEvent(self, event: Any) -> None:
        """Look for devices when the dialog is first seen."""
        super().showEvent(event)
        self.device.refresh()
        self.device.set_device(str(settings.get_values("track_offsets").get("device", "auto")))
        self.extent.refresh()
        self._deselect()

    def _deselect(self) -> None:
        """Show the words for the whole image as they are: QGIS marks them as if they were to be typed over."""
        for line in self.extent.findChildren(QLineEdit):
            line.deselect()

    # What is chosen

    def _method_changed(self, *_: Any) -> None:
        self.explanation.setText(tr(EXPLANATIONS[self.fields.values()["method"]]))
        self._look()

    def _images_changed(self) -> None:
        self.message.clear()
        self._align = False
        try:
            path = self.reference.path()
            self.extent.show_layer(self._layer(path) if path else None)
        except StillpointError:  # the notice says so
            self.extent.show_layer(None)
        self._deselect()
        self._look()

    def _look_soon(self, *_: Any) -> None:
        self._looking.start()

    def _look(self) -> None:
        """Tell what was chosen, and what is wrong with it."""
        text = reach = ""
        found = Findings()
        try:
            images = self._images()
            if images is not None:
                text = in_words(*images)
                reach = reach_in_words(self.fields.values()["search"], *images)
                found = self._findings(images)
        except StillpointError as error:
            found.errors.append(str(error))
        self.reach.setText(reach)
        self.summary.setText(text)
        self.summary.setVisible(bool(text))
        self._show_findings(found)

    def _show_findings(self, found: Findings) -> None:
        self.swap_button.setVisible(found.swapped)
        can_align = bool(found.differs) and not self._align and any("can be resampled to" in text for text in found.errors)
        self.align_button.setVisible(can_align)
        lines = [*found.errors, *found.warnings]
        if not lines:
            self.notice.clear()
            return
        self.notice.say(message.ERROR if found.errors else message.WARNING, "\n".join(lines))

    def _show_outside(self) -> None:
        self.outside.setEnabled(self.stable.is_chosen())

    def _images(self) -> Optional[Tuple[ImageFacts, Optional[ImageFacts]]]:
        """Return what is known of both images, None where no reference is chosen; raises StillpointError."""
        path, other = self.reference.path(), self.secondary.path()
        if not path:
            return None
        first = offsets_checks.facts_of(path)
        return first, offsets_checks.facts_of(other) if other else None

    def _findings(self, images: Tuple[ImageFacts, Optional[ImageFacts]]) -> Findings:
        values = self.fields.values()
        return offsets_checks.check(
            *images, search=values["search"], spacing=values["spacing"], units=values["units"],
            geometry=self.advanced.values()["geometry"], align=self._align, names=(self.reference.name(), self.secondary.name()),
        )  # fmt: skip

    def swap(self) -> None:
        """Exchange reference and secondary image."""
        chosen = [(picker.layer(), picker.path()) for picker in (self.reference, self.secondary)]
        for picker, (layer, path) in zip((self.secondary, self.reference), chosen):
            picker.set_layer(layer) if layer is not None else picker.set_file(path)

    def align(self) -> None:
        """Have the secondary image resampled to the grid of the reference."""
        self._align = True
        self._look()

    def _layer(self, path: str) -> QgsRasterLayer:
        """Return the reference as a layer, for extent and coordinates."""
        layer = self.reference.layer()
        if layer is None:
            layer = QgsRasterLayer(path, Path(path).stem, "gdal")
        if not layer.isValid():
            raise StillpointError(tr("The raster {path} cannot be opened.").format(path=path))
        return layer

    # The job

    def job(self) -> TrackOffsets:
        """Return the job that the dialog shows; raises StillpointError where something is missing or does not fit."""
        images = self._chosen()
        self._folder = ""
        path = self.output.filePath().strip()
        if path:
            target = Path(path)
            if target.suffix.lower() not in (".tif", ".tiff"):
                target = target.with_name(f"{target.name}.tif")
            if not target.parent.is_dir():
                raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=target.parent))
            for facts in filter(None, images):
                if target.exists() and Path(facts.path).exists() and target.samefile(facts.path):
                    raise StillpointError(tr("The offsets would overwrite an image. Choose another file."))
        else:
            self._folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            target = Path(self._folder) / f"{self._stem(images)}.tif"
        return self._job_in(images, target, self.extent.rectangle())

    def preview_job(self) -> Tuple[TrackOffsets, bool]:
        """Return the job for what the map shows, and whether that was cut to be quick; raises StillpointError."""
        images = self._chosen()
        part, cut = visible_part(self._layer(images[0].path), self.iface.mapCanvas())
        self._folder = tempfile.mkdtemp(prefix="stillpoint-preview-", dir=QgsProcessingUtils.tempFolder())
        return self._job_in(images, Path(self._folder) / "preview.tif", part), cut

    def _chosen(self) -> Tuple[ImageFacts, Optional[ImageFacts]]:
        images = self._images()
        if images is None:
            raise StillpointError(tr("Choose the reference image: a raster layer of the project or a file."))
        found = self._findings(images)
        self._show_findings(found)
        if found.errors:
            raise StillpointError(found.errors[0])
        return images

    def _stem(self, images: Tuple[ImageFacts, Optional[ImageFacts]]) -> str:
        first, second = images
        if second is not None and first.date and second.date:
            return f"{first.date:%Y%m%d} {second.date:%Y%m%d}"
        return Path(first.path).stem

    def _job_in(
        self, images: Tuple[ImageFacts, Optional[ImageFacts]], target: Path, part: Optional[QgsRectangle]
    ) -> TrackOffsets:
        """Return the job on a part of the images, on all of them where it is None."""
        first, second = images
        paths = [first.path, second.path if second is not None else ""]
        self._below = first.path
        values = self.fields.values()
        if part is not None:
            window = offsets_run.window_of(first, part, values["spacing"])
            whole = window == (0, 0, first.shape[1], first.shape[0])
            aligned = self._align and second is not None and bool(offsets_checks.difference(first, second))
            for index, path in enumerate(paths):
                if path and not whole and not (index == 1 and aligned):
                    name = f"{'secondary' if index else 'reference'} {Path(path).stem}.vrt"  # it keeps the date in the name
                    paths[index] = offsets_checks.window_vrt(path, str(self._temporary() / name), window)
        stable = self.stable.choice()
        if stable is not None:
            stable = offsets_run.stable_file(
                stable, self._temporary(), outside=self.outside.isChecked(), images=self._layer(first.path)
            )
        return TrackOffsets(
            reference=paths[0], secondary=paths[1] or None, output=str(target), prior=self.prior.path() or None, stable=stable,
            align="secondary" if self._align else "refuse", device=self.device.device(), **values, **self.advanced.values(),
        )  # fmt: skip

    def _temporary(self) -> Path:
        """Return a folder for what the engine reads; that of the results where it is temporary too."""
        if self._folder:
            return Path(self._folder)
        return Path(tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder()))

    def track(self) -> None:
        """Start tracking in the background."""
        if self.work is None:
            self.message.clear()
            try:
                job = self.job()
            except StillpointError as error:
                self._drop_folder()
                self._say_error(error)
                return
            self._remember(job)
            self._run(job, tr("Stillpoint: tracking offsets in {name}").format(name=Path(job.reference).stem), preview=False)

    def preview(self) -> None:
        """Start the same on what the map shows."""
        if self.work is None:
            self.message.clear()
            try:
                job, self._cut = self.preview_job()
            except StillpointError as error:
                self._drop_folder()
                self._say_error(error)
                return
            self._run(job, tr("Stillpoint: preview of offsets"), preview=True)

    def _run(self, job: TrackOffsets, title: str, *, preview: bool) -> None:
        self._job, self._preview = job, preview
        self.profile_button.hide()
        self._start(offsets_run.track_work(job, title=title, arrows=self.arrows.isChecked()))

    def _done(self, result: Result) -> None:
        if self._job is None:
            return
        from stillpoint.plugin.offsets_layers import add_offset_layers, note_result

        layers = add_offset_layers(
            result.outputs["output"], arrows=str(result.details.get(offsets_run.ARROWS, "")), reference=self._below,
            iface=self.iface, preview=self._preview,
        )  # fmt: skip
        note_result(layers, self._job, result)
        level = message.WARNING if result.warnings else message.INFORMATION if self._preview else message.SUCCESS
        self._say_done(outcome(result, preview=self._preview, cut=self._cut), level)
        self.profile_button.show()
        self.tracked.emit(layers)

    def _say_error(self, error: Exception) -> None:
        self.profile_button.hide()
        if str(error) in self.notice.text():  # it is said once, where the choice is made
            return
        super()._say_error(error)

    def _show_running(self, running: bool) -> None:
        super()._show_running(running)
        self.preview_button.setEnabled(not running)

    # Settings, help

    def _remember(self, job: TrackOffsets) -> None:
        values: Dict[str, Any] = {
            **self.fields.values(), **self.advanced.values(), "arrows": self.arrows.isChecked(), "device": job.device,
        }  # fmt: skip
        settings.put_values("track_offsets", values)

    def _restore(self) -> None:
        values = settings.get_values("track_offsets")
        self.fields.set_values(values)
        self.advanced.set_values(values)
        self.arrows.setChecked(bool(values.get("arrows", True)))

