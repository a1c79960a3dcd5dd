"""Products of matrices and vectors: `@`, mm, bmm, mv, dot and their fused forms with an addition.

One operator for each combination of dimensions, whose rules are products again. Contractions of arbitrary axes
(`einsum`, `tensordot`, `inner`, `kron`) are in `contraction.py`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.dtypes import from_numpy_dtype, result_dtype
from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import multilinear, op
from ...dispatch.fast import make_binary
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public


def _adjoint(xp: Any, x: Any) -> Any:
    return xp.matrix_transpose(xp.conj(x))


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
        "input": lambda xp, g, other: xp.expand_dims(g, axis=1) * xp.conj(other),
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, input), g),
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
        "other": lambda xp, g, input: xp.expand_dims(xp.conj(input), axis=1) * g,
    },
)
def _vm(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="mm",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, _adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, input), g),
    },
)
def _mm(xp, input, other):
    return xp.matmul(input, other)


@op(
    multilinear,
    name="bmm",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, _adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, input), g),
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
        "input": lambda xp, g, other: xp.matmul(g, _adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, input), g),
    },
)
def _matmul_batched(xp, input, other):
    return xp.matmul(input, other)


def _rows(xp: Any, x: Any) -> Any:
    """All axes but the last joined into one."""
    return xp.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


@op(
    multilinear,
    name="matmul_rows",
    node="UnsafeViewBackward0",
    dtype=None,
    vjp={
        "input": lambda xp, g, other: xp.matmul(g, _adjoint(xp, other)),
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, _rows(xp, input)), _rows(xp, g)),
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
        "other": lambda xp, g, input: xp.matmul(_adjoint(xp, _rows(xp, input)), xp.reshape(g, (-1,))),
    },
)
def _matmul_vector(xp, input, other):
    return xp.reshape(xp.matmul(_rows(xp, input), other), input.shape[:-1])


# --- errors ---


def _names(*tensors: Any) -> tuple[str, ...]:
    return tuple([tensor.dtype.scalar_name for tensor in tensors])


def _refuse_bool(tensor: Any, kernel: str) -> None:
    if tensor._array_.dtype.kind == "b":
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Bool': convert to a number type first")


def _check_dot(a: Any, b: Any, name: str = "dot") -> None:
    x, y = a._array_, b._array_
    if x.ndim != 1 or y.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors")
    if x.dtype != y.dtype:
        first, second = _names(a, b)
        raise RuntimeError(f"{name} : expected both vectors to have same dtype, but found {first} and {second}")
    if x.shape != y.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{x.size}] and src [{y.size}] to have the same number of "
            f"elements, but got {x.size} and {y.size} elements respectively"
        )
    _refuse_bool(a, name)


def _check_mv(matrix: Any, vector: Any) -> None:
    x, y = matrix._array_, vector._array_
    if x.ndim != 2 or y.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {x.ndim}, {y.ndim}")
    if x.shape[1] != y.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({x.shape[0]}), mat ({x.shape[0]}x{x.shape[1]}), vec ({y.shape[0]})"
        )
    if x.dtype != y.dtype:
        first, second = _names(matrix, vector)
        raise RuntimeError(
            f"addmv input tensors must have the same dtype, but got {second}, {first}, and {second}: convert one of "
            "them with .to()"
        )
    _refuse_bool(matrix, "addmv_impl_cpu")


def _check_mm(a: Any, b: Any) -> None:
    x, y = a._array_, b._array_
    for array, name in ((x, "self"), (y, "mat2")):
        if array.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, but got {array.ndim}D")
    if x.shape[1] != y.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({x.shape[0]}x{x.shape[1]} and {y.shape[0]}x{y.shape[1]})"
        )
    _check_same(a, b)
    _refuse_bool(a, "addmm_impl_cpu_")


def _check_same(a: Any, b: Any) -> None:
    if a._array_.dtype != b._array_.dtype:
        first, second = a.dtype.cpp_name, b.dtype.cpp_name
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {first} != {second}. Convert one of them with .to()"
        )


def _check_bmm(a: Any, b: Any) -> None:
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
        first, second = _names(a, b)
        raise RuntimeError(f"expected scalar type {first} but found {second}")
    _refuse_bool(a, "bmm")


def _check_matmul(a: Any, b: Any) -> None:
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
        first, second = _names(a, b)
        raise RuntimeError(f"expected scalar type {first} but found {second}")
    _check_same(a, b)
    _refuse_bool(a, "bmm" if x.ndim > 2 and y.ndim > 2 else "addmm_impl_cpu_")


# --- the fast path ---


def _checked(record: Any, check: Any) -> Any:
    """The operator on the fast path; whatever does not fit is checked, then taken by the general path."""

    def general(input: Any, other: Any, out: Any = None) -> Any:
        check(input, other)
        return apply(record, (input, other), {})

    call = make_binary(record, general)

    def product(input: Any, other: Any) -> Any:
        if input._array_.dtype.kind == "b":
            check(input, other)
        return call(input, other)

    return product


_product_dot = _checked(_dot, _check_dot)
_product_mv = _checked(_mv, _check_mv)
_product_vm = _checked(_vm, _check_matmul)
_product_mm = _checked(_mm, _check_mm)
_product_bmm = _checked(_bmm, _check_bmm)
_product_rows = _checked(_matmul_rows, _check_matmul)
_product_vector = _checked(_matmul_vector, _check_matmul)
_product_batched = _checked(_matmul_batched, _check_matmul)
_BY_DIMENSIONS = {(1, 1): _product_dot, (2, 1): _product_mv, (1, 2): _product_vm, (2, 2): _product_mm}


def _product(input: Any, other: Any) -> Any:
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
def matmul(input: Any, other: Any, *, out: Any = None) -> Any:
    """The product of vectors, matrices and batches of matrices, as `input @ other`.

    Both 1-D: their dot product. 2-D: the matrix product. 1-D with 2-D or more: the vector is a row on the left, a
    column on the right. More dimensions: the last two are matrices, the ones before them are a batch and broadcast.
    RuntimeError where the sizes do not fit, one is 0-d, or the dtypes differ.

    >>> import mibun as torch
    >>> (torch.ones(5, 2, 3) @ torch.ones(3, 4)).shape
    torch.Size([5, 2, 4])
    """
    if not isinstance(input, Tensor) or not isinstance(other, Tensor):
        check_tensor(input, "matmul")
        check_tensor(other, "matmul", "other", 2)
    return finish(_product(input, other), out, "matmul")


@public("__matmul__", function=False)
def _matmul_infix(self: Any, other: Any) -> Any:
    """`self @ other`."""
    if isinstance(other, Tensor):
        return _product(self, other)
    return NotImplemented


@public("mm")
def mm(input: Any, mat2: Any, *, out: Any = None) -> Any:
    """The product of two matrices, without broadcasting. RuntimeError where one is not 2-D or the sizes do not fit."""
    check_tensor(input, "mm")
    check_tensor(mat2, "mm", "mat2", 2)
    if input._array_.ndim != 2 or mat2._array_.ndim != 2:
        _check_mm(input, mat2)
    return finish(_product_mm(input, mat2), out, "mm")


@public("bmm")
def bmm(input: Any, mat2: Any, *, out: Any = None) -> Any:
    """The products of two batches of matrices, both 3-D, without broadcasting."""
    check_tensor(input, "bmm")
    check_tensor(mat2, "bmm", "mat2", 2)
    if input._array_.ndim != 3 or mat2._array_.ndim != 3 or input._array_.shape[0] != mat2._array_.shape[0]:
        _check_bmm(input, mat2)
    return finish(_product_bmm(input, mat2), out, "bmm")


@public("mv")
def mv(input: Any, vec: Any, *, out: Any = None) -> Any:
    """The product of a matrix and a vector."""
    check_tensor(input, "mv")
    check_tensor(vec, "mv", "vec", 2)
    if input._array_.ndim != 2 or vec._array_.ndim != 1:
        _check_mv(input, vec)
    return finish(_product_mv(input, vec), out, "mv")


@public("dot")
def dot(input: Any, tensor: Any, *, out: Any = None) -> Any:
    """The dot product of two vectors of one size; of complex ones without conjugation (see `vdot`)."""
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
def vdot(input: Any, other: Any, *, out: Any = None) -> Any:
    """The dot product of the conjugate of `input` with `other`, both vectors of one size."""
    check_tensor(input, "vdot")
    check_tensor(other, "vdot", "other", 2)
    _check_dot(input, other, "vdot")
    return finish(_vdot(input, other), out, "vdot")


@public("outer", "ger")
def outer(input: Any, vec2: Any, *, out: Any = None) -> Any:
    """The outer product of two vectors: the matrix of all products of an element of each.

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
    return finish(FUNCTIONS["mul"](input.unsqueeze(1), vec2), out, "outer")


