"""Saves what a painter can paint as PNG, SVG or PDF, under a temporary name until it is complete."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable

from qgis.PyQt.QtCore import QMarginsF, QRectF, QSize, QSizeF
from qgis.PyQt.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from qgis.PyQt.QtSvg import QSvgGenerator

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr

FORMATS = {".png": "PNG picture", ".svg": "SVG drawing", ".pdf": "PDF document"}

Paint = Callable[[QPainter, QRectF], None]

_PNG_SCALE = 2.5
"""PNG pixels per unit: 1200 x 560 units fill a slide at full resolution."""


def save_picture(path: str, paint: Paint, *, width: int = 1200, height: int = 560, title: str = "") -> None:
    """Paint into a file whose suffix tells the format.

    Parameters
    ----------
    path
        File to write: .png, .svg or .pdf.
    paint
        Called with a painter and the rectangle to fill, ``width`` by ``height`` units.
    width, height
        Size in units; text is some 14 of them high.
    title
        Title in the file's own metadata.

    Raises
    ------
    StillpointError
        Unknown suffix, or the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        raise StillpointError(tr(
            "{name}: pictures are written as {value}; give it one."
        ).format(name=target.name, value=", ".join(FORMATS)))
    part = target.with_name(f".{target.stem}.part{suffix}")
    try:
        with open(part, "wb"):
            pass
        good = {".png": _png, ".svg": _svg, ".pdf": _pdf}[suffix](part, paint, width, height, title)
        if not good or part.stat().st_size == 0:
            raise OSError("the disk may be full")
        os.replace(part, target)
    except OSError as error:
        if part.exists():
            part.unlink()
        reason = error.strerror or str(error)
        raise StillpointError(tr(
            "The picture {target} cannot be written: {reason}. Choose another folder."
        ).format(target=target, reason=reason)) from None


def _png(path: Path, paint: Paint, width: int, height: int, title: str) -> bool:
    image = QImage(QSize(round(width * _PNG_SCALE), round(height * _PNG_SCALE)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    paint(painter, QRectF(0, 0, width, height))
    painter.end()
    image.setText("Title", title)
    return image.save(str(path), "PNG")


def _svg(path: Path, paint: Paint, width: int, height: int, title: str) -> bool:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setTitle(title)
    painter = QPainter()
    if not painter.begin(generator):
        return False
    paint(painter, QRectF(0, 0, width, height))
    return painter.end()


def _pdf(path: Path, paint: Paint, width: int, height: int, title: str) -> bool:
    writer = QPdfWriter(str(path))
    points = 0.6
    writer.setPageSize(QPageSize(QSizeF(width * points, height * points), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(300)
    writer.setTitle(title)
    painter = QPainter()
    if not painter.begin(writer):
        return False
    scale = writer.width() / width
    painter.scale(scale, scale)
    paint(painter, QRectF(0, 0, width, height))
    return painter.end()
