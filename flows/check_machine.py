"""Is the machine fit: its clock, its browser, its libraries?"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata, resources
from pathlib import Path

from packaging.requirements import Requirement

from flows.check_finding import Finding
from flows.folders import Folders

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AHEAD = 300.0  # seconds


def clock(folders: Folders) -> Iterator[Finding]:
    """Yield whether the clock can be right: later than our own files, and kept by somebody."""
    now = datetime.now(UTC).timestamp()
    newest = max((path.stat().st_mtime for path in _marks(folders)), default=_built())
    told = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if now + AHEAD < max(newest, _built()):
        told += f", but files here are {(newest - now) / 60:.0f} min younger than that"
        yield Finding("clock", "wrong", told, "Set the clock: timedatectl set-ntp true")
        return
    kept = _synchronised()
    if kept is False:
        told += "; nobody keeps it right (timedatectl: NTPSynchronized=no)"
        yield Finding("clock", "note", told, "Run: timedatectl set-ntp true, or install chrony")
    else:
        yield Finding("clock", "ok", told + ("; kept by NTP" if kept else "; not known if kept"))


def browser() -> Iterator[Finding]:
    """Yield whether there is a browser: only tests and the PDF of a report want one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        yield Finding("browser", "ok", f"{found} (optional)")
    else:
        told = "there is no Chromium; only browser tests and printing by machine want one"
        yield Finding("browser", "ok", told)


def libraries() -> Iterator[Finding]:
    """Yield whether what is installed is what we ask for: with wrong pins schedules never fire."""
    yield Finding("python", "ok", f"{sys.version.split()[0]} at {sys.executable}")
    wrong = []
    for text in metadata.requires("mulgil") or []:
        need = Requirement(text)
        if need.marker and not need.marker.evaluate():
            continue
        try:
            there = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{need.name} is missing")
            continue
        if not need.specifier.contains(there, prereleases=True):
            wrong.append(f"{need.name} {there} is not {need.specifier}")
    if wrong:
        remedy = "Install what is locked: pip install -r requirements.lock"
        yield Finding("libraries", "wrong", "; ".join(wrong), remedy)
    else:
        yield Finding("libraries", "ok", "every one has a version that we ask for")


def _marks(folders: Folders) -> list[Path]:
    """Return files that cycles leave: none of them can be of the future."""
    patterns = ("*/heartbeat.json", "*/shown.json", "site/current/manifest.json")
    return [path for pattern in patterns for path in folders.home.glob(pattern)]


def _built() -> float:
    with resources.as_file(resources.files("flows") / "settings.py") as path:
        return path.stat().st_mtime


def _synchronised() -> bool | None:
    """Return whether systemd says that the clock is kept; None where nobody knows."""
    program = shutil.which("timedatectl")
    if not program:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a system's own program, fixed arguments
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {b"yes": True, b"no": False}.get(done.stdout.strip())
