"""Layouts: whether a tensor is dense or sparse, from one to the other, and what sparse tensors consist of.

The names are here, so that every Tensor has them; what they do with sparse tensors is in `ops/sparse/`, which is loaded
when the first sparse tensor is made.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import dtypes
from ...core.device import check_device
from ...core.dtypes import as_dtype, dtype, layout
from ...core.registry import DECLARED_LATER, LEADING, namespace_of
from ...core.tensor import Tensor, bind_method, require_grad, wrap
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..annotations import Number


def is_sparse_array(array: Any) -> bool:
    """Whether a raw array is sparse, in whatever layout."""
    return type(array) in LEADING


def _sparse(module: str = "conversion") -> Any:
    """A module of `ops/sparse/`, which uses this one."""
    return importlib.import_module(f"...ops.sparse.{module}", __package__)


def is_sparse_layout(layout: Any) -> bool:
    """Whether what is given as a layout is a sparse one."""
    return layout is not None and layout is not dtypes.strided and isinstance(layout, dtypes.layout)


def sparse_zeros(
    function: str, size: tuple[int, ...], layout: Any, dtype: Any, device: Any, requires_grad: bool
) -> Tensor:
    """A sparse tensor without elements: what `zeros` and `empty` make where a sparse layout is asked for."""
    check_device(device, function)
    kind = dtypes.get_default_dtype() if dtype is None else as_dtype(dtype, function)
    return _sparse("construction").zeros_in_layout(size, kind, layout, function, requires_grad)


def sparse_in_old_form(args: tuple[Any, ...], dtype: Any, device: Any) -> Tensor:
    """What `torch.sparse.FloatTensor(*args)` and `sparse.new(*args)` make."""
    return _sparse("construction").old_form(args, dtype, device)


def sparse_zeros_like(
    function: str, input: Tensor, layout: Any, dtype: Any, device: Any, requires_grad: bool
) -> Tensor:
    """`zeros_like` and `empty_like` where a sparse tensor is the model, or a sparse layout is asked for."""
    own, wanted = layout_of(input), layout or layout_of(input)
    kind = input.dtype if dtype is None else as_dtype(dtype, function)
    if own is not wanted:
        return sparse_zeros(function, tuple(input.shape), wanted, kind, device, requires_grad)
    check_device(device, function)
    if function == "empty_like" and own is not dtypes.sparse_coo:
        result = wrap(input._array_.like(np.zeros(input._array_.values.shape, kind.np)))  # with the same places
    else:
        result = wrap(namespace_of(input._array_).zeros_like(input._array_, dtype=kind.np))
    return require_grad(result) if requires_grad else result


def sparse_filled_like(function: str, input: Tensor, value: complex, dtype: Any, requires_grad: bool) -> Tensor:
    """`ones_like` and `full_like` of a sparse tensor: compressed ones keep their places. COO has no such thing."""
    array = input._array_
    if array.layout is dtypes.sparse_coo:
        raise NotImplementedError(
            f"Could not run 'aten::fill_.Scalar' with arguments from the 'SparseCPU' backend: {function}() of a sparse "
            "tensor would be dense. Convert it with to_dense() first."
        )
    kind = array.dtype if dtype is None else as_dtype(dtype, function).np
    result = wrap(array.like(np.full(array.values.shape, value, kind)))
    return require_grad(result) if requires_grad else result


# Operators that other families name, though they are declared with the sparse ones.
DECLARED_LATER.update(dict.fromkeys(("densified", "sparse_narrow", "sparse_element"), lambda: _sparse("places")))


def sparse_rows(rows: Any, indices: Any, n: int, excluded: int) -> Any:
    """Rows (*, d) by index (*) as a raw COO array (n, d) that has each of them; one index may be left out."""
    return _sparse("places").rows_at(rows, indices, n, excluded)


def layout_of(input: Tensor) -> layout:
    """The layout of a tensor."""
    array = input._array_
    return array.layout if type(array) in LEADING else dtypes.strided


bind_method("layout", property(layout_of, doc="How the elements are stored: `torch.strided`, or a sparse layout."))
bind_method(
    "is_sparse",
    property(lambda self: layout_of(self) is dtypes.sparse_coo, doc="Whether the layout is `torch.sparse_coo`."),
)
bind_method(
    "is_sparse_csr",
    property(lambda self: layout_of(self) is dtypes.sparse_csr, doc="Whether the layout is `torch.sparse_csr`."),
)


# --- from layout to layout ---


@public("to_dense", function=False)
def to_dense(self: Tensor, dtype: dtype | None = None, *, masked_grad: bool | None = None) -> Tensor:
    """All elements in a dense tensor; a dense one is itself, in another dtype if one is given.

    masked_grad: whether the gradient of a sparse tensor has elements at its own places alone, which is so if left out.

    >>> import mibun as torch
    >>> torch.sparse_coo_tensor([[1]], [5.], (3,)).to_dense()
    tensor([0., 5., 0.])
    """
    if is_sparse_array(self._array_):
        self = _sparse().to_dense(self, masked_grad)
    return self if dtype is None else self.to(dtype)


@public("to_sparse", function=False)
def to_sparse(
    self: Tensor,
    sparse_dim: int | None = None,
    *,
    layout: layout | None = None,
    blocksize: Sequence[int] | None = None,
    dense_dim: int | None = None,
) -> Tensor:
    """The tensor in a sparse layout: the elements that are not zero, and where they are.

    Args:
        sparse_dim: COO only: how many dimensions have indices, the first ones; all if left out.
        layout: `torch.sparse_coo` if left out.
        blocksize: the two sizes of a block, for BSR and BSC.
        dense_dim: for compressed layouts: how many of the last dimensions have no indices.

    Raises:
        RuntimeError: where the numbers of dimensions or the blocks do not fit.

    >>> import mibun as torch
    >>> torch.tensor([[0., 2.], [0., 0.]]).to_sparse()
    tensor(indices=tensor([[0],
                           [1]]),
           values=tensor([2.]),
           size=(2, 2), nnz=1, layout=torch.sparse_coo)
    """
    if sparse_dim is not None and (layout is not None or blocksize is not None or dense_dim is not None):
        raise TypeError("to_sparse(): sparse_dim cannot be given with layout, blocksize or dense_dim")
    return _sparse().convert(self, layout or dtypes.sparse_coo, sparse_dim, blocksize, dense_dim, "to_sparse")


def _to_coo(self: Tensor) -> Tensor:
    """The tensor in the layout `torch.sparse_coo`."""
    return to_sparse(self)


public("to_sparse_coo", function=False)(_to_coo)


def _to_layout(name: str, kind: Any, blocked: bool) -> None:
    def in_blocks(self: Tensor, blocksize: Sequence[int], dense_dim: int | None = None) -> Tensor:
        return _sparse().convert(self, kind, None, blocksize, dense_dim, name)

    def one_by_one(self: Tensor, dense_dim: int | None = None) -> Tensor:
        return _sparse().convert(self, kind, None, None, dense_dim, name)

    convert: Any = in_blocks if blocked else one_by_one
    convert.__doc__ = (
        f"The tensor in the layout `{kind}`: "
        + ("`blocksize` has the two sizes of a block, " if blocked else "")
        + "`dense_dim` says how many of the last dimensions have no indices."
    )
    public(name, function=False)(convert)


_to_layout("to_sparse_csr", dtypes.sparse_csr, False)
_to_layout("to_sparse_csc", dtypes.sparse_csc, False)
_to_layout("to_sparse_bsr", dtypes.sparse_bsr, True)
_to_layout("to_sparse_bsc", dtypes.sparse_bsc, True)


@public("sparse_mask", function=False)
def sparse_mask(self: Tensor, mask: Tensor) -> Tensor:
    """The elements at the places that the sparse tensor `mask` has specified, in its layout.

    >>> import mibun as torch
    >>> torch.arange(4.).reshape(2, 2).sparse_mask(torch.eye(2).to_sparse()).values()
    tensor([0., 3.])
    """
    check_tensor(mask, "sparse_mask", "mask", 1)
    return _sparse().sparse_mask(self, mask)


@public("_sparse_mask_projection", function=False)
def _sparse_mask_projection(self: Tensor, mask: Tensor, accumulate_matches: bool = False) -> Tensor:
    """The elements of a sparse tensor at the places of another one."""
    return sparse_mask(self, mask)


# --- what it consists of ---


@public("sparse_dim", function=False)
def sparse_dim(self: Tensor) -> int:
    """How many dimensions have indices: none of a dense tensor's."""
    return _sparse().sparse_dim(self) if is_sparse_array(self._array_) else 0


