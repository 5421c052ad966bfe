"""Continuous values of some sites through `dataretrieval`, USGS's own client, as an `Answer`.

The client gives a table, not the bytes that came. `Answer.body` is that table, before any
conversion, as the GeoJSON it came from (`content_type` says so): texts stay texts, null stays
null; pages are joined, ids, geometry and links are gone. What the client cannot do: it waits 10 s
for a connection and 60 s for each silence, whatever `Manners.timeout`; it sleeps through a
`Retry-After` of up to 60 s; a page that fails after the first is not asked again; an answer is
held against `Manners.largest` only when its table is there; ETags are not remembered; it calls
itself python-dataretrieval. The key goes to https://api.waterdata.usgs.gov alone, and only the one
in `Access`: none from the environment. A replay server must link no further page on another host.
"""

import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import dataretrieval
import numpy as np
import pandas as pd
from dataretrieval import Configuration, DataRetrievalError, configure, waterdata
from dataretrieval.waterdata import WaterdataConfiguration

from data.errors import SourceError, SourceUnavailable
from data.sources import web
from data.sources.asking import Access, Answer

SOURCE = "usgs"
CONTENT_TYPE = f"application/geo+json; from=dataretrieval-{dataretrieval.__version__}"
COLUMNS = (  # asked by name: for no rows at all the client would else ask for the schema as well
    "time_series_id",
    "monitoring_location_id",
    "parameter_code",
    "statistic_id",
    "time",
    "value",
    "unit_of_measure",
    "approval_status",
    "qualifier",
    "last_modified",
)
ODD = (  # what the client lets through where an answer or an address is not as it expects
    ArithmeticError,
    AttributeError,
    ExceptionGroup,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
Span = tuple[np.datetime64, np.datetime64]


def fetch(access: Access, sites: list[str], parameter: str, span: Span) -> Answer:
    """Ask for one parameter of some sites; a replay server owns up in a header of its last page.

    Raises:
        SourceUnavailable: USGS is busy (429), broken (5xx) or cannot be reached.
        SourceError: It refuses what is asked, or answers what the client cannot read.
    """
    since, until = (f"{np.datetime_as_string(edge, unit='s')}Z" for edge in span)
    more = f"-and-{len(sites) - 1}-more" if len(sites) > 1 else ""
    what = f"continuous-{parameter}-{sites[0]}{more}-{since[:10]}"
    try:
        with configure(*_settings(access)):
            table, facts = waterdata.get_continuous(
                monitoring_location_id=sites,
                parameter_code=parameter,
                time=f"{since}/{until}",
                properties=COLUMNS,
                convert_type=False,
                max_rows=access.manners.largest // 100 + 1,  # of rows that take more bytes each
                skip_geometry=True,
            )
    except DataRetrievalError as error:
        raise _trouble(error, what, access.key) from None
    except ODD as error:
        said = web.redacted(f"{type(error).__name__}: {error}", access.key)
        problem = f"{SOURCE}, {what}: the client cannot ask this or read the answer ({said})."
        raise SourceError(problem, "Check the site's id and the address.") from None
    body = _geojson(table)
    web.refuse_too_much(len(body), facts.url, access.manners)
    return Answer(
        SOURCE,
        what,
        web.redacted(facts.url, access.key),
        body,
        np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns"),
        content_type=CONTENT_TYPE,
        replayed=facts.header.get(web.REPLAYED, ""),
    )


def _settings(access: Access) -> tuple[Configuration, WaterdataConfiguration]:
    root = access.base_url.rstrip("/")
    parts = urlsplit(root)
    if not parts.hostname or parts.port == 0:  # a port beyond 65535 is a ValueError of its own
        raise ValueError("no host in the address")
    service = WaterdataConfiguration(
        base_url=root,
        api_version="v1",
        retries=access.manners.tries - 1,
        stall_timeout=access.manners.budget,
        concurrency=1,
        parallel_chunks=1,
    )
    return Configuration(api_key=access.key or None, progress=False), service


def _geojson(table: pd.DataFrame) -> bytes:
    """Return the client's table as GeoJSON without loss: a missing cell is null."""
    cells = table.astype(object)
    features = [
        {"type": "Feature", "properties": facts}
        for facts in cells.where(cells.notna(), None).to_dict("records")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _trouble(error: DataRetrievalError, what: str, key: str) -> SourceError:
    """Return the client's trouble as ours: without its advice, the key or a whole address."""
    cause = error.__cause__
    said = re.sub(r" ?\(URL: \S*\)", "", str(cause or error))
    said = re.sub(r"https?://\S+", lambda found: web.shown(found[0]), said)
    said = " ".join(web.redacted(said, key).split())[:300].rstrip(".")
    if isinstance(cause, ValueError):  # of its JSON
        said = f"the answer is no JSON ({said})"
    problem = f"{SOURCE}, {what}: {said}."
    if error.retryable or error.status_code in {408, 425} or isinstance(cause, ValueError):
        return SourceUnavailable(problem, "Ask again later.")
    return SourceError(problem, _remedy(error.status_code))


def _remedy(status: int | None) -> str:
    if status is None:
        return "See what the provider has changed."
    return "Check the key." if status in {401, 403} else "Check what is asked for."
