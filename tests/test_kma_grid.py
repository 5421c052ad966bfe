"""Cells of KMA's forecast grid, against the cells that KMA publishes for cities."""

from math import nan

import pytest

from data.sources.asking import Spot
from data.sources.kma_grid import cell, spots_by_cell


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (37.5665, 126.9780, (60, 127)),  # Seoul City Hall, the check value of the guide
        (38.0, 126.0, (43, 136)),  # the origin of the projection
        (35.1798, 129.0750, (98, 76)),  # Busan
        (37.4563, 126.7052, (55, 124)),  # Incheon
        (36.3504, 127.3845, (67, 100)),  # Daejeon
        (33.4996, 126.5312, (53, 38)),  # Jeju
    ],
)
def test_a_city_lies_in_the_cell_that_kma_gives_it(
    latitude: float, longitude: float, expected: tuple[int, int]
) -> None:
    assert cell(latitude, longitude) == expected


def test_the_next_cell_to_the_east_begins_half_a_cell_from_the_centre() -> None:
    east = 5.0 / (111.195 * 0.788)  # degrees of longitude in 5 km on 38 N
    assert cell(38.0, 126.0 + 0.4 * east) == (43, 136)
    assert cell(38.0, 126.0 + 0.6 * east) == (44, 136)


@pytest.mark.parametrize(
    "place", [(nan, 127.0), (37.5, nan), (-27.5, 153.0), (51.5, 0.0), (90.0, 126.0), (-90.0, 0.0)]
)
def test_a_place_outside_the_grid_is_in_no_cell(place: tuple[float, float]) -> None:
    assert cell(*place) is None


def test_spots_of_one_cell_share_it_and_a_spot_without_place_is_named() -> None:
    spots = [Spot("a", 37.5665, 126.9780), Spot("b", 37.5700, 126.9800), Spot("c")]
    cells, lost = spots_by_cell(spots)
    assert cells == {(60, 127): ["a", "b"]}
    assert lost == ("c: its place (nan, nan) is not in KMA's forecast grid.",)
