"""What libraries' test suites ask for beyond the public names: memory replaced under `no_grad`, private pieces."""

from __future__ import annotations

import importlib

import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

LIBRARIES = (mibun, torch)

TARGETS = {
    "plain": lambda m: m.zeros(3),
    "leaf": lambda m: m.zeros(3, requires_grad=True),
    "parameter": lambda m: m.nn.Parameter(m.zeros(3)),
    "computed": lambda m: m.zeros(3, requires_grad=True) * 1,
    "view": lambda m: m.zeros(3).view(1, 3),
    "view of a leaf": lambda m: m.zeros(3, requires_grad=True).view(1, 3),
}
SOURCES = {
    "plain": lambda m: m.ones(3),
    "other shape": lambda m: m.ones(2, 2),
    "parameter": lambda m: m.nn.Parameter(m.ones(3)),
    "computed": lambda m: m.ones(3, requires_grad=True) * 2,
    "storage": lambda m: m.ones(6).untyped_storage(),
    "nothing": lambda m: None,
}


def _replaced(m, target, source):
    """What is known of a tensor that looks at other memory from now on."""
    x, taken = TARGETS[target](m), SOURCES[source](m)
    with m.no_grad():
        if source == "storage":
            result = x.set_(taken, 1, (2, 2), (1, 2))
        else:
            result = x.set_() if taken is None else x.set_(taken)
    assert result is x
    found = [x.requires_grad, x.is_leaf, x._version, list(x.shape), x.tolist()]
    if isinstance(taken, m.Tensor):
        found.append(x.data_ptr() == taken.data_ptr())
    if x.requires_grad and x.is_leaf:  # the gradient has the shape that the tensor has now
        (x * 3).sum().backward()
        found.append(x.grad.tolist())
    return found


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("target", TARGETS)
def test_memory_is_replaced_where_nothing_is_recorded(target, source):
    assert _replaced(mibun, target, source) == _replaced(torch, target, source)


@pytest.mark.parametrize("target", ["leaf", "parameter", "view of a leaf"])
def test_memory_of_what_is_recorded_stays(target):
    for m in LIBRARIES:
        x = TARGETS[target](m)
        with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
            x.set_(m.ones(3))
        assert x.sum().item() == 0


def test_what_depends_on_a_replaced_tensor_has_the_gradient_of_before():
    for m in LIBRARIES:
        w = m.tensor([1.0, 2.0], requires_grad=True)
        y = w * 3
        with m.no_grad():
            y.set_(m.tensor([5.0, 7.0]))
        (y * y).sum().backward()
        assert w.grad.tolist() == [30.0, 42.0]


# --- pieces of minimisers ---


def _piece(m, module, name):
    return getattr(importlib.import_module(f"{m.__name__}.{module}"), name)


_CUBICS = [
    (0.0, 1.0, -1.0, 1.0, 2.0, 3.0, None),
    (0.0, 1.0, -1.0, 1.0, 2.0, 3.0, (0.4, 0.5)),
    (1.0, 1.0, -1.0, 0.0, 2.0, -3.0, None),
    (0.0, 0.0, 1.0, 1.0, 5.0, 1.0, None),  # no minimum: the middle
    (0.0, 0.0, 1.0, 1.0, 5.0, 1.0, (0.1, 0.3)),
]


@pytest.mark.parametrize("case", _CUBICS)
def test_minimum_of_a_cubic(case):
    x1, f1, g1, x2, f2, g2, bounds = case
    found = [
        float(
            _piece(m, "optim.lbfgs", "_cubic_interpolate")(
                x1, f1, m.tensor(g1), x2, f2, m.tensor(g2), **({"bounds": bounds} if bounds else {})
            )
        )
        for m in LIBRARIES
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-6)


@pytest.mark.parametrize("options", [{}, {"c2": 0.1}, {"max_ls": 2}, {"c1": 0.3, "tolerance_change": 1e-3}], ids=str)
@pytest.mark.parametrize("first", [1.0, 0.01, 20.0])
def test_line_search(first, options):
    def search(m):
        points = []

        def objective(x, t, d):
            points.append(float(t))
            with m.enable_grad():
                y = (x + t * d).detach().requires_grad_()
                loss = (y**4).sum() + 3 * (1 - y[0]) ** 2
                (grad,) = m.autograd.grad(loss, y)
            return loss.item(), grad

        x = m.tensor([2.0, -1.5, 0.3], dtype=m.float64)
        loss, grad = objective(x, 0.0, x)
        direction = -grad
        found = _piece(m, "optim.lbfgs", "_strong_wolfe")(
            objective, x, first, direction, loss, grad, grad.dot(direction), **options
        )
        return [float(found[0]), *found[1].tolist(), float(found[2]), found[3], *points]

    assert search(mibun) == pytest.approx(search(torch), rel=1e-9)


def _jacobian_pieces(m):
    def piece(name):
        return _piece(m, "autograd.functional", name)

    a, b = m.ones(2, 2, requires_grad=True), m.ones(3, dtype=m.float64)
    basis = piece("_construct_standard_basis_for")((a, b), (4, 3))
    cut, nested, kept = (
        piece("_grad_postprocess")(values, create_graph)
        for values, create_graph in (((a * 1,), False), (((a * 1, b),), False), ((a * 1,), True))
    )
    seen = [piece("_grad_preprocess")((a, b), create, need) for create in (True, False) for need in (True, False)]
    return [
        [[part.dtype.itemsize, part.tolist()] for part in basis],
        [piece("_tuple_postprocess")((1,), tuples) for tuples in (True, False)],
        [piece("_tuple_postprocess")(((1,), (2,)), (True, inner)) for inner in (True, False)],
        [piece("_tuple_postprocess")(((1, 2),), (False, inner)) for inner in (True, False)],
        [cut[0].requires_grad, nested[0][0].requires_grad, kept[0].requires_grad],
        [[t.requires_grad, t.is_leaf] for tensors in seen for t in tensors],
    ]


def test_pieces_of_jacobians():
    assert _jacobian_pieces(mibun) == _jacobian_pieces(torch)


@pytest.mark.parametrize("name", ["uniform", "normal", "trunc_normal", "fill", "zero"])
def test_fillings_that_record_nothing(name):
    arguments = {"uniform": (-1.0, 2.0), "normal": (1.0, 2.0), "trunc_normal": (0.0, 1.0, -1.0, 1.0), "fill": (7.0,)}
    found = []
    for m in LIBRARIES:
        m.manual_seed(3)
        weight = m.nn.Parameter(m.ones(4))
        result = _piece(m, "nn.init", f"_no_grad_{name}_")(weight, *arguments.get(name, ()))
        assert result is weight and weight.is_leaf
        found.append(weight.tolist())
    assert found[0] == pytest.approx(found[1], rel=1e-6)


def test_while_loop_at_the_top():
    count, x = mibun.while_loop(
        lambda i, x: i < 3, lambda i, x: (i + 1, x * x * 2), (mibun.tensor(0), mibun.ones(2, requires_grad=True))
    )
    assert (count.item(), x.tolist()) == (3, [128.0, 128.0])
    x.sum().backward()
    assert hasattr(torch, "while_loop") and mibun.while_loop is mibun._higher_order_ops.while_loop
