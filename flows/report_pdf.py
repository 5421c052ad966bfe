"""Print a page to PDF by the Chromium or Chrome of this machine; no page asks for anything else."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from data.errors import InvalidData, NothingThere

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 60
_LIKE = "style-src 'self'"


def browser() -> str:
    """Return the path of the browser that prints.

    Raises:
        NothingThere: There is none.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NothingThere(
            "There is no Chromium or Chrome on this machine to print with.",
            "Install chromium, or open report.html in a browser and print it to PDF there.",
        )
    return found


def print_page(page: Path, to: Path) -> None:
    """Print one page of a site, with its style, into a PDF file.

    Raises:
        NothingThere: There is no browser, or no such page.
        InvalidData: The browser did not print; its last words are told.
    """
    exe = browser()
    if not page.is_file():
        raise NothingThere(f"There is no page '{page.name}' to print.", "Publish the site first.")
    with TemporaryDirectory(prefix="mulgil-print-") as scratch:
        copy = _copy(page, Path(scratch))
        made = Path(scratch) / "page.pdf"
        _run(_command(exe, copy, made, Path(scratch)))
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            raise InvalidData("The browser printed no PDF.", "Open the page in it, to see why.")
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, to)


def _copy(page: Path, scratch: Path) -> Path:
    """Return a copy of the page beside its style; a page in a file may use no style otherwise."""
    folder = scratch / "site" / "page"
    folder.mkdir(parents=True)
    shutil.copytree(page.parent.parent / "assets", scratch / "site" / "assets")
    text = page.read_text(encoding="utf-8").replace(_LIKE, f"{_LIKE} file:", 1)
    copy = folder / page.name
    copy.write_text(text, encoding="utf-8")
    return copy


def _command(exe: str, page: Path, to: Path, scratch: Path) -> list[str]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses root otherwise
    return [
        exe,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        *sandbox,
        f"--user-data-dir={scratch / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={to}",
        page.as_uri(),
    ]


def _run(command: list[str]) -> None:
    """Run the browser; its words are told only if it fails.

    Raises:
        InvalidData: It failed or did not end.
    """
    remedy = "Try again, or open report.html in a browser and print it to PDF there."
    try:
        done = subprocess.run(  # noqa: S603  # a list of arguments, no shell
            command, capture_output=True, timeout=SECONDS, check=False, text=True, errors="replace"
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidData(f"The browser did not print within {SECONDS} s.", remedy) from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise InvalidData(f"The browser failed ({done.returncode}): {last[0]}", remedy)
