"""What a situation report is made of; its page, its Markdown and its JSON hold the same parts."""

from dataclasses import dataclass

from forecast.outlook import Language


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        under: What stands below, smaller.
        stage: Number of a `Stage`, where the text is one's name.
        link: From the network's folder.
    """

    text: str
    under: str = ""
    stage: int | None = None
    link: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first column names the row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rest: str = ""


@dataclass(frozen=True)
class Section:
    """One part under its own heading: sentences, then a table, then points."""

    key: str
    title: str
    said: tuple[str, ...] = ()
    table: Table | None = None
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A situation report in one language.

    Attributes:
        marks: That the numbers are simulated, a drill or of the past; and not official.
        issued: The issue time, local and UTC.
        standing: Whether a person has looked at it, in one sentence.
    """

    language: Language
    title: str
    headline: str
    marks: tuple[str, ...]
    issued: str
    standing: str
    sections: tuple[Section, ...]
