"""Products with sparse matrices: `torch.sparse.mm`, `addmm`, `sampled_addmm`; `smm`, `hspmm`, `sspaddmm`.

`x @ y` with a sparse operand is the ordinary operator (`ops/linalg/matmul.py`), whose gradient for the sparse operand
is dense; here it has elements at the places of that operand alone, and nothing else is computed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.tensor import Tensor, name_as, wrap
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import multilinear
from ...dispatch.overloads import finish
from ...xp.sparse import compressed, coordinates, products
from ...xp.sparse.array import Compressed, Coordinates, Sparse
from ...xp.sparse.namespace import refusal
from ..annotations import Number
from ..linalg.matmul import check_mm
from ..linalg.matmul import mm as dense_mm
from ..linalg.matrices import adjoint
from .places import sparse_op, values_of, with_values, with_values_compressed


@sparse_op(
    multilinear,
    name="sampled_values",
    dtype=None,
    scalars=False,
    constant=("pattern",),
    vjp={
        "x": lambda xp, g, y, pattern: xp.matmul(xp.with_values(g, pattern), adjoint(xp, y)),
        "y": lambda xp, g, x, pattern: xp.matmul(xp.matrix_transpose(xp.with_values(g, pattern)), xp.conj(x)).mT,
    },
)
def _sampled_values(xp, x, y, pattern):
    if hasattr(x, "levels") or hasattr(y, "levels"):
        raise refusal("sparse_sampled_addmm", pattern)
    return products.sampled(np.asarray(x), np.asarray(y), pattern)


def _sampled_rule(xp: Any, g: Any, a: Any, b: Any) -> Any:
    return xp.with_values(xp.sampled_values(g, adjoint(xp, b), a), a)


@sparse_op(
    multilinear,
    name="sparse_mm",
    node="SparseAddmmBackward0",
    dtype=None,
    scalars=False,
    vjp={
        "a": _sampled_rule,
        "b": lambda xp, g, a: xp.matmul(adjoint(xp, a), g),
    },
)
def _sparse_mm(xp, a, b):
    """A sparse matrix by a dense one."""
    return xp.matmul(a, b)


@sparse_op(
    multilinear,
    name="sparse_sparse_mm",
    node="SparseSparseMatmulBackward0",
    dtype=None,
    scalars=False,
    vjp={
        "a": lambda xp, g, a, b: xp.masked(xp.matmul(g, adjoint(xp, b)), a, dense=False, once=True),
        "b": lambda xp, g, a, b: xp.masked(xp.matmul(adjoint(xp, a), g), b, dense=False, once=True),
    },
)
def _sparse_sparse_mm(xp, a, b):
    """The product of two sparse matrices, sparse."""
    return products.matmul(a, b)


def _is_sparse(tensor: Tensor) -> bool:
    return isinstance(tensor._array_, Sparse)


def _coalesced(tensor: Tensor) -> Tensor:
    return tensor.coalesce() if isinstance(tensor._array_, Coordinates) else tensor


def mm(mat1: Tensor, mat2: Tensor, reduce: str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices of which the first, or both, are sparse.

    Args:
        mat1: (n, m), sparse (COO or a compressed layout).
        mat2: (m, p), dense or sparse.
        reduce: for CSR by a dense matrix, what becomes of the scaled rows: "sum" (or None), "mean", "amax" or "amin".

    Returns:
        (n, p): dense, or sparse if both are. The gradient of a sparse operand has elements at its own places alone.

    Raises:
        RuntimeError: where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> torch.sparse.mm(torch.eye(2).to_sparse(), torch.tensor([[1., 2.], [3., 4.]]))
    tensor([[1., 2.],
            [3., 4.]])
    """
    check_tensor(mat1, "mm", "mat1", 1)
    check_tensor(mat2, "mm", "mat2", 2)
    check_mm(mat1, mat2)
    if reduce is not None:
        return _reduced(mat1, mat2, reduce)
    if _is_sparse(mat1) and _is_sparse(mat2):
        result = apply(_sparse_sparse_mm, (_coalesced(mat1), _coalesced(mat2)), {})
    elif _is_sparse(mat1):
        result = apply(_sparse_mm, (_coalesced(mat1), mat2), {})
    elif _is_sparse(mat2):
        result = apply(_sparse_mm, (_coalesced(mat2.t()), mat1.t()), {}).t()
    else:
        result = dense_mm(mat1, mat2)
    return finish(result, out, "mm")


