"""Gamma numbers and Dirichlet vectors, with implicit gradients: what `torch.distributions` draws them by.

PyTorch's numbers for a seed: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), in float64,
each number of its normal and uniform ones in turn. The gradients are those of `xp/special/quantile_slopes.py`: exact to
all digits of float32 and 10 of float64, where PyTorch's come from a fit of three or four.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from ...dispatch.overloads import not_differentiable
from ...dispatch.public import public
from .draws import _Uniforms
from .examples import drawn_of
from .generator import Generator
from .samples import checked_generator, refuse

_THIRD = np.float32(1) / np.float32(3)  # of float32, which shows in PyTorch's numbers at the eighth digit


def _numbers(generator: Generator, shapes: Array) -> Array:
    """A gamma number for each shape: float64."""
    shapes = shapes.reshape(-1)
    with np.errstate(all="ignore"):  # (in the dtype of the shapes, as in PyTorch)
        small = shapes < 1  # then a number of the shape above is taken, times u ** (1 / shape)
        exponents = np.where(small, 1 / shapes, 0)
        d = np.where(small, shapes + shapes.dtype.type(1), shapes) - shapes.dtype.type(_THIRD)
        c = 1 / np.sqrt(9 * d.astype(np.float64))
    with generator.lock:
        uniforms = _Uniforms(generator)
        drawn = _draw(uniforms, shapes.tolist(), exponents.tolist(), d.tolist(), c.tolist())
        uniforms.give_back()
    return np.array(drawn, np.float64)


def _draw(uniforms: _Uniforms, *columns: list[float]) -> list[float]:
    """Gamma numbers of shapes d + 1/3, times powers of uniform ones where there is an exponent.

    The normal numbers are made in line, by Box and Muller's method, since a call for each would take most of the time;
    as elsewhere, the generator keeps the second of a pair.
    """
    generator, drawn = uniforms.generator, []
    sqrt, log, log1p, turn = math.sqrt, math.log, math.log1p, 2 * math.pi
    kept = generator.cached_normal
    for shape, exponent, d, c in zip(*columns, strict=True):
        if shape == 0:
            drawn.append(0.0)
            continue
        scale = d
        if exponent:
            try:
                scale *= (1 - uniforms()) ** exponent
            except (OverflowError, ZeroDivisionError):  # of a negative shape
                scale = math.inf
        if not 0 < d < math.inf:  # NaN, infinite, or less than -1: none is found by rejection
            drawn.append(math.inf if d > 0 else math.nan)
            continue
        while True:
            if kept is None:
                angle = turn * uniforms()
                radius = sqrt(-2 * log1p(-uniforms()))
                x, kept = radius * math.cos(angle), radius * math.sin(angle)
            else:
                x, kept = kept, None
            y = 1 + c * x
            if y <= 0:
                continue
            v = y * y * y
            u = 1 - uniforms()
            square = x * x
            if u < 1 - 0.0331 * square * square or log(u) < 0.5 * square + d * (1 - v + log(v)):
                drawn.append(scale * v)
                break
    generator.cached_normal = kept
    return drawn


def _only_single_and_double(words: str, *tensors: Tensor) -> None:
    for tensor in tensors:
        dtype = tensor._array_.dtype
        if dtype.kind != "f" or dtype.itemsize < 4:
            refuse(dtype, words)


def _undefined(name: str) -> Any:
    def rule(xp, g):
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")

    return rule


@op(
    name="standard_gamma_grad",
    node="StandardGammaGradBackward0",
    vjp={"input": _undefined("_standard_gamma_grad"), "output": _undefined("_standard_gamma_grad")},
)
def _standard_gamma_grad_of(xp, input, output):
    return xp.gamma_quantile_slope(input, output)


@op(
    name="standard_gamma",
    node="StandardGammaBackward0",
    dtype=None,
    vjp=lambda xp, g, input, out: g * xp.standard_gamma_grad(input, out),
    jvp=lambda xp, t, input, out: t * xp.standard_gamma_grad(input, out),
)
def _standard_gamma_of(xp, input, *, generator):
    def sample(input: Array) -> Array:
        least = np.finfo(input.dtype).tiny
        with np.errstate(over="ignore"):
            numbers = _numbers(generator, np.asarray(input)).reshape(input.shape).astype(input.dtype)
        return np.where(numbers > least, numbers, least)

    return drawn_of((input,), sample)


@public("_standard_gamma", method=False)
def _standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Gamma numbers of rate 1 and of the shapes that `input` holds, with implicit gradients.

    Args:
        input: of any shape, float32 or float64.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        of the input's shape and dtype, not below the least normal number. The gradient is that of the number at a fixed
        quantile (Figurnov et al. 2018); it cannot be differentiated again, as in PyTorch.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._standard_gamma(torch.tensor([0.5, 3.0])).shape
    torch.Size([2])
    """
    check_tensor(input, "_standard_gamma")
    _only_single_and_double("gamma_cpu", input)
    return apply(_standard_gamma_of, (input,), {"generator": checked_generator(generator, "_standard_gamma")})


