"""A round of review: draft, edit, approve, on the site, into the alerts; and back again."""

import csv
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from data import netcdf
from flows import (
    issuing,
    manifest,
    notify,
    publishing,
    pulling,
    review,
    review_desk,
    review_input,
    settings,
    training,
)
from flows.cli import app
from flows.cycle import Cycle
from flows.folders import Folders
from flows.review_book import Overtaken
from flows.review_input import BadReview
from flows.review_log import NAME, BrokenLog
from flows.settings import Settings
from forecast.model import ModelConfig
from forecast.train import TrainConfig
from maps.feeds import api

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema judges JSON: pip install it")
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
ISSUE = np.datetime64("2020-07-24T00:00", "ns")
HOSTILE = "<script>alert(1)</script>\"'&"
Site = Callable[[str], str]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with readings and a model."""
    home = Folders(tmp_path_factory.mktemp("world"))
    pulling.pull("simulated", None, home)
    training.train("simulated", home, TINY)
    return home.home


@pytest.fixture
def desk(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings whose site shows one forecast."""
    import shutil

    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    found = settings.read({"MULGIL_HOME": str(tmp_path)})
    publishing.publish(issuing.issue("simulated", ISSUE, found.folders), found.folders)
    return found


def draft(desk: Settings) -> review_desk.Draft:
    return review_desk.draft(desk, "simulated")


def edit(
    desk: Settings, kind: str = "offset", value: Any = 1.0, publish: bool = True, **more: Any
) -> review_desk.Done:
    found = draft(desk)
    given = {
        "saw": found.version,
        "station": "S1",
        "kind": kind,
        "value": value,
        "hours": 6,
        "role": "당직 수문관",
        "name": "Hong Gildong",
        "reason": "a gate was opened upstream",
    }
    return review_desk.edit(desk, found, review_input.form(given | more), publish)


def decide(desk: Settings, what: str, edit_id: str = "") -> review_desk.Done:
    found = draft(desk)
    given = {"what": what, "saw": found.version, "role": "홍수예보관", "reason": "checked"}
    return review_desk.decide(desk, found, review_input.decided(given), edit_id)


def page(desk: Settings, name: str) -> str:
    return (desk.folders.site / "current" / "simulated" / name).read_text(encoding="utf-8")


def raw(desk: Settings) -> bytes:
    run = manifest.load(desk.folders.shown("simulated"))
    return (desk.folders.forecasts("simulated") / run.forecast).read_bytes()


def record(desk: Settings) -> dict[str, Any]:
    return manifest.load(desk.folders.shown("simulated")).review


@pytest.mark.slow
def test_an_edit_stands_beside_the_automatic_forecast_everywhere(desk: Settings) -> None:
    before = raw(desk)
    was = json.loads(page(desk, "api/gauge/S1.json"))
    assert was["edited_by"] is None
    assert "자동 산출, 검토 전" in page(desk, "index.html")
    edit(desk, "peak", 4.5)
    assert raw(desk) == before  # the automatic forecast is never changed
    told = json.loads(page(desk, "api/gauge/S1.json"))
    table = {row["gauge"]: row for row in csv.DictReader(page(desk, "gauges.csv").splitlines())}
    assert table["S1"]["edited_by"] == "당직 수문관"
    assert table["S1"]["stage_automatic"] == was["stage_forecast"]
    assert table["S2"]["edited_by"] == ""
    jsonschema.validate(told, api.schema("gauge"))
    jsonschema.validate(json.loads(page(desk, "api/network.json")), api.schema("network"))
    assert (told["peak"], told["stage"]) == (4.5, "warning")
    assert (told["peak_automatic"], told["stage_automatic"]) == (was["peak"], was["stage_forecast"])
    assert told["edited_by"] == "당직 수문관"
    assert told["edit_expires"] == "2020-07-24T06:00:00Z"
    english = page(desk, "gauge/S1.en.html")
    assert "edited by" in english
    assert "a gate was opened upstream" in english
    assert "Edited (shown)" in english
    assert "Automatic, not reviewed" in english
    assert "수정됨" in page(desk, "gauge/S1.html")
    assert "EDITED by 당직 수문관" in page(desk, "gauge/S1.forecast.csv")
    items = json.loads(page(desk, "ogc/collections/gauges/items.json"))
    assert items["features"][0]["properties"]["stage_automatic"] == was["stage_forecast"]
    assert "EDITED" not in page(desk, "gauge/S2.forecast.csv")


