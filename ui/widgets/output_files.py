"""The files that a job writes: a row for each with a tick and a place, temporary where none is named."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from qgis.core import QgsProcessingUtils
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QGroupBox, QWidget

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr


@dataclass(frozen=True)
class Output:
    """One thing that a job can write.

    Attributes
    ----------
    name
        Parameter of the job.
    title
        What the user reads.
    endings
        Of its file, the usual one first; none for a folder, which is never temporary.
    on
        Written unless told otherwise.
    always
        Cannot be left out.
    tip
        What it is, in a sentence.
    file_name
        Of the temporary file, behind the stem; the title where empty.
    """

    name: str
    title: str
    endings: Tuple[str, ...] = ()
    on: bool = True
    always: bool = False
    tip: str = ""
    file_name: str = ""


class OutputFiles(QGroupBox):
    """A row for each output.

    Parameters
    ----------
    outputs
        The rows.
    parent
        Parent widget.

    Attributes
    ----------
    boxes, files
        Tick and place of each output, by its name.
    folder
        Temporary folder of the last call of :meth:`paths`; empty where every file was named.
    """

    def __init__(self, outputs: Sequence[Output], parent: Optional[QWidget] = None) -> None:
        super().__init__(tr("Results"), parent)
        self.outputs = {output.name: output for output in outputs}
        self.boxes: Dict[str, QCheckBox] = {}
        self.files: Dict[str, QgsFileWidget] = {}
        self.folder = ""
        self._possible: Dict[str, bool] = {}
        grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        for row, output in enumerate(outputs):
            box, file = QCheckBox(tr(output.title)), _place(output)
            box.setObjectName(f"write_{output.name}")
            box.setChecked(output.on)
            box.setEnabled(not output.always)
            box.toggled.connect(file.setEnabled)
            for widget in (box, file):
                widget.setToolTip(tr(output.tip) if output.tip else "")
            grid.addWidget(box, row, 0)
            grid.addWidget(file, row, 1)
            self.boxes[output.name], self.files[output.name] = box, file

    def set_possible(self, name: str, possible: bool, why: str = "") -> None:
        """Offer an output, or say in its tool tip why it is not offered."""
        self._possible[name] = possible
        for widget in (self.boxes[name], self.files[name]):
            widget.setToolTip(tr(self.outputs[name].tip) if possible else why)
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
        named = {name: self._named(output, sources) for name, output in self.outputs.items() if self.is_wanted(name)}
        places = [str(Path(path).resolve()) for path in named.values() if path]
        if len(set(places)) < len(places):
            raise StillpointError(tr("Two results have the same file. Give each a file of its own."))
        if "" in named.values():
            self.folder = tempfile.mkdtemp(prefix="stillpoint-", dir=QgsProcessingUtils.tempFolder())
        return {name: self._temporary(output, stem) if named.get(name) == "" else named.get(name)
                for name, output in self.outputs.items()}  # fmt: skip

    def _named(self, output: Output, sources: List[str]) -> str:
        """Return the file or folder that the user chose; empty for a temporary file."""
        text = self.files[output.name].filePath().strip()
        if not text:
            if output.endings:
                return ""
            message = tr("Choose a folder for {title}, or leave it out.")
            raise StillpointError(message.format(title=tr(output.title)))
        path = Path(text)
        if output.endings and path.suffix.lower().lstrip(".") not in output.endings:
            path = path.with_name(f"{path.name}.{output.endings[0]}")
        if not path.parent.is_dir():
            raise StillpointError(tr("There is no folder {folder}. Choose another one.").format(folder=path.parent))
        for source in sources:
            if path.exists() and Path(source).exists() and path.samefile(source):
                message = tr("{title} would overwrite a file that is read. Choose another file.")
                raise StillpointError(message.format(title=tr(output.title)))
        return str(path)

    def _temporary(self, output: Output, stem: str) -> str:
        return str(Path(self.folder) / f"{stem} {output.file_name or output.title}.{output.endings[0]}")

    def values(self) -> Dict[str, Any]:
        """Return which outputs are wanted, to be remembered."""
        return {f"write_{name}": box.isChecked() for name, box in self.boxes.items()}

    def set_values(self, values: Dict[str, Any]) -> None:
        """Show which outputs are wanted; a folder is asked for each time."""
        for name, output in self.outputs.items():
            wanted = values.get(f"write_{name}")
            if output.endings and not output.always and isinstance(wanted, bool):
                self.boxes[name].setChecked(wanted)


def _place(output: Output) -> QgsFileWidget:
    """Return the widget that asks where an output goes."""
    file = QgsFileWidget()
    file.setObjectName(output.name)
    if output.endings:
        file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        file.setFilter(";;".join(f"{ending} (*.{ending})" for ending in output.endings))
        file.lineEdit().setPlaceholderText(tr("Temporary file; choose one to keep the result"))
    else:
        file.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        file.lineEdit().setPlaceholderText(tr("Choose a folder"))
    file.setEnabled(output.on)
    return file
