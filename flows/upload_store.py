"""A store of objects behind `flows.upload_objects`: S3 and what speaks like it, with `obstore`.

Keys are those of every S3 tool, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; AWS_REGION, too.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from flows.upload import UploadFailed


class Objects:
    """A bucket, or a folder in it."""

    def __init__(self, bucket: str, prefix: str, endpoint: str = "") -> None:
        """Open a bucket; nothing is asked of it yet.

        Args:
            endpoint: Address of a store that is not Amazon's; "" for Amazon's.
        """
        with _told(bucket):
            self._store = S3Store(
                bucket,
                prefix=prefix or None,
                endpoint=endpoint or None,
                virtual_hosted_style_request=not endpoint,
                client_options={"allow_http": endpoint.startswith("http://")},
                retry_config={"max_retries": 5},
            )
        self._bucket = bucket

    def put(self, path: str, body: bytes, kind: str, cache: str) -> None:
        """Write an object."""
        said = {"Content-Type": kind, "Cache-Control": cache}
        with _told(self._bucket):
            obstore.put(self._store, path, body, attributes=said, use_multipart=False)

    def copy(self, old: str, new: str) -> None:
        """Copy an object inside the store."""
        with _told(self._bucket):
            obstore.copy(self._store, old, new)

    def read(self, path: str) -> bytes | None:
        """Return an object; None where there is none."""
        try:
            with _told(self._bucket):
                return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def sizes(self, folder: str) -> dict[str, int]:
        """Return path and size of all objects below a folder."""
        with _told(self._bucket):
            pages = obstore.list(self._store, folder, chunk_size=1000)
            return {str(each["path"]): int(each["size"]) for page in pages for each in page}

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        with _told(self._bucket):
            found = obstore.list_with_delimiter(self._store, folder)["common_prefixes"]
        return [str(path).rstrip("/").rpartition("/")[2] for path in found]

    def remove(self, paths: Iterable[str]) -> None:
        """Remove objects."""
        with _told(self._bucket):
            obstore.delete(self._store, list(paths))


@contextmanager
def _told(bucket: str) -> Iterator[None]:
    """Tell an error of the store without what might be secret in it."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError, ValueError) as error:
        kind = type(error).__name__.removesuffix("Error")
        raise UploadFailed(
            f"The store 's3://{bucket}' refused or did not answer ({kind}).",
            "Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and --endpoint.",
        ) from None