def _reduced(mat1: Tensor, mat2: Tensor, reduce: str) -> Tensor:
    """The rows of `mat2` that a row of `mat1` names, scaled, and added, averaged or compared."""
    array = mat1._array_
    if reduce not in ("sum", "mean", "amax", "amin"):
        raise RuntimeError(f"reduce argument must be either sum, mean, amax or amin, got {reduce}.")
    if not isinstance(array, Compressed) or _is_sparse(mat2):
        raise refusal("_sparse_mm_reduce_impl", array)
    if not array.by_rows or array.block:
        mat1 = mat1.to_sparse_csr()
        array = mat1._array_
    rows = wrap(compressed.lines_of(array.pointers))
    scaled = mat2[wrap(array.others.astype(np.int64))] * mat1.values().unsqueeze(-1)
    zeros = wrap(np.zeros((array.shape[0], mat2.shape[1]), mat2._array_.dtype))
    kind = {"sum": "sum", "mean": "mean"}.get(reduce, reduce)
    return zeros.scatter_reduce(0, rows.unsqueeze(-1).expand(scaled.shape), scaled, kind, include_self=False)


def addmm(mat: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta * mat + alpha * (mat1 @ mat2), with a sparse `mat1`, whose gradient is sparse.

    Args:
        mat: (n, p), dense; mat1: (n, m), sparse; mat2: (m, p), dense.

    >>> import mibun as torch
    >>> torch.sparse.addmm(torch.ones(2, 1), torch.eye(2).to_sparse(), torch.tensor([[1.], [2.]]), beta=10)
    tensor([[11.],
            [12.]])
    """
    for position, (name, tensor) in enumerate((("mat", mat), ("mat1", mat1), ("mat2", mat2)), 1):
        check_tensor(tensor, "addmm", name, position)
    product = mm(mat1, mat2)
    if alpha != 1:
        product = product * alpha
    return product if beta == 0 else (mat if beta == 1 else mat * beta) + product


def sampled_addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1.0, alpha: Number = 1.0, out: Tensor | None = None
) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2) at the places of a CSR matrix, where alone the product is computed.

    Args:
        input: (n, p), in CSR; mat1: (n, m), dense; mat2: (m, p), dense.

    Returns:
        (n, p) in CSR, with the places of `input`.

    Raises:
        NotImplementedError: for COO. RuntimeError: where sizes or dtypes do not fit.

    >>> import mibun as torch
    >>> ones = torch.ones(2, 2)
    >>> torch.sparse.sampled_addmm(torch.eye(2).to_sparse_csr(), ones, ones, beta=0).values()
    tensor([2., 2.])
    """
    array = input._array_
    if not isinstance(array, Compressed):
        raise refusal("sparse_sampled_addmm", array)
    if array.block or not array.by_rows:
        raise RuntimeError("sampled_addmm: Expected self to have sparse csr layout")
    if _is_sparse(mat1) or _is_sparse(mat2):
        raise RuntimeError("sampled_addmm: Expected mat1 and mat2 to have strided layout")
    check_mm(mat1, mat2)
    shape = (mat1.shape[0], mat2.shape[1])
    if array.shape != shape:
        raise RuntimeError(f"sampled_addmm: self.shape {list(array.shape)} must match the product's, {list(shape)}")
    values = apply(_sampled_values, (mat1, mat2, input.detach()), {})
    if alpha != 1:
        values = values * alpha
    if beta != 0:
        values = values + (input.values() if beta == 1 else input.values() * beta)
    result = apply(with_values_compressed, (values, input.detach()), {})
    if out is None:
        return result
    out._array_.become(result._array_)
    return out


# --- products whose result is sparse, which have no derivative in PyTorch ---


def _without_derivative(name: str) -> Any:
    def rule(xp: Any, g: Any) -> Any:
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return rule


@sparse_op(name="hspmm", node="NotImplemented", dtype=None, vjp=dict.fromkeys(("a", "b"), _without_derivative("hspmm")))
def _hspmm(xp, a, b):
    x = coordinates.coalesce(a)
    rows = np.unique(x.indices[0])
    return Coordinates(rows[None], products.matmul(x, b)[rows], (a.shape[0], b.shape[1]))


@sparse_op(
    name="sspaddmm",
    node="NotImplemented",
    dtype=None,
    vjp=dict.fromkeys(("input", "a", "b"), _without_derivative("sspaddmm")),
)
def _sspaddmm(xp, input, a, b, *, beta, alpha):
    x = coordinates.coalesce(a)
    rows = np.unique(x.indices[0])
    product = products.matmul(x, b)[rows] * alpha
    width = b.shape[1]
    indices = np.stack((np.repeat(rows, width), np.tile(np.arange(width), len(rows))))
    own = input.values * beta
    return Coordinates(
        np.concatenate((input.indices, indices), axis=1), np.concatenate((own, product.reshape(-1))), input.shape
    )


def _check_coordinates(name: str, *tensors: Tensor) -> None:
    for tensor in tensors:
        if not isinstance(tensor._array_, Coordinates):
            raise refusal(name, tensor._array_)


def hspmm(mat1: Tensor, mat2: Tensor, out: Tensor | None) -> Tensor:
    _check_coordinates("hspmm", mat1)
    check_mm(mat1, mat2)
    return finish(apply(_hspmm, (mat1, mat2), {}), out, "hspmm")


def smm(input: Tensor, mat: Tensor) -> Tensor:
    _check_coordinates("smm", input)
    check_mm(input, mat)
    empty = wrap(coordinates.empty((input.shape[0], mat.shape[1]), input._array_.dtype))
    return apply(_sspaddmm, (empty, input, mat), {"beta": 0, "alpha": 1})


def sspaddmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    beta: Number,
    alpha: Number,
    out: Tensor | None,
) -> Tensor:
    _check_coordinates("sspaddmm", input, mat1)
    check_mm(mat1, mat2)
    if tuple(input.shape) != (mat1.shape[0], mat2.shape[1]):
        raise RuntimeError(
            f"sspaddmm: Argument #1: Expected dim 0 size {mat1.shape[0]} and dim 1 size {mat2.shape[1]}, got "
            f"{list(input.shape)}"
        )
    return finish(apply(_sspaddmm, (input, mat1, mat2), {"beta": beta, "alpha": alpha}), out, "sspaddmm")


def spsolve(input: Tensor, other: Tensor, *, left: bool = True) -> Tensor:
    """The solution of a system of linear equations with a CSR matrix: RuntimeError, as in PyTorch without cuDSS.

    >>> import mibun as torch
    >>> try:
    ...     torch.sparse.spsolve(torch.eye(2).to_sparse_csr(), torch.ones(2))
    ... except NotImplementedError as error:
    ...     print(str(error)[:30])
    Could not run 'aten::_spsolve'
    """
    raise refusal("_spsolve", input._array_)


def values_and_pattern(input: Tensor) -> tuple[Tensor, Tensor]:
    """The values of a sparse tensor, with its history, and the tensor as a pattern to put values at."""
    return apply(values_of, (input,), {}), input.detach()


def at_places(values: Tensor, pattern: Tensor) -> Tensor:
    """A sparse tensor of other values at the places of a pattern."""
    return apply(with_values, (values, pattern), {})


for _function in (mm, addmm, sampled_addmm, spsolve):
    name_as(_function, "mibun.sparse", _function.__name__)
