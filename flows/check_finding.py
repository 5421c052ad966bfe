"""What one look at an installation found: good, worth knowing, or wrong; and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from data.errors import MulgilError
from flows.redaction import redact

Mark = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line of `mulgil check`.

    Attributes:
        mark: `ok`; `note`: it works, but something is missing or could be better; `wrong`: it
            will fail.
        remedy: What to do, or where to get what is missing; never "" unless it is `ok`.
    """

    what: str
    mark: Mark
    found: str
    remedy: str = ""


Look = Callable[[], Iterator[Finding]]


def looked(what: str, look: Look) -> list[Finding]:
    """Return what a look finds; one that fails itself is a finding, too."""
    try:
        return list(look())
    except MulgilError as error:
        return [Finding(what, "wrong", redact(error.problem), redact(error.remedy) or _READ)]
    except Exception as error:  # noqa: BLE001  # the other lines are wanted all the more
        return [Finding(what, "wrong", redact(repr(error)), _READ)]


_READ = "docs/operating.md, 'When something is wrong'"
