"""What scores say in plain sentences, Korean and English."""

import numpy as np
import xarray as xr

from data.stations import Stage
from forecast.outlook import Language
from forecast.wording import STAGE_WORDS, span

GOOD = (0.85, 0.95)  # coverage of the 90 % range that is called right
ENOUGH = 100  # pairs: with fewer, scores are chance
_THREE = 3


def sentences(scores: xr.Dataset, language: Language) -> list[str]:
    """Return what the scores of one model say, over all gauges or at one.

    Args:
        scores: By lead_time, events also by stage; of one model.
    """
    if "n" in scores and float(scores.n.max()) < ENOUGH:
        return [_few(scores, language)]
    told = [_gain(scores, language), _coverage(scores, language), _events(scores, language)]
    return [text for text in [*told, _warned(scores, language)] if text]


def _few(scores: xr.Dataset, language: Language) -> str:
    pairs = f"{float(scores.n.max()):,.0f}"
    return {
        "ko": f"견줄 수 있는 예측이 {pairs}개뿐이라 아래 점수로는 아직 판단할 수 없습니다.",
        "en": f"Only {pairs} forecasts could be compared: too few to judge by the scores below.",
    }[language]


def _picked(values: xr.DataArray) -> list[tuple[np.timedelta64, float]]:
    """Return the first, the middle and the last lead time that have a value, and the values."""
    known = [
        (lead, float(value))
        for lead, value in zip(values.lead_time.values, values.values, strict=True)
        if np.isfinite(value)
    ]
    return known if len(known) <= _THREE else [known[0], known[len(known) // 2], known[-1]]


def _gain(scores: xr.Dataset, language: Language) -> str:
    parts = [_than_no_change(*pair, language) for pair in _picked(scores.persistence_skill)]
    if not parts:
        return ""
    return {
        "ko": f"‘변화 없음’이라는 예측에 견준 오차(제곱 평균): {', '.join(parts)}.",
        "en": f"Beside a forecast of no change, the mean squared error is {', '.join(parts)}.",
    }[language]


def _than_no_change(lead: np.timedelta64, skill: float, language: Language) -> str:
    ahead, percent = span(lead, language), f"{abs(100 * skill):.0f} %"
    if percent == "0 %":
        return f"{ahead} 앞 같음" if language == "ko" else f"the same at {ahead}"
    if language == "ko":
        return f"{ahead} 앞 {percent} {'작음' if skill >= 0 else '큼'}"
    return f"{percent} {'smaller' if skill >= 0 else 'larger'} at {ahead}"


def _coverage(scores: xr.Dataset, language: Language) -> str:
    pairs = _picked(scores.coverage90) if "coverage90" in scores else []
    if not pairs:
        return ""
    shares = ", ".join(f"{span(lead, language)} {100 * share:.0f} %" for lead, share in pairs)
    worst = max((share for _, share in pairs), key=lambda share: abs(share - sum(GOOD) / 2))
    verdict = _verdict(worst)[language]
    return {
        "ko": f"90 % 범위 안에 실제로 든 비율: {shares}. {verdict}",
        "en": f"Share that came to lie within the 90 % range: {shares}. {verdict}",
    }[language]


def _verdict(share: float) -> dict[Language, str]:
    if share < GOOD[0]:
        return {"ko": "범위가 좁아 지나치게 확신합니다.", "en": "The range is too narrow."}
    if share > GOOD[1]:
        return {"ko": "범위가 필요보다 넓습니다.", "en": "The range is wider than it need be."}
    return {"ko": "알맞습니다.", "en": "That is right."}


def _events(scores: xr.Dataset, language: Language) -> str:
    """Return how often the mildest stage was met that came at all, at the middle lead time."""
    if not {"hits", "misses", "false_alarms"} <= set(scores.data_vars):
        return ""
    lead = scores.lead_time.values[(scores.sizes["lead_time"] - 1) // 2]
    at = scores.sel(lead_time=lead)
    for key in at.stage.values:
        found = at.sel(stage=key)
        hits, misses, false = (float(found[n]) for n in ("hits", "misses", "false_alarms"))
        if hits + misses > 0:
            return _met(Stage[str(key).upper()], lead, (hits, misses, false), language)
    return ""


def _met(
    stage: Stage, lead: np.timedelta64, counts: tuple[float, float, float], language: Language
) -> str:
    hits, misses, false = counts
    name, ahead, cases = STAGE_WORDS[stage][language], span(lead, language), hits + misses
    wrong = f"{100 * false / (hits + false):.0f} %" if hits + false > 0 else "–"
    share = f"{100 * hits / cases:.0f} %"
    return {
        "ko": f"{name} 이상이던 {cases:,.0f}건 가운데 {hits:,.0f}건({share})을 {ahead} 앞에서 "
        f"맞혔고 {misses:,.0f}건을 놓쳤습니다. 그렇게 예측한 것의 {wrong}는 헛경보였습니다.",
        "en": f"Of {cases:,.0f} cases at {name} or above, {hits:,.0f} ({share}) were forecast "
        f"{ahead} ahead and {misses:,.0f} missed; {wrong} of what was forecast so were false "
        f"alarms.",
    }[language]


def _warned(scores: xr.Dataset, language: Language) -> str:
    """Return how early stages were forecast that then were reached; the mildest that was."""
    if not {"lead_time_gained", "n_onsets", "n_forewarned"} <= set(scores.data_vars):
        return ""
    for key in scores.stage.values:
        found = scores.sel(stage=key)
        count, early = float(found.n_onsets), float(found.n_forewarned)
        if count > 0:
            name = STAGE_WORDS[Stage[str(key).upper()]][language]
            gained = f"{float(found.lead_time_gained):.1f}"
            return {
                "ko": f"{name}에 닿은 {count:,.0f}번 가운데 {early:,.0f}번을 미리 알렸고, 평균 "
                f"{gained}시간을 벌었습니다.",
                "en": f"{name.capitalize()} was reached {_times(count)} and forecast before "
                f"{_times(early)}; {gained} hours were gained on average.",
            }[language]
    return ""


def _times(count: float) -> str:
    return f"{count:,.0f} time" + ("" if count == 1 else "s")
