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
class TrainModel(Job):
    """Train a network."""

    task: ClassVar[str] = "train"
    title: ClassVar[str] = "Train a model"
    help: ClassVar[str] = "Trains one of the networks on simulated data or on yours, and writes its model card."

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
        help="Stacks of yours to learn scatterers from (images, interferograms, networks of them), or a folder of them; or stacks "
        "of interferograms to learn their quality from. The default network and resnet50 are fine-tuned on them, from the model "
        "that is named or else the shipped one. Empty simulates.",
    )
    labels: Optional[str] = parameter(
        None, kind="text", title="Labels",
        help="PS of the training data: a mask on the grid of the stack, a file of points, a folder with a mask or points named "
        "like each stack, stability (found by phase stability), or truth (of simulated stacks); empty takes stability, and truth "
        "where scenes are simulated. For interferograms a CSV table: reference_date, secondary_date, keep (1 or 0). "
        "For cc_ressiamnet: truth (of the simulation) or correlation (what the multi-kernel correlation measures).",
    )
    output: str = parameter(
        kind="file-output", title="Model", help="Model file to write (.safetensors); its card is written beside it."
    )
    epochs: int = parameter(
        0, kind="integer", title="Epochs", minimum=0, maximum=100_000,
        help="How many epochs (256,000 simulated series each for the default network of trends); 0 takes the network's own number.",
    )
    resume: bool = parameter(
        False, kind="flag", title="Resume", help="Goes on from the last checkpoint of the same output."
    )
    seed: int = parameter(
        1, kind="integer", title="Seed", minimum=0, maximum=2**31 - 1, help="The same seed repeats the training."
    )


@dataclass(frozen=True)
class CheckEnvironment(Job):
    """Report on the engine's environment and try each device."""

    task: ClassVar[str] = "check-environment"
    title: ClassVar[str] = "Check environment"
    help: ClassVar[str] = "Reports versions and devices of the engine and runs a small network on each device."
