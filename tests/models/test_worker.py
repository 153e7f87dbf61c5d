"""The worker process: protocol, cancel, errors in the user's words, and an end when nobody listens."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from functools import partial
from typing import Any, Dict, Iterator, List

import pytest

from stillpoint.models import worker
from stillpoint.models.errors import Cancelled
from stillpoint.models.progress import Progress


class Engine:
    """A worker process under test."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stillpoint.models", "worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def send(self, **command: Any) -> None:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def event(self) -> Dict[str, Any]:
        return json.loads(self.process.stdout.readline())

    def until(self, *kinds: str) -> List[Dict[str, Any]]:
        events = [self.event()]
        while events[-1]["event"] not in kinds:
            events.append(self.event())
        return events


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = Engine()
    assert running.event()["event"] == "ready"
    yield running
    running.process.kill()
    running.process.communicate()


def simulate(output, points: int = 200) -> Dict[str, Any]:
    return {"format": 1, "task": "simulate", "parameters": {"output": str(output), "points": points, "dates": 40}}


def test_two_jobs_in_one_worker(engine, tmp_path):
    for number in (1, 2):
        engine.send(command="run", id=number, job=simulate(tmp_path / f"{number}.gpkg"))
        last = engine.until("result", "error")[-1]
        assert last["event"] == "result" and last["id"] == number
        assert (tmp_path / f"{number}.gpkg").is_file()


def test_errors_are_sentences_and_the_worker_lives(engine, tmp_path):
    engine.send(command="run", id=1, job={"task": "fly"})
    error = engine.until("error")[-1]
    assert error["kind"] == "user" and "Unknown task 'fly'" in error["message"]
    engine.process.stdin.write("no json\n")
    engine.process.stdin.flush()
    assert engine.until("error")[-1]["kind"] == "protocol"
    engine.send(command="run", id=2, job=simulate(tmp_path / "x.gpkg"))
    assert engine.until("result", "error")[-1]["event"] == "result"


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\n", b"[]\n", b"3\n", b'"run"\n', b'{"command": "fly"}\n', b'{"command": "cancel", "id": [1]}\n',
        b'{"command": "run", "id": {}, "job": {}}\n', b"[" * 100_000 + b"\n",
    ],
)
def test_whatever_a_line_holds_the_next_is_read(line):
    stream = io.StringIO()
    job = b'{"command": "run", "id": 1, "job": {"task": "fly"}}\n'
    taken = worker._Orders(worker.Events(stream))
    taken.read(io.TextIOWrapper(io.BytesIO(line + job), encoding="utf-8", errors="replace"))
    assert json.loads(stream.getvalue())["kind"] == "protocol"
    assert taken.todo.get_nowait()["id"] == 1 and taken.todo.get_nowait() is None


def test_only_jobs_that_wait_or_run_are_cancelled():
    taken = worker._Orders(worker.Events(io.StringIO()))
    for line in ('{"command": "cancel", "id": 1}', '{"command": "run", "id": 1}', '{"command": "run", "id": 2}'):
        taken._take(json.loads(line))
    assert not taken.unwanted(1), "cancelled before it was asked for"
    for _ in range(2):
        taken._take({"command": "cancel", "id": 2})
    assert taken.unwanted(2) and not taken.unwanted(1)
    taken.done(2)
    taken._take({"command": "cancel", "id": 2})
    assert not taken.unwanted(2), "the next job of this number is another one"
    taken.end()
    assert taken.unwanted(1)


def test_requests_reach_their_job_alone():
    taken = worker._Orders(worker.Events(io.StringIO()))
    for number in (1, 2):
        taken._take({"command": "run", "id": number})
    taken._take({"command": "pause", "id": 1})
    taken._take({"command": "pause", "id": 7})
    assert (taken.request(1), taken.request(2), taken.request(7)) == ("pause", "run", "run")
    taken._take({"command": "go-on", "id": 1})
    assert taken.request(1) == "run"
    taken._take({"command": "finish", "id": 1})
    taken._take({"command": "go-on", "id": 1})
    assert taken.request(1) == "finish", "who ends early cannot go back"
    taken.done(1)
    assert taken.request(1) == "run"


def test_figures_travel_and_none_is_left_out():
    stream = io.StringIO()
    progress = Progress(figures=partial(worker.Events(stream).figures, id=3)).part(0.2, 0.4)
    rows = [{"epoch": number, "loss": 0.5, "best": number == 0, "name": "höchst"} for number in range(30)]
    for row in rows:
        progress.figures(row)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [
        {"event": "figures", "row": row, "id": 3} for row in rows
    ]


