"""The connectors against the replay server: they read what it tells, whatever goes wrong.

Some connectors look at the real clock, so the replay stands still at the real time.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from data.errors import SourceError
from data.reading import Parsed, Reading
from data.schema import Flag
from data.sources import simulated
from data.sources.asking import Access, Manners, Spot, Wanted
from data.sources.connectors import CONNECTORS
from flows.replay.clock import real
from flows.replay.faults import NAMES, Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.stamps import floor
from flows.replay.world import World

HOUR = np.timedelta64(1, "h")
CLOCK = real(speed=0)
NOW = floor(CLOCK.now(), HOUR)
ONCE = Manners(timeout=5, tries=1, first_wait=0.01, longest_wait=0.01, budget=5)
TWICE = Manners(timeout=5, tries=2, first_wait=0.01, longest_wait=0.01, budget=5)
VARIABLES = {
    "hrfco": "water_level",
    "kma_hub": "rainfall",
    "kma_forecast": "rainfall",
    "usgs": "water_level",
    "nwps": "water_level",
    "environment_agency": "water_level",
    "open_meteo": "rainfall",
}
PLACE = (37.45, 127.4)  # of S1


@pytest.fixture(scope="module")
def only() -> Iterator[Server]:
    """Serve a day: S1 rises from 1 m by 0.1 m an hour, and 2 mm fall each hour."""
    hours = np.arange(37)
    world = World(
        network=simulated.network(1),
        label="SIMULATED",
        start=NOW - 24 * HOUR,
        step=HOUR.astype("timedelta64[ns]"),
        values={"water_level": 1 + 0.1 * hours[None], "rainfall": np.full((1, 37), 2.0)},
        rows=np.arange(1),
        simulated=True,
    )
    late = np.timedelta64(0, "m")
    with serving(Stage(world, CLOCK, Faults(SOURCES), late, 0.001)) as server:
        yield server


@pytest.fixture
def server(only: Server) -> Iterator[Server]:
    yield only
    only.stage.faults.clear()


def pulled(server: Server, source: str, manners: Manners = ONCE) -> list[Reading]:
    """Return what a connector reads of the last two hours."""
    site = "1" if source == "kma_hub" else "S1"
    wanted = Wanted(VARIABLES[source], (Spot(site, *PLACE),), NOW - 2 * HOUR, NOW)
    connector = CONNECTORS[source]
    access = Access(server.url(source), "a-key", manners)
    found: list[Reading] = []
    for answer in connector.ask(access, wanted):
        parsed: Parsed = connector.parse(answer, wanted)
        assert "SIMULATED" in answer.replayed
        found += parsed.readings
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_a_connector_reads_what_the_server_tells(server: Server, source: str) -> None:
    readings = {reading.time: reading.value for reading in pulled(server, source)}
    if VARIABLES[source] == "rainfall":
        assert set(readings.values()) == {2.0}
    else:
        assert readings[NOW] == pytest.approx(3.4, abs=0.01)  # a hundredth of a foot is 3 mm
        assert readings[NOW - HOUR] == pytest.approx(3.3, abs=0.01)


@pytest.mark.parametrize("fault", sorted(NAMES))
@pytest.mark.parametrize("source", SOURCES)
def test_no_fault_breaks_a_connector_or_makes_up_a_value(
    server: Server, source: str, fault: str
) -> None:
    server.stage.faults.set(source, fault)
    try:
        readings = pulled(server, source)
    except SourceError as error:
        said = str(error)
        readings = []
    else:
        said = ""
    assert "a-key" not in said
    good = [reading.value for reading in readings if reading.flag is Flag.GOOD]
    highest = 2.0 if VARIABLES[source] == "rainfall" else 3.4
    spare = {"revised": 1.0, "late": 2.0 if source == "open_meteo" else 0.0}  # it then forecasts
    assert all(0 < value <= highest + spare.get(fault, 0.0) + 0.01 for value in good)
    if fault == "blank_values":
        assert good == []


@pytest.mark.parametrize("source", ["hrfco", "kma_hub", "usgs", "nwps", "environment_agency"])
def test_of_a_site_whose_clock_is_ahead_nothing_is_read(server: Server, source: str) -> None:
    """Rows with the time of two hours later: the newest lie in the future, so all are misdated."""
    server.stage.faults.set(source, "clock_skew")
    assert pulled(server, source) == []


@pytest.mark.parametrize("fault", ["http_503", "down", "http_429"])
@pytest.mark.parametrize("source", sorted(set(SOURCES) - {"open_meteo"}))  # counts each request
def test_a_retry_helps_where_a_fault_passes(server: Server, source: str, fault: str) -> None:
    whole = pulled(server, source)
    server.stage.faults.set(source, fault, 1)
    assert pulled(server, source, TWICE) == whole
