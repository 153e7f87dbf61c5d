"""One run through a queue: items read and put in order in the background, then one after the other. No widgets."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from stillpoint.plugin import tasks
from stillpoint.plugin.language import tr
from stillpoint.plugin.review import RANDOM, Item, Items, Session, queue
from stillpoint.plugin.review_sources import Source


class Run(QObject):
    """Where a reviewer is in a queue.

    Parameters
    ----------
    source
        What is reviewed.
    session
        Where the labels go.
    """

    ready = pyqtSignal()
    """A new queue begins."""

    failed = pyqtSignal(object)
    told = pyqtSignal(str)
    """How far the reading is."""

    def __init__(self, source: Source, session: Session, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.source = source
        self.session = session
        self.items: Optional[Items] = None
        self._read_for: Tuple[bool, float] = (False, 0.0)
        self.order = np.zeros(0, np.int64)
        self.position = -1
        self.spacing = 0.0
        """Usual distance between neighbours, in units of the source."""
        self._places: Dict[str, int] = {}
        self._work: Optional[tasks.Work] = None

    @property
    def is_busy(self) -> bool:
        """True while a queue is being made."""
        return self._work is not None

    def prepare(self, order: str, classes: Optional[Tuple[int, ...]], *, again: bool = False) -> None:
        """Make a queue in the background; ``ready`` or ``failed`` tells of its end.

        Parameters
        ----------
        order, classes
            See :func:`stillpoint.plugin.review.queue`.
        again
            Read the items again: the layer changed.
        """
        self.stop()
        source, items, skip = self.source, self.items, self.session.keys()
        # Pixels are drawn from all where the order is random; else those near the threshold are read.
        wanted = (order == RANDOM, source.threshold)
        if again or wanted != self._read_for:
            items = None

        def make(work: tasks.Work) -> Tuple[Items, np.ndarray, float]:
            found = source.read(work.report, work.isCanceled, order == RANDOM) if items is None else items
            return found, queue(found, order=order, classes=classes, skip=skip), spacing_of(found)

        def made(result: Any) -> None:
            self._work = None
            self._read_for = wanted
            self.items, self.order, self.spacing = result
            self.position = -1
            self._places = {}
            self.ready.emit()

        work = tasks.Work(tr("Stillpoint: what to review first"), make, hidden=True)
        work.message.connect(self.told.emit)
        work.done.connect(made)
        work.failed.connect(self._gone_wrong)
        work.stopped.connect(self._ended)
        self._work = tasks.start(work)

    def _gone_wrong(self, error: Any) -> None:
        self._work = None
        self.failed.emit(error)

    def _ended(self) -> None:
        self._work = None

    def stop(self) -> None:
        """Give up what is being read."""
        if self._work is not None:
            self._work.drop()
            self._work = None

    def __len__(self) -> int:
        return len(self.order)

    def at(self, position: int) -> Optional[Item]:
        """Return an item of the queue; None beyond its ends."""
        if self.items is None or not 0 <= position < len(self.order):
            return None
        return self.items.item(int(self.order[position]))

    def seen(self, key: str) -> None:
        """Remember at which position an item was looked at, so that undo finds it again."""
        self._places[key] = self.position

    def place(self, key: str) -> Optional[int]:
        """Return the position at which an item was looked at."""
        return self._places.get(key)


def spacing_of(items: Items) -> float:
    """Return the usual distance between neighbours, in units of the source; 0 where nothing tells."""
    finite = np.isfinite(items.x) & np.isfinite(items.y)
    if finite.sum() < 2:
        return 0.0
    ends: List[float] = []
    for values in (items.x[finite], items.y[finite]):
        low, high = np.percentile(values, (1, 99))
        ends.append(float(high - low))
    area = ends[0] * ends[1]
    return float((area / len(items)) ** 0.5) if area > 0 else max(ends) / len(items)
