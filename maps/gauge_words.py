"""What the gauge pages and the dialog say from their script, in Korean and English."""

from typing import Any

from forecast.outlook import Language
from maps.review_words import WORDS
from maps.words import QUANTITY, SCORE, SOURCES, TEXT, VARIABLES

_OWN: dict[str, dict[Language, str]] = {
    "close": {"ko": "닫기", "en": "Close"},
    "csv": {"ko": "그림의 값 (CSV)", "en": "Values of the chart (CSV)"},
    "gone": {
        "ko": "이 지점의 자료를 읽지 못했습니다. 페이지를 새로 고치십시오.",
        "en": "The numbers of this gauge could not be read. Reload the page.",
    },
    "loading": {"ko": "읽는 중입니다.", "en": "Loading."},
    "needs": {
        "ko": "그림과 표는 자바스크립트가 필요합니다. 아래 파일에 같은 예측이 있습니다.",
        "en": "The chart and the tables need JavaScript. The files below hold the forecast.",
    },
    "nothing": {"ko": "그릴 값이 없습니다", "en": "There is nothing to draw"},
    "peak": WORDS["peak"],
    "read": {"ko": "시각별 값 읽기", "en": "Read the values by time"},
    "whole": {"ko": "이 지점의 쪽 (고정 주소)", "en": "This gauge's own page (stable address)"},
}
_SHARED = (
    "hydrograph",
    "observed",
    "median",
    "bands",
    "earlier",
    "outcome",
    "threshold",
    "issued",
    "last",
    "missing",
    "age",
    "stage",
    "probability",
    "values",
    "lead",
    "valid",
    "limits",
    "inputs",
    "files",
    "skill",
    "skill_means",
    "score",
    "events",
    "no_scores",
)
_PAGE = ("gone", "loading", "needs")


def own_word(key: str, language: Language) -> str:
    """Return one of the texts above."""
    return _OWN[key][language]


def page_words(language: Language) -> dict[str, str]:
    """Return the texts of a page that fills itself, as its template asks for them."""
    return {key: _OWN[key][language] for key in _PAGE}


def words(language: Language) -> dict[str, Any]:
    """Return the texts of the gauges, as `maps/assets/gauge_parts.js` asks for them."""
    told: dict[str, Any] = {key: TEXT[key][language] for key in _SHARED}
    told |= {key: said[language] for key, said in _OWN.items()}
    return told | {
        "quantities": {kind.value: said[language] for kind, said in QUANTITY.items()},
        "gain": SCORE["persistence_skill"][language],
        "coverage": SCORE["coverage90"][language],
        "variables": {name: said[language] for name, said in VARIABLES.items()},
        "sources": {name: said[language] for name, said in SOURCES.items()},
    }
