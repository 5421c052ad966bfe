"""Korean particles follow the last sound of the word before them."""

import pytest

from maps.situation_particles import with_particle


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("한강", "한강이"),  # a final sound
        ("가평교", "가평교가"),  # none
        ("3", "3이"),  # 삼
        ("2", "2가"),  # 이
        ("10", "10이"),  # 십
        ("20,000", "20,000이"),  # 이만
        ("지점 105", "지점 105가"),  # 백오
        ("S1", "S1이"),  # 일
        ("KBL", "KBL이"),  # 엘
        ("KBS", "KBS가"),  # 에스
        ("서울(한강)", "서울(한강)이"),  # the word before the bracket: 서울
        ("나루(한강)", "나루(한강)가"),
        ("Bridge", "Bridge이(가)"),  # nobody knows how it is read
        ("", "이(가)"),
    ],
)
def test_a_subject_is_marked_by_its_last_sound(word: str, said: str) -> None:
    assert with_particle(word, "이/가") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("경보", "경보로"),
        ("관심", "관심으로"),
        ("심각", "심각으로"),
        ("길", "길로"),  # after ㄹ as after a vowel
        ("7", "7로"),  # 칠
        ("0", "0으로"),  # 영
        ("1.20", "1.20으로"),  # 일 점 이영: a fraction is read digit by digit
        ("Bridge", "Bridge(으)로"),
    ],
)
def test_a_direction_is_marked_by_its_last_sound(word: str, said: str) -> None:
    assert with_particle(word, "으로/로") == said


def test_every_zero_of_a_round_number_is_read_as_its_place() -> None:
    words = ["100", "1000", "100000", "100000000"]  # 백 천 십만 일억
    assert [with_particle(word, "은/는") for word in words] == [f"{word}은" for word in words]
