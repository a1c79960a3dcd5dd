"""User-written Functions, hooks, modes and batches of gradients within function transforms, against installed PyTorch.

Each case is a small program over the name `torch`, run with mibun and with PyTorch: values must agree, and errors must be
of the same class and begin with the same words. The Functions are run through every transform and stacks of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun

torch_ = pytest.importorskip("torch")
WORDS = 50  # so many characters of a message, which go on in words of mibun's own


def outcome(call: Callable, torch: Any) -> Any:
    """("is", plain values) or ("raises", class, first words)."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return "is", plain(call(torch), torch)
        except Exception as error:
            return "raises", type(error).__name__, str(error)[:WORDS]
        finally:
            torch.set_grad_enabled(True)


def plain(value: Any, torch: Any) -> Any:
    if isinstance(value, torch.Tensor):
        array = value.detach().numpy()
        return array, value.requires_grad
    if isinstance(value, (list, tuple)):
        return [plain(one, torch) for one in value]
    if isinstance(value, dict):
        return {key: plain(one, torch) for key, one in value.items()}
    return value


def same(here: Any, there: Any) -> bool:
    if isinstance(here, np.ndarray) and isinstance(there, np.ndarray):
        return (
            here.shape == there.shape and here.dtype == there.dtype and np.allclose(here, there, rtol=1e-5, atol=1e-5)
        )
    if isinstance(here, (list, tuple)) and isinstance(there, (list, tuple)):
        return len(here) == len(there) and all(same(a, b) for a, b in zip(here, there, strict=True))
    if isinstance(here, dict):
        return here.keys() == there.keys() and all(same(here[key], there[key]) for key in here)
    return here == there


def agree(call: Callable) -> None:
    here, there = outcome(call, mibun), outcome(call, torch_)
    assert same(here, there), f"\nmibun: {here}\ntorch: {there}"


def vector(torch: Any) -> Any:
    return torch.tensor([1.0, 2.0, 3.0])


def matrix(torch: Any) -> Any:
    return torch.arange(6.0).reshape(2, 3) + 1


# What a function of one vector is run through.
TRANSFORMS: dict[str, Callable] = {
    "plain": lambda t, f: f(vector(t)),
    "grad": lambda t, f: t.func.grad(lambda x: f(x.clone()).sum())(vector(t)),
    "vjp": lambda t, f: t.func.vjp(lambda x: f(x.clone()), vector(t))[1](t.ones_like(f(vector(t)))),
    "vmap": lambda t, f: t.func.vmap(f)(matrix(t)),
    "vmap over axis 1": lambda t, f: t.func.vmap(f, in_dims=1, out_dims=-1)(matrix(t).T),
    "jvp": lambda t, f: t.func.jvp(lambda x: f(x.clone()), (vector(t),), (vector(t),)),
    "jacrev": lambda t, f: t.func.jacrev(lambda x: f(x.clone()))(vector(t)),
    "jacfwd": lambda t, f: t.func.jacfwd(lambda x: f(x.clone()))(vector(t)),
    "vmap of grad": lambda t, f: t.func.vmap(t.func.grad(lambda x: f(x.clone()).sum()))(matrix(t)),
    "grad of vmap": lambda t, f: t.func.grad(lambda x: t.func.vmap(f)(x.clone()).sum())(matrix(t)),
    "vmap of vmap": lambda t, f: t.func.vmap(t.func.vmap(f))(matrix(t)[None] * t.ones(2, 1, 1)),
    "vmap of jvp": lambda t, f: t.func.vmap(lambda x: t.func.jvp(lambda y: f(y.clone()), (x,), (x,)))(matrix(t)),
    "grad of grad": lambda t, f: t.func.grad(
        lambda x: t.func.grad(lambda y: (f(y.clone()) ** 2).sum())(x).sum(),
    )(vector(t)),
    "hessian": lambda t, f: t.func.hessian(lambda x: (f(x.clone()) ** 2).sum())(vector(t)),
    "vmap of hessian": lambda t, f: t.func.vmap(t.func.hessian(lambda x: (f(x.clone()) ** 2).sum()))(matrix(t)),
    "jacrev of jacfwd": lambda t, f: t.func.jacrev(t.func.jacfwd(lambda x: f(x.clone())))(vector(t)),
    "jacfwd of jacrev": lambda t, f: t.func.jacfwd(t.func.jacrev(lambda x: f(x.clone())))(vector(t)),
    "grad of vmap of grad": lambda t, f: t.func.grad(
        lambda x: t.func.vmap(t.func.grad(lambda y: (f(y.clone()) ** 2).sum()))(x).sum()
    )(matrix(t)),
    "backward outside": lambda t, f: _outside(t, f),
    "batch of gradients": lambda t, f: _batch(t, f),
}


