"""A dialog filled in with the parameters of a job that ran before.

Dialogs name their widgets after the parameters of their job, so that one function knows them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QWidget

from stillpoint.models.jobs import Job
from stillpoint.plugin import facts, stacks
from stillpoint.ui.scatterers_extent import ExtentPicker
from stillpoint.ui.widgets.device_picker import DevicePicker
from stillpoint.ui.widgets.fields import Fields
from stillpoint.ui.widgets.output_files import OutputFiles
from stillpoint.ui.widgets.reading import Reading

_NAMES = {"points": "source"}
"""Parameters whose widget is called otherwise."""


def fill(dialog: QWidget, job: Job) -> List[str]:
    """Show the parameters of ``job`` in a dialog.

    Parameters
    ----------
    dialog
        A dialog of the same kind of job.
    job
        The job.

    Returns
    -------
    list of str
        Names of the inputs that are no longer there; their widgets are left as they were.
    """
    values: Dict[str, Any] = dict(job.to_dict()["parameters"])
    missing: List[str] = []
    for item in job.parameters():
        value = values[item.name]
        widget = getattr(dialog, _NAMES.get(item.name, item.name), None)
        if item.metadata["kind"] in ("points", "raster", "file", "sources") and widget is not None:
            missing += _choose(widget, value, layer_name=values.get("layer"))
    for widget in list(vars(dialog).values()):
        if isinstance(widget, Fields):
            widget.set_values(values)
        elif isinstance(widget, DevicePicker):
            widget.set_device(str(values["device"]))
        elif isinstance(widget, OutputFiles):
            widget.set_values({f"write_{name}": values.get(name) is not None for name in widget.outputs})
            _forget_files(widget.files.values())
        elif isinstance(widget, Reading):
            widget.set_overrides(str(values.get("unit") or "auto"), values.get("wavelength"))
        elif isinstance(widget, ExtentPicker):
            _show_extent(widget, values.get("extent"))
    named = (getattr(dialog, item.name, None) for item in job.parameters() if item.metadata["kind"].endswith("-output"))
    _forget_files(widget for widget in named if isinstance(widget, QgsFileWidget))
    for name in ("threshold", "zone_field", "density"):
        _show(getattr(dialog, name, None), values.get(name))
    _unfold(dialog, job)
    return missing


def _forget_files(widgets: Iterable[QgsFileWidget]) -> None:
    """Name no files for the results: a dialog that stayed open may still name those of the earlier run."""
    for widget in widgets:
        widget.setFilePath("")


def layer_of(path: str, layer_name: Optional[str] = None) -> Optional[QgsMapLayer]:
    """Return the layer of the project that shows a file, or that is called so where it has none; None where there is none."""
    file, _, rest = path.partition("|")
    wanted = layer_name or (rest[len("layername="):] if rest.startswith("layername=") else "")
    layers = list(QgsProject.instance().mapLayers().values())
    for layer in layers:
        if isinstance(layer, QgsVectorLayer):
            source, name = facts.source_of(layer)
            if _same(source, file) and (not wanted or not name or name == wanted):
                return layer
        elif isinstance(layer, QgsRasterLayer) and not stacks.is_view(layer) and _same(stacks.path_of(layer), file):
            return layer
    if Path(file).exists():
        return None
    return next((layer for layer in layers if layer.name() == path), None)  # a layer without a file goes by its name


def _same(first: str, second: str) -> bool:
    return bool(first) and bool(second) and Path(first) == Path(second)


def _choose(widget: Any, value: Any, *, layer_name: Optional[str]) -> List[str]:
    """Choose inputs in a widget that picks them; returns those that are not there."""
    if value in (None, "", [], ()):
        if hasattr(widget, "combo"):
            widget.combo.setCurrentIndex(0)
        return []
    paths = [str(value)] if isinstance(value, str) else [str(path) for path in value]
    there = [path for path in paths if layer_of(path, layer_name) is not None or Path(path.partition("|")[0]).exists()]
    if there and hasattr(widget, "set_paths"):
        widget.set_paths(there)
    elif hasattr(widget, "tick"):
        _tick(widget, there)
    else:
        for path in there[:1]:
            layer = layer_of(path, layer_name)
            if layer is not None and hasattr(widget, "set_layer"):
                widget.set_layer(layer)
            elif hasattr(widget, "set_file"):
                widget.set_file(path)
    return [Path(path.partition("|")[0]).name for path in paths if path not in there]


def _tick(widget: Any, paths: List[str]) -> None:
    """Tick these masks alone."""
    for layer in QgsProject.instance().mapLayers().values():
        widget.tick(layer, False)
    for path in paths:
        layer = layer_of(path)
        widget.tick(layer) if layer is not None else widget.add_file(path)


def _show(widget: Any, value: Any) -> None:
    """Show a value in a widget outside a form of fields; empty is the lowest number, which stands for the method's own."""
    if isinstance(widget, QDoubleSpinBox):
        widget.setValue(widget.minimum() if value is None else float(value))
    elif isinstance(widget, QCheckBox):
        widget.setChecked(bool(value))
    elif isinstance(widget, QComboBox) and value:
        widget.setCurrentText(str(value))


def _show_extent(widget: ExtentPicker, text: Any) -> None:
    try:
        west, south, east, north = (float(part) for part in str(text).split(","))
    except ValueError:
        widget.clear()
        return
    widget.setOutputExtentFromUser(QgsRectangle(west, south, east, north), widget.outputCrs())


def _unfold(dialog: QWidget, job: Job) -> None:
    """Open "Advanced" where a parameter behind it is not at its default."""
    more, fields = getattr(dialog, "more", None), getattr(dialog, "advanced", None)
    if not isinstance(more, QgsCollapsibleGroupBox) or not isinstance(fields, Fields):
        return
    defaults: Mapping[str, Any] = {item.name: item.default for item in job.parameters()}
    if any(getattr(job, name) != defaults[name] for name in fields.widgets if name in defaults and name != "scheduler"):
        more.setCollapsed(False)
