import numpy as np

from data.excursions import confirmed, excursions

NAN = float("nan")
START = np.datetime64("2020-08-06T00:00", "ns")


def away(*values: float, jump: float = 50) -> list[int]:
    """Return the places of excursions of two or three readings."""
    time = START + np.arange(len(values)) * np.timedelta64(10, "m")
    return list(np.flatnonzero(excursions(np.array([values]), time, np.array([jump]))))


def test_two_readings_that_jump_up_and_come_back_are_an_excursion() -> None:
    assert away(418, 409, 452, 451, 386, 381) == [2, 3]  # up by 43, back by 65


def test_a_stale_reading_followed_by_a_rise_is_none() -> None:
    assert away(312.7, 311.7, 339.7, 339.7, 394.7, 410.7, 422.7, 440.7) == []


def test_a_rise_that_then_falls_slowly_is_none() -> None:
    assert away(300, 360, 340, 320, 300) == []  # back by 20, less than half of 60


def test_what_stays_away_for_four_readings_is_taken_for_true() -> None:
    assert away(300, 400, 400, 400, 300) == [1, 2, 3]
    assert away(300, 400, 400, 400, 400, 300) == []


def test_one_series_alone_does_not_touch_another() -> None:
    time = START + np.arange(4) * np.timedelta64(10, "m")
    two = np.array([[300.0, 400, 400, 300], [300.0, 300, 300, 300]])
    assert excursions(two, time, np.array([50.0, 50.0])).tolist() == [
        [False, True, True, False],
        [False] * 4,
    ]


def stays(*values: float) -> bool:
    """Say whether the jump to the second value is confirmed."""
    jumps = np.zeros((1, len(values)), dtype=bool)
    jumps[0, 1] = True
    return bool(confirmed(np.array([values]), jumps)[0, 1])


def test_a_jump_is_confirmed_by_a_reading_that_keeps_half_of_it() -> None:
    assert stays(300, 360, 330)
    assert not stays(300, 360, 329)
    assert stays(300, 360, 420)


def test_at_the_newest_reading_nothing_confirms_a_jump() -> None:
    assert not stays(300, 360)


def test_a_missing_reading_is_waited_over_for_half_an_hour() -> None:
    assert stays(300, 360, NAN, NAN, 355)
    assert not stays(300, 360, NAN, NAN, NAN, 355)
