"""What a release takes over from the one before: links, kept files, kept folders."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import InvalidData
from maps import release_disk
from maps.publish import broken, publish
from maps.release import Draft, earlier, fresh

Draw = Callable[[Draft], None]


def put(**files: str) -> Draw:
    def draw(draft: Draft) -> None:
        for name, text in files.items():
            draft.put(f"{name}.html", text)

    return draw


def release(root: Path, draw: Draw, number: int, verify: bool = False) -> Path:
    return publish(root, draw, {"run_id": f"r{number}"}, verify=verify)


def sealed(key: str, made: list[str]) -> Draw:
    def draw(draft: Draft) -> None:
        net = draft / "net"
        if not net.keep_folder("gauge", key):
            made.append(key)
            net.put("gauge/a.html", f"a {key}")
            net.put("gauge/b.html", f"b {key}")
            net.seal("gauge", key)
        net.put("now.json", "now")

    return draw


def inode(path: Path) -> int:
    return path.stat().st_ino


def test_a_file_with_the_same_bytes_is_a_link_and_a_changed_one_is_not(tmp_path: Path) -> None:
    one = release(tmp_path, put(same="same", other="old"), 1)
    two = release(tmp_path, put(same="same", other="new"), 2)
    assert inode(one / "same.html") == inode(two / "same.html")
    assert (one / "other.html").read_text() == "old"
    assert (two / "other.html").read_text() == "new"
    assert broken(one) == broken(two) == []


def test_a_file_written_past_the_draft_is_signed_and_linked_too(tmp_path: Path) -> None:
    def draw(draft: Draft) -> None:
        (draft.folder / "plain").mkdir()
        (draft.folder / "plain" / "x.txt").write_text("x")

    one, two = release(tmp_path, draw, 1), release(tmp_path, draw, 2)
    assert inode(one / "plain" / "x.txt") == inode(two / "plain" / "x.txt")
    assert list(json.loads((two / "manifest.json").read_text())["files"]) == ["plain/x.txt"]


def test_what_has_the_same_key_is_kept_without_being_made(tmp_path: Path) -> None:
    made = []

    def draw(draft: Draft) -> None:
        if not draft.keep("names.json", "stations-1"):
            made.append(draft)
            draft.put("names.json", "names", "stations-1")

    for number in range(3):
        found = release(tmp_path, draw, number)
        assert (found / "names.json").read_text() == "names"
        assert broken(found) == []
    assert len(made) == 1


def test_another_key_is_not_kept(tmp_path: Path) -> None:
    def draw(draft: Draft) -> None:
        assert not draft.keep("names.json", "stations-2")
        draft.put("names.json", "names", "stations-1")

    release(tmp_path, draw, 1)
    release(tmp_path, draw, 2)


def test_a_sealed_folder_is_made_once_and_moves_on_when_the_oldest_release_goes(
    tmp_path: Path,
) -> None:
    made: list[str] = []
    found = [release(tmp_path, sealed("k", made), number) for number in range(5)]
    assert made == ["k"]
    assert [path.exists() for path in found] == [False, False, True, True, True]
    assert all(broken(path) == [] for path in found[2:])
    assert (found[4] / "net" / "gauge" / "b.html").read_text() == "b k"


def test_a_folder_under_another_key_is_made_anew(tmp_path: Path) -> None:
    made: list[str] = []
    found = [release(tmp_path, sealed(key, made), n) for n, key in enumerate("kkkllkk")]
    assert made == ["k", "l", "k"]
    assert [(p / "net/gauge/a.html").read_text() for p in found[4:]] == ["a l", "a k", "a k"]
    assert all(broken(path) == [] for path in found[4:])


def test_nothing_is_put_into_a_sealed_folder(tmp_path: Path) -> None:
    draft = fresh(tmp_path) / "net"
    draft.put("gauge/a.html", "a")
    draft.seal("gauge", "k")
    with pytest.raises(InvalidData, match="'net/gauge', which was sealed"):
        draft.put("gauge/b.html", "b")


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_edited_in_place_goes_no_further(tmp_path: Path, kept: bool) -> None:
    made: list[str] = []
    draw = sealed("k", made) if kept else put(page="text")
    path = Path("net/gauge/a.html" if kept else "page.html")
    one = release(tmp_path, draw, 1)
    signed = (one / "manifest.json").stat().st_mtime_ns
    (one / path).chmod(0o644)
    (one / path).write_text("edited")
    os.utime(one / path, ns=(signed + 10**9, signed + 10**9))
    two = release(tmp_path, draw, 2)
    assert (two / path).read_text() == ("a k" if kept else "text")
    assert broken(two) == []


def test_what_is_damaged_is_written_again_if_it_is_verified(tmp_path: Path) -> None:
    made: list[str] = []
    one = release(tmp_path, sealed("k", made), 1)
    path = one / "net" / "gauge" / "a.html"
    before = path.stat()
    path.chmod(0o644)
    path.write_text("rot")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert broken(release(tmp_path, sealed("k", made), 2)) == ["net/gauge/a.html"]
    assert broken(release(tmp_path, sealed("k", made), 3, verify=True)) == []
    assert made == ["k", "k"]


def test_nothing_that_is_published_is_written_in_place(tmp_path: Path) -> None:
    def draw(draft: Draft) -> None:
        draft.put("page.html", "first")
        draft.put("page.html", "second")

    one = release(tmp_path, put(page="first"), 1)
    two = release(tmp_path, draw, 2)
    assert (one / "page.html").read_text() == "first"
    assert (two / "page.html").read_text() == "second"
    assert not (two / "page.html").stat().st_mode & 0o222


def test_without_hard_links_everything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    made: list[str] = []
    monkeypatch.setattr("maps.release_disk.os.link", refuse)
    found = [release(tmp_path, sealed("k", made), number) for number in range(2)]
    assert [broken(path) for path in found] == [[], []]
    assert made == ["k", "k"]


def test_without_syncfs_every_file_is_brought_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(release_disk, "_sync_file_system", lambda _: False)
    monkeypatch.setattr(release_disk, "sync", synced.append)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("x")
    release_disk.to_disk(tmp_path)
    assert set(synced) == {tmp_path, tmp_path / "a", tmp_path / "a" / "x"}


def test_of_a_release_without_manifest_nothing_is_taken(tmp_path: Path) -> None:
    assert earlier(tmp_path) is None
    (tmp_path / "manifest.json").write_text('{"files": 1}')
    assert earlier(tmp_path) is None


def test_a_draft_knows_the_same_folder_of_the_last_release(tmp_path: Path) -> None:
    seen = []

    def draw(draft: Draft) -> None:
        seen.append((draft / "net").before)
        (draft / "net").put("x.json", "x")

    one = release(tmp_path, draw, 1)
    release(tmp_path, draw, 2)
    assert seen == [None, one / "net"]
