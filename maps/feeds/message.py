"""One alert message as plain facts, ready to be written as CAP, listed in a feed, kept as JSON."""

from dataclasses import dataclass
from typing import Any

from data.stations import Stage
from forecast.outlook import Language
from maps.feeds.warnings import Kind


@dataclass(frozen=True)
class Said:
    """What a message says in one language."""

    event: str
    headline: str
    description: str
    instruction: str
    area: str
    river: str


@dataclass(frozen=True)
class Message:
    """One message of a chain; times as CAP writes them.

    Attributes:
        msg_type: Alert, Update or Cancel.
        status: Actual, Exercise or Test.
        stage: The stage in force after it; of a closing message the one that was.
        codes: urgency, severity, certainty, responseType of CAP.
        onset: When the stage is expected to begin; "" where that is not known.
        references: `sender,identifier,sent` of the messages that it replaces.
        note: What it is not; in both languages.
        circle: `latitude,longitude radius` [degrees, km].
        parameters: Names and values, e.g. the threshold and who set it.
    """

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    kind: Kind
    gauge: str
    stage: Stage
    codes: tuple[str, str, str, str]
    onset: str
    expires: str
    references: tuple[str, ...]
    note: str
    source: str
    web: str
    circle: str
    parameters: tuple[tuple[str, str], ...]
    ko: Said
    en: Said

    def said(self, language: Language) -> Said:
        """Return what it says in a language."""
        return self.ko if language == "ko" else self.en

    @property
    def reference(self) -> str:
        """How a later message refers to this one."""
        return f"{self.sender},{self.identifier},{self.sent}"


def from_json(kept: dict[str, Any]) -> Message:
    """Return a message that JSON kept, field by field."""
    urgency, severity, certainty, response = kept["codes"]
    told = kept | {
        "kind": Kind(kept["kind"]),
        "stage": Stage(kept["stage"]),
        "codes": (urgency, severity, certainty, response),
        "references": tuple(kept["references"]),
        "parameters": tuple((name, value) for name, value in kept["parameters"]),
        "ko": Said(**kept["ko"]),
        "en": Said(**kept["en"]),
    }
    return Message(**told)
