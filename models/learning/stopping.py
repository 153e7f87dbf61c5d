"""Early stopping: the best weights so far in a file, and when it is enough; goes on after a cancel as if never stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional

import torch

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.library import Header, read_header, read_state, save_model


class EnoughError(Exception):
    """Nothing improved for long; raised out of the training loop."""


class Best:
    """Judges a network after every epoch; the ``evaluate`` of :func:`stillpoint.models.learning.loop.train`.

    Parameters
    ----------
    path
        File for the best weights; the record of all epochs is in its header.
    judge
        From a network to its figures.
    by
        The figure that counts; larger is better.
    patience
        Epochs without a better one, after which :class:`EnoughError` is raised.
    header
        Task and architecture of the file.
    start
        The network to beat: it is judged first, and stays where no epoch is better. None where any epoch is better than nothing.
    resume
        Go on from ``path`` where it exists.
    run
        What the training is about, as text; another text in ``path`` is another run.

    Attributes
    ----------
    history
        Figures of every epoch, the first being those of ``start`` where there is one.
    epoch
        Number of the best epoch; 0 is the start.

    Raises
    ------
    StillpointError
        ``path`` is of another run.
    """

    def __init__(
        self,
        path: Path,
        judge: Callable[[torch.nn.Module], Dict[str, float]],
        *,
        by: str,
        patience: int,
        header: Header,
        start: Optional[torch.nn.Module] = None,
        resume: bool = False,
        run: str = "",
    ) -> None:
        self.path, self._judge, self._by, self._patience, self._header, self._run = path, judge, by, patience, header, run
        self.history: List[Dict[str, float]] = []
        self.epoch, self._seen = 0, 0
        self._state: Mapping[str, Any] = {}
        if resume and path.is_file():
            known = read_header(path).training
            if known.get("run", "") != run:
                raise StillpointError(f"{path} was begun with other data or another start; train without resume.")
            self.history, self.epoch, self._seen = list(known["history"]), int(known["best"]), int(known["seen"])
            self._state = read_state(path)
        elif start is not None:
            self.history = [judge(start)]
            self._keep(start)

    @property
    def figure(self) -> float:
        """The best figure so far."""
        first = self.epoch - self._first
        return float(self.history[first][self._by]) if 0 <= first < len(self.history) else -1.0

    @property
    def _first(self) -> int:
        """Number of the epoch that the history begins with: 0 where a start was judged."""
        return 1 + self._seen - len(self.history)

    def __call__(self, network: torch.nn.Module) -> Dict[str, float]:
        """Return the figures of ``network`` after one more epoch; raise :class:`EnoughError` where that was in vain for long."""
        found = self._judge(network)
        better = not self._state or found[self._by] > self.figure
        self.history.append(found)
        self._seen += 1
        if better:
            self.epoch = self._seen
        self._keep(network if better else None)
        if self._seen - self.epoch >= self._patience:
            raise EnoughError
        return found

    def _keep(self, network: Optional[torch.nn.Module]) -> None:
        if network is not None:
            self._state = {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}
        record = {"run": self._run, "history": self.history, "best": self.epoch, "seen": self._seen}
        save_model(self.path, self._state, replace(self._header, training=record))
