"""How answers are gathered into portions, by a clock that the test turns."""

from collections.abc import Iterator

import numpy as np
import pytest

from data.errors import SourceUnavailable
from data.live_taking import Understood, portions
from data.reading import Parsed
from data.sources.asking import Answer


class Hand:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def told(number: int) -> Understood:
    answer = Answer("hrfco", str(number), "", b"", np.datetime64("2026-07-20T03:12", "ns"))
    return answer, Parsed((), ())


def gathered(clock: Hand, every: float, judging: float, count: int = 8) -> list[list[str]]:
    """Return the portions of answers that come every so many seconds."""

    def come() -> Iterator[Understood]:
        for number in range(count):
            clock.now += every
            yield told(number)

    found = []
    for portion in portions(come(), clock):
        found.append([answer.what for answer, _ in portion])
        clock.now += judging
    return found


def test_answers_that_are_judged_at_once_are_not_held_back() -> None:
    assert gathered(Hand(), every=0.35, judging=0.01, count=3) == [["0"], ["1"], ["2"]]


def test_where_judging_is_slow_answers_wait_for_twice_as_long_as_it_took() -> None:
    # 0 is judged from 1 to 4: the next portion is due at 4 + 2 x 3 = 10, when 6 comes
    assert gathered(Hand(), every=1, judging=3) == [["0"], ["1", "2", "3", "4", "5", "6"], ["7"]]


def test_what_came_before_an_error_is_told_before_it() -> None:
    clock = Hand()

    def come() -> Iterator[Understood]:
        yield told(0)
        yield told(1)
        raise SourceUnavailable("The disk is full.")

    each = portions(come(), clock)
    assert [answer.what for answer, _ in next(each)] == ["0"]
    clock.now += 5
    assert [answer.what for answer, _ in next(each)] == ["1"]
    with pytest.raises(SourceUnavailable, match="The disk is full"):
        next(each)
