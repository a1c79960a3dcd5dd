"""Random tensors: `rand`, `randn`, `randint`, `randperm`, `normal`, `bernoulli`, `multinomial`, `poisson`.

What is drawn does not depend on a tensor's values, so the derivatives here are zero. A tensor that is not contiguous is
filled in the order of its memory, as PyTorch does; how words become numbers is in `draws.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod

import numpy as np

from ...core import dtypes
from ...core.batching import all_values
from ...core.device import device
from ...core.dtypes import dtype, from_numpy_dtype, layout, memory_format
from ...core.registry import Array, is_numpys
from ...core.tensor import Tensor, wrap
from ...core.views import own_array
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import op
from ...dispatch.inplace import write_out
from ...dispatch.public import public
from ...xp.numpy.order import first_in_order
from ..creation.options import check_options, empty_array_like, give, made, on_device, sizes, target_dtype
from . import draws
from .examples import drawn, drawn_of
from .generator import Generator
from .samples import (
    WHOLE,
    arranged,
    bernoulli_any_array,
    checked_generator,
    integers_array,
    normal_array,
    range_of,
    real_dtype,
    real_number,
    refuse,
    uniform_array,
)

# --- new tensors ---


def _array_for(
    args: tuple, size: Sequence[int] | None, out: Tensor | None, dtype: dtype | None, function: str
) -> Array:
    """An array of the shape and dtype asked for; that of `out` where it fits, whose memory may lie in another order."""
    like = np.empty(
        sizes(args, {} if size is None else {"size": size}, function), target_dtype(out, dtype, None, function).np
    )
    fits = out is not None and out._array_.shape == like.shape and is_numpys(type(out._array_))
    return own_array(out) if fits else like


@public("rand", method=False)
def rand(
    *args: int | Sequence[int],
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers uniform on [0, 1): `rand(2, 3)`, `rand((2, 3))` or `rand(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (both parts are drawn), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. For a given seed the
    numbers are PyTorch's: the lower 24 bits of a word of the Mersenne Twister each, 53 of two words in float64.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(2, 2)
    tensor([[0.4963, 0.7682],
            [0.0885, 0.1320]])
    """
    check_options("rand", layout, device, pin_memory)
    source = checked_generator(generator, "rand")
    like = _array_for(args, size, out, dtype, "rand")
    return give(drawn(like, lambda like: uniform_array(source, like, 0.0, 1.0)), out, requires_grad, "rand")


@public("rand_like", method=False)
def rand_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Numbers uniform on [0, 1), of the shape and dtype of `input` (or of another dtype): see `rand`."""
    check_options("rand_like", layout, device, pin_memory)
    input = on_device(input, device)
    like = empty_array_like(input, "rand_like", dtype, memory_format)
    source = checked_generator(generator, "rand_like")
    return made(drawn(like, lambda like: uniform_array(source, like, 0.0, 1.0)), requires_grad, input)


@public("randn", method=False)
def randn(
    *args: int | Sequence[int],
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Standard normal numbers, of mean 0 and variance 1: `randn(2, 3)`, `randn((2, 3))` or `randn(size=(2, 3))`.

    Args:
        args, size: the sizes of the result, as ints or one sequence.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: floating or complex (each part has variance 1/2 then), by default the default dtype.

    Raises: RuntimeError for a negative size, NotImplementedError for bool and integer dtypes. Source: Box and Muller,
    "A note on the generation of random normal deviates" (1958), from uniform numbers in PyTorch's order.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(3)
    tensor([ 1.5410, -0.2934, -2.1788])
    """
    check_options("randn", layout, device, pin_memory)
    source = checked_generator(generator, "randn")
    like = _array_for(args, size, out, dtype, "randn")
    return give(drawn(like, lambda like: normal_array(source, like, 0.0, 1.0)), out, requires_grad, "randn")


