"""Small works that the workers of a test's cluster can import."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence

from stillpoint.models.executors import Work
from stillpoint.models.progress import Progress


@dataclass
class Sums(Work[range]):
    """Sums a range of numbers; more than ``most`` of them are too many for memory."""

    most: int = 1 << 30
    seconds: float = 0.0
    file: str = ""
    log: str = ""
    dies: str = ""
    bias: int = 0

    def open(self, check):
        return self.bias

    def files(self) -> Sequence[str]:
        return [self.file] if self.file else []

    def read(self, parcel: range) -> List[int]:
        return list(parcel)

    def compute(self, parcel: range, values: List[int], progress: Progress) -> int:
        if self.log:
            with open(self.log, "a", encoding="utf-8") as stream:
                stream.write(f"{os.getpid()} {parcel.start}\n")
        if self.dies and not Path(self.dies).exists():
            Path(self.dies).write_text("once")
            os._exit(9)
        if len(values) > self.most:
            raise MemoryError
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            progress.check()
            time.sleep(0.02)
        return sum(values) + self.opened

    def smaller(self, item: range) -> List[range]:
        if len(item) < 4:
            return []
        middle = len(item) // 2
        return [item[:middle], item[middle:]]
