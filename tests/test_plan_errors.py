import numpy as np
import pytest

from forecast.plan_errors import LATE, MISTAKEN, WRONG, spoilt


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_plan_of_releases_is_wrong_by_more_the_further_it_looks() -> None:
    wrong = spoilt({"dam_release": np.ones((4000, 24))}, rng())["dam_release"]
    size = np.log(wrong).std(axis=0)
    assert size[0] == pytest.approx((0.05**2 + 0.05**2) ** 0.5, rel=0.05)
    assert size[23] == pytest.approx((0.05**2 + 24 * 0.05**2) ** 0.5, rel=0.05)


def test_errors_grow_by_the_hour_whatever_the_step() -> None:
    ten_minutes = spoilt({"dam_release": np.ones((4000, 6))}, rng(), 1 / 6)["dam_release"]
    assert np.log(ten_minutes[:, 5]).std() == pytest.approx((0.05**2 + 0.05**2) ** 0.5, rel=0.05)


def test_rain_comes_early_or_late_and_now_and_then_is_of_another_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(WRONG, "rainfall", (0.0, 0.0))
    hour = np.arange(4000.0)[:, None] + np.arange(1, 4)  # each hour has its own amount
    late = hour - spoilt({"rainfall": hour}, rng())["rainfall"]
    assert (late == late[:, :1]).all()  # the whole forecast is moved
    moved = np.abs(late[:, 0]) < 8
    assert (~moved).mean() == pytest.approx(MISTAKEN, abs=0.02)
    assert late[moved, 0].std() == pytest.approx(LATE, rel=0.1)


def test_a_gap_stays_a_gap_and_the_truth_stays_as_it_was() -> None:
    true = {"dam_release": np.array([[1.0, np.nan]])}
    assert np.isnan(spoilt(true, rng())["dam_release"]).tolist() == [[False, True]]
    assert true["dam_release"][0, 0] == 1.0
