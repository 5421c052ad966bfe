"""The process of a campaign that runs cycles: it is told of one in each line, as JSON.

    {"network": "week-hourly", "due": "..Z", "now": "..Z", "speed": 10, "url": "..", "fork": 0}

It answers with a line of what the cycle did and how much memory this process holds. With `fork`, a
child runs the cycle, and the first answer is its process id: that one can be killed.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from data.sources import hrfco
from data.sources.asking import Access, Manners
from data.stations import Stage
from flows import campaign_clock, catching_up, cycle, issuing, manifest, pulling
from flows.campaign_rivers import PLANS
from flows.replay.clock import Clock
from flows.settings import Settings
from forecast.model import ModelConfig

HASTY = Manners(timeout=2, tries=2, first_wait=0.01, longest_wait=0.05, budget=5, largest=4 << 20)
SOURCES = ("hrfco", "open_meteo")
MINUTE = np.timedelta64(1, "m")


class Drill(Settings):
    """Settings that know no provider but the replay server, and do not wait long for it."""

    @property
    def accesses(self) -> dict[str, Access]:
        """Return how to reach the replay server as each provider."""
        url = self.open_meteo_url
        return {name: Access(f"{url}{name}", "key", HASTY) for name in SOURCES}


def settings(home: Path, url: str) -> Drill:
    """Return the settings of a campaign at a home, with its server."""
    return Drill(home=home, open_meteo_url=url, triggered_by="campaign", hrfco_key=SecretStr("key"))


def serve(home: Path) -> None:
    """Run the cycles that are told on stdin until it ends."""
    hrfco.PAUSE = 0.0
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork() if order["fork"] else 0
        if child:
            say({"process": child})
            os.waitpid(child, 0)
            say({"ended": child})
            continue
        say(did(home, order))
        if order["fork"]:
            os._exit(0)


def did(home: Path, order: dict[str, Any]) -> dict[str, Any]:
    """Run one cycle, and return what it did and what a reader of it would think."""
    known, due = settings(home, order["url"]), np.datetime64(order["due"].rstrip("Z"), "ns")
    campaign_clock.show(Clock(np.datetime64(order["now"].rstrip("Z"), "ns"), order["speed"]))
    begun, worked = time.perf_counter(), time.process_time()
    try:
        done = cycle.run(order["network"], known, due=due, now=campaign_clock.now())
        told: dict[str, Any] = {"state": done.state, "told": done.told, "run": str(done.run or "")}
        told["release"] = str(done.release or "")
        told |= seen(known, done.run) if done.run else {}
        filled = catching_up.fill(done, known, PLANS[done.network].every, campaign_clock.now)
        told["filled"] = [str(each.run) for each in filled]
    except Exception as error:  # noqa: BLE001  # that one ends a cycle is what is looked for
        told = {"state": "failed", "told": f"{type(error).__name__}: {error}"}
    seconds = {"seconds": round(time.perf_counter() - begun, 3)}
    seconds["cpu_s"] = round(time.process_time() - worked, 3)
    return told | seconds | {"now": f"{campaign_clock.now()}Z", "rss_mb": rss()}


def seen(known: Settings, path: Path) -> dict[str, Any]:
    """Return the stages that a run gives, and the gauges that got one from a reading too old."""
    run = manifest.load(path)
    network = pulling.find(run.network, known.folders)
    file = known.folders.forecasts(run.network) / run.forecast
    _, outlooks = issuing.read(file, network)
    issue = np.datetime64(run.issue_time.rstrip("Z"), "ns")
    limit = ModelConfig().age_limit * network.step
    fresh = {
        station: bool(at) and issue - np.datetime64(at.rstrip("Z"), "ns") <= limit
        for station, at in (
            (key, each.get(network.quantity.value) or "")
            for key, each in run.inputs["last_value"].items()
        )
    }
    stages = {each.station: int(each.stage) for each in outlooks}
    rash = [s for s, stage in stages.items() if stage != Stage.UNKNOWN and not fresh.get(s)]
    degraded = Counter(each.split(" · ")[0] for each in run.providers.values())
    return {"issue": run.issue_time, "stages": stages, "rash": rash, "providers": degraded}


def rss() -> float:
    """Return the memory that this process holds [MB]."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def say(told: dict[str, Any]) -> None:
    """Answer with one line."""
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
