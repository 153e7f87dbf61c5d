"""What leaves the triage board: the table with the decisions, labels for training, and the stack of the kept pairs."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Callable, Dict, List, Sequence

import numpy as np
from osgeo import gdal

from stillpoint.models.errors import Cancelled, StillpointError
from stillpoint.models.interferograms import exports
from stillpoint.plugin import stacks
from stillpoint.plugin.language import tr
from stillpoint.plugin.triage import Triage
from stillpoint.plugin.triage_rasters import pair_bands
from stillpoint.plugin.triage_store import Sources
from stillpoint.plugin.triage_table import write_rows, write_text

_TIFF = ["COMPRESS=DEFLATE", "PREDICTOR=3", "TILED=YES", "BIGTIFF=IF_SAFER", "INTERLEAVE=BAND"]

Report = Callable[[float, str], None]


def write_table(triage: Triage, path: str) -> str:
    """Write the table with the decisions in it: ``keep`` as it is now, ``decided`` 1 where the user said so.

    Raises
    ------
    StillpointError
        The file cannot be written, or is the table of the method.
    """
    table = triage.table
    _check_apart(triage, path)
    heads = ["reference_date", "secondary_date", "score", "keep", "reason", "decided"]
    has_baselines = bool(np.isfinite(table.baselines).any())
    evidence = [name for name in table.evidence if name not in heads]
    rows: List[Sequence[object]] = []
    for index, name in enumerate(table.names):
        score = "" if np.isnan(table.score[index]) else f"{table.score[index]:.6g}"
        row: List[object] = [*name, score, int(triage.keep[index]), table.reasons[index], int(triage.decided[index])]
        if has_baselines:
            row.append("" if np.isnan(table.baselines[index]) else f"{table.baselines[index]:.6g}")
        rows.append([*row, *(table.evidence[column][index] for column in evidence)])
    write_rows(Path(path), [*heads, *(["perpendicular_baseline"] if has_baselines else []), *evidence], rows)
    return path


def write_labels(triage: Triage, path: str) -> str:
    """Write what the user decided as labels for training.

    The columns are ``reference_date, secondary_date, keep``, then what the method had said (``model`` 1 keep or 0 drop, its score
    as ``confidence``), ``reviewer`` and ``reviewed`` (UTC).

    Raises
    ------
    StillpointError
        Nothing was decided yet, or the file cannot be written, or is the table of the method.
    """
    decisions = triage.decisions()
    if not decisions:
        raise StillpointError(
            tr(
                "Nothing was decided yet, so there are no labels to save. Keep (K) or drop (D) pairs first; that "
                "also confirms what the method chose."
            )
        )
    _check_apart(triage, path)
    said = triage.sayings()
    rows: List[Sequence[object]] = []
    for index in np.flatnonzero(triage.decided):
        name, score = triage.table.names[index], triage.table.score[index]
        told = "" if np.isnan(score) else f"{score:.6g}"
        rows.append([*name, int(triage.keep[index]), int(triage.table.keep[index]), told, *said.get(name, ("", ""))])
    heads = ("reference_date", "secondary_date", "keep", "model", "confidence", "reviewer", "reviewed")
    write_rows(Path(path), heads, sorted(rows, key=lambda row: tuple(map(str, row[:2]))))
    return path


LISTS = {"mintpy": exports.mintpy_template, "licsbas": exports.licsbas_list, "plain": exports.plain_list}
"""What other programs read: a template for MintPy, the pairs that LiCSBAS shall remove, the kept pairs."""


def write_list(triage: Triage, path: str, form: str) -> str:
    """Write the decisions in the form that another program reads, a key of ``LISTS``.

    Raises
    ------
    StillpointError
        The file cannot be written, or is the table of the method.
    """
    _check_apart(triage, path)
    write_text(Path(path), LISTS[form](triage.table.names, triage.keep.tolist()))
    return path


def write_stack(
    triage: Triage,
    sources: Sources,
    path: str,
    *,
    report: Report = lambda fraction, message: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Dict[str, str]:
    """Write the stack of the kept pairs, and the coherence of the same pairs beside it, where there is one.

    Parameters
    ----------
    triage, sources
        What is kept, and of which stacks.
    path
        ``.vrt``, which refers to the stack, or ``.tif``, which copies it.
    report, cancelled
        Told how far it is; asked whether to stop.

    Returns
    -------
    dict
        Paths by ``"stack"`` and ``"coherence"``.

    Raises
    ------
    StillpointError
        There is no stack, nothing is kept, a source would be overwritten, or a file cannot be written.
    Cancelled
        It was cancelled; nothing is left behind.
    """
    if not sources.stack:
        raise StillpointError(tr("The board has no stack. Choose it with Stack… first."))
    if not triage.keep.any():
        raise StillpointError(tr("No pair is kept, so there is no stack to write."))
    target = Path(path)
    beside = target.with_name(f"{target.stem}_coherence{target.suffix}")
    # A virtual raster refers to other files, which must stay as well.
    read = [file for source in (sources.stack, sources.coherence) if source for file in _files_of(source)]
    for name in (target, beside):
        if any(_is_same(name, file) for file in (*read, triage.table.path)):
            raise StillpointError(tr(
                "{name} would overwrite a file that the stack is read from. Choose another file."
            ).format(name=name.name))
    wanted = [(sources.stack, target, "stack")]
    if sources.coherence:
        wanted.insert(0, (sources.coherence, beside, "coherence"))
    made: Dict[str, str] = {}
    for number, (source, file, what) in enumerate(wanted):
        bands = pair_bands(source, triage.table, what=what).bands
        chosen = [int(band) for band in bands[triage.keep] if band]
        if not chosen:
            continue

        def tell(fraction: float, start: float = number / len(wanted), name: str = file.name) -> None:
            report(start + fraction / len(wanted), tr("Writing {name}").format(name=name))

        companions = {"COMPANION_COHERENCE": made["coherence"]} if what == "stack" and "coherence" in made else {}
        _translate(source, file, sorted(chosen), companions, tell, cancelled)
        made[what] = str(file)
    return made


def _files_of(path: str) -> List[str]:
    return [path, *(str(file) for file in stacks.opened(path).GetFileList() or ())]


def _check_apart(triage: Triage, path: str) -> None:
    """Refuse to write over the table of the method, which "the method's choice" goes back to."""
    if _is_same(Path(path), triage.table.path):
        raise StillpointError(tr(
            "{name} is the table that the method wrote, and stays as it is. Choose another file."
        ).format(name=Path(path).name))


def _is_same(one: Path, other: str) -> bool:
    return one.exists() and Path(other).exists() and one.samefile(other)


def _translate(
    source: str, target: Path, bands: List[int], companions: Dict[str, str], tell: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:  # fmt: skip
    """Copy bands of a raster under a temporary name, and give it its own when it is complete."""
    part = target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.partial{target.suffix}")
    is_vrt = target.suffix.lower() == ".vrt"
    given = stacks.opened(source)
    items = dict(given.GetMetadata() or {})
    named = {f"COMPANION_{key.upper()}": path for key, path in stacks.facts_of(source).companions.items()}
    # A coherence stack with all pairs would no longer fit, band by band.
    items = {key: value for key, value in items.items() if not key.upper().startswith("COMPANION_")}
    named.pop("COMPANION_COHERENCE", None)
    for key, path in {**named, **companions}.items():
        items[key] = _relative(path, target.parent)

    def progress(fraction: float, _: str, __: object) -> int:
        tell(fraction)
        return 0 if cancelled() else 1

    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        options = gdal.TranslateOptions(
            format="VRT" if is_vrt else "GTiff", bandList=bands, creationOptions=[] if is_vrt else _TIFF, callback=progress
        )
        made = gdal.Translate(str(part), given, options=options)
        reason = gdal.GetLastErrorMsg()
        done = made is not None
        if made is not None:
            for number, band in enumerate(bands, start=1):
                made.GetRasterBand(number).SetMetadata(given.GetRasterBand(band).GetMetadata())
                made.GetRasterBand(number).SetDescription(given.GetRasterBand(band).GetDescription())
            made.SetMetadata(items)
            made.FlushCache()
        made = None
        if cancelled():
            raise Cancelled
        if done:
            os.replace(part, target)
            tell(1.0)
    except (RuntimeError, OSError) as error:
        if cancelled():  # a newer GDAL raises that too
            raise Cancelled from None
        done, reason = False, str(error)
    finally:
        gdal.PopErrorHandler()
        for leftover in (part, part.with_name(f"{part.name}.aux.xml")):
            leftover.unlink(missing_ok=True)
    if not done:
        why = reason or tr("GDAL gave no reason")
        raise StillpointError(tr(
            "{target} cannot be written: {why}. Choose a folder that you may write to."
        ).format(target=target, why=why))


def _relative(path: str, folder: Path) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # another drive
        return path
