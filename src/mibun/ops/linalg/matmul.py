"""Products of matrices and vectors: `@`, matmul, mm, bmm, mv, dot, vdot, outer.

One operator for each combination of dimensions, whose rules are products again. Contractions of arbitrary axes
(`einsum`, `tensordot`, `inner`, `kron`) are in `contraction.py`, sums of a product and a tensor in `addmm.py`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.registry import Array
from ...core.site import shorten
from ...core.tensor import Tensor
from ...dispatch.apply import apply_generally, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, multilinear, op
from ...dispatch.fast import make_binary
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...dispatch.torch_function import ask_infix
from ...xp.numpy.rows import row_by_row
from .matrices import adjoint

# --- the operators ---


@op(
    multilinear,
    name="dot",
    dtype=None,
    vjp={"input": lambda xp, g, other: g * xp.conj(other), "other": lambda xp, g, input: g * xp.conj(input)},
)
def _dot(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="mv",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.outer_product(g, xp.conj(other)),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, input), g),
    },
)
def _mv(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="vm",
    node="SqueezeBackward4",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(xp.conj(other), g),
        "other": lambda xp, g, input: xp.outer_product(xp.conj(input), g),
    },
)
def _vm(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="mm",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, input), g),
    },
)
def _mm(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="bmm",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, input), g),
    },
)
def _bmm(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="matmul_batched",
    node="UnsafeViewBackward0",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, input), g),
    },
)
def _matmul_batched(xp, input, other):
    return xp.matmul(input, other)


def _rows(xp: Any, x: Array) -> Array:
    """All axes but the last joined into one."""
    return xp.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


@op(
    multilinear,
    name="matmul_rows",
    node="UnsafeViewBackward0",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), _rows(xp, g)),
    },
)
def _matmul_rows(xp, input, other):
    # One large product in place of many small ones; so is the sum over the rows in the gradient of `other`.
    return xp.reshape(xp.matmul(_rows(xp, input), other), (*input.shape[:-1], other.shape[1]))


@op(
    multilinear,
    name="matmul_vector",
    node="UnsafeViewBackward0",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.expand_dims(g, axis=-1) * xp.conj(other),
        "other": lambda xp, g, input: xp.matmul(adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,))),
    },
)
def _matmul_vector(xp, input, other):
    return xp.reshape(xp.matmul(_rows(xp, input), other), input.shape[:-1])


# --- errors ---


def dtype_names(*tensors: Tensor) -> tuple[str, ...]:
    return tuple([tensor.dtype.scalar_name for tensor in tensors])


def _refuse_bool(tensor: Tensor, kernel: str) -> None:
    if tensor._array_.dtype.kind == "b":
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Bool': convert to a number type first")


def _check_dot(a: Tensor, b: Tensor, name: str = "dot") -> None:
    x, y = a._array_, b._array_
    if x.ndim != 1 or y.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors")
    if x.dtype != y.dtype:
        first, second = dtype_names(a, b)
        raise RuntimeError(f"{name} : expected both vectors to have same dtype, but found {first} and {second}")
    if x.shape != y.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{x.size}] and src [{y.size}] to have the same number of "
            f"elements, but got {x.size} and {y.size} elements respectively"
        )
    _refuse_bool(a, name)


def check_mv(matrix: Tensor, vector: Tensor) -> None:
    x, y = matrix._array_, vector._array_
    if x.ndim != 2 or y.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {x.ndim}, {y.ndim}")
    if x.shape[1] != y.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({x.shape[0]}), mat ({x.shape[0]}x{x.shape[1]}), vec ({y.shape[0]})"
        )
    if x.dtype != y.dtype:
        first, second = dtype_names(matrix, vector)
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {second}, {first}, and {second}: convert one of "
            "them with .to()"
        )
    _refuse_bool(matrix, "addmv_impl_cpu")


def check_mm(a: Tensor, b: Tensor) -> None:
    x, y = a._array_, b._array_
    for array, name in ((x, "self"), (y, "mat2")):
        if array.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, but got {array.ndim}D")
    if x.shape[1] != y.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({x.shape[0]}x{x.shape[1]} and {y.shape[0]}x{y.shape[1]}): the "
            f"inner sizes, {x.shape[1]} and {y.shape[0]}, must be the same"
        )
    _check_same(a, b)
    _refuse_bool(a, "addmm_impl_cpu_")


def _check_same(a: Tensor, b: Tensor) -> None:
    if a._array_.dtype != b._array_.dtype:
        first, second = a.dtype.cpp_name, b.dtype.cpp_name
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {first} != {second}. Convert one of them with .to()"
        )


def check_bmm(a: Tensor, b: Tensor) -> None:
    x, y = a._array_, b._array_
    for array, name in ((x, "batch1"), (y, "batch2")):
        if array.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor, but got {array.ndim}D")
    if x.shape[0] != y.shape[0] or x.shape[2] != y.shape[1]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{x.shape[0]}, {x.shape[2]}] but got: "
            f"[{y.shape[0]}, {y.shape[1]}]."
        )
    if x.dtype != y.dtype:
        first, second = dtype_names(a, b)
        raise RuntimeError(f"expected scalar type {first} but found {second}")
    _refuse_bool(a, "bmm")


def _check_matmul(a: Tensor, b: Tensor) -> None:
    x, y = a._array_, b._array_
    if x.ndim == 0 or y.ndim == 0:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {x.ndim}D and {y.ndim}D")
    rows, inner = (1, x.shape[0]) if x.ndim == 1 else x.shape[-2:]
    other_inner, columns = (y.shape[0], 1) if y.ndim == 1 else y.shape[-2:]
    if x.ndim <= 2 and y.ndim <= 2:
        if inner != other_inner:
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({rows}x{inner} and {other_inner}x{columns})"
            )
    else:
        check_broadcast([x.shape[:-2], y.shape[:-2]])
        if inner != other_inner:
            batch = math.prod(np.broadcast_shapes(x.shape[:-2], y.shape[:-2]))
            if x.ndim == 1 or y.ndim == 1:
                rows = math.prod(x.shape[:-1]) if y.ndim == 1 else math.prod(y.shape) // max(other_inner, 1)
                size, length = (inner, other_inner) if y.ndim == 1 else (other_inner, inner)
                raise RuntimeError(f"size mismatch, got input ({rows}), mat ({rows}x{size}), vec ({length})")
            if x.ndim <= 2 or y.ndim <= 2:
                raise RuntimeError(
                    f"mat1 and mat2 shapes cannot be multiplied ({math.prod(x.shape[:-1])}x{inner} and "
                    f"{other_inner}x{math.prod(y.shape) // max(other_inner, 1)})"
                )
            raise RuntimeError(
                f"Expected size for first two dimensions of batch2 tensor to be: [{batch}, {inner}] but got: "
                f"[{batch}, {other_inner}]."
            )
    if x.ndim > 2 and y.ndim > 2 and x.dtype != y.dtype:
        first, second = dtype_names(a, b)
        raise RuntimeError(f"expected scalar type {first} but found {second}")
    _check_same(a, b)
    _refuse_bool(a, "bmm" if x.ndim > 2 and y.ndim > 2 else "addmm_impl_cpu_")


# --- the fast path ---


def _checked(record: Op, check: Callable) -> Callable:
    """The operator on the fast path; whatever does not fit is checked, then taken by the general path."""

    def general(input: Tensor, other: Tensor, *, failed: list[Exception] | None = None) -> Tensor:
        check(input, other)
        return apply_generally(record, (input, other), {}, failed)

    call = make_binary(record, general, infix=True)

    def product(input: Tensor, other: Tensor) -> Tensor:
        try:
            if input._array_.dtype.kind == "b":
                check(input, other)
            return call(input, other)
        except Exception as error:
            shorten(error, 2)
            raise

    return product


_product_dot = _checked(_dot, _check_dot)
_product_mv = _checked(_mv, check_mv)
_product_vm = _checked(_vm, _check_matmul)
_product_mm = _checked(_mm, check_mm)
_product_bmm = _checked(_bmm, check_bmm)
_product_rows = _checked(_matmul_rows, _check_matmul)
_product_vector = _checked(_matmul_vector, _check_matmul)
_product_batched = _checked(_matmul_batched, _check_matmul)
_BY_DIMENSIONS = {(1, 1): _product_dot, (2, 1): _product_mv, (1, 2): _product_vm, (2, 2): _product_mm}


def _product(input: Tensor, other: Tensor) -> Tensor:
    n, m = input._array_.ndim, other._array_.ndim
    product = _BY_DIMENSIONS.get((n, m))
    if product is not None:
        return product(input, other)
    if n == 0 or m == 0:
        _check_matmul(input, other)
    if m == 1:
        return _product_vector(input, other)
    if m == 2:
        return _product_rows(input, other)
    if n == 1:
        return _product_batched(input.unsqueeze(0), other).squeeze(-2)
    return _product_batched(input, other)


# --- the public functions ---


@public("matmul")
def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of vectors, matrices and batches of matrices, as `input @ other`.

    Two vectors: their dot product. Two matrices: their product, `out[i, k] = sum_j input[i, j] other[j, k]`. A vector
    beside a matrix or more is a row on the left, a column on the right. More dimensions: the last two are matrices, the
    ones before them are a batch and broadcast.

    Args:
        input, other: of one dtype, any but bool; none of them 0-d.
        out: a tensor to write the result into.

    Returns:
        (*, n, p) from (*, n, m) and (*, m, p), without the dimension that a vector has not.

    Raises:
        RuntimeError: where the sizes do not fit, the batches do not broadcast, one is 0-d, or the dtypes differ.
        NotImplementedError: for bools.

    >>> import mibun as torch
    >>> torch.tensor([[1., 2.], [3., 4.]]) @ torch.tensor([1., 1.])
    tensor([3., 7.])
    >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
    torch.Size([5, 2, 4])
    """
    if not isinstance(input, Tensor) or not isinstance(other, Tensor):
        check_tensor(input, "matmul")
        check_tensor(other, "matmul", "other", 2)
    return finish(_product(input, other), out, "matmul")


