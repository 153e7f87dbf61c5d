"""Lines of sight: from the columns of a point file, from incidence and heading, or from what the file says of itself.

A line of sight is the unit vector from the ground to the satellite, as (east, north, up). A displacement along it, positive
towards the satellite, is the scalar product of the vector with the motion of the ground (Hanssen 2001, *Radar Interferometry*,
section 5.1).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Mapping, Optional, Sequence, Tuple

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.places import quiet_gdal
from stillpoint.models.points.table import PointBlock, PointLayout
from stillpoint.models.series.sight_columns import angle_column, vector_columns

_METADATA_INCIDENCE = ("STILLPOINT_INCIDENCE_ANGLE", "STILLPOINT_INCIDENCE", "INCIDENCE_ANGLE", "CENTER_INCIDENCE_ANGLE")
_METADATA_HEADING = ("STILLPOINT_HEADING", "HEADING")
_LENGTH = 0.1
"""A vector whose length differs from 1 by more is none of sight."""


def unit_vectors(incidence: np.ndarray, heading: np.ndarray, *, look: str = "right") -> np.ndarray:
    """Return the lines of sight of a radar, shape (..., 3): east, north, up.

    Parameters
    ----------
    incidence
        Angle between the line of sight and the vertical at the ground, degrees.
    heading
        Direction of flight, degrees clockwise from north.
    look
        ``"right"`` or ``"left"``: the side that the radar looks to.
    """
    theta, alpha = np.radians(np.asarray(incidence, np.float64)), np.radians(np.asarray(heading, np.float64))
    side = 1.0 if look == "right" else -1.0
    # The satellite stands to the left of where a right-looking radar sees: 90 degrees against the clock from the heading.
    return np.stack(
        [-side * np.sin(theta) * np.cos(alpha), side * np.sin(theta) * np.sin(alpha), np.cos(theta) + 0.0 * alpha], axis=-1
    )


@dataclass(frozen=True)
class Angles:
    """What the user said of a track; None where the file is to tell."""

    incidence: Optional[float] = None
    heading: Optional[float] = None


def angles_of(text: Optional[str], count: int) -> Tuple[Angles, ...]:
    """Return the angles of ``count`` further tracks from a text such as ``41/-10.5, 33/-167``.

    Raises
    ------
    StillpointError
        It is none, or has another number of pairs.
    """
    if not text or not text.strip():
        return (Angles(),) * count
    found = []
    for part in re.split(r"[,;]", text):
        numbers = part.split("/")
        try:
            incidence, heading = (float(number) for number in numbers)
        except ValueError:
            raise StillpointError(
                f"{part.strip()!r} is no pair of incidence and heading; write the angles of further tracks like 41/-10.5, 33/-167."
            ) from None
        if not 5.0 <= incidence <= 80.0 or not -360.0 <= heading <= 360.0:
            raise StillpointError(f"{part.strip()!r} holds no angles of a radar: incidence 5 to 80, heading -360 to 360 degrees.")
        found.append(Angles(incidence, heading))
    if len(found) != count:
        raise StillpointError(f"There are {count} further tracks, but {len(found)} pairs of angles; give one for each, in order.")
    return tuple(found)


class Sight:
    """Where the lines of sight of one point file come from.

    Parameters
    ----------
    layout
        The file.
    given
        The user's angles; they win over the file's.
    look
        Side that the radar looks to, where angles are used.
    name
        What the track is called in messages.

    Attributes
    ----------
    source
        For people: ``"columns los_east, los_north, los_up"``, ``"the angles given"`` ...

    Raises
    ------
    StillpointError
        Neither the user nor the file tells the line of sight.
    """

    def __init__(self, layout: PointLayout, given: Angles, *, look: str, name: str) -> None:
        self._look = look
        self._name = name
        self._path = layout.path
        names = [item.name for item in layout.attributes if item.kind != "text"]
        self._vector = vector_columns(names) if given.incidence is None and given.heading is None else None
        self._angles: Dict[str, object] = {}
        if self._vector is not None:
            self.source = f"the columns {', '.join(self._vector)}"
            return
        about = None
        origins = []
        for key, value, items in (
            ("incidence", given.incidence, _METADATA_INCIDENCE), ("heading", given.heading, _METADATA_HEADING),
        ):  # fmt: skip
            found: object = value
            origin = "the angles given"
            if found is None:
                found, origin = angle_column(names, key), "its columns"
            if found is None:
                about = _metadata(layout.path) if about is None else about
                found, origin = _number(about, items), "its metadata"
            if found is None:
                raise StillpointError(
                    f"{layout.path} does not tell the {key} of its line of sight: there are no columns los_east, los_north and "
                    f"los_up, nor one called {key}. Give incidence and heading of the "
                    f"{name} track."
                )
            self._angles[key] = found
            origins.append(origin)
        self.source = origins[0] if origins[0] == origins[1] else f"{origins[0]} (incidence) and {origins[1]} (heading)"

    @property
    def is_constant(self) -> bool:
        """True where one line of sight serves all points."""
        return self._vector is None and not any(isinstance(value, str) for value in self._angles.values())

    def of(self, block: PointBlock) -> np.ndarray:
        """Return the lines of sight of a block, float32 of shape (n, 3), NaN where a point tells none."""
        if self._vector is not None:
            vectors = np.stack([_numbers(block.attributes[name]) for name in self._vector], axis=-1)
            length = np.sqrt((vectors**2).sum(axis=-1))
            with np.errstate(invalid="ignore"):
                bad = ~(np.abs(length - 1.0) <= _LENGTH)
            vectors /= np.where(bad, np.nan, length)[:, None]
            # Some products give the direction from the satellite to the ground.
            return (vectors * np.where(vectors[:, 2:] < 0, -1.0, 1.0)).astype(np.float32)
        values = [
            _numbers(block.attributes[value]) if isinstance(value, str) else np.full(len(block), value, np.float64)
            for value in (self._angles["incidence"], self._angles["heading"])
        ]
        values[0] = np.where((values[0] >= 1.0) & (values[0] <= 85.0), values[0], np.nan)
        return unit_vectors(values[0], values[1], look=self._look).astype(np.float32)


def _numbers(values: np.ndarray) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)


def _number(about: Mapping[str, str], names: Sequence[str]) -> Optional[float]:
    for name in names:
        try:
            value = float(about[name])
        except (KeyError, ValueError):
            continue
        if np.isfinite(value):
            return value
    return None


def _metadata(path: str) -> Dict[str, str]:
    """Return what a file says of itself: in its metadata, in Stillpoint's description beside it, or as attributes of an HDF5."""
    file = Path(path)
    if file.suffix.lower() in (".h5", ".he5", ".hdf5"):
        from stillpoint.models.points.formats.hdf5 import open_file, text

        with open_file(path) as opened:
            return {key.upper(): text(value) for key, value in opened.attrs.items()}
    if file.suffix.lower() == ".parquet":
        from pyarrow import parquet

        found = parquet.read_metadata(path).metadata or {}
        return {key.decode(errors="replace"): value.decode(errors="replace") for key, value in found.items()}
    about: Dict[str, str] = {}
    with quiet_gdal():
        try:
            dataset = gdal.OpenEx(path, gdal.OF_VECTOR)
        except RuntimeError:
            dataset = None
        if dataset is not None:
            about.update(dataset.GetMetadata())
            if dataset.GetLayerCount() == 1:
                about.update(dataset.GetLayer(0).GetMetadata())
    return about or _described(file)


def _described(file: Path) -> Dict[str, str]:
    """Return the metadata in the description that Stillpoint lays beside files that cannot hold any; empty where there is none."""
    try:
        form = json.loads(file.with_name(f"{file.stem}.stillpoint.json").read_text(encoding="utf-8"))
        return {str(key): str(value) for key, value in dict(form["metadata"]).items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def doubtful(east: float, name: str, *, expected: str, path: str) -> Optional[str]:
    """Return a sentence where the satellite stands on the side that a track of this name does not have.

    Parameters
    ----------
    east
        East part of the typical line of sight.
    name
        What the track is called.
    expected
        ``"west"`` for ascending, right-looking; ``"east"`` for descending.
    path
        File, for the message.
    """
    side = "west" if east < 0 else "east"
    if side == expected or abs(east) < 0.05:
        return None
    return (
        f"By {path} the satellite of the {name} track stands in the {side}; a {name} track that looks to the right has it in the "
        f"{expected}. If the two files are only in the other order, nothing is wrong. If the file has the opposite sign, east and "
        "west come out exchanged: give incidence and heading instead."
    )
