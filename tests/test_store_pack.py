import zlib

import numpy as np
import pytest

from data.storage import pack as store_pack


def packed_and_back(values: list[float] | np.ndarray) -> tuple[int, np.ndarray]:
    column = np.asarray(values, "float32")
    packed = store_pack.pack_values(column)
    return len(packed), store_pack.unpack_values(packed, len(column))


@pytest.mark.parametrize(
    "values",
    [
        [1.25],
        [np.nan],
        [np.nan, 1.5, np.nan, np.nan, -2.75, 0.001],
        [500_000.0, -500_000.0, 500_000.0],  # differences of 1e9 thousandths
        [4e6, 1.0],
        [np.inf, np.nan, -np.inf],
        [1 / 3, 2 / 3],
    ],
)
def test_values_come_back_as_they_were(values: list[float]) -> None:
    np.testing.assert_array_equal(packed_and_back(values)[1], np.asarray(values, "float32"))


def test_a_slow_gauge_with_holes_takes_little_room() -> None:
    """Steps of -1, 0 and 1 mm have 1.6 bits, a hole in ten 0.5: a float takes 32."""
    chance = np.random.default_rng(5)
    levels = (3000 + np.cumsum(chance.integers(-1, 2, 20_000))) / 1000
    levels[chance.random(20_000) < 0.1] = np.nan
    size, back = packed_and_back(levels)
    np.testing.assert_array_equal(back, levels.astype("float32"))
    assert size * 8 / 20_000 < 4.0


@pytest.mark.parametrize(
    "numbers", [[7], [7, 7, 7], [600, 1200, 1800], [5, -3, 2**62, -(2**62)], [0, 1, 1]]
)
def test_integers_come_back_and_a_line_takes_seventeen_bytes(numbers: list[int]) -> None:
    packed = store_pack.pack_ints(np.array(numbers))
    assert store_pack.unpack_ints(packed, len(numbers)).tolist() == numbers
    assert store_pack.distinct(packed, len(numbers)).tolist() == sorted(set(numbers))
    if numbers[:2] in ([7], [7, 7], [600, 1200]):
        assert len(packed) == 17  # a letter, the first, the step


def test_flags_come_back_in_a_byte_each() -> None:
    for flags in ([0, 0, 0], [0, 4, 1]):
        packed = store_pack.pack_flags(np.array(flags, "int8"))
        back = store_pack.unpack_flags(packed, 3)
        assert back.tolist() == flags
        assert back.dtype == np.int8


def test_a_damaged_column_is_no_column() -> None:
    packed = store_pack.pack_values(np.array([1.0, np.nan, 2.0], "float32"))
    with pytest.raises((ValueError, zlib.error)):
        store_pack.unpack_values(packed[:-3], 3)
    with pytest.raises((ValueError, zlib.error)):
        store_pack.unpack_values(packed, 4)
