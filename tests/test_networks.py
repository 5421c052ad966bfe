import numpy as np
import pytest

from data import networks
from data.errors import UnknownNetwork
from data.stations import Quantity


def test_every_name_finds_a_network_of_that_name() -> None:
    known = ["recorded", "han-river", "han-river-10min", "han-live", "simulated", "simulated-korea"]
    assert networks.names() == known
    assert [networks.find(name).name for name in networks.names()] == networks.names()


def test_an_unknown_name_is_told_which_are_known() -> None:
    with pytest.raises(UnknownNetwork) as told:
        networks.find("nile")
    assert told.value.problem == "No network 'nile'."
    assert told.value.remedy.startswith("Known networks: recorded, han-river, ")


def test_the_han_flows_from_cheongdam_to_haengju() -> None:
    han = networks.find("han-river")
    assert han.upstream("1019630") == ["1018683", "1018680", "1018662"]
    assert han.quantity is Quantity.WATER_LEVEL
    assert [station.gauge_zero for station in han.stations] == [1.747, -0.068, 2.07, 0.803]


def test_only_the_official_flood_forecast_point_has_thresholds_in_the_table() -> None:
    han = networks.find("han-river")
    given = {s.id: s.thresholds for s in han.stations if s.thresholds}
    assert list(given) == ["1018683"]
    hangang = given["1018683"]
    levels = (hangang.attention, hangang.watch, hangang.warning, hangang.severe)
    assert levels == (3.9, 8.5, 10.5, 12.8)
    assert hangang.origin == "official"


def test_the_recorded_catchments_say_that_their_clocks_may_differ() -> None:
    recorded = networks.find("recorded")
    assert recorded.ids == ["117002A", "405214", "303203"]
    assert recorded.quantity is Quantity.DISCHARGE
    assert "11–14 h" in recorded.caveat_en
    assert "11–14시간" in recorded.caveat_ko
    assert (recorded.simulated, recorded.live) == (False, False)


def test_six_hours_ahead_are_36_steps_of_ten_minutes() -> None:
    fine = networks.find("han-river-10min")
    assert fine.lead_times[-1] == np.timedelta64(6, "h")
    assert fine.stations == networks.find("han-river").stations


def test_the_live_han_asks_gauges_first_and_a_weather_model_last() -> None:
    live = networks.find("han-live")
    assert live.live
    rain = [feed for feed in live.feeds if feed.variable == "rainfall"]
    assert [feed.source for feed in rain] == ["hrfco", "kma_hub", "kma_forecast", "open_meteo"]
    assert [s.id for s in rain[0].spots(["1018683"])] == ["10184100", "10184110", "10184140"]
    assert [s.id for s in rain[1].spots(live.ids)] == ["108"]
    assert [s.id for s in rain[3].spots(live.ids)] == live.ids
    dams = {f.variable for f in live.feeds for s in f.spots(live.ids) if s.id == "1017310"}
    assert dams == {"dam_level", "dam_inflow", "dam_release"}
