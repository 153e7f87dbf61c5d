"""The training loop: a killed and resumed run equals one that was not."""

from __future__ import annotations

import pytest
import torch

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.learning import loop
from stillpoint.models.progress import Progress


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))


def loss(model: torch.nn.Module, step: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(1000 + step)
    x = torch.randn(32, 4, generator=draw)
    return ((model(x)[:, 0] - x[:, 0] * x[:, 1]) ** 2).mean()


SETTINGS = loop.Settings(steps=60, save_every=10, seed=4)


def test_loss_falls():
    model = network()
    history = loop.train(model, loss, loop.Settings(steps=400, save_every=100, rate=1e-2))["history"]
    assert history[-1]["loss"] < 0.5 * history[0]["loss"]


def test_resumed_equals_uninterrupted(tmp_path):
    whole = network()
    loop.train(whole, loss, SETTINGS)
    stopped = network()
    calls = []

    def report(fraction: float, message: str) -> None:
        calls.append(fraction)

    with pytest.raises(Cancelled):
        loop.train(
            stopped, loss, SETTINGS, checkpoint=tmp_path / "run", progress=Progress(report, lambda: len(calls) >= 37)
        )
    again = network()
    loop.train(again, loss, SETTINGS, checkpoint=tmp_path / "run", resume=True)
    for one, two in zip(whole.state_dict().values(), again.state_dict().values()):
        assert torch.equal(one, two)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_checkpoint_of_another_run_is_refused(tmp_path):
    loop.train(network(), loss, SETTINGS, checkpoint=tmp_path / "run")
    with pytest.raises(StillpointError, match="other settings"):
        loop.train(network(), loss, loop.Settings(steps=70), checkpoint=tmp_path / "run", resume=True)


def test_divergence_is_told():
    with pytest.raises(StillpointError, match="diverged"):
        loop.train(network(), lambda model, step: model(torch.full((1, 4), float("inf"))).sum(), SETTINGS)


def test_rate_rises_and_falls():
    settings = loop.Settings(steps=1000, rate=1.0)
    rates = [loop.rate_at(settings, step) for step in range(1000)]
    assert rates[0] < rates[10] < rates[19] == pytest.approx(1.0)
    assert rates[-1] < 0.02 and all(a >= b for a, b in zip(rates[20:], rates[21:]))
