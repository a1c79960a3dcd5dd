"""torch.multiprocessing: what is sent to other processes, how long its memory lives, and processes that fail.

Everything that waits has a timeout: a hang fails.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import multiprocessing
import os
import pickle
import queue
import signal
import subprocess
import sys
import textwrap
import time

import pytest

import mibun as torch
from mibun import multiprocessing as mp
from mibun import nn
from mibun.multiprocessing import reductions
from mibun.multiprocessing import spawn as spawn_function

spawning = sys.modules["mibun.multiprocessing.spawn"]
METHODS = multiprocessing.get_all_start_methods()
pytestmark = pytest.mark.skipif("fork" not in METHODS, reason="most tests fork, as is quick")


@pytest.fixture
def by_files():
    mp.set_sharing_strategy("file_system")
    yield
    mp.set_sharing_strategy("file_descriptor")


def files():
    return {name for name in os.listdir("/dev/shm") if name.startswith("mibun")} if os.path.isdir("/dev/shm") else set()


def sent(value):
    """The value as another process gets it, sent by this one."""
    box = mp.get_context("fork").SimpleQueue()
    box.put(value)
    return box.get()


VALUES = {
    "tensor": lambda: torch.arange(6.0).reshape(2, 3),
    "leaf": lambda: torch.ones(3, requires_grad=True),
    "parameter": lambda: nn.Parameter(torch.ones(2)),
    "frozen parameter": lambda: nn.Parameter(torch.ones(2), requires_grad=False),
    "buffer": lambda: nn.Buffer(torch.ones(2)),
    "0-d": lambda: torch.tensor(3),
    "empty": lambda: torch.zeros(0, 2),
    "transposed": lambda: torch.ones(2, 3).t(),
    "expanded": lambda: torch.ones(1, 3).expand(4, 3),
    "part": lambda: torch.arange(10)[2:5],
    "bfloat16": lambda: torch.ones(3, dtype=torch.bfloat16),
    "bool": lambda: torch.tensor([True, False]),
    "complex": lambda: torch.tensor([1j]),
    "untyped storage": lambda: torch.ones(2).untyped_storage(),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_arrives_is_the_same_memory(name):
    value = VALUES[name]()
    arrived = sent(value)
    assert type(arrived) is type(value) and arrived.data_ptr() == value.data_ptr()
    assert value.is_shared() and arrived.is_shared()
    if isinstance(value, torch.Tensor):
        assert arrived.stride() == value.stride() and arrived.storage_offset() == value.storage_offset()
        assert arrived.dtype == value.dtype and arrived.requires_grad == value.requires_grad and arrived.is_leaf


def test_modules_and_structures():
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    arrived, same = sent((model, {"weight": model[0].weight}))
    with torch.no_grad():
        arrived[0].weight.fill_(5)
        arrived[1].running_mean += 1
    assert model[0].weight.unique().tolist() == [5] and model[1].running_mean.tolist() == [1, 1, 1]
    assert same["weight"].data_ptr() == arrived[0].weight.data_ptr()
    assert all(value.is_shared() for value in model.state_dict().values())


def test_what_has_a_history_is_refused():
    with pytest.raises(RuntimeError, match="^Cowardly refusing to serialize non-leaf tensor which requires_grad"):
        sent([torch.ones(2, requires_grad=True) * 2])


# --- processes of all kinds ---


def _child(inbox, outbox, model, start):
    shared = inbox.get()
    with torch.no_grad():
        model.weight += 1
        shared += start
    made = torch.full((3,), 7.0)
    outbox.send((made, model.weight))
    inbox.get()  # who has made memory has to live until it has arrived


@pytest.mark.parametrize("method", METHODS)
def test_processes_pipes_and_queues(method):
    context = mp.get_context(method)
    inbox, (ours, theirs) = context.Queue(), context.Pipe()
    model, shared = nn.Linear(2, 2), torch.zeros(2)
    expected = (model.weight + 1).tolist()
    process = context.Process(target=_child, args=(inbox, theirs, model.share_memory(), torch.tensor([3.0, 4.0])))
    process.start()
    inbox.put(shared)
    assert ours.poll(60)
    made, weight = ours.recv()
    inbox.put(None)
    process.join(60)
    assert process.exitcode == 0 and made.tolist() == [7.0] * 3 and made.is_shared()
    assert shared.tolist() == [3.0, 4.0] and model.weight.tolist() == expected == weight.tolist()
    assert weight.data_ptr() == model.weight.data_ptr()
    inbox.close()
    inbox.join_thread()


def _square(tensor):
    return tensor**2, tensor.is_shared()


def test_pool():
    with mp.get_context("fork").Pool(2) as pool:
        results = pool.map_async(_square, [torch.ones(2) * i for i in range(6)]).get(60)
    assert [value.tolist() for value, _ in results] == [[i * i] * 2 for i in range(6)]
    assert all(shared for _, shared in results)
    assert [value.is_shared() for value, _ in results] == [True] * 6


def _send_and_end(box, count):
    mp.set_sharing_strategy("file_system")
    for i in range(count):
        box.put(torch.full((4,), float(i)))


def test_files_outlive_their_sender(by_files):
    before = files()
    box = mp.get_context("fork").Queue()
    process = mp.get_context("fork").Process(target=_send_and_end, args=(box, 20))
    process.start()
    process.join(60)
    assert [box.get(timeout=60).tolist() for _ in range(20)] == [[float(i)] * 4 for i in range(20)]
    box.put(torch.ones(3))  # and here the tensor is dropped before it arrives
    assert box.get(timeout=60).tolist() == [1.0, 1.0, 1.0]
    gc.collect()
    assert files() == before
    box.close()
    box.join_thread()


PROGRAM = """
    import sys
    import mibun as torch
    from mibun import multiprocessing as mp
    def work(rank, tensor, box):
        mp.set_sharing_strategy(sys.argv[2])
        tensor += 1
        for _ in range(5):
            box.put(torch.ones(3))
        keep.append(torch.ones(5).share_memory_())
    keep = []
    if __name__ == "__main__":
        mp.set_sharing_strategy(sys.argv[2])
        context = mp.get_context(sys.argv[1])
        box, tensor = context.Manager().Queue(), torch.zeros(2)
        mp.start_processes(work, (tensor.share_memory_(), box), nprocs=2, start_method=sys.argv[1])
        assert tensor.tolist() == [2, 2], tensor
        keep.append(torch.ones(5).share_memory_())
