"""What lies beside a trend network that was trained on a user's labels: its model card, its learning curve, and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from stillpoint.models.learning import beside, page
from stillpoint.models.learning.library import Header
from stillpoint.models.learning.loop import Record
from stillpoint.models.learning.splits import PARTS, Plan
from stillpoint.models.trends.classes import NAMES

__all__ = ["PARTS", "write_beside"]


def write_beside(
    output: Path, header: Header, start: str, comparison: Mapping[str, Any], record: Record, plan: Plan,
    notes: Sequence[str],
) -> Dict[str, str]:  # fmt: skip
    """Write card, curve and page beside the model ``output``; return their paths by what they are.

    Parameters
    ----------
    output
        The model.
    header
        Its header.
    start
        What it was fine-tuned from, for people; empty where its weights were new.
    comparison
        From :func:`stillpoint.models.learning.comparison.compare`.
    record
        Of the epochs, with the figures on the validation part.
    plan
        What was learned from.
    notes
        Sentences for the user.
    """
    written = beside.write_card_and_curves(output, model_card(header, start, comparison, plan), record.rows)
    report = page.write(
        output, title=f"Trend network {output.stem}", facts=facts(header, start), history=record.rows, best=record.best,
        comparison=comparison, parts=plan.parts, notes=notes,
    )  # fmt: skip
    return {**written, "report": report}


def facts(header: Header, start: str) -> List[Tuple[str, str]]:
    """Return what was trained, on what, from where."""
    training = header.training
    series = ", ".join(f"{count:,} {part}" for part, count in training["series"].items())
    return [
        ("Network", f"{header.architecture} {header.version}"),
        ("Start", f"{start} (SHA-256 {training['start']['sha256'][:16]}...)" if start else "new weights"),
        ("Data", training["data"]),
        ("Labels", f"{training['labels']} ({series})"),
        ("Classes", "each drawn as often as any other, no label more than ten times as often as the mean"),
        ("Parts", "blocks in space, with a distance between what is learned from and what judges"),
        ("Epochs", f"{training['epochs']}, the best was number {training['best epoch']}"),
        ("Command", training["command"]),
    ]


def model_card(header: Header, start: str, comparison: Mapping[str, Any], plan: Plan) -> str:
    """Return the model card in Markdown."""
    training = header.training
    first = training["start"]
    origin = f"`{first['file']}` (SHA-256 {first['sha256'][:16]}...)" if first else "new weights"
    rows = "\n".join(f"- **{name}**: {text}." for name, text in facts(header, start)[2:6])
    calibrated = "scaled anew on the validation part" if training["calibrated"] else "scaled as those of the start"
    blocks = len([part for part in plan.parts if part.part == "test"])
    return f"""# Trend network, trained on labels (`{header.architecture}` {header.version})

Classifies displacement series of radar points as {', '.join(NAMES)}.

- **Start**: {origin}.
{rows}
- **Made by**: `{training['command']}` ({training['epochs']} epochs, the best was number {training['best epoch']}; 0 is the start)
- **Probabilities**: {calibrated}; they are those of equally common classes, as everywhere in Stillpoint.
- **Licence**: {header.licence}

## On the test part

Blocks in space ({blocks}) that neither learning nor stopping nor calibration saw. Truth is what the labels say.

{page.card_table(comparison)}

## Where it fails

- Beyond places and processings like those of the labels nobody has measured it: use the start there.
- It repeats the errors of its labels: what a reviewer takes for stable it will take for stable.
- Labels from review mode are of doubtful points: the figures say how it does on those, not on a whole map.
"""
