"""Contestants in turns: processor time of each round, the least of them, and ratios."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence

OURS = "Stillpoint"
"""How the names of the engine's own methods begin."""


@dataclass
class Contestant:
    """What is timed.

    Attributes
    ----------
    name
        In the table; Stillpoint's own begin with its name.
    run
        Does the work and returns what :attr:`judge` takes; where ``timed`` is False, a pair of that and the processor seconds of
        several rounds.
    amount
        How much work a run is, in the unit of the table.
    judge
        Returns the figures of quality by their titles.
    timed
        False where the run has its rounds by itself and tells their times, as one in another process does.
    """

    name: str
    run: Callable[[], Any]
    amount: float
    judge: Callable[[Any], Dict[str, float]]
    timed: bool = True


@dataclass
class Line:
    """What came out for one contestant: processor seconds a unit of work of each round, and the figures of quality."""

    name: str
    rounds: List[float]
    quality: Dict[str, float]

    @property
    def cost(self) -> float:
        """Least processor seconds a unit of work: other programs only ever add to it."""
        return min(self.rounds)


def compete(contestants: Sequence[Contestant], rounds: int, *, tell: Callable[[str], None] = lambda text: None) -> List[Line]:
    """Run every contestant once to warm it up, then all of them in turns, ``rounds`` times."""
    lines = {one.name: Line(one.name, [], {}) for one in contestants}
    for turn in range(rounds + 1):
        for one in contestants:
            line = lines[one.name]
            if turn and (not one.timed or not line.quality):
                continue
            began = time.process_time()
            try:
                found = one.run()
            except RuntimeError as error:  # a rival that cannot run must not take the others with it
                tell(f"{one.name} left out: {error}")
                continue
            spent = time.process_time() - began
            if not one.timed:
                found, several = found
                line.rounds = [seconds / one.amount for seconds in several]
                spent = min(several)
            elif turn:
                line.rounds.append(spent / one.amount)
            if turn == 0:
                line.quality = one.judge(found)
            tell(f"{one.name}, {'warming up' if turn == 0 else f'round {turn}'}: {spent:.2f} CPU s")
    return [line for line in lines.values() if line.rounds]


def table(lines: Sequence[Line], unit: str, scale: float, *, against: Optional[str] = None) -> str:
    """Return the lines in Markdown: cost, spread of the rounds, ratio to ``against`` (the first of Stillpoint's), and quality."""
    base = next(line for line in lines if line.name == against or (against is None and line.name.startswith(OURS)))
    titles = list(dict.fromkeys(title for line in lines for title in line.quality))
    head = f"| | {unit} | rounds | time as a multiple of {base.name} | {' | '.join(titles)} |"
    rows = [head, "|---" + "|---:" * (3 + len(titles)) + "|"]
    for line in lines:
        rounds = f"{scale * min(line.rounds):.3g} to {scale * max(line.rounds):.3g}"
        cells = [f"{line.quality[title]:.3f}" if title in line.quality else "" for title in titles]
        rows.append(f"| {line.name} | {scale * line.cost:.3g} | {rounds} | {line.cost / base.cost:.2f} | {' | '.join(cells)} |")
    return "\n".join(rows)
