from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network
from data.sources.simulated import network
from data.stations import Quantity
from forecast.scaling import bent_by, bent_own, fit, straightened

RIVER = network(gauges=1, horizon=2)


def table(own: list[float], start: str = "2018-01-01", **others: list[float]) -> xr.DataArray:
    """Return a one-station table of hourly channels."""
    named = {"own": own, **others}
    time = np.datetime64(start, "ns") + np.arange(len(own)) * np.timedelta64(1, "h")
    values = np.array([list(named.values())]).transpose(0, 2, 1).astype("float32")
    coords = {"station": ["S1"], "time": time, "channel": list(named)}
    return xr.DataArray(values, dims=("station", "time", "channel"), coords=coords)


def of_flow(river: Network) -> Network:
    return replace(river, quantity=Quantity.DISCHARGE)


def test_a_level_is_centred_on_its_median_and_never_bent() -> None:
    scaling = fit(table([1.0, 2.0, 3.0, 4.0, 5.0]), RIVER, (2018, 2018))
    assert scaling.centre[0, 0] == 3.0
    assert scaling.spread[0, 0] == pytest.approx(2.0 / 1.349)  # the middle half spans 2 .. 4
    assert np.isinf(scaling.bend[0, 0])


def test_the_change_is_the_root_mean_square_of_what_the_level_did() -> None:
    scaling = fit(table([0.0, 3.0, 7.0]), RIVER, (2018, 2018))
    assert scaling.change[0] == pytest.approx([np.sqrt((9 + 16) / 2), 7.0])


def test_a_missing_reading_leaves_its_changes_out() -> None:
    scaling = fit(table([0.0, np.nan, 4.0, 7.0]), RIVER, (2018, 2018))
    assert scaling.change[0] == pytest.approx([3.0, 4.0])


def test_no_forecast_rises_twice_as_fast_as_the_fastest_rise_on_record() -> None:
    scaling = fit(table([0.0, 3.0, 7.0, 5.0]), RIVER, (2018, 2018))
    assert scaling.rise[0] == pytest.approx([2 * 4.0, 2 * 7.0])


def test_a_river_that_never_rose_has_no_bound() -> None:
    assert np.isinf(fit(table([3.0, 2.0, 1.0]), RIVER, (2018, 2018)).rise).all()


def test_only_the_training_years_are_learnt_from() -> None:
    calm = table([1.0, 2.0, 3.0], start="2018-12-31T21:00")
    flood = table([90.0, 95.0, 99.0], start="2019-01-01")
    both = xr.concat([calm, flood], "time")
    assert fit(both, RIVER, (2018, 2018)).centre[0, 0] == 2.0


def test_a_channel_without_any_training_value_is_left_out() -> None:
    nothing = [np.nan, np.nan]
    scaling = fit(table([1.0, 2.0], tide=nothing, rainfall=[0.0, 4.0]), RIVER, (2018, 2018))
    assert scaling.channels == ("own", "rainfall")
    assert scaling.bend[0, 1] == 20.0  # five times the mean of the hours with rain


def test_a_network_without_training_values_cannot_be_scaled() -> None:
    with pytest.raises(TooLittleHistory, match="'simulated' has no water_level in 2015-2016"):
        fit(table([1.0, 2.0]), RIVER, (2015, 2016))


def test_discharge_is_bent_and_comes_back_as_it_was() -> None:
    scaling = fit(table([0.0, 10.0, 30.0]), of_flow(RIVER), (2018, 2018))
    assert scaling.bend[0, 0] == 100.0
    bent = bent_own(table([100.0, 5000.0]), scaling)
    assert bent[0, 0] == pytest.approx(np.log(1 + np.sqrt(2)))  # asinh(1)
    assert straightened(bent, scaling.bend) == pytest.approx(np.array([[100.0, 5000.0]]))


def test_a_level_passes_through_bending_unchanged() -> None:
    values = np.array([[[1.5], [-2.0]]])
    assert (bent_by(values, np.array([[np.inf]])) == values).all()
    assert (straightened(values[..., 0], np.array([[np.inf]])) == values[..., 0]).all()


def test_no_discharge_below_zero_where_none_was_ever_measured() -> None:
    assert fit(table([0.0, 1.0]), of_flow(RIVER), (2018, 2018)).floor[0] == 0.0
    assert fit(table([-3.0, 1.0]), of_flow(RIVER), (2018, 2018)).floor[0] == -np.inf
    assert fit(table([0.0, 1.0]), RIVER, (2018, 2018)).floor[0] == -np.inf


def test_high_water_is_what_a_tenth_of_the_training_values_exceed() -> None:
    scaling = fit(table([float(n) for n in range(11)]), RIVER, (2018, 2018))
    assert scaling.high[0] == 9.0
