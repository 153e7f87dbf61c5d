"""``python -m stillpoint.models``: the same as the command ``stillpoint``."""

from __future__ import annotations

import sys

from stillpoint.models.cli import main

if __name__ == "__main__":
    sys.exit(main())
