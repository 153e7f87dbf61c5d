"""Opens HDF5 files of time series: MintPy and LiCSBAS."""

from __future__ import annotations

from typing import Any, Optional

from stillpoint.models.errors import StillpointError
from stillpoint.models.points.formats.pixels import PixelSource, damaged


def open_hdf5(
    path: str, *, layer: Optional[str] = None, unit: str = "auto", crs: Optional[str] = None
) -> PixelSource:
    """Open the HDF5 file ``path``; ``layer`` is not used, such files hold one series.

    Raises
    ------
    StillpointError
        It is damaged, holds no time series, or cannot be located.
    """
    file = open_file(path)
    try:
        if "timeseries" in file and getattr(file["timeseries"], "ndim", 0) == 3:
            from stillpoint.models.points.formats.mintpy import open_mintpy

            return open_mintpy(file, path, unit=unit, crs=crs)
        if "cum" in file and "imdates" in file:
            from stillpoint.models.points.formats.licsbas import open_licsbas

            return open_licsbas(file, path, unit=unit, crs=crs)
        raise StillpointError(
            f"{path} holds no displacement series that Stillpoint knows: expected are MintPy's timeseries*.h5 (data set "
            f"'timeseries') or LiCSBAS's cum*.h5 ('cum' and 'imdates'); it has {', '.join(map(repr, list(file)[:8])) or 'nothing'}."
        )
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, MemoryError) as error:
        file.close()
        raise damaged(path, error) from None
    except StillpointError:
        file.close()
        raise


def open_file(path: str) -> Any:
    """Open an HDF5 file for reading.

    Raises
    ------
    StillpointError
        It is damaged or h5py is missing.
    """
    try:
        import h5py
    except ImportError as error:
        raise StillpointError(
            f"HDF5 files need the library h5py, which does not load here ({str(error).splitlines()[0]}): "
            "repair the engine's environment in the set-up dialog."
        ) from None
    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise damaged(path, error) from None


def text(value: Any) -> str:
    """Return an HDF5 attribute or scalar as text."""
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