@public("randn_like", method=False)
def randn_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Standard normal numbers, of the shape and dtype of `input` (or of another dtype): see `randn`."""
    check_options("randn_like", layout, device, pin_memory)
    input = on_device(input, device)
    like = empty_array_like(input, "randn_like", dtype, memory_format)
    source = checked_generator(generator, "randn_like")
    return made(drawn(like, lambda like: normal_array(source, like, 0.0, 1.0)), requires_grad, input)


def _bounds(function: str, args: tuple, kwargs: dict, names: tuple) -> tuple:
    """`(high, *rest)` or `(low, high, *rest)`, each also by keyword, in the order (low, high, *rest)."""
    kwargs = {name: value for name, value in kwargs.items() if value is not None}
    short = ("high", *names)
    order = ("low", *short) if len(args) + len(kwargs) > len(short) or "low" in kwargs else short
    given = dict(zip(order, args, strict=False))
    if len(args) > len(order) or set(given) & set(kwargs) or {*given, *kwargs} != set(order):
        got = [type(a).__name__ for a in args] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()]
        rest = "".join(", " + name for name in names)
        raise TypeError(
            f"{function}() received an invalid combination of arguments - got ({', '.join(got)}), but expected one of: "
            f"(int high{rest}), (int low, int high{rest})"
        )
    given.update(kwargs)
    ends = []
    for argument in ("low", "high"):
        try:
            ends.append(whole(given.get(argument, 0), function, argument))
        except TypeError:
            position = order.index(argument) + 1
            raise TypeError(
                f"{function}(): argument '{argument}' (position {position}) must be int, not "
                f"{type(given[argument]).__name__}"
            ) from None
        if not -(2**63) <= ends[-1] < 2**63:
            raise ValueError(f"Overflow when unpacking long long: {argument}={ends[-1]} does not fit in 64 bits")
    return (*ends, *[given[name] for name in names])


@public("randint", method=False)
def randint(
    *args: int | Sequence[int],
    low: int | None = None,
    high: int | None = None,
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Integers from low to high - 1, all equally likely: `randint(high, size)` or `randint(low, high, size)`.

    Args:
        args: (high, size) or (low, high, size), which may be given by name as well.
        low: the smallest, by default 0.
        high: one more than the largest.
        size: the shape of the result.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: by default int64.

    Raises:
        RuntimeError: for an empty range, or one outside of the dtype's. TypeError for other combinations of arguments.

    >>> import mibun as torch
    >>> torch.randint(0, 10, (4,), generator=torch.Generator().manual_seed(0))
    tensor([4, 9, 3, 0])
    """
    check_options("randint", layout, device, pin_memory)
    first, last, shape = _bounds("randint", args, {"low": low, "high": high, "size": size}, ("size",))
    if not isinstance(shape, (tuple, list)):
        raise TypeError(f"randint(): argument 'size' must be tuple of ints, not {type(shape).__name__}")
    source = checked_generator(generator, "randint")
    like = np.empty(sizes((shape,), {}, "randint"), target_dtype(out, dtype, dtypes.int64, "randint").np)
    return give(drawn(like, lambda like: integers_array(source, like, first, last)), out, requires_grad, "randint")


