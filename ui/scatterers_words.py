"""What the dialog of PS selection says of methods and stacks."""

from __future__ import annotations

from typing import Dict

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr

EXPLANATIONS: Dict[str, str] = {
    "default": "Looks at phase, amplitude and neighbours of every pixel on all dates. The most accurate on "
    "single-look stacks; gives a probability and the phase noise in radians.",
    "unet": "A U-Net that reads the differential interferograms as pictures. To compare with the literature.",
    "cnn_iss": "Convolutions over the interferograms of each pixel's surroundings. To compare with the literature.",
    "clstm_iss": "Convolutional memory over the sequence of interferograms. Slow; to compare with the literature.",
    "phase_stability": "The classical way: bright candidates whose phase stays near that of their surroundings on all dates.",
    "amplitude_dispersion": "The quickest: steady brightness stands in for a steady phase. Needs amplitudes and some 20 dates.",
}
"""Each method in a line."""


def in_words(facts: stacks.StackFacts) -> str:
    """Return what a stack holds as a line for people."""
    pairs = any(band.pair for band in facts.bands)
    what = tr("interferograms") if pairs else tr("images")
    quantity = {"phase": tr("wrapped phase"), "complex": tr("complex values"), "amplitude": tr("amplitudes")}.get(
        facts.quantity, facts.quantity
    )
    dates = facts.dates
    rows, columns = facts.shape
    parts = [
        tr("{n} {what}").format(n=len(facts.bands), what=what),
        tr("{first} to {last}").format(first=dates[0], last=dates[-1]) if dates else "",
        tr("{rows:,} x {columns:,} pixels").format(rows=rows, columns=columns),
        quantity + (tr(" with amplitudes beside it") if "amplitude" in facts.companions else ""),
    ]
    return ", ".join(part for part in parts if part)


def check_amplitude(amplitude: stacks.StackFacts, facts: stacks.StackFacts, name: str, stack: str) -> None:
    """Raise StillpointError where a stack of amplitudes cannot go with a stack."""
    if amplitude.shape != facts.shape:
        sizes = [f"{rows:,} x {columns:,}" for rows, columns in (amplitude.shape, facts.shape)]
        raise StillpointError(
            tr("The amplitudes {name} have {first} pixels, the stack {stack} {second}: they must be of the same grid.").format(
                name=name, first=sizes[0], stack=stack, second=sizes[1]
            )
        )
    if amplitude.quantity not in ("", "amplitude", "complex"):
        raise StillpointError(
            tr("The amplitude stack {name} holds {quantity}. Choose a stack of amplitudes or complex images.").format(
                name=name, quantity=amplitude.quantity
            )
        )


def outcome(result: Result, *, preview: bool, cut: bool) -> str:
    """Return what came out of a selection; ``cut`` tells that a preview saw a part of the map only."""
    text = result.summary
    if preview:
        part = tr("the middle of the map (a preview looks at a small part)") if cut else tr("what the map shows")
        text = tr("Preview of {part}: {text}").format(part=part, text=text)
    return "\n".join([text, *result.warnings])
