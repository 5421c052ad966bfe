"""The processes of a running `mulgil serve`: its Prefect server, and the runs of flows."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
SERVER = ("prefect server start", "prefect.server.api.server:create_app")
RUN = ("prefect.engine", "prefect.flow_engine", "flow-run execute")


def below(process: int) -> list[int]:
    """Return the processes below one, the nearest first (Linux)."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found, look = list[int](), [process]
    while look:
        here = children.get(look.pop(0), [])
        found += here
        look += here
    return found


def of(process: int, kinds: tuple[str, ...]) -> list[int]:
    """Return the processes below one whose command line holds one of some texts."""
    return [each for each in below(process) if any(kind in command(each) for kind in kinds)]


def command(process: int) -> str:
    """Return the command line of a process; "" if it is gone."""
    try:
        return (PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (OSError, ValueError):
        return ""


def kill(processes: list[int]) -> None:
    """Send SIGKILL to each; one that is gone already is no matter."""
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def alive(process: int) -> bool:
    """Whether a process is there and no zombie of the kernel."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _parents() -> Iterator[tuple[int, int]]:
    for path in PROC.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            yield int(path.parent.name), int(path.read_text().rpartition(")")[2].split()[1])
