"""`mulgil replay-server`: what it plays, what it prints, how it ends."""

from pathlib import Path

import httpx
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from data import networks
from data.errors import OutsideRecord
from data.sources.web import REPLAYED
from flows.replay import command
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.worlds import gauged

NOW = np.datetime64("2026-07-20T04:25", "ns")
app = typer.Typer(pretty_exceptions_enable=False)
app.command()(command.replay_server)


def test_stations_of_a_network_without_a_record_are_simulated() -> None:
    world = command.choose(networks.find("han-river"), None, None, NOW)
    assert world.simulated
    assert world.network.ids == ["1018662", "1018680", "1018683", "1019630"]


@pytest.mark.parametrize("name", ["recorded", "han-river"])
def test_a_record_needs_to_know_which_time_of_it_is_now(name: str, tmp_path: Path) -> None:
    folder = tmp_path if name == "han-river" else None
    with pytest.raises(OutsideRecord, match="Pass --as-now"):
        command.choose(networks.find(name), folder, None, NOW)


def test_rivers_are_not_simulated_where_a_record_was_asked_for() -> None:
    with pytest.raises(OutsideRecord, match=r"no record of 'han-river'.* Pass --folder"):
        command.choose(networks.find("han-river"), None, NOW, NOW)


def test_it_prints_an_address_for_each_provider(capsys: pytest.CaptureFixture[str]) -> None:
    world = command.choose(gauged(2), None, None, NOW)
    with serving(Stage(world, Clock(NOW, speed=0), Faults(SOURCES))) as server:
        command.announce(server)
        said = capsys.readouterr().err
        assert "SIMULATED rivers" in said
        assert f"export MULGIL_HRFCO_URL={server.url('hrfco')}" in said
        assert f"export MULGIL_OPEN_METEO_URL={server.url('open_meteo')}" in said


def test_help_teaches_the_faults_and_the_switch() -> None:
    said = " ".join(CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output.split())
    assert "Nothing here is real" in said
    assert "clock_skew" in said
    assert "--as-now" in said


def test_it_serves_until_ctrl_c_with_the_faults_that_were_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[tuple[int, str]] = []

    def look(server: Server) -> None:
        reply = httpx.get(server.url("usgs"))
        found.append((reply.status_code, reply.headers[REPLAYED]))

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "announce", look)
    monkeypatch.setattr("time.sleep", interrupt)
    options = ["--gauges", "2", "--port", "0", "--speed", "60", "--fault", "usgs=http_503:1"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0
    ((status, header),) = found
    assert status == 503
    assert "SIMULATED" in header
