"""Carry the published site to the host that the public reads: data first, the pointer last.

A reader there sees the old site or the new one, as here: every file of a release is sent and looked
for before anything leads to it. An upload that is broken off changes nothing that is seen; the next
one goes on with it.

`upload_rsync`    to a host that follows links: `current` is a link there, too
`upload_objects`  to a store of objects (S3 and what speaks like it), which has no links
"""

from dataclasses import dataclass
from pathlib import Path

from data.errors import InvalidData, MulgilError, NothingThere
from maps.publish import broken


class UploadFailed(MulgilError):
    """The other host did not take what was sent; what it shows has not changed."""


@dataclass(frozen=True)
class Sent:
    """What an upload did.

    Attributes:
        put: Files that were sent.
        taken: Files that the other host had already, in the release before.
        size: Of what was sent [bytes].
        removed: Old releases that were removed there.
    """

    release: str
    put: int = 0
    taken: int = 0
    size: int = 0
    removed: tuple[str, ...] = ()


def published(site: Path) -> Path:
    """Return the release that is published now, whole.

    Raises:
        NothingThere: Nothing was published yet.
        InvalidData: A file of it is missing or damaged.
    """
    link = site / "current"
    if not link.exists():
        raise NothingThere(f"Nothing is published at {link}.", "Run: mulgil forecast")
    release = site / "releases" / link.resolve().name
    wrong = broken(release)
    if wrong:
        raise InvalidData(
            f"'{wrong[0]}' in {release} is not what its manifest says ({len(wrong)} such files).",
            "Publish again, then upload.",
        )
    return release
