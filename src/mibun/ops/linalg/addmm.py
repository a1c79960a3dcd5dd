"""Sums of a product of matrices or vectors and a tensor, in one step: addmm, addmv, addr, addbmm, baddbmm.

All are `beta * input + alpha * product(a, b)`, one operator for each product. What they check of the two factors is
what the product itself checks (`matmul.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.dtypes import from_numpy_dtype, result_dtype
from ...core.registry import Array
from ...core.site import shorten
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .matmul import check_bmm, check_mm, check_mv, dtype_names
from .matrices import adjoint


def _scaled(x: Array, factor: complex) -> Array:
    return x if factor == 1 else x * factor


def _blend(xp: Any, input: Array, product: Array, beta: complex, alpha: complex) -> Array:
    """beta * input + alpha * product; a beta of 0 hides even the NaNs of the input."""
    product = _scaled(product, alpha)
    if beta == 0:
        return product
    return _scaled(input, beta) + product


def _fused(name: str, product: Callable, rule_a: Callable, rule_b: Callable) -> Op:
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


def _product_of(xp: Any, a: Array, b: Array) -> Array:
    return xp.matmul(a, b)


def _rule_left(xp: Any, g: Array, b: Array) -> Array:
    return xp.matmul(g, adjoint(xp, b))


def _rule_right(xp: Any, g: Array, a: Array) -> Array:
    return xp.matmul(adjoint(xp, a), g)


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


def _check_addmm(a: Tensor, b: Tensor) -> None:
    for tensor, name in ((a, "mat1"), (b, "mat2")):
        if tensor._array_.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {tensor._array_.ndim}-D tensor")
    check_mm(a, b)


def _check_added(
    input: Tensor, shape: tuple[int, ...], others: tuple, beta: complex, alpha: complex, strict: bool
) -> tuple:
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
            first, second = dtype_names(input, tensor)
            raise RuntimeError(f"self and mat2 must have the same dtype, but got {first} and {second}")
    kind = input._array_.dtype.kind
    factors = []
    for given, name in ((beta, "beta"), (alpha, "alpha")):
        factor: Any = given.item() if isinstance(given, Tensor) else given
        if strict and isinstance(factor, bool) and kind != "b":
            raise RuntimeError(f"Boolean {name} only supported for Boolean results.")
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


def _prepare(name: str, input: Tensor, a: Tensor, b: Tensor, beta: complex, alpha: complex) -> tuple:
    """The operator's record and parameters, after checking everything that PyTorch checks."""
    record, names, check, shape_of = _FUSED[name]
    check_tensor(input, name)
    for position, (tensor, argument) in enumerate(((a, names[0]), (b, names[1])), 2):
        check_tensor(tensor, name, argument, position)
    same = record is not _addr
    if same and a._array_.dtype != b._array_.dtype:
        left, (first, second) = ("self", dtype_names(input, b))
        if a._array_.dtype != input._array_.dtype:
            left, first = names[0], a.dtype.scalar_name
        raise RuntimeError(
            f"{left} and {names[1]} must have the same dtype, but got {first} and {second}: convert one with .to()"
        )
    check(a, b)
    shape = shape_of(a._array_.shape, b._array_.shape)
    beta, alpha = _check_added(input, shape, (a, b) if same else (), beta, alpha, not same)
    return record, {"beta": beta, "alpha": alpha}


def _add_product(
    name: str, input: Tensor, a: Tensor, b: Tensor, beta: complex, alpha: complex, out: Tensor | None = None
) -> Tensor:
    try:
        record, params = _prepare(name, input, a, b, beta, alpha)
    except Exception as error:
        shorten(error, 2)
        raise
    return finish(apply(record, (input, a, b), params), out, name)


_PLAIN_SUM = {"beta": 1, "alpha": 1}


def _plain_addmm(input: Tensor, a: Tensor, b: Tensor) -> bool:
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


def _add_product_(name: str, input: Tensor, a: Tensor, b: Tensor, beta: complex, alpha: complex) -> Tensor:
    try:
        record, params = _prepare(name, input, a, b, beta, alpha)
    except Exception as error:
        shorten(error, 2)
        raise
    return apply_inplace(record, (input, a, b), params, name + "_")


def _check_vectors(a: Tensor, b: Tensor) -> None:
    for tensor, name in ((a, "vec1"), (b, "vec2")):
        if tensor._array_.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {tensor._array_.ndim}-D")


_FUSED = {
    "addmm": (_addmm, ("mat1", "mat2"), _check_addmm, lambda a, b: (a[0], b[1])),
    "addmv": (_addmv, ("mat", "vec"), check_mv, lambda a, b: (a[0],)),
    "addr": (_addr, ("vec1", "vec2"), _check_vectors, lambda a, b: (a[0], b[0])),
    "addbmm": (_addbmm, ("batch1", "batch2"), check_bmm, lambda a, b: (a[1], b[2])),
    "baddbmm": (_baddbmm, ("batch1", "batch2"), check_bmm, lambda a, b: (a[0], a[1], b[2])),
}


