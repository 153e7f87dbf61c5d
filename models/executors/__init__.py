"""Where pieces of work (tiles, blocks of points, images) are computed: on this machine, or on a Dask cluster."""

from __future__ import annotations

from stillpoint.models.executors.doors import Executor, open_executor
from stillpoint.models.executors.forecast import Needs, foresee
from stillpoint.models.executors.journal import Journal, run_kept
from stillpoint.models.executors.work import KeptWork, Work, halves, quarters

__all__ = ["Executor", "Journal", "KeptWork", "Needs", "Work", "foresee", "halves", "open_executor", "quarters", "run_kept"]
