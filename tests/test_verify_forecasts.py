"""Issued forecasts verified against the store, as known at a time; who falls back, and returns."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from data import archive, netcdf
from data.errors import NothingThere
from data.schema import QUANTILES
from data.sources import simulated
from flows import fallbacks, issued, ledger, manifest, scorecard_file, scorecard_table
from flows.folders import Folders
from flows.standing_in import said_by_model, with_stand_ins
from flows.verify_forecasts import follow, verify
from forecast import fallback
from forecast.outlook import assess
from forecast.scaling import Scaling

NAME = "simulated"
RIVER = simulated.network()  # three gauges, 24 h
HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")
START = np.datetime64("2020-03-01", "ns")
LATER = START + 30 * DAY
EVERY, SELDOM = 2, 6  # h


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Return a home with a record: a tide of 1 m in 2018, and in March 2020."""
    found = Folders(tmp_path)
    for start, days in (("2018-01-01", 60), ("2020-02-27", 40)):
        record = simulated.observe(RIVER, hours=24 * days, start=start)
        hours = (record.time.values - START) / HOUR
        level = np.broadcast_to(1 + np.sin(2 * np.pi * hours / 12.4), record.water_level.shape)
        archive.save(
            found.observations(NAME),
            record.assign(water_level=record.water_level.copy(data=level.astype("float32"))),
        )
    one, many = np.ones((3, 1)), np.full((3, 1), np.inf)
    scaling = Scaling(("own",), many, one, one, one, np.full(3, -np.inf), np.ones(3), one)
    model = SimpleNamespace(model_id="a", scaling=scaling)
    monkeypatch.setattr("flows.learnt.checkpoint.load", lambda *_: model)
    return found


def level(time: np.ndarray) -> np.ndarray:
    return 1 + np.sin(2 * np.pi * ((time - START) / HOUR) / 12.4)


def made(hour: int, off: dict[str, float], **attrs: str) -> xr.Dataset:
    """Return the forecast of an hour: what will be, but `off` by some metres at some gauges."""
    issue = START + hour * HOUR
    valid = issue + RIVER.lead_times
    values = np.stack([level(valid) + off.get(station, 0.01) for station in RIVER.ids])
    spread = 0.2 * (np.array(QUANTILES) - 0.5)
    dims = ("issue_time", "station")
    return xr.Dataset(
        {
            "water_level": (
                (*dims, "lead_time", "quantile"),
                (values[..., None] + spread)[None].astype("float32"),
                {"units": "m"},
            ),
            "last_observed": (dims, np.full((1, 3), level(np.array([issue]))[0], "float32")),
            "last_observed_time": (dims, np.full((1, 3), issue)),
            "reason": (dims, np.full((1, 3), "")),
        },
        coords={
            "issue_time": [issue],
            "station": RIVER.ids,
            "lead_time": RIVER.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), valid[None]),
        },
        attrs={"model": "a", "kind": "replay"} | attrs,
    )


def archived(folders: Folders, hours: range, off: dict[str, float] | None = None) -> None:
    for hour in hours:
        path = issued.path_of(folders, RIVER, "replay", START + hour * HOUR)
        netcdf.write(path, made(hour, off or {}))


def skill(folders: Folders) -> xr.Dataset:
    card = netcdf.read(scorecard_file.path_of(folders, RIVER, "replay"))
    return card.sel(period="all", station="S1")


def test_what_was_scored_is_not_read_again_and_stays_when_forecasts_are_pruned(
    folders: Folders,
) -> None:
    archived(folders, range(0, 48, EVERY))
    first = verify(NAME, folders, known_at=LATER)
    assert first.days == 3  # the last leads end on the third day
    before = skill(folders)
    assert (before.n == 24).all()
    assert np.allclose(before.bias, 0.01, atol=1e-6)
    for path in folders.forecasts(NAME).glob("*.nc"):
        path.write_bytes(b"broken")  # it is not looked at any more
        path.unlink()
    assert verify(NAME, folders, known_at=LATER + DAY).days == 0
    assert skill(folders).n.equals(before.n)
    month = netcdf.read(scorecard_file.path_of(folders, RIVER, "replay")).sel(period="2020-03")
    assert (month.n == 24).all()


