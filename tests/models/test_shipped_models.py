"""Every shipped model: recorded, described, and made by one command; and no pickle anywhere."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest

from stillpoint.models import cli
from stillpoint.models.jobs import TrainModel
from stillpoint.models.learning import inputs, shelf
from stillpoint.models.learning.cards import ARCHITECTURES, FIXED, installed, points, section, shipped, title_of
from tools import checksums, headers

ROOT = Path(__file__).resolve().parents[2]
MODELS = installed()
IDS = [model.name for model in MODELS]
NEEDED = ("Input", "Output", "Trained on", "Made by", "Licence")


def label(card, name):
    """Return what a card says behind a label in bold, as one line."""
    found = re.search(rf"^- \*\*{name}\*\*:? ?(.*?)(?=^- \*\*|^#|^\S|\Z)", card, re.MULTILINE | re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def test_every_file_in_the_folder_is_a_model():
    there = {path.stem for path in (ROOT / "models" / "weights").glob("*.safetensors")}
    assert there and there == set(IDS)


def test_checksums_are_those_of_the_files():
    """``python -m tools.checksums`` writes them anew when a model was trained anew."""
    assert checksums.differences() == []


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_header(model):
    assert model.network and model.path == shipped(model.task, model.network)
    assert inputs.problems(model.header.input) == [], "python -m tools.headers brings a header to the form"
    assert model.header.input == headers.of_this_version(model.header)
    for name in ("version", "licence"):
        assert getattr(model.header, name)
    for name in ("training", "metrics"):
        assert getattr(model.header, name), name


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_card(model):
    card = model.card
    assert model.header.architecture in title_of(card) and model.header.version in title_of(card)
    for name in NEEDED:
        assert len(label(card, name)) > 3, f"the card of {model.name} does not tell: {name}"
    assert points(section(card, "where it fails")), model.name
    assert "Classical" in card or "classical" in card, f"the card of {model.name} does not compare with a classical method"
    assert re.search(r"^\|.*\d\.\d", card, re.MULTILINE), f"the card of {model.name} has no figures"


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_one_command_makes_it_again(model):
    command = model.header.training["command"]
    assert f"`{command}`" in label(model.card, "Made by")
    words = shlex.split(command)
    if (model.task, model.network) in FIXED:
        from stillpoint.models.trends import statistical_fit

        assert words[:3] == ["python", "-m", "stillpoint.models.trends.statistical_fit"]
        assert statistical_fit.arguments(words[3:]).series > model.header.training["series"]  # a part is held out
        return
    assert words[0] == "stillpoint"
    job = cli.build_job(cli.parser().parse_args(words[1:]))
    assert isinstance(job, TrainModel) and job.capability == model.task and job.network == model.network
    assert Path(job.output).name == model.path.name and job.seed == model.header.training["seed"]


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_the_benchmarks_hold_its_figures(model):
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    rows = section(text, "Shipped models")
    assert f"`{model.name}`" in rows


def test_architectures_are_those_of_the_rooms():
    from stillpoint.models.interferograms import default as interferograms
    from stillpoint.models.interferograms import resnet50_method
    from stillpoint.models.offsets import fuse, ressiamnet
    from stillpoint.models.scatterers import default as scatterers
    from stillpoint.models.scatterers.published.networks import RECIPES
    from stillpoint.models.trends import judge, mirmazloumi

    known = {(room.TASK, room.ARCHITECTURE) for room in (interferograms, resnet50_method, fuse, ressiamnet, scatterers)}
    known |= {("trends", judge.ARCHITECTURE), ("trends", mirmazloumi.ARCHITECTURE), ("trends", "LogisticMap")}
    known |= {("scatterers", str(recipe.network.architecture)) for recipe in RECIPES.values()}
    assert known == set(ARCHITECTURES)
    names = {name for _, name in ARCHITECTURES.items()}
    assert {*RECIPES, "default", "resnet50", "cc_ressiamnet", "mirmazloumi_cnn", "statistical"} == names


def test_manifest_is_read_as_sha256sum_writes_it():
    assert set(shelf.read_sums(checksums.MANIFEST)) == {path.name for path in checksums.SHIPPED.glob("*.safetensors")}


# No pickle

UNSAFE_MODULES = {"pickle", "cPickle", "_pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}

PICKLE_ERRORS = {"UnpicklingError", "PicklingError"}
"""What another library (Dask's) may raise; naming it unpickles nothing."""


def unsafe(tree):
    """Yield (line, what) of everything that could run code out of a file that is read."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            errors_only = node.module == "pickle" and {alias.name for alias in node.names} <= PICKLE_ERRORS
            names = [] if errors_only else [node.module or ""]
        for name in names:
            if name.split(".")[0] in UNSAFE_MODULES:
                yield node.lineno, f"imports {name}"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        named = {word.arg: word.value for word in node.keywords}
        if (owner == "torch" and node.func.attr == "load") or node.func.attr == "load_state_dict_from_url":
            safe = named.get("weights_only")
            if not (isinstance(safe, ast.Constant) and safe.value is True):
                yield node.lineno, "torch.load without weights_only=True"
        pickled = named.get("allow_pickle")
        if pickled is not None and not (isinstance(pickled, ast.Constant) and pickled.value is False):
            yield node.lineno, "allow_pickle"
        if owner in ("pd", "pandas") and node.func.attr == "read_pickle":
            yield node.lineno, "pandas.read_pickle"


def sources():
    for folder in ("models", "plugin", "ui", "benchmarks", "tools", "docs"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_nothing_is_unpickled():
    found = []
    for path in sources():
        found += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in unsafe(ast.parse(path.read_text(encoding="utf-8")))]
    assert found == []


@pytest.mark.parametrize("text", [
    "import pickle", "import pickle as p\np.UnpicklingError", "import pickle\npickle.UnpicklingError\npickle.loads(b'')",
    "import pickle\nf = pickle", "from pickle import UnpicklingError, loads", "from joblib import load",
    "def f():\n    import dill",
    "import torch\ntorch.load('x')", "import torch\ntorch.load('x', weights_only=False)",
    "import pandas as pd\npd.read_pickle('x')",
    "import numpy as np\nnp.load('x', allow_pickle=True)",
])  # fmt: skip
def test_the_search_finds_what_it_looks_for(text):
    assert list(unsafe(ast.parse(text)))


def test_no_file_in_the_repository_is_a_pickle():
    endings = {".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".h5", ".npy", ".npz"}
    weights = [path for path in (ROOT / "models").rglob("*") if path.suffix in endings]
    assert weights == []
