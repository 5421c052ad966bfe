"""Can we write where we must, and is there room?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from flows.check_finding import Finding
from flows.folders import Folders

LITTLE, FEW = 5 << 30, 500 << 20  # bytes: a note, and wrong
INODES = 20_000  # files that must still be possible: a release of 20,000 gauges has about so many


def disk(folders: Folders, network: str) -> Iterator[Finding]:
    """Yield a finding for each folder that a cycle writes to, and for the room that is left."""
    home = folders.home.absolute()
    for name in ("", network, "runs", "site", "notify", "prefect"):
        folder = home / name
        what = f"folder {name or 'home'}"
        trouble = _trouble(_existing(folder))
        if trouble:
            remedy = f"Give {folder} to the user that runs mulgil: chown -R {os.geteuid()} {home}"
            yield Finding(what, "wrong", f"{folder}: {trouble}", remedy)
        elif not name:
            yield Finding(what, "ok", f"{home} is writable")
    yield from _room(_existing(home))


def _room(home: Path) -> Iterator[Finding]:
    usage, inodes = shutil.disk_usage(home), os.statvfs(home)
    share = 100 * usage.free / usage.total
    told = f"{usage.free / 2**30:.1f} GiB free ({share:.0f} %) at {home}"
    remedy = "Free some: old raw answers and models below MULGIL_HOME, or give it a larger disk."
    if usage.free < LITTLE:
        yield Finding("disk", "wrong" if usage.free < FEW else "note", told, remedy)
    else:
        yield Finding("disk", "ok", told)
    if inodes.f_files and inodes.f_favail < INODES:
        told = f"only {inodes.f_favail:,} more files are possible at {home}"
        yield Finding("files", "note", told, "Remove small files, or use a disk with more inodes.")


def _existing(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that there is: it would be made there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _trouble(folder: Path) -> str:
    """Return why nothing can be written to a folder; "" if it can: by writing, not by asking."""
    probe = folder / f".check-{uuid4().hex}"
    try:
        probe.write_bytes(b"mulgil")
        probe.unlink()
    except OSError as error:
        return str(error.strerror)
    return ""
