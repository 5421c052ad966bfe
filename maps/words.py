"""What the pages say, in Korean and English; every text that a reader sees stands here."""

from data.stations import Quantity, Stage
from forecast.outlook import STAGE_WORDS, Language

LANGUAGES: tuple[Language, ...] = ("ko", "en")

TEXT: dict[str, dict[Language, str]] = {
    "site": {"ko": "물길: 홍수 예측과 기후 지도", "en": "Mulgil: floods and climate"},
    "skip": {"ko": "본문으로 건너뛰기", "en": "Skip to the content"},
    "skip_list": {"ko": "목록으로 건너뛰기", "en": "Skip to the list"},
    "other": {"ko": "English", "en": "한국어"},
    "climate": {"ko": "기후변화 상황지도", "en": "Climate-change situation map"},
    "to_climate": {"ko": "지도와 표 열기", "en": "Open the map and its table"},
    "front": {"ko": "첫 화면", "en": "Front page"},
    "report": {"ko": "상황보고", "en": "Situation report"},
    "skill": {"ko": "예측 성능", "en": "Forecast skill"},
    "about": {"ko": "소개와 자료", "en": "About and data"},
    "list": {"ko": "지점 목록 (위험한 곳부터)", "en": "Gauges, worst first"},
    "map": {"ko": "지도", "en": "Map"},
    "gauge": {"ko": "지점", "en": "Gauge"},
    "river": {"ko": "하천", "en": "River"},
    "stage": {"ko": "단계", "en": "Stage"},
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
    "threshold": {"ko": "기준값", "en": "thresholds"},
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
    "files": {"ko": "피드와 파일", "en": "Feeds and files"},
    "download": {"ko": "CSV 내려받기", "en": "Download CSV"},
    "replay": {
        "ko": "재현: 과거의 예측을 그때 알려진 자료로 다시 낸 것입니다. 지금의 상황이 아닙니다.",
        "en": "REPLAY of the past, from what was known then. This is not the present situation.",
    },
    "simulated": {
        "ko": "모의: 실제 하천이 아닌 모의 자료입니다.",
        "en": "SIMULATED: these are not real rivers.",
    },
    "drill": {
        "ko": "훈련: 관측값이 실시간 자료가 아니라 재현·모의 서버에서 온 것입니다.",
        "en": "DRILL: the readings come from a replay or simulation, not from the providers.",
    },
    "providers": {"ko": "이번 예측의 자료 제공처", "en": "Providers in this cycle"},
    "official_not": {
        "ko": "공식 홍수특보가 아닙니다. 공식 특보는 홍수통제소를 보십시오:",
        "en": "Not an official flood warning. In Korea, official warnings come from",
    },
    "office": {"ko": "한강홍수통제소", "en": "the Han River Flood Control Office"},
    "stale": {
        "ko": "다음 예측이 제때 오지 않았습니다. 아래 내용은 오래되어 판단에 쓸 수 없습니다.",
        "en": "The next forecast is overdue. What stands below is old and tells nothing of now.",
    },
    "newer": {
        "ko": "새 예측이 발표되었습니다. 이 화면은 앞선 예측입니다.",
        "en": "A newer forecast has been published. This page shows an earlier one.",
    },
    "gone": {
        "ko": "이 화면의 자료를 읽지 못했습니다. 연결이 끊겼거나 새 예측이 발표되었습니다.",
        "en": "The data of this page could not be read: no connection, or a newer forecast.",
    },
    "reload": {"ko": "새로 고침", "en": "Reload"},
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
    "skill_means": {
        "ko": "지속 예측 대비 성능은 1이 완벽, 0이면 '변화 없음'보다 나을 것이 없고, 음수면 더 "
        "나쁩니다. RMSE와 CRPS는 작을수록 좋고, 90 % 구간 포함률은 0.9가 알맞습니다.",
        "en": "Persistence skill: 1 is perfect, 0 no better than 'nothing changes', below 0 worse. "
        "RMSE and CRPS: the lower the better. Coverage of the 90 % range should be 0.9.",
    },
    "events": {
        "ko": "단계별 적중 / 놓침 / 헛경보 (시간 수, Mulgil)",
        "en": "Hits / misses / false alarms by stage (hours, Mulgil)",
    },
    "legend": {"ko": "단계별 지점 수", "en": "Gauges by stage"},
    "filter": {
        "ko": "단계를 누르면 그 단계의 지점만 보입니다.",
        "en": "Press a stage to see only its gauges.",
    },
    "networks": {"ko": "하천망", "en": "River networks"},
    "worst": {"ko": "가장 위험한 곳", "en": "Worst gauge"},
    "to_list": {"ko": "지점 목록과 지도", "en": "All gauges and the map"},
    "intro": {
        "ko": "강의 수위와 유량이 앞으로 어떻게 될지, 얼마나 확실한지를 지점마다 보여 줍니다. "
        "위험한 곳이 먼저 나오고, 알 수 없는 곳은 알 수 없다고 적습니다.",
        "en": "What rivers are expected to do next, gauge by gauge, and how sure that is. "
        "The worst places come first, and what is not known is said to be unknown.",
    },
    "skip_map": {"ko": "지도 건너뛰기", "en": "Skip the map"},
    "map_help": {
        "ko": "지도의 표시를 누르면 지점의 전망이 나옵니다. 목록과 같은 내용입니다.",
        "en": "Press a symbol to read the gauge's outlook. The list above holds the same.",
    },
    "limits": {"ko": "기준값", "en": "Thresholds"},
    "score_tables": {"ko": "점수표", "en": "Tables of scores"},
    "all_scores": {"ko": "모든 점수와 지점", "en": "All scores and gauges"},
    "scored": {"ko": "채점한 기간", "en": "Scored"},
    "train_years": {"ko": "학습한 해", "en": "Years learnt from"},
    "validate_years": {"ko": "모델을 고른 해", "en": "Years it was chosen on"},
    "flood": {"ko": "홍수 시간", "en": "Flood hours"},
    "unit": {"ko": "RMSE·CRPS의 단위", "en": "Unit of RMSE and CRPS"},
    "zoom_in": {"ko": "확대", "en": "Zoom in"},
    "zoom_out": {"ko": "축소", "en": "Zoom out"},
}
QUANTITY: dict[Quantity, dict[Language, str]] = {
    Quantity.WATER_LEVEL: {"ko": "수위 (m)", "en": "water level (m)"},
    Quantity.DISCHARGE: {"ko": "유량 (m³/s)", "en": "discharge (m³/s)"},
}