@public("__matmul__", function=False)
def _matmul_infix(self: Tensor, other: Any) -> Tensor:
    """`self @ other`."""
    if isinstance(other, Tensor):
        return _product(self, other)
    return ask_infix("__matmul__", self, other)


@public("__rmatmul__", function=False)
def _matmul_reflected(self: Tensor, other: Any) -> Tensor:
    """`other @ self`."""
    return _product(other, self) if isinstance(other, Tensor) else ask_infix("__rmatmul__", self, other)


@public("mm")
def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices: `out[i, k] = sum_j input[i, j] mat2[j, k]`, without broadcasting (see `matmul`).

    Args:
        input: (n, m).
        mat2: (m, p), of the same dtype.

    Returns:
        (n, p).

    Raises:
        RuntimeError: where one is not 2-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.mm(torch.tensor([[1, 2]]), torch.tensor([[3], [4]]))
    tensor([[11]])
    """
    check_tensor(input, "mm")
    check_tensor(mat2, "mm", "mat2", 2)
    if input._array_.ndim != 2 or mat2._array_.ndim != 2:
        check_mm(input, mat2)
    return finish(_product_mm(input, mat2), out, "mm")


@public("spmm", method=False)
def spmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`mm`, by the name that it once had for a sparse matrix on the left."""
    return mm(input, mat2, out=out)


