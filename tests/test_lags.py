import numpy as np
import xarray as xr

from forecast.lags import CHANGES, RAIN_SUMS, Bends, analogues, changes_back, lay_out

HOUR = np.timedelta64(1, "h")


def table(step: np.timedelta64 = HOUR, **channels: np.ndarray) -> xr.DataArray:
    size = len(next(iter(channels.values())))
    time = np.datetime64("2020-01-01", "ns") + np.arange(size) * step
    return xr.DataArray(
        np.stack(list(channels.values()), axis=-1)[None].astype("float32"),
        {"station": ["A"], "time": time, "channel": list(channels)},
        ("station", "time", "channel"),
    )


def plain(names: tuple[str, ...], bend: float = np.inf) -> Bends:
    """Return bends that leave levels as they are and bend rain by `bend`."""
    bends = np.array([[bend if name == "rainfall" else np.inf for name in names]])
    return Bends(names, bends, np.array([-np.inf]))


def test_a_row_holds_the_value_then_its_changes_oldest_last() -> None:
    squares = table(own=np.arange(100.0) ** 2)
    row = lay_out(squares, plain(("own",)), 0)[50]
    np.testing.assert_array_equal(row, [2500, *(2500 - (50 - lag) ** 2 for lag in CHANGES)])


def test_what_lies_before_the_record_is_unknown() -> None:
    first = lay_out(table(own=np.arange(30.0)), plain(("own",)), 0)[2]
    assert first[:3].tolist() == [2, 1, 2]
    assert np.isnan(first[3:]).all()


def test_a_record_shorter_than_the_look_back_is_laid_out_too() -> None:
    assert np.isnan(lay_out(table(own=np.arange(4.0)), plain(("own",)), 0)[:, -1]).all()


def test_on_a_finer_grid_the_same_hours_are_looked_back_and_the_first_steps() -> None:
    assert changes_back(HOUR) == list(CHANGES)
    assert changes_back(np.timedelta64(10, "m")) == [1, 2, 3, *(6 * hours for hours in CHANGES)]


def test_neighbours_are_told_as_their_distance() -> None:
    pair = table(own=np.full(30, 2.0), up1=np.full(30, 5.0))
    assert lay_out(pair, plain(("own", "up1")), 0)[20, -1] == 3


def test_rain_sums_reach_back_and_a_gap_makes_them_unknown() -> None:
    rain = np.ones(200)
    rain[100] = np.nan
    wet = table(own=np.zeros(200), rainfall=rain)
    laid_out = lay_out(wet, plain(("own", "rainfall"), bend=2.0), 0)[:, -len(RAIN_SUMS) :]
    np.testing.assert_allclose(np.sinh(laid_out[99]) * 2, RAIN_SUMS, rtol=1e-5)
    np.testing.assert_allclose(np.sinh(laid_out[106, :2]) * 2, [3, 6], rtol=1e-5)
    assert np.isnan(laid_out[106, 2:]).all()
    assert np.isnan(laid_out[100]).all()


def test_an_analogue_is_what_followed_half_a_tidal_day_and_a_tidal_day_ago() -> None:
    squares = table(own=np.arange(100.0) ** 2)
    half, whole = analogues(squares, plain(("own",)), 0, lead=3)[60]
    assert half == (60 - 12 + 3) ** 2 - (60 - 12) ** 2
    assert whole == (60 - 25 + 3) ** 2 - (60 - 25) ** 2


def test_an_analogue_that_is_not_over_yet_is_left_out() -> None:
    squares = table(own=np.arange(100.0) ** 2)
    (whole,) = analogues(squares, plain(("own",)), 0, lead=24)[60]
    assert whole == 59**2 - 35**2
    assert analogues(squares, plain(("own",)), 0, lead=26).size == 0


def test_nothing_looks_ahead() -> None:
    values = np.random.default_rng(0).normal(size=(3, 120))
    names = ("own", "rainfall", "tide")
    whole = table(**dict(zip(names, values, strict=True)))
    short = whole.isel(time=slice(0, 90))
    bends = plain(names, 1.0)
    np.testing.assert_array_equal(lay_out(whole, bends, 0)[:90], lay_out(short, bends, 0))
    np.testing.assert_array_equal(analogues(whole, bends, 0, 6)[:90], analogues(short, bends, 0, 6))


def test_where_a_tide_is_given_its_phases_are_known() -> None:
    tidal = table(own=np.zeros(30), tide=np.zeros(30))
    phases = lay_out(tidal, plain(("own", "tide")), 0)[:, -10:]
    np.testing.assert_allclose(phases[:, :5] ** 2 + phases[:, 5:] ** 2, 1, rtol=1e-5)
    np.testing.assert_allclose(phases[0, 1], phases[12, 1], atol=1e-4)  # S2: twelve hours
