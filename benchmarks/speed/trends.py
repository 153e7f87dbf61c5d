"""Trend classes of series: the engine beside MiniRocket, boosted trees and ruptures."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any, Dict, List

import numpy as np

from stillpoint.benchmarks.speed.measure import OURS, Contestant
from stillpoint.benchmarks.trends.calendars import BANDS, Calendar
from stillpoint.benchmarks.trends.peers import PEERS
from stillpoint.benchmarks.trends.simulator import CLASSES, SeriesFile, generator, simulate, simulate_file
from stillpoint.benchmarks.trends.speed import ruptures_class

EPOCHS = 139
UNIT, SCALE = "CPU µs a series", 1e6
SLOW = 150
"""Series that ruptures, which is Python throughout, is timed on."""


def series_of(count: int) -> SeriesFile:
    """Return series of all classes with their truth that share 139 dates, as those of a file of points do."""
    dates = np.datetime64("2016-01-03") + 6 * np.arange(EPOCHS).astype("timedelta64[D]")
    rng = generator("seed-like", "speed", 0, EPOCHS)
    return simulate_file("seed-like", np.arange(count) % CLASSES, rng, Calendar(dates, BANDS["C"][0][0], "C"))


def accuracy(truth: np.ndarray, called: Any) -> Dict[str, float]:
    """Return the mean of the shares that are right, over the classes."""
    called = np.asarray(called)
    return {"balanced accuracy": float(np.mean([(called[truth == code] == code).mean() for code in np.unique(truth)]))}


def contestants(count: int, learn: int) -> List[Contestant]:
    """Return the methods; those that learn do so on ``learn`` series of the benchmark's own simulator."""
    file = series_of(count)
    truth = np.asarray(file.truth.code)
    found = []
    for name, title in (
        ("default", f"{OURS}, default network"), ("statistical", f"{OURS}, trend tests"),
        ("minirocket", "MiniRocket + ridge (aeon)"), ("boosted_trees", "gradient-boosted trees (scikit-learn)"),
    ):
        peer = PEERS[name]()
        try:
            if name in ("minirocket", "boosted_trees"):
                peer.fit(simulate("seed-like", learn, part="speed-train"))
        except ImportError as error:
            print(f"{title} left out: {error}", file=sys.stderr)
            continue
        found.append(Contestant(
            title, partial(peer.answer, [file]), len(file), lambda answer: accuracy(truth, answer.probabilities.argmax(1))
        ))  # fmt: skip
    try:
        import ruptures  # noqa: F401
    except ImportError as error:
        print(f"ruptures left out: {error}", file=sys.stderr)
        return found
    some = file.take(np.arange(min(SLOW, count)))
    found.append(Contestant(
        "ruptures (one break) + BIC", partial(ruptures_class, some), len(some), lambda called: accuracy(truth[: len(some)], called)
    ))  # fmt: skip
    return found