@public("dsmm", method=False)
def dsmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`mm`, by the name that it once had for a sparse matrix on the right."""
    return mm(input, mat2, out=out)


@public("bmm")
def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of two batches of matrices: `out[b] = input[b] @ mat2[b]`, without broadcasting (see `matmul`).

    Args:
        input: (b, n, m).
        mat2: (b, m, p), of the same dtype.

    Returns:
        (b, n, p).

    Raises:
        RuntimeError: where one is not 3-D, the sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.bmm(torch.ones(10, 3, 4), torch.ones(10, 4, 5)).shape
    torch.Size([10, 3, 5])
    """
    check_tensor(input, "bmm")
    check_tensor(mat2, "bmm", "mat2", 2)
    if input._array_.ndim != 3 or mat2._array_.ndim != 3 or input._array_.shape[0] != mat2._array_.shape[0]:
        check_bmm(input, mat2)
    return finish(_product_bmm(input, mat2), out, "bmm")


@public("mv")
def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of a matrix and a vector: `out[i] = sum_j input[i, j] vec[j]`.

    Args:
        input: (n, m).
        vec: (m,), of the same dtype.

    Returns:
        (n,).

    Raises:
        RuntimeError: where the dimensions or sizes do not fit or the dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.mv(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([1., 1.]))
    tensor([3., 7.])
    """
    check_tensor(input, "mv")
    check_tensor(vec, "mv", "vec", 2)
    if input._array_.ndim != 2 or vec._array_.ndim != 1:
        check_mv(input, vec)
    return finish(_product_mv(input, vec), out, "mv")


@public("dot")
def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors: `sum_i input[i] tensor[i]`; complex numbers are not conjugated (see `vdot`).

    Args:
        input, tensor: (n,) both, of one dtype.

    Returns:
        a 0-d tensor.

    Raises:
        RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.dot(torch.tensor([1., 2.]), torch.tensor([3., 4.]))
    tensor(11.)
    """
    check_tensor(input, "dot")
    check_tensor(tensor, "dot", "tensor", 2)
    if input._array_.ndim != 1 or tensor._array_.ndim != 1:
        _check_dot(input, tensor)
    return finish(_product_dot(input, tensor), out, "dot")


