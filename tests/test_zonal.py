import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from data.climate import regions
from data.errors import InvalidData
from forecast.climate import zonal

LAT, LON = np.array([0.5, 1.5]), np.array([10.5, 11.5])  # cells: SW, SE, NW, NE
FIELD = np.array([[1.0, 2.0], [3.0, 4.0]])
NAN = np.nan


def frame(*shapes: BaseGeometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), crs="EPSG:4326")


def mean(shape: BaseGeometry, field: np.ndarray = FIELD) -> float:
    return float(zonal.means(zonal.weights(frame(shape), LAT, LON), field)[0])


def test_a_square_on_one_cell_has_its_value_and_rows_run_from_south_to_north() -> None:
    assert mean(box(10, 0, 11, 1)) == 1.0
    assert mean(box(11, 0, 12, 1)) == 2.0
    assert mean(box(10, 1, 11, 2)) == 3.0


def test_a_square_over_two_halves_has_their_middle() -> None:
    assert mean(box(10.5, 0, 11.5, 1)) == pytest.approx(1.5)


def test_a_quarter_of_one_cell_and_the_whole_of_another_weigh_one_to_four() -> None:
    assert mean(box(10.75, 0, 12, 1)) == pytest.approx((0.25 * 1 + 1 * 2) / 1.25)


def test_cells_further_from_the_equator_weigh_less() -> None:
    lat = np.array([0.0, 60.0])  # 60 degrees high: cosines 1 and 0.5
    found = zonal.weights(frame(box(10, -30, 12, 90)), lat, np.array([10.5, 11.5])).toarray()
    np.testing.assert_allclose(found, [[1 / 3, 1 / 3, 1 / 6, 1 / 6]])


def test_all_leading_dims_are_done_at_once_flat_or_not() -> None:
    weights = zonal.weights(frame(box(10, 0, 11, 1), box(11, 0, 12, 1)), LAT, LON)
    fields = np.array([[FIELD, FIELD + 1]])  # (1, 2, lat, lon)
    expected = np.array([[[1, 2], [2, 3]]])
    np.testing.assert_allclose(zonal.means(weights, fields), expected)
    np.testing.assert_allclose(zonal.means(weights, fields.reshape(1, 2, 4)), expected)
    assert zonal.means(weights, FIELD.astype("float32")).dtype == "float64"


def test_a_missing_cell_is_left_out_while_half_of_the_region_is_known() -> None:
    missing = np.array([[NAN, 2.0], [3.0, 4.0]])
    assert mean(box(10, 0, 12, 1), missing) == pytest.approx(2.0)
    assert np.isnan(mean(box(10, 0, 11.9, 1), missing))


def test_a_gap_in_one_year_changes_no_other_year() -> None:
    weights = zonal.weights(frame(box(10, 0, 12, 1)), LAT, LON)
    years = np.array([FIELD, np.where(FIELD == 1, NAN, FIELD)])
    np.testing.assert_allclose(zonal.means(weights, years), [[1.5], [2.0]])


def test_a_region_outside_has_no_weight_and_no_mean() -> None:
    weights = zonal.weights(frame(box(50, 50, 51, 51), box(10, 0, 11, 1)), LAT, LON)
    assert weights.sum(axis=1).tolist() == [0.0, 1.0]
    found = zonal.means(weights, FIELD)
    assert np.isnan(found[0])
    assert found[1] == 1.0


def test_a_region_partly_outside_has_the_mean_of_what_is_inside_if_that_is_half() -> None:
    weights = zonal.weights(frame(box(9.25, 0, 11, 1), box(8, 0, 11, 1)), LAT, LON)
    np.testing.assert_allclose(weights.sum(axis=1), [1 / 1.75, 1 / 3], rtol=1e-6)
    found = zonal.means(weights, FIELD)
    assert found[0] == pytest.approx(1.0)
    assert np.isnan(found[1])


def test_a_bow_tie_covers_its_two_triangles() -> None:
    tie = Polygon([(10, 0), (12, 1), (12, 0), (10, 1)])  # crosses itself at (11, 0.5)
    assert not tie.is_valid
    assert mean(tie) == pytest.approx(1.5)


def test_lines_beside_polygons_are_dropped_and_a_line_alone_is_no_region() -> None:
    line = LineString([(11, 0), (12, 1)])
    assert mean(GeometryCollection([box(10, 0, 11, 1), line])) == 1.0
    assert np.isnan(mean(line))


@pytest.mark.parametrize(
    ("lat", "lon", "message"),
    [
        (LAT[::-1], LON, "'lat' is not ascending"),
        (np.array([0.0, 1, 3]), LON, "'lat' is not regular"),
        (np.array([0.5]), LON, "fewer than two"),
        (LAT, np.array([179.0, 180.0, 181.0]), "'lon' goes to 181"),
    ],
)
def test_a_grid_that_will_not_do_is_refused(lat: np.ndarray, lon: np.ndarray, message: str) -> None:
    with pytest.raises(InvalidData, match=message):
        zonal.weights(frame(box(10, 0, 11, 1)), lat, lon)


def test_regions_in_metres_and_values_of_another_grid_are_refused() -> None:
    with pytest.raises(InvalidData, match="EPSG:5179"):
        zonal.weights(frame(box(10, 0, 11, 1)).to_crs("EPSG:5179"), LAT, LON)
    weights = zonal.weights(frame(box(10, 0, 11, 1)), LAT, LON)
    with pytest.raises(InvalidData, match="grid of 4 cells"):
        zonal.means(weights, np.zeros((3, 3)))


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return regions.read("sigungu")


def korea(step: float) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(33 + step / 2, 39, step), np.arange(124 + step / 2, 132, step)


@pytest.mark.slow
def test_no_district_is_lost_on_a_coarse_grid_and_a_constant_stays(
    districts: gpd.GeoDataFrame,
) -> None:
    lat, lon = korea(0.25)
    weights = zonal.weights(districts, lat, lon)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(zonal.means(weights, np.full((2, len(lat), len(lon)), 7.0)), 7.0)


@pytest.mark.slow
def test_covered_areas_add_up_to_the_polygons_own(districts: gpd.GeoDataFrame) -> None:
    lat, lon = korea(0.05)
    west, south, east, north = districts.total_bounds
    rows, columns = zonal._axis("lat", lat, south, north), zonal._axis("lon", lon, west, east)
    region, _, _, share = zonal._covered(districts.geometry.to_numpy(), rows, columns)
    area = np.bincount(region, share) * 0.05**2
    np.testing.assert_allclose(area, shapely.area(districts.geometry.to_numpy()), rtol=1e-6)
