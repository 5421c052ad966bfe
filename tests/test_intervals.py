from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.schema import QUANTILES
from data.sources.simulated import network
from data.stations import Quantity
from forecast.intervals import SURPRISE, fit_widening, following, high_water
from forecast.scaling import Scaling

RIVER = network(gauges=1, horizon=1)
HOUR = np.timedelta64(1, "h")
START = np.datetime64("2019-01-01", "ns")
NO_FLOOD = np.array([np.inf])
HALF_WIDTHS = np.array([-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])


def record(levels: np.ndarray, name: str = "water_level") -> xr.Dataset:
    time = START + np.arange(len(levels)) * HOUR
    return xr.Dataset(
        {name: (("station", "time"), levels[None])}, coords={"station": ["S1"], "time": time}
    )


def forecasts(cases: int, values: np.ndarray, name: str = "water_level") -> xr.Dataset:
    """Return the same quantiles, one hour ahead, at every hour."""
    issues = START + np.arange(cases) * HOUR
    dims = ("issue_time", "station", "lead_time", "quantile")
    each = np.tile(values, (cases, 1, 1, 1))
    valid = (("issue_time", "lead_time"), issues[:, None] + HOUR)
    calm = (dims[:2], np.zeros((cases, 1)))
    coords = {"issue_time": issues, "valid_time": valid}
    return xr.Dataset({name: (dims, each), "last_observed": calm}, coords=coords)


def unbent() -> Scaling:
    one = np.ones((1, 1))
    return Scaling(
        ("own",), one * np.inf, one, one, one, np.array([-np.inf]), np.array([np.inf]), one
    )


def test_an_interval_that_is_half_as_wide_as_it_should_be_is_doubled() -> None:
    levels = np.linspace(-8.0, 8.0, 1001)  # even errors: 90 % of them lie within 7.2
    widening = fit_widening(forecasts(1000, HALF_WIDTHS), record(levels), RIVER, unbent(), NO_FLOOD)
    assert widening[0, 0, 0, 0] == pytest.approx(7.2 / 4.0, rel=0.01)
    assert widening[0, 0, 0, -1] == widening[0, 0, 0, 0]
    assert widening[0, 0, 0, 4] == 1.0


def test_a_calm_year_narrows_nothing() -> None:
    levels = np.linspace(-0.1, 0.1, 1001)
    widening = fit_widening(forecasts(1000, HALF_WIDTHS), record(levels), RIVER, unbent(), NO_FLOOD)
    assert (widening == 1.0).all()


def test_no_interval_grows_without_bound() -> None:
    levels = np.linspace(-8000.0, 8000.0, 1001)
    widening = fit_widening(forecasts(1000, HALF_WIDTHS), record(levels), RIVER, unbent(), NO_FLOOD)
    assert widening[0, 0, 0, 0] == 5.0


def test_too_few_cases_teach_nothing() -> None:
    levels = np.linspace(-8.0, 8.0, 100)
    widening = fit_widening(forecasts(99, HALF_WIDTHS), record(levels), RIVER, unbent(), NO_FLOOD)
    assert (widening == 1.0).all()


def test_missing_truth_is_left_out() -> None:
    levels = np.linspace(-8.0, 8.0, 2001)
    levels[::2] = np.nan
    widening = fit_widening(forecasts(2000, HALF_WIDTHS), record(levels), RIVER, unbent(), NO_FLOOD)
    assert widening[0, 0, 0, 0] == pytest.approx(7.2 / 4.0, rel=0.01)


def test_discharge_is_judged_where_it_was_forecast() -> None:
    bent = np.linspace(-8.0, 8.0, 1001)
    river = replace(RIVER, quantity=Quantity.DISCHARGE)
    scaling = replace(unbent(), bend=np.full((1, 1), 10.0))
    flows, values = (10 * np.sinh(x) for x in (bent, HALF_WIDTHS))
    made = forecasts(1000, values, "discharge")
    widening = fit_widening(made, record(flows, "discharge"), river, scaling, NO_FLOOD)
    assert widening[0, 0, 0, 0] == pytest.approx(7.2 / 4.0, rel=0.01)


def test_what_followed_is_unknown_beyond_the_record() -> None:
    observed = record(np.array([1.0, 2.0, 3.0]))
    times = np.array([[START + HOUR, START + 9 * HOUR], [START + 2 * HOUR, START - HOUR]])
    found = following(observed, RIVER, times)[:, 0]
    assert found[:, 0].tolist() == [2.0, 3.0]
    assert np.isnan(found[:, 1]).all()


