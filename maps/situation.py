"""The situation report (상황보고) of one network: the same facts as a page, as Markdown, as JSON.

<network>/report.html, report.en.html   the page; printed, it is a document on A4
<network>/report.md, report.en.md       the same text for messages and notes
<network>/report.json                   both languages, for machines
<network>/report.state.json             the stages, for the next report to compare with
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from forecast.outlook import Language
from maps.feeds.label import NOT_OFFICIAL, label, notice
from maps.feeds.names import iso
from maps.listing import labels, title
from maps.page import Page, ending
from maps.release import Draft
from maps.shared_files import Assets
from maps.situation_change_words import changed
from maps.situation_facts import Facts, facts
from maps.situation_health import health
from maps.situation_markdown import markdown
from maps.situation_now import happening, headline
from maps.situation_parts import Report
from maps.situation_rain_words import rained
from maps.situation_source import reviewed, sources, standing
from maps.situation_state import NAME as STATE
from maps.situation_state import State, before, to_bytes
from maps.situation_times import both
from maps.situation_unknown import unknown
from maps.situation_words import said
from maps.situation_worst import worst
from maps.view import View
from maps.words import LANGUAGES

NAME = "report"
FORMAT = 1


def report(told: Facts, language: Language) -> Report:
    """Return a situation report in one language."""
    view = told.view
    banners = labels(view, language)["banners"]
    return Report(
        language=language,
        title=said("title", language, network=title(view, language)),
        headline=headline(told, language),
        marks=(*banners, NOT_OFFICIAL[language]),
        issued=both(view, view.issue_time),
        standing=standing(told, language),
        sections=(
            happening(told, language),
            worst(told, language),
            unknown(told, language),
            changed(told, language),
            rained(told, language),
            health(told, language),
            reviewed(told, language),
            sources(told, language),
        ),
    )


def reports(view: View, then: State | None) -> tuple[Facts, dict[Language, Report]]:
    """Return the facts of a view and its report in each language.

    Args:
        view: From `maps.plain.plain_view`.
        then: What it is compared with (`maps.situation_state.before`).
    """
    told = facts(view, then)
    return told, {language: report(told, language) for language in LANGUAGES}


def write(view: View, draft: Draft, assets: Assets, site: Path | None = None) -> None:
    """Write the report of one network into its folder of the site.

    Args:
        site: The release that is published now; None: there is nothing to compare with.
    """
    told, made = reports(view, before(site, view))
    for language, each in made.items():
        page = Page("situation.html", language, "../", assets)
        other = f"{NAME}{ending('en' if language == 'ko' else 'ko')}.html"
        text = page.render(other=other, labels=labels(view, language), report=each)
        draft.put(f"{NAME}{ending(language)}.html", text)
        draft.put(f"{NAME}{ending(language)}.md", markdown(each))
    draft.put(f"{NAME}.json", to_json(view, made))
    draft.put(STATE, to_bytes(told.now, told.then))


def to_json(view: View, made: dict[Language, Report]) -> bytes:
    """Return the report in both languages for machines."""
    top: dict[str, Any] = {
        "format": FORMAT,
        "label": label(view),
        "notice_ko": notice(view, "ko"),
        "notice_en": notice(view, "en"),
        "network": view.network.name,
        "issue_time": iso(view.issue_time),
        "run_id": str(view.manifest.get("run_id", "")),
    }
    both_ = {language: asdict(each) for language, each in made.items()}
    return orjson.dumps(top | both_, option=orjson.OPT_INDENT_2) + b"\n"
