"""What goes wrong in a campaign and when: drawn from a seed, so that it can be had again."""

from dataclasses import dataclass

import numpy as np

from flows.replay.faults import NAMES, Faults

MINUTE = np.timedelta64(1, "m")
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SOURCES = ("hrfco", "open_meteo")
OFTEN = 8 * HOUR  # a provider has a new trouble about so often
KINDS = tuple(sorted(NAMES))


@dataclass(frozen=True)
class Trouble:
    """A fault of one provider, from one time to another.

    Attributes:
        fault: `off` of the source `machine`: this computer has no power.
    """

    source: str
    fault: str
    begin: np.datetime64
    end: np.datetime64

    def at(self, moment: np.datetime64) -> bool:
        """Whether it is in force."""
        return bool(self.begin <= moment < self.end)


def drawn(begin: np.datetime64, end: np.datetime64, seed: int) -> list[Trouble]:
    """Return troubles of each provider, of 10 minutes to 3 hours, evenly spread in the mean."""
    rng = np.random.default_rng([seed, 17])
    found = []
    for source in SOURCES:
        kinds = rng.permutation(KINDS)  # each once before any comes again
        when, number = begin + rng.integers(30, 240) * MINUTE, 0
        while when < end:
            lasts = rng.integers(10, 180) * MINUTE
            found.append(Trouble(source, str(kinds[number % len(kinds)]), when, when + lasts))
            when += lasts + round(rng.exponential(OFTEN / MINUTE)) * MINUTE
            number += 1
    return found


def silent(begin: np.datetime64, day: int) -> Trouble:
    """Return a day on which the gauges' provider cannot be reached."""
    return Trouble("hrfco", "down", begin + day * DAY, begin + (day + 1) * DAY)


def off(begin: np.datetime64, hours: float) -> Trouble:
    """Return so many hours without power, a day and a half after the beginning."""
    from_ = begin + 36 * HOUR
    return Trouble("machine", "off", from_, from_ + round(hours * 60) * MINUTE)


def put(faults: Faults, troubles: list[Trouble], moment: np.datetime64) -> list[str]:
    """Put in force what is due at a moment, and nothing else; return it as `source=fault`."""
    faults.clear()
    now = [each for each in troubles if each.at(moment) and each.source != "machine"]
    for each in now:
        faults.set(each.source, each.fault)
    return [f"{each.source}={each.fault}" for each in now]
