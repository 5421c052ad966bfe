"""The files of a situation report: page, Markdown and JSON say the same, and nothing else runs."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
import xarray as xr

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.plain import plain_view
from maps.release import fresh
from maps.shared_files import shared
from maps.situation import reports, write
from maps.situation_markdown import markdown
from maps.situation_parts import Cell, Report, Section, Table
from maps.view import View

RIVER = simulated.network(gauges=5)
HOUR = np.timedelta64(1, "h")
HOSTILE = "</h2><img src=x onerror=alert(1)>|[a](javascript:x)\n# *b* `c` \u202e"
Maker = Callable[[Network], View]


def written(view: View, root: Path, before: Path | None = None) -> Path:
    """Write the report of a view into a site and return its folder there."""
    view = plain_view(view)
    write(view, fresh(root) / view.network.name, shared(root, []), before)
    return root / view.network.name


def text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_the_page_the_markdown_and_the_json_say_the_same(tmp_path: Path, make_view: Maker) -> None:
    folder = written(make_view(RIVER), tmp_path)
    told = orjson.loads((folder / "report.json").read_bytes())
    assert (told["label"], told["run_id"]) == ("SIMULATED FORECAST", "run-1")
    for language, end in (("ko", ""), ("en", ".en")):
        page, note = text(folder, f"report{end}.html"), text(folder, f"report{end}.md")
        sentences = [
            told[language]["headline"],
            told[language]["standing"],
            *(each for part in told[language]["sections"] for each in part["said"]),
        ]
        assert len(sentences) > 10
        for sentence in sentences:
            assert sentence in page
            assert sentence in note


def test_a_report_says_first_that_it_is_simulated_and_not_official(
    tmp_path: Path, make_view: Maker
) -> None:
    folder = written(replace(make_view(RIVER), replay=True), tmp_path)
    top = text(folder, "report.en.md").split("## ")[0]
    for mark in ("SIMULATED", "REPLAY", "Not an official flood warning"):
        assert mark in top
        assert mark in text(folder, "report.en.html").split("<section")[0]


def test_every_stage_stands_by_name_and_by_shape(tmp_path: Path, make_view: Maker) -> None:
    page = text(written(make_view(RIVER), tmp_path), "report.html")
    for stage in Stage:
        assert f'class="badge s{int(stage)}"' in page
        assert f'class="symbol m{int(stage)}"' in page


def test_the_next_report_knows_what_has_changed(tmp_path: Path, make_view: Maker) -> None:
    first = make_view(RIVER)
    written(first, tmp_path / "one")
    times = {"issue_time": first.forecast.issue_time.values + HOUR}
    calm = replace(first.outlooks[1], stage=Stage.NORMAL, stage_now=Stage.NORMAL)
    second = replace(
        first,
        forecast=first.forecast.assign_coords(times),
        outlooks=(first.outlooks[0], calm, *first.outlooks[2:]),
    )
    folder = written(second, tmp_path / "two", before=tmp_path / "one")
    assert "이후 1시간 동안 내린 곳 1곳입니다." in text(folder, "report.md")
    again = written(second, tmp_path / "three", before=tmp_path / "two")
    assert text(again, "report.md") == text(folder, "report.md")


def test_the_same_view_gives_the_same_bytes(tmp_path: Path, make_view: Maker) -> None:
    folders = [written(make_view(RIVER), tmp_path / name) for name in ("one", "two")]
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == [
        "report.en.html",
        "report.en.md",
        "report.html",
        "report.json",
        "report.md",
        "report.state.json",
    ]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def hostile(view: View) -> View:
    """Return a view in which everything that others write is hostile."""
    stations = tuple(
        replace(s, name_ko=HOSTILE, name_en=HOSTILE, river_ko=HOSTILE, river_en=HOSTILE)
        for s in RIVER.stations
    )
    river = replace(RIVER, stations=stations, title_ko=HOSTILE, title_en=HOSTILE)
    edit = {"id": "e", "station": "S1", "role": HOSTILE, "reason": HOSTILE, "expires": HOSTILE}
    manifest = {
        "run_id": HOSTILE,
        "model": HOSTILE,
        "warnings": [HOSTILE],
        "providers": {HOSTILE: HOSTILE},
        "review": {"state": "approved", "role": HOSTILE, "at": HOSTILE, "edits": [edit]},
        "inputs": {"futures": {"rainfall": HOSTILE, "plan": {"who": HOSTILE, "reason": HOSTILE}}},
    }
    outlooks = tuple(replace(outlook, reason=HOSTILE) for outlook in view.outlooks)
    return replace(view, network=river, outlooks=outlooks, manifest=manifest)


def test_what_others_wrote_is_text_and_nothing_else(tmp_path: Path, make_view: Maker) -> None:
    folder = written(hostile(make_view(RIVER)), tmp_path)
    for name in ("report.html", "report.en.html"):
        page = text(folder, name)
        assert "<img" not in page
        assert "\u202e" not in page
        assert "style=" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
    for name in ("report.md", "report.en.md"):
        note = text(folder, name)
        assert not re.search(r"(?<!\\)[<>`]", note.replace("> **", "").replace("\n>", "\n"))
        assert "[a](" not in note
        rows = [line for line in note.splitlines() if line.startswith("| ") and "onerror" in line]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows[:3]}) == 1
        assert not [line for line in note.splitlines() if line.startswith("# *")]


def test_a_report_is_written_whatever_is_missing(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    nothing = [
        replace(
            o,
            stage=Stage.UNKNOWN,
            stage_now=Stage.UNKNOWN,
            stage_time=np.datetime64("NaT", "ns"),
            peak=np.nan,
            peak_time=np.datetime64("NaT", "ns"),
            probability=np.empty((0, 24)),
            last_observed=np.nan,
            last_observed_time=np.datetime64("NaT", "ns"),
            reason="",
        )
        for o in view.outlooks
    ]
    river = replace(RIVER, stations=tuple(replace(s, thresholds=None) for s in RIVER.stations))
    empty = xr.Dataset(coords={"station": RIVER.ids, "time": np.array([], "datetime64[ns]")})
    bare = replace(
        view, network=river, observations=empty, outlooks=tuple(nothing), manifest={"review": 3}
    )
    note = text(written(bare, tmp_path), "report.en.md")
    assert "**All 5 gauges cannot be judged. That does not mean that it is safe.**" in note
    assert "| unknown | 5 | 5 |" in note
    assert "| normal | 0 | 0 |" in note
    assert "none at 5 gauges" in note
    assert "nan" not in note.lower().replace("unknown", "")


def test_a_network_without_gauges_has_a_report(make_view: Maker) -> None:
    bare = replace(RIVER, stations=())
    view = make_view(RIVER)
    read = view.observations.isel(station=slice(0, 0))
    _, made = reports(replace(view, network=bare, outlooks=(), observations=read), None)
    assert made["en"].headline == "This network has no gauges."


def test_only_the_worst_of_many_are_listed_and_the_others_counted(make_view: Maker) -> None:
    river = simulated.network(gauges=5)
    stations = tuple(
        replace(river.stations[0], id=f"G{n}", name_ko=f"지점 {n}", name_en=f"Gauge {n}")
        for n in range(70)
    )
    view = make_view(river)
    outlooks = tuple(replace(view.outlooks[0], station=s.id) for s in stations)
    many = replace(view, network=replace(river, stations=stations), outlooks=outlooks)
    told, made = reports(many, None)
    table = next(part for part in made["en"].sections if part.key == "worst").table
    assert table is not None
    assert len(table.rows) == 20
    assert table.rest == "The worst 20; the other 50 stand in the list of gauges."
    assert sum(told.counts.values()) == 70


@pytest.mark.parametrize("sign", ["|", "*", "_", "`", "[", "]", "<", ">", "#", "~", "&", "!", "\\"])
def test_no_sign_of_markdown_is_left_to_work(sign: str) -> None:
    table = Table("t", ("h",), ((Cell(f"a{sign}b", under=f"c{sign}\nd"),),))
    part = Section("k", sign, (f"x{sign}",), table, (sign,))
    note = markdown(Report("en", sign, sign, (sign,), sign, sign, (part,)))
    assert f"| a\\{sign}b (c\\{sign} d) |" in note
    assert f"x\\{sign}" in note
    assert f"- \\{sign}" in note
