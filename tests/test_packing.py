"""Numbers as short text, and the integers that are printed."""

import numpy as np
import pytest

from data.stations import Quantity
from forecast.wording import number
from maps.packing import pack, printed, unpack

NAN = np.nan


def test_a_difference_is_a_letter_and_a_gap_is_the_first_one() -> None:
    # 3 = +3: code 7 is H; 3 again: 1, B; missing: A; 2 = -1 from 3: code 2, C
    assert pack(np.array([[3, 3, NAN, 2]])) == ["HBAC"]


def test_a_large_difference_takes_more_letters() -> None:
    # +100: code 201 = 6 * 32 + 9: the lower five bits with the mark of more, 9 + 32 = 41, then 6
    assert pack(np.array([[100.0]])) == ["pG"]


def test_what_is_packed_is_unpacked() -> None:
    rows = np.array([[NAN, 0, -1, 512345678, NAN, -300], [5, 4, 3, 2, 1, 0]])
    expected = [[None, 0, -1, 512345678, None, -300], [5, 4, 3, 2, 1, 0]]
    assert [unpack(text) for text in pack(rows)] == expected


def test_nothing_is_packed_as_nothing() -> None:
    assert pack(np.empty((2, 0))) == ["", ""]
    assert pack(np.empty((0, 3))) == []


def test_levels_are_centimetres_as_they_are_printed() -> None:
    values = np.array([[1.115, 2.675, 0.125, -0.004, NAN]])  # 1.115 lies just below: 1.11
    whole, decimals = printed(values, Quantity.WATER_LEVEL)
    assert whole[0, :4].tolist() == [111, 267, 12, 0]
    assert np.isnan(whole[0, 4])
    assert decimals.tolist() == [2]


def test_discharges_lose_the_zeros_that_all_of_a_row_end_in() -> None:
    values = np.array([[1289.6, 12.345, 99.96], [1289.6, 45600.0, NAN], [NAN, NAN, NAN]])
    whole, decimals = printed(values, Quantity.DISCHARGE)
    assert (whole[0].tolist(), int(decimals[0])) == ([12900, 123, 1000], 1)
    assert (whole[1, :2].tolist(), int(decimals[1])) == ([129, 4560], -1)
    assert np.isnan(whole[2]).all()


@pytest.mark.parametrize("quantity", Quantity)
def test_every_value_is_packed_as_it_is_printed(quantity: Quantity) -> None:
    rng = np.random.default_rng(0)
    spread = np.exp(rng.normal(0, 4, 2000)) * rng.choice([-1, 1], 2000)
    ties = rng.integers(-10000, 10000, 2000) / 2000  # many end in a five behind the last digit
    values = np.concatenate([spread, ties, spread.astype("float32"), [0.0]])[:, None]
    whole, decimals = printed(values, quantity)
    told = whole[:, 0] / 10.0**decimals
    expected = [float(number(value, quantity).replace(",", "")) for value in values[:, 0]]
    np.testing.assert_allclose(told, expected, rtol=1e-12, atol=1e-12)
