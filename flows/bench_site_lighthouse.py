"""Lighthouse's scores as a phone sees the site: simulated slow 4G, a processor four times slower.

Lighthouse is a package of npm. It is installed once into the user's cache, and needs Chromium.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median
from typing import Any, Final

from flows.bench_site_browser import executable

VERSION: Final = "12"
ROUNDS = 3
INSTALLING, RUNNING = 300, 240  # seconds that they may take
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
AUDITS: Final = {
    "lcp_ms": "largest-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}


def cache() -> Path:
    """Return the folder that Lighthouse is installed in."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "mulgil" / f"lighthouse-{VERSION}"


def ready(folder: Path) -> str:
    """Install Lighthouse if it is not there; return why it cannot run, "" if it can."""
    npm = shutil.which("npm")
    if not shutil.which("node"):
        return "Node is not on the PATH; Lighthouse needs it."
    if _program(folder).exists():
        return ""
    if npm is None:
        return "npm is not on the PATH; Lighthouse is installed by it."
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        npm,
        "install",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
        f"lighthouse@{VERSION}",
    ]
    done = _run(command, folder, INSTALLING)
    return "" if done is not None and not done.returncode else _why("npm install", done)


def measure(url: str, folder: Path, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return medians of the scores (0 to 100) and of what they are made of.

    Returns:
        {category: score, audit: value, "each": performance of each round}, or {"reason": ..}.
    """
    runs, reason = [], ""
    for _ in range(rounds):
        told = _once(url, folder)
        if "reason" in told:
            reason = told["reason"]
        else:
            runs.append(told)
    if not runs:
        return {"reason": reason}
    each = [run["performance"] for run in runs]
    return {name: median(run[name] for run in runs) for name in runs[0]} | {"each": each}


def _once(url: str, folder: Path) -> dict[str, Any]:
    command = [
        str(shutil.which("node")),
        str(_program(folder)),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    done = _run(command, folder, RUNNING)
    if done is None or done.returncode:
        return {"reason": _why("lighthouse", done)}
    return scores(json.loads(done.stdout))


def scores(report: dict[str, Any]) -> dict[str, Any]:
    """Return the scores (0 to 100) and the audits of a report; or why it has none."""
    if failed := report.get("runtimeError"):
        return {"reason": f"{failed['code']}: {failed['message']}"}
    told = {name: report["categories"][name]["score"] for name in CATEGORIES}
    if None in told.values():
        return {"reason": f"Lighthouse gave no score: {told}"}
    audits = {name: report["audits"][key]["numericValue"] for name, key in AUDITS.items()}
    return {name: round(100 * score) for name, score in told.items()} | audits


def _program(folder: Path) -> Path:
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


def _run(
    command: list[str], folder: Path, patience: int
) -> subprocess.CompletedProcess[str] | None:
    """Run a program in a folder; None if it took too long."""
    environment = os.environ | {"CHROME_PATH": executable() or ""}
    try:
        return subprocess.run(  # noqa: S603  # our own arguments
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None


def _why(what: str, done: subprocess.CompletedProcess[str] | None) -> str:
    if done is None:
        return f"{what} took too long."
    lines = (done.stderr or done.stdout).strip().splitlines()
    return f"{what} failed: {lines[-1] if lines else done.returncode}"
