"""Random numbers for a whole array: the arguments checked, the numbers drawn in the order of the array's memory.

These serve the functions that make random tensors (`sampling.py`), the methods that overwrite one
(`sampling_inplace.py`) and dropout. All checks come before the first number is drawn.
"""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from ...core import dtypes
from ...core.dtypes import dtype, from_numpy_dtype
from ...core.meta import MetaArray
from ...core.registry import Array
from ...core.site import stacklevel
from ...xp.numpy.memory import repeats
from ..creation.options import plain_number
from . import draws
from .generator import Generator, default_generator

Draw = Callable[[int], Array]


def checked_generator(generator: Generator | None, function: str) -> Generator:
    """The generator to draw from: the default one where none is given. TypeError for anything else."""
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise TypeError(f"{function}(): argument 'generator' must be torch.Generator, not {type(generator).__name__}")
    return generator


def _contiguous(like: Array) -> bool:
    return isinstance(like, np.generic) or like.flags.c_contiguous


def arranged(like: Array, draw: Draw) -> Array:
    """Numbers for an array, drawn in the order of its memory; where that repeats elements, in that of dimensions.

    None for one without data.
    """
    if type(like) is MetaArray:
        return like
    if _contiguous(like) or repeats(like):
        return draw(like.size).reshape(like.shape)
    order = sorted(range(like.ndim), key=lambda dim: -like.strides[dim])
    numbers = draw(like.size).reshape([like.shape[dim] for dim in order])
    return numbers.transpose(np.argsort(order))


def real_dtype(dtype: np.dtype, words: str) -> np.dtype:
    """The dtype of the real numbers to draw for a floating or complex dtype; NotImplementedError for others."""
    if dtype.kind in "biu":
        raise NotImplementedError(f"\"{words}\" not implemented for '{from_numpy_dtype(dtype).scalar_name}'")
    return {"complex64": np.dtype(np.float32), "complex128": np.dtype(np.float64)}.get(dtype.name, dtype)


# --- numbers for an array (each of these checks before it draws) ---


def uniform_array(generator: Generator, like: Array, low: float, high: float) -> Array:
    real = real_dtype(like.dtype, "check_uniform_bounds")
    limit, name = _limit(real)
    for argument, value in (("from", low), ("to", high)):
        if not -limit <= value <= limit:
            raise RuntimeError(f"{argument} is out of bounds for {name}: {value} does not fit in it")
    if low > high:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}")
    if high - low > limit:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{from_numpy_dtype(real).scalar_name}>::max(), but found "
            f"to={high:g} and from={low:g} which result in to-from to exceed the limit"
        )
    if real != like.dtype:
        return arranged(like, lambda n: draws.uniform(generator, 2 * n, real, low, high).view(like.dtype))
    return arranged(like, lambda n: draws.uniform(generator, n, real, low, high))


def _limit(real: np.dtype) -> tuple[float, str]:
    return float(dtypes.finfo(from_numpy_dtype(real)).max), from_numpy_dtype(real).cpp_name


def _check_std(std: float) -> None:
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")


def normal_array(generator: Generator, like: Array, mean: float, std: float) -> Array:
    _check_std(std)
    real = real_dtype(like.dtype, "normal_kernel_cpu")
    contiguous = _contiguous(like)
    if real != like.dtype:  # half of the variance each for the real and the imaginary part
        part = std / 2**0.5
        return arranged(like, lambda n: draws.normal(generator, 2 * n, real, mean, part, contiguous).view(like.dtype))
    return arranged(like, lambda n: draws.normal(generator, n, real, mean, std, contiguous))


def _check_probability(p: float) -> None:
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")


def bernoulli_array(like: Array, p: float, generator: Generator | None = None, function: str = "bernoulli") -> Array:
    """A raw array of bools for a raw array, True with probability p each: also what dropout keeps."""
    _check_probability(p)
    generator = checked_generator(generator, function)
    return arranged(like, lambda n: draws.unit64(generator, n) < p)


