"""The door to the network, against a server on this machine that misbehaves on demand."""

import hashlib
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from data.errors import SourceError, SourceUnavailable
from data.sources import web
from data.sources.asking import Manners
from data.sources.downloads import download
from data.sources.web import fetch_text

HASTY = Manners(timeout=2, tries=3, first_wait=0.001, longest_wait=0.01, largest=1_000_000)
BODY = bytes(range(256)) * 40  # 10,240 bytes
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Answers the n-th request with the n-th of `answers`, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = [whole]
        self.seen: list[dict[str, str]] = []

    def url(self, path: str = "/folder/file.nc") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        number = len(self.server.seen)
        self.server.seen.append(dict(self.headers))
        self.server.answers[min(number, len(self.server.answers) - 1)](self)

    def log_message(self, *args: object) -> None:
        pass


def send(to: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    to.send_response(status)
    for name, value in ({"Content_Length": str(len(body))} | headers).items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


def whole(to: BaseHTTPRequestHandler) -> None:
    """Send the body, or the range that is asked for."""
    start = int(to.headers.get("Range", "bytes=0-")[6:-1])
    if start >= len(BODY):
        send(to, 416, b"", Content_Range=f"bytes */{len(BODY)}")
    elif start:
        span = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
        send(to, 206, BODY[start:], Content_Range=span)
    else:
        send(to, 200, BODY)


def cut(to: BaseHTTPRequestHandler) -> None:
    send(to, 200, BODY[:4000], Content_Length=str(len(BODY)))


def status(code: int, **headers: str) -> Answer:
    return lambda to: send(to, code, b"sorry", **headers)


@pytest.fixture
def server(run_server: Callable[[Server], Server]) -> Server:
    return run_server(Server())


def test_text_is_fetched_with_our_name(server: Server) -> None:
    server.answers = [lambda to: send(to, 200, "한강".encode())]
    assert fetch_text(server.url(), HASTY) == "한강"
    assert server.seen[0]["User-Agent"].startswith("mulgil/")


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path, code: int) -> None:
    server.answers = [status(code), whole]
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY
    assert len(server.seen) == 2


def test_a_server_that_stays_broken_is_unavailable_and_leaves_no_file(
    server: Server, tmp_path: Path
) -> None:
    server.answers = [status(502)]
    with pytest.raises(SourceUnavailable, match=r"file\.nc gave no answer in 3 tries: HTTP 502"):
        download(server.url(), tmp_path / "a.nc", MD5, HASTY)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_final(server: Server) -> None:
    server.answers = [status(404)]
    with pytest.raises(SourceError, match="HTTP 404") as caught:
        fetch_text(server.url(), HASTY)
    assert not isinstance(caught.value, SourceUnavailable)
    assert len(server.seen) == 1


def test_a_cut_stream_resumes_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.answers = [cut, whole]
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY
    assert server.seen[1]["Range"] == "bytes=4000-"
    assert [f.name for f in tmp_path.iterdir()] == ["a.nc"]


def test_a_part_of_an_earlier_run_is_continued_if_a_checksum_can_judge_it(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "a.nc.part").write_bytes(BODY[:10_000])
    download(server.url(), tmp_path / "a.nc", MD5, HASTY)
    assert server.seen[0]["Range"] == "bytes=10000-"
    (tmp_path / "b.nc.part").write_bytes(b"old")
    assert download(server.url(), tmp_path / "b.nc", "", HASTY).read_bytes() == BODY


def test_a_part_that_is_already_whole_is_kept(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.nc.part").write_bytes(BODY)
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY


@pytest.mark.parametrize("left", [BODY + b"longer", b"another version"])
def test_a_part_of_another_version_is_thrown_away(
    server: Server, tmp_path: Path, left: bytes
) -> None:
    (tmp_path / "a.nc.part").write_bytes(left)
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY


def test_a_server_that_sends_another_range_is_asked_for_all(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.nc.part").write_bytes(BODY[:100])
    server.answers = [lambda to: send(to, 206, BODY[50:], Content_Range="bytes 50-9/10240"), whole]
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.nc.part").write_bytes(BODY[:100])
    server.answers = [lambda to: send(to, 200, BODY)]
    assert download(server.url(), tmp_path / "a.nc", MD5, HASTY).read_bytes() == BODY


def test_a_wrong_checksum_is_refused_after_one_more_try(server: Server, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="published checksum 00ff"):
        download(server.url(), tmp_path / "a.nc", "00ff", HASTY)
    assert len(server.seen) == 2
    assert list(tmp_path.iterdir()) == []


def test_too_much_is_refused(server: Server, tmp_path: Path) -> None:
    small = Manners(tries=1, largest=1000)
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        download(server.url(), tmp_path / "a.nc", "", small)
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        fetch_text(server.url(), small)


def test_nobody_listening_is_unavailable_and_the_key_is_not_shown() -> None:
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1:9/…/list\.json") as caught:
        fetch_text("http://user:pw@127.0.0.1:9/SECRET-KEY/list.json?key=SECRET", HASTY)
    assert "SECRET" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_what_is_no_address_is_final() -> None:
    with pytest.raises(SourceError, match="is not an address"):
        fetch_text("http://127.0.0.1:port/x", HASTY)


def test_retry_after_is_obeyed_in_seconds_and_as_a_date(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("data.sources.web.time.sleep", slept.append)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.answers = [
        status(503, Retry_After="7"),
        status(503, Retry_After=soon),
        status(503, Retry_After="x"),
        status(503, Retry_After="999"),
        whole,
    ]
    fetch_text(server.url(), Manners(tries=5, first_wait=1, longest_wait=90))
    assert slept[0] == 7
    assert slept[1] == pytest.approx(60, abs=5)
    assert 0 <= slept[2] <= 4
    assert slept[3] == 90


def test_an_answer_that_is_too_large_is_freed_though_its_error_lives_on() -> None:
    class Endless:
        url = "https://example.test/levels"

        def iter_bytes(self) -> Iterator[bytes]:
            while True:
                yield bytes(40)

    with pytest.raises(SourceError, match="more than 100 bytes") as caught:
        web._body(cast("web.Response", Endless()), Manners(largest=100))
    frames = [frame.f_locals for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    bodies = [here["body"] for here in frames if "body" in here]
    assert bodies == [bytearray()]
