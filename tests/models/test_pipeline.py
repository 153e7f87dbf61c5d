"""Blocks through threads: in order, bounded, and stopped by errors."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from stillpoint.models import pipeline


def test_order_is_kept_and_work_overlaps():
    running, most = 0, 0
    lock = threading.Lock()

    def slow(item: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02 if item % 2 else 0.005)
        with lock:
            running -= 1
        return item * item

    found = list(pipeline.in_order(slow, range(12), threads=3))
    assert found == [(item, item * item) for item in range(12)]
    assert most == 3


def test_items_are_read_lazily():
    read = []

    def items():
        for item in range(100):
            read.append(item)
            yield item

    blocks = pipeline.in_order(lambda item: item, items(), threads=2)
    assert next(blocks) == (0, 0)
    assert len(read) == 3
    blocks.close()
    assert len(read) == 3


def test_errors_come_through():
    def fail(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    seen = []
    with pytest.raises(ValueError, match="three"):
        for item, _ in pipeline.in_order(fail, range(50), threads=2):
            seen.append(item)
    assert seen == [0, 1, 2]


def test_ahead_gives_each_step_its_own_result():
    calls = []

    def square(step: int) -> int:
        calls.append(step)
        return step * step

    ahead = pipeline.Ahead(square, 5)
    assert [ahead(step) for step in range(2, 5)] == [4, 9, 16]
    ahead.close()
    assert calls == [2, 3, 4]


ARENAS = """
import ctypes, sys, threading
if "few" in sys.argv:
    from stillpoint.models import pipeline
    pipeline.few_arenas()
meet = threading.Barrier(12)
def take():
    held = [bytes(2000) for _ in range(50)]
    meet.wait()
threads = [threading.Thread(target=take) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
library = ctypes.CDLL(None)
library.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(library.fdopen(1, b"w"))
library.malloc_info(0, stream)
library.fflush(stream)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has arenas")
def test_threads_share_a_few_arenas():
    def counted(*given: str) -> int:
        environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
        done = subprocess.run([sys.executable, "-c", ARENAS, *given], env=environment, capture_output=True, text=True, check=True)
        return done.stdout.count("<heap nr=")

    if counted() < 3:
        pytest.skip("the C library of this system has no arenas")
    assert counted("few") <= max(2, pipeline.cores() // 2)
