"""Review without windows: what is least certain first, one decision after the other, kept safely as labels.

The review dock and scripts use the same three things. A script that stands for a user::

    from stillpoint.plugin.review import POINTS, Session, point_items, queue

    items = point_items(ids, x, y, codes, probabilities=p)            # what the model said, in columns
    session = Session.open("corrections.csv", kind=POINTS, id_field="pid", reviewer="a rule")
    for index in queue(items, order="spread", skip=session.keys(), count=300):
        item = items.item(index)
        session.label(item, 3)                                        # 0..4: the class; NONE (-1): none of them
    session.undo()                                                    # takes the last one back
    session.save()                                                    # the path; nothing is lost without it

Each label is in the file when :meth:`Session.label` returns (``at_once=False`` waits for :meth:`Session.save`, for scripts
that write thousands). A file that exists is gone on with. Labels of points have the columns ``<id_field>, label`` (class name,
empty: none of them)``, trend_code`` (missing: none of them)``, model, model_code, confidence, x, y, reviewer, reviewed``; those
of pixels ``row, col, ps`` (1, 0)``, model, confidence, x, y, reviewer, reviewed``; those of pairs ``reference_date,
secondary_date, keep`` (1, 0)``, model, confidence, reviewer, reviewed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Sequence, Set

from stillpoint.models.errors import StillpointError
from stillpoint.plugin.language import tr
from stillpoint.plugin.review_file import LabelFile, open_labels
from stillpoint.plugin.review_labels import Counts, Label, Merged, agreement_by_class, counts_of, merged, now, user, values_of
from stillpoint.plugin.review_queue import (
    CLASSES,
    KINDS,
    NONE,
    ORDERS,
    PAIRS,
    PIXELS,
    POINTS,
    RANDOM,
    SPREAD,
    UNSURE,
    Item,
    Items,
    point_items,
    queue,
)

__all__ = [
    "CLASSES", "KINDS", "NONE", "ORDERS", "PAIRS", "PIXELS", "POINTS", "RANDOM", "SPREAD", "UNSURE", "Counts", "Item", "Items",
    "Label", "Merged", "Session", "id_field_of", "merge_files", "point_items", "queue", "user",
]  # fmt: skip

ID_FIELDS = (
    "pid", "pnt_id", "ps_id", "psid", "point_id", "pointid", "code", "id", "uid", "gid", "num", "name", "point", "fid_1",
)  # fmt: skip
"""Fields that name a point, in the order of preference."""

FEATURE = "feature"
"""Column of labels whose points have no identifier: the feature id in the layer stands for it."""


def id_field_of(names: Sequence[str]) -> str:
    """Return which of a layer's fields names its points; ``"feature"`` where none does."""
    by_lower = {name.lower(): name for name in reversed(names)}
    return next((by_lower[name] for name in ID_FIELDS if name in by_lower), FEATURE)


@dataclass(frozen=True)
class _Step:
    """One decision, with what was there before it."""

    item: Item
    before: Optional[Label]
    after: Label


