from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tools import architecture

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def house(tmp_path: Path):
    """Return a function that puts a file into a small house that stands, and gives the walls it crosses."""
    for folder in ("models/trends", "models/scatterers", "plugin/algorithms", "ui"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("", "models", "models/trends", "models/scatterers", "plugin", "plugin/algorithms", "ui"):
        (tmp_path / folder / "__init__.py").write_text("")
    sound = {
        "models/jobs.py": "import json\nfrom stillpoint.models.errors import StillpointError\n",
        "models/errors.py": "",
        "models/trends/classes.py": "import numpy as np\n",
        "models/trends/network.py": "import torch\nfrom stillpoint.models.trends import classes\n",
        "models/scatterers/select.py": "import torch\n",
        "plugin/plugin.py": "from stillpoint.ui.dialog import Dialog\nfrom qgis.core import QgsProject\n",
        "plugin/layers.py": "from stillpoint.models.trends.classes import np\nfrom qgis.core import QgsProject\n",
        "ui/dialog.py": "from stillpoint.plugin import layers\nfrom stillpoint.models import jobs\nDialog = None\n",
    }
    for path, text in sound.items():
        (tmp_path / path).write_text(text)

    def put(path: str, text: str) -> list:
        (tmp_path / path).write_text(textwrap.dedent(text))
        return architecture.check_imports(tmp_path) + architecture.check_qt(tmp_path)

    return put


def test_the_walls_of_the_house_stand() -> None:
    assert [str(found) for found in architecture.check_imports(ROOT)] == []


def test_qt_is_used_as_both_qt5_and_qt6_allow() -> None:
    pytest.importorskip("qgis.PyQt.QtCore")
    assert [str(found) for found in architecture.check_qt(ROOT)] == []


def test_a_sound_house_is_accepted(house) -> None:
    assert house("models/progress.py", "from stillpoint.models.errors import StillpointError\n") == []


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("plugin/layers.py", "import torch\n", "imports torch"),
        ("ui/dialog.py", "def f():\n    import h5py.h5\n", "imports h5py"),
        ("ui/dialog.py", "from importlib import import_module\nimport_module('pyarrow')\n", "imports pyarrow"),
        ("plugin/layers.py", "from stillpoint.models.trends import network\n", "through a job"),
        ("plugin/layers.py", "from ..models.trends.network import x\n", "through a job"),
        ("plugin/layers.py", "from stillpoint.ui.dialog import Dialog\n", "only plugin/plugin.py"),
        ("plugin/algorithms/a.py", "from ...ui import dialog\n", "only plugin/plugin.py"),
        ("ui/dialog.py", "from stillpoint.plugin import plugin\n", "stands above"),
        ("models/trends/network.py", "from qgis.core import QgsProject\n", "without QGIS"),
        ("models/trends/network.py", "from stillpoint.plugin import layers\n", "knows nothing"),
        ("models/trends/network.py", "import stillpoint.ui.dialog\n", "knows nothing"),
        ("models/trends/network.py", "from stillpoint.models.scatterers import select\n", "side by side"),
        ("models/jobs.py", "import numpy\n", "standard library only"),
        ("models/errors.py", "from stillpoint.models.trends import classes\n", "standard library only"),
        ("models/trends/classes.py", "import scipy\n", "light modules only"),
        ("models/trends/classes.py", "from stillpoint.models.trends import network\n", "light modules only"),
        ("ui/dialog.py", "from PyQt5.QtCore import Qt\n", "qgis.PyQt"),
    ],
)
def test_a_crossed_wall_is_found(house, path: str, text: str, says: str) -> None:
    found = house(path, text)
    assert [item.path for item in found] == [path]
    assert says in found[0].message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("from qgis.PyQt.QtCore import Qt\nx = Qt.UserRole\n", "Qt.ItemDataRole.UserRole"),
        ("from qgis.PyQt.QtWidgets import QSizePolicy as P\nx = P.Expanding\n", "P.Policy.Expanding"),
        ("from qgis.PyQt.QtWidgets import QDialog\nQDialog().exec_()\n", "write exec"),
    ],
)
def test_what_qt6_does_not_know_is_found(house, text: str, says: str) -> None:
    pytest.importorskip("qgis.PyQt.QtCore")
    found = house("ui/dialog.py", text)
    assert len(found) == 1
    assert says in found[0].message


def test_scoped_enums_are_accepted(house) -> None:
    pytest.importorskip("qgis.PyQt.QtCore")
    text = """
        from qgis.PyQt.QtCore import QSize, Qt
        role = Qt.ItemDataRole.UserRole + 1
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        size = QSize(1, 2).expandedTo(QSize())
        """
    assert house("ui/dialog.py", text) == []
