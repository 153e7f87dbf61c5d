"""The report of results: a QGIS layout that can be edited, a PDF, and a web page that carries everything it shows."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional, Sequence

from qgis.core import Qgis, QgsApplication, QgsLayoutExporter, QgsMapLayer, QgsPrintLayout, QgsProject
from qgis.PyQt.QtCore import QThread

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.report import page, web
from stillpoint.plugin.report.gather import Options, gather

__all__ = ["Options", "Written", "make"]

DPI = 250


@dataclass(frozen=True)
class Written:
    """What was made.

    Attributes
    ----------
    pdf, html
        Files written; empty where not asked for.
    layout
        Name of the layout that the project keeps; empty where it keeps none.
    pages
        Number of pages.
    """

    pdf: str = ""
    html: str = ""
    layout: str = ""
    pages: int = 0


def make(
    layers: Sequence[QgsMapLayer],
    *,
    pdf: str = "",
    html: str = "",
    options: Optional[Options] = None,
    keep_layout: bool = False,
    project: Optional[QgsProject] = None,
    report: Callable[[float, str], None] = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Written:
    """Make a report of layers.

    Parameters
    ----------
    layers
        Results of Stillpoint, or any layers; the most important first.
    pdf, html
        Files to write; empty writes none.
    options
        What it holds; None takes the usual.
    keep_layout
        Whether the project keeps the layout, to be edited.
    project
        Project of the layers; None takes the one that is open.
    report
        Told how far it is (0 to 1).
    cancelled
        Asked from time to time; nothing is written then.

    Raises
    ------
    StillpointError
        Nothing was chosen, a layer or the zones cannot be used, or a file cannot be written.
    Cancelled
        It was cancelled.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("reports are made on the main thread only: layouts belong to it")
    project = QgsProject.instance() if project is None else project
    options = Options() if options is None else options
    if not (pdf or html or keep_layout):
        raise StillpointError(tr("Choose what to write: a PDF, a web page, or a layout in the project."))
    for path in (pdf, html):
        check_target(path)
    content = gather(
        layers, options, project=project, width=page.text_width(options.landscape), report=report, cancelled=cancelled,
    )  # fmt: skip
    pages = page.compose(content, project, _free_name(project, content.title), landscape=options.landscape)
    for fraction, path, write in ((0.7, pdf, _write_pdf), (0.9, html, _write_html)):
        if cancelled():
            raise Cancelled()
        if path:
            report(fraction, tr("Writing {name}").format(name=Path(path).name))
            _published(path, lambda draft, write=write: write(draft, content, pages))  # type: ignore[misc]
    name = ""
    if keep_layout:
        name = pages.layout.name()
        project.layoutManager().addLayout(pages.layout)
    report(1.0, "")
    return Written(pdf, html, name, pages.layout.pageCollection().pageCount())


def check_target(path: str) -> None:
    """Raise a StillpointError where a file cannot be written, before any work is done."""
    if not path:
        return
    folder = Path(path).parent
    if not folder.is_dir():
        raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=folder))
    if Path(path).is_dir():
        raise StillpointError(tr("{path} is a folder. Give the report a file name.").format(path=path))
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        raise StillpointError(tr("The folder {folder} cannot be written to. Choose another one.").format(folder=folder)) from None


def _free_name(project: QgsProject, title: str) -> str:
    """Return a name that no layout of the project has."""
    name = unique = f"Stillpoint - {title}"[:120]
    number = 2
    while project.layoutManager().layoutByName(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    return unique


def _published(path: str, write: Callable[[str], bool]) -> None:
    """Have a file written under a temporary name, then give it its name."""
    target = Path(path)
    draft = target.with_name(f".{target.stem[:60]}.{os.getpid()}.part{target.suffix}")
    try:
        if not write(str(draft)) or not draft.is_file():
            raise OSError(tr("it could not be written"))
        os.replace(draft, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StillpointError(
            tr("The report {path} cannot be written: {reason}. Close it where it is open, or choose another file.").format(
                path=path, reason=reason
            )
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _write_pdf(draft: str, content: object, pages: page.Pages) -> bool:
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = DPI
    settings.rasterizeWholeImage = False
    settings.exportMetadata = False  # the project's own may hold names and places that are not for everybody
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
    layout: QgsPrintLayout = pages.layout
    return bool(QgsLayoutExporter(layout).exportToPdf(draft, settings) == QgsLayoutExporter.ExportResult.Success)


def _write_html(draft: str, content: object, pages: page.Pages) -> bool:
    from stillpoint.plugin.report.content import Report

    if not isinstance(content, Report):
        raise TypeError("a report is written of its content")
    Path(draft).write_text(web.page(content, pages), encoding="utf-8")
    return True