def test_quantiles_are_named_in_mirrored_pairs() -> None:
    pairs = zip(QUANTILES, reversed(QUANTILES), strict=True)
    assert all(low + high == pytest.approx(1.0) for low, high in pairs)


def test_high_water_is_high_now_or_in_the_forecast() -> None:
    median = np.array([[1.0, 3.0], [1.0, 1.0], [1.0, 1.0]])
    start = np.array([1.0, 5.0, np.nan])
    high = high_water(median, start, np.array([2.0, 2.0, 2.0]))
    assert high.tolist() == [[False, True], [True, True], [False, False]]


def test_floods_widen_their_own_intervals_and_no_others() -> None:
    calm, flood = np.linspace(-1.0, 1.0, 1000), np.linspace(92.0, 108.0, 1000)
    made = xr.concat(
        [forecasts(1000, HALF_WIDTHS), forecasts(1000, 100 + HALF_WIDTHS)], "issue_time"
    )
    issues = START + np.arange(2000) * HOUR
    made = made.assign_coords(issue_time=issues).assign_coords(
        valid_time=(("issue_time", "lead_time"), issues[:, None] + HOUR)
    )
    scaling = replace(unbent(), high=np.array([50.0]))
    levels = np.concatenate([[0.0], calm, flood])
    usual, high = fit_widening(made, record(levels), RIVER, scaling, NO_FLOOD)[:, 0, 0, 0]
    assert usual == 1.0
    assert high == pytest.approx(SURPRISE * 7.2 / 4.0, rel=0.01)


def over_years(errors: list[float], high: float) -> np.ndarray:
    """Return the widening after years whose errors are even up to so much."""
    issues = np.concatenate(
        [
            np.datetime64(f"{2015 + n}-06-01", "ns") + np.arange(500) * HOUR
            for n in range(len(errors))
        ]
    )
    made = forecasts(issues.size, HALF_WIDTHS).assign_coords(
        issue_time=issues, valid_time=(("issue_time", "lead_time"), issues[:, None] + HOUR)
    )
    levels = np.concatenate([np.linspace(-most, most, 500) for most in errors])
    truth = xr.Dataset(
        {"water_level": (("station", "time"), levels[None])},
        coords={"station": ["S1"], "time": issues + HOUR},
    )
    scaling = replace(unbent(), high=np.array([high]))
    return fit_widening(made, truth, RIVER, scaling, NO_FLOOD)


def test_the_worst_of_the_flood_seasons_says_how_wide() -> None:
    wide = over_years([1.0, 8.0, 2.0], high=-1.0)[1, 0, 0, 0]  # all of it is high water
    assert wide == pytest.approx(SURPRISE * 7.2 / 4.0, rel=0.01)


def test_calm_floods_narrow_nothing() -> None:
    assert over_years([1.0, 1.0, 1.0], high=-1.0)[1, 0, 0, 0] == SURPRISE


def test_several_calm_years_narrow_as_they_ask() -> None:
    narrow = over_years([1.0, 1.0, 1.0], high=np.inf)[0, 0, 0, 0]
    assert narrow == pytest.approx(0.9 / 4.0, rel=0.01)
    assert over_years([1.0, 1.0], high=np.inf)[0, 0, 0, 0] == 1.0


def test_high_water_holds_more_where_floods_come_from_usual_water() -> None:
    """Of 1000 flood hours 50 come from usual water, and are missed.

    To hold half of all floods, high water must hold 500 of its 950.
    """
    calm, missed = np.linspace(-1.0, 1.0, 1950), np.full(50, 60.0)
    flood = np.linspace(92.0, 108.0, 950)
    quiet = forecasts(2000, HALF_WIDTHS)
    made = xr.concat([quiet, forecasts(950, 100 + HALF_WIDTHS)], "issue_time")
    issues = START + np.arange(2950) * HOUR
    made = made.assign_coords(issue_time=issues).assign_coords(
        valid_time=(("issue_time", "lead_time"), issues[:, None] + HOUR)
    )
    levels = np.concatenate([[0.0], calm, missed, flood])
    scaling = replace(unbent(), high=np.array([90.0]))
    found = fit_widening(made, record(levels), RIVER, scaling, np.array([50.0]))
    assert found[1, 0, 0, 2] == pytest.approx(8.0 * 500 / 950 / 2.0, rel=0.01)
