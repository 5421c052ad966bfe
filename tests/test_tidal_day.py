import numpy as np
import pytest
import xarray as xr

from forecast.lags import Bends
from forecast.tidal_day import Yesterday, change

HOUR = np.timedelta64(1, "h")
BENDS = Bends(("own",), np.array([[np.inf]]), np.array([-np.inf]))


def table(own: np.ndarray, step: np.timedelta64 = HOUR) -> xr.DataArray:
    time = np.datetime64("2020-01-01", "ns") + np.arange(own.size) * step
    coords = {"station": ["A"], "time": time, "channel": ["own"]}
    return xr.DataArray(own[None, :, None], coords, ("station", "time", "channel"))


@pytest.mark.parametrize("lead", [1, 6, 24])
def test_a_steady_rise_is_told_to_have_been_lower_a_tidal_day_ago(lead: int) -> None:
    told = change(table(np.arange(100.0)), BENDS, 0, lead)[:, 0]
    np.testing.assert_allclose(told[60:], lead - 24 - 5 / 6, rtol=1e-5)  # 24 h 50 min before


def test_a_lead_beyond_a_tidal_day_goes_back_two() -> None:
    told = change(table(np.arange(100.0)), BENDS, 0, 30)[:, 0]
    np.testing.assert_allclose(told[60:], 30 - 2 * (24 + 5 / 6), rtol=1e-5)


def test_a_grid_of_ten_minutes_needs_no_interpolation() -> None:
    own = np.arange(400.0)
    own[100] = 7.0
    told = change(table(own, np.timedelta64(10, "m")), BENDS, 0, 6)[:, 0]
    assert told[100 + 149 - 6] == 7.0 - (100 + 149 - 6)
    assert np.isnan(told[100])  # the record is too short for yesterday


def test_nothing_later_than_the_issue_time_is_taken() -> None:
    own = np.arange(100.0)
    before = change(table(own), BENDS, 0, 24)[60]
    own[61:] = 99.0
    np.testing.assert_array_equal(before, change(table(own), BENDS, 0, 24)[60])


def test_an_unknown_yesterday_is_no_change() -> None:
    x = np.array([[9.0, 0.5], [9.0, np.nan]])
    assert Yesterday().predict(x).tolist() == [0.5, 0.0]
