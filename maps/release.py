"""A release while it is drawn: what has not changed is taken over from the release before.

A file whose bytes are the same becomes a hard link to the one that is there. What depends on
nothing but a `key` (assets, schemas, stubs of gauges) need not even be built to know that:

    if not draft.keep("names.json", key):
        draft.put("names.json", text, key)

    if not draft.keep_folder("gauge", key):  # a whole folder, at no cost by file
        ...draft.put(f"gauge/{name}.html", text)...
        draft.seal("gauge", key)

Files are shared by several releases, so none is ever written again in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from data.errors import InvalidData
from maps.release_before import MANIFEST, Earlier, digest_of, earlier
from maps.release_disk import link, write

__all__ = ["MANIFEST", "Book", "Draft", "Earlier", "digest_of", "earlier", "fresh"]


@dataclass
class Book:
    """What is known of the release that is drawn; paths are from its folder.

    Attributes:
        last: The release that is published now; None if nothing may be taken over.
        leaving: One that nobody may read any more: its folders may be moved.
        verify: Read what is taken over before it is trusted.
        files: The sha256 of every file that was put or kept.
        keys: See `Earlier`.
        kept: Folders that were kept as a whole.
    """

    folder: Path
    last: Earlier | None = None
    leaving: Earlier | None = None
    verify: bool = False
    files: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def take(self, path: str, digest: str) -> bool:
        """Link a file of the last release if it has this digest; say if it was there."""
        last = self.last
        if last is None or not digest or last.files.get(path) != digest:
            return False
        return last.whole(path, self.verify) and link(last.folder / path, self.folder / path)

    def take_folder(self, path: str, key: str, files: Mapping[str, str]) -> bool:
        """Take all files of a folder: moved from the release that is leaving, or linked."""
        old = self.leaving
        same = old is not None and old.keys.get(f"{path}/") == key and old.below(path) == files
        if old and same and all(old.whole(name, self.verify) for name in files):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            if _moved(old.folder / path, self.folder / path):
                return True
        return all(self.take(name, digest) for name, digest in files.items())


@dataclass(frozen=True)
class Draft:
    """The release that is drawn, or a folder of it: `draft / "name"`.

    Attributes:
        at: The way from the release to this folder, with `/` at its end; "" for the release.
    """

    book: Book
    at: str = ""

    @property
    def folder(self) -> Path:
        """The folder on disk."""
        return self.book.folder / self.at

    @property
    def before(self) -> Path | None:
        """The same folder in the release that is published now, whose files may be read."""
        last = self.book.last
        return None if last is None else last.folder / self.at

    def __truediv__(self, name: str) -> "Draft":
        """Return the draft of a folder below this one."""
        return Draft(self.book, f"{self.at}{name}/")

    def put(self, path: str, content: str | bytes, key: str = "") -> None:
        """Write a file, or link that of the last release if its bytes are the same.

        Args:
            path: From this folder, `/` between its parts.
            key: Names all that the content depends on, see `keep`.

        Raises:
            InvalidData: The path lies in a folder that was kept or sealed.
        """
        there = self._open(path)
        body = content.encode("utf-8", "replace") if isinstance(content, str) else content
        digest = sha256(body).hexdigest()
        if not self.book.take(there, digest):
            write(self.book.folder / there, body)
        self.book.files[there] = digest
        if key:
            self.book.keys[there] = key

    def keep(self, path: str, key: str) -> bool:
        """Take the file that the last release made under the same key; say if it was there."""
        there, last = self._open(path), self.book.last
        if last is None or last.keys.get(there) != key:
            return False
        digest = last.files.get(there, "")
        if not self.book.take(there, digest):
            return False
        self.book.files[there], self.book.keys[there] = digest, key
        return True

    def keep_folder(self, path: str, key: str) -> bool:
        """Take the folder that was sealed under the same key; say if it was there."""
        there, last = self._open(path), self.book.last
        if last is None or last.keys.get(f"{there}/") != key:
            return False
        files = last.below(there)
        if not self.book.take_folder(there, key, files):
            return False
        self.book.files.update(files)
        self.book.keys |= {k: v for k, v in last.keys.items() if k.startswith(f"{there}/")}
        self.book.kept.add(there)
        return True

    def seal(self, path: str, key: str) -> None:
        """Say that a folder is complete, and that all in it depends on nothing but the key."""
        self.book.keys[f"{self.at}{path}/"] = key

    def _open(self, path: str) -> str:
        """Return the path from the release, where something may still be written."""
        there = f"{self.at}{path}"
        end = there.find("/")
        while end >= 0:
            if there[: end + 1] in self.book.keys:
                raise InvalidData(
                    f"'{there}' lies in '{there[:end]}', which was sealed as a whole.",
                    "Write it to another folder, or before that one is sealed.",
                )
            end = there.find("/", end + 1)
        return there


def fresh(folder: Path) -> Draft:
    """Return the draft of a site that is drawn for itself and takes nothing over."""
    folder.mkdir(parents=True, exist_ok=True)
    return Draft(Book(folder))


def _moved(old: Path, new: Path) -> bool:
    try:
        old.rename(new)
    except OSError:
        return False
    return True
