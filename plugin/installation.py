"""Builds Stillpoint's own virtual environment: from QGIS's Python, with QGIS's GDAL and numpy inside.

Everything happens beside the final folder and is renamed at the end, so that a cancelled or failed
build leaves the environment that was there before.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from qgis.core import QgsSettings

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.plugin import environment, processes
from stillpoint.plugin.language import tr
from stillpoint.plugin.pip_output import PipProgress, explain_pip, last_error

TORCH_INDEX = "https://download.pytorch.org/whl/"
DISK_NEEDED = {"cpu": 2 * 2**30, "cuda": 8 * 2**30, "apple": 2 * 2**30}
"""Free bytes that each build needs while it is unpacked."""

Log = Callable[[str], None]
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Build:
    """One build of torch that can be installed.

    Attributes
    ----------
    id
        ``"cpu"``, ``"cuda"`` or ``"apple"``.
    title
        Its name for people.
    index
        Address of the package index that torch comes from; empty for the usual one.
    """

    id: str
    title: str
    index: str


def builds(platform: str = sys.platform, *, cuda: Optional[Tuple[int, int]] = None) -> List[Build]:
    """Return the builds of torch for a platform, the recommended one first.

    Parameters
    ----------
    platform
        As ``sys.platform``.
    cuda
        Version of CUDA that the driver supports; None where there is no NVIDIA driver.
    """
    if platform == "darwin":
        return [Build("apple", tr("Apple (CPU and Apple GPU)"), "")]
    cpu = Build("cpu", tr("CPU only (small download)"), TORCH_INDEX + "cpu")
    # Within one major version newer CUDA runs on older drivers, so the oldest index of each serves most.
    name = "cu126" if cuda is None or cuda[0] <= 12 else "cu130"
    gpu = Build("cuda", tr("NVIDIA CUDA {major}.{minor} (about 3 GB)").format(major=name[2:4], minor=name[4:]), TORCH_INDEX + name)
    return [gpu, cpu] if cuda is not None and cuda[0] >= 12 else [cpu, gpu]


def driver_cuda() -> Optional[Tuple[int, int]]:
    """Return the version of CUDA that the NVIDIA driver of this computer supports, or None without one."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    try:
        process = processes.start([program], merge=True)
        output, _ = process.communicate(timeout=10)
    except (OSError, processes.TimeoutExpired):
        return None
    found = re.search(r"CUDA Version:\s*(\d+)\.(\d+)", output)
    return (int(found.group(1)), int(found.group(2))) if found else None


