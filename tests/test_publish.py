"""The switch: a reader sees the old site or the new one, whatever happens to the writer."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from maps.publish import KEEP, broken, publish
from maps.release import Draft

KILLS = int(os.environ.get("MULGIL_TEST_KILLS", "15"))
WRITER = """
import sys
from pathlib import Path
from maps.publish import publish
root, number = Path(sys.argv[1]), 0
def draw(draft):
    for page in range(40):
        draft.put(f"{page}.html", f"release {number} " * 500)
    for page in range(20):
        draft.put(f"same/{page}.html", f"page {page} " * 500)
    if not draft.keep("names.json", "k"):
        draft.put("names.json", "names " * 500, "k")
    if not draft.keep_folder("gauge", f"k{number // 4}"):
        for page in range(40):
            draft.put(f"gauge/{page}.html", f"stub {number // 4} " * 500)
        draft.seal("gauge", f"k{number // 4}")
while True:
    number += 1
    release = publish(root, draw, {"run_id": f"run-{sys.argv[2]}-{number:05d}"})
    print(release.name, flush=True)
"""


def one_page(text: str) -> Callable[[Draft], None]:
    def draw(draft: Draft) -> None:
        (draft.folder / "index.html").write_text(text)

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

    def fail(draft: Draft) -> None:
        draft.put("index.html", "half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, fail, {"run_id": "r2"})
    assert (tmp_path / "current" / "index.html").read_text() == "old"
    publish(tmp_path, one_page("new"), {"run_id": "r3"})
    assert not list((tmp_path / "releases").glob("*.tmp"))


@pytest.mark.parametrize("keep", [2, KEEP, 5])
def test_the_last_releases_are_kept_and_older_ones_go(tmp_path: Path, keep: int) -> None:
    for number in range(7):
        publish(tmp_path, one_page(str(number)), {"run_id": f"r{number}"}, keep)
    kept = sorted(path.name for path in (tmp_path / "releases").iterdir())
    assert kept == [f"r{number}" for number in range(7 - keep, 7)]
    assert (tmp_path / "current").resolve().name == "r6"


def test_the_release_that_readers_are_in_is_never_taken_away(tmp_path: Path) -> None:
    publish(tmp_path, one_page("old"), {"run_id": "r1"})

    def draw(draft: Draft) -> None:
        assert (tmp_path / "current" / "index.html").read_text() == "old"
        draft.put("index.html", "new")

    for number in range(2, 5):
        publish(tmp_path, draw if number == 2 else one_page("old"), {"run_id": f"r{number}"}, 1)
        assert (tmp_path / "current").resolve().name == f"r{number}"


def test_the_release_before_stays_in_reach_of_open_pages(tmp_path: Path) -> None:
    publish(tmp_path, one_page("0"), {"run_id": "r0"})
    assert not (tmp_path / "previous").exists()
    for number in range(1, 5):
        publish(tmp_path, one_page(str(number)), {"run_id": f"r{number}"}, 2)
        assert (tmp_path / "previous" / "index.html").read_text() == str(number - 1)
        assert (tmp_path / "current" / "index.html").read_text() == str(number)


def test_the_same_run_may_be_published_twice(tmp_path: Path) -> None:
    first, second = (publish(tmp_path, one_page(t), {"run_id": "r"}) for t in ("one", "two"))
    assert first != second
    assert (tmp_path / "current" / "index.html").read_text() == "two"


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_whole_site(tmp_path: Path) -> None:
    """Each writer publishes until it is killed; what it acknowledged must be there, or newer.

    A reader looks at the whole site all the while. What it finds must be whole, unless the
    release was taken away as the oldest while it was being read.
    """
    chance = random.Random(7)  # noqa: S311  # moments, no secrets
    torn: list[str] = []
    over = threading.Event()
    reader = threading.Thread(target=_read_on, args=(tmp_path, torn, over))
    reader.start()
    try:
        for kill in range(KILLS):
            done = _publish_until_killed(tmp_path, kill, chance.uniform(0.0, 0.15))
            current = (tmp_path / "current").resolve()
            assert broken(current) == []
            whole = [p for p in (tmp_path / "releases").iterdir() if p.suffix != ".tmp"]
            assert [broken(release) for release in whole] == [[]] * len(whole)
            assert not done or current.name >= done[-1]
    finally:
        over.set()
        reader.join()
    assert torn == []


def _read_on(root: Path, torn: list[str], over: threading.Event) -> None:
    while not over.is_set():
        if not (root / "current").exists():
            continue
        release = (root / "current").resolve()
        try:
            wrong = broken(release)
        except FileNotFoundError:
            wrong = ["manifest.json"]
        if wrong and release.exists():
            torn.append(f"{release.name}: {wrong}")


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
