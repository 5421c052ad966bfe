"""The clock on one machine: schedules, Prefect's UI and the site, under one supervisor."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from data.errors import MulgilError
from flows import automations, kept_schedules, late_runs
from flows.folders import Folders
from flows.locking import alone, holder
from flows.progress import say
from flows.schedules import Schedule
from flows.server import server, wait_for

YEARLY = "23 4 2 2 *"  # 2 February: the year before is complete in the record by then
PROCESSES = 4  # at the same time, and one for each network
HEARTBEAT = "/heartbeat/"
PAUSE, PATIENCE = 5.0, 600.0  # seconds
_LOG = logging.getLogger("mulgil.serve")


class AlreadyServing(MulgilError):
    """Another `mulgil serve` runs on the same folder."""


@dataclass(frozen=True)
class Plan:
    """What is served.

    Attributes:
        folder: Of CSV files, for networks that are read from one.
        port: Of Prefect's API and UI, on loopback.
        site_port: Of the published site, on loopback.
    """

    schedules: tuple[Schedule, ...]
    folders: Folders
    folder: Path | None = None
    port: int = 4310
    site_port: int = 8080

    @property
    def names(self) -> list[str]:
        """The networks."""
        return [each.network for each in self.schedules]


def serve(plan: Plan) -> None:
    """Issue forecasts on their schedules until stopped (Ctrl-C).

    Raises:
        AlreadyServing: Another one does so on the same folder.
        SourceUnavailable: Prefect's server does not answer.
    """
    folders = plan.folders
    os.environ["MULGIL_HOME"] = str(folders.home.resolve())
    with _only_one(folders), server(folders.home / "prefect", plan.port) as api:
        show_site(folders, plan.site_port)
        say(f"Site      http://127.0.0.1:{plan.site_port}/")
        say(f"Prefect   {api.removesuffix('/api')}/   (trigger, inspect, pause)")
        for each in plan.schedules:
            say(f"Schedule  {each.cron} (UTC): {each.network}")
        say("Stop with Ctrl-C.")
        keep_running(plan, api)


def keep_running(plan: Plan, api: str, pause: float = PAUSE) -> None:
    """Run what is scheduled until stopped.

    Prefect's runner gives up after three questions without an answer, some 15 seconds: when the
    server is there again, it is begun anew, with what is paused by then.

    Args:
        pause: Before each look at the server [s].

    Raises:
        SourceUnavailable: The server does not answer any more.
    """
    while True:
        try:
            run_deployments(plan)
        except Exception as error:  # noqa: BLE001  # whatever Prefect raises, the clock goes on
            _LOG.warning("Prefect's runner ended: %s", error)
            time.sleep(pause)
            wait_for(api, PATIENCE)
        else:
            return


def run_deployments(plan: Plan) -> None:
    """Create the deployments and run what they schedule; does not return."""
    from prefect import serve as prefect_serve  # Prefect reads its home at import

    paused = kept_schedules.merge(plan.folders, kept_schedules.look())
    made = deployments(plan, paused)
    old, gone = late_runs.settle([each.name for each in made], plan.names, partial(_busy, plan))
    if old or gone:
        say(f"Catching up: {old} missed runs are overtaken by newer ones, {gone} were lost.")
    for name in sorted(name for name in paused if paused[name]):
        say(f"Paused    {name}: it stays so until it is resumed in Prefect.")
    ids = {each.name: each.apply() for each in made}
    automations.ensure(plan.schedules, ids["silence"])
    with kept_schedules.kept(plan.folders):
        # A restart must not pause what an operator left running.
        prefect_serve(*made, pause_on_shutdown=False, limit=PROCESSES + len(plan.names))


def _busy(plan: Plan, name: str) -> bool:
    """Say whether a cycle of a network is running: it holds the lock of the kernel."""
    from flows import cycle  # after Prefect's environment stands

    with alone(cycle.lock(plan.folders, name)) as free:
        return not free


def deployments(plan: Plan, paused: dict[str, str] | None = None) -> list[Any]:
    """Return the deployments: a scheduled cycle per network, and the flows for the UI's form.

    None has a limit of Prefect's: after a crash it would not be freed; locks of our own are.
    """
    from flows import climate_flow
    from flows import deployments as flows

    where = None if plan.folder is None else str(plan.folder.resolve())
    first = {"network": plan.names[0]}
    kept = paused or {}
    made = [_cycles(flows.issue_forecast, each, where, kept) for each in plan.schedules]
    shared: dict[str, tuple[Any, dict[str, Any]]] = {
        "pull": (flows.pull_observations, first | {"folder": where}),
        "train": (flows.train_model, first),
        "verify": (flows.verify_forecasts, first),
        "what-if": (flows.what_if, first),
        "publish": (flows.publish_site, {}),
        "silence": (flows.report_silence, first),
    }
    made += [
        flow.to_deployment(name, parameters=given, tags=["by hand"])
        for name, (flow, given) in shared.items()
    ]
    made.append(_on_schedule(climate_flow.update_climate, "climate", YEARLY, {}, kept))
    return made


def _cycles(flow: Any, each: Schedule, where: str | None, kept: dict[str, str]) -> Any:
    given = {"network": each.network, "folder": where, "every_minutes": each.minutes}
    return _on_schedule(flow, each.network, each.cron, given, kept)


def _on_schedule(
    flow: Any, name: str, cron: str, given: dict[str, Any], kept: dict[str, str]
) -> Any:
    """Return a deployment by cron (one by interval would move with each start), as it was left."""
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    left, schedule = kept.get(name, ""), CronSchedule(cron=cron, timezone="UTC")
    return flow.to_deployment(
        name,
        schedules=[DeploymentScheduleCreate(schedule=schedule, active=left != "schedule")],
        paused=left == "deployment",
        parameters=given,
        tags=["clock"],
    )


@contextmanager
def _only_one(folders: Folders) -> Iterator[None]:
    path = folders.home / ".serve.lock"
    with alone(path) as ours:
        if not ours:
            raise AlreadyServing(
                f"Process {holder(path)} serves '{folders.home}' already.", "Stop it first."
            )
        yield


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves the newest release, and the heartbeats that lie beside the releases."""

    def translate_path(self, path: str) -> str:
        """Return the file of an address."""
        asked = unquote(urlsplit(path).path)
        if asked.startswith(HEARTBEAT) and asked.count("/") == HEARTBEAT.count("/"):
            beside = Path(self.directory).parent / "heartbeat"
            return str(beside / Path(asked).name)
        return super().translate_path(path)


def show_site(folders: Folders, port: int) -> ThreadingHTTPServer:
    """Serve the published site on loopback in a thread; each request follows the newest release."""
    handler = partial(SiteHandler, directory=str(folders.site / "current"))
    web = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return web
