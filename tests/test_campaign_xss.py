"""Hostile texts through a whole cycle, an edit and an approval: no page runs or holds them.

`mulgil campaign xss` is the campaign, with all texts.
"""

from pathlib import Path

import pytest

from flows import campaign_xss
from flows.campaign_hostile import CORPUS


@pytest.mark.slow
def test_no_text_of_a_gauge_a_network_or_a_reviewer_runs_on_any_page(tmp_path: Path) -> None:
    texts = (CORPUS[2], CORPUS[8])
    assert texts[0].startswith("<img src=x onerror=")
    assert texts[1].startswith('" onmouseover=')
    told = campaign_xss.run(2, tmp_path / "home", lambda *_: None, texts)
    assert told["pages"] > 8
    assert told["amiss"] == []
    assert told["refused"] == []
