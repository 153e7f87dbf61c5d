"""Blocks through a pool of threads, in order: reading, computing and writing overlap.

Each block is computed by one thread with single-threaded kernels, which keeps every core busy without
the barriers that make multi-threaded kernels crawl where other programs run beside them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Callable, Deque, Iterable, Iterator, Optional, Tuple, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

NATIVE_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables that numerical libraries read once, when they are loaded."""


def single_threaded_kernels() -> None:
    """Ask the numerical libraries for one thread each; call it before numpy or torch is imported."""
    for name in NATIVE_THREADS:
        os.environ.setdefault(name, "1")


_M_ARENA_MAX = -8
"""Its number in glibc's ``malloc.h``."""


def few_arenas() -> None:
    """Have the threads of all jobs share a few of the C library's pools of memory; call it before there are threads (glibc).

    Each job has threads of its own, which take any of eight pools a processor. What is left half used in each of them adds up over
    many jobs: memory that belongs to nothing and cannot be given back. ``MALLOC_ARENA_MAX`` in the environment has the last word.
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, max(2, cores() // 2))


def cores() -> int:
    """Return the number of processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1


@contextmanager
def one_thread_in_torch() -> Iterator[None]:
    """Keep torch to one thread an operation while the blocks themselves go to several threads."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def in_order(
    function: Callable[[Item], Done], items: Iterable[Item], *, threads: Optional[int] = None
) -> Iterator[Tuple[Item, Done]]:
    """Yield (item, function(item)) in the order of ``items``, computed by several threads.

    At most ``threads + 1`` items are held at a time, so memory does not depend on how many there are.
    An error, or leaving the loop, stops what has not begun.

    Parameters
    ----------
    function
        Thread-safe.
    items
        Read lazily, in the calling thread.
    threads
        Number of threads; that of the processors where None.
    """
    threads = threads or cores()
    waiting: Deque[Tuple[Item, Future]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="stillpoint") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(function, item)))
                if len(waiting) > threads:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


class Ahead:
    """Computes ``function(step)`` for the next step while the caller works on this one.

    Parameters
    ----------
    function
        Depends on the step alone.
    last
        Steps end before it.
    """

    def __init__(self, function: Callable[[int], Any], last: int) -> None:
        self._function = function
        self._last = last
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="stillpoint-ahead")
        self._next: Optional[Tuple[int, Future]] = None

    def __call__(self, step: int) -> Any:
        """Return ``function(step)``; that of ``step + 1`` is begun."""
        ready = self._next[1] if self._next and self._next[0] == step else self._pool.submit(self._function, step)
        result = ready.result()
        if step + 1 < self._last:
            self._next = (step + 1, self._pool.submit(self._function, step + 1))
        return result

    def close(self) -> None:
        """Stop the thread."""
        if self._next:
            self._next[1].cancel()
        self._pool.shutdown()
