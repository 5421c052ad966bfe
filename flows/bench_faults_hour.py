"""The whole hour under a fault of the gauges: pull, forecast, publish, for a tiny trained model.

Twice for each fault: an hour after a clean cycle, and as the first cycle ever, when nothing live
was known before. A forecast must be issued each time, and no gauge called NORMAL without data.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import archive, store
from data.network import Network
from data.schema import Flag
from data.sources import simulated
from data.sources.asking import Access
from data.stations import Stage
from flows import bench_network_files, issuing, manifest, publishing, pulling, training
from flows.bench_faults_drill import accesses, at
from flows.bench_faults_rivers import HOUR, MOMENTS
from flows.folders import Folders
from flows.replay.server import Server
from forecast.model import ModelConfig
from forecast.outlook import STALE_AFTER, Outlook
from forecast.train import TrainConfig

NAME, SOURCE = "drill", "hrfco"
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
YEARS = 3 * 366 * 24  # hours to learn from
FRESH = STALE_AFTER + HOUR  # of a reading that a stage may rest on


@dataclass(frozen=True)
class Hour:
    """What came of one hour.

    Attributes:
        state: `ok`; `degraded`: a feed or some gauges failed; `UNKNOWN`: no gauge is forecast.
        ended: The exception that ended it; "" if none did.
        rash: Gauges that were given a stage although nothing fresh was known of them.
    """

    fault: str
    after: str
    state: str
    ended: str = ""
    rash: int = 0


def prepare(home: Path) -> Folders:
    """Make a network of one's own with a record of three years and a model that learnt from it."""
    folders = Folders(home)
    river = simulated.network()
    split = river.split
    years = (split.train, split.validate, split.test)
    bench_network_files.write(folders.network(NAME), river, 60, years)
    known = pulling.find(NAME, folders)
    observed = simulated.observe(river, YEARS, "2018-01-01").assign_attrs(
        network=NAME, source=known.source
    )
    archive.save(folders.observations(NAME), observed)
    training.train(NAME, folders, TINY)
    return folders


def begun(base: Folders, servers: list[Server], home: Path) -> Folders:
    """Return a copy of an installation after its first clean cycle."""
    folders = _copy(base, home)
    with at(MOMENTS[0]):
        _pull(folders, accesses(servers[0]), MOMENTS[0])
    return folders


def run(base: Folders, server: Server, fault: str, after: str) -> Hour:
    """Pull, forecast and publish at the second moment, from a copy of `base`."""
    folders = _copy(base, base.home.parent / f"{base.home.name}-{fault}")
    server.stage.faults.set(SOURCE, fault)
    try:
        with at(MOMENTS[1]):
            pulled = _pull(folders, accesses(server), MOMENTS[1])
        path = issuing.issue(NAME, None, folders, "the bench of faults", pulled)
        publishing.publish(path, folders)
    except Exception as error:  # noqa: BLE001  # that one ends the hour is what is looked for
        return Hour(fault, after, "ended", f"{type(error).__name__}: {error}")
    finally:
        server.stage.faults.clear()
    record = manifest.load(path)
    _, outlooks = issuing.read(folders.forecasts(NAME) / record.forecast, _network(folders))
    known = _fresh(folders)
    rash = [each for each in outlooks if _told(each) and each.station not in known]
    return Hour(fault, after, _state(outlooks, pulled), rash=len(rash))


def _told(outlook: Outlook) -> bool:
    return {outlook.stage, outlook.stage_now} != {Stage.UNKNOWN}


def _state(outlooks: tuple[Outlook, ...], pulled: pulling.Pulled) -> str:
    unknown = [each.stage is Stage.UNKNOWN for each in outlooks]
    if all(unknown):
        return "UNKNOWN"
    whole = not any(unknown) and all(each.state == "ok" for each in pulled.told)
    return "ok" if whole else "degraded"


def _fresh(folders: Folders) -> set[str]:
    """Return the gauges of which a good level of the last hours was received by then."""
    wanted = store.Wanted(
        SOURCE, "water_level", since=MOMENTS[1] - FRESH, until=MOMENTS[1], known_at=MOMENTS[1]
    )
    found = store.read(folders.observations(NAME), wanted)
    seen = (found["flag"] == Flag.GOOD) & np.isfinite(found["value"])
    return {str(site) for site in found.site.values[seen.any("time").values]}


def _network(folders: Folders) -> Network:
    return pulling.find(NAME, folders)


def _pull(folders: Folders, reached: Mapping[str, Access], now: np.datetime64) -> pulling.Pulled:
    return pulling.pull(NAME, None, folders, accesses=reached, now=now)


def _copy(base: Folders, home: Path) -> Folders:
    return Folders(Path(shutil.copytree(base.home, home)))
