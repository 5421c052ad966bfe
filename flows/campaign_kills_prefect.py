"""SIGKILL under Prefect: of a run, of its server, of all with their supervisor, in real time.

A simulated live network is served with a cycle every few minutes. What is killed in the middle of a
run must be ended by the automation within three minutes, and the next cycle must be done: also
after a power cut, for which the supervisor is started again as systemd would.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from flows import campaign_processes as processes
from flows import pulling, training
from flows.campaign_hands import ENVIRONMENT
from flows.campaign_rivers import TINY
from flows.campaign_whole import Inspector
from flows.folders import Folders

Report = Callable[[int, int, str], None]
NETWORK = "simulated-korea-4-now"
KINDS = ("run", "server", "all")
EVERY = 2  # minutes between cycles
ZOMBIE_S = 180.0  # a run whose process is gone must have ended by then
PATIENCE_S = 600.0  # for a run to begin, and for one to be done
DONE = ("Completed", "CompletedWithGaps")


@dataclass(frozen=True)
class Kill:
    """What one kill did.

    Attributes:
        kind: One of `KINDS`.
        after: Seconds into the run.
        run: State in which the killed run ended, and `ended` how many seconds later.
        next_s: Seconds until a later run was done.
        torn, lost: See `flows.campaign_kills`.
    """

    number: int
    kind: str
    after: float
    run: str
    ended: float
    next_s: float
    torn: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def run(times: int, seed: int, home: Path, report: Report) -> list[Kill]:
    """Kill so many times, each kind in turn, and return what came of it."""
    folders, rng = Folders(home), np.random.default_rng([seed, 11])
    report(0, times, "learning")
    if not folders.checkpoint(NETWORK).exists():
        pulling.pull(NETWORK, None, folders)
        training.train(NETWORK, folders, TINY)
    found: list[Kill] = []
    with Supervisor(home).running() as supervisor:
        for number in range(times):
            kind = KINDS[number % len(KINDS)]
            found.append(_kill(supervisor, number, kind, float(rng.uniform(0, 6))))
            report(number + 1, times, f"{kind}: {found[-1].run}, next {found[-1].next_s:.0f} s")
    return found


class Supervisor:
    """Keeps `mulgil serve` running, as systemd does."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.site = home, _free(), _free()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        """The address of Prefect."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def id(self) -> int:
        """The process of `mulgil serve`; 0 if there is none."""
        return self.process.pid if self.process else 0

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Serve while the block lasts; afterwards no process of it is left."""
        self.start()
        try:
            yield self
        finally:
            left = [self.id, *processes.below(self.id)]
            processes.kill(left)

    def start(self) -> None:
        """Start it (again)."""
        code = "from flows.cli import main; main()"
        command = [sys.executable, "-c", code, "serve", "-n", NETWORK, "--every", str(EVERY)]
        command += ["--port", str(self.port), "--site-port", str(self.site)]
        self.home.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"}
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and code
                command,
                stdout=log,
                stderr=log,
                env=environment | ENVIRONMENT | {"MULGIL_HOME": str(self.home)},
            )

    def kill(self, kind: str) -> None:
        """Kill a run, the server, or everything; the last is followed by a new start."""
        if kind == "run":
            processes.kill(processes.of(self.id, processes.RUN))
        elif kind == "server":
            processes.kill(processes.of(self.id, processes.SERVER))
        else:
            everything = [self.id, *processes.below(self.id)]
            processes.kill(everything)
            if self.process:
                self.process.wait()
            self.start()

    def runs(self) -> list[dict[str, Any]]:
        """Return the newest runs of the cycle, newest first; none while the server is away."""
        asked = {"sort": "START_TIME_DESC", "limit": 20}
        asked["deployments"] = {"name": {"any_": [NETWORK]}}
        asked["flow_runs"] = {"start_time": {"is_null_": False}}
        try:
            answer = httpx.post(f"{self.api}/flow_runs/filter", json=asked, timeout=20)
            found: list[dict[str, Any]] = answer.json() if answer.is_success else []
        except (httpx.HTTPError, ValueError):
            return []
        return found


def _kill(supervisor: Supervisor, number: int, kind: str, after: float) -> Kill:
    """Wait for a run, kill, and see what becomes of it and of the next."""
    victim = _wait(lambda: _running(supervisor), PATIENCE_S)
    name = "" if victim is None else str(victim["id"])
    time.sleep(after)
    supervisor.kill(kind)
    begun = time.monotonic()
    ended = _wait(lambda: _ended(supervisor, name), ZOMBIE_S)
    seconds = time.monotonic() - begun
    later = _wait(lambda: _done_after(supervisor, name), PATIENCE_S)
    network = pulling.find(NETWORK, Folders(supervisor.home))
    look = Inspector(Folders(supervisor.home), network)
    return Kill(
        number=number,
        kind=kind,
        after=round(after, 2),
        run="no run was seen" if not name else str(ended["state_name"] if ended else "zombie"),
        ended=round(seconds, 1),
        next_s=round(time.monotonic() - begun, 1) if later else float("inf"),
        torn=look.torn(),
        lost=look.runs_lost(),
    )


def _running(supervisor: Supervisor) -> dict[str, Any] | None:
    """Return the newest run, if it is running and has a process."""
    newest = next(iter(supervisor.runs()), None)
    there = bool(processes.of(supervisor.id, processes.RUN))
    return newest if newest and there and newest["state_type"] == "RUNNING" else None


def _ended(supervisor: Supervisor, name: str) -> dict[str, Any] | None:
    over = (r for r in supervisor.runs() if r["id"] == name and r["state_type"] != "RUNNING")
    return next(over, None)


def _done_after(supervisor: Supervisor, name: str) -> dict[str, Any] | None:
    """Return a run that began after another one and is done."""
    runs = supervisor.runs()
    places = [at for at, each in enumerate(runs) if each["id"] == name] or [len(runs)]
    return next((each for each in runs[: places[0]] if each["state_name"] in DONE), None)


def _wait(look: Callable[[], dict[str, Any] | None], patience: float) -> dict[str, Any] | None:
    """Look again and again until there is something; None if it never comes."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    return None


def _free() -> int:
    """Return a port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


def figures(found: list[Kill]) -> dict[str, float | str]:
    """Return the figures of a campaign of kills under Prefect."""
    told: dict[str, float | str] = {"kills": len(found)}
    for kind in KINDS:
        here = [kill for kill in found if kill.kind == kind]
        if here:
            told[f"{kind}_kills"] = len(here)
            told[f"{kind}_ended_s_max"] = max(kill.ended for kill in here)
            told[f"{kind}_next_s_max"] = max(kill.next_s for kill in here)
    told["zombies"] = sum(kill.run == "zombie" for kill in found)
    told["without_a_next"] = sum(not np.isfinite(kill.next_s) for kill in found)
    told["torn"] = sum(len(kill.torn) for kill in found)
    told["lost"] = sum(len(kill.lost) for kill in found)
    return told


def as_rows(found: list[Kill]) -> list[dict[str, Any]]:
    """Return the kills for JSON."""
    return [asdict(kill) for kill in found]
