from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.errors import MulgilError
from data.network import Split
from data.sources.simulated import network, observe
from flows import bench_skill
from flows.bench_skill_figures import figures, spread
from forecast.model import ModelConfig
from forecast.train import TrainConfig

MODELS = ("persistence", "lightgbm_quantile", "operational:0", "operational:1")
LEADS = np.array([1, 24]).astype("timedelta64[h]").astype("timedelta64[ns]")


def means(**scores: list[float]) -> xr.Dataset:
    """Return scores by model, the same at both leads and in floods unless they are named."""
    every = {"persistence_skill", "rmse", "coverage90", "crps"} | set(scores)
    wanted = every | {f"{name}_flood" for name in every if not name.endswith("_flood")}
    values = {n: scores.get(n, scores.get(n.removesuffix("_flood"), [1.0] * 4)) for n in wanted}
    coords = {"model": list(MODELS), "lead_time": LEADS}
    dims = ("model", "lead_time")
    return xr.Dataset({n: (dims, np.outer(v, [1, 1])) for n, v in values.items()}, coords)


def test_the_operational_forecast_is_compared_with_the_best_baseline() -> None:
    found = figures(means(rmse=[4.0, 2.0, 1.0, 1.4], rmse_flood=[3.0, 6.0, 2.0, 1.0]), MODELS[:2])
    assert found["rmse_ratio_1h"] == pytest.approx(1.2 / 2.0)
    assert found["rmse_ratio_flood_24h"] == pytest.approx(1.5 / 3.0)


def test_crps_is_compared_with_quantile_lightgbm_and_seeds_are_averaged() -> None:
    skill = [0.0, 0.5, 0.7, 0.8]
    found = figures(means(crps=[9.0, 2.0, 1.0, 1.2], persistence_skill=skill), MODELS[:2])
    assert found["crps_ratio_1h"] == pytest.approx(0.55)
    assert found["ps_operational_24h"] == pytest.approx(0.75)
    assert found["ps_flood_lightgbm_quantile_1h"] == 0.5


def test_the_spread_is_told_of_models_with_seeds_alone() -> None:
    found = spread(means(persistence_skill=[0.0, 0.5, 0.7, 0.8]))
    assert set(found) == {"ps_operational", "ps_flood_operational"}
    assert found["ps_operational"] == pytest.approx([0.1, 0.1])


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [(("2012-2018", "2018", "2019"), "overlap in 2018"), (("2012-", "x", "2019"), "'x' is no")],
)
def test_years_that_overlap_or_are_none_are_refused(
    periods: tuple[str, str, str], wrong: str
) -> None:
    with pytest.raises(MulgilError, match=wrong):
        bench_skill.split(*periods)


@pytest.mark.slow
def test_every_model_is_judged_and_the_split_is_told() -> None:
    years = Split((2018, 2018), (2019, 2019), (2020, 2020))
    river = replace(network(gauges=2, horizon=3), split=years)
    record = observe(river, hours=24 * (30 + 365 + 20), start="2018-12-01")
    sizes = ModelConfig(hidden=4, near=2, window=24, last=12)
    quick = TrainConfig(updates=2, batch=8, model=sizes)
    found = bench_skill.measure(river, record, [0], quick, lambda *_: None)
    judged = {row["model"] for row in found["raw"]["by_gauge"]}
    assert judged == {*bench_skill.BASELINES, "lstm:0", "operational:0"}
    assert found["settings"]["test_years"] == [2020, 2020]
    assert found["figures"]["ps_persistence_3h"] == 0
    expected = {"rmse_ratio_1h", "coverage90_flood_3h", "crps_ratio_1h", "ps_known_future_3h"}
    assert expected <= set(found["figures"])
