"""Reads pip's output: how far it is, and what failed, in the user's words. Standard library only."""

from __future__ import annotations

import re
from typing import Sequence

from stillpoint.plugin.language import tr

NO_NETWORK = (
    "The libraries cannot be downloaded. Check the internet connection and QGIS's proxy settings, then try again."
)
OFFLINE = r"ConnectionError|ConnectTimeout|ReadTimeout|timed out|ProxyError|SSLError|NameResolution|Temporary failure"
"""What pip writes when it cannot reach the package index; it then also says that no version was found."""


class PipProgress:
    """Reads how far pip is from its output; :attr:`fraction` never goes back.

    pip does not tell how much is to come, so each download takes a share of what is left.
    """

    def __init__(self) -> None:
        self.fraction = 0.0
        self._start = 0.0
        self._name = ""
        self._weight = 0.0

    def line(self, line: str) -> str:
        """Take one line and return the message for people, empty where there is nothing new."""
        text = line.strip()
        if text.startswith("Downloading "):
            found = re.match(r"Downloading (\S+?)(?:-\d\S*)? \(([\d.]+) ([kMG]?)B\)", text)
            self._name = found.group(1).rsplit("/", 1)[-1] if found else text.split()[1].rsplit("/", 1)[-1]
            size = float(found.group(2)) * {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}[found.group(3)] if found else 1.0
            self._start = self.fraction
            self._weight = (0.8 - self.fraction) * size / (size + 100.0)  # 100 MB: the usual rest
            return tr("Downloading {name}").format(name=self._name) + (f" ({found.group(2)} {found.group(3)}B)" if found else "")
        found = re.match(r"Progress (\d+) of (\d+)", text)
        if found and int(found.group(2)):
            part = int(found.group(1)) / int(found.group(2))
            self.fraction = max(self.fraction, self._start + self._weight * min(part, 1.0))
            return tr(
                "Downloading {name}: {done:.0f} of {all:.0f} MB"
            ).format(name=self._name, done=int(found.group(1)) / 1e6, all=int(found.group(2)) / 1e6)
        if text.startswith("Collecting "):
            return tr("Looking for {library}").format(library=text.split()[1])
        if text.startswith("Installing collected packages"):
            self.fraction = max(self.fraction, 0.8)
            return tr("Unpacking the libraries (this takes some minutes)")
        if text.startswith("Successfully installed"):
            self.fraction = 1.0
            return tr("Installed")
        return ""


def explain_pip(output: Sequence[str]) -> str:
    """Return what failed in pip's output as a sentence that says what to do."""
    text = "\n".join(output)
    if "No space left on device" in text or "Errno 28" in text:
        return tr("The disk is full. Free some space, or choose the build for the CPU only.")
    if "No matching distribution" in text or "Could not find a version" in text:
        if re.search(OFFLINE, text):
            return NO_NETWORK
        found = re.search(r"No matching distribution found for (\S+)", text)
        name = found.group(1) if found else "a library"
        return (
            tr(
                "There is no {name} for this Python on this system. Update QGIS, or choose an interpreter of your "
                "own."
            ).format(name=name)
        )
    if re.search(OFFLINE, text):
        return NO_NETWORK
    if "Permission denied" in text or "Access is denied" in text:
        return tr("A file of the environment cannot be written. Close other QGIS windows and try again.")
    return tr(
        "The libraries cannot be installed: {last_error} The log has the details."
    ).format(last_error=last_error(output))


def last_error(output: Sequence[str]) -> str:
    """Return the last line that says something, preferring pip's errors."""
    errors = [line for line in output if line.startswith("ERROR")]
    said = errors or [line for line in output if line.strip()] or [tr("no output.")]
    return said[-1].strip()[:300]
