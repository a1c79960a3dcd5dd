"""Writing elements by an index of full rank along a dimension: scatter, scatter_add, scatter_reduce.

Each has an in-place form. Where several values meet in one place, the last one counts, or all where they are reduced.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.registry import Array, constant_beside
from ...core.site import stacklevel
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import Op, linear, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..annotations import Number
from .gathering import check_index_bounds, check_index_dtype, lift
from .indexing import number_for

# --- the operators on full-rank indices ---


def _part(src: Array, shape: tuple[int, ...]) -> Array:
    """The part of src that an index of this shape uses."""
    return src if tuple(src.shape) == tuple(shape) else src[(*[slice(n) for n in shape], ...)]


def _put(xp: Any, input: Array, index: Array, src: Array, dim: int, how: str) -> Array:
    positions = lift(xp, index)
    result = xp.put_at(lift(xp, input), xp.along_axis(positions, dim), src, how)
    return xp.reshape(result, input.shape)


def _used(xp: Any, g: Array, index: Array, dim: int, src_shape: tuple[int, ...]) -> Array:
    """The gradient of src: what its places in the result received, zero for the part that was not used."""
    part = xp.gather_along(lift(xp, g), lift(xp, index), dim=dim)  # 0-d and of one element may meet
    if len(src_shape) == 0:
        return xp.reshape(part, ())
    if tuple(part.shape) != tuple(src_shape):
        part = xp.basic_index_embed(part, shape=src_shape, index=(*[slice(n) for n in index.shape], ...))
    return part


@op(
    linear,
    name="scatter_clear",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)},
)
def _scatter_clear(xp, input, index, *, dim):
    return _put(xp, input, index, xp.zeros((), dtype=input.dtype), dim, "set")


@op(
    linear,
    name="scatter_src",
    node="ScatterBackward0",
    dtype=None,
    constant=("index",),
    vjp={
        "input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim),
        "src": lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape),
    },
)
def _scatter(xp, input, index, src, *, dim):
    return _put(xp, input, index, _part(lift(xp, src), lift(xp, index).shape), dim, "set")


@op(
    name="scatter_value",
    node="ScatterBackward1",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)},
    jvp={"input": lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)},
)
def _scatter_value(xp, input, index, *, dim, value):
    return _put(xp, input, index, xp.full((), value, dtype=input.dtype), dim, "set")


@op(
    linear,
    name="scatter_sum",
    node="ScatterAddBackward0",
    dtype=None,
    constant=("index",),
    vjp={"input": lambda xp, g: g, "src": lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)},
)
def _scatter_add(xp, input, index, src, *, dim):
    return _put(xp, input, index, _part(lift(xp, src), lift(xp, index).shape), dim, "add")


_START = {"sum": 0, "mean": 0, "prod": 1}


_HOW = {"sum": "add", "mean": "add", "prod": "multiply", "amax": "maximum", "amin": "minimum"}


def _start(xp: Any, dtype: Array, reduce: str) -> Array:
    """What leaves the reduction of the others as it is."""
    if reduce in _START:
        return xp.full((), _START[reduce], dtype=dtype)
    if xp.isdtype(dtype, "bool"):
        return xp.full((), reduce == "amin", dtype=dtype)
    if xp.isdtype(dtype, "integral"):
        limits = xp.iinfo(dtype)
        return xp.full((), limits.min if reduce == "amax" else limits.max, dtype=dtype)
    return xp.full((), -np.inf if reduce == "amax" else np.inf, dtype=dtype)


def _counts(xp: Any, input: Array, index: Array, dim: int, include_self: bool, dtype: Array) -> Array:
    """How many values meet in each place; 1 where there are none."""
    ones = xp.full(input.shape, 1, dtype=dtype)
    if not include_self:
        ones = _put(xp, ones, index, xp.zeros((), dtype=dtype), dim, "set")
    return _put(xp, ones, index, xp.full(lift(xp, index).shape, 1, dtype=dtype), dim, "add")


@op("nondifferentiable", name="scatter_counts", dtype=None, constant=("index",))
def _scatter_counts(xp, input, index, *, dim, include_self):
    return _counts(xp, input, index, dim, include_self, input.dtype)


def reduce_vjp(xp, g, input, index, src, out, dim, reduce, include_self, needs):
    """Gradients of scatter_reduce; ties of amax and amin share evenly, as in PyTorch."""
    src_shape = tuple(src.shape)
    size = tuple(index.shape)
    if src_shape != size:
        src = src[(*[slice(n) for n in size], ...)]
    grad_input = grad_src = None
    if reduce in ("sum", "mean"):
        if reduce == "mean":
            g = g / xp.scatter_counts(g, index, dim=dim, include_self=include_self)
        grad_input = g
        if needs[2]:
            grad_src = xp.gather_along(g, index, dim=dim)
    elif reduce == "prod":
        zero_input, zero_src = input == 0, src == 0
        if not include_self:
            zero_input = xp.scatter_value(zero_input, index, dim=dim, value=False)
        nothing = xp.zeros_like(input)
        # Where nothing is zero the result is divided by the element. A zero gets the product of what is not zero, times
        # the other zero where there are two: that term is 0, but its derivative is not.
        part_input = xp.where(input == 0, xp.ones_like(input), input)
        part_src = xp.where(zero_src, xp.ones_like(src), src)
        counts = xp.scatter_sum(xp.astype(zero_input, input.dtype), index, xp.astype(zero_src, src.dtype), dim=dim)
        zeros_input = xp.where(zero_input, input, nothing)
        zeros_src = xp.where(zero_src, src, xp.zeros_like(src))
        zeros = xp.scatter_sum(zeros_input, index, zeros_src, dim=dim)
        product = g * xp.conj(
            xp.scatter_reduced(part_input, index, part_src, dim=dim, reduce="prod", include_self=include_self)
        )
        whole = g * xp.conj(out)
        if needs[0]:
            pairs = xp.where(counts == 2, product * xp.conj(zeros - zeros_input), nothing)
            grad_input = xp.where(zero_input, xp.where(counts == 1, product, pairs), whole / xp.conj(part_input))
        if needs[2]:
            groups = counts, zeros, product, whole
            counts, zeros, product, whole = [xp.gather_along(part, index, dim=dim) for part in groups]
            pairs = xp.where(counts == 2, product * xp.conj(zeros - zeros_src), xp.zeros_like(product))
            grad_src = xp.where(zero_src, xp.where(counts == 1, product, pairs), whole / xp.conj(part_src))
    else:
        is_input = xp.astype(input == out, g.dtype)
        if not include_self:
            is_input = xp.where(
                xp.scatter_value(xp.zeros_like(is_input), index, dim=dim, value=1) != 0,
                xp.zeros_like(is_input),
                is_input,
            )
        is_src = xp.astype(src == xp.gather_along(out, index, dim=dim), g.dtype)
        shared = g / xp.scatter_sum(is_input, index, is_src, dim=dim)
        grad_input = is_input * shared
        if needs[2]:
            grad_src = is_src * xp.gather_along(shared, index, dim=dim)
    if not include_self and needs[0]:
        grad_input = xp.scatter_clear(grad_input, index, dim=dim)
    if grad_src is not None and src_shape != size:
        grad_src = xp.basic_index_embed(grad_src, shape=src_shape, index=(*[slice(n) for n in size], ...))
    return grad_input, None, grad_src


@op(name="scatter_reduced", node="ScatterReduceBackward0", dtype=None, constant=("index",), joint=reduce_vjp)
def _scatter_reduce(xp, input, index, src, *, dim, reduce, include_self):
    dtype = input.dtype
    start = input
    if not include_self:
        start = _put(xp, input, index, _start(xp, dtype, reduce), dim, "set")
    result = _put(xp, start, index, _part(lift(xp, src), lift(xp, index).shape), dim, _HOW[reduce])
    if reduce == "mean":
        counts = _counts(xp, input, index, dim, include_self, dtype)
        result = result // counts if xp.isdtype(dtype, "integral") else result / counts
    return result


# --- the public forms ---


def _scatter_arguments(input: Tensor, dim: int, index: Tensor, src: Tensor | None, name: str) -> int:
    check_tensor(input, name)
    check_index_dtype(index, name)
    shape, own = input._array_.shape, index._array_.shape
    dim = wrap_dim(dim, len(shape), name)
    if src is not None and src._array_.dtype != input._array_.dtype:
        raise RuntimeError(
            f"{name.rstrip('_')}(): Expected self.dtype to be equal to src.dtype, but got {input.dtype} and {src.dtype}"
        )
    if index._array_.size == 0:
        return dim
    if len(own or (1,)) != len(shape or (1,)):
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as self tensor: got {len(own)} and {len(shape)}"
        )
    if src is not None and len(src._array_.shape or (1,)) != len(own or (1,)):
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as src tensor: got {len(own)} and {src._array_.ndim}"
        )
    too_large = any([d != dim and a > b for d, (a, b) in enumerate(zip(own, shape, strict=False))])
    if src is not None:
        too_large = too_large or any([a > b for a, b in zip(own, src._array_.shape or (1,), strict=False)])
    if too_large:
        also = "" if src is None else f" and to be no larger size than src {list(src._array_.shape)}"
        raise RuntimeError(
            f"Expected index {list(own)} to be no larger than self {list(shape)} apart from dimension {dim}{also}"
        )
    check_index_bounds(index._array_, shape[dim] if shape else 1, dim)
    return dim


def _scatter_call(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | Number | None,
    value: Number | None,
    reduce: str | None,
    name: str,
    run: Callable,
) -> Tensor:
    """Choose the operator of `scatter`; `run(op, operands, params)` applies it."""
    if (src is None) == (value is None):
        raise TypeError(f"{name}(): exactly one of src and value must be given")
    if src is not None and not isinstance(src, Tensor):
        src, value = None, src
    if reduce is not None and reduce not in ("add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")
    if value is not None:
        if not isinstance(value, SCALARS):
            raise TypeError(
                f"{name}(): argument 'src' (position 3) must be Tensor or Number, not {type(value).__name__}"
            )
        dim = _scatter_arguments(input, dim, index, None, name)
        value = number_for(getattr(value, "item", lambda given=value: given)(), input)
        if reduce is None:
            return run(_scatter_value, (input, index), {"dim": dim, "value": value})
        src = wrap(constant_beside(np.full(index._array_.shape, value, input._array_.dtype), input._array_))
    else:
        dim = _scatter_arguments(input, dim, index, src, name)
        if reduce is None:
            return run(_scatter, (input, index, src), {"dim": dim})
        warnings.warn(
            "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a future "
            "PyTorch release. Use torch.scatter_reduce instead for more reduction options.",
            UserWarning,
            stacklevel=stacklevel(),
        )
    if reduce == "add":
        return run(_scatter_add, (input, index, src), {"dim": dim})
    return run(_scatter_reduce, (input, index, src), {"dim": dim, "reduce": "prod", "include_self": True})


def as_new(operator: Op, operands: tuple, params: dict) -> Tensor:
    return operator(*operands, **params)


def in_place(name: str) -> Callable:
    return lambda operator, operands, params: apply_inplace(operator, operands, params, name)


@public("scatter")
def scatter(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | Number | None = None,
    *,
    value: Number | None = None,
    reduce: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with values written at `index` along a dimension: out[index[i][j]][j] = src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32, with as many dimensions as the input and, except along `dim`, no larger than it.
        src: a tensor of the input's dtype at least as large as the index, or a number (also as `value`).
        reduce: "add" or "multiply" instead of writing.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Where several values meet in one place the last one counts.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.
        TypeError: for both src and value, or neither.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])
    """
    result = _scatter_call(input, dim, index, src, value, reduce, "scatter", as_new)
    return finish(result, out, "scatter")


