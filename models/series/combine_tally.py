"""Counts and typical figures over all places that were combined, and the summary for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.series.combine_kernels import Motion
from stillpoint.models.series.combine_tracks import Track


@dataclass
class Tally:
    """What came out, batch after batch.

    Attributes
    ----------
    max_condition
        Places with a larger condition number have no result.
    points
        Places with a result.
    parallel, without
        Places left out because the lines of sight are too parallel, or for want of dates.
    """

    max_condition: float
    points: int = 0
    parallel: int = 0
    without: int = 0
    _parts: Dict[str, List[np.ndarray]] = field(default_factory=dict)

    def add(self, motion: Motion) -> np.ndarray:
        """Count a batch, and return the indices in it of the places that have a result."""
        good = np.isfinite(motion.velocity).all(axis=0)
        bad = motion.condition[~good]
        # Without two series there are no lines of sight to compare, which makes the condition number infinite too.
        parallel = int((np.isfinite(bad) & (bad > self.max_condition)).sum())
        self.points += int(good.sum())
        self.parallel += parallel
        self.without += len(bad) - parallel
        for name in ("velocity", "velocity_std", "north"):
            self._parts.setdefault(name, []).append(getattr(motion, name)[:, good].astype(np.float32))
        self._parts.setdefault("condition", []).append(motion.condition[good].astype(np.float32)[None])
        return np.flatnonzero(good)

    def check(self) -> None:
        """Raise StillpointError where nothing came out."""
        if self.points:
            return
        if self.parallel:
            raise StillpointError(
                f"The lines of sight are too parallel in all {self.parallel:,} places where the tracks meet. Combine an ascending "
                "with a descending track."
            )
        raise StillpointError(
            f"None of the {self.without:,} places where the tracks meet has enough dates in common: the series have too many "
            "missing values or too long gaps. A longer gap to interpolate in, or a wider spacing, may help."
        )

    def _all(self, name: str) -> np.ndarray:
        return np.concatenate(self._parts[name], axis=1)

    def typical(self, name: str) -> Tuple[float, ...]:
        """Return the medians of a figure of the motion: up and east, or one."""
        return tuple(round(float(value), 3) for value in np.median(self._all(name), axis=1))

    def velocities(self, part: int) -> Dict[str, float]:
        """Return median and 5th and 95th percentile of the velocity, mm/yr: ``part`` 0 is up, 1 east."""
        low, middle, high = np.percentile(self._all("velocity")[part], (5, 50, 95))
        return {"low": round(float(low), 2), "median": round(float(middle), 2), "high": round(float(high), 2)}

    def summary(self, tracks: Sequence[Track], details: Dict[str, Any]) -> str:
        """Return some lines for people."""
        lines = [f"{'Track':<12}{'points':>10}{'used':>10}{'dates':>7}  line of sight from"]
        for track in tracks:
            lines.append(
                f"{track.name:<12}{len(track.x):>10,}{int(track.counts.sum()):>10,}{len(track.days):>7}  {track.sight_source}"
            )
        lines.append(
            f"{self.points:,} places, {details['dates']} dates from {details['first_date']} to {details['last_date']}; "
            f"reference: {details['reference']}"
        )
        lines.append(f"{'Velocity, mm/yr':<18}{'5 %':>8}{'median':>8}{'95 %':>8}{'std error':>11}")
        for part, name in enumerate(("up", "east")):
            known = self.velocities(part)
            lines.append(
                f"{name:<18}{known['low']:>8.1f}{known['median']:>8.1f}{known['high']:>8.1f}{self.typical('velocity_std')[part]:>11.2f}"
            )
        up, east = self.typical("north")
        lines.append(
            f"Motion to the north is taken for 0: 1 mm/yr of it would appear as {up:+.2f} mm/yr up and {east:+.2f} mm/yr east."
        )
        return "\n".join(lines)
