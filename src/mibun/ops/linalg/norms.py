"""Norms of vectors and matrices, distances, and `renorm`.

A vector norm is one operator with a rule for each kind of order; its subgradient at zero is zero, as PyTorch has it.
The matrix norms are made of vector norms, sums and singular values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.dtypes import as_dtype, can_cast, dtype
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.apply import apply, check_broadcast
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import op
from ...dispatch.inplace import apply_inplace
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..reductions.arguments import reduced_dims, spread
from ..reductions.extremes import amax, amin, shared
from .svd import singular_values

# --- vector norms ---


def _vector_norm_kernel(xp: Any, input: Array, ord: float, dims: tuple[int, ...], keepdim: bool) -> Array:
    if ord == 2:
        return xp.sqrt(xp.sum(xp.real(input * xp.conj(input)), axis=dims, keepdims=keepdim))
    size = xp.abs(input)
    if ord == 0:
        return xp.sum(xp.astype(xp.not_equal(size, 0), size.dtype), axis=dims, keepdims=keepdim)
    if ord == 1:
        return xp.sum(size, axis=dims, keepdims=keepdim)
    if ord == math.inf:
        return xp.max(size, axis=dims, keepdims=keepdim)
    if ord == -math.inf:
        return xp.min(size, axis=dims, keepdims=keepdim)
    return xp.sum(size**ord, axis=dims, keepdims=keepdim) ** (1.0 / ord)


def vector_norm_rule(xp, g, input, out, ord, dims):
    """d|x|_p = sgn(x) |x|^(p-1) / |x|_p^(p-1), with zero wherever that divides by zero."""
    if ord == 0:
        return None
    g, out = spread(xp, g, input.shape, dims), spread(xp, out, input.shape, dims)
    if ord == 1:
        return g * xp.sgn(input)
    if ord == 2:
        return g * xp.where(xp.equal(out, 0), 0.0, input / out)
    size = xp.abs(input)
    if math.isinf(ord):
        met = xp.logical_or(xp.equal(size, out), xp.logical_and(xp.isnan(size), xp.isnan(out)))
        return xp.sgn(input) * shared(xp, g, met, dims)
    if ord < 1:
        power = xp.where(xp.equal(input, 0), 0.0, size ** (ord - 1))
        return xp.sgn(input) * power * (g * out ** (1 - ord))
    if ord < 2:
        scale = xp.where(xp.equal(out, 0), 0.0, out ** (1 - ord))
        return xp.sgn(input) * size ** (ord - 1) * (g * scale)
    scale = xp.where(xp.equal(out, 0), 0.0, g / out ** (ord - 1))
    return input * size ** (ord - 2) * scale


@op(name="vector_norm", node="LinalgVectorNormBackward0", dtype=None, vjp=vector_norm_rule)
def _vector_norm(xp, input, *, ord, dims, keepdim):
    if getattr(input.dtype, "itemsize", 0) == 2:  # half precision: in float32, as PyTorch does
        return xp.astype(_vector_norm_kernel(xp, xp.astype(input, xp.float32), ord, dims, keepdim), input.dtype)
    return _vector_norm_kernel(xp, input, ord, dims, keepdim)


def _in_dtype(input: Tensor, dtype: dtype | None, name: str) -> Tensor:
    """The input, checked to be floating or complex, in the dtype asked for."""
    check_tensor(input, name)
    if input._array_.dtype.kind in "biu":
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {input.dtype.scalar_name}"
        )
    if dtype is None:
        return input
    dtype = as_dtype(dtype, name)
    own = input.dtype
    if dtype.category != own.category and own.category == 3:
        raise RuntimeError(f"{name}: dtype should be complex for complex inputs, but got {dtype.scalar_name}")
    if dtype.category != own.category and dtype.category == 3:
        raise RuntimeError(f"{name}: dtype should be real for real inputs, but got {dtype.scalar_name}")
    if dtype.category != own.category or not can_cast(own, dtype) or dtype.itemsize < own.itemsize:
        raise RuntimeError(
            f"{name}: the dtype of the input ({own.scalar_name}) should be convertible without narrowing to the "
            f"specified dtype ({dtype.scalar_name})"
        )
    return input.to(dtype)


def _order(ord: Any, name: str) -> float:
    if isinstance(ord, Tensor):
        ord = ord.item()
    if isinstance(ord, (str, complex)) or ord is None:
        raise TypeError(f"{name}(): argument 'ord' (position 2) must be Number, not {type(ord).__name__}")
    return ord


def vector_norm(
    x: Tensor,
    ord: float = 2,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The vector norm `(sum |x|^ord)^(1/ord)` of all elements, or over some dimensions, however many.

    Args:
        x: of a floating or complex dtype.
        ord: any number. 0 counts the elements that are not zero; inf and -inf: the largest and the smallest |x|.
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real. At zero the gradient is zero.

    Raises:
        RuntimeError: for integers, for a dtype that is narrower, and for a negative or infinite ord of nothing.

    >>> import mibun as torch
    >>> torch.linalg.vector_norm(torch.tensor([3., 4.]))
    tensor(5.)
    >>> torch.linalg.vector_norm(torch.tensor([[3., 4.], [0., -2.]]), ord=1, dim=1)
    tensor([7., 2.])
    """
    ord = _order(ord, "linalg_vector_norm")
    x = _in_dtype(x, dtype, "linalg.vector_norm")
    dims = reduced_dims(x, dim, "linalg_vector_norm")
    shape = x._array_.shape
    if (ord < 0 or ord == math.inf) and x._array_.size == 0:
        text = "inf" if ord == math.inf else "-inf" if ord == -math.inf else f"{ord:g}"
        if dim is None or not dims:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {text} norm on an empty tensor because the operation does not "
                "have an identity"
            )
        for i in dims:
            if shape[i] == 0:
                raise RuntimeError(
                    f"linalg.vector_norm cannot compute the {text} norm on the dimension {i} because this dimension is "
                    "empty and the operation does not have an identity"
                )
    return finish(_vector_norm(x, ord=ord, dims=dims, keepdim=keepdim), out, "vector_norm")


