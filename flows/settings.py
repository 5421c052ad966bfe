"""Settings, read once from the environment at the door and handed down as plain arguments."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.errors import MulgilError
from flows.folders import Folders

PREFIX = "MULGIL_"


class Settings(BaseModel):
    """What an operator may set; each is an environment variable `MULGIL_<NAME>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=Path("var"), description="folder of all that runs make")
    triggered_by: str = Field(
        default="operator", description="who started the run; in its manifest"
    )

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
