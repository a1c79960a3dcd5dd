"""Writing elements by index along a dimension: scatter, index_add, index_copy, index_fill, put, masked_scatter.

Each has an in-place form. Where several values meet in one place, the last one counts, or all where they are reduced.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core.registry import METHODS
from ...core.site import stacklevel
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS, check_broadcast
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace, write_out
from ...dispatch.public import public
from .gathering import _lift, check_flat_index, check_index_bounds, check_index_dtype, vector_index
from .indexing import number_for

# --- the operators on full-rank indices ---


def _part(src: Any, shape: tuple[int, ...]) -> Any:
    """The part of src that an index of this shape uses."""
    return src if tuple(src.shape) == tuple(shape) else src[(*[slice(n) for n in shape], ...)]


def _put(xp: Any, input: Any, index: Any, src: Any, dim: int, how: str) -> Any:
    positions = _lift(xp, index)
    result = xp.put_at(_lift(xp, input), xp.along_axis(positions, dim), src, how)
    return xp.reshape(result, input.shape)


def _used(xp: Any, g: Any, index: Any, dim: int, src_shape: tuple[int, ...]) -> Any:
    """The gradient of src: what its places in the result received, zero for the part that was not used."""
    part = xp.gather_along(g, index, dim=dim)
    if tuple(part.shape) != tuple(src_shape):
        part = xp.basic_index_embed(part, shape=src_shape, index=(*[slice(n) for n in index.shape], ...))
    return part


@op(linear, name="scatter_clear", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)})  # fmt: skip
def _scatter_clear(xp, input, index, *, dim):
    return _put(xp, input, index, xp.zeros((), dtype=input.dtype), dim, "set")


@op(linear, name="scatter_src", node="ScatterBackward0", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim),
         "src": lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)})  # fmt: skip
def _scatter(xp, input, index, src, *, dim):
    return _put(xp, input, index, _part(_lift(xp, src), _lift(xp, index).shape), dim, "set")


@op(name="scatter_value", node="ScatterBackward1", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.scatter_clear(g, index, dim=dim)},
    jvp={"input": lambda xp, t, index, dim: xp.scatter_clear(t, index, dim=dim)})  # fmt: skip
def _scatter_value(xp, input, index, *, dim, value):
    return _put(xp, input, index, xp.full((), value, dtype=input.dtype), dim, "set")


@op(linear, name="scatter_sum", node="ScatterAddBackward0", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g: g,
         "src": lambda xp, g, index, src_shape, dim: _used(xp, g, index, dim, src_shape)})  # fmt: skip
def _scatter_add(xp, input, index, src, *, dim):
    return _put(xp, input, index, _part(_lift(xp, src), _lift(xp, index).shape), dim, "add")


_START = {"sum": 0, "mean": 0, "prod": 1}
_HOW = {"sum": "add", "mean": "add", "prod": "multiply", "amax": "maximum", "amin": "minimum"}


def _start(xp: Any, dtype: Any, reduce: str) -> Any:
    """What leaves the reduction of the others as it is."""
    if reduce in _START:
        return xp.full((), _START[reduce], dtype=dtype)
    if xp.isdtype(dtype, "bool"):
        return xp.full((), reduce == "amin", dtype=dtype)
    if xp.isdtype(dtype, "integral"):
        limits = xp.iinfo(dtype)
        return xp.full((), limits.min if reduce == "amax" else limits.max, dtype=dtype)
    return xp.full((), -np.inf if reduce == "amax" else np.inf, dtype=dtype)


def _counts(xp: Any, input: Any, index: Any, dim: int, include_self: bool, dtype: Any) -> Any:
    """How many values meet in each place; 1 where there are none."""
    ones = xp.full(input.shape, 1, dtype=dtype)
    if not include_self:
        ones = _put(xp, ones, index, xp.zeros((), dtype=dtype), dim, "set")
    return _put(xp, ones, index, xp.full(_lift(xp, index).shape, 1, dtype=dtype), dim, "add")


@op("nondifferentiable", name="scatter_counts", dtype=None, constant=("index",))
def _scatter_counts(xp, input, index, *, dim, include_self):
    return _counts(xp, input, index, dim, include_self, input.dtype)


def _reduce_vjp(xp, g, input, index, src, out, dim, reduce, include_self, needs):
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
            is_input = xp.where(xp.scatter_value(xp.zeros_like(is_input), index, dim=dim, value=1) != 0,
                                xp.zeros_like(is_input), is_input)  # fmt: skip
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


@op(name="scatter_reduced", node="ScatterReduceBackward0", dtype=None, constant=("index",), joint=_reduce_vjp)
def _scatter_reduce(xp, input, index, src, *, dim, reduce, include_self):
    dtype = input.dtype
    start = input
    if not include_self:
        start = _put(xp, input, index, _start(xp, dtype, reduce), dim, "set")
    result = _put(xp, start, index, _part(_lift(xp, src), _lift(xp, index).shape), dim, _HOW[reduce])
    if reduce == "mean":
        counts = _counts(xp, input, index, dim, include_self, dtype)
        result = result // counts if xp.isdtype(dtype, "integral") else result / counts
    return result


# --- scatter's public forms ---


def _scatter_arguments(input: Any, dim: int, index: Any, src: Any, name: str) -> int:
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
        too_large = too_large or any([a > b for a, b in zip(own, src._array_.shape, strict=False)])
    if too_large:
        also = "" if src is None else f" and to be no larger size than src {list(src._array_.shape)}"
        raise RuntimeError(
            f"Expected index {list(own)} to be no larger than self {list(shape)} apart from dimension {dim}{also}"
        )
    check_index_bounds(index._array_, shape[dim] if shape else 1, dim)
    return dim


def _scatter_call(input: Any, dim: int, index: Any, src: Any, value: Any, reduce: Any, name: str, run: Any) -> Any:
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
        src = wrap(np.full(index._array_.shape, value, input._array_.dtype))
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


def _new(operator: Any, operands: tuple, params: dict) -> Any:
    return operator(*operands, **params)


def _over(name: str) -> Any:
    return lambda operator, operands, params: apply_inplace(operator, operands, params, name)


@public()
def scatter(
    input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None, out: Any = None
) -> Any:
    """A copy of the input with values written at `index` along a dimension: result[index[i][j]][j] = src[i][j].

    index: int64 or int32, with as many dimensions as the input. src: a tensor of the input's dtype at least as large as
    the index, or a number (also as `value`). reduce: "add" or "multiply" instead of writing.

    >>> import mibun as torch
    >>> torch.zeros(3).scatter(0, torch.tensor([0, 2]), torch.tensor([5., 6.]))
    tensor([5., 0., 6.])
    """
    result = _scatter_call(input, dim, index, src, value, reduce, "scatter", _new)
    return result if out is None else write_out(out, result, "scatter")


def _scatter_(self: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: Any = None) -> Any:
    """`scatter`, into the tensor itself."""
    return _scatter_call(self, dim, index, src, value, reduce, "scatter_", _over("scatter_"))


METHODS["scatter_"] = _scatter_


def _scatter_add_call(input: Any, dim: int, index: Any, src: Any, name: str, run: Any) -> Any:
    check_tensor(src, name, "src", 3)
    dim = _scatter_arguments(input, dim, index, src, "scatter")
    return run(_scatter_add, (input, index, src), {"dim": dim})


@public()
def scatter_add(input: Any, dim: int, index: Any, src: Any, *, out: Any = None) -> Any:
    """A copy of the input with the elements of src added at `index` along a dimension; see `scatter`."""
    result = _scatter_add_call(input, dim, index, src, "scatter_add", _new)
    return result if out is None else write_out(out, result, "scatter_add")


def _scatter_add_(self: Any, dim: int, index: Any, src: Any) -> Any:
    """`scatter_add`, into the tensor itself."""
    return _scatter_add_call(self, dim, index, src, "scatter_add_", _over("scatter_add_"))


METHODS["scatter_add_"] = _scatter_add_


def _scatter_reduce_call(input: Any, dim: int, index: Any, src: Any, reduce: str, include_self: bool, run: Any) -> Any:
    check_tensor(src, "scatter_reduce", "src", 3)
    if reduce not in _HOW:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    dim = _scatter_arguments(input, dim, index, src, "scatter")
    if reduce in ("amax", "amin") and input._array_.dtype.kind == "c":
        raise RuntimeError(f"scatter_reduce(): {reduce} is not defined for complex inputs ({input.dtype})")
    if reduce == "mean" and input._array_.dtype.kind == "b":
        raise NotImplementedError("\"scatter_gather_tensor_cpu_reduce_mean\" not implemented for 'Bool'")
    return run(_scatter_reduce, (input, index, src), {"dim": dim, "reduce": reduce, "include_self": bool(include_self)})


@public()
def scatter_reduce(
    input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True, out: Any = None
) -> Any:
    """A copy of the input with the elements of src reduced into it at `index` along a dimension; see `scatter`.

    reduce: "sum", "prod", "mean", "amax" or "amin". include_self: whether what is in the input counts too.
    """
    result = _scatter_reduce_call(input, dim, index, src, reduce, include_self, _new)
    return result if out is None else write_out(out, result, "scatter_reduce")


def _scatter_reduce_(self: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    """`scatter_reduce`, into the tensor itself."""
    return _scatter_reduce_call(self, dim, index, src, reduce, include_self, _over("scatter_reduce_"))


METHODS["scatter_reduce_"] = _scatter_reduce_


# --- the operators on a vector of positions ---


def _put_slices(xp: Any, input: Any, index: Any, source: Any, dim: int, how: str) -> Any:
    if input.ndim == 0:
        source = xp.reshape(source, (-1,))
    result = xp.put_at(_lift(xp, input), (None,) * dim + (_lift(xp, index),), source, how)
    return xp.reshape(result, input.shape)


def _slices(xp: Any, g: Any, index: Any, dim: int, shape: tuple[int, ...]) -> Any:
    return xp.reshape(xp.select_indices(g, index, dim=dim), shape)


@op(linear, name="index_zero", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)})  # fmt: skip
def _index_zero(xp, input, index, *, dim):
    return _put_slices(xp, input, index, xp.zeros((1,) * max(input.ndim, 1), dtype=input.dtype), dim, "set")


@op(linear, name="add_slices", node="IndexAddBackward0", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g: g,
         "source": lambda xp, g, index, source_shape, dim, alpha:
             _slices(xp, g, index, dim, source_shape) * alpha})  # fmt: skip
def _index_add(xp, input, index, source, *, dim, alpha):
    return _put_slices(xp, input, index, source if alpha == 1 else source * alpha, dim, "add")


@op(linear, name="copy_slices", node="IndexCopyBackward0", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim),
         "source": lambda xp, g, index, source_shape, dim: _slices(xp, g, index, dim, source_shape)})  # fmt: skip
def _index_copy(xp, input, index, source, *, dim):
    return _put_slices(xp, input, index, source, dim, "set")


@op(name="fill_slices", node="IndexFillBackward0", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim)},
    jvp={"input": lambda xp, t, index, dim: xp.index_zero(t, index, dim=dim)})  # fmt: skip
def _index_fill(xp, input, index, *, dim, value):
    filler = xp.full((1,) * max(input.ndim, 1), value, dtype=input.dtype)
    return _put_slices(xp, input, index, filler, dim, "set")


@op(linear, name="fill_slices_with", node="IndexFillBackward1", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index, dim: xp.index_zero(g, index, dim=dim),
         "value": lambda xp, g, index, dim: xp.sum(g - xp.index_zero(g, index, dim=dim))})  # fmt: skip
def _index_fill_with(xp, input, index, value, *, dim):
    filler = xp.reshape(xp.astype(value, input.dtype), (1,) * max(input.ndim, 1))
    return _put_slices(xp, input, index, filler, dim, "set")


def _slice_arguments(input: Any, dim: int, index: Any, source: Any, name: str, error: type) -> int:
    check_tensor(input, name)
    check_tensor(source, name, "source", 3)
    shape, own = input._array_.shape, source._array_.shape
    dim = wrap_dim(dim, len(shape), name)
    check_tensor(index, name, "index", 2)
    if index._array_.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, but got dim: {index._array_.ndim} with type: "
            f"{index.dtype.scalar_name} and size: {list(index._array_.shape)}"
        )
    vector_index(input, index, name)
    if source._array_.dtype != input._array_.dtype:
        a, b = input.dtype.scalar_name, source.dtype.scalar_name
        if name.startswith("index_add"):
            raise RuntimeError(f"{name}(): self ({a}) and source ({b}) must have the same scalar type")
        raise RuntimeError(
            f"{name}(): self and source expected to have the same dtype, but got (self) {a} and (source) {b}"
        )
    count = index._array_.size
    along = own[dim] if len(own) > dim else 1
    if count != along:
        raise error(
            f"{name}(): Number of indices ({count}) should be equal to source.size(dim): ({along}), for dim: {dim}"
        )
    expected = (*shape[:dim], count, *shape[dim + 1 :])
    if (own or (1,)) != (expected if shape else (count,)):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{list(shape)} source.shape = {list(own)}"
        )
    prefix = f"{name}(): " if error is IndexError else ""
    check_index_bounds(index._array_, shape[dim] if shape else 1, dim, error, prefix)
    return dim


def _index_add_call(input: Any, dim: int, index: Any, source: Any, alpha: Any, run: Any) -> Any:
    dim = _slice_arguments(input, dim, index, source, "index_add_", RuntimeError)
    return run(_index_add, (input, index, source), {"dim": dim, "alpha": number_for(alpha, input)})


@public()
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """A copy of the input with `alpha` times the slices of source added at the positions `index` along a dimension.

    Slices for one position add up. RuntimeError where the shapes do not fit or an index is out of range.
    """
    result = _index_add_call(input, dim, index, source, alpha, _new)
    return result if out is None else write_out(out, result, "index_add")


def _index_add_(self: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """`index_add`, into the tensor itself."""
    return _index_add_call(self, dim, index, source, alpha, _over("index_add_"))


METHODS["index_add_"] = _index_add_


def _index_copy_call(input: Any, dim: int, index: Any, source: Any, run: Any) -> Any:
    dim = _slice_arguments(input, dim, index, source, "index_copy_", IndexError)
    return run(_index_copy, (input, index, source), {"dim": dim})


@public()
def index_copy(input: Any, dim: int, index: Any, source: Any, *, out: Any = None) -> Any:
    """A copy of the input with the slices of source written at the positions `index` along a dimension."""
    result = _index_copy_call(input, dim, index, source, _new)
    return result if out is None else write_out(out, result, "index_copy")


def _index_copy_(self: Any, dim: int, index: Any, source: Any) -> Any:
    """`index_copy`, into the tensor itself."""
    return _index_copy_call(self, dim, index, source, _over("index_copy_"))


METHODS["index_copy_"] = _index_copy_


def _index_fill_call(input: Any, dim: int, index: Any, value: Any, run: Any) -> Any:
    check_tensor(input, "index_fill_")
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "index_fill_")
    vector_index(input, index, "index_fill_")
    size = shape[dim] if shape else 1
    array = np.asarray(index._array_)
    if array.size and (array.min() < -size or array.max() >= size):
        wrong = array.min() if array.min() < -size else array.max()
        raise IndexError(f"index {wrong} is out of bounds for dimension {dim} with size {size}")
    if isinstance(value, Tensor):
        if value._array_.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._array_.ndim} dimension(s)."
            )
        return run(_index_fill_with, (input, index, value), {"dim": dim})
    value = number_for(value.item() if hasattr(value, "item") else value, input)
    return run(_index_fill, (input, index), {"dim": dim, "value": value})


@public()
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """A copy of the input with `value` (a number or a 0-d tensor) at the positions `index` along a dimension."""
    return _index_fill_call(input, dim, index, value, _new)


def _index_fill_(self: Any, dim: int, index: Any, value: Any) -> Any:
    """`index_fill`, into the tensor itself."""
    return _index_fill_call(self, dim, index, value, _over("index_fill_"))


METHODS["index_fill_"] = _index_fill_


# --- put ---


def _put_input(xp: Any, g: Any, index: Any, accumulate: bool) -> Any:
    return g if accumulate else xp.clear_flat(g, index)


@op(linear, name="clear_flat", dtype=None, constant=("index",),
    vjp={"input": lambda xp, g, index: xp.clear_flat(g, index)})  # fmt: skip
def _clear_flat(xp, input, index):
    flat = xp.put_at(xp.reshape(input, (-1,)), (xp.reshape(index, (-1,)),), xp.zeros((), dtype=input.dtype), "set")
    return xp.reshape(flat, input.shape)


@op(linear, name="put_flat", node="PutBackward0", dtype=None, constant=("index",),
    vjp={"input": _put_input,
         "source": lambda xp, g, index, source_shape: xp.reshape(xp.take_flat(g, index), source_shape)})  # fmt: skip
def _put_flat(xp, input, index, source, *, accumulate):
    flat = xp.put_at(
        xp.reshape(input, (-1,)), (xp.reshape(index, (-1,)),), xp.reshape(source, (-1,)), "add" if accumulate else "set"
    )
    return xp.reshape(flat, input.shape)


def _put_call(input: Any, index: Any, source: Any, accumulate: bool, run: Any) -> Any:
    check_tensor(input, "put_")
    check_tensor(source, "put_", "source", 3)
    check_flat_index(input, index, "put_")
    if source._array_.dtype != input._array_.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype.scalar_name} and source.dtype = {source.dtype.scalar_name}"
        )
    if source._array_.size != index._array_.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{source._array_.size}, index.numel() = {index._array_.size}"
        )
    return run(_put_flat, (input, index, source), {"accumulate": bool(accumulate)})


@public()
def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """A copy of the input with the elements of source at the positions `index` (int64) of it as if it were flat."""
    return _put_call(input, index, source, accumulate, _new)


def _put_(self: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """`put`, into the tensor itself."""
    return _put_call(self, index, source, accumulate, _over("put_"))


METHODS["put_"] = _put_


# --- masked_scatter ---


@op(linear, name="mask_write", node="MaskedScatterBackward0", dtype=None, constant=("mask",),
    vjp={"input": lambda xp, g, mask: xp.where(mask, xp.zeros_like(g), g),
         "source": lambda xp, g, mask, source_shape: xp.mask_taken(g, mask, shape=source_shape)})  # fmt: skip
def _masked_scatter(xp, input, mask, source):
    positions = xp.true_positions(mask)
    values = xp.reshape(source, (-1,))[: positions.shape[0]]
    return xp.reshape(xp.put_at(xp.reshape(input, (-1,)), (positions,), values, "set"), input.shape)


@op(linear, name="mask_taken", dtype=None, constant=("mask",),
    vjp={"input": lambda xp, g, mask: xp.mask_write(xp.zeros(mask.shape, dtype=g.dtype), mask, g)})  # fmt: skip
def _mask_taken(xp, input, mask, *, shape):
    values = xp.index_with(xp.reshape(input, (-1,)), (xp.true_positions(mask),))
    size = 1
    for n in shape:
        size *= n
    rest = xp.zeros((size - values.shape[0],), dtype=values.dtype)
    return xp.reshape(xp.concat([values, rest], axis=0), shape)


def _masked_scatter_call(input: Any, mask: Any, source: Any, name: str, run: Any) -> Any:
    check_tensor(input, name)
    check_tensor(mask, name, "mask", 2)
    check_tensor(source, name, "source", 3)
    if mask._array_.dtype.kind != "b":
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {mask.dtype.scalar_name}"
        )
    if input._array_.dtype != source._array_.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{input.dtype.scalar_name} and {source.dtype.scalar_name}"
        )
    check_broadcast([mask._array_.shape, input._array_.shape])
    both = tuple(np.broadcast_shapes(input._array_.shape, mask._array_.shape))
    if both != input._array_.shape:
        if name.endswith("_"):
            raise RuntimeError(
                f"output with shape {list(input._array_.shape)} doesn't match the broadcast shape {list(both)} "
                f"(in {name})"
            )
        input = input.expand(both)
    if mask._array_.shape != both:
        mask = wrap(np.broadcast_to(mask._array_, both).copy())
    if source._array_.size < np.count_nonzero(mask._array_):
        raise RuntimeError(
            "Number of elements of source < number of ones in mask: "
            f"{source._array_.size} < {np.count_nonzero(mask._array_)}"
        )
    return run(_masked_scatter, (input, mask, source), {})


@public()
def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """A copy of the input with the elements of source, in order, where a bool mask is true; they broadcast."""
    return _masked_scatter_call(input, mask, source, "masked_scatter", _new)


def _masked_scatter_(self: Any, mask: Any, source: Any) -> Any:
    """`masked_scatter`, into the tensor itself."""
    return _masked_scatter_call(self, mask, source, "masked_scatter_", _over("masked_scatter_"))


METHODS["masked_scatter_"] = _masked_scatter_