@public("addmm")
def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: complex = 1, alpha: complex = 1, out: Tensor | None = None
) -> Tensor:
    """`beta * input + alpha * (mat1 @ mat2)`, in one step.

    Args:
        input: what is added; it broadcasts to (n, p). With a beta of 0 it is ignored, NaNs included.
        mat1: (n, m).
        mat2: (m, p). All three are of one dtype.
        beta, alpha: numbers; ints for tensors of integers.

    Returns:
        (n, p).

    Raises:
        RuntimeError: where the sizes do not fit, `input` does not broadcast, or the dtypes differ.

    >>> import mibun as torch
    >>> torch.addmm(torch.ones(2), torch.eye(2), torch.tensor([[1., 2.], [3., 4.]]), beta=10)
    tensor([[11., 12.],
            [13., 14.]])
    """
    if out is None and beta == 1 and alpha == 1 and _plain_addmm(input, mat1, mat2):
        return apply(_addmm, (input, mat1, mat2), _PLAIN_SUM)
    return _add_product("addmm", input, mat1, mat2, beta, alpha, out)


@public("addmm_", function=False)
def addmm_(self: Tensor, mat1: Tensor, mat2: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """`addmm`, written over this tensor."""
    return _add_product_("addmm", self, mat1, mat2, beta, alpha)


@public("addmv")
def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: complex = 1, alpha: complex = 1, out: Tensor | None = None
) -> Tensor:
    """`beta * input + alpha * (mat @ vec)`, in one step; as `addmm`, for mat (n, m), vec (m,) and an input that
    broadcasts to (n,).

    >>> import mibun as torch
    >>> torch.addmv(torch.tensor([1., 1.]), torch.eye(2), torch.tensor([2., 3.]))
    tensor([3., 4.])
    """
    return _add_product("addmv", input, mat, vec, beta, alpha, out)


@public("addmv_")
def addmv_(self: Tensor, mat: Tensor, vec: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """`addmv`, written over this tensor."""
    return _add_product_("addmv", self, mat, vec, beta, alpha)


def _in_common_dtype(*tensors: Tensor) -> tuple:
    for position, tensor in enumerate(tensors, 1):
        check_tensor(tensor, "addr", ("input", "vec1", "vec2")[position - 1], position)
    dtypes = {tensor.dtype for tensor in tensors}
    if len(dtypes) == 1:
        return tensors
    common = from_numpy_dtype(result_dtype([tensor._array_ for tensor in tensors]))
    return tuple(tensor.to(common) for tensor in tensors)


@public("addr")
def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: complex = 1, alpha: complex = 1, out: Tensor | None = None
) -> Tensor:
    """`beta * input + alpha * outer(vec1, vec2)`, in one step: vec1 (n,), vec2 (m,), an input that broadcasts to (n,
    m).

    Of several dtypes the result has the common one. Errors and a beta of 0 as for `addmm`.

    >>> import mibun as torch
    >>> torch.addr(torch.zeros(2, 2), torch.tensor([1., 2.]), torch.tensor([3., 4.]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    input, vec1, vec2 = _in_common_dtype(input, vec1, vec2)
    return _add_product("addr", input, vec1, vec2, beta, alpha, out)


@public("addr_", function=False)
def addr_(self: Tensor, vec1: Tensor, vec2: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """`addr`, written over this tensor."""
    return _add_product_("addr", self, vec1, vec2, beta, alpha)


@public("addbmm")
def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1, out: Tensor | None = None
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input
    that broadcasts to (n, p). Errors and a beta of 0 as for `addmm`.
    """
    return _add_product("addbmm", input, batch1, batch2, beta, alpha, out)


@public("addbmm_", function=False)
def addbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """`addbmm`, written over this tensor."""
    return _add_product_("addbmm", self, batch1, batch2, beta, alpha)


@public("baddbmm")
def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1, out: Tensor | None = None
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2)`, in one step: batch1 (b, n, m), batch2 (b, m, p), an input that
    broadcasts to (b, n, p). Errors and a beta of 0 as for `addmm`.

    >>> import mibun as torch
    >>> torch.baddbmm(torch.zeros(1), torch.ones(3, 2, 4), torch.ones(3, 4, 5)).shape
    torch.Size([3, 2, 5])
    """
    return _add_product("baddbmm", input, batch1, batch2, beta, alpha, out)


@public("baddbmm_", function=False)
def baddbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """`baddbmm`, written over this tensor."""
    return _add_product_("baddbmm", self, batch1, batch2, beta, alpha)
