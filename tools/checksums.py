"""Writes the SHA-256 of the shipped models: ``python -m tools.checksums``; with ``--check`` it only compares.

To be run whenever a shipped model was made anew; a test compares as well.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Dict, List

from stillpoint.models.learning.cards import SHIPPED, sha256
from stillpoint.models.learning.shelf import read_sums

MANIFEST = SHIPPED / "SHA256SUMS"


def computed(folder: Path = SHIPPED) -> Dict[str, str]:
    """Return the SHA-256 of every model in ``folder`` by the name of its file."""
    return {path.name: sha256(path) for path in sorted(folder.glob("*.safetensors"))}


def write() -> None:
    """Write the checksums of the shipped models."""
    text = "".join(f"{digest}  {name}\n" for name, digest in computed().items())
    MANIFEST.write_bytes(text.encode("utf-8"))


def differences() -> List[str]:
    """Return the shipped models whose SHA-256 is missing, left over, or another."""
    known, found = read_sums(MANIFEST), computed()
    return sorted(name for name in {*known, *found} if known.get(name) != found.get(name))


def main(arguments: List[str]) -> int:
    """Write or compare; return the exit status."""
    if "--check" not in arguments:
        write()
        return 0
    wrong = differences()
    for name in wrong:
        sys.stderr.write(f"{name}: its SHA-256 is not the one in {MANIFEST.name}; run python -m tools.checksums\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
