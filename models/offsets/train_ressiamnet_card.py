"""The model card of the published network for offsets."""

from __future__ import annotations

from stillpoint.models.learning.library import Header


def model_card(header: Header) -> str:
    """Return the model card in Markdown."""
    said, widths = header.training, header.shape["widths"]
    metrics = "\n".join(f"| {key} | {value:.4f} |" for key, value in header.metrics.items() if key != "nodes")
    return f"""# CC-ResSiamNet for offsets (`{header.architecture}` {header.version})

After Kim, Jung and Lu (2025), Remote Sensing of Environment 318, 114577: a Siamese encoder-decoder with joint residual units,
crossed skips and attention. Built from what is known of the paper, with weights of our own; to compare with, not to work with.

- **Levels**: {", ".join(map(str, widths))} channels (published: 32 to 1024).
- **Input**: {header.input['images']}; {header.input['values']}; 0 where missing.
- **Output**: offsets along rows and columns at every pixel, up to {header.settings['search']} px; farther searches are refused.
- **Standard errors**: by the length of what it says and the correlation of the images along it, from simulated pairs of their own.
- **Trained on**: {said['pairs']} simulated speckle pairs, {said['steps']} steps of {said['batch']} cuts of {said['side']} px;
  Huber's loss turns at {" and then ".join(map(str, said['delta']))} px; labels: {said['labels']}. No real
  images. The published training had 200,000 real pairs and eight graphics cards.
- **Made by**: `{said['command']}`
- **Licence**: {header.licence}

## On simulated pairs that it never saw

{header.metrics.get('nodes', 0):,.0f} nodes that can be measured and moved by at most {header.settings['search']} px. RMSE of a
component in pixels, errors cut at 1 px, no answer counts as 1 px; `correlation` is the method of that name, `no motion` what one
gets by saying 0.

| figure | value |
|---|---|
{metrics}

## Where it fails

- It matches nothing explicitly: what it has not learnt it answers with a length near 0, smoothly and plausibly wrong.
- Small offsets: a plain regression has no sub-pixel warp. The methods `default` and `correlation` are several times closer.
- Its standard errors hold for simulated pairs like those it was calibrated on.
"""
