"""What the site and the review page say of reviews, in Korean and English."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.network import Network
from data.stations import Quantity, Stage
from forecast.edits import STAGE_KINDS, Change, Edit
from forecast.outlook import STAGES, Language, Outlook
from forecast.wording import STAGE_WORDS, in_language, number
from maps.local_time import local_moment
from maps.plain import file_name, plain
from maps.view import View
from maps.words import UNIT

Words = dict[str, dict[Language, str]]

WORDS: Words = {
    "edited": {"ko": "수정됨", "en": "Edited"},
    "by": {"ko": "{role}이(가) 수정", "en": "edited by {role}"},
    "reason": {"ko": "사유", "en": "reason"},
    "until": {"ko": "{time}까지", "en": "until {time}"},
    "automatic": {"ko": "자동 산출", "en": "Automatic"},
    "shown": {"ko": "수정 후 (게시)", "en": "Edited (shown)"},
    "lowered": {"ko": "단계를 낮춤", "en": "stage LOWERED"},
    "raised": {"ko": "단계를 높임", "en": "stage raised"},
    "idle": {"ko": "이번 예측에는 효과 없음", "en": "changes nothing in this forecast"},
    "edits": {"ko": "사람이 수정한 지점", "en": "Gauges that a person edited"},
    "gauge": {"ko": "지점", "en": "Gauge"},
    "stage": {"ko": "단계", "en": "Stage"},
    "peak": {"ko": "최고값", "en": "Peak"},
    "who": {"ko": "수정한 직책", "en": "Role"},
    "change": {"ko": "수정 내용", "en": "Edit"},
    "expires": {"ko": "유효 기한", "en": "Until"},
    "none": {"ko": "없음", "en": "none"},
    "wait": {
        "ko": "이 예측의 경보 메시지(CAP)는 검토를 기다립니다.",
        "en": "The alerts (CAP) of this forecast wait for review.",
    },
    "banner": {
        "ko": "사람이 수정한 예측이 있습니다: {gauges}. 자동 산출값은 그 옆에 있습니다.",
        "en": "A person has edited the forecast of: {gauges}. The automatic one stands beside it.",
    },
}
_STATE: dict[str, dict[Language, str]] = {
    "automatic": {"ko": "자동 산출, 검토 전", "en": "Automatic, not reviewed"},
    "approved": {"ko": "{role} 승인 ({time})", "en": "Approved by {role} ({time})"},
    "held": {"ko": "{role} 보류 ({time})", "en": "Held by {role} ({time})"},
}
_KINDS: dict[str, dict[Language, str]] = {
    "offset": {"ko": "{value} 가감", "en": "{value} added"},
    "level": {"ko": "{value}(으)로 설정", "en": "set to {value}"},
    "peak": {"ko": "최고값을 {value}(으)로", "en": "peak set to {value}"},
    "stage": {"ko": "단계를 {value}(으)로", "en": "stage set to {value}"},
    "at_least": {"ko": "{value} 이상", "en": "at least {value}"},
    "at_most": {"ko": "{value} 이하", "en": "at most {value}"},
}
NAMED = 5  # gauges that a banner names


def words(language: Language) -> dict[str, str]:
    """Return the plain texts of one language."""
    return {key: said[language] for key, said in WORDS.items()}


def state(view: View, language: Language) -> str:
    """Return who has approved or held a forecast, or that nobody has; "" if it is not reviewed."""
    review = view.review
    if review is None:
        return ""
    when = "" if np.isnat(review.at) else local_moment(view.zone, review.at)
    said = _STATE[review.state][language].format(role=review.role, time=when)
    return f"{said}: {review.reason}" if review.state == "held" and review.reason else said


def status(view: View, language: Language) -> dict[str, str]:
    """Return how a forecast stands, for every page of its network; {} if it is not reviewed."""
    if view.review is None:
        return {}
    return {"state": view.review.state, "said": state(view, language)}


def banners(view: View, language: Language) -> list[str]:
    """Return what must be seen first: edits in force, alerts that wait, a log that is broken."""
    review = view.review
    if review is None:
        return []
    said = [in_language(review.trouble, language)] if review.trouble else []
    said += [WORDS["wait"][language]] if review.waits else []
    moved = [change for change in review.changes if len(change.idle) < len(change.edits)]
    if moved:
        names = [_name(view.network, change.station, language) for change in moved[:NAMED]]
        more = f" (+{len(moved) - NAMED})" if len(moved) > NAMED else ""
        said.append(WORDS["banner"][language].format(gauges=", ".join(names) + more))
    return said


def change_of(view: View, station: str, language: Language) -> dict[str, Any]:
    """Return what stands beside one gauge's forecast; {} where nobody edited it."""
    change = view.review.by_gauge.get(station) if view.review else None
    return {} if change is None else told(view, change, language)


def changes(view: View, language: Language) -> list[dict[str, Any]]:
    """Return all changes of a network, in its order."""
    found = view.review.changes if view.review else ()
    return [told(view, change, language) for change in found]


def told(view: View, change: Change, language: Language) -> dict[str, Any]:
    """Return a change in words: before and after, and each edit with its role, reason and end."""
    quantity = view.network.quantity
    way = "lowered" if change.lowered else "raised" if change.raised else ""
    return {
        "id": change.station,
        "page": file_name(change.station),
        "name": _name(view.network, change.station, language),
        "before": _side(change.before, quantity, language),
        "after": _side(change.after, quantity, language),
        "way": WORDS[way][language] if way else "",
        "lowered": change.lowered,
        "edits": [edit_words(view, each, change.idle, language) for each in change.edits],
    }


def edit_words(
    view: View, edit: Edit, idle: Sequence[str], language: Language
) -> dict[str, str | bool]:
    """Return one edit in words."""
    until = local_moment(view.zone, edit.expires)
    return {
        "id": edit.id,
        "what": asked(edit, view.network.quantity, language),
        "role": plain(edit.role),
        "by": WORDS["by"][language].format(role=plain(edit.role)),
        "reason": plain(edit.reason),
        "until": WORDS["until"][language].format(time=until),
        "expires": until,
        "created": local_moment(view.zone, edit.created),
        "idle": edit.id in idle,
    }


def asked(edit: Edit, quantity: Quantity, language: Language) -> str:
    """Return what an edit asks for, e.g. `+0.30 m added`."""
    if edit.kind in STAGE_KINDS:
        value = STAGE_WORDS[STAGES[int(edit.value)]][language]
    else:
        sign = "+" if edit.kind == "offset" and edit.value > 0 else ""
        value = f"{sign}{number(edit.value, quantity)} {UNIT[quantity]}"
    return _KINDS[edit.kind][language].format(value=value)


def _side(outlook: Outlook, quantity: Quantity, language: Language) -> dict[str, Any]:
    none = np.isnan(outlook.peak)
    peak = WORDS["none"][language] if none else f"{number(outlook.peak, quantity)} {UNIT[quantity]}"
    stage: Stage = outlook.stage
    return {"stage": int(stage), "word": STAGE_WORDS[stage][language], "peak": peak}


def _name(network: Network, station: str, language: Language) -> str:
    found = network.station(station)
    return found.name_ko if language == "ko" else found.name_en
