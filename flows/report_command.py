"""`mulgil report`: the situation report of the newest run, to read, to send or to print."""

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flows import settings
from flows.options import Name, NameOption, chosen
from flows.progress import say

HELP = """Print the situation report (상황보고) of a network's newest run.

What is happening, the worst gauges, what has changed since the last issue, the rain, the state of
the data, what persons edited or approved, and where the numbers come from. The published site has
it at `NETWORK/report.html`; a run that is not published yet is reported as it would be.

Examples: `mulgil report han-live`, `mulgil report han-live --lang en --format json`,
`mulgil report han-live --pdf report.pdf`"""


class Tongue(StrEnum):
    """The languages of a report."""

    KO = "ko"
    EN = "en"


class Form(StrEnum):
    """How it is written."""

    MD = "md"
    HTML = "html"
    JSON = "json"


def report(
    name: Name = None,
    network: NameOption = None,
    lang: Annotated[Tongue, typer.Option(help="Korean or English; JSON holds both.")] = Tongue.KO,
    form: Annotated[Form, typer.Option("--format", help="Markdown, the page, or JSON.")] = Form.MD,
    pdf: Annotated[
        Path | None, typer.Option(help="Print it into this PDF file; needs Chromium or Chrome.")
    ] = None,
) -> None:
    """Print the situation report of the newest run; see HELP."""
    from flows import report_pdf, reporting

    wanted, found = chosen(name, network), settings.read()
    with TemporaryDirectory(prefix="mulgil-report-") as scratch:
        folder = reporting.folder(wanted, found.folders, Path(scratch))
        if pdf is not None:
            report_pdf.print_page(reporting.file(folder, lang.value, "html"), pdf)
            say(f"Printed {pdf}")
            return
        text = reporting.file(folder, lang.value, form.value).read_text(encoding="utf-8")
    typer.echo(text, nl=not text.endswith("\n"))
