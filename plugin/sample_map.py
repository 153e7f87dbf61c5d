"""The sample's QGIS project: a group, a bookmark and a map theme for each of its parts, styled; one part is shown at a time."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from qgis.core import (
    QgsBookmark,
    QgsCoordinateTransform,
    QgsLayerTreeGroup,
    QgsLayerTreeModel,
    QgsMapLayer,
    QgsMapThemeCollection,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from stillpoint.models.errors import StillpointError
from stillpoint.plugin import demo_map, demo_scatterers_map, interferograms, layers, raster_layers, raster_styles
from stillpoint.plugin.language import tr
from stillpoint.plugin.sample import CITY, NETWORK, PARTS, SURGE, VALLEY, Sample
from stillpoint.plugin.scatterers import open_raster
from stillpoint.plugin.styles.trends import renderer as trend_renderer

PART = "stillpoint/sample"
"""Custom property of a layer: the part of the sample that it is the data of."""

MAIN = "stillpoint/sample-main"
"""Custom property of the layer of a part that one works with."""


def titles() -> Dict[str, str]:
    """Return the titles of the parts, which are those of their groups, themes and bookmarks."""
    return {
        VALLEY: tr("Valley: displacement series of points"),
        CITY: tr("City: radar images"),
        NETWORK: tr("Network: interferograms"),
        SURGE: tr("Glacier: two amplitude images"),
    }


def make_project(sample: Sample, project: QgsProject) -> None:
    """Fill an empty project with the sample, the valley shown, and write it beside the data.

    Raises
    ------
    StillpointError
        A file cannot be opened, or the project not be written.
    """
    builders: Dict[str, Callable[[Sample], List[Tuple[QgsMapLayer, bool]]]] = {
        VALLEY: _valley, CITY: _city, NETWORK: _network, SURGE: _surge,
    }  # fmt: skip
    project.setTitle(tr("Stillpoint: sample project"))
    for part in PARTS:
        if part in sample.files:
            _add_part(project, part, builders[part](sample))
    first = next((part for part in PARTS if part in sample.files), None)
    found = main_layer(first, project) if first is not None else None
    if first is not None and found is not None:
        project.setCrs(found.crs())
        demo_map.set_view(project, extent_of(first, project))
        for part in reversed([part for part in PARTS if part in sample.files]):
            show_part(part, project)
            _add_theme(project, titles()[part])
    if not project.write(str(sample.project)):
        raise StillpointError(
            tr("The project {path} cannot be written: {reason}").format(path=sample.project, reason=project.error())
        )


def main_layer(part: str, project: Optional[QgsProject] = None) -> Optional[QgsMapLayer]:
    """Return the layer of a part that one works with; None where the project has none."""
    project = QgsProject.instance() if project is None else project
    for layer in project.mapLayers().values():
        if layer.customProperty(PART) == part and layer.customProperty(MAIN):
            return layer
    return None


def parts_of(project: Optional[QgsProject] = None) -> List[str]:
    """Return the parts of the sample that a project holds; empty for another project."""
    return [part for part in PARTS if main_layer(part, project) is not None]


def extent_of(part: str, project: QgsProject) -> QgsRectangle:
    """Return what the map shows of a part, in the project's CRS."""
    layer = main_layer(part, project)
    return demo_map.view_of([layer], project) if layer is not None else QgsRectangle()


def show_part(part: str, project: Optional[QgsProject] = None, canvas: Any = None) -> None:
    """Show the group of a part, hide those of the others, and zoom there; layers that the user added stay as they are."""
    project = QgsProject.instance() if project is None else project
    for group in project.layerTreeRoot().findGroups():
        parts = {node.layer().customProperty(PART) for node in group.findLayers() if node.layer() is not None}
        parts &= set(PARTS)
        if len(parts) == 1:
            group.setItemVisibilityChecked(part in parts)
            group.setExpanded(part in parts)
    if canvas is not None:
        layer = main_layer(part, project)
        if layer is not None:
            box = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), project).transformBoundingBox(
                layer.extent()
            )
            box.scale(1.06)
            canvas.setExtent(box)
            canvas.refresh()


def _add_part(project: QgsProject, part: str, found: List[Tuple[QgsMapLayer, bool]]) -> QgsLayerTreeGroup:
    """Add a part as a group, its layers from the top; the first is the one that one works with."""
    group: QgsLayerTreeGroup = project.layerTreeRoot().addGroup(titles()[part])
    for number, (layer, shown) in enumerate(found):
        layer.setCustomProperty(PART, part)
        layer.setCustomProperty(MAIN, number == 0)
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(shown)
        node.setExpanded(False)
    bookmark = QgsBookmark()
    bookmark.setName(titles()[part])
    main = found[0][0]
    bookmark.setExtent(QgsReferencedRectangle(main.extent(), main.crs()))
    project.bookmarkManager().addBookmark(bookmark)
    return group


def _add_theme(project: QgsProject, name: str) -> None:
    root = project.layerTreeRoot()
    record = QgsMapThemeCollection.createThemeFromCurrentState(root, QgsLayerTreeModel(root))
    project.mapThemeCollection().insert(name, record)


def _valley(sample: Sample) -> List[Tuple[QgsMapLayer, bool]]:
    path = str(sample.path(VALLEY, "output"))
    points = layers.open_points(path, tr("Points of the valley"))
    points.setRenderer(QgsSingleSymbolRenderer(raster_styles.plain_points()))
    truth = layers.open_points(path, tr("True trends"))
    truth.setRenderer(trend_renderer(field="true_code", by_confidence=False))
    for layer in (points, truth):
        _hide_series(layer)
    relief = demo_map.open_relief(str(sample.path(VALLEY, "terrain")))
    return [(points, True), (truth, False), (relief, True)]


def _hide_series(layer: QgsVectorLayer) -> None:
    """Keep the dates out of the attribute table's first view: 139 columns hide what there is to read."""
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    columns = config.columns()
    for column in columns:
        column.hidden = column.name[:1] == "D" and column.name[1:].isdigit()
    config.setColumns(columns)
    layer.setAttributeTableConfig(config)


def _city(sample: Sample) -> List[Tuple[QgsMapLayer, bool]]:
    stack = sample.path(CITY, "stack")
    amplitude = demo_scatterers_map.mean_amplitude(stack, stack.with_name("city_amplitude.tif"))
    images = raster_layers.open_stack_layer(str(stack), tr("Radar images of the city (stack)"))
    truth = demo_scatterers_map.open_classes(str(sample.path(CITY, "truth")), tr("True PS"), truth=True)
    zones = demo_scatterers_map.open_classes(str(sample.path(CITY, "zones")), tr("Zones"))
    below = open_raster(amplitude, tr("Mean amplitude"))
    raster_styles.style_amplitude(below)
    return [(images, False), (truth, False), (zones, False), (below, True)]


def _network(sample: Sample) -> List[Tuple[QgsMapLayer, bool]]:
    stack = raster_layers.open_stack_layer(str(sample.path(NETWORK, "output")), tr("Interferograms (stack)"))
    coherence = raster_layers.open_stack_layer(str(sample.path(NETWORK, "coherence")), tr("Coherence"))
    velocity = open_raster(str(sample.path(NETWORK, "velocity")), tr("True velocity (mm/yr)"))
    interferograms.style_velocity(velocity, 1)
    return [(stack, True), (coherence, False), (velocity, False)]


def _surge(sample: Sample) -> List[Tuple[QgsMapLayer, bool]]:
    images = open_raster(str(sample.path(SURGE, "output")), tr("Amplitude images of the glacier"))
    raster_styles.style_amplitude(images)
    return [(images, True)]
