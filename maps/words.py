"""What the pages say, in Korean and English; every text that a reader sees stands here."""

from data.stations import Quantity, Stage
from forecast.outlook import STAGE_WORDS, Language

LANGUAGES: tuple[Language, ...] = ("ko", "en")

TEXT: dict[str, dict[Language, str]] = {
    "site": {"ko": "물길 홍수 예측", "en": "Mulgil flood forecasts"},
    "skip": {"ko": "목록으로 건너뛰기", "en": "Skip to the list"},
    "other": {"ko": "English", "en": "한국어"},
    "front": {"ko": "첫 화면", "en": "Front page"},
    "skill": {"ko": "예측 성능", "en": "Forecast skill"},
    "about": {"ko": "소개와 자료", "en": "About and data"},
    "list": {"ko": "지점 목록 (위험한 곳부터)", "en": "Gauges, worst first"},
    "map": {"ko": "지도", "en": "Map"},
    "gauge": {"ko": "지점", "en": "Gauge"},
    "river": {"ko": "하천", "en": "River"},
    "stage": {"ko": "전망 단계", "en": "Outlook"},
    "now": {"ko": "현재", "en": "Now"},
    "outlook": {"ko": "전망", "en": "What is expected"},
    "issued": {"ko": "발표", "en": "Issued"},
    "last": {"ko": "마지막 관측", "en": "Last reading"},
    "age": {"ko": "경과", "en": "age"},
    "hydrograph": {"ko": "수문곡선", "en": "Hydrograph"},
    "observed": {"ko": "관측", "en": "observed"},
    "median": {"ko": "예측 중앙값", "en": "forecast median"},
    "bands": {"ko": "예측 범위 50 · 80 · 90 %", "en": "forecast range 50 · 80 · 90 %"},
    "earlier": {"ko": "앞선 예측 (중앙값)", "en": "earlier forecasts (median)"},
    "outcome": {"ko": "이후 실제 관측", "en": "what happened afterwards"},
    "probability": {"ko": "단계별 도달 가능성", "en": "Chance of reaching each stage"},
    "values": {"ko": "예측값", "en": "Forecast values"},
    "lead": {"ko": "선행 시간", "en": "Lead time"},
    "valid": {"ko": "대상 시각", "en": "Valid time"},
    "threshold": {"ko": "기준값", "en": "Thresholds"},
    "official": {"ko": "공식", "en": "official"},
    "derived": {"ko": "기록에서 유도", "en": "derived from the record"},
    "none": {"ko": "없음", "en": "none"},
    "inputs": {
        "ko": "쓴 입력과 마지막 값의 시각",
        "en": "Inputs used, and the time of their last value",
    },
    "missing": {"ko": "없음", "en": "missing"},
    "model": {"ko": "모델", "en": "model"},
    "run": {"ko": "실행", "en": "run"},
    "source": {"ko": "자료", "en": "Data"},
    "caveat": {"ko": "주의", "en": "Caveat"},
    "download": {"ko": "CSV 내려받기", "en": "Download CSV"},
    "replay": {
        "ko": "재현: 과거의 예측을 그때 알려진 자료로 다시 낸 것입니다. 지금의 상황이 아닙니다.",
        "en": "REPLAY of the past, from what was known then. This is not the present situation.",
    },
    "simulated": {
        "ko": "모의: 실제 하천이 아닌 모의 자료입니다.",
        "en": "SIMULATED: these are not real rivers.",
    },
    "official_not": {
        "ko": "공식 홍수특보가 아닙니다. 공식 특보는 홍수통제소를 보십시오:",
        "en": "Not an official flood warning. In Korea, official warnings come from",
    },
    "office": {"ko": "한강홍수통제소", "en": "the Han River Flood Control Office"},
    "stale": {
        "ko": "다음 예측이 제때 오지 않았습니다. 아래 내용은 오래되어 판단에 쓸 수 없습니다.",
        "en": "The next forecast is overdue. What stands below is old and tells nothing of now.",
    },
    "no_scores": {
        "ko": "이 모델의 검증 결과가 아직 없습니다.",
        "en": "This model has not been verified yet.",
    },
    "no_script": {
        "ko": "지도는 자바스크립트가 필요합니다. 같은 내용이 목록에 있습니다.",
        "en": "The map needs JavaScript. The list holds the same content.",
    },
    "all_stations": {"ko": "지점 평균", "en": "mean over gauges"},
    "score": {"ko": "점수", "en": "score"},
    "all_hours": {"ko": "모든 시간", "en": "all hours"},
    "flood_hours": {"ko": "홍수 시간", "en": "flood hours"},
    "method": {
        "ko": "PyTorch LSTM이 마지막 관측값에서의 변화를 분위수로 예측합니다. 발표 시각 뒤에 "
        "들어온 자료는 쓰지 않습니다. 확률이 절반을 넘는 가장 높은 단계가 전망 단계입니다. "
        "자료가 없거나 오래되었거나 기준값이 없으면 판단 불가이며, 결코 평상으로 보이지 않습니다.",
        "en": "A PyTorch LSTM forecasts the change since the last reading, as quantiles. Nothing "
        "received after the issue time is used. The outlook is the worst stage that is more "
        "likely than not. Without data, with stale data or without thresholds the stage is "
        "unknown; it never looks normal.",
    },
    "skill_means": {
        "ko": "지속 예측 대비 성능: 1은 완벽, 0은 '변화 없음'보다 나을 것이 없음, 음수는 더 나쁨. "
        "괄호 안은 홍수 시간.",
        "en": "Persistence skill: 1 is perfect, 0 no better than 'nothing changes', below 0 worse. "
        "In brackets: flood hours.",
    },
}
QUANTITY: dict[Quantity, dict[Language, str]] = {
    Quantity.WATER_LEVEL: {"ko": "수위 (m)", "en": "water level (m)"},
    Quantity.DISCHARGE: {"ko": "유량 (m³/s)", "en": "discharge (m³/s)"},
}


VARIABLES: dict[str, dict[Language, str]] = {
    "water_level": {"ko": "수위", "en": "water level"},
    "discharge": {"ko": "유량", "en": "discharge"},
    "rainfall": {"ko": "강우", "en": "rain"},
    "dam_inflow": {"ko": "댐 유입량", "en": "dam inflow"},
    "dam_release": {"ko": "댐 방류량", "en": "dam release"},
    "dam_level": {"ko": "댐 수위", "en": "dam level"},
    "tide": {"ko": "조위", "en": "tide"},
}
SCORE: dict[str, dict[Language, str]] = {
    "persistence_skill": {"ko": "지속 예측 대비 성능", "en": "persistence skill"},
    "rmse": {"ko": "RMSE", "en": "RMSE"},
    "crps": {"ko": "CRPS", "en": "CRPS"},
    "coverage90": {"ko": "90 % 구간 포함률", "en": "coverage of the 90 % range"},
}


def word(key: str, language: Language) -> str:
    """Return one text of the pages."""
    return TEXT[key][language]


def stage_word(stage: Stage, language: Language) -> str:
    """Return the name of a stage."""
    return STAGE_WORDS[stage][language]
