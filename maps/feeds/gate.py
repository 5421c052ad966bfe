"""Which alerts go out: an authority's own word needs a person's approval; a hold stops any.

| the forecast is | Test, Exercise | Actual | Actual, `MULGIL_ALERTS=automatic` |
| --- | --- | --- | --- |
| not reviewed | go out | wait | go out |
| approved | go out | go out | go out |
| held | wait | wait | wait |

While alerts wait, chains neither go on nor end: what was sent stands as it was sent. What is
approved later goes out then, from the approved forecast, even where a newer one, not approved yet,
is on the pages.
"""

from maps.feeds.chains import State, advance
from maps.feeds.label import label
from maps.feeds.publisher import NOBODY, Publisher
from maps.view import View


def may_go_out(view: View, publisher: Publisher) -> bool:
    """Return whether the alerts of a forecast go out now; without a review layer they do."""
    state = view.review.state if view.review else "approved"
    if state == "held":
        return False
    return state == "approved" or publisher.unapproved or not publisher.official(view)


def follow(view: View, before: State | None, publisher: Publisher = NOBODY) -> State:
    """Return the chains after a view's issue, or as they were where its alerts wait."""
    if may_go_out(view, publisher):
        return advance(view, before, publisher)
    earlier = view.review.approved if view.review else None
    if earlier is not None and may_go_out(earlier, publisher):
        return advance(earlier, before, publisher)
    return before or State(label(view), view.issue_time - view.network.step, {})
