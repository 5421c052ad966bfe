"""What is said of a gauge that a person edited, in Korean and English, without who and why.

Who and why stand beside it (`maps.review_words`): they are a person's own text, in one language.
"""

from dataclasses import replace

import numpy as np

from data.stations import Quantity, Stage
from forecast.outlook import Outlook
from forecast.wording import STAGE_WORDS, in_language, number

JUDGED_UNKNOWN = "예보관이 판단을 유보했습니다. A forecaster set it to unknown."
_UNITS = {Quantity.WATER_LEVEL: "m", Quantity.DISCHARGE: "m³/s"}


def noted(outlook: Outlook, before: Outlook, quantity: Quantity) -> Outlook:
    """Return an edited outlook whose note says what was changed; the same where nothing was.

    Args:
        before: What the automatic forecast means.
    """
    text = _told(outlook, before, quantity)
    if not text:
        return outlook
    parts = [in_language(part, "ko") for part in (outlook.note, text) if part]
    parts += [in_language(part, "en") for part in (outlook.note, text) if part]
    return replace(outlook, note=" ".join(parts))


def _told(outlook: Outlook, before: Outlook, quantity: Quantity) -> str:
    if outlook.stage is not before.stage:
        return _stage(outlook.stage, before)
    if _same(outlook.peak, before.peak):
        return "" if outlook is before else _LEVELS
    peak = f"{number(before.peak, quantity)} {_UNITS[quantity]}"
    return (
        f"예보관이 수정한 수치이며 자동 산출의 최고값은 {peak}입니다. "
        f"Edited by a forecaster; the automatic peak is {peak}."
    )


_LEVELS = "예보관이 수정한 수치입니다. Edited by a forecaster."


def _stage(stage: Stage, before: Outlook) -> str:
    was = {language: STAGE_WORDS[before.stage][language] for language in ("ko", "en")}
    if before.stage is Stage.UNKNOWN:
        return (
            "자동 산출이 없어 사람이 판단한 단계입니다. "
            "A person's judgement: nothing is known automatically."
        )
    if stage is Stage.UNKNOWN:
        way = ("내린", "TAKEN AWAY")
    else:
        way = ("높인", "raised") if stage > before.stage else ("낮춘", "LOWERED")
    return (
        f"예보관이 {way[0]} 단계이며 자동 산출은 {was['ko']}입니다. "
        f"Stage {way[1]} by a forecaster; the automatic one is {was['en']}."
    )


def _same(one: float, other: float) -> bool:
    return bool(one == other or (np.isnan(one) and np.isnan(other)))
