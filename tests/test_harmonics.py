import numpy as np

from forecast.harmonics import PERIODS, fit

HOUR = np.timedelta64(1, "h")
TIME = np.datetime64("2018-01-01", "ns") + np.arange(24 * 400) * HOUR


def wave(name: str, time: np.ndarray) -> np.ndarray:
    hours = (time - np.datetime64("2000-01-01")) / HOUR
    return np.asarray(np.cos(2 * np.pi * hours / PERIODS[name] - 1.0))


def test_a_tide_of_two_waves_is_told_a_year_after_its_record_ends() -> None:
    levels = 4.0 + 2.0 * wave("M2", TIME) + 0.5 * wave("O1", TIME)
    later = TIME[-1] + np.arange(8000, 8100) * HOUR
    expected = 4.0 + 2.0 * wave("M2", later) + 0.5 * wave("O1", later)
    np.testing.assert_allclose(fit(TIME, levels).at(later), expected, atol=0.01)


def test_gaps_are_left_out_of_the_fit() -> None:
    levels = np.where(np.arange(TIME.size) % 3 == 0, np.nan, 1.0 + wave("M2", TIME))
    np.testing.assert_allclose(fit(TIME, levels).at(TIME), 1.0 + wave("M2", TIME), atol=0.01)


def test_a_record_of_less_than_a_month_tells_no_tide() -> None:
    short = np.where(np.arange(TIME.size) < 700, 1.0, np.nan)
    assert np.isnan(fit(TIME, short).at(TIME[:3])).all()
