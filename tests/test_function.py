"""User-written Functions."""

from __future__ import annotations

import pytest

import mibun as torch
from mibun.autograd import Function
from mibun.autograd.function import once_differentiable


def leaf(*values):
    return torch.tensor(list(values), dtype=torch.float64, requires_grad=True)


class Both(Function):
    """Two outputs, with a number among the arguments."""

    @staticmethod
    def forward(ctx, x, n, y):
        ctx.save_for_backward(x, y)
        ctx.n = n
        return x * y * n, x + y

    @staticmethod
    def backward(ctx, g1, g2):
        x, y = ctx.saved_tensors
        return g1 * y * ctx.n + g2, None, g1 * x * ctx.n + g2


def test_several_inputs_and_outputs():
    x, y = leaf(2.0), leaf(3.0)
    a, b = Both.apply(x, 4, y)
    assert a.grad_fn is b.grad_fn and (a.output_nr, b.output_nr) == (0, 1)
    assert a.grad_fn.n == 4
    (a * 2 + b).backward()
    assert (x.grad.item(), y.grad.item()) == (25, 17)
    a, b = Both.apply(x, 4, y)
    (gx,) = torch.autograd.grad(a, x, create_graph=True)
    assert torch.autograd.grad(gx, y)[0].item() == 4


def test_needs_input_grad_and_materialized_grads():
    seen = {}

    class F(Function):
        @staticmethod
        def forward(ctx, x, y):
            seen["needs"] = ctx.needs_input_grad
            return x * 1, y * 1

        @staticmethod
        def backward(ctx, g1, g2):
            seen["grads"] = g1, g2
            return g1, None

    x = leaf(1.0)
    a, b = F.apply(x, torch.ones(1, dtype=torch.float64))
    a.backward()
    assert seen["needs"] == (True, False)
    assert seen["grads"][1].tolist() == [0]

    class G(F):
        @staticmethod
        def forward(ctx, x, y):
            ctx.set_materialize_grads(False)
            return x * 1, y * 1

    a, b = G.apply(x, x)
    a.backward()
    assert seen["grads"][1] is None


def test_setup_context():
    class F(Function):
        @staticmethod
        def forward(x, n):
            return x**n

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, ctx.n = inputs
            ctx.save_for_backward(x)

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * ctx.n * x ** (ctx.n - 1), None

    x = leaf(2.0)
    F.apply(x, 3).backward()
    assert x.grad.item() == 12


def test_mark_dirty():
    class Double(Function):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = leaf(1.0, 2.0)
    y = x * 1
    z = Double.apply(y)
    assert z is y and y._version == 2 and y.grad_fn.name() == "DoubleBackward"
    (y * y).sum().backward()
    assert x.grad.tolist() == [8, 16]
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        Double.apply(x)


def test_mark_non_differentiable():
    class Sort(Function):
        @staticmethod
        def forward(ctx, x):
            half = x * 0.5
            ctx.mark_non_differentiable(half)
            return x * 2, half

        @staticmethod
        def backward(ctx, g, _):
            return g * 2

    x = leaf(1.0)
    a, b = Sort.apply(x)
    assert a.requires_grad and not b.requires_grad
    a.backward()
    assert x.grad.item() == 2


def test_inputs_returned_as_they_are():
    class Identity(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 3

    x = leaf(1.0)
    y = Identity.apply(x)
    assert y is not x and y.grad_fn.name() == "IdentityBackward"
    y.backward()
    assert x.grad.item() == 3
    plain = torch.ones(1)
    assert Identity.apply(plain).grad_fn is None


def test_wrong_backwards():
    class F(Function):
        result = None

        @staticmethod
        def forward(ctx, x, y):
            return x * y

        @staticmethod
        def backward(ctx, g):
            return F.result

    x, y = leaf(1.0), leaf(2.0)
    F.result = (torch.ones(1),)
    with pytest.raises(RuntimeError, match=r"returned an incorrect number of gradients \(expected 2, got 1\)"):
        F.apply(x, y).backward()
    F.result = (torch.ones(3), None)
    pair = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"returned an invalid gradient at index 0 - got \[3\] but expected"):
        F.apply(pair, pair).sum().backward()
    F.result = (1.0, None)
    with pytest.raises((RuntimeError, TypeError)):
        F.apply(x, y).backward()
    assert x.grad is None
    with pytest.raises(TypeError, match="save_for_backward can only save variables"):

        class Saves(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(3)
                return x * 1

        Saves.apply(x)


def test_saved_tensors_are_checked_and_freed():
    class F(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 2 * x * g

    x = leaf(3.0)
    w = x * 1
    y = F.apply(w)
    w.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()
    y = F.apply(x)
    y.backward()
    with pytest.raises(RuntimeError, match="^Trying to backward through the graph a second time"):
        y.backward()


def test_once_differentiable():
    class F(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 2 * x * g

    x = leaf(3.0)
    (g,) = torch.autograd.grad(F.apply(x), x, create_graph=True)
    assert g.item() == 6
    with pytest.raises(RuntimeError, match="trying to differentiate twice a function that was marked with"):
        g.backward()


def test_saved_tensors_hooks():
    packed = []

    def pack(tensor):
        packed.append(tensor.tolist())
        return tensor.numpy(force=True).copy()

    x = leaf(1.0, 2.0)
    with torch.autograd.graph.saved_tensors_hooks(pack, torch.from_numpy):
        y = x.exp() * x
    y.sum().backward()
    assert len(packed) == 3
    e = torch.exp(x.detach())
    assert torch.allclose(x.grad, e * x.detach() + e)
    with torch.autograd.graph.disable_saved_tensors_hooks("not here"), pytest.raises(RuntimeError, match="not here"):
        with torch.autograd.graph.saved_tensors_hooks(pack, torch.from_numpy):
            pass
