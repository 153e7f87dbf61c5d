"""Jobs that make something: simulated data, trained models, a report on the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple

from stillpoint.models.jobs.base import Job, parameter

SITES = ("demo", "city", "towns", "rural", "mountains", "coast", "desert", "mine", "wetlands")
"""Sites of simulated scenes."""


@dataclass(frozen=True)
class Simulate(Job):
    """Simulate data with known truth."""

    task: ClassVar[str] = "simulate"
    title: ClassVar[str] = "Simulate"
    help: ClassVar[str] = "Simulates a stack of radar images, points of a valley, or point series, with known truth."

    what: str = parameter(
        "valley", kind="choice", title="What", choices=("valley", "series", "scene", "interferograms", "offsets"),
        positional=True,
        help="valley: points of a valley with landslides and a town; series: unrelated series of all classes; "
        "scene: a stack of radar images with its true persistent scatterers; interferograms: a small-baseline stack and its truth; "
        "offsets: a pair of amplitude images and its true offsets.",
    )
    output: str = parameter(
        kind="points-output", title="Simulated data",
        help="File to write: .gpkg, .csv, .shp; for interferograms and offsets the stack (.tif); for a scene the stack, or points "
        "of its true scatterers where the stack has a name of its own.",
    )
    stack: Optional[str] = parameter(
        None, kind="raster-output", title="Stack of the scene",
        help="GeoTIFF for the images of a scene; its truth, land cover and zones are written beside it.",
    )
    site: str = parameter(
        "demo", kind="choice", title="Site of the scene", choices=SITES,
        help="demo: a city on a river with forest and fields, or interferograms of which one is unwrapped wrongly, one "
        "decorrelated, and those of one date have a strong atmosphere; the others are drawn with everything else at random.",
    )
    size: Optional[int] = parameter(
        None, kind="integer", title="Size of the scene", unit="pixels", minimum=64, maximum=4000, advanced=True,
        help="Rows and columns of a scene or of interferograms; empty takes 400 for a scene and 160 for interferograms.",
    )
    points: int = parameter(
        20000, kind="integer", title="Number of points", minimum=1, maximum=100_000_000,
        help="How many points to simulate.",
    )
    dates: Optional[int] = parameter(
        None, kind="integer", title="Number of dates", minimum=5, maximum=2000,
        help="How many epochs a series has, or images a scene; empty takes 139 for points, 30 for a scene, 24 for interferograms "
        "(20 in the demo).",
    )
    seed: int = parameter(
        1, kind="integer", title="Seed", minimum=0, maximum=2**31 - 1,
        help="The same seed gives the same data.",
    )
    terrain: Optional[str] = parameter(
        None, kind="raster-output", title="Terrain", advanced=True,
        help="GeoTIFF for the heights of the valley or scene, as a background of the map; empty writes none.",
    )


@dataclass(frozen=True)
class DescribeTraining(Job):
    """Look at what a training would learn from, before it starts."""

    task: ClassVar[str] = "describe-training"
    title: ClassVar[str] = "Describe a training"
    help: ClassVar[str] = (
        "Opens training data and labels, checks what would make the training fail, and shows which parts are for learning, for "
        "stopping and for the test."
    )

    capability: str = parameter(
        kind="choice", title="Task", choices=("trends", "scatterers", "interferograms", "offsets"), positional=True,
        help="What the network is for.",
    )
    network: str = parameter(
        "default", kind="choice", title="Network",
        choices=(
            "default", "mirmazloumi_cnn", "unet", "cnn_iss", "clstm_iss", "resnet50", "resnet50_full", "cc_ressiamnet",
            "cc_ressiamnet_full",
        ),
        help="Which network to train: default or mirmazloumi_cnn for trends; default, unet, cnn_iss or clstm_iss for scatterers; "
        "default, resnet50 or resnet50_full (the published width) for interferograms; default, cc_ressiamnet or cc_ressiamnet_full "
        "(the published width) for offsets.",
    )
    data: Optional[Tuple[str, ...]] = parameter(
        None, kind="sources", title="Training data",
        help="For scatterers stacks (of images, of interferograms) or a folder of them; for interferograms stacks of them; for "
        "trends files of points with their series; for offsets images two by two: reference, secondary, reference ... Empty "
        "simulates.",
    )
    labels: Optional[str] = parameter(
        None, kind="text", title="Labels",
        help="Scatterers: a PS mask on the grid of the stack, a file of points (with a field ps: 1 PS, 0 not, where both are "
        "marked), stability, or truth (of simulated stacks); empty takes stability. Interferograms: a CSV table with "
        "reference_date, secondary_date, keep (1 or 0), or the truth of a simulated stack. Trends: a table or layer with the "
        "identifier of the points and label or trend_code, or truth (of simulated points); empty takes those fields of the points "
        "themselves. Offsets: a raster with the range and azimuth offsets of the pair, truth (of simulated pairs), or correlation. "
        "For several sources a folder with a file named like each.",
    )
    start: str = parameter(
        "auto", kind="choice", title="Start from", choices=("auto", "scratch", "model"),
        help="scratch: new weights; model: the model that is named, else the default of the library (the shipped one unless you "
        "chose another); auto fine-tunes where there are data of yours or a model is named, and begins anew where everything is "
        "simulated.",
    )
    mix: float = parameter(
        0.0, kind="number", title="Share of simulation", minimum=0.0, maximum=0.95,
        help="Share of simulated examples among those that are learned from, beside yours: 0 takes yours alone. Some keep the "
        "network from forgetting what your data do not show.",
    )
    seed: int = parameter(
        1, kind="integer", title="Seed", minimum=0, maximum=2**31 - 1, help="The same seed repeats the training and its split."
    )


@dataclass(frozen=True)
class TrainModel(DescribeTraining):
    """Train a network."""

    task: ClassVar[str] = "train"
    title: ClassVar[str] = "Train a model"
    help: ClassVar[str] = (
        "Trains or fine-tunes one of the networks on simulated data, on yours, or on a mix of both; writes the model, its card, "
        "its curves, and a page that compares it with the shipped model and the classical method."
    )

    output: str = parameter(
        kind="file-output", title="Model", help="Model file to write (.safetensors); its card and report are written beside it."
    )
    epochs: int = parameter(
        0, kind="integer", title="Epochs", minimum=0, maximum=100_000,
        help="How many epochs (256,000 simulated series each for the default network of trends); 0 takes the network's own number.",
    )
    resume: bool = parameter(
        False, kind="flag", title="Resume", help="Goes on from the last checkpoint of the same output."
    )


@dataclass(frozen=True)
class CheckEnvironment(Job):
    """Report on the engine's environment and try each device."""

    task: ClassVar[str] = "check-environment"
    title: ClassVar[str] = "Check environment"
    help: ClassVar[str] = "Reports versions and devices of the engine and runs a small network on each device."
