"""Function transforms without PyTorch: identities between them, finite differences, nesting, modes and errors."""

from __future__ import annotations

import itertools

import pytest

import mibun as torch
from mibun import func
from mibun.autograd import forward_ad, graph
from mibun.core.mode import MODE
from mibun.core.tangents import LEVELS, RECORDED
from mibun.func import (
    functional_call,
    grad,
    grad_and_value,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    rearrange,
    stack_module_state,
    vjp,
    vmap,
)

F64 = torch.float64
X = torch.tensor([0.4, -0.7, 1.2], dtype=F64)
W = torch.tensor([[0.3, -0.2, 0.5], [1.1, 0.7, -0.4]], dtype=F64)


def vector(x):
    """Three numbers to two."""
    y = torch.tanh(W @ x) * x[0]
    y[0] = x[2] * torch.sin(x[1])
    return y


def scalar(x):
    """Three numbers to one."""
    return (torch.sin(x) * x.prod()).sum() + vector(x).sum()


def close(one, other, tolerance=1e-9):
    assert one.shape == other.shape
    assert (one - other).abs().max() <= tolerance * (1 + other.abs().max()), (one, other)


@pytest.fixture(autouse=True)
def nothing_is_left():
    """After each test the modes are what they were, and no level is running."""
    before = MODE.get(), len(LEVELS), len(RECORDED)
    yield
    assert (MODE.get(), len(LEVELS), len(RECORDED)) == before


def differences(function, x, step=1e-6):
    """The Jacobian of a function of a vector by central differences."""
    columns = []
    for i in range(len(x)):
        unit = torch.zeros_like(x)
        unit[i] = step
        columns.append((function(x + unit) - function(x - unit)) / (2 * step))
    return torch.stack(columns, -1)


def test_jacobians_by_all_ways_and_by_differences():
    wanted = differences(vector, X)
    basis = torch.eye(3, dtype=F64)
    close(jacrev(vector)(X), wanted, 1e-8)
    close(jacfwd(vector)(X), wanted, 1e-8)
    for size in (1, 2, 5):
        close(jacrev(vector, chunk_size=size)(X), wanted, 1e-8)
        close(jacrev(vector, chunk_size=size, _preallocate_and_copy=True)(X), wanted, 1e-8)
    close(torch.stack([jvp(vector, (X,), (t,))[1] for t in basis], -1), wanted, 1e-8)
    close(torch.stack([linearize(vector, X)[1](t) for t in basis], -1), wanted, 1e-8)
    close(vmap(linearize(vector, X)[1], out_dims=1)(basis), wanted, 1e-8)
    close(torch.stack([vjp(vector, X)[1](t)[0] for t in torch.eye(2, dtype=F64)]), wanted, 1e-8)


SECOND = {
    f"{outer.__name__} of {inner.__name__}": (outer, inner)
    for outer, inner in itertools.product((jacrev, jacfwd), (jacrev, jacfwd, grad))
}


@pytest.mark.parametrize(("outer", "inner"), SECOND.values(), ids=SECOND)
def test_second_derivatives_in_every_order(outer, inner):
    wanted = differences(grad(scalar), X)
    found = outer(inner(scalar))(X)
    close(found, wanted, 1e-7)
    close(found, found.T)
    close(found, hessian(scalar)(X))


def test_third_and_fourth_derivatives():
    third = jacfwd(hessian(scalar))(X)
    close(third, differences(hessian(scalar), X), 1e-7)
    for order in itertools.permutations(range(3)):
        close(third, third.permute(order))
    fourth = jacrev(jacfwd(hessian(scalar)))(X)
    close(fourth, jacfwd(jacrev(jacfwd(grad(scalar))))(X))
    close(vmap(jacfwd(jacrev(jacfwd(grad(scalar)))))(torch.stack([X, X * 2]))[0], fourth)


def test_forward_over_forward_and_reverse():
    one = jvp(lambda y: jvp(scalar, (y,), (X,))[1], (X,), (X * 2,))
    close(one[1], hessian(scalar)(X) @ X @ (X * 2))
    close(jvp(grad(scalar), (X,), (X,))[1], hessian(scalar)(X) @ X)
    close(grad(lambda y: jvp(scalar, (y,), (X,))[1])(X), hessian(scalar)(X) @ X)


