"""What Open-Meteo says when it refuses: {"error": true, "reason": "Minutely API request limit .."}.

It counts by the minute, the hour and the day. A stream that fails half-way ends in broken JSON
with HTTP 200, which `data.sources.json_answer` tells.
"""

from data.errors import SourceError, SourceUnavailable
from data.sources import json_answer
from data.sources.asking import Answer
from data.sources.open_meteo_asking import of_one_place

_WAITS = {  # what the reason holds -> the remedy; "hourly" alone also names a parameter
    "minutely api request": "Ask again in one minute.",
    "hourly api request": "Ask again in the next hour, or for fewer places.",
    "concurrent": "Ask again in some seconds, fewer at once.",
}
_TOMORROW = "Ask again tomorrow (after 00:00 UTC), for fewer places, or with a key."


def refuse(answer: Answer, body: object) -> str:
    """Let an answer pass; return a sentence if only its one place is refused.

    Raises:
        SourceUnavailable: Asking again helps; the remedy says when.
        SourceError: Asking again gives the same, today or ever.
    """
    refused = isinstance(body, dict) and body.get("error")
    if not refused and answer.status < 400:
        return ""
    reason = json_answer.shown(body.get("reason") if isinstance(body, dict) else body)
    problem = f"{answer.source}, {answer.what}: refused with HTTP {answer.status}, {reason}."
    if of_one_place(answer):
        return problem
    for word, remedy in _WAITS.items():
        if word in reason.lower():
            raise SourceUnavailable(problem, remedy)
    if "daily api request" in reason.lower():
        raise SourceError(problem, _TOMORROW)
    if answer.status == 429 or answer.status >= 500 or "overloaded" in reason:
        raise SourceUnavailable(problem, "Ask again later.")
    raise SourceError(problem, "See what was asked for: the days, the places, the variable.")
