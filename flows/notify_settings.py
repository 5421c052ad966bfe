"""Who is told of what happens: receivers of notifications, each as a setting `MULGIL_<NAME>`."""

import re
import shlex
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

Kind = Literal[
    "failed", "crashed", "degraded", "raised", "lowered", "silent", "late", "recovered", "review"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
NO_SECRET = SecretStr("")


class Receivers(BaseModel):
    """Settings of notifications; without a receiver nobody is told."""

    webhook: SecretStr = Field(
        default=NO_SECRET, description="addresses that get a JSON POST, separated by blanks"
    )
    webhook_secret: SecretStr = Field(
        default=NO_SECRET, description="signs each POST: X-Mulgil-Signature, HMAC-SHA256"
    )
    mail_to: str = Field(default="", description="e-mail addresses, separated by commas")
    mail_from: str = Field(default="", description="e-mail address of the sender")
    mail_server: str = Field(default="", description="SMTP server, HOST:PORT (465: TLS at once)")
    mail_user: str = Field(default="", description="login at the SMTP server")
    mail_password: SecretStr = Field(default=NO_SECRET, description="its password")
    notify_command: str = Field(
        default="", description="program with arguments; gets the event as JSON on stdin; no shell"
    )
    notify_events: str = Field(
        default="", description=f"which to tell, separated by commas; all: {','.join(KINDS)}"
    )
    notify_language: Literal["both", "ko", "en"] = Field(
        default="both", description="language of e-mails and of the text in a POST"
    )
    notify_per_hour: int = Field(
        default=30, ge=1, le=3600, description="no more messages an hour; raised ones always go"
    )

    @field_validator("webhook")
    @classmethod
    def _are_addresses(cls, given: SecretStr) -> SecretStr:
        for number, address in enumerate(given.get_secret_value().split(), start=1):
            parts = urlsplit(address)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"address {number} is none such as https://chat.example/hook/…")
        return given

    @field_validator("mail_to", "mail_from")
    @classmethod
    def _are_mailboxes(cls, given: str) -> str:
        for each in filter(None, map(str.strip, given.split(","))):
            if not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+", each):
                raise ValueError(f"{each!r} is no address such as duty@flood.example")
        return given.strip()

    @field_validator("mail_server")
    @classmethod
    def _is_server(cls, given: str) -> str:
        if given and not re.fullmatch(
            r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?", given
        ):
            raise ValueError(f"{given!r} is no server such as mail.flood.example:587")
        return given

    @field_validator("notify_command")
    @classmethod
    def _is_command(cls, given: str) -> str:
        try:
            shlex.split(given)
        except ValueError as error:
            raise ValueError(f"it cannot be split into arguments: {error}") from None
        return given

    @field_validator("notify_events")
    @classmethod
    def _are_kinds(cls, given: str) -> str:
        strange = set(filter(None, map(str.strip, given.split(",")))) - set(KINDS)
        if strange:
            raise ValueError(f"{min(strange)!r} is none of {', '.join(KINDS)}")
        return given

    @property
    def told_kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of events that are told."""
        wanted = set(filter(None, map(str.strip, self.notify_events.split(","))))
        return tuple(kind for kind in KINDS if not wanted or kind in wanted)
