"""The results of two compared models as layers in one group."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr


def add_compared(task: str, paths: Sequence[str], names: Sequence[str]) -> List[QgsMapLayer]:
    """Add the results of both models to the project, styled as any result of their task, and return the layers.

    Raises
    ------
    StillpointError
        A result is gone.
    """
    layers = [layer for path, name in zip(paths, names) for layer in _opened(task, path, name)]
    project = QgsProject.instance()
    group = project.layerTreeRoot().insertGroup(0, tr("Compared: {first} and {second}").format(first=names[0], second=names[1]))
    for layer in layers:
        project.addMapLayer(layer, False)
        group.addLayer(layer).setExpanded(False)
    return layers


def _opened(task: str, path: str, name: str) -> List[QgsMapLayer]:
    if not Path(path).is_file():
        raise StillpointError(tr("The result {path} is gone. Compare again.").format(path=path))
    if task == "trends":
        from stillpoint.plugin.layers import open_points, style_trends_layer

        points = open_points(path, name)
        style_trends_layer(points)
        return [points]
    if task == "scatterers":
        from stillpoint.plugin.scatterers import open_raster, style_scatterer_layer

        found: List[QgsMapLayer] = []
        for suffix, what in (("-probability", tr("probability")), ("", tr("mask"))):
            layer = open_raster(str(Path(path).with_name(f"{Path(path).stem}{suffix}.tif")), f"{name}, {what}")
            style_scatterer_layer(layer)
            found.append(layer)
        return found
    if task == "offsets":
        from stillpoint.plugin.offsets_layers import style_result
        from stillpoint.plugin.scatterers import open_raster

        layer = open_raster(path, name)
        style_result(layer)
        return [layer]
    source = f"file:///{Path(path).as_posix().lstrip('/')}?type=csv&geomType=none&detectTypes=yes"
    table = QgsVectorLayer(source, name, "delimitedtext")
    if not table.isValid():
        raise StillpointError(tr("The table {path} cannot be opened.").format(path=path))
    return [table]
