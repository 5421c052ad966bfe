"""The sentences of a situation report, in Korean and English; {braces} are filled from the numbers.

Korean particles that depend on a name are put by `maps.situation_particles`; before a counted 곳, a
시간 or a word of ours they are written out here.
"""

from forecast.outlook import Language

SAID: dict[str, dict[Language, str]] = {
    "title": {"ko": "{network} 상황보고", "en": "Situation report: {network}"},
    # the headline
    "no_gauges": {"ko": "이 하천망에는 지점이 없습니다.", "en": "This network has no gauges."},
    "alert": {
        "ko": "{all}곳 가운데 {some}곳이 현재 또는 앞으로 {ahead} 안에 {mildest} 이상으로 "
        "관측되었거나 예상되며, 가장 높은 단계는 {top}({most}곳)입니다.",
        "en": "{some} of {gauges} {are} observed or expected at {mildest} or above, now or within "
        "{ahead}; the highest stage is {top} ({most}).",
    },
    "alert_mild": {
        "ko": "{all}곳 가운데 {some}곳이 현재 또는 앞으로 {ahead} 안에 {mildest} 단계로 "
        "관측되었거나 예상됩니다.",
        "en": "{some} of {gauges} {are} observed or expected at {mildest}, now or within {ahead}.",
    },
    "quiet": {
        "ko": "{every} 현재와 앞으로 {ahead} 동안 평상으로 예상됩니다.",
        "en": "{every} {are} expected to stay normal, now and for {ahead}.",
    },
    "quiet_known": {
        "ko": "판단할 수 있는 {known}곳은 현재와 앞으로 {ahead} 동안 평상으로 예상됩니다.",
        "en": "The {gauges} that can be judged {are} expected to stay normal, now and for {ahead}.",
    },
    "and_unknown": {
        "ko": "{all}곳 가운데 {some}곳은 판단할 수 없습니다.",
        "en": "{some} of {gauges} cannot be judged.",
    },
    "all_unknown": {
        "ko": "{every} 판단할 수 없습니다. 안전하다는 뜻이 아닙니다.",
        "en": "{every} cannot be judged. That does not mean that it is safe.",
    },
    "by_person": {
        "ko": "사람이 수정한 곳은 {some}곳입니다.",
        "en": "{gauges} {were} edited by a person.",
    },
    "worst_is": {
        "ko": "가장 위험한 곳은 {name}입니다. {sentence}",
        "en": "The worst is {name}. {sentence}",
    },
    # what is happening
    "above_now": {
        "ko": "지금 관심 이상인 곳은 {some}곳입니다.",
        "en": "{gauges} {are} at attention or above now.",
    },
    "above_none": {
        "ko": "지금 관심 이상으로 관측된 곳은 없습니다.",
        "en": "No gauge has been read at attention or above now.",
    },
    "above_none_known": {
        "ko": "지금 단계를 아는 {known}곳 가운데 관심 이상으로 관측된 곳은 없습니다.",
        "en": "Of the {gauges_known} whose stage is known now, none has been read at attention or "
        "above.",
    },
    "will_rise": {
        "ko": "앞으로 {ahead} 안에 {some}곳의 단계가 지금보다 높아질 것으로 예상됩니다(가능성 50 % "
        "이상).",
        "en": "{gauges} {are} expected to reach a higher stage than now within {ahead} (50 % "
        "likely or more).",
    },
    "will_rise_edited": {
        "ko": "앞으로 {ahead} 안에 {some}곳의 단계가 지금보다 높아질 것으로 예상됩니다(가능성 50 % "
        "이상이거나, 사람이 그렇게 판단).",
        "en": "{gauges} {are} expected to reach a higher stage than now within {ahead} (50 % "
        "likely or more, or so judged by a person).",
    },
    "will_rise_none": {
        "ko": "앞으로 {ahead} 안에 단계가 높아질 것으로 예상되는 곳은 없습니다.",
        "en": "No gauge is expected to reach a higher stage within {ahead}.",
    },
    "will_rise_none_known": {
        "ko": "앞으로 {ahead} 안에 단계가 높아질 것으로 예상되는 곳은, 예측이 있는 {known}곳 "
        "가운데 없습니다.",
        "en": "Of the {gauges_known} with a forecast, none is expected to reach a higher stage "
        "within {ahead}.",
    },
    "unknown_now": {
        "ko": "지금 단계를 알 수 없는 곳은 {some}곳입니다. 알 수 없는 것은 안전한 것이 아닙니다.",
        "en": "How {gauges} {stand} now is not known. Not known does not mean safe.",
    },
    # tables
    "worst_of": {
        "ko": "위험한 순서로 {some}곳만 실었습니다. 나머지 {rest}곳은 지점 목록에 있습니다.",
        "en": "The worst {some}; the other {rest} stand in the list of gauges.",
    },
    "quiet_rest": {
        "ko": "나머지 {rest}곳은 평상이며, 관심 이상 도달 가능성이 5 % 이하이거나 계산되지 "
        "않았습니다.",
        "en": "The other {gauges} {are} normal; the chance of reaching attention is 5 % or less, "
        "or was not computed.",
    },
    "none_judged": {"ko": "판단할 수 있는 지점이 없습니다.", "en": "No gauge can be judged."},
    "all_judged": {
        "ko": "모든 지점을 판단할 수 있습니다.",
        "en": "All gauges can be judged.",
    },
    "unknown_of": {
        "ko": "판단할 수 없는 곳은 {some}곳이며, 마지막 관측 때 단계가 높았던 곳부터 적습니다.",
        "en": "{gauges} cannot be judged; those that were highest when last read come first.",
    },
    "at_present": {"ko": "현재", "en": "now"},
    "not_reached": {"ko": "도달 안 함", "en": "not reached"},
    "by_hand": {"ko": "사람이 수정함", "en": "edited by a person"},
    "now_at": {"ko": "현재 {stage}", "en": "now {stage}"},
    "of_stage": {"ko": "{stage} 이상", "en": "{stage} or above"},
    "never": {"ko": "관측 없음", "en": "no reading"},
    "at_issue": {"ko": "발표 시각", "en": "at issue time"},
    "ago": {"ko": "{age} 전", "en": "{age} ago"},
    "minute": {"ko": "1분 미만", "en": "under a minute"},
    # what changed
    "first": {
        "ko": "견줄 지난 발표가 없습니다. 이 보고가 처음이거나, 지난 발표와 성격이 다릅니다.",
        "en": "There is no earlier issue of the same kind to compare with.",
    },
    "same": {
        "ko": "지난 발표 {time} 이후 {ago} 동안 단계가 바뀐 곳이 없습니다.",
        "en": "No gauge has changed its stage in the {ago} since the last issue, {time}.",
    },
    "changed": {
        "ko": "지난 발표 {time} 이후 {ago} 동안 {parts}입니다.",
        "en": "In the {ago} since the last issue, {time}: {parts}.",
    },
    "one_rose": {
        "ko": "{name_i} {before}에서 {after_to} 올랐습니다.",
        "en": "{name} rose from {before} to {after}.",
    },
    "one_lost": {
        "ko": "{name_un} 지난 발표에서 {before} 단계였는데 이제 판단할 수 없습니다. 낮아졌다는 "
        "뜻이 아닙니다.",
        "en": "{name} was at {before} and can no longer be judged; that does not mean it has "
        "fallen.",
    },
    "rest_changes": {
        "ko": "앞의 {some}건만 실었습니다. 나머지 {rest}건은 지점 목록에서 볼 수 있습니다.",
        "en": "The first {some}; {rest} more changes can be seen in the list of gauges.",
    },
    # rain
    "no_rain": {
        "ko": "이 하천망에는 강우 관측이 없습니다. 비가 오지 않았다는 뜻이 아닙니다.",
        "en": "No rain is measured in this network. That does not mean that none fell.",
    },
    "rain_unknown": {
        "ko": "지난 {hours}시간의 강우는 알 수 없습니다. 비가 오지 않았다는 뜻이 아닙니다.",
        "en": "The rain of the last {hours} h is not known. That does not mean that none fell.",
    },
    "rain_mean": {
        "ko": "지난 {hours}시간 강우는 자료가 온전한 {some}곳 평균 {mean} mm이고, 가장 많은 곳은 "
        "{name}({most} mm{at_least})입니다.",
        "en": "In the last {hours} h, {mean} mm of rain fell on the mean of {gauges} with whole "
        "records; the most was {at_least}{most} mm at {name}.",
    },
    "rain_none": {
        "ko": "지난 {hours}시간 자료가 온전한 {some}곳에서 비가 관측되지 않았습니다.",
        "en": "In the last {hours} h no rain was measured at the {gauges} with whole records.",
    },
    "rain_most": {
        "ko": "지난 {hours}시간 강우가 온전한 곳이 없습니다. 알려진 가장 많은 비는 "
        "{name}의 {most} mm 이상입니다.",
        "en": "No gauge has a whole record of the last {hours} h; the most that is known is at "
        "least {most} mm at {name}.",
    },
    "rain_lacking": {
        "ko": "강우 자료가 없거나 끊긴 곳은 {all}곳 가운데 {some}곳이며, 평균에 넣지 않았습니다.",
        "en": "{some} of {gauges} have no rain record or gaps in it, and are not in the mean.",
    },
    "at_least": {"ko": " 이상", "en": "at least "},
    "ahead_known": {
        "ko": "이 예측은 앞으로의 강우 예보를 씁니다(출처: {source}).",
        "en": "The forecast uses rain that was forecast for the hours ahead (from: {source}).",
    },
    "ahead_sum": {
        "ko": "앞으로 {hours}시간 예보 강우는 {some}곳 평균 {mean} mm이고, 가장 많은 곳은 "
        "{name}({most} mm)입니다.",
        "en": "Forecast for the next {hours} h: {mean} mm on the mean of {gauges}, the most "
        "{most} mm at {name}.",
    },
    "ahead_plan": {
        "ko": "사람이 준 계획을 씁니다: {variables}, {who}, 사유: {reason}.",
        "en": "It uses a plan that was handed over: {variables}, by {who}, reason: {reason}.",
    },
    "ahead_none": {
        "ko": "이 예측은 앞으로의 강우 예보를 쓰지 않습니다.",
        "en": "The forecast uses no rain that was forecast for the hours ahead.",
    },
    # state of the data
    "fresh": {
        "ko": "{every} 마지막 관측이 {limit} 이내입니다.",
        "en": "{every} {have} sent a reading within {limit}.",
    },
    "silent": {
        "ko": "{all}곳 가운데 {some}곳은 마지막 관측이 {limit}을 넘었습니다.",
        "en": "{some} of {gauges} {have} sent nothing for more than {limit}.",
    },
    "never_read": {
        "ko": "그중 {some}곳은 마지막 관측이 언제인지도 알 수 없습니다.",
        "en": "Of {some} of them no reading is known at all.",
    },
    "oldest": {
        "ko": "가장 오래된 것은 {name}의 {age} 전 관측입니다.",
        "en": "The oldest is that of {name}, {age} ago.",
    },
    "median_age": {
        "ko": "관측의 나이는 중앙값 {age}입니다.",
        "en": "The median age of the readings is {age}.",
    },
    "providers_fine": {
        "ko": "물은 자료 {all}건이 모두 정상으로 왔습니다.",
        "en": "Feeds that were asked: {all}; every one answered in full.",
    },
    "providers_amiss": {
        "ko": "물은 자료 {all}건 가운데 {some}건이 정상이 아닙니다.",
        "en": "Feeds that were asked: {all}; not answered in full: {some}.",
    },
    "providers_not_asked": {
        "ko": "이번 실행은 제공처에 묻지 않고 보관된 자료를 썼습니다.",
        "en": "This run asked no provider; it used what was stored.",
    },
    "providers_unknown": {
        "ko": "제공처가 무엇을 했는지 기록이 없습니다.",
        "en": "There is no record of what the providers did.",
    },
    "why_unknown": {"ko": "{some}곳: {reason}", "en": "{gauges}: {reason}"},
    "why_not": {"ko": "이유 기록 없음", "en": "no reason recorded"},
    "why_rest": {"ko": "그 밖의 이유 {some}곳", "en": "{gauges}: other reasons"},
    "fallback": {
        "ko": "{some}곳은 모델 대신 지속 예측(변화 없음)을 냈습니다: {names}.",
        "en": "At {gauges} persistence (no change) is issued and not the model: {names}.",
    },
    "and_more": {"ko": "{names} 외 {rest}곳", "en": "{names} and {rest} more"},
    "late": {
        "ko": "이 예측은 제때 나오지 못해 늦게 채운 것입니다.",
        "en": "This forecast was not issued on time; it was filled in late.",
    },
    # review
    "automatic": {
        "ko": "자동 산출이며, 사람이 검토하지 않았습니다.",
        "en": "Automatic; no person has reviewed it.",
    },
    "approved": {"ko": "{who_i} 승인했습니다: {when}.", "en": "Approved by {who}: {when}."},
    "held": {
        "ko": "{who_i} 보류했습니다: {when}. 승인된 것이 아닙니다.",
        "en": "Held back by {who}: {when}. It is not approved.",
    },
    "some_time": {"ko": "시각 기록 없음", "en": "time not recorded"},
    "lowered": {"ko": "자동보다 낮춤", "en": "lower than automatic"},
    "idle": {"ko": "이 예측에서는 바꾼 것 없음", "en": "changes nothing in this forecast"},
    "somebody": {"ko": "이름을 밝히지 않은 사람", "en": "somebody who gave no name"},
    "no_edits": {"ko": "사람이 수정한 곳은 없습니다.", "en": "No gauge was edited by a person."},
    "edits": {
        "ko": "사람이 수정한 곳은 {some}곳입니다. 자동 산출을 나란히 적습니다.",
        "en": "{gauges} {were} edited by a person; the automatic stage stands beside it.",
    },
    "trouble": {
        "ko": "수정 기록을 쓰지 못했습니다: {trouble}",
        "en": "The record of edits could not be used: {trouble}",
    },
    "note": {"ko": "사유: {note}", "en": "Reason: {note}"},
    # where it comes from
    "real": {
        "ko": "숫자는 실제 관측에서 계산한 예측입니다.",
        "en": "The numbers are a forecast made from what was measured.",
    },
    "not_real": {
        "ko": "숫자의 성격: {marks}. 지금의 실제 상황이 아닙니다.",
        "en": "What the numbers are: {marks}. They are not the present situation of a real river.",
    },
    "limits": {
        "ko": "단계의 기준값: 공식 {official}곳, 기록에서 유도 {derived}곳, 없음 {none}곳.",
        "en": "Thresholds of the stages: official at {official}, derived from the record at "
        "{derived}, none at {none} gauges.",
    },
    "derived": {
        "ko": "유도한 기준값은 관계 기관이 정한 것이 아닙니다.",
        "en": "Derived thresholds are not set by any authority.",
    },
    "issued": {
        "ko": "발표 시각 {time}; 자동 예측은 그 뒤에 들어온 자료를 쓰지 않았습니다.",
        "en": "Issued {time}; the automatic forecast used nothing received later.",
    },
    "run": {"ko": "모델 {model}, 실행 {run}.", "en": "Model {model}, run {run}."},
    "data": {"ko": "자료: {source}", "en": "Data: {source}"},
    "caveat": {"ko": "주의: {caveat}", "en": "Caveat: {caveat}"},
    "chances": {
        "ko": "‘5 % 이하’와 ‘95 % 이상’은 예측이 그 너머를 말하지 않는다는 뜻입니다.",
        "en": "“5 % or less” and “95 % or more”: beyond that the forecast says nothing.",
    },
    "zone": {
        "ko": "표의 시각은 {zone}(UTC{offset})입니다.",
        "en": "Times in the tables are {zone} (UTC{offset}).",
    },
    "zone_utc": {"ko": "시각은 UTC입니다.", "en": "Times are UTC."},
}
