"""The training loop: a killed and resumed run equals one that was not, the best epoch counts, requests are heard."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import checkpoint, loop
from stillpoint.models.progress import Progress

SETTINGS = loop.Settings(steps=60, epoch=10)


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Dropout(0.2), torch.nn.Linear(8, 1))


def draw(step):
    return (torch.randn(32, 4, generator=torch.Generator().manual_seed(1000 + step)),)


def loss(model, part):
    (x,) = part.examples
    return ((model(x)[:, 0] - x[:, 0] * x[:, 1]) ** 2).sum() / len(part.whole[0])


def job(folder, **given):
    return TrainModel(capability="trends", output=str(folder / "net.safetensors"), seed=4, **given)


def same(one, two):
    return all(torch.equal(first, second) for first, second in zip(one.state_dict().values(), two.state_dict().values()))


def without_seconds(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def stop_after(steps):
    calls = []
    return Progress(lambda fraction, message: calls.append(fraction), lambda: len(calls) >= steps)


def test_loss_falls(tmp_path):
    rows = loop.train(job(tmp_path), network(), draw, loss, loop.Settings(steps=400, epoch=100, rate=1e-2)).rows
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4] and rows[-1]["loss"] < 0.8 * rows[0]["loss"]
    assert rows == sorted(rows, key=lambda row: row["seconds"])


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_resumed_equals_uninterrupted(tmp_path, layout):
    def pictures():
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(64, 1)
        )
        return net.to(memory_format=layout)

    def images(step):
        return (torch.randn(6, 3, 6, 6, generator=torch.Generator().manual_seed(step)),)

    def misfit(model, part):
        return (model(part.examples[0].contiguous(memory_format=layout)) - 1).square().mean()

    whole, again = pictures(), pictures()
    first = loop.train(job(tmp_path), whole, images, misfit, SETTINGS)
    with pytest.raises(Cancelled):
        loop.train(job(tmp_path), pictures(), images, misfit, SETTINGS, progress=stop_after(37))
    second = loop.train(job(tmp_path, resume=True), again, images, misfit, SETTINGS)
    assert same(whole, again)
    assert without_seconds(first.rows) == without_seconds(second.rows) and first.best == second.best
    assert [path.name for path in tmp_path.iterdir()] == ["net.checkpoint"]


def test_dropout_too_is_the_same_after_a_resumption(tmp_path):
    whole, again = network(), network()
    loop.train(job(tmp_path), whole, draw, loss, SETTINGS)
    with pytest.raises(Cancelled):
        loop.train(job(tmp_path), network(), draw, loss, SETTINGS, progress=stop_after(25))
    torch.randn(7)  # whatever else was drawn meanwhile
    loop.train(job(tmp_path, resume=True), again, draw, loss, SETTINGS)
    assert same(whole, again)


def by_turns(figures):
    """Return a judge that says one figure after the other, and the networks that it was shown."""
    shown = []

    def judge(net):
        shown.append({name: value.clone() for name, value in net.state_dict().items()})
        return {"figure": figures[len(shown) - 1]}

    return judge, shown


def test_the_best_epoch_is_the_result_and_patience_ends_it(tmp_path):
    judge, shown = by_turns([0.1, 0.5, 0.5, 0.4])
    settings = replace(SETTINGS, by="figure", larger_is_better=True, patience=2)
    net, rows = network(), []
    record = loop.train(job(tmp_path), net, draw, loss, settings, judge=judge, progress=Progress(figures=rows.append))
    assert (record.best, record.epochs, record.ended) == (2, 4, "patience") and "epoch 2" in record.ending()
    assert all(torch.equal(net.state_dict()[name], value) for name, value in shown[1].items())
    assert rows[0] == {"about": "training", "metric": "figure", "larger_is_better": True, "epochs": 6, "patience": 2}
    assert [(row["epoch"], row["step"], row["steps"], row["best"], row["figure"]) for row in rows[1:]] == [
        (1, 10, 60, True, 0.1), (2, 20, 60, True, 0.5), (3, 30, 60, False, 0.5), (4, 40, 60, False, 0.4)
    ]  # fmt: skip
    ended = loop.train(job(tmp_path, resume=True), network(), draw, loss, settings, judge=lambda net: 1 / 0)
    assert without_seconds(ended.rows) == without_seconds(record.rows), "what is over is not begun again"


def test_smaller_is_better_and_no_number_is_never_best(tmp_path):
    nan = float("nan")
    judge, _ = by_turns([nan, 3.0, 1.0, nan, 2.0, 1.5])
    record = loop.train(job(tmp_path), network(), draw, loss, replace(SETTINGS, by="figure"), judge=judge)
    assert record.best == 3 and [row["best"] for row in record.rows] == [True, True, True, False, False, False]


def test_a_start_that_nothing_beats_is_the_result(tmp_path):
    start, net = network(), network()
    torch.nn.init.constant_(start[0].weight, 0.25)
    judge, _ = by_turns([0.9, 0.1, 0.9, 0.2, 0.1, 0.1, 0.1])
    record = loop.train(
        job(tmp_path), net, draw, loss, replace(SETTINGS, by="figure", larger_is_better=True), judge=judge, start=start
    )
    assert record.best == 0 and [row["epoch"] for row in record.rows] == list(range(7)) and same(net, start)


def test_finish_keeps_the_best_so_far_and_survives_a_kill(tmp_path):
    rows = []
    progress = Progress(figures=rows.append, request=lambda: "finish" if len(rows) == 3 else "run")
    net, again = network(), network()
    record = loop.train(job(tmp_path), net, draw, loss, SETTINGS, progress=progress)
    assert (record.ended, record.epochs, record.rows[-1]["step"]) == ("asked", 3, 21), "the epoch that was begun counts, too"
    assert loop.train(job(tmp_path, resume=True), again, draw, loss, SETTINGS).ended == "asked" and same(net, again)
    alone = loop.train(job(tmp_path), network(), draw, loss, SETTINGS, progress=Progress(request=lambda: "finish"))
    assert alone.rows[-1]["step"] == 1 and alone.best == 1, "one step at least"


def test_a_pause_changes_nothing_and_does_not_count(tmp_path):
    whole, paused, told = network(), network(), []
    loop.train(job(tmp_path), whole, draw, loss, SETTINGS)
    said = ["pause"] * 10
    progress = Progress(lambda fraction, message: told.append(message), request=lambda: said.pop() if said else "run")
    began = time.monotonic()
    record = loop.train(job(tmp_path), paused, draw, loss, SETTINGS, progress=progress)
    assert same(whole, paused) and "Paused" in told
    assert record.rows[-1]["seconds"] < time.monotonic() - began - 0.45


def test_time_left_is_told(tmp_path):
    told = []
    loop.train(job(tmp_path), network(), draw, loss, SETTINGS, progress=Progress(lambda fraction, message: told.append(message)))
    assert told[40].startswith("Epoch 5 of 6, loss ") and told[40].endswith(", 5 s left") and told[-1] == "Epoch 6 of 6"
    assert [loop.in_words(seconds) for seconds in (1, 43, 60, 290, 3700, 8000, 90_000, 200_000)] == [
        "5 s", "45 s", "1 min", "5 min", "1 h 0 min", "2 h 10 min", "1 day 1 h", "2 days 8 h"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": 70}, "steps is 70 and was 60"), ({"rate": 0.1}, "rate is 0.1 and was 0.002"),
        ({"about": "other"}, "data is other and was these"), ({"seed": 5}, "seed is 5 and was 4"),
    ],
)
def test_checkpoint_of_another_run_is_refused(tmp_path, change, words):
    loop.train(job(tmp_path), network(), draw, loss, SETTINGS, about="these")
    settings = replace(SETTINGS, **{name: value for name, value in change.items() if name in ("steps", "rate")})
    other = replace(job(tmp_path, resume=True), seed=change.get("seed", 4))
    with pytest.raises(StillpointError, match=words):
        loop.train(other, network(), draw, loss, settings, about=change.get("about", "these"))


def edited(path, change):
    with safe_open(str(path), framework="pt") as opened:
        about = json.loads(opened.metadata()["stillpoint checkpoint"])
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    change(about, tensors)
    save_file(tensors, str(path), metadata={"stillpoint checkpoint": json.dumps(about)})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda about, tensors: about.update(torch="1.0"), "made with torch 1.0"),
        (lambda about, tensors: about.update(stillpoint="0.0"), "made with Stillpoint 0.0"),
        (lambda about, tensors: about["state"].update(rows=3), "damaged"),
        (lambda about, tensors: about.pop("run"), "damaged"),
        (lambda about, tensors: about.update(format=1), "older Stillpoint"),
        (lambda about, tensors: tensors.pop("best/0.weight"), "does not fit the network"),
        (lambda about, tensors: tensors.update({"optimiser/0/exp_avg": torch.zeros(3, 3)}), "does not fit the optimiser"),
        (lambda about, tensors: tensors.update({"optimiser/99/exp_avg": torch.zeros(3, 3)}), "does not fit the optimiser"),
    ],
)
def test_checkpoints_that_do_not_serve_are_told_in_words(tmp_path, change, words):
    loop.train(job(tmp_path), network(), draw, loss, SETTINGS)
    edited(tmp_path / "net.checkpoint", change)
    with pytest.raises(StillpointError, match=words):
        loop.train(job(tmp_path, resume=True), network(), draw, loss, SETTINGS)


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\x08\0\0\0\0\0\0\0{\"a\": 1}"])
def test_a_checkpoint_that_is_none_is_told_in_words(tmp_path, content):
    (tmp_path / "net.checkpoint").write_bytes(content)
    with pytest.raises(StillpointError, match="damaged or from an older"):
        loop.train(job(tmp_path, resume=True), network(), draw, loss, SETTINGS)


def test_a_pickle_in_the_place_of_a_checkpoint_runs_nothing(tmp_path):
    class Harm:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    torch.save({"model": Harm()}, tmp_path / "net.checkpoint")
    with pytest.raises(StillpointError):
        loop.train(job(tmp_path, resume=True), network(), draw, loss, SETTINGS)
    assert not (tmp_path / "harm").exists()


def test_what_a_killed_training_left_of_a_checkpoint_does_no_harm(tmp_path):
    (tmp_path / "net.checkpoint.partial").write_bytes(b"half")
    whole, again = network(), network()
    loop.train(job(tmp_path, resume=True), whole, draw, loss, SETTINGS)
    loop.train(job(tmp_path), again, draw, loss, SETTINGS)
    assert same(whole, again)
    checkpoint.remove(tmp_path / "net.checkpoint")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_sentence_and_leaves_the_checkpoint_before(tmp_path, small_disk):
    big = torch.nn.Linear(400, 400)
    with pytest.raises(StillpointError, match=r"net.checkpoint cannot be written.*space"):
        loop.train(job(small_disk), big, lambda step: (torch.ones(1, 400),),
                   lambda model, part: model(part.examples[0]).square().mean(), SETTINGS)  # fmt: skip
    assert list(small_disk.iterdir()) == []


def test_divergence_is_told(tmp_path):
    with pytest.raises(StillpointError, match="diverged at step 3"):
        loop.train(job(tmp_path), network(), draw, lambda model, part: model(part.examples[0]).sum() / (part.step != 3), SETTINGS)


def test_rate_rises_and_falls():
    settings = loop.Settings(steps=1000, rate=1.0)
    rates = [loop.rate_at(settings, step) for step in range(1000)]
    assert rates[0] < rates[10] < rates[19] == pytest.approx(1.0)
    assert rates[-1] < 0.02 and all(a >= b for a, b in zip(rates[20:], rates[21:]))
