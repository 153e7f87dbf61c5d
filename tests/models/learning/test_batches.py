"""Batches in pieces: their gradients add up, and memory that runs out only makes the pieces smaller."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
import torch
from torch import nn

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import batches, loop
from stillpoint.models.learning.batches import Gradients, Part
from stillpoint.models.learning.precision import Precision
from stillpoint.models.offsets import fuse, ressiamnet
from stillpoint.models.offsets import train_default as train_offsets
from stillpoint.models.scatterers import train_default as train_scatterers

CPU = torch.device("cpu")


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))


def batch(step: int = 0):
    draw = torch.Generator().manual_seed(step)
    return torch.randn(12, 4, generator=draw), torch.rand(12, generator=draw) < 0.6


def loss(model, part: Part):
    """Return a mean over what is labelled: parts divide by the whole's count."""
    x, known = part.examples
    return ((model(x)[:, 0] - x.sum(dim=1)).square() * known).sum() / part.whole[1].sum() + part.share * 0.1


def gradient(pieces: int, **options):
    model = network()
    value = Gradients(loss, Precision(CPU), seed=1, pieces=pieces)(model, batch(), 3, **options)
    return value, torch.cat([weight.grad.reshape(-1) for weight in model.parameters()])


@pytest.mark.parametrize("pieces", [2, 5, 12, 40])
def test_pieces_add_up_to_the_batch(pieces):
    (value, whole), (sum_of_values, sum_of_parts) = gradient(1), gradient(pieces)
    assert sum_of_values == pytest.approx(value, rel=1e-6)
    torch.testing.assert_close(sum_of_parts, whole, rtol=1e-5, atol=1e-7)


def test_seats_add_up_to_the_batch():
    value, whole = gradient(1)
    (one, first), (two, second) = (gradient(1, bounds=bounds) for bounds in ((0, 5), (5, 12)))
    assert one + two == pytest.approx(value, rel=1e-6)
    torch.testing.assert_close(first + second, whole, rtol=1e-5, atol=1e-7)


def test_a_seat_without_examples_has_no_gradient():
    model = network()
    assert Gradients(loss, Precision(CPU), seed=1)(model, batch(), 3, bounds=(5, 5)) == 0.0
    assert all(weight.grad is None for weight in model.parameters())


class Memory:
    """A loss that runs out of memory where it is asked for more than ``most`` examples at once."""

    def __init__(self, most: int, error: BaseException) -> None:
        self.most, self.error = most, error
        self.sizes: list = []

    def __call__(self, model, part: Part):
        found = loss(model, part)
        self.sizes.append(len(part.examples[0]))
        if len(part.examples[0]) > self.most:
            raise self.error
        return found


@pytest.mark.parametrize(
    "error",
    [
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    ],
)
def test_pieces_get_smaller_until_they_fit_and_the_result_is_the_same(tmp_path, caplog, error):
    settings = loop.Settings(steps=6, epoch=3)
    job = TrainModel(capability="trends", output=str(tmp_path / "net.safetensors"))
    small, large = Memory(4, error), network()
    loop.train(job, large, batch, loss, settings)
    tight = network()
    with caplog.at_level(logging.WARNING, logger="stillpoint"):
        loop.train(job, tight, batch, small, settings)
    assert small.sizes[:6] == [12, 6, 3, 3, 3, 3] and set(small.sizes[6:]) == {3}, "what was found is kept for the next steps"
    assert "12 examples at once: each step is computed in 4 pieces" in caplog.text
    for one, two in zip(large.state_dict().values(), tight.state_dict().values()):
        torch.testing.assert_close(one, two, rtol=1e-5, atol=1e-6)
    again = Memory(4, error)
    loop.train(replace(job, resume=True), network(), batch, again, settings)
    assert again.sizes == [], "the training was over"


def test_a_resumed_training_remembers_its_pieces(tmp_path):
    from stillpoint.models.errors import Cancelled
    from stillpoint.models.progress import Progress

    settings, calls = loop.Settings(steps=6, epoch=3), []
    job = TrainModel(capability="trends", output=str(tmp_path / "net.safetensors"))
    stop = Progress(lambda fraction, message: calls.append(fraction), lambda: len(calls) > 3)
    with pytest.raises(Cancelled):
        loop.train(job, network(), batch, Memory(4, MemoryError()), settings, progress=stop)
    resumed = Memory(4, MemoryError())
    loop.train(replace(job, resume=True), network(), batch, resumed, settings)
    assert set(resumed.sizes) == {3}


