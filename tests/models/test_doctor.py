"""The environment doctor on the engine's side: every state it can tell, and that nothing stops it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stillpoint.models import doctor, doctor_devices, doctor_machine, findings, surroundings
from stillpoint.models.doctor_devices import Driver, choice
from stillpoint.models.errors import StillpointError
from stillpoint.models.executors import resources
from stillpoint.models.findings import GOOD, NOTE, REPAIR, Finding
from stillpoint.models.jobs.doctor import Doctor
from stillpoint.models.learning import shelf
from stillpoint.models.needs import NEEDS, Need, numbers

CPU = {"id": "cpu", "name": "A CPU", "memory": 2**34, "free": 2**33, "ok": True, "seconds": 0.1, "message": ""}
GPU = {"id": "cuda:0", "name": "A GPU", "memory": 2**34, "free": 2**33, "ok": True, "seconds": 0.1, "message": ""}


# The whole


def test_whole_examination_tells_of_everything_and_writes_a_report(tmp_path):
    report, seen = tmp_path / "report.txt", []
    from stillpoint.models.progress import Progress

    result = doctor.examine(Doctor(output=str(report), quick=True), Progress(lambda fraction, _: seen.append(fraction)))
    found = {row["id"]: row for row in result.details["findings"]}
    assert {"python", "library-torch", "library-gdal", "device", "memory", "models-shipped", "proxies"} <= set(found)
    assert {row["group"] for row in found.values()} == set(findings.GROUPS)
    assert found["library-torch"]["state"] == GOOD
    assert seen == sorted(seen) and seen[-1] == 1.0
    text = report.read_text()
    assert "good:" in text and str(Path.home()) + "/" not in text
    assert not list(tmp_path.glob("*.partial"))
    json.dumps(result.to_dict())


def test_report_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(StillpointError, match="cannot be written"):
        doctor.examine(Doctor(output=str(tmp_path / "no" / "report.txt"), quick=True))


def test_it_answers_where_libraries_are_missing():
    """The interpreter has no numpy and no torch, as a freshly installed one."""
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'numpy', 'h5py', 'scipy', 'pyarrow', 'safetensors', 'distributed', 'osgeo'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from stillpoint.models.cli import main\n"
        "sys.exit(main(['doctor', '--quick']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "must be repaired: torch: Missing. It is needed for every neural network" in " ".join(done.stdout.split())
    assert "pip install" in done.stdout and "Traceback" not in done.stderr


def test_check_that_fails_is_a_finding():
    def broken():
        raise ValueError("bad\nworse")

    (finding,) = doctor._looked("Looking at something", broken)
    assert finding.state == NOTE and finding.text.endswith("ValueError: bad")


# Libraries


def test_library_missing_optional_old_and_broken(monkeypatch, tmp_path):
    (tmp_path / "brokenlib.py").write_text("raise OSError('libx.so: cannot open\\nmore')")
    (tmp_path / "oldlib.py").write_text("__version__ = '1.2'")
    monkeypatch.syspath_prepend(str(tmp_path))

    def state(module, **options):
        (finding,) = doctor.library(Need(module, module, "2.0", "tests", **options))
        return finding

    assert (state("nolib").state, state("nolib").repair) == (REPAIR, "install")
    assert (state("nolib", required=False).state, state("nolib", required=False).repair) == (NOTE, "")
    old = state("oldlib")
    assert old.state == REPAIR and "1.2 is not a version that serves: 2.0 or newer" in old.text
    broken = state("brokenlib")
    assert broken.repair == "build" and "libx.so: cannot open)" in broken.text


def test_versions_are_compared_as_numbers():
    need = Need("x", "x", "2.9", "tests", below="25")
    assert [need.fits(version) for version in ("2.10.1+cpu", "2.8", "25.0", "24.9", "")] == [True, False, False, True, True]
    assert numbers("2.13.0+cpu") == (2, 13, 0) and need.requirement == "x>=2.9,<25"


def test_optional_needs_are_those_of_the_package():
    text = (Path(doctor.__file__).parents[1] / "pyproject.toml").read_text()
    assert [need.package for need in NEEDS if not need.required and f'"{need.package}>={need.least}' not in text] == []


# Devices


@pytest.mark.parametrize(
    ("rows", "options", "state", "words"),
    [
        ([CPU, GPU], {"build": "12.6", "driver": None}, GOOD, "it is the one GPU"),
        ([CPU, GPU, {**GPU, "id": "cuda:1"}], {"build": "12.6", "driver": None}, GOOD, "of 2 GPUs it has the most free memory"),
        ([CPU], {"build": None, "driver": None}, NOTE, "There is no NVIDIA driver here"),
        ([CPU], {"build": "12.6", "driver": None}, NOTE, "built for CUDA 12.6, but no NVIDIA driver answers"),
        ([CPU], {"build": None, "driver": Driver("535.1", (12, 2), ("RTX",))}, NOTE, "(RTX), but this torch is a build for the"),
        ([CPU], {"build": "12.6", "driver": Driver("470.1", (11, 4))}, NOTE, "470.1 is too old: it supports CUDA up to 11.4"),
        ([CPU], {"build": "12.6", "driver": Driver("535.1", (12, 2)), "hidden": ""}, NOTE, "CUDA_VISIBLE_DEVICES ('') hides"),
        ([CPU], {"build": "12.6", "driver": Driver("535.1", (12, 2))}, NOTE, "cannot use the GPU although the driver"),
    ],
)
def test_why_a_device_is_chosen(rows, options, state, words):
    finding = choice(rows, rows[-1]["id"] if len(rows) == 2 else rows[min(1, len(rows) - 1)]["id"], **options)
    assert finding.state == state and words in finding.text
    assert (finding.repair == "build") == ("build for the" in finding.text)


def test_device_that_fails_must_be_repaired():
    good, bad = doctor_devices.tried([CPU, {**GPU, "ok": False, "message": "Update its driver."}])
    assert good.state == GOOD and "0.10 s" in good.text
    assert bad.state == REPAIR and bad.text.endswith("Update its driver.")


def test_driver_is_read(monkeypatch):
    head = "| NVIDIA-SMI 535.183.01   Driver Version: 535.183.01   CUDA Version: 12.2  |"
    monkeypatch.setattr(doctor_devices.shutil, "which", lambda name: "/x/nvidia-smi")
    monkeypatch.setattr(
        doctor_devices, "_output", lambda command: "GPU 0: NVIDIA RTX A2000 (UUID: GPU-1)" if "-L" in command else head
    )
    assert doctor_devices.driver() == Driver("535.183.01", (12, 2), ("NVIDIA RTX A2000",))
    monkeypatch.setattr(doctor_devices, "_output", lambda command: "NVIDIA-SMI has failed")
    assert doctor_devices.driver() is None


# Machine


def test_memory_and_disk_have_three_states(monkeypatch):
    for free, state in ((1e10, GOOD), (1e9, NOTE), (1e8, REPAIR), (None, NOTE)):
        monkeypatch.setattr(resources, "free_memory", lambda free=free: free)
        monkeypatch.setattr(resources, "free_disk", lambda _, free=free: free)
        assert doctor_machine._memory().state == state
        assert doctor_machine.disk("disk", "Disk", Path("/x")).state == state


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    assert doctor_machine.writable("x", "X", tmp_path / "new" / "folder").state == GOOD
    assert not list(tmp_path.iterdir())

    def refused(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor_machine.tempfile, "NamedTemporaryFile", refused)
    finding = doctor_machine.writable("x", "X", tmp_path)
    assert finding.state == REPAIR and "Permission denied" in finding.text


# Models


def models():
    return {finding.id: finding for finding in doctor_machine.models()}


def test_shipped_models_are_intact():
    assert models()["models-shipped"].state == GOOD


def test_changed_and_missing_shipped_models_are_named(monkeypatch):
    real = shelf.read_sums

    def sums(path):
        known = dict(real(path))
        known[next(name for name in known if name.startswith("trends-default"))] = "0" * 64
        return {**known, "gone.safetensors": "1" * 64}

    monkeypatch.setattr(doctor_machine.shelf, "read_sums", sums)
    finding = models()["models-shipped"]
    assert finding.state == REPAIR and "gone.safetensors" in finding.text and "trends-default" in finding.text


def test_lost_default_and_broken_records(monkeypatch, tmp_path):
    monkeypatch.setenv(shelf.VARIABLE, str(tmp_path))
    assert models()["models-own"].state == GOOD
    (tmp_path / shelf.RECORDS).write_text(
        json.dumps({"format": 1, "models": {}, "defaults": {"trends/default": "mine.safetensors"}})
    )
    lost = models()["models-defaults"]
    assert (lost.state, lost.repair) == (REPAIR, "models-defaults") and "trends (default)" in lost.text
    (tmp_path / shelf.RECORDS).write_text("{")
    broken = models()["models-own"]
    assert (broken.state, broken.repair) == (REPAIR, "models-records")


# Surroundings


def test_scheduler_that_answers_and_those_that_do_not():
    assert doctor_machine.scheduler(None) == []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert doctor_machine.scheduler(address)[0].state == GOOD
    for bad in (address, "nonsense", "tcp://host:99999"):
        (finding,) = doctor_machine.scheduler(bad)
        assert (finding.state, finding.repair) == (REPAIR, "scheduler"), bad


def test_variables_that_lead_astray(tmp_path):
    assert [finding.state for finding in surroundings.variables({"HOME": "x"})] == [GOOD]
    wrong = {"PYTHONHOME": "/x", "PYTHONPATH": "/y", "LD_LIBRARY_PATH": "/z", "PROJ_LIB": "/gone", "GDAL_DATA": str(tmp_path)}
    found = {finding.id: finding for finding in surroundings.variables(wrong)}
    assert set(found) == {"variables-python", "variables-libraries", "variables-proj_lib"}
    assert "unset PYTHONHOME PYTHONPATH" in found["variables-python"].text
    assert "without them" in surroundings.variables(wrong, cleaned=True)[0].text


def test_other_python_first_in_path(tmp_path, monkeypatch):
    other = tmp_path / "miniconda3" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setattr(surroundings.sys, "platform", "linux")
    (finding,) = surroundings.path("/usr/bin/python3", {"PATH": str(other.parent)})
    assert finding.state == NOTE and str(other) in finding.text
    assert surroundings.path(str(other), {"PATH": str(other.parent)}) == []


def test_proxies_come_without_passwords():
    assert surroundings.proxies({}).state == GOOD
    finding = surroundings.proxies({"https_proxy": "http://hans:geheim@proxy:3128"}, more=["QGIS: socks5://a:b@c:1"])
    assert finding.state == NOTE and "proxy:3128" in finding.text and "c:1" in finding.text
    assert "geheim" not in finding.text and "a:b" not in finding.text


# Words


def test_text_has_groups_marks_and_words():
    rows = [
        Finding("b", "Models", "B", REPAIR, "Bad."), Finding("a", "Engine", "A", GOOD, "Fine."),
        Finding("n", "Engine", "N", NOTE, "Hm."),
    ]  # fmt: skip
    text = findings.as_text(rows)
    assert text.splitlines() == [
        "Engine", "  + good:             A: Fine.", "  * note:             N: Hm.", "", "Models", "  ! must be repaired: B: Bad.",
    ]  # fmt: skip
    assert findings.verdict(rows) == "1 thing must be repaired. 1 note is worth reading."
    assert findings.verdict(rows[1:2]) == "Everything that Stillpoint needs is there and works."
    assert Finding.from_dict(rows[0].to_dict()) == rows[0]
    assert Finding.from_dict({"state": "?"}).state == NOTE
