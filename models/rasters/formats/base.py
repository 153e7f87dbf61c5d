"""What every reader offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from stillpoint.models.rasters.files import Files
from stillpoint.models.rasters.product import Product


class Reader(ABC):
    """Recognises one format among files and says what they hold.

    A reader looks at names and parameter files only; pixels are checked and scaled for all readers in
    :mod:`stillpoint.models.rasters.assemble`.
    """

    name: ClassVar[str]
    """Its name in ``stillpoint.models.jobs.rasters.FORMATS``."""
    title: ClassVar[str]
    """Its name for people."""

    @abstractmethod
    def claims(self, files: Files) -> bool:
        """Whether ``files`` are of this format, told by their content where names alone would not do."""

    @abstractmethod
    def read(self, files: Files) -> Product:
        """Return what ``files`` hold.

        Raises
        ------
        StillpointError
            A file of the product is missing, damaged or contradicts another.
        """
