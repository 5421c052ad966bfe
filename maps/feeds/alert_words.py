"""What alerts say, in Korean and English."""

from data.stations import Quantity, Stage
from forecast.outlook import Language
from forecast.wording import stage_level
from maps.feeds.warnings import Kind

HEADLINES: dict[Kind, dict[Language, str]] = {
    Kind.RAISED: {"ko": "{name}: {level} 예상", "en": "{name}: {level} expected"},
    Kind.REACHED: {"ko": "{name}: {level} 도달", "en": "{name}: {level} reached"},
    Kind.LOWERED: {"ko": "{name}: {level}로 낮춤", "en": "{name}: lowered to {level}"},
    Kind.LOST: {"ko": "{name}: 판단 불가 ({level} 유지)", "en": "{name}: unknown ({level} kept)"},
    Kind.FOUND: {"ko": "{name}: {level}, 자료 회복", "en": "{name}: {level}, data are back"},
    Kind.RENEWED: {"ko": "{name}: {level} 계속", "en": "{name}: {level} continues"},
    Kind.ENDED: {"ko": "{name}: {level} 종료", "en": "{name}: {level} ended"},
    Kind.WITHDRAWN: {
        "ko": "{name}: {level} 알림 철회 (판단 불가)",
        "en": "{name}: {level} alert withdrawn (unknown)",
    },
}
LOST: dict[Language, str] = {
    "ko": "관측이나 예측이 없어 알림이 아직 유효한지 알 수 없습니다. 해제된 것이 아닙니다.",
    "en": "Without readings or forecast it is not known whether the alert still holds. "
    "It has not ended.",
}
NOTES: dict[Kind, dict[Language, str]] = {
    Kind.LOST: LOST,
    Kind.LOWERED: {
        "ko": "잇단 발표에서 더 낮은 단계로 나와 알림을 낮춥니다.",
        "en": "Several forecasts in a row were lower.",
    },
    Kind.ENDED: {
        "ko": "잇단 발표에서 알릴 단계가 아니어서 알림을 끝냅니다.",
        "en": "Several forecasts in a row were below every alert stage: this alert ends.",
    },
    Kind.WITHDRAWN: {
        "ko": "오래 자료가 없어 알림을 거둡니다. 안전하다는 뜻이 아닙니다.",
        "en": "For long there were no data, so this alert is withdrawn. This is no all-clear.",
    },
}
GONE: dict[Language, str] = {
    "ko": "이 지점은 더 이상 예측하지 않습니다. 안전하다는 뜻이 아닙니다.",
    "en": "This gauge is no longer forecast. This is no all-clear.",
}
INSTRUCTION: dict[Language, str] = {
    "ko": "하천변에 가지 말고 관계 기관의 공식 특보를 확인하십시오.",
    "en": "Keep away from the river and look for the official warnings of the authorities.",
}
_EVENT: dict[Language, str] = {"ko": "홍수 예측: {level}", "en": "Flood forecast: {level}"}
_AREA: dict[Language, str] = {"ko": "{name} ({river}) 부근", "en": "Around {name} ({river})"}
_LONGEST = 60  # characters of a name in a headline, which shall have at most 160


def event(stage: Stage, quantity: Quantity, language: Language) -> str:
    """Return the kind of event."""
    return _EVENT[language].format(level=stage_level(stage, quantity, language))


def headline(kind: Kind, name: str, level: str, language: Language, lost: bool = False) -> str:
    """Return one line.

    Args:
        lost: Nothing is known; a renewal then says so again.
    """
    told = Kind.LOST if lost and kind is Kind.RENEWED else kind
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return HEADLINES[told][language].format(name=short, level=level)


def area(name: str, river: str, language: Language) -> str:
    """Return where an alert holds."""
    return _AREA[language].format(name=name, river=river)
