"""A server on this machine that speaks like the providers: recorded or simulated, never real."""
