"""Brings the cards of the shipped models up to date with the benchmarks: ``python -m tools.cards``.

The table "Shipped models" of ``benchmarks/README.md`` holds the figures of every model beside a classical method and the paper's.
What it says of a model becomes a section of the model's card, so that a card tells the same; to be run when either changed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Dict, List

from stillpoint.models.learning.cards import section

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks" / "README.md"
WEIGHTS = ROOT / "models" / "weights"

HEADING = "## Beside a classical method and the paper's"
TABLE = "| data | figure | this model | classical method | the paper's |\n|---|---|---|---|---|"
EXPLANATION = "Measured by the benchmarks (`benchmarks/README.md`), on data that it was not trained on."


def rows() -> Dict[str, List[str]]:
    """Return the rows of the table by model, without its name.

    Raises
    ------
    ValueError
        The table is not as it should be.
    """
    found: Dict[str, List[str]] = {}
    for line in section(BENCHMARKS.read_text(encoding="utf-8"), "Shipped models").splitlines():
        match = re.match(r"\| `([\w-]+)` \|(.*)\|$", line)
        if match:
            if match.group(2).count("|") != 4:
                raise ValueError(f"the row of {match.group(1)} in {BENCHMARKS.name} must have six columns")
            found.setdefault(match.group(1), []).append(f"|{match.group(2)}|")
    return found


def completed(card: str, lines: List[str]) -> str:
    """Return ``card`` with its section of the benchmarks made anew, before the last section."""
    text = re.sub(rf"{re.escape(HEADING)}\n.*?(?=^## |\Z)", "", card, flags=re.MULTILINE | re.DOTALL)
    made = "\n".join([HEADING, "", EXPLANATION, "", TABLE, *lines, "", ""])
    place = text.lower().rfind("## where it fails")
    if place < 0:
        return f"{text.rstrip()}\n\n{made.rstrip()}\n"
    return text[:place] + made + text[place:]


def main() -> int:
    """Complete the cards; return the exit status."""
    for name, lines in rows().items():
        path = WEIGHTS / f"{name}.md"
        before = path.read_text(encoding="utf-8")
        after = completed(before, lines)
        if after != before:
            path.write_text(after, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {'as it is' if after == before else 'completed'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
