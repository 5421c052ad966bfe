"""Receivers on this machine: what they get, what they refuse, and how long a cycle waits."""

import hmac
import json
import shlex
import smtplib
import socketserver
import ssl
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flows import notify_mail, notify_program, notify_receivers, notify_webhook
from flows.notify_event import Event
from flows.notify_settings import Receivers
from flows.notify_webhook import NotDelivered
from flows.settings import BadSettings, read

EVENT = Event(
    "raised",
    "simulated",
    np.datetime64("2026-07-20T04:00", "ns"),
    "[모의] 경보 단계로 상승",
    "[SIMULATED] raised to warning",
    "모의 2: 경보",
    "Simulated 2: warning",
    {"count": 1},
)
SECRET = "of-the-webhook-7A1D44C2"  # noqa: S105  # made up
Run = Callable[[Any], Any]


class Hook(ThreadingHTTPServer):
    """Keeps what it is sent; answers with each status in turn, the last one for good."""

    def __init__(self, *statuses: int, pause: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.statuses, self.pause = list(statuses), pause
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/{SECRET}"


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        time.sleep(self.server.pause)
        many = len(self.server.statuses) > 1
        self.send_response(self.server.statuses.pop(0) if many else self.server.statuses[0])
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Post(socketserver.ThreadingTCPServer):
    """A mail server that takes everything, or says no to a command."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, refuse: str = "", offers: tuple[str, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.refuse, self.offers = refuse, offers
        self.said: list[str] = []
        self.certificate = Path()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.said.append(line)
            refused = self.server.refuse and line.upper().startswith(self.server.refuse)
            self._answer("REFUSED" if refused else line.split()[0].upper())

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _answer(self, word: str) -> None:
        offers = [f"250-{each}" for each in self.server.offers]
        told = {
            "REFUSED": ["550 not here"],
            "STARTTLS": ["220 go on"],
            "EHLO": ["250-mail.example", *offers, "250 8BITMIME"],
            "DATA": ["354 go on"],
            "QUIT": ["221 bye"],
            "AUTH": ["235 fine"],
        }
        for each in told.get(word, ["250 fine"]):
            self._say(each)
        if word == "STARTTLS":
            self._encrypt()
        elif word == "DATA":
            while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                self.server.said.append(text)
            self._say("250 taken")

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.certificate)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def receivers(**more: Any) -> Receivers:
    return Receivers(**more)


def test_a_webhook_gets_the_event_in_both_languages_and_with_its_numbers(run_server: Run) -> None:
    hook = run_server(Hook(200))
    notify_webhook.send(EVENT, hook.url, receivers())
    ((head, body),) = hook.got
    told = json.loads(body)
    assert told["text"].startswith("[모의] 경보 단계로 상승 / [SIMULATED] raised to warning\n")
    assert told["en"] == {"title": "[SIMULATED] raised to warning", "body": "Simulated 2: warning"}
    assert (told["kind"], told["when"]) == ("raised", "2026-07-20T04:00:00Z")
    assert told["data"] == {"count": 1}
    assert head["X-Mulgil-Event"] == told["id"]
    assert "X-Mulgil-Signature" not in head


def test_a_signature_stands_for_the_time_and_the_body(run_server: Run) -> None:
    hook = run_server(Hook(204))
    notify_webhook.send(EVENT, hook.url, receivers(webhook_secret=SECRET))
    ((head, body),) = hook.got
    signed = f"{head['X-Mulgil-Timestamp']}.".encode() + body
    expected = hmac.new(SECRET.encode(), signed, sha256).hexdigest()
    assert head["X-Mulgil-Signature"] == f"sha256={expected}"
    assert abs(int(head["X-Mulgil-Timestamp"]) - time.time()) < 60


def test_a_webhook_that_is_busy_is_asked_once_more(run_server: Run) -> None:
    hook = run_server(Hook(503, 200))
    notify_webhook.send(EVENT, hook.url, receivers())
    first, second = (head["X-Mulgil-Event"] for head, _ in hook.got)
    assert first == second == EVENT.id


@pytest.mark.parametrize(
    ("status", "asked", "final"), [(500, 2, False), (404, 1, True), (302, 1, True)]
)
def test_a_webhook_that_refuses_is_told_by_its_host_alone(
    run_server: Run, status: int, asked: int, final: bool
) -> None:
    hook = run_server(Hook(status))
    with pytest.raises(NotDelivered, match=rf"^127\.0\.0\.1: HTTP {status}") as error:
        notify_webhook.send(EVENT, hook.url, receivers())
    assert len(hook.got) == asked
    assert error.value.final is final
    assert SECRET not in str(error.value)


def test_a_webhook_where_nobody_listens_is_no_error_of_ours() -> None:
    with pytest.raises(NotDelivered, match=r"^127\.0\.0\.1: ConnectError, twice$"):
        notify_webhook.send(EVENT, "http://127.0.0.1:9/hook", receivers())


def test_an_e_mail_is_written_in_both_languages_and_to_everyone(run_server: Run) -> None:
    post = run_server(Post())
    notify_mail.send(
        EVENT,
        receivers(
            mail_to="duty@flood.example, chief@flood.example",
            mail_from="mulgil@flood.example",
            mail_server=f"127.0.0.1:{post.port}",
        ),
    )
    assert "rcpt TO:<duty@flood.example>" in post.said
    assert "rcpt TO:<chief@flood.example>" in post.said
    assert "Auto-Submitted: auto-generated" in post.said
    message = notify_mail.written(EVENT, receivers(mail_to="duty@flood.example"))
    assert message["Subject"] == "[모의] 경보 단계로 상승 / [SIMULATED] raised to warning"
    assert message.get_content() == "모의 2: 경보\n\nSimulated 2: warning\n"


def test_the_language_of_an_e_mail_can_be_chosen() -> None:
    message = notify_mail.written(EVENT, receivers(notify_language="ko", mail_to="a@b.example"))
    assert message["Subject"] == "[모의] 경보 단계로 상승"
    assert message.get_content() == "모의 2: 경보\n"


def test_a_password_goes_to_this_machine_and_to_no_other_in_the_clear(
    run_server: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = run_server(Post(offers=("AUTH PLAIN",)))
    given = receivers(
        mail_to="a@b.example",
        mail_server=f"127.0.0.1:{post.port}",
        mail_user="mulgil",
        mail_password=SECRET,
    )
    notify_mail.send(EVENT, given)
    assert any(line.startswith("AUTH PLAIN ") for line in post.said)
    post.said.clear()
    monkeypatch.setattr(notify_mail, "loopback", lambda _: False)  # as if it stood elsewhere
    with pytest.raises(NotDelivered, match="offers no encryption, so the password was not sent"):
        notify_mail.send(EVENT, given)
    assert not any(line.startswith("AUTH") for line in post.said)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a key and a certificate for 127.0.0.1, in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    today = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "mail.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_what_a_server_can_encrypt_is_encrypted_and_only_for_one_that_is_known(
    run_server: Run, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = run_server(Post(offers=("STARTTLS", "AUTH PLAIN")))
    post.certificate = certificate
    given = receivers(
        mail_to="a@b.example",
        mail_server=f"127.0.0.1:{post.port}",
        mail_user="mulgil",
        mail_password=SECRET,
    )
    with pytest.raises(NotDelivered, match="certificate verify failed"):
        notify_mail.send(EVENT, given)
    assert not any(line.startswith("AUTH") for line in post.said)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    post.said.clear()
    notify_mail.send(EVENT, given)
    words = [line.split()[0].upper() for line in post.said[:4]]
    assert words == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


def test_a_mail_server_that_says_no_is_quoted_and_not_asked_again(run_server: Run) -> None:
    post = run_server(Post(refuse="MAIL"))
    given = receivers(mail_to="a@b.example", mail_server=f"127.0.0.1:{post.port}")
    with pytest.raises(NotDelivered, match="the server says 550 not here") as error:
        notify_mail.send(EVENT, given)
    assert error.value.final
    assert sum(line.upper().startswith("MAIL") for line in post.said) == 1


def test_no_mail_server_is_told() -> None:
    given = receivers(mail_to="a@b.example", mail_server="127.0.0.1:9")
    with pytest.raises(NotDelivered, match="Connection refused") as error:
        notify_mail.send(EVENT, given)
    assert not error.value.final


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("", ("localhost", 25)),
        ("mail.example", ("mail.example", 587)),
        ("mail.example:465", ("mail.example", 465)),
        ("[::1]:2525", ("::1", 2525)),
        ("[2001:db8::1]", ("2001:db8::1", 587)),
    ],
)
def test_a_mail_server_has_a_port(server: str, address: tuple[str, int]) -> None:
    assert notify_mail.address(receivers(mail_server=server)) == address


def program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "told.py"
    path.write_text(text, encoding="utf-8")
    return f"{sys.executable} {shlex.quote(str(path))} '$HOME; touch {tmp_path}/shell'"


def test_a_program_gets_the_event_on_its_input_and_no_shell_reads_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HRFCO_KEY", SECRET)
    monkeypatch.setenv("MULGIL_HOME", "/srv/rivers")
    out = tmp_path / "got.json"
    command = program(
        tmp_path,
        "import json, os, sys\n"
        "told = [json.load(sys.stdin)['kind'], sys.argv[1], os.environ['MULGIL_EVENT']]\n"
        "told += [os.environ['MULGIL_HOME'], os.environ.get('MULGIL_HRFCO_KEY')]\n"
        f"open({str(out)!r}, 'w').write(json.dumps(told))\n",
    )
    notify_program.send(EVENT, receivers(notify_command=command))
    argument = f"$HOME; touch {tmp_path}/shell"
    assert json.loads(out.read_text()) == ["raised", argument, "raised", "/srv/rivers", None]
    assert not (tmp_path / "shell").exists()


def test_a_program_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    command = program(tmp_path, "import sys\nsys.exit('the modem does not answer')\n")
    with pytest.raises(NotDelivered, match="exit 1: the modem does not answer"):
        notify_program.send(EVENT, receivers(notify_command=command))
    with pytest.raises(NotDelivered, match="none: No such file") as error:
        notify_program.send(EVENT, receivers(notify_command="/none"))
    assert error.value.final


def test_a_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_program, "PATIENCE", 0.5)
    command = program(tmp_path, "import subprocess\nsubprocess.run(['sleep', '60'])\n")
    begun = time.monotonic()
    with pytest.raises(NotDelivered, match=r"ended after 0\.5 s"):
        notify_program.send(EVENT, receivers(notify_command=command))
    assert time.monotonic() - begun < 30  # the child holds the pipe for 60 s unless it is ended


def test_a_receiver_that_hangs_costs_no_more_than_the_patience_and_keeps_nobody_waiting(
    run_server: Run, tmp_path: Path
) -> None:
    slow, quick = run_server(Hook(200, pause=3.0)), run_server(Hook(200))
    senders = notify_receivers.of(receivers(webhook=f"{slow.url} {quick.url}"))
    begun = time.monotonic()
    failed = notify_receivers.tell(EVENT, senders, patience=1.0)
    assert time.monotonic() - begun < 2.5
    assert [(name, why.why, why.final) for name, why in failed.items()] == [
        ("webhook 1", "no answer within 1 s", False)
    ]
    assert len(quick.got) == 1


def test_an_error_that_nobody_foresaw_is_a_trouble_and_not_raised() -> None:
    def broken(_: Event) -> None:
        raise smtplib.SMTPException("a surprise")

    failed = notify_receivers.tell(EVENT, {"e-mail": broken})
    assert failed["e-mail"].why == "SMTPException('a surprise')"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("WEBHOOK", f"ftp://a.example/{SECRET}", "address 1 is none"),
        ("WEBHOOK", f"https://a.example {SECRET}", "address 2 is none"),
        ("MAIL_TO", "duty", "'duty' is no address"),
        ("MAIL_TO", "a@b.example\nBcc: c@d.example", "is no address"),
        ("MAIL_SERVER", "mail.example:smtp", "is no server"),
        ("NOTIFY_COMMAND", "say 'so", "cannot be split into arguments"),
        ("NOTIFY_EVENTS", "failed,raised,lifted", "'lifted' is none of failed, crashed"),
    ],
)
def test_a_receiver_that_cannot_be_is_refused_without_showing_a_secret(
    name: str, value: str, told: str
) -> None:
    with pytest.raises(BadSettings, match=f"MULGIL_{name}: .*{told}") as error:
        read({f"MULGIL_{name}": value})
    assert SECRET not in repr(error.value) + repr(error.value.__cause__) + str(
        error.value.__cause__
    )
