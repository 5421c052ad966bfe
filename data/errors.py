"""Everything that can go wrong in Mulgil, in one tree.

MulgilError
├── SourceError            a provider's answer cannot be used (final: asking again gives the same)
│   └── SourceUnavailable  a provider did not answer (retryable)
├── InvalidData            a dataset breaks its schema
├── UnknownNetwork         no network of that name
├── OutsideRecord          a time that the record does not cover
├── TooLittleHistory       not enough record to train on or to forecast from
├── CheckpointMismatch     a checkpoint that does not fit this network or this code
├── NothingThere           a file that an earlier step should have made is missing
└── StoreUnavailable       the store of observations is busy, full or not allowed (retryable)

Each says what is wrong, the value, and the remedy, in one sentence each.
"""


class MulgilError(Exception):
    """Base of all our errors; its text is ready to be shown to a person."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem} {remedy}".strip())


class SourceError(MulgilError):
    """A provider's answer cannot be used; asking again gives the same answer."""


class SourceUnavailable(SourceError):
    """A provider did not answer; asking again later may help."""


class InvalidData(MulgilError):
    """A dataset does not fit its schema."""


class UnknownNetwork(MulgilError):
    """There is no network of that name."""


class OutsideRecord(MulgilError):
    """A time lies outside the record."""


class TooLittleHistory(MulgilError):
    """The record is too short for what was asked."""


class CheckpointMismatch(MulgilError):
    """A checkpoint was made for another network, or by code that this one cannot read."""


class NothingThere(MulgilError):
    """A file that an earlier step makes is missing."""


class StoreUnavailable(MulgilError):
    """The store of observations cannot be used now; trying again later may help."""
