"""Settings, read once from the environment at the door and handed down as plain arguments.

Secrets may stand in a file of their own, too: see `flows.secret_file`.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from data.errors import MulgilError
from data.sources.asking import Access
from data.sources.connectors import CONNECTORS, NEEDS_KEY
from flows import redaction, secret_file
from flows.executor import require_known
from flows.folders import Folders
from flows.notify_settings import Receivers

if TYPE_CHECKING:
    from maps.feeds.publisher import Publisher

PREFIX = "MULGIL_"
OF_TESTS = "MULGIL_TEST_"  # how hard our tests try; no setting
OF_OTHERS = (  # secrets of what we run or ask; they show as little as our own
    "PREFECT_API_AUTH_STRING",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_NO_KEY = SecretStr("")


class Settings(Receivers):
    """What an operator may set; each is an environment variable `MULGIL_<NAME>`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(default=Path("var"), description="folder of all that runs make")
    triggered_by: str = Field(
        default="operator", description="who started the run; in its manifest"
    )
    sender: str = Field(
        default="", description="domain or address that alerts are sent under, e.g. flood.example"
    )
    sender_name_ko: str = Field(default="", description="who sends the alerts, in Korean")
    sender_name_en: str = Field(default="", description="the same in English")
    contact: str = Field(default="", description="how to reach the sender; in every alert")
    base_url: str = Field(default="", description="where the site stands, e.g. https://a.example/")
    authority: Literal["", "yes"] = Field(
        default="", description="`yes` where an authority operates the site: alerts are then Actual"
    )
    alerts: Literal["review", "automatic"] = Field(
        default="review",
        description="`automatic`: Actual alerts go out before a person has approved their forecast",
    )
    engine: str = Field(
        default="local",
        description="where batch work runs: local, serial, processes, dask, or dask://HOST:PORT",
    )
    keep_releases: int = Field(
        default=3, ge=2, le=1000, description="releases of the site that stay, the newest included"
    )
    hrfco_key: SecretStr = Field(default=_NO_KEY, description="한강홍수통제소 Open API")
    kma_hub_key: SecretStr = Field(default=_NO_KEY, description="KMA API hub, apihub.kma.go.kr")
    kma_forecast_key: SecretStr = Field(default=_NO_KEY, description="KMA forecasts, data.go.kr")
    usgs_key: SecretStr = Field(default=_NO_KEY, description="USGS, for more requests an hour")
    secrets_file: Path | None = Field(
        default=None, description="file of the secrets, readable by its owner alone"
    )
    hrfco_url: str = ""
    kma_hub_url: str = ""
    kma_forecast_url: str = ""
    usgs_url: str = ""
    nwps_url: str = ""
    environment_agency_url: str = ""
    open_meteo_url: str = Field(default="", description="another address, e.g. a replay server's")

    @field_validator("sender")
    @classmethod
    def _is_sender(cls, sender: str) -> str:
        if re.search(r"[\s,<&]", sender):
            raise ValueError(f"{sender!r} holds a blank, a comma, '<' or '&'; CAP 1.2 forbids them")
        return sender

    @field_validator("engine")
    @classmethod
    def _is_engine(cls, engine: str) -> str:
        try:
            return require_known(engine)
        except MulgilError as error:
            raise ValueError(str(error).rstrip(".")) from error

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, address: str) -> str:
        if address and not re.fullmatch(r"https?://[^\s?#\"<>]+", address):
            raise ValueError(f"{address!r} is no address such as https://flood.example/")
        return address if not address or address.endswith("/") else f"{address}/"

    @model_validator(mode="after")
    def _authority_names_itself(self) -> Self:
        names = {
            "SENDER": self.sender,
            "SENDER_NAME_KO": self.sender_name_ko,
            "SENDER_NAME_EN": self.sender_name_en,
            "CONTACT": self.contact,
        }
        missing = [f"{PREFIX}{name}" for name, value in names.items() if not value.strip()]
        if self.authority and missing:
            raise ValueError(f"an authority names itself: set {', '.join(missing)}, too")
        return self

    @property
    def publisher(self) -> "Publisher":
        """Return who sends the alerts."""
        from maps.feeds.publisher import NOBODY, Publisher

        return Publisher(
            sender=self.sender or NOBODY.sender,
            name_ko=self.sender_name_ko or NOBODY.name_ko,
            name_en=self.sender_name_en or NOBODY.name_en,
            contact=self.contact,
            base_url=self.base_url,
            authority=self.authority == "yes",
            unapproved=self.alerts == "automatic",
        )

    @property
    def accesses(self) -> dict[str, Access]:
        """Return how to reach each provider that is set up: those without a key always are."""
        found = {source: self._access(source) for source in CONNECTORS}
        return {source: access for source, access in found.items() if access is not None}

    def _access(self, source: str) -> Access | None:
        secret: SecretStr | None = getattr(self, f"{source}_key", None)
        key = secret.get_secret_value() if secret else ""
        if source in NEEDS_KEY and not key:
            return None
        url = getattr(self, f"{source}_url") or CONNECTORS[source].BASE_URL
        return Access(url, key, kept=self.folders.answers / source)

    @property
    def secrets(self) -> dict[str, str]:
        """Return every secret that is set, by name; each part of one that has several."""
        values = {name: getattr(self, name).get_secret_value() for name in SECRETS}
        parts = {f"webhook {n}": each for n, each in enumerate(values["webhook"].split(), 1)}
        return {name: value for name, value in (values | parts).items() if value}

    @property
    def folders(self) -> Folders:
        """Return the file layout below `home`."""
        return Folders(self.home)


SECRETS = tuple(n for n, field in Settings.model_fields.items() if field.annotation is SecretStr)


class BadSettings(MulgilError):
    """A setting is unknown or has a value that cannot be used."""


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from environment variables, and secrets from `MULGIL_SECRETS_FILE`, too.

    From then on no secret shows in a log or a traceback of this process (`flows.redaction`).

    Raises:
        BadSettings: A `MULGIL_...` variable is not one of ours, or its value is not valid.
        BadSecrets: The file of secrets cannot be read, or others could read it.
    """
    given = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(PREFIX) and not key.startswith(OF_TESTS)
    }
    given = _of_file(given.get("secrets_file", "")) | given
    redaction.know(value for name, value in given.items() if name in SECRETS)
    redaction.know(environ.get(name, "") for name in OF_OTHERS)
    try:
        found = Settings(**given)  # type: ignore[arg-type]  # pydantic converts the strings
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"] or ("authority",)).upper()
        what = first["msg"].removeprefix("Value error, ")
        names = sorted(Settings.model_fields, key=Receivers.model_fields.__contains__)
        known = ", ".join(PREFIX + each.upper() for each in names)
        raise BadSettings(f"{name}: {what}.", f"Known settings: {known}.") from error
    redaction.know(found.secrets.values())
    return found


def _of_file(path: str) -> dict[str, str]:
    """Return the secrets of a file; none for no file.

    Raises:
        BadSettings: It holds something that is no secret: other settings have their own place.
    """
    found = secret_file.read(Path(path)) if path else {}
    if strange := sorted(set(found) - set(SECRETS)):
        known = ", ".join(name.upper() for name in SECRETS)
        raise BadSettings(
            f"MULGIL_SECRETS_FILE: '{strange[0]}' in {path} is no secret of ours.",
            f"It may hold {known}; set other things in the environment.",
        )
    return found
