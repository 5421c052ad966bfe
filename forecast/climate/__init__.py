"""Climate indices, return levels, robustness and regional means; no network, no torch."""
