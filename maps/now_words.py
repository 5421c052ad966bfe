"""What the *now* page says beside the words that all pages share, in Korean and English."""

from forecast.outlook import Language

Words = dict[str, dict[Language, str]]

NOW: Words = {
    "find": {"ko": "지점·하천·코드 찾기", "en": "Find a gauge, river or code"},
    "river": {"ko": "하천", "en": "River"},
    "all_rivers": {"ko": "모든 하천", "en": "All rivers"},
    "lead": {"ko": "시점", "en": "Time"},
    "worst": {"ko": "예측 기간 중 최악", "en": "Worst in the forecast period"},
    "play": {"ko": "재생", "en": "Play"},
    "reset": {"ko": "조건 지우기", "en": "Clear"},
    "more": {"ko": "더 보기", "en": "Show more"},
    "to_map": {"ko": "지도로", "en": "To the map"},
    "to_list": {"ko": "목록으로", "en": "To the list"},
    "of_all": {
        "ko": "{all}곳 가운데 위험한 {some}곳입니다. 나머지는 아래 파일에 있습니다.",
        "en": "The worst {some} of {all} gauges. The rest stand in the file below.",
    },
    "all_gauges": {"ko": "모든 지점 (CSV)", "en": "All gauges (CSV)"},
    "map_help": {
        "ko": "지도에 초점을 두고: 화살표는 이동, + −는 확대·축소, N과 P는 보이는 지점을 위험한 "
        "곳부터 차례로, Enter는 열기, Esc는 닫기. 목록에도 같은 내용이 있습니다.",
        "en": "With the focus on the map: arrows move it, + and − zoom, N and P go through the "
        "gauges in view, worst first, Enter opens, Esc closes. The list holds the same.",
    },
}
SCRIPT: Words = {  # for the page's own scripts; {braces} are filled there
    "worst": NOW["worst"],
    "now": {"ko": "현재", "en": "Now"},
    "play": NOW["play"],
    "stop": {"ko": "정지", "en": "Stop"},
    "found": {"ko": "{all}곳 중 {some}곳", "en": "{some} of {all} gauges"},
    "all": {"ko": "모두 {all}곳", "en": "All {all} gauges"},
    "none": {"ko": "조건에 맞는 지점이 없습니다.", "en": "No gauge matches."},
    "loading": {"ko": "불러오는 중입니다.", "en": "Loading."},
    "chance": {
        "ko": "{ahead} 안에 기준값을 넘을 가능성 {chance}",
        "en": "{chance} chance of exceeding a threshold within {ahead}",
    },
    "from": {
        "ko": "{ahead} 뒤부터 {level} (가능성 50 % 이상)",
        "en": "{level} from {ahead} on (50 % likely or more)",
    },
    "at_now": {"ko": "현재 {level}", "en": "now at {level}"},
    "unknown": {"ko": "{word}: {reason}", "en": "{word}: {reason}"},
    "peak": {"ko": "최고 {value}, {time}", "en": "peak {value} at {time}"},
    "last": {
        "ko": "마지막 관측 {value} (경과 {age})",
        "en": "Last reading {value} (age {age})",
    },
    "no_last": {"ko": "마지막 관측 없음", "en": "No reading"},
    "in_view": {"ko": "보이는 {all}곳 중 {at}번째", "en": "{at} of {all} in view"},
    "nothing_in_view": {"ko": "보이는 지점이 없습니다.", "en": "No gauge in view."},
    "zoom_in": {"ko": "확대", "en": "Zoom in"},
    "zoom_out": {"ko": "축소", "en": "Zoom out"},
}
