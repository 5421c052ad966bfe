"""`mulgil upload`: carry the published site to the host that the public reads."""

from dataclasses import asdict
from typing import Annotated

import typer

from flows import settings, upload_rsync
from flows import upload as uploading
from flows.options import Json, answer
from flows.settings import Settings


def upload(
    to: Annotated[
        str,
        typer.Option(
            metavar="TARGET", help="rsync:user@host:/folder, rsync:/folder or s3://bucket/folder"
        ),
    ],
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Address of an S3 store that is not Amazon's.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Upload the published site: data first, the pointer last.

    A reader there sees the old site or the new one, never a part. What the target has already is
    not sent again. As many releases stay as MULGIL_KEEP_RELEASES says.

    For s3:// the keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. How to serve the site:
    docs/publishing.md

    Examples: `mulgil upload --to rsync:web@flood.example:/srv/mulgil`,
    `mulgil upload --to s3://flood --endpoint https://objects.example`
    """
    sent = send(to, endpoint, settings.read())
    kilobytes = f"{sent.size / 1000:,.0f} kB, " if sent.size else ""
    counts = f" ({sent.put:,} files sent, {kilobytes}{sent.taken:,} taken over)" if sent.put else ""
    answer(asdict(sent), as_json, f"{to} shows {sent.release}{counts}")


def send(to: str, endpoint: str, found: Settings) -> uploading.Sent:
    """Upload to a target.

    Raises:
        typer.BadParameter: It is no target that we know.
    """
    kind, _, target = to.partition(":")
    where = target.removeprefix("//").strip("/") if kind == "s3" else target
    if kind not in ("rsync", "s3") or not where or where.startswith("-"):
        raise typer.BadParameter(f"'{to}': expected rsync:user@host:/folder or s3://bucket/folder.")
    release = uploading.published(found.folders.site)
    if kind == "rsync":
        return upload_rsync.upload(release, where, found.keep_releases)
    from flows import upload_objects
    from flows.upload_store import Objects

    bucket, _, prefix = where.partition("/")
    return upload_objects.upload(Objects(bucket, prefix, endpoint), release, found.keep_releases)
