"""All that the pages of one network need, gathered beforehand; nothing here is computed again."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import xarray as xr

from data.network import Network
from forecast.outlook import Outlook
from maps.review import Reviewed
from maps.skill_place import Place, places

_KOREA = (33.0, 39.0, 124.0, 132.0)  # south, north, west, east


@dataclass(frozen=True)
class View:
    """One network's newest forecast and what is shown beside it.

    Attributes:
        observations: `data.schema.observations`, the days before the issue time.
        forecast: `data.schema.forecast` with exactly one issue time.
        earlier: The same with several earlier issue times.
        outcome: Observations after the issue time; only in a replay of the past.
        scores: `forecast.verify.compare` of the model that issued the forecast, perhaps with its
            `forecast.reliability` beside.
        manifest: The run's record (`flows.manifest`).
        replay: True where the forecast is of the past; every page says so.
        rolling: Scores of the forecasts that were issued, over windows and months
            (`flows.scorecard_file.card`).
        hindcast: The same of forecasts that were never issued, made afterwards by the model that
            issued the forecast; None where there are none.
        review: What persons decided and edited, with the automatic forecast beside; `forecast` and
            `outlooks` are then the edited ones. None where nobody was asked.
    """

    network: Network
    observations: xr.Dataset
    forecast: xr.Dataset
    outlooks: tuple[Outlook, ...]
    earlier: xr.Dataset | None
    outcome: xr.Dataset | None
    scores: xr.Dataset | None
    manifest: dict[str, Any]
    replay: bool
    rolling: xr.Dataset | None = None
    hindcast: xr.Dataset | None = None
    review: Reviewed | None = None

    @cached_property
    def issue_time(self) -> np.datetime64:
        """When the forecast was issued, UTC."""
        issued: np.datetime64 = self.forecast.issue_time.values[0]
        return issued

    @cached_property
    def scored(self) -> dict[str, Place]:
        """The published scores by station; {} where there are none."""
        return {} if self.scores is None else places(self.scores)

    @cached_property
    def in_korea(self) -> bool:
        """Whether all gauges lie in Korea."""
        south, north, west, east = _KOREA
        return all(
            south <= s.latitude <= north and west <= s.longitude <= east
            for s in self.network.stations
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone that times are shown in: Korea's for Korean gauges, else UTC."""
        return ZoneInfo("Asia/Seoul" if self.in_korea else "UTC")
