"""Functions through random stacks of up to four transforms: what the operators that they stand for give.

A program is one to three Functions, a random form around them, and a random stack of transforms with closures; at the
end it is differentiated from outside, or not. Each Function has its own way to be batched and to save.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun as torch
from mibun.autograd import Function
from mibun.func import grad, grad_and_value, jacfwd, jacrev, jvp, vjp, vmap

PROGRAMS = 160
FAILED_BEFORE = (1029, 1094, 1140, 1248, 2392, 2410, 2413, 2485)


def nothing(ctx: Any, inputs: tuple, output: Any) -> None:
    pass


class Square(Function):
    """Generated rule, saves its input."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Any) -> Any:
        return x**2

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 2 * ctx.saved_tensors[0] * g

    jvp = backward


class SquareByRule(Square):
    generate_vmap_rule = False

    @staticmethod
    def vmap(info: Any, in_dims: tuple, x: Any) -> tuple:
        return SquareByRule.apply(x), in_dims[0]


class SquareOfAttribute(Square):
    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.x = inputs[0]

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 2 * ctx.x * g

    jvp = backward


class Exp(Function):
    """Generated rule, saves its output."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Any) -> Any:
        return x.exp()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * ctx.saved_tensors[0]

    jvp = backward


class Product(Function):
    """Wraps NumPy; its rule and its derivatives are calls of itself."""

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return torch.from_numpy(np.asarray(x.detach().numpy() * y.detach().numpy()))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, y = ctx.saved_tensors
        return Product.apply(g, y), Product.apply(g, x)

    @staticmethod
    def jvp(ctx: Any, s: Any, t: Any) -> Any:
        x, y = ctx.saved_tensors
        return Product.apply(s, y) + Product.apply(x, t)

    @staticmethod
    def vmap(info: Any, in_dims: tuple, *operands: Any) -> tuple:
        return Product.apply(
            *[
                x.expand(info.batch_size, *x.shape) if dim is None else x.movedim(dim, 0)
                for x, dim in zip(operands, in_dims, strict=True)
            ]
        ), 0


class Doubled(Function):
    """In place, with a rule of its own."""

    @staticmethod
    def forward(x: Any) -> Any:
        x.mul_(2)
        return x

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.mark_dirty(inputs[0])

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 2 * g

    @staticmethod
    def jvp(ctx: Any, t: Any) -> Any:
        return t.mul_(2)

    @staticmethod
    def vmap(info: Any, in_dims: tuple, x: Any) -> tuple:
        return Doubled.apply(x), in_dims[0]


class WithPlace(Function):
    """A second output without derivative, and a number for an argument."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Any, k: float) -> Any:
        return x * k, x.argmax()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        ctx.mark_non_differentiable(output[1])
        ctx.k = inputs[1]

    @staticmethod
    def backward(ctx: Any, g: Any, _: Any) -> Any:
        return g * ctx.k, None

    @staticmethod
    def jvp(ctx: Any, t: Any, _: Any) -> Any:
        return t * ctx.k, None


# (the Function, the operators)
PAIRS: list[tuple[Callable, Callable]] = [
    (Square.apply, lambda x: x**2),
    (SquareByRule.apply, lambda x: x**2),
    (SquareOfAttribute.apply, lambda x: x**2),
    (Exp.apply, lambda x: x.exp()),
    (lambda x: Product.apply(x, x), lambda x: x * x),
    (lambda x: Doubled.apply(x.clone()), lambda x: x * 2),
    (lambda x: WithPlace.apply(x, 3.0)[0], lambda x: x * 3.0),
]


def summed(f: Callable) -> Callable:
    return lambda x: f(x).sum()


def pulled_back(f: Callable, x: Any) -> Any:
    output, product = vjp(f, x)
    return product(torch.cos(output))[0]


WRAPPERS: list[Callable] = [
    lambda f: lambda x: grad(summed(f))(x),
    lambda f: lambda x: jvp(f, (x,), (x.cos(),))[1],
    lambda f: lambda x: jvp(f, (x,), (x.cos(),))[0] * x.sum(),
    lambda f: lambda x: pulled_back(f, x),
    lambda f: lambda x: jacrev(f)(x),
    lambda f: lambda x: jacfwd(f)(x),
    lambda f: lambda x: vmap(f)(torch.stack([x, x * 2])),
    lambda f: lambda x: vmap(f, in_dims=1, out_dims=-1)(torch.stack([x, x * 2], 1)),
    lambda f: lambda x: vmap(lambda a: f(x * a))(torch.tensor([1.0, 2.0], dtype=x.dtype)),
    lambda f: lambda x: vmap(lambda a: f(x) * a)(torch.tensor([1.0, 2.0], dtype=x.dtype)),
    lambda f: lambda x: torch.mul(*grad_and_value(summed(f))(x)),
    lambda f: lambda x: grad(lambda z: (f(z) * f(x)).sum())(x * 0.5),
]
FORMS: list[Callable] = [
    lambda y, x: y,
    lambda y, x: (y * x).sum(),
    lambda y, x: y[..., None] * x.sum(),
    lambda y, x: (y.sin() * x).sum(),
]


def program(seed: int, which: int) -> tuple[Any, Any]:
    """The value of a program and its gradient: with the Functions (0), or with the operators (1)."""
    draw = random.Random(seed)
    steps = [draw.choice(PAIRS)[which] for _ in range(draw.randint(1, 3))]
    form = draw.choice(FORMS)

    def inner(x: Any) -> Any:
        y = x
        for step in steps:
            y = step(y * 0.5 + 0.1)
        return form(y, x)

    call: Callable = inner
    for _ in range(draw.randint(1, 4)):
        call = draw.choice(WRAPPERS)(call)
    x = torch.tensor([0.3, 0.7, -0.4], dtype=torch.float64, requires_grad=True)
    value = call(x)
    if not value.requires_grad:
        return value, torch.zeros_like(x)
    return value.detach(), torch.autograd.grad(value.sum(), x, allow_unused=True, materialize_grads=True)[0]


@pytest.mark.parametrize("part", range(8))
def test_functions_are_the_operators_that_they_stand_for(part: int) -> None:
    for seed in (*range(part, PROGRAMS, 8), FAILED_BEFORE[part]):
        found, expected = program(seed, 0), program(seed, 1)
        for one, other in zip(found, expected, strict=True):
            assert one.shape == other.shape, seed
            np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-9, atol=1e-9, err_msg=f"seed {seed}")
