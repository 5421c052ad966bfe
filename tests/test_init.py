"""`mulgil init`, as a stranger types it: from two CSV files to a network that opens."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer import Typer
from typer.testing import CliRunner

from data import archive, network_file, store
from data.errors import SourceError
from data.judging import limits_of
from data.schema import Flag
from flows import init_command

STATIONS = """id,name,river,latitude,longitude,quantity,upstream
A,Upper Bridge,Test River,37.5,127.0,water_level,
B,Lower Bridge,Test River,37.4,126.9,water_level,A
"""
DAYS = 20  # of each year
YEARS = (2018, 2019, 2020)


def rows(year: int) -> list[tuple[str, float]]:
    """Return hourly times and levels: a wave of 1 m that comes every two days."""
    time = np.datetime64(f"{year}-06-01T00:00") + np.arange(24 * DAYS) * np.timedelta64(1, "h")
    wave = np.round(2 + np.sin(np.arange(time.size) * 2 * np.pi / 48), 2)
    return list(zip(map(str, time), wave.tolist(), strict=True))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with a station table and readings of three years, one file each."""
    (tmp_path / "stations.csv").write_text(STATIONS, encoding="utf-8")
    (tmp_path / "readings").mkdir()
    for year in YEARS:
        lines = [f"{time},{level},{level + 1:.2f},0.5" for time, level in rows(year)]
        text = "\n".join(["time,A,B,rainfall", *lines])
        (tmp_path / "readings" / f"{year}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def init(files: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs `mulgil init river ARGUMENTS --json` and returns its answer."""
    monkeypatch.setenv("MULGIL_HOME", str(files / "home"))
    app = Typer()
    app.command(help=init_command.HELP)(init_command.init)

    def run(*more: str, name: str = "river", readings: str = "readings") -> Any:
        table = [] if "--no-table" in more else ["--stations", str(files / "stations.csv")]
        more = tuple(each for each in more if each != "--no-table")
        place = ["--readings", str(files / readings)]
        result = CliRunner().invoke(app, [name, *table, *place, *more])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout) if "--json" in more else result.output

    return run


def test_two_files_make_a_network_that_opens(init: Any, files: Path) -> None:
    told = init("--json", "--provenance", "Ours.", "--title-ko", "시험강")
    home = files / "home" / "river"
    network = network_file.read(home)
    assert (network.title_ko, network.title_en) == ("시험강", "시험강")
    assert network.provenance == "Ours."
    assert network.split.train == (2018, 2018)
    assert (network.step, network.horizon) == (np.timedelta64(60, "m"), 24)
    assert network.stations[1].name_ko == "Lower Bridge"
    observations = archive.load(home / "observations.sqlite", network)
    level = observations["water_level"].sel(station="B", time="2019-06-01T12:00")
    assert float(level) == pytest.approx(4.0)  # the top of the wave, 1 m above A's
    assert observations.attrs["received_time_assumption"].startswith("no arrival times")
    assert told["made"]
    assert not told["dry_run"]
    assert told["new"] == 3 * 24 * DAYS * 4  # two levels, and rain that both share
    assert [path.name for path in home.parent.iterdir()] == ["river"]  # no scratch is left


def test_the_report_counts_what_is_missing_doubted_and_refused(init: Any, files: Path) -> None:
    path = files / "readings" / "2019.csv"
    lines = path.read_text().split("\n")
    time = [line.split(",")[0] for line in lines]
    lines[5] = f"{time[5]},-999,3.5,"  # a sentinel, a blank
    lines[10] = f"{time[10]},39,3.5,0.5"  # a spike of 37 m
    lines[20] = f"{time[20]},wet,3.5,0.5"
    path.write_text("\n".join([*lines, lines[30]]))  # the same row once more
    told = init("--json")
    level = next(e for e in told["series"] if (e["station"], e["variable"]) == ("A", "water_level"))
    assert level["read"] == 3 * 24 * DAYS + 1 - 1
    assert (level["missing"], level["repeated"], level["refused"]) == (1, 1, 1)
    assert level["flagged"] == {"spike": 1}
    assert (level["first"], level["last"]) == ("2018-06-01T00:00Z", "2020-06-20T23:00Z")
    assert (level["gaps"], level["longest_gap_days"]) == (2, 346.0)  # the two winters
    (refused,) = told["files"][1]["refused"]
    assert refused["examples"] == [[21, "wet"]]
    found = store.read(
        files / "home/river/observations.sqlite", store.Wanted("own", "water_level", ["A"])
    )
    spike = found.sel(time=time[10])
    assert float(spike["value"][0]) == 39  # the raw value stays
    assert int(spike["flag"][0]) == Flag.SPIKE
    assert int(found.sel(time=time[5])["flag"][0]) == Flag.SENTINEL


