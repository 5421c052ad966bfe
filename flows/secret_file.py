"""Secrets from a file that only its owner can read: `MULGIL_SECRETS_FILE=/etc/mulgil/secrets`.

Either TOML or lines as in an environment file, with or without our prefix:

    hrfco_key = "…"            MULGIL_HRFCO_KEY=…
    mail_password = "…"        MULGIL_MAIL_PASSWORD="…"

It is refused where anybody else could read or change it. A variable of the environment goes first.
"""

import os
import re
import stat
import tomllib
from pathlib import Path

from data.errors import MulgilError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SAFE = 'An environment file (NAME=value) or TOML (name = "value"), one a line.'


class BadSecrets(MulgilError):
    """The file of secrets cannot be read, or others could read it."""


def read(path: Path) -> dict[str, str]:
    """Return the secrets of a file by their plain names, e.g. `hrfco_key`.

    Raises:
        BadSecrets: It is missing, open to others, somebody else's, or a line of it is none. The
            message shows no value.
    """
    text = _text(path)
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        given = dict(_pair(path, number, line) for number, line in _lines(text))
    return {_plain(name): _value(path, name, value) for name, value in given.items()}


def _text(path: Path) -> str:
    """Read the file; what is judged is the file that was opened, not the one of that name."""
    try:
        with path.open(encoding="utf-8") as file:
            _require_private(path, os.fstat(file.fileno()))
            return file.read()
    except UnicodeDecodeError:
        raise BadSecrets(f"MULGIL_SECRETS_FILE: {path} is no UTF-8 text.", _SAFE) from None
    except OSError as error:
        raise BadSecrets(
            f"MULGIL_SECRETS_FILE: {path} cannot be read: {error.strerror}.",
            f"Make it, owned by the user that runs mulgil: install -m 600 /dev/null {path}",
        ) from None


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise BadSecrets(f"MULGIL_SECRETS_FILE: {path} is no regular file.", _SAFE)
    if found.st_uid != os.geteuid():
        raise BadSecrets(
            f"MULGIL_SECRETS_FILE: {path} belongs to user {found.st_uid}, we are {os.geteuid()}.",
            f"Run: chown {os.geteuid()} {path}",
        )
    if found.st_mode & (_OTHERS | stat.S_IXUSR):
        mode = stat.S_IMODE(found.st_mode)
        raise BadSecrets(
            f"MULGIL_SECRETS_FILE: {path} has the mode {mode:04o}; only its owner may read it.",
            f"Run: chmod 600 {path}",
        )


def _lines(text: str) -> list[tuple[int, str]]:
    numbered = enumerate(map(str.strip, text.splitlines()), start=1)
    return [(number, line) for number, line in numbered if line and not line.startswith("#")]


def _pair(path: Path, number: int, line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if not found:
        raise BadSecrets(f"MULGIL_SECRETS_FILE: line {number} of {path} is no secret.", _SAFE)
    name, value = found.groups()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return name, value[1:-1] if quoted else value


def _value(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadSecrets(f"MULGIL_SECRETS_FILE: {name} in {path} is no text.", _SAFE)
    return value


def _plain(name: str) -> str:
    return name.lower().removeprefix("mulgil_")