# --- matrix norms ---


def matrix_norm(
    A: Tensor,
    ord: float | str = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of matrices, in the two dimensions `dim`.

    Args:
        A: of a floating or complex dtype, with 2 dimensions or more.
        ord: "fro" (Frobenius: the root of the sum of squares), "nuc" (the sum of the singular values), 2 and -2 (the
            largest and the smallest of them), 1 and -1 (the largest and the smallest sum of a column's absolute
            values), inf and -inf (of a row's).
        dim: the dimensions of the rows and of the columns.
        keepdim: whether the two stay, with size 1.
        dtype: a wider one to compute in.

    Returns:
        the norms, real.

    Raises:
        RuntimeError: for integers, for another ord, and for dims that are not two different ones.

    >>> import mibun as torch
    >>> torch.linalg.matrix_norm(torch.tensor([[3., 0.], [0., 4.]]), ord="nuc")
    tensor(7.)
    """
    check_tensor(A, "linalg_matrix_norm", "A")
    if isinstance(ord, Tensor):
        ord = ord.item()
    if A._array_.ndim < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    if ord not in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    dims = tuple(dim) if isinstance(dim, (tuple, list)) else (dim,)
    if len(dims) != 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dims))}")
    rows, columns = (wrap_dim(d, A._array_.ndim, "linalg_matrix_norm") for d in dims)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dims[0]}, {dims[1]})")
    A = _in_dtype(A, dtype, "linalg.matrix_norm")
    if ord == "fro":
        return finish(vector_norm(A, 2, (rows, columns), keepdim), out, "matrix_norm")
    pick = amax if ord == "nuc" or ord > 0 else amin
    if ord == "nuc" or abs(ord) == 2:
        if A.dtype.itemsize == 2:
            raise RuntimeError(f"linalg.matrix_norm: Low precision dtypes not supported. Got {A.dtype.scalar_name}")
        values = singular_values(A.movedim((rows, columns), (-2, -1)))
        result = values.sum(-1) if ord == "nuc" else pick(values, -1)
        if keepdim:
            for place in sorted((rows, columns)):
                result = result.unsqueeze(place)
        return finish(result, out, "matrix_norm")
    summed, compared = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = vector_norm(A, 1, summed, keepdim)
    if not keepdim and compared > summed:
        compared -= 1
    return finish(pick(sums, compared, keepdim), out, "matrix_norm")


def linalg_norm(
    A: Tensor,
    ord: float | str | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A vector or a matrix norm, as the arguments say: see `vector_norm` and `matrix_norm`.

    Args:
        A: of a floating or complex dtype.
        ord: None: the 2-norm of all elements, or over `dim`. A number: a vector norm for a 1-D tensor or an int `dim`,
            a matrix norm for a 2-D tensor or a pair of dims. A word: a matrix norm.
        dim: an int, or a pair.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Raises:
        RuntimeError: for integers, and where `ord` is given without `dim` for a tensor that is neither 1-D nor 2-D.

    >>> import mibun as torch
    >>> torch.linalg.norm(torch.tensor([[3., 0.], [0., 4.]]))
    tensor(5.)
    >>> torch.linalg.norm(torch.tensor([[3., 0.], [0., 4.]]), ord=2)
    tensor(4.)
    """
    check_tensor(A, "linalg_norm", "A")
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype, out=out)
    ndim = A._array_.ndim
    pair = isinstance(dim, (tuple, list)) and len(dim) == 2
    if dim is None and ndim not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {ndim}D.")
    if isinstance(ord, str) or pair or (dim is None and ndim == 2):
        both: Any = (-2, -1) if dim is None else dim  # an int is refused there
        return matrix_norm(A, ord, both, keepdim, dtype=dtype, out=out)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype, out=out)