def bernoulli_any_array(generator: Generator, like: Array, p: Array) -> Array:
    """Zeros and ones in the dtype of a raw array; p: one probability (a float), or an array of them."""
    if like.dtype.kind == "c":
        words = "bernoulli_scalar_cpu_" if isinstance(p, float) else "bernoulli_tensor_cpu_self_"
        refuse(like.dtype, words)
    if isinstance(p, float):
        return bernoulli_array(like, p, generator).astype(like.dtype)
    if p.dtype.kind not in "fV":
        refuse(p.dtype, "bernoulli_tensor_cpu_p_")
    valid = (p >= 0) & (p <= 1)
    if not valid.all():
        raise RuntimeError(
            f"Expected p_in >= 0 && p_in <= 1 to be true, but got false: {p[~valid].flat[0] if p.ndim else p} is no "
            "probability"
        )
    unit = draws.unit64 if p.dtype == np.float64 else draws.unit32
    return (arranged(like, lambda n: unit(generator, n)) < p).astype(like.dtype)


def refuse(dtype: np.dtype, words: str) -> NoReturn:
    """Raise PyTorch's error for a dtype that a kernel, by its name there, does not take."""
    raise NotImplementedError(f"\"{words}\" not implemented for '{from_numpy_dtype(dtype).scalar_name}'")


WHOLE = {"float16": 2**11, "bfloat16": 2**8, "float32": 2**24, "float64": 2**53}  # integers are exact up to here


def range_of(dtype: dtype) -> tuple[int, int]:
    """The smallest and the largest integer that `random_` may draw in a dtype."""
    if dtype.category == 3:
        raise RuntimeError("check_random_bounds handles only integral, floating-point and boolean types")
    if dtype.category == 2:
        return -WHOLE[dtype.name], WHOLE[dtype.name]
    if dtype.category == 0:
        return 0, 1
    info = dtypes.iinfo(dtype)
    return info.min, info.max


def integers_array(generator: Generator, like: Array, low: int, high: int) -> Array:
    """Integers from low to high - 1."""
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    dtype = from_numpy_dtype(like.dtype)
    smallest, largest = range_of(dtype)
    for name, value in (("from", low), ("to - 1", high - 1)):
        if smallest <= value <= largest:
            continue
        if dtype.category != 2 or abs(value) > dtypes.finfo(dtype).max:
            raise RuntimeError(f"{name} is out of bounds for {dtype.cpp_name}: {value} does not fit in {dtype}")
        digits = largest.bit_length() - 1
        warnings.warn(
            f"{name} is out of bounds [-(2^{digits}), 2^{digits}]. Due to precision limitations "
            f"{dtype.cpp_name} can support discrete uniform distribution only within this range. This warning "
            "will become an error in version 1.7 release, please fix the code in advance",
            UserWarning,
            stacklevel=stacklevel(),
        )
    return arranged(like, lambda n: draws.integers(generator, n, low, high - low)).astype(like.dtype)


def any_integers_array(generator: Generator, like: Array) -> Array:
    """What `random_()` draws: all integers from 0 that the dtype represents."""
    dtype = from_numpy_dtype(like.dtype)
    if dtype.category == 3:
        refuse(like.dtype, "random_kernel_cpu")
    count = range_of(dtype)[1] + 1
    if count > 2**32:

        def draw(n: int) -> Array:
            return (generator.words64(n) % np.uint64(count)).astype(np.int64)

    else:

        def draw(n: int) -> Array:
            return (generator.words32(n) % np.uint32(count)).astype(np.int64)

    return arranged(like, draw).astype(like.dtype)


def real_number(value: Any, function: str, argument: str) -> float:
    number = plain_number(value, function, argument)
    if isinstance(number, complex):
        raise TypeError(f"{function}(): argument '{argument}' must be float, not complex")
    return builtins.float(number)
