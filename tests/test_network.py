import numpy as np

from data.sources import simulated
from data.stations import Thresholds


def test_upstream_and_downstream_are_listed_nearest_first() -> None:
    river = simulated.network(gauges=4)
    assert river.upstream("S4") == ["S3", "S2", "S1"]
    assert river.downstream("S1") == ["S2", "S3", "S4"]
    assert river.upstream("S1") == []
    assert river.below("S1") == ["S2", "S3", "S4"]
    assert river.below("S4") == []


def test_lead_times_run_from_one_step_to_the_horizon() -> None:
    leads = simulated.network(horizon=3).lead_times
    assert list(leads / np.timedelta64(1, "h")) == [1.0, 2.0, 3.0]


def test_thresholds_of_an_authority_are_never_replaced() -> None:
    river = simulated.network(gauges=1)
    derived = Thresholds(9.0, 10.0, 11.0, 12.0, "derived", "percentiles")
    kept = river.with_thresholds({"S1": derived}).station("S1").thresholds
    assert kept is not None
    assert kept.attention == 2.0
