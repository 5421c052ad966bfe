"""Units that readings may come in, as exact fractions of ours: a foot is 3048/10000 m."""

from data.errors import SourceError
from data.reading import UNITS

Factor = tuple[int, int]  # numerator and denominator: SI = value * numerator / denominator
SAME: Factor = (1, 1)
_CFS = (3048**3, 10**12)
_KNOWN: dict[str, dict[str, Factor]] = {
    "m": {"m": SAME, "ft": (3048, 10**4), "in": (254, 10**4), "cm": (1, 100), "mm": (1, 1000)},
    "mm": {"mm": SAME, "in": (254, 10), "cm": (10, 1), "m": (1000, 1)},
    "m3 s-1": dict.fromkeys(("m3/s", "m3 s-1", "m³/s", "m^3/s", "cms", "cumecs"), SAME)
    | dict.fromkeys(("cfs", "ft3/s", "ft^3/s", "ft³/s"), _CFS)
    | {"l/s": (1, 1000)},
}


def factor(unit: str, variable: str) -> Factor:
    """Return what brings a value in `unit` to the SI unit of `variable`; "" is SI already.

    Raises:
        SourceError: The unit is unknown, or measures something else.
    """
    known = _KNOWN[UNITS[variable]]
    found = known.get(unit.strip().lower(), SAME if not unit.strip() else None)
    if found is None:
        raise SourceError(
            f"'{variable}' is in '{unit}', which is unknown.", f"Known: {', '.join(known)}."
        )
    return found


def wishes(texts: list[str], variables: tuple[str, ...]) -> dict[str, str]:
    """Return the units by variable, of texts such as `water_level=ft`.

    Raises:
        SourceError: A text is none, or names a variable or a unit that is unknown.
    """
    found = {}
    for text in texts:
        variable, equals, unit = (part.strip() for part in text.partition("="))
        if not equals or variable not in variables:
            known = ", ".join(variables)
            raise SourceError(
                f"--unit '{text}' names no variable and unit.",
                f"Write it like water_level=ft; the variables are {known}.",
            )
        factor(unit, variable)
        found[variable] = unit
    return found
