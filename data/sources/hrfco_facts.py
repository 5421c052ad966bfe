"""What HRFCO publishes about its API: resources, fields, spacings and error codes.

No number of requests per minute is published; public clients pause 0.35 s between two.
"""

from dataclasses import dataclass

import numpy as np

from data.quality import Limits

SOURCE = "hrfco"
BASE_URL = "https://api.hrfco.go.kr"
TIME = "ymdhm"
WEIR = "bo-"  # before a weir's code in our ids: HRFCO lists dams and weirs apart

TEN_MINUTES, HOUR, DAY = np.timedelta64(10, "m"), np.timedelta64(1, "h"), np.timedelta64(1, "D")
STEPS = {"10M": TEN_MINUTES, "1H": HOUR, "1D": DAY}
DIGITS = {"10M": 12, "1H": 10, "1D": 8}  # of a time, KST
FORMS = {"10M": "%Y%m%d%H%M", "1H": "%Y%m%d%H", "1D": "%Y%m%d"}
LONGEST = {"10M": np.timedelta64(15, "D"), "1H": np.timedelta64(365, "D")}  # of one call
LONGEST["1D"] = LONGEST["1H"]


@dataclass(frozen=True)
class Resource:
    """One part of the API.

    Attributes:
        id: The field that holds the station's code.
        fields: Variable to field.
        kind: Of its sites, see `data.reading.Site`.
        before: What our ids have before the code.
    """

    name: str
    id: str
    fields: dict[str, str]
    kind: str
    before: str = ""

    def site(self, code: str) -> str:
        """Return our id of a station."""
        return self.before + code


_DAM = {"dam_level": "swl", "dam_inflow": "inf", "dam_release": "tototf"}
RESOURCES = {
    each.name: each
    for each in (
        Resource("waterlevel", "wlobscd", {"water_level": "wl", "discharge": "fw"}, "water_level"),
        Resource("rainfall", "rfobscd", {"rainfall": "rf"}, "rainfall"),
        Resource("dam", "dmobscd", _DAM, "dam"),
        Resource("bo", "boobscd", _DAM, "weir", WEIR),
    )
}
DATUMS = {"water_level": "gauge zero", "dam_level": "EL.m"}

# What can be: Korea's highest rises are 20 m, dams up to 850 m El.; the Han of 1925 had 37,000 m3/s
# and runs backwards with the tide; records of rain: 145 mm in 1 h (1998), 870 mm in a day (2002).
LIMITS = {
    "water_level": Limits(lowest=-10, highest=100),
    "discharge": Limits(lowest=-10_000, highest=60_000),
    "dam_level": Limits(lowest=-10, highest=1000),
    "dam_inflow": Limits(lowest=0, highest=60_000),
    "dam_release": Limits(lowest=0, highest=60_000),
}
RAIN = {"10M": Limits(lowest=0, highest=100), "1H": Limits(lowest=0, highest=300)}
RAIN["1D"] = Limits(lowest=0, highest=1500)

_ASK = "Ask HRFCO (hrfco.go.kr, Open API) about the key."
_OURS = "The request has a wrong form: report it as a fault of Mulgil."
CODES = {  # code: what it means, what to do
    "900": ("the key is not valid", "Check the key: a GUID that hrfco.go.kr (Open API) issues."),
    "910": ("it does not know this time type", _OURS),
    "920": ("it does not know this station", "Look for the station's code in `sites`."),
    "930": ("it cannot read this date", _OURS),
    "940": ("it refuses this key from this address", "Register this machine's IP or DNS name."),
    "941": ("the key is not approved yet", "Wait for HRFCO's approval."),
    "942": ("the key is blocked", _ASK),
    "943": ("the key is dormant", "Wake it at hrfco.go.kr (Open API)."),
    "944": ("the key is deleted", "Apply for a new key at hrfco.go.kr (Open API)."),
}
NOTHING = "990"