@public("norm")
def norm(
    input: Tensor,
    p: float | str | None = "fro",
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    out: Tensor | None = None,
    dtype: dtype | None = None,
) -> Tensor:
    """The p-norm `(sum |x|^p)^(1/p)` of all elements, or over some dimensions; also of two of them, unless p = "nuc".

    PyTorch keeps this for old programs; new ones use `linalg.vector_norm` and `linalg.matrix_norm`.

    Args:
        input: of a floating or complex dtype.
        p: a number, "fro" (2) or "nuc" (the sum of the singular values of matrices).
        dim: one dimension or several; None: all.
        keepdim: whether the dimensions stay, with size 1.
        dtype: a wider one to compute in.

    Raises:
        RuntimeError: for integers.

    >>> import mibun as torch
    >>> torch.tensor([3., 4.]).norm()
    tensor(5.)
    """
    check_tensor(input, "norm")
    if p is None:
        p = 2
    if isinstance(p, str):
        if p == "fro" and (dim is None or isinstance(dim, int) or len(dim) <= 2):
            p = 2
        else:
            if p != "nuc" and p != "fro":
                raise RuntimeError(f"linalg.matrix_norm: Order {p} not supported.")
            dims: Any = tuple(range(input._array_.ndim)) if dim is None else dim  # an int is refused there
            return matrix_norm(input, p, dims, keepdim, dtype=dtype, out=out)
    return vector_norm(input, p, dim, keepdim, dtype=dtype, out=out)


# --- distance ---


