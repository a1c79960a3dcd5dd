"""Diagonals: read as a view (`diagonal`), made into matrices (`diag_embed`, `diag`, `diagflat`), filled in place.

The transpose of `diagonal` ("embed") puts a gradient back into zeros of the input's shape.
"""

from __future__ import annotations

from ...core.memory import layout_of
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.numpy.memory import strides_of
from ..annotations import Number
from .strides import as_strided


@op(
    linear,
    name="diagonal",
    view=True,
    dtype=None,
    vjp=lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
        g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
    ),
)
def _diagonal(xp, input, *, offset, dim1, dim2):
    return xp.take_diagonal(input, offset, dim1, dim2)


@op(
    linear,
    name="diagonal_embed",
    dtype=None,
    vjp=lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2),
)
def _diagonal_embed(xp, input, *, shape, offset, dim1, dim2):
    return xp.embed_diagonal(input, shape, offset, dim1, dim2)


@op(
    linear,
    name="diag_embed",
    dtype=None,
    vjp=lambda xp, g, offset, dim1, dim2: xp.diagonal(g, offset=offset, dim1=dim1, dim2=dim2),
)
def _diag_embed(xp, input, *, shape, offset, dim1, dim2):
    return xp.embed_diagonal(input, shape, offset, dim1, dim2)


@op(
    linear,
    name="diagonal_copy",
    node="DiagonalBackward0_copy",
    dtype=None,
    vjp=lambda xp, g, input_shape, offset, dim1, dim2: xp.diagonal_embed(
        g, shape=input_shape, offset=offset, dim1=dim1, dim2=dim2
    ),
)
def _diagonal_copy(xp, input, *, offset, dim1, dim2):
    return xp.copy(xp.take_diagonal(input, offset, dim1, dim2))


def _two_dims(dim1: int, dim2: int, ndim: int, function: str) -> tuple[int, int]:
    first, second = wrap_dim(dim1, ndim, function), wrap_dim(dim2, ndim, function)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2} (in {function})")
    return first, second


@public("diagonal")
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of two dimensions, as the last dimension of the result.

    Args:
        input: of any dtype, with at least two dimensions.
        offset: which diagonal: 0 the main one, positive above it.
        dim1, dim2: the dimensions that are rows and columns.

    Returns:
        a view, which can be written to.

    Raises:
        RuntimeError: where dim1 and dim2 are the same.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).diagonal()
    tensor([1, 4])
    """
    check_tensor(input, "diagonal")
    first, second = _two_dims(dim1, dim2, input._array_.ndim, "diagonal")
    return _diagonal(input, offset=whole(offset, "diagonal", "offset"), dim1=first, dim2=second)


@public("diagonal_copy", method=False)
def diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Tensor | None = None) -> Tensor:
    """`diagonal`, copied."""
    check_tensor(input, "diagonal_copy")
    first, second = _two_dims(dim1, dim2, input._array_.ndim, "diagonal_copy")
    result = _diagonal_copy(input, offset=whole(offset, "diagonal_copy", "offset"), dim1=first, dim2=second)
    return finish(result, out, "diagonal_copy")


@public("diag_embed")
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices of zeros with the last dimension of the input as their diagonal; the matrices are dim1 and dim2.

    >>> import mibun as torch
    >>> torch.diag_embed(torch.ones(3, 2)).shape
    torch.Size([3, 2, 2])
    """
    check_tensor(input, "diag_embed")
    own = input._array_.shape
    first, second = _two_dims(dim1, dim2, len(own) + 1, "diag_embed")
    offset = whole(offset, "diag_embed", "offset")
    size = own[-1] + abs(offset)
    shape = list(own[:-1])
    for dim in sorted((first, second)):
        shape.insert(dim, size)
    return _diag_embed(input, shape=tuple(shape), offset=offset, dim1=first, dim2=second)


@public("diag")
def diag(input: Tensor, diagonal: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Of a vector: the square matrix with it on a diagonal. Of a matrix: a copy of its diagonal.

    Args:
        input: of one dimension or two, of any dtype.
        diagonal: which diagonal: 0 the main one, positive above it.
        out: a tensor to write the result into.

    Returns:
        a new tensor: (n + |diagonal|, n + |diagonal|) of a vector of size n, else a vector.

    Raises:
        RuntimeError: for other numbers of dimensions.

    >>> import mibun as torch
    >>> torch.diag(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    check_tensor(input, "diag")
    ndim = input._array_.ndim
    if ndim == 1:
        result = diag_embed(input, diagonal)
        return finish(result, out, "diag")
    if ndim == 2:
        result = _diagonal_copy(input, offset=whole(diagonal, "diag", "diagonal"), dim1=0, dim2=1)
        return finish(result, out, "diag")
    raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {ndim}D")


@public("diagflat")
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The square matrix with all elements of the input on a diagonal.

    >>> import mibun as torch
    >>> torch.diagflat(torch.tensor([[1], [2]]))
    tensor([[1, 0],
            [0, 2]])
    """
    check_tensor(input, "diagflat")
    return diag_embed(input.reshape(-1), offset)


@public("fill_diagonal_", function=False)
def fill_diagonal_(self: Tensor, fill_value: Tensor | Number, wrap: bool = False) -> Tensor:
    """Write a number on the main diagonal; the sizes must be equal where there are more than two dimensions.

    wrap: in a matrix with more rows than columns, begin a new diagonal below each that has ended (one row is left out).

    >>> import mibun as torch
    >>> torch.zeros(2, 2).fill_diagonal_(1)
    tensor([[1., 0.],
            [0., 1.]])
    """
    shape = self._array_.shape
    if len(shape) < 2:
        raise RuntimeError(f"dimensions must larger than 1, but the shape is {list(shape)}")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError(f"all dimensions of input must be of equal length, but the shape is {list(shape)}")
    as_strided(self, (min(shape),), (sum(strides_of(layout_of(self))),)).fill_(fill_value)
    if wrap and len(shape) == 2:
        period = shape[1] + 1  # a diagonal and the row that is left out
        for row in range(period, shape[0], period):
            diagonal(self[row:]).fill_(fill_value)
    return self
