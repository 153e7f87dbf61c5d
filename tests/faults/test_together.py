"""Two runs on one output, the same job again, and QGIS closed while the engine works."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from . import cases
from .forks import Forks


@pytest.mark.parametrize("case", [*cases.MAIN, "trends-shapefile", "simulate-scene"])
def test_two_runs_on_one_output(case: str, given: Path, out: Path, forks: Forks) -> None:
    """The last to end wins, and nothing is mixed."""
    job = cases.CASES[case](given, out)
    engines = [forks.engine() for _ in range(2)]
    for engine in engines:
        engine.start(job)
    ends = [engine.end() for engine in engines]
    for engine in engines:
        engine.close()
        assert engine.gone()
    assert any(end["event"] == "result" for end in ends), ends
    for end in ends:
        assert end["event"] == "result" or cases.sentence(end["message"]), end
    assert not [name for name in cases.left(out) if "partial" in name]
    alone = out.with_name("alone")
    alone.mkdir()
    assert forks.run(cases.CASES[case](given, alone))["event"] == "result"
    assert cases.contents(out) == cases.contents(alone)


@pytest.mark.parametrize("case", list(cases.CASES))
def test_the_same_job_again_gives_the_same(case: str, given: Path, out: Path, forks: Forks) -> None:
    job = cases.CASES[case](given, out)
    assert forks.run(job)["event"] == "result"
    first = cases.contents(out)
    assert forks.run(job)["event"] == "result"
    assert cases.contents(out) == first


QGIS_SIDE = """
    import json, os, sys, threading, time
    from stillpoint.models.jobs import from_json
    from stillpoint.plugin import environment, runner

    interpreter = environment.Interpreter(sys.executable, "variable", "3", {})
    def told(fraction, message):
        print(json.dumps([fraction, runner.ENGINE.pids()]), flush=True)
    def work():
        try:
            runner.run(from_json(sys.argv[1]), report=told, interpreter=interpreter)
            print(json.dumps(["done", []]), flush=True)
        except BaseException as error:
            print(json.dumps([type(error).__name__, []]), flush=True)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(200)
"""


def closed_while_running(how: str, given: Path, out: Path, wait: float) -> None:
    """Start a job as QGIS does, end that process, and see that the engine follows it and leaves nothing."""
    pytest.importorskip("qgis.core")
    from stillpoint.models.jobs import Simulate

    job = Simulate(output=str(out / "valley.gpkg"), points=3_000_000)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(QGIS_SIDE), job.to_json()], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    try:
        stream = process.stdout
        assert stream is not None
        pids = []
        while not pids:
            line = stream.readline()
            assert line, "the job ended before it began"
            pids = json.loads(line)[1]
        time.sleep(wait)
        if how == "killed":
            process.kill()
        else:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        until = time.monotonic() + 30
        while time.monotonic() < until and any(Path(f"/proc/{pid}").exists() for pid in pids):
            time.sleep(0.05)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids), "the engine goes on without QGIS"
        assert cases.left(out) == []
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
        if process.stdout:
            process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are looked for as Linux lists them")
@pytest.mark.parametrize("how", ["killed", "ended"])
def test_qgis_closed_while_running(how: str, given: Path, out: Path, chance: random.Random) -> None:
    closed_while_running(how, given, out, chance.uniform(0.0, 0.5))
