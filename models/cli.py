"""The command line ``stillpoint``, built from the descriptions in :mod:`stillpoint.models.jobs`."""

from __future__ import annotations

import argparse
import io
import logging
import os
import re
import shutil
import signal
import sys
import threading
from dataclasses import Field
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Type

from stillpoint.models import __version__, pipeline, worker
from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.jobs import JOBS, KINDS, REQUIRED, Job, from_json
from stillpoint.models.learning.epoch_table import EpochTable
from stillpoint.models.progress import Progress, Row

DONE, FAILED, BAD_ARGUMENTS, CANCELLED = 0, 1, 2, 130

_NEGATIVE = re.compile(r"-[.]?[0-9]")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="stillpoint", description="Radar measurements of ground motion: select, classify, track."
    )
    top.add_argument("--version", action="version", version=f"stillpoint {__version__}")
    commands = top.add_subparsers(dest="task", metavar="COMMAND", required=True)
    for task, kind in JOBS.items():
        _add_command(commands.add_parser(task, help=kind.help, description=kind.help), kind)
    commands.add_parser("worker", help="Take jobs from standard input (used by QGIS).")
    return top


def _add_command(command: argparse.ArgumentParser, kind: Type[Job]) -> None:
    for item in kind.parameters():
        _add_argument(command, item)
    command.add_argument("--job", metavar="FILE.json", help="Read the job from a file; options given beside it win.")
    command.add_argument(
        "--progress", choices=("auto", "json", "none"), default="auto", help="json prints the worker's lines."
    )


def _add_argument(command: argparse.ArgumentParser, item: Field) -> None:
    about: Dict[str, Any] = dict(item.metadata)
    flag = f"--{item.name.replace('_', '-')}"
    text = about["help"].replace("%", "%%")
    if item.default not in (REQUIRED, None, False):
        text += f" Default: {item.default}."
    options: Dict[str, Any] = {"help": text, "default": argparse.SUPPRESS}
    if about["kind"] == "flag":
        command.add_argument(flag, dest=item.name, action=argparse.BooleanOptionalAction, **options)
        return
    several = about["kind"] == "sources"
    options["type"] = str if several else KINDS[about["kind"]]
    if about["choices"]:
        options["metavar"] = "|".join(about["choices"])
    else:
        options["metavar"] = item.name.upper()
    if about["positional"]:
        command.add_argument(item.name, nargs="*" if several else "?", **options)
    elif several:
        command.add_argument(flag, dest=item.name, nargs="+", **options)
    else:
        command.add_argument(flag, dest=item.name, **options)


def build_job(arguments: argparse.Namespace) -> Job:
    """Return the job that the parsed ``arguments`` ask for; raise StillpointError where they don't fit."""
    kind = JOBS[arguments.task]
    values: Dict[str, Any] = {}
    if arguments.job:
        try:
            job = from_json(Path(arguments.job).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise StillpointError(f"The job file {arguments.job} cannot be read: {error}.") from None
        if type(job) is not kind:
            raise StillpointError(f"{arguments.job} is a job for {job.task}, not for {arguments.task}.")
        values.update(job.to_dict()["parameters"])
    names = {item.name for item in kind.parameters()}
    values.update({name: value for name, value in vars(arguments).items() if name in names})
    return kind(**values)


class _Terminal:
    """A progress line on a terminal, silence where standard error is none; and the epochs of a training as a table."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled and sys.stderr.isatty()
        self._table = EpochTable(width=shutil.get_terminal_size((120, 24)).columns - 2) if enabled else None

    def __call__(self, fraction: float, message: str) -> None:
        if self._enabled:
            filled = int(fraction * 30)
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {fraction:4.0%} {message[:40]:<40}")
            sys.stderr.flush()

    def figures(self, row: Row) -> None:
        """Print what a row of figures adds to the table."""
        lines = self._table.lines(row) if self._table else []
        if lines:
            self.close()
            print("\n".join(lines), flush=True)

    def close(self) -> None:
        if self._enabled:
            sys.stderr.write("\r" + " " * 80 + "\r")
            sys.stderr.flush()


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the command line and return its exit status (0 done, 1 failed, 2 bad arguments, 130 cancelled)."""
    given: List[str] = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == ["worker"]:
        return worker.main()
    if given[:1] == ["helper"]:  # of a training on several devices; nobody types it
        from stillpoint.models.learning import parallel

        return parallel.main()
    pipeline.single_threaded_kernels()
    pipeline.few_arenas()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    arguments = parser().parse_args(_joined(given))
    try:
        job = build_job(arguments)
    except StillpointError as error:
        print(f"stillpoint {arguments.task}: {error}", file=sys.stderr)
        return BAD_ARGUMENTS
    stop = threading.Event()

    def ask(number: int, _frame: Any) -> None:
        stop.set()
        signal.signal(number, previous[number])  # who asks twice does not want to wait for the block

    previous: Dict[int, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        previous[number] = signal.signal(number, ask)
    try:
        if arguments.progress == "json":
            return _run_with_events(job, stop)
        return _run_for_people(job, stop, quiet=arguments.progress == "none")
    except KeyboardInterrupt:
        print("Cancelled; nothing was written.", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # Whoever read the summary (head, less) has enough; the job itself is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    finally:
        for caught, handler in previous.items():
            signal.signal(caught, handler)


def _joined(given: Sequence[str]) -> List[str]:
    """Return ``--extent -96.4,29,...`` as one word: argparse takes a value for an option where it begins with a minus."""
    words: List[str] = []
    for word in given:
        if _NEGATIVE.match(word) and words and words[-1].startswith("--") and "=" not in words[-1] and words[-1] != "--":
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def _run_with_events(job: Job, stop: threading.Event) -> int:
    events = worker.Events(worker.claim_stdout())
    progress = Progress(events.progress, stop.is_set, figures=events.figures)
    return worker.perform(job.to_dict(), events, progress)


def _run_for_people(job: Job, stop: threading.Event, *, quiet: bool) -> int:
    from stillpoint.models import dispatch

    terminal = _Terminal(not quiet)
    try:
        result = dispatch.run(job, Progress(terminal, stop.is_set, figures=terminal.figures))
    except Cancelled as cancelled:
        terminal.close()
        print(str(cancelled) or "Cancelled; nothing was written.", file=sys.stderr)
        return CANCELLED
    except StillpointError as error:
        terminal.close()
        print(f"stillpoint {job.task}: {error}", file=sys.stderr)
        return FAILED
    except Exception as error:  # one line for people; the traceback with STILLPOINT_DEBUG or --progress json
        terminal.close()
        logging.getLogger("stillpoint").debug("failed", exc_info=True)
        print(f"stillpoint {job.task}: {worker.explain(error)[0]}", file=sys.stderr)
        return FAILED
    terminal.close()
    for warning in result.warnings:
        print(f"Note: {warning}", file=sys.stderr)
    lines = [result.summary, *(f"{name}: {path}" for name, path in result.outputs.items())]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console need not know every letter of a path
    print("\n".join(lines), flush=True)
    return DONE
