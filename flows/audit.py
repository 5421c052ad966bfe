"""Known weaknesses of what is installed with us, as pip-audit tells: in an environment of its own.

pip-audit says "no known vulnerabilities" and exits with 0 where the index that it asks knows no
advisories at all (a mirror): it only names what it skipped. Here skipped is not safe.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import SourceUnavailable
from flows.audit_licences import Licensed

PATIENCE = 300.0  # seconds for each step
SERVICES = ("pypi", "osv")
_TOOL = "pip-audit>=2.9,<3"


@dataclass(frozen=True)
class Weakness:
    """A known weakness of a package that is installed."""

    name: str
    version: str
    id: str
    fixed_in: str


@dataclass(frozen=True)
class Audited:
    """What is known of the packages.

    Attributes:
        skipped: Packages that the service knows nothing of; they are not judged.
        service: Who was asked; "" if nobody answered.
    """

    weak: tuple[Weakness, ...]
    skipped: tuple[str, ...]
    service: str
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether every package was judged."""
        return bool(self.service) and not self.skipped


def audit(packages: Sequence[Licensed]) -> Audited:
    """Ask for known weaknesses, first PyPI, then OSV; who knows most is believed.

    Raises:
        SourceUnavailable: pip-audit itself cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="mulgil-audit-") as folder:
        python, listed = _install(Path(folder)), Path(folder) / "packages.txt"
        lines = [f"{each.name}=={each.version.partition('+')[0]}\n" for each in packages]
        listed.write_text("".join(lines), encoding="utf-8")
        best = Audited((), tuple(each.name for each in packages), "", "nobody was asked")
        for service in SERVICES:
            found = _ask(python, listed, service)
            if found.service and (not best.service or len(found.skipped) < len(best.skipped)):
                best = found
            elif not best.service:
                best = Audited((), best.skipped, "", found.why)
            if best.whole:
                break
    return best


def _install(folder: Path) -> Path:
    """Make an environment with pip-audit; return its Python."""
    python = folder / "venv" / "bin" / "python"
    quiet = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", _TOOL)
    for command in ((sys.executable, "-m", "venv", str(folder / "venv")), (str(python), *quiet)):
        done = _run(command)
        if done.returncode:
            last = done.stderr.strip().rpartition("\n")[2]
            raise SourceUnavailable(f"pip-audit cannot be installed: {last}", "Is there an index?")
    return python


def _ask(python: Path, listed: Path, service: str) -> Audited:
    asked = ("-r", str(listed), "--no-deps", "--disable-pip", "-f", "json", "-s", service)
    done = _run((str(python), "-m", "pip_audit", *asked, "--progress-spinner", "off"))
    try:
        return parse(json.loads(done.stdout), service)
    except (ValueError, KeyError, TypeError):
        last = done.stderr.strip().rpartition("\n")[2][:200]
        return Audited((), (), "", f"{service} did not answer: {last or 'nothing was said'}")


def parse(told: dict[str, Any], service: str) -> Audited:
    """Return what pip-audit says in JSON."""
    weak, skipped = [], []
    for each in told["dependencies"]:
        if "skip_reason" in each:
            skipped.append(str(each["name"]))
        for found in each.get("vulns", ()):
            fixed = ", ".join(found.get("fix_versions", ())) or "no version yet"
            weak.append(Weakness(each["name"], each["version"], found["id"], fixed))
    return Audited(tuple(weak), tuple(skipped), service)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # our own interpreter and arguments
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"it took more than {PATIENCE:g} s")