def test_only_leads_that_are_over_count_and_the_day_is_scored_again(folders: Folders) -> None:
    archived(folders, range(0, 24, EVERY))
    verify(NAME, folders, known_at=START + 12 * HOUR)
    assert skill(folders).n.values.tolist() == [6, 5, 4, 1, 0]  # of 1, 3, 6, 12, 24 h
    assert verify(NAME, folders, known_at=START + 3 * DAY).days == 2
    assert skill(folders).n.values.tolist() == [12, 12, 12, 12, 12]


def corrected(folders: Folders, received: np.datetime64) -> None:
    """Let the first day have been a metre higher, as is known from some time on."""
    record = simulated.observe(RIVER, hours=24, start="2020-03-01")
    values = np.broadcast_to(level(record.time.values) + 1, record.water_level.shape)
    late = record.assign(
        water_level=record.water_level.copy(data=values.astype("float32")),
        received_time=record.received_time.copy(data=np.full(values.shape, received)),
    )
    archive.save(folders.observations(NAME), late)


def test_readings_that_are_corrected_within_four_days_count_as_corrected(folders: Folders) -> None:
    archived(folders, range(0, 12, EVERY))
    verify(NAME, folders, known_at=START + 2 * DAY)
    assert np.allclose(skill(folders).bias[:2], 0.01, atol=1e-6)
    corrected(folders, START + 3 * DAY)
    assert verify(NAME, folders, known_at=START + 4 * DAY).days == 2
    assert np.allclose(skill(folders).bias[:2], 0.01 - 1, atol=1e-6)


def test_what_was_received_later_is_not_seen_and_later_scores_stay(folders: Folders) -> None:
    archived(folders, range(0, 12, EVERY))
    corrected(folders, START + 3 * DAY)
    verify(NAME, folders, known_at=START + 2 * DAY)
    assert np.allclose(skill(folders).bias[:2], 0.01, atol=1e-6)
    verify(NAME, folders, known_at=START + 9 * DAY)
    corrected_bias = skill(folders).bias
    verify(NAME, folders, known_at=START + 2 * DAY)  # a look back keeps what is known by now
    assert skill(folders).bias.equals(corrected_bias)


def test_a_forecast_that_is_added_later_counts_too(folders: Folders) -> None:
    archived(folders, range(0, 12, EVERY))
    verify(NAME, folders, known_at=LATER)
    archived(folders, range(12, 24, EVERY))
    assert verify(NAME, folders, known_at=LATER).days == 2
    assert (skill(folders).n == 12).all()


def test_nothing_issued_says_what_to_run(folders: Folders) -> None:
    with pytest.raises(NothingThere, match="No replay forecast of 'simulated' was issued yet"):
        verify(NAME, folders)
    with pytest.raises(NothingThere, match="Run: mulgil verify-forecasts simulated"):
        scorecard_file.scored(folders, RIVER, "replay")


def test_drills_broken_files_and_those_of_unknown_runs_are_passed_over(folders: Folders) -> None:
    archived(folders, range(0, 8, EVERY))
    place = folders.forecasts(NAME)
    netcdf.write(place / "2020-03-01T0900Z.nc", made(9, {}, kind="drill"))
    unknown = made(10, {})
    del unknown.attrs["kind"]
    netcdf.write(place / "2020-03-01T1000Z.nc", unknown.assign_attrs(run_id="gone"))
    (place / "2020-03-01T1100Z.nc").write_bytes(b"no NetCDF")
    (place / "notes.nc").write_bytes(b"")
    verify(NAME, folders, known_at=LATER)
    assert (skill(folders).n == 4).all()
    card = netcdf.read(scorecard_file.path_of(folders, RIVER, "replay"))
    assert card.attrs["forecasts"] == "4"
    assert "SIMULATED" in card.attrs["title"]
    assert "No real-time forecast is among them" in card.attrs["comment"]


def test_a_file_of_before_the_kinds_is_what_its_manifest_says(folders: Folders) -> None:
    run = manifest.begin(NAME, START, "a test", replay=True)
    run.save(folders.run(run.run_id))
    old = made(0, {}, run_id=run.run_id)
    del old.attrs["kind"]
    netcdf.write(issued.path_of(folders, RIVER, "replay", START), old)
    verify(NAME, folders, known_at=LATER)
    assert (skill(folders).n == 1).all()