@public("dense_dim", function=False)
def dense_dim(self: Tensor) -> int:
    """How many dimensions have no indices: all of a dense tensor's."""
    return _sparse().dense_dim(self) if is_sparse_array(self._array_) else self.dim()


_WANTED = {
    "coalesce": "sparse coordinate",
    "is_coalesced": "sparse coordinate",
    "indices": "sparse coordinate",
    "values": "sparse",
    "crow_indices": "sparse row compressed",
    "col_indices": "sparse row compressed",
    "ccol_indices": "sparse column compressed",
    "row_indices": "sparse column compressed",
}
_DOCS = {
    "coalesce": "The same sparse COO tensor with sorted indices that occur once each; values at equal ones are summed.",
    "is_coalesced": "Whether the indices of a sparse COO tensor are known to be sorted and to occur once each.",
    "indices": "The indices of a coalesced COO tensor: (sparse dimensions, n), int64.",
    "values": "The values of a sparse tensor: (n, *dense dimensions); through it gradients flow to the tensor.",
    "crow_indices": "Where each row of a CSR or BSR tensor begins: (*batch, rows + 1).",
    "col_indices": "The columns of the elements of a CSR or BSR tensor: (*batch, n).",
    "ccol_indices": "Where each column of a CSC or BSC tensor begins: (*batch, columns + 1).",
    "row_indices": "The rows of the elements of a CSC or BSC tensor: (*batch, n).",
}


