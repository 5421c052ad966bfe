"""Files of a release on disk: written once and never again, linked where another has the same.

To bring 400 files of 200 kB to disk, one `syncfs` takes 0.05 s, an `fsync` of each 1.6 s, and the
same from eight threads 0.14 s. To remove them takes 1.4 s, from eight threads 0.04 s (ext4 on a
virtual disk that tells its host what is free).
"""

import ctypes
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_READ_ONLY = 0o444  # releases share their files: what is written in place changes all of them
_THREADS = 8
_AT_ONCE = 100  # files: handing over each for itself costs more than to remove it


def write(path: Path, body: bytes) -> None:
    """Write a new file; one that is there is left to those who share it, and replaced."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(path, flags, _READ_ONLY)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, flags, _READ_ONLY)
    except FileExistsError:
        path.unlink()
        handle = os.open(path, flags, _READ_ONLY)
    with open(handle, "wb", buffering=0) as file:  # noqa: PTH123  # of a handle, not of a path
        rest = memoryview(body)
        while rest:
            rest = rest[file.write(rest) :]


def link(old: Path, new: Path) -> bool:
    """Give a file a second name; say whether it could be done."""
    try:
        try:
            os.link(old, new)
        except FileExistsError:
            new.unlink()
            os.link(old, new)
        except FileNotFoundError:
            new.parent.mkdir(parents=True, exist_ok=True)
            os.link(old, new)
    except OSError:  # another file system, too many links, no such file: it is written instead
        return False
    return True


def remove(folder: Path) -> None:
    """Remove a folder and all that lies in it."""
    found = list(os.walk(folder, topdown=False))
    with ThreadPoolExecutor(_THREADS) as threads:
        names = [f"{here}/{name}" for here, _, files in found for name in files]
        parts = [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
        list(threads.map(_unlink, parts))
    for here, folders, _ in found:
        for name in folders:
            path = Path(here, name)
            path.unlink() if path.is_symlink() else path.rmdir()
    folder.rmdir()


def _unlink(names: list[str]) -> None:
    for name in names:
        os.unlink(name)  # noqa: PTH108  # of 10,000 files


def to_disk(folder: Path) -> None:
    """Bring all that lies below a folder to disk."""
    if not _sync_file_system(folder):
        for path in _all(folder):
            sync(path)


def sync(path: Path) -> None:
    """Bring one file, or the names in one folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file_system(folder: Path) -> bool:
    """Bring the file system that a folder lies on to disk; False where there is no such call.

    Raises:
        OSError: The disk could not take it.
    """
    call = (
        getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if os.name == "posix" else None
    )
    if call is None:
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        if call(handle):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(handle)
    return True


def _all(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*")
    yield folder