@pytest.mark.slow
def test_the_netcdf_holds_both_forecasts(desk: Settings) -> None:
    was = json.loads(page(desk, "api/gauge/S1.json"))
    edit(desk, "peak", 4.5)
    kept = netcdf.read(desk.folders.site / "current" / "simulated" / "forecast.nc")
    assert float(kept.water_level.sel(quantile=0.5).isel(station=0).max()) == 4.5
    was_peak = kept.water_level_automatic.sel(quantile=0.5).isel(station=0).max()
    assert float(was_peak) == pytest.approx(was["peak"], abs=0.001)
    assert "EDITED: S1 by 당직 수문관" in kept.attrs["comment"]


@pytest.mark.slow
def test_approval_shows_the_role_and_no_name_anywhere_on_the_site(desk: Settings) -> None:
    edit(desk)
    decide(desk, "approve")
    assert "홍수예보관 승인" in page(desk, "index.html")
    assert json.loads(page(desk, "api/network.json"))["review"]["state"] == "approved"
    run = json.loads(page(desk, "run.json"))
    assert (run["review"]["state"], run["review"]["role"]) == ("approved", "홍수예보관")
    assert run["review"]["edits"][0]["role"] == "당직 수문관"
    kept = manifest.load(desk.folders.run(run["run_id"])).review
    assert kept == run["review"]
    for path in (desk.folders.site / "current").resolve().rglob("*"):
        assert not path.is_file() or b"Gildong" not in path.read_bytes(), path
    assert "Gildong" in (review.folder(desk.folders, "simulated") / NAME).read_text()


@pytest.mark.slow
def test_an_edit_after_an_approval_needs_a_new_one(desk: Settings) -> None:
    decide(desk, "approve")
    assert record(desk)["state"] == "approved"
    edit(desk)
    assert record(desk)["state"] == "automatic"
    decide(desk, "approve")
    decide(desk, "withdraw")  # what was decided
    assert record(desk)["state"] == "automatic"


@pytest.mark.slow
def test_a_later_forecast_carries_the_edit_until_it_expires_then_it_is_gone(desk: Settings) -> None:
    edit(desk, "at_least", "severe", hours=2)
    found = draft(desk)
    for hours, edited in ((1, True), (2, False)):
        when = ISSUE + np.timedelta64(hours, "h")
        publishing.publish(issuing.issue("simulated", when, desk.folders), desk.folders)
        found = draft(desk)
        assert (found.view.outlooks[0].stage.name == "SEVERE") is edited
        assert record(desk)["state"] == "automatic"  # an approval is of one forecast
    run = manifest.load(desk.folders.shown("simulated"))
    kept = netcdf.read(desk.folders.forecasts("simulated") / run.forecast)
    shown = found.view.forecast.water_level.values
    assert shown.tobytes() == kept.water_level.values.tobytes()


@pytest.mark.slow
def test_a_withdrawn_edit_leaves_the_automatic_forecast(desk: Settings) -> None:
    before = page(desk, "api/gauge/S1.json")
    done = edit(desk)
    assert page(desk, "api/gauge/S1.json") != before
    decide(desk, "withdraw", f"e{done.entry.n}")
    assert page(desk, "api/gauge/S1.json") == before
    with pytest.raises(BadReview, match="no edit 'e1'"):
        decide(desk, "withdraw", "e1")


@pytest.mark.slow
def test_the_second_reviewer_is_told_and_nothing_is_lost(desk: Settings) -> None:
    edit(desk, value=0.5)
    with pytest.raises(Overtaken, match=r"당직 수문관 edited S1 \(offset \+0\.5"):
        edit(desk, value=0.7, saw=0)
    edit(desk, value=0.2, saw=0, station="S2")  # another gauge is no matter
    assert [e["value"] for e in record(desk)["edits"]] == [0.5, 0.2]


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_with_a_log_that_cannot_be_trusted_the_site_goes_on_without_edits(
    desk: Settings, damage: str
) -> None:
    before = json.loads(page(desk, "api/gauge/S1.json"))["peak"]
    edit(desk)
    folder = review.folder(desk.folders, "simulated")
    path = folder / NAME
    if damage == "gone":
        for each in folder.iterdir():
            each.unlink()
    else:
        text = path.read_bytes()
        path.write_bytes(text.replace(b"1.0", b"9.0") if damage == "changed" else b"")
    publishing.republish(desk.folders, settings=desk)
    assert json.loads(page(desk, "api/gauge/S1.json"))["peak"] == before
    assert "검토 기록을 확인할 수 없어" in page(desk, "index.html")
    told = json.loads(page(desk, "run.json"))
    assert any("cannot be verified" in warning for warning in told["warnings"])
    with pytest.raises(BrokenLog):
        draft(desk)