UNIT: dict[Quantity, str] = {Quantity.WATER_LEVEL: "m", Quantity.DISCHARGE: "m³/s"}


VARIABLES: dict[str, dict[Language, str]] = {
    "water_level": {"ko": "수위", "en": "water level"},
    "discharge": {"ko": "유량", "en": "discharge"},
    "rainfall": {"ko": "강우", "en": "rain"},
    "dam_inflow": {"ko": "댐 유입량", "en": "dam inflow"},
    "dam_release": {"ko": "댐 방류량", "en": "dam release"},
    "dam_level": {"ko": "댐 수위", "en": "dam level"},
    "tide": {"ko": "조위", "en": "tide"},
}
SOURCES: dict[str, dict[Language, str]] = {
    "hrfco": {"ko": "한강홍수통제소", "en": "Han River Flood Control Office"},
    "kma_hub": {"ko": "기상청 API허브", "en": "KMA API hub"},
    "kma_forecast": {"ko": "기상청 단기예보", "en": "KMA short-term forecast"},
    "usgs": {"ko": "미국 지질조사국", "en": "USGS"},
    "nwps": {"ko": "미국 NOAA NWPS", "en": "NOAA NWPS"},
    "environment_agency": {"ko": "영국 환경청", "en": "UK Environment Agency"},
    "open_meteo": {
        "ko": "Open-Meteo 수치모델 (우량계 아님)",
        "en": "Open-Meteo weather model (no gauge)",
    },
    "csv_folder": {"ko": "CSV 기록", "en": "CSV record"},
    "recorded": {"ko": "기록 자료", "en": "recorded data"},
    "own": {"ko": "직접 올린 파일", "en": "own files"},
    "simulated": {"ko": "모의", "en": "SIMULATED"},
}
SCORE: dict[str, dict[Language, str]] = {
    "persistence_skill": {"ko": "지속 예측 대비 성능", "en": "persistence skill"},
    "nse": {"ko": "NSE", "en": "NSE"},
    "kge": {"ko": "KGE", "en": "KGE"},
    "rmse": {"ko": "RMSE", "en": "RMSE"},
    "crps": {"ko": "CRPS", "en": "CRPS"},
    "coverage90": {"ko": "90 % 구간 포함률", "en": "coverage of the 90 % range"},
    "n": {"ko": "예측·관측 쌍의 수", "en": "number of pairs"},
}
MODELS: dict[str, dict[Language, str]] = {
    "lstm": {"ko": "Mulgil", "en": "Mulgil"},
    "persistence": {"ko": "지속 예측 (변화 없음)", "en": "persistence (no change)"},
    "ridge": {"ko": "릿지 회귀", "en": "ridge regression"},
    "lightgbm": {"ko": "LightGBM", "en": "LightGBM"},
}
QUANTILE_COLUMNS: dict[float, str] = {
    0.05: "5 %",
    0.1: "10 %",
    0.25: "25 %",
    0.5: "50 %",
    0.75: "75 %",
    0.9: "90 %",
    0.95: "95 %",
}


def word(key: str, language: Language) -> str:
    """Return one text of the pages."""
    return TEXT[key][language]


def stage_word(stage: Stage, language: Language) -> str:
    """Return the name of a stage."""
    return STAGE_WORDS[stage][language]
