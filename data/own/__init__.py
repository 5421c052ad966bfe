"""A river of one's own: from plain CSV files to a network that can be trained and forecast."""
