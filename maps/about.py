"""What the page about the site tells of each network: its sources, its files, their addresses."""

from collections.abc import Sequence
from typing import Any

from forecast.outlook import Language
from forecast.wording import span
from maps import gauge_table
from maps.feeds import links
from maps.feeds.layout import large
from maps.listing import labels
from maps.now_words import NOW
from maps.skill_csv import HINDCAST, ROLLING, TESTED
from maps.skill_texts import text
from maps.view import View
from maps.words import QUANTITY, SOURCES

ANY = "GAUGE"  # stands for the name of a gauge's files in an address
ABOUT: dict[str, dict[Language, str]] = {
    "contents": {"ko": "차례", "en": "Contents"},
    "official": {"ko": "공식 특보가 아닙니다", "en": "Not an official warning"},
    "method": {"ko": "어떻게 예측하는가", "en": "How it forecasts"},
    "reading": {"ko": "어떻게 읽는가", "en": "How to read it"},
    "data": {"ko": "자료", "en": "Data"},
    "files": {"ko": "피드와 파일", "en": "Feeds and files"},
    "licences": {"ko": "라이선스와 출처", "en": "Licences and sources"},
    "gauges": {"ko": "지점", "en": "Gauges"},
    "ahead": {"ko": "예측", "en": "Forecast"},
    "every": {"ko": "{step} 간격으로 {horizon} 앞까지", "en": "every {step}, {horizon} ahead"},
    "closed": {"ko": "닫힌 기록", "en": "a closed record"},
    "provenance": {"ko": "출처", "en": "Source"},
    "to_skill": {"ko": "점수 보기", "en": "See the scores"},
    "of_network": {"ko": "하천망 전체", "en": "the whole network"},
    "of_gauge": {"ko": "지점마다 있는 파일", "en": "Files of each gauge"},
    "any": {
        "ko": "GAUGE 자리에 지점의 코드를 넣습니다. 글자·숫자·붙임표가 아닌 문자는 "
        "_16진코드_로 씁니다.",
        "en": "GAUGE stands for the gauge's id; what is no letter, digit or hyphen becomes _<code "
        "point in hex>_.",
    },
    "any_many": {
        "ko": "n은 하천망 안에서 지점의 번호이며 api/index.json에 있습니다. part는 n을 64로, "
        "page는 n을 500으로 나눈 몫입니다. name은 지점의 코드입니다.",
        "en": "n is a gauge's place in the network, see api/index.json; part is n // 64, page is "
        "n // 500. name stands for the gauge's id.",
    },
    "what": {"ko": "무엇", "en": "What"},
    "address": {"ko": "주소", "en": "Address"},
    "format": {"ko": "형식", "en": "Format"},
    "manifest": {
        "ko": "이 사이트의 모든 파일과 그 지문, 만든 기록",
        "en": "all files of this site with their fingerprints, and the record of the run",
    },
}


def about(views: Sequence[View], language: Language) -> list[dict[str, Any]]:
    """Return what is told of each network."""
    return [_network(view, language) for view in views]


def _network(view: View, language: Language) -> dict[str, Any]:
    network, many, told = view.network, large(view.network), labels(view, language)
    return {
        "labels": told,
        "many": many,
        "count": f"{len(network.stations):,}",
        "step": span(network.step, language),
        "horizon": span(network.horizon * network.step, language),
        "quantity": QUANTITY[network.quantity][language],
        "live": network.live,
        "sources": _sources(view, language),
        "files": [*_table(language), *told["files"], *_scores(view, language)],
        "of_gauge": links.of_shards(language) if many else links.of_gauge(ANY, language),
    }


def _sources(view: View, language: Language) -> list[str]:
    """Return who is asked for readings, each once, in the order in which they are asked."""
    names = dict.fromkeys([feed.source for feed in view.network.feeds] or [view.network.source])
    return [SOURCES[name][language] if name in SOURCES else name for name in names]


def _table(language: Language) -> list[dict[str, Any]]:
    return [{"path": gauge_table.NAME, "type": "text/csv", "said": NOW["all_gauges"][language]}]


def _scores(view: View, language: Language) -> list[dict[str, Any]]:
    words = {TESTED: "all_scores_csv", ROLLING: "rolling_csv", HINDCAST: "hindcast_csv"}
    there = {TESTED: view.scores, ROLLING: view.rolling, HINDCAST: view.hindcast}
    return [
        {"path": path, "type": "text/csv", "said": text(words[path], language)}
        for path, scores in there.items()
        if scores is not None
    ]


def words(language: Language) -> dict[str, str]:
    """Return the page's own texts."""
    return {key: said[language] for key, said in ABOUT.items()}
