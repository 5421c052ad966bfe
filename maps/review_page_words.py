"""What the reviewer's own page says, in Korean and English."""

from forecast.outlook import Language
from maps.review_words import WORDS, Words

_OWN: Words = {
    "title": {"ko": "예보 검토", "en": "Forecast review"},
    "local": {
        "ko": "이 화면은 이 컴퓨터에서만 열립니다. 여기서 저장하면 사이트가 다시 게시됩니다.",
        "en": "This page opens on this machine only. What is saved here is published on the site.",
    },
    "networks": {"ko": "검토할 예측", "en": "Forecasts to review"},
    "no_networks": {
        "ko": "게시된 예측이 없습니다. 먼저 mulgil forecast를 실행하십시오.",
        "en": "No forecast is published yet. Run: mulgil forecast",
    },
    "other": {"ko": "English", "en": "한국어"},
    "issued": {"ko": "발표", "en": "Issued"},
    "run": {"ko": "실행", "en": "Run"},
    "version": {"ko": "검토 기록 판", "en": "Review log version"},
    "gauges": {"ko": "지점 (위험한 곳부터)", "en": "Gauges, worst first"},
    "find": {"ko": "지점·하천·코드 찾기", "en": "Find a gauge, river or code"},
    "search": {"ko": "찾기", "en": "Find"},
    "all": {"ko": "모두 {count}곳", "en": "{count} gauges"},
    "some": {"ko": "{count}곳 가운데 {some}곳", "en": "{some} of {count} gauges"},
    "now": {"ko": "현재", "en": "Now"},
    "last": {"ko": "마지막 관측", "en": "Last reading"},
    "missing": {"ko": "없음", "en": "missing"},
    "decide": {"ko": "이 예측을 판단하기", "en": "Decide on this forecast"},
    "approve": {"ko": "승인", "en": "Approve"},
    "hold": {"ko": "보류", "en": "Hold"},
    "undecide": {"ko": "판단 철회", "en": "Take the decision back"},
    "approve_means": {
        "ko": "승인하면 직책이 사이트에 표시되고, 기다리던 경보 메시지가 나갑니다. "
        "승인 뒤에 수정하면 다시 승인해야 합니다.",
        "en": "Approving shows the role on the site and lets the waiting alerts go out. "
        "An edit afterwards needs a new approval.",
    },
    "hold_means": {
        "ko": "보류하면 자동 산출은 그대로 보이고 경보 메시지는 멈춥니다.",
        "en": "Holding leaves the automatic forecast visible and stops its alerts.",
    },
    "role": {"ko": "직책 (사이트에 표시)", "en": "Role (shown on the site)"},
    "name": {"ko": "이름 (기록에만 남음)", "en": "Name (kept in the log only)"},
    "why": {"ko": "사유 (사이트에 표시)", "en": "Reason (shown on the site)"},
    "hours": {"ko": "유효 시간 (최대 72시간)", "en": "Expires after [hours, at most 72]"},
    "edit": {"ko": "이 지점 수정", "en": "Edit this gauge"},
    "sign": {"ko": "누가, 왜, 언제까지", "en": "Who, why, how long"},
    "levels": {"ko": "수치를 고치기", "en": "Change the levels"},
    "stages": {"ko": "단계를 정하기", "en": "Set the stage"},
    "kind": {"ko": "방법", "en": "How"},
    "value": {"ko": "값", "en": "Value"},
    "from": {"ko": "발표 뒤 몇 시간부터", "en": "From [hours after the issue]"},
    "to": {"ko": "발표 뒤 몇 시간까지", "en": "To [hours after the issue]"},
    "fade": {"ko": "그 뒤 사라지는 시간", "en": "Then fading over [hours]"},
    "whole": {"ko": "비우면 예측 기간 전체", "en": "empty: the whole forecast"},
    "offset": {"ko": "더하기 (±)", "en": "Add (±)"},
    "level": {"ko": "중앙값을 이 값으로", "en": "Median becomes"},
    "set_peak": {"ko": "최고값을 이 값으로", "en": "Peak becomes"},
    "set_stage": {"ko": "이 단계로", "en": "Is"},
    "at_least": {"ko": "이 단계 이상", "en": "At least"},
    "at_most": {"ko": "이 단계 이하", "en": "At most"},
    "the_stage": {"ko": "단계", "en": "Stage"},
    "save_levels": {"ko": "수치 수정 저장", "en": "Save the levels"},
    "save_stage": {"ko": "단계 수정 저장", "en": "Save the stage"},
    "lower_warning": {
        "ko": "단계를 낮추면 모든 화면과 파일에 ‘낮춤’으로 표시됩니다. "
        "관측된 단계는 바뀌지 않습니다.",
        "en": "A lowered stage is marked LOWERED everywhere. A stage that is read stays.",
    },
    "withdraw": {"ko": "수정 철회", "en": "Withdraw"},
    "log": {"ko": "검토 기록 (최근)", "en": "Review log, newest first"},
    "saved": {"ko": "저장하고 게시했습니다.", "en": "Saved and published."},
    "lead": {"ko": "선행 시간", "en": "Lead time"},
    "medians": {"ko": "중앙값", "en": "Medians"},
    "back": {"ko": "지점 목록으로", "en": "Back to the list"},
    "site": {"ko": "게시된 사이트", "en": "The published site"},
    "problem": {"ko": "저장하지 않았습니다", "en": "Not saved"},
    "nothing": {"ko": "아직 없습니다.", "en": "Nothing yet."},
    "drill": {"ko": "모의·재현", "en": "Simulated or replayed"},
}


def page_words(language: Language) -> dict[str, str]:
    """Return the texts of one language."""
    return {key: said[language] for key, said in (WORDS | _OWN).items()}
