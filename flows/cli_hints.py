"""Point from a word that is no command to the command that is meant."""

from typing import Any

from typer.core import TyperGroup

MEANT = {
    "show": "runs show RUN, review show NETWORK",
    "diff": "runs diff BEFORE AFTER",
    "compare": "runs diff BEFORE AFTER",
    "list": "runs, models, review",
    "prune": "runs prune --keep-days DAYS",
    "edit": "review edit NETWORK",
    "approve": "review approve NETWORK",
    "hold": "review hold NETWORK",
    "skill": "scorecard NETWORK, verify NETWORK",
    "publish": "forecast NETWORK, cycle NETWORK",
}


class Hinting(TyperGroup):
    """Commands; one that stands deeper, or is called otherwise, is named in the error."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command of the arguments."""
        meant = MEANT.get(args[0]) if args and args[0] not in self.commands else None
        if meant:
            each = ", ".join(f"'mulgil {one.strip()}'" for one in meant.split(","))
            ctx.fail(f"No such command '{args[0]}'. Did you mean {each}?")
        return super().resolve_command(ctx, args)
