"""Random tensors: `rand`, `randn`, `randint`, `randperm`, `normal`, `bernoulli`, `multinomial`, `poisson`.

What is drawn does not depend on a tensor's values, so the derivatives here are zero. A tensor that is not contiguous is
filled in the order of its memory, as PyTorch does; how words become numbers is in `_draws.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.dtypes import from_numpy_dtype
from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor, wrap
from ...core.views import own_array
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import op
from ...dispatch.inplace import write_out
from ...dispatch.public import public
from ..creation.options import check_options, empty_array_like, give, made, sizes, target_dtype
from . import draws as _draws
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


def _new_from(name: str, doc: str, sample: Callable[[Any, Any], Any]) -> None:
    """Register a function of sizes, and its `_like`."""

    def function(
        *size: Any,
        generator: Any = None,
        out: Any = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        **keywords: Any,
    ) -> Any:
        check_options(name, layout, device, pin_memory)
        source = checked_generator(generator, name)
        like = np.empty(sizes(size, keywords, name), target_dtype(out, dtype, None, name).np)
        if out is not None and out._array_.shape == like.shape:
            like = own_array(out)
        return give(sample(source, like), out, requires_grad, name)

    def function_like(
        input: Any,
        *,
        generator: Any = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        memory_format: Any = None,
    ) -> Any:
        check_options(name + "_like", layout, device, pin_memory)
        like = empty_array_like(input, name + "_like", dtype, memory_format)
        return made(sample(checked_generator(generator, name + "_like"), like), requires_grad)

    for public_name, made_function in ((name, function), (name + "_like", function_like)):
        made_function.__name__ = made_function.__qualname__ = public_name
        FUNCTIONS[public_name] = made_function
    function.__doc__ = f"{doc}: `{name}(2, 3)` or `{name}((2, 3))`, of the default dtype."
    function_like.__doc__ = f"{doc}, of the shape and dtype of `input`."


_new_from("rand", "Numbers uniform on [0, 1)", lambda generator, like: uniform_array(generator, like, 0.0, 1.0))
_new_from("randn", "Standard normal numbers", lambda generator, like: normal_array(generator, like, 0.0, 1.0))


def _bounds(function: str, args: tuple, kwargs: dict, names: tuple) -> tuple:
    """`(high, *rest)` or `(low, high, *rest)`, each also by keyword, in the order (low, high, *rest)."""
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
    *args: Any,
    generator: Any = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **kwargs: Any,
) -> Any:
    """Integers from low (0) to high - 1: `randint(high, size)` or `randint(low, high, size)`, of int64.

    RuntimeError for an empty range, or one outside of the dtype's.

    >>> import mibun as torch
    >>> torch.randint(0, 10, (4,), generator=torch.Generator().manual_seed(0))
    tensor([4, 9, 3, 0])
    """
    check_options("randint", layout, device, pin_memory)
    low, high, size = _bounds("randint", args, kwargs, ("size",))
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"randint(): argument 'size' must be tuple of ints, not {type(size).__name__}")
    source = checked_generator(generator, "randint")
    like = np.empty(sizes((size,), {}, "randint"), target_dtype(out, dtype, dtypes.int64, "randint").np)
    return give(integers_array(source, like, low, high), out, requires_grad, "randint")


@public("randint_like", method=False)
def randint_like(
    input: Any,
    *args: Any,
    generator: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
    **kwargs: Any,
) -> Any:
    """Integers from low (0) to high - 1, in the shape and dtype of `input`: `randint_like(input, high)` or with low."""
    check_options("randint_like", layout, device, pin_memory)
    low, high = _bounds("randint_like", args, kwargs, ())
    like = empty_array_like(input, "randint_like", dtype, memory_format)
    return made(integers_array(checked_generator(generator, "randint_like"), like, low, high), requires_grad)


@public("randperm", method=False)
def randperm(
    n: Any,
    *,
    generator: Any = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:
    """The numbers from 0 to n - 1 in random order, of int64. RuntimeError where the dtype cannot hold them."""
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
    order = _draws.permutation(checked_generator(generator, "randperm"), count)
    return give(order.astype(target.np, copy=False), out, requires_grad, "randperm")


# --- of distributions whose parameters are tensors ---

_ZERO = {"vjp": lambda xp, g: xp.zeros_like(g), "jvp": lambda xp, t: xp.zeros_like(t)}


@op(name="normal_mean", node="NormalBackward1", dtype=None, **_ZERO)
def _normal_mean(xp, mean, *, std, generator):
    return normal_array(generator, np.empty(mean.shape, mean.dtype), 0.0, std) + mean


@op(name="normal_std", node="NormalBackward2", dtype=None, **_ZERO)
def _normal_std(xp, std, *, mean, generator):
    return normal_array(generator, np.empty(std.shape, std.dtype), 0.0, 1.0) * std + std.dtype.type(mean)


@op(
    name="normal_both",
    node="NormalBackward3",
    dtype=None,
    vjp={"mean": _ZERO["vjp"], "std": _ZERO["vjp"]},
    jvp={"mean": _ZERO["jvp"], "std": _ZERO["jvp"]},
)
def _normal_both(xp, mean, std, *, generator):
    like = np.empty(np.broadcast_shapes(mean.shape, std.shape), mean.dtype)
    return (normal_array(generator, like, 0.0, 1.0) * std + mean).astype(mean.dtype, copy=False)


@public("normal", method=False)
def normal(
    mean: Any = 0.0,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Any = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:
    """Normal numbers: `normal(mean, std)` of Tensors (one may be a number), `normal(mean, std, size)` of numbers.

    mean, std broadcast; the result is of the dtype of the first Tensor. RuntimeError where a std is negative,
    NotImplementedError for integer dtypes.
    """
    source = checked_generator(generator, "normal")
    check_options("normal", layout, device, pin_memory)
    tensors = [isinstance(value, Tensor) for value in (mean, std)]
    if size is not None or not any(tensors):
        if not isinstance(size, (tuple, list)):
            got = ", ".join(type(value).__name__ for value in (mean, std, size) if value is not None)
            raise TypeError(
                f"normal() received an invalid combination of arguments - got ({got}), but expected one of: (Tensor "
                "mean, Tensor std), (Tensor mean, float std=1), (float mean, Tensor std), (float mean, float std, "
                "tuple of ints size)"
            )
        like = np.empty(sizes((size,), {}, "normal"), target_dtype(out, dtype, None, "normal").np)
        numbers = normal_array(source, like, real_number(mean, "normal", "mean"), real_number(std, "normal", "std"))
        return give(numbers, out, requires_grad, "normal")
    if tensors[1]:
        if std._array_.dtype.kind == "c":
            raise RuntimeError("normal expects standard deviation to be non-complex")
        if std._array_.size and not (std._array_ >= 0).all():
            raise RuntimeError("normal expects all elements of std >= 0.0")
    for value in (mean, std):
        if isinstance(value, Tensor):
            real_dtype(value._array_.dtype, "normal_kernel_cpu")
    if not tensors[1]:
        result = apply(_normal_mean, (mean,), {"std": real_number(std, "normal", "std"), "generator": source})
    elif not tensors[0]:
        result = apply(_normal_std, (std,), {"mean": real_number(mean, "normal", "mean"), "generator": source})
    else:
        check_broadcast([mean._array_.shape, std._array_.shape])
        result = apply(_normal_both, (mean, std), {"generator": source})
    return result if out is None else write_out(out, result, "normal")


@op(name="bernoulli", node="BernoulliBackward0", dtype=None, **_ZERO)
def _bernoulli_of(xp, input, *, p, generator):
    return bernoulli_any_array(generator, np.empty(input.shape, input.dtype), input if p is None else p)


def _like(array: Any) -> Any:
    return np.empty((), array.dtype) if isinstance(array, np.generic) else np.empty_like(array)


@public("bernoulli")
def bernoulli(input: Any, p: Any = None, *, generator: Any = None, out: Any = None) -> Any:
    """Ones, with the probabilities that `input` holds, and zeros; with a number p, that probability everywhere.

    The gradient is zero. RuntimeError where a probability is not in [0, 1]; NotImplementedError for integers.
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
    like = _like(input)
    order = sorted(range(like.ndim), key=lambda dim: -like.strides[dim])
    rates = np.asarray(input).transpose(order).reshape(-1).astype(np.float64)
    return arranged(like, lambda n: _draws.poisson(generator, rates)).astype(input.dtype)


