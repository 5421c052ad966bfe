"""Futures made from the observed climate when no climate model is at hand: SYNTHETIC, and labelled.

Weather: every month of 1995 .. 2100 is an observed month of 1991-2020, drawn at random for all
stations at once, so that neighbours stay alike, and without repeats within 30 years. A model draws
the same months in every scenario: scenarios differ by the assumed change alone. Twenty years of
weather still differ from the next twenty by chance, as they do in a climate model.

Change (delta): national late-century changes, 2081-2100 against 2000-2019, from the published
range over the SSPs (KMA, doi:10.14383/cri.2022.17.2.89): temperature +2.3 .. +6.3 degC, rain
+3 .. +18 %, mean Rx1day +20.6 .. +39.5 mm. SSP1-2.6 takes the low end, SSP5-8.5 the high end, the
others lie between by their global warming, and each year takes its share by the global path of
AR6 (`data.climate.scenarios`). Rain below and above the station's 95th percentile of wet days is
stretched by two factors, solved so that both the national mean rain and the mean Rx1day change
as published. The five "models" are factors on these changes, with mean 1: assumptions, not
physics. Nothing here is a projection; use it to try the system, not to plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from data.climate.scenarios import SCENARIOS, Scenario
from data.climate.warming_levels import Crossing, first_window
from data.errors import TooLittleHistory

DONORS: Final = (1991, 2020)
YEARS: Final = (1995, 2100)
BASE_CENTRE: Final = 2010.0  # of 2000-2019, where the change is 0
WARMING: Final = (2.3, 6.3)  # degC
RAIN: Final = (0.03, 0.18)
RX1DAY: Final = (20.6, 39.5)  # mm
VARIABLES: Final = ("tas", "tasmin", "tasmax", "pr")
_COMPLETE = 0.95  # share of days that a donor station must have
_SHORT_GAP = 3  # days that take the values of the day before
_WET = 1.0  # mm


@dataclass(frozen=True)
class SyntheticModel:
    """One assumed response: factors on the published changes, and the seed of its weather."""

    name: str
    warming: float
    rain: float
    seed: int


MODELS: Final = (
    SyntheticModel("SYNTHETIC-1", 0.80, 0.6, 1),
    SyntheticModel("SYNTHETIC-2", 0.90, 1.3, 2),
    SyntheticModel("SYNTHETIC-3", 1.00, 1.0, 3),
    SyntheticModel("SYNTHETIC-4", 1.10, 0.7, 4),
    SyntheticModel("SYNTHETIC-5", 1.20, 1.4, 5),
)


@dataclass(frozen=True)
class Anchor:
    """The observed climate that futures are made from.

    Attributes:
        days: (time, station): `VARIABLES` of `DONORS`, complete stations only.
        heavy: 95th percentile of wet days (station,) [mm].
        light_total, heavy_total: National mean rain below and above `heavy` [mm/year].
        light_peak, heavy_peak: The same two parts of the mean Rx1day [mm].
    """

    days: xr.Dataset
    heavy: xr.DataArray
    light_total: float
    heavy_total: float
    light_peak: float
    heavy_peak: float


def anchor(observed: xr.Dataset) -> Anchor:
    """Prepare the observed climate as the donor of futures.

    Args:
        observed: `data.climate.observed.read()`, or any (station, time) with `VARIABLES`.

    Raises:
        TooLittleHistory: No station has 95 % of the days of 1991-2020.
    """
    span = slice(f"{DONORS[0]}-01-01", f"{DONORS[1]}-12-31")
    days = observed[list(VARIABLES)].sel(time=span)
    expected = 365.25 * (DONORS[1] - DONORS[0] + 1)
    counts = np.stack([days[name].notnull().sum("time") for name in VARIABLES])
    complete = counts.min(axis=0) >= _COMPLETE * expected
    if not complete.any():
        raise TooLittleHistory(
            f"No station has {_COMPLETE:.0%} of the days of {DONORS[0]}-{DONORS[1]}.",
            "Synthetic futures need the observed record of these years.",
        )
    days = days.isel(station=complete).ffill("time", limit=_SHORT_GAP)
    rain = days["pr"]
    heavy = rain.where(rain >= _WET).quantile(0.95, "time").drop_vars("quantile")
    peak = rain.groupby("time.year").max()
    years = rain.sizes["time"] / 365.25
    return Anchor(
        days=days.transpose("time", "station"),
        heavy=heavy.astype("float32"),
        light_total=float(rain.clip(max=heavy).sum("time").mean()) / years,
        heavy_total=float((rain - heavy).clip(min=0).sum("time").mean()) / years,
        light_peak=float(peak.clip(max=heavy).mean()),
        heavy_peak=float((peak - heavy).clip(min=0).mean()),
    )


def generate(base: Anchor, model: SyntheticModel, scenario: Scenario) -> xr.Dataset:
    """Return one synthetic future, 1995-01-01 .. 2100-12-31, standard calendar.

    Returns:
        (station, time): tas, tasmin, tasmax [degC], pr [mm], float32; attrs `synthetic`, `title`,
        `title_ko`, `model`, `scenario`, `method`. The same arguments give the same values.
    """
    time = np.arange(f"{YEARS[0]}-01-01", f"{YEARS[1] + 1}-01-01", dtype="datetime64[D]")
    donor = _donor_days(base.days["time"].to_numpy(), time, np.random.default_rng(model.seed))
    share = _share(scenario, time.astype("datetime64[Y]").astype(int) + 1970)[:, None]
    values = {name: base.days[name].to_numpy()[donor] for name in VARIABLES}
    warmer = (model.warming * _late(WARMING, scenario) * share).astype("float32")
    light, heavy = _stretch(base, model, scenario)
    below = np.minimum(values["pr"], base.heavy.to_numpy())
    values["pr"] = below * (1 + light * share) + (values["pr"] - below) * (1 + heavy * share)
    for name in ("tas", "tasmin", "tasmax"):
        values[name] = values[name] + warmer
    dims = ("station", "time")
    return xr.Dataset(
        {
            name: (dims, found.T.astype("float32"), {"units": "mm" if name == "pr" else "degC"})
            for name, found in values.items()
        },
        coords=dict(base.heavy.coords) | {"time": time.astype("datetime64[ns]")},
        attrs=_labels(model, scenario),
    )


def crossings(levels: Sequence[float] = (1.5, 2.0, 3.0, 4.0)) -> tuple[Crossing, ...]:
    """Return when each synthetic model reaches each warming level, by the same global path."""
    years = np.arange(YEARS[0], YEARS[1] + 1)
    return tuple(
        Crossing(model.name, "synthetic", scenario.name, level, window)
        for model in MODELS
        for scenario in SCENARIOS
        for level in levels
        if (window := first_window(years, scenario.global_warming(years, model.warming), level))
    )


def _donor_days(donors: np.ndarray, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return, for each day of `time`, the position of the observed day that it repeats.

    A whole month comes from one donor year; 29 February from a common year is 28 February.
    """
    month = time.astype("datetime64[M]")
    calendar_month = month.astype(int) % 12
    year = _donor_years(rng)[month.astype(int) // 12 - (YEARS[0] - 1970), calendar_month]
    start = ((year - 1970) * 12 + calendar_month).astype("datetime64[M]")
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(int)
    day = np.minimum((time - month.astype("datetime64[D]")).astype(int), length - 1)
    position = (start.astype("datetime64[D]") - donors[0]).astype("timedelta64[D]")
    found: np.ndarray = np.clip(position.astype(int) + day, 0, len(donors) - 1)
    return found


def _donor_years(rng: np.random.Generator) -> np.ndarray:
    """Return the donor of each month, (year, calendar month): a new order every 30 years."""
    donors = np.arange(DONORS[0], DONORS[1] + 1)
    rounds = -(-(YEARS[1] - YEARS[0] + 1) // len(donors))
    order = rng.permuted(np.tile(donors, (rounds, 12, 1)), axis=2)  # (round, month, position)
    years: np.ndarray = order.transpose(0, 2, 1).reshape(-1, 12)
    return years


def _share(scenario: Scenario, years: np.ndarray) -> np.ndarray:
    """Return the share of the late-century change in each year: 0 around 2010, 1 around 2090."""
    start = scenario.global_warming(np.array([BASE_CENTRE]))
    change = scenario.global_warming(np.array([2090.5])) - start
    share: np.ndarray = (scenario.global_warming(years + 0.5) - start) / change
    return share.astype("float32")


def _late(ends: tuple[float, float], scenario: Scenario) -> float:
    """Return the national late-century change, linear in global warming between the two ends."""
    low, high = SCENARIOS[0].change, SCENARIOS[-1].change
    return float(np.interp(scenario.change, [low, high], ends))


def _stretch(base: Anchor, model: SyntheticModel, scenario: Scenario) -> tuple[float, float]:
    """Return the changes of light and heavy rain that give the published totals and Rx1day."""
    parts = [[base.light_total, base.heavy_total], [base.light_peak, base.heavy_peak]]
    wanted = [
        _late(RAIN, scenario) * (base.light_total + base.heavy_total),
        _late(RX1DAY, scenario),
    ]
    light, heavy = np.linalg.solve(parts, wanted) * model.rain
    return float(max(light, -0.9)), float(heavy)


def _labels(model: SyntheticModel, scenario: Scenario) -> dict[str, str]:
    return {
        "synthetic": "true",
        "title": f"SYNTHETIC future, not a climate model: {model.name}, {scenario.title}",
        "title_ko": f"합성 미래 (기후모델 결과 아님): {model.name}, {scenario.title}",
        "model": model.name,
        "scenario": scenario.name,
        "source": "Generated by Mulgil from observed months of 1991-2020 (KMA)",
        "method": "observed months redrawn; delta change by KMA's national ranges and AR6's path",
        "warming_factor": str(model.warming),
        "rain_factor": str(model.rain),
    }
