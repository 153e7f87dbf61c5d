"""Parameters of a job as Processing parameters, and their values back: one description for all front doors."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, Callable, Dict, List

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from stillpoint.models.jobs import REQUIRED
from stillpoint.plugin import compat, settings
from stillpoint.plugin.language import tr

INPUTS = ("points", "raster", "file", "folder", "sources")
MODEL_FILTER = "safetensors"
PAIRED = ("reference", "secondary", "ascending", "descending")


def name_of(item: Field) -> str:
    """Return the Processing name of a job's field: in capitals; the data that the job reads are ``INPUT``.

    Where a job reads two sources of equal rank they keep their own names.
    """
    if item.name in PAIRED:
        return item.name.upper()
    if item.metadata["positional"] and item.metadata["kind"] in INPUTS:
        return "INPUT"
    return item.name.upper()


def definition(item: Field) -> QgsProcessingParameterDefinition:
    """Return the Processing parameter for a job's field."""
    about = item.metadata
    required = item.default == REQUIRED and isinstance(item.default, str)
    default = None if required else item.default
    if item.name == "scheduler":
        default = settings.scheduler() or None
    title = f"{tr(about['title'])} ({tr(about['unit'])})" if about["unit"] else tr(about["title"])
    make = _SPECIAL.get(item.name) or _MAKERS[about["kind"]]
    made = make(name_of(item), title, default, not required and item.default is None, item)
    made.setHelp(tr(about["help"]))
    if about["advanced"]:
        made.setFlags(made.flags() | compat.ADVANCED)
    return made


def values(
    algorithm: QgsProcessingAlgorithm, fields: List[Field], given: Dict[str, Any], context: QgsProcessingContext
) -> Dict[str, Any]:
    """Return the values of a job's fields, all but its point inputs, from what Processing was given."""
    found: Dict[str, Any] = {}
    for item in fields:
        kind = item.metadata["kind"]
        if kind == "points":
            continue
        name = name_of(item)
        if kind == "choice" and name in given:
            given = {**given, name: choice_text(item, given[name])}
        empty = given.get(name) in (None, NULL, "")
        if empty and item.default is None:
            found[item.name] = None
        elif item.name == "crs":
            crs = algorithm.parameterAsCrs(given, name, context)
            found[item.name] = (crs.authid() or crs.toWkt()) if crs.isValid() else None
        else:
            value = _READERS[kind](algorithm)(given, name, context)
            found[item.name] = None if value == "" and item.default is None else value
    return found


def _files_of(value: Any, context: QgsProcessingContext) -> Any:
    """Return a list of files with the files of layers in the place of the layers: QGIS takes a list of files as texts only."""
    if not isinstance(value, (list, tuple)):
        return value
    project = context.project()
    found = []
    for each in value:
        layer = each if isinstance(each, QgsMapLayer) else project.mapLayer(str(each)) if project is not None else None
        found.append(each if layer is None else layer.source())
    return found


def choice_text(item: Field, value: Any) -> Any:
    """Return the option that ``value`` means: ``qgis_process help`` tells people to give its number."""
    options = item.metadata["choices"]
    text = str(value)
    if text not in options and text.isdigit() and int(text) < len(options):
        return options[int(text)]
    return value


def _choice(name: str, title: str, default: Any, optional: bool, item: Field) -> QgsProcessingParameterDefinition:
    options = list(item.metadata["choices"])
    first = default if default is not None or optional else options[0]
    return QgsProcessingParameterEnum(name, title, options, False, first, optional, True)


def _number(name: str, title: str, default: Any, optional: bool, item: Field) -> QgsProcessingParameterDefinition:
    kind = compat.INTEGER if item.metadata["kind"] == "integer" else compat.DOUBLE
    made = QgsProcessingParameterNumber(name, title, kind, default, optional)
    if item.metadata["minimum"] is not None:
        made.setMinimum(item.metadata["minimum"])
    if item.metadata["maximum"] is not None:
        made.setMaximum(item.metadata["maximum"])
    if kind == compat.DOUBLE:
        made.setMetadata({"widget_wrapper": {"decimals": 12}})
    return made


_Maker = Callable[[str, str, Any, bool, Field], QgsProcessingParameterDefinition]

_MAKERS: Dict[str, _Maker] = {
    "text": lambda n, t, d, o, i: QgsProcessingParameterString(n, t, d, False, o),
    "choice": _choice,
    "number": _number,
    "integer": _number,
    "flag": lambda n, t, d, o, i: QgsProcessingParameterBoolean(n, t, bool(d), o),
    "points": lambda n, t, d, o, i: QgsProcessingParameterFeatureSource(n, t, [compat.VECTOR], d, o),
    "raster": lambda n, t, d, o, i: QgsProcessingParameterRasterLayer(n, t, d, o),
    "file": lambda n, t, d, o, i: QgsProcessingParameterFile(n, t, compat.FILE, "", d, o),
    "folder": lambda n, t, d, o, i: QgsProcessingParameterFile(n, t, compat.FOLDER, "", d, o),
    "sources": lambda n, t, d, o, i: QgsProcessingParameterMultipleLayers(n, t, compat.FILES, d, o),
    "model": lambda n, t, d, o, i: QgsProcessingParameterFile(n, t, compat.FILE, MODEL_FILTER, d, o),
    "points-output": lambda n, t, d, o, i: QgsProcessingParameterVectorDestination(n, t, compat.VECTOR_POINT, d, o),
    "raster-output": lambda n, t, d, o, i: QgsProcessingParameterRasterDestination(n, t, d, o),
    "file-output": lambda n, t, d, o, i: QgsProcessingParameterFileDestination(
        n, t, "Model (*.safetensors)" if i.metadata["title"] == "Model" else "All files (*)", d, o
    ),
}

_SPECIAL: Dict[str, _Maker] = {
    "crs": lambda n, t, d, o, i: QgsProcessingParameterCrs(n, t, d, o),
}
"""Fields that QGIS has a better widget for than their kind tells."""

_READERS: Dict[str, Callable[[QgsProcessingAlgorithm], Callable[..., Any]]] = {
    "text": lambda a: a.parameterAsString,
    "choice": lambda a: a.parameterAsEnumString,
    "number": lambda a: a.parameterAsDouble,
    "integer": lambda a: a.parameterAsInt,
    "flag": lambda a: a.parameterAsBoolean,
    "raster": lambda a: lambda *given: a.parameterAsRasterLayer(*given).source(),
    "file": lambda a: a.parameterAsFile,
    "folder": lambda a: a.parameterAsFile,
    "sources": lambda a: lambda given, name, context: a.parameterAsFileList(
        {**given, name: _files_of(given.get(name), context)}, name, context
    ),
    "model": lambda a: a.parameterAsFile,
    "points-output": lambda a: a.parameterAsOutputLayer,
    "raster-output": lambda a: a.parameterAsOutputLayer,
    "file-output": lambda a: a.parameterAsFileOutput,
}
