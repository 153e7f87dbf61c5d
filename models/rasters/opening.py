"""One door for every raster product: looks at the content, picks the reader, and makes a stack of what it finds."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.jobs import OpenStack, Result
from stillpoint.models.points.sensors import guess_sensor
from stillpoint.models.progress import SILENT, Progress
from stillpoint.models.rasters.assemble import Assembly, assemble
from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.formats.base import Reader
from stillpoint.models.rasters.product import Product
from stillpoint.models.rasters.writing_parts import check_target, write_part

_READERS = (
    "mintpy:MintpyReader",
    "opera:OperaReader",
    "snap_stamps:SnapStampsReader",
    "licsar:LicsarReader",
    "hyp3:Hyp3Reader",
    "isce2:IsceReader",
    "gamma:GammaReader",
    "envi:EnviReader",
    "multiband:MultibandReader",
    "geotiff:GeotiffReader",
)
"""The readers, the most particular first: the first that claims the files reads them."""


def readers() -> List[Reader]:
    """Return one of each reader."""
    made = []
    for entry in _READERS:
        module, name = entry.split(":")
        made.append(getattr(import_module(f"stillpoint.models.rasters.formats.{module}"), name)())
    return made


def read_product(sources: Sequence[str], *, format: str = "auto") -> Tuple[Product, Reader]:
    """Recognise the product in ``sources`` and list its images.

    Parameters
    ----------
    sources
        A folder, or files.
    format
        Name of a format; ``"auto"`` asks every reader.

    Raises
    ------
    StillpointError
        No reader knows the files, or the reader that was named does not.
    """
    files = Files(sources)
    for reader in readers():
        if format == reader.name:
            if not reader.claims(files):
                raise StillpointError(
                    f"{files.name} is no product of the format {format} ({reader.title}). Leave the format at auto."
                )
            return reader.read(files), reader
        if format == "auto" and reader.claims(files):
            return reader.read(files), reader
    endings = sorted({path.suffix.lower() or path.name for path in files.paths})
    raise StillpointError(
        f"{files.name} holds no raster images that Stillpoint can read (its files end in {', '.join(endings[:8])}"
        f"{' ...' if len(endings) > 8 else ''}). Name the folder of the interferograms or images, or the files themselves."
    )


def plan_stack(
    sources: Sequence[str], *, format: str = "auto", quantity: str = "auto", wavelength: Optional[float] = None,
    progress: Progress = SILENT,
) -> Assembly:
    """Recognise a product, check its images, and say which stack they make; nothing is written.

    Parameters
    ----------
    sources, format
        See :func:`read_product`.
    quantity
        What to take; ``"auto"`` prefers the interferometric phase.
    wavelength
        Metres, where the product does not tell it.
    progress
        Progress.

    Raises
    ------
    StillpointError
        See :func:`read_product` and :func:`stillpoint.models.rasters.assemble.assemble`.
    """
    product, _ = read_product(sources, format=format)
    made = assemble(product, Files(sources).name, quantity=quantity, progress=progress)
    if wavelength is not None:
        told = made.product.wavelength
        if told is not None and abs(told - wavelength) > 0.02 * told:
            made.notes.append(f"The product tells a wavelength of {told:.5g} m; {wavelength:.5g} m is taken, as asked.")
        made.product = replace(made.product, wavelength=wavelength)
    elif made.product.wavelength is None:
        days = np.array(sorted({day for layer in made.main.layers for day in layer.days}), "datetime64[D]")
        _, guess, notes = guess_sensor(days)
        made.product = replace(made.product, wavelength=guess)
        made.notes += notes
    return made


def open_stack_job(job: OpenStack, progress: Progress) -> Result:
    """Make one stack, and its companions, of a product.

    Raises
    ------
    StillpointError
        The product cannot be read, or the stack cannot be written.
    """
    target = Path(job.output)
    if target.suffix.lower() not in (".vrt", ".tif", ".tiff"):
        raise StillpointError(f"The stack {job.output} must end in .vrt (refers to the files) or .tif (copies them).")
    check_target(job.output, job.sources)
    made = plan_stack(
        job.sources, format=job.format, quantity=job.quantity, wavelength=job.wavelength, progress=progress.part(0.0, 0.4)
    )
    before = set(target.parent.iterdir()) if target.parent.is_dir() else set()
    try:
        companions = _write_all(made, target, job.sources, progress.part(0.4, 1.0))
        progress.done()
    except BaseException:
        for path in set(target.parent.iterdir()) - before if target.parent.is_dir() else ():
            if path.name.startswith((target.name, f"{target.stem}_")) and path.is_file():
                path.unlink(missing_ok=True)
        raise
    from stillpoint.models.rasters.describe import details_of, summary_of

    outputs = {"output": os.fspath(job.output), **companions}
    return Result(outputs, summary_of(made), details_of(made), [*made.warnings, *made.notes])


def _write_all(made: Assembly, target: Path, sources: Sequence[str], progress: Progress) -> Dict[str, str]:
    """Write the companions, then the stack that names them; return the companions' paths by quantity."""
    companions: Dict[str, str] = {}
    step = 1.0 / (len(made.companions) + 1)
    for number, (quantity, part) in enumerate(made.companions.items()):
        path = str(target.with_name(f"{target.stem}_{quantity}{target.suffix}"))
        check_target(path, sources)
        share = progress.part(step * number, step * (number + 1))
        write_part(part, path, made.product, progress=share, notes=made.notes)
        companions[quantity] = path
    share = progress.part(1.0 - step, 1.0)
    write_part(made.main, str(target), made.product, companions=companions, progress=share, notes=made.notes)
    return companions