def test_one_example_that_does_not_fit_is_a_sentence():
    with pytest.raises(StillpointError, match="not enough memory to learn from even one example"):
        Gradients(Memory(0, MemoryError()), Precision(CPU), seed=1)(network(), batch(), 0)
    with pytest.raises(StillpointError, match="not enough memory"):
        Gradients(Memory(4, MemoryError()), Precision(CPU), seed=1, splits=False)(network(), batch(), 0)


def test_other_errors_are_not_taken_for_memory():
    with pytest.raises(RuntimeError, match="shapes"):
        Gradients(Memory(0, RuntimeError("shapes do not fit")), Precision(CPU), seed=1)(network(), batch(), 0)


def test_what_a_failed_attempt_did_to_batch_normalisation_is_undone():
    def normalised() -> nn.Module:
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)).train()

    halves, tried = normalised(), normalised()
    Gradients(loss, Precision(CPU), seed=1, pieces=2)(halves, batch(), 0)
    Gradients(Memory(6, MemoryError()), Precision(CPU), seed=1)(tried, batch(), 0)
    for one, two in zip(halves.state_dict().values(), tried.state_dict().values()):
        assert torch.equal(one, two)


@pytest.mark.parametrize("given", [(torch.arange(5), torch.ones(5, 2)), {"a": torch.arange(5)}, [1, 2, 3, 4, 5], torch.arange(5)])
def test_batches_of_all_forms_are_cut(given):
    assert batches.size_of(given) == 5
    assert batches.size_of(batches.cut(given, 1, 3)) == 2 and batches.size_of(batches.moved(given, CPU)) == 5


def added(parts):
    return torch.stack(parts).sum()


def test_losses_of_the_networks_add_up():
    draw = torch.Generator().manual_seed(3)
    logits, noise = torch.randn(4, train_scatterers_ranges(), 6, 6, generator=draw), torch.rand(4, 6, 6, generator=draw) * 2
    noise[:2, :3] = float("nan")
    noise[3] = float("nan")
    count = int(torch.isfinite(noise).sum())
    whole = train_scatterers.loss_of(logits, noise)
    parts = [train_scatterers.loss_of(logits[n : n + 1], noise[n : n + 1], of=count) for n in range(4)]
    torch.testing.assert_close(added(parts), whole)
    offsets, target = torch.randn(4, 2, 6, 6, generator=draw), torch.randn(4, 2, 6, 6, generator=draw)
    counts = torch.rand(4, 6, 6, generator=draw) < 0.3
    count = int(counts.sum())
    parts = [ressiamnet.masked_huber(offsets[n : n + 1], target[n : n + 1], counts[n : n + 1], of=count) for n in range(4)]
    torch.testing.assert_close(added(parts), ressiamnet.masked_huber(offsets, target, counts))


def train_scatterers_ranges() -> int:
    from stillpoint.models.scatterers.network import ScattererNetwork, ScattererNetworkShape

    net = ScattererNetwork(ScattererNetworkShape(2)).eval()
    with torch.no_grad():
        return int(net(torch.zeros(1, 2, 16, 16)).shape[1])


def test_the_loss_of_fused_offsets_adds_up():
    draw = torch.Generator().manual_seed(3)
    torch.manual_seed(1)
    net = fuse.FuseNetwork(fuse.FuseShape()).eval()
    features = torch.randn(4, len(fuse.FEATURES), 5, 5, generator=draw)
    given = {
        "features": features, "candidates": torch.randn(4, fuse.CANDIDATES, 2, 5, 5, generator=draw),
        "truth": torch.randn(4, 2, 5, 5, generator=draw), "sigma": torch.rand(4, 2, 5, 5, generator=draw) + 0.1,
        "measurable": (torch.rand(4, 5, 5, generator=draw) < 0.5).float(),
        "lost": (torch.rand(4, 5, 5, generator=draw) < 0.2).float(),
    }  # fmt: skip
    given["measurable"][0] = 0
    whole = train_offsets.loss_of(net, given, given)
    parts = [train_offsets.loss_of(net, batches.cut(given, n, n + 1), given) for n in range(4)]
    torch.testing.assert_close(added(parts), whole)
