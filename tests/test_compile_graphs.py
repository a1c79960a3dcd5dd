"""`torch.compile` with functions as backends: which graph they are given, and that its result is the function's."""

from __future__ import annotations

import operator
import warnings
from typing import Any

import pytest

import mibun as torch
from mibun import nn
from mibun._dynamo.testing import CompileCounter, CompileCounterWithBackend, EagerAndRecordGraphs
from test_compile import plain

scale = 2.0


def both(function: Any, arguments: Any, backend: Any = None, calls: int = 4) -> Any:
    """The graphs that a backend is given, for calls that must give the function's results."""
    backend = backend or EagerAndRecordGraphs()
    compiled = torch.compile(function, backend=backend)
    for i in range(calls):
        expected, found = arguments(i), arguments(i)
        torch.manual_seed(i)
        want = plain(function(*expected)), plain(list(expected))
        torch.manual_seed(i)
        assert (plain(compiled(*found)), plain(list(found))) == want
    return getattr(backend, "graphs", None)


def targets(graph: Any) -> list:
    return [node.target for node in graph.graph.nodes if node.op.startswith("call")]


def test_the_graph() -> None:
    weight = torch.ones(3, requires_grad=True)

    def f(x, y):
        z = torch.relu(x) + y * weight
        z = 1 - z.view(-1)[1:]
        low, where = torch.max(z, dim=0)
        return {"z": z, "rest": [low, 3]}, x.shape, -z

    (graph,) = both(f, lambda i: (torch.arange(3.0) - i, torch.ones(3)))
    assert isinstance(graph, torch.fx.GraphModule)
    assert targets(graph) == [
        *(torch.relu, operator.mul, operator.add, "view", operator.getitem, operator.sub),
        *(torch.max, operator.getitem, operator.neg),
    ]
    names = [node.target for node in graph.graph.nodes if node.op == "placeholder"]
    assert names == ["L_x_", "L_y_", "L_weight_"]
    assert "torch.relu(l_x_)" in graph.code


def test_modules_and_modes() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.ReLU())

    def f(x):
        h = model(x)
        with torch.no_grad():
            s = h.sum() * 2
        return h * s, s

    graphs = both(f, lambda i: (torch.randn(5, 3, generator=torch.Generator().manual_seed(i)),))
    assert len(graphs) >= 1
    model.eval()
    graphs = both(f, lambda i: (torch.randn(5, 3, generator=torch.Generator().manual_seed(i)),))
    assert len(graphs) == 1
    compiled = torch.compile(model, backend=EagerAndRecordGraphs())
    x = torch.randn(2, 3, requires_grad=True)
    for _ in range(3):
        compiled(x).sum().backward()
        found, x.grad = x.grad, None
        for p in model.parameters():
            p.grad = None
        model(x).sum().backward()
        assert plain(found) == plain(x.grad)
        x.grad = None
    assert torch.is_grad_enabled()


def test_what_is_changed_is_seen() -> None:
    global scale
    counter = CompileCounter()
    compiled = torch.compile(lambda x: x * scale, backend=counter)
    x = torch.ones(2)
    assert [compiled(x).tolist() for _ in range(3)] == [[2.0, 2.0]] * 3
    assert (counter.frame_count, counter.op_count) == (1, 1)
    scale = 3.0
    assert compiled(x).tolist() == [3.0, 3.0]
    assert compiled(torch.ones(3)).tolist() == [3.0, 3.0, 3.0]
    assert counter.frame_count == 3
    scale = 2.0
    model = nn.Linear(2, 2)
    compiled = torch.compile(model, backend=counter)
    for _ in range(3):
        assert plain(compiled(x)) == plain(model(x))
        model.weight = nn.Parameter(torch.randn(2, 2))
        model.load_state_dict({"weight": torch.randn(2, 2), "bias": torch.randn(2)})
    assert counter.frame_count == 4


def test_in_place() -> None:
    buffer = torch.zeros(2)

    def f(x):
        x.add_(1)
        y = x.view(1, 2)
        y[0, 0] = 5
        buffer.add_(x)
        y *= 2
        return y, buffer.clone()

    eager = f(torch.ones(2))[0]
    graphs: Any = EagerAndRecordGraphs()
    compiled = torch.compile(f, backend=graphs)
    for _ in range(4):
        buffer.zero_()
        assert plain(compiled(torch.ones(2))[0]) == plain(eager)
        assert buffer.tolist() == [5.0, 2.0]
    assert len(graphs.graphs) == 1 and operator.setitem in targets(graphs.graphs[0])


