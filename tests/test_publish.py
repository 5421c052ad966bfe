"""The switch: a reader sees the old site or the new one, whatever happens to the writer."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from maps.publish import KEEP, broken, publish

KILLS = int(os.environ.get("MULGIL_TEST_KILLS", "15"))
WRITER = """
import sys
from pathlib import Path
from maps.publish import publish
root, number = Path(sys.argv[1]), 0
while True:
    number += 1
    def draw(folder):
        for page in range(40):
            (folder / f"{page}.html").write_text(f"release {number} " * 500)
    release = publish(root, draw, {"run_id": f"run-{sys.argv[2]}-{number:05d}"})
    print(release.name, flush=True)
"""


def one_page(text: str) -> Callable[[Path], None]:
    def draw(folder: Path) -> None:
        (folder / "index.html").write_text(text)

    return draw


def test_a_release_lists_the_hash_of_each_file(tmp_path: Path) -> None:
    release = publish(tmp_path, one_page("hello"), {"run_id": "r1", "model": "abc"})
    manifest = json.loads((release / "manifest.json").read_text())
    assert manifest["model"] == "abc"
    # sha256 of "hello", as any sha256sum prints it
    assert manifest["files"]["index.html"].startswith("2cf24dba5fb0a30e26e83b2ac5b9e29e")
    assert broken(release) == []


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    release = publish(tmp_path, one_page("hello"), {"run_id": "r1"})
    (release / "index.html").write_text("hullo")
    assert broken(release) == ["index.html"]
    (release / "index.html").unlink()
    assert broken(release) == ["index.html"]


def test_a_site_that_cannot_be_drawn_leaves_the_old_one(tmp_path: Path) -> None:
    publish(tmp_path, one_page("old"), {"run_id": "r1"})

    def fail(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, fail, {"run_id": "r2"})
    assert (tmp_path / "current" / "index.html").read_text() == "old"
    publish(tmp_path, one_page("new"), {"run_id": "r3"})
    assert not list((tmp_path / "releases").glob("*.tmp"))


def test_the_last_releases_are_kept_and_older_ones_go(tmp_path: Path) -> None:
    for number in range(KEEP + 2):
        publish(tmp_path, one_page(str(number)), {"run_id": f"r{number}"})
    kept = sorted(path.name for path in (tmp_path / "releases").iterdir())
    assert kept == ["r2", "r3", "r4"]
    assert (tmp_path / "current").resolve().name == "r4"


def test_the_same_run_may_be_published_twice(tmp_path: Path) -> None:
    first, second = (publish(tmp_path, one_page(t), {"run_id": "r"}) for t in ("one", "two"))
    assert first != second
    assert (tmp_path / "current" / "index.html").read_text() == "two"


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_whole_site(tmp_path: Path) -> None:
    """Each writer publishes until it is killed; what it acknowledged must be there, or newer."""
    chance = random.Random(7)  # noqa: S311  # moments, no secrets
    for kill in range(KILLS):
        done = _publish_until_killed(tmp_path, kill, chance.uniform(0.0, 0.15))
        current = (tmp_path / "current").resolve()
        assert broken(current) == []
        whole = [p for p in (tmp_path / "releases").iterdir() if p.suffix != ".tmp"]
        assert [broken(release) for release in whole] == [[]] * len(whole)
        assert not done or current.name >= done[-1]


def _publish_until_killed(root: Path, number: int, after: float) -> list[str]:
    """Return the releases that the writer said were done, killed `after` seconds of work."""
    writer = subprocess.Popen(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-c", WRITER, str(root), f"{number:03d}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    first = writer.stdout.readline().strip()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate()[0].split("\n")
    return [first, *(line for line in rest[:-1] if line)]
