"""The envelope of data.go.kr, and each of the ways in which it refuses."""

import json

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.sources.asking import Access, Answer
from data.sources.kma_gateway import page, refusal, with_plain_key
from data.sources.kma_refusals import REFUSALS, stays_refused

XML = (
    "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
    "<returnAuthMsg>SAID</returnAuthMsg><returnReasonCode>{}</returnReasonCode>"
    "</cmmMsgHeader></OpenAPI_ServiceResponse>"
)
LATER = {1, 2, 4, 5, 21, 22, 99}
FINAL = {10, 11, 12, 20, 30, 31, 32, 33}


def answer(body: object, status: int = 200) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer("kma_forecast", "asked", "", text.encode(), np.datetime64("2026", "ns"), status)


def envelope(items: object, code: object = "00", **more: object) -> dict[str, object]:
    body = {"items": items, "pageNo": 1, "totalCount": 2} | more
    return {"response": {"header": {"resultCode": code}, "body": body}}


def twins(code: int) -> list[Answer]:
    """Return one refusal in every shape in which it is known to come."""
    header = {"cmmMsgHeader": {"returnReasonCode": f"{code:02d}", "errMsg": "SERVICE ERROR"}}
    return [
        answer(XML.format(f"{code:02d}")),
        answer(f'<?xml version="1.0"?>\n{XML.format(code)}', 400),
        answer({"OpenAPI_ServiceResponse": header}, 403),
        answer({"response": header}, 400),
        answer(header, 403),
        answer({"response": {"header": {"resultCode": f"{code:02d}", "resultMsg": "X"}}}),
        answer(f"<response><header><resultCode>{code:02d}</resultCode></header></response>"),
    ]


def test_every_code_is_either_retryable_or_final_and_tells_a_remedy() -> None:
    assert {code for code, (_, later, _) in REFUSALS.items() if later} == LATER
    assert {code for code, (_, later, _) in REFUSALS.items() if not later} == FINAL
    assert all(remedy.endswith(".") for _, _, remedy in REFUSALS.values())


@pytest.mark.parametrize("code", sorted(LATER | FINAL))
def test_a_refusal_is_the_same_in_xml_in_json_and_in_the_envelope(code: int) -> None:
    for refused in twins(code):
        with pytest.raises(SourceError, match=f"^kma_forecast, asked: .*code {code:02d}") as caught:
            page(refused)
        assert isinstance(caught.value, SourceUnavailable) == (code in LATER)
        assert caught.value.remedy


def test_no_data_is_no_error_in_any_shape() -> None:
    for empty in twins(3):
        assert page(empty).items == ()
        assert "has no data" in page(empty).complaints[0]


def test_an_unknown_key_warns_of_encoding_it_twice() -> None:
    error = refusal(answer(XML.format(30)))
    assert error is not None
    assert "never encoded twice" in error.remedy


def test_a_code_that_is_not_known_is_final_and_shown() -> None:
    with pytest.raises(SourceError, match="code 77: not a code known here") as caught:
        page(answer(XML.format(77)))
    assert not isinstance(caught.value, SourceUnavailable)
    with pytest.raises(SourceError, match="'AA' is no number"):
        page(answer(envelope([], "AA")))


def test_what_the_gateway_says_in_words_is_not_repeated_as_it_may_hold_the_key() -> None:
    with pytest.raises(SourceError) as caught:
        page(answer(XML.replace("SAID", "my-key").format(20)))
    assert "my-key" not in str(caught.value)


@pytest.mark.parametrize("code", ["00", "0", 0, "0000"])
def test_items_come_as_a_list_or_as_one_object(code: object) -> None:
    one, two = {"category": "PCP"}, {"category": "TMP"}
    assert page(answer(envelope({"item": [one, two]}, code))).items == (one, two)
    assert page(answer(envelope({"item": one}, code))).items == (one,)
    assert page(answer(envelope([one], code))).items == (one,)


@pytest.mark.parametrize("items", ["", None, {}, [], {"item": ""}, {"item": None}, {"item": []}, 7])
def test_no_items_in_any_spelling_are_a_gap_that_is_told(items: object) -> None:
    found = page(answer(envelope(items)))
    assert found.items == ()
    assert found.complaints == ("asked: the answer holds no items.",)


def test_a_body_that_is_not_there_is_a_gap_too() -> None:
    assert page(answer({"response": {"header": {"resultCode": "00"}}})).items == ()


def test_an_item_that_is_no_object_is_a_complaint() -> None:
    found = page(answer(envelope({"item": [None, "x", {"a": 1}]})))
    assert found.items == ({"a": 1},)
    assert len(found.complaints) == 2


@pytest.mark.parametrize(("total", "expected"), [(809, 809), ("809", 809), (None, 1), ("many", 1)])
def test_the_total_is_a_number_a_text_or_what_there_is(total: object, expected: int) -> None:
    assert page(answer(envelope({"item": [{}]}, totalCount=total))).total == expected


@pytest.mark.parametrize(
    ("body", "status", "later"),
    [
        ("", 200, True),
        ('{"response":{"header":{"resultCode":"00"},"body":{"items":{"it', 200, True),
        ("<html>점검</html>", 200, True),
        ("<html>no</html>", 403, False),
        ("Unauthorized", 401, False),
        ("[1, 2]", 200, False),
        ('{"other": 1}', 200, False),
        ('{"other": 1}', 403, False),
        ("[" * 100_000, 200, True),
        ("<response><resultCode>00</resultCode></response>", 200, False),
        (json.dumps(envelope({"item": []})), 400, False),
    ],
)
def test_another_shape_is_an_error_and_a_cut_one_may_be_asked_for_again(
    body: str, status: int, later: bool
) -> None:
    with pytest.raises(SourceError, match=r"^kma_forecast, asked: ") as caught:
        page(answer(body, status))
    assert isinstance(caught.value, SourceUnavailable) == later
    assert caught.value.remedy


def test_an_answer_in_euc_kr_is_read_too() -> None:
    text = json.dumps(envelope({"item": {"v": "강수없음"}}), ensure_ascii=False).encode("euc-kr")
    found = page(Answer("kma_forecast", "asked", "", text, np.datetime64("2026", "ns")))
    assert found.items == ({"v": "강수없음"},)


@pytest.mark.parametrize(
    "key", ["a+b/c==", "a%2Bb%2Fc%3D%3D", "a%252Bb%252Fc%253D%253D", " a+b/c==\n"]
)
def test_a_key_is_used_plain_however_often_it_was_encoded(key: str) -> None:
    assert with_plain_key(Access("http://x", key)).key == "a+b/c=="


def test_a_wrong_key_or_a_used_quota_ends_the_asking_and_a_hiccup_does_not() -> None:
    codes = {code for code in REFUSALS if stays_refused(refusal(answer(XML.format(code))))}
    assert codes == FINAL | {22}
    assert not stays_refused(None)
