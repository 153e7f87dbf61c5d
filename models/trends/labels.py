"""Trend labels that a user gave: in the fields of the points themselves, or in a table or layer beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.trends.classes import NAMES, NOT_CLASSIFIED

UNLABELLED = -1

_EMPTY = ("", "nan", "none", "null", "unknown", "none of them", NOT_CLASSIFIED.lower())
_OTHER_NAMES = {"unwrapping error": 4, "phase jump": 4, "pue": 4}
_NO = ("", "0", "false", "no", "f", "n", "none", "null")
FIELDS = ("label", "trend_code", "trend")
"""Fields that labels are looked for in; the first that is there counts."""


def code_of(value: Any, where: str) -> int:
    """Return the class code that a label means: a name of a class, or its code; ``UNLABELLED`` where it is empty.

    Raises
    ------
    StillpointError
        It is neither.
    """
    if value is None or value is np.ma.masked:
        return UNLABELLED
    text = str(value).strip().lower()
    if text in _EMPTY:
        return UNLABELLED
    for code, name in enumerate(NAMES):
        if text == name.lower():
            return code
    if text in _OTHER_NAMES:
        return _OTHER_NAMES[text]
    try:
        number = float(text)
    except ValueError:
        number = -2.0
    if number == UNLABELLED:
        return UNLABELLED
    if not (number.is_integer() and 0 <= number < len(NAMES)):
        raise StillpointError(
            f"{where} has the label {value!r}, which is no trend class: give {', '.join(NAMES)}, or their codes 0 to 4."
        )
    return int(number)


def codes_in(columns: Mapping[str, Sequence[Any]], count: int, where: str) -> Tuple[np.ndarray, str]:
    """Return the labels in the columns of a table, int64 [count], and the field that they come from.

    A field ``label`` counts alone where there is one. Else the class of a field ``trend_code`` or ``trend`` counts; where a field
    ``reviewed`` stands beside it, in the rows that somebody has looked at.

    Parameters
    ----------
    columns
        By name, in any case.
    count
        Number of rows.
    where
        The file, for messages.

    Raises
    ------
    StillpointError
        There is no such field, or a value is no class.
    """
    lower = {name.lower(): values for name, values in columns.items()}
    name = next((name for name in FIELDS if name in lower), None)
    if name is None:
        raise StillpointError(
            f"{where} has no labels: there is no field label, trend_code or trend. Correct some points in review mode, or name the "
            "labels."
        )
    codes = np.array([code_of(value, f"Row {row} of {where}") for row, value in enumerate(lower[name], start=1)], np.int64)
    if name != "label" and "reviewed" in lower:
        seen = np.array([str("" if value is None else value).strip().lower() not in _NO for value in lower["reviewed"]], bool)
        codes[~seen] = UNLABELLED
    return codes.reshape(count), name


def read_labels(path: str) -> Dict[str, List[Any]]:
    """Return the columns of a table or layer by name, as texts and numbers.

    Raises
    ------
    StillpointError
        It cannot be read, or is empty.
    """
    file, _, layer_name = path.partition("|layername=")
    if not Path(file).exists():
        raise StillpointError(f"There are no labels {file}. Name a table or layer with labels, or leave it empty.")
    with quiet_gdal() as said:
        try:
            dataset = gdal.OpenEx(file, gdal.OF_VECTOR)
        except RuntimeError as error:
            dataset = None
            said.messages.append(str(error))
    if dataset is None or not dataset.GetLayerCount():
        raise StillpointError(f"The labels {file} cannot be read as a table or a layer of points.")
    layer = dataset.GetLayerByName(layer_name) if layer_name else dataset.GetLayer(0)
    if layer is None:
        raise StillpointError(f"{file} has no layer {layer_name}.")
    definition = layer.GetLayerDefn()
    names = [definition.GetFieldDefn(index).GetName() for index in range(definition.GetFieldCount())]
    columns: Dict[str, List[Any]] = {name: [] for name in names}
    for feature in layer:
        for name in names:
            columns[name].append(feature.GetField(name))
    if not names or not columns[names[0]]:
        raise StillpointError(f"The labels {file} have no rows.")
    return columns


def matched(
    labels: str, attributes: Mapping[str, np.ndarray], count: int, where: str
) -> Tuple[np.ndarray, List[str]]:
    """Return the labels of points by their identifier, int64 [count], and notes for the user.

    Parameters
    ----------
    labels
        Table or layer with the identifier of the points and a label.
    attributes
        Fields of the points, identifiers first.
    count
        Number of points.
    where
        The file of the points, for messages.

    Raises
    ------
    StillpointError
        The tables share no identifier, or no label belongs to a point.
    """
    columns = read_labels(labels)
    size = len(next(iter(columns.values())))
    codes, _ = codes_in(columns, size, Path(labels.partition("|")[0]).name)
    name, keys = _identifiers(columns, attributes, count, where, labels)
    places: Dict[str, int] = {}
    repeated = 0
    for place, key in enumerate(keys):
        repeated += places.setdefault(key, place) != place
    if repeated > count // 2:
        raise StillpointError(f"The field {name} of {where} does not tell its points apart, so labels cannot be put to them.")
    found = np.full(count, UNLABELLED, np.int64)
    lost = used = 0
    for value, code in zip(_texts(columns[name]), codes):
        if code == UNLABELLED:
            continue
        at = places.get(value)
        if at is None:
            lost += 1
        else:
            found[at] = code
            used += 1
    if not used:
        raise StillpointError(
            f"None of the labels in {Path(labels).name} belongs to a point of {where}: their field {name} has no value in common."
            if lost else f"No row of {Path(labels).name} has a label."
        )  # fmt: skip
    return found, [f"{lost} labels of {Path(labels).name} belong to no point of {where}."] if lost else []


def _identifiers(
    columns: Mapping[str, Sequence[Any]], attributes: Mapping[str, np.ndarray], count: int, where: str, labels: str
) -> Tuple[str, Sequence[str]]:
    """Return the field of the labels that names points, and the identifier of each point as text."""
    skipped = {*FIELDS, "reviewed", "reviewer", "model", "model_code", "confidence", "x", "y"}
    mine = {name.lower(): name for name in columns if name.lower() not in skipped}
    for name, values in attributes.items():
        if name.lower() in mine:
            return mine[name.lower()], _texts(list(values))
    first: Optional[str] = next(iter(columns))
    numbers = _texts(columns[first]) if first is not None else []
    # Points without an identifier are known by their number.
    if first is not None and first.lower() in ("feature", "fid", "row", "point") and all(text.isdigit() for text in numbers):
        return first, [str(number) for number in range(1, count + 1)]
    raise StillpointError(
        f"The labels {Path(labels).name} share no identifier with the points of {where}. Their first column must have the name "
        f"of a field of the points ({', '.join(list(attributes)[:4]) or 'which have none'})."
    )


def _texts(values: Sequence[Any]) -> List[str]:
    """Return identifiers as text: 12 and 12.0 are the same."""
    found = []
    for value in values:
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            value = int(value)
        text = str(value).strip()
        found.append(text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text)
    return found
