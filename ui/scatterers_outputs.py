"""The files that a selection of scatterers writes: which of them, and where."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsProcessingUtils
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QGroupBox, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.provider import POINT_EXTENSIONS

RASTERS = ("tif",)

OUTPUTS: Tuple[Tuple[str, str, Tuple[str, ...], bool], ...] = (
    ("output", "PS mask", RASTERS, True),
    ("probability", "PS probability", RASTERS, True),
    ("points", "PS points", POINT_EXTENSIONS, True),
    ("noise", "Phase noise", RASTERS, False),
)
"""Parameter of the job, title, endings, and whether it is written unless told otherwise."""


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate("Stillpoint", text)


class ScattererOutputs(QGroupBox):
    """A row for each output; the mask is always written. Files that are not named are temporary."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("Results"), parent)
        self.boxes: Dict[str, QCheckBox] = {}
        self.files: Dict[str, QgsFileWidget] = {}
        self.folder = ""
        """Temporary folder of the last call of :meth:`paths`; empty where every file was named."""
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        for row, (name, title, endings, on) in enumerate(OUTPUTS):
            box = QCheckBox(tr(title))
            box.setObjectName(f"write_{name}")
            box.setChecked(on)
            file = QgsFileWidget()
            file.setObjectName(name)
            file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
            file.setFilter(";;".join(f"{ending} (*.{ending})" for ending in endings))
            file.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
            file.setEnabled(on)
            box.toggled.connect(file.setEnabled)
            if name == "output":
                box.setEnabled(False)
                box.setToolTip(tr("The mask is always written: 1 PS, 0 not, 255 no data"))
            grid.addWidget(box, row, 0)
            grid.addWidget(file, row, 1)
            self.boxes[name], self.files[name] = box, file

    def paths(self, stem: str, sources: List[str]) -> Dict[str, Optional[str]]:
        """Return the file of each output, None for those that are not wanted; makes a temporary folder where needed.

        Parameters
        ----------
        stem
            What temporary files are named after.
        sources
            Files that are read, which must not be overwritten.

        Raises
        ------
        StillpointError
            A folder is missing, two outputs have one name, or a source would be overwritten.
        """
        self.folder = ""
        found: Dict[str, Optional[str]] = {}
        for name, title, endings, _ in OUTPUTS:
            found[name] = None
            if self.boxes[name].isChecked():
                text = self.files[name].filePath().strip()
                found[name] = _checked(Path(text), title, endings, sources) if text else ""
        named = [str(Path(path).resolve()) for path in found.values() if path]
        if len(set(named)) < len(named):
            raise StillpointError(tr("Two results have the same file. Give each a file of its own."))
        if "" in found.values():
            self.folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            for name, title, endings, _ in OUTPUTS:
                if found[name] == "":
                    found[name] = str(Path(self.folder) / f"{stem} {title}.{endings[0]}")
        return found

    def values(self) -> Dict[str, Any]:
        """Return which outputs are wanted, to be remembered."""
        return {f"write_{name}": box.isChecked() for name, box in self.boxes.items()}

    def set_values(self, values: Dict[str, Any]) -> None:
        """Show which outputs are wanted."""
        for name, box in self.boxes.items():
            if name != "output" and isinstance(values.get(f"write_{name}"), bool):
                box.setChecked(values[f"write_{name}"])


def _checked(path: Path, title: str, endings: Tuple[str, ...], sources: List[str]) -> str:
    """Return the file to write with a known ending."""
    if path.suffix.lower().lstrip(".") not in endings:
        path = path.with_name(f"{path.name}.{endings[0]}")
    if not path.parent.is_dir():
        raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
    for source in sources:
        if path.exists() and Path(source).exists() and path.samefile(source):
            raise StillpointError(tr("{title} would overwrite the stack itself. Choose another file.").format(title=tr(title)))
    return str(path)
