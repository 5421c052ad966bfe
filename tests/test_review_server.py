"""The reviewer's page: on loopback only, for who has the key, for our own forms."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from flows import review_pages, settings
from flows.review_pages import Answer
from flows.review_server import COOKIE, HOST, Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Client:
    """Asks a running page, with the right `Host` unless another is given."""

    def __init__(self, page: Server, port: int) -> None:
        self.page, self.port = page, port
        self.cookie = {"Cookie": f"{COOKIE}={page.key}"}

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection(HOST, self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body, named)
        answer = line.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read().decode())
        line.close()
        return found

    def send(self, given: dict[str, Any], **headers: str) -> int:
        return self.ask("POST", "/n/x/decide", urlencode(given), **FORM, **self.cookie, **headers)[
            0
        ]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    page = Server(settings.read({"MULGIL_HOME": str(tmp_path)}))
    with page.bind(0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield Client(page, server.server_port)
        server.shutdown()
        thread.join()


def test_it_listens_on_this_machine_only(client: Client) -> None:
    assert HOST == "127.0.0.1"
    assert client.ask("GET", "/", **client.cookie)[0] == 200


def test_without_the_key_nothing_is_shown(client: Client) -> None:
    assert client.ask("GET", "/")[0] == 403
    assert client.ask("GET", "/", Cookie=f"{COOKIE}=guess")[0] == 403
    assert client.ask("GET", "/?key=guess")[0] == 403


def test_the_address_that_is_printed_opens_it_and_leaves_the_key_behind(client: Client) -> None:
    status, headers, _ = client.ask("GET", f"/?key={client.page.key}&lang=en")
    assert (status, headers["Location"]) == (303, "/?lang=en")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_another_name_for_this_machine_is_refused(client: Client) -> None:
    assert client.ask("GET", "/", Host="evil.example", **client.cookie)[0] == 421
    assert client.ask("GET", "/", Host=f"localhost:{client.port}", **client.cookie)[0] == 200


def test_a_form_of_another_page_is_refused(client: Client) -> None:
    token = {"token": client.page.token}
    assert client.send({"token": "guess"}) == 403
    assert client.send({}) == 403
    assert client.send(token, Origin="https://evil.example") == 403
    assert client.send(token, Origin="null") == 403
    assert client.send(token, Origin=f"http://{HOST}:{client.port}") == 400  # no network 'x'


def test_no_form_acts_without_the_key(client: Client) -> None:
    body = urlencode({"token": client.page.token})
    assert client.ask("POST", "/n/x/decide", body, **FORM)[0] == 403


def test_only_a_form_of_a_sane_size_is_read(client: Client) -> None:
    assert client.send({"token": client.page.token, "reason": "x" * 30_000}) == 413
    status, _, _ = client.ask("POST", "/n/x/edit", "{}", **client.cookie)
    assert status == 400


def test_pages_run_no_script_and_load_nothing_from_elsewhere(client: Client) -> None:
    _, headers, text = client.ask("GET", "/", **client.cookie)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert client.ask("GET", "/style.css")[0] == 200


def test_what_is_asked_for_stands_escaped_in_the_answer(client: Client) -> None:
    status, _, text = client.ask("GET", "/n/%3Cscript%3Ealert(1)%3C%2Fscript%3E", **client.cookie)
    assert status == 400
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_page_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.ask("GET", "/elsewhere", **client.cookie)[0] == 404
    assert client.ask("GET", "/n/../../etc/passwd/x", **client.cookie)[0] == 404


def test_nobody_reads_the_key_in_an_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_pages, "show", lambda *_: Answer(200, "page"))
    _, headers, text = client.ask("GET", "/", **client.cookie)
    assert client.page.key not in text + str(headers)