def test_a_dry_run_tells_the_same_and_keeps_nothing(init: Any, files: Path) -> None:
    dry = init("--json", "--dry-run")
    assert list((files / "home").iterdir()) == []
    wet = init("--json")
    assert dry | {"dry_run": False} == wet


def test_a_dry_run_of_more_files_leaves_the_network_as_it_was(init: Any, files: Path) -> None:
    init()
    before = store.snapshot(files / "home/river/observations.sqlite")
    (files / "readings" / "2021.csv").write_text("time,A\n2021-06-01T00:00,2\n")
    told = init("--json", "--dry-run")
    assert (told["new"], told["made"], told["dry_run"]) == (1, False, True)
    assert store.snapshot(files / "home/river/observations.sqlite") == before


def test_the_same_files_again_add_nothing(init: Any) -> None:
    first = init("--json")
    again = init("--json", "--no-table")
    assert (again["new"], again["revised"]) == (0, 0)
    assert not again["made"]
    assert [e["flagged"] for e in again["series"]] == [e["flagged"] for e in first["series"]]


def test_a_correction_is_a_revision_and_the_older_value_is_kept(init: Any, files: Path) -> None:
    init()
    (files / "more").mkdir()
    (files / "more" / "a.csv").write_text("time,A\n2019-06-02T00:00,2.5\n2020-06-21T00:00,2\n")
    told = init("--json", readings="more")
    assert (told["new"], told["revised"]) == (1, 1)
    path = files / "home/river/observations.sqlite"
    said = store.revisions(path, "own", "A", "water_level", np.datetime64("2019-06-02T00:00"))
    assert [round(each.value, 2) for each in said] == [2.0, 2.5]
    newest = store.read(path, store.Wanted("own", "water_level", ["A"]))
    assert float(newest["value"].sel(time="2019-06-02T00:00")[0]) == 2.5


def test_times_of_receipt_are_kept_and_nothing_is_known_before(init: Any, files: Path) -> None:
    lines = ["time,station,variable,value,received"]
    lines += [
        f"{time}Z,{s},water_level,{v},{time[:-5]}23:59Z" for time, v in rows(2018) for s in "AB"
    ]
    (files / "readings" / "2018.csv").write_text("\n".join(lines))
    init()
    path = files / "home/river/observations.sqlite"
    noon = np.datetime64("2018-06-01T12:00")
    known = store.Wanted("own", "water_level", ["A"], until=noon, known_at=noon)
    assert not np.isfinite(store.read(path, known)["value"].values).any()
    later = np.datetime64("2018-06-02T00:00")
    known = store.Wanted("own", "water_level", ["A"], until=noon, known_at=later)
    assert np.isfinite(store.read(path, known)["value"].values).sum() == 13


def test_limits_are_remembered_for_readings_to_come(init: Any, files: Path) -> None:
    init()
    path = files / "home/river/observations.sqlite"
    assert store.recall(path, "limits own water_level") is not None
    assert limits_of(path, "own", "rainfall", ["A"])[0].highest == pytest.approx(234, abs=1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--step", "30"], "is there already, and --step would not change it"),
        (["--provenance", "x"], "is there already, and --provenance would not change it"),
    ],
)
def test_what_is_decided_is_changed_by_hand(init: Any, arguments: list[str], why: str) -> None:
    init()
    with pytest.raises(SourceError, match=why):
        init(*arguments)


