"""Devices are listed, picked and tried; the environment's report says what is wrong."""

from __future__ import annotations

import builtins

import pytest

torch = pytest.importorskip("torch")

from stillpoint.models import environment  # noqa: E402
from stillpoint.models.errors import StillpointError  # noqa: E402
from stillpoint.models.jobs import CheckEnvironment  # noqa: E402
from stillpoint.models.learning import devices  # noqa: E402


def test_cpu_is_listed_first_with_name_and_memory():
    first = devices.list_devices()[0]
    assert first.id == "cpu"
    assert "cores" in first.name
    assert first.memory > first.free > 0


def test_auto_takes_the_accelerator_with_most_free_memory(monkeypatch):
    listed = [
        devices.Device("cpu", "CPU", 64, 60),
        devices.Device("cuda:0", "busy", 24, 2),
        devices.Device("cuda:1", "idle", 12, 11),
    ]
    monkeypatch.setattr(devices, "list_devices", lambda: listed)
    assert devices.pick("auto") == torch.device("cuda:1")
    assert devices.pick("cuda") == torch.device("cuda:0")
    assert devices.pick("CPU") == torch.device("cpu")
    monkeypatch.setattr(devices, "list_devices", lambda: listed[:1])
    assert devices.pick("auto") == torch.device("cpu")


def test_unknown_device_names_the_known_ones():
    with pytest.raises(StillpointError, match=r"no device 'cuda:99' here.*cpu"):
        devices.pick("cuda:99")


def test_smoke_test_runs_on_every_device_here():
    for device in devices.list_devices():
        assert 0 < devices.smoke_test(device.id) < 60


def test_smoke_test_finds_a_device_that_computes_wrongly(monkeypatch):
    right = devices._small_network

    def wrong(device):
        output, gradient = right(torch.device("cpu"))
        return (output * (1.0 if device.type == "cpu" else 1.2), gradient)

    monkeypatch.setattr(devices, "_small_network", wrong)
    with pytest.raises(StillpointError, match="computes wrong results"):
        devices.smoke_test("meta")


def test_smoke_test_names_the_device_that_fails():
    with pytest.raises(StillpointError, match="The device meta does not work"):
        devices.smoke_test("meta")


def test_report_has_versions_and_tried_devices():
    seen = []
    from stillpoint.models.progress import Progress

    result = environment.check_environment(CheckEnvironment(), Progress(lambda f, m: seen.append(f)))
    assert result.details["versions"]["torch"] == torch.__version__
    assert set(environment.LIBRARIES) < set(result.details["versions"])
    assert result.details["devices"][0]["ok"] is True
    assert "cpu" in result.summary
    assert seen == sorted(seen) and seen[-1] == 1.0


def test_broken_library_is_a_sentence(monkeypatch):
    original = builtins.__import__

    def broken(name, *arguments, **options):
        if name == "h5py":
            raise OSError("libhdf5.so.103: cannot open shared object file\nmore")
        return original(name, *arguments, **options)

    monkeypatch.setattr(environment.importlib, "import_module", lambda name: broken(name))
    with pytest.raises(StillpointError, match=r"library h5py .* cannot be loaded \(libhdf5.so.103"):
        environment.check_environment(CheckEnvironment())
