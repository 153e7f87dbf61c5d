"""What the toolbar, the menu and the context menu of layers offer, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from stillpoint.plugin.language import tr


@dataclass(frozen=True)
class Entry:
    """An action.

    Attributes
    ----------
    icon
        Name of its icon, and of the action.
    text, tip
        What the user reads.
    slot
        The method of the plugin that does it.
    kept
        Attribute of the plugin that keeps an action which stays pressed as long as its dock is seen; empty for the others.
    toolbar
        False for what is in the menu alone.
    """

    icon: str
    text: str
    slot: str
    tip: str = ""
    kept: str = ""
    toolbar: bool = True


def entries() -> Tuple[Entry, ...]:
    """Return the actions of toolbar and menu, in the user's language."""
    return (
        Entry("analysis", tr("New Analysis"), "toggle_analysis", tr("From the stack to the map, step by step"), "analysis_action"),
        Entry("stack", tr("Open Stack…"), "open_stack", tr("A product's folder or files as one stack of dates")),
        Entry("interferograms", tr("Select Interferograms…"), "select_interferograms",
              tr("Which interferograms of a stack are good enough")),
        Entry("triage", tr("Interferogram Triage…"), "triage", tr("Look at every pair of a selection, and keep or drop it")),
        Entry("select", tr("Select Scatterers…"), "select", tr("Persistent scatterers (PS) in a stack")),
        Entry("pixel", tr("Pixel History"), "toggle_pixel", tr("Amplitude and phase of a pixel, and why it is a PS or not"),
              "pixel_action"),
        Entry("threshold", tr("PS Threshold"), "toggle_threshold", tr("Move the threshold of a selection, and save its mask"),
              "threshold_action"),
        Entry("assess", tr("Assess Scatterers…"), "assess", tr("PS masks compared: zones, agreement, density, terrain")),
        Entry("offsets", tr("Track Offsets…"), "track_offsets", tr("How far features moved between two amplitude images")),
        Entry("profile", tr("Offset Profile"), "toggle_profile", tr("Offsets along a line that you draw on the map"),
              "profile_action"),
        Entry("estimate", tr("Estimate Displacement Series…"), "estimate_series",
              tr("Displacement of every scatterer of a stack, date by date, with its velocity")),
        Entry("combine", tr("Combine Ascending and Descending…"), "combine",
              tr("Vertical and east-west motion from the series of two lines of sight")),
        Entry("classify", tr("Classify Trends…"), "classify", tr("Trend class of every point of a series")),
        Entry("series", tr("Series Viewer"), "toggle_viewer", tr("Displacement series of the points you click"), "viewer_action"),
        Entry("review", tr("Review"), "toggle_review", tr("Look at what a model is least sure of, and correct it with one key"),
              "review_action"),
        Entry("train", tr("Train a Model…"), "train", tr("A network of your own, from your layers and labels")),
        Entry("library", tr("Models…"), "show_models", tr("The installed models, their cards, and which are used")),
        Entry("export", tr("Export…"), "export", tr("Classified points as shapefile, GeoPackage or CSV")),
        Entry("report", tr("Report…"), "report", tr("Maps, tables, charts and method of a result as PDF and web page")),
        Entry("setup", tr("Set-up…"), "set_up", tr("The engine's Python environment and its devices")),
        Entry("doctor", tr("Check the Environment…"), "doctor", tr("What the engine stands on, and repairs by one click"),
              toolbar=False),
        Entry("sample", tr("Sample Project…"), "sample", tr("Simulated data to try everything on"), toolbar=False),
        Entry("tour", tr("Tour"), "tour", tr("The first ten minutes, step by step, on the sample project"), toolbar=False),
        Entry("help", tr("Help"), "show_help", tr("How to work with Stillpoint"), toolbar=False),
    )  # fmt: skip


def layer_entries() -> Tuple[Entry, ...]:
    """Return what the context menu of rasters offers in the layer list."""
    return (
        Entry("interferograms", tr("Select Interferograms…"), "select_interferograms"),
        Entry("select", tr("Select Scatterers…"), "select"),
        Entry("pixel", tr("Pixel History"), "_show_pixel"),
        Entry("offsets", tr("Track Offsets…"), "track_offsets"),
        Entry("offsets", tr("Show Offsets as Maps"), "show_offsets"),
    )
