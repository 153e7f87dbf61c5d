"""What a file that Stillpoint wrote says of itself: in its metadata, or in the description that lies beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Optional, Sequence

_WAVELENGTH = "STILLPOINT_WAVELENGTH"
_LARGEST = 16 << 20


def own_wavelength(path: str, names: Sequence[str], metadata: Mapping[str, str]) -> Optional[float]:
    """Return the wavelength in metres that Stillpoint noted in ``path``; None for the files of others.

    Parameters
    ----------
    path
        File; ``NAME.stillpoint.json`` beside it is read where its metadata tell nothing.
    names
        Its field names: a description that names other fields belongs to another file of that name.
    metadata
        Its own metadata, text by text.
    """
    return _positive(metadata[_WAVELENGTH]) if _WAVELENGTH in metadata else _wavelength_beside(Path(path), set(names))


def _wavelength_beside(file: Path, names: set) -> Optional[float]:
    described = file.with_name(f"{file.stem}.stillpoint.json")
    try:
        if described.stat().st_size > _LARGEST:
            return None
        form = json.loads(described.read_text(encoding="utf-8"))
        fields = {item["name"] for item in form["fields"]}
        text = form["metadata"][_WAVELENGTH]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return _positive(text) if fields and fields <= names else None


def _positive(text: object) -> Optional[float]:
    try:
        value = float(str(text))
    except ValueError:
        return None
    return value if 0.0 < value < float("inf") else None
