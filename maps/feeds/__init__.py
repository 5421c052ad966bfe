"""Feeds and files for machines: CAP and Atom, GeoJSON, CSV, Delft-FEWS PI, DCAT, JSON, NetCDF."""
