"""What the climate pages say, in both languages."""

from forecast.climate.catalogue import Language
from forecast.climate.robustness import Robustness

Said = dict[Language, str]

TEXT: dict[str, Said] = {
    "atlas": {"ko": "기후변화 상황지도", "en": "Climate-change situation map"},
    "map": {"ko": "지도", "en": "Map"},
    "stations": {"ko": "관측지점", "en": "Stations"},
    "station": {"ko": "관측지점", "en": "Station"},
    "about_map": {"ko": "방법과 자료", "en": "Method and data"},
    "layer": {"ko": "지수", "en": "Index"},
    "level": {"ko": "행정구역", "en": "Regions"},
    "sido": {"ko": "시도", "en": "Provinces"},
    "sigungu": {"ko": "시군구", "en": "Districts"},
    "base": {"ko": "기준 기간", "en": "Baseline"},
    "left": {"ko": "왼쪽 지도", "en": "Left map"},
    "right": {"ko": "오른쪽 지도", "en": "Right map"},
    "show": {"ko": "미래 표시", "en": "Show futures as"},
    "change": {"ko": "기준 기간 대비 변화", "en": "change from the baseline"},
    "level_shown": {"ko": "값", "en": "level"},
    "observed": {"ko": "관측값", "en": "observed"},
    "observed_short": {"ko": "관측", "en": "observed"},
    "gwl": {"ko": "지구 온난화 수준", "en": "Global warming level"},
    "region": {"ko": "지역", "en": "Region"},
    "choose_region": {"ko": "지역을 고르세요", "en": "Choose a region"},
    "to_region": {"ko": "지역 페이지", "en": "Region page"},
    "value": {"ko": "값", "en": "value"},
    "range": {"ko": "10–90%", "en": "10–90 %"},
    "robustness": {"ko": "견고성", "en": "robustness"},
    "agree": {"ko": "모델 일치", "en": "models that agree"},
    "of": {"ko": "개 중", "en": "of"},
    "table": {"ko": "표: 모든 지역의 같은 값", "en": "Table: the same numbers for every region"},
    "sort": {"ko": "정렬", "en": "sort"},
    "download": {"ko": "내려받기", "en": "Download"},
    "csv_shown": {"ko": "보이는 값 CSV", "en": "what is shown, CSV"},
    "geojson_shown": {"ko": "보이는 값 GeoJSON", "en": "what is shown, GeoJSON"},
    "csv_layer": {"ko": "이 지수 전체 CSV", "en": "all of this index, CSV"},
    "netcdf": {"ko": "지도 전체 NetCDF", "en": "the whole map, NetCDF"},
    "netcdf_series": {"ko": "연도별 값 NetCDF", "en": "yearly values, NetCDF"},
    "boundaries": {"ko": "경계 GeoJSON", "en": "boundaries, GeoJSON"},
    "missing": {"ko": "자료 없음", "en": "no data"},
    "legend": {"ko": "범례", "en": "Legend"},
    "rule": {"ko": "기준", "en": "Rule"},
    "left_out": {"ko": "지점 하나를 뺐을 때의 보간 오차", "en": "error at a station left out"},
    "source": {"ko": "자료", "en": "Source"},
    "method": {"ko": "방법", "en": "Method"},
    "models": {"ko": "모델", "en": "models"},
    "reference": {
        "ko": "모델 변화의 기준: 2000–2019년",
        "en": "model changes are from 2000–2019",
    },
    "synthetic": {"ko": "합성", "en": "SYNTHETIC"},
    "no_script": {
        "ko": "지도를 바꾸려면 자바스크립트가 필요합니다. 표와 CSV에 같은 값이 있습니다.",
        "en": "Changing the map needs JavaScript; the table and CSV files hold its numbers.",
    },
    "map_help": {
        "ko": "지도를 눌러 고르거나, ‘지역’ 목록에서 고르세요. 화살표로 지도를 움직입니다.",
        "en": "Click the map, or choose from the list of regions. Arrow keys move the map.",
    },
    "skip_table": {"ko": "표로 건너뛰기", "en": "Skip to the table"},
    "all_layers": {"ko": "모든 지수", "en": "All indices"},
    "normal": {"ko": "1991–2020년 관측", "en": "observed 1991–2020"},
    "trend": {"ko": "10년당 추세 (95% 구간)", "en": "trend per decade (95 % interval)"},
    "chart": {"ko": "연도별 값", "en": "Year by year"},
    "stripes": {"ko": "1991–2020년 대비 편차", "en": "Departure from 1991–2020"},
    "numbers": {"ko": "숫자로 보기", "en": "As numbers"},
    "year": {"ko": "연도", "en": "year"},
    "csv_series": {"ko": "이 그림의 값 CSV", "en": "this chart as CSV"},
    "operating": {"ko": "관측 기간", "en": "operating"},
    "elevation": {"ko": "해발고도", "en": "elevation"},
    "years_missing": {"ko": "빠진 해와 이유", "en": "Missing years, and why"},
    "days_there": {"ko": "그 해 날수의 {}%만 있음", "en": "only {} % of the year's days"},
    "month_short": {
        "ko": "한 달 이상이 80% 미만",
        "en": "a month has less than 80 % of its days",
    },
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
        "ko": "독립 표본 20개 미만",
        "en": "fewer than 20 independent samples",
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
