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
    "tested": {
        "ko": "과거 시험: 모델이 본 적 없는 해",
        "en": "Test: years that the model has never seen",
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
    "hindcast": {
        "ko": "과거 예측: 지금 쓰는 모델이 그때 냈을 예측",
        "en": "Hindcasts: what the model in service now would have forecast then",
    },
    "hindcast_means": {
        "ko": "나중에 계산한 것입니다. 각 발표 시각에 알려져 있던 자료만 썼고, 모델은 그때의 것이 "
        "아니라 지금 쓰는 것입니다. 발표한 적이 없으므로 발표한 예측의 성적에 들지 않습니다.",
        "en": "Computed afterwards, from what was known at each issue time, with the model of now "
        "and not that of then. None of them was ever issued, and none counts among the forecasts "
        "that were.",
    },
    "hindcast_csv": {
        "ko": "과거 예측의 성적: 발표한 적 없음 (CSV)",
        "en": "Scores of hindcasts, never issued (CSV)",
    },
    "hindcast_all": {"ko": "기간 전체", "en": "whole period"},
    "hindcast_period": {"ko": "기간", "en": "Period"},
    "hindcast_count": {"ko": "예측 수", "en": "Forecasts"},
    "hindcast_counted": {
        "ko": "발표 시각 {forecasts}개, {days}일",
        "en": "{forecasts} issue times on {days} days",
    },
    "hindcast_model": {"ko": "모델", "en": "Model"},
    "hindcast_mixed": {
        "ko": "{own}. 일부는 지금 쓰지 않는 모델의 것입니다: {others}",
        "en": "{own}; some were made by models no longer in service: {others}",
    },
    "hindcast_learnt": {"ko": "학습한 기간인가", "en": "Learnt from"},
    "learnt": {
        "ko": "이 기간의 {first}–{last}년은 모델이 학습했거나 모델을 고른 해이므로 성능의 시험이 "
        "아닙니다.",
        "en": "Of this period the model learnt from {first}–{last}, or was chosen by it: no test "
        "of skill there.",
    },
    "not_learnt": {
        "ko": "아니요. 모델은 이 기간에서 학습하지 않았습니다.",
        "en": "No. The model has not learnt from this period.",
    },
    "last_30": {"ko": "발표한 예측", "en": "Forecasts issued"},
}


def text(key: str, language: Language) -> str:
    """Return one text of the skill page."""
    return SKILL[key][language]
