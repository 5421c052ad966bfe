"""The parts of `data.store`: rows packed into blocks of one SQLite file, and read back as grids."""
