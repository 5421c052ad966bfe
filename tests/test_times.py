import numpy as np
import pytest

from flows.times import BadTime, parse


@pytest.mark.parametrize(
    "text", ["2019-01-30T00:00", "2019-01-30T00:00Z", "2019-01-30T09:00+09:00", "2019-01-30"]
)
def test_a_time_is_utc_unless_it_names_its_zone(text: str) -> None:
    assert parse(text) == np.datetime64("2019-01-30T00:00", "ns")


def test_a_text_that_is_no_time_is_refused_with_an_example() -> None:
    with pytest.raises(BadTime, match=r"'yesterday' is no time\. Write it like 2019-01-30T00:00"):
        parse("yesterday")
