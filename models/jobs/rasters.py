"""Jobs on stacks of rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Tuple

from stillpoint.models.jobs.base import Job, parameter

FORMATS = ("auto", "snap-stamps", "isce2", "gamma", "licsar", "hyp3", "mintpy", "opera-cslc", "geotiff", "envi", "multiband")
"""Names of the stack formats that ``open-stack`` reads, auto first."""

QUANTITIES = ("auto", "phase", "unwrapped", "complex", "amplitude", "coherence")
"""What the bands of a stack may hold."""


@dataclass(frozen=True)
class DescribeStack(Job):
    """Look into a folder or files: which dates or pairs, baselines and quantities they hold."""

    task: ClassVar[str] = "describe-stack"
    title: ClassVar[str] = "Describe stack"
    help: ClassVar[str] = "Shows what Stillpoint reads from a folder or files: format, dates or pairs, baselines, quantity."

    sources: Tuple[str, ...] = parameter(
        kind="sources", title="Folder or files", positional=True,
        help="Folder of a product, or its files: SNAP/StaMPS export, ISCE2, GAMMA, LiCSAR, HyP3, MintPy, OPERA CSLC, "
        "GeoTIFF, ENVI.",
    )
    format: str = parameter(
        "auto", kind="choice", title="Format", choices=FORMATS,
        help="Format of the product; auto recognises it by its content.",
    )
    quantity: str = parameter(
        "auto", kind="choice", title="Quantity", choices=QUANTITIES,
        help="What to take where the product holds several quantities; auto prefers the interferometric phase.",
    )


@dataclass(frozen=True)
class OpenStack(DescribeStack):
    """Make one stack of any supported product."""

    task: ClassVar[str] = "open-stack"
    title: ClassVar[str] = "Open stack"
    help: ClassVar[str] = (
        "Makes one stack (a raster with a band a date or pair, dates and baselines in its metadata) of a product's folder or files."
    )

    output: str = parameter(
        kind="raster-output", title="Stack", help="Stack to write: .vrt (refers to the files) or .tif (copies them)."
    )
    wavelength: Optional[float] = parameter(
        None, kind="number", title="Wavelength", unit="m", minimum=0.005, maximum=1.0, advanced=True,
        help="Radar wavelength (0.0555 for C band) where the product does not name it.",
    )
