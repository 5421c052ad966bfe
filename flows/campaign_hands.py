"""Start the process that runs a campaign's cycles, tell it what to run, and kill it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from flows.replay.clock import Clock
from flows.replay.server import Server

ENVIRONMENT = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass
class Hands:
    """A running worker, and the replay server that it asks.

    Attributes:
        speed: Seconds of simulated time in a second while a cycle runs.
    """

    process: subprocess.Popen[str]
    ask: IO[str]
    said: IO[str]
    server: Server
    speed: float
    errors: Path

    def order(self, network: str, due: np.datetime64, now: np.datetime64, fork: bool) -> None:
        """Set the server's clock and tell the worker to run a cycle."""
        self.server.stage = replace(self.server.stage, clock=Clock(now, self.speed))
        told = {"network": network, "due": f"{due}Z", "now": f"{now}Z", "speed": self.speed}
        line = json.dumps(told | {"url": self.server.url(), "fork": int(fork)})
        self.ask.write(line + "\n")
        self.ask.flush()

    def answer(self) -> dict[str, Any]:
        """Return the next line that the worker says.

        Raises:
            RuntimeError: It has ended.
        """
        line = self.said.readline()
        if not line:
            raise RuntimeError(f"The worker ended with {self.process.wait()}; see {self.errors}.")
        told: dict[str, Any] = json.loads(line)
        return told

    def cycle(self, network: str, due: np.datetime64, now: np.datetime64) -> dict[str, Any]:
        """Run a cycle in the worker itself and return what it did."""
        self.order(network, due, now, fork=False)
        return self.answer()

    def killed(
        self, network: str, due: np.datetime64, after: float
    ) -> tuple[dict[str, Any], float]:
        """Run a cycle in a child, killed after so many seconds (inf: never), and how long it ran.

        Returns:
            What the cycle said before it was killed; empty if it came to nothing.
        """
        self.order(network, due, due, fork=True)
        said: dict[str, Any] = {}
        begun = time.perf_counter()
        while "ended" not in (line := self.answer()):
            if "process" not in line:
                said = line
            elif np.isfinite(after):
                time.sleep(after)
                with suppress(ProcessLookupError):  # it had ended by itself
                    os.kill(line["process"], signal.SIGKILL)
        return said, time.perf_counter() - begun


@contextmanager
def hands(home: Path, server: Server, speed: float) -> Iterator[Hands]:
    """Have a worker for a home while the block lasts."""
    errors = home / "worker.log"
    command = [sys.executable, "-m", "flows.campaign_worker", str(home)]
    with (
        errors.open("a", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | ENVIRONMENT,
        ) as process,
    ):
        try:
            yield Hands(process, *_pipes(process), server, speed, errors)
        finally:
            process.kill()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The worker has no pipes.")
    return process.stdin, process.stdout
