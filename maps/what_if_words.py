"""The words of what-if pages, Korean and English."""

from forecast.outlook import Language

WORDS: dict[str, dict[Language, str]] = {
    "mark": {"ko": "가정", "en": "WHAT-IF"},
    "banner": {
        "ko": "가정: 입력을 바꾸어 본 계산입니다. 예측으로 발표되지 않았으며 실제 상황이 아닙니다.",
        "en": "WHAT-IF: computed from changed inputs. It is not issued as a forecast, and it is "
        "not what is happening.",
    },
    "replay": {
        "ko": "재현: 과거 시각의 자료로 계산했습니다.",
        "en": "REPLAY: computed from what was known at a time in the past.",
    },
    "simulated": {
        "ko": "모의: 실제 하천이 아닌 모의 자료입니다.",
        "en": "SIMULATED: these are not real rivers.",
    },
    "drill": {
        "ko": "훈련: 관측값이 실시간 자료가 아닙니다.",
        "en": "DRILL: the readings come from a replay or simulation.",
    },
    "official": {
        "ko": "공식 홍수특보가 아닙니다. 대피와 통제는 관계 기관의 공식 발표를 따르십시오.",
        "en": "Not an official flood warning. Follow what the authorities announce.",
    },
    "skip": {"ko": "본문으로 건너뛰기", "en": "Skip to the content"},
    "other": {"ko": "English", "en": "한국어"},
    "issued": {"ko": "발표 시각", "en": "Issue time"},
    "who": {"ko": "누가", "en": "Who"},
    "reason": {"ko": "이유", "en": "Why"},
    "model": {"ko": "모델", "en": "Model"},
    "changes": {"ko": "바꾼 것", "en": "What was changed"},
    "notes": {"ko": "믿기 전에 알아야 할 것", "en": "Before you trust it"},
    "table": {"ko": "자동 예측과의 차이", "en": "What differs from the automatic forecast"},
    "gauge": {"ko": "지점", "en": "Gauge"},
    "automatic": {"ko": "자동 예측", "en": "Automatic forecast"},
    "what_if": {"ko": "가정", "en": "WHAT-IF"},
    "peak": {"ko": "최고", "en": "Peak"},
    "when": {"ko": "시각", "en": "When"},
    "stage": {"ko": "단계", "en": "Stage"},
    "difference": {"ko": "차이", "en": "Difference"},
    "chance": {"ko": "{} 가능성", "en": "P({})"},
    "observed": {"ko": "관측", "en": "observed"},
    "changed": {"ko": "바꾼 관측", "en": "changed readings"},
    "median": {"ko": "중앙값", "en": "median"},
    "bands": {"ko": "예측 범위 50 · 90 %", "en": "range 50 · 90 %"},
    "none": {"ko": "예측 없음", "en": "no forecast"},
    "pictures": {"ko": "수문곡선", "en": "Hydrographs"},
    "files": {"ko": "파일", "en": "Files"},
}


def said(key: str, language: Language) -> str:
    """Return one text of the pages."""
    return WORDS[key][language]
