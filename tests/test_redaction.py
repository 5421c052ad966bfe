"""No secret that is known comes through a log record or a traceback, however it is written."""

import importlib
import io
import json
import logging
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import numpy as np
import pytest
from prefect.tasks import Task

from data.errors import MulgilError
from flows import manifest, options, progress, redaction

SECRET = 'p+ss/word==<&"7A1D44C2'  # noqa: S105  # made up


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    factory, hooks = logging.getLogRecordFactory(), (sys.excepthook, threading.excepthook)
    known = list(redaction._FORMS)
    redaction.know([SECRET])
    yield
    redaction._FORMS[:] = known
    logging.setLogRecordFactory(factory)
    sys.excepthook, threading.excepthook = hooks


def logged(say: str, *args: object, **more: object) -> str:
    """Return what a handler writes of one record."""
    out = io.StringIO()
    log, handler = logging.getLogger("mulgil.of_a_test"), logging.StreamHandler(out)
    log.addHandler(handler)
    log.error(say, *args, **more)  # type: ignore[arg-type]
    log.removeHandler(handler)
    return out.getvalue()


def fail(why: str) -> NoReturn:
    raise ValueError(why)


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        "p%2bss%2fword%3d%3d%3c%26%227A1D44C2",
        json.dumps(SECRET)[1:-1],
        "p+ss/word==&lt;&amp;&quot;7A1D44C2",
    ],
)
def test_a_secret_is_hidden_in_every_way_of_writing(form: str) -> None:
    assert logged("GET /%s/list.json", form) == "GET /…/list.json\n"


@pytest.mark.parametrize("before", ["", "u:", "us:", "user:"])
@pytest.mark.parametrize("after", ["", "!", "!!"])
def test_a_secret_in_base64_is_hidden_whatever_stands_around_it(before: str, after: str) -> None:
    header = b64encode(f"{before}{SECRET}{after}".encode()).decode()
    said = redaction.redact(f"Basic {header}")
    assert "…" in said
    left = said.removeprefix("Basic ").split("…")
    assert len(left[0]) <= 8
    assert len(left[1]) <= 8


def test_a_traceback_in_a_log_is_hidden_and_the_rest_of_it_told() -> None:
    try:
        fail(f"no answer from https://a.example/{SECRET}")
    except ValueError:
        said = logged("It failed", exc_info=True)
    assert SECRET not in said
    assert "ValueError: no answer from https://a.example/…" in said


def test_what_has_no_secret_in_it_is_told_as_it_was() -> None:
    assert logged("%d of %s", 3, "7") == "3 of 7\n"
    unfit = logging.makeLogRecord({"msg": "too few: %s %s", "args": ("one",)})
    assert redaction._clean(unfit).args == ("one",)  # logging itself tells of it


def test_a_program_that_dies_tells_its_traceback_without_the_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sys.excepthook(ValueError, ValueError(f"with {SECRET}"), None)
    args = threading.ExceptHookArgs((OSError, OSError(quote(SECRET)), None, None))
    threading.excepthook(args)
    assert capsys.readouterr().err == "ValueError: with …\nOSError: …\n"


def test_what_is_printed_for_a_person_or_a_machine_shows_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress.console.print(f"mulgil: it answered {SECRET} [b]", markup=False)
    options.write({"why": f"https://a.example/{quote(SECRET)}"})
    shown = capsys.readouterr()
    assert shown.err == "mulgil: it answered … [b]\n"
    assert json.loads(shown.out) == {"why": "https://a.example/…"}


def test_an_error_that_holds_a_secret_is_told_as_one_of_ours() -> None:
    @redaction.shielded
    def ask(key: str) -> str:
        fail(f"no answer from https://a.example/{key}")

    with pytest.raises(
        MulgilError, match=r"^ValueError: no answer from https://a\.example/…$"
    ) as e:
        ask(SECRET)
    assert e.value.__context__ is None
    with pytest.raises(ValueError, match=r"no answer from https://a\.example/other"):
        ask("other")


@pytest.mark.parametrize("module", ["flows.deployments", "flows.climate_flow"])
def test_every_task_of_prefect_is_shielded(module: str) -> None:
    found = vars(importlib.import_module(module))
    steps = vars(found["TASKS"]).values() if "TASKS" in found else ()
    tasks = [each for each in (*found.values(), *steps) if isinstance(each, Task)]
    assert len(tasks) >= 4
    own = "shielded.<locals>.safe"
    assert [task.name for task in tasks if task.fn.__code__.co_qualname != own] == []


def test_a_short_text_is_no_secret() -> None:
    redaction.know(["key"])
    assert redaction.redact("the key") == "the key"


def test_a_manifest_keeps_no_secret(tmp_path: Path) -> None:
    run = manifest.begin("simulated", np.datetime64("2026-07-20T04:00", "ns"), "operator")
    run.providers = {"hrfco": f"failed: https://a.example/{quote(SECRET, safe='')} is gone"}
    path = run.save(tmp_path / "run.json")
    assert manifest.load(path).providers == {"hrfco": "failed: https://a.example/… is gone"}