def test_perturbations_are_not_confused():
    # d/dx (x * d/dy (x + y)) is 1: an inner derivative must not see the outer perturbation (Siskind and Pearlmutter).
    one = torch.ones((), dtype=F64)

    def derivative_forward(f):
        return lambda x: jvp(f, (x,), (torch.ones_like(x),))[1]

    for outer, inner in itertools.product((derivative_forward, grad), repeat=2):
        assert outer(lambda x, inner=inner: x * inner(lambda y: x + y)(one))(one) == 1
        assert outer(lambda x, inner=inner: x * inner(lambda y: x * y)(x))(one) == 2


def test_closures_over_outer_levels_and_captured_leaves():
    weight = X.clone().requires_grad_()

    def loss(x):
        return vmap(lambda row: grad(lambda z: (torch.sin(z * row) * weight * x).sum())(x).sum())(W).sum()

    gradient = grad(loss)(X)
    assert gradient.requires_grad and weight.grad is None
    gradient.sum().backward()
    assert weight.grad is not None

    def by_loops(x, w):
        rows = []
        for row in W:
            z = x.detach().clone().requires_grad_() if not x.requires_grad else x * 1
            (part,) = torch.autograd.grad((torch.sin(z * row) * w * x).sum() - 0, z, create_graph=True)
            rows.append(part.sum())
        return sum(rows)

    # The inner gradient is by z alone, though z has the value of x.
    def explicit(x, w):
        return sum((torch.cos(x * row) * row * w * x).sum() for row in W)

    x = X.clone().requires_grad_()
    other = X.clone().requires_grad_()
    (expected,) = torch.autograd.grad(explicit(x, other), x, create_graph=True)
    close(gradient.detach(), expected.detach())
    (second,) = torch.autograd.grad(expected.sum(), other)
    close(weight.grad, second)


def test_in_place_on_intermediates_in_every_mode():
    def f(x):
        y = torch.zeros_like(x) + x
        y[0] = x[1] * x[2]
        y[1:].mul_(x[:2])
        y.add_(x).sin_()
        y.t().mul_(2)
        return y

    close(jacfwd(f)(X), jacrev(f)(X))
    close(jacfwd(f)(X), differences(f, X), 1e-8)
    close(jacfwd(jacfwd(f))(X), jacrev(jacfwd(f))(X))
    batch = torch.stack([X, X * 2])
    close(vmap(jacfwd(f))(batch)[1], jacrev(f)(X * 2))
    close(linearize(f, X)[1](X), jvp(f, (X,), (X,))[1])


def test_an_addend_and_its_sum_do_not_share_a_tangent():
    def f(x):
        y = x + 1
        y.mul_(3)
        return x * 2, y

    x_tangent, y_tangent = jvp(f, (X,), (torch.ones_like(X),))[1]
    assert x_tangent.tolist() == [2, 2, 2] and y_tangent.tolist() == [3, 3, 3]


def test_linearize_runs_the_function_once():
    calls = []

    def f(x, scale):
        calls.append(None)
        return {"a": torch.sin(x["x"]) * scale, "b": (x["x"].sum(), X * 1)}

    value, product = linearize(f, {"x": X}, X * 2)
    for tangent in (X, X * 3):
        found = product({"x": tangent}, tangent)
        wanted = jvp(lambda *args: f(*args), ({"x": X}, X * 2), ({"x": tangent}, tangent))[1]
        close(found["a"], wanted["a"])
        close(found["b"][0], wanted["b"][0])
        assert found["b"][1].tolist() == [0, 0, 0]
    assert len(calls) == 3  # two by jvp
    assert not value["a"].requires_grad and not found["a"].requires_grad


def test_linearize_where_something_is_overwritten():
    def f(x):
        y = X + x
        y.copy_(y * x)
        with torch.no_grad():
            z = y * 2
        return z * y

    close(linearize(f, X)[1](X), jvp(f, (X,), (X,))[1])


def test_grad_modes():
    leaf = X.clone().requires_grad_()
    with torch.no_grad():
        found = grad(lambda x: (x * x).sum())(leaf)
        value, product = vjp(lambda x: x * x, leaf)
    close(found, X * 2)
    assert not found.requires_grad and not value.requires_grad
    assert product(X)[0].requires_grad
    close(grad(lambda x: (x * torch.no_grad()(lambda: x * x)()).sum())(X), X * X)
    with torch.inference_mode():
        close(grad(scalar)(X), jacfwd(scalar)(X))
    gradient, value = grad_and_value(scalar)(leaf)
    assert gradient.requires_grad and value.requires_grad
    gradient, value = grad_and_value(scalar)(X)
    assert not gradient.requires_grad and not value.requires_grad


