"""The namespace of sparse arrays: what can be done with them, and PyTorch's refusal for everything else.

A function of this namespace is called where one of its arguments is sparse: by the engine, by rules, by kernels. What
operators do is in `kernels.py`, by the operator's name: `kernel_of` gives it to whoever applies one (see
`dispatch/apply.py`), and raises for those that PyTorch has no sparse kernel for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import CPU
from ...core.registry import NAMESPACES, OPS
from ..numpy import namespace as numpy_namespace
from . import compressed, coordinates, products
from .array import Compressed, Coordinates, Sparse

FUNCTIONS: dict[str, Callable] = {}
KERNELS: dict[str, Callable] = {}  # operator name -> its kernel over this namespace

# Functions of one operand that give zero for zero, for the values alone: those that formulas use.
_OF_VALUES = """
asin asinh atan atanh ceil expm1 floor imag isinf isnan log1p real replace_special round sign sin sinh sqrt square tan
tanh trunc
""".split()


def function(*names: str) -> Callable[[Callable], Callable]:
    """Register a function as what these names do when an argument is sparse."""

    def register(f: Callable) -> Callable:
        for name in names or (f.__name__.strip("_"),):
            FUNCTIONS[name] = f
        return f

    return register


def refusal(name: str, *arrays: Any) -> NotImplementedError:
    """PyTorch's error for an operator that it has no sparse kernel for."""
    kind = next((array.kind for array in arrays if isinstance(array, Sparse)), "Sparse")
    backend = "SparseCPU" if kind == "Sparse" else "SparseCsrCPU"
    return NotImplementedError(
        f"Could not run 'aten::{name}' with arguments from the '{backend}' backend. This could be because the operator "
        "doesn't exist for this backend: only some are possible on sparse tensors. Convert it with to_dense() first."
    )


def has_sparse(args: Any) -> bool:
    """Whether there is a sparse array among arguments, in lists and tuples too."""
    return any([isinstance(x, Sparse) or (type(x) in (list, tuple) and has_sparse(x)) for x in args])


class _Namespace:
    """Looks a name up once, and keeps what it has found."""

    __name__ = "mibun.xp.sparse"
    mutable = True  # (its own `write` exchanges indices and values)

    def known(self, x: Any) -> bool:
        """Whether indices and values can be looked at."""
        return True

    def device_of(self, x: Any) -> Any:
        """The device that indices and values are on."""
        return CPU

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._find(name)
        setattr(self, name, found)
        return found

    def _find(self, name: str) -> Any:
        plain = fallback = _plain(name)
        if plain is not None and (not callable(plain) or isinstance(plain, type)):
            return plain
        ours = FUNCTIONS.get(name)
        if ours is None and name in _OF_VALUES:
            ours = functools.partial(of_values, fallback)
        if ours is None and name in OPS:
            ours = functools.partial(self.kernel_of(OPS[name]), self)
        if ours is None and plain is None:
            raise AttributeError(f"the namespace of sparse arrays has no function {name!r}")

        def chosen(*args: Any, **kwargs: Any) -> Any:
            if has_sparse(args):
                if ours is None:
                    raise refusal(name, *args)
                return ours(*args, **kwargs)
            return fallback(*args, **kwargs)

        chosen.__name__ = name
        return chosen if plain is not None else ours

    def kernel_of(self, op: Any) -> Callable:
        """The kernel of an operator for arrays of which at least one is sparse."""
        kernel = KERNELS.get(op.name)
        if kernel is not None:
            return kernel
        return lambda xp, *arrays, **params: self.refused(op.name.strip("_"))(*arrays)

    def refused(self, name: str) -> Callable:
        """What raises the error for a function that sparse arrays have not."""

        def refuse(*arrays: Any) -> Any:
            raise refusal(name, *arrays)

        return refuse


