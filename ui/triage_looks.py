"""Brings the pictures of the pairs to the list, the panel and the graph: small ones at once, large ones after a moment."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

import numpy as np
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_loading import Pictures, Thumbnails
from stillpoint.plugin.triage_rasters import Closure, PairBands, closure_of, worst_closure
from stillpoint.ui.triage_colours import common_reach
from stillpoint.ui.triage_detail import PairPanel
from stillpoint.ui.triage_graph import NetworkGraph
from stillpoint.ui.triage_list import PairList

LOOK_PAUSE = 70
"""Milliseconds on a pair until its large pictures are read: arrow keys run past many."""


class Looks(QObject):
    """What the rasters of a triage show, wherever it is shown.

    Parameters
    ----------
    panel, graph
        Where the chosen pair is shown.
    parent
        Owner.

    Attributes
    ----------
    bands, coherence
        Where the pairs are in the stack and in its coherence; None without one.
    closure
        The closure that is shown; None where there is none.
    """

    failed = pyqtSignal(object)

    def __init__(self, panel: PairPanel, graph: NetworkGraph, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._graph = panel, graph
        self._list: Optional[PairList] = None
        self._triage: Optional[Triage] = None
        self._current = -1
        self.bands: Optional[PairBands] = None
        self.coherence: Optional[PairBands] = None
        self.closure: Optional[Closure] = None
        self.thumbnails, self.pictures = Thumbnails(self), Pictures(self)
        self.thumbnails.arrived.connect(self._small_came)
        self.thumbnails.finished.connect(self._small_done)
        self.pictures.arrived.connect(self.show)
        for source in (self.thumbnails, self.pictures):
            source.failed.connect(self._failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_PAUSE)
        self._timer.timeout.connect(self._want)

    def set_list(self, pairs: PairList) -> None:
        """Serve the list of small pictures, too."""
        self._list = pairs
        pairs.wanted.connect(self.thumbnails.first)

    @property
    def is_wrapped(self) -> bool:
        """True where the stack holds wrapped phase."""
        return self.bands is not None and not self.bands.is_unwrapped

    # What there is

    def start(self, triage: Triage, bands: Optional[PairBands], coherence: Optional[PairBands], order: Sequence[int]) -> None:
        """Show the pictures of a stack; the small ones are read in ``order``."""
        self.stop()
        self._triage, self.bands, self.coherence = triage, bands, coherence
        sources: Dict[str, Optional[PairBands]] = {"phase": bands, "coherence": coherence if bands is not None else None}
        self.pictures.set_sources({what: found for what, found in sources.items() if found is not None})
        if self._list is not None:
            self._list.is_loading = bands is not None
        if bands is not None:
            self.thumbnails.start(bands, order)

    def stop(self) -> None:
        """Show no pictures, and read none."""
        self._timer.stop()
        self.thumbnails.stop()
        self.thumbnails.pictures.clear()
        self.pictures.set_sources({})
        self._triage = self.bands = self.coherence = self.closure = None
        self._current = -1
        self._panel.reach = float(np.pi)
        if self._list is not None:
            self._list.is_loading = False
            self._list.delegate.images.clear()

    def go_to(self, index: int) -> None:
        """Look at a pair (-1 for none)."""
        self._current = index
        self.show()
        self._timer.start()

    # Small pictures

    def _small_came(self, indices: Sequence[int]) -> None:
        if len(self.thumbnails.pictures) < 40:
            self._scale()  # the first ones tell it well enough, until all are there
        if self._list is not None:
            self._list.pictures_came(indices)
        if self._triage is not None and self._current >= 0 and self.pictures.get("phase", self._current) is None:
            near = set(self._triage.loops_of(self._current).ravel().tolist()) | {self._current}
            if near & set(indices):
                self.show()

    def _small_done(self) -> None:
        if self._list is not None:
            self._list.is_loading = False
        self._scale()
        self.show()
        self._want()

    def _scale(self) -> None:
        """Find the one scale that all phases are shown on."""
        self._panel.reach = common_reach(list(self.thumbnails.pictures.values()))
        if self._list is not None:
            self._list.set_look(self._panel.mode, self._panel.reach)

    def set_mode(self, mode: str) -> None:
        """Show phase in another way."""
        self._panel.mode = mode
        if self._list is not None:
            self._list.set_look(mode, self._panel.reach)
        self.show()

    def _failed(self, error: Any) -> None:
        if self._list is not None:
            self._list.is_loading = False
            self._list.viewport().update()
        self.failed.emit(error)

    # Large pictures

    def _want(self) -> None:
        """Have the large pictures of the pair and of its worst loop read."""
        if self._triage is None or self.bands is None or self._current < 0:
            return
        wanted = [("phase", self._current)]
        if self.coherence is not None:
            wanted.append(("coherence", self._current))
        worst = self._worst()
        if worst is not None:
            wanted += [("phase", int(index)) for index in worst.loop if int(index) != self._current]
        self.pictures.want(wanted)

    def _worst(self) -> Optional[Closure]:
        if self._triage is None or self.bands is None or self._current < 0:
            return None
        return worst_closure(self._triage, self._current, self.thumbnails.pictures, wrapped=self.is_wrapped)

    def show(self) -> None:
        """Show the pictures of the pair: large ones where they are there, else the small ones."""
        triage, bands, index = self._triage, self.bands, self._current
        if triage is None or index < 0:
            self._graph.set_current(-1)
            return
        if bands is None:
            self._panel.show_phase(None, tr("Choose the stack to see the pair."))
            self._panel.show_coherence(None, "")
            self._panel.show_closure(triage, index, None, wrapped=False)
            self._graph.set_current(index)
            return
        phase, small = self.pictures.get("phase", index), self.thumbnails.pictures.get(index)
        missing = "…" if bands.bands[index] else tr("The stack has no band for this pair.")
        self._panel.show_phase(small if phase is None else phase, missing)
        if self.coherence is None:
            self._panel.show_coherence(None, tr("No coherence stack"))
        else:
            missing = "…" if self.coherence.bands[index] else tr("No coherence of this pair")
            self._panel.show_coherence(self.pictures.get("coherence", index), missing)
        worst = self._worst()
        if worst is not None:
            large = {int(one): self.pictures.get("phase", int(one)) for one in worst.loop}
            worst = closure_of(worst.loop, large, wrapped=self.is_wrapped) or worst
        waiting = len(triage.loops_of(index)) and self.thumbnails.is_busy
        text = "…" if waiting else tr("In no loop of three whose pictures overlap")
        self.closure = worst
        self._panel.show_closure(triage, index, worst, wrapped=self.is_wrapped, message=text)
        self._graph.set_current(index, () if worst is None else tuple(int(one) for one in worst.loop))
