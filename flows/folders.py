"""Where a run finds and leaves its files: a folder per network, one for runs, one for the site."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Folders:
    """The state of an installation, below one `home`. Files are the truth, never Prefect states."""

    home: Path

    def network(self, name: str) -> Path:
        """Return the folder of one network: all that is its own, and its files if it has any."""
        return self.home / name

    def observations(self, network: str) -> Path:
        """Return the store of what was observed, with every revision."""
        return self.home / network / "observations.sqlite"

    def checkpoint(self, network: str) -> Path:
        """Return the model that is serving."""
        return self.home / network / "model.pt"

    def scores(self, network: str) -> Path:
        """Return the verification of the serving model against its baselines."""
        return self.home / network / "scores.nc"

    def forecasts(self, network: str) -> Path:
        """Return the folder of issued forecasts."""
        return self.home / network / "forecasts"

    def forecast(self, network: str, issue_time: np.datetime64) -> Path:
        """Return the file of one issued forecast, e.g. `2019-01-30T0000Z.nc`."""
        stamp = str(issue_time.astype("datetime64[m]")).replace(":", "")
        return self.forecasts(network) / f"{stamp}Z.nc"

    def shown(self, network: str) -> Path:
        """Return the manifest of the run that the site shows for a network."""
        return self.home / network / "shown.json"

    def run(self, run_id: str) -> Path:
        """Return the manifest of one run."""
        return self.home / "runs" / f"{run_id}.json"

    def raw(self, network: str) -> Path:
        """Return the folder of the providers' answers, as they came."""
        return self.home / network / "raw"

    @property
    def answers(self) -> Path:
        """Return the folder of answers that are asked for again only if they have changed."""
        return self.home / "answers"

    def catalogue(self, source: str) -> Path:
        """Return the list of a provider's sites."""
        return self.home / "catalogues" / f"{source}.json"

    @property
    def site(self) -> Path:
        """Return the root of the published site; `current` below it is what the public sees."""
        return self.home / "site"

    @property
    def climate(self) -> Path:
        """Return the folder of the climate map: records, runs, atlas and pages."""
        return self.home / "climate"
