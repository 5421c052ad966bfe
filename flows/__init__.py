"""When to run, and in what order: settings, flows and the `mulgil` command."""
