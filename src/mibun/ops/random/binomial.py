"""`binomial`: how many of several trials succeed, drawn as PyTorch draws it.

Few expected successes are counted by the gaps between them, which are geometric (Devroye 1986, X.4); many come from
transformed rejection (Hörmann, "The generation of binomial random variates", 1993, algorithm BTRD's simple form BTRS).
"""

from __future__ import annotations

import math

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


def _draw(uniforms: _Uniforms, count: float, p: float, many: bool) -> float:
    """One number; many: whether 10 or more are expected of what is rarer, successes or failures."""
    if count <= 0 or p <= 0:
        return 0.0
    if p >= 1:
        return count
    if not count < math.inf or p != p:
        return math.nan
    if p > 0.5:  # count the failures, which are fewer
        return count - _draw(uniforms, count, 1 - p, many)
    return (_by_rejection if many else _by_gaps)(uniforms, count, p)


def _by_gaps(uniforms: _Uniforms, count: float, p: float) -> float:
    trials, successes, log_q = 0.0, 0, math.log1p(-p)
    while True:
        u = uniforms()
        trials += math.ceil(math.log(u) / log_q) if u > 0 else math.inf
        if trials > count:
            return float(successes)
        successes += 1


def _by_rejection(uniforms: _Uniforms, count: float, p: float) -> float:
    deviation = math.sqrt(count * p * (1 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    centre = count * p + 0.5
    squeeze = 0.92 - 4.2 / b
    odds = p / (1 - p)
    alpha = (2.83 + 5.1 / b) * deviation
    mode = math.floor((count + 1) * p)

    def log_probability(k: float) -> float:  # but for a constant
        return k * math.log(odds) - math.lgamma(k + 1) - math.lgamma(count - k + 1)

    while True:
        u, v = uniforms() - 0.5, uniforms()
        distance = 0.5 - abs(u)
        if distance == 0:
            continue
        k = math.floor((2 * a / distance + b) * u + centre)
        if distance >= 0.07 and v <= squeeze:
            return float(k)
        if k < 0 or k > count:
            continue
        v *= alpha / (a / (distance * distance) + b)
        if v <= 0 or math.log(v) <= log_probability(k) - log_probability(mode):
            return float(k)


def _numbers(generator: Generator, counts: Array, p: Array) -> Array:
    many = counts * np.where(p > 0.5, 1 - p, p) >= 10  # in their dtype, as in PyTorch
    with generator.lock:
        uniforms = _Uniforms(generator)
        drawn = [_draw(uniforms, *one) for one in zip(counts.tolist(), p.tolist(), many.tolist(), strict=True)]
        uniforms.give_back()
    return np.array(drawn, np.float64)


@op(
    name="binomial",
    dtype=None,
    vjp={"count": not_differentiable("binomial"), "prob": not_differentiable("binomial")},
)
def _binomial(xp, count, prob, *, generator):
    if count.dtype.itemsize < 4:
        refuse(count.dtype, "binomial_cpu")

    def sample(count: Array, prob: Array) -> Array:
        shape = np.broadcast_shapes(count.shape, prob.shape)
        numbers = [np.broadcast_to(x, shape).reshape(-1) for x in (count, prob)]
        return _numbers(generator, *numbers).reshape(shape).astype(count.dtype)

    return drawn_of((count, prob), sample)


@public("binomial", method=False)
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of successes in `count` trials that succeed with probability `prob` each, elementwise.

    Args:
        count, prob: floating Tensors of one dtype, which broadcast. A count is rounded down; a probability below 0 is
            0, one above 1 is 1.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    ValueError for integers, RuntimeError for different dtypes. It has no gradient, and says so in the backward.

    >>> import mibun as torch
    >>> torch.binomial(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 0.0]))
    tensor([3., 0.])
    """
    for position, (name, value) in enumerate({"count": count, "prob": prob}.items(), 1):
        check_tensor(value, "binomial", name, position)
        if value._array_.dtype.kind not in "fV":
            raise ValueError(f"binomial only supports floating-point dtypes for {name}, got: {value.dtype.scalar_name}")
    if count._array_.dtype != prob._array_.dtype:
        raise RuntimeError(
            f"Found dtype {prob.dtype.scalar_name} but expected {count.dtype.scalar_name}: binomial takes a count and "
            "a probability of one dtype"
        )
    check_broadcast([count._array_.shape, prob._array_.shape])
    return apply(_binomial, (count, prob), {"generator": checked_generator(generator, "binomial")})
