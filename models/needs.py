"""The libraries that the engine needs, from which version on, and what for. Standard library only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Tuple


@dataclass(frozen=True)
class Need:
    """A library.

    Attributes
    ----------
    module
        What is imported.
    package
        What pip installs.
    least
        Oldest version that serves.
    below
        First version that does not serve any more; empty where none is known.
    purpose
        What needs it, to go on "Without it ... cannot be used" sentences: a capability, for people.
    required
        False where Stillpoint works without it, apart from that purpose.
    """

    module: str
    package: str
    least: str
    purpose: str
    below: str = ""
    required: bool = True

    def fits(self, version: str) -> bool:
        """Whether a version serves; one that cannot be read does."""
        have = numbers(version)
        if not have:
            return True
        return have >= numbers(self.least) and (not self.below or have < numbers(self.below))

    @property
    def wanted(self) -> str:
        """The versions that serve, for people."""
        return f"{self.least} or newer" + (f", older than {self.below}" if self.below else "")

    @property
    def requirement(self) -> str:
        """The same as pip takes it."""
        return f"{self.package}>={self.least}" + (f",<{self.below}" if self.below else "")


NEEDS: Tuple[Need, ...] = (
    Need("numpy", "numpy", "1.21", "everything"),
    Need("torch", "torch", "2.2", "every neural network: trends, scatterers, interferograms, offsets, training"),
    Need("safetensors", "safetensors", "0.4", "opening and writing model files"),
    Need("scipy", "scipy", "1.7", "interferograms, offsets, simulation and the statistical tests"),
    Need("h5py", "h5py", "3.6", "products in HDF5, such as those of MintPy, NISAR and ISCE"),
    Need("pyarrow", "pyarrow", "12", "points in Parquet files", below="25"),
    Need("distributed", "distributed", "2023.5", "computing on a Dask cluster", required=False),
    Need("whirlwind", "whirlwind-insar", "0.10", "simulating interferograms, and one way of unwrapping", below="1", required=False),
    Need("matplotlib", "matplotlib", "3.5", "learning curves as PNG beside SVG", required=False),
)

PYTHON = (3, 9)
"""Oldest Python."""


def numbers(version: str) -> Tuple[int, ...]:
    """Return the leading numbers of a version: (2, 13, 0) of ``"2.13.0+cpu"``; empty where there are none."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
