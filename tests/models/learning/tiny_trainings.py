"""A training that is tiny in another process too: run as a program, this is a helper of a training on several devices."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from stillpoint.models.trends import mirmazloumi


def shrink(put: Callable[[Any, str, Any], None]) -> None:
    """Make a training tiny, by ``put(module, name, value)``."""
    made = mirmazloumi.simulated_samples
    put(mirmazloumi, "simulated_samples", lambda seed: made(seed, each=60))


if __name__ == "__main__":
    from stillpoint.models.learning import parallel

    if os.environ.get("TINY_HELPER") == "fails":
        print("Traceback\nsomething is wrong with this device", file=sys.stderr)
        sys.exit(3)
    shrink(setattr)
    sys.exit(parallel.main())
