"""SIGKILL of a cycle at random moments; after each, the next cycle must run as if nothing were.

A child of a prepared process runs the cycle, so that the moments lie in its work and not in loading
libraries. It asks the replay server; time is simulated.
"""

import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from flows import campaign_rivers, manifest, pulling
from flows.campaign_hands import Hands, hands
from flows.campaign_rivers import HOURLY
from flows.campaign_week import BEGIN, PAUSE
from flows.campaign_whole import Inspector
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Stage, serving

Report = Callable[[int, int, str], None]
WARM_UP = 3  # cycles that run to their end: how long one takes
BEYOND = 1.05  # of the usual length: the last moments of a cycle count, too
FINE = ("issued", "degraded")


@dataclass(frozen=True)
class Kill:
    """What one kill did.

    Attributes:
        after: Seconds into the cycle.
        reached: `nothing`: no forecast yet; `forecast`: issued, not published; `published`; `ended`
            if the cycle was quicker than the kill.
        next: State of the cycle after it, and how long it took [s].
        torn: Files of releases that are not whole, right after the kill and after the next cycle.
        lost: Readings, forecasts and inputs that are gone.
        left: Half files that stay.
    """

    number: int
    after: float
    reached: str
    next: str
    seconds: float
    torn: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def run(times: int, gauges: int, seed: int, home: Path, report: Report) -> list[Kill]:
    """Kill so many cycles and return what came of each."""
    home.mkdir(parents=True, exist_ok=True)
    report(0, times, "learning")
    campaign_rivers.prepare(home, HOURLY, gauges, seed)
    world, rng = campaign_rivers.world(gauges, BEGIN, seed), np.random.default_rng([seed, 9])
    stage, folders = Stage(world, Clock(BEGIN, 0), Faults(SOURCES), pause=PAUSE), Folders(home)
    found: list[Kill] = []
    with serving(stage) as server, hands(home, server, speed=1.0) as worker:
        ways = Ways(worker, Inspector(folders, pulling.find(HOURLY.name, folders)), _first(folders))
        usual = statistics.median(ways.whole()[1] for _ in range(WARM_UP))
        for number in range(times):
            found.append(ways.kill(number, float(rng.uniform(0, BEYOND * usual))))
            report(number + 1, times, f"{found[-1].reached}, then {found[-1].next}")
    return found


@dataclass
class Ways:
    """Runs cycles hour by hour, whole or killed."""

    worker: Hands
    inspector: Inspector
    due: np.datetime64

    def whole(self) -> tuple[dict[str, Any], float]:
        """Run the next cycle to its end; return what it said, and its seconds."""
        return self._go(inf)

    def kill(self, number: int, after: float) -> Kill:
        """Kill the next cycle, run the one after it, and look at what is there."""
        due = self.due
        said, _ = self._go(after)
        torn = self.inspector.torn()
        reached = "ended" if said else _reached(self.inspector.folders, due)
        told, seconds = self.whole()
        look = self.inspector
        return Kill(
            number=number,
            after=round(after, 3),
            reached=reached,
            next=str(told.get("state", "none")),
            seconds=round(seconds, 2),
            torn=[*torn, *look.torn()],
            lost=[*look.readings_lost(), *look.runs_lost()],
            left=look.left(),
        )

    def _go(self, after: float) -> tuple[dict[str, Any], float]:
        due, self.due = self.due, self.due + HOURLY.every
        return self.worker.killed(HOURLY.name, due, after)


def _first(folders: Folders) -> np.datetime64:
    """Return when the next cycle is due: after the last one that there is."""
    first = BEGIN + HOURLY.after * campaign_rivers.MINUTE
    runs = sorted((folders.home / "runs").glob(f"{HOURLY.name}-*.json"))
    if not runs:
        return first
    issued = np.datetime64(manifest.load(runs[-1]).issue_time.rstrip("Z"), "ns")
    return issued + HOURLY.every + HOURLY.after * campaign_rivers.MINUTE


def _reached(folders: Folders, due: np.datetime64) -> str:
    """Return how far the cycle that was due then had come."""
    stamp = str((due - HOURLY.after * campaign_rivers.MINUTE).astype("datetime64[m]"))
    runs = sorted((folders.home / "runs").glob(f"{HOURLY.name}-{stamp.replace(':', '')}Z-*.json"))
    return manifest.load(runs[-1]).state if runs else "nothing"


def figures(found: list[Kill]) -> dict[str, float | str]:
    """Return the figures of a campaign of kills."""
    reached = Counter(kill.reached for kill in found)
    seconds = [kill.seconds for kill in found]
    return {
        "kills": len(found),
        **{f"killed_{name}": count for name, count in sorted(reached.items())},
        "next_on_time": sum(kill.next in FINE for kill in found),
        "next_s_median": statistics.median(seconds),
        "next_s_max": max(seconds),
        "locks_stuck": sum(kill.next == "overlapped" for kill in found),
        "torn": sum(len(kill.torn) for kill in found),
        "lost": sum(len(kill.lost) for kill in found),
        "half_files_left": len(set(found[-1].left)),
    }


def as_rows(found: list[Kill]) -> list[dict[str, Any]]:
    """Return the kills for JSON."""
    return [asdict(kill) for kill in found]