@pytest.mark.slow
def test_a_new_log_after_a_broken_one(desk: Settings) -> None:
    edit(desk)
    (review.folder(desk.folders, "simulated") / NAME).write_bytes(b"nonsense\n")
    said = ["review", "restart", "simulated", "--role", "chief", "--reason", "disk error", "--json"]
    found = CliRunner().invoke(app, said)
    assert found.exit_code == 0
    assert json.loads(found.stdout)["n"] == 1
    assert record(desk)["trouble"] == ""
    assert "확인할 수 없어" not in page(desk, "index.html")


@pytest.mark.slow
def test_what_a_reviewer_writes_is_text_on_every_page(desk: Settings) -> None:
    edit(desk, reason=HOSTILE, role=HOSTILE[:50])
    for path in (desk.folders.site / "current" / "simulated").rglob("*.html"):
        assert "<script>alert" not in path.read_text(encoding="utf-8"), path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(desk, "gauge/S1.html")


@pytest.mark.slow
def test_a_formula_of_a_reviewer_is_text_in_a_table(desk: Settings) -> None:
    edit(desk, role="=HYPERLINK(1)")
    with_label = list(csv.reader(page(desk, "gauge/S1.forecast.csv").splitlines()))[1][0]
    assert not with_label.startswith("=")


@pytest.mark.slow
def test_the_command_goes_the_whole_round(desk: Settings) -> None:
    del desk
    run = CliRunner()
    who = ["--role", "duty", "--reason", "checked by hand", "--json"]
    listed = json.loads(run.invoke(app, ["review", "--json"]).stdout)
    assert [row["state"] for row in listed] == ["automatic"]
    asked = ["review", "edit", "simulated", "--station", "S2", "--stage", "severe", "--hours", "3"]
    done = json.loads(run.invoke(app, asked + who).stdout)
    assert done["after"]["stage"] == "severe"
    shown = json.loads(run.invoke(app, ["review", "show", "simulated", "--json"]).stdout)
    assert shown["gauges"][0]["id"] == "S2"
    assert shown["gauges"][0]["edited"]
    assert "severe" in run.invoke(app, ["review", "simulated"]).output  # a network alone: show
    assert run.invoke(app, ["review", "approve", "simulated", *who]).exit_code == 0
    kept = json.loads(run.invoke(app, ["review", "log", "simulated", "--json"]).stdout)
    assert [entry["kind"] for entry in kept] == ["edit", "approve"]
    again = run.invoke(app, [*asked, "--saw", "0", *who])
    assert isinstance(again.exception, Overtaken)


@pytest.mark.slow
def test_the_command_tells_a_person_what_an_act_did(desk: Settings) -> None:
    def told(*asked: str) -> str:
        who = ("--role", "duty", "--reason", "checked by hand")
        done = CliRunner().invoke(app, ["review", *asked, *who])
        return " ".join(done.output.split())

    asked = ("edit", "simulated", "--station", "S1", "--stage", "severe", "--hours", "3")
    shown = draft(desk).view.outlooks[0]
    peak = f"peak {shown.peak:.2f}"
    before = f"{shown.stage.name.lower()}, {peak}"
    said = told(*asked)
    assert f"Edit e1 of S1: {before} -> severe, {peak} (automatic: {before})." in said
    assert "withdraw simulated --edit e1" in said
    assert "Site " in said
    assert told("approve", "simulated").startswith("Approved by duty: simulated-2020-07-24")
    assert told("hold", "simulated", "--no-publish").endswith("not published with it yet.")
    assert told("withdraw", "simulated", "--edit", "e1").startswith("Edit e1 of S1 is withdrawn.")
    assert told("withdraw", "simulated").startswith("The decision is withdrawn.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "stage", "said"),
    [
        ("nowhere", "severe", "No network 'nowhere'"),
        ("recorded", "severe", "The site shows no forecast of 'recorded' yet"),
        ("simulated", "terrible", "value: 'terrible' is no stage: unknown, normal, attention"),
    ],
)
def test_what_cannot_be_reviewed_is_told_in_plain_words(
    desk: Settings, network: str, stage: str, said: str
) -> None:
    del desk
    asked = ["review", "edit", network, "--station", "S1", "--stage", stage, "--hours", "3"]
    done = CliRunner().invoke(app, [*asked, "--role", "duty", "--reason", "checked"])
    assert said in str(done.exception)


