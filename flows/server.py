"""A Prefect server of our own, for schedules and the UI; nothing leaves this machine."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from data.errors import SourceUnavailable

LEASES = "prefect.server.concurrency.lease_storage.filesystem"
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
    log = home / "server.log"
    os.environ |= ENVIRONMENT | {"PREFECT_HOME": str(home.resolve())}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter, a number as argument
            [*command, "--port", str(port)], stdout=out, stderr=out, preexec_fn=_die_with_parent
        )
    url = f"http://127.0.0.1:{port}/api"
    try:
        _wait(url, process, patience, log)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes], patience: float, log: Path) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
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
