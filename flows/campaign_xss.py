"""Hostile texts in every field that people or providers fill, through a whole cycle to the site.

Names and rivers of gauges, titles, provenance and caveats of the network, who sends the alerts, and
reason and role of an edit and of an approval: in rounds, until each text was the name of a gauge.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.network import Network
from data.sources import hrfco
from flows import campaign_clock, campaign_rivers, campaign_worker, cycle, review_desk, review_input
from flows.campaign_hostile import CORPUS
from flows.campaign_rivers import HOURLY
from flows.campaign_week import BEGIN, PAUSE
from flows.campaign_xss_look import look
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.settings import Settings

Report = Callable[[int, int, str], None]


def run(
    gauges: int, home: Path, report: Report, corpus: tuple[str, ...] = CORPUS
) -> dict[str, Any]:
    """Return how many texts and pages there were, what is amiss, and which edits were refused."""
    report(0, 1, "learning")
    campaign_rivers.prepare(home, HOURLY, gauges, 0)
    rounds = -(-len(corpus) // gauges)
    told: dict[str, Any] = {"texts": len(corpus), "pages": 0, "amiss": [], "refused": []}
    stage = Stage(
        campaign_rivers.world(gauges, BEGIN, 0), Clock(BEGIN, 0), Faults(SOURCES), pause=PAUSE
    )
    hrfco.PAUSE = 0.0
    with serving(stage) as server:
        for number in range(rounds):
            texts = [corpus[(number * gauges + at) % len(corpus)] for at in range(gauges)]
            told["refused"] += _round(home, server, texts, number)
            pages, amiss = look((Folders(home).site / "current").resolve())
            told["pages"] += pages
            told["amiss"] += amiss
            report(number + 1, rounds, f"{pages} pages, {len(amiss)} amiss")
    campaign_clock.hide()
    return told


def _round(home: Path, server: Server, texts: list[str], number: int) -> list[str]:
    """Run a cycle with these texts in all fields, edit and approve it; return what was refused."""
    river = campaign_rivers.world(len(texts), BEGIN, 0).network
    first = texts[0]
    titles = dict.fromkeys(("title_ko", "title_en", "provenance", "caveat_ko", "caveat_en"), first)
    campaign_rivers.write(Folders(home).network(HOURLY.name), HOURLY, named(river, texts), titles)
    now = BEGIN + number * HOURLY.every + HOURLY.after * campaign_rivers.MINUTE
    server.stage = replace(server.stage, clock=Clock(now, 0))
    campaign_clock.show(Clock(now, 0))
    plain = campaign_worker.settings(home, server.url())
    names = dict.fromkeys(("sender_name_ko", "sender_name_en", "contact"), first)
    settings = plain.model_copy(update=names)
    done = cycle.run(HOURLY.name, settings, due=now, now=now)
    if done.release is None:
        return [f"round {number}: {done.told}"]
    return _reviewed(settings, river.ids[0], texts[-1])


def named(river: Network, texts: list[str]) -> Network:
    """Return a network whose gauges and rivers have these names."""
    stations = tuple(
        replace(s, name_ko=text, name_en=text, river_ko=text, river_en=text)
        for s, text in zip(river.stations, texts, strict=True)
    )
    return replace(river, stations=stations)


def _reviewed(settings: Settings, station: str, text: str) -> list[str]:
    """Edit and approve what is shown, with a text as reason and role; return what was refused."""
    told = {"role": text[:60], "reason": text[:300], "name": text[:60]}
    try:
        draft = review_desk.draft(settings, HOURLY.name)
        asked = told | {"saw": draft.version, "station": station, "kind": "offset", "value": 0.1}
        review_desk.edit(settings, draft, review_input.form(asked | {"hours": 6}))
        draft = review_desk.draft(settings, HOURLY.name)
        decided = review_input.decided(told | {"what": "approve", "saw": draft.version})
        review_desk.decide(settings, draft, decided)
    except review_input.BadReview as error:
        return [f"{text[:40]!r}: {error}"]
    return []


def figures(told: dict[str, Any]) -> dict[str, float | str]:
    """Return the figures of the campaign."""
    return {
        "texts": told["texts"],
        "pages_opened": told["pages"],
        "amiss": len(told["amiss"]),
        "reviews_refused": len(told["refused"]),
    }
