"""Pictures of pairs are read in the background and kept: those that are looked at first, the rest when there is time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Deque, Dict, List, Optional, Sequence, Tuple

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from stillpoint.models.errors import Cancelled
from stillpoint.plugin import tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage_rasters import PICTURE, THUMBNAIL, BandReader, PairBands

PAUSE = 0.06
"""Seconds between two messages about small pictures: each costs the window a repaint."""
KEPT = 48
"""Large pictures that are kept."""

Key = Tuple[str, int]
"""``"phase"`` or ``"coherence"``, and the number of the pair."""


class Thumbnails(QObject):
    """Small pictures of all pairs of a stack, all of them in memory: 500 of 96 x 96 pixels take 18 MB."""

    arrived = pyqtSignal(object)
    """Numbers of the pairs whose pictures came."""
    finished = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.pictures: Dict[int, Optional[np.ndarray]] = {}
        self._lock = threading.Lock()
        self._queue: Deque[int] = deque()
        self._fresh: Dict[int, Optional[np.ndarray]] = {}
        self._work: Optional[tasks.Work] = None
        self._generation = 0

    def start(self, where: PairBands, order: Sequence[int]) -> None:
        """Read the pictures of a stack in the background, in an order that :meth:`first` may change."""
        self.stop()
        self.pictures.clear()
        self._fresh = fresh = {}
        self._queue = queue = deque(int(index) for index in order)
        self._generation += 1
        lock, generation = self._lock, self._generation

        def read(work: tasks.Work) -> int:
            reader = BandReader(where)
            said = time.monotonic()
            while True:
                if work.isCanceled():
                    raise Cancelled
                with lock:
                    index = queue.popleft() if queue else None
                if index is None:
                    return generation
                picture = reader.read(index, THUMBNAIL)
                with lock:
                    fresh[index] = picture
                if time.monotonic() - said > PAUSE:
                    said = time.monotonic()
                    work.message.emit("")

        work = tasks.Work(tr("Stillpoint: pictures of interferograms"), read, hidden=True)
        work.message.connect(lambda _: self._take(generation))
        work.done.connect(self._done)
        work.failed.connect(self._failed)
        self._work = tasks.start(work)

    def first(self, indices: Sequence[int]) -> None:
        """Read these before the others: they are being looked at."""
        with self._lock:
            waiting = set(self._queue)
            wanted = [int(index) for index in indices if int(index) in waiting]
            if wanted:
                chosen = set(wanted)
                rest = [index for index in self._queue if index not in chosen]
                self._queue.clear()
                self._queue.extend([*wanted, *rest])

    @property
    def is_busy(self) -> bool:
        """True while pictures are being read."""
        return self._work is not None

    def stop(self) -> None:
        """Read no more, and tell nobody."""
        self._generation += 1
        if self._work is not None:
            self._work.drop()
            self._work = None

    def _take(self, generation: int) -> None:
        if generation != self._generation:
            return
        with self._lock:
            come = dict(self._fresh)
            self._fresh.clear()
        if come:
            self.pictures.update(come)
            self.arrived.emit(sorted(come))

    def _done(self, generation: int) -> None:
        if generation != self._generation:
            return
        self._work = None
        self._take(generation)
        self.finished.emit()

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._take(self._generation)
        self.failed.emit(error)


class Pictures(QObject):
    """Large pictures of the pair that is looked at, its coherence and its loop; the last ones are kept."""

    arrived = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Key, Optional[np.ndarray]] = OrderedDict()
        self._sources: Dict[str, PairBands] = {}
        self._work: Optional[tasks.Work] = None

    def set_sources(self, sources: Dict[str, PairBands]) -> None:
        """Read from other stacks: ``"phase"`` and ``"coherence"``, as far as there are any."""
        self.stop()
        self._kept.clear()
        self._sources = dict(sources)

    def get(self, what: str, index: int) -> Optional[np.ndarray]:
        """Return a picture that is there already: float32 [rows, cols]."""
        return self._kept.get((what, index))

    def want(self, keys: Sequence[Key]) -> None:
        """Read the pictures that are not there; what was wanted before is given up. ``arrived`` tells when all came."""
        self.stop()
        for key in keys:
            if key in self._kept:
                self._kept.move_to_end(key)
        lacking = [key for key in keys if key not in self._kept and key[0] in self._sources]
        if not lacking:
            return
        sources = dict(self._sources)

        def read(work: tasks.Work) -> Dict[Key, Optional[np.ndarray]]:
            found: Dict[Key, Optional[np.ndarray]] = {}
            readers = {what: BandReader(sources[what]) for what in {key[0] for key in lacking}}
            for what, index in lacking:
                if work.isCanceled():
                    raise Cancelled
                found[what, index] = readers[what].read(index, PICTURE)
            return found

        work = tasks.Work(tr("Stillpoint: picture of an interferogram"), read, hidden=True)
        work.done.connect(self._done)
        work.failed.connect(self._failed)
        self._work = tasks.start(work)

    @property
    def is_busy(self) -> bool:
        """True while pictures are being read."""
        return self._work is not None

    def stop(self) -> None:
        """Give up what is being read."""
        if self._work is not None:
            self._work.drop()
            self._work = None

    def _done(self, found: Dict[Key, Optional[np.ndarray]]) -> None:
        self._work = None
        self._kept.update(found)
        drop: List[Key] = list(self._kept)[: max(0, len(self._kept) - KEPT)]
        for key in drop:
            del self._kept[key]
        self.arrived.emit()

    def _failed(self, error: Exception) -> None:
        self._work = None
        self.failed.emit(error)