def test_a_dual_level_of_autograd_around_transforms():
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(X, X * 2)
        tangent = forward_ad.unpack_dual(grad(scalar)(dual)).tangent
        close(tangent, hessian(scalar)(X) @ (X * 2))
        inner = jvp(scalar, (dual,), (X,))[1]
        close(forward_ad.unpack_dual(inner).tangent, hessian(scalar)(X) @ X @ (X * 2))
    with pytest.raises(RuntimeError, match="Nested forward mode AD"):
        jvp(lambda x: [forward_ad.dual_level().__enter__(), x][1], (X,), (X,))


def test_a_function_with_a_jvp_of_its_own_nests():
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 3 * x**2 * g

        @staticmethod
        def jvp(ctx, t):
            (x,) = ctx.saved_tensors
            return 3 * x**2 * t

    first = jvp(Cube.apply, (X,), (X,))[1]
    close(first, 3 * X**3)
    second = jvp(lambda y: jvp(Cube.apply, (y,), (X,))[1], (X,), (X,))[1]
    close(second, 6 * X**3)
    close(jvp(grad(lambda y: Cube.apply(y).sum()), (X,), (X,))[1], 6 * X**2)


def test_nothing_is_kept_after_an_error():
    def fails(x):
        raise ValueError("no")

    for transform in (
        lambda: grad(fails)(X),
        lambda: vjp(fails, X),
        lambda: jvp(fails, (X,), (X,)),
        lambda: linearize(fails, X),
        lambda: vmap(jacfwd(jacrev(fails)))(W),
    ):
        with pytest.raises(ValueError, match="^no$"):
            transform()


def test_saved_tensor_hooks_are_refused():
    hooks = graph.saved_tensors_hooks(lambda t: t, lambda t: t)
    with pytest.raises(RuntimeError, match="saved tensor hooks"), hooks:
        grad(scalar)(X)
    with pytest.raises(RuntimeError, match="saved tensor hooks"):
        grad(lambda x: graph.saved_tensors_hooks(lambda t: t, lambda t: t).__enter__())(X)


def test_an_ensemble():
    models = [torch.nn.Linear(3, 2).double() for _ in range(4)]
    parameters, buffers = stack_module_state(models)

    def call(one, other, x):
        return functional_call(models[0], (one, other), x)

    outputs = vmap(call, (0, 0, None))(parameters, buffers, X)
    close(outputs, torch.stack([model(X) for model in models]))
    outputs.sum().backward()
    assert parameters["weight"].grad.shape == (4, 2, 3) and models[0].weight.grad is None
    losses = vmap(grad(lambda one, x: call(one, {}, x).sum()), (0, None))(parameters, X)
    close(losses["weight"], parameters["weight"].grad)


def test_functional_call_of_tied_weights():
    class Tied(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.one = torch.nn.Linear(2, 2)
            self.two = torch.nn.Linear(2, 2)
            self.two.weight = self.one.weight

        def forward(self, x):
            return self.one(x) + self.two(x)

    tied, x, new = Tied(), torch.ones(2), torch.eye(2)
    zeros = {"one.bias": torch.zeros(2), "two.bias": torch.zeros(2)}
    assert functional_call(tied, {"one.weight": new, **zeros}, x).tolist() == [2, 2]
    assert functional_call(tied, {"one.weight": new, "two.weight": new, **zeros}, x).tolist() == [2, 2]
    with pytest.raises(ValueError, match="got multiple values for keys .* which are tied"):
        functional_call(tied, {"one.weight": new, "two.weight": new * 2, **zeros}, x)
    both = {"one.weight": new, "two.weight": new * 2, **zeros}
    assert functional_call(tied, both, x, tie_weights=False).tolist() == [3, 3]


def test_rearrange():
    x = torch.arange(24.0).reshape(2, 3, 4)
    assert rearrange(x, "a b c -> c (b a)").shape == (4, 6)
    assert torch.equal(rearrange(rearrange(x, "a ... (c d) -> d ... (a c)", d=2), "d ... (a c) -> a ... (c d)", a=2), x)
    with pytest.raises(ValueError, match="cannot be made of"):
        rearrange(x, "a b (c d) -> a b c d", c=3)


@pytest.mark.parametrize("name", func.__all__)
def test_public_docstrings_have_an_example(name):
    assert ">>>" in getattr(func, name).__doc__