def test_replays_and_drills_of_a_live_network_never_take_the_place_of_what_was_issued(
    folders: Folders,
) -> None:
    live = replace(RIVER, live=True)
    paths = {issued.path_of(folders, live, kind, START) for kind in issued.KINDS}
    assert len(paths) == 3
    assert folders.forecast(NAME, START) in paths  # the real-time one
    assert issued.kind_of(live, replay=True, replayed="") == "replay"
    assert issued.kind_of(live, replay=False, replayed="SIMULATED rivers") == "drill"
    assert issued.kind_of(RIVER, replay=False, replayed="") == "replay"
    assert fallbacks.log_kind(live, "replay") == "real-time"


def run_of(known_at: np.datetime64) -> manifest.Manifest:
    run = manifest.begin(NAME, known_at, "a test", replay=True)
    run.known_at = f"{known_at}Z"
    return run


def issued_at(
    folders: Folders, hour: int, off: dict[str, float], keep: bool = True
) -> tuple[xr.Dataset, Any]:
    """Issue the model's forecast of an hour as `mulgil forecast` does."""
    own, run = made(hour, off), run_of(START + hour * HOUR)
    forecast = with_stand_ins(own, RIVER, folders, run)
    run.warnings += said_by_model(own, assess(forecast.isel(issue_time=0), RIVER), RIVER, run)
    if keep:
        netcdf.write(issued.path_of(folders, RIVER, "replay", START + hour * HOUR), forecast)
    return forecast, run


def test_a_gauge_that_loses_falls_back_says_so_and_comes_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "FEWEST_PAIRS", 12)  # a forecast every 6 h is enough here
    lost = {"S2": 3.0}  # a model that is 3 m off, and so expects a warning
    archived(folders, range(0, 24 * 7, SELDOM), lost)
    now = 24 * 7
    _, run = issued_at(folders, now, lost, keep=False)
    assert run.fallback == {}  # nobody has looked yet
    states = verify(NAME, folders, known_at=START + now * HOUR).states
    assert [s for s, state in states.items() if state.fallen] == ["S2"]
    forecast, run = issued_at(folders, now + SELDOM, lost, keep=False)
    assert list(run.fallback) == ["S2"]
    assert "'변화 없음'" in run.fallback["S2"]
    assert (
        forecast.water_level.sel(station="S2", quantile=0.5) == forecast.last_observed[0, 1]
    ).all()
    assert float(forecast.water_level_model.sel(station="S2", quantile=0.5).mean()) > 3.5
    assert run.warnings[0].startswith("S2: persistence is issued; the model, worse than it of late")
    _, earlier = issued_at(folders, now - SELDOM, lost, keep=False)
    assert earlier.fallback == {}  # what was decided later is not seen

    for hour in range(now + 2 * SELDOM, now + 24 * 7, SELDOM):  # the model is repaired
        issued_at(folders, hour, {})
    then = START + (now + 24 * 7) * HOUR
    assert not any(state.fallen for state in verify(NAME, folders, known_at=then).states.values())
    _, after = issued_at(folders, now + 24 * 7 + SELDOM, {}, keep=False)
    assert after.fallback == {}
    assert fallbacks.fallen(folders, RIVER, "replay", START + (now + 1) * HOUR).keys() == {"S2"}


def test_what_was_issued_is_scored_and_the_model_beside_it(folders: Folders) -> None:
    state = fallback.unjudged("S2", "a")
    fallen = replace(state, fallen=True, since=START, known_at=START, words="나쁨. Bad.")
    fallbacks._write(fallbacks._path(folders, RIVER, "replay"), [fallen])
    archived(folders, range(0, 2, EVERY))
    verify(NAME, folders, known_at=START + HOUR)  # learns what the record says
    for hour in range(2, 48, SELDOM):
        issued_at(folders, hour, {})
    verify(NAME, folders, known_at=LATER)
    card = netcdf.read(scorecard_file.path_of(folders, RIVER, "replay")).sel(period="all")
    of = card.sel(station="S2", lead_time=RIVER.lead_times[5])
    assert of.persistence_skill < 0.1  # persistence
    assert of.model_persistence_skill > 0.99


