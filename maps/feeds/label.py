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


def marks(view: View) -> list[str]:
    """Return the marks of numbers that are not of a real and present river."""
    on = {
        "SIMULATED": view.network.simulated,
        "DRILL": bool(view.manifest.get("replayed")),
        "REPLAY": view.replay,
    }
    return [mark for mark in _MARKS if on[mark]]


def label(view: View, of: str = "FORECAST") -> str:
    """Return in one or two words what the numbers are, e.g. `SIMULATED REPLAY`, `FORECAST`.

    Args:
        of: What they are if they are not of the past.
    """
    return " ".join([*marks(view), *([] if view.replay else [of])])


def row_label(view: View, of: str = "FORECAST") -> str:
    """Return what stands in each row of a table."""
    return f"{label(view, of)}, {_UNOFFICIAL}"


def marked(label: str, text: str, language: Language) -> str:
    """Return a title with its marks in front, e.g. `[SIMULATED, REPLAY] Watch level expected`."""
    found = [said[language] for mark, said in _MARKS.items() if mark in label.split()]
    return f"[{', '.join(found)}] {text}" if found else text


def notice(view: View, language: Language, official: bool = False) -> str:
    """Return the sentences that say what the numbers are not.

    Args:
        official: An authority speaks, see `maps.feeds.publisher.Publisher.official`.
    """
    said = [word(mark.lower(), language) for mark in marks(view)]
    return " ".join(said + ([] if official else [NOT_OFFICIAL[language]]))


def notices(view: View, official: bool = False) -> str:
    """Return `notice` in both languages."""
    return f"{notice(view, 'ko', official)} {notice(view, 'en', official)}".strip()
