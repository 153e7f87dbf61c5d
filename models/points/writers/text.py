"""Writes CSV: x and y first, dates as YYYY-MM-DD, missing values empty."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np

from stillpoint.models.points.arrow import as_array, load_arrow
from stillpoint.models.points.table import Column, PointWriter
from stillpoint.models.points.writers.draft import Draft, distinct_names, explain
from stillpoint.models.points.writers.sidecar import sidecar_name, write_sidecar


class TextWriter(PointWriter):
    """Writes a CSV in UTF-8, and beside it the description that CSV cannot hold."""

    def __init__(self, path: str, columns: Sequence[Column], *, crs: str, metadata: Mapping[str, str]) -> None:
        self._arrow = load_arrow()
        self.path = path
        self.metadata = metadata
        self._crs = crs
        self._columns = tuple(column for column in columns if column.kind != "binary")
        self._names, self.report = distinct_names(self._columns, ("x", "y"))
        self.report += [
            f"The field {column.name!r} is left out: CSV holds no binary fields. Its content is kept by a GeoPackage."
            for column in columns
            if column.kind == "binary"
        ]
        self._draft = Draft(path)
        self._writer: Optional[Any] = None
        try:
            self._file = open(self._draft.path(), "wb")  # noqa: SIM115 - closed by finish or discard
            header = io.StringIO()
            csv.writer(header, lineterminator="\n").writerow(["x", "y", *self._names.values()])
            self._file.write(header.getvalue().encode())
        except OSError as error:
            self._draft.discard()
            raise explain(error, path) from None

    def write(self, x: np.ndarray, y: np.ndarray, values: Dict[str, np.ndarray]) -> None:
        """Append points; see :meth:`PointWriter.write`."""
        from pyarrow import csv as arrow_csv

        arrays = [as_array(x, "real"), as_array(y, "real")]
        arrays += [as_array(values[column.name], column.kind) for column in self._columns]
        batch = self._arrow.record_batch(arrays, names=["x", "y", *self._names.values()])
        try:
            if self._writer is None:
                options = arrow_csv.WriteOptions(include_header=False)
                self._writer = arrow_csv.CSVWriter(self._file, batch.schema, write_options=options)
            self._writer.write_batch(batch)
        except (OSError, self._arrow.ArrowException) as error:
            raise explain(error, self.path) from None

    def finish(self) -> List[str]:
        """Complete the file, give it its final name, and return all files written."""
        try:
            self._close()
            name = sidecar_name(self._draft.target)
            write_sidecar(
                self._draft.path(name), crs=self._crs, metadata=self.metadata, columns=self._columns, names=self._names
            )
        except (OSError, self._arrow.ArrowException) as error:
            raise explain(error, self.path) from None
        return self._draft.publish()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        self._file.close()

    def discard(self) -> None:
        """Remove what was written so far."""
        with contextlib.suppress(OSError, ValueError, self._arrow.ArrowException):  # what cannot be flushed is thrown away anyway
            self._close()
        self._draft.discard()