def _outside(t: Any, f: Callable) -> Any:
    x = matrix(t).requires_grad_()
    return t.autograd.grad(t.func.vmap(lambda row: f(row.clone()))(x).sum(), x)


def _batch(t: Any, f: Callable) -> Any:
    x = vector(t).requires_grad_()
    y = f(x.clone())
    return t.autograd.grad(y, x, t.eye(3).reshape(3, *y.shape), is_grads_batched=True)


# --- Functions ---


def function(torch: Any, forward: Callable, **methods: Any) -> Any:
    """A Function of these methods."""
    names = {"forward": forward, **methods}
    made = {name: staticmethod(method) if callable(method) else method for name, method in names.items()}
    return type("Made", (torch.autograd.Function,), made)


def saves(ctx: Any, inputs: tuple, output: Any) -> None:
    ctx.save_for_backward(*inputs)
    ctx.save_for_forward(*inputs)


def saves_output(ctx: Any, inputs: tuple, output: Any) -> None:
    ctx.save_for_backward(output)
    ctx.save_for_forward(output)


def nothing(ctx: Any, inputs: tuple, output: Any) -> None:
    pass


def slope(ctx: Any, g: Any) -> Any:
    return 2 * ctx.saved_tensors[0] * g


SQUARE = {"setup_context": saves, "backward": slope, "jvp": slope}
GENERATED = {"generate_vmap_rule": True}


def own_rule(torch: Any) -> Callable:
    Square = function(torch, lambda x: x**2, **SQUARE, vmap=lambda info, dims, x: (Square.apply(x), dims[0]))
    return Square.apply


def rule_of_another_value(torch: Any) -> Callable:
    """Which of the rule and of backward holds at which level can be told by their values."""
    rule = lambda info, dims, x: (10 * x.movedim(dims[0], 0) ** 2, 0)  # noqa: E731
    return function(torch, lambda x: x**2, **SQUARE, vmap=rule).apply


def marks_dirty(torch: Any, **more: Any) -> Any:
    def forward(x: Any) -> Any:
        x.mul_(2)
        return x

    return function(
        torch,
        forward,
        setup_context=lambda ctx, inputs, output: ctx.mark_dirty(inputs[0]),
        backward=lambda ctx, g: 2 * g,
        jvp=lambda ctx, t: t.mul_(2),
        **more,
    )


def dirty_with_rule(torch: Any) -> Callable:
    Dirty = marks_dirty(torch, vmap=lambda info, dims, x: (Dirty.apply(x), dims[0]))
    return Dirty.apply


