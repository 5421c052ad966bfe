"""The command, as a person types it: what it prints, and the status it leaves."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from data.errors import SourceUnavailable
from flows import cli
from flows.cli_hints import MEANT


@pytest.fixture
def mulgil(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Return a function that runs `mulgil ARGUMENTS` and returns (status, stdout, stderr)."""
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mulgil", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, " ".join(err.split())

    return run


def test_an_unknown_network_is_named_beside_the_known_ones(mulgil: Any) -> None:
    status, _, err = mulgil("pull", "--network", "amazon")
    assert status == 1
    assert "'amazon'" in err
    assert "recorded, han-river" in err


def test_forecasting_before_pulling_says_to_pull(mulgil: Any) -> None:
    status, _, err = mulgil("forecast", "--network", "simulated")
    assert status == 1
    assert "mulgil pull --network simulated" in err


def test_training_before_pulling_says_to_pull(mulgil: Any) -> None:
    status, _, err = mulgil("train", "--network", "simulated")
    assert status == 1
    assert "mulgil pull --network simulated" in err


def test_a_folder_that_does_not_exist_is_named(mulgil: Any) -> None:
    status, _, err = mulgil("pull", "--network", "han-river", "--folder", "no/such/folder")
    assert status == 1
    assert "no/such/folder" in err


def test_a_network_of_csv_files_asks_for_its_folder(mulgil: Any) -> None:
    status, _, err = mulgil("pull", "--network", "han-river")
    assert status == 1
    assert "--folder" in err


def test_an_issue_time_that_is_no_time_is_refused_with_an_example(mulgil: Any) -> None:
    status, _, err = mulgil("forecast", "--issue-time", "yesterday")
    assert status == 1
    assert "2019-01-30T00:00" in err


def test_a_misspelt_setting_is_refused(mulgil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULGIL_HOEM", "x")
    status, _, err = mulgil("pull", "--network", "simulated")
    assert status == 1
    assert "MULGIL_HOEM" in err


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("show", "Did you mean 'mulgil runs show RUN', 'mulgil review show NETWORK'?"),
        ("prune", "Did you mean 'mulgil runs prune --keep-days DAYS'?"),
    ],
)
def test_a_word_that_is_no_command_leads_to_the_one_that_is_meant(
    mulgil: Any, word: str, meant: str
) -> None:
    status, _, said = mulgil(word)
    assert status == 2
    assert meant in said.replace("│ ", "").replace(" │", "")


def test_every_command_that_a_hint_names_is_there(mulgil: Any) -> None:
    for words in MEANT.values():
        for each in words.split(","):
            command = [word for word in each.split() if word.islower() and word[0] != "-"]
            assert mulgil(*command, "--help")[0] == 0


def test_no_command_waits_for_what_only_another_one_needs() -> None:
    heavy = "{'torch', 'lightgbm', 'sklearn', 'prefect', 'matplotlib', 'folium'}"
    asked = f"import sys, flows.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603
        (sys.executable, "-c", asked), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_pull_prints_json_for_machines(mulgil: Any, tmp_path: Path) -> None:
    status, out, _ = mulgil("pull", "--network", "simulated", "--json")
    assert status == 0
    answer = json.loads(out)
    assert answer["stations"] == ["S1", "S2", "S3"]
    assert Path(answer["archive"]).is_relative_to(tmp_path)


def test_a_provider_that_does_not_answer_asks_to_try_again(
    mulgil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise SourceUnavailable("HRFCO did not answer.", "Try again in a minute.")

    monkeypatch.setattr("flows.pulling.pull", down)
    status, _, err = mulgil("pull", "--network", "simulated")
    assert status == cli.TRY_AGAIN
    assert "Try again in a minute." in err


@pytest.mark.parametrize("command", ["demo", "pull", "train", "forecast", "verify", "serve"])
def test_each_command_explains_itself(mulgil: Any, command: str) -> None:
    status, out, _ = mulgil(command, "--help")
    assert status == 0
    assert "Usage: mulgil" in out
    assert len(out.splitlines()) > 5
