"""Random numbers over what a tensor holds: `uniform_`, `normal_`, `bernoulli_`, `random_`, `exponential_`, ...

The gradient that reaches what was there before is zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core.dtypes import from_numpy_dtype
from ...core.memory import layout_of, shares_arrays
from ...core.meta import MetaArray
from ...core.mode import MODE
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.arguments import whole
from ...dispatch.declare import Op, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.public import public
from ...xp.batched import Batched
from ...xp.batched.array import physical
from . import draws
from .examples import OVERWRITTEN, axes_of_examples, drawn
from .generator import Generator
from .samples import (
    any_integers_array,
    arranged,
    bernoulli_any_array,
    checked_generator,
    integers_array,
    normal_array,
    range_of,
    real_number,
    refuse,
    uniform_array,
)


def _overwriting(name: str, node: str) -> Op:
    """An operator that overwrites its operand with what `sample` draws for it; nothing of the operand is left."""

    @op(name=name, node=node, dtype=None, vjp=lambda xp, g: xp.zeros_like(g), jvp=lambda xp, t: xp.zeros_like(t))
    def kernel(xp, input, *, sample):
        return drawn(input, sample, OVERWRITTEN)

    return kernel


_UNIFORM_, _NORMAL_ = _overwriting("uniform_", "UniformBackward0"), _overwriting("normal_", "NormalBackward0")
_BERNOULLI_ = _overwriting("bernoulli_number_", "BernoulliBackward2")
_RANDOM_ = [_overwriting(f"random_{i}_", f"RandomBackward{i}") for i in range(3)]
_EXPONENTIAL_ = _overwriting("exponential_", "ExponentialBackward0")
_GEOMETRIC_ = _overwriting("geometric_", "GeometricBackward0")
_CAUCHY_ = _overwriting("cauchy_", "CauchyBackward0")
_LOG_NORMAL_ = _overwriting("log_normal_", "LogNormalBackward0")


def _overwrite(record: Op, self: Tensor, name: str, sample: Callable[[Array], Array]) -> Tensor:
    if type(self._array_) is MetaArray:  # nothing to be drawn for
        return apply_inplace(record, (self,), {"sample": lambda like: like}, name)
    if not shares_arrays(self._array_):
        layout = layout_of(self)  # the numbers are drawn in its order
        return apply_inplace(record, (self,), {"sample": lambda _: sample(np.empty_like(layout))}, name)
    return apply_inplace(record, (self,), {"sample": sample}, name)


@public("uniform_", function=False)
def uniform_(self: Tensor, *args: float, generator: Generator | None = None, **kwargs: float) -> Tensor:
    """Overwrite with numbers uniform on [from, to): `uniform_(from=0, to=1, *, generator=None)`.

    Args:
        args, kwargs: `from` and `to` ("from" is a word of Python, so it cannot be written as a keyword).
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        this tensor. The gradient that reaches what was there before is zero.

    Raises:
        RuntimeError: for bounds in the wrong order or that the dtype cannot hold. NotImplementedError for integer
            dtypes.

    >>> import mibun as torch
    >>> x = torch.empty(100).uniform_(-1, 1)
    >>> bool((x >= -1).all() and (x < 1).all())
    True
    """
    given = _bound("uniform_", ("from", "to"), args, kwargs, {"from": 0.0, "to": 1.0})
    low, high = [real_number(given[name], "uniform_", name) for name in ("from", "to")]
    source = checked_generator(generator, "uniform_")
    return _overwrite(_UNIFORM_, self, "uniform_", lambda like: uniform_array(source, like, low, high))


def _bound(function: str, names: tuple, args: tuple, kwargs: dict, defaults: dict) -> dict:
    """Sort arguments by names, some of which are Python's keywords."""
    if len(args) > len(names):
        raise TypeError(f"{function}() takes at most {len(names)} positional arguments but {len(args)} were given")
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        if name in given:
            raise TypeError(f"{function}() got multiple values for argument '{name}'")
        given[name] = value
    return {**defaults, **given}


