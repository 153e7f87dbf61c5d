"""What lies beside a trained picture classifier: its model card and its learning curve."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from stillpoint.models.learning import beside, page
from stillpoint.models.learning.library import Header


def write_beside(
    output: Path, header: Header, kinds: Dict[str, Tuple[float, int]], rows: List[Dict[str, Any]]
) -> Dict[str, str]:
    """Write card and curves beside the model ``output``; return their paths by what they are."""
    return beside.write_card_and_curves(output, model_card(header, kinds), rows)


def figures_table(metrics: Dict[str, Dict[str, float]]) -> str:
    """Return figures by set as a Markdown table; what a set has not is left empty."""
    labels = list(dict.fromkeys(label for row in metrics.values() for label in row))
    lines = ["| figure | " + " | ".join(metrics) + " |", "|---|" + "---:|" * len(metrics)]
    for label in labels:
        form = "{:.0f}" if label == "pictures" else "{:.3f}"
        cells = [form.format(row[label]) if label in row else "" for row in metrics.values()]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def width_words(header: Header) -> str:
    """Return in words how wide the network is against the published one."""
    channels = int(header.shape["channels"])
    if channels == 64:
        return "as published (64 to 2048 channels, 23.5 million weights)"
    return (
        f"the fifty layers as published, each {channels / 64:.3g} times as wide ({channels} to {32 * channels} channels, some "
        f"{23.5 * (channels / 64) ** 2:.1f} million weights instead of 23.5), so that the weights are small; "
        "`--network resnet50_full` trains the full width"
    )


def model_card(header: Header, kinds: Dict[str, Tuple[float, int]]) -> str:
    """Return the model card in Markdown."""
    training = header.training
    high_low = "; ".join(f"{name} {high} high and {low} low" for name, (high, low) in training["pictures"].items())
    rows = "\n".join(f"| {name} | {share:.3f} | {count} |" for name, (share, count) in kinds.items())
    side = header.shape["side"]
    return f"""# Picture classifier of interferograms (`{header.architecture}` {header.version})

Says of every interferogram how probable it is of high quality, from its picture alone, as in the paper: {training['paper']}.
For comparison with it; the default method reads coherence and closure as well.

- **Input**: {header.input['picture']}, {side} x {side} pixels.
- **Network**: {width_words(header)}. Weights of the convolutions are stored in half precision.
- **Output**: probability of high quality, calibrated on tuning stacks as they come. A pair is kept from
  {header.settings['threshold']} on, the strictest threshold that costs a hundredth of the accuracy at most.
- **Trained on**: {training['data']}. Pictures: {high_low}.
- **Kept apart**: simulated stacks by seed; Houston and Mexico City by date and by region.
- **Truth**: simulated, root mean square of the error of the phase above 1.5 rad over the ground that can be measured (wrapped: 1.3
  rad over all of the image), or most of the image missing, is low quality;
  Houston, median coherence below 0.12 is low and from 0.15 on high, from 0.25 on where the phase is unwrapped (what lies between
  is not learnt and not judged); Mexico City, all high.
- **Made by**: `{training['command']}` ({training['epochs']} epochs, the best was number {training['best epoch']})
- **Licence**: {header.licence}

## On pictures that it never saw

{figures_table(dict(header.metrics))}

Simulated unwrapped interferograms by what is wrong with them:

| kind | judged right | pictures |
|---|---:|---:|
{rows}

## Where it fails

- It looks at one interferogram at a time. A smooth unwrapping error and a patch of motion, or the ramp of one pair and the orbit
  error of a date, are the same picture; only the loops of several interferograms tell them apart.
- Strong atmosphere is loud in colours. It averages out and is not bad, but some of it is called bad here.
- Of real unwrapped interferograms of low quality it has seen decorrelated ones only: of wrong cycles and ramps there are none
  with labels.
- Of a raster larger than {side} pixels a side it sees every n-th pixel; errors of a few pixels are lost on it.
"""


def fine_tuned_card(header: Header, found: Mapping[str, Any]) -> str:
    """Return the model card of a fine-tuned classifier in Markdown."""
    training = header.training
    start = training["start"]
    origin = f"`{start['file']}` (SHA-256 {start['sha256'][:16]}...)" if start else "new weights"
    high_low = "; ".join(f"{name} {high} to keep and {low} to drop" for name, (high, low) in training["pictures"].items())
    return f"""# Picture classifier of interferograms, fine-tuned (`{header.architecture}` {header.version})

Says of every interferogram how probable it is of high quality, from its picture alone.

- **Start**: {origin}.
- **Fine-tuned on**: {training['data']}, labels {training['labels']}: {high_low}; {training['balance']}.
- **Network**: {width_words(header)}.
- **Made by**: `{training['command']}` ({training['epochs']} epochs, the best was number {training['best epoch']}; 0 is the start)
- **Licence**: {header.licence}

## On the test part

{figures_table(dict(header.metrics))}

{page.card_table(found)}

## Where it fails

- Beyond stacks like those it was fine-tuned on nobody has measured it: use the start there.
- It repeats what its labels say: an analyst who drops strong atmosphere teaches to drop it.
"""
