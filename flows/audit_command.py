"""`mulgil audit`: known weaknesses and licences of what is installed with us."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.options import Json, answer

if TYPE_CHECKING:
    from flows.audit import Audited
    from flows.audit_licences import Licensed

HELP = """Look up known weaknesses of every package that Mulgil needs, and list their licences.

    pip-audit is installed into an environment that is thrown away. What a service knows nothing of
    is told as not judged, never as safe.

    Exit status: 0 all were judged, none is weak, no licence is strong copyleft (GPL, AGPL) · 1 a
    weakness, or such a licence · 75 the service could not be reached, or did not know every
    package: try again where it can."""
TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
NAMED = 5


def audit(
    weaknesses: Annotated[
        bool, typer.Option(help="Ask for known weaknesses; without, only licences are listed.")
    ] = True,
    as_json: Json = False,
) -> None:
    """See `HELP`."""
    from flows import audit as auditing
    from flows.audit_licences import needed

    packages = needed()
    found = auditing.audit(packages) if weaknesses else None
    answer(_told(packages, found), as_json, "\n".join(_lines(packages, found)))
    if (found and found.weak) or any(each.kind == "strong" for each in packages):
        raise typer.Exit(1)
    if found and not found.whole:
        raise typer.Exit(TRY_AGAIN)


audit.__doc__ = HELP


def _told(packages: "list[Licensed]", found: "Audited | None") -> dict[str, Any]:
    return {
        "packages": [asdict(each) for each in packages],
        "weaknesses": asdict(found) | {"whole": found.whole} if found else None,
    }


def _lines(packages: "list[Licensed]", found: "Audited | None") -> list[str]:
    lines = [f"{each.name} {each.version}: {each.licence or 'says nothing'}" for each in packages]
    for kind, told in (
        ("strong", "strong copyleft, which we do not want"),
        ("unknown", "which say nothing of their licence; look at them"),
        ("weak", "weak copyleft, which changes to the package itself must keep"),
    ):
        names = [each.name for each in packages if each.kind == kind]
        lines += [f"{len(names)} packages with {told}: {', '.join(names)}"] if names else []
    return lines + (_weaknesses(packages, found) if found else [])


def _weaknesses(packages: "list[Licensed]", found: "Audited") -> list[str]:
    lines = [f"WEAK {w.name} {w.version}: {w.id}, fixed in {w.fixed_in}" for w in found.weak]
    if not found.service:
        return [
            *lines,
            f"NOT JUDGED: {found.why}. Try again where pypi.org or api.osv.dev can be reached.",
        ]
    judged = len(packages) - len(found.skipped)
    lines.append(f"{judged} of {len(packages)} packages judged by {found.service}")
    if found.skipped:
        some = ", ".join(found.skipped[:NAMED]) + (" .." if len(found.skipped) > NAMED else "")
        lines.append(f"NOT JUDGED, for {found.service} does not know them here: {some}")
        lines.append("Try again where pypi.org or api.osv.dev can be reached, e.g. in CI.")
    return lines
