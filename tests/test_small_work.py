"""Small work: what a recorded operation leaves behind, and that its short ways give what the long ones do.

Nodes of operators are of one class, with edges and saved values in slots, until somebody looks at them; a plain
backward gives leaves their first gradients at once. `test_fast_paths.py` closes the short ways for all samples.
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.core import accumulation, engine
from mibun.core.node import VersionCounter
from mibun.core.registry import OPS
from mibun.core.views import View
from mibun.dispatch.nodes import OpNode
from mibun.dispatch.straight_lines import numbers_in, straight_kernel
from mibun.dispatch.ways import calls_numpy, kernel_over
from mibun.xp import numpy_namespace
from test_numpy_settings import agree


def leaf(*values: float, **options: Any) -> Any:
    return torch.tensor(values or (1.0, 2.0, 3.0, 4.0), requires_grad=True, **options)


# --- nodes ---


def test_a_node_has_its_class_once_somebody_looks():
    x = leaf()
    y = (x * 2).exp()
    node = y._edge_[0]
    assert type(node) is OpNode and node.name() == "ExpBackward0" and "ExpBackward0" in repr(node)
    assert y.grad_fn is node and type(node).__name__ == "ExpBackward0" and isinstance(node, OpNode)
    below = y.grad_fn.next_functions[0][0]
    assert type(below).__name__ == "MulBackward0" and type((x * 3).grad_fn) is type(below)
    assert torch.equal(y.grad_fn._saved_result, y)
    y.sum().backward()  # a node that was looked at runs as before
    np.testing.assert_allclose(x.grad.numpy(), 2 * np.exp(2 * x.detach().numpy()), rtol=1e-6)


def test_a_node_takes_no_attributes():
    """As PyTorch's; for the user's notes there is `metadata`."""
    node = (leaf() * 2).grad_fn
    with pytest.raises(AttributeError, match="'MulBackward0' object has no attribute 'note'"):
        node.note = 1
    node.metadata["note"] = 1
    assert node.metadata == {"note": 1} and not hasattr(node, "__dict__")


@pytest.mark.parametrize("made", ["x * 1.5", "x * x", "x.exp()", "x.reshape(2, 2)", "x.sum()", "(x + 0, x)[0]"])
def test_saved_values_by_slots(made):
    """What the properties of a compact node say of its slots, before and after it is freed."""
    x = leaf()
    y = eval(made)
    node = y.grad_fn
    op = node.op
    saved, edges = node.saved, node.edges
    assert len(edges) == len(op.operands) and edges[0] == (x, None)
    assert saved == () or len(saved) == len(op.operands) + 1
    kept = [value for value in saved if isinstance(value, (np.ndarray, np.generic))]
    assert len(node.counters) == len(node.versions) == len(kept)
    copy = node.with_edges((None,) * len(edges))
    assert copy.edges == (None,) * len(edges) and all([a is b for a, b in zip(copy.saved, saved, strict=True)])
    y.sum().backward()
    assert node.saved is None if saved else node.saved == ()
    if saved:
        with pytest.raises(RuntimeError, match="a second time"):
            y.sum().backward()


def tracked(made: Any) -> int:
    """How many objects the garbage collector looks at that were not there before."""
    gc.collect()
    before = len(gc.get_objects())
    result = made()
    gc.collect()  # after which the tuples of ints that shapes are do not count any more
    count = len(gc.get_objects()) - before
    del result
    return count


def test_a_long_chain_is_one_object_for_each_operation():
    """Since the garbage collector looks at all of them again and again, this is half of the time of long graphs."""

    def by_numbers(count: int = 1000) -> Any:
        y = x
        for _ in range(count):
            y = y * 1.001
        return y

    def by_tensors(count: int = 1000) -> Any:
        y = x
        for _ in range(count):
            y = y * w
        return y

    x, w = leaf(), leaf()
    by_numbers(2), by_tensors(2)
    assert tracked(by_numbers) < 1010
    assert tracked(by_tensors) < 2010  # and the version counter of each result, which is saved


def test_dropping_a_graph_frees_it_without_the_collector():
    def program() -> None:
        y = ((x * x).exp().reshape(2, 2).t() + 1).chunk(2)[0].sum()
        y.backward()
        x.grad = None

    def alive() -> int:
        kinds = (OpNode, torch.Tensor, View, VersionCounter)
        return sum([issubclass(type(one), kinds) for one in gc.get_objects()])

    x = leaf()
    program()  # which writes the texts
    gc.collect()
    gc.disable()
    try:
        before = alive()
        program()
        assert alive() == before
    finally:
        gc.enable()


# --- first gradients ---


@pytest.fixture
def by_the_long_way(monkeypatch: Any) -> Any:
    """Run something with first gradients added as any others are, and no gradient by the plain backward alone."""

    def run(function: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(engine, "add_to_leaves", lambda leaves: accumulation._commit(list(leaves.values()), []))
            patch.setattr(engine, "leads_only_to", lambda root, leaves: False)
            return function()

    return run


PROGRAMS = {
    "shared by two leaves": lambda a, b: (a + b).sum(),
    "a view of a constant": lambda a, b: (a.expand(3, 4) * b).sum(),
    "transposed": lambda a, b: (a.t() @ b).sum() + (b.t() * 2).sum(),
    "the gradient itself": lambda a, b: (a.reshape(-1) * 1).sum(),
    "one does not matter": lambda a, b: (a * 2).sum() + b.detach().sum(),
    "several times": lambda a, b: (a * a * b).sum() + (a * 3).sum(),
    "taken apart": lambda a, b: sum([part.sum() * i for i, part in enumerate((a * b).chunk(2, 1))]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_first_gradients(name, by_the_long_way):
    """The same values in the same order in memory, owned by nobody else."""

    def program() -> list:
        a, b = [torch.linspace(1, 2, 16).reshape(4, 4).requires_grad_() for _ in range(2)]
        if name == "a view of a constant":
            a, b = torch.linspace(1, 2, 4).requires_grad_(), torch.linspace(1, 2, 12).reshape(3, 4).requires_grad_()
        PROGRAMS[name](a, b).backward()
        PROGRAMS[name](a, b).backward()  # which adds to them
        found = torch.autograd.grad(PROGRAMS[name](a, b), (a, b), allow_unused=True)
        grads = [a.grad, b.grad]
        arrays = [None if grad is None else grad.numpy() for grad in grads]
        if arrays[0] is not None and arrays[1] is not None:
            assert not np.shares_memory(*arrays)
        return [*arrays, *[None if one is None else one.numpy() for one in found]]

    for one, other in zip(program(), by_the_long_way(program), strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one.strides == other.strides and np.array_equal(one, other)


def test_all_or_none_of_the_first_gradients(monkeypatch):
    a, b = leaf(), leaf()
    b.grad = torch.ones(4)
    wrap = accumulation.wrap
    monkeypatch.setattr(accumulation, "wrap", lambda array: wrap(array) if array[0] != 7 else 1 / 0)
    for other in (torch.full((4,), 7.0), torch.full((4,), 8.0)):
        c = torch.full((4,), 2.0, requires_grad=True)
        loss = (a * other * b * c).sum() if other[0] == 8 else (a * other).sum() + (c * 2).sum() + b.sum()
        if other[0] == 8:
            loss.backward()
            assert a.grad is not None and c.grad is not None and b.grad.tolist() != [1] * 4
        else:
            with pytest.raises(ZeroDivisionError):
                loss.backward()
            assert a.grad is None and c.grad is None and b.grad.tolist() == [1] * 4


# --- kernels as straight lines ---

UNARY = [
    op
    for _, op in sorted(OPS.items())
    if op.kind == "pointwise" and len(op.operands) == 1 and not (op.params or op.variadic or op.outputs)
]
POINTS = np.array([0.5, -0.5, 2.0, -3.0, 0.0, -0.0, 30.0, -30.0, np.inf, -np.inf, np.nan, 1.0])


def test_there_are_straight_kernels():
    found = {op.name for op in UNARY if straight_kernel(op, "x") is not None}
    assert {"sigmoid", "silu", "rsqrt", "gelu_tanh", "hardswish", "deg2rad"} <= found


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_straight_kernels(dtype):
    """Bit by bit what the kernels give, of arrays, arrays of no dimension and NumPy's scalars."""
    for op in UNARY:
        found = straight_kernel(op, "x")
        if found is None or calls_numpy(kernel_over(op, numpy_namespace)[0]):
            continue
        numbers, literals = numbers_in(found[0], "x")
        scope: dict[str, Any] = {**found[1], **literals, "ndarray": np.ndarray}
        for x in (
            POINTS.astype(dtype),
            POINTS.astype(dtype).reshape(3, 4).T,
            np.array(0.5, dtype),
            np.dtype(dtype).type(2),
        ):
            try:
                expected = op.kernel(numpy_namespace, x)
            except TypeError:
                continue  # it has no kernel for this dtype
            names = {**scope, "x": x}
            exec(numbers, names)
            result = eval(found[0], names)
            assert result.dtype == expected.dtype and agree(np.asarray(result), np.asarray(expected)), (op.name, x)