@public("frobenius_norm", method=False)
def frobenius_norm(
    input: Tensor, dim: int | Sequence[int], keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """The root of the sum of squared magnitudes over one or two dimensions; no dimension means all of them.

    RuntimeError for more than two, and for integers.

    >>> import mibun as torch
    >>> torch.frobenius_norm(torch.tensor([[3.0, 4.0], [0.0, 0.0]]), dim=(0, 1))
    tensor(5.)
    """
    check_tensor(input, "frobenius_norm")
    dims = [dim] if isinstance(dim, int) else list(dim)
    if len(dims) > 2:
        raise RuntimeError(f"Expected at most 2 dimensions, but got {len(dims)} dimensions instead.")
    return norm(input, 2.0, dims or None, keepdim, out)


@public("nuclear_norm", method=False)
def nuclear_norm(
    input: Tensor,
    dim: bool | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of the singular values of matrices: `nuclear_norm(input, keepdim)` takes the last two dimensions.

    dim: the two dimensions of the matrices, the last ones unless given. RuntimeError for others.

    >>> import mibun as torch
    >>> torch.nuclear_norm(torch.diag(torch.tensor([1.0, -2.0])))
    tensor(3.)
    """
    check_tensor(input, "nuclear_norm")
    if isinstance(dim, bool) or dim is None:
        dim, keepdim = (-2, -1), bool(dim) or keepdim
    return finish(matrix_norm(input, "nuc", dim, keepdim), out, "nuclear_norm")


def _dist_rule(xp, g, input, other, out, p):
    rule = vector_norm_rule(xp, g, input - other, out, p, tuple(range(max(input.ndim, other.ndim))))
    return rule


def _dist_other(xp, g, input, other, out, p):
    rule = _dist_rule(xp, g, input, other, out, p)
    return None if rule is None else -rule


@op(name="dist", vjp={"input": _dist_rule, "other": _dist_other})
def _dist(xp, input, other, *, p):
    difference = input - other
    return xp.vector_norm(difference, ord=p, dims=tuple(range(difference.ndim)), keepdim=False)


@public("dist")
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of `input - other`, which broadcast: a 0-d tensor. At zero the gradient is zero.

    Args:
        input, other: not both of integers; no bools.
        p: the order of the norm, any number: see `linalg.vector_norm`.

    Raises:
        RuntimeError: for integers and bools, and where the shapes do not broadcast.

    >>> import mibun as torch
    >>> torch.dist(torch.tensor([1., 2.]), torch.tensor([4., 6.]))
    tensor(5.)
    """
    check_tensor(input, "dist")
    check_tensor(other, "dist", "other", 2)
    if input._array_.dtype.kind in "biu" and other._array_.dtype.kind in "biu":
        check_broadcast([input._array_.shape, other._array_.shape])
        raise RuntimeError(
            f"norm(): input dtype should be either floating point or complex. Got {input.dtype.scalar_name} instead."
        )
    if "b" in (input._array_.dtype.kind, other._array_.dtype.kind):
        raise RuntimeError("Subtraction, the `-` operator, with a bool tensor is not supported by dist()")
    check_broadcast([input._array_.shape, other._array_.shape])
    return _dist(input, other, p=_order(p, "dist"))


# --- renorm ---


def _factors(xp: Any, input: Array, p: float, dim: int, maxnorm: float) -> Array:
    """What each slice is multiplied with: maxnorm / (norm + 1e-7) where its norm is above maxnorm, else 1."""
    dims = tuple([i for i in range(input.ndim) if i != dim])
    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
    return xp.where(norm > maxnorm, maxnorm / (norm + 1e-7), 1.0)


def _renorm_rule(xp, g, input, p, dim, maxnorm):
    """Through the factor f(n) of the norm n as well as through the elements: f'(n) = -maxnorm / (n + 1e-7)^2."""
    dims = tuple([i for i in range(input.ndim) if i != dim])
    norm = xp.vector_norm(input, ord=p, dims=dims, keepdim=True)
    above = norm > maxnorm
    along = xp.sum(xp.real(g * xp.conj(input)), axis=dims, keepdims=True)
    slope = xp.where(above, -maxnorm / ((norm + 1e-7) * (norm + 1e-7)), 0.0) * along
    through = vector_norm_rule(xp, slope, input, norm, p, dims)
    direct = g * xp.where(above, maxnorm / (norm + 1e-7), 1.0)
    return direct if through is None else direct + through


@op(name="renorm", dtype=None, vjp=_renorm_rule)
def _renorm(xp, input, *, p, dim, maxnorm):
    return input * xp.astype(_factors(xp, input, p, dim, maxnorm), input.dtype)


def _renorm_params(input: Tensor, p: float, dim: int, maxnorm: float) -> dict[str, Any]:
    check_tensor(input, "renorm")
    p = _order(p, "renorm")
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if input._array_.ndim < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {input._array_.ndim} dimensions")
    dim = wrap_dim(dim, input._array_.ndim, "renorm")
    _in_dtype(input, None, "linalg.vector_norm")
    return {"p": p, "dim": dim, "maxnorm": maxnorm}


@public("renorm")
def renorm(input: Tensor, p: float, dim: int, maxnorm: float, *, out: Tensor | None = None) -> Tensor:
    """Each slice along a dimension scaled down to a p-norm of `maxnorm` where it is larger: times maxnorm / (norm +
    1e-7).

    Args:
        input: of a floating or complex dtype, with 2 dimensions or more.
        p: the order of the norm, above 0.
        dim: the dimension whose slices are scaled, each as a whole.
        maxnorm: the bound, not negative.

    Raises:
        RuntimeError: for integers, fewer dimensions, and numbers out of range.

    >>> import mibun as torch
    >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), p=2, dim=0, maxnorm=1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    return finish(apply(_renorm, (input,), _renorm_params(input, p, dim, maxnorm)), out, "renorm")


@public("renorm_", function=False)
def renorm_(self: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """`renorm`, written over this tensor."""
    return apply_inplace(_renorm, (self,), _renorm_params(self, p, dim, maxnorm), "renorm_")
