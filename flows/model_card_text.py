"""The card of a model as Markdown, drawn from its JSON; what an older card lacks is left out."""

from typing import Any

_MANY = 20  # gauges: more are counted, not listed
_COLUMNS = (
    ("skill", "persistence_skill", ".3f"),
    ("skill, flood", "persistence_skill_flood", ".3f"),
    ("RMSE", "rmse", ".3g"),
    ("RMSE, flood", "rmse_flood", ".3g"),
    ("coverage of 90 %", "coverage90", ".1%"),
    ("coverage, flood", "coverage90_flood", ".1%"),
    ("CRPS", "crps", ".3g"),
    ("pairs", "n", ",d"),
    ("pairs, flood", "n_flood", ",d"),
)


def markdown(card: dict[str, Any]) -> str:
    """Return the card for a person."""
    parts = [
        f"# Model {card['model']} of {card['network']}",
        *(["**SIMULATED: no river was measured. 모의 자료입니다.**"] * bool(card.get("simulated"))),
        _section("Intended use", card.get("intended_use", ())),
        _section("It must not be used", card.get("not_for", ())),
        _section("Limits", card.get("limits", ())),
        _section("What it learnt from", _learnt(card)),
        _scores(card),
        _section("Against the model that served before", _contest(card)),
        _section("In service", _promotions(card)),
        _section("How it was made", _made(card)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Any) -> str:
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)]) if lines else ""


def _learnt(card: dict[str, Any]) -> list[str]:
    about = card["about"] if card.get("about") else {}
    first, last = card["trained_on"]
    found = [f"Trained on {first} to {last} UTC, {_named('gauge', card['stations'])}"]
    if "validate_years" in about:
        years = dict.fromkeys(map(str, about["validate_years"]))
        found.append(f"Chosen on {'–'.join(years)}")
    if "record" in about:
        found.append(f"Record `{about['record']}`: the digest of all that was seen")
    if card.get("not_forecast"):
        silent = _named("gauge", card["not_forecast"])
        found.append(f"Too little to learn, so without a forecast: {silent}")
    if card.get("provenance"):
        found.append(card["provenance"])
    return found


def _named(what: str, ids: list[str]) -> str:
    count = f"{len(ids):,} {what}{'s' * (len(ids) != 1)}"
    return count if len(ids) > _MANY else f"{count}: {', '.join(ids)}"


def _scores(card: dict[str, Any]) -> str:
    rows = card.get("validation")
    if not rows:
        return ""
    head = ["model", "lead [h]", *(name for name, _, _ in _COLUMNS)]
    lines = [head, ["---"] * len(head)]
    lines += [
        [row["model"], f"{row['lead_hours']:g}", *(_cell(row, *c[1:]) for c in _COLUMNS)]
        for row in rows
    ]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    told = (
        "Mean over the gauges. Skill is against persistence: 1 is perfect, 0 no gain. A flood hour "
        "lies above the 95th percentile of the training years."
    )
    return f"## What validation says\n\n{told}\n\n{table}"


def _cell(row: dict[str, Any], name: str, form: str) -> str:
    value = row.get(name)
    return "–" if value is None else format(value, form)


def _contest(card: dict[str, Any]) -> list[str]:
    contest = card.get("contest") or {}
    if not contest.get("model"):
        return [f"Not compared: {contest['problem']}."] if contest.get("problem") else []
    if contest.get("problem"):
        return [f"Not comparable with {contest['model']}: {contest['problem']}."]
    return [
        f"Skill {contest['new']:.3f}, of {contest['model']} {contest['serving']:.3f}, on the same "
        f"{contest['pairs']:,} forecasts of the validation years that neither learnt from."
    ]


def _promotions(card: dict[str, Any]) -> list[str]:
    return [
        f"{each['at']}: {each['why']}" + (" (FORCED)" if each.get("forced") else "")
        for each in card.get("promotions", ())
    ]


def _made(card: dict[str, Any]) -> list[str]:
    about = card["about"] if card.get("about") else {}
    found = [f"{' + '.join(card['members'])}, seed {card['seed']}, at {card['trained_at']}"]
    if "updates" in about:
        took = about.get("seconds", {}).get("all")
        found.append(f"{about['updates']} updates" + (f", {took:g} s in all" if took else ""))
    settings = dict(about.get("settings", {}))
    parts = ("Network", settings.pop("model", {})), ("Settings", settings)
    for name, told in (*parts, ("Machine", about.get("machine", {}))):
        if told:
            found.append(f"{name}: " + ", ".join(f"{k} {v}" for k, v in told.items()))
    return found
