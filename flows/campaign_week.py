"""A simulated week: every due cycle is run, unattended, while providers fail by a plan.

Time stands still between cycles and runs `speed` times as fast while one runs. What each cycle did
is a line of `campaign.jsonl`, on the disk before the next begins: a campaign that was killed goes
on from there.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import InvalidData
from flows import campaign_faults, campaign_rivers
from flows.campaign_faults import Trouble
from flows.campaign_hands import Hands, hands
from flows.campaign_rivers import HOURLY, TEN_MINUTES, Plan
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from maps.publish import broken

Report = Callable[[int, int, str], None]
BEGIN = np.datetime64("2026-08-13T00:00", "ns")  # of default: gauges rise to SEVERE in this week
LOG, ORDER = "campaign.jsonl", "campaign.json"
PAUSE = 0.01  # seconds before each piece of a slow body: the campaign is not about waiting
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Week:
    """What is asked of a campaign.

    Attributes:
        speed: Seconds of simulated time in a second while a cycle runs.
        outage_hours: How long the machine has no power, a day and a half after the beginning.
        faults: Whether providers fail.
    """

    gauges: int = 20
    hourly_days: float = 7
    ten_minute_days: float = 3
    seed: int = 0
    speed: float = 10.0
    outage_hours: float = 3.0
    faults: bool = True

    @property
    def plans(self) -> dict[Plan, np.datetime64]:
        """The networks, and until when each is run."""
        days = {HOURLY: self.hourly_days, TEN_MINUTES: self.ten_minute_days}
        return {plan: BEGIN + round(n * 1440) * campaign_faults.MINUTE for plan, n in days.items()}

    @property
    def troubles(self) -> list[Trouble]:
        """What goes wrong: faults, a day without the gauges' provider, and the lack of power."""
        end = max(self.plans.values())
        found = campaign_faults.drawn(BEGIN, end, self.seed) if self.faults else []
        if self.faults and self.hourly_days > 5:
            found.append(campaign_faults.silent(BEGIN, 4))
        if self.outage_hours:
            found.append(campaign_faults.off(BEGIN, self.outage_hours))
        return found


@dataclass(frozen=True)
class Due:
    """A cycle that is due."""

    when: np.datetime64
    network: str


def due(week: Week) -> list[Due]:
    """Return all cycles of a campaign in the order in which they are due."""
    found = []
    for plan, end in week.plans.items():
        first = BEGIN + plan.after * campaign_faults.MINUTE
        found += [Due(when, plan.name) for when in np.arange(first, end, plan.every)]
    return sorted(found, key=lambda each: (each.when, each.network))


def run(week: Week, home: Path, resume: bool, report: Report) -> list[dict[str, Any]]:
    """Run a campaign at a home and return the line of each cycle.

    Raises:
        InvalidData: There is another campaign at that home.
    """
    order(week, home, resume)
    lines = read(home)
    for plan in [plan for plan, end in week.plans.items() if end > BEGIN]:
        report(0, 1, f"learning {plan.name}")
        campaign_rivers.prepare(home, plan, week.gauges, week.seed)
    world = campaign_rivers.world(week.gauges, BEGIN, week.seed)
    stage = Stage(world, Clock(BEGIN, 0), Faults(SOURCES), pause=PAUSE)
    with (
        serving(stage) as server,
        hands(home, server, week.speed) as worker,
        looked_at(Folders(home).site / "current") as looks,
        (home / LOG).open("a", encoding="utf-8", buffering=1) as log,
    ):
        for line in cycles(week, worker, server, lines, report):
            line |= {"looks": len(looks), "torn": [each for each in looks if each]}
            looks.clear()
            lines.append(line)
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
    return lines


def cycles(
    week: Week, worker: Hands, server: Server, done: list[dict[str, Any]], report: Report
) -> Iterator[dict[str, Any]]:
    """Run each cycle that is due and not done yet, as soon as it is due and the one before ended.

    While the machine has no power nothing is run; afterwards what was missed comes as the cycle
    itself sees fit: superseded, or filled in.
    """
    troubles, all_due = week.troubles, due(week)
    now = np.datetime64(done[-1]["now"].rstrip("Z"), "ns") if done else BEGIN
    outages = [each for each in troubles if each.source == "machine"]
    for number, each in enumerate(all_due[len(done) :], len(done)):
        begun = max(now, each.when)
        for outage in outages:
            begun = max(begun, outage.end) if outage.at(begun) else begun
        met = campaign_faults.put(server.stage.faults, troubles, begun)
        told = worker.cycle(each.network, each.when, begun)
        now = np.datetime64(told["now"].rstrip("Z"), "ns")
        line = {"due": f"{each.when}Z", "network": each.network, "begun": f"{begun}Z"}
        yield line | {"faults": met} | told
        report(number + 1, len(all_due), f"{each.network} {str(each.when)[:16]} {told['state']}")


@contextmanager
def looked_at(site: Path) -> Iterator[list[list[str]]]:
    """Read the whole site again and again while the block lasts; yield what was torn each time."""
    looks: list[list[str]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_S):
            release = site.resolve()
            if not site.exists():
                continue
            try:
                wrong = broken(release)
            except FileNotFoundError:
                wrong = ["manifest.json"]
            looks.append(wrong if wrong and release.exists() else [])

    reader = threading.Thread(target=look, daemon=True)
    reader.start()
    try:
        yield looks
    finally:
        over.set()
        reader.join()


def order(week: Week, home: Path, resume: bool) -> None:
    """Note what a home is for.

    Raises:
        InvalidData: It holds another campaign, or one that shall not go on.
    """
    home.mkdir(parents=True, exist_ok=True)
    note, told = home / ORDER, asdict(week)
    if not note.exists():
        note.write_text(json.dumps(told), encoding="utf-8")
    elif json.loads(note.read_text(encoding="utf-8")) != told:
        raise InvalidData(
            f"'{home}' holds another campaign.", "Give the same options, or a --home."
        )
    elif read(home) and not resume:
        raise InvalidData(f"A campaign was begun at '{home}'.", "Pass --resume, or another --home.")


def read(home: Path) -> list[dict[str, Any]]:
    """Return the lines of the cycles that were done; a last line that is half is left out."""
    path = home / LOG
    if not path.exists():
        return []
    whole, _, half = path.read_text(encoding="utf-8").rpartition("\n")
    if half:
        path.write_text(whole + "\n" if whole else "", encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]
