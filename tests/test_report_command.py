"""`mulgil report`: the published file where it is of the newest run, and printing by a browser."""

import stat
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from data.errors import InvalidData, NothingThere
from flows import report_pdf, reporting
from flows.cli import app
from flows.folders import Folders
from flows.manifest import Manifest

RUN = CliRunner()


def issued(folders: Folders, network: str, issue: str, forecast: str = "f.nc") -> Manifest:
    run = Manifest(network, f"{issue}Z", "test", f"{network}-{issue.replace(':', '')}Z-1", False)
    run.forecast = forecast
    run.save(folders.run(run.run_id))
    return run


def published(folders: Folders, network: str, run_id: str) -> Path:
    release = folders.site / "releases" / run_id / network
    release.mkdir(parents=True)
    (release / "report.json").write_bytes(orjson.dumps({"run_id": run_id, "ko": {}}))
    (release / "report.md").write_text("# 상황보고\n", encoding="utf-8")
    (release / "report.en.md").write_text("# Report\n", encoding="utf-8")
    (folders.site / "current").symlink_to(release.parent)
    return release


def test_the_published_report_of_the_newest_run_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    folders = Folders(tmp_path)
    issued(folders, "simulated", "2020-07-01T00:00")
    run = issued(folders, "simulated", "2020-07-01T01:00")
    published(folders, "simulated", run.run_id)
    assert RUN.invoke(app, ["report", "simulated"]).output == "# 상황보고\n"
    assert RUN.invoke(app, ["report", "simulated", "--lang", "en"]).output == "# Report\n"
    told = RUN.invoke(app, ["report", "-n", "simulated", "--format", "json"]).output
    assert orjson.loads(told)["run_id"] == run.run_id


def test_the_newest_run_is_the_one_issued_for_the_latest_time_that_has_a_forecast(
    tmp_path: Path,
) -> None:
    folders = Folders(tmp_path)
    issued(folders, "simulated", "2020-07-01T01:00")
    issued(folders, "simulated", "2020-07-01T02:00", forecast="")  # it failed
    issued(folders, "simulated-korea-20", "2020-07-01T03:00")  # another network's
    folders.run("simulated-2020-07-01T0500Z-1").write_text("{", encoding="utf-8")  # cut off
    assert reporting.newest("simulated", folders).issue_time == "2020-07-01T01:00Z"


def test_where_nothing_was_issued_the_way_to_issue_is_told(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="mulgil forecast simulated"):
        reporting.newest("simulated", Folders(tmp_path))


def test_a_site_without_a_report_has_none(tmp_path: Path) -> None:
    assert reporting.told_of(tmp_path) == ""
    (tmp_path / "report.json").write_text("[]", encoding="utf-8")
    assert reporting.told_of(tmp_path) == ""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "net").mkdir()
    page = tmp_path / "net" / "report.html"
    page.write_text("<meta content=\"style-src 'self'; base-uri 'none'\">", encoding="utf-8")
    return page


def program(folder: Path, text: str) -> str:
    """Return the path of a program that stands in for a browser."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_page_is_printed_with_its_style_allowed_from_files(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = r"""
for each in "$@"; do
  case "$each" in
    --print-to-pdf=*) to="${each#--print-to-pdf=}" ;;
    file://*) from="${each#file://}" ;;
  esac
done
{ echo "%PDF-1.4"; cat "$from"; } > "$to"
"""
    monkeypatch.setattr(report_pdf, "browser", lambda: program(tmp_path, stand_in))
    to = tmp_path / "new folder" / "a report.pdf"
    report_pdf.print_page(page, to)
    assert to.read_text() == "%PDF-1.4\n" + page.read_text().replace("'self'", "'self' file:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo first >&2; echo no display >&2; exit 3", r"failed \(3\): no display"),
        ("exit 0", "no PDF"),
    ],
)
def test_a_browser_that_fails_is_told_in_its_own_words(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr(report_pdf, "browser", lambda: program(tmp_path, text))
    with pytest.raises(InvalidData, match=said):
        report_pdf.print_page(page, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_a_browser_that_hangs_is_left(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_pdf, "browser", lambda: program(tmp_path, "exec sleep 30"))
    monkeypatch.setattr(report_pdf, "SECONDS", 0.2)
    with pytest.raises(InvalidData, match="did not print within"):
        report_pdf.print_page(page, tmp_path / "x.pdf")


def test_without_a_browser_the_way_to_print_is_told(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NothingThere, match=r"open report\.html in a browser"):
        report_pdf.print_page(page, page.with_suffix(".pdf"))
