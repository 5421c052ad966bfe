"""Who publishes the feeds: nobody official, unless an authority says that it is one."""

from dataclasses import dataclass

from forecast.outlook import Language
from maps.view import View


@dataclass(frozen=True)
class Publisher:
    """The sender of alerts.

    Attributes:
        sender: A domain or address of the sender, without blanks, commas, `<` and `&`. The default
            is of a domain that can never exist (RFC 2606).
        base_url: Where the site stands, ending in `/`; "" leaves every link relative and the
            alerts without an address of their page.
        authority: Whether an authority operates the site. Only then may an alert be `Actual`, and
            even then never one that is simulated, a drill or of the past.
        unapproved: Whether an `Actual` alert may go out before a person has approved its forecast.
    """

    sender: str = "mulgil.invalid"
    name_ko: str = "물길 자동 홍수 예측 (비공식)"
    name_en: str = "Mulgil automatic flood forecast (not official)"
    contact: str = ""
    base_url: str = ""
    authority: bool = False
    unapproved: bool = False

    def name(self, language: Language) -> str:
        """Return the sender's name."""
        return self.name_ko if language == "ko" else self.name_en

    def official(self, view: View) -> bool:
        """Return whether the alerts of a view are an authority's own word on real rivers."""
        made_up = view.network.simulated or view.replay or bool(view.manifest.get("replayed"))
        return self.authority and not made_up


NOBODY = Publisher()
