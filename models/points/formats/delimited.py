"""Reads text tables with a column a date: EGMS, P-SBAS, TRE, SARPROZ, DePSI and their like."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.arrow import load_arrow
from stillpoint.models.points.described import own_wavelength
from stillpoint.models.points.formats.cells import MISSING, fits, sample_columns, scaled, unique_names
from stillpoint.models.points.formats.text import Dialect, TextFile, read_dialect
from stillpoint.models.points.plan import TablePlan, plan_table
from stillpoint.models.points.table import PointBlock, PointSource

_BLOCK_BYTES = 2 << 20
_COUNTED = 300 << 20
"""Files up to this many bytes have their rows counted when they are opened (0.1 s)."""


class DelimitedSource(PointSource):
    """A text table with a column a date.

    Parameters
    ----------
    file, dialect
        The table and how it is written.
    plan
        Which column is what.
    skip
        Lines before the first point.
    """

    def __init__(self, file: TextFile, dialect: Dialect, plan: TablePlan, *, skip: Optional[int] = None) -> None:
        self.layout = plan.layout
        self._file = file
        self._dialect = dialect
        self._plan = plan
        self._skip = dialect.skip if skip is None else skip

    def estimated_count(self) -> Optional[int]:
        """Return about how many points there are, from the length of the first rows."""
        if self.layout.count is not None or self._file.size is None:
            return self.layout.count
        rows = self._dialect.rows[:200]
        length = sum(len(self._dialect.separator.join(row)) + 1 for row in rows) / len(rows)
        return int(self._file.size / length)

    def blocks(self, rows: int = 16384) -> Iterator[PointBlock]:
        """Yield the points in order; see :meth:`PointSource.blocks`."""
        start = 0
        pending: List[Tuple[Any, int, int]] = []  # batch, first and last row that are not given out yet
        held = 0
        for batch in self._batches():
            pending.append((batch, 0, batch.num_rows))
            held += batch.num_rows
            while held >= rows:
                taken, pending = _take(pending, rows)
                held -= rows
                yield self._block(taken, rows, start)
                start += rows
        if held:
            yield self._block(pending, held, start)
        elif start == 0:
            raise StillpointError(f"{self.layout.path} has a header but no rows.")

    def _batches(self) -> Iterator[Any]:
        arrow = load_arrow()
        done = 0
        try:
            with self._file.open() as raw:
                stream = arrow.PythonFile(raw, mode="r") if self._file.compression else None
                reader = arrow.csv.open_csv(stream or self._file.path, **self._options(arrow))
                for batch in reader:
                    yield batch
                    done += batch.num_rows
        except (arrow.ArrowException, OSError, EOFError, UnicodeError) as error:
            raise self._explain(error, done) from None

    def _complaint(self, error: Exception) -> str:
        """Return Arrow's message with the row in it, which it knows only where it reads with one thread."""
        arrow = load_arrow()
        try:
            with self._file.open() as raw:
                stream = arrow.PythonFile(raw, mode="r") if self._file.compression else None
                for _ in arrow.csv.open_csv(stream or self._file.path, **self._options(arrow, threads=False)):
                    pass
        except (arrow.ArrowException, OSError, EOFError, UnicodeError) as again:
            return str(again)
        return str(error)

    def _options(self, arrow: Any, *, threads: bool = True) -> Dict[str, Any]:
        names = [f"c{i}" for i in range(len(self._dialect.names))]
        kinds = {"text": arrow.string(), "integer": arrow.int64(), "real": arrow.float64()}
        types = {names[i]: arrow.float32() for i in self._plan.dates.columns}
        place = self._plan.place
        if place:
            types.update({names[place.x]: arrow.float64(), names[place.y]: arrow.float64()})
        for index, attribute in zip(self._plan.attributes, self.layout.attributes):
            types[names[index]] = kinds[attribute.kind]
        return {
            "read_options": arrow.csv.ReadOptions(
                use_threads=threads, block_size=_BLOCK_BYTES, skip_rows=self._skip, column_names=names,
                encoding="utf8" if self._dialect.encoding == "utf-8" else self._dialect.encoding,
            ),
            "parse_options": arrow.csv.ParseOptions(delimiter=self._dialect.separator),
            "convert_options": arrow.csv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=list(MISSING), strings_can_be_null=True,
                quoted_strings_can_be_null=True, decimal_point=self._dialect.decimal,
            ),
        }

    def _block(self, parts: Sequence[Tuple[Any, int, int]], count: int, start: int) -> PointBlock:
        columns = self._plan.dates.columns
        by_date = np.empty((len(columns), count), dtype=np.float32)
        place = self._plan.place
        x, y = np.full(count, np.nan), np.full(count, np.nan)
        attributes = {a.name: _empty(a.kind, count) for a in self.layout.attributes}
        missing: Dict[str, np.ndarray] = {}
        at = 0
        for batch, first, last in parts:
            to = slice(at, at + last - first)
            part = batch.slice(first, last - first)
            position = {name: i for i, name in enumerate(part.schema.names)}
            for row, column in enumerate(columns):
                by_date[row, to] = part.column(position[f"c{column}"]).to_numpy(zero_copy_only=False)
            if place:
                x[to] = part.column(position[f"c{place.x}"]).to_numpy(zero_copy_only=False)
                y[to] = part.column(position[f"c{place.y}"]).to_numpy(zero_copy_only=False)
            for index, attribute in zip(self._plan.attributes, self.layout.attributes):
                array = part.column(position[f"c{index}"])
                if attribute.kind == "integer" and array.null_count:
                    hidden = missing.setdefault(attribute.name, np.zeros(count, dtype=bool))
                    hidden[to] = array.is_null().to_numpy(zero_copy_only=False)
                    array = array.fill_null(0)
                attributes[attribute.name][to] = array.to_numpy(zero_copy_only=False)
            at = to.stop
        for name, hidden in missing.items():
            attributes[name] = np.ma.MaskedArray(attributes[name], mask=hidden)
        displacement = self._plan.dates.merge(np.ascontiguousarray(by_date.T))
        return PointBlock(start, x, y, scaled(displacement, self.layout.unit), attributes)

    def _explain(self, error: Exception, done: int) -> StillpointError:
        """Return the error in the user's words: which row and column."""
        text = self._complaint(error) if isinstance(error, load_arrow().ArrowInvalid) else str(error)
        path = self.layout.path
        if "UTF8" in text or "utf-8" in text.lower():
            return StillpointError(f"{path}: some text after row {done} is not UTF-8; save the file as UTF-8.")
        column = re.search(r"column #(\d+)", text)
        if "onversion error" in text and column:
            return self._bad_cell(int(column[1]))
        fields = re.search(r"(?:Row #(\d+): )?Expected (\d+) columns, got (\d+)", text)
        if fields:
            row = f"row {int(fields[1]) - self._skip}" if fields[1] else f"a row after row {done}"
            return StillpointError(
                f"{path}, {row}: {fields[3]} cells instead of {fields[2]}. The file may be cut off or a separator may be missing."
            )
        if "straddling" in text or "block size" in text:
            most = _BLOCK_BYTES >> 20
            return StillpointError(f"{path}: a row after row {done} is longer than {most} MB; a line end may be missing.")
        return StillpointError(f"{path} cannot be read after row {done}: {text.splitlines()[0] if text else type(error).__name__}.")

    def _bad_cell(self, index: int) -> StillpointError:
        """Find the first cell of a column that is no number. Arrow tells the column, not always the row."""
        arrow = load_arrow()
        options = self._options(arrow)
        included = options["convert_options"].include_columns
        # Arrow counts the columns that are converted or those of the file, by its version: look at both.
        candidates = {f"c{index}"} | ({included[index]} if index < len(included) else set())
        wanted = [name for name in included if name in candidates]
        options["convert_options"].include_columns = wanted
        options["convert_options"].column_types = {name: arrow.binary() for name in wanted}
        texts = {f"c{i}" for i, a in zip(self._plan.attributes, self.layout.attributes) if a.kind == "text"}
        whole = {f"c{i}" for i, a in zip(self._plan.attributes, self.layout.attributes) if a.kind == "integer"}
        row = 0
        with self._file.open() as raw:
            stream = arrow.PythonFile(raw, mode="r") if self._file.compression else None
            for batch in arrow.csv.open_csv(stream or self._file.path, **options):
                for name in wanted:
                    if name in texts:
                        continue
                    for offset, raw_cell in enumerate(batch.column(batch.schema.names.index(name)).to_pylist()):
                        cell = None if raw_cell is None else raw_cell.decode("utf-8", errors="replace")
                        if cell is not None and not fits(cell, self._dialect.decimal, name in whole):
                            title = self._dialect.names[int(name[1:])]
                            kind = "whole number" if name in whole and fits(cell, self._dialect.decimal, False) else "number"
                            return StillpointError(
                                f"{self.layout.path}, row {row + offset + 1}, column {title!r}: {cell!r} is no {kind}. "
                                "Correct it, or leave the cell empty where the value is missing."
                            )
                row += batch.num_rows
        return StillpointError(f"{self.layout.path} holds a value that is no number in column {self._dialect.names[index]!r}.")


