"""The parameters of a run as a form shows them: what there is to choose from, and within what."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from data import networks
from data.errors import InvalidData, MulgilError
from flows import network_names
from flows.settings import read
from flows.what_if import Asked


@dataclass(frozen=True)
class OneOf:
    """A text of a list that is known only when the form is made."""

    names: Callable[[], list[str]]

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        """Return the schema of a text, with the list."""
        schema: dict[str, Any] = handler(core)
        return schema | {"enum": self.names()}


def _there() -> list[str]:
    """Return the networks that a run can be started for."""
    try:
        return network_names.there(read().folders)
    except MulgilError:
        return networks.names()


NetworkName = Annotated[str, OneOf(_there)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Rain(BaseModel):
    """The rain of a what-if."""

    model_config = ConfigDict(extra="forbid")

    source: Literal["as it is", "own file", "another station", "moved"] = Field(
        default="as it is",
        description="Where the rain comes from: as observed and forecast; a CSV of your own; the "
        "rain of one station everywhere; or the rain as it is, moved by km.",
    )
    detail: str = Field(
        default="",
        description="For a source that is not as it is: the path of the CSV (columns "
        "time,rainfall; UTC, mm in the step), the id of the station, or km east,north "
        "such as 12,-5.",
    )
    factor: float | None = Field(
        default=None, ge=0, le=20, description="Multiply the rain, e.g. 1.3; empty: leave it."
    )
    more: float = Field(
        default=0.0, ge=-500, le=2000, description="So many mm more in all, spread evenly."
    )
    later_hours: float = Field(
        default=0.0, ge=-48, le=48, description="It comes so many hours later; below 0: earlier."
    )
    past_hours: float = Field(
        default=24.0,
        ge=0,
        le=168,
        description="How many hours back it is changed; 0: only the rain to come.",
    )


class Gauges(BaseModel):
    """What is wrong with gauges in a what-if."""

    model_config = ConfigDict(extra="forbid")

    blocked: list[str] = Field(
        default_factory=list, description="Ids of gauges whose readings are taken away."
    )
    corrected: list[str] = Field(
        default_factory=list,
        description="STATION=+0.12 for all its readings, or STATION=2.35 for its last one [m].",
    )


def as_asked(rain: Rain, gauges: Gauges, release: Path | None, reason: str, who: str) -> Asked:
    """Return what a form asks of a what-if.

    Raises:
        InvalidData: A source of rain is named without its detail.
    """
    detail = rain.detail.strip()
    if rain.source != "as it is" and not detail:
        raise InvalidData(f"The rain of '{rain.source}' needs a detail.", "Fill in `detail`.")
    return Asked(
        reason=reason,
        who=who,
        rain_factor=rain.factor,
        rain_more=rain.more,
        rain_later_hours=rain.later_hours,
        rain_from=detail if rain.source in ("another station", "moved") else "",
        rain_csv=Path(detail) if rain.source == "own file" else None,
        release_csv=release,
        past_hours=rain.past_hours,
        blocked=tuple(gauges.blocked),
        corrected=tuple(gauges.corrected),
    )
