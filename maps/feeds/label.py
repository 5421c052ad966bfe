"""What every file must carry: that it is simulated, a drill, of the past; and nothing official."""

from forecast.outlook import Language
from maps.view import View
from maps.words import word

NOT_OFFICIAL: dict[Language, str] = {
    "ko": "공식 홍수특보가 아닙니다. 대피와 통제는 관계 기관의 공식 발표를 따르십시오.",
    "en": "Not an official flood warning. Follow what the authorities announce.",
}
_UNOFFICIAL = "not an official flood warning"
_MARKS: dict[str, dict[Language, str]] = {
    "SIMULATED": {"ko": "모의", "en": "SIMULATED"},
    "DRILL": {"ko": "훈련", "en": "DRILL"},
    "REPLAY": {"ko": "재현", "en": "REPLAY"},
}


def label(view: View) -> str:
    """Return in one or two words what the numbers are, e.g. `SIMULATED REPLAY`, `FORECAST`."""
    marks = {
        "SIMULATED": view.network.simulated,
        "DRILL": bool(view.manifest.get("replayed")),
        "REPLAY": view.replay,
        "FORECAST": not view.replay,
    }
    return " ".join(mark for mark, on in marks.items() if on)


def row_label(view: View) -> str:
    """Return what stands in each row of a table."""
    return f"{label(view)}, {_UNOFFICIAL}"


def marked(label: str, text: str, language: Language) -> str:
    """Return a title with its marks in front, e.g. `[SIMULATED, REPLAY] Watch level expected`."""
    marks = [said[language] for mark, said in _MARKS.items() if mark in label.split()]
    return f"[{', '.join(marks)}] {text}" if marks else text


def notice(view: View, language: Language, official: bool = False) -> str:
    """Return the sentences that say what the numbers are not.

    Args:
        official: An authority speaks, see `maps.feeds.publisher.Publisher.official`.
    """
    kinds = {
        "simulated": view.network.simulated,
        "drill": bool(view.manifest.get("replayed")),
        "replay": view.replay,
    }
    said = [word(key, language) for key, on in kinds.items() if on]
    return " ".join(said + ([] if official else [NOT_OFFICIAL[language]]))


def notices(view: View) -> str:
    """Return `notice` in both languages."""
    return f"{notice(view, 'ko')} {notice(view, 'en')}"
