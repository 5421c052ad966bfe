"""The file of secrets: who may read it, what may stand in it, and what a refusal tells."""

import os
from pathlib import Path

import pytest

from flows import secret_file
from flows.secret_file import BadSecrets
from flows.settings import BadSettings, read

KEY = "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"


def kept(tmp_path: Path, text: str, mode: int = 0o600) -> Path:
    path = tmp_path / "secrets"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "text",
    [
        f'hrfco_key = "{KEY}"\n',
        f"MULGIL_HRFCO_KEY={KEY}\n",
        f"# 한강홍수통제소\n\nexport MULGIL_HRFCO_KEY='{KEY}'\n",
        f'HRFCO_KEY="{KEY}"',
    ],
)
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_secrets_are_read_from_toml_and_from_lines(tmp_path: Path, text: str, mode: int) -> None:
    found = read({"MULGIL_SECRETS_FILE": str(kept(tmp_path, text, mode))})
    assert found.hrfco_key.get_secret_value() == KEY
    assert found.accesses["hrfco"].key == KEY


def test_a_variable_of_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = kept(tmp_path, f"hrfco_key={KEY}")
    found = read({"MULGIL_SECRETS_FILE": str(path), "MULGIL_HRFCO_KEY": "of the environment"})
    assert found.hrfco_key.get_secret_value() == "of the environment"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700, 0o620])
def test_a_file_that_others_could_read_is_refused_and_told_how_to_mend(
    tmp_path: Path, mode: int
) -> None:
    path = kept(tmp_path, f"hrfco_key={KEY}", mode)
    with pytest.raises(BadSecrets, match=rf"mode {mode:04o}; only.*Run: chmod 600 {path}") as told:
        read({"MULGIL_SECRETS_FILE": str(path)})
    assert KEY not in str(told.value)


def test_a_file_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, mine = kept(tmp_path, f"hrfco_key={KEY}"), os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: mine + 1)
    with pytest.raises(BadSecrets, match=f"belongs to user {mine}, we are {mine + 1}.*chown"):
        secret_file.read(path)


def test_a_file_that_is_missing_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadSecrets, match=r"No such file.*install -m 600"):
        secret_file.read(tmp_path / "none")
    with pytest.raises(BadSecrets, match="Is a directory"):
        secret_file.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{KEY}\n", "line 1 of .* is no secret"),
        (f"usgs_key = 12\nhrfco_key = '{KEY}'", "usgs_key in .* is no text"),
        (b"hrfco_key=\xff".decode("latin-1"), ""),
    ],
)
def test_a_line_that_is_none_is_told_without_what_stands_there(
    tmp_path: Path, text: str, told: str
) -> None:
    path = kept(tmp_path, text)
    if not told:
        path.write_bytes(b"hrfco_key=\xff")
        told = "no UTF-8"
    with pytest.raises(BadSecrets, match=told) as error:
        secret_file.read(path)
    assert KEY not in str(error.value)


def test_only_secrets_may_stand_in_it(tmp_path: Path) -> None:
    path = kept(tmp_path, "home=/srv")
    with pytest.raises(BadSettings, match=r"'home' in .* no secret of ours.*HRFCO_KEY"):
        read({"MULGIL_SECRETS_FILE": str(path)})