@op(
    name="vdot",
    dtype=None,
    vjp={"input": lambda xp, g, other: xp.conj(g) * other, "other": lambda xp, g, input: g * input},
    jvp={"input": lambda xp, t, other: xp.vdot(t, other), "other": lambda xp, t, input: xp.vdot(input, t)},
)
def _vdot(xp, input, other):
    return xp.matmul(xp.conj(input), other)


@public("vdot")
def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product of two vectors, the first one conjugated: `sum_i conj(input[i]) other[i]`.

    Args:
        input, other: (n,) both, of one dtype.

    Returns:
        a 0-d tensor.

    Raises:
        RuntimeError: where one is not 1-D, or sizes or dtypes differ. NotImplementedError for bools.

    >>> import mibun as torch
    >>> torch.vdot(torch.tensor([1 + 1j]), torch.tensor([1 + 1j]))
    tensor(2.+0.j)
    """
    check_tensor(input, "vdot")
    check_tensor(other, "vdot", "other", 2)
    _check_dot(input, other, "vdot")
    return finish(_vdot(input, other), out, "vdot")


@public("outer", "ger")
def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The outer product of two vectors: `out[i, j] = input[i] vec2[j]`.

    Args:
        input: (n,).
        vec2: (m,); dtypes are promoted.

    Returns:
        (n, m).

    Raises:
        RuntimeError: where one is not 1-D.

    >>> import mibun as torch
    >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4, 5]))
    tensor([[ 3,  4,  5],
            [ 6,  8, 10]])
    """
    check_tensor(input, "outer")
    check_tensor(vec2, "outer", "vec2", 2)
    for tensor, name in ((input, "self"), (vec2, "vec2")):
        if tensor._array_.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {tensor._array_.ndim}-D")
    shape = (input._array_.shape[0], vec2._array_.shape[0])
    return finish(row_by_row(operator.mul, shape, input.reshape(-1, 1), vec2), out, "outer")
