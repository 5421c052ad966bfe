"""One function over many jobs, on every engine: the same results, and dead workers survived."""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from data.errors import InvalidData, MulgilError, NothingThere
from flows import settings
from flows.executor import RETRIES, WorkerDied, executor, in_order, lasting, require_known
from flows.executor_versions import MALLOC, Place, differences
from flows.executor_worker import ONE_THREAD, alone, started_with

WORK = '''
import os, signal
from pathlib import Path

def square(number):
    return number * number

def process(_):
    return os.getpid()

def refuse(number):
    raise ValueError(f"{number} will not do")

def settings(names):
    return [os.environ.get(name, "") for name in names]

def die_once(path):
    """Kill the own process the first time."""
    path = Path(path)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name

def die(number):
    """Kill the own process at 13."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
'''
WITH_TORCH = """
import torch
from forecast.threads import cores

def threads(_):
    return torch.get_num_threads(), cores()
"""
NEEDS_DASK = pytest.mark.skipif(
    find_spec("distributed") is None, reason="Dask's 'distributed' is not installed here"
)
ENGINES = ["serial", pytest.param("processes", marks=pytest.mark.slow)]
ENGINES += [pytest.param("dask", marks=[pytest.mark.slow, NEEDS_DASK])]
needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return functions in a module that fresh processes find, too."""
    (tmp_path / "work_of_test.py").write_text(WORK, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    root = str(Path(__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{root}")
    (tmp_path / "torch_of_test.py").write_text(WITH_TORCH, encoding="utf-8")
    yield import_module("work_of_test")
    for name in ("work_of_test", "torch_of_test"):
        sys.modules.pop(name, None)


def nobody(_: int, __: int, ___: str) -> None: ...


@pytest.mark.parametrize("engine", ENGINES)
def test_results_come_in_the_order_of_the_jobs(engine: str, work: ModuleType) -> None:
    told: list[tuple[int, int]] = []
    made = executor(engine, 2)(work.square, [3, 1, 2], lambda n, of, _: told.append((n, of)))
    assert made == [9, 1, 4]
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_jobs_give_no_results(engine: str, work: ModuleType) -> None:
    assert executor(engine, 2)(work.square, [], nobody) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_of_a_job_ends_the_work(engine: str, work: ModuleType) -> None:
    with pytest.raises(ValueError, match="7 will not do"):
        executor(engine, 2)(work.refuse, [7, 7], nobody)


@needs_kill
@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_job_whose_worker_was_killed_runs_again(
    engine: str, work: ModuleType, tmp_path: Path
) -> None:
    jobs = [str(tmp_path / name) for name in "abc"]
    assert executor(engine, 2)(work.die_once, jobs, nobody) == ["a", "b", "c"]


@needs_kill
@pytest.mark.parametrize("engine", ENGINES[1:])
def test_workers_that_last_are_the_same_in_the_next_call_but_for_those_that_died(
    engine: str, work: ModuleType, tmp_path: Path
) -> None:
    with lasting(engine, 1) as run:
        first = run(work.process, [1, 2], nobody)
        assert run(work.process, [3], nobody) == first[:1] == first[1:]
        assert run(work.die_once, [str(tmp_path / "a")], nobody) == ["a"]
        later = run(work.process, [4], nobody)
        assert later != first[:1]
        with pytest.raises(ValueError, match="7 will not do"):
            run(work.refuse, [7], nobody)
        assert run(work.square, [5], nobody) == [25]
    assert os.getpid() not in (*first, *later)


def test_in_this_process_everything_lasts(work: ModuleType) -> None:
    with lasting("serial") as run:
        assert run(work.process, [1], nobody) == [os.getpid()]
    with lasting("local", 1) as run:
        assert run(work.process, [1], nobody) == [os.getpid()]


@needs_kill
@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_job_that_always_takes_its_worker_with_it_is_named(engine: str, work: ModuleType) -> None:
    with pytest.raises(WorkerDied, match=rf"died {RETRIES + 1} times.*13"):
        executor(engine, 2)(work.die, [1, 13, 2], nobody)


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_worker_computes_on_one_thread(engine: str, work: ModuleType) -> None:
    run = executor(engine, 2)
    assert run(work.settings, [list(ONE_THREAD)], nobody) == [["1"] * len(ONE_THREAD)]
    assert run(import_module("torch_of_test").threads, [None], nobody) == [(1, 1)]


@pytest.mark.slow
@NEEDS_DASK
def test_workers_that_we_start_keep_their_memory(work: ModuleType) -> None:
    [environment] = executor("dask", 1)(work.settings, [list(MALLOC)], nobody)
    assert environment == ["268435456", "268435456"]


@pytest.mark.slow
@NEEDS_DASK
def test_a_scheduler_that_is_there_already_gives_the_same(
    work: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    distributed = import_module("distributed")
    with distributed.LocalCluster(1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.replace("tcp", "dask")
        assert executor(address)(work.square, [2, 4], nobody) == [4, 16]
    assert "may be several times slower: start workers with MALLOC_TRIM" in caplog.text


@pytest.mark.slow
@NEEDS_DASK
def test_a_scheduler_that_nobody_started_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.executor_dask.PATIENCE", "1s")
    with pytest.raises(NothingThere, match=r"No Dask scheduler answers at 127.0.0.1:9\."):
        executor("dask://127.0.0.1:9")(abs, [1], nobody)


@pytest.mark.slow
@NEEDS_DASK
def test_workers_of_another_version_are_refused(
    work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.executor_versions._version", lambda name: "1.0")  # here alone
    with pytest.raises(MulgilError, match=r"not as this process: .*numpy 2.*, here 1\.0"):
        executor("dask", 1)(work.square, [1], nobody)


def test_without_distributed_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NothingThere, match="'distributed' is not installed"):
        executor("dask", 1)(abs, [1], nobody)


@pytest.mark.parametrize("engine", ["ray", "dask://", "dask://host", "tcp://host:8786", "Serial"])
def test_an_engine_that_nobody_knows_is_refused(engine: str) -> None:
    with pytest.raises(InvalidData, match=f"'{engine}' is no engine"):
        require_known(engine)


@pytest.mark.parametrize("engine", ["local", "dask://10.0.0.5:8786", "dask://[::1]:8786"])
def test_an_engine_is_told_by_its_name(engine: str) -> None:
    assert require_known(engine) == engine


def test_one_job_is_done_here_unless_processes_were_asked_for(work: ModuleType) -> None:
    sys.modules["work_of_test"].here = True  # type: ignore[attr-defined]  # only in this process
    assert executor("local", 2)(lambda n: (work.here, n), [5], nobody) == [(True, 5)]


def test_versions_that_differ_are_named_with_their_workers() -> None:
    ours = Place({"numpy": "2.3", "torch": "2.9"}, {})
    old = Place({"numpy": "2.2", "torch": "2.9"}, {})
    places = {"a": ours, "b": old, "c": old}
    assert differences(ours, places) == ["numpy 2.2, here 2.3 (b, c)"]


def test_a_package_that_only_we_have_differs() -> None:
    ours = Place({"torch": "2.9"}, {})
    assert differences(ours, {"a": Place({}, {})}) == ["torch none, here 2.9 (a)"]


def test_the_environment_is_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    with started_with(ONE_THREAD):
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
        os.environ["LEFT_BY_A_NANNY"] = "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert not {"MKL_NUM_THREADS", "LEFT_BY_A_NANNY"} & set(os.environ)


def test_work_without_torch_is_not_made_to_load_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "forecast.threads", raising=False)
    assert alone(abs, -3) == 3
    assert "forecast.threads" not in sys.modules


def test_in_order_is_in_this_process() -> None:
    assert in_order(lambda n: -n, [1, 2], nobody) == [-1, -2]


def test_the_engine_is_a_setting() -> None:
    assert settings.read({"MULGIL_ENGINE": "dask://10.0.0.5:8786"}).engine == "dask://10.0.0.5:8786"
    assert settings.read({}).engine == "local"
    with pytest.raises(settings.BadSettings, match=r"^MULGIL_ENGINE: 'ray' is no engine"):
        settings.read({"MULGIL_ENGINE": "ray"})
