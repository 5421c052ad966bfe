"""Asking a provider's API through the one door, against a server that misbehaves on demand."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from data.errors import SourceError, SourceUnavailable
from data.sources.asking import Access, Manners, Question
from data.sources.web import ask, redacted

KEY = "0F3A-KEY/ä"
HASTY = Manners(timeout=2, tries=3, first_wait=0.001, longest_wait=0.01, largest=1_000, at_once=2)
Reply = Callable[[BaseHTTPRequestHandler], None]


def send(to: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    to.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


class Handler(BaseHTTPRequestHandler):
    replies: list[Reply]
    seen: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        number = len(self.seen)
        self.seen.append((self.path, dict(self.headers)))
        self.replies[min(number, len(self.replies) - 1)](self)

    def log_message(self, *args: object) -> None:
        pass


Served = tuple[str, type[Handler]]


@pytest.fixture
def served() -> Iterator[Served]:
    handler = type("OneTest", (Handler,), {"replies": [], "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"http://127.0.0.1:{server.server_port}/api", handler
    server.shutdown()
    server.server_close()


def test_an_answer_tells_what_was_asked_and_when_it_came(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 200, b"[]", Content_Type="application/json")]
    question = Question("ea", "latest", "/readings", {"parameter": "rain fall"}, {"X-Api": "1"})
    answer = ask(Access(url), question)
    assert (answer.source, answer.what, answer.body, answer.status) == ("ea", "latest", b"[]", 200)
    assert answer.url == f"{url}/readings?parameter=rain+fall"
    assert answer.content_type == "application/json"
    path, headers = handler.seen[0]
    assert path == "/api/readings?parameter=rain+fall"
    assert headers["X-Api"] == "1"
    assert headers["User-Agent"].startswith("mulgil/")


def test_a_replay_server_is_recognised(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 200, b"", Mulgil_Replay="SIMULATED rivers")]
    assert ask(Access(url), Question("hrfco", "x", "/x")).replayed == "SIMULATED rivers"


def test_only_what_has_changed_is_sent_again(served: Served, tmp_path: Path) -> None:
    url, handler = served
    handler.replies = [
        lambda to: send(to, 200, b"v1", ETag='"1"', Last_Modified="Mon, 20 Jul 2026 03:00:00 GMT"),
        lambda to: send(to, 304, b""),
        lambda to: send(to, 200, b"v2", ETag='"2"'),
        lambda to: send(to, 304, b""),
    ]
    access = Access(url, kept=tmp_path / "kept")
    answers = [ask(access, Question("ea", "latest", "/readings")) for _ in range(4)]
    assert [a.body for a in answers] == [b"v1", b"v1", b"v2", b"v2"]
    assert [a.unchanged for a in answers] == [False, True, False, True]
    assert answers[1].fetched > answers[0].fetched
    assert handler.seen[1][1]["If-None-Match"] == '"1"'
    assert handler.seen[1][1]["If-Modified-Since"] == "Mon, 20 Jul 2026 03:00:00 GMT"
    assert handler.seen[3][1]["If-None-Match"] == '"2"'


def test_a_damaged_memory_is_no_memory(served: Served, tmp_path: Path) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 200, b"v1", ETag='"1"')]
    access = Access(url, kept=tmp_path)
    ask(access, Question("ea", "latest", "/readings"))
    next(tmp_path.iterdir()).write_bytes(b"{}")
    assert ask(access, Question("ea", "latest", "/readings")).body == b"v1"
    assert "If-None-Match" not in handler.seen[1][1]


def test_a_refusal_can_be_an_answer(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 400, b'{"error":true}')]
    answer = ask(Access(url), Question("open_meteo", "rain", "/f", accept=(200, 400)))
    assert (answer.status, answer.body) == (400, b'{"error":true}')


def test_a_refusal_is_told_with_the_server_s_own_words(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 403, "활용신청이\n필요한 API".encode())]
    with pytest.raises(
        SourceError, match=r"kma_hub, rain: .*HTTP 403: 활용신청이 필요한 API"
    ) as told:
        ask(Access(url), Question("kma_hub", "rain", "/x"))
    assert told.value.remedy == "Check the key and what is asked for."


def test_too_large_an_answer_is_refused_before_it_fills_the_memory(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 200, b"x" * 2000)]
    with pytest.raises(SourceError, match="sends more than 1,000 bytes"):
        ask(Access(url, manners=HASTY), Question("nwps", "gauges", "/gauges"))


def test_no_new_try_begins_after_the_budget(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 503, b"", Retry_After="5")]
    manners = Manners(tries=9, longest_wait=60, budget=0.5)
    with pytest.raises(SourceUnavailable, match="no answer in 1 try: HTTP 503"):
        ask(Access(url, manners=manners), Question("ea", "latest", "/x"))
    assert len(handler.seen) == 1


def test_no_more_than_so_many_requests_reach_a_host_at_once(served: Served) -> None:
    url, handler = served
    inside: list[int] = [0, 0]
    lock = threading.Lock()

    def slow(to: BaseHTTPRequestHandler) -> None:
        with lock:
            inside[0] += 1
            inside[1] = max(inside)
        time.sleep(0.05)
        with lock:
            inside[0] -= 1
        send(to, 200, b"")

    handler.replies = [slow]
    access = Access(url, manners=HASTY)
    threads = [
        threading.Thread(target=ask, args=(access, Question("ea", "x", "/x"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handler.seen) == 6
    assert inside[1] == 2


@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_the_key_shows_nowhere(
    served: Served, tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    url, handler = served
    handler.replies = [
        lambda to: send(to, status, f"you asked {KEY}".encode(), Location="/else", ETag='"1"')
    ]
    caplog.set_level(logging.DEBUG)
    access = Access(url, KEY, HASTY, kept=tmp_path)
    text = repr(access)
    try:
        text += repr(ask(access, Question("hrfco", "levels", f"/{KEY}/waterlevel/list.json")))
    except SourceError as error:
        text += repr(error) + repr(error.__cause__) + str(error)
    text += caplog.text + "".join(map(str, tmp_path.iterdir()))
    text += "".join(path.read_bytes().decode(errors="replace") for path in tmp_path.iterdir())
    assert KEY not in text
    assert "0F3A" not in text
    assert len(handler.seen) == (3 if status == 503 else 1)  # no redirect carries a key away


def test_a_key_that_is_cut_in_two_shows_no_half(served: Served) -> None:
    url, handler = served
    handler.replies = [lambda to: send(to, 404, b"x" * 290 + KEY.encode())]
    with pytest.raises(SourceError) as told:
        ask(Access(url, KEY), Question("hrfco", "levels", "/x"))
    assert "0F3A" not in str(told.value)


def test_a_key_is_taken_out_in_all_its_spellings() -> None:
    assert redacted("/a%2Fb%3D/x?k=a/b%3D&y=a/b=", "a/b=") == "/…/x?k=…&y=…"
    assert redacted("/nothing", "") == "/nothing"
