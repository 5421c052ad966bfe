"""How data.go.kr refuses: its codes, whether asking later may help, and what would."""

from collections.abc import Mapping

from data.errors import SourceError, SourceUnavailable
from data.sources.asking import Answer

QUOTA = 22
LATER = "Try again later."
CHANGED = "See what the provider has changed in its parameters."
REFUSALS: Mapping[int, tuple[str, bool, str]] = {  # code: meaning, whether later may help, remedy
    1: ("application error", True, LATER),
    2: ("database error", True, LATER),
    4: ("HTTP error behind the gateway", True, LATER),
    5: ("timeout behind the gateway", True, LATER),
    10: ("invalid parameter", False, CHANGED),
    11: ("missing parameter", False, CHANGED),
    12: ("no such service", False, "See whether the service has moved."),
    20: ("access denied", False, "Apply for this service at data.go.kr with this key's account."),
    21: ("key disabled for now", True, "Try again later, or see the key's state at data.go.kr."),
    QUOTA: ("quota exceeded", True, "Try again after midnight KST, or apply for a larger quota."),
    30: (
        "key not registered",
        False,
        "Check the key, plain or encoded (with %2B, %3D), it is never encoded twice here;"
        " a new key works only after some hours.",
    ),
    31: ("key expired", False, "Extend the key at data.go.kr."),
    32: ("this address is not registered", False, "Register this machine's IP with the key."),
    33: ("unsigned call", False, "Check the key and its signature."),
    99: ("unknown error", True, LATER),
}


def where(answer: Answer) -> str:
    """Return what an error begins with: the source, and what was asked of it."""
    return f"{answer.source}, {answer.what}"


def stays_refused(error: SourceError | None) -> bool:
    """Tell whether the next question would be refused too: wrong key, quota used up."""
    return error is not None and (
        not isinstance(error, SourceUnavailable) or f"code {QUOTA}:" in error.problem
    )


def refused(answer: Answer, code: int) -> SourceError:
    """Return the error of a result code: `SourceUnavailable` where later may help."""
    meaning, later, remedy = REFUSALS.get(code, ("not a code known here", False, CHANGED))
    kind = SourceUnavailable if later else SourceError
    return kind(f"{where(answer)}: refused with code {code:02d}: {meaning}.", remedy)


def http_refused(answer: Answer) -> SourceError:
    """Return the error of an HTTP status whose body says nothing."""
    remedy = "Check the key, and that its account has applied for this service."
    return SourceError(f"{where(answer)}: refused with HTTP {answer.status}.", remedy)
