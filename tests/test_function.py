"""User-written Functions."""

from __future__ import annotations

import re

import pytest

import mibun as torch
from mibun.autograd import Function
from mibun.autograd.function import BackwardCFunction, FunctionCtx, InplaceFunction, once_differentiable


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


# --- every kind of forward and backward; `made` writes the class ---


def made(forward, backward=lambda ctx, *grads: grads[0], **more):
    methods = {"forward": forward, "backward": backward, **more}
    return type("Made", (Function,), {name: staticmethod(method) for name, method in methods.items()})


def test_what_the_node_shows():
    ctxs = []

    def forward(ctx, x, n):
        ctxs.append(ctx)
        ctx.save_for_backward(x)
        # Names that a node has too: they are the user's here.
        ctx.shape, ctx.dtype, ctx.edges, ctx.hooks, ctx.saved, ctx.op = "shape", "dtype", "edges", "hooks", "saved", n
        return x * n

    def backward(ctx, grad):
        seen.append((ctx.shape, ctx.dtype, ctx.edges, ctx.hooks, ctx.saved, ctx.op, ctx.late, ctx.name()))
        ctx.runs = getattr(ctx, "runs", 0) + 1
        return grad * 3, None

    seen = []
    made_function = made(forward, backward)
    x = leaf(1.0, 2.0)
    y = made_function.apply(x, 3)
    node = y.grad_fn
    assert isinstance(ctxs[0], FunctionCtx) and ctxs[0].saved_tensors[0] is x
    assert isinstance(node, made_function._backward_cls) and issubclass(type(node), BackwardCFunction)
    assert isinstance(node, torch.autograd.graph.Node) and node._forward_cls is made_function
    assert re.fullmatch(r"<torch\.autograd\.function\.MadeBackward object at 0x[0-9a-f]+>", repr(node))
    assert "grad_fn=<MadeBackward>" in str(y) and node.name() == "MadeBackward" and node.op == 3
    node.late = "late"
    node.op = 4
    node.metadata["k"] = 1
    y.register_hook(lambda g: None)
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    assert seen == [("shape", "dtype", "edges", "hooks", "saved", 4, "late", "MadeBackward")] * 2
    assert node.runs == 2 and node.metadata == {"k": 1} and x.grad.tolist() == [6, 6]
    del node.late
    assert not hasattr(node, "late")
    with pytest.raises(RuntimeError, match="after they have already been freed"):
        _ = node.saved_tensors


@pytest.mark.parametrize(
    "forward,kinds,grads",
    [
        (lambda ctx, x: (x * 2, None, 3, "s"), ["Tensor", "NoneType", "int", "str"], [[1, 1], None, None, None]),
        (lambda ctx, x: (x * 2,), ["Tensor"], [[1, 1]]),
        (lambda ctx, x: (x * 2, x > 1, x.long()), ["Tensor"] * 3, [[1, 1], [False, False], [0, 0]]),
        (lambda ctx, x: (x * 2, x * 3), ["Tensor"] * 2, [[1, 1], [0, 0]]),
        (lambda ctx, x: (x * 2, [x * 3]), ["Tensor", "list"], [[1, 1], None]),
        (lambda ctx, x: (ctx.set_materialize_grads(False), x * 2, x * 3)[1:], ["Tensor"] * 2, [[1, 1], None]),
        (lambda ctx, x: (ctx.set_materialize_grads(False), x * 2, x > 1)[1:], ["Tensor"] * 2, [[1, 1], None]),
    ],
)
def test_outputs(forward, kinds, grads):
    seen = []

    def backward(ctx, *given):
        seen.extend([None if g is None else g.tolist() for g in given])
        return given[0] * 2

    x = leaf(1.0, 2.0)
    outputs = made(forward, backward).apply(x)
    assert type(outputs) is tuple and [type(o).__name__ for o in outputs] == kinds
    differentiable = [isinstance(o, torch.Tensor) and o.is_floating_point() for o in outputs]
    assert [getattr(o, "requires_grad", False) for o in outputs] == differentiable
    outputs[0].sum().backward()
    assert seen == grads and x.grad.tolist() == [2, 2]


