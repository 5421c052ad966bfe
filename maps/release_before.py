"""A finished release: what its manifest says, and whether a file is still as it was signed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import orjson

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Earlier:
    """A finished release.

    Attributes:
        files: By path, the sha256 of each file.
        keys: By path, what a file was made under; that of a folder stands under its path and `/`.
        signed: When its manifest was written [ns since 1970].
    """

    folder: Path
    files: Mapping[str, str]
    keys: Mapping[str, str]
    signed: int

    def whole(self, path: str, verify: bool) -> bool:
        """Return whether a file is as it was signed: nobody wrote to it since.

        Args:
            verify: Read it, instead of trusting its time of change.
        """
        name = f"{self.folder}/{path}"
        try:
            if os.stat(name).st_mtime_ns > self.signed:  # noqa: PTH116  # of 40,000 files
                return False
        except OSError:
            return False
        return not verify or digest_of(self.folder / path) == self.files[path]

    def below(self, folder: str) -> dict[str, str]:
        """Return the files of one folder."""
        return {path: told for path, told in self.files.items() if path.startswith(f"{folder}/")}


def earlier(folder: Path) -> Earlier | None:
    """Return a finished release as its manifest tells it; None where nothing can be taken over."""
    try:
        path = folder / MANIFEST
        told = orjson.loads(path.read_bytes())
        signed = path.stat().st_mtime_ns
        return Earlier(folder, dict(told["files"]), dict(told.get("keys", {})), signed)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    return sha256(path.read_bytes()).hexdigest()
