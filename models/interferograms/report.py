"""What a selection of interferograms says of itself: columns of the table, figures, warnings, and some lines for people."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

import numpy as np

from stillpoint.models.interferograms import graph
from stillpoint.models.interferograms.classical import coverages, mean_coherences
from stillpoint.models.interferograms.connect import variances, velocity_variance
from stillpoint.models.interferograms.loops import membership, triplets
from stillpoint.models.interferograms.observations import Verdict
from stillpoint.models.interferograms.reading import Reading
from stillpoint.models.jobs import SelectInterferograms

SHOWN = 12


def evidence_of(reading: Reading, verdict: Verdict) -> Dict[str, np.ndarray]:
    """Return the columns beside the score: what is known of every interferogram, then what the method found."""
    network = reading.network
    baselines = [np.nan if band.perpendicular_baseline is None else band.perpendicular_baseline for band in reading.bands]
    columns = {"days": network.days, "perpendicular_baseline": np.array(baselines, np.float64), "coverage": coverages(network)}
    if network.coherence is not None:
        columns["mean_coherence"] = mean_coherences(network)
    columns["loops"] = membership(triplets(network.pairs), network.count).astype(np.float64)
    found = {name: np.asarray(values, np.float64) for name, values in verdict.evidence.items()}
    return {**columns, **{name: values for name, values in found.items() if name not in columns}}


def details_of(
    job: SelectInterferograms, reading: Reading, verdict: Verdict, keep: np.ndarray, device: str
) -> Dict[str, Any]:
    """Return the figures for programs."""
    network = reading.network
    limit = verdict.threshold if job.threshold is None else job.threshold
    with np.errstate(invalid="ignore"):
        good = verdict.score >= limit
    lost = graph.lost_dates(network.dates, network.pairs, keep)
    days = (network.dates - network.dates[0]).astype("timedelta64[D]").astype(np.float64)
    cost = variances(verdict)
    some = np.array([not why for why in reading.empty])
    before, after = (velocity_variance(days, network.pairs, cost, which) for which in (some, keep))
    counted = graph.degrees(network.dates, network.pairs, keep)
    return {
        "pairs": network.count,
        "kept": int(keep.sum()),
        "dropped": int((~keep).sum()),
        "kept_below": int((keep & ~good).sum()),
        "empty": int((~some).sum()),
        "threshold": round(float(limit), 4),
        "dates": len(network.dates),
        "lost_dates": [str(network.dates[index]) for index in lost],
        "least_redundancy": int(counted[counted > 0].min()) if keep.any() else 0,
        "loops": len(triplets(network.pairs)),
        "loops_kept": len(triplets(network.pairs, keep)),
        "parts": int(graph.components(network.dates, network.pairs).max()) + 1,
        "expected_error": round(float((after / before) ** 0.5), 4) if before > 0 and not lost.size else None,
        "method": job.method,
        "connect": job.connect,
        "device": device,
        "factor": reading.factor,
    }


def warnings_of(job: SelectInterferograms, reading: Reading, keep: np.ndarray) -> List[str]:
    """Return what the user should know although the job is done."""
    network = reading.network
    found: List[str] = []
    if network.count == 1:
        found.append("There is one interferogram only: it is judged, but there is nothing to compare it with or to choose from.")
    shared = set(network.pairs[0].tolist()).intersection(*(set(ends) for ends in network.pairs.tolist()))
    if network.count > 2 and shared and job.connect != "none":
        found.append(
            f"All interferograms have the date {network.dates[shared.pop()]}: in a stack with a single reference each is the only "
            "link to its date, so none is dropped however it scores. The network none drops by score."
        )
    parts = graph.components(network.dates, network.pairs)
    if parts.max() > 0:
        sizes = np.bincount(parts)
        ends = [network.dates[np.nonzero(parts == part)[0]] for part in range(len(sizes))]
        words = "; ".join(f"{days[0]} to {days[-1]} ({len(days)} dates)" for days in ends[:4]) + ("; ..." if len(ends) > 4 else "")
        found.append(
            f"The network falls into {len(sizes)} parts from the start: {words}. Each was handled on its own; nothing tells how "
            "the ground moved from one to the other."
        )
    for index, why in enumerate(reading.empty):
        if why:
            found.append(f"Band {reading.bands[index].number} ({reading.bands[index].label}) is dropped: {why}.")
    lost = [str(network.dates[index]) for index in graph.lost_dates(network.dates, network.pairs, keep)]
    if lost:
        shown = ", ".join(lost[:6]) + (" ..." if len(lost) > 6 else "")
        alone = job.connect == "none"
        why = "the network none lets scores alone decide" if alone else "none of their interferograms holds anything usable"
        found.append(f"{len(lost)} date{'s are' if len(lost) > 1 else ' is'} lost ({shown}): {why}.")
    if not keep.any():
        found.append("No interferogram is kept. Lower the threshold.")
    return found


def summary(reading: Reading, keep: np.ndarray, reasons: Sequence[str], details: Mapping[str, Any]) -> str:
    """Return what was kept and dropped, why, and what that does to the network.

    Parameters
    ----------
    reading
        What was judged.
    keep
        bool [pairs].
    reasons
        A few words each.
    details
        Figures of the result.
    """
    lines = [
        f"{details['kept']} of {_count(details['pairs'])} {'is' if details['kept'] == 1 else 'are'} kept, "
        f"by {details['method']} at threshold {details['threshold']:g}."
    ]
    if details["kept_below"]:
        one = details["kept_below"] == 1
        words = "scores less or is not judged, but dates or the velocity depend on it" if one else (
            "score less or are not judged, but dates or the velocity depend on them"
        )
        lines.append(f"{details['kept_below']} of them {words}.")
    lost = len(details["lost_dates"])
    lines.append(
        (f"All {details['dates']} dates stay connected" if not lost else f"{lost} of {details['dates']} dates are lost")
        + f"; {details['loops_kept']} of {details['loops']} loops remain"
        + (f"; every date has at least {_count(details['least_redundancy'])}." if not lost and details["kept"] else ".")
    )
    if details["expected_error"] is not None and details["dropped"]:
        lines.append(f"Expected error of the velocity: {details['expected_error']:.0%} of that with all.")
    if "velocity_change" in details and details["dropped"]:
        lines.append(f"The velocity changes by {details['velocity_change']:.1f} mm/yr (root mean square).")
    lines += _dropped(reading, keep, reasons)
    return "\n".join(lines)


def _count(number: int) -> str:
    return f"{number} interferogram{'s' if number != 1 else ''}"


def _dropped(reading: Reading, keep: np.ndarray, reasons: Sequence[str]) -> List[str]:
    places = np.nonzero(~keep)[0]
    lines = [f"  dropped {reading.bands[index].label}: {reasons[index]}" for index in places[:SHOWN]]
    return [*lines, f"  ... and {len(places) - SHOWN} more"] if len(places) > SHOWN else lines