@public("_standard_gamma_grad", method=False)
def _standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """The derivative of gamma numbers `output` by their shapes `input`, elementwise, at a fixed quantile.

    NotImplementedError for dtypes other than float32 and float64. It is 0 at an output of 0.

    >>> import mibun as torch
    >>> torch._standard_gamma_grad(torch.tensor([1.0]), torch.tensor([1.0]))
    tensor([1.1736])
    """
    check_tensor(input, "_standard_gamma_grad")
    check_tensor(output, "_standard_gamma_grad", "output", 2)
    _only_single_and_double("_standard_gamma_grad_cpu", input, output)
    check_broadcast([input._array_.shape, output._array_.shape])
    return apply(_standard_gamma_grad_of, (input, output), {})


@op(
    name="sample_dirichlet",
    node="NotImplemented",
    dtype=None,
    vjp={"input": not_differentiable("_sample_dirichlet")},
)
def _sample_dirichlet_of(xp, input, *, generator):
    def sample(input: Array) -> Array:
        parts = _numbers(generator, np.asarray(input, np.float64)).reshape(input.shape)
        with np.errstate(all="ignore"):
            shares = (parts / parts.sum(-1, keepdims=True)).astype(input.dtype)
        least, most = np.finfo(input.dtype).tiny, np.nextafter(input.dtype.type(1), input.dtype.type(0))
        shares = np.where(shares > least, shares, least)
        return np.where(shares < most, shares, most)

    return drawn_of((input,), sample)


@public("_sample_dirichlet", method=False)
def _sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Dirichlet vectors of the concentrations that `input` holds in its last dimension.

    Args:
        input: (*, parts), float32 or float64.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        of the input's shape and dtype, strictly between 0 and 1. Without a gradient: `torch.distributions.Dirichlet`
        gives it by `_dirichlet_grad`.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._sample_dirichlet(torch.ones(3)).sum()
    tensor(1.)
    """
    check_tensor(input, "_sample_dirichlet")
    _only_single_and_double("dirichlet", input)
    return apply(_sample_dirichlet_of, (input,), {"generator": checked_generator(generator, "_sample_dirichlet")})


@op(
    name="dirichlet_grad",
    node="NotImplemented",
    vjp={name: not_differentiable("_dirichlet_grad") for name in ("x", "alpha", "total")},
)
def _dirichlet_grad_of(xp, x, alpha, total):
    return xp.beta_quantile_slope(alpha, total - alpha, x)


@public("_dirichlet_grad", method=False)
def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """dx/dα / (1 - x) of a part x of a Dirichlet vector by its concentration, of `total` in all, at a fixed quantile.

    The other concentrations are constant, and `total` moves with alpha. Where x grows by dx, the other parts shrink in
    proportion, each by its share of dx / (1 - x): so a gradient g by the vector becomes
    `_dirichlet_grad(x, alpha, total) * (g - (x * g).sum(-1, keepdim=True))`.

    Args:
        x, alpha, total: float32 or float64, of shapes that broadcast.

    Raises:
        NotImplementedError: for other dtypes.

    >>> import mibun as torch
    >>> torch._dirichlet_grad(torch.tensor([0.5]), torch.tensor([1.0]), torch.tensor([2.0]))
    tensor([0.6931])
    """
    for position, (name, value) in enumerate({"x": x, "alpha": alpha, "total": total}.items(), 1):
        check_tensor(value, "_dirichlet_grad", name, position)
    _only_single_and_double("_dirichlet_grad_cpu", x, alpha, total)
    check_broadcast([value._array_.shape for value in (x, alpha, total)])
    return apply(_dirichlet_grad_of, (x, alpha, total), {})
