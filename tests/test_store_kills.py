"""The store under SIGKILL: what was acknowledged is there, and readers never notice.

`MULGIL_TEST_KILLS=200 pytest -s tests/test_store_kills.py` is the campaign; it prints its tally.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from data import store
from data.storage import file as store_file
from data.storage import read as store_read
from data.store import Wanted

KILLS = int(os.environ.get("MULGIL_TEST_KILLS", "8"))
SITES = 40
START = np.datetime64("2026-07-01T00:00", "ns")
STEP = np.timedelta64(10, "m")

# Starts a writer for each number that it is told, says its process, and when that has ended.
# Each append brings a new step of all sites, and puts the step before it right; every fifth is
# followed by folding what there is of the days up to it.
WRITERS = """
import os, sys
from pathlib import Path
import numpy as np
from data import store
from data.storage.fold import fold
path, sites = Path(sys.argv[1]), int(sys.argv[2])
start, step = np.datetime64("2026-07-01T00:00", "ns"), np.timedelta64(10, "m")
names, site = [f"S{n}" for n in range(sites)], np.arange(sites)
def columns(variable, at, value):
    return store.Columns(
        variable, names, site, np.full(sites, start + at * step), value, np.zeros(sites, "int8")
    )
def write(number):
    while True:
        number += 1
        both = [columns("water_level", number, number + site / 1000)]
        both += [columns("water_level", number - 1, number + 500 + site / 1000)] * (number > 1)
        both += [columns("rainfall", number, site + 0.5)]
        store.append_columns(path, "hrfco", both, start + number * step)
        print("kept", number, flush=True)
        if number % 5 == 0:
            fold(path, start + number * step + np.timedelta64(1, "D"))
for line in sys.stdin:
    child = os.fork()
    if not child:
        write(int(line))
    print("process", child, flush=True)
    os.waitpid(child, 0)
    print("ended", child, flush=True)
"""

# Reads as fast as it can with no patience at all, until it is told to end.
READER = """
import json, sys, threading, time
from pathlib import Path
import numpy as np
from data import store
from data.storage import file as store_file
from data.errors import MulgilError, StoreUnavailable
path, sites = Path(sys.argv[1]), int(sys.argv[2])
found = {"reads": 0, "blocked": 0, "errors": [], "half": 0, "back": 0, "slowest_s": 0.0}
stop, last = threading.Event(), 0
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
def whole(ds):
    size = ds.sizes["time"]
    expected = np.arange(1, size + 1)[None, :] + np.arange(sites)[:, None] / 1000
    expected[:, :-1] += 501
    return ds.sizes["site"] == sites and np.array_equal(ds.value, expected.astype("float32"))
while not stop.is_set():
    store_file.PATIENCE_S = 0.0
    begun = time.perf_counter()
    try:
        try:
            ds = store.read(path, store.Wanted("hrfco", "water_level"))
        except StoreUnavailable:
            found["blocked"] += 1
            store_file.PATIENCE_S = 10.0
            ds = store.read(path, store.Wanted("hrfco", "water_level"))
    except MulgilError as error:
        found["errors"].append(str(error))
        continue
    found["slowest_s"] = max(found["slowest_s"], time.perf_counter() - begun)
    found["reads"] += 1
    found["half"] += not whole(ds)
    found["back"] += ds.sizes["time"] < last
    last = ds.sizes["time"]
    if found["reads"] == 1:
        print("reading", flush=True)
print(json.dumps(found))
"""


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    """Each writer appends until it is killed, while another process reads all the time."""
    path, chance = tmp_path / "store.db", random.Random(11)  # noqa: S311  # moments, no secrets
    tally = {"kills": 0, "acknowledged": 0, "lost": 0}
    with _running(WRITERS, path) as writers:
        last = _append_until_killed(writers, 0, 1.0)[-1]  # there is something to read
        with _running(READER, path) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "reading\n"
            for _ in range(KILLS):
                acknowledged = _append_until_killed(writers, last, chance.uniform(0.0, 0.3))
                last = _kept(path)
                tally["kills"] += 1
                tally["acknowledged"] += len(acknowledged)
                tally["lost"] += len([number for number in acknowledged if number > last])
            found = json.loads(reader.communicate("")[0])
    print(json.dumps(tally | found))  # noqa: T201  # the campaign's tally, with pytest -s
    assert tally["lost"] == 0
    assert (found["errors"], found["half"], found["back"]) == ([], 0, 0)
    assert found["reads"] > KILLS
    assert found["slowest_s"] < 10.0  # the patience that would mean a reader was locked out


def _append_until_killed(writers: subprocess.Popen[str], number: int, after: float) -> list[int]:
    """Return the appends that a writer said were done, killed `after` seconds of its life."""
    assert writers.stdin is not None
    assert writers.stdout is not None
    writers.stdin.write(f"{number}\n")
    writers.stdin.flush()
    kept = list[int]()
    for line in writers.stdout:
        word, value = line.split()
        if word == "process":
            time.sleep(after)
            os.kill(int(value), signal.SIGKILL)
        elif word == "ended":
            break
        else:
            kept.append(int(value))
    return kept


def _kept(path: Path) -> int:
    """Return the last append in the store; it and all before it must be whole."""
    with store_file.reading(path) as db:  # one moment for both
        levels = store_read.grid(db, Wanted("hrfco", "water_level"))
        rain = store_read.grid(db, Wanted("hrfco", "rainfall"))
    count = levels.sizes["time"]
    np.testing.assert_array_equal(levels.time, START + np.arange(1, count + 1) * STEP)
    np.testing.assert_array_equal(levels.time, rain.time)  # both variables, or neither
    assert levels.value.notnull().all()
    assert rain.value.notnull().all()
    first_known = [
        store.revisions(path, "hrfco", "S7", "water_level", START + n * STEP)[0].value
        for n in (1, count)
    ]
    np.testing.assert_allclose(first_known, [1.007, count + 0.007], rtol=1e-6)  # nothing forgotten
    return count


@contextmanager
def _running(script: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a script of ours beside what is done meanwhile."""
    command = [sys.executable, "-c", script, str(path), str(SITES)]
    with subprocess.Popen(  # noqa: S603  # our own interpreter and script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()
