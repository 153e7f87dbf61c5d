"""What lies beside a trained network: its model card, the curves of training and of selection."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

import numpy as np

from stillpoint.models.learning import beside
from stillpoint.models.learning.library import Header
from stillpoint.models.scatterers.published.metrics import curve


def write_beside(
    output: Path, header: Header, history: List[Dict[str, float]], probability: np.ndarray, truth: np.ndarray
) -> Dict[str, str]:
    """Write card and curves beside the model ``output``; return their paths by what they are."""
    card, learning, selection = output.with_suffix(".md"), output.with_suffix(".training.csv"), output.with_suffix(".curve.csv")
    beside.replace_text(card, model_card(header))
    beside.write_history(learning, history)
    beside.write_table(selection, ["threshold", "precision", "recall", "f1", "share_taken"], curve(probability, truth).tolist())
    return {"card": str(card), "training": str(learning), "curve": str(selection)}


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


def model_card(header: Header) -> str:
    """Return the model card in Markdown."""
    rows = "\n".join(f"| {name} | {value:.4f} |" for name, value in header.metrics.items())
    training, name = header.training, header.architecture
    blocks = ", ".join(f"{count} {part}" for part, count in training["blocks"].items())
    return f"""# Published scatterer network (`{name}` {header.version})

Says of every pixel of a stack of wrapped interferograms how probable it is a persistent scatterer. For comparison with the
paper: {training['paper']}

What is as published, and what the authors leave open, is stated in `docs/scatterers-networks.md`.

- **Input**: {_INPUTS.get(name, "wrapped phase")}. Any number of interferograms. No amplitude, no baselines.
- **Output**: a probability, calibrated on held-out stacks (a straight line on the score whose slope and offset change with
  the logarithm of the number of interferograms); pixels of at least {header.settings['threshold']:.3f} are taken.
- **Trained on**: {training['data']}. Labels: {training['labels']}. Kept apart {training['split']}: {blocks}.
- **Made by**: `{training['command']}` ({training['epochs']} epochs)
- **Licence**: {header.licence}

## On the test part

Figures are of pixels that neither training, early stopping nor calibration saw.

| figure | value |
|---|---|
{rows}

## Where it fails

- It reads phase alone: amplitude, which tells a bright steady scatterer from clutter that happens to agree for a few dates,
  and baselines, which explain its height, are lost on it. The default method uses both and is better on any stack.
- A constant added to an interferogram, another reference date or the other sign change its answer, though not by much: it has
  only seen such changes in training.
{_FAILS.get(name, "")}
"""
