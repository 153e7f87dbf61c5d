"""A selection in the forms that other programs read. Standard library only: QGIS's side writes the same lists.

MintPy's options are those of ``smallbaselineApp.cfg``: ``mintpy.network.excludeDate12`` (MintPy 1.6 and later) and
``mintpy.network.excludeIfgIndex``, which counts from 0 in the order of the pairs' names. LiCSBAS reads lists of a pair a line
(``info/11bad_ifg.txt``, or the option ``--rm_ifg_list`` of step 12).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import uuid
from pathlib import Path
from typing import Dict, List, Sequence, Tuple, Union

from stillpoint.models.errors import StillpointError

Day = Union[str, dt.date]
Pair = Tuple[Day, Day]

MINTPY, LICSBAS, DROPPED, KEPT = "stillpoint_mintpy.cfg", "licsbas_bad_ifg.txt", "dropped_pairs.txt", "kept_pairs.txt"
"""Names of the files."""


def name_of(pair: Pair) -> str:
    """Return ``YYYYMMDD_YYYYMMDD`` with the earlier day first, as both programs name interferograms."""
    first, second = sorted(str(day)[:10].replace("-", "") for day in pair)
    return f"{first}_{second}"


def mintpy_template(pairs: Sequence[Pair], keep: Sequence[bool]) -> str:
    """Return a template for ``smallbaselineApp.py`` that leaves out what is not kept."""
    names = sorted(name_of(pair) for pair in pairs)
    out = {name_of(pair) for pair, kept in zip(pairs, keep) if not kept}
    dropped = [name for name in names if name in out]
    places = [str(index) for index, name in enumerate(names) if name in out]
    return "\n".join(
        [
            f"# Interferograms to leave out: {len(dropped)} of {len(names)}, selected by Stillpoint.",
            "# By dates (MintPy 1.6 and later):",
            f"mintpy.network.excludeDate12   = {','.join(dropped) or 'no'}",
            f"# By number, from 0 among these {len(names)} in the order of their dates: delete this where the stack has others.",
            f"mintpy.network.excludeIfgIndex = {','.join(places) or 'no'}",
            "",
        ]
    )


def licsbas_list(pairs: Sequence[Pair], keep: Sequence[bool]) -> str:
    """Return the interferograms that LiCSBAS shall leave out, one a line."""
    return _lines(pairs, keep, wanted=False)


def plain_list(pairs: Sequence[Pair], keep: Sequence[bool]) -> str:
    """Return the dates of the kept interferograms, ``YYYY-MM-DD YYYY-MM-DD`` a line, the earlier first."""
    kept = sorted(tuple(sorted(str(day)[:10] for day in pair)) for pair, chosen in zip(pairs, keep) if chosen)
    return "".join(f"{' '.join(days)}\n" for days in kept)


def _lines(pairs: Sequence[Pair], keep: Sequence[bool], *, wanted: bool) -> str:
    names = sorted(name_of(pair) for pair, kept in zip(pairs, keep) if bool(kept) is wanted)
    return "".join(f"{name}\n" for name in names)


def texts(pairs: Sequence[Pair], keep: Sequence[bool]) -> Dict[str, str]:
    """Return the content of every list by its file's name."""
    dropped = [not kept for kept in keep]
    return {
        MINTPY: mintpy_template(pairs, keep),
        LICSBAS: licsbas_list(pairs, keep),
        DROPPED: plain_list(pairs, dropped),
        KEPT: plain_list(pairs, keep),
    }


class Lists:
    """Lists of a selection that are drafted first and get their names by :meth:`publish`.

    Parameters
    ----------
    folder
        Folder to write to; it is made where it is missing.

    Raises
    ------
    StillpointError
        The folder cannot be made or written to.
    """

    def __init__(self, folder: str, pairs: Sequence[Pair], keep: Sequence[bool]) -> None:
        self.folder = Path(folder)
        self._made = False
        self._drafts: List[Tuple[Path, Path]] = []
        try:
            if not self.folder.is_dir():
                self.folder.mkdir()
                self._made = True
            for name, text in texts(pairs, keep).items():
                draft = self.folder / f".{name}.{uuid.uuid4().hex[:8]}.partial"
                self._drafts.append((draft, self.folder / name))
                draft.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            self.discard()
            reason = getattr(error, "strerror", None) or str(error)
            raise StillpointError(
                f"The lists cannot be written to {folder}: {reason}. Choose a folder in a place that exists and can be written to."
            ) from None

    def publish(self) -> List[str]:
        """Give the files their names and return them."""
        done = []
        for draft, final in self._drafts:
            try:
                os.replace(draft, final)
            except OSError as error:
                raise StillpointError(f"{final} cannot be replaced ({error.strerror or error}): is it open elsewhere?") from None
            done.append(str(final))
        self._drafts, self._made = [], False
        return done

    def discard(self) -> None:
        """Remove the drafts, and the folder where it was made for them."""
        for draft, _ in self._drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        self._drafts = []
        if self._made:
            self._made = False
            with contextlib.suppress(OSError):  # the drive may have gone, or somebody else put something there
                self.folder.rmdir()


def write_lists(folder: str, pairs: Sequence[Pair], keep: Sequence[bool]) -> List[str]:
    """Write all lists to ``folder`` and return their paths.

    Parameters
    ----------
    folder
        Folder, made where it is missing.
    pairs
        The two days of every interferogram of the stack, dates or ``YYYY-MM-DD``.
    keep
        Whether each is kept.

    Raises
    ------
    StillpointError
        The folder cannot be made or written to.
    """
    lists = Lists(folder, pairs, keep)
    try:
        return lists.publish()
    except BaseException:
        lists.discard()
        raise
