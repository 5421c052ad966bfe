"""A simulated network that goes on to now: as a live one, without any provider."""

import numpy as np
import pytest

from data import archive, networks
from data.sources.simulated_record import observe
from flows import pulling
from flows.folders import Folders
from flows.moments import choose

NAME = "simulated-korea-3-now"
NOW = np.datetime64("2022-07-12T05:30", "ns")
HOUR = np.timedelta64(1, "h")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a home whose record ends at 02:00."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    start = np.datetime64("2022-07-11T21:00", "ns")
    archive.save(folders.observations(NAME), observe(networks.find(NAME), start, 6))
    return folders


def test_each_pull_adds_what_has_happened_since_and_changes_nothing(home: Folders) -> None:
    before = archive.load(home.observations(NAME), networks.find(NAME))
    pulled = pulling.pull(NAME, None, home, now=NOW)
    after = archive.load(home.observations(NAME), networks.find(NAME))
    assert pulled.now == NOW
    assert after.time.values[-1] == np.datetime64("2022-07-12T05:00", "ns")
    assert after.sizes["time"] == before.sizes["time"] + 3
    np.testing.assert_array_equal(after.water_level[:, :6], before.water_level)
    whole = observe(networks.find(NAME), after.time.values[0], 9)
    np.testing.assert_array_equal(after.water_level, whole.water_level)


def test_a_pull_within_the_same_hour_adds_nothing(home: Folders) -> None:
    pulling.pull(NAME, None, home, now=NOW)
    size = home.observations(NAME).stat().st_size
    pulling.pull(NAME, None, home, now=NOW + np.timedelta64(20, "m"))
    assert home.observations(NAME).stat().st_size == size


def test_its_forecast_is_of_now_and_no_replay(home: Folders) -> None:
    moment = choose(NAME, home, None, NOW)
    assert moment.issue_time == np.datetime64("2022-07-12T05:00", "ns")
    assert not moment.replay


def test_a_closed_one_is_forecast_at_the_end_of_its_record(home: Folders) -> None:
    closed = "simulated-korea-3"
    archive.save(home.observations(closed), observe(networks.find(closed), NOW - 9 * HOUR, 4))
    moment = choose(closed, home)
    assert moment.issue_time == np.datetime64("2022-07-11T23:00", "ns")
    assert moment.replay