@public("normal_", function=False)
def normal_(self: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with normal numbers: `mean + std * z`, z standard normal.

    Args:
        mean, std: numbers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Returns:
        this tensor. The gradient that reaches what was there before is zero.

    Raises:
        RuntimeError: for a negative std. NotImplementedError for integer dtypes.

    >>> import mibun as torch
    >>> torch.empty(2).normal_(generator=torch.Generator().manual_seed(0))
    tensor([ 1.5410, -0.2934])
    """
    mean, std = real_number(mean, "normal_", "mean"), real_number(std, "normal_", "std")
    source = checked_generator(generator, "normal_")
    return _overwrite(_NORMAL_, self, "normal_", lambda like: normal_array(source, like, mean, std))


@public("random_", function=False)
def random_(self: Tensor, *args: int | None, generator: Generator | None = None, **kwargs: int | None) -> Tensor:
    """Overwrite with integers, all equally likely.

    Args:
        args, kwargs: `from` and `to`: integers from `from` to `to - 1`; `to` alone: from 0; none: all from 0 that the
            dtype holds. (`from` is a word of Python, so it cannot be written as a keyword.)
        generator: the source of random numbers, by default the one that `manual_seed` seeds.

    Raises:
        RuntimeError: for an empty range and for bounds outside of the dtype's; those of floating dtypes only warn.

    >>> import mibun as torch
    >>> torch.empty(3).random_(7, 8)
    tensor([7., 7., 7.])
    """
    names = ("to",) if len(args) == 1 and "to" not in kwargs else ("from", "to")
    given = _bound("random_", names if "from" not in kwargs else ("from", "to"), args, kwargs, {})
    source = checked_generator(generator, "random_")
    if not given:
        return _overwrite(_RANDOM_[2], self, "random_", lambda like: any_integers_array(source, like))
    if "to" not in given or (given["to"] is None and "from" not in given):
        raise TypeError("random_() received an invalid combination of arguments: give none, (to), or (from, to)")
    low = whole(given.get("from", 0), "random_", "from")
    high = range_of(self.dtype)[1] + 1 if given["to"] is None else whole(given["to"], "random_", "to")
    record = _RANDOM_[0 if "from" in given else 1]
    return _overwrite(record, self, "random_", lambda like: integers_array(source, like, low, high))


@op(
    name="bernoulli_tensor_",
    node="BernoulliBackward1",
    dtype=None,
    vjp={
        "input": lambda xp, g: xp.zeros_like(g),
        "p": lambda xp, g: xp.zeros_like(g),
    },
    jvp={"input": lambda xp, t: xp.zeros_like(t), "p": lambda xp, t: xp.zeros_like(t)},
)
def _bernoulli_tensor_(xp, input, p, *, generator):
    if not MODE.get().transforms:
        return bernoulli_any_array(generator, input, p)
    levels, sizes = axes_of_examples(OVERWRITTEN, getattr(input, "levels", ()), getattr(p, "levels", ()))
    like = np.empty((*sizes, *input.shape), input.dtype)
    numbers = bernoulli_any_array(generator, like, physical(p, levels, input.ndim))
    return Batched(numbers, levels) if levels else numbers


@public("bernoulli_", function=False)
def bernoulli_(self: Tensor, p: Tensor | float = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with ones, with probability p, and zeros.

    p: a number, or a Tensor of probabilities that broadcasts to this one. RuntimeError where one is not in [0, 1].

    >>> import mibun as torch
    >>> torch.empty(3).bernoulli_(1.0)
    tensor([1., 1., 1.])
    """
    source = checked_generator(generator, "bernoulli_")
    if isinstance(p, Tensor):
        shape, own = p._array_.shape, self._array_.shape
        fits = len(shape) <= len(own) and all(a in (1, b) for a, b in zip(shape[::-1], own[::-1], strict=False))
        if not fits:
            raise RuntimeError(
                f"The expanded size of the tensor must match the existing size: p of shape {list(shape)} does not "
                f"expand to {list(own)}"
            )
        return apply_inplace(_bernoulli_tensor_, (self, p), {"generator": source}, "bernoulli_")
    p = real_number(p, "bernoulli_", "p")
    return _overwrite(_BERNOULLI_, self, "bernoulli_", lambda like: bernoulli_any_array(source, like, p))


def _continuous(like: Array, name: str) -> None:
    dtype = from_numpy_dtype(like.dtype)
    if dtype.category != 2:
        raise RuntimeError(
            f"{name} distribution is a continuous probability distribution. dtype must be a floating point but you "
            f"specified {dtype.scalar_name}"
        )


def _positive(value: float, function: str, name: str) -> None:
    if not value > 0:
        raise RuntimeError(f"{function} expects {name} > 0.0, but found {name}={value:g}")


@public("exponential_", function=False)
def exponential_(self: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with exponential numbers, of density `lambd exp(-lambd x)`. RuntimeError unless `lambd` is positive."""
    rate = real_number(lambd, "exponential_", "lambd")
    source = checked_generator(generator, "exponential_")

    def sample(like: Array) -> Array:
        _continuous(like, "Exponential")
        _positive(rate, "exponential_", "lambda")
        return arranged(like, lambda n: draws.exponential(source, n, rate)).astype(like.dtype)

    return _overwrite(_EXPONENTIAL_, self, "exponential_", sample)


@public("cauchy_", function=False)
def cauchy_(self: Tensor, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with Cauchy numbers, of density `sigma / (pi ((x - median)² + sigma²))`. RuntimeError unless sigma is
    positive."""
    median, sigma = real_number(median, "cauchy_", "median"), real_number(sigma, "cauchy_", "sigma")
    source = checked_generator(generator, "cauchy_")

    def sample(like: Array) -> Array:
        _positive(sigma, "cauchy_", "sigma")
        _continuous(like, "Cauchy")
        return arranged(like, lambda n: draws.cauchy(source, n, median, sigma)).astype(like.dtype)

    return _overwrite(_CAUCHY_, self, "cauchy_", sample)


@public("log_normal_", function=False)
def log_normal_(self: Tensor, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with exp of normal numbers of this mean and standard deviation. RuntimeError unless `std` is
    positive."""
    mean, std = real_number(mean, "log_normal_", "mean"), real_number(std, "log_normal_", "std")
    source = checked_generator(generator, "log_normal_")

    def sample(like: Array) -> Array:
        _positive(std, "log_normal_", "std")
        if like.dtype.kind not in "fV":
            refuse(like.dtype, "log_normal_cpu")
        wide = np.dtype(np.float64)
        with np.errstate(over="ignore"):
            return arranged(like, lambda n: np.exp(draws.normal(source, n, wide, mean, std, contiguous=False))).astype(
                like.dtype
            )

    return _overwrite(_LOG_NORMAL_, self, "log_normal_", sample)


@public("geometric_", function=False)
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Overwrite with the number of trials up to the first success, of probability p. RuntimeError unless 0 < p < 1."""
    p = real_number(p, "geometric_", "p")
    source = checked_generator(generator, "geometric_")

    def sample(like: Array) -> Array:
        if not 0 < p < 1:
            raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
        if like.dtype.kind in "bc":
            refuse(like.dtype, "geometric_cpu")
        return arranged(like, lambda n: draws.geometric(source, n, p)).astype(like.dtype)

    return _overwrite(_GEOMETRIC_, self, "geometric_", sample)
