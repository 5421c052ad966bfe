"""A run whose supervisor was killed goes on to its end, though nobody reads its output.

Rich, which writes Prefect's log lines and ours, ends a process whose output nobody reads any more;
that would leave a forecast that is issued and not published.
"""

import os
import sys

from rich.console import Console


def outlive_supervisor() -> None:
    """From now on, write to nowhere where nobody reads what this process says."""
    Console.on_broken_pipe = _to_nowhere  # type: ignore[method-assign,assignment]


def _to_nowhere(console: Console) -> None:
    console.quiet = True
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
