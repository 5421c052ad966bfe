"""Tell by e-mail: encrypted where the server offers it; a password never goes out in the clear."""

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address

from flows.notify_event import Event
from flows.notify_settings import Receivers
from flows.notify_webhook import NotDelivered
from flows.redaction import redact

PATIENCE = 4.0  # seconds for each step of the conversation
AGAIN = 0.5
TLS_AT_ONCE, SUBMISSION, LOCAL = 465, 587, 25


def send(event: Event, receivers: Receivers) -> None:
    """Send an event to everyone in `mail_to`.

    Raises:
        NotDelivered: The server did not take it, or not for everyone.
    """
    message, why = written(event, receivers), ""
    for attempt in range(2):
        time.sleep(AGAIN * attempt)
        try:
            refused = _hand_over(message, receivers)
        except smtplib.SMTPServerDisconnected as error:
            why = str(error)
        except smtplib.SMTPResponseException as error:
            why = f"the server says {error.smtp_code} {_said(error.smtp_error)}"
            if error.smtp_code >= 500:
                break
        except OSError as error:  # all other errors of SMTP, too
            why = error.strerror or str(error) or type(error).__name__
        else:
            why = f"refused for {', '.join(refused)}" if refused else ""
            break
    if why:
        raise NotDelivered(
            redact(f"e-mail: {why}"), final=why.startswith(("the server", "refused"))
        )


def _hand_over(message: EmailMessage, receivers: Receivers) -> dict[str, tuple[int, bytes]]:
    """Give a message to the server; return who was refused while others were not."""
    with _connected(receivers) as server:
        return server.send_message(message)


def written(event: Event, receivers: Receivers) -> EmailMessage:
    """Return the e-mail about an event."""
    sender = receivers.mail_from or "mulgil@localhost"
    message = EmailMessage()
    message["Subject"] = event.title(receivers.notify_language)
    message["From"], message["To"] = sender, ", ".join(_each(receivers.mail_to))
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(event.id, domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence note answers
    message["X-Mulgil-Event"] = f"{event.kind} {event.id}"
    message.set_content(event.body(receivers.notify_language) + "\n")
    return message


@contextmanager
def _connected(receivers: Receivers) -> Iterator[smtplib.SMTP]:
    host, port = address(receivers)
    trusted = ssl.create_default_context()
    if port == TLS_AT_ONCE:
        with smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trusted) as server:
            _log_in(server, receivers)
            yield server
        return
    with smtplib.SMTP(host, port, timeout=PATIENCE) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trusted)
            server.ehlo()
        elif receivers.mail_password.get_secret_value() and not loopback(host):
            raise smtplib.SMTPException(
                f"{host} offers no encryption, so the password was not sent; use port 465 or 587"
            )
        _log_in(server, receivers)
        yield server


def _log_in(server: smtplib.SMTP, receivers: Receivers) -> None:
    if receivers.mail_user:
        server.login(receivers.mail_user, receivers.mail_password.get_secret_value())


def address(receivers: Receivers) -> tuple[str, int]:
    """Return host and port of the mail server; without a port 587, on this machine 25."""
    given = receivers.mail_server or "localhost"
    host, colon, port = given.rpartition(":") if not given.endswith("]") else (given, "", "")
    host = (host if colon else given).strip("[]")
    return host, int(port) if colon else (LOCAL if loopback(host) else SUBMISSION)


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _each(addresses: str) -> list[str]:
    return [each.strip() for each in addresses.split(",") if each.strip()]


def _said(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
