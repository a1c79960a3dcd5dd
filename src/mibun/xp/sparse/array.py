"""Sparse arrays: the elements that are specified, and where they are.

`Coordinates` has an index for each of them (COO), `Compressed` has them row by row or column by column, single or in
blocks (CSR, CSC, BSR, BSC). Both look like an array to whoever asks for shape and dtype, so that a Tensor can have one
as its raw array; what can be done with them is in the namespace of this package, and infix operators go there.

An element that is not specified is zero; a specified one may be zero as well.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.registry import LEADING, NAMESPACES

_UFUNCS = {"absolute": "abs", "conjugate": "conj"}  # NumPy's name -> the standard's


class NoMemory(NotImplementedError, AttributeError):
    """What asks for the memory of a sparse array, which has none that looks like one, gets this."""


class Sparse:
    """What both kinds have in common. `values` are a NumPy array, whose last axes are the dense dimensions."""

    __slots__ = ("__weakref__", "shape", "values")
    __hash__ = object.__hash__

    shape: tuple[int, ...]
    values: np.ndarray
    layout: Any  # as Tensors name it
    kind: str  # as errors name it: Sparse, SparseCsr, ...

    @property
    def dtype(self) -> Any:
        return self.values.dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        return self.values.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(NAMESPACES[type(self)].unstack(self, axis=0))

    def __getitem__(self, index: Any) -> Any:
        return NAMESPACES[type(self)].item_at(self, index)

    # --- to be given by the two kinds ---

    def like(self, values: np.ndarray) -> Any:
        """Other values at the same places."""
        raise NotImplementedError

    def copy(self, order: str = "C") -> Any:
        raise NotImplementedError

    def become(self, other: Any) -> None:
        """Take over what another array of this kind has: what an in-place operation does.

        If that is other values at the very same places, they are written into the memory of these, which tensors that
        were detached from this one see. Else they do not, as in PyTorch.
        """
        raise NotImplementedError

    def write(self, other: Any) -> None:
        """The values of an array at the same places, into the memory of these."""
        if self.values.flags.writeable and self.values.dtype == other.values.dtype:
            self.values[...] = other.values
        else:
            self.values = other.values

    @property
    def nnz(self) -> int:
        """How many elements (or blocks, or dense parts) are specified."""
        raise NotImplementedError

    def dense(self) -> np.ndarray:
        """A NumPy array of all elements."""
        return NAMESPACES[type(self)].dense_of(self)

    def parts(self) -> tuple:
        """What the constructor takes."""
        raise NotImplementedError

    @property
    def nbytes(self) -> int:
        """Bytes of the values. RuntimeError in COO."""
        raise RuntimeError(
            "nbytes is not defined for sparse tensors.  If you want the size of the constituent tensors, add the "
            "nbytes of the indices and values."
        )

    # --- what kernels and rules write ---

    def astype(self, dtype: Any, order: str = "K", copy: bool = True) -> Any:
        values = self.values.astype(dtype, copy=copy)
        return self if values is self.values else self.like(values)

    def conjugate(self) -> Any:
        return self.like(self.values.conjugate())

    def __abs__(self) -> Any:
        return NAMESPACES[type(self)].abs(self)

    def any(self) -> bool:
        return bool(self.values.any())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NoMemory(
            f"Could not run this with arguments from the '{self.kind}CPU' backend: a sparse tensor has no {name}. "
            "Convert it with to_dense() first."
        )

    def __reduce__(self) -> tuple:
        return type(self), self.parts()

    def item(self) -> Any:
        return self.dense().item()

    def __bool__(self) -> bool:
        return bool(self.dense())

    def tolist(self) -> Any:
        raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"can't convert {self.kind} layout tensor to numpy. Use Tensor.to_dense() first.")

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, out: Any = None, **options: Any) -> Any:
        """What NumPy's ufuncs, and infix operators of NumPy's arrays, do with a sparse operand.

        `np.add(dense, sparse, out=dense)` writes to the places that are specified alone.
        """
        if method != "__call__" or options:
            return NotImplemented
        namespace = NAMESPACES[type(self)]
        if out is not None:
            if ufunc is np.add and out[0] is operands[0] and type(out[0]) is np.ndarray:
                return namespace.add_into(out[0], operands[1])
            return NotImplemented
        name = _UFUNCS.get(str(ufunc.__name__), str(ufunc.__name__))
        return getattr(namespace, name, namespace.refused(name))(*operands)


class Coordinates(Sparse):
    """COO. indices: (sparse dimensions, nnz), int64; values: (nnz, *dense dimensions).

    coalesced: whether the indices are known to be sorted and to occur once each; else equal ones add up.
    """

    __slots__ = ("coalesced", "indices")
    layout = dtypes.sparse_coo
    kind = "Sparse"

    def __init__(
        self, indices: np.ndarray, values: np.ndarray, shape: tuple[int, ...], coalesced: bool = False
    ) -> None:
        self.indices, self.values, self.shape, self.coalesced = indices, values, shape, coalesced

    @property
    def nnz(self) -> int:
        return self.indices.shape[1]

    @property
    def sparse_dim(self) -> int:
        return self.indices.shape[0]

    def like(self, values: np.ndarray) -> Coordinates:
        return Coordinates(self.indices, values, self.shape, self.coalesced)

    def copy(self, order: str = "C") -> Coordinates:
        return Coordinates(self.indices.copy(), self.values.copy(), self.shape, self.coalesced)

    def parts(self) -> tuple:
        return self.indices, self.values, self.shape, self.coalesced

    def become(self, other: Coordinates) -> None:
        if other.indices is self.indices and other.shape == self.shape and other.values.shape == self.values.shape:
            return self.write(other)
        self.indices, self.values, self.coalesced = other.indices, other.values, other.coalesced
        self.shape = other.shape

    def __repr__(self) -> str:
        return f"Coordinates({self.indices!r}, {self.values!r}, {self.shape}, {self.coalesced})"


class Compressed(Sparse):
    """CSR, CSC, BSR, BSC. pointers: (*batch, rows + 1), where each row begins among `others`: (*batch, nnz).

    For CSC and BSC the pointers are those of the columns. values: (*batch, nnz, *block, *dense dimensions). dense_dim:
    the number of dense dimensions.
    """

    __slots__ = ("dense_dim", "layout", "others", "pointers")

    def __init__(
        self,
        layout: Any,
        pointers: np.ndarray,
        others: np.ndarray,
        values: np.ndarray,
        shape: tuple[int, ...],
        dense_dim: int = 0,
    ) -> None:
        self.layout, self.pointers, self.others, self.values = layout, pointers, others, values
        self.shape, self.dense_dim = shape, dense_dim

    @property
    def kind(self) -> str:  # type: ignore[override]
        return kind_of(self.layout)

    @property
    def by_rows(self) -> bool:
        """Whether it is the rows that are compressed."""
        return self.layout is dtypes.sparse_csr or self.layout is dtypes.sparse_bsr

    @property
    def batch(self) -> tuple[int, ...]:
        return self.others.shape[:-1]

    @property
    def block(self) -> tuple[int, ...]:
        """The sizes of a block; none for CSR and CSC."""
        if self.layout is dtypes.sparse_bsr or self.layout is dtypes.sparse_bsc:
            return self.values.shape[self.others.ndim : self.others.ndim + 2]
        return ()

    @property
    def nnz(self) -> int:
        return self.others.shape[-1]

    def like(self, values: np.ndarray) -> Compressed:
        return Compressed(self.layout, self.pointers, self.others, values, self.shape, self.dense_dim)

    def copy(self, order: str = "C") -> Compressed:
        return Compressed(
            self.layout, self.pointers.copy(), self.others.copy(), self.values.copy(), self.shape, self.dense_dim
        )

    def parts(self) -> tuple:
        return self.layout, self.pointers, self.others, self.values, self.shape, self.dense_dim

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    def become(self, other: Compressed) -> None:
        if other.others is self.others and other.shape == self.shape and other.values.shape == self.values.shape:
            return self.write(other)
        self.layout, self.pointers, self.others, self.values = other.layout, other.pointers, other.others, other.values
        self.shape, self.dense_dim = other.shape, other.dense_dim

    def __repr__(self) -> str:
        return f"Compressed({self.layout}, {self.pointers!r}, {self.others!r}, {self.values!r}, {self.shape})"


LEADING.update((Coordinates, Compressed))


def kind_of(layout: Any) -> str:
    """A layout as errors name it."""
    return {
        dtypes.strided: "Strided",
        dtypes.sparse_coo: "Sparse",
        dtypes.sparse_csr: "SparseCsr",
        dtypes.sparse_csc: "SparseCsc",
        dtypes.sparse_bsr: "SparseBsr",
        dtypes.sparse_bsc: "SparseBsc",
    }[layout]


def layout_of(array: Any) -> Any:
    """The layout of any raw array."""
    return array.layout if isinstance(array, Sparse) else dtypes.strided


# --- infix operators: those of the namespace ---


def _infix(name: str) -> tuple[Callable, Callable]:
    def forward(self: Sparse, other: Any) -> Any:
        return getattr(NAMESPACES[type(self)], name)(self, other)

    def reflected(self: Sparse, other: Any) -> Any:
        return getattr(NAMESPACES[type(self)], name)(other, self)

    return forward, reflected


for _infix_name, _name in {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "matmul": "matmul",
    "pow": "power",
    "mod": "remainder",
}.items():
    _forward, _reflected = _infix(_name)
    setattr(Sparse, f"__{_infix_name}__", _forward)
    setattr(Sparse, f"__r{_infix_name}__", _reflected)
for _infix_name, _name in {
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
}.items():
    setattr(Sparse, f"__{_infix_name}__", _infix(_name)[0])


def _prefix(f: Callable) -> Callable:
    return lambda self: self.like(f(self.values))


for _name in ("neg", "pos"):
    setattr(Sparse, f"__{_name}__", _prefix(getattr(operator, _name)))
