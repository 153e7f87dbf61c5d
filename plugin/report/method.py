"""How a result was made, what its method reaches, and where it fails: from the provenance and the model's card."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

from qgis.core import Qgis

from stillpoint.models import __version__
from stillpoint.models.jobs import JOBS
from stillpoint.models.learning import cards, shelf
from stillpoint.plugin import provenance
from stillpoint.plugin.language import tr
from stillpoint.plugin.provenance import Provenance
from stillpoint.plugin.report.content import Facts, Part, Points, Table, Text
from stillpoint.plugin.report.results import without_paths

_TASKS = {
    "classify-trends": "trends", "select-scatterers": "scatterers", "select-interferograms": "interferograms",
    "track-offsets": "offsets",
}  # fmt: skip

_LIMITS: Dict[Tuple[str, str], Tuple[str, ...]] = {
    ("select-scatterers", "phase_stability"): (
        "Phase stability after Hooper et al. (StaMPS): pixels are kept whose phase stays close to that of their surroundings.",
        "It expects a stated number of pixels of mere noise among those that it keeps.",
        "Where surroundings are not steady themselves, steady pixels among them are missed.",
    ),
    ("select-scatterers", "amplitude_dispersion"): (
        "Amplitude dispersion after Ferretti et al.: the standard deviation of the amplitude over its mean stands for the noise of "
        "the phase.",
        "The relation holds for bright pixels and some twenty dates or more; dark steady pixels are missed.",
    ),
    ("select-interferograms", "loop_closure"): (
        "Loops of three interferograms must close. It sees unwrapping errors, not what closes although it is wrong.",
    ),
    ("select-interferograms", "coherence"): ("The mean coherence decides. It does not see unwrapping errors.",),
    ("select-interferograms", "area_ratio"): ("The share of the coherent area decides. It does not see unwrapping errors.",),
    ("select-interferograms", "coverage"): ("The share of the area that has a phase decides, whatever the phase is.",),
    ("select-interferograms", "residues"): ("The number of phase residues decides: it sees noise, not unwrapping errors.",),
    ("select-interferograms", "baselines"): ("Baselines alone decide, whatever the pictures show.",),
    ("track-offsets", "correlation"): (
        "Normalised cross-correlation in windows of several sizes: motion that differs within a window is averaged.",
        "Where the surface changed between the images, nothing correlates and nothing is measured.",
    ),
    ("estimate-series", ""): (
        "Displacements are relative to the reference, and only along the line of sight.",
        "Between neighbouring points and dates, motion of more than a quarter of the wavelength is ambiguous and may be off by "
        "half a wavelength.",
        "What is left of the atmosphere is smooth in space and changes from date to date.",
    ),
    ("combine-geometries", ""): (
        "Two lines of sight hardly see motion to the north: it is assumed to be none.",
        "Points of both geometries are brought together over a distance; motion that differs within it is averaged.",
    ),
}  # fmt: skip
"""What is known of methods that have no model card."""


def made_parts(made: Optional[Provenance], name: str) -> List[Part]:
    """Return how a result was made, without private paths."""
    if made is None or not made.job:
        return [Text(tr(
            "The layer {name} does not say how it was made: neither the layer nor its file carries the parameters. That is so for "
            "layers that other programs made, and for copies that lost what Stillpoint wrote beside them."
        ).format(name=name))]  # fmt: skip
    rows = [
        *provenance.rows(made, private=False),
        (tr("Report"), f"Stillpoint {__version__}, QGIS {Qgis.QGIS_VERSION.partition('-')[0]}"),
    ]
    parts: List[Part] = [Facts(tuple((heading, without_paths(text, made)) for heading, text in rows))]
    told = [without_paths(line.strip(), made) for line in made.summary.splitlines() if line.strip()]
    if told:
        parts += [Text(tr("What the engine said:")), Points(tuple(told[:14]))]
    return parts


def method_parts(made: Provenance) -> List[Part]:
    """Return what the method is, what it reaches and where it fails."""
    method = str(made.parameters.get("method", "") or "")
    card = card_of(made)
    if not card:
        limits = _LIMITS.get((made.task, method)) or _LIMITS.get((made.task, ""))
        kind = JOBS.get(made.task)
        about: List[Part] = [Text(tr(kind.help))] if kind is not None else []
        if limits:
            return [*about, Points(tuple(tr(limit) for limit in limits))]
        if method and made.task in _TASKS:
            words = tr("The card of the model {name} is not on this machine, so its figures and limits are not shown.")
            about.append(Text(words.format(name=provenance.file_name(str(made.model.get("name") or method))), quiet=True))
        return about
    parts: List[Part] = []
    title = cards.title_of(card)
    about_model = _before_sections(card)
    parts.append(Text(f"{title}. {about_model[0]}" if about_model else title))
    if about_model[1:]:
        parts.append(Points(tuple(about_model[1:])))
    table = _figures(card)
    if table is not None:
        parts.append(table)
    fails = cards.points(cards.section(card, "Where it fails"))
    if fails:
        parts += [Text(tr("Known limits:")), Points(tuple(fails))]
    return parts


def card_of(made: Provenance) -> str:
    """Return the card of the model that made a result; empty where it had none, or it is no longer there."""
    name = provenance.file_name(str(made.model.get("name", "") or ""))
    given = str(made.parameters.get("model", "") or "")
    if given and Path(given).with_suffix(".md").is_file():
        return cards.read_card(Path(given).with_suffix(".md"))
    task, method = _TASKS.get(made.task, ""), str(made.parameters.get("method", "") or "")
    if name:
        wanted = name if name.endswith(cards.SUFFIX) else f"{name}{cards.SUFFIX}"
        for folder in shelf.folders():
            path = Path(folder) / wanted
            if path.with_suffix(".md").is_file():
                return cards.read_card(path.with_suffix(".md"))
        return ""
    if not task or given:
        return ""
    return cards.read_card(cards.shipped(task, method or "default").with_suffix(".md"))


def _before_sections(card: str) -> List[str]:
    """Return the first paragraph of a card and the points below it that say what it takes, gives and learned from."""
    head: List[str] = []
    for line in card.splitlines()[1:]:
        if line.startswith("## "):
            break
        head.append(line)
    paragraph = " ".join(line.strip() for line in _until_list(head)).strip().replace("`", "")
    told = [point for point in cards.points("\n".join(head)) if not point.lower().startswith(("made by", "licence", "license"))]
    return [paragraph, *told] if paragraph else told


def _until_list(lines: List[str]) -> List[str]:
    at = next((index for index, line in enumerate(lines) if line.lstrip().startswith(("- ", "* "))), len(lines))
    return [line for line in lines[:at] if line.strip()]


def _figures(card: str, most: int = 12) -> Optional[Table]:
    """Return the first table of figures of a card, with the heading it stands below."""
    heading = ""
    rows: List[List[str]] = []
    for line in card.splitlines():
        if line.startswith("## "):
            if rows:
                break
            heading = line[3:].strip()
        elif line.startswith("|"):
            cells = [cell.strip().replace("`", "").replace("*", "") for cell in line.strip().strip("|").split("|")]
            if not all(set(cell) <= set("-: ") for cell in cells):
                rows.append(cells)
        elif rows:
            break
    if len(rows) < 2:
        return None
    width = len(rows[0])
    body = tuple(tuple((row + [""] * width)[:width]) for row in rows[1 : most + 1])
    head = (heading or rows[0][0], *rows[0][1:])
    return Table(head, body, (3.4, *(1.2 for _ in range(width - 1))))