"""


@pytest.mark.parametrize("method, strategy", [("fork", "file_system"), ("spawn", "file_system")])
def test_nothing_is_left_by_a_program(tmp_path, method, strategy):
    before = files()
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    done = subprocess.run(
        [sys.executable, "-X", "dev", str(path), method, strategy],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert files() <= before


# --- the same function several times ---


def _end(rank, how):
    if rank == 0:
        time.sleep(60)  # is ended when the other fails
    if how == "raise":
        raise ValueError("on purpose " + "x" * 100_000)
    if how == "exit":
        sys.exit(3)
    os.kill(os.getpid(), signal.SIGKILL)


def test_start_processes_reports_failures():
    start = time.monotonic()
    for how, kind, words in (
        ("raise", mp.ProcessRaisedException, "-- Process 1 terminated with the following error:\nTraceback"),
        ("exit", mp.ProcessExitedException, "process 1 terminated with exit code 3"),
        ("kill", mp.ProcessExitedException, "process 1 terminated with signal SIGKILL"),
    ):
        with pytest.raises(kind) as caught:
            mp.start_processes(_end, (how,), nprocs=2, start_method="fork")
        error = caught.value
        assert words in str(error) and error.error_index == 1
        if how == "raise":
            assert str(error).rstrip().endswith("x" * 100_000)
        else:
            assert (error.exit_code, error.signal_name) == ((3, None) if how == "exit" else (-9, "SIGKILL"))
        copied = pickle.loads(pickle.dumps(error))
        assert type(copied) is type(error) and vars(copied) == vars(error) and str(copied) == str(error)
    assert time.monotonic() - start < 40


def _nothing(rank):
    pass


def test_context():
    context = mp.start_processes(_nothing, nprocs=2, join=False, start_method="fork")
    assert isinstance(context, mp.ProcessContext) and len(context.pids()) == 2
    while not context.join(timeout=60):
        pass
    assert context.join()
    with pytest.warns(FutureWarning, match=r"only supports start_method=spawn \(got: fork\)"):
        mp.spawn(_nothing, nprocs=1, start_method="fork")
    assert mp.spawn is spawn_function and inspect.ismodule(spawning)


def _share(rank, model, batches):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    generator = torch.Generator().manual_seed(rank)
    for _ in range(batches):
        x = torch.randn(8, 3, generator=generator)
        optimizer.zero_grad()
        (model(x).squeeze(1) - x.sum(1)).square().mean().backward()
        optimizer.step()


def test_processes_train_one_model():
    model = nn.Linear(3, 1)
    with torch.no_grad():
        model.weight.zero_()
    model.share_memory()
    mp.start_processes(_share, (model, 60), nprocs=2, start_method="fork")
    assert torch.allclose(model.weight, torch.ones(1, 3), atol=0.05)
    assert model.weight.grad is None  # gradients are each process's own


# --- names ---


def test_strategies_and_names():
    assert mp.get_sharing_strategy() in mp.get_all_sharing_strategies()
    with pytest.raises(AssertionError, match="^invalid sharing strategy 'mail', expected one of"):
        mp.set_sharing_strategy("mail")
    assert mp.Queue and mp.get_context("fork").Queue and mp.Pool and issubclass(queue.Empty, Exception)
    assert importlib.import_module("mibun.multiprocessing.pool").Pool
    assert importlib.import_module("mibun.multiprocessing.queue").SimpleQueue
    function, arguments = reductions.reduce_tensor(torch.arange(3))
    assert function(*arguments).tolist() == [0, 1, 2]
    x = torch.ones(2)
    reference = reductions.StorageWeakRef(x.untyped_storage())
    assert not reference.expired() and reference == reductions.StorageWeakRef(x[1:].untyped_storage())
    del x
    assert reference.expired()
