"""What the dialogs of displacement series say of stacks, masks, choices and results, and what they check beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Sequence, Tuple

from qgis.PyQt.QtWidgets import QComboBox

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.provider import POINT_EXTENSIONS
from stillpoint.ui.scatterers_words import in_words as _in_words
from stillpoint.ui.widgets.fields import Fields

CHOICES: Dict[Tuple[str, str], str] = {
    ("unwrapping", "auto"): "Automatic: the best that is installed",
    ("unwrapping", "whirlwind"): "Minimum-cost flow (whirlwind)",
    ("unwrapping", "arcs"): "Least squares along arcs (built in)",
    ("sign", "auto"): "As the stack records it",
    ("sign", "away"): "Away from the satellite",
    ("sign", "towards"): "Towards the satellite",
    ("where", "grid"): "In the cells of a grid",
    ("where", "points"): "At the points of the first file",
    ("average", "median"): "Median",
    ("average", "mean"): "Mean, weighted by noise",
    ("look", "right"): "To the right (all usual missions)",
    ("look", "left"): "To the left (NISAR)",
    ("dates", "first"): "Those of the first file",
    ("dates", "all"): "Those of all files",
    ("reference", "leave"): "As the files have it",
    ("reference", "stable"): "The ground that does not move",
}
"""Choices of the forms in words."""


def reword(*forms: Fields) -> None:
    """Show the choices of forms in words."""
    for fields in forms:
        for name, box in fields.widgets.items():
            if isinstance(box, QComboBox) and not box.isEditable():
                for index in range(box.count()):
                    box.setItemText(index, tr(CHOICES.get((name, box.itemData(index)), box.itemText(index))))


def in_words(facts: stacks.StackFacts) -> str:
    """Return what a stack holds as a line for people."""
    text = _in_words(facts)
    return text.replace("unwrapped", tr("unwrapped phase")) if facts.quantity == "unwrapped" else text


def check_stack(facts: stacks.StackFacts, name: str) -> None:
    """Raise StillpointError where no series can be estimated from a raster."""
    if not facts.is_stack:
        raise StillpointError(
            tr("{name} does not say which date or pair its bands are of. Use Open Stack on the product's folder or files first: it "
               "writes the dates into the raster.").format(name=name)
        )  # fmt: skip
    if facts.quantity not in ("", "phase", "unwrapped", "complex"):
        raise StillpointError(
            tr("{name} holds {quantity}, which has no phase. Choose a stack of interferograms or complex images.").format(
                name=name, quantity=facts.quantity
            )
        )
    if len(facts.dates) < 3:
        raise StillpointError(
            tr("{name} has {n} dates; a displacement series needs at least three, and ten or more to be of use.").format(
                name=name, n=len(facts.dates)
            )
        )


def check_mask(mask: stacks.StackFacts, facts: stacks.StackFacts, name: str, stack: str) -> None:
    """Raise StillpointError where a mask does not lie on the grid of a stack."""
    if mask.shape == facts.shape:
        return
    sizes = [f"{rows:,} x {columns:,}" for rows, columns in (mask.shape, facts.shape)]
    raise StillpointError(
        tr("The mask {name} has {first} pixels, the stack {stack} {second}: they must be of the same grid. Use the mask that was "
           "selected in this stack.").format(name=name, first=sizes[0], stack=stack, second=sizes[1])
    )  # fmt: skip


def output_path(text: str, sources: Sequence[str]) -> str:
    """Return the file of points that the user named, with a known ending; empty for a temporary one.

    Raises
    ------
    StillpointError
        Its folder is missing, or it would overwrite one of ``sources``.
    """
    if not text.strip():
        return ""
    path = Path(text.strip())
    if path.suffix.lower().lstrip(".") not in POINT_EXTENSIONS:
        path = path.with_name(f"{path.name}.gpkg")
    if not path.parent.is_dir():
        raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
    for source in sources:
        file = Path(source.partition("|")[0]) if source else None
        if file is not None and path.exists() and file.exists() and path.samefile(file):
            raise StillpointError(tr("{name} is read and would be overwritten. Choose another file.").format(name=path.name))
    return str(path)


def velocities_in_words(result: Result) -> str:
    """Return the first lines of a result for people: how many points, and their velocities."""
    details = result.details
    points = details.get("points")
    if points is None:
        return result.summary
    lines = [tr("{n} points with displacement series.").format(n=f"{points:,}")]
    if "velocity_median" in details:
        lines.append(
            tr("Velocity {middle:+.1f} mm/yr in the middle; nine of ten points between {low:+.1f} and {high:+.1f} mm/yr.").format(
                middle=details["velocity_median"], low=details["velocity_5"], high=details["velocity_95"]
            )
        )
    return " ".join(lines)


def combination_in_words(result: Result) -> str:
    """Return what a combination gave for people."""
    details = result.details
    if "velocity_up" not in details:
        return result.summary
    lines = [
        tr("{n} places, {dates} dates from {first} to {last}.").format(
            n=f"{details['points']:,}", dates=details["dates"], first=details["first_date"], last=details["last_date"]
        )
    ]
    for title, key, index in ((tr("Up"), "velocity_up", 0), (tr("East"), "velocity_east", 1)):
        known = details[key]
        text = tr("{title}: nine of ten between {low:+.1f} and {high:+.1f} mm/yr, standard error {error:.1f}.")
        lines.append(text.format(title=title, low=known["low"], high=known["high"], error=details["velocity_std"][index]))
    up, east = details["north"]
    text = tr("Motion to the north is taken for 0: 1 mm/yr of it would appear as {up:+.2f} up and {east:+.2f} east.")
    lines.append(text.format(up=up, east=east))
    return " ".join(lines)