def _part(name: str) -> Callable:
    def part(self: Tensor) -> Any:
        if is_sparse_array(self._array_):
            return getattr(_sparse(), name)(self)
        raise RuntimeError(f"{name} expected {_WANTED[name]} tensor layout but got Strided")

    part.__doc__ = f"{_DOCS[name]} RuntimeError for a tensor of another layout."
    return part


for _name in _WANTED:
    public(_name, function=False)(_part(_name))


def _private(name: str, doc: str) -> None:
    def part(self: Tensor) -> Any:
        if is_sparse_array(self._array_):
            return getattr(_sparse(), name)(self)
        raise NotImplementedError(
            f"Could not run 'aten::{name}' with arguments from the 'CPU' backend: the tensor is dense, and only sparse "
            "ones have this."
        )

    part.__doc__ = doc
    public(name, function=False)(part)


_private("_indices", "The indices of a COO tensor as they are, coalesced or not.")
_private("_values", "The values of a sparse tensor as they are, coalesced or not, outside of the graph.")
_private("_nnz", "How many elements are specified in a sparse tensor.")
_private("_dimI", "How many dimensions of a COO tensor have indices.")
_private("_dimV", "How many dimensions of a COO tensor have none.")


@public("_coalesced_", function=False)
def _coalesced_(self: Tensor, coalesced: bool) -> Tensor:
    """Say of a COO tensor whether its indices are sorted and occur once each: nobody looks."""
    return _sparse().set_coalesced(self, coalesced)


# --- changing the size ---


