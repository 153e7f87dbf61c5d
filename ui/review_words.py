"""What the review says: counts, agreement, where one is, and what merging did."""

from __future__ import annotations

import html
from typing import Optional, Sequence

from qgis.PyQt.QtWidgets import QWidget

from stillpoint.plugin.language import tr
from stillpoint.plugin.review import PIXELS, Merged, Session
from stillpoint.plugin.review_labels import shown_name, values_of
from stillpoint.plugin.review_layers import colour_of
from stillpoint.ui.plot.theme import Theme
from stillpoint.ui.review_run import Run

DOT, CROSS = "\N{BLACK CIRCLE}", "\N{MULTIPLICATION X}"
"""As on the map: a cross is none of the classes, or not PS."""


def counts_text(session: Optional[Session], place: str, widget: QWidget, *, short: bool = False) -> str:
    """Return the line below: where one is, labels by class and agreement, as rich text.

    ``short`` leaves the classes out; empty where there is nothing to say.
    """
    theme = Theme.of_widget(widget)
    parts = [f"<b>{html.escape(place)}</b>"] if place else []
    if session is not None and session.labels:
        counts = session.counts()
        one, more = tr("1 label"), tr("{0} labels")
        by_class = "" if short else ": " + " &nbsp;".join(
            f'<span style="color:{theme.visible(colour_of(session.kind, value)).name()}">{_sign(session.kind, value)}</span>&nbsp;'
            f"{html.escape(_short(session.kind, value)).replace(' ', '&nbsp;')}&nbsp;{counts.by_value[value]:,}"
            for value in values_of(session.kind) if counts.by_value.get(value)
        )  # fmt: skip
        parts.append((one if counts.total == 1 else more.format(f"{counts.total:,}")) + by_class)
        if counts.agreement is not None:
            parts.append(tr("model right in {0} of {1} ({2:.0f} %)").format(
                f"{counts.agreeing:,}", f"{counts.compared:,}", 100 * counts.agreement))  # fmt: skip
    return " &nbsp;\N{MIDDLE DOT}&nbsp; ".join(parts)


def agreement_text(session: Session) -> str:
    """Return in how far the labels agree with each class of the model, and where they are, as plain text."""
    lines = [
        tr("Of what the model calls {0}, {1} of {2} labels agree").format(
            shown_name(session.kind, value), f"{right:,}", f"{number:,}")
        for value, (number, right) in sorted(session.agreement_by_class().items())
    ]
    return "\n".join([*lines, tr("Labels are in {0}").format(session.path)])


def _sign(kind: str, value: int) -> str:
    return CROSS if value < 0 or (kind == PIXELS and value == 0) else DOT


def _short(kind: str, value: int) -> str:
    return shown_name(kind, value).replace("Phase unwrapping", "Unwrapping")


def place_text(run: Run) -> str:
    """Return where in the queue one is."""
    return tr("{0} of {1}").format(f"{run.position + 1:,}", f"{len(run):,}")


def done_text(run: Run, classes: Optional[Sequence[int]]) -> str:
    """Return what is said at the end of a queue."""
    if not len(run):
        if classes is not None:
            return tr("Everything of this class has a label already. Choose another class above.")
        return tr("Everything here has a label already.")
    return tr("That was the last one. Choose another order or class to see more, or train on the labels.")


def merged_text(result: Merged, name: str) -> str:
    """Return what taking over labels did."""
    text = tr("{0} labels added from {1}.").format(f"{result.added:,}", name)
    if result.same:
        text += " " + tr("{0} say the same as yours.").format(f"{result.same:,}")
    if result.disagreements:
        text += " " + tr("On {0} you disagree: the newer label counts.").format(f"{len(result.disagreements):,}")
    return text
