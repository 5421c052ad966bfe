from pathlib import Path

import pytest

from flows.settings import BadSettings, read


def test_settings_come_from_variables_with_our_prefix() -> None:
    found = read({"MULGIL_HOME": "/srv/rivers", "PATH": "/bin"})
    assert found.home == Path("/srv/rivers")
    assert found.triggered_by == "operator"


def test_a_misspelt_setting_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(BadSettings, match=r"MULGIL_HOEM.*Known settings: MULGIL_HOME"):
        read({"MULGIL_HOEM": "/srv"})
