"""DataLoader with workers: batches, their order and memory, failures that cross, processes that die and that are left.

Everything that waits has a timeout: a hang fails.
"""

from __future__ import annotations

import collections
import gc
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import mibun as torch
from mibun.utils import data
from mibun.utils.data._utils import channel as channels

FORK = "fork" in multiprocessing.get_all_start_methods()
pytestmark = pytest.mark.skipif(not FORK, reason="the tests start workers by fork, as is quick")
OPTIONS = {"num_workers": 2, "timeout": 60, "multiprocessing_context": "fork"}
Pair = collections.namedtuple("Pair", "x y")


class Samples(data.Dataset):
    """Whose samples are what a function gives for the index."""

    def __init__(self, function, size=6):
        self.function, self.size = function, size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return self.function(index)


class Parts(data.IterableDataset):
    """A stream of which each worker gives its own part; the first worker has the shortest."""

    def __init__(self, *sizes):
        self.sizes = sizes

    def __iter__(self):
        info = data.get_worker_info()
        number = 0 if info is None else info.id
        return iter(range(100 * number, 100 * number + self.sizes[number]))


def loaded(function, size=6, **options):
    return list(data.DataLoader(Samples(function, size), **{**OPTIONS, **options}))


def flat(value):
    """A structure with lists for tensors."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return [str(value.dtype), value.tolist()]
    if isinstance(value, dict):
        return {key: flat(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(flat, value))
    return [flat(item) for item in value] if isinstance(value, (list, tuple)) else value


SAMPLES = {
    "tensor": lambda i: torch.full((2, 3), float(i)),
    "0-d": lambda i: torch.tensor(i),
    "bfloat16": lambda i: torch.full((2,), i, dtype=torch.bfloat16),
    "complex": lambda i: torch.tensor([i + 1j]),
    "bool": lambda i: i % 2 == 0,
    "empty": lambda i: torch.ones(0, 3),
    "not contiguous": lambda i: torch.arange(6).reshape(2, 3).t() + i,
    "numpy": lambda i: np.arange(3) + i,
    "numpy scalar": lambda i: np.float32(i),
    "int and str": lambda i: (i, str(i), b"b"),
    "named tuple": lambda i: Pair(torch.ones(2) * i, {"a": i, "b": [i, i]}),
    "dict": lambda i: {"x": torch.ones(1) * i, "y": np.ones(2)},
    "parameter": lambda i: torch.nn.Parameter(torch.ones(2) * i).detach(),
    "long text": lambda i: "long" * 5000,
}


@pytest.mark.parametrize("name", SAMPLES)
def test_batches_are_those_of_no_workers(name):
    dataset = Samples(SAMPLES[name])
    for options in ({"batch_size": 4}, {"batch_size": None}):
        expected = list(data.DataLoader(dataset, **options))
        assert flat(list(data.DataLoader(dataset, **options, **OPTIONS))) == flat(expected)


def test_tensors_are_in_shared_memory_and_keep_no_descriptors():
    whole = torch.arange(12.0).reshape(6, 2)

    def structure(i):
        return {"view": whole[i], "own": torch.ones(1000) * i, "array": np.ones(3)}

    for options in ({"batch_size": 2}, {"batch_size": None}, {"batch_size": 2, "collate_fn": list}):
        batches = loaded(structure, **options)
        for batch in batches:
            for part in batch if isinstance(batch, list) else [batch]:
                assert part["view"].is_shared() and part["own"].is_shared()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    batches = loaded(lambda i: torch.tensor([i]), 300)
    if before is not None:
        assert len(os.listdir("/proc/self/fd")) <= before + 20
    batches[7] += 1
    assert [int(batch) for batch in batches[:9]] == [0, 1, 2, 3, 4, 5, 6, 8, 8]


def test_collate_functions_that_allocate_shared_memory():
    """As libraries do it: the storage is made first, then a tensor on it, then the batch in that."""

    def typed(batch):
        storage = batch[0]._typed_storage()._new_shared(sum(x.numel() for x in batch), device=batch[0].device)
        out = batch[0].new(storage).resize_(len(batch), *batch[0].size())
        assert out.is_shared()
        return torch.stack(batch, 0, out=out)

    def untyped(batch):
        storage = batch[0].untyped_storage()._new_shared(sum(x.nbytes for x in batch), device=batch[0].device)
        return torch.stack(batch, 0, out=batch[0].new(storage).resize_(len(batch), *batch[0].size()))

    for collate in (typed, untyped):
        batches = loaded(lambda i: torch.full((2, 3), float(i)), batch_size=3, collate_fn=collate)
        assert [batch[:, 0, 0].tolist() for batch in batches] == [[0, 1, 2], [3, 4, 5]]
        assert all(batch.is_shared() for batch in batches)


def test_tensors_of_a_batch_that_share_memory_do_so_afterwards():
    def overlapping(i):
        x = torch.zeros(4)
        return [x, x, torch.zeros(4)]

    (sample, *_) = loaded(overlapping, collate_fn=lambda batch: batch[0])
    sample[0].fill_(3)
    assert sample[1].tolist() == [3.0] * 4 and sample[2].tolist() == [0.0] * 4


def test_a_part_of_larger_memory_is_sent_alone():
    whole, array = torch.arange(1_000_000), np.arange(1_000_000)
    for sample in loaded(lambda i: [whole[i : i + 3], torch.from_numpy(array)[::1000][:5], whole.expand(2, -1)[:, :2]]):
        assert all(part.untyped_storage().nbytes() <= 40 for part in sample)
    assert not whole.is_shared()


def test_what_is_received_can_be_sent_on():
    (batch,) = loaded(lambda i: torch.tensor([i]), 3, batch_size=3)
    ours, theirs = multiprocessing.Pipe()
    torch.multiprocessing.get_context("fork")  # registers how tensors are sent
    ours.send(batch)
    received = theirs.recv()
    received.fill_(7)
    assert batch.tolist() == [[7]] * 3


def test_the_other_channel_sends_by_value(monkeypatch):
    monkeypatch.setattr(channels, "PASSES_DESCRIPTORS", False)
    assert flat(loaded(SAMPLES["named tuple"], batch_size=2)) == flat(
        list(data.DataLoader(Samples(SAMPLES["named tuple"]), batch_size=2))
    )
    with pytest.raises(RuntimeError, match="exited unexpectedly"):
        loaded(lambda i: os._exit(1))


def test_large_messages_both_ways():
    """More than a socket takes, in many tasks at once: nobody waits for the other."""
    batches = [[i] * 30_000 for i in range(40)]
    loader = data.DataLoader(
        Samples(lambda i: "x" * 30), batch_sampler=batches, prefetch_factor=20, collate_fn="".join, **OPTIONS
    )
    assert [len(text) for text in loader] == [900_000] * 40
    text = "x" * 3000  # below the size that is sent elsewhere
    assert loaded(lambda i: text, 400, batch_size=None, prefetch_factor=150) == [text] * 400


def test_iterable_datasets():
    def values(sizes, **options):
        return [flat(batch)[1] for batch in data.DataLoader(Parts(*sizes), **{**OPTIONS, **options})]

    assert values((3, 5), batch_size=2) == [[0, 1], [100, 101], [2], [102, 103], [104]]
    assert values((3, 5), batch_size=2, drop_last=True) == [[0, 1], [100, 101], [102, 103]]
    assert values((0, 3)) == [[100], [101], [102]] and values((0, 0)) == []
    for persistent in (False, True):
        loader = data.DataLoader(Parts(1, 2), persistent_workers=persistent, **OPTIONS)
        for _ in range(2):
            assert [int(batch) for batch in loader] == [0, 100, 101]


def test_out_of_order():
    def slow(i):
        time.sleep(0.4 if i == 0 else 0)
        return i

    assert [int(i) for i in loaded(slow)] == list(range(6))
    eager = [int(i) for i in loaded(slow, in_order=False)]
    assert sorted(eager) == list(range(6)) and eager[0] != 0
    stream = [int(i) for i in data.DataLoader(Parts(0, 4), in_order=False, prefetch_factor=1, **OPTIONS)]
    assert stream == [100, 101, 102, 103]


def test_what_a_worker_knows():
    def about(i):
        info = data.get_worker_info()
        return info.id, info.num_workers, info.seed, info.dataset.size, torch.initial_seed(), torch.get_num_threads()

    torch.manual_seed(5)
    known = loaded(about, collate_fn=lambda batch: batch[0])
    seed = known[0][2]
    assert known[:2] == [(0, 2, seed, 6, seed, 1), (1, 2, seed + 1, 6, seed + 1, 1)]
    torch.manual_seed(5)
    assert loaded(about, collate_fn=lambda batch: batch[0]) == known
    assert data.get_worker_info() is None
    info = data._utils.worker.WorkerInfo(0, 1, 2, None)
    with pytest.raises(AttributeError):
        info.id = 3


def test_persistent_workers_go_on():
    loader = data.DataLoader(Samples(lambda i: [os.getpid(), i]), persistent_workers=True, **OPTIONS)
    first = [(int(pid), int(i)) for pid, i in loader]
    assert next(iter(loader))[1].item() == 0  # left in the midst
    assert [(int(pid), int(i)) for pid, i in loader] == first
    plain = data.DataLoader(Samples(lambda i: [os.getpid(), i]), **OPTIONS)
    assert {int(pid) for pid, _ in plain}.isdisjoint(int(pid) for pid, _ in plain)


def test_worker_init_fn():
    def prepare(number):
        random.number = number

    assert [int(i) for i in loaded(lambda i: random.number, worker_init_fn=prepare)] == [0, 1] * 3


# --- failures ---


class WithMessage(Exception):
    def __init__(self, message):
        super().__init__(message)


class TwoArguments(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)


def _raising(error, at=1):
    def function(i):
        if i == at:
            raise error
        return i

    return function


@pytest.mark.parametrize(
    "error, kind",
    [
        (ValueError("on purpose"), ValueError),
        (KeyError("on purpose"), KeyError),
        (WithMessage("on purpose"), WithMessage),
        (TwoArguments("on purpose", 2), RuntimeError),
        (FileNotFoundError(2, "on purpose"), FileNotFoundError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_exceptions_cross_with_their_traceback(error, kind):
    iterator = iter(data.DataLoader(Samples(_raising(error)), **OPTIONS))
    assert next(iterator).item() == 0
    with pytest.raises(kind) as caught:
        next(iterator)
    text = str(caught.value)
    name = type(error).__name__
    assert text.startswith(
        f"Caught {name} in DataLoader worker process 1.\nOriginal Traceback (most recent call last):"
    )
    assert "in function\n    raise error" in text and "on purpose" in text.splitlines()[-1]
    assert [int(batch) for batch in iterator] == [2, 3, 4, 5]


def test_failures_at_the_start_and_in_collate():
    def fail(_):
        raise ZeroDivisionError("at the start")

    iterator = iter(data.DataLoader(Samples(int), worker_init_fn=fail, **OPTIONS))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError, match="Caught ZeroDivisionError in DataLoader worker process [01]"):
            next(iterator)
    with pytest.raises(ZeroDivisionError, match="at the start"):
        loaded(int, collate_fn=fail)


def test_what_cannot_be_pickled_is_an_error_here():
    with pytest.raises(Exception, match="(?i)pickle"):
        loaded(lambda i: [lambda: i], batch_size=None)

    class Local(Exception):
        pass

    with pytest.raises(RuntimeError, match="Caught Local in DataLoader worker process 1"):
        loaded(_raising(Local("on purpose")))
    with pytest.raises(Exception, match="(?i)pickle"):  # before a worker is started
        loaded(lambda i: i, multiprocessing_context="spawn")
    leaf = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="Cowardly refusing to serialize non-leaf tensor"):
        loaded(lambda i: leaf * i, batch_size=None)


@pytest.mark.parametrize(
    "end, words",
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "is killed by signal: Killed"),
        (lambda: os._exit(3), "exited unexpectedly with exit code 3"),
        (lambda: sys.exit(3), "exited unexpectedly with exit code 3"),
    ],
    ids=["killed", "_exit", "sys.exit"],
)
def test_a_worker_that_dies(end, words):
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"^DataLoader worker \(pid\(s\) \d+\) exited unexpectedly") as caught:
        loaded(lambda i: end() if i == 3 else i)
    assert words in str(caught.value.__cause__) and time.monotonic() - start < 20


def test_a_worker_that_is_killed_from_outside():
    iterator = iter(data.DataLoader(Samples(lambda i: time.sleep(0.05) or i, 400), **OPTIONS))
    next(iterator)
    os.kill(iterator._workers[1].pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match=str(iterator._workers[1].pid)):
        for _ in iterator:
            pass
    assert not any(worker.is_alive() for worker in iterator._workers)


def test_timeout():
    with pytest.raises(RuntimeError, match=r"^DataLoader timed out after 0.2 seconds$"):
        loaded(lambda i: time.sleep(1.0), timeout=0.2)


# --- what is left ---


def _gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _wait_for(condition):
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("how", ["end", "break", "collected", "exception"])
def test_no_process_is_left(how):
    iterator = iter(data.DataLoader(Samples(int, 50), **OPTIONS))
    pids = [worker.pid for worker in iterator._workers]
    if how == "end":
        list(iterator)
    elif how == "exception":
        with pytest.raises(ZeroDivisionError):
            for _ in iterator:
                raise ZeroDivisionError
    else:
        next(iterator)
    if how == "collected":
        cycle = [iterator]
        cycle.append(cycle)
        del cycle
    del iterator
    gc.collect()
    assert _wait_for(lambda: all(map(_gone, pids)))


PROGRAM = """
    import os, signal, sys, time
    import mibun as torch
    class Slow(torch.utils.data.Dataset):
        def __len__(self):
            return 1000
        def __getitem__(self, index):
            time.sleep(0.01)
            return index
    if __name__ == "__main__":
        options = {"num_workers": 2, "multiprocessing_context": sys.argv[1]}
        loader = torch.utils.data.DataLoader(Slow(), persistent_workers=True, **options)
        iterator = iter(loader)
        print(*[worker.pid for worker in iterator._workers], int(next(iterator)), flush=True)
        if sys.argv[2] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if sys.argv[2] == "interrupt":
            print("waiting", flush=True)
            for _ in iterator:
                pass
