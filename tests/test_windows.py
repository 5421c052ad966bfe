from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.sources.simulated import network
from forecast.scaling import Scaling, fit
from forecast.windows import anchors, features, targets

RIVER = network(gauges=1, horizon=2)
NAN = np.nan


def table(own: list[float], **others: list[float]) -> xr.DataArray:
    named = {"own": own, **others}
    time = np.datetime64("2018-01-01", "ns") + np.arange(len(own)) * np.timedelta64(1, "h")
    values = np.array([list(named.values())]).transpose(0, 2, 1).astype("float32")
    coords = {"station": ["S1"], "time": time, "channel": list(named)}
    return xr.DataArray(values, dims=("station", "time", "channel"), coords=coords)


def plain(channels: int) -> Scaling:
    """Return a scaling that changes nothing."""
    one = np.ones((1, channels))
    names = ("own", "up1", "rainfall", "tide")[:channels]
    everything, leads = np.array([np.inf]), np.ones((1, 2))
    return Scaling(names, one * np.inf, one * 0, one, leads, -everything, everything, leads)


def test_the_anchor_is_the_last_reading_and_knows_its_age() -> None:
    found = anchors(np.array([[1.0, NAN, NAN, 4.0]]), limit=3)
    assert found.value.tolist() == [[1.0, 1.0, 1.0, 4.0]]
    assert found.age.tolist() == [[0, 1, 2, 0]]


def test_a_reading_that_is_too_old_anchors_nothing() -> None:
    found = anchors(np.array([[1.0, NAN, NAN]]), limit=1)
    assert np.isnan(found.value[0, 2])
    assert found.age[0, 2] == 2


def test_before_the_first_reading_there_is_no_anchor() -> None:
    found = anchors(np.array([[NAN, NAN, 5.0]]), limit=6)
    assert np.isnan(found.value[0, :2]).all()
    assert (found.age[0, :2] == 7).all()


def test_the_target_is_the_change_since_the_anchor_in_units_of_its_usual_size() -> None:
    own = np.array([[1.0, 3.0, NAN, 9.0]])
    start = np.array([[1.0, 3.0, 3.0, 9.0]])
    made = targets(own, start, change=np.array([[2.0, 4.0]]))
    assert made[0, 0, 0] == 1.0  # (3 - 1) / 2
    assert made[0, 1, 1] == 1.5  # (9 - 3) / 4
    assert made[0, 2, 0] == 3.0  # (9 - 3) / 2, from an older anchor
    assert np.isnan(made[0, 0, 1])  # nothing was read then
    assert np.isnan(made[0, 3]).all()  # the record ends


def test_a_missing_input_is_zero_beside_a_mask_of_zero() -> None:
    made = features(table([5.0, NAN, 7.0]), plain(1), limit=6)
    value, mask = made[0, :, 0], made[0, :, 1]
    assert value == pytest.approx(np.arcsinh([5.0, 0.0, 7.0]))
    assert mask == pytest.approx(np.arcsinh([1.0, 0.0, 1.0]))


def test_a_change_across_a_gap_is_not_made_up() -> None:
    rise = features(table([5.0, NAN, 7.0, 8.0]), plain(1), limit=6)[0, :, 2]
    assert rise == pytest.approx(np.arcsinh([0.0, 0.0, 0.0, 2.0]))  # (8 - 7) / half the spread


def test_the_slope_to_a_neighbour_is_the_difference_of_the_levels() -> None:
    made = features(table([5.0], up1=[5.5]), plain(2), limit=6)
    assert np.isclose(made, np.arcsinh(1.0)).any()  # 0.5 / half the spread


def test_rain_is_summed_over_the_steps_before() -> None:
    wet = table([0.0] * 5, up1=[0.0] * 5, rainfall=[1.0, 2.0, 3.0, 4.0, NAN])
    scaling = plain(3)
    bent = replace(scaling, bend=np.array([[np.inf, np.inf, 1.0]]))
    three_hours = features(wet, bent, limit=6)[0, :, -3]
    sums = np.array([1.0, 3.0, 6.0, 9.0, 7.0])  # the hour without a reading adds nothing
    assert three_hours == pytest.approx(np.arcsinh(np.arcsinh(sums)), abs=1e-6)


def test_tidal_gauges_see_where_the_moon_stands() -> None:
    wet = table([0.0] * 13, up1=[0.0] * 13, rainfall=[0.0] * 13, tide=[1.0] * 13)
    s2 = features(wet, plain(4), limit=6)[0, :, -13]  # cosine of the 12-hour tide
    assert s2[0] == pytest.approx(s2[12], abs=1e-6)
    assert s2[0] == pytest.approx(-s2[6], abs=1e-6)


def test_no_feature_looks_ahead() -> None:
    rng = np.random.default_rng(0)
    own, tide = rng.normal(size=60).tolist(), rng.normal(size=60).tolist()
    whole = table(own, tide=tide)
    scaling = fit(whole, RIVER, (2018, 2018))
    for end in (1, 7, 48, 59):
        cut = features(whole.isel(time=slice(0, end)), scaling, limit=6)
        assert (cut == features(whole, scaling, limit=6)[:, :end]).all()
