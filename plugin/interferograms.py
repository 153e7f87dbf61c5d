"""Selections of interferograms on QGIS's side: what stacks can be judged, and the rasters of a result as layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from qgis.core import (
    QgsApplication,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QThread
from qgis.PyQt.QtGui import QColor

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import Result, SelectInterferograms
from stillpoint.plugin import provenance, stacks
from stillpoint.plugin.breath import breathe
from stillpoint.plugin.language import tr
from stillpoint.plugin.layers import bring_into_view
from stillpoint.plugin.raster_layers import style_band
from stillpoint.plugin.scatterers import open_raster

METHODS: Dict[str, str] = {
    "default": "Stillpoint's network",
    "resnet50": "ResNet50 of He et al.",
    "loop_closure": "Loop closure (LiCSBAS)",
    "coherence": "Mean coherence (MintPy)",
    "area_ratio": "Area ratio",
    "coverage": "Coverage",
    "residues": "Residues",
    "baselines": "Baselines",
}
"""Methods for people."""

NEED_COHERENCE = ("coherence", "area_ratio")
"""Methods that judge the coherence alone."""

QUANTITIES = ("unwrapped", "phase", "complex")
"""Quantities in which interferograms can be judged."""

VELOCITIES = ("#173f7a", "#5b9bd0", "#f4f1ea", "#d4795f", "#7c1526")
"""Velocities from towards the satellite to away, as blue and red; both ends are dark."""

_SAMPLE = 250_000


def check_judgeable(
    facts: stacks.StackFacts, method: str, coherence: Optional[stacks.StackFacts] = None, *, name: str = ""
) -> None:
    """Tell what keeps the interferograms of a stack from being judged.

    Parameters
    ----------
    facts
        The stack.
    method
        A method of ``select-interferograms``.
    coherence
        The coherence stack that the user chose; None where there is none but a companion of the stack.
    name
        The stack for people.

    Raises
    ------
    StillpointError
        It holds no interferograms or something else than phase, or the coherence is missing or does not fit.
    """
    name = name or Path(facts.path).name
    if not any(band.days for band in facts.bands):
        raise StillpointError(
            tr(
                "{name} does not say which pair its bands are of. Use Open Stack on the product's folder or files "
                "first: it writes the dates into the raster."
            ).format(name=name)
        )
    unpaired = [band.number for band in facts.bands if not band.pair]
    if len(unpaired) == len(facts.bands):
        raise StillpointError(tr(
            "{name} holds images, not interferograms. Choose a stack with a pair of dates a band."
        ).format(name=name))
    if unpaired:
        which = ", ".join(map(str, unpaired[:5])) + (" ..." if len(unpaired) > 5 else "")
        raise StillpointError(tr(
            "{name} has no pair of dates for band {which}. Use Open Stack, which dates every band."
        ).format(name=name, which=which))
    if facts.quantity and facts.quantity not in QUANTITIES:
        raise StillpointError(
            tr(
                "{name} holds {quantity}. Interferograms are judged by their phase, unwrapped or wrapped: choose "
                "that stack{more}."
            ).format(
                name=name,
                quantity=facts.quantity,
                more=tr(", and this one as the coherence") if facts.quantity == "coherence" else "",
            )
        )
    if coherence is not None:
        _check_coherence(coherence, facts, name)
    elif method in NEED_COHERENCE and "coherence" not in facts.companions:
        raise StillpointError(
            tr(
                "{method} judges by the coherence, and {name} names none. Choose the coherence stack, or another "
                "method."
            ).format(method=METHODS[method], name=name)
        )


def _check_coherence(coherence: stacks.StackFacts, facts: stacks.StackFacts, name: str) -> None:
    other = Path(coherence.path).name
    if coherence.quantity not in ("", "coherence"):
        raise StillpointError(tr(
            "{other} holds {quantity}, not coherence. Choose the coherence of the same pairs."
        ).format(other=other, quantity=coherence.quantity))
    pairs = [{tuple(sorted(band.pair)) for band in one.bands if band.pair} for one in (facts, coherence)]
    if pairs[1] and not pairs[0] & pairs[1]:
        raise StillpointError(tr(
            "{other} has none of the pairs of {name}. Choose the coherence of the same pairs."
        ).format(other=other, name=name))


def in_words(facts: stacks.StackFacts, *, coherence: bool = False) -> str:
    """Return what a stack of interferograms holds as a line; ``coherence`` tells that the user chose one."""
    quantity = {
        "phase": tr("wrapped phase"), "unwrapped": tr("unwrapped phase"), "complex": tr("complex values"),
    }.get(facts.quantity, "")  # fmt: skip
    dates, count = facts.dates, len(facts.bands)
    rows, columns = facts.shape
    metres = [abs(band.perpendicular_baseline) for band in facts.bands if band.perpendicular_baseline is not None]
    beside = tr(" with coherence beside it") if "coherence" in facts.companions and not coherence else ""
    parts = [
        (tr("{n} interferograms") if count != 1 else tr("{n} interferogram")).format(n=f"{count:,}"),
        tr("{n} dates").format(n=len(dates)) if dates else "",
        tr("{first} to {last}").format(first=dates[0], last=dates[-1]) if dates else "",
        tr("baselines up to {metres:.0f} m").format(metres=max(metres)) if metres else "",
        tr("{rows:,} x {columns:,} pixels").format(rows=rows, columns=columns), (quantity + beside) if quantity else beside.strip(),
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


# Layers


def add_interferogram_layers(
    result: Result, job: SelectInterferograms, *, project: Optional[QgsProject] = None, iface: Any = None
) -> List[QgsMapLayer]:
    """Add the rasters of a finished selection to the project: velocity, kept stack and weights, in a group of their own.

    Returns
    -------
    list of QgsMapLayer
        The layers that were added, the topmost first; none where only the table was written.

    Raises
    ------
    StillpointError
        A file that the job wrote cannot be opened as a layer.
    """
    if QThread.currentThread() is not QgsApplication.instance().thread():
        raise RuntimeError("layers are added on the main thread only")
    project = QgsProject.instance() if project is None else project
    was_empty = not project.mapLayers()
    layers = _opened(result)
    if not layers:
        return []
    root = project.layerTreeRoot()
    name = f"Stillpoint - {Path(job.stack).stem}: interferograms by {METHODS.get(job.method, job.method)}"
    unique, number = name, 2
    while root.findGroup(unique) is not None:
        unique, number = f"{name} ({number})", number + 1
    group = root.insertGroup(0, unique)
    provenance.write_all(layers, job, result)
    for number, layer in enumerate(layers):
        project.addMapLayer(layer, False)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(number == 0)
        node.setExpanded(number == 0)
        breathe()
    if iface is not None:
        iface.setActiveLayer(layers[0])
        bring_into_view(layers[0], iface.mapCanvas(), project, anyway=was_empty)
    return layers


def _opened(result: Result) -> List[QgsMapLayer]:
    outputs, layers = result.outputs, []
    if outputs.get("velocity"):
        reach = 0.0
        for band, title in ((2, "Velocity, kept interferograms (mm/yr)"), (1, "Velocity, all interferograms (mm/yr)"),
                            (3, "Velocity, kept minus all (mm/yr)")):  # fmt: skip
            layer = open_raster(outputs["velocity"], title)
            reach = reach if band == 1 else _reach(layer, band)  # before and after are on one scale
            style_velocity(layer, band, reach)
            layers.append(layer)
    if outputs.get("output"):
        layers.append(open_raster(outputs["output"], tr("Kept interferograms")))
        style_kept(layers[-1])
    if outputs.get("weights"):
        layers.append(open_raster(outputs["weights"], tr("Weights of the pixels")))
        style_weights(layers[-1])
    return layers


def style_kept(layer: QgsRasterLayer) -> None:
    """Show the first interferogram of a kept stack as those of any stack; complex values by their amplitude."""
    facts = stacks.facts_of(stacks.path_of(layer))
    style_band(layer, "amplitude" if facts.quantity == "complex" else facts.quantity or "unwrapped", 1)


def add_kept(path: str) -> QgsRasterLayer:
    """Add a stack of kept interferograms to the project, at the top of the layers; raises StillpointError."""
    layer = open_raster(path)
    style_kept(layer)
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().insertLayer(0, layer).setExpanded(False)
    return layer


def _reach(layer: QgsRasterLayer, band: int) -> float:
    low, high = layer.dataProvider().cumulativeCut(band, 0.02, 0.98, layer.extent(), _SAMPLE)
    return max(abs(low), abs(high), 0.1)


def style_velocity(layer: QgsRasterLayer, band: int = 2, reach: Optional[float] = None) -> None:
    """Show a band of velocities (that of the kept pairs) between plus and minus ``reach`` mm/yr, blue towards the satellite."""
    style_diverging(layer, band, _reach(layer, band) if reach is None else reach, " mm/yr")


def style_diverging(layer: QgsRasterLayer, band: int, reach: float, unit: str) -> None:
    """Show a band between minus ``reach`` (red) and plus ``reach`` (blue), pale around 0."""
    shader = QgsColorRampShader(-reach, reach, None, QgsColorRampShader.Type.Interpolated)
    last = len(VELOCITIES) - 1
    items = []
    for index, colour in enumerate(reversed(VELOCITIES)):
        value = reach * (2 * index / last - 1)
        items.append(QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:+.1f}{unit}" if index != last / 2 else "0"))
    shader.setColorRampItemList(items)
    function = QgsRasterShader(-reach, reach)
    function.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, function)
    renderer.setClassificationMin(-reach)
    renderer.setClassificationMax(reach)
    layer.setRenderer(renderer)
    layer.triggerRepaint()


def style_weights(layer: QgsRasterLayer) -> None:
    """Show the weights of the first interferogram in greys."""
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(0.0, False)
    enhancement.setMaximumValue(1.0, False)
    enhancement.setContrastEnhancementAlgorithm(QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    renderer.setContrastEnhancement(enhancement)
    layer.setRenderer(renderer)


STYLES: Dict[str, Callable[[QgsRasterLayer], None]] = {
    "output": style_kept, "weights": style_weights, "velocity": style_velocity,
}  # fmt: skip
"""What gives the raster of each output of ``select-interferograms`` its look."""