@public("scatter_", function=False)
def _scatter_(
    self: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor | Number | None = None,
    *,
    value: Number | None = None,
    reduce: str | None = None,
) -> Tensor:
    """`scatter`, into the tensor itself."""
    return _scatter_call(self, dim, index, src, value, reduce, "scatter_", in_place("scatter_"))


def _scatter_add_call(input: Tensor, dim: int, index: Tensor, src: Tensor, name: str, run: Callable) -> Tensor:
    check_tensor(src, name, "src", 3)
    dim = _scatter_arguments(input, dim, index, src, "scatter")
    return run(_scatter_add, (input, index, src), {"dim": dim})


@public("scatter_add")
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with values added at `index` along a dimension: out[index[i][j]][j] += src[i][j] for dim=0.

    Args:
        input: of any dtype.
        dim: the dimension.
        index: int64 or int32; shapes as for `scatter`.
        src: a tensor of the input's dtype, at least as large as the index.
        out: a tensor to write the result into.

    Returns:
        a new tensor of the input's shape. Values for one place add up; the gradient of src is read off at the index.

    Raises:
        RuntimeError: for other shapes and dtypes, and for indices out of range.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter_add(0, torch.tensor([0, 2, 2]), torch.ones(3))
    tensor([1., 0., 2.])
    """
    result = _scatter_add_call(input, dim, index, src, "scatter_add", as_new)
    return finish(result, out, "scatter_add")


@public("scatter_add_", function=False)
def _scatter_add_(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """`scatter_add`, into the tensor itself."""
    return _scatter_add_call(self, dim, index, src, "scatter_add_", in_place("scatter_add_"))


def _scatter_reduce_call(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, include_self: bool, run: Callable
) -> Tensor:
    check_tensor(src, "scatter_reduce", "src", 3)
    if reduce not in _HOW:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    dim = _scatter_arguments(input, dim, index, src, "scatter")
    if src._array_.ndim == 0 and index._array_.ndim:
        src = src.unsqueeze(0)
    if reduce in ("amax", "amin") and input._array_.dtype.kind == "c":
        raise RuntimeError(f"scatter_reduce(): {reduce} is not defined for complex inputs ({input.dtype})")
    if reduce == "mean" and input._array_.dtype.kind == "b":
        raise NotImplementedError("\"scatter_gather_tensor_cpu_reduce_mean\" not implemented for 'Bool'")
    return run(_scatter_reduce, (input, index, src), {"dim": dim, "reduce": reduce, "include_self": bool(include_self)})


@public("scatter_reduce")
def scatter_reduce(
    input: Tensor,
    dim: int,
    index: Tensor,
    src: Tensor,
    reduce: str,
    *,
    include_self: bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

    reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.

    >>> import mibun as torch
    >>> torch.ones(2).scatter_reduce(0, torch.tensor([0, 0]), torch.tensor([2., 3.]), "prod")
    tensor([6., 1.])
    """
    result = _scatter_reduce_call(input, dim, index, src, reduce, include_self, as_new)
    return finish(result, out, "scatter_reduce")


@public("scatter_reduce_", function=False)
def _scatter_reduce_(
    self: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`scatter_reduce`, into the tensor itself."""
    return _scatter_reduce_call(self, dim, index, src, reduce, include_self, in_place("scatter_reduce_"))
