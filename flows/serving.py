"""`mulgil serve`: the clock. A schedule per network, Prefect's UI and the site, on one machine."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flows.folders import Folders
from flows.progress import say
from flows.server import server

YEARLY = "23 4 2 2 *"  # 2 February: the year before is complete in the record by then
HOURLY = "12 * * * *"  # HRFCO tells the reading of the hour 7 to 11 minutes later


def serve(
    names: list[str],
    folder: Path | None,
    folders: Folders,
    cron: str = HOURLY,
    port: int = 4310,
    site_port: int = 8080,
) -> None:
    """Issue a forecast of each network on a schedule until stopped (Ctrl-C).

    Args:
        cron: When, in UTC, e.g. `12 * * * *` for twelve minutes past each hour.
        port: Port of Prefect's API and UI, on loopback.
        site_port: Port of the published site, on loopback.
    """
    os.environ["MULGIL_TRIGGERED_BY"] = "schedule"
    os.environ["MULGIL_HOME"] = str(folders.home.resolve())
    with server(folders.home / "prefect", port) as api:
        show_site(folders.site / "current", site_port)
        say(f"Site      http://127.0.0.1:{site_port}/")
        say(f"Prefect   {api.removesuffix('/api')}/   (trigger, inspect, pause)")
        say(f"Schedule  {cron} (UTC): {', '.join(names)}. Stop with Ctrl-C.")
        run_deployments(names, folder, cron)


def run_deployments(names: list[str], folder: Path | None, cron: str) -> None:
    """Create the deployments and run what they schedule; does not return."""
    from prefect import serve as prefect_serve  # Prefect reads its home at import

    # A restart must not pause what an operator left running.
    prefect_serve(*deployments(names, folder, cron), pause_on_shutdown=False)


def deployments(names: list[str], folder: Path | None, cron: str) -> list[Any]:
    """Return the deployments: a scheduled forecast per network, and the flows for the UI's form."""
    from flows import deployments as flows

    where = None if folder is None else str(folder.resolve())
    made = [
        flows.issue_forecast.to_deployment(
            name, cron=cron, parameters={"network": name, "folder": where}, concurrency_limit=1
        )
        for name in names
    ]
    made.append(flows.pull_observations.to_deployment("pull", parameters={"folder": where}))
    made.append(flows.train_model.to_deployment("train"))
    made.append(flows.verify_forecasts.to_deployment("verify"))
    made.append(flows.update_climate.to_deployment("climate", cron=YEARLY, concurrency_limit=1))
    return made


def show_site(site: Path, port: int) -> ThreadingHTTPServer:
    """Serve the published site on loopback in a thread; each request follows the newest release."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    web = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return web
