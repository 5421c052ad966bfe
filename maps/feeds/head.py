"""What all files of one view say alike, put together once."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from maps.feeds.label import label, notice
from maps.feeds.names import iso
from maps.listing import overdue_at
from maps.view import View


@dataclass(frozen=True)
class Head:
    """The label, the notices and the times of a view.

    Attributes:
        issued: The issue time as RFC 3339.
        overdue: When the next forecast is overdue; None in a replay.
    """

    label: str
    notice_ko: str
    notice_en: str
    issue: np.datetime64
    issued: str | None
    overdue: str | None

    @property
    def said(self) -> dict[str, Any]:
        """The label and the notices, as JSON has them."""
        return {
            "label": self.label,
            "notice_ko": self.notice_ko,
            "notice_en": self.notice_en,
        }


def head(view: View) -> Head:
    """Return what all files of a view say alike."""
    issue = view.issue_time
    return Head(
        label=label(view),
        notice_ko=notice(view, "ko"),
        notice_en=notice(view, "en"),
        issue=issue,
        issued=iso(issue),
        overdue=None if view.replay else iso(overdue_at(view)),
    )
