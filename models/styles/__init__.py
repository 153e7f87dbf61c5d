"""Style files that go beside a classified shapefile; ``stillpoint.plugin.styles.generate`` writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple


def style_files() -> Tuple[Path, ...]:
    """Return the QGIS style (.qml) and the Styled Layer Descriptor (.sld) of a classified layer."""
    folder = Path(__file__).resolve().parent
    return folder / "trends.qml", folder / "trends.sld"
