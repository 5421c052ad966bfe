"""One cell of the fault matrix: a clean cycle, a faulty one, and a clean one an hour later.

The servers stand still at three moments, and the connectors are shown the same time.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from unittest.mock import patch

import numpy as np

from data import live
from data.live import Cycle, Told
from data.sources import hrfco, hrfco_values, kma_forecast, usgs_client, web
from data.sources.asking import Access, Manners
from flows.bench_faults_rivers import MOMENTS, network
from flows.bench_faults_store import lost, wrong
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.world import World

HASTY = Manners(timeout=2, tries=2, first_wait=0.001, longest_wait=0.01, budget=5, largest=4 << 20)
KEYS = {"hrfco": "7A1D44C2-SECRET-KEY"}
OTHER_KEY = "SECRET+KEY/7A1D44C2=="  # as data.go.kr makes them
WORDS = 14  # of a reason, for the table
_CLOCKS = (web, hrfco_values, kma_forecast, usgs_client)


@dataclass(frozen=True)
class Cell:
    """What one fault at one provider did.

    Attributes:
        did: State of each of its feeds in the faulty cycle.
        ended: The exception that ended a cycle; "" if none did.
        wrong_then: Good values that were not true after the faulty cycle.
        wrong: The same after the clean cycle that followed.
        zeros: Of both, those that are zero.
        blanked: Good observations of the clean cycle before that the faulty one took away.
        lost: Good observations that the clean cycle did not bring back.
        said: All that the cycles told and logged, to look for keys.
    """

    source: str
    fault: str
    did: str = ""
    why: str = ""
    seconds: float = 0.0
    ended: str = ""
    wrong_then: int = 0
    wrong: int = 0
    zeros: int = 0
    blanked: int = 0
    lost: int = 0
    said: str = field(default="", repr=False)


@contextmanager
def stages(true: World) -> Iterator[list[Server]]:
    """Serve the three moments while the block lasts."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(hrfco, "PAUSE", 0))
        yield [
            stack.enter_context(serving(Stage(true, Clock(now, 0), Faults(SOURCES), pause=0.001)))
            for now in MOMENTS
        ]


@contextmanager
def at(moment: np.datetime64) -> Iterator[None]:
    """Show the connectors this time [UTC] while the block lasts."""

    class Stopped:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            stopped: datetime = moment.astype("datetime64[us]").item()
            return stopped.replace(tzinfo=UTC).astimezone(zone)

    with ExitStack() as stack:
        for module in _CLOCKS:
            stack.enter_context(patch.object(module, "datetime", Stopped))
        yield


def accesses(server: Server) -> dict[str, Access]:
    """Return how to reach each provider of a server, with a key that must not be seen."""
    return {
        source: Access(server.url(source), KEYS.get(source, OTHER_KEY), HASTY) for source in SOURCES
    }


def cycle(source: str, servers: list[Server], number: int, folder: Path) -> list[Told]:
    """Run one cycle at one of the three moments; the files lie in `folder`."""
    now = MOMENTS[number]
    made = Cycle(
        network(source), accesses(servers[number]), folder / "o.sqlite", folder / "raw", now
    )
    with at(now):
        return live.refresh(made)


@dataclass(frozen=True)
class Drill:
    """All cells of one provider: they begin with the same clean cycle.

    Attributes:
        folder: Below it a folder for each cell; `control` is the one without a fault.
    """

    source: str
    servers: list[Server]
    true: World
    folder: Path

    def begin(self) -> None:
        """Run the clean cycle, and the control: three clean ones."""
        cycle(self.source, self.servers, 0, self.folder / "first")
        control = self._copy("control")
        shutil.copy(control / "o.sqlite", self._control(0))
        for number in (1, 2):
            cycle(self.source, self.servers, number, control)
            shutil.copy(control / "o.sqlite", self._control(number))

    def cell(self, fault: str) -> Cell:
        """Run the faulty cycle and the clean one after it."""
        folder = self._copy(fault)
        self.servers[1].stage.faults.set(self.source, fault)
        begun = time.perf_counter()
        try:
            told = cycle(self.source, self.servers, 1, folder)
            seconds = time.perf_counter() - begun
            then, zeros = self._wrong(folder, 1)
            blanked = self._gone(folder, 0, MOMENTS[0])
            later = cycle(self.source, self.servers, 2, folder)
        except Exception as error:  # noqa: BLE001  # that one ends a cycle is what is looked for
            return Cell(self.source, fault, ended=f"{type(error).__name__}: {error}")
        finally:
            self.servers[1].stage.faults.clear()
        after, more = self._wrong(folder, 2)
        return replace(
            _told(self.source, fault, told),
            seconds=seconds,
            wrong_then=then,
            wrong=after,
            zeros=zeros + more,
            blanked=blanked,
            lost=self._gone(folder, 2, MOMENTS[1]),
            said=f"{told} {later}",
        )

    def _copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.folder / "first", self.folder / name))

    def _control(self, number: int) -> Path:
        return self.folder / f"control{number}.sqlite"

    def _wrong(self, folder: Path, number: int) -> tuple[int, int]:
        controls = [self._control(each) for each in range(number + 1)]
        return wrong(folder / "o.sqlite", self.source, self.true, controls)

    def _gone(self, folder: Path, number: int, until: np.datetime64) -> int:
        return lost(folder / "o.sqlite", self.source, self._control(number), until)


def _told(source: str, fault: str, told: list[Told]) -> Cell:
    own = [each for each in told if each.source == source]
    why = next((each.why for each in own if each.why), "")
    words = why.split()
    short = " ".join(words[:WORDS]) + (" .." if len(words) > WORDS else "")
    return Cell(source, fault, ", ".join(f"{t.variable} {t.state}" for t in own), short)