def _refuse_dense(self: Tensor, name: str) -> None:
    if not is_sparse_array(self._array_):
        raise NotImplementedError(
            f"Could not run 'aten::{name}' with arguments from the 'CPU' backend: the tensor is dense, and only sparse "
            "ones have this."
        )


@public("sparse_resize_", function=False)
def sparse_resize_(self: Tensor, size: Sequence[int], sparse_dim: int, dense_dim: int) -> Tensor:
    """Give a COO tensor another size in place, which must hold its elements, and other numbers of dimensions.

    RuntimeError where elements would have to go.
    """
    _refuse_dense(self, "sparse_resize_")
    return _sparse().resize(self, size, sparse_dim, dense_dim)


@public("sparse_resize_and_clear_", function=False)
def sparse_resize_and_clear_(self: Tensor, size: Sequence[int], sparse_dim: int, dense_dim: int) -> Tensor:
    """Give a COO tensor another size in place, and no elements."""
    _refuse_dense(self, "sparse_resize_and_clear_")
    return _sparse().resize(self, size, sparse_dim, dense_dim, clear=True)


@public("resize_as_sparse_")
def resize_as_sparse_(input: Tensor, the_template: Tensor) -> Tensor:
    """`sparse_resize_` to the sizes and dimensions of another COO tensor."""
    check_tensor(the_template, "resize_as_sparse_", "the_template", 2)
    _refuse_dense(input, "resize_as_sparse_")
    return _sparse().resize(input, the_template.shape, the_template.sparse_dim(), the_template.dense_dim())


# --- products whose result is sparse ---


@public("smm")
def smm(input: Tensor, mat2: Tensor) -> Tensor:
    """A sparse matrix by a dense one, as a sparse COO matrix; it has no derivative.

    Args:
        input: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> torch.smm(torch.eye(2).to_sparse(), torch.tensor([[1., 2.], [3., 4.]])).to_dense()
    tensor([[1., 2.],
            [3., 4.]])
    """
    check_tensor(input, "smm")
    check_tensor(mat2, "smm", "mat2", 2)
    return _sparse("products").smm(input, mat2)


@public("sspaddmm")
def sspaddmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2) as a sparse COO matrix; it has no derivative.

    Args:
        input: (n, p), in COO; mat1: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> eye = torch.eye(2).to_sparse()
    >>> torch.sspaddmm(eye, eye, torch.ones(2, 2), beta=10).to_dense()
    tensor([[11.,  1.],
            [ 1., 11.]])
    """
    check_tensor(input, "sspaddmm")
    check_tensor(mat1, "sspaddmm", "mat1", 2)
    check_tensor(mat2, "sspaddmm", "mat2", 3)
    return _sparse("products").sspaddmm(input, mat1, mat2, beta, alpha, out)


@public("hspmm", method=False)
def hspmm(mat1: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A sparse matrix by a dense one, as a COO tensor of one sparse dimension: the rows that are not empty.

    Args:
        mat1: (n, m), in COO; mat2: (m, p), dense.

    Raises:
        NotImplementedError: for other layouts, and in the backward pass. RuntimeError: where the sizes do not fit.

    >>> import mibun as torch
    >>> torch.hspmm(torch.eye(2).to_sparse(), torch.ones(2, 3)).values()
    Traceback (most recent call last):
    RuntimeError: Cannot get values on an uncoalesced tensor, please call .coalesce() first
    """
    check_tensor(mat1, "hspmm", "mat1", 1)
    check_tensor(mat2, "hspmm", "mat2", 2)
    return _sparse("products").hspmm(mat1, mat2, out)


@public("hsmm", method=False)
def hsmm(mat1: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The older name of `hspmm`, which see."""
    return hspmm(mat1, mat2, out=out)


@public("saddmm", method=False)
def saddmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The older name of `sspaddmm`, which see."""
    return sspaddmm(input, mat1, mat2, beta=beta, alpha=alpha, out=out)
