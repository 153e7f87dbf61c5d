"""What lies beside a fine-tuned network: its model card, its curves and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence

from stillpoint.models.learning import beside, page
from stillpoint.models.learning.library import Header
from stillpoint.models.learning.loop import Record
from stillpoint.models.learning.splits import Part
from stillpoint.models.scatterers.network import PS_NOISE
from stillpoint.models.scatterers.training_facts import facts

MARGIN = 0.005
"""A figure that falls by less may do so by chance."""


def worse(before: Dict[str, float], after: Dict[str, float]) -> str:
    """Return a sentence that says in which figure the result falls behind its start; empty where it does not."""
    for name in ("average precision", "F1 at the threshold"):
        if after[name] < before[name] - MARGIN:
            return (
                f"On the judging part the fine-tuned network is worse than the start ({name} {after[name]:.3f} against "
                f"{before[name]:.3f}). Rather use the start, or give labels of a larger part."
            )
    return ""


def write_beside(
    output: Path, header: Header, before: Dict[str, float], comparison: Mapping[str, Any], record: Record, notes: Sequence[str]
) -> Dict[str, str]:
    """Write card, curves and page beside the model ``output``; return their paths by what they are.

    Parameters
    ----------
    output
        The model.
    header
        Its header, with the figures on the judging part.
    before
        The same figures of the start; empty where the weights were new.
    comparison
        From :func:`stillpoint.models.scatterers.compared.compare`.
    record
        Of the epochs, with figures on the tuning part.
    notes
        Sentences for the user.
    """
    written = beside.write_card_and_curves(output, model_card(header, before, comparison), record.rows)
    report = page.write(
        output, title=f"Scatterer network {output.stem}",
        facts=facts(header, mixed_in="batch", scarce="three of four crops hold labelled PS where there are such"),
        history=record.rows, best=record.best, comparison=comparison, parts=parts_of(header), notes=notes,
    )  # fmt: skip
    return {**written, "report": report}


def parts_of(header: Header) -> List[Part]:
    """Return how many labelled pixels each part has."""
    names = {"train": "train", "tuning": "validation", "judging": "test"}
    return [Part(names[name], name, int(count)) for name, count in header.training["pixels"].items()]


def model_card(header: Header, before: Dict[str, float], comparison: Mapping[str, Any]) -> str:
    """Return the model card in Markdown."""
    training = header.training
    start = training["start"]
    origin = (
        f"`{start['file']}` (SHA-256 {start['sha256'][:16]}...), trained on {start.get('data', 'data that it does not name')}"
        if start else "new weights"
    )  # fmt: skip
    rows = "\n".join(
        f"| {name} | {f'{before[name]:.4f}' if name in before else ''} | {value:.4f} |" for name, value in header.metrics.items()
    )
    pixels = ", ".join(f"{count:,} {part}" for part, count in training["pixels"].items())
    fallen = worse(before, dict(header.metrics)) if before else ""
    mixed = f" {training['mix']:.0%} of each batch was simulated." if training.get("mix") else ""
    moved = (
        f"the best of {training['epochs']} epochs on the tuning part was number {training['best epoch']}"
        if training["best epoch"]
        else f"none of {training['epochs']} epochs was better on the tuning part, so the weights are the start's"
    )
    return f"""# Network that selects scatterers, fine-tuned (`{header.architecture}` {header.version})

Says of every pixel of a stack how probable it is a persistent scatterer, and estimates the noise of its phase in radians.

- **Start**: {origin}.
- **Fine-tuned on**: {training['data']}. Labels: {training['labels']}. Labelled pixels: {pixels}. Three of four crops hold labelled
  PS, so that scarce ones are learned.{mixed}
- **Kept apart** {training['split']}.
- **Made by**: `{training['command']}`; {moved}.
- **Threshold**: {header.settings['threshold']}, the best F1 on the tuning part, on which the probability is calibrated, too.
- **Licence**: {header.licence}

## On the judging part

Neither learning, stopping nor calibration saw these pixels. Truth is what the labels say; the start has its own calibration and
threshold.{f" **{fallen}**" if fallen else ""}

| figure | start | fine-tuned |
|---|---|---|
{rows}

Beside the classical methods, on the pixels that all of them answer:

{page.card_table(comparison)}

## Where it fails

- Beyond stacks like those it was fine-tuned on (sensor, number of dates, land cover) nobody has measured it: use the start there.
- It repeats the errors of its labels: a selection that leaves steady pixels out teaches to leave them out.
- With labels alone, the estimate of the noise in radians is the start's view, shifted by what the labels call a scatterer;
  it is a measurement only where a PS of yours means less than {PS_NOISE} rad.
"""