class Session:
    """Labels of one source in one file; see :meth:`open`."""

    def __init__(self, file: LabelFile, *, reviewer: str, at_once: bool) -> None:
        self.file = file
        self.kind = file.kind
        self.reviewer = reviewer
        self.at_once = at_once
        self.labels: Dict[str, Label] = file.read()
        """The labels by key, those of earlier sessions too."""
        self._steps: List[_Step] = []
        self._unwritten: Dict[str, Label] = {}
        self._unwritten_gone: Set[str] = set()

    @classmethod
    def open(
        cls, path: str, *, kind: str = POINTS, id_field: str = "id", crs: str = "", reviewer: str = "", at_once: bool = True
    ) -> Session:
        """Return a session on a file of labels, new or to be gone on with.

        Parameters
        ----------
        path
            .gpkg or .csv (pairs: .csv).
        kind
            ``"points"``, ``"pixels"`` or ``"pairs"``.
        id_field
            Name of the points' identifiers in their layer; see :func:`id_field_of`.
        crs
            Well-known text or authority code of the coordinates of the items.
        reviewer
            Who labels; by default who is logged in.
        at_once
            Write each label when it is said.

        Raises
        ------
        StillpointError
            The file holds something else, or cannot be read.
        """
        if kind not in KINDS:
            raise ValueError(f"There is no kind {kind!r}; choose one of {', '.join(KINDS)}.")
        return cls(open_labels(path, kind, id_field=id_field, crs=crs), reviewer=reviewer or user(), at_once=at_once)

    @property
    def path(self) -> str:
        """The file."""
        return str(self.file.path)

    def keys(self) -> Set[str]:
        """Return the keys of what has a label."""
        return set(self.labels)

    def label(self, item: Item, value: int) -> Label:
        """Say what an item is.

        Parameters
        ----------
        item
            What was looked at.
        value
            Class code of a point (``NONE``: none of them); 1 or 0 of a pixel (PS or not) and of a pair (keep or not).

        Raises
        ------
        ValueError
            There is no such value for this kind.
        StillpointError
            It cannot be written; then it is not labelled either.
        """
        if value not in values_of(self.kind):
            raise ValueError(f"{value} is no label of {self.kind}.")
        after = Label(item.key, int(value), item.x, item.y, item.model, item.confidence, self.reviewer, now())
        before = self.labels.get(item.key)
        self._write([after])
        self.labels[item.key] = after
        self._steps.append(_Step(item, before, after))
        return after

    def accept(self, item: Item) -> Label:
        """Say that an item is what the model said; raises StillpointError where it said nothing."""
        if item.model not in values_of(self.kind) or (item.model == NONE and self.kind != POINTS):
            raise StillpointError(tr("The model gave no answer here that could be accepted."))
        return self.label(item, item.model)

    def undo(self) -> Optional[Item]:
        """Take the last decision of this session back; return its item, None where there is none left."""
        if not self._steps:
            return None
        step = self._steps[-1]
        if step.before is None:
            self._write([], [step.item.key])
            self.labels.pop(step.item.key, None)
        else:
            self._write([step.before])
            self.labels[step.item.key] = step.before
        self._steps.pop()
        return step.item

    @property
    def steps(self) -> int:
        """Number of decisions that can be taken back."""
        return len(self._steps)

    def last(self) -> Optional[Label]:
        """Return the last decision of this session."""
        return self._steps[-1].after if self._steps else None

    def save(self) -> str:
        """Write what was not written yet, and return the path; raises StillpointError where that is not possible."""
        if self._unwritten or self._unwritten_gone:
            self.file.write(list(self._unwritten.values()), self._unwritten_gone)
            self._unwritten, self._unwritten_gone = {}, set()
        return self.path

    def close(self) -> None:
        """Write what was not written yet, and let go of the file."""
        try:
            self.save()
        finally:
            self.file.close()

    def add_from(self, path: str) -> Merged:
        """Take over the labels of another reviewer or file: of items that both labelled the newest label counts.

        Raises
        ------
        StillpointError
            The other file cannot be read or holds other labels, or ours cannot be written.
        """
        other = open_labels(path, self.kind, id_field=self.file.id_field, crs=self.file.crs).read()
        result = merged(self.labels, other)
        changed = [label for key, label in result.labels.items() if self.labels.get(key) != label]
        self._write(changed)
        self.labels = result.labels
        return result

    def counts(self) -> Counts:
        """Return the labels in numbers."""
        return counts_of(self.kind, self.labels.values())

    def agreement_by_class(self) -> Dict[int, tuple]:
        """Return for each class of the model: labels of what it called so, and how many agree."""
        return dict(agreement_by_class(self.labels.values()))

    def _write(self, labels: Sequence[Label], gone: Iterable[str] = ()) -> None:
        if self.at_once:
            self.file.write(labels, set(gone))
            return
        for key in gone:
            self._unwritten.pop(key, None)
            self._unwritten_gone.add(key)
        for label in labels:
            self._unwritten_gone.discard(label.key)
            self._unwritten[label.key] = label


def merge_files(paths: Sequence[str], output: str, *, kind: str = POINTS, id_field: str = "id", crs: str = "") -> Merged:
    """Write the labels of several files into one; of an item that several have labelled the newest label counts.

    Raises
    ------
    StillpointError
        A file cannot be read or written, or holds other labels.
    """
    sets = [open_labels(path, kind, id_field=id_field, crs=crs).read() for path in paths]
    result = merged({}, *sets)
    open_labels(output, kind, id_field=id_field, crs=crs).write(list(result.labels.values()))
    return result
