"""Pieces on this machine: in order, bounded, cut up where memory runs out, stopped when nobody wants them."""

from __future__ import annotations

import threading
import time

import pytest

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.executors import quarters, resources
from stillpoint.models.executors.here import run_here
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.tiles import Tile, tiles
from stillpoint.tests.models.executors.works import Sums

PIECES = [range(start, start + 8) for start in range(0, 80, 8)]


def test_results_come_in_order():
    found = list(run_here(Sums(), PIECES, threads=3, progress=SILENT))
    assert found == [(piece, sum(piece)) for piece in PIECES]


def test_memory_does_not_depend_on_the_number_of_pieces():
    taken = []

    def items():
        for piece in PIECES:
            taken.append(piece)
            yield piece

    running = run_here(Sums(), items(), threads=2, progress=SILENT)
    next(running)
    time.sleep(0.3)
    assert len(taken) <= 2 + 1 + 2  # at work and ahead, and what waits to be handed over
    running.close()
    assert threading.active_count() < 20


def test_what_memory_is_too_small_for_is_cut_up_and_so_is_what_follows():
    seen = []

    class Watched(Sums):
        def compute(self, parcel, values, progress):
            seen.append(len(values))
            return super().compute(parcel, values, progress)

    found = list(run_here(Watched(most=3), PIECES, threads=1, progress=SILENT))
    assert [piece for piece, _ in found] == [piece[start : start + 2] for piece in PIECES for start in range(0, 8, 2)]
    assert sum(value for _, value in found) == sum(range(80))
    assert seen.count(8) <= 3  # those that were on their way already


def test_a_piece_that_cannot_be_smaller_is_a_sentence():
    with pytest.raises(StillpointError, match="not enough memory, even for the smallest piece"):
        list(run_here(Sums(most=0), PIECES, threads=2, progress=SILENT))


def test_an_error_of_a_source_comes_through():
    def items():
        yield PIECES[0]
        raise StillpointError("row 9 is no number")

    with pytest.raises(StillpointError, match="row 9"):
        list(run_here(Sums(), items(), threads=2, progress=SILENT))


def test_a_cancel_reaches_pieces_at_work():
    stop = threading.Event()
    running = run_here(Sums(seconds=30), PIECES, threads=2, progress=Progress(cancelled=stop.is_set))
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        list(running)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("multiple", [1, 16])
def test_quarters_cover_the_tile_with_its_overlap(multiple):
    tile = next(iter(tiles((100, 90), 64, overlap=10)))
    parts = quarters(tile, (100, 90), least=16, multiple=multiple)
    assert len(parts) == 4
    assert sum((p.rows.stop - p.rows.start) * (p.cols.stop - p.cols.start) for p in parts) == 64 * 64
    assert parts[3].read_rows == slice(22, 74) and parts[0].read_cols == slice(0, 42)
    assert all(p.rows.start % multiple == 0 for p in parts)
    assert quarters(Tile(*[slice(0, 20)] * 4), (20, 20), least=16) == []


def test_memory_at_hand_is_what_the_tightest_limit_leaves(monkeypatch, tmp_path):
    group = tmp_path / "job" / "step"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group.parent / "memory.max").write_text(f"{2 << 30}\n")
    (group.parent / "memory.current").write_text(f"{1 << 30}\n")
    (group.parent / "memory.stat").write_text(f"anon 5\ninactive_file {1 << 29}\n")
    (group.parent / "cpu.max").write_text("150000 100000\n")
    own = tmp_path / "cgroup"
    own.write_text("0::/job/step\n")
    text = resources._text
    monkeypatch.setattr(resources, "_CGROUPS", tmp_path)
    monkeypatch.setattr(resources, "_text", lambda path: text(own if str(path) == "/proc/self/cgroup" else path))
    monkeypatch.setattr(resources, "_of_machine", lambda: 64 << 30)
    monkeypatch.setattr(resources, "allowed_cores", lambda: 8)
    assert resources.free_memory() == (1 << 30) + (1 << 29)
    assert resources.cores() == 2
    assert resources.memory_budget() == pytest.approx(min(0.6 * 1.5 * 2**30, 1e9))


@pytest.mark.parametrize("text", ["CUDA out of memory. Tried", "DefaultCPUAllocator: can't allocate memory", "std::bad_alloc"])
def test_errors_of_memory_are_known(text):
    assert resources.is_memory_error(RuntimeError(text)) and not resources.is_memory_error(RuntimeError("bad shape"))
