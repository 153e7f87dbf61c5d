"""The export menu of the triage board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QAction, QFileDialog, QMenu

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import interferograms, settings, tasks, triage_exports
from stillpoint.plugin.language import tr
from stillpoint.ui.widgets import message

if TYPE_CHECKING:
    from stillpoint.ui.triage_board import TriageBoard

STACK, TABLE, MINTPY, LICSBAS, PLAIN, LABELS = "stack", "table", "mintpy", "licsbas", "plain", "labels"


class ExportMenu(QObject):
    """What can be written of a triage; files of some size in the background.

    Parameters
    ----------
    board
        The board; what is exported is what it shows, and it says how it went.
    """

    def __init__(self, board: TriageBoard) -> None:
        super().__init__(board)
        self._board = board
        self._work: Optional[tasks.Work] = None
        self.menu = QMenu(board)
        self.actions: Dict[str, QAction] = {}
        rasters = tr("Virtual raster (*.vrt);;GeoTIFF (*.tif)")
        tables = tr("CSV (*.csv)")
        self._kinds: Dict[str, Tuple[str, str, str]] = {
            STACK: (tr("Stack of the kept pairs…"), " kept.vrt", rasters),
            TABLE: (tr("Table with my decisions…"), " decided.csv", tables),
            MINTPY: (tr("Template for MintPy…"), " stillpoint_mintpy.cfg", tr("Template (*.cfg *.txt)")),
            LICSBAS: (tr("List of removed pairs for LiCSBAS…"), " licsbas_bad_ifg.txt", tr("Text (*.txt)")),
            PLAIN: (tr("Plain list of the kept pairs…"), " kept_pairs.txt", tr("Text (*.txt)")),
            LABELS: (tr("Save my corrections as labels…"), " labels.csv", tables),
        }
        for key, (text, _, _) in self._kinds.items():
            if key == LABELS:
                self.menu.addSeparator()
            action = self.menu.addAction(text)
            action.triggered.connect(lambda _, key=key: self.ask(key))
            self.actions[key] = action
        self.train = self.menu.addAction(tr("Train on my corrections…"))
        self.train.setToolTip(tr("Open the training with this stack and what you decided filled in"))
        self.train.triggered.connect(lambda *_: board.train())
        self.actions[LABELS].setToolTip(tr("What you decided, to train the method on"))
        self.menu.setToolTipsVisible(True)

    def ask(self, what: str) -> None:
        """Let the user choose a file, and write it."""
        sources = self._board.sources
        if sources is None:
            return
        text, ending, filters = self._kinds[what]
        folder = settings.get("output_folder") or str(Path(sources.table).parent)
        start = str(Path(folder) / f"{Path(sources.table).stem}{ending}")
        path, chosen = QFileDialog.getSaveFileName(self._board, text.rstrip("…"), start, filters)
        if path:
            suffix = ".tif" if "*.tif" in chosen else Path(ending).suffix
            settings.put("output_folder", str(Path(path).parent))
            self.write(what, path if Path(path).suffix else path + suffix)

    def write(self, what: str, path: str) -> None:
        """Write one of the exports, and say how it went."""
        triage, sources = self._board.triage, self._board.sources
        if triage is None or sources is None:
            return
        try:
            if what == STACK:
                self._write_stack(path)
            elif what == TABLE:
                self._say(triage_exports.write_table(triage, path))
            elif what == LABELS:
                self._say(triage_exports.write_labels(triage, path))
            else:
                self._say(triage_exports.write_list(triage, path, what))
        except StillpointError as error:
            self._failed(error)

    def _write_stack(self, path: str) -> None:
        if self._work is not None:
            raise StillpointError(tr("Another stack is still being written. Wait for it."))
        triage, sources = self._board.triage, self._board.sources
        if triage is None or sources is None:
            return
        kept = triage.keep.copy()

        def write(work: tasks.Work) -> Dict[str, str]:
            from stillpoint.plugin.triage import Triage

            frozen = Triage(triage.table)  # decisions go on while it is written
            frozen.keep = kept
            return triage_exports.write_stack(frozen, sources, path, report=work.report, cancelled=work.isCanceled)

        work = tasks.Work(tr("Stillpoint: writing {name}").format(name=Path(path).name), write)
        work.done.connect(self._stack_written)
        work.failed.connect(self._stack_failed)
        work.stopped.connect(self._stack_stopped)
        self._work = tasks.start(work)

    def _stack_written(self, made: Dict[str, str]) -> None:
        self._work = None
        self._say(made["stack"])
        if self._board.iface is not None:
            try:
                interferograms.add_kept(made["stack"])
            except StillpointError as error:
                self._failed(error)

    def _stack_failed(self, error: Exception) -> None:
        self._work = None
        self._failed(error)

    def _stack_stopped(self) -> None:
        self._work = None

    def _say(self, path: str) -> None:
        self._board.tell(message.SUCCESS, tr("Wrote {path}").format(path=path))

    def _failed(self, error: Any) -> None:
        self._board.tell(message.ERROR, str(error))

    @property
    def is_busy(self) -> bool:
        """True while a stack is being written."""
        return self._work is not None

    def unload(self) -> None:
        """Give up what is being written."""
        if self._work is not None:
            self._work.drop()
            self._work = None
