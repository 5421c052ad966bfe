"""Upload with `rsync`, to another host by SSH or to a folder: the release, then the link to it."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from data.errors import NothingThere
from flows.upload import Sent, UploadFailed

_MOST = 20  # folders that rsync compares with
_TIMEOUT = 3600  # [s] for one call


def upload(release: Path, target: str, keep: int) -> Sent:
    """Send a release, let `current` lead to it, and remove older ones.

    What the target has already, in a release before, is linked there and not sent again.

    Args:
        release: A finished release; its neighbours are the releases that stay.
        target: `user@host:/folder` or a folder.
        keep: How many releases stay at the target at least.

    Raises:
        NothingThere: There is no `rsync` on this machine.
        UploadFailed: rsync could not do it.
    """
    target = target.rstrip("/")
    beside = sorted(path.name for path in release.parent.iterdir() if path != release)
    compared = [f"--link-dest=../{name}" for name in beside[-_MOST:]]
    # By content: two files of one size written within a second are the same to rsync otherwise.
    how = ("-a", "--checksum", "--mkpath", *compared)
    _rsync(*how, "--", f"{release}/", _to(target, release.name))
    before = release.parent.parent / "previous"
    if before.exists():
        _point(target, "previous", before.resolve().name)
    _point(target, "current", release.name)
    if len(beside) + 1 >= keep:
        _forget(release.parent, target)
    return Sent(release.name)


def _point(target: str, name: str, release: str) -> None:
    """Let a link at the target lead to a release: rsync replaces a link in one moment."""
    with TemporaryDirectory() as folder:
        link = Path(folder) / name
        link.symlink_to(f"releases/{release}")
        _rsync("-a", "--links", "--", str(link), f"{target}/")


def _to(target: str, name: str) -> str:
    return f"{target}/releases/{name}/"


def _forget(releases: Path, target: str) -> None:
    """Remove releases that are not here any more; nothing is sent."""
    only_names = ("--existing", "--ignore-existing", "--delete", "--exclude=*.tmp")
    _rsync("-a", *only_names, "--", f"{releases}/", f"{target}/releases/")


def _rsync(*arguments: str) -> str:
    """Run rsync; no shell reads the arguments."""
    program = shutil.which("rsync")
    if program is None:
        raise NothingThere("There is no 'rsync' on this machine.", "Install it, or use s3://.")
    try:
        done = subprocess.run(  # noqa: S603  # a program that was looked up, arguments of ours
            [program, *arguments], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UploadFailed(f"rsync did not end within {_TIMEOUT} s.", "Try again.") from error
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no word"])[0]
        raise UploadFailed(f"rsync ended with {done.returncode}: {why}", "Try again.")
    return done.stdout
