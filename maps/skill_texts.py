"""What the skill page says beside its scores, in Korean and English."""

from forecast.outlook import Language

SKILL: dict[str, dict[Language, str]] = {
    "in_words": {"ko": "말로 하면", "en": "In words"},
    "by_gauge": {"ko": "지점별", "en": "By gauge"},
    "worst_of": {
        "ko": "{all}개 지점 가운데 성능이 가장 낮은 {some}곳입니다. 모든 지점은 CSV에 있습니다.",
        "en": "The {some} of {all} gauges with the lowest skill. The CSV holds all gauges.",
    },
    "all_scores_csv": {"ko": "모든 지점의 점수 (CSV)", "en": "Scores of all gauges (CSV)"},
    "rolling_csv": {
        "ko": "발표한 예측의 성적 (CSV)",
        "en": "Scores of the forecasts that were issued (CSV)",
    },
    "hindcast": {
        "ko": "과거 시험: 모델이 본 적 없는 해",
        "en": "Hindcast: years that the model has never seen",
    },
    "rolling": {
        "ko": "발표한 예측의 성적",
        "en": "Forecasts that were issued, beside what came",
    },
    "no_rolling": {
        "ko": "발표한 예측 가운데 결과가 나온 것이 아직 없습니다.",
        "en": "No forecast that was issued has met its outcome yet.",
    },
    "known_until": {"ko": "관측을 본 시각", "en": "Readings known until"},
    "last_days": {"ko": "지난 {days}일", "en": "last {days} days"},
    "all_issued": {"ko": "모든 발표", "en": "all that were issued"},
    "gained": {
        "ko": "단계에 닿은 횟수와 벌어 준 시간",
        "en": "Times a stage was reached, and the lead time gained",
    },
    "onsets": {"ko": "닿은 횟수", "en": "reached"},
    "forewarned": {"ko": "미리 알린 횟수", "en": "forecast before"},
    "hours_gained": {"ko": "벌어 준 시간 (평균, 시간)", "en": "lead time gained (mean, hours)"},
    "reliability": {
        "ko": "확률을 믿을 수 있는가",
        "en": "Can the chances be trusted?",
    },
    "reliability_means": {
        "ko": "‘30 %’라고 한 경우들 가운데 실제로 30 %가 그리되었다면 점이 점선 위에 놓입니다. "
        "점이 점선 아래이면 확률을 높게, 위이면 낮게 말한 것입니다. 세로줄은 95 % 신뢰 구간입니다.",
        "en": "Where 30 % was said and it came in 30 % of the cases, the dot lies on the dashed "
        "line. Below it the chances were told too high, above it too low. Bars: 95 % interval.",
    },
    "said_chance": {"ko": "예측한 확률 (%)", "en": "chance that was told (%)"},
    "came_share": {"ko": "실제로 그리된 비율", "en": "share that came"},
    "interval": {"ko": "95 % 신뢰 구간", "en": "95 % interval"},
    "cases": {"ko": "경우의 수", "en": "cases"},
    "days": {"ko": "날의 수", "en": "days"},
    "brier": {"ko": "브라이어 기술 점수", "en": "Brier skill score"},
    "events_n": {"ko": "일어난 경우", "en": "events"},
    "percentile": {"ko": "학습한 해의 상위 {share}백분위", "en": "above the {share}th percentile"},
    "hits_misses": {"ko": "적중 / 놓침 / 헛경보", "en": "hits / misses / false alarms"},
    "last_30": {"ko": "발표한 예측", "en": "Forecasts issued"},
}


def text(key: str, language: Language) -> str:
    """Return one text of the skill page."""
    return SKILL[key][language]
