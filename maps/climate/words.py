"""What the climate pages say, in both languages."""

from forecast.climate.catalogue import Language
from forecast.climate.robustness import Robustness

Said = dict[Language, str]

TEXT: dict[str, Said] = {
    "atlas": {"ko": "기후변화 상황지도", "en": "Climate-change situation map"},
    "map": {"ko": "지도에서 보기", "en": "Show on the map"},
    "stations": {"ko": "관측지점", "en": "Stations"},
    "station": {"ko": "지점", "en": "Station"},
    "about_map": {"ko": "지도의 방법과 자료", "en": "About the climate map"},
    "choices": {"ko": "지도에서 볼 것", "en": "What the maps show"},
    "layer": {"ko": "지수", "en": "Index"},
    "level": {"ko": "행정구역", "en": "Regions"},
    "sido": {"ko": "시도", "en": "Provinces"},
    "sigungu": {"ko": "시군구", "en": "Districts"},
    "baseline": {"ko": "기준 기간", "en": "Baseline"},
    "left": {"ko": "왼쪽 지도", "en": "Left map"},
    "right": {"ko": "오른쪽 지도", "en": "Right map"},
    "change": {"ko": "변화", "en": "change"},
    "change_from": {"ko": "{} 대비 변화", "en": "change from {}"},
    "level_shown": {"ko": "값", "en": "level"},
    "observed": {"ko": "관측", "en": "observed"},
    "observed_mean": {"ko": "관측 평균", "en": "Observed mean"},
    "gwl": {"ko": "지구 온난화 수준", "en": "Global warming level"},
    "region": {"ko": "지역", "en": "Region"},
    "find": {"ko": "지역 찾기", "en": "Find a region"},
    "choose_region": {"ko": "지역을 고르세요", "en": "Choose a region"},
    "range": {"ko": "10–90%", "en": "10–90 %"},
    "p10": {"ko": "10%", "en": "10 %"},
    "p90": {"ko": "90%", "en": "90 %"},
    "median": {"ko": "모델의 중앙값 (10–90%)", "en": "median of the models (10–90 %)"},
    "robustness": {"ko": "견고성", "en": "robustness"},
    "robust_only": {"ko": "무늬 없음: 견고한 변화", "en": "no pattern: robust change"},
    "agree": {"ko": "모델 {}개 중 {}개가 부호 일치", "en": "{} of {} models agree on the sign"},
    "k_of_n": {"ko": "부호가 같은 모델", "en": "models that agree"},
    "of": {"ko": "{}/{}", "en": "{} of {}"},
    "table": {"ko": "표: 모든 지역의 같은 값", "en": "Table: the same numbers for every region"},
    "download": {"ko": "내려받기", "en": "Download"},
    "csv_shown": {"ko": "보이는 값 CSV", "en": "What is shown, CSV"},
    "geojson_shown": {"ko": "보이는 값 GeoJSON", "en": "What is shown, GeoJSON"},
    "csv_layer": {"ko": "이 지수의 모든 값 CSV", "en": "All of this index, CSV"},
    "csv_all": {"ko": "모든 지수의 CSV", "en": "CSV of every index"},
    "netcdf": {"ko": "지도 전체 NetCDF", "en": "The whole map, NetCDF"},
    "boundaries": {"ko": "경계 GeoJSON", "en": "Boundaries, GeoJSON"},
    "rounding": {
        "ko": "값은 반올림하여 싣고, 변화는 그 값에서 셈합니다: 차이, 비는 100 × (미래 ÷ 관측 "
        "− 1) %. 관측이 없거나 0이면 %는 없습니다. 그래서 지도·표·CSV가 같습니다.",
        "en": "Numbers are rounded first, and changes are computed from those: the difference, for "
        "rain 100 × (future ÷ observed − 1) %, none where the observed is missing or 0. So map, "
        "table and CSV agree.",
    },
    "missing": {"ko": "자료 없음", "en": "no data"},
    "not_modelled": {
        "ko": "이 지수를 낼 수 있는 모델 자료가 없음",
        "en": "no model run has this index",
    },
    "no_such_region": {"ko": "그런 이름의 지역이 없습니다.", "en": "No region has that name."},
    "legend": {"ko": "범례", "en": "Legend"},
    "rule": {"ko": "산정 기준", "en": "Rule"},
    "left_out": {"ko": "지점 하나를 뺐을 때의 보간 오차", "en": "Error at a station left out"},
    "source": {"ko": "자료", "en": "Source"},
    "method": {"ko": "방법", "en": "Method"},
    "models": {"ko": "모델 {}개", "en": "{} models"},
    "reference": {
        "ko": "모델의 변화는 {}년에 대한 것",
        "en": "the models' changes are from {}",
    },
    "synthetic": {"ko": "합성", "en": "SYNTHETIC"},
    "no_script": {
        "ko": "지도를 바꾸려면 자바스크립트가 필요합니다. 표와 CSV에 같은 값이 있습니다.",
        "en": "Changing the map needs JavaScript; the table and CSV files hold its numbers.",
    },
    "map_help": {
        "ko": "지도를 누르거나 ‘지역’ 목록에서 고르세요. 두 지도는 함께 움직입니다. 지도에 초점을 "
        "두면 화살표와 +, − 키로 움직입니다.",
        "en": "Press the map, or choose from the list of regions. Both maps move together; with "
        "the focus on a map, arrow keys and +, − move it.",
    },
    "skip_table": {"ko": "표로 건너뛰기", "en": "Skip to the table"},
    "all_layers": {"ko": "모든 지수", "en": "All indices"},
    "normal": {"ko": "1991–2020년 관측", "en": "Observed 1991–2020"},
    "trend": {"ko": "10년당 추세 (95% 구간)", "en": "Trend per decade (95 % interval)"},
    "chart": {"ko": "연도별 값", "en": "Year by year"},
    "stripes": {"ko": "1991–2020년 평균과의 차이", "en": "Departure from the mean of 1991–2020"},
    "warmest": {"ko": "가장 큰 해", "en": "highest"},
    "coldest": {"ko": "가장 작은 해", "en": "lowest"},
    "numbers": {"ko": "숫자로 보기", "en": "As numbers"},
    "year": {"ko": "연도", "en": "Year"},
    "csv_series": {"ko": "이 그림의 값 CSV", "en": "This chart as CSV"},
    "operating": {"ko": "관측 기간", "en": "Operating"},
    "elevation": {"ko": "해발고도", "en": "Elevation"},
    "years_missing": {"ko": "빠진 해와 이유", "en": "Missing years, and why"},
    "no_gap": {
        "ko": "운영 기간에 빠진 해가 없습니다.",
        "en": "No year is missing while it operated.",
    },
    "outside": {"ko": "{} 밖: 관측하지 않음", "en": "outside {}: not operating"},
    "days_there": {"ko": "그 해 날수의 {}%만 있음", "en": "only {} % of the days"},
    "month_short": {
        "ko": "날수가 80% 미만인 달이 있음",
        "en": "a month has less than 80 % of its days",
    },
    "temperature": {"ko": "기온", "en": "Temperature"},
    "rain": {"ko": "강수", "en": "Rain"},
    "parts": {"ko": "포함된 지역", "en": "Its parts"},
    "small": {"ko": "거의 변화 없음", "en": "hardly any change"},
}

