"""What a check of the environment finds, for the window, the command line and reports alike. Standard library only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterable, List, Mapping, Sequence

GOOD, NOTE, REPAIR = "good", "note", "repair"
"""States: as it should be; worth knowing, and nothing that stops work; something does not work until it is mended."""

WORDS = {GOOD: "good", NOTE: "note", REPAIR: "must be repaired"}
MARKS = {GOOD: "+", NOTE: "*", REPAIR: "!"}
"""For consoles, whose letters are those of the system: told apart without colours."""

GROUPS = ("Engine", "Libraries", "Devices", "Machine", "Models", "Surroundings")
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    id
        Its fixed name, such as ``"library-torch"``.
    group
        One of ``GROUPS``.
    title
        Some words.
    state
        ``GOOD``, ``NOTE`` or ``REPAIR``.
    text
        What was found, and what it means, in one or two sentences.
    repair
        What mends it with one click, as a name that the window knows; empty where nothing does.
    """

    id: str
    group: str
    title: str
    state: str
    text: str
    repair: str = ""

    def to_dict(self) -> Dict[str, Any]:
        """Return the attributes as JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Finding:
        """Build a finding from :meth:`to_dict`; a state that is not known becomes a note."""
        values = {name: str(form.get(name, "")) for name in ("id", "group", "title", "state", "text", "repair")}
        values["state"] = values["state"] if values["state"] in WORDS else NOTE
        return cls(**values)


def in_order(findings: Iterable[Finding]) -> List[Finding]:
    """Return findings by group; within a group they stay as they were told."""
    known = {name: number for number, name in enumerate(GROUPS)}
    return sorted(findings, key=lambda finding: known.get(finding.group, len(known)))


def verdict(findings: Sequence[Finding]) -> str:
    """Return what all findings come to, as one sentence."""
    broken = sum(finding.state == REPAIR for finding in findings)
    notes = sum(finding.state == NOTE for finding in findings)
    more = f" {notes} {'notes are' if notes != 1 else 'note is'} worth reading." if notes else ""
    if broken:
        return f"{broken} {'things' if broken != 1 else 'thing'} must be repaired.{more}"
    return f"Everything that Stillpoint needs is there and works.{more}"


def as_text(findings: Iterable[Finding]) -> str:
    """Return findings as lines for a console or a report; every state is a mark and a word."""
    lines: List[str] = []
    group = ""
    for finding in in_order(findings):
        if finding.group != group:
            group = finding.group
            lines += ["", group] if lines else [group]
        lines.append(f"  {MARKS[finding.state]} {WORDS[finding.state] + ':':<18}{finding.title}: {finding.text}")
    return "\n".join(lines)
