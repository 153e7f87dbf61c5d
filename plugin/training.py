"""What can be trained from QGIS: networks, labels, where models go, and what a split tells. No widgets, no layers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from stillpoint.models.learning import cards, shelf
from stillpoint.plugin.language import tr

ENDING = ".safetensors"
PARTS = ("train", "validation", "test")

FEW = {"train": 30, "validation": 10, "test": 10}
"""Examples of a part below which its figures, or what is learned, are mostly chance."""

UNEVEN = 50.0
"""Times as many examples as the rarest class has, from which on a user is told."""


@dataclass(frozen=True)
class Network:
    """A network that can be trained.

    Attributes
    ----------
    name
        As in a job.
    title, sentence
        For people.
    """

    name: str
    title: str
    sentence: str


NETWORKS: Dict[str, Tuple[Network, ...]] = {
    "trends": (
        Network(
            "default", "Stillpoint's network",
            "Weighs statistics of a series together with its shape. Any number of dates, with gaps; the best choice for most data.",
        ),
        Network(
            "mirmazloumi_cnn", "CNN of Mirmazloumi et al.",
            "The published convolutional network, which sees the series alone. To compare with the literature.",
        ),
    ),
    "scatterers": (
        Network(
            "default", "Stillpoint's network",
            "Reads how steady the phase of a pixel is against its surroundings. Any stack; learns from a few labelled regions.",
        ),
        Network("unet", "U-Net of Tai et al.", "The published U-Net, which sees mean amplitude and its dispersion over an area."),
        Network("cnn_iss", "CNN-ISS of Tiwari et al.", "The published network of convolutions over the interferograms of a stack."),
        Network("clstm_iss", "CLSTM-ISS of Tiwari et al.", "Like CNN-ISS, with a memory along time; slower to train."),
    ),
    "interferograms": (
        Network(
            "default", "Stillpoint's network",
            "Weighs closures, noise and coherence of a pair and of its neighbours. Learns from some dozens of decisions.",
        ),
        Network("resnet50", "ResNet50, narrow", "Looks at pictures of the interferograms, as analysts do. Trains without a GPU."),
        Network(
            "resnet50_full", "ResNet50, as published",
            "The full width of the published network: for a graphics card and some thousands of labelled pictures.",
        ),
    ),
    "offsets": (
        Network(
            "default", "Stillpoint's network",
            "Weighs what correlation windows of several sizes measured, and knows how well each can be trusted where.",
        ),
        Network(
            "cc_ressiamnet", "CC-ResSiamNet, narrow",
            "The published Siamese network with fewer channels, which a processor can train.",
        ),
        Network(
            "cc_ressiamnet_full", "CC-ResSiamNet, as published",
            "The full width of the published network: for a graphics card and a day of time.",
        ),
    ),
}
"""The networks of each task, the one to begin with first."""


def networks(task: str) -> Tuple[Network, ...]:
    """Return the networks of a task."""
    return NETWORKS[task]


def models_folder() -> Path:
    """Return the folder of the user's own models: in the QGIS profile, unless the environment names another."""
    return shelf.folder()


def adapts_to_simulation(task: str, network: str) -> bool:
    """Tell whether a trained network can go on from its weights where everything is simulated."""
    return task == "scatterers" and network != "default"


def has_shipped(task: str, network: str) -> bool:
    """Tell whether a model of this network came with Stillpoint."""
    return cards.shipped(task, network).is_file()


def shipped_model(task: str, network: str) -> Optional[str]:
    """Return what a job names to start from the shipped model: nothing, or its file where the user made another the default."""
    return None if shelf.chosen(task, network) is None else str(cards.shipped(task, network))


def own_models(task: str, network: str) -> List[Path]:
    """Return the models of the user's that hold a network, the newest first."""
    found = [model.path for model in cards.installed([models_folder()]) if (model.task, model.network) == (task, network)]
    return sorted(found, key=lambda path: -path.stat().st_mtime)


def make_default(path: Path) -> None:
    """Have a model taken wherever its task and network name none; one that lies elsewhere is copied into the user's library.

    Raises
    ------
    StillpointError
        It is gone, damaged, or no method takes it.
    """
    model = cards.model_file(path)
    if path.parent.resolve() != shelf.folder().resolve():
        model = shelf.add(path)[0]
    shelf.choose(model)


