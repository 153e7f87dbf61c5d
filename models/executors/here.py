"""Pieces of work on this machine: reading, computing and writing overlap, and memory depends on the piece alone."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import Any, Callable, Deque, Iterable, Iterator, List, Optional, Tuple

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.executors.resources import is_memory_error, release
from stillpoint.models.executors.work import Work, cut
from stillpoint.models.progress import Progress

AHEAD = 1
"""Pieces that are read ahead of those at work."""

Told = Callable[[Any, float], None]

NO_MEMORY = (
    "There was not enough memory, even for the smallest piece of this job. Close other programs, choose a smaller extent, or "
    "another device."
)


def run_here(
    work: Work, items: Iterable[Any], *, threads: int, progress: Progress, told: Optional[Told] = None
) -> Iterator[Tuple[Any, Any]]:
    """Yield (item, result) in the order of ``items``, computed by several threads.

    At most ``threads + AHEAD`` pieces are held at a time. Where memory runs out for a piece, it is cut up and its parts are
    done one after the other, and the pieces that follow are cut up before they are tried; (part, result) is yielded then.

    Parameters
    ----------
    work
        What is done.
    items
        Read lazily by a thread of its own: a source of points reads its file there.
    threads
        Pieces that are computed at a time.
    progress
        Asked for a cancel between pieces and handed to :meth:`Work.compute`.
    told
        Called with an item and how far it is (0..1), from the thread that computes it.

    Raises
    ------
    StillpointError
        There is not enough memory for the smallest piece; or what ``work`` raises.
    Cancelled
        Asked to stop; what has not begun is left.
    """
    pieces = _Pieces(work, progress, told)
    waiting: Deque[Future] = deque()
    reading = ThreadPoolExecutor(max(threads, 1), thread_name_prefix="stillpoint-read")
    computing = ThreadPoolExecutor(max(threads, 1), thread_name_prefix="stillpoint")
    fetched = Fetched(items)
    try:
        for item in fetched:
            for piece in pieces.cut(item):
                waiting.append(computing.submit(pieces.computed, piece, [reading.submit(pieces.read, piece)]))
                if len(waiting) >= threads + AHEAD:
                    yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pieces.unwanted = True
        for future in waiting:
            future.cancel()
        fetched.close()
        reading.shutdown(wait=True)
        computing.shutdown(wait=True)


class Fetched:
    """Items of an iterator, one ahead of who asks, taken by a thread of its own."""

    _END = object()

    def __init__(self, items: Iterable[Any]) -> None:
        self._queue: Queue = Queue(1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._fetch, args=(items,), daemon=True, name="stillpoint-fetch")
        self._thread.start()

    def _fetch(self, items: Iterable[Any]) -> None:
        taken = iter(items)
        try:
            for item in taken:
                if not self._put((item, None)):
                    break
            else:
                self._put((self._END, None))
            if hasattr(taken, "close"):
                taken.close()  # a source lets go of its file in the thread that read it
        except BaseException as error:  # whatever it is belongs to whoever asks for the items
            self._put((self._END, error))

    def _put(self, pair: Tuple[Any, Optional[BaseException]]) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(pair, timeout=0.1)
            except Full:
                continue
            return True
        return False

    def __iter__(self) -> Iterator[Any]:
        while True:
            item, error = self._queue.get()
            if error is not None:
                raise error
            if item is self._END:
                return
            yield item

    def close(self) -> None:
        """Stop fetching and wait until the source is not used any more."""
        self._stop.set()
        with suppress(Empty):
            self._queue.get_nowait()
        self._thread.join()


class _Pieces:
    """Reads and computes pieces, and cuts them up where memory runs out."""

    def __init__(self, work: Work, progress: Progress, told: Optional[Told]) -> None:
        self._work = work
        self._progress = progress
        self._told = told
        self._alone = threading.Lock()
        self._level = 0
        self.unwanted = False
        work.attach(self._check)

    def _check(self) -> None:
        if self.unwanted:
            raise Cancelled
        self._progress.check()

    def cut(self, item: Any) -> List[Any]:
        """Return an item in pieces as small as memory turned out to need."""
        return cut(self._work, item, self._level)

    def read(self, piece: Any) -> Tuple[Any, Any]:
        self._check()
        parcel = self._work.parcel(piece)
        return parcel, self._work.read(parcel)

    def _computed(self, piece: Any, parcel: Any, values: Any) -> Any:
        def report(fraction: float, _message: str) -> None:
            if self._told is not None:
                self._told(piece, fraction)

        return self._work.compute(parcel, values, Progress(report, self._asked))

    def _asked(self) -> bool:
        self._check()
        return False

    def computed(self, piece: Any, read: List[Future]) -> List[Tuple[Any, Any]]:
        """Return the piece with its result; several where it had to be cut up.

        ``read`` holds one future, which is taken out: what was read must be gone where memory is wanted.
        """
        try:
            return [(piece, self._computed(piece, *read.pop().result()))]
        except Exception as error:
            if not is_memory_error(error):
                raise
        return self._in_parts(piece, 1)

    def _in_parts(self, piece: Any, level: int) -> List[Tuple[Any, Any]]:
        with self._alone:  # two that failed for want of memory would fail each other again
            release()
            self._level = max(self._level, level)
            return self._part_by_part(piece, level)

    def _part_by_part(self, piece: Any, level: int) -> List[Tuple[Any, Any]]:
        parts = self._work.smaller(piece)
        if not parts:
            raise StillpointError(NO_MEMORY)
        found: List[Tuple[Any, Any]] = []
        for part in parts:
            try:
                found.append((part, self._computed(part, *self.read(part))))
                continue
            except Exception as error:
                if not is_memory_error(error):
                    raise
            release()
            self._level = max(self._level, level + 1)
            found += self._part_by_part(part, level + 1)
        return found
