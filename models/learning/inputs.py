"""What a model reads, in one form for all headers, and whether the data at hand are that. Standard library only.

``input`` in the header of a model file, beside lists that a network needs for itself (``features``, ``maps`` ...):

==============  ====================================================================================================
``kind``        ``series``, ``stack``, ``interferograms`` or ``pair``: points with series, images or interferograms whose pixels
                are judged, interferograms that are judged as a whole, two images
``quantities``  what the data may hold: ``displacement``, or quantities of a stack
``dates``       ``least`` and ``most`` dates that the model accepts (``most`` may be null), and ``trained``: the fewest and
                the most of its training; null where their number makes no difference
``wavelength``  ``trained``: the shortest and the longest of its training in metres; null where it makes no difference
``needs``       companions that it cannot do without: ``amplitude``, ``coherence``, ``baselines``
``optional``    companions that it uses where there are some
``reads``       the same in a sentence
==============  ====================================================================================================

A header from before this form lacks some of it; what is not there is not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from stillpoint.models.errors import StillpointError
from stillpoint.models.learning.headers import Header

KINDS = ("series", "stack", "interferograms", "pair")
QUANTITIES = ("displacement", "complex", "phase", "unwrapped", "amplitude", "intensity", "decibel", "grey", "coherence")
COMPANIONS = ("amplitude", "coherence", "baselines")
NAMES = ("kind", "quantities", "dates", "wavelength", "needs", "optional", "reads")

SLACK = 1.02
"""Factor by which a wavelength may lie outside of those of the training: sensors of one band differ as much."""

LONGEST_WORD, MOST_WORDS, LONGEST_SENTENCE = 40, 16, 400
"""What is shown of a header."""

BANDS = (("X", 0.024, 0.0375), ("C", 0.0375, 0.075), ("S", 0.075, 0.15), ("L", 0.15, 0.3), ("P", 0.3, 1.2))


@dataclass(frozen=True)
class Data:
    """What is known of the data at hand; what is None is not checked.

    Attributes
    ----------
    name
        For messages.
    quantity
        One of :data:`QUANTITIES`.
    dates
        How many there are.
    wavelength
        Metres.
    companions
        Which of :data:`COMPANIONS` there are; None where nobody looked.
    """

    name: str
    quantity: Optional[str] = None
    dates: Optional[int] = None
    wavelength: Optional[float] = None
    companions: Optional[Sequence[str]] = None


def described(
    kind: str,
    quantities: Sequence[str],
    *,
    dates: Optional[Tuple[int, Optional[int]]] = None,
    trained: Optional[Tuple[int, int]] = None,
    wavelength: Optional[Tuple[float, float]] = None,
    needs: Sequence[str] = (),
    optional: Sequence[str] = (),
    reads: str,
    **own: Any,
) -> Dict[str, Any]:
    """Return the ``input`` of a header.

    Parameters
    ----------
    kind, quantities, needs, optional, reads
        See the table of this module.
    dates, trained
        Fewest and most that are accepted, and those of the training; None where their number makes no difference.
    wavelength
        Shortest and longest of the training, metres; None where it makes no difference, or nobody knows.
    own
        What the network needs for itself.
    """
    return {
        "kind": kind,
        "quantities": list(quantities),
        "dates": None if dates is None else {"least": dates[0], "most": dates[1], "trained": list(trained or dates)},
        "wavelength": None if wavelength is None else {"trained": list(wavelength)},
        "needs": list(needs),
        "optional": list(optional),
        "reads": reads,
        **own,
    }


def problems(form: Mapping[str, Any]) -> List[str]:
    """Return what is wrong with the ``input`` of a header, in a few words each; empty where it follows the form."""
    found = [f"{name} is missing" for name in NAMES if name not in form]
    if found:
        return found
    dates, wavelength = form["dates"], form["wavelength"]
    if form["kind"] not in KINDS:
        found.append(f"the kind {form['kind']!r} is unknown")
    for name, known in (("quantities", QUANTITIES), ("needs", COMPANIONS), ("optional", COMPANIONS)):
        if not isinstance(form[name], list) or not set(map(str, form[name])) <= set(known):
            found.append(f"{name} must be among {', '.join(known)}")
    if dates is None:
        pass
    elif not isinstance(dates, dict) or set(dates) != {"least", "most", "trained"} or not _range(dates["trained"]):
        found.append("dates needs least, most and trained")
    elif not (isinstance(dates["least"], int) and (dates["most"] is None or isinstance(dates["most"], int))):
        found.append("least and most dates must be numbers")
    if wavelength is not None and not (isinstance(wavelength, dict) and _range(wavelength.get("trained"))):
        found.append("wavelength needs trained: the shortest and the longest in metres")
    if not isinstance(form["reads"], str) or not form["reads"]:
        found.append("reads must be a sentence")
    return found


def check(header: Header, data: Data, *, model: Path) -> List[str]:
    """Return warnings where the data lie outside of a model's training.

    Raises
    ------
    StillpointError
        The model cannot read such data.
    """
    form = header.input
    quantities, needs = _texts(form.get("quantities")), _texts(form.get("needs"))
    if data.quantity is not None and quantities and data.quantity not in quantities:
        raise StillpointError(
            f"The model {model.name} was made for {_listed(quantities, 'or')}, and {data.name} holds {data.quantity}. "
            "Take a model that reads it, or other data."
        )
    missing = [] if data.companions is None else [name for name in needs if name not in data.companions]
    if missing:
        raise StillpointError(
            f"The model {model.name} needs {_listed(missing, 'and')}, which {data.name} does not bring. Give it, or take another "
            "model."
        )
    warnings = _check_dates(form.get("dates"), data, model)
    wavelength = form.get("wavelength")
    limits: Any = wavelength.get("trained") if isinstance(wavelength, dict) else None
    if data.wavelength and _range(limits):
        low, high = limits
        if not low / SLACK <= data.wavelength <= high * SLACK:
            warnings.append(
                f"The model {model.name} was trained on {in_bands(low, high)}, and {data.name} has {in_bands(data.wavelength)}: it "
                "has never seen such data, and its answers are less certain than it says."
            )
    return warnings


def _check_dates(form: Any, data: Data, model: Path) -> List[str]:
    if data.dates is None or not isinstance(form, dict):
        return []
    least, most = form.get("least"), form.get("most")
    trained: Any = form.get("trained")
    if isinstance(least, int) and data.dates < least:
        raise StillpointError(f"The model {model.name} needs {least} dates at least, and {data.name} has {data.dates}. Add dates.")
    if isinstance(most, int) and data.dates > most:
        raise StillpointError(
            f"The model {model.name} takes {most} dates at most, and {data.name} has {data.dates}. Leave some out, or take another "
            "model."
        )
    if _range(trained) and not trained[0] <= data.dates <= trained[1]:
        return [
            f"The model {model.name} was trained on {_between(trained)} dates, and {data.name} has {data.dates}: its answers are "
            "less certain than it says."
        ]
    return []


def in_words(header: Header) -> List[Tuple[str, str]]:
    """Return what a model reads as names and texts for people; only what its header tells."""
    form = header.input
    found: List[Tuple[str, str]] = []
    if isinstance(form.get("reads"), str):
        found.append(("Reads", form["reads"][:LONGEST_SENTENCE]))
    if _texts(form.get("quantities")):
        found.append(("Quantity", _listed(_texts(form["quantities"]), "or")))
    dates = form.get("dates")
    if isinstance(dates, dict) and isinstance(dates.get("least"), int):
        accepted = f"{dates['least']}" if dates.get("most") == dates["least"] else (
            f"{dates['least']} to {dates['most']}" if dates.get("most") else f"{dates['least']} or more"
        )  # fmt: skip
        trained = f"; {_between(dates['trained'])} in training" if _range(dates.get("trained")) else ""
        found.append(("Dates", accepted + (trained if dates.get("trained") != [dates["least"], dates.get("most")] else "")))
    wavelength = form.get("wavelength", "")
    if isinstance(wavelength, dict) and _range(wavelength.get("trained")):
        found.append(("Wavelength", in_bands(*wavelength["trained"])))
    for name, title in (("needs", "Needs"), ("optional", "Uses, if there")):
        if _texts(form.get(name)):
            found.append((title, _listed(_texts(form[name]), "and")))
    return found


def in_bands(shortest: float, longest: Optional[float] = None) -> str:
    """Return a wavelength, or a range of them, in metres with the letters of its bands."""
    high = shortest if longest is None else longest
    letters = [letter for letter, low, top in BANDS if shortest < top and high >= low]
    shown = f"{shortest:.3g}" if high == shortest else f"{shortest:.3g} to {high:.3g}"
    if not letters:
        return f"wavelengths of {shown} m"
    return f"{letters[0] if len(letters) == 1 else letters[0] + ' to ' + letters[-1]} band ({shown} m)"


def _range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(
        isinstance(item, (int, float)) and not isinstance(item, bool) for item in value
    ) and value[0] <= value[1]  # fmt: skip


def _between(limits: Sequence[Any]) -> str:
    return f"{limits[0]}" if limits[0] == limits[1] else f"{limits[0]} to {limits[1]}"


def _texts(value: Any) -> List[str]:
    """Return the words of a list in a header; what is too long to be one is shortened."""
    return [text[:LONGEST_WORD] for text in value[:MOST_WORDS] if isinstance(text, str)] if isinstance(value, list) else []


def _listed(texts: Sequence[str], word: str) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"
