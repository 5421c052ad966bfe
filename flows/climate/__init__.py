"""Build the climate map step by step: each step leaves a file named by all that went into it."""
