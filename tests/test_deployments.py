"""The flows under Prefect itself: one whole cycle, and a provider that is down."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import netcdf
from data.errors import SourceError, SourceUnavailable
from flows import ledger, pulling, training
from flows.climate.sources import Futures
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))


def run(flow: Any, *given: Any, **named: Any) -> Any:
    """Run a flow that may return its state or its result."""
    return flow(*given, **named)


@pytest.fixture(scope="module")
def _prefect() -> Iterator[None]:
    from prefect.settings import (
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    quick = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False}
    with temporary_settings(quick), prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    pulling.pull("simulated", None, Folders(tmp_path))
    training.train("simulated", Folders(tmp_path), TINY)
    return Folders(tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("_prefect")
def test_one_cycle_pulls_forecasts_and_publishes(folders: Folders) -> None:
    from flows import deployments

    release = Path(run(deployments.issue_forecast, "simulated"))
    assert release == folders.site / "releases" / release.name
    shown = json.loads((folders.site / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert shown["providers"] == {"simulated": "ok"}
    assert shown["issue_time"] == "2020-12-31T23:00Z"


@pytest.mark.slow
@pytest.mark.usefixtures("_prefect")
def test_what_was_issued_is_verified_after_the_cycle_and_on_demand(folders: Folders) -> None:
    from flows import deployments

    deployments.issue_forecast("simulated", issue_time=datetime(2020, 3, 1, tzinfo=UTC))
    deployments.issue_forecast("simulated", issue_time=datetime(2020, 3, 1, 12, tzinfo=UTC))
    kept = ledger.load(folders, "simulated", "replay")
    assert kept is not None
    assert kept.n.sel(lead_time="12h").sum() == 3  # by noon one forecast of 12 h, at three gauges
    path = Path(deployments.verify_forecasts("simulated"))
    assert path == folders.network("simulated") / "scorecard.nc"
    assert netcdf.read(path).n.sel(period="all", lead_time="24h").sum() == 6


@pytest.mark.slow
@pytest.mark.usefixtures("_prefect")
def test_a_provider_that_is_down_degrades_the_forecast_and_does_not_stop_it(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import deployments

    def broken(*_: object, **__: object) -> None:
        raise SourceError("The answer is no CSV.", "Look at the provider's page.")

    monkeypatch.setattr("flows.pulling.pull", broken)
    state = run(deployments.issue_forecast, "simulated", return_state=True)
    assert (state.type.value, state.name) == ("COMPLETED", "CompletedWithGaps")
    shown = json.loads((folders.site / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert shown["providers"] == {
        "simulated": "failed: The answer is no CSV. Look at the provider's page."
    }


@pytest.mark.slow
@pytest.mark.usefixtures("_prefect")
def test_only_a_provider_that_did_not_answer_is_asked_again(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import deployments

    asked = {"final": 0, "later": 0}

    def final(*_: object) -> None:
        asked["final"] += 1
        raise SourceError("The answer is no CSV.")

    def later(*_: object) -> pulling.Pulled:
        asked["later"] += 1
        if asked["later"] == 1:
            raise SourceUnavailable("No answer.")
        return pulling.Pulled(folders.observations("simulated"))

    impatient = deployments.pull.with_options(retry_delay_seconds=0)
    monkeypatch.setattr(deployments, "pull", impatient)
    monkeypatch.setattr("flows.pulling.pull", final)
    with pytest.raises(SourceError):
        deployments.pull_observations("simulated")
    monkeypatch.setattr("flows.pulling.pull", later)
    assert deployments.pull_observations("simulated") == str(folders.observations("simulated"))
    assert asked == {"final": 1, "later": 2}


@pytest.mark.slow
@pytest.mark.usefixtures("_prefect")
def test_the_climate_flow_hands_paths_from_step_to_step_and_publishes_both_halves(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import climate_flow, issuing, publishing

    publishing.publish(issuing.issue("simulated", None, folders), folders)
    home = folders.climate
    steps: list[tuple[str, ...]] = []

    def pages(at: Path, atlas: Path) -> Path:
        steps.append(("pages", atlas.name))
        (at / "pages-1").mkdir(parents=True)
        (at / "pages-1" / "index.html").write_text("the map")
        told = {language: {"title": "Map", "caveat": "", "said": []} for language in ("ko", "en")}
        (at / "pages-1" / "headline.json").write_text(json.dumps(told))
        return at / "pages-1"

    def assembled(_: Path, measured: Path, projected: list[Path], chosen: Futures) -> Path:
        steps.append(("atlas", measured.name, *(p.name for p in projected)))
        assert chosen == Futures()
        return home / "atlas-1"

    monkeypatch.setattr("flows.climate.steps.stations", lambda at: at / "stations-1.nc")
    monkeypatch.setattr("flows.climate.update.project_all", lambda *_, **__: [home / "run-1.nc"])
    monkeypatch.setattr("flows.climate.steps.atlas", assembled)
    monkeypatch.setattr("flows.climate.steps.pages", pages)
    release = Path(run(climate_flow.update_climate))
    assert steps == [("atlas", "stations-1.nc", "run-1.nc"), ("pages", "atlas-1")]
    assert (release / "climate" / "index.html").read_text() == "the map"
    assert (release / "simulated" / "index.html").exists()  # the forecasts stay


def test_serving_offers_the_climate_map_once_a_year(tmp_path: Path) -> None:
    from flows import serving
    from flows.schedules import of

    plan = serving.Plan((of("simulated", np.timedelta64(1, "h"), [], []),), Folders(tmp_path))
    made = {d.name: d for d in serving.deployments(plan)}
    (schedule,) = made["climate"].schedules
    assert schedule.schedule.cron == "23 4 2 2 *"
    assert made["climate"].flow_name == "update-climate"