def test_another_station_table_takes_the_place_of_the_first_only_when_asked(
    init: Any, files: Path
) -> None:
    init()
    (files / "stations.csv").write_text(STATIONS.replace("Upper", "Old"))
    with pytest.raises(SourceError, match=r"has another station table.*--replace-stations"):
        init()
    init("--replace-stations")
    assert network_file.read(files / "home/river").stations[0].name_en == "Old Bridge"


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("id,name,river,latitude,longitude\nA,B,R,1,2\n", "column 'quantity' is missing"),
        (
            STATIONS.replace("A,Upper Bridge,Test River,37.5", "A,Upper Bridge,Test River,97"),
            "stations.csv, line 2, column 'latitude': found '97'",
        ),
        (STATIONS.replace("126.9,water_level", "126.9,discharge"), "'A' measures water_level, but"),
        (STATIONS.replace("A,Upper", "tide,Upper").replace(",A", ",tide"), "id 'tide' means somet"),
    ],
)
def test_a_station_table_that_cannot_be_right_is_told_where(
    init: Any, files: Path, table: str, why: str
) -> None:
    (files / "stations.csv").write_text(table)
    with pytest.raises(SourceError, match=why):
        init()


def test_nothing_is_left_of_a_network_that_could_not_be_made(init: Any, files: Path) -> None:
    (files / "readings" / "2020.csv").unlink()
    with pytest.raises(SourceError, match=r"Only 2 calendar year\(s\)"):
        init()
    assert list((files / "home").iterdir()) == []


def test_without_a_station_table_the_columns_of_one_are_told(init: Any) -> None:
    with pytest.raises(SourceError, match=r"has no station table yet.*id,name,river,latitude"):
        init("--no-table")


def test_a_missing_table_and_a_missing_folder_are_named(init: Any, files: Path) -> None:
    with pytest.raises(SourceError, match="no readings file"):
        init(readings="nowhere")
    (files / "stations.csv").unlink()
    with pytest.raises(SourceError, match=r"station table .* is missing"):
        init()


def test_a_person_is_told_what_comes_next(init: Any) -> None:
    said = " ".join(init().split())
    assert "Next: mulgil train river && mulgil verify river && mulgil forecast river" in said
    assert "learns from 2018, is chosen on 2019, judged by 2020" in said
    assert "Times without an offset were read as UTC." in said
    assert "'A' gets no thresholds, so its stage stays UNKNOWN" in said
    assert "Nobody said who measured this" in said


def test_the_help_teaches_by_an_example(init: Any) -> None:
    app = Typer(rich_markup_mode="markdown")
    app.command(help=init_command.HELP)(init_command.init)
    shown = CliRunner().invoke(app, ["--help"]).output
    assert "mulgil init black-river --stations stations.csv" in shown
    assert "time,station,variable,value" in shown


DOCUMENT = Path(__file__).parents[1] / "docs" / "bring-your-own-river.md"


def test_the_example_of_the_document_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = DOCUMENT.read_text(encoding="utf-8").split("```csv\n")[1:]
    tables = [block.split("```")[0] for block in blocks]
    from data.own import readings as own_readings
    from data.own import sheet as own_sheet
    from data.own import stations as own_stations
    from data.own.clock import Clock
    from data.own.rows import Form, Known

    stations = own_stations.parse(own_stations.completed(tables[0]), "stations.csv")
    known = Known(tuple(s.id for s in stations), stations[0].quantity)
    form = Form(Clock(np.datetime64("2026-01-01", "ns")))
    for table in tables[1:]:
        path = tmp_path / "r.csv"
        path.write_text(table, encoding="utf-8")
        part = own_readings.read_one(own_sheet.fetch(path), known, form)
        assert len(part.rows) > 0
        assert (part.lost, part.ignored) == (0, ())