# --- sums of a product and a tensor ---


def _scaled(x: Any, factor: Any) -> Any:
    return x if factor == 1 else x * factor


def _blend(xp: Any, input: Any, product: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * product; a beta of 0 hides even the NaNs of the input."""
    product = _scaled(product, alpha)
    if beta == 0:
        return product
    return _scaled(input, beta) + product


def _fused(name: str, product: Any, rule_a: Any, rule_b: Any) -> Any:
    """Declare an operator `beta * input + alpha * product(a, b)`."""

    def kernel(xp, input, a, b, *, beta, alpha):
        return _blend(xp, input, product(xp, a, b), beta, alpha)

    return op(
        name=name,
        dtype=None,
        vjp={
            "input": lambda xp, g, beta: _scaled(g, beta.conjugate()),
            "a": lambda xp, g, b, alpha: _scaled(rule_a(xp, g, b), alpha.conjugate()),
            "b": lambda xp, g, a, alpha: _scaled(rule_b(xp, g, a), alpha.conjugate()),
        },
        jvp={
            "input": lambda xp, t, beta: _scaled(t, beta),
            "a": lambda xp, t, b, alpha: _scaled(product(xp, t, b), alpha),
            "b": lambda xp, t, a, alpha: _scaled(product(xp, a, t), alpha),
        },
    )(kernel)


def _product_of(xp: Any, a: Any, b: Any) -> Any:
    return xp.matmul(a, b)


def _rule_left(xp: Any, g: Any, b: Any) -> Any:
    return xp.matmul(g, _adjoint(xp, b))


def _rule_right(xp: Any, g: Any, a: Any) -> Any:
    return xp.matmul(_adjoint(xp, a), g)


_addmm = _fused("addmm", _product_of, _rule_left, _rule_right)
_baddbmm = _fused("baddbmm", _product_of, _rule_left, _rule_right)
_addbmm = _fused("addbmm", lambda xp, a, b: xp.sum(xp.matmul(a, b), axis=0), _rule_left, _rule_right)
_addmv = _fused("addmv", _product_of, lambda xp, g, b: xp.expand_dims(g, axis=1) * xp.conj(b), _rule_right)
_addr = _fused(
    "addr",
    lambda xp, a, b: xp.expand_dims(a, axis=1) * b,
    lambda xp, g, b: xp.matmul(g, xp.conj(b)),
    lambda xp, g, a: xp.matmul(xp.matrix_transpose(g), xp.conj(a)),
)


def _check_addmm(a: Any, b: Any) -> None:
    for tensor, name in ((a, "mat1"), (b, "mat2")):
        if tensor._array_.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {tensor._array_.ndim}-D tensor")
    _check_mm(a, b)


def _check_added(input: Any, shape: tuple[int, ...], others: tuple, beta: Any, alpha: Any, strict: bool) -> tuple:
    """beta and alpha as numbers of the dtype, after checking the tensor that a product of this shape is added to."""
    own = input._array_.shape
    fits = len(own) <= len(shape) and all(a in (1, b) for a, b in zip(own[::-1], shape[::-1], strict=False))
    if not fits:
        if len(own) > len(shape):
            raise RuntimeError(
                f"expand: the number of sizes provided ({len(shape)}) must be greater or equal to the number of "
                f"dimensions in the tensor ({len(own)}): the product is of shape {list(shape)}, the tensor added to it "
                f"of shape {list(own)}"
            )
        at = next(i for i in range(1, len(own) + 1) if own[-i] not in (1, shape[-i]))
        raise RuntimeError(
            f"The expanded size of the tensor ({shape[-at]}) must match the existing size ({own[-at]}) at "
            f"non-singleton dimension {len(shape) - at}.  Target sizes: {list(shape)}.  Tensor sizes: {list(own)}"
        )
    for tensor in others:
        if tensor._array_.dtype != input._array_.dtype:
            first, second = _names(input, tensor)
            raise RuntimeError(f"self and mat2 must have the same dtype, but got {first} and {second}")
    kind = input._array_.dtype.kind
    factors = []
    for factor, name in ((beta, "beta"), (alpha, "alpha")):
        if isinstance(factor, Tensor):
            factor = factor.item()
        if kind in ("biu" if strict else "iu") and not isinstance(factor, int):
            if strict:
                raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")
            factor = int(factor)
        elif isinstance(factor, complex) and kind != "c":
            raise RuntimeError(
                f"value cannot be converted to type double without overflow: a complex {name} needs complex tensors"
            )
        factors.append(factor)
    return tuple(factors)


def _prepare(name: str, input: Any, a: Any, b: Any, beta: Any, alpha: Any) -> tuple:
    """The operator's record and parameters, after checking everything that PyTorch checks."""
    record, names, check, shape_of = _FUSED[name]
    check_tensor(input, name)
    for position, (tensor, argument) in enumerate(((a, names[0]), (b, names[1])), 2):
        check_tensor(tensor, name, argument, position)
    same = record is not _addr
    if same and a._array_.dtype != b._array_.dtype:
        left, (first, second) = ("self", _names(input, b))
        if a._array_.dtype != input._array_.dtype:
            left, first = names[0], a.dtype.scalar_name
        raise RuntimeError(f"{left} and {names[1]} must have the same dtype, but got {first} and {second}")
    check(a, b)
    shape = shape_of(a._array_.shape, b._array_.shape)
    beta, alpha = _check_added(input, shape, (a, b) if same else (), beta, alpha, not same)
    return record, {"beta": beta, "alpha": alpha}


def _add_product(name: str, input: Any, a: Any, b: Any, beta: Any, alpha: Any, out: Any = None) -> Any:
    record, params = _prepare(name, input, a, b, beta, alpha)
    return finish(apply(record, (input, a, b), params), out, name)


_PLAIN_SUM = {"beta": 1, "alpha": 1}


def _plain_addmm(input: Any, a: Any, b: Any) -> bool:
    """Whether a call of addmm is as in a linear layer, with nothing left to check."""
    try:
        bias, x, y = input._array_, a._array_, b._array_
        rows, inner = x.shape
        other_inner, columns = y.shape
    except (AttributeError, ValueError):
        return False
    dtype = bias.dtype
    return (
        inner == other_inner
        and dtype is x.dtype
        and dtype is y.dtype
        and dtype.kind == "f"
        and (bias.shape == (columns,) or bias.shape == (rows, columns))
    )


def _add_product_(name: str, input: Any, a: Any, b: Any, beta: Any, alpha: Any) -> Any:
    record, params = _prepare(name, input, a, b, beta, alpha)
    return apply_inplace(record, (input, a, b), params, name + "_")


def _check_vectors(a: Any, b: Any) -> None:
    for tensor, name in ((a, "vec1"), (b, "vec2")):
        if tensor._array_.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {tensor._array_.ndim}-D")


_FUSED = {
    "addmm": (_addmm, ("mat1", "mat2"), _check_addmm, lambda a, b: (a[0], b[1])),
    "addmv": (_addmv, ("mat", "vec"), _check_mv, lambda a, b: (a[0],)),
    "addr": (_addr, ("vec1", "vec2"), _check_vectors, lambda a, b: (a[0], b[0])),
    "addbmm": (_addbmm, ("batch1", "batch2"), _check_bmm, lambda a, b: (a[1], b[2])),
    "baddbmm": (_baddbmm, ("batch1", "batch2"), _check_bmm, lambda a, b: (a[0], a[1], b[2])),
}


@public("addmm")
def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """`beta * input + alpha * (mat1 @ mat2)`, in one step; input broadcasts. A beta of 0 ignores even its NaNs."""
    if out is None and beta == 1 and alpha == 1 and _plain_addmm(input, mat1, mat2):
        return apply(_addmm, (input, mat1, mat2), _PLAIN_SUM)
    return _add_product("addmm", input, mat1, mat2, beta, alpha, out)


@public("addmm_", function=False)
def addmm_(self: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """`addmm`, written over this tensor."""
    return _add_product_("addmm", self, mat1, mat2, beta, alpha)


@public("addmv")
def addmv(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """`beta * input + alpha * (mat @ vec)`, in one step; input broadcasts."""
    return _add_product("addmv", input, mat, vec, beta, alpha, out)


@public("addmv_", function=False)
def addmv_(self: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """`addmv`, written over this tensor."""
    return _add_product_("addmv", self, mat, vec, beta, alpha)


def _in_common_dtype(*tensors: Any) -> tuple:
    for position, tensor in enumerate(tensors, 1):
        check_tensor(tensor, "addr", ("input", "vec1", "vec2")[position - 1], position)
    dtypes = {tensor.dtype for tensor in tensors}
    if len(dtypes) == 1:
        return tensors
    common = from_numpy_dtype(result_dtype([tensor._array_ for tensor in tensors]))
    return tuple(tensor.to(common) for tensor in tensors)


@public("addr")
def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """`beta * input + alpha * outer(vec1, vec2)`, in one step; input broadcasts. Of several dtypes the common one."""
    input, vec1, vec2 = _in_common_dtype(input, vec1, vec2)
    return _add_product("addr", input, vec1, vec2, beta, alpha, out)


@public("addr_", function=False)
def addr_(self: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """`addr`, written over this tensor."""
    return _add_product_("addr", self, vec1, vec2, beta, alpha)


@public("addbmm")
def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`, in one step; input broadcasts."""
    return _add_product("addbmm", input, batch1, batch2, beta, alpha, out)


@public("addbmm_", function=False)
def addbmm_(self: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """`addbmm`, written over this tensor."""
    return _add_product_("addbmm", self, batch1, batch2, beta, alpha)


@public("baddbmm")
def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """`beta * input + alpha * bmm(batch1, batch2)`, in one step; input broadcasts."""
    return _add_product("baddbmm", input, batch1, batch2, beta, alpha, out)


@public("baddbmm_", function=False)
def baddbmm_(self: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """`baddbmm`, written over this tensor."""
    return _add_product_("baddbmm", self, batch1, batch2, beta, alpha)