def test_splitting() -> None:
    torch.manual_seed(0)
    weight = torch.randn(3, requires_grad=True)
    noted: list = []

    def f(x):
        loss = (x * weight).sum()
        loss.backward()
        noted.append(loss.item())
        y = x.exp() + 1
        return y * loss.detach()

    backend = EagerAndRecordGraphs()
    compiled = torch.compile(f, backend=backend)
    x = torch.randn(3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(8):
            del noted[:]
            weight.grad = None
            expected = plain(f(x)), plain(weight.grad), list(noted)
            del noted[:]
            weight.grad = None
            assert (plain(compiled(x)), plain(weight.grad), list(noted)) == expected
    assert [operator.mul, "sum"] in [targets(graph) for graph in backend.graphs]
    assert any(["exp" in targets(graph) for graph in backend.graphs])
    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(f, backend=backend, fullgraph=True)(x)


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 3


class Counting(nn.Module):
    calls = 0

    def forward(self, x):
        self.calls += 1
        return x + self.calls


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * x.sum().item(),
        lambda x: x * len(x.nonzero().tolist()),
        lambda x: Twice.apply(x),
        lambda x: nn.Parameter(x * 2) * 2,
        lambda x: x * 2 if x.sum() > 0 else x * 3,
        lambda x: torch.from_numpy(x.detach().numpy() * 2),
    ],
)
def test_what_no_graph_has(function: Any) -> None:
    """It runs as it is, and gives what it gives."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert both(function, lambda i: (torch.arange(3.0) - i,), calls=6) == []


def test_python_state_is_not_lost() -> None:
    module = Counting()
    compiled = torch.compile(module, backend="eager_graph_of_tests")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert [compiled(torch.zeros(1)).item() for _ in range(4)] == [1.0, 2.0, 3.0, 4.0]


@torch._dynamo.register_backend(name="eager_graph_of_tests", tags=("experimental",))
def _backend(gm: Any, example_inputs: list, **more: Any) -> Any:
    _backend.more = more  # type: ignore[attr-defined]
    return gm


def test_names() -> None:
    compiled = torch.compile(torch.exp, backend="eager_graph_of_tests", options={"a": 1})
    assert plain(compiled(torch.zeros(2))) == plain(torch.ones(2))
    assert _backend.more == {"options": {"a": 1}}
    assert "eager_graph_of_tests" in torch._dynamo.list_backends(())
    assert "eager_graph_of_tests" not in torch._dynamo.list_backends()
    assert torch._dynamo.lookup_backend("eager_graph_of_tests") is _backend
    assert torch._dynamo.backends.registry.lookup_backend(_backend) is _backend
    with pytest.raises(torch._dynamo.exc.InvalidBackend, match="nope"):
        torch.compile(torch.exp, backend="nope")
    with pytest.raises(AssertionError):
        torch._dynamo.register_backend(_backend, name="eager")
    with pytest.raises(TypeError):
        torch._dynamo.register_backend(3, name="three")  # type: ignore[arg-type]
    counted = torch._dynamo.utils.counters
    torch._dynamo.reset()
    counter = CompileCounterWithBackend("aot_eager")
    decorated = torch._dynamo.optimize(counter)(lambda x: x.cos().sin())
    assert plain(decorated(torch.zeros(2))) == plain(torch.zeros(2).cos().sin())
    assert counter.op_count == 2 and counted["stats"]["unique_graphs"] == 1 and counted["frames"]["ok"] == 1
    counter.clear()
    assert counter.frame_count == 0


@pytest.mark.parametrize("backend", [lambda gm, inputs: 1 / 0, lambda gm, inputs: None])
def test_backends_that_fail(backend: Any) -> None:
    with pytest.raises(torch._dynamo.exc.BackendCompilerFailed, match="raised:"):
        torch.compile(lambda x: x + 1, backend=backend)(torch.ones(2))


def test_a_backend_that_rewrites() -> None:
    """As the examples of backends do: sin becomes cos."""

    def backend(gm: Any, example_inputs: list) -> Any:
        assert [tuple(one.shape) for one in example_inputs] == [(2,)]
        for node in gm.graph.nodes:
            if node.target is torch.sin:
                node.target = torch.cos
        gm.recompile()
        return gm.forward

    compiled = torch.compile(lambda x: torch.sin(x) * 2, backend=backend)
    x = torch.ones(2)
    compiled(x)  # (the first call is the function's own)
    assert plain(compiled(x)) == plain(torch.cos(x) * 2)
