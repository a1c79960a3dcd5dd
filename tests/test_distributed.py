"""`torch.distributed` and `nn.parallel`: several processes, over MPI and over TCP, and everything of one process.

What each rank checks is in `distributed_programs.py`.
"""

from __future__ import annotations

import copy
import datetime
import gc
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import distributed_programs
import mibun as torch
import mibun.distributed as dist
from mibun import multiprocessing, nn
from mibun.nn.parallel import DistributedDataParallel

SOURCE = Path(torch.__file__).parents[1]
EXAMPLE = SOURCE.parent / "examples" / "train_distributed.py"
PROGRAMS = Path(distributed_programs.__file__)
MPIEXEC = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
needs_mpi = pytest.mark.skipif(
    find_spec("mpi4py") is None or MPIEXEC is None, reason="mpi4py or mpiexec is not installed (mibun[mpi])"
)
needs_example = pytest.mark.skipif(not EXAMPLE.is_file(), reason="needs a checkout")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    launchers = ("OMPI_", "PMIX", "PMI_", "PRTE", "RANK", "WORLD_SIZE", "LOCAL_", "MASTER_", "PYTHON", "COVERAGE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(launchers)}
    # As root, as in containers, and with more ranks than processors: Open MPI wants to be told.
    allowed = {
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    path = os.pathsep.join([str(SOURCE), str(PROGRAMS.parent)])
    return {**kept, **allowed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **more}


def start(*command: str, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=timeout)


def by_mpi(ranks: int, *command: str, cwd: Path, timeout: float = 120) -> subprocess.CompletedProcess:
    return start(str(MPIEXEC), "-n", str(ranks), sys.executable, *command, cwd=cwd, timeout=timeout)


# --- several processes ---


@needs_mpi
def test_every_collective_and_data_parallel_training_over_mpi(tmp_path: Path) -> None:
    done = by_mpi(4, str(PROGRAMS), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("all right on rank") == 4


@pytest.mark.skipif(sys.platform == "win32", reason="starts many processes")
def test_the_same_over_tcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "OMPI_COMM_WORLD_RANK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    multiprocessing.spawn(distributed_programs.spawned, args=(2, free_port()), nprocs=2)


@needs_mpi
@needs_example
def test_digits_have_the_weights_of_one_process(tmp_path: Path) -> None:
    arguments = [str(EXAMPLE), "--epochs", "1", "--quiet"]
    run = ("-m", "mibun", "run")
    done = [
        start(sys.executable, *run, *arguments, "--save", "one.pt", cwd=tmp_path),
        by_mpi(2, *run, *arguments, "--save", "two.pt", cwd=tmp_path),
    ]
    assert [one.returncode for one in done] == [0, 0], "".join(one.stdout + one.stderr for one in done)
    assert "2 processes" in done[1].stdout and "the same in all processes: True" in done[1].stdout
    one, two = (torch.load(tmp_path / name) for name in ("one.pt", "two.pt"))
    for name, weight in one.items():
        torch.testing.assert_close(two[name], weight, rtol=0, atol=1e-9)


FAILING = """
import sys
import torch, torch.distributed as dist
dist.init_process_group("gloo")
if dist.get_rank() == 1:
    if sys.argv[1] == "raises":
        raise ValueError("rank one has had enough")
    sys.exit(0)
dist.all_reduce(torch.ones(3))
"""


@needs_mpi
@pytest.mark.parametrize(
    ("how", "words"), [("raises", "ValueError: rank one has had enough"), ("leaves", "rank 1 has ended its program")]
)
def test_a_rank_that_dies_stops_the_others(how: str, words: str, tmp_path: Path) -> None:
    program = tmp_path / "failing.py"
    program.write_text(FAILING)
    began = time.monotonic()
    done = by_mpi(2, "-m", "mibun", "run", str(program), how, cwd=tmp_path, timeout=60)
    assert done.returncode != 0
    assert "Traceback (most recent call last)" in done.stderr and words in done.stderr
    assert time.monotonic() - began < 40  # 3 s, if the machine has nothing else to do


LAUNCHED = """
import os, torch.distributed as dist
from torch.distributed.elastic.multiprocessing.errors import record
@record
def main():
    dist.init_process_group("gloo")
    found = [None] * dist.get_world_size()
    dist.all_gather_object(found, (dist.get_rank(), int(os.environ["LOCAL_RANK"]), dist.is_torchelastic_launched()))
    if dist.get_rank() == 0:
        print(found, flush=True)
    dist.destroy_process_group()
    1 / found[0][0]
main()
"""


def test_torchrun(tmp_path: Path) -> None:
    (tmp_path / "launched.py").write_text(LAUNCHED)
    command = ("-m", "mibun", "run", "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone", "launched.py")
    done = start(sys.executable, *command, cwd=tmp_path)
    assert done.stdout == "[(0, 0, True), (1, 1, True)]\n", done.stderr
    assert done.returncode == 1 and "launched.py FAILED" in done.stderr and "ZeroDivisionError" in done.stderr
    options = ["--nnodes=1", "--nproc_per_node", "1", "--rdzv_backend=c10d", "--rdzv_endpoint", "localhost:0"]
    args = torch.distributed.run.parse_args([*options, "--rdzv-id", "7", "train.py", "--epochs", "3"])
    assert (args.rdzv_id, args.nproc_per_node, args.training_script) == ("7", "1", "train.py")
    assert args.training_script_args == ["--epochs", "3"]


# --- one process ---


@pytest.fixture
def alone() -> Iterator[None]:
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    if dist.is_initialized():
        dist.destroy_process_group()


@pytest.mark.parametrize("check", distributed_programs.CHECKS[:6] + [distributed_programs.check_objects_alone])
def test_a_group_of_one(check: Any, alone: None) -> None:
    check(0, 1)


def test_every_way_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="environment variable RANK expected"):
        dist.init_process_group("gloo")
    store = dist.TCPStore("127.0.0.1", 0, 1, is_master=True)
    port = free_port()
    ways: list[dict[str, Any]] = [
        {"store": store, "rank": 0, "world_size": 1},
        {"init_method": f"file://{tmp_path}/meeting", "rank": 0, "world_size": 1},
        {"init_method": f"tcp://127.0.0.1:{port}", "rank": 0, "world_size": 1},
        {"init_method": f"tcp://127.0.0.1:{port}?rank=0&world_size=1"},
        {"backend": "cpu:gloo,cuda:nccl", "store": dist.HashStore(), "rank": 0, "world_size": 1},
        {"backend": "gloo", "init_method": "env://"},
    ]
    for name, value in {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}.items():
        monkeypatch.setenv(name, value)
    for way in ways:
        dist.init_process_group(**way)
        assert dist.get_rank() == 0 and dist.get_world_size() == 1 and dist.get_backend() == "gloo"
        dist.all_reduce(torch.ones(1))
        dist.destroy_process_group()
        assert not dist.is_initialized()
    raised = [
        (ValueError, "not been initialized", lambda: dist.get_rank()),
        (AssertionError, "both init_method and store", lambda: dist.init_process_group(init_method="x", store=store)),
        (AssertionError, "world_size must be positive", lambda: dist.init_process_group(store=store)),
        (RuntimeError, "No rendezvous handler for foo://", lambda: dist.init_process_group(init_method="foo://")),
        (RuntimeError, "NCCL built in", lambda: dist.init_process_group("nccl", **ways[0])),
        (ValueError, "Unknown backend type foo", lambda: dist.init_process_group("foo", **ways[0])),
    ]
    for kind, words, call in raised:
        distributed_programs.raises(kind, words, call)


def stores(tmp_path: Path) -> list[dist.Store]:
    table = dist.HashStore()
    return [
        table,
        dist.PrefixStore("part", dist.HashStore()),
        dist.TCPStore("127.0.0.1", 0, 1, is_master=True),
        dist.FileStore(str(tmp_path / "store"), 1),
    ]


def test_stores(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        store.set("name", "value")
        store.append("name", b"\x00\xff")
        assert store.get("name") == b"value\x00\xff"
        assert store.add("count", 2) == 2 and store.add("count", -5) == -3 and store.get("count") == b"-3"
        assert store.check(["name", "count"]) and not store.check(["name", "other"])
        assert store.compare_set("new", "", "first") == b"first"
        assert store.compare_set("new", "other", "second") == b"first"
        assert store.compare_set("new", "first", "second") == b"second"
        assert store.compare_set("missing", "x", "y") == b"x"
        assert sorted(store.list_keys()) == ["count", "name", "new"] and store.num_keys() == 3
        assert store.delete_key("new") and not store.delete_key("new")
        store.multi_set(["a", "b"], ["1", b"2"])
        assert store.multi_get(["a", "b"]) == [b"1", b"2"]
        store.queue_push("queue", "first")
        assert store.queue_len("queue") == 1 and store.queue_pop("queue") == b"first"
        with pytest.raises(dist.QueueEmptyError):
            store.queue_pop("queue", block=False)
        store.set_timeout(datetime.timedelta(milliseconds=30))
        with pytest.raises(dist.DistStoreError, match="wait timeout after 30ms, keys: /never"):
            store.get("never")
        store.set_timeout(datetime.timedelta(seconds=20))
        threading.Timer(
            0.05, store.set if not isinstance(store, dist.TCPStore) else store.clone().set, ("late", "1")
        ).start()
        store.wait(["late"])
        with pytest.raises(TypeError):
            store.set("name", 3)
    with pytest.raises(dist.DistNetworkError):
        dist.TCPStore("127.0.0.1", 1, 1, False, timeout=datetime.timedelta(milliseconds=60))
    del store
    gc.collect()
    assert not (tmp_path / "store").exists()


def test_a_backend_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Doubling(dist.ProcessGroup):
        def allreduce(self, tensors: Any, opts: Any = None) -> dist.Work:
            from mibun.distributed.work import Done

            for tensor in tensors:
                tensor.mul_(2)
            return dist.Work(Done(), result=tensors)

        def shutdown(self) -> None:
            pass

    dist.Backend.register_backend("doubling", lambda store, rank, size, timeout: Doubling(rank, size), devices="cpu")
    try:
        assert dist.is_backend_available("doubling")
        dist.init_process_group("doubling", store=dist.HashStore(), rank=0, world_size=1)
        dist.all_reduce(x := torch.ones(2))
        assert x.tolist() == [2, 2] and dist.get_backend() == "doubling"
        dist.destroy_process_group()
    finally:
        del dist.Backend.DOUBLING
        dist.Backend.backend_list.remove("doubling")
        del dist.Backend._plugins["DOUBLING"], dist.Backend.backend_capability["doubling"]


def test_data_parallel_of_one(alone: None) -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    ddp = DistributedDataParallel(model)
    data = nn.DataParallel(model)
    x = torch.randn(3, 2)
    assert torch.equal(ddp(x), model(x)) and torch.equal(data(x), model(x))
    assert list(ddp.state_dict()) == list(data.state_dict()) == [f"module.{name}" for name in model.state_dict()]
    assert data.device_ids == []
    again = pickle.loads(pickle.dumps(ddp))
    assert torch.equal(again.eval()(x), ddp.eval()(x))
    again(x).sum().backward()
    assert again.module[0].weight.grad is not None
    copied = copy.deepcopy(ddp)
    copied.train()(x).square().sum().backward()
    assert copied.module[0].weight.grad is not None and model[0].weight.grad is None
    assert torch.distributed.algorithms.join.Join([ddp]) is not None


def test_a_backward_that_fails_leaves_the_gradients(alone: None) -> None:
    layer = nn.Linear(2, 2)
    ddp = DistributedDataParallel(layer)
    ddp(torch.ones(1, 2)).sum().backward()
    before = layer.weight.grad.clone()
    other: Any = lambda state, bucket: (_ for _ in ()).throw(KeyError("lost"))  # noqa: E731
    ddp.register_comm_hook(None, other)
    with pytest.raises(KeyError, match="lost"):
        ddp(torch.ones(1, 2)).sum().backward()
    assert torch.equal(layer.weight.grad, before)


def test_buckets_begin_while_the_backward_runs(alone: None) -> None:
    """The gradients of the last layers are on their way before those of the first are known."""
    layers = [nn.Linear(4, 4, bias=False) for _ in range(3)]
    ddp = DistributedDataParallel(nn.Sequential(*layers), bucket_cap_mb=4 * 16 / 2**20)
    assert [bucket.parameters for bucket in ddp.reducer.buckets] == [[layer.weight] for layer in reversed(layers)]
    events: list[str] = []
    begin = ddp.reducer._begin
    ddp.reducer._begin = lambda bucket: (events.append(f"bucket {bucket.index}"), begin(bucket))[1]
    hidden = ddp.module[0](torch.ones(1, 4))
    hidden.register_hook(lambda grad: events.append("first layer"))
    ddp.module[0].register_forward_hook(lambda module, given, output: hidden)
    ddp(torch.ones(1, 4)).sum().backward()
    assert events == ["bucket 0", "bucket 1", "first layer", "bucket 2"]


def test_what_is_for_gpus_refuses() -> None:
    from mibun.nn import parallel
    from mibun.nn.parallel import comm

    x = torch.ones(2)
    refused = [
        (ValueError, "Expected a non cpu device", lambda: parallel.scatter(x, ["cpu"])),
        (AssertionError, "CUDA", lambda: parallel.scatter({"a": [x]}, [torch.device("cuda", 0)])),
        (AssertionError, "Gather function not implemented for CPU", lambda: parallel.gather([x, x], "cpu")),
        (ValueError, "non cpu", lambda: parallel.replicate(nn.Linear(1, 1), ["cpu"])),
        (AssertionError, "reduce_add expects", lambda: comm.reduce_add([x, x])),
        (RuntimeError, "device type could not be determined", lambda: parallel.data_parallel(nn.Linear(1, 1), x)),
    ]
    for kind, words, call in refused:
        distributed_programs.raises(kind, words, call)
    assert parallel.scatter((1, "a"), [0, 1]) == [(1, "a"), (1, "a")]
    with pytest.raises(ZeroDivisionError):
        nn.parallel.parallel_apply([nn.Identity(), Failing()], [x, x])


def test_what_is_not_there_says_so() -> None:
    from mibun.distributed import fsdp
    from mibun.distributed._composable.fsdp import fully_shard
    from mibun.distributed.checkpoint.hf_storage import HuggingFaceStorageReader

    layer = nn.Linear(1, 1)
    for call in (lambda: fully_shard(layer), lambda: fsdp.FullyShardedDataParallel(layer)):
        distributed_programs.raises(NotImplementedError, "DistributedDataParallel trains with the same numbers", call)
    with pytest.raises(NotImplementedError, match="torch.save"):
        HuggingFaceStorageReader("path")
    assert not isinstance(layer, (fsdp.FSDPModule, fsdp.FullyShardedDataParallel))
    assert fsdp.MixedPrecisionPolicy(param_dtype=torch.bfloat16).reduce_dtype is None
    assert not dist.rpc.is_available()


class Failing(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise ZeroDivisionError


def test_import_needs_neither_mpi_nor_sockets(tmp_path: Path) -> None:
    code = (
        "import sys, mibun.distributed as d; d.init_process_group(store=d.HashStore(), rank=0, world_size=1);"
        "assert 'mpi4py' not in sys.modules; import mibun; assert 'mibun.nn.parallel' not in sys.modules"
    )
    done = start(sys.executable, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
