"""Settings, read once from the environment at the door and handed down as plain arguments."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from data.errors import MulgilError
from data.sources.asking import Access
from data.sources.connectors import CONNECTORS, NEEDS_KEY
from flows.folders import Folders

PREFIX = "MULGIL_"
_NO_KEY = SecretStr("")


class Settings(BaseModel):
    """What an operator may set; each is an environment variable `MULGIL_<NAME>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=Path("var"), description="folder of all that runs make")
    triggered_by: str = Field(
        default="operator", description="who started the run; in its manifest"
    )
    hrfco_key: SecretStr = Field(default=_NO_KEY, description="한강홍수통제소 Open API")
    kma_hub_key: SecretStr = Field(default=_NO_KEY, description="KMA API hub, apihub.kma.go.kr")
    kma_forecast_key: SecretStr = Field(default=_NO_KEY, description="KMA forecasts, data.go.kr")
    usgs_key: SecretStr = Field(default=_NO_KEY, description="USGS, for more requests an hour")
    hrfco_url: str = ""
    kma_hub_url: str = ""
    kma_forecast_url: str = ""
    usgs_url: str = ""
    nwps_url: str = ""
    environment_agency_url: str = ""
    open_meteo_url: str = Field(default="", description="another address, e.g. a replay server's")

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
    def folders(self) -> Folders:
        """Return the file layout below `home`."""
        return Folders(self.home)


class BadSettings(MulgilError):
    """A setting is unknown or has a value that cannot be used."""


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from environment variables.

    Raises:
        BadSettings: A `MULGIL_...` variable is not one of ours, or its value is not valid.
    """
    given = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(PREFIX)
    }
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic converts the strings
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        known = ", ".join(PREFIX + field.upper() for field in Settings.model_fields)
        raise BadSettings(f"{name}: {first['msg']}.", f"Known settings: {known}.") from error
