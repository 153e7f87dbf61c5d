"""Simulated stacks on disk, so that they are made once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Optional

import numpy as np

from stillpoint.benchmarks.interferograms import settings, simulator, troubles, unwrapping
from stillpoint.benchmarks.interferograms.settings import SETTINGS
from stillpoint.benchmarks.interferograms.simulator import Stack, make_stack


def stack_of(setting: str, seed: int, *, folder: Optional[Path] = None) -> Stack:
    """Return a stack of a setting from the folder, or make it and put it there.

    The name of the file carries a digest of the simulator's source, so that a changed simulator makes its own.
    """
    place = folder or Path(tempfile.gettempdir()) / "stillpoint-interferograms"
    place.mkdir(parents=True, exist_ok=True)
    target = place / f"{setting}-{seed}-{_digest(setting)}.npz"
    if target.is_file():
        with np.load(target) as held:
            return Stack.of_arrays(dict(held))
    made = make_stack(setting, seed)
    part = target.with_suffix(f".{os.getpid()}.part.npz")
    np.savez(part, **made.arrays())  # type: ignore[arg-type]
    part.replace(target)
    return made


def _digest(setting: str) -> str:
    text = repr(asdict(SETTINGS[setting]))
    for module in (simulator, troubles, unwrapping):
        text += Path(str(module.__file__)).read_text(encoding="utf-8")
    text += repr((settings.OFF, settings.BAD_SHARE, settings.USABLE, settings.STRONG))
    return hashlib.sha256(text.encode()).hexdigest()[:10]
