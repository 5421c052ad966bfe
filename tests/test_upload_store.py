"""Upload to a store of objects, by its kept client, to a server on loopback that speaks S3."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest

from flows import upload_objects
from flows.upload import Sent, UploadFailed
from maps.publish import publish
from maps.release import Draft

reason = "obstore is not installed: pip install obstore"
pytest.importorskip("obstore", reason=reason)
SECRET = "a-secret-that-is-told-to-nobody"  # noqa: S105  # made up
TIME = "2026-01-01T00:00:00.000Z"


class FakeS3(ThreadingHTTPServer):
    """A bucket in memory; `log` holds method and key of each request that changed it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.heads: dict[str, dict[str, str]] = {}
        self.log: list[tuple[str, str]] = []
        self.refuse: set[str] = set()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeS3
    NAMES: ClassVar = ("Content-Type", "Cache-Control")

    def log_message(self, *_: object) -> None:
        pass

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/flood/")

    @property
    def _query(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    def _answer(self, status: int, body: bytes = b"", **heads: str) -> None:
        self.send_response(status)
        for name, value in heads.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:  # the name that http.server calls
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        source, store = self.headers.get("x-amz-copy-source"), self.server
        if any(self._key.endswith(name) for name in store.refuse):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return
        with store.lock:
            if source:
                body = store.objects[unquote(source).lstrip("/").removeprefix("flood/")]
            store.objects[self._key] = body
            store.heads[self._key] = {n: self.headers.get(n, "") for n in self.NAMES}
            store.log.append(("COPY" if source else "PUT", self._key))
        done = f"<LastModified>{TIME}</LastModified><ETag>e</ETag>"
        told = f"<CopyObjectResult>{done}</CopyObjectResult>" if source else ""
        self._answer(200, told.encode(), ETag='"e"')

    def do_GET(self) -> None:
        if "list-type" in self._query:
            self._answer(200, self._listed(self._query), Content_Type="application/xml")
        elif self._key in self.server.objects:
            body = self.server.objects[self._key]
            self._answer(200, body, ETag='"e"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        keys = [e.text or "" for e in ET.fromstring(body).iter() if e.tag.endswith("Key")]  # noqa: S314
        with self.server.lock:
            for key in keys:
                self.server.objects.pop(key, None)
                self.server.log.append(("DELETE", key))
        told = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())

    def _listed(self, asked: dict[str, str]) -> bytes:
        prefix, slash = asked.get("prefix", ""), asked.get("delimiter", "")
        with self.server.lock:
            found = sorted(key for key in self.server.objects if key.startswith(prefix))
        rest = {key: key.removeprefix(prefix) for key in found}
        cut = {prefix + r.split(slash)[0] + slash for r in rest.values() if slash and slash in r}
        folders = sorted(cut)
        files = [key for key, r in rest.items() if not slash or slash not in r]
        after = asked.get("continuation-token", "")
        page = [key for key in files if key > after][:7]
        more = bool(page) and page[-1] != files[-1]
        items = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{TIME}</LastModified>"
            f"<ETag>e</ETag><Size>{len(self.server.objects[key])}</Size></Contents>"
            for key in page
        )
        items += "".join(
            f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>" for f in folders
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        return (
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{token}{items}</ListBucketResult>"
        ).encode()


@pytest.fixture
def s3(run_server: Callable[[FakeS3], FakeS3], monkeypatch: pytest.MonkeyPatch) -> FakeS3:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "nowhere-1")
    return run_server(FakeS3())


def release(site: Path, number: int) -> Path:
    def draw(draft: Draft) -> None:
        draft.put("index.html", f"release {number}")
        for page in range(10):
            draft.put(f"net/gauge/{page}.html", f"gauge {page}")

    return publish(site, draw, {"run_id": f"r{number}", "started": f"2026-01-01T0{number}:00:00"})


def send(s3: FakeS3, path: Path, keep: int = 3) -> Sent:
    from flows.upload_store import Objects

    return upload_objects.upload(Objects("flood", "public", s3.url), path, keep)


def test_all_files_come_before_the_pointers(s3: FakeS3, tmp_path: Path) -> None:
    sent = send(s3, release(tmp_path, 1))
    assert (sent.put, sent.taken) == (12, 0)  # 11 files and the manifest
    assert [key for _, key in s3.log[-2:]] == ["public/current.json", "public/index.html"]
    assert len(s3.log) == 12 + 2
    assert json.loads(s3.objects["public/current.json"])["release"] == "r1"
    assert s3.objects["public/releases/r1/index.html"] == b"release 1"
    assert b"url=releases/r1/index.html" in s3.objects["public/index.html"]


def test_what_the_store_has_is_copied_there_and_not_sent_again(s3: FakeS3, tmp_path: Path) -> None:
    send(s3, release(tmp_path, 1))
    s3.log.clear()
    sent = send(s3, release(tmp_path, 2))
    assert (sent.put, sent.taken) == (2, 10)  # index.html and the manifest
    assert sum(method == "COPY" for method, _ in s3.log) == 10
    assert s3.objects["public/releases/r2/net/gauge/9.html"] == b"gauge 9"


def test_files_of_a_release_may_be_kept_for_ever_and_pointers_not(
    s3: FakeS3, tmp_path: Path
) -> None:
    send(s3, release(tmp_path, 1))
    page, pointer = s3.heads["public/releases/r1/index.html"], s3.heads["public/current.json"]
    assert page == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    assert pointer["Cache-Control"] == "no-cache"


def test_a_store_that_refuses_a_file_goes_on_showing_the_old_release(
    s3: FakeS3, tmp_path: Path
) -> None:
    send(s3, release(tmp_path, 1))
    second = release(tmp_path, 2)
    s3.refuse = {"r2/index.html"}
    with pytest.raises(UploadFailed, match="refused or did not answer") as failed:
        send(s3, second)
    assert SECRET not in str(failed.value)
    assert json.loads(s3.objects["public/current.json"])["release"] == "r1"
    s3.refuse = set()
    s3.log.clear()
    assert send(s3, second).release == "r2"
    assert json.loads(s3.objects["public/current.json"])["release"] == "r2"
    assert len(s3.log) < 12  # what had come already was not sent again


def test_old_releases_go_after_the_pointer_leads_on(s3: FakeS3, tmp_path: Path) -> None:
    sent = [send(s3, release(tmp_path, number), keep=2) for number in range(1, 5)]
    assert [each.removed for each in sent] == [(), (), ("r1",), ("r2",)]
    left = {key.split("/")[2] for key in s3.objects if "/releases/" in key}
    assert left == {"r3", "r4"}
    methods = [method for method, _ in s3.log]
    assert s3.log[methods.index("DELETE") - 1][1] == "public/index.html"