@pytest.mark.parametrize(
    "grads,expected",
    [
        (lambda g: g.sum(), RuntimeError),
        (lambda g: torch.ones(5, 2), [5, 5]),
        (lambda g: g.float(), [1, 1]),
        (lambda g: torch.ones(2, dtype=torch.int64), [1, 1]),
        (lambda g: (g, None, None), [1, 1]),
        (lambda g: None, None),
        (lambda g: (g, g), RuntimeError),
        (lambda g: (), RuntimeError),
        (lambda g: 3.0, RuntimeError),
        (lambda g: g + 0j, RuntimeError),
    ],
)
def test_gradients_given_back(grads, expected):
    x = leaf(1.0, 2.0)
    y = made(lambda ctx, x: x * 2, lambda ctx, g: grads(g)).apply(x).sum()
    if expected is RuntimeError:
        with pytest.raises(RuntimeError):
            y.backward()
        expected = None
    else:
        y.backward()
    assert (x.grad if x.grad is None else x.grad.tolist()) == expected
    assert x.grad is None or x.grad.dtype == torch.float64


@pytest.mark.parametrize(
    "forward,backward,error,message",
    [
        (
            lambda ctx, x, n: x * n,
            lambda ctx, g: g,
            RuntimeError,
            r"^function MadeBackward returned an incorrect number "
            r"of gradients \(expected 2, got 1\)",
        ),
        (
            lambda ctx, x, n: x * n,
            lambda ctx, g: (g, g),
            RuntimeError,
            "^function MadeBackward returned a gradient "
            "different than None at position 2, but the corresponding forward input was not a Variable",
        ),
        (
            lambda ctx, x, n: x * n,
            lambda ctx, g: (2.0, None),
            RuntimeError,
            r"^expected Variable or None \(got float\)",
        ),
        (
            lambda ctx, x, n: x * n,
            lambda ctx, g: (torch.ones(3), None),
            RuntimeError,
            r"^Function MadeBackward returned an "
            r"invalid gradient at index 0 - got \[3\] but expected shape compatible with \[2\]",
        ),
        (lambda ctx, x, n: x * n, lambda ctx: None, TypeError, "positional argument"),
        (
            lambda ctx, x, n: (ctx.save_for_backward(x, n), x)[1],
            None,
            TypeError,
            "^save_for_backward can only save variables, but argument 1 is of type int",
        ),
        (lambda ctx, x, n: (ctx.save_for_forward(n), x)[1], None, AssertionError, "^save_for_forward expects all"),
        (lambda ctx, x, n: (ctx.mark_dirty(n), x)[1], None, RuntimeError, "^mark_dirty can only accept variables"),
        (
            lambda ctx, x, n: (ctx.mark_non_differentiable(n), x)[1],
            None,
            RuntimeError,
            "^mark_non_differentiable only acc",
        ),
        (
            lambda ctx, x, n: (ctx.mark_dirty(x), x * n)[1],
            None,
            RuntimeError,
            "^Some elements marked as dirty during the",
        ),
        (
            lambda ctx, x, n: (ctx.set_materialize_grads(n), x)[1],
            None,
            TypeError,
            "^set_materialize_grads received an inv",
        ),
    ],
)
def test_errors_say_what_is_wrong(forward, backward, error, message):
    x = leaf(1.0, 2.0)
    with pytest.raises(error, match=message):
        made(forward, backward).apply(x * 1, 3).sum().backward()
    assert x.grad is None and torch.is_grad_enabled()


def test_missing_methods():
    x = leaf(1.0)
    with pytest.raises(NotImplementedError, match="^You must implement the forward function for custom autograd.Func"):
        Function.apply(x)
    empty = type("Empty", (Function,), {"forward": staticmethod(lambda ctx, x: x * 2)})
    with pytest.raises(NotImplementedError, match="^You must implement either the backward or vjp method"):
        empty.apply(x).backward()
    with torch.autograd.forward_ad.dual_level():
        with pytest.raises(NotImplementedError, match="^You must implement the jvp function"):
            empty.apply(torch.autograd.forward_ad.make_dual(torch.ones(1), torch.ones(1)))


def test_instances_are_for_nothing():
    with pytest.warns(DeprecationWarning, match="should not be instantiated. Methods on autograd functions are all"):
        old = Both()
    with pytest.raises(RuntimeError, match="^Legacy autograd function with non-static forward method is deprecated"):
        old(leaf(1.0))
    with pytest.warns(DeprecationWarning):
        assert InplaceFunction(inplace=True).inplace is True