def suggested_output(task: str, network: str) -> Path:
    """Return a file in the user's folder of models that is not there yet, nor its checkpoint."""
    stem = f"{task}-{network.replace('_', '-')}-mine"
    folder = models_folder()
    path, number = folder / f"{stem}{ENDING}", 2
    while path.exists() or checkpoint_of(path) is not None:
        path, number = folder / f"{stem}-{number}{ENDING}", number + 1
    return path


def with_ending(text: str) -> Path:
    """Return the model file that a user means, with its ending."""
    path = Path(text)
    return path if path.suffix.lower() == ENDING else path.with_name(path.name + ENDING)


def checkpoint_of(output: Path) -> Optional[Path]:
    """Return the checkpoint that an earlier training of the same output left; None where there is none."""
    path = output.with_suffix(".checkpoint")
    return path if path.exists() else None


@dataclass(frozen=True)
class Part:
    """One region or scene of a split; see the job ``describe-training``."""

    part: str
    name: str
    ring: Optional[Tuple[Tuple[float, float], ...]]
    examples: int
    classes: Mapping[str, int]


@dataclass(frozen=True)
class Split:
    """What a training would learn from, stop by, and be judged by.

    Attributes
    ----------
    parts
        Regions or scenes.
    crs
        Coordinates of the rings as WKT; empty for none.
    notes
        Sentences of the engine's.
    """

    parts: Tuple[Part, ...]
    crs: str
    notes: Tuple[str, ...]

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Split:
        """Return the split that a finished ``describe-training`` tells."""
        parts = []
        for each in details.get("parts") or ():
            ring = each.get("ring")
            place = tuple((float(x), float(y)) for x, y in ring) if ring else None
            classes = {str(name): int(count) for name, count in (each.get("classes") or {}).items()}
            parts.append(Part(str(each["part"]), str(each.get("name", "")), place, int(each.get("examples", 0)), classes))
        return cls(tuple(parts), str(details.get("crs") or ""), tuple(map(str, details.get("notes") or ())))

    def classes(self) -> List[str]:
        """Return the names of all classes, in the order in which they come."""
        return list(dict.fromkeys(name for part in self.parts for name in part.classes))

    def total(self, part: str) -> int:
        """Return the number of examples of a part."""
        return sum(each.examples for each in self.parts if each.part == part)

    def counts(self, part: str) -> Dict[str, int]:
        """Return the examples of a part by class."""
        return {name: sum(each.classes.get(name, 0) for each in self.parts if each.part == part) for name in self.classes()}

    def of_part(self, part: str) -> List[Part]:
        """Return the regions or scenes of a part."""
        return [each for each in self.parts if each.part == part]


NAMES = {"train": "Training", "validation": "Validation", "test": "Test"}
"""Parts for people."""


def warnings_of(split: Split) -> List[str]:
    """Return what a user should know of a split before an hour is spent on it."""
    found: List[str] = []
    present = [part for part in PARTS if split.of_part(part)]
    for part in PARTS:
        total = split.total(part)
        if part not in present:
            if part == "train":
                found.append(tr("There is nothing to learn from."))
            elif present:
                found.append(
                    tr("No part is kept for the test: nobody will know how good the model is.")
                    if part == "test" else tr("No part is kept for the validation: the training cannot tell when to stop.")
                )
            continue
        if total < FEW[part]:
            found.append(
                tr("{part}: {total:,} examples are very few; ").format(part=tr(NAMES[part]), total=total)
                + (tr("label more before you train.") if part == "train" else tr("its figures will be mostly chance."))
            )
        counts = split.counts(part)
        there = [name for name, count in counts.items() if count]
        missing = [name for name, count in counts.items() if not count]
        if counts and len(there) == 1:
            why = tr("A network needs at least two.") if part == "train" else tr(
                "Its figures cannot tell how well classes are told apart."
            )
            found.append(tr(
                "{part}: all examples are of one class, {there}. {why}"
            ).format(part=tr(NAMES[part]), there=there[0], why=why))
        elif missing and counts:
            found.append(tr("{part}: no examples of {missing}.").format(part=tr(NAMES[part]), missing=", ".join(missing)))
    counts = {name: count for name, count in split.counts("train").items() if count}
    if len(counts) > 1 and max(counts.values()) >= UNEVEN * min(counts.values()):
        rare = min(counts, key=lambda name: counts[name])
        found.append(
            tr(
                "Training: {rare} is rare ({counts:,} of {values:,} examples). The training weighs it up, but more "
                "labels of it help more."
            ).format(rare=rare, counts=counts[rare], values=sum(counts.values()))
        )
    return found
