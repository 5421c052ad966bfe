"""Progress bars for long work; on stderr, so that stdout stays clean for `--json`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from flows.redaction import redact


class Discreet(Console):
    """A console that prints no secret."""

    def print(self, *objects: Any, **more: Any) -> None:
        """Print; see `rich.console.Console`."""
        super().print(*(redact(o) if isinstance(o, str) else o for o in objects), **more)


console = Discreet(stderr=True, highlight=False)


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar named `title`; the yielded function takes (done, total, message)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
    )
    with Progress(
        *columns, TimeElapsedColumn(), TextColumn("{task.fields[message]}"), console=console
    ) as shown:
        task = shown.add_task(title, total=1, message="")

        def report(done: int, total: int, message: str = "") -> None:
            shown.update(task, completed=done, total=total, message=message)

        yield report
        shown.update(task, completed=1, total=1)


def say(message: str) -> None:
    """Print one line for a person."""
    console.print(message, markup=False)
