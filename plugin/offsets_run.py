"""Offset tracking in the background: the job, its arrows, the windows of a part, and stable ground as a file."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Optional, Tuple

import numpy as np
from qgis.core import (
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, TrackOffsets
from stillpoint.plugin import offsets, offsets_arrows, runner, stacks, tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.offsets_checks import SMALLEST, ImageFacts

ARROWS = "arrows"
"""Key in the details of a result: the file of its arrows."""

_BLOCK = 8
"""Windows begin at multiples of this, so that their offsets lie where those of the whole images lie."""


def track_work(job: TrackOffsets, *, title: str, arrows: bool = True) -> tasks.Work:
    """Return the work of tracking and of writing the arrows; ``done`` brings the Result, its details with the arrows' file."""

    def function(work: tasks.Work) -> Result:
        def engine_log(level: str, text: str) -> None:
            tasks.log(level, text)
            work.line(text)

        share = 0.97 if arrows else 1.0
        result = runner.run(
            job, report=lambda fraction, text: work.report(share * fraction, text), log=engine_log, cancelled=work.isCanceled
        )
        if arrows:
            target = Path(result.outputs["output"])
            result.details[ARROWS] = offsets_arrows.write_arrows(
                offsets.facts_of(str(target)), str(target.with_name(f"{target.stem} arrows.gpkg")),
                report=lambda fraction, text: work.report(share + (1 - share) * fraction, text), cancelled=work.isCanceled,
            )  # fmt: skip
        return result

    return tasks.Work(title, function)


def maps_work(path: str) -> tasks.Work:
    """Return the work of writing the arrows of a result that lies there already; ``done`` brings their file.

    Raises
    ------
    StillpointError
        The raster holds no offsets.
    """
    if not path:
        raise StillpointError(tr("Choose a raster of offsets in the layer list first."))
    facts = offsets.facts_of(path)
    target = Path(path)

    def function(work: tasks.Work) -> str:
        arrows = str(target.with_name(f"{target.stem} arrows.gpkg"))
        return offsets_arrows.write_arrows(facts, arrows, report=work.report, cancelled=work.isCanceled)

    return tasks.Work(f"Stillpoint: arrows of {target.stem}", function)


def window_of(facts: ImageFacts, part: QgsRectangle, spacing: int) -> Tuple[int, int, int, int]:
    """Return the window (first column, first row, columns, rows) of an image that covers a part in its coordinates.

    It begins where a block of the spacing does, and is at least as large as an image has to be.

    Raises
    ------
    StillpointError
        The image does not reach into the part.
    """
    gt = facts.geotransform or stacks.NOT_PLACED
    inverse = np.linalg.inv(np.array([[gt[1], gt[2]], [gt[4], gt[5]]]))
    xs, ys = (part.xMinimum(), part.xMaximum()), (part.yMinimum(), part.yMaximum())
    corners = np.array([[x - gt[0], y - gt[3]] for x in xs for y in ys]) @ inverse.T
    block = int(np.lcm(_BLOCK, spacing))
    found = []
    for axis, length in ((0, facts.shape[1]), (1, facts.shape[0])):
        low, high = float(corners[:, axis].min()), float(corners[:, axis].max())
        if high <= 0 or low >= length:
            raise StillpointError(tr("The images do not reach into the chosen extent. Choose another one."))
        middle = (max(low, 0) + min(high, length)) / 2
        low, high = max(min(low, middle - SMALLEST / 2 - block), 0), min(max(high, middle + SMALLEST / 2 + block), length)
        start = int(low) // block * block
        start = min(start, max(0, (length - SMALLEST) // block * block))
        found.append((start, min(max(int(np.ceil(high)), start + SMALLEST), length) - start))
    (column, columns), (row, rows) = found
    return column, row, columns, rows


def stable_file(choice: Any, folder: Path, *, outside: bool = False, images: Optional[QgsRasterLayer] = None) -> str:
    """Return a file of stable ground that the engine opens.

    Parameters
    ----------
    choice
        A file, a raster layer, or a layer of polygons, of which a copy is written as it is filtered.
    folder
        Gets the copy.
    outside
        True takes the ground outside the polygons: glaciers and landslides are mapped more often than what stands still.
    images
        Whose extent bounds the ground outside.

    Raises
    ------
    StillpointError
        The layer cannot be copied, or is no file; or it has no polygons to lie outside of.
    """
    if isinstance(choice, QgsRasterLayer):
        path = stacks.path_of(choice)
        if not path:
            raise StillpointError(tr(
                "The layer {name} comes from a server, not from a file. Save it as a file first."
            ).format(name=choice.name()))
        choice = path
    if not isinstance(choice, QgsMapLayer):
        if not outside:
            return str(choice)
        choice = QgsVectorLayer(str(choice), Path(str(choice)).stem, "ogr")
        if not choice.isValid():
            raise StillpointError(tr("Ground lies outside of polygons, not of a raster. Give a mask of the stable ground."))
    if not isinstance(choice, QgsVectorLayer):
        raise StillpointError(tr("The layer {name} holds neither polygons nor a raster.").format(name=choice.name()))
    target = folder / f"stable ground {uuid.uuid4().hex[:8]}.gpkg"
    if outside:
        choice = _outside(choice, images)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.skipAttributeCreation = True
    done = QgsVectorFileWriter.writeAsVectorFormatV3(choice, str(target), QgsCoordinateTransformContext(), options)
    if done[0] != QgsVectorFileWriter.WriterError.NoError:
        raise StillpointError(tr("The stable ground {name} cannot be read: {done}").format(name=choice.name(), done=done[1]))
    return str(target)


def _outside(layer: QgsVectorLayer, images: Optional[QgsRasterLayer]) -> QgsVectorLayer:
    """Return the ground of the images outside the polygons of a layer, in memory."""
    if images is None or not images.crs().isValid() or not layer.crs().isValid():
        raise StillpointError(tr("Ground outside polygons needs coordinates of the images and of the polygons."))
    transform = QgsCoordinateTransform(layer.crs(), images.crs(), QgsProject.instance())
    shapes = []
    for feature in layer.getFeatures():
        shape = QgsGeometry(feature.geometry())
        if not shape.isEmpty():
            shape.transform(transform)
            shapes.append(shape.makeValid())
    if not shapes:
        raise StillpointError(tr("{name} has no polygons.").format(name=layer.name()))
    ground = QgsGeometry.fromRect(images.extent()).difference(QgsGeometry.unaryUnion(shapes))
    if ground.isEmpty():
        raise StillpointError(tr(
            "The polygons of {name} cover the images: there is no ground outside them."
        ).format(name=layer.name()))
    made = QgsVectorLayer(f"MultiPolygon?crs={images.crs().authid()}", layer.name(), "memory")
    made.setCrs(images.crs())
    feature = QgsFeature()
    ground.convertToMultiType()
    feature.setGeometry(ground)
    made.dataProvider().addFeature(feature)
    return made