def test_marks_and_old_names():
    ctx = FunctionCtx()
    ctx.save_for_backward(1, 2)
    ctx.mark_dirty(3)
    ctx.mark_non_differentiable(4)
    assert (ctx.to_save, ctx.dirty_tensors, ctx.non_differentiable) == ((1, 2), (3,), (4,))
    y = made(lambda ctx, x: (ctx.save_for_backward(x), x * 2)[1]).apply(leaf(1.0))
    with pytest.warns(DeprecationWarning, match="'saved_variables' is deprecated; use 'saved_tensors'"):
        assert y.grad_fn.saved_variables == y.grad_fn.saved_tensors
    with pytest.warns(FutureWarning, match="`mark_shared_storage` is deprecated"):
        ctx.mark_shared_storage((1, 2))
    with pytest.warns(UserWarning, match=r"^ctx.mark_dirty\(\) received a tensor that was not an input"):
        made(lambda ctx, x: (lambda y: (ctx.mark_dirty(y), y)[1])(x * 2)).apply(leaf(1.0))


def test_setup_context_is_given_the_defaults():
    seen = []

    def setup_context(ctx, inputs, output):
        seen.append((inputs[1:], output.requires_grad, torch.is_grad_enabled()))
        ctx.n = inputs[1]

    scaled = made(lambda x, n=2, k=1: x * n * k, lambda ctx, g: (g * ctx.n, None, None), setup_context=setup_context)
    x = leaf(1.0)
    for args, kwargs in (((x,), {}), ((x, 3), {}), ((x,), {"n": 4}), ((), {"k": 1, "x": x})):
        scaled.apply(*args, **kwargs).backward()
    assert seen == [(n, False, False) for n in ((2, 1), (3, 1), (4, 1), (2, 1))]
    assert x.grad.item() == 11


def test_views_returned():
    x = leaf(1.0, 2.0)
    for forward in (lambda ctx, x: x, lambda ctx, x: x.view(2, 1)):
        base = x * 1
        view = made(forward, lambda ctx, g: g.reshape(2)).apply(base)
        assert view._is_view() and view._base is base and view.data_ptr() == base.data_ptr()
        message = "^Output 0 of Made is a view and is being modified inplace. This view was created inside a custom"
        with pytest.raises(RuntimeError, match=message):
            view.mul_(2)
        view.sum().backward()
    assert x.grad.tolist() == [2, 2]
    plain = torch.ones(2)
    alias = made(lambda ctx, x: x).apply(plain)
    assert alias is not plain and alias.mul_(3) is alias and plain.tolist() == [3, 3]


def test_non_differentiable_outputs_may_be_inputs():
    for x in (leaf(1.0), leaf(1.0) * 1):
        y = made(lambda ctx, x: (ctx.mark_non_differentiable(x), x)[1]).apply(x)
        assert y is not x and not y.requires_grad and x.requires_grad


def test_reentrant_to_depth_100():
    class Deep(Function):
        @staticmethod
        def forward(ctx, x, depth):
            ctx.x, ctx.depth = x.detach(), depth
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            if ctx.depth == 0:
                return grad * 2, None
            with torch.enable_grad():
                inner = ctx.x.clone().requires_grad_()
                Deep.apply(inner, ctx.depth - 1).sum().backward()
            return grad * inner.grad, None

    x = leaf(1.0)
    Deep.apply(x, 100).backward()
    assert x.grad.item() == 2


def test_functions_in_functions():
    inner = made(lambda ctx, x: (ctx.save_for_backward(x), x * x)[1], lambda ctx, g: 2 * g * ctx.saved_tensors[0])
    outer = made(lambda ctx, x: inner.apply(x), lambda ctx, g: g * 100)
    x = leaf(3.0)
    y = outer.apply(inner.apply(x))
    y.backward()
    assert x.grad.item() == 600 and y.grad_fn.next_functions[0][0].name() == "MadeBackward"
    (g,) = torch.autograd.grad(inner.apply(x), x, create_graph=True)
    assert torch.autograd.grad(g, x)[0].item() == 2
