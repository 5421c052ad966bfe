"""Worker processes of the climate map: they work, and none outlives a killed parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.climate.workers import workers

PARENT = """
import os, time
from flows.climate.workers import workers

if __name__ == "__main__":
    pool = workers(1)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def gone(process: int) -> bool:
    """Say whether a process is no more, within ten seconds."""
    for _ in range(200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{process}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True  # ended, and waits for a parent to notice
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_work_is_done_in_another_process() -> None:
    with workers(1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_parent_leaves_no_worker_behind(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    root = Path(__file__).parents[1]
    command = [sys.executable, str(script)]
    with subprocess.Popen(  # noqa: S603  # a script of our own
        command, stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert gone(worker)
