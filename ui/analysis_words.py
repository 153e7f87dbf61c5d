"""The steps of an analysis in words: what each does, what may be chosen, and what came out in a line."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Tuple

from stillpoint.models import analysis_record as records
from stillpoint.models.analysis_record import Entry
from stillpoint.models.recipe import INTERFEROGRAMS, OFFSETS, OWN, RUN, SCATTERERS, SERIES, SKIP, STACK, TRENDS
from stillpoint.plugin import interferograms, offsets
from stillpoint.plugin.language import tr
from stillpoint.ui.offsets_words import WORDS

CHAINS: Tuple[Tuple[str, str], ...] = (
    ("series", "Slow motion: from interferograms to trends"),
    ("offsets", "Fast motion: offsets between two images"),
)

TITLES: Dict[str, str] = {
    STACK: "Stack", INTERFEROGRAMS: "Good interferograms", SCATTERERS: "Persistent scatterers", SERIES: "Displacement series",
    TRENDS: "Trends", OFFSETS: "Offsets",
}  # fmt: skip

PURPOSES: Dict[str, str] = {
    STACK: "The radar images or interferograms to analyse: a raster with a band a date or pair, or the folder of a product.",
    INTERFEROGRAMS: "Sorts out the interferograms that would spoil the result, and keeps every date connected.",
    SCATTERERS: "Finds the pixels whose phase stays coherent through time: persistent scatterers (PS).",
    SERIES: "Measures how each PS moved from date to date, in millimetres towards the satellite.",
    TRENDS: "Says of every series how it moves: stable, linear, quadratic, bilinear, or not to be trusted.",
    OFFSETS: "Measures how far features moved between two amplitude images: glaciers, earthquakes, landslides.",
}

OPTIONS: Dict[str, Tuple[str, ...]] = {
    STACK: (), INTERFEROGRAMS: ("method", "connect"), SCATTERERS: ("method", "threshold"),
    SERIES: ("unwrapping", "height_error", "atmosphere"), TRENDS: ("method", "abstain", "correct_jumps"),
    OFFSETS: ("method", "spacing", "search", "units"),
}  # fmt: skip
"""What matters most of each step; the rest is behind "All options"."""

LABELS: Dict[Tuple[str, str], str] = {
    (INTERFEROGRAMS, "connect"): "Network", (SERIES, "unwrapping"): "Unwrapping", (OFFSETS, "search"): "Search range",
}

CHOICES: Dict[Tuple[str, str, str], str] = {
    **{(INTERFEROGRAMS, "method", key): words for key, words in interferograms.METHODS.items()},
    (INTERFEROGRAMS, "connect", "best"): "The set that gives the best velocity",
    (INTERFEROGRAMS, "connect", "tree"): "Scores, and a spanning tree",
    (INTERFEROGRAMS, "connect", "none"): "Scores alone; dates may be lost",
    (SERIES, "unwrapping", "auto"): "The best that is installed",
    (SERIES, "unwrapping", "arcs"): "Along arcs between PS",
    (SERIES, "unwrapping", "spurt"): "spurt",
    (SERIES, "unwrapping", "whirlwind"): "Whirlwind",
    (SERIES, "unwrapping", "snaphu"): "SNAPHU",
    **{(OFFSETS, "method", key): words for key, words in offsets.METHODS.items()},
    **{(OFFSETS, name, value): words for (name, value), words in WORDS.items()},
}

MODES: Dict[str, Dict[str, str]] = {
    STACK: {},
    INTERFEROGRAMS: {RUN: "Select them", OWN: "I have a stack of good ones", SKIP: "Leave out: use all"},
    SCATTERERS: {RUN: "Select them", OWN: "I have a PS mask or PS points"},
    SERIES: {RUN: "Estimate them", OWN: "I have points with series"},
    TRENDS: {RUN: "Classify them", SKIP: "Leave out"},
    OFFSETS: {},
}

STATES: Dict[str, str] = {
    records.NEW: "Ready", records.WAITING: "Waits", records.DONE: "Done", records.STALE: "Out of date", records.FAILED: "Failed",
    records.GONE: "Files are gone", records.MINE: "Your file", records.LEFT_OUT: "Left out", records.MISSING: "To be chosen",
    "running": "Running", "queued": "In the queue",
}  # fmt: skip

EXPLAINED: Dict[str, str] = {
    records.STALE: "Its options, or what goes in, changed since it ran.",
    records.GONE: "The files that it wrote were moved or deleted. Run it again.",
    records.WAITING: "It needs the step before.",
}

MORE: Dict[str, Tuple[str, str, str]] = {
    INTERFEROGRAMS: ("board", "Triage board…", "Look at every pair, and keep or drop it by hand"),
    SCATTERERS: ("threshold", "PS threshold…", "Move the threshold and see the PS change"),
    SERIES: ("viewer", "Series viewer…", "Click points and see their displacement series"),
    TRENDS: ("viewer", "Series viewer…", "Click points and see their displacement series"),
    OFFSETS: ("profile", "Profile…", "Draw a line on the map and see the motion along it"),
}
"""What else can be done with a result: a name, the button, its tool tip."""


def result_line(name: str, entry: Entry) -> str:
    """Return what came out of a step in a line; the engine's own first line where its figures are not known."""
    details: Mapping[str, Any] = entry.details
    try:
        made = _LINES[name](details) if name in _LINES else ""
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        made = ""
    if made:
        return made
    return next((line.strip() for line in entry.summary.splitlines() if line.strip()), "")


def _interferograms(details: Mapping[str, Any]) -> str:
    pairs, dropped, by_hand = int(details["pairs"]), int(details["dropped"]), int(details.get("by_hand", 0))
    text = tr("{dropped} of {n} interferograms dropped").format(dropped=f"{dropped:,}", n=f"{pairs:,}")
    return text + (tr(", {n} of your choices among them").format(n=by_hand) if by_hand else "")


def _scatterers(details: Mapping[str, Any]) -> str:
    count, pixels = int(details["selected"]), int(details["pixels"])
    return tr("{n} PS, {share:.1f}\u00a0% of the pixels").format(n=f"{count:,}", share=100 * count / pixels)


def _trends(details: Mapping[str, Any]) -> str:
    classes = {str(key): int(count) for key, count in dict(details["classes"]).items() if count}
    total = int(details.get("points") or sum(classes.values()))
    first = sorted(classes.items(), key=lambda item: -item[1])[:3]
    shares = ", ".join(f"{key} {100 * count / total:.0f}\u00a0%" for key, count in first)
    return tr("{n} points: {shares}").format(n=f"{total:,}", shares=shares)


def _offsets(details: Mapping[str, Any]) -> str:
    return tr("{n} of {all} offsets measured, the largest {largest:.1f} px").format(
        n=f"{int(details['measured']):,}", all=f"{int(details['nodes']):,}", largest=float(details["largest_px"])
    )


def _series(details: Mapping[str, Any]) -> str:
    return tr("{n} points, {dates} dates").format(n=f"{int(details['points']):,}", dates=int(details["dates"]))


_LINES = {INTERFEROGRAMS: _interferograms, SCATTERERS: _scatterers, SERIES: _series, TRENDS: _trends, OFFSETS: _offsets}
