"""Feeds malformed inputs in child processes, so that a crash, a hang and memory that runs away are seen and survived."""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

from stillpoint.benchmarks.fuzz import targets
from stillpoint.benchmarks.fuzz.mutate import mutate_file
from stillpoint.models.errors import StillpointError

PATIENCE = 20
"""Seconds of processor time for one input, which takes a few milliseconds when nothing is wrong."""

MEMORY = 1 << 30
"""Bytes beyond what the process has when it starts; the inputs have some hundred kilobytes."""

BATCH = 150


@dataclass
class Findings:
    """What came of the inputs of one target.

    Attributes
    ----------
    counts
        How many were read (``valid``), were refused in a sentence (``refused``), and went wrong otherwise.
    defects
        Number and seed, and what happened.
    """

    counts: Counter = field(default_factory=Counter)
    defects: List[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many inputs there were."""
        return sum(self.counts.values())


def spoiled(seeds: Sequence[Path], place: Path, chance: random.Random) -> Path:
    """Copy one of ``seeds`` to ``place`` with everything beside it that belongs to it, and spoil one file of it; return it."""
    seed = chance.choice(seeds)
    if seed.is_dir():
        target = place / seed.name
        shutil.copytree(seed, target)
        files = sorted(path for path in target.rglob("*") if path.is_file())
        for _ in range(chance.choice((1, 1, 3))):
            if (victim := chance.choice(files)).exists():
                victim.unlink() if chance.random() < 0.05 else mutate_file(victim, chance)
        return target
    target = place / seed.name
    parts = [path for path in seed.parent.iterdir() if path.is_file() and (path.stem == seed.stem or path.name in _BESIDE)]
    for path in parts:
        shutil.copyfile(path, place / path.name)
    victims = [path for path in parts if path.stem == seed.stem and path.suffix in (".shp", ".dbf", ".shx", ".prj")]
    mutate_file(place / (chance.choice(victims).name if seed.suffix == ".shp" else seed.name), chance)
    return target


_BESIDE = ("scene.tif", "network.tif", "network_coherence.tif")


def one(target: str, seeds: Dict[str, List[Path]], place: Path, seed: str) -> str:
    """Feed one malformed input to ``target``; return ``valid``, ``refused``, or what went wrong."""
    chance = random.Random(seed)
    try:
        if target == "jobs":
            targets.read_job(targets.job_form(chance))
        elif target == "protocol":
            targets.read_protocol(targets.protocol_lines(chance))
        else:
            file = spoiled(seeds[target], place, chance)
            targets.FILES[target](file)
    except StillpointError as error:
        text = str(error)
        return "refused" if len(text) > 10 else f"no sentence: {text!r}"
    except MemoryError:
        return "memory: " + traceback.format_exc(limit=-9)
    except Exception as error:
        return f"{type(error).__name__}: " + traceback.format_exc(limit=-12)
    return "valid"


TARGETS = (*targets.FILES, "jobs", "protocol")


def fuzz(
    target: str, seeds: Dict[str, List[Path]], count: int, *, seed: int,
    told: Callable[[int, str], None] = lambda number, text: None,
) -> Findings:  # fmt: skip
    """Feed ``count`` malformed inputs to ``target``, in child processes where the system can fork."""
    findings = Findings()
    number = 0
    while number < count:
        last = min(number + BATCH, count)
        number = _batch(target, seeds, number, last, seed, findings)
        told(number, target)
    return findings


def _batch(target: str, seeds: Dict[str, List[Path]], first: int, last: int, seed: int, findings: Findings) -> int:
    """Do the inputs from ``first`` to ``last`` in one child and return the next number; a child that dies is told of."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _child(target, seeds, first, last, seed, writing)
        finally:
            os._exit(0)
    os.close(writing)
    done = first
    with os.fdopen(reading, encoding="utf-8") as stream:
        for line in stream:
            number, outcome = json.loads(line)
            done = number + 1
            word = outcome.split(":", 1)[0]
            findings.counts[word if word in ("valid", "refused") else "wrong"] += 1
            if word not in ("valid", "refused"):
                findings.defects.append(f"{target}, seed '{seed} {target} {number}': {outcome}")
    _, status = os.waitpid(child, 0)
    if done < last:
        how = "a hang" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU else f"a crash (status {status})"
        findings.counts["wrong"] += 1
        findings.defects.append(f"{target}, seed '{seed} {target} {done}': {how}")
        done += 1
    return done


def _child(target: str, seeds: Dict[str, List[Path]], first: int, last: int, seed: int, writing: int) -> None:
    import resource

    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(null, stream)
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        taken = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        for number in range(first, last):
            used = time.process_time()
            resource.setrlimit(resource.RLIMIT_CPU, (int(used) + PATIENCE, resource.RLIM_INFINITY))
            signal.alarm(6 * PATIENCE)  # what waits takes no processor time
            with tempfile.TemporaryDirectory(prefix="stillpoint-fuzz-") as place:
                outcome = one(target, seeds, Path(place), f"{seed} {target} {number}")
            signal.alarm(0)
            out.write(json.dumps([number, outcome]) + "\n")
            out.flush()
            if number % 50 == 0:
                gc.collect()


def report(found: Dict[str, Findings], seconds: float) -> str:
    """Return the counts as a table in Markdown."""
    lines = ["| input | malformed | read all the same | refused in a sentence | wrong |", "|---|---:|---:|---:|---:|"]
    total: Counter = Counter()
    for name, findings in found.items():
        counts = findings.counts
        total.update(counts)
        lines.append(f"| {name} | {findings.total:,} | {counts['valid']:,} | {counts['refused']:,} | {counts['wrong']:,} |")
    lines.append(f"| all | {sum(total.values()):,} | {total['valid']:,} | {total['refused']:,} | {total['wrong']:,} |")
    return "\n".join([*lines, "", f"{seconds:.0f} s"])


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command line; the status is 1 where anything went wrong."""
    import argparse

    from stillpoint.benchmarks.fuzz import seeds as making

    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="Malformed inputs of each kind.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=TARGETS, default=TARGETS)
    parser.add_argument("--repeat", metavar="SEED", help="One input again, by the seed that a defect names; its error is shown.")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    found: Dict[str, Findings] = {}
    with tempfile.TemporaryDirectory(prefix="stillpoint-seeds-") as folder:
        seeds = making.make(Path(folder))
        if given.repeat:
            place = Path(tempfile.mkdtemp(prefix="stillpoint-repeat-"))
            print(one(given.repeat.split(" ", 1)[1].rsplit(" ", 1)[0], seeds, place, given.repeat), f"\nThe input lies in {place}.")
            return 0
        for target in given.only:
            found[target] = fuzz(target, seeds, given.count, seed=given.seed)
            for defect in found[target].defects[:20]:
                print(defect, "\n", flush=True)
            print(f"{target}: {dict(found[target].counts)}", flush=True)
    print(report(found, time.monotonic() - began))
    return 1 if any(findings.defects for findings in found.values()) else 0


