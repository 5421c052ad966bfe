"""A run whose output nobody reads any more goes on to its end."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CODE = """
    import sys
    from pathlib import Path
    from rich.console import Console
    from flows.orphans import outlive_supervisor
    if {outlive}:
        outlive_supervisor()
    console = Console(stderr=True)
    console.print("begun")
    sys.stdin.readline()
    console.print("nobody reads this")
    console.print("nor this")
    Path({path!r}).touch()
"""


@pytest.mark.parametrize("outlive", [False, True])
def test_the_end_is_reached_only_where_a_closed_pipe_does_not_matter(
    tmp_path: Path, outlive: bool
) -> None:
    path = tmp_path / "ended"
    code = textwrap.dedent(CODE.format(outlive=outlive, path=str(path)))
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        assert run.stdin is not None
        assert run.stderr.readline() == "begun\n"
        run.stderr.close()
        run.stdin.write("go on\n")
        run.stdin.close()
        run.wait(60)
    assert path.exists() is outlive