class Installation:
    """One run of building the environment, in whatever thread calls :meth:`run`.

    Parameters
    ----------
    build
        The build of torch.
    folder
        Where the environment goes; :func:`environment.own_folder` where not given.
    base
        The interpreter to build from; QGIS's own where not given.
    requirements
        What to install besides torch's index.
    options
        More options for pip, such as ``--find-links`` for computers without a network.
    log, report, cancelled
        Take a line of the log; take a fraction done (0..1) with a message; tell whether to stop.
    """

    def __init__(
        self,
        build: Build,
        *,
        folder: Optional[Path] = None,
        base: Optional[Path] = None,
        requirements: Sequence[str] = environment.REQUIREMENTS,
        options: Sequence[str] = (),
        log: Log = lambda line: None,
        report: Report = lambda fraction, message: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._build = build
        self._folder = folder or environment.own_folder()
        self._base = base or environment.running_python()
        self._requirements = [item for item in requirements if not item.startswith("numpy")]
        self._options = list(options)
        self._log = log
        self._report = report
        self._cancelled = cancelled
        self._variables = {**processes.clean_environment(user_site=False), **proxy_variables()}

    def run(self) -> environment.Interpreter:
        """Build the environment and return its checked interpreter.

        Raises
        ------
        StillpointError
            What went wrong and what to do; the log has the details.
        Cancelled
            The user stopped it; nothing is left of it.
        """
        if self._base is None:
            raise StillpointError(
                tr("The Python program that QGIS runs on was not found. Choose an interpreter of your own in the set-up.")
            )
        work = self._folder.with_name(self._folder.name + "-new")
        self._remove(work)
        try:
            self._check_disk(work)
            self._make(work)
            self._install(work)
            found = self._finish(work)
        except BaseException:
            self._remove(work)
            raise
        environment.forget()
        self._report(1.0, tr("The environment is ready"))
        return found

    def complete(self) -> environment.Interpreter:
        """Install into the environment that is there what it lacks, and return its checked interpreter.

        What it has stays as it is, so that this takes a moment where one library is missing.

        Raises
        ------
        StillpointError
            There is no such environment, or it still does not serve; building it anew is then the way.
        Cancelled
            The user stopped it.
        """
        python = environment.python_of(self._folder)
        if not python.is_file():
            raise StillpointError(tr("Stillpoint has no environment of its own yet. Build it first."))
        self._check_disk(self._folder)
        self._install(self._folder)
        self._report(0.95, tr("Checking the environment"))
        found = environment.check(environment.Interpreter(str(python), "own"), cancelled=self._cancelled)
        if found.problem:
            raise StillpointError(tr("{problem} Build the environment anew.").format(problem=found.problem))
        environment.forget()
        self._report(1.0, tr("The environment is complete"))
        return found

    def _check_disk(self, work: Path) -> None:
        try:
            work.parent.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(work.parent).free
        except OSError as error:
            raise StillpointError(
                tr(
                    "The folder {parent} cannot be written ({strerror}). Check its permissions."
                ).format(parent=work.parent, strerror=error.strerror)
            ) from error
        needed = DISK_NEEDED[self._build.id]
        if free < needed:
            raise StillpointError(
                tr(
                    "The disk of {parent} has {free:.1f} GB free, but {needed:.0f} GB are needed. Free some space, "
                    "or choose the build for the CPU only."
                ).format(parent=work.parent, free=free / 2 ** 30, needed=needed / 2 ** 30)
            )

    def _make(self, work: Path) -> None:
        self._report(0.01, tr("Creating the environment"))
        command = [str(self._base), "-m", "venv", "--system-site-packages", str(work)]
        output = self._run(command)
        if output is not None:
            text = "\n".join(output)
            if "ensurepip" in text or "No module named venv" in text:
                raise StillpointError(
                    tr(
                        "QGIS's Python lacks the module venv or pip. On Debian and Ubuntu install it with: sudo "
                        "apt install python3-venv"
                    )
                )
            raise StillpointError(tr("The environment cannot be created: {last_error}").format(last_error=last_error(output)))

    def _install(self, work: Path) -> None:
        python = str(environment.python_of(work))
        numpy = self._numpy(python)
        constraints = work / "stillpoint-constraints.txt"
        constraints.write_text(f"numpy=={numpy}\n" if numpy else "numpy<2\n", encoding="utf-8")
        pip = [
            python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
            "--constraint", str(constraints), *self._options,
        ]  # fmt: skip
        self._report(0.05, tr("Updating pip"))
        self._run([*pip, "--upgrade", "pip"])  # an old pip serves too, only with less progress
        torch = [item for item in self._requirements if item.startswith("torch")]
        others = [item for item in self._requirements if not item.startswith("torch")]
        numpies = [] if numpy else ["numpy"]
        raw = ["--progress-bar", "raw"] if self._pip_version(python) >= (24, 1) else ["--progress-bar", "off"]
        index = ["--index-url", self._build.index] if self._build.index and "--no-index" not in self._options else []
        if torch:
            self._pip([*pip, *raw, *index, *torch], 0.08, 0.75)
        if others or numpies:
            self._pip([*pip, *raw, *others, *numpies], 0.75, 0.95)

    def _finish(self, work: Path) -> environment.Interpreter:
        self._report(0.95, tr("Checking the environment"))
        candidate = environment.Interpreter(str(environment.python_of(work)), "own")
        checked = environment.check(candidate, cancelled=self._cancelled)
        if checked.problem:
            raise StillpointError(tr(
                "The environment was built but does not work. {problem}"
            ).format(problem=checked.problem))
        if self._cancelled():
            raise Cancelled
        old = self._folder.with_name(self._folder.name + "-old")
        self._remove(old)
        try:
            if self._folder.exists():
                self._folder.rename(old)
            work.rename(self._folder)
        except OSError as error:
            if old.exists() and not self._folder.exists():
                old.rename(self._folder)
            raise StillpointError(
                tr(
                    "The old environment {folder} is in use ({strerror}). Restart QGIS and try again."
                ).format(folder=self._folder, strerror=error.strerror)
            ) from error
        self._remove(old)
        return environment.Interpreter(
            str(environment.python_of(self._folder)), "own", checked.python, checked.versions
        )

    def _numpy(self, python: str) -> str:
        """Return the version of numpy that GDAL was built for: the one that QGIS has; empty without one."""
        output: List[str] = []
        self._run([python, "-c", "import numpy; print('numpy', numpy.__version__)"], output)
        found = [line.split()[1] for line in output if line.startswith("numpy ")]
        return found[0] if found else ""

    def _pip_version(self, python: str) -> Tuple[int, ...]:
        output: List[str] = []
        self._run([python, "-m", "pip", "--version"], output)
        found = re.match(r"pip (\d+)\.(\d+)", output[-1]) if output else None
        return tuple(map(int, found.groups())) if found else (0, 0)

    def _pip(self, command: List[str], start: float, stop: float) -> None:
        progress = PipProgress()

        def follow(line: str) -> bool:
            message = progress.line(line)
            if message:
                self._report(start + (stop - start) * progress.fraction, message)
            return not line.startswith("Progress ")

        output = self._run(command, follow=follow)
        if output is not None:
            raise StillpointError(explain_pip(output))

    def _run(
        self, command: List[str], output: Optional[List[str]] = None,
        follow: Callable[[str], bool] = lambda line: True,
    ) -> Optional[List[str]]:
        """Run a command; return None when it went well, else the lines that it wrote."""
        lines: List[str] = [] if output is None else output
        self._log("> " + " ".join(command))
        try:
            process = processes.start(command, environment=self._variables, merge=True)
        except OSError as error:
            self._log(str(error))
            return [str(error)]
        reader = processes.Lines(process.stdout)
        try:
            while True:
                if self._cancelled():
                    raise Cancelled
                line = reader.next(0.1)
                if line is None:
                    break
                if line.strip() and follow(line):
                    lines.append(line.rstrip())
                    self._log(line.rstrip())
            status = process.wait(30)
        finally:
            processes.kill(process)
            reader.close()
        return None if status == 0 else lines

    def _remove(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)


def free_bytes(folder: Path) -> Optional[int]:
    """Return the free bytes on the disk of a folder; None where nothing tells."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def proxy_variables() -> Dict[str, str]:
    """Return the variables that make pip use the proxy of QGIS's network settings."""
    settings = QgsSettings()
    if not settings.value("proxy/proxyEnabled", False, type=bool):
        return {}
    host = str(settings.value("proxy/proxyHost", "") or "")
    kind = str(settings.value("proxy/proxyType", "") or "")
    if not host or kind not in ("HttpProxy", "HttpCachingProxy", "Socks5Proxy"):
        return {}
    scheme = "socks5" if kind == "Socks5Proxy" else "http"
    port = str(settings.value("proxy/proxyPort", "") or "")
    address = f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"
    return {"HTTP_PROXY": address, "HTTPS_PROXY": address, "http_proxy": address, "https_proxy": address}