@public("randint_like", method=False)
def randint_like(
    input: Tensor,
    *args: int,
    low: int | None = None,
    high: int | None = None,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Integers from low (0) to high - 1, in the shape and dtype of `input`: `randint_like(input, high)` or with low."""
    check_options("randint_like", layout, device, pin_memory)
    first, last = _bounds("randint_like", args, {"low": low, "high": high}, ())
    input = on_device(input, device)
    like = empty_array_like(input, "randint_like", dtype, memory_format)
    source = checked_generator(generator, "randint_like")
    return made(drawn(like, lambda like: integers_array(source, like, first, last)), requires_grad, input)


@public("randperm", method=False)
def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from 0 to n - 1 in random order.

    Args:
        n: how many, not negative.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: by default int64.

    Returns:
        (n,).

    Raises:
        RuntimeError: for a negative n, and where the dtype cannot hold the numbers.

    Source: the shuffle of Fisher and Yates (1938), from the front, as PyTorch does it.

    >>> import mibun as torch
    >>> torch.randperm(4, generator=torch.Generator().manual_seed(0))
    tensor([0, 1, 3, 2])
    """
    check_options("randperm", layout, device, pin_memory)
    try:
        count = whole(n, "randperm", "n")
    except TypeError:
        raise TypeError(f"randperm(): argument 'n' (position 1) must be int, not {type(n).__name__}") from None
    if count < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {count}: [{count}]")
    target = target_dtype(out, dtype, dtypes.int64, "randperm")
    if target.category not in (1, 2):
        refuse(target.np, "randperm")
    if target.category == 2 and count > WHOLE[target.name] + 1:
        raise RuntimeError(
            f"n cannot be greater than {WHOLE[target.name] + 1} for {target.scalar_name} type: {count} was given"
        )
    if target.category == 1 and count > range_of(target)[1]:
        raise RuntimeError(
            f"value cannot be converted to type {target.cpp_alias} without overflow: n={count} does not fit in {target}"
        )
    if requires_grad:
        made(np.empty(0, target.np), True)
    source = checked_generator(generator, "randperm")

    shuffled = partial(_permutations, source, count, target)
    return give(drawn(np.empty(count, target.np), shuffled), out, requires_grad, "randperm")


def _permutations(source: Generator, count: int, target: dtype, like: Array) -> Array:
    """A permutation for each of the places that `like` has, which come before its last axis."""
    hidden = like.shape[:-1]  # of which PyTorch takes the last, that of the innermost vmap, for the outermost loop
    rows = np.array([draws.permutation(source, count) for _ in range(prod(hidden))], target.np)
    return rows.reshape((*hidden[::-1], count)).transpose((*range(len(hidden))[::-1], len(hidden)))


# --- of distributions whose parameters are tensors ---

_ZERO = {"vjp": lambda xp, g: xp.zeros_like(g), "jvp": lambda xp, t: xp.zeros_like(t)}


@op(name="normal_mean", node="NormalBackward1", dtype=None, **_ZERO)
def _normal_mean(xp, mean, *, std, generator):
    return drawn_of((mean,), lambda mean: normal_array(generator, np.empty(mean.shape, mean.dtype), 0.0, std) + mean)


@op(name="normal_std", node="NormalBackward2", dtype=None, **_ZERO)
def _normal_std(xp, std, *, mean, generator):
    return drawn_of(
        (std,),
        lambda std: normal_array(generator, np.empty(std.shape, std.dtype), 0.0, 1.0) * std + std.dtype.type(mean),
    )


@op(
    name="normal_both",
    node="NormalBackward3",
    dtype=None,
    vjp={"mean": _ZERO["vjp"], "std": _ZERO["vjp"]},
    jvp={"mean": _ZERO["jvp"], "std": _ZERO["jvp"]},
)
def _normal_both(xp, mean, std, *, generator):
    def sample(mean: Array, std: Array) -> Array:
        like = np.empty(np.broadcast_shapes(mean.shape, std.shape), mean.dtype)
        return (normal_array(generator, like, 0.0, 1.0) * std + mean).astype(mean.dtype, copy=False)

    return drawn_of((mean, std), sample)


@public("normal", method=False)
def normal(
    mean: Tensor | float = 0.0,
    std: Tensor | float = 1.0,
    size: Sequence[int] | None = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Normal numbers of these means and standard deviations: `mean + std * z`, z standard normal.

    Args:
        mean, std: Tensors, which broadcast, or numbers; with numbers for both, `size` must be given.
        size: the shape of the result, for numbers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the numbers into.
        dtype: for numbers, by default the default dtype.

    Returns:
        a tensor of the dtype of the first Tensor. Gradients are zero: what is drawn does not depend on the values.

    Raises:
        RuntimeError: where a std is negative. NotImplementedError for integer dtypes, TypeError for other combinations.

    >>> import mibun as torch
    >>> torch.normal(torch.zeros(2, 3), 1.0).shape
    torch.Size([2, 3])
    """
    source = checked_generator(generator, "normal")
    check_options("normal", layout, device, pin_memory)
    if size is not None or not (isinstance(mean, Tensor) or isinstance(std, Tensor)):
        if not isinstance(size, (tuple, list)):
            got = ", ".join(type(value).__name__ for value in (mean, std, size) if value is not None)
            raise TypeError(
                f"normal() received an invalid combination of arguments - got ({got}), but expected one of: (Tensor "
                "mean, Tensor std), (Tensor mean, float std=1), (float mean, Tensor std), (float mean, float std, "
                "tuple of ints size)"
            )
        like = np.empty(sizes((size,), {}, "normal"), target_dtype(out, dtype, None, "normal").np)
        center, width = real_number(mean, "normal", "mean"), real_number(std, "normal", "std")
        numbers = drawn(like, lambda like: normal_array(source, like, center, width))
        return give(numbers, out, requires_grad, "normal")
    if isinstance(std, Tensor):
        if std._array_.dtype.kind == "c":
            raise RuntimeError("normal expects standard deviation to be non-complex")
        if std._array_.size and not (std._array_ >= 0).all():
            raise RuntimeError("normal expects all elements of std >= 0.0")
    for value in (mean, std):
        if isinstance(value, Tensor):
            real_dtype(value._array_.dtype, "normal_kernel_cpu")
    if not isinstance(std, Tensor):
        result = apply(_normal_mean, (mean,), {"std": real_number(std, "normal", "std"), "generator": source})
    elif not isinstance(mean, Tensor):
        result = apply(_normal_std, (std,), {"mean": real_number(mean, "normal", "mean"), "generator": source})
    else:
        check_broadcast([mean._array_.shape, std._array_.shape])
        result = apply(_normal_both, (mean, std), {"generator": source})
    return result if out is None else write_out(out, result, "normal")


@op(name="bernoulli", node="BernoulliBackward0", dtype=None, **_ZERO)
def _bernoulli_of(xp, input, *, p, generator):
    def sample(input: Array) -> Array:
        return bernoulli_any_array(generator, np.empty(input.shape, input.dtype), input if p is None else p)

    return drawn_of((input,), sample)


@public("bernoulli")
def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor:
    """Ones, with the probabilities that `input` holds, and zeros, of its shape and dtype.

    Args:
        input: probabilities, floating.
        p: one probability for all in their place; the input then may be of integers.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: a tensor to write the result into.

    Raises:
        RuntimeError: where a probability is not in [0, 1]. NotImplementedError for integer probabilities.

    The gradient is zero.

    >>> import mibun as torch
    >>> torch.bernoulli(torch.tensor([0., 1., 1.]))
    tensor([0., 1., 1.])
    """
    check_tensor(input, "bernoulli")
    p = None if p is None else real_number(p, "bernoulli", "p")
    result = apply(_bernoulli_of, (input,), {"p": p, "generator": checked_generator(generator, "bernoulli")})
    return result if out is None else write_out(out, result.to(out.dtype), "bernoulli")


@op(name="poisson", node="PoissonBackward0", dtype=None, **_ZERO)
def _poisson(xp, input, *, generator):
    if input.dtype.kind not in "fV":
        refuse(input.dtype, "poisson_cpu")
    if not (input >= 0).all():
        raise RuntimeError(
            "invalid Poisson rate, expected rate to be non-negative, but the input has one that is negative or NaN"
        )

    def sample(input: Array) -> Array:
        rates = np.asarray(input).astype(np.float64)
        return draws.poisson(generator, rates.reshape(-1)).reshape(rates.shape).astype(input.dtype)

    return drawn_of((input,), sample)


@public("poisson", method=False)
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Poisson numbers of the rates that `input` holds, of its shape and dtype. The gradient is zero.

    RuntimeError where a rate is negative, NotImplementedError for integers. Source: Knuth for rates below 10, else
    Hörmann, "The transformed rejection method for generating Poisson random variables" (1993).

    >>> import mibun as torch
    >>> torch.poisson(torch.zeros(3))
    tensor([0., 0., 0.])
    """
    check_tensor(input, "poisson")
    return apply(_poisson, (input,), {"generator": checked_generator(generator, "poisson")})


@public("multinomial")
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices of categories, drawn with the probabilities that `input` holds.

    Args:
        input: (categories,) or (rows, categories), floating, not negative; a row need not sum to 1.
        num_samples: how many are drawn for each row.
        replacement: whether one category may be drawn twice in a row.
        generator: the source of random numbers, by default the one that `manual_seed` seeds.
        out: an int64 tensor to write the indices into.

    Returns:
        int64, (num_samples,) or (rows, num_samples).

    Raises:
        RuntimeError: for negative, infinite, NaN or all-zero probabilities, and where without replacement there are too
            few.

    >>> import mibun as torch
    >>> torch.multinomial(torch.tensor([0., 3., 0.]), 4, replacement=True)
    tensor([1, 1, 1, 1])
    """
    check_tensor(input, "multinomial")
    array, count = input._array_, whole(num_samples, "multinomial", "num_samples")
    source = checked_generator(generator, "multinomial")
    _check_multinomial(array, count, replacement, out)
    result = wrap(drawn_of((array,), lambda array: _categories(source, np.asarray(array), count, replacement)))
    return result if out is None else write_out(out, result, "multinomial")


def _categories(generator: Generator, array: Array, count: int, replacement: bool) -> Array:
    """`count` indices for each row of probabilities."""
    if array.size == 0:
        chosen = np.zeros((*array.shape[:-1], count), np.int64)
    elif not replacement or count == 1:
        # The category with the greatest p/e, e exponential, is drawn with probability p (and so on without it).
        waits = arranged(array, lambda n: draws.exponential(generator, n, 1.0)).astype(array.dtype)
        race = array / waits
        if count == 1:
            chosen = np.argmax(race, axis=-1, keepdims=True)
        else:
            chosen = first_in_order(race, count, race.ndim - 1, True).copy()
    else:
        rows = np.cumsum(array.reshape(-1, array.shape[-1]), axis=1)
        uniforms = draws.unit64(generator, len(rows) * count).reshape(-1, count)
        rows = rows / rows[:, -1:]
        rows[:, -1] = 1
        chosen = np.stack([np.searchsorted(row, u) for row, u in zip(rows, uniforms, strict=True)])
        chosen = chosen.reshape(*array.shape[:-1], count)
    return chosen.astype(np.int64, copy=False)


def _check_multinomial(array: Array, count: int, replacement: bool, out: Tensor | None) -> None:
    dtype = from_numpy_dtype(array.dtype)
    if out is not None and out.dtype is not dtypes.int64:
        raise RuntimeError(f"multinomial expects Long tensor out, got: {out.dtype.scalar_name}")
    if array.ndim not in (1, 2):
        raise RuntimeError(f"prob_dist must be 1 or 2 dim, but it has {array.ndim} dimensions")
    if dtype.category != 2:
        raise RuntimeError(f"multinomial only supports floating-point dtypes for input, got: {dtype.scalar_name}")
    if count <= 0:
        raise RuntimeError(f"cannot sample n_sample <= 0 samples, but num_samples is {count}")
    if not replacement and count > array.shape[-1]:
        raise RuntimeError(
            f"cannot sample n_sample > prob_dist.size(-1) samples without replacement: {count} samples of "
            f"{array.shape[-1]} categories"
        )
    array = all_values(array)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if array.size and not (array.sum(axis=-1) > 0).all():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
