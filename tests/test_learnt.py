"""What the training years say, learnt from a few gauges at a time."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from data import archive
from data.sources import simulated
from flows import learnt as learning
from flows import ledger
from flows.folders import Folders
from forecast.scaling import Scaling

RIVER = simulated.network()


def test_gauge_by_gauge_the_same_is_learnt_as_of_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders(tmp_path)
    record = simulated.observe(RIVER, hours=24 * 30, start="2018-03-01")
    archive.save(folders.observations(RIVER.name), record)
    one, many = np.ones((3, 1)), np.full((3, 1), np.inf)
    scaling = Scaling(("own",), many, one, one, one, np.full(3, -np.inf), np.ones(3), one)
    model = SimpleNamespace(model_id="a", scaling=scaling)
    monkeypatch.setattr("flows.learnt.checkpoint.load", lambda *_: model)
    whole = learning.learnt(folders, RIVER)
    (ledger.home(folders, RIVER.name) / "learnt.nc").unlink()
    loads: list[int] = []
    load = archive.load

    def counted(*args: object) -> object:
        loads.append(1)
        return load(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("flows.learnt.archive.load", counted)
    monkeypatch.setattr(learning, "AT_ONCE", 24 * 30)  # values: one gauge of the month
    parts = learning.learnt(folders, RIVER)
    assert len(loads) == 3
    assert parts.identical(whole)
    assert np.isfinite(parts.flood_level.values).all()
