"""Headings and short words of a situation report, in Korean and English; how a sentence is told."""

from forecast.outlook import Language
from maps.situation_said import SAID

Words = dict[str, dict[Language, str]]

TITLES: Words = {
    "report": {"ko": "상황보고", "en": "Situation report"},
    "now": {"ko": "지금 상황", "en": "What is happening"},
    "worst": {"ko": "가장 위험한 지점", "en": "Worst gauges"},
    "unknown": {"ko": "판단 불가 지점", "en": "Gauges that cannot be judged"},
    "changes": {"ko": "지난 발표 이후 바뀐 것", "en": "What changed since the last issue"},
    "rain": {"ko": "강우", "en": "Rain"},
    "health": {"ko": "자료 상태", "en": "State of the data"},
    "review": {"ko": "검토와 수정", "en": "Review and edits"},
    "source": {"ko": "출처와 성격", "en": "Where this comes from"},
}
HEADS: Words = {
    "gauge": {"ko": "지점", "en": "Gauge"},
    "stage": {"ko": "단계", "en": "Stage"},
    "gauges_now": {"ko": "현재 (곳)", "en": "Now (gauges)"},
    "gauges_ahead": {"ko": "현재·예측 중 최악 (곳)", "en": "Worst of now and forecast (gauges)"},
    "level": {"ko": "마지막 관측", "en": "Last reading"},
    "rise": {"ko": "최근 {hours}시간 변화", "en": "Change in {hours} h"},
    "peak": {"ko": "예상 최고 (5–95 %)", "en": "Expected peak (5–95 %)"},
    "from": {"ko": "도달 시각", "en": "Reached at"},
    "chance": {"ko": "가능성", "en": "Chance"},
    "age": {"ko": "경과", "en": "Age"},
    "then": {"ko": "마지막 관측 때 단계", "en": "Stage of the last reading"},
    "why": {"ko": "이유", "en": "Why"},
    "change": {"ko": "변화", "en": "Change"},
    "before": {"ko": "전", "en": "Before"},
    "after": {"ko": "지금", "en": "Now"},
    "provider": {"ko": "제공처와 자료", "en": "Provider and data"},
    "state": {"ko": "상태", "en": "State"},
    "told": {"ko": "내용", "en": "Details"},
    "who": {"ko": "누가", "en": "By whom"},
    "until": {"ko": "언제까지", "en": "Until"},
    "automatic": {"ko": "자동", "en": "Automatic"},
    "edited": {"ko": "수정", "en": "Edited"},
}
KIND: Words = {
    "raised": {"ko": "오름", "en": "raised"},
    "lost": {"ko": "판단 불가로", "en": "no longer judged"},
    "found": {"ko": "다시 판단", "en": "judged again"},
    "lowered": {"ko": "내림", "en": "lowered"},
    "new": {"ko": "새 지점", "en": "new"},
    "gone": {"ko": "빠진 지점", "en": "gone"},
    "edited": {"ko": "수정됨", "en": "edited"},
    "freed": {"ko": "수정 해제", "en": "edit ended"},
}
MARK: Words = {
    "SIMULATED": {"ko": "모의 하천", "en": "simulated rivers"},
    "DRILL": {"ko": "훈련", "en": "a drill"},
    "REPLAY": {"ko": "과거의 재현", "en": "a replay of the past"},
}
COUNTED: Words = {
    "raised": {"ko": "오른 곳 {n}곳", "en": "{n} raised"},
    "lost": {"ko": "판단할 수 없게 된 곳 {n}곳", "en": "{n} can no longer be judged"},
    "found": {"ko": "다시 판단하게 된 곳 {n}곳", "en": "{n} can be judged again"},
    "lowered": {"ko": "내린 곳 {n}곳", "en": "{n} lowered"},
    "new": {"ko": "새 지점 {n}곳", "en": "{n} new"},
    "gone": {"ko": "빠진 지점 {n}곳", "en": "{n} gone"},
    "edited": {"ko": "사람이 수정한 곳 {n}곳", "en": "{n} edited by a person"},
    "freed": {"ko": "수정이 풀린 곳 {n}곳", "en": "{n} edits ended"},
}
PROVIDER: Words = {
    "ok": {"ko": "정상", "en": "ok"},
    "late": {"ko": "일부 늦음", "en": "some late"},
    "failed": {"ko": "실패", "en": "failed"},
    "not set up": {"ko": "설정 안 됨", "en": "not set up"},
    "not asked in this run": {"ko": "묻지 않음", "en": "not asked"},
}


def head(key: str, language: Language, **given: object) -> str:
    """Return the head of a column."""
    return HEADS[key][language].format(**given)


def said(key: str, language: Language, **given: object) -> str:
    """Return a sentence with its numbers."""
    return SAID[key][language].format(**given)


def gauges(count: int, language: Language) -> str:
    """Return e.g. `1 gauge`, `20,000 gauges`, `20,000곳`."""
    if language == "ko":
        return f"{count:,}곳"
    return f"{count:,} gauge" + ("" if count == 1 else "s")


def every(count: int, language: Language) -> str:
    """Return e.g. `All 20 gauges`, `The only gauge`, `20곳 모두`, `지점 1곳은`."""
    if count == 1:
        return {"ko": "지점 1곳은", "en": "The only gauge"}[language]
    return {"ko": f"{count:,}곳 모두", "en": f"All {count:,} gauges"}[language]


def verb(one: str, many: str, count: int) -> str:
    """Return the English verb that fits a count."""
    return one if count == 1 else many
