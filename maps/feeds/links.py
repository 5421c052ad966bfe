"""The files of a network and of a gauge that pages offer: paths, media types, words."""

from typing import Any

from forecast.outlook import Language
from maps.plain import file_name

Entry = tuple[str, str, dict[Language, str]]

OF_NETWORK: tuple[Entry, ...] = (
    (
        "alerts/all.atom",
        "application/atom+xml",
        {"ko": "홍수 예측 알림 (Atom, CAP 1.2)", "en": "Flood forecast alerts (Atom, CAP 1.2)"},
    ),
    (
        "ogc/collections/gauges/items.json",
        "application/geo+json",
        {"ko": "모든 지점 (GeoJSON)", "en": "All gauges (GeoJSON)"},
    ),
    (
        "ogc/index.json",
        "application/json",
        {"ko": "OGC API – Features 배치", "en": "Layout of OGC API – Features"},
    ),
    ("api/network.json", "application/json", {"ko": "JSON API", "en": "JSON API"}),
    (
        "api/openapi.json",
        "application/vnd.oai.openapi+json",
        {"ko": "JSON API 설명 (OpenAPI)", "en": "Description of the JSON API (OpenAPI)"},
    ),
    ("forecast.csv", "text/csv", {"ko": "예측 (CSV)", "en": "Forecast (CSV)"}),
    (
        "forecast.nc",
        "application/x-netcdf",
        {"ko": "예측 (NetCDF, CF-1.11)", "en": "Forecast (NetCDF, CF-1.11)"},
    ),
    (
        "dcat.jsonld",
        "application/ld+json",
        {"ko": "자료 목록 (DCAT, JSON-LD)", "en": "Data catalogue (DCAT, JSON-LD)"},
    ),
)
_OF_GAUGE: tuple[Entry, ...] = (
    (
        "alerts/gauge/{name}.atom",
        "application/atom+xml",
        {"ko": "이 지점의 알림 (Atom, CAP 1.2)", "en": "Alerts of this gauge (Atom, CAP 1.2)"},
    ),
    (
        "gauge/{name}.observed.csv",
        "text/csv",
        {"ko": "관측 (CSV)", "en": "Observations (CSV)"},
    ),
    (
        "gauge/{name}.forecast.csv",
        "text/csv",
        {"ko": "예측 분위수 (CSV)", "en": "Forecast quantiles (CSV)"},
    ),
    (
        "gauge/{name}.chances.csv",
        "text/csv",
        {"ko": "단계별 가능성 (CSV)", "en": "Chances by stage (CSV)"},
    ),
    ("api/gauge/{name}.json", "application/json", {"ko": "JSON", "en": "JSON"}),
    (
        "ogc/collections/gauges/items/{name}.json",
        "application/geo+json",
        {"ko": "GeoJSON", "en": "GeoJSON"},
    ),
    (
        "pi/{name}.observed.xml",
        "application/xml",
        {"ko": "관측 (Delft-FEWS PI-XML)", "en": "Observations (Delft-FEWS PI-XML)"},
    ),
    (
        "pi/{name}.forecast.xml",
        "application/xml",
        {"ko": "예측 (Delft-FEWS PI-XML)", "en": "Forecast (Delft-FEWS PI-XML)"},
    ),
    (
        "pi/{name}.observed.json",
        "application/json",
        {"ko": "관측 (PI-JSON)", "en": "Observations (PI-JSON)"},
    ),
    (
        "pi/{name}.forecast.json",
        "application/json",
        {"ko": "예측 (PI-JSON)", "en": "Forecast (PI-JSON)"},
    ),
)


_OF_SHARDS: tuple[Entry, ...] = (
    (
        "alerts/gauge/{name}.atom",
        "application/atom+xml",
        {
            "ko": "알림이 있는 지점의 알림 (Atom, CAP 1.2)",
            "en": "Alerts of a gauge that has any (Atom, CAP 1.2)",
        },
    ),
    (
        "api/index.json",
        "application/json",
        {"ko": "지점의 번호 n (JSON)", "en": "The numbers n of gauges (JSON)"},
    ),
    (
        "api/gauges/{part}.json",
        "application/json",
        {
            "ko": "지점 64곳의 관측과 예측, part = n // 64 (JSON)",
            "en": "Readings and forecasts of 64 gauges, part = n // 64 (JSON)",
        },
    ),
    (
        "api/stations/{part}.json",
        "application/json",
        {
            "ko": "지점 64곳의 위치와 기준값 (JSON)",
            "en": "Places and thresholds of 64 gauges (JSON)",
        },
    ),
    (
        "ogc/collections/gauges/items.{page}.json",
        "application/geo+json",
        {"ko": "지점 500곳 (GeoJSON)", "en": "500 gauges (GeoJSON)"},
    ),
    (
        "pi/worst.forecast.xml",
        "application/xml",
        {
            "ko": "위험한 지점의 예측 (Delft-FEWS PI-XML)",
            "en": "Forecasts of the worst gauges (Delft-FEWS PI-XML)",
        },
    ),
    (
        "pi/worst.observed.xml",
        "application/xml",
        {
            "ko": "위험한 지점의 관측 (Delft-FEWS PI-XML)",
            "en": "Observations of the worst gauges (Delft-FEWS PI-XML)",
        },
    ),
)


def of_network(language: Language) -> list[dict[str, Any]]:
    """Return the files of a network, from its folder."""
    return _told(OF_NETWORK, language)


def of_shards(language: Language) -> list[dict[str, Any]]:
    """Return the files of the gauges of a large network, from its folder; see `layout`."""
    return _told(_OF_SHARDS, language)


def _told(entries: tuple[Entry, ...], language: Language) -> list[dict[str, Any]]:
    return [{"path": path, "type": kind, "said": said[language]} for path, kind, said in entries]


def of_gauge(gauge: str, language: Language) -> list[dict[str, Any]]:
    """Return the files of a gauge, from its network's folder."""
    name = file_name(gauge)
    return [
        {"path": path.format(name=name), "type": kind, "said": said[language]}
        for path, kind, said in _OF_GAUGE
    ]
