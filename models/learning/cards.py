"""Model files as people choose among them: what each is for, its card, its figures. Standard library only.

QGIS's side lists models with this module, without starting the engine.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.headers import Contents, Header, read_contents, read_header

__all__ = [
    "ARCHITECTURES", "SHIPPED", "SUFFIX", "Damaged", "Header", "ModelFile", "damaged", "figures", "installed", "model_file",
    "network_of", "read_header", "section", "sha256", "shipped", "title_of",
]  # fmt: skip

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
"""Where the models lie that come with Stillpoint."""

SUFFIX = ".safetensors"
LARGEST_CARD = 512 * 1024

TASKS = ("interferograms", "scatterers", "trends", "offsets")

ARCHITECTURES: Mapping[Tuple[str, str], str] = {
    ("interferograms", "evidence-cells-exchange"): "default",
    ("interferograms", "ResNet50"): "resnet50",
    ("scatterers", "scatterer-features-convolutions"): "default",
    ("scatterers", "U-Net"): "unet",
    ("scatterers", "CNN-ISS"): "cnn_iss",
    ("scatterers", "CLSTM-ISS"): "clstm_iss",
    ("trends", "TrendNetwork"): "default",
    ("trends", "MirmazloumiCNN"): "mirmazloumi_cnn",
    ("trends", "LogisticMap"): "statistical",
    ("offsets", "offset-fusion"): "default",
    ("offsets", "cc-ressiamnet"): "cc_ressiamnet",
}
"""Task and architecture of every network, and the method that it serves."""

_NAMES = {"trends-mirmazloumi-cnn": "trends-mirmazloumi"}
"""Shipped files that are not called like their method."""

FIXED = (("trends", "statistical"),)
"""Methods whose weights belong to the program and cannot be exchanged."""


@dataclass(frozen=True)
class ModelFile:
    """A model that can be used.

    Attributes
    ----------
    path
        The file.
    contents
        What is in it, weights apart.
    shipped
        Whether it came with Stillpoint.
    """

    path: Path
    contents: Contents
    shipped: bool = False

    @property
    def name(self) -> str:
        """Name of the file without its ending, which is how people call the model."""
        return self.path.name[: -len(SUFFIX)]

    @property
    def header(self) -> Header:
        """What it says of itself."""
        return self.contents.header

    @property
    def task(self) -> str:
        """Capability that it is for."""
        return self.header.task

    @property
    def network(self) -> str:
        """Method that it serves, such as ``"default"``; empty where no method of this version takes it."""
        return network_of(self.header)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.contents.size

    @property
    def sha256(self) -> str:
        """SHA-256 of the file as it is now, in hexadecimal."""
        return sha256(self.path)

    @property
    def card_path(self) -> Path:
        """Its model card, which need not exist."""
        return self.path.with_suffix(".md")

    @property
    def card(self) -> str:
        """Text of its model card; empty where there is none."""
        return read_card(self.card_path)


@dataclass(frozen=True)
class Damaged:
    """A file that looks like a model and is none that can be used, and why in words."""

    path: Path
    problem: str


def shipped(task: str, network: str) -> Path:
    """Return the file of the shipped model of a method, which need not exist."""
    name = f"{task}-{network.replace('_', '-')}"
    return SHIPPED / f"{_NAMES.get(name, name)}{SUFFIX}"


def network_of(header: Header) -> str:
    """Return the method that a model serves; empty where no method of this version takes it."""
    return ARCHITECTURES.get((header.task, header.architecture), "")


def model_file(path: Path) -> ModelFile:
    """Return the model in ``path``; raise a StillpointError where there is none that can be read."""
    path = Path(path)
    return ModelFile(path, read_contents(path), shipped=path.resolve().parent == SHIPPED)


def installed(folders: Iterable[Path] = (SHIPPED,)) -> List[ModelFile]:
    """Return the models in ``folders`` that can be read, by task, network and name; the shipped ones first."""
    found = []
    for path in _files(folders):
        try:
            found.append(model_file(path))
        except StillpointError:
            continue  # damaged() tells of them
    order = {task: number for number, task in enumerate(TASKS)}

    def place(item: ModelFile) -> Tuple[Any, ...]:
        return order.get(item.task, 9), item.network != "default", item.network, not item.shipped, item.name

    return sorted(found, key=place)


def damaged(folders: Iterable[Path] = (SHIPPED,)) -> List[Damaged]:
    """Return the files in ``folders`` that look like models and cannot be read."""
    found = []
    for path in _files(folders):
        try:
            read_contents(path)
        except StillpointError as error:
            found.append(Damaged(path, str(error)))
    return found


def _files(folders: Iterable[Path]) -> List[Path]:
    found: Dict[Path, None] = {}
    for folder in folders:
        try:
            for path in sorted(Path(folder).iterdir()):
                if path.name.endswith(SUFFIX) and not path.name.startswith(".") and path.is_file():
                    found.setdefault(path)
        except OSError:
            continue  # no folder, no models
    return list(found)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# Cards


def read_card(path: Path) -> str:
    """Return the text of a model card, shortened where it is longer than any card; empty where there is none."""
    try:
        with Path(path).open("rb") as stream:
            return cleaned(stream.read(LARGEST_CARD).decode("utf-8", errors="replace"))
    except OSError:
        return ""


def cleaned(text: str) -> str:
    """Return ``text`` without characters that steer a terminal or turn the direction of reading."""
    kept = (letter for letter in text.replace("\r\n", "\n") if letter in "\n\t" or letter.isprintable())
    return "".join(kept)


def title_of(card: str) -> str:
    """Return the heading of a card without its marks; empty where it has none."""
    for line in card.splitlines():
        if line.startswith("# "):
            return re.sub(r"[`*]", "", line[2:]).strip()
    return ""


def section(card: str, heading: str) -> str:
    """Return what a card says under the heading that begins with ``heading``; empty where it has none."""
    lines: List[str] = []
    inside = False
    for line in card.splitlines():
        if line.startswith("#"):
            inside = line.lstrip("# ").lower().startswith(heading.lower())
            continue
        if inside:
            lines.append(line)
    return "\n".join(lines).strip()


def points(text: str) -> List[str]:
    """Return the points of a Markdown list, each as one line without marks."""
    found: List[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith(("- ", "* ")):
            found.append(line.strip()[2:].strip())
        elif found and line.strip():
            found[-1] += " " + line.strip()
    return [re.sub(r"[`*]", "", item) for item in found]


def figures(header: Header, *, most: int = 400) -> List[Tuple[str, str]]:
    """Return the figures of a header as names and texts; what is nested has the names of both levels."""
    found: List[Tuple[str, str]] = []

    def add(prefix: str, values: Mapping[str, Any], depth: int) -> None:
        for name, value in values.items():
            if len(found) >= most:
                return
            label = f"{prefix}{name}"
            if isinstance(value, dict) and depth < 3:
                add(f"{label}: ", value, depth + 1)
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                found.append((label, f"{value:,}" if isinstance(value, int) else f"{value:.4g}"))
            elif isinstance(value, str):
                found.append((label, value[:LONGEST_VALUE]))
            elif isinstance(value, list) and value and all(isinstance(item, (int, float)) for item in value):
                found.append((label, ", ".join(f"{item:.3g}" for item in value[:12])))

    add("", header.metrics, 0)
    return found


LONGEST_VALUE = 120
