"""The files that a selection of interferograms writes: which of them, and where."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from qgis.core import QgsProcessingUtils
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QGroupBox, QWidget

from stillpoint.models.errors import StillpointError

OUTPUTS: Tuple[Tuple[str, str, Tuple[str, ...], bool, str], ...] = (
    ("table", "Table", ("csv",), True, "Score, choice and reason of every pair; the triage board opens on it"),
    ("output", "Kept stack", ("vrt", "tif"), True, "The kept interferograms: .vrt refers to the stack, .tif copies it"),
    ("velocity", "Velocity", ("tif",), False, "Velocity by all interferograms, by the kept ones, and their difference"),
    ("weights", "Pixel weights", ("tif",), False, "How far each pixel of each interferogram can be trusted, 0 to 1"),
    ("lists", "Lists", (), False, "Folder for lists that MintPy, LiCSBAS and others read"),
)
"""Parameter of the job, title, endings (none for a folder), whether it is written unless told otherwise, and what it is."""


def tr(text: str) -> str:
    """Return ``text`` in the user's language."""
    return QCoreApplication.translate("Stillpoint", text)


class InterferogramOutputs(QGroupBox):
    """A row for each output; the table is always written. Files that are not named are temporary."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("Results"), parent)
        self.boxes: Dict[str, QCheckBox] = {}
        self.files: Dict[str, QgsFileWidget] = {}
        self.folder = ""
        """Temporary folder of the last call of :meth:`paths`; empty where every file was named."""
        self._possible: Dict[str, bool] = {}
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        for row, (name, title, endings, on, tip) in enumerate(OUTPUTS):
            box = QCheckBox(tr(title))
            box.setObjectName(f"write_{name}")
            box.setChecked(on)
            box.setToolTip(tr(tip))
            file = QgsFileWidget()
            file.setObjectName(name)
            if endings:
                file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
                file.setFilter(";;".join(f"{ending} (*.{ending})" for ending in endings))
                file.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
            else:
                file.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
                file.lineEdit().setPlaceholderText(tr("Choose a folder"))
            file.setToolTip(tr(tip))
            file.setEnabled(on)
            box.toggled.connect(file.setEnabled)
            box.setEnabled(name != "table")
            grid.addWidget(box, row, 0)
            grid.addWidget(file, row, 1)
            self.boxes[name], self.files[name] = box, file
        self.files["table"].lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep it and what you decide"))

    def set_possible(self, name: str, possible: bool, why: str = "") -> None:
        """Offer an output, or say in its tool tip why it is not offered."""
        self._possible[name] = possible
        tip = next(row[4] for row in OUTPUTS if row[0] == name)
        for widget in (self.boxes[name], self.files[name]):
            widget.setToolTip(tr(tip) if possible else why)
        self.boxes[name].setEnabled(possible)
        self.files[name].setEnabled(possible and self.boxes[name].isChecked())

    def is_wanted(self, name: str) -> bool:
        """Tell whether an output is offered and chosen."""
        return self.boxes[name].isChecked() and self._possible.get(name, True)

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
        for name, title, endings, _, _ in OUTPUTS:
            found[name] = None
            if self.is_wanted(name):
                text = self.files[name].filePath().strip()
                if not endings and not text:
                    raise StillpointError(tr("Choose a folder for the lists, or leave them out."))
                found[name] = _checked(Path(text), title, endings, sources) if text else ""
        named = [str(Path(path).resolve()) for path in found.values() if path]
        if len(set(named)) < len(named):
            raise StillpointError(tr("Two results have the same file. Give each a file of its own."))
        if "" in found.values():
            self.folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
            for name, title, endings, _, _ in OUTPUTS:
                if found[name] == "":
                    found[name] = str(Path(self.folder) / f"{stem} {title.lower()}.{endings[0]}")
        return found

    def values(self) -> Dict[str, Any]:
        """Return which outputs are wanted, to be remembered."""
        return {f"write_{name}": box.isChecked() for name, box in self.boxes.items()}

    def set_values(self, values: Dict[str, Any]) -> None:
        """Show which outputs are wanted; a folder is asked for each time."""
        for name, box in self.boxes.items():
            if name not in ("table", "lists") and isinstance(values.get(f"write_{name}"), bool):
                box.setChecked(values[f"write_{name}"])


def _checked(path: Path, title: str, endings: Tuple[str, ...], sources: List[str]) -> str:
    """Return the file to write with a known ending."""
    if endings and path.suffix.lower().lstrip(".") not in endings:
        path = path.with_name(f"{path.name}.{endings[0]}")
    if not path.parent.is_dir():
        raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
    for source in sources:
        if path.exists() and Path(source).exists() and path.samefile(source):
            raise StillpointError(tr("{title} would overwrite a stack that is read. Choose another file.").format(title=tr(title)))
    return str(path)
