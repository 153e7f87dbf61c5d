"""``python -m benchmarks.fuzz --count N``; see :mod:`stillpoint.benchmarks.fuzz.run`."""

from __future__ import annotations

import sys

from stillpoint.benchmarks.fuzz.run import main

if __name__ == "__main__":
    sys.exit(main())