def test_a_pause_waits_until_it_is_over_and_a_cancel_ends_it():
    said = ["pause", "pause", "pause", "run"]
    told = []
    progress = Progress(lambda fraction, message: told.append(message), request=lambda: said.pop(0) if said else "run").part(0, 1)
    assert progress.wait(0.5) > 0.1 and told == ["Paused"] and not said
    assert progress.wait(0.5) == 0.0
    with pytest.raises(Cancelled):
        Progress(cancelled=lambda: True, request=lambda: "pause").wait(0.5)


def test_names_that_are_no_text_travel(engine):
    engine.send(command="run", id=1, job={"task": "describe-points", "parameters": {"points": "/nowhere/\udc80.csv"}})
    assert "/nowhere/\udc80.csv" in engine.until("error")[-1]["message"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking")
def test_terminated_worker_leaves_nothing(engine, tmp_path):
    engine.send(command="run", id=1, job=simulate(tmp_path / "big.gpkg", points=3_000_000))
    engine.until("progress")
    engine.process.send_signal(signal.SIGTERM)
    assert engine.until("cancelled", "result", "error")[-1]["event"] == "cancelled"
    assert engine.process.wait(timeout=20) == 0
    assert list(tmp_path.iterdir()) == []


def test_cancel_leaves_nothing(engine, tmp_path):
    engine.send(command="run", id=1, job=simulate(tmp_path / "big.gpkg", points=3_000_000))
    engine.until("progress")
    engine.send(command="cancel", id=1)
    began = time.monotonic()
    assert engine.until("cancelled", "result", "error")[-1]["event"] == "cancelled"
    assert time.monotonic() - began < 20
    assert list(tmp_path.iterdir()) == []


def test_quit_and_end_of_input(engine):
    engine.send(command="quit")
    assert engine.process.wait(timeout=20) == 0


def test_whoever_asked_is_gone(tmp_path):
    running = Engine()
    running.event()
    running.send(command="run", id=1, job=simulate(tmp_path / "big.gpkg", points=3_000_000))
    running.until("progress")
    running.process.stdin.close()
    assert running.process.wait(timeout=30) == 0
    running.process.stdout.close()
    running.process.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_prints_do_not_reach_the_protocol():
    code = (
        "import sys, os; from stillpoint.models import worker; stream = worker.claim_stdout();"
        "print('chatter'); os.system('echo more'); stream.write('kept\\n'); stream.flush()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "kept\n"
    assert "chatter" in done.stderr and "more" in done.stderr


def test_interrupt_on_the_command_line(tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-m", "stillpoint.models", "simulate", "--points", "3000000", "--output",
         str(tmp_path / "big.gpkg"), "--progress", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    assert json.loads(running.stdout.readline())["event"] == "progress"
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    assert json.loads(out.splitlines()[-1])["event"] == "cancelled"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OSError(28, "No space left on device"), "user", "disk is full"),
        (PermissionError(13, "denied", "/x/y"), "user", "No permission to access /x/y"),
        (RuntimeError("CUDA out of memory"), "memory", "not enough memory"),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), "environment", "set-up"),
        (ModuleNotFoundError("No module named 'stillpoint.x'", name="stillpoint.x"), "crash", "failed"),
        (ZeroDivisionError("by zero"), "crash", "ZeroDivisionError"),
    ],
)
def test_unforeseen_errors_get_a_sentence(error, kind, words):
    message, found = worker.explain(error)
    assert found == kind and words in message


def test_what_is_prepared_does_not_stand_in_the_way_of_jobs(engine, tmp_path):
    engine.send(command="prepare", task="simulate")
    engine.send(command="prepare", task="fly")  # an unknown task is the job's own affair
    engine.send(command="run", id=1, job=simulate(tmp_path / "1.gpkg"))
    assert engine.until("result", "error")[-1]["event"] == "result"
    engine.send(command="prepare", task=["simulate"])
    assert engine.until("error")[-1]["kind"] == "protocol"


def test_preparing_loads_the_libraries(monkeypatch):
    asked = []
    monkeypatch.setattr(worker, "PREPARE_AFTER", 0.01)
    monkeypatch.setattr(worker.dispatch, "prepare", lambda task: (asked.append(task), orders.end()))
    orders = worker._Orders(worker.Events(io.StringIO()))
    orders._take({"command": "prepare", "task": "classify-trends"})
    assert orders.next() is None
    assert asked == ["classify-trends"]
