"""`torch.distributed` and `nn.parallel` of one process against PyTorch: orders, values, errors, names."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("torch")

import torch  # noqa: E402

with warnings.catch_warnings():  # what PyTorch's own modules do
    warnings.simplefilter("ignore")
    import torch.distributed.algorithms.ddp_comm_hooks.default_hooks
    import torch.distributed.algorithms.join
    import torch.distributed.nn.functional
    import torch.distributed.optim  # noqa: E402

import mibun  # noqa: E402
import mibun.distributed  # noqa: E402

pytestmark = pytest.mark.skipif(not torch.distributed.is_available(), reason="torch has no distributed")
BOTH = (torch, mibun)


@pytest.fixture
def alone() -> Iterator[None]:
    for m in BOTH:
        m.distributed.init_process_group("gloo", store=m.distributed.HashStore(), rank=0, world_size=1)
    yield
    for m in BOTH:
        m.distributed.destroy_process_group()


def outcome(call: Callable, m: Any, words: int = 24) -> Any:
    """What a call returns, as text, or the class of its error and the beginning of the message."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result: Any = repr(call(m)).replace("mibun.", "torch.")
        except Exception as error:
            result = type(error).__name__, str(error)[:words]
    return result, [warning.category.__name__ for warning in caught]


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
def test_sampler_orders(shuffle: bool, drop_last: bool) -> None:
    for size in (0, 1, 2, 7, 30, 31):
        for replicas in (1, 2, 3, 5):
            for rank in range(replicas):
                orders = []
                for m in BOTH:
                    try:
                        sampler = m.utils.data.DistributedSampler(
                            range(size), replicas, rank, shuffle=shuffle, seed=3, drop_last=drop_last
                        )
                        sampler.set_epoch(2)
                        orders.append((list(sampler), len(sampler), sampler.total_size))
                    except Exception as error:
                        orders.append(type(error))
                if size:  # (PyTorch's arithmetic of data sets without items is another)
                    assert orders[0] == orders[1], (size, replicas, rank)


OPERATIONS = "SUM AVG PRODUCT MIN MAX BAND BOR BXOR".split()
BEFORE: dict[str, Callable] = {
    "rank": lambda m: m.distributed.get_rank(),
    "size": lambda m: m.distributed.get_world_size(),
    "reduce": lambda m: m.distributed.all_reduce(m.ones(2)),
    "barrier": lambda m: m.distributed.barrier(),
    "destroy": lambda m: m.distributed.destroy_process_group(),
    "initialized": lambda m: (m.distributed.is_available(), m.distributed.is_initialized()),
    "nccl": lambda m: m.distributed.is_nccl_available(),
    "wrapped": lambda m: m.nn.parallel.DistributedDataParallel(m.nn.Linear(1, 1)),
    "sampler": lambda m: m.utils.data.DistributedSampler([1]),
    "both": lambda m: m.distributed.init_process_group(init_method="x", store=m.distributed.HashStore()),
    "no size": lambda m: m.distributed.init_process_group("gloo", store=m.distributed.HashStore()),
    "scheme": lambda m: m.distributed.init_process_group("gloo", init_method="foo://", rank=0, world_size=1),
    "backend": lambda m: [m.distributed.Backend(name) for name in ("GLOO", "Foo", "undefined", "mpi")],
    "backend of a number": lambda m: m.distributed.Backend(1),
    "operations": lambda m: dict(m.distributed.ReduceOp.RedOpType.__members__),
    "operation": lambda m: (
        m.distributed.ReduceOp.AVG,
        m.distributed.ReduceOp(m.distributed.ReduceOp.MAX) == m.distributed.ReduceOp.MAX,
        m.distributed.reduce_op.SUM,
    ),
    "complex": lambda m: [m.distributed.supports_complex(getattr(m.distributed.ReduceOp, op)) for op in OPERATIONS],
    "level": lambda m: m.distributed.get_debug_level(),
    "timeout": lambda m: m.distributed.default_pg_timeout,
    "device": lambda m: m.distributed.get_default_backend_for_device("cpu"),
    "local rank": lambda m: m.distributed.get_node_local_rank(3),
    "data": lambda m: (m.nn.DataParallel(m.nn.Linear(1, 1)), list(m.nn.DataParallel(m.nn.Linear(1, 1)).state_dict())),
    "norm": lambda m: m.nn.SyncBatchNorm.convert_sync_batchnorm(m.nn.Sequential(m.nn.BatchNorm2d(3), m.nn.Tanh())),
    "norm of one dimension": lambda m: m.nn.SyncBatchNorm(2)(m.ones(2)),
    "scatter": lambda m: m.nn.parallel.scatter(m.ones(2), ["cpu"]),
    "gather": lambda m: m.nn.parallel.gather([m.ones(1)], "cpu"),
    "replicate": lambda m: m.nn.parallel.replicate(m.nn.Linear(1, 1), ["cpu"]),
    "add": lambda m: m.nn.parallel.comm.reduce_add([m.ones(1), m.ones(1)]),
    "data_parallel": lambda m: m.nn.parallel.data_parallel(m.nn.Linear(1, 1), m.ones(1, 1)),
}


