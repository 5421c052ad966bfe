"""What is in deploy/ fits the command, the ports and the versions that it speaks of."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import app
from flows.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_every_command_that_is_spoken_of_exists() -> None:
    known = set(getattr(get_command(app), "commands"))  # noqa: B009  # click's group, untyped here
    told = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    told += (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmulgil ([a-z][a-z-]+)", told)) - {"mulgil"}
    spoken = {"check", "serve", "watch", "notify", "audit", "cycle", "train", "pull"}
    assert spoken <= named
    assert spoken <= known


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix != ".timer"], ids=lambda p: p.name)
def test_every_setting_that_is_given_is_one(path: Path) -> None:
    given = set(re.findall(rf"\b{PREFIX}([A-Z_]+)=", path.read_text(encoding="utf-8")))
    assert {name.lower() for name in given} <= set(Settings.model_fields)


def test_the_container_has_the_torch_of_the_makefile() -> None:
    (wanted,) = re.findall(r"^TORCH := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert f"ARG TORCH={wanted}\n" in text("Containerfile")


def test_the_container_holds_every_room_and_runs_as_nobody() -> None:
    told = text("Containerfile")
    for room in ("data", "forecast", "maps", "flows"):
        assert f"COPY {room} ./{room}\n" in told
    assert "USER 10001\n" in told


def test_the_proxy_passes_to_the_port_of_the_ui_and_only_behind_a_password() -> None:
    serve = getattr(get_command(app), "commands")["serve"]  # noqa: B009
    (port,) = [option.default for option in serve.params if option.name == "port"]
    before, _, after = text("nginx.conf").partition("auth_basic ")
    assert f"proxy_pass http://127.0.0.1:{port};" in after
    assert "proxy_pass" not in before


def test_the_units_are_ones(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze")
    units = []
    for path in DEPLOY.glob("mulgil*"):
        here = path.read_text().replace("/opt/mulgil/.venv/bin/mulgil", "/bin/true")
        units.append(tmp_path / path.name)
        units[-1].write_text(here)
    done = subprocess.run(  # noqa: S603
        [program, "verify", *units], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Unknown" not in done.stderr  # such as a key that it does not know