def _plain(name: str) -> Any:
    """The function of the NumPy namespace, or the kernel of an operator over it; None if there is neither."""
    found = vars(numpy_namespace).get(name)
    if found is None or isinstance(found, functools.partial):  # (which is the kernel of an operator)
        return functools.partial(OPS[name].kernel, numpy_namespace) if name in OPS else None
    return found


namespace: Any = _Namespace()
NAMESPACES[Coordinates] = NAMESPACES[Compressed] = namespace


def sorted_values(x: Any) -> Any:
    """The array itself, coalesced if it is COO: what is not linear needs each element once."""
    return coordinates.coalesce(x) if isinstance(x, Coordinates) else x


def of_values(f: Callable, x: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of each value for itself that gives zero for zero."""
    x = sorted_values(x)
    return x.like(f(x.values, *args, **kwargs))


def as_coordinates(x: Any) -> Coordinates:
    return x if isinstance(x, Coordinates) else compressed.to_coordinates(x)


def back(x: Coordinates, like: Any) -> Any:
    """A COO array in the layout of another one."""
    return x if isinstance(like, Coordinates) else compressed.from_coordinates(x, like.layout, like.block)


# --- arithmetic ---


@function()
def add(x: Any, y: Any) -> Any:
    """x + y; dense if one of them is."""
    if isinstance(x, Sparse) and isinstance(y, Sparse):
        if x.shape != y.shape:
            raise RuntimeError(
                f"add: expected sizes of 'self' and 'other' to match, but {list(x.shape)} != {list(y.shape)}"
            )
        return back(coordinates.add(as_coordinates(x), as_coordinates(y)), x)
    sparse, other = (x, y) if isinstance(x, Sparse) else (y, x)
    other = np.asarray(other)
    out = np.empty(np.broadcast_shapes(sparse.shape, other.shape), np.result_type(sparse.values, other))
    out[...] = other
    if out.shape != sparse.shape:
        out += sparse.dense()
        return out
    return add_into(out, sparse)


@function("add_into")
def add_into(out: np.ndarray, x: Any, factor: Any = 1) -> np.ndarray:
    """out += factor * x for a dense `out`, in its memory."""
    return coordinates.add_into(out, as_coordinates(x), factor)


@function("subtract")
def _subtract(x: Any, y: Any) -> Any:
    return add(x, -y)


@function("multiply")
def _multiply(x: Any, y: Any) -> Any:
    if isinstance(x, Sparse) and isinstance(y, Sparse):
        if x.shape != y.shape:
            raise RuntimeError(
                f"mul operands have incompatible sizes: expected the same, but got {list(x.shape)} and {list(y.shape)}"
            )
        return back(coordinates.multiply(as_coordinates(x), as_coordinates(y)), x)
    sparse: Any
    sparse, other = (x, y) if isinstance(x, Sparse) else (y, x)
    if getattr(other, "ndim", 0) == 0:
        return sparse.like(np.asarray(sparse.values * other))
    if np.broadcast_shapes(sparse.shape, other.shape) != sparse.shape:
        raise refusal("expand", sparse)
    if isinstance(sparse, Coordinates):
        return sparse.like(sparse.values * coordinates.masked(other, sparse).values)
    return sparse.like(sparse.values * compressed.masked(other, sparse).values)


@function("divide")
def _divide(x: Any, y: Any) -> Any:
    """x / y at the places of x. (Users are refused all but numbers, by the operator's kernel; formulas are not.)"""
    if not isinstance(x, Sparse):
        raise refusal("reciprocal", y)
    if isinstance(y, Sparse) or getattr(y, "ndim", 0):
        x = sorted_values(x)
        y = masked_by(y, x).values
    return x.like(np.asarray(x.values / y))


@function("negative")
def _negative(x: Any) -> Any:
    return -x


@function("abs")
def _abs(x: Any) -> Any:
    return of_values(np.abs, x)


@function("conj")
def _conj(x: Any) -> Any:
    return x.like(x.values.conj()) if x.values.dtype.kind == "c" else x


@function("twice")
def _twice(x: Any) -> Any:
    return x.like(x.values * 2)


@function("matmul")
def _matmul(x: Any, y: Any) -> Any:
    return products.matmul(x, y)


# --- dtypes, copies ---


@function("astype")
def _astype(x: Any, dtype: Any, copy: bool = False) -> Any:
    return x.like(numpy_namespace.astype(x.values, dtype, copy=copy))


@function("copy", "copy_in_order", "ascontiguousarray")
def _copy(x: Any) -> Any:
    return x.copy()


@function("arranged")
def _arranged(x: Any, like: Any = ()) -> Any:
    return x


@function("storage")
def _storage(x: Any) -> Any:
    return x


@function("write")
def _write(array: Any, value: Any) -> None:
    """Overwrite an array: with what is specified in the other one, if it is sparse itself."""
    if isinstance(array, Sparse):
        if not isinstance(value, Sparse):
            raise RuntimeError(f"a {array.kind} tensor cannot be overwritten with dense values")
        if type(array) is not type(value) or array.layout is not value.layout:
            value = back(as_coordinates(value), array)
        if value.dtype != array.dtype:
            value = _astype(value, array.dtype)
        array.become(value)
    else:
        array[...] = value.dense()


@function("zeros_like", "empty_like")
def zeros_like(x: Any, dtype: Any = None) -> Any:
    """No element specified, in the layout of x."""
    kind = x.dtype if dtype is None else dtype
    if isinstance(x, Coordinates):
        return coordinates.empty(x.shape, kind, x.sparse_dim)
    pointers = np.zeros_like(x.pointers)
    others = np.zeros((*x.batch, 0), x.others.dtype)
    k = len(x.batch)
    values = np.zeros((*x.batch, 0, *x.values.shape[k + 1 :]), kind)
    return Compressed(x.layout, pointers, others, values, x.shape, x.dense_dim)


@function("sum_to")
def _sum_to(x: Any, shape: tuple[int, ...]) -> Any:
    lead = x.ndim - len(shape)
    dims = [d for d in range(x.ndim) if d < lead or (shape[d - lead] == 1 and x.shape[d] != 1)]
    out = x.dense().sum(tuple(dims), dtype=x.dtype) if dims else x
    return out if out.shape == shape else out.reshape(shape)


@function("sum")
def _sum(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    dims = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    if isinstance(x, Compressed):
        if len(dims) == x.ndim and not keepdims:
            return np.asarray(numpy_namespace.sum(x.values))[()]
        if not keepdims:
            raise RuntimeError("reduction operations on CSR tensors with keepdim=False is unsupported")
        return back(coordinates.sum_over(as_coordinates(x), [d % x.ndim for d in dims], True), x)
    return coordinates.sum_over(x, [d % x.ndim for d in dims], keepdims)


@function("dense_of")
def _dense_of(x: Any) -> np.ndarray:
    """A NumPy array of all elements."""
    return coordinates.dense(as_coordinates(x))


# --- shapes ---


@function("matrix_transpose")
def _matrix_transpose(x: Any) -> Any:
    return transposed(x, x.ndim - 2, x.ndim - 1)


def transposed(x: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions exchanged."""
    if isinstance(x, Compressed):
        k = len(x.batch)
        if {dim0, dim1} != {k, k + 1}:
            raise RuntimeError(f"transpose(): can only transpose the rows and columns of a {x.kind} tensor")
        return compressed.transpose(x)
    dims = list(range(x.ndim))
    dims[dim0], dims[dim1] = dims[dim1], dims[dim0]
    return coordinates.permute(x, dims)


@function("permute_dims")
def _permute_dims(x: Any, axes: Sequence[int]) -> Any:
    if isinstance(x, Compressed):
        raise refusal("as_strided", x)
    return coordinates.permute(x, [axis % x.ndim for axis in axes])


@function("expand_dims")
def _expand_dims(x: Any, axis: int = 0) -> Any:
    if isinstance(x, Compressed):
        raise refusal("unsqueeze", x)
    return coordinates.insert_axis(x, axis % (x.ndim + 1))


@function("concat")
def concat(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays side by side, all of them COO."""
    if not all(isinstance(x, Coordinates) for x in arrays):
        raise RuntimeError("sparse tensors can be joined with others in the COO layout only")
    return coordinates.concat(arrays, axis % arrays[0].ndim)


@function("stack")
def _stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    if not all(isinstance(x, Coordinates) for x in arrays):
        raise RuntimeError("sparse tensors can be stacked with others in the COO layout only")
    return coordinates.stack(arrays, axis % (arrays[0].ndim + 1))


@function("unstack")
def _unstack(x: Any, axis: int = 0) -> list[Any]:
    return [selected(x, axis, i) for i in range(x.shape[axis])]


def selected(x: Any, axis: int, index: int) -> Any:
    """One slice along an axis."""
    return coordinates.select(as_coordinates(x), axis, index)


@function("item_at")
def _item_at(x: Any, index: Any) -> Any:
    """The part that ints, slices without steps, None and an ellipsis show."""
    index = list(index) if isinstance(index, tuple) else [index]
    if ... in index:
        at = index.index(...)
        index[at : at + 1] = [slice(None)] * (x.ndim - sum([part is not None and part is not ... for part in index]))
    x, axis = as_coordinates(x), 0
    for part in index:
        if part is None:
            x, axis = coordinates.insert_axis(x, axis), axis + 1
        elif isinstance(part, slice):
            start, stop, step = part.indices(x.shape[axis])
            if step != 1:
                raise refusal("slice", x)
            if (start, stop) != (0, x.shape[axis]):
                x = coordinates.narrow(x, axis, start, max(stop - start, 0))
            axis += 1
        elif isinstance(part, (int, np.integer)):
            x = coordinates.select(x, axis, int(part) % x.shape[axis])
            if not isinstance(x, Coordinates):
                return x[tuple(index[axis + 1 :])] if index[axis + 1 :] else x
        else:
            raise refusal("index", x)
    return x


@function("squeeze")
def _squeeze(x: Any, axis: Any) -> Any:
    for one in sorted([a % x.ndim for a in ((axis,) if isinstance(axis, int) else axis)], reverse=True):
        x = selected(x, one, 0)
    return x


@function("broadcast_to")
def _broadcast_to(x: Any, shape: Sequence[int]) -> Any:
    if tuple(shape) == x.shape:
        return x
    raise RuntimeError(f"expand is unsupported for {x.kind} tensors")


@function("reshape")
def _reshape(x: Any, shape: Any) -> Any:
    if tuple(shape) == x.shape:
        return x
    raise RuntimeError("reshape is not implemented for sparse tensors")


# --- from layout to layout ---


@function("masked_by")
def masked_by(x: Any, mask: Any) -> Any:
    """The elements of x where the sparse array `mask` has some specified."""
    if isinstance(mask, Compressed):
        if isinstance(x, Sparse) and not isinstance(x, Compressed):
            x = x.dense()
        return compressed.masked(x, mask)
    return coordinates.masked(x if not isinstance(x, Compressed) else compressed.to_coordinates(x), mask)


def in_layout(x: Any, layout: Any, sparse_dim: int | None = None, block: Any = (), dense_dim: int | None = None) -> Any:
    """Any array in a layout."""
    if layout is dtypes.strided:
        return x.dense() if isinstance(x, Sparse) else x
    if isinstance(x, Sparse):
        if layout is x.layout and (not block or not isinstance(x, Compressed) or tuple(block) == x.block):
            return x
        return (
            as_coordinates(x)
            if layout is dtypes.sparse_coo
            else compressed.from_coordinates(coordinates.coalesce(as_coordinates(x)), layout, tuple(block))
        )
    if layout is dtypes.sparse_coo:
        return coordinates.from_dense(x, x.ndim if sparse_dim is None else sparse_dim)
    return compressed.from_dense_array(x, layout, tuple(block), dense_dim or 0)