@pytest.mark.slow
def test_an_edit_that_cannot_be_done_says_why(desk: Settings) -> None:
    with pytest.raises(BadReview, match="no gauge 'S9'"):
        edit(desk, station="S9")
    with pytest.raises(BadReview, match=r"more than 20\."):
        edit(desk, value=250.0)
    with pytest.raises(BadReview, match="already"):
        edit(desk, hours=None, until="2020-07-23T00:00")
    with pytest.raises(BadReview, match="longer than 72 h"):
        edit(desk, hours=None, until="2020-07-28T00:00")
    assert draft(desk).version == 0


@pytest.mark.slow
def test_actual_alerts_wait_for_approval_from_end_to_end(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maps.feeds.publisher import Publisher

    monkeypatch.setattr(Publisher, "official", lambda self, _: self.authority)
    office = desk.model_copy(
        update={"authority": "yes", "sender": "flood.example", "alerts": "review"}
    )
    alerts = desk.folders.site / "current" / "simulated" / "alerts"
    folders = desk.folders
    when = ISSUE + np.timedelta64(1, "h")
    edit(desk, "at_least", "severe", publish=False)
    publishing.publish(issuing.issue("simulated", when, folders), folders, settings=office)
    assert not list(alerts.glob("cap/*.S1.*T0100Z.*"))
    assert "검토를 기다립니다" in page(desk, "index.html")
    assert record(desk)["alerts_wait"] is True
    found = review_desk.draft(office, "simulated")
    given = {"what": "approve", "saw": found.version, "role": "chief", "reason": "checked"}
    review_desk.decide(office, found, review_input.decided(given))
    sent = list(alerts.glob("cap/*.S1.*T0100Z.*"))
    assert len(sent) == 1
    text = sent[0].read_text(encoding="utf-8")
    assert "<status>Actual</status>" in text
    assert "approved by chief" in text
    assert "검토를 기다립니다" not in page(desk, "index.html")


class Hook(ThreadingHTTPServer):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.got: list[dict[str, Any]] = []


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_that_alerts_wait_is_posted_once_for_the_same_alerts(
    desk: Settings, monkeypatch: pytest.MonkeyPatch, run_server: Callable[[Hook], Hook]
) -> None:
    from maps.feeds.publisher import Publisher

    monkeypatch.setattr(Publisher, "official", lambda self, _: self.authority)
    hook = run_server(Hook())
    told = {"authority": "yes", "sender": "flood.example", "alerts": "review"}
    office = desk.model_copy(
        update=told | {"webhook": SecretStr(f"http://127.0.0.1:{hook.server_port}/")}
    )

    def cycle(hours: int) -> str:
        when = ISSUE + np.timedelta64(hours, "h")
        run = issuing.issue("simulated", when, desk.folders)
        release = publishing.publish(run, desk.folders, settings=office)
        done = Cycle("simulated", when, "issued", run, release, 1.0, "3 of 3 gauges.")
        assert notify.after(done, office) == []
        return run.stem

    def waiting() -> list[dict[str, Any]]:
        return [each for each in hook.got if each["kind"] == "review"]

    edit(desk, "at_least", "severe", publish=False)
    run = cycle(1)
    (posted,) = waiting()
    assert posted["data"]["run"] == run
    assert posted["data"]["gauges"][0] == {"id": "S1", "stage": "severe"}
    assert "wait" in posted["en"]["title"]
    cycle(2)  # the same alerts wait on
    assert len(waiting()) == 1
    edit(desk, "at_least", "warning", station="S2", publish=False)
    cycle(3)
    assert waiting()[1]["data"]["gauges"] == [{"id": "S2", "stage": "warning"}]
