"""A disk that is full or read-only: the cycle says so and ends; the next one goes on."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from data.sources import hrfco
from flows import campaign_rivers, campaign_worker, cycle, manifest, publishing
from flows.campaign_rivers import HOURLY
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from forecast.model import ModelConfig
from forecast.train import TrainConfig
from maps.publish import broken

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
NOW, HOUR = np.datetime64("2026-08-13T03:12", "ns"), np.timedelta64(1, "h")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with three simulated gauges and a tiny model."""
    home = tmp_path_factory.mktemp("base")
    campaign_rivers.prepare(home, HOURLY, 3, 0, TINY)
    return home


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    stage = Stage(campaign_rivers.world(3, NOW, 0), Clock(NOW, speed=0), Faults(SOURCES))
    with serving(stage) as running:
        yield running


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)


def run(home: Path, server: Server, now: np.datetime64 = NOW) -> cycle.Cycle:
    """Run a cycle that is due now; the server tells what it knows at three."""
    return cycle.run(HOURLY.name, campaign_worker.settings(home, server.url()), due=now, now=now)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let every write beyond so many bytes of a file fail, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def mounted(at: Path, *how: str) -> Iterator[Path]:
    """Have a disk of our own at a folder while the block lasts."""
    mount, umount = str(shutil.which("mount")), str(shutil.which("umount"))
    at.mkdir(exist_ok=True)
    command = [mount, *how, str(at)]
    if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603  # ours
        pytest.skip("mounting a disk of our own needs the rights of root")
    try:
        yield at
    finally:
        subprocess.run([umount, "-l", str(at)], check=True)  # noqa: S603  # ours


def test_where_nothing_can_be_written_a_cycle_fails_and_says_why(
    base: Path, tmp_path: Path, server: Server
) -> None:
    home = Path(shutil.copytree(base, tmp_path / "home"))
    first = run(home, server)
    assert first.state == "issued"
    with no_file_longer_than(1):
        second = run(home, server, NOW + HOUR)
    assert (second.state, second.run, second.release) == ("failed", None, None)
    assert "no forecast was issued" in second.told or "could not begin" in second.told
    assert broken((home / "site" / "current").resolve()) == []
    third = run(home, server, NOW + HOUR)
    assert third.state in ("issued", "degraded")  # there is room again
    assert third.run is not None
    assert manifest.load(third.run).issue_time == "2026-08-13T04:00Z"


def test_a_site_that_finds_no_room_leaves_the_old_one_and_the_forecast(
    base: Path, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(base, tmp_path / "home"))
    first = run(home, server)

    def full(*_: object, **__: object) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "switch", full)
        second = run(home, server, NOW + HOUR)
    assert (second.state, second.release) == ("degraded", None)
    assert "No space left on device" in second.told
    assert second.run is not None
    assert Folders(home).forecast(HOURLY.name, NOW - 12 * campaign_rivers.MINUTE).parent.exists()
    assert (home / "site" / "current").resolve() == first.release
    assert broken((home / "site" / "current").resolve()) == []


def test_a_real_disk_that_fills_up_loses_nothing_that_was_there(
    base: Path, tmp_path: Path, server: Server
) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs") as disk:
        home = Path(shutil.copytree(base, disk / "home"))
        assert run(home, server).state == "issued"
        hog = home / "hog"
        with pytest.raises(OSError, match="No space left"):
            hog.write_bytes(bytes(100 << 20))
        second = run(home, server, NOW + HOUR)
        assert second.release is None
        assert broken((home / "site" / "current").resolve()) == []
        hog.unlink()
        third = run(home, server, NOW + HOUR)
        assert third.release is not None
        assert broken(third.release) == []


def test_on_a_read_only_disk_a_cycle_fails_asks_to_try_again_and_touches_nothing(
    base: Path, tmp_path: Path, server: Server
) -> None:
    home = Path(shutil.copytree(base, tmp_path / "home"))
    assert run(home, server).state == "issued"
    before = sorted(home.rglob("*"))
    with mounted(tmp_path / "disk", "--bind", "-o", "ro", str(home)) as disk:
        second = run(disk, server, NOW + HOUR)
    assert (second.state, second.again, second.run) == ("failed", True, None)
    assert "Read-only file system" in second.told
    assert sorted(home.rglob("*")) == before
    assert run(home, server, NOW + HOUR).run is not None
