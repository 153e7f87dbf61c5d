"""What can go wrong in a way that the user can mend, and the request to stop. Standard library only."""

from __future__ import annotations


class StillpointError(Exception):
    """An error that the user can do something about.

    The message is one sentence or two in the user's words: what is wrong, with which file or
    column, and what to do. Nothing else is shown, so no traceback is needed to understand it.
    """


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The user asked to stop. Raised between two pieces of work, when nothing is half written."""
