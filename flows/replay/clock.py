"""The clock of a replay: it starts at a given time and runs at any speed."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np


@dataclass(frozen=True)
class Clock:
    """Time as the replay tells it.

    Attributes:
        began: What it showed when it was made, UTC datetime64[ns].
        speed: Seconds of replay in a second of real time; 0 stands still.
        started: `time.monotonic()` when it was made.
    """

    began: np.datetime64
    speed: float = 1.0
    started: float = field(default_factory=time.monotonic)

    def now(self) -> np.datetime64:
        """Return the time of the replay, UTC datetime64[ns]."""
        elapsed = round((time.monotonic() - self.started) * self.speed * 1e9)
        return self.began + np.timedelta64(elapsed, "ns")


def real(speed: float = 1.0) -> Clock:
    """Return a clock that shows the real time now, and runs at `speed` from here on."""
    return Clock(np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns"), speed)
