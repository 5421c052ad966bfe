"""How the files of a network are laid out: one a gauge, or 64 gauges a file where there are many.

Above `LARGE` gauges a cycle could not write all files of all gauges, and nobody could fetch them:
what a gauge has of its own is then found by its number n, its place in the network.
"""

from collections.abc import Iterator

from data.network import Network

LARGE = 300  # gauges
SHARD = 64  # gauges a file
PAGE = 500  # features a page of GeoJSON
WORST = 300  # gauges in the file of a large network


def large(network: Network) -> bool:
    """Return whether the gauges of a network share files."""
    return len(network.stations) > LARGE


def shards(network: Network, size: int) -> Iterator[tuple[int, slice]]:
    """Yield each file's number and the places of its gauges."""
    for start in range(0, len(network.stations), size):
        yield start // size, slice(start, start + size)