def non_differentiable(torch: Any) -> Callable:
    def setup(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.mark_non_differentiable(output[1])
        saves(ctx, inputs, output)

    Made = function(
        torch,
        lambda x: (x**2, x.argmax()),
        setup_context=setup,
        backward=lambda ctx, g, _: slope(ctx, g),
        jvp=lambda ctx, t: (slope(ctx, t), None),
        **GENERATED,
    )
    return lambda x: Made.apply(x)[0]


def two_outputs(torch: Any, materialize: bool) -> Callable:
    def setup(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.set_materialize_grads(materialize)

    def backward(ctx: Any, first: Any, second: Any) -> Any:
        assert (second is None) is not materialize
        return first * 2 if second is None else first * 2 + second * 3

    Made = function(torch, lambda x: (x * 2, x * 3), setup_context=setup, backward=backward, **GENERATED)
    return lambda x: Made.apply(x)[0]


def calls_another(torch: Any) -> Callable:
    """Both of them wrap NumPy, and have rules of their own."""

    def product(x: Any, y: Any) -> Any:
        return torch.from_numpy(x.numpy() * y.numpy())

    def aligned(dims: tuple, *tensors: Any) -> list:
        n = next(x.shape[d] for x, d in zip(tensors, dims, strict=True) if d is not None)
        return [x.expand(n, *x.shape) if d is None else x.movedim(d, 0) for x, d in zip(tensors, dims, strict=True)]

    def both(ctx: Any, g: Any) -> tuple:
        x, y = ctx.saved_tensors
        return Product.apply(g, y), Product.apply(g, x)

    Product = function(
        torch,
        product,
        setup_context=saves,
        backward=both,
        jvp=lambda ctx, s, t: Product.apply(s, ctx.saved_tensors[1]) + Product.apply(ctx.saved_tensors[0], t),
        vmap=lambda info, dims, x, y: (Product.apply(*aligned(dims, x, y)), 0),
    )
    return lambda x: Product.apply(x, x)


def other_arguments(torch: Any) -> Callable:
    def setup(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.k = inputs[1]

    Made = function(
        torch,
        lambda x, k, unused=None: (x * k, k),
        setup_context=setup,
        backward=lambda ctx, g, _: (g * ctx.k, None, None),
        **GENERATED,
    )
    return lambda x: Made.apply(x, 3.0)[0]


def old_form(torch: Any) -> Callable:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    return function(torch, forward, backward=slope).apply


FUNCTIONS: dict[str, Callable] = {
    "generated": lambda t: function(t, lambda x: x**2, **SQUARE, **GENERATED).apply,
    "own rule": own_rule,
    "rule of another value": rule_of_another_value,
    "no rule": lambda t: function(t, lambda x: x**2, **SQUARE).apply,
    "both rules": lambda t: function(t, lambda x: x**2, **SQUARE, **GENERATED, vmap=lambda *a: None).apply,
    "old form": old_form,
    "no setup_context": lambda t: function(t, lambda x: x**2, backward=slope).apply,
    "no jvp": lambda t: function(t, lambda x: x**2, setup_context=saves, backward=slope, **GENERATED).apply,
    "no backward": lambda t: function(t, lambda x: x**2, setup_context=saves, jvp=slope, **GENERATED).apply,
    "saves its output": lambda t: (
        function(
            t,
            lambda x: x.exp(),
            setup_context=saves_output,
            backward=lambda ctx, g: g * ctx.saved_tensors[0],
            jvp=lambda ctx, tangent: tangent * ctx.saved_tensors[0],
            **GENERATED,
        ).apply
    ),
    "attribute of ctx": lambda t: (
        function(
            t,
            lambda x: x**2,
            setup_context=lambda ctx, inputs, output: setattr(ctx, "x", inputs[0]),
            backward=lambda ctx, g: 2 * ctx.x * g,
            **GENERATED,
        ).apply
    ),
    "returns its input": lambda t: (
        function(
            t,
            lambda x: x,
            setup_context=nothing,
            backward=lambda ctx, g: g * 3,
            jvp=lambda ctx, tangent: tangent.view_as(tangent),
            **GENERATED,
        ).apply
    ),
    "returns a view": lambda t: (
        function(
            t,
            lambda x: x.view(3, 1),
            setup_context=nothing,
            backward=lambda ctx, g: g.view(3) * 3,
            jvp=lambda ctx, tangent: tangent.view(3, 1),
            **GENERATED,
        ).apply
    ),
    "marks dirty": lambda t: marks_dirty(t, **GENERATED).apply,
    "marks dirty, own rule": dirty_with_rule,
    "non-differentiable output": non_differentiable,
    "materialized": lambda t: two_outputs(t, True),
    "not materialized": lambda t: two_outputs(t, False),
    "other arguments": other_arguments,
    "NumPy": calls_another,
    "wrong number of gradients": lambda t: (
        lambda x: function(t, lambda x, y: x * y, setup_context=saves, backward=lambda ctx, g: g, **GENERATED).apply(
            x, x
        )
    ),
    "saves a number": lambda t: (
        function(
            t,
            lambda x: x * 2,
            setup_context=lambda ctx, inputs, output: ctx.save_for_backward(3),
            backward=lambda ctx, g: g,
            **GENERATED,
        ).apply
    ),
    "raises": lambda t: function(t, lambda x: 1 / 0, setup_context=nothing, **GENERATED).apply,
    "item": lambda t: (
        function(t, lambda x: x * x.sum().item(), setup_context=nothing, backward=lambda ctx, g: g, **GENERATED).apply
    ),
    "random backward": lambda t: (
        function(
            t, lambda x: x * 2, setup_context=nothing, backward=lambda ctx, g: g + 0 * t.rand(3), **GENERATED
        ).apply
    ),
}

# (function, transform) -> why it is not compared
DIFFERENT = {
    ("wrong number of gradients", name): "the message names the node, which PyTorch makes a class of its own for"
    for name in TRANSFORMS
    if "jvp" not in name and "jacfwd" not in name and name not in ("plain", "vmap")
}
for _name in ("hessian", "vmap of hessian", "jacfwd of jacrev"):
    DIFFERENT["saves a number", _name] = "two mistakes, of which mibun tells the other one first"
DIFFERENT["NumPy", "batch of gradients"] = "an operator of the name that the message has is missing in PyTorch"


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str, transform: str) -> None:
    if (name, transform) in DIFFERENT:
        pytest.skip(DIFFERENT[name, transform])
    agree(lambda torch: TRANSFORMS[transform](torch, FUNCTIONS[name](torch)))
