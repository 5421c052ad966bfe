"""The climate that was observed, and the futures that models give, as daily series."""
