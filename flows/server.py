"""A Prefect server of our own, for schedules and the UI; nothing leaves this machine."""

import ctypes
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from data.errors import SourceUnavailable

LEASES = "prefect.server.concurrency.lease_storage.filesystem"
SOON, LATE = 2.0, 60.0  # seconds between two looks at the server, and at one that keeps dying
_LOG = logging.getLogger("mulgil.server")
BATCH = "200"  # with the defaults a burst of task runs delays the next cycle by half a minute
ENVIRONMENT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_API_URL": "/api",  # else the UI asks port 4200, whatever ours is
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # v2 calls a tracker from the user's browser
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # The default lives in memory: after a power cut a concurrency slot would never be freed.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES,
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": BATCH,
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": BATCH,
    # Runs of more than 30 days go; what they did stands in their manifests. Seconds.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 86_400),
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # seconds; see `flows.automations`
    "PREFECT_RUNNER_POLL_FREQUENCY": "5",  # seconds
}


@contextmanager
def server(home: Path, port: int, patience: float = 120.0) -> Iterator[str]:
    """Run a Prefect server on loopback while the block lasts; yield the URL of its API.

    An existing engine is used instead where `PREFECT_API_URL` is set.

    Args:
        home: Folder of the server's database.
        patience: How long to wait for it to answer [s].

    Raises:
        SourceUnavailable: It did not answer in time; the remedy names its log.
    """
    if existing := os.environ.get("PREFECT_API_URL"):
        yield existing
        return
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= ENVIRONMENT | {"PREFECT_HOME": str(home.resolve())}
    url, log = f"http://127.0.0.1:{port}/api", home / "server.log"
    set_aside_broken(home)
    keeper = Keeper(log, port)
    try:
        wait_for(url, patience, lambda: keeper.process.poll() is None, str(log))
        os.environ["PREFECT_API_URL"] = url
        keeper.watch()
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        keeper.end()


def set_aside_broken(home: Path) -> Path | None:
    """Put a database that cannot be read out of the way; return where it is now.

    What runs did stands in files, so a server with an empty database goes on where it was.
    """
    path = home / "prefect.db"
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as database:
            database.execute("select count(*) from sqlite_master").fetchone()
            return None
    except sqlite3.OperationalError:  # locked: the server waits, too
        return None
    except sqlite3.DatabaseError as error:
        aside = path.with_name(f"prefect.db.broken-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
        _LOG.warning("Prefect's database cannot be read (%s): put aside as %s", error, aside.name)
        for left in (path.with_name("prefect.db-wal"), path.with_name("prefect.db-shm")):
            left.unlink(missing_ok=True)
        return path.rename(aside)


class Keeper:
    """Keeps a server running: one that dies is started again, at once and then more slowly."""

    def __init__(self, log: Path, port: int) -> None:
        self._log, self._port = log, port
        self._ending = threading.Event()
        self.process = self._start()

    def watch(self) -> None:
        """Watch it from now on, in a thread."""
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        """End it, and watch no more."""
        self._ending.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _watch(self) -> None:
        pause = SOON
        while not self._ending.wait(pause):
            if self.process.poll() is None:
                pause = SOON
                continue
            _LOG.warning("Prefect's server ended (%s): started again", self.process.returncode)
            self.process = self._start()
            pause = min(2 * pause, LATE)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
        with self._log.open("ab") as out:
            return subprocess.Popen(  # noqa: S603  # our own interpreter, a number as argument
                [*command, "--port", str(self._port)],
                stdout=out,
                stderr=out,
                preexec_fn=_die_with_parent,
            )


def wait_for(
    url: str, patience: float, goes_on: Callable[[], bool] = lambda: True, log: str = "its log"
) -> None:
    """Wait until a server answers.

    Args:
        url: Of its API.
        patience: How long [s].
        goes_on: Whether there is still something to wait for.
        log: What to read where it does not.

    Raises:
        SourceUnavailable: It did not answer in time.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and goes_on():
        try:
            if httpx.get(f"{url}/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SourceUnavailable(
        f"The Prefect server did not answer at {url}.", f"Read {log}, or choose another --port."
    )


def _die_with_parent() -> None:
    """Ask the kernel to end the server when its supervisor dies, also by SIGKILL (Linux)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
