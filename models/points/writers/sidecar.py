"""The description that lies beside files that cannot hold one: CRS, provenance, what the fields mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

from stillpoint.models.points.table import Column


def sidecar_name(target: Path) -> str:
    """Return the name of the description of ``target``."""
    return f"{target.stem}.stillpoint.json"


def write_sidecar(
    draft: Path, *, crs: str, metadata: Mapping[str, str], columns: Sequence[Column], names: Mapping[str, str]
) -> None:
    """Write the description to ``draft``; ``names`` maps the columns to the names that they have in the file."""
    fields = [
        {"name": names[column.name], "was": column.name, "kind": column.kind, "meaning": column.meaning}
        for column in columns
        if column.name in names
    ]
    form = {"crs": crs, "metadata": dict(metadata), "fields": fields}
    draft.write_text(json.dumps(form, indent=1, ensure_ascii=False), encoding="utf-8")
