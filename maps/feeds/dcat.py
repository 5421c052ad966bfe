"""Describe a network's data sets in JSON-LD, with the words of DCAT 3 and of schema.org at once.

National portals harvest `dcat:`, search engines read schema.org; both stand in one tree.
"""

from typing import Any

from maps.feeds.label import label, marked, notice
from maps.feeds.licences import licences
from maps.feeds.names import iso, urn
from maps.feeds.publisher import Publisher
from maps.listing import TABLE, credits_of, has_table
from maps.view import View

CONTEXT = {
    "@vocab": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
}
Files = tuple[tuple[str, str], ...]
DATASETS: dict[str, tuple[str, str, Files]] = {  # name: titles, files and their media types
    "forecast": (
        "홍수 예측 (분위수와 단계)",
        "Flood forecast (quantiles and stages)",
        (
            ("forecast.nc", "application/x-netcdf"),
            (TABLE, "text/csv"),
            ("gauges.csv", "text/csv"),
            ("api/network.json", "application/json"),
            ("ogc/collections/gauges/items.json", "application/geo+json"),
        ),
    ),
    "alerts": (
        "홍수 예측 알림 (CAP 1.2)",
        "Flood forecast alerts (CAP 1.2)",
        (("alerts/all.atom", "application/atom+xml"),),
    ),
}


def catalogue(view: View, folder: str, publisher: Publisher) -> dict[str, Any]:
    """Return the description of a network's data sets.

    Args:
        folder: The network's folder below the site.
    """
    title = f"{view.network.title_ko} / {view.network.title_en}"
    names = list(DATASETS)
    return {
        "@context": CONTEXT,
        "@id": urn(publisher.sender, folder, "catalogue"),
        "@type": ["dcat:Catalog", "DataCatalog"],
        "name": marked(label(view), title, "en"),
        "dct:title": marked(label(view), title, "en"),
        "description": _description(view),
        "inLanguage": ["ko", "en"],
        "publisher": _publisher(publisher),
        "dataset": [_dataset(view, folder, name, publisher) for name in names],
        "dcat:dataset": [{"@id": urn(publisher.sender, folder, name)} for name in names],
    }


def _description(view: View) -> str:
    network = view.network
    parts = [
        f"{label(view)}.",
        notice(view, "en"),
        notice(view, "ko"),
        network.caveat_en,
        network.caveat_ko,
        network.provenance,
        *credits_of(network),
    ]
    return " ".join(part for part in parts if part)


def _publisher(publisher: Publisher) -> dict[str, Any]:
    return {"@type": "Organization", "name": publisher.name_en, "alternateName": publisher.name_ko}


def _dataset(view: View, folder: str, name: str, publisher: Publisher) -> dict[str, Any]:
    title_ko, title_en, files = DATASETS[name]
    issue, end = view.issue_time, view.forecast.valid_time.values.max()
    title = marked(label(view), f"{view.network.title_en}: {title_en}", "en")
    base = f"{publisher.base_url}{folder}/" if publisher.base_url else ""
    distributions = [
        _distribution(f"{base}{path}", kind)
        for path, kind in files
        if path != TABLE or has_table(view)
    ]
    return {
        "@id": urn(publisher.sender, folder, name),
        "@type": ["dcat:Dataset", "Dataset"],
        "name": title,
        "dct:title": title,
        "alternateName": marked(label(view), f"{view.network.title_ko}: {title_ko}", "ko"),
        "description": _description(view),
        "dct:issued": iso(issue),
        "dateModified": iso(issue),
        "temporalCoverage": f"{iso(issue)}/{iso(end)}",
        "spatialCoverage": _place(view),
        "isAccessibleForFree": True,
        "creator": _publisher(publisher),
        **_terms(view),
        "distribution": distributions,
        "dcat:distribution": [{"@id": each["@id"]} for each in distributions],
    }


def _terms(view: View) -> dict[str, Any]:
    """Return the licences where all are known; whose data they are in any case."""
    found = licences(view.network)
    rights = " ".join([view.network.provenance, *credits_of(view.network)])
    told = {"license": found, "dct:license": [{"@id": each} for each in found]} if found else {}
    return {"dct:rights": rights, "creditText": rights} | told


def _distribution(path: str, kind: str) -> dict[str, Any]:
    return {
        "@id": path,
        "@type": ["dcat:Distribution", "DataDownload"],
        "contentUrl": path,
        "dcat:downloadURL": {"@id": path},
        "encodingFormat": kind,
        "dcat:mediaType": kind,
    }


def _place(view: View) -> dict[str, Any]:
    lat = [station.latitude for station in view.network.stations]
    lon = [station.longitude for station in view.network.stations]
    box = f"{min(lat):.5f} {min(lon):.5f} {max(lat):.5f} {max(lon):.5f}"
    return {"@type": "Place", "geo": {"@type": "GeoShape", "box": box}}
