"""Every region that the climate map tells of, in one table: the country, provinces, districts.

Code "KR" is the country, "11" a province (시도), "11110" a district (시군구). The source has 천안시
and 창원시 both whole and by district (`data.climate.regions`); here they stand by district, so that
251 districts cover the country once.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data.climate import regions

COUNTRY = "KR"


def read(cache: Path | None = None) -> gpd.GeoDataFrame:
    """Return all regions, with shared borders and corners some 300 m apart.

    Args:
        cache: Folder for copies, as simplifying takes some ten seconds; None keeps none.

    Returns:
        Index `code`: the country first, then provinces, then districts; name_ko, name_en, parent
        ("" for the country, "KR" for a province), geometry (WGS 84).

    Raises:
        SourceError: The package of boundaries is not installed.
    """
    districts = regions.simplified("sigungu", cache)
    return _table(regions.provinces_of(districts), districts)


def _table(provinces: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    country = gpd.GeoDataFrame(
        {"name_ko": ["전국"], "name_en": ["South Korea"], "parent": [""]},
        geometry=[shapely.union_all(provinces.geometry.to_numpy())],
        index=pd.Index([COUNTRY], name="code"),
        crs=provinces.crs,
    )
    once = districts[~districts["whole_city"].astype(bool)]
    parts = [country, provinces.assign(parent=COUNTRY), once]
    columns = ["name_ko", "name_en", "parent", "geometry"]
    return gpd.GeoDataFrame(pd.concat([part[columns] for part in parts]), crs=provinces.crs)
