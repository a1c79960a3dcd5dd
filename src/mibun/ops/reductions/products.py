"""`prod`, with a gradient that is exact where elements are zero."""

from __future__ import annotations

from typing import Any

from ...core.dtypes import dtype
from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.forms import function_of
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import INT64, count, dtype_for, in_dtype, one_dim, spread


def _others(xp: Any, g: Array, x: Array) -> Array:
    """g times the product of all other elements along axis 0, without a division: exact where elements are zero.

    Pairs are multiplied up a binary tree and the gradient comes down it: each element's is its parent's times its
    sibling. Multiplications alone, so that every derivative of it is exact too.
    """
    levels = []
    size = x.shape[0]
    while size > 1:
        half = size // 2
        a, b = x[:half, ...], x[half : 2 * half, ...]
        levels.append((a, b, size))
        rest = x[2 * half :, ...]
        x = a * b if size % 2 == 0 else xp.concat([a * b, rest], axis=0)
        size = x.shape[0]
    for a, b, n in reversed(levels):
        half = n // 2
        top = g[:half, ...]
        parts = [top * xp.conj(b), top * xp.conj(a)]
        g = xp.concat(parts if n % 2 == 0 else [*parts, g[half:, ...]], axis=0)
    return g


def _prod_rule(xp, g, input, out):
    n = count(input.shape, range(input.ndim))
    return xp.reshape(_others(xp, xp.reshape(g, (1,)), xp.reshape(input, (n,))), input.shape) if n else input


@op(name="prod", dtype=None, vjp=_prod_rule)
def _prod_all(xp, input):
    return xp.prod(input)


_full_prod = function_of(_prod_all, named=False)


def _prod_dim_rule(xp, g, input, out, dim):
    if input.ndim == 0:
        return g
    if not count(input.shape, range(input.ndim)):
        return input
    g = spread(xp, g, input.shape, (dim,))
    return xp.moveaxis(_others(xp, xp.moveaxis(g, dim, 0), xp.moveaxis(input, dim, 0)), 0, dim)


@op(name="prod_dim", node="ProdBackward1", dtype=None, vjp=_prod_dim_rule)
def _prod_dim(xp, input, *, dim, keepdim):
    return xp.prod(input, axis=dim, keepdims=keepdim) if input.ndim else xp.copy(input)


@op(nondifferentiable, name="prod_integers", dtype=None)
def _prod_integers(xp, input, *, dim, keepdim):
    axis = dim if input.ndim else None
    return xp.prod(input, axis=axis, keepdims=keepdim and input.ndim > 0, dtype=INT64)


@public("prod")
def prod(
    input: Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    dtype: dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The product of all elements, or over one dimension.

    Args:
        input: of any dtype.
        dim: one dimension; None: all.
        keepdim: whether the dimension stays, with size 1.
        dtype: cast to it first; without it bools and integers are multiplied in int64.
        out: a tensor to write the result into.

    Returns:
        the products; 1 for those of nothing. The gradient, the product of the other elements, is exact where elements
        are zero, since nothing is divided.

    Raises:
        IndexError: where there is no such dimension.
        TypeError: for several dimensions.

    >>> import mibun as torch
    >>> torch.prod(torch.tensor([2., 3., 4.]))
    tensor(24.)
    """
    dtype = dtype_for(out, dtype, "prod")
    input = in_dtype(input, dtype, "prod")
    if isinstance(dim, (tuple, list)):
        raise TypeError(
            f"prod() received an invalid combination of arguments - got ({type(dim).__name__}), but expected one of: "
            "(Tensor input), (Tensor input, int dim, bool keepdim)"
        )
    if dim is not None:
        dim = one_dim(input, dim, "prod")
    if dtype is None and input._array_.dtype.kind in "biu":
        return finish(_prod_integers(input, dim=dim, keepdim=keepdim), out, "prod")
    result = _full_prod(input) if dim is None else _prod_dim(input, dim=dim, keepdim=keepdim)
    return finish(result, out, "prod")