@public("poisson", method=False)
def poisson(input: Any, generator: Any = None) -> Any:
    """Poisson numbers of the rates that `input` holds. The gradient is zero. RuntimeError where a rate is negative."""
    check_tensor(input, "poisson")
    return apply(_poisson, (input,), {"generator": checked_generator(generator, "poisson")})


@public("multinomial")
def multinomial(
    input: Any, num_samples: Any, replacement: bool = False, *, generator: Any = None, out: Any = None
) -> Any:
    """Indices drawn with the probabilities that `input` holds (they need not sum to 1): int64.

    input: shape (categories,) or (rows, categories). Result: (num_samples,) or (rows, num_samples). Without replacement
    no index is drawn twice in a row. RuntimeError for negative, infinite, NaN or all-zero probabilities.
    """
    check_tensor(input, "multinomial")
    array, count = np.asarray(input._array_), whole(num_samples, "multinomial", "num_samples")
    source = checked_generator(generator, "multinomial")
    _check_multinomial(array, count, replacement, out)
    if array.size == 0:
        chosen = np.zeros((*array.shape[:-1], count), np.int64)
    elif not replacement or count == 1:
        # The category with the greatest p/e, e exponential, is drawn with probability p (and so on without it).
        waits = arranged(array, lambda n: _draws.exponential(source, n, 1.0)).astype(array.dtype)
        race = array / waits
        if count == 1:
            chosen = np.argmax(race, axis=-1, keepdims=True)
        else:
            chosen = np.argsort(-race, axis=-1, kind="stable")[..., :count].copy()
    else:
        rows = np.cumsum(array.reshape(-1, array.shape[-1]), axis=1)
        uniforms = _draws.unit64(source, len(rows) * count).reshape(-1, count)
        rows = rows / rows[:, -1:]
        rows[:, -1] = 1
        chosen = np.stack([np.searchsorted(row, u) for row, u in zip(rows, uniforms, strict=True)])
        chosen = chosen.reshape(*array.shape[:-1], count)
    result = wrap(chosen.astype(np.int64, copy=False))
    return result if out is None else write_out(out, result, "multinomial")


def _check_multinomial(array: Any, count: int, replacement: bool, out: Any) -> None:
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
    if not (np.isfinite(array) & (array >= 0)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if array.size and not (array.sum(axis=-1) > 0).all():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
