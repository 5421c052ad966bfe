"""`mulgil audit`: what nobody judged is never called safe; licences are read, not guessed."""

import json

import pytest
import typer
from typer.testing import CliRunner

from flows import audit, audit_command, audit_licences
from flows.audit import Audited, Weakness, parse
from flows.audit_licences import Licensed, kind_of, needed

app = typer.Typer(pretty_exceptions_enable=False)
app.command("audit", help=audit_command.HELP)(audit_command.audit)
FREE = Licensed("numpy", "2.1", "BSD-3-Clause", "free")
STRONG = Licensed("ghost", "1.0", "GPL-3.0-only", "strong")
WEAK = Weakness("jinja2", "3.0", "PYSEC-2026-1", "3.1.9")
TOLD = {
    "dependencies": [
        {"name": "numpy", "version": "2.1", "vulns": []},
        {
            "name": "jinja2",
            "version": "3.0",
            "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1.9"], "aliases": []}],
        },
        {"name": "torch", "skip_reason": "Dependency not found on PyPI"},
    ]
}


def test_what_was_skipped_is_not_judged() -> None:
    found = parse(TOLD, "pypi")
    assert found == Audited((WEAK,), ("torch",), "pypi")
    assert not found.whole
    assert parse({"dependencies": TOLD["dependencies"][:1]}, "osv").whole


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("Apache-2.0", "free"),
        ("BSD License", "free"),
        ("GPL-3.0-only", "strong"),
        ("GNU General Public License v3 (GPLv3)", "strong"),
        ("AGPL-3.0", "strong"),
        ("LGPL-3.0", "weak"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "weak"),
        ("MIT OR GPL-2.0", "free"),
        ("", "unknown"),
        ("UNKNOWN", "unknown"),
    ],
)
def test_the_mildest_of_several_licences_counts(licence: str, kind: str) -> None:
    assert kind_of(licence) == kind


def test_nothing_that_we_need_is_under_the_gpl() -> None:
    found = needed()
    assert {"numpy", "torch", "prefect"} <= {each.name for each in found}
    assert [each for each in found if each.kind in ("strong", "unknown")] == []
    assert "pytest" not in {each.name for each in found}


@pytest.mark.parametrize(
    ("packages", "found", "status", "told"),
    [
        ([FREE], Audited((), (), "pypi"), 0, "1 of 1 packages judged by pypi"),
        ([FREE], Audited((WEAK,), (), "pypi"), 1, "WEAK jinja2 3.0: PYSEC-2026-1, fixed in 3.1.9"),
        ([FREE], Audited((), ("numpy",), "pypi"), 75, "0 of 1 packages judged"),
        ([FREE], Audited((), ("numpy",), "", "osv did not answer"), 75, "NOT JUDGED: osv did not"),
        (
            [FREE, STRONG],
            Audited((), (), "pypi"),
            1,
            "strong copyleft, which we do not want: ghost",
        ),
    ],
)
def test_the_exit_status_tells_good_from_bad_from_not_known(
    monkeypatch: pytest.MonkeyPatch,
    packages: list[Licensed],
    found: Audited,
    status: int,
    told: str,
) -> None:
    monkeypatch.setattr(audit_licences, "needed", lambda: packages)
    monkeypatch.setattr(audit, "audit", lambda _: found)
    done = CliRunner().invoke(app, [])
    assert done.exit_code == status
    assert told in " ".join(done.stderr.split())
    as_json = CliRunner().invoke(app, ["--json"])
    assert json.loads(as_json.stdout)["weaknesses"]["whole"] is found.whole


def test_a_service_that_does_not_answer_leaves_everything_unjudged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "_install", lambda folder: folder / "python")
    monkeypatch.setattr(
        audit, "_ask", lambda *_: Audited((), (), "", "osv did not answer: no name")
    )
    found = audit.audit([FREE])
    assert found == Audited((), ("numpy",), "", "osv did not answer: no name")


def test_the_service_that_knows_most_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"pypi": Audited((), ("numpy",), "pypi"), "osv": Audited((), (), "osv")}
    monkeypatch.setattr(audit, "_install", lambda folder: folder / "python")
    monkeypatch.setattr(audit, "_ask", lambda _python, _listed, service: answers[service])
    assert audit.audit([FREE]).service == "osv"
