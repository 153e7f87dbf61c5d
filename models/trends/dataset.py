"""Endless simulated training batches for the trend networks: fresh at every step, repeatable by seed."""

from __future__ import annotations

from functools import lru_cache
from typing import List, NamedTuple, Tuple

import numpy as np
import torch

from stillpoint.models.simulation import calendars
from stillpoint.models.simulation.series import Group, draw_group
from stillpoint.models.trends.features import Evidence, gather_evidence
from stillpoint.models.trends.network import CLASSES
from stillpoint.models.trends.plan import Plan, make_plan

POOL = 160
"""Calendars in use at a time: their plans are kept, and one is replaced every other step."""


class Calendar(NamedTuple):
    """A drawn calendar with its plan."""

    days: np.ndarray
    wavelength: float
    plan: Plan


@lru_cache(maxsize=POOL + 40)
def numbered_calendar(seed: int, number: int) -> Calendar:
    """Return calendar ``number`` of the endless sequence of ``seed``."""
    rng = np.random.default_rng([seed, 1, number])
    mission = calendars.draw_mission(rng)
    epochs = calendars.draw_epochs(rng, fewest=10, most=30) if rng.random() < 0.08 else calendars.draw_epochs(rng)
    days = calendars.draw_calendar(rng, mission, epochs)
    return Calendar(days, mission.wavelength, make_plan(days))


def groups_at(seed: int, step: int, *, groups: int = 4, scenes: int = 4, size: int = 64) -> List[Tuple[Calendar, Group]]:
    """Return the simulated groups of a step: ``groups`` calendars, each with ``scenes`` scenes of ``size`` series."""
    rng = np.random.default_rng([seed, 2, step])
    result = []
    for number in rng.integers(step // 2, step // 2 + POOL, groups):
        calendar = numbered_calendar(seed, int(number))
        wavelength = calendar.wavelength
        parts = [draw_group(rng, size, days=calendar.days, wavelength=wavelength) for _ in range(scenes)]
        result.append((calendar, _joined(parts)))
    return result


def _joined(parts: List[Group]) -> Group:
    first = parts[0]
    stacked = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("displacement", "label", "kind", "break_days", "velocity_1", "velocity_2", "jumps")
    }
    return Group(first.days, first.wavelength, **stacked)


def evidence_of(calendar: Calendar, group: Group) -> Tuple[Evidence, torch.Tensor]:
    """Return the evidence of the series that can be judged (8 values or more), and the network's output for each.

    The output is the class, or 5 + kind for a series that fits none.
    """
    enough = np.isfinite(group.displacement).sum(axis=1) >= 8
    values = torch.from_numpy(group.displacement[enough])
    with torch.no_grad():
        evidence = gather_evidence(values, calendar.plan, calendar.wavelength)
    outputs = np.where(group.kind >= 0, CLASSES + group.kind, group.label)
    return evidence, torch.from_numpy(outputs[enough])
