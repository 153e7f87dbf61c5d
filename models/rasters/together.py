"""Several files that get their names only when all of them are complete."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.writers.draft import Draft


@contextmanager
def together(*targets: Optional[str]) -> Iterator[Callable[[str], str]]:
    """Give a place for drafts of ``targets``, and their names once everything in the block went well.

    What is written beside a draft, in its folder, is moved with it. An exception in the block leaves nothing.

    Parameters
    ----------
    targets
        Files to write; None is none.

    Yields
    ------
    Callable
        Takes one of ``targets`` and returns the path to write instead, which has the same name in another folder.

    Raises
    ------
    StillpointError
        A folder is missing or cannot be written to; or what was raised in the block, told of the final names.
    """
    drafts: Dict[str, Draft] = {}
    try:
        for target in targets:
            if target is not None:
                drafts[target] = Draft(target)
        yield lambda target: str(drafts[target].path())
        for draft in drafts.values():
            # What GDAL noted beside a file that is replaced tells of the old one.
            draft.publish(stale=[f"{item.name}.aux.xml" for item in draft.folder.iterdir() if item.suffix != ".xml"])
    except StillpointError as error:
        text = str(error)
        for target, draft in drafts.items():
            text = text.replace(str(draft.folder), str(Path(target).parent))
        raise StillpointError(text) from None
    finally:
        for draft in drafts.values():
            draft.discard()
