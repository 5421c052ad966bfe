from dataclasses import replace
from math import isnan, nan

from data import networks
from data.catalogue import keyed
from data.official import announced
from data.reading import Site

CHEONGDAM = Site(
    "hrfco", "1018662", "water_level", "청담대교", agency="환경부", gauge_zero=1.8,
    attention=nan, watch=6.0, warning=7.5, severe=nan,
)  # fmt: skip


def test_a_station_without_thresholds_gets_those_that_its_provider_announces() -> None:
    live = announced(networks.find("han-live"), "hrfco", keyed((CHEONGDAM,)))
    told = live.station("1018662").thresholds
    assert told is not None
    assert (told.watch, told.warning, told.origin) == (6.0, 7.5, "official")
    assert isnan(told.attention)
    assert told.method == "announced by 환경부 in its list of stations"
    assert live.station("1018680").thresholds is None


def test_a_table_of_ours_goes_before_a_provider_s_list() -> None:
    hangang = replace(CHEONGDAM, id="1018683", watch=1.0)
    live = announced(networks.find("han-live"), "hrfco", keyed((hangang, CHEONGDAM)))
    kept = live.station("1018683").thresholds
    assert kept is not None
    assert kept.watch == 8.5
    assert live.station("1018662").gauge_zero == 1.747


def test_thresholds_without_order_are_none() -> None:
    wrong = replace(CHEONGDAM, watch=8.0)
    live = announced(networks.find("han-live"), "hrfco", keyed((wrong,)))
    assert live.station("1018662").thresholds is None


def test_the_list_of_a_provider_that_is_not_asked_for_levels_changes_nothing() -> None:
    still = networks.find("han-live")
    assert announced(still, "open_meteo", keyed((CHEONGDAM,))) == still
