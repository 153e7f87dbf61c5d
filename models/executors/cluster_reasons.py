"""Why a Dask scheduler cannot be reached, in words."""

from __future__ import annotations

import ssl
from typing import Iterator, List, Optional

from stillpoint.models.errors import StillpointError

SECURE = ("tls://", "wss://")
"""Addresses of schedulers that ask for certificates."""

_NAMED = "Dask's configuration (distributed.comm.tls)"


def unreachable(address: str, error: BaseException) -> StillpointError:
    """Return the error for a scheduler at ``address`` to which no connection could be made because of ``error``."""
    causes = list(_causes(error))
    secure = address.startswith(SECURE)
    if secure and isinstance(error, TypeError):  # Dask gets no TLS context where no certificate is named
        return StillpointError(
            f"The scheduler at {address} is reached with certificates, and {_NAMED} names none here. Name the authority's file, "
            "your certificate and its key there; whoever runs the cluster has them."
        )
    for cause in causes:
        if secure and isinstance(cause, (FileNotFoundError, IsADirectoryError)):
            what = f"The certificate {cause.filename}" if cause.filename else "A certificate"
            return StillpointError(f"{what} that {_NAMED} names is not there, so {address} cannot be reached. Correct the path.")
        if secure and isinstance(cause, (PermissionError, ssl.SSLError, ValueError)):
            return StillpointError(
                f"The scheduler at {address} and this machine do not trust each other's certificates ({_said(cause)}). Name the "
                f"certificates of that cluster in {_NAMED}."
            )
    if not secure and any(isinstance(cause, ConnectionResetError) for cause in causes):
        return StillpointError(
            f"The scheduler at {address} closed the connection at once: it may ask for certificates. If so, give its address as "
            f"tls://, and name the certificates in {_NAMED}."
        )
    tls = f" For tls:// the certificates must be named in {_NAMED}." if secure else ""
    return StillpointError(
        f"No Dask scheduler answers at {address} ({_plain(causes)}). Check the address, that the scheduler runs, and that no "
        f"firewall lies between.{tls}"
    )


def _causes(error: Optional[BaseException]) -> Iterator[BaseException]:
    """Yield an error and what caused it."""
    seen = 0
    while error is not None and seen < 20:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def _said(error: BaseException) -> str:
    """Return what TLS found wrong, without its codes."""
    reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or type(error).__name__
    return str(reason).replace("_", " ").lower()


def _plain(causes: List[BaseException]) -> str:
    """Return in a few words why nobody answers."""
    text = " ".join(str(cause) for cause in causes).lower()
    if "refused" in text:
        return "the connection was refused"
    if "timed out" in text or any(isinstance(cause, TimeoutError) for cause in causes):
        return "no answer in time"
    if "not known" in text or "resolution" in text:
        return "there is no host of that name"
    if "unreachable" in text or "no route" in text:
        return "there is no way to that host"
    return "the connection failed"