def _empty(kind: str, count: int) -> np.ndarray:
    return np.empty(count, dtype={"text": object, "integer": np.int64, "real": np.float64}[kind])


def _take(pending: List[Tuple[Any, int, int]], rows: int) -> Tuple[List[Tuple[Any, int, int]], List[Tuple[Any, int, int]]]:
    """Split ``pending`` into its first ``rows`` rows and the rest."""
    taken: List[Tuple[Any, int, int]] = []
    for number, (batch, first, last) in enumerate(pending):
        if last - first > rows:
            taken.append((batch, first, first + rows))
            return taken, [(batch, first + rows, last), *pending[number + 1 :]]
        taken.append((batch, first, last))
        rows -= last - first
        if rows == 0:
            return taken, pending[number + 1 :]
    return taken, []


def open_delimited(
    file: TextFile, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> DelimitedSource:
    """Open a text table with a column a date; ``layer`` names the prefix of the columns where there are several kinds.

    Raises
    ------
    StillpointError
        The table is empty or broken, has no dates or no coordinates, or a unit that cannot be right.
    """
    dialect = read_dialect(file)
    dropped = _empty_end(dialect)
    rows = [row for row in dialect.rows if len(row) == len(dialect.names)]
    more = dialect.split(file.elsewhere())
    sample = _thinned(rows, 400) + more
    complete = dialect.complete and len(rows) <= 400
    columns = sample_columns(dialect.names, sample, dialect.decimal, complete)
    notes = []
    if dialect.encoding == "latin-1":
        notes.append("The text is not UTF-8; it was read as Latin-1.")
    if dialect.decimal == ",":
        notes.append("Numbers are written with a decimal comma.")
    # Repeated names matter to the dates (the same day twice), so only the other columns are renamed.
    plan = plan_table(columns, file.path, family=layer, unit=unit, crs=crs, notes=notes,
                      own_wavelength=own_wavelength(file.path, dialect.names, {}))
    titles = unique_names([dialect.names[i] for i in plan.attributes])
    attributes = tuple(replace(a, name=title) for a, title in zip(plan.layout.attributes, titles))
    keep = [k for k, i in enumerate(plan.attributes) if i not in dropped]
    layout = replace(plan.layout, attributes=tuple(attributes[k] for k in keep), count=row_count(file, dialect))
    return DelimitedSource(file, dialect, replace(plan, layout=layout, attributes=tuple(plan.attributes[k] for k in keep)))


def _empty_end(dialect: Dialect) -> Tuple[int, ...]:
    """Return the column that exists only because rows end in a separator."""
    last = len(dialect.names) - 1
    empty = not dialect.names[last] and all(not row[last].strip() for row in dialect.rows if len(row) == last + 1)
    return (last,) if empty else ()


def _thinned(rows: List[List[str]], most: int) -> List[List[str]]:
    step = max(1, -(-len(rows) // most))
    return rows[::step]


def row_count(file: TextFile, dialect: Dialect) -> Optional[int]:
    """Return the number of rows where counting is cheap and certain."""
    if dialect.complete:
        return len(dialect.rows)
    if file.compression or dialect.encoding == "utf-16" or file.size is None or file.size > _COUNTED:
        return None
    lines, tail, quotes = 0, b"", False
    with open(file.path, "rb") as stream:
        while True:
            chunk = stream.read(4 << 20)
            if not chunk:
                break
            joined = tail[-2:] + chunk
            if b"\n\n" in joined or b"\n\r" in joined:
                return None  # empty lines are no points
            quotes = quotes or b'"' in chunk
            lines += chunk.count(b"\n")
            tail = chunk
    if lines == 0:
        return None  # lines that end in CR alone
    return lines + (not tail.endswith(b"\n")) - dialect.skip
