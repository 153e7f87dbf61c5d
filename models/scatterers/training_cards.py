"""What lies beside a trained network: its model card, the curves of training and of selection."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np

from stillpoint.models.learning import beside, page
from stillpoint.models.learning.library import Header
from stillpoint.models.learning.loop import Record
from stillpoint.models.learning.splits import Part
from stillpoint.models.scatterers.published.metrics import curve
from stillpoint.models.scatterers.training_facts import facts


def write_beside(
    output: Path, header: Header, record: Record, probability: np.ndarray, truth: np.ndarray,
    comparison: Optional[Mapping[str, Any]] = None, notes: Sequence[str] = (),
) -> Dict[str, str]:  # fmt: skip
    """Write card and curves beside the model ``output``, and a page where it was compared; return their paths by what they are."""
    selection = output.with_suffix(".curve.csv")
    written = beside.write_card_and_curves(output, model_card(header, comparison), record.rows)
    if comparison is not None:
        written["report"] = page.write(
            output, title=f"Scatterer network {output.stem}", facts=facts(header, mixed_in="blocks", scarce=_SCARCE),
            history=record.rows, best=record.best, comparison=comparison, parts=parts_of(header), notes=notes,
        )  # fmt: skip
    beside.write_table(selection, ["threshold", "precision", "recall", "f1", "share_taken"], curve(probability, truth).tolist())
    return {**written, "curve": str(selection)}


def parts_of(header: Header) -> List[Part]:
    """Return how many blocks each part has."""
    names = {"calibration": "validation"}
    return [Part(names.get(name, name), name, int(count)) for name, count in header.training["blocks"].items()]


_SCARCE = "three of four blocks hold labelled PS where there are such, and the loss weighs the classes"
_FAILS = {
    "CNN-ISS": "- It averages what single interferograms look like, so it knows nothing of the order or rhythm of dates.",
    "CLSTM-ISS": "- The last dates count most, and the answer depends on the order of dates.",
    "U-Net": "- Pooling makes its map smooth: a lonely scatterer in vegetation is easily lost, its neighbours easily taken.",
}
_INPUTS = {
    "CNN-ISS": "wrapped phase divided by pi, as published. It breaks where the phase wraps, which the network has to unlearn",
    "CLSTM-ISS": "wrapped phase divided by pi, as published. It breaks where the phase wraps, which the network has to unlearn",
    "U-Net": "cosine and sine of the wrapped phase",
}


def model_card(header: Header, comparison: Optional[Mapping[str, Any]] = None) -> str:
    """Return the model card in Markdown."""
    beside_others = "" if comparison is None else f"\n\nAs it is used, beside others:\n\n{page.card_table(comparison)}"
    rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in header.metrics.items())
    training, name = header.training, header.architecture
    mixed = f", {training['mix']:.0%} of the blocks simulated" if training.get("mix") else ""
    mixed += f", from `{training['start']['file']}`" if training.get("start") else ""
    blocks = ", ".join(f"{count} {part}" for part, count in training["blocks"].items())
    return f"""# Published scatterer network (`{name}` {header.version})

Says of every pixel of a stack of wrapped interferograms how probable it is a persistent scatterer. For comparison with the
paper: {training['paper']}

What is as published, and what the authors leave open, is stated in `docs/scatterers-networks.md`.

- **Input**: {_INPUTS.get(name, "wrapped phase")}. Any number of interferograms. No amplitude, no baselines.
- **Output**: a probability, calibrated on held-out stacks (a straight line on the score whose slope and offset change with
  the logarithm of the number of interferograms); pixels of at least {header.settings['threshold']:.3f} are taken.
- **Trained on**: {training['data']}{mixed}. Labels: {training['labels']}. Kept apart {training['split']}: {blocks}.
- **Made by**: `{training['command']}` ({training['epochs']} epochs)
- **Licence**: {header.licence}

## On the test part

Figures are of pixels that neither training, early stopping nor calibration saw.

| figure | value |
|---|---|
{rows}{beside_others}

## Where it fails

- It reads phase alone: amplitude, which tells a bright steady scatterer from clutter that happens to agree for a few dates,
  and baselines, which explain its height, are lost on it. The default method uses both and is better on any stack.
- A constant added to an interferogram, another reference date or the other sign change its answer, though not by much: it has
  only seen such changes in training.
{_FAILS.get(name, "")}
"""
