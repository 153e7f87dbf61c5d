"""Half precision on devices that are fast with it. There is no GPU here: the processor stands for one where a test says so."""

from __future__ import annotations

import pytest
import torch

from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import loop, precision
from stillpoint.models.learning.precision import Precision


def test_the_processor_learns_in_single_precision():
    cpu = Precision(torch.device("cpu"))
    assert cpu.dtype == torch.float32 and cpu.state() == {}
    with cpu.forward():
        assert torch.nn.Linear(2, 2)(torch.ones(1, 2)).dtype == torch.float32


@pytest.mark.parametrize(("fast", "dtype"), [(True, torch.bfloat16), (False, torch.float16)])
def test_what_a_gpu_learns_in_depends_on_what_it_can(monkeypatch, fast, dtype):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: fast)
    assert precision.suited(torch.device("cuda:0")) == dtype
    assert precision.suited(torch.device("mps")) == torch.float32


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_learns_the_same_to_its_rounding_and_resumes_to_the_bit(tmp_path, monkeypatch, dtype):
    job = TrainModel(capability="trends", output=str(tmp_path / "net.safetensors"), seed=2)
    settings, seen = loop.Settings(steps=40, epoch=10, rate=1e-2), []

    def network():
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))

    def draw(step):
        return (torch.randn(32, 4, generator=torch.Generator().manual_seed(step)),)

    def loss(model, part):
        x = part.examples[0]
        found = model(x)
        seen.append(found.dtype)
        return (found.float()[:, 0] - x[:, 0]).square().sum() / len(part.whole[0])

    single, half, again = network(), network(), network()
    loop.train(job, single, draw, loss, settings)
    assert set(seen) == {torch.float32}
    monkeypatch.setattr(precision, "suited", lambda device: dtype)
    seen.clear()
    loop.train(job, half, draw, loss, settings)
    assert set(seen) == {dtype} and all(value.dtype == torch.float32 for value in half.state_dict().values())
    for one, two in zip(single.state_dict().values(), half.state_dict().values()):
        torch.testing.assert_close(one, two, rtol=0.1, atol=0.02)
    stopped_then_resumed(job, network, again, draw, loss, settings)
    assert all(torch.equal(one, two) for one, two in zip(half.state_dict().values(), again.state_dict().values()))


def stopped_then_resumed(job, network, again, draw, loss, settings):
    from dataclasses import replace

    from stillpoint.models.errors import Cancelled
    from stillpoint.models.progress import Progress

    calls = []
    stop = Progress(lambda fraction, message: calls.append(fraction), lambda: len(calls) > 25)
    with pytest.raises(Cancelled):
        loop.train(job, network(), draw, loss, settings, progress=stop)
    loop.train(replace(job, resume=True), again, draw, loss, settings)


def test_gradients_that_half_precision_made_infinite_are_left_out():
    scaled = Precision(torch.device("cpu"), torch.float16)
    model = torch.nn.Linear(2, 1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1)
    before = model.weight.detach().clone()
    scale = scaled.state()["scale"]
    scaled.backward((model(torch.full((1, 2), 1e30)) * 1e10).sum())
    scaled.step(optimiser, model, clip=1.0)
    assert torch.equal(model.weight, before) and scaled.state()["scale"] < scale
    optimiser.zero_grad()
    scaled.backward(model(torch.ones(1, 2)).sum())
    scaled.step(optimiser, model, clip=1.0)
    assert not torch.equal(model.weight, before)
