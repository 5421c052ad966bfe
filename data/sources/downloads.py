"""Download files that resume, are checked, and appear only when they are whole."""

import hashlib
from pathlib import Path

from data.errors import SourceError
from data.sources.asking import POLITE, Manners
from data.sources.web import (
    Busy,
    opened,
    patiently,
    refuse_failure,
    refuse_too_much,
    shown,
)


def download(url: str, path: Path, md5: str = "", manners: Manners = POLITE) -> Path:
    """Download `url` to `path`; the file appears only when it is complete and its checksum right.

    A broken download resumes; what an earlier run left in `path`.part is only trusted where a
    checksum will judge it.

    Args:
        md5: Expected MD5 in hex; "" if none is published.

    Raises:
        SourceUnavailable: The server did not answer, or broke off, in `manners.tries` tries.
        SourceError: No such thing, too large, or the checksum is wrong twice.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if not md5:
        part.unlink(missing_ok=True)
    for _ in range(2):  # a part of another version of the file: once more from the start
        patiently(lambda: _continue(url, part, manners), url, manners)
        if not md5 or _md5(part) == md5.lower():
            return part.replace(path)
        part.unlink()
    raise SourceError(
        f"{shown(url)} does not have its published checksum {md5}.",
        "The copy on the server is damaged: try another version, or tell the provider.",
    )


def _continue(url: str, part: Path, manners: Manners) -> None:
    """Fetch what is missing in `part`; a server without ranges sends all of it again."""
    have = part.stat().st_size if part.exists() else 0
    ranges = {"Range": f"bytes={have}-"} if have else {}
    with opened(url, ranges | {"Accept-Encoding": "identity"}, manners) as answer:
        span = answer.headers.get("Content-Range", "")
        if answer.status_code == 416 and span.endswith(f"/{have}"):
            return  # nothing comes after what we have
        if answer.status_code == 416 or (have and span and not span.startswith(f"bytes {have}-")):
            part.unlink()
            raise Busy("the file changed on the server", 0.0)
        refuse_failure(answer, (200, 206))
        start = have if answer.status_code == 206 else 0
        refuse_too_much(start + int(answer.headers.get("Content-Length", 0)), url, manners)
        with part.open("ab" if start else "wb") as file:
            for chunk in answer.iter_raw():  # as received: nothing is lost in a buffer
                start += file.write(chunk)
                refuse_too_much(start, url, manners)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
