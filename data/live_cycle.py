"""What a live cycle is, and what it tells of each feed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from data import steps
from data.deadline import Deadline, Gate
from data.network import Network
from data.reading import NAT
from data.sources.asking import Access


@dataclass(frozen=True)
class Cycle:
    """One round of asking.

    Attributes:
        accesses: By source; a source without one is not asked.
        store: The file of the network's readings.
        raw: The folder of answers as they came.
        now: UTC; readings of the last grid time before it are wanted.
        deadline: Who has not answered by then is left behind; None: all are waited for.
        gate: What comes after it has closed is kept as it came, and not stored.
    """

    network: Network
    accesses: Mapping[str, Access]
    store: Path
    raw: Path
    now: np.datetime64
    deadline: Deadline | None = None
    gate: Gate = field(default_factory=Gate)

    @property
    def target(self) -> np.datetime64:
        """The last grid time at or before now: the issue time of a forecast made now."""
        return steps.last(self.now, self.network.step)


@dataclass(frozen=True)
class Told:
    """What one feed did in one cycle.

    Attributes:
        state: `ok`; `late`: it answered, but some station lacks the wanted time; `failed`: nothing
            that can be used; `not set up`: no access to it was given.
        why: One sentence; "" where all is well.
        newest: Of the readings with a value; NaT if there is none.
        replayed: What the server says that it replays or simulates; "" from the real provider.
        complaints: A sentence for each row that could not be used.
    """

    source: str
    variable: str
    state: str
    why: str = ""
    new: int = 0
    revised: int = 0
    newest: np.datetime64 = NAT
    replayed: str = ""
    complaints: tuple[str, ...] = ()

    def __str__(self) -> str:
        reached = "" if np.isnat(self.newest) else f"newest {str(self.newest)[:16]}Z"
        counts = f"{self.new:,} new, {self.revised:,} revised" if reached else ""
        parts = (self.state, reached, counts, self.replayed, self.why)
        return " · ".join(part for part in parts if part)