ROBUSTNESS: dict[int, Said] = {
    Robustness.NO_DATA: {"ko": "자료 없음", "en": "no data"},
    Robustness.ROBUST: {"ko": "견고한 변화", "en": "robust change"},
    Robustness.NO_CHANGE: {
        "ko": "자연 변동을 넘지 않음",
        "en": "no change beyond natural variability",
    },
    Robustness.CONFLICTING: {"ko": "모델 간 상반됨", "en": "models conflict"},
    Robustness.SINGLE: {"ko": "모델 하나뿐", "en": "one model only"},
    Robustness.NOT_POOLED: {
        "ko": "유효 독립 표본 20개 미만",
        "en": "fewer than 20 effectively independent samples",
    },
}
REASON: dict[int, Said] = {
    0: {"ko": "", "en": ""},
    1: {"ko": "기준 기간의 80% 미만", "en": "fewer than 80 % of the baseline's years"},
    2: {"ko": "가까운 관측지점 없음", "en": "no station near"},
    3: {"ko": "사용자 자료에 없음", "en": "not in the user's table"},
}


def window_name(window: str, language: Language) -> str:
    """Return `ssp585:2081-2100` or `gwl:2` as people read it."""
    kind, _, span = window.partition(":")
    if kind == "gwl":
        return f"+{span} °C {'온난화' if language == 'ko' else 'global warming'}"
    scenario = f"SSP{kind[3]}-{kind[4]}.{kind[5]}"
    return f"{scenario} {span.replace('-', '–')}{'년' if language == 'ko' else ''}"