def test_without_a_model_errors_are_scored_and_nobody_falls_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise NothingThere("There is no model.", "Train one.")

    monkeypatch.setattr("flows.learnt.checkpoint.load", gone)
    archived(folders, range(0, 12, EVERY))
    done = verify(NAME, folders, known_at=LATER)
    assert (done.states, done.days) == ({}, 2)
    assert "There is no model" in done.trouble
    assert (skill(folders).n == 6).all()


def test_a_scorecard_that_fails_stops_neither_the_forecast_nor_the_cycle(
    folders: Folders, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = fallbacks._path(folders, RIVER, "replay")
    state = replace(fallback.unjudged("S1", "a"), fallen=True, known_at=START, words="왜. Why.")
    fallbacks._write(log, [state])
    own, run = made(0, {}), run_of(LATER)
    assert with_stand_ins(own, RIVER, folders, run) is own  # nothing was learnt of the record
    assert "what persistence would say at S1 is not there" in run.warnings[0]
    log.write_bytes(b"\xff\xfe broken")
    assert with_stand_ins(own, RIVER, folders, run_of(LATER)) is own
    with caplog.at_level("WARNING"):
        follow(tmp_path / "no-such-run.json", folders)
    assert "no-such-run.json" in caplog.text


def test_a_cycle_every_ten_minutes_verifies_once_an_hour(folders: Folders) -> None:
    archived(folders, range(0, 6, EVERY))

    def known_after(minutes: int) -> list[np.datetime64]:
        run = run_of(START + 8 * HOUR + np.timedelta64(minutes, "m"))
        follow(run.save(folders.run(run.run_id)), folders)
        kept = ledger.load(folders, NAME, "replay")
        assert kept is not None
        return list(kept.known_at.values)

    assert known_after(0) == [START + 8 * HOUR]
    assert known_after(10) == [START + 8 * HOUR]
    assert known_after(60) == [START + 9 * HOUR]


def test_a_line_that_was_cut_off_costs_itself_alone(folders: Folders) -> None:
    log = fallbacks._path(folders, RIVER, "replay")
    states = [
        replace(fallback.unjudged(s, "a"), fallen=True, known_at=START, words="왜. Why.")
        for s in ("S1", "S2")
    ]
    fallbacks._write(log, states[:1])
    with log.open("a") as file:
        file.write('{"station": "S3", "fal')
    fallbacks._write(log, states[1:])
    assert list(fallbacks.fallen(folders, RIVER, "replay", LATER)) == ["S1", "S2"]


def test_the_table_and_the_rows_of_a_scorecard(folders: Folders) -> None:
    archived(folders, range(0, 48, EVERY))
    verify(NAME, folders, known_at=LATER)
    kept = scorecard_file.scored(folders, RIVER, "replay")
    assert scorecard_table.of_days(kept, 1).n.max() < 24  # the last day alone
    whole = scorecard_table.of_days(kept, 0)
    rows = scorecard_table.to_rows(whole)
    assert len(rows) == 15  # three gauges, five leads
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert (rows[0]["station"], rows[0]["lead_hours"], rows[0]["n"]) == ("S1", 1.0, 24)
    assert rows[0]["peak_error"] is None
    assert rows[0]["stages"]["watch"]["hits"] == 0
    table = scorecard_table.errors(whole, RIVER, "replay")
    assert str(table.title).startswith("SIMULATED rivers, REPLAYS of simulated")
    assert table.row_count == 15
    never = str(scorecard_table.errors(whole, RIVER, "hindcast").title)
    assert never.startswith("SIMULATED rivers, HINDCASTS of simulated: never issued, beside")
    text = scorecard_file.path_of(folders, RIVER, "replay").with_suffix(".csv").read_text()
    head = text.splitlines()[0].split(",")
    assert {"period", "station", "lead_hours", "n", "watch_hits", "persistence_skill"} <= set(head)
    assert ledger.load(folders, NAME, "real-time") is None
