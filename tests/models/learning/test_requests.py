"""A real training in a real worker: it tells its epochs, waits, goes on, and ends early with a result."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest

from stillpoint.models import worker
from stillpoint.models.learning import library
from stillpoint.models.trends import mirmazloumi

SAMPLES = mirmazloumi.simulated_samples(3, each=20)


class Line:
    """A worker in a thread, spoken to over pipes."""

    def __init__(self) -> None:
        given, self._given = os.pipe()
        told, self._told = os.pipe()
        self._input = os.fdopen(self._given, "w", encoding="utf-8")
        self._output = os.fdopen(told, encoding="utf-8")
        self.events: list = []
        streams = os.fdopen(given, encoding="utf-8"), os.fdopen(self._told, "w", encoding="utf-8")
        self._thread = threading.Thread(target=lambda: worker.serve(*streams), daemon=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self._reader.start()

    def _read(self) -> None:
        for line in self._output:
            self.events.append(json.loads(line))

    def send(self, **command) -> None:
        self._input.write(json.dumps(command) + "\n")
        self._input.flush()

    def rows(self) -> list:
        return [event["row"] for event in self.events if event["event"] == "figures"]

    def until(self, wanted) -> None:
        end = time.monotonic() + 60
        while not wanted():
            assert time.monotonic() < end, self.events[-3:]
            time.sleep(0.01)

    def ended(self, number: int = 1) -> bool:
        last = self.events[-1] if self.events else {}
        return last.get("id") == number and last["event"] in ("result", "error", "cancelled")

    def close(self) -> None:
        self.send(command="quit")
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(mirmazloumi, "simulated_samples", lambda seed: SAMPLES)
    opened = Line()
    yield opened
    opened.close()


def training(path, **more):
    given = {"capability": "trends", "network": "mirmazloumi_cnn", "output": str(path), "epochs": 5000, "device": "cpu", **more}
    return {"format": 1, "task": "train", "parameters": given}


def test_paused_gone_on_and_ended_early(line, tmp_path):
    output = tmp_path / "net.safetensors"
    line.send(command="run", id=1, job=training(output))
    line.until(lambda: len(line.rows()) > 2)
    assert line.rows()[0] == {
        "about": "training", "metric": "validation accuracy", "larger_is_better": True, "epochs": 5000, "patience": 0
    }  # fmt: skip
    line.send(command="pause", id=1)
    line.until(lambda: any(event.get("message") == "Paused" for event in line.events))
    known = len(line.rows())
    time.sleep(0.3)
    assert len(line.rows()) == known and not output.exists()
    line.send(command="go-on", id=1)
    line.until(lambda: len(line.rows()) > known)
    line.send(command="finish", id=1)
    line.until(line.ended)
    result = line.events[-1]["result"]
    assert result["details"]["ended"] == "asked" and 0 < result["details"]["best_epoch"] < 5000
    assert library.read_header(output).metrics and not (tmp_path / "net.checkpoint").exists()
    assert [row["epoch"] for row in line.rows()[1:]] == list(range(1, len(line.rows())))


def test_cancelled_while_paused_and_resumed(line, tmp_path):
    output = tmp_path / "net.safetensors"
    line.send(command="run", id=1, job=training(output))
    line.until(lambda: len(line.rows()) > 2)
    line.send(command="pause", id=1)
    line.until(lambda: any(event.get("message") == "Paused" for event in line.events))
    line.send(command="cancel", id=1)
    line.until(line.ended)
    assert line.events[-1]["event"] == "cancelled" and "--resume goes on" in line.events[-1]["message"]
    known = len(line.rows())
    line.send(command="run", id=2, job=training(output, resume=True))
    line.send(command="finish", id=2)
    line.until(lambda: line.ended(2))
    again = line.rows()[known:]
    assert line.events[-1]["event"] == "result"
    assert [row["epoch"] for row in again[1:known]] == [row["epoch"] for row in line.rows()[1:known]], "what is known is told again"
    assert len(again) == known + 1, "one step more, as nothing can end before it begins"
