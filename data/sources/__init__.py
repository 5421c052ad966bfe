"""One file for each provider of observations; they do not know each other."""
