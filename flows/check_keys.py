"""Which keys and secrets are there, what each is for, and where to apply for it."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass

from data.network import Network
from data.sources.connectors import NEEDS_KEY
from flows.check_finding import Finding, Mark
from flows.redaction import SHORTEST
from flows.settings import SECRETS, Settings


@dataclass(frozen=True)
class Office:
    """Who gives a key, and how."""

    name: str
    gives: str
    apply: str


OFFICES = {
    "hrfco": Office(
        "한강홍수통제소 (HRFCO) Open API",
        "levels, rain, dams and weirs of Korea",
        "apply at https://www.hrfco.go.kr/web/openapiPage/certifyKey.do ('인증키')",
    ),
    "kma_hub": Office(
        "기상청 (KMA) API hub",
        "hourly rain of weather stations, analysis of rain",
        "join https://apihub.kma.go.kr, '마이페이지' shows the key; then apply for each API used "
        "('활용신청')",
    ),
    "kma_forecast": Office(
        "공공데이터포털 data.go.kr",
        "KMA's short-term forecast of rain",
        "join https://www.data.go.kr, find '기상청_단기예보 조회서비스', '활용신청'; copy the "
        "decoded key ('일반 인증키 (Decoding)')",
    ),
    "usgs": Office(
        "USGS Water Data",
        "more requests an hour (it answers without a key, too)",
        "sign up at https://api.waterdata.usgs.gov/signup/",
    ),
}


def keys(settings: Settings, network: Network) -> Iterator[Finding]:
    """Yield a finding for each provider that has keys, and one for each secret that is too short.

    A missing key is wrong where a feed of the network needs it and nobody else gives the variable.
    """
    used = {feed.source for feed in network.feeds}
    for source, office in OFFICES.items():
        name = f"MULGIL_{source.upper()}_KEY"
        what = f"key {source}"
        if getattr(settings, f"{source}_key").get_secret_value():
            yield Finding(what, "ok", f"{office.name}: set")
        elif source not in used:
            yield Finding(what, "ok", f"{office.name}: not set, '{network.name}' does not use it")
        elif source not in NEEDS_KEY:
            yield Finding(
                what, "note", f"{office.name}: not set; {office.gives}", _set(name, office)
            )
        else:
            told = f"{office.name}: not set; without it no {office.gives}"
            yield Finding(what, _grave(source, network), told, _set(name, office))
    for secret, value in settings.secrets.items():
        if len(value) < SHORTEST:
            yield Finding(
                f"secret {secret}",
                "note",
                f"it has fewer than {SHORTEST} characters and cannot be hidden in logs",
                "Use a longer one.",
            )


def secrets(settings: Settings) -> Iterator[Finding]:
    """Yield where secrets come from; `settings.read` has refused a file that others can read."""
    known = [name for name in SECRETS if getattr(settings, name).get_secret_value()]
    if settings.secrets_file:
        mode = stat.S_IMODE(settings.secrets_file.stat().st_mode)
        yield Finding(
            "secrets", "ok", f"{len(known)} set; {settings.secrets_file}, mode {mode:04o}"
        )
    elif known:
        yield Finding(
            "secrets",
            "note",
            f"{len(known)} set, in the environment, which child processes and root can read",
            "Put them into a file with mode 0600 and set MULGIL_SECRETS_FILE to its path.",
        )
    else:
        yield Finding(
            "secrets", "ok", "none is set, and none is needed for records and simulations"
        )


def _grave(source: str, network: Network) -> Mark:
    others = {
        feed.variable
        for feed in network.feeds
        if feed.source != source and feed.source not in NEEDS_KEY
    }
    alone = {feed.variable for feed in network.feeds if feed.source == source} - others
    return "wrong" if network.quantity.value in alone else "note"


def _set(name: str, office: Office) -> str:
    return f"{office.apply[0].upper()}{office.apply[1:]}. Then set {name}."
