"""Water that is neither made nor lost, and takes its time: all of it can be done by hand."""

import numpy as np
import pytest

from data.errors import InvalidData
from data.sources.simulated_flow import Land, arrived, discharge, reservoir, runoff, through
from data.sources.simulated_tree import CELERITY, SEA, WINDING, Tree, columns

HOUR_KM = CELERITY / WINDING  # a wave takes one hour for it


def chain(*hours: int) -> Tree:
    """Return gauges in a row from north to south, so many hours from one to the next."""
    north = -HOUR_KM * np.cumsum([0, *hours])
    down = np.append(np.arange(1, len(north)), SEA)
    return columns(np.zeros(len(north)), north, down)


def test_a_pulse_through_one_reservoir_fades_by_half_each_hour() -> None:
    """With a time constant of 1 / ln 2 h half of what is in store leaves within an hour."""
    pulse = np.zeros((6, 1), "float32")
    pulse[0] = 1.0
    out = reservoir(pulse, 1 / np.log(2))[:, 0]
    entered = 0.5 / np.log(2)  # of the pulse, even over its hour, is still there at its end
    np.testing.assert_allclose(out[0], 1 - entered, rtol=1e-6)
    np.testing.assert_allclose(out[1:], entered * 0.5 ** np.arange(1, 6), rtol=1e-5)


def test_a_steady_inflow_becomes_a_steady_outflow() -> None:
    out = reservoir(np.full((400, 2), 3.0, "float32"), np.array([2.0, 20.0]))
    np.testing.assert_allclose(out[-1], 3.0, rtol=1e-5)


def test_no_water_is_made_or_lost_in_a_reservoir() -> None:
    inflow = np.zeros((500, 3), "float32")
    inflow[:48] = np.random.default_rng(0).gamma(1.0, 5.0, (48, 3))
    out = reservoir(inflow, 12.0)
    np.testing.assert_allclose(out.sum(axis=0), inflow.sum(axis=0), rtol=1e-4)


def test_dry_land_lets_a_tenth_of_the_rain_run_off_and_wet_land_more() -> None:
    rain = np.array([[10.0], [10.0]], "float32")
    land = Land(area=1.0, dry=0.1, wet=0.9, soak=10.0, dries=1.0)
    runs = runoff(rain, land)[:, 0]
    np.testing.assert_allclose(runs, [1.0, 5.0])  # 10 mm before: half of the way from 0.1 to 0.9


def test_what_leaves_the_land_arrives_later_the_further_down() -> None:
    tree = chain(2, 3)
    leaving = np.zeros((10, 3), "float32")
    leaving[0, 0] = 1.0  # at the top only
    came = arrived(leaving, tree)
    assert [int(np.flatnonzero(came[:, gauge])[0]) for gauge in range(3)] == [0, 2, 5]
    np.testing.assert_array_equal(came.sum(axis=0), [1, 1, 1])


def test_two_branches_meet_and_their_water_adds_up() -> None:
    """Two gauges drain to a third, one an hour away and one two; the fourth is on its own."""
    east = HOUR_KM * np.array([1.0, -2.0, 0.0, 50.0])
    tree = columns(east, np.zeros(4), np.array([2, 2, SEA, SEA]))
    leaving = np.zeros((4, 4), "float32")
    leaving[0] = [1, 10, 100, 1000]
    assert arrived(leaving, tree)[:3, 2].tolist() == [100, 1, 10]
    assert tree.drained.tolist() == [1, 1, 3, 1]
    assert arrived(leaving, tree)[:, 3].tolist() == [1000, 0, 0, 0]


def test_all_rain_that_runs_off_passes_the_last_gauge() -> None:
    tree = chain(1, 4, 2)
    land = Land(area=36.0, base=0.0)
    rain = np.zeros((1500, 4), "float32")
    rain[10:30] = np.random.default_rng(1).gamma(1.0, 4.0, (20, 4))
    cubic_metres = discharge(rain, tree, land)[:, -1].sum(dtype=float) * 3600
    fallen = runoff(rain, land).sum(dtype=float) / 1000 * 36.0e6  # mm on km2
    assert cubic_metres == pytest.approx(fallen, rel=1e-3)


def test_a_millimetre_an_hour_on_36_square_kilometres_is_10_cubic_metres_a_second() -> None:
    flow = through(np.ones((200, 1), "float32"), chain(), Land(area=36.0))
    assert float(flow[-1, 0]) == pytest.approx(10.0, rel=1e-5)


def test_a_flood_peaks_later_and_flatter_at_each_gauge_down_the_river() -> None:
    tree, land = chain(3, 5, 8), Land(area=100.0, base=0.0)
    rain = np.zeros((300, 4), "float32")
    rain[5:11, 0] = 20.0  # on the uppermost land only
    flow = discharge(rain, tree, land)
    assert (np.diff(flow.argmax(axis=0)) > 0).all()
    assert (np.diff(flow.max(axis=0)) < 0).all()


def test_a_river_that_flows_back_to_itself_is_refused() -> None:
    with pytest.raises(InvalidData, match="drain back to themselves"):
        columns(np.zeros(2), np.arange(2.0), np.array([1, 0]))