@pytest.mark.parametrize("name", BEFORE)
def test_without_a_group(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCH_DISTRIBUTED_DEBUG", raising=False)
    assert outcome(BEFORE[name], mibun) == outcome(BEFORE[name], torch)


def reduced(m: Any, op: str, dtype: str, values: list) -> Any:
    tensor = m.tensor(values).to(getattr(m, dtype))
    m.distributed.all_reduce(tensor, getattr(m.distributed.ReduceOp, op))
    return tensor.tolist()


def both_of_a_hook(m: Any) -> None:
    ddp = m.nn.parallel.DistributedDataParallel(m.nn.Linear(1, 1))
    for _ in range(2):
        ddp.register_comm_hook(None, m.distributed.algorithms.ddp_comm_hooks.default_hooks.allreduce_hook)


def unused(m: Any) -> None:
    class Two(m.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = m.nn.Linear(1, 1), m.nn.Linear(1, 1)

        def forward(self, x: Any) -> Any:
            return self.one(x)

    ddp = m.nn.parallel.DistributedDataParallel(Two())
    for _ in range(2):
        ddp(m.ones(1, 1)).sum().backward()


ALONE: dict[str, Callable] = {
    "backend": lambda m: (m.distributed.get_backend(), m.distributed.get_backend_config()),
    "group": lambda m: (m.distributed.group.WORLD.size(), m.distributed.group.WORLD.group_name),
    "twice": lambda m: m.distributed.init_process_group("gloo"),
    "no tensor": lambda m: m.distributed.all_reduce([1]),
    "no tensors": lambda m: m.distributed.all_gather(m.ones(1), m.ones(1)),
    "name": lambda m: m.distributed.all_reduce(m.ones(1), group="x"),
    "dtypes": lambda m: m.distributed.all_gather([m.ones(2)], m.ones(2).double()),
    "no root": lambda m: m.distributed.broadcast(m.ones(1)),
    "two roots": lambda m: m.distributed.broadcast(m.ones(1), 0, group_src=0),
    "no list": lambda m: m.distributed.gather(m.ones(1), dst=0),
    "no scattered": lambda m: m.distributed.scatter(m.ones(1), src=0),
    "itself": lambda m: m.distributed.send(m.ones(1), 0),
    "splits": lambda m: m.distributed.all_to_all_single(m.ones(2), m.ones(2), [1], [1]),
    "message": lambda m: m.distributed.P2POp(m.distributed.all_reduce, m.ones(1), 0),
    "messages": lambda m: m.distributed.batch_isend_irecv([1]),
    "rank": lambda m: m.distributed.new_group([3]),
    "ranks": lambda m: m.distributed.new_group([0, 0]),
    "subgroups": lambda m: m.distributed.new_subgroups(),
    "subgroups of two": lambda m: m.distributed.new_subgroups(2),
    "group rank": lambda m: m.distributed.get_group_rank(m.distributed.new_group([0]), 5),
    "objects": lambda m: (lambda found: (m.distributed.all_gather_object(found, {"a": 1}), found))([None]),
    "no parameters": lambda m: m.nn.parallel.DistributedDataParallel(m.nn.ReLU()),
    "devices": lambda m: m.nn.parallel.DistributedDataParallel(m.nn.Linear(1, 1), device_ids=[0]),
    "wrapped": lambda m: m.nn.parallel.DistributedDataParallel(m.nn.Linear(2, 1)),
    "hook twice": both_of_a_hook,
    "unused": unused,
    "mesh": lambda m: (lambda mesh: (mesh.shape, mesh.size(), mesh.get_coordinate(), mesh.mesh_dim_names))(
        m.distributed.init_device_mesh("cpu", (1, 1), mesh_dim_names=("a", "b"))
    ),
    "mesh of two": lambda m: m.distributed.init_device_mesh("cpu", (2,)),
    "mesh names": lambda m: m.distributed.init_device_mesh("cpu", (1,), mesh_dim_names=("a", "b")),
    "mesh name": lambda m: m.distributed.init_device_mesh("cpu", (1, 1), mesh_dim_names=("a", "b"))["c"],
    "old name": lambda m: m.distributed.all_gather_into_tensor(m.zeros(2), m.ones(2)),
    "no consolidation": lambda m: m.distributed.optim.ZeroRedundancyOptimizer(
        [m.ones(1, requires_grad=True)], m.optim.SGD, lr=0.1
    ).state_dict(),
}


@pytest.mark.parametrize("name", ALONE)
def test_with_a_group_of_one(name: str, alone: None) -> None:
    assert outcome(ALONE[name], mibun) == outcome(ALONE[name], torch)


@pytest.mark.parametrize("dtype", "float32 float16 bfloat16 int64 uint8 bool complex64".split())
def test_reductions(dtype: str, alone: None) -> None:
    for op in OPERATIONS:
        outcomes = [outcome(lambda m, op=op: reduced(m, op, dtype, [3, 0, 1]), m, 16) for m in BOTH]
        assert outcomes[0] == outcomes[1], op


STORE: dict[str, Callable] = {
    "get": lambda s: (s.set("a", "b"), s.get("a"), s.add("n", 3), s.get("n"), s.num_keys()),
    "check": lambda s: (s.set("a", b"b"), s.check(["a"]), s.check(["a", "z"]), s.delete_key("a"), s.delete_key("a")),
    "compare": lambda s: [s.compare_set("q", *pair) for pair in (("", "v"), ("x", "w"), ("v", "w"))],
    "compare nothing": lambda s: s.compare_set("q", "x", "y"),
    "append": lambda s: (s.append("a", "b"), s.append("a", "c"), s.get("a"), s.multi_get(["a", "a"])),
    "queue": lambda s: (s.queue_push("q", "1"), s.queue_len("q"), s.queue_pop("q"), s.queue_len("q")),
    "empty": lambda s: s.queue_pop("q", False),
    "timeout": lambda s: (s.timeout, s.has_extended_api()),
}


@pytest.mark.parametrize("kind", ["HashStore", "TCPStore"])
@pytest.mark.parametrize("name", STORE)
def test_stores(name: str, kind: str) -> None:
    arguments: tuple = ("127.0.0.1", 0, 1, True) if kind == "TCPStore" else ()
    if kind == "TCPStore" and name == "get":
        pytest.skip("num_keys counts PyTorch's own keys")
    outcomes = [outcome(lambda m: STORE[name](getattr(m.distributed, kind)(*arguments)), m, 8) for m in BOTH]
    assert outcomes[0] == outcomes[1]


def test_training_of_one_process(alone: None) -> None:
    for options in ({}, {"find_unused_parameters": True}, {"static_graph": True}, {"gradient_as_bucket_view": True}):
        weights = []
        for m in BOTH:
            model = m.nn.Sequential(m.nn.Linear(3, 4), m.nn.BatchNorm1d(4), m.nn.Linear(4, 1))
            with m.no_grad():
                for parameter in model.parameters():
                    parameter.copy_(m.arange(1.0, 1 + parameter.numel()).sin().reshape(parameter.shape))
            ddp = m.nn.parallel.DistributedDataParallel(model, **options)
            optimizer = m.optim.SGD(ddp.parameters(), lr=0.001)
            for step in range(4):
                optimizer.zero_grad()
                x = (m.arange(15.0) * (step + 1)).cos().reshape(5, 3)
                if step == 2:
                    with ddp.no_sync():
                        ddp(x).square().sum().backward()
                ddp(x).square().sum().backward()
                optimizer.step()
            weights.append([value.tolist() for value in ddp.state_dict().values()])
        torch.testing.assert_close(weights[0], weights[1], rtol=1e-4, atol=1e-5)


# What PyTorch has and mibun has not, and why; the list only shrinks.
ABSENT = {
    "classes of the C++ reducer": "BuiltinCommHookType Logger Reducer",
    "GPUs and other libraries": "shrink_group",
    "engines of their own": "autograd",
    "for debugging by hand": "breakpoint config log",
    "of other modules": "timedelta",
    "the C++ side of a group": "GroupName ProcessGroupGloo RankType",
}


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_names() -> None:
    excused = set(" ".join(ABSENT.values()).split())
    # Which modules are there depends on what else has been imported.
    wanted = {
        name
        for name, value in vars(torch.distributed).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    } | set("algorithms autograd config constants device_mesh distributed_c10d rpc utils".split())
    missing = {name for name in wanted if not hasattr(mibun.distributed, name)}
    assert missing == excused, (missing - excused, excused - missing)
    for module in ("nn.parallel", "nn.parallel.comm", "utils.data.distributed", "distributed.algorithms.join"):
        theirs, ours = torch, mibun
        for part in module.split("."):
            theirs, ours = getattr(theirs, part), getattr(ours, part)
        assert set(getattr(theirs, "__all__", ())) <= set(dir(ours)), module


# Parameters of PyTorch's that have no meaning here, by function.
LEFT_OUT = {
    "DistributedDataParallel": "delay_all_reduce_named_params param_to_hook_all_reduce mixed_precision "
    "skip_all_reduce_unused_params batched_grad_copy forward_sync_buffers",
    "DeviceMesh": "backend_override _init_backend _rank _layout _rank_map _root_mesh",
    "init_device_mesh": "backend_override",
    "ZeroRedundancyOptimizer": "parameters_as_bucket_view overlap_with_ddp",
}


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_signatures() -> None:
    places = [
        (torch.distributed, mibun.distributed),
        (torch.nn.parallel, mibun.nn.parallel),
        (torch.distributed.nn.functional, mibun.distributed.nn.functional),
        (torch.distributed.optim, mibun.distributed.optim),
        (torch.distributed.algorithms.join, mibun.distributed.algorithms.join),
        (torch.utils.data.distributed, mibun.utils.data.distributed),
    ]
    wrong = []
    for theirs, ours in places:
        for name in dir(theirs):
            function, own = getattr(theirs, name), vars(ours).get(name) or getattr(ours, name, None)
            if name.startswith("_") or own is None or not (inspect.isfunction(function) or inspect.isclass(function)):
                continue
            try:
                wanted = [p for p in inspect.signature(function).parameters]
                found = [p for p in inspect.signature(own).parameters]
            except (ValueError, TypeError):
                continue
            wanted = [p for p in wanted if p not in LEFT_OUT.get(name, "").split()]
            found = [p for p in found if not p.startswith("_")] if name == "DeviceMesh" else found
            if not function.__module__.startswith(("torch._C", "datetime", "typing")) and wanted != found:
                wrong.append((name, wanted, found))
    assert wrong == []