"""


@pytest.mark.parametrize("method, how", [("fork", "exit"), ("fork", "kill"), ("fork", "interrupt"), ("spawn", "exit")])
def test_no_process_is_left_by_a_program(tmp_path, method, how):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    before = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
    program = subprocess.Popen(
        [sys.executable, "-X", "dev", str(path), method, how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert program.stdout is not None
    line = program.stdout.readline()
    *pids, first = map(int, line.split() or [-1])
    try:
        if how == "interrupt":
            program.stdout.readline()
            os.killpg(program.pid, signal.SIGINT)  # as a terminal does for Ctrl-C
        _, errors = program.communicate(timeout=60)
    finally:
        program.kill()
    assert first == 0
    assert _wait_for(lambda: all(map(_gone, pids)))
    if how == "interrupt":
        assert errors.rstrip().endswith("KeyboardInterrupt") and errors.count("Traceback") == 1
    else:
        assert errors == ""
    if before:
        assert not [name for name in os.listdir("/dev/shm") if name.startswith("mibun") and name not in before]


# --- options ---


def test_options():
    samples = Samples(int)
    with pytest.raises(ValueError, match="should specify a valid start method in"):
        data.DataLoader(samples, num_workers=2, multiprocessing_context="thread")
    with pytest.raises(TypeError, match="should be a valid context object"):
        data.DataLoader(samples, num_workers=2, multiprocessing_context=3)
    for options in ({"prefetch_factor": 2}, {"persistent_workers": True}, {"multiprocessing_context": "fork"}):
        with pytest.raises(ValueError):
            data.DataLoader(samples, **options)
    for wrong in ({"prefetch_factor": -1}, {"timeout": -1}, {"num_workers": -1}):
        with pytest.raises(ValueError, match="non-negative"):
            data.DataLoader(samples, **{**OPTIONS, **wrong})
    loader = data.DataLoader(samples, **OPTIONS)
    assert loader.prefetch_factor == 2 and len(loader) == 6 and len(iter(loader)) == 6
    with pytest.raises(NotImplementedError, match="_MultiProcessingDataLoaderIter cannot be pickled"):
        import pickle

        pickle.dumps(iter(loader))
    with pytest.warns(UserWarning, match="This DataLoader will create 1000 worker processes"):
        data.DataLoader(samples, num_workers=1000)
    with pytest.warns(UserWarning, match="no accelerator is found"):
        assert len(list(data.DataLoader(samples, pin_memory=True, **OPTIONS))) == 6


def test_a_stream_that_is_longer_than_it_says():
    class Short(Parts):
        def __len__(self):
            return 2

    for options, advice in (({}, False), (OPTIONS, True)):
        loader = data.DataLoader(Short(3, 0), **options)
        assert len(loader) == 2
        with pytest.warns(UserWarning, match="was reported to be 2.*but 3 samples have been fetched") as caught:
            assert len(list(loader)) == 3
        # Beside Python's own word about fork, where another test of this process has started threads.
        (told,) = (str(warning.message) for warning in caught if warning.category is UserWarning)
        assert ("get_worker_info" in told) == advice
