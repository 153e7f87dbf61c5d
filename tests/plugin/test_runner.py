"""The door to the engine: results, progress, cancel, and every way in which an engine can die."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

pytest.importorskip("qgis.core")

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import CheckEnvironment, DescribePoints, Simulate, TrainModel
from stillpoint.plugin import endings, environment, runner


def job(name):
    return Simulate(output=f"/nowhere/{name}.gpkg")


def training(epochs):
    return TrainModel(capability="trends", output="/nowhere/net.safetensors", epochs=epochs)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_result_progress_and_log_arrive(fake_engine):
    progress, log = [], []
    result = runner.run(job("fine"), report=lambda *a: progress.append(a), log=lambda *a: log.append(a))
    assert result.outputs == {"output": "/nowhere/fine.gpkg"}
    assert result.warnings == ["A warning."]
    assert (0.5, "half") in progress
    assert ("info", "working") in log


def test_figures_arrive(fake_engine):
    rows = []
    runner.run(training(epochs=3), figures=rows.append)
    assert rows[0]["about"] == "training" and rows[0]["metric"] == "val_f1"
    assert [row["epoch"] for row in rows[1:]] == [1, 2, 3]


def test_a_training_waits_goes_on_and_ends_early(fake_engine):
    rows, seen = [], []
    asked = "run"

    def figures(row):
        nonlocal asked
        rows.append(row)
        if row.get("epoch") == 3:
            asked = "pause"

    def report(fraction, message):
        nonlocal asked
        if message == "Paused":
            seen.append(len(rows))
            time.sleep(0.3)
            seen.append(len(rows))
            asked = "finish" if len(seen) > 2 else "run"

    result = runner.run(training(epochs=0), figures=figures, report=report, request=lambda: asked)
    assert len(seen) == 2 and seen[0] == seen[1], "nothing is learnt while it waits"
    assert result.details["epochs"] == 40
    assert runner.run(training(epochs=0), request=lambda: "finish").details["epochs"] < 40


def test_work_carries_requests_and_figures(fake_engine, qtbot):
    from stillpoint.plugin import tasks

    work = tasks.job_work(training(epochs=200))
    rows, results, messages = [], [], []
    work.figures.connect(rows.append)
    work.done.connect(results.append)
    work.message.connect(messages.append)
    tasks.start(work)
    qtbot.waitUntil(lambda: len(rows) > 2, timeout=10000)
    assert isinstance(rows[0], dict) and rows[0]["larger_is_better"] is True
    work.pause()
    qtbot.waitUntil(lambda: "Paused" in messages, timeout=5000)
    known = len(rows)
    qtbot.wait(200)
    assert len(rows) == known
    work.go_on()
    qtbot.waitUntil(lambda: len(rows) > known, timeout=5000)
    work.finish()
    work.go_on()
    assert work.request == "finish"
    qtbot.waitUntil(lambda: bool(results), timeout=5000)
    assert 0 < results[0].details["epochs"] < 200


def test_the_warm_worker_serves_the_next_job(fake_engine):
    pids = {runner.run(job("fine")).details["pid"] for _ in range(3)}
    assert len(pids) == 1
    assert runner.ENGINE.pids() == list(pids)


def test_two_jobs_side_by_side_and_one_worker_stays(fake_engine):
    stop = threading.Event()
    ended = []

    def slow():
        try:
            runner.run(job("slow"), cancelled=stop.is_set)
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=slow)
    thread.start()
    time.sleep(0.3)
    assert runner.run(job("fine")).summary == "done"
    assert len(runner.ENGINE.pids()) == 2 and runner.is_busy()
    stop.set()
    thread.join(5)
    assert ended == ["cancelled"] and not runner.is_busy()
    assert len(runner.ENGINE.pids()) == 1


def test_polite_cancel_keeps_the_worker(fake_engine):
    started = time.monotonic()
    with pytest.raises(Cancelled):
        runner.run(job("slow"), cancelled=lambda: time.monotonic() - started > 0.3)
    assert time.monotonic() - started < 2.0
    pid = runner.ENGINE.pids()[0]
    assert runner.run(job("fine")).details["pid"] == pid


def test_engine_that_does_not_listen_is_killed(fake_engine):
    started = time.monotonic()
    pids = []

    def cancelled():
        pids.extend(runner.ENGINE.pids())
        return time.monotonic() - started > 0.3

    with pytest.raises(Cancelled):
        runner.run(job("stubborn"), cancelled=cancelled)
    assert time.monotonic() - started < 3.0
    assert runner.ENGINE.pids() == []
    assert not alive(pids[0])


@pytest.mark.parametrize(
    ("name", "sentence", "kind"),
    [
        ("garbage", "sent something that is no message", "protocol"),
        ("list", "sent something that is no message", "protocol"),
        ("dies", "ended from outside", "memory"),
        ("memory", "ran out of memory", "memory"),
        ("exits", "ended unexpectedly \\(exit status 3\\)", "crash"),
        ("fails", "no date columns", "user"),
        ("incomplete", "environment is incomplete", "environment"),
    ],
)
def test_every_end_is_a_sentence_and_the_next_job_works(fake_engine, name, sentence, kind):
    with pytest.raises(runner.EngineError, match=sentence) as caught:
        runner.run(job(name))
    assert caught.value.kind == kind
    assert "Traceback" not in str(caught.value)
    assert runner.run(job("fine")).summary == "done"


def test_engine_killed_in_the_middle(fake_engine):
    def report(fraction, message):
        for pid in runner.ENGINE.pids():
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(runner.EngineError, match=r"killed.*QGIS is not affected"):
        runner.run(job("slow"), report=report)
    assert runner.run(job("fine")).summary == "done"


def test_killed_engine_leaves_no_draft_of_its_own(fake_engine, tmp_path):
    others = [tmp_path / ".dies.gpkg.89abcdef.partial", tmp_path / ".dies.gpkg.notes.partial"]
    for other in others:
        other.mkdir()
    with pytest.raises(runner.EngineError, match="ended from outside"):
        runner.run(Simulate(output=str(tmp_path / "dies.gpkg")))
    assert sorted(tmp_path.iterdir()) == others


def test_close_ends_running_jobs_and_processes(fake_engine):
    ended = []

    def slow():
        try:
            runner.run(job("slow"))
        except Cancelled:
            ended.append("cancelled")

    thread = threading.Thread(target=slow)
    thread.start()
    while not runner.ENGINE.pids():
        time.sleep(0.02)
    pid = runner.ENGINE.pids()[0]
    time.sleep(0.3)
    runner.close()
    thread.join(5)
    assert ended == ["cancelled"]
    assert not alive(pid)
    assert runner.run(job("fine")).summary == "done"


def test_idle_worker_ends_after_a_while(fake_engine):
    engine = runner.Engine(idle_seconds=0.2)
    engine.run(job("fine"))
    assert len(engine.pids()) == 1
    end = time.monotonic() + 5
    while engine.pids() and time.monotonic() < end:
        time.sleep(0.05)
    assert engine.pids() == []


def test_program_that_is_no_python(fake_engine, tmp_path):
    program = tmp_path / "python3"
    program.write_text("not a program")
    program.chmod(0o755)
    wrong = environment.Interpreter(str(program), "setting")
    with pytest.raises(runner.EngineError, match="cannot be started"):
        runner.run(job("fine"), interpreter=wrong)


def test_interpreter_that_ends_before_a_word(fake_engine, tmp_path):
    program = tmp_path / "python3"
    program.write_text("#!/bin/sh\necho 'ModuleNotFoundError: No module named numpy' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(runner.EngineError, match="environment is incomplete"):
        runner.run(job("fine"), interpreter=environment.Interpreter(str(program), "setting"))


@pytest.mark.parametrize(
    ("status", "output", "sentence"),
    [
        (-11, "", "crashed (SIGSEGV)"),
        (0xC0000005, "", "crashed (0xC0000005)"),
        (-1073741515, "", "environment is incomplete"),
        (137, "", "killed"),
        (1, "torch.cuda.OutOfMemoryError: CUDA out of memory", "ran out of memory"),
        (None, "", "ended unexpectedly"),
    ],
)
def test_deaths_in_words(status, output, sentence):
    assert sentence in endings.explain_death(status, output)[0]


def test_real_worker_checks_its_environment_and_reports_bad_input(real_engine):
    progress = []
    result = real_engine.run(CheckEnvironment(device="cpu"), report=lambda *a: progress.append(a))
    assert result.details["devices"][0]["ok"]
    assert progress and progress[-1][0] <= 1.0
    with pytest.raises(StillpointError):
        real_engine.run(DescribePoints(points="/nowhere/points.csv"))
    assert len(real_engine.ENGINE.pids()) == 1


def test_real_worker_ends_when_its_input_ends(real_engine):
    real_engine.run(CheckEnvironment(device="cpu"))
    worker = real_engine.ENGINE._idle[0]
    worker.process.stdin.close()
    assert worker.process.wait(10) == 0


def test_interpreter_without_torch_is_a_sentence(qgis_app, monkeypatch, tmp_path):
    bare = tmp_path / "python3"
    bare.write_text(f"#!/bin/sh\nexec {sys.executable} -S -I \"$@\"\n")  # no site-packages: no torch
    bare.chmod(0o755)
    monkeypatch.setenv(environment.VARIABLE, str(bare))
    environment.forget()
    with pytest.raises(environment.EngineMissingError, match=r"has no .*torch.*Set-up"):
        runner.run(job("fine"))


def test_killed_while_it_writes_for_real(real_engine, tmp_path):
    def report(fraction, message):
        if fraction > 0.1:
            for pid in real_engine.ENGINE.pids():
                os.kill(pid, signal.SIGKILL)

    with pytest.raises(runner.EngineError, match="ended from outside"):
        real_engine.run(Simulate(output=str(tmp_path / "valley.gpkg"), points=200_000), report=report)
    assert list(tmp_path.iterdir()) == []
    assert real_engine.run(Simulate(output=str(tmp_path / "valley.gpkg"), points=50)).outputs


def test_work_that_was_cancelled_too_late_is_done(qgis_app, qtbot):
    """Whoever cancels a moment after the file was written must not read that nothing was written."""
    from stillpoint.plugin import tasks

    running = threading.Event()

    def function(work):
        running.set()
        while not work.isCanceled():
            time.sleep(0.01)
        return "written"

    work = tasks.Work("late", function)
    ends = []
    work.done.connect(ends.append)
    work.stopped.connect(lambda: ends.append("stopped"))
    tasks.start(work)
    qtbot.waitUntil(running.is_set, timeout=5000)
    work.cancel()
    qtbot.waitUntil(lambda: bool(ends), timeout=5000)
    assert ends == ["written"]


def test_a_prepared_engine_serves_the_first_job(fake_engine):
    runner.prepare("simulate")
    end = time.monotonic() + 10
    while not runner.ENGINE.pids() and time.monotonic() < end:
        time.sleep(0.02)
    prepared = runner.ENGINE.pids()
    assert len(prepared) == 1
    assert runner.run(job("fine")).details["pid"] == prepared[0]
    runner.prepare("simulate")  # one is at hand
    time.sleep(0.1)
    assert runner.ENGINE.pids() == prepared


def test_a_prepared_engine_that_died_is_replaced(fake_engine):
    runner.prepare("simulate")
    end = time.monotonic() + 10
    while not runner.ENGINE.pids() and time.monotonic() < end:
        time.sleep(0.02)
    (pid,) = runner.ENGINE.pids()
    os.kill(pid, signal.SIGKILL)
    while runner.ENGINE.pids() and time.monotonic() < end:
        time.sleep(0.02)
    assert runner.run(job("fine")).details["pid"] != pid


def test_a_prepared_engine_that_nobody_uses_ends(fake_engine):
    engine = runner.Engine(idle_seconds=0.3)
    engine.prepare("simulate")
    end = time.monotonic() + 10
    seen = []
    while not seen and time.monotonic() < end:
        seen = engine.pids()
    while (engine.pids() or alive(seen[0])) and time.monotonic() < end:
        time.sleep(0.05)
    assert seen and engine.pids() == [] and not alive(seen[0])


def test_nothing_is_prepared_after_unload(fake_engine):
    engine = runner.Engine()
    interpreter = environment.remembered()
    engine._prepare(interpreter, "simulate", engine._generation - 1)
    assert engine.pids() == []
