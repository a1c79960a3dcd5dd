"""Joining tensors into one: cat, stack, hstack, vstack, dstack, column_stack, block_diag; atleast_1d, 2d and 3d."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...core.dtypes import from_numpy_dtype, result_dtype
from ...core.registry import Array
from ...core.tensor import PLAIN, Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public


def _cat_parts(xp: Any, g: Array, dim: int, tensors_shapes: tuple, needs: tuple) -> list:
    parts = []
    start = 0
    for shape, need in zip(tensors_shapes, needs, strict=True):
        stop = start + shape[dim]
        parts.append(g[(*(slice(None),) * dim, slice(start, stop), ...)] if need else None)
        start = stop
    return parts


@op(linear, name="cat", memory="channels", joint=_cat_parts)
def _cat(xp, *tensors, dim):
    return xp.concat(tensors, axis=dim)


def _stack_parts(xp: Any, g: Array, dim: int, needs: tuple) -> list:
    return [g[(*(slice(None),) * dim, i, ...)] if need else None for i, need in enumerate(needs)]


@op(linear, name="stack", memory="contiguous", joint=_stack_parts)
def _stack(xp, *tensors, dim):
    return xp.stack(tensors, axis=dim)


def _block_parts(xp: Any, g: Array, tensors_shapes: tuple, needs: tuple) -> list:
    parts: list[Any] = []
    row = column = 0
    for shape, need in zip(tensors_shapes, needs, strict=True):
        rows, columns = _as_block(shape)
        part = g[row : row + rows, column : column + columns] if need else None
        parts.append(part if part is None else xp.reshape(part, shape))
        row, column = row + rows, column + columns
    return parts


def _as_block(shape: tuple[int, ...]) -> tuple[int, int]:
    return (1, 1) if not shape else (1, shape[0]) if len(shape) == 1 else (shape[0], shape[1])


@op(linear, name="block_diag", joint=_block_parts)
def _block_diag(xp, *tensors):
    shapes = [_as_block(tensor.shape) for tensor in tensors]
    total = sum([columns for _, columns in shapes])
    before = 0
    strips = []
    for tensor, (rows, columns) in zip(tensors, shapes, strict=True):
        left = xp.zeros((rows, before), dtype=tensor.dtype)
        right = xp.zeros((rows, total - before - columns), dtype=tensor.dtype)
        strips.append(xp.concat([left, xp.reshape(tensor, (rows, columns)), right], axis=1))
        before += columns
    return xp.concat(strips, axis=0)


def check_tensors(tensors: Any, function: str) -> list:
    """A list of Tensors, checked."""
    if (type(tensors) is tuple or type(tensors) is list) and PLAIN.issuperset(map(type, tensors)):
        return list(tensors)
    if isinstance(tensors, Tensor) or not isinstance(tensors, Iterable) or isinstance(tensors, (str, dict)):
        raise TypeError(
            f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, not {type(tensors).__name__}"
        )
    result = list(tensors)
    for i, tensor in enumerate(result):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(tensor).__name__}")
    return result


def tensors_given(tensors: tuple, function: str) -> list[Tensor]:
    """The Tensors of `f(a, b)` or `f((a, b))`, as a list, checked."""
    if len(tensors) == 1 and not isinstance(tensors[0], Tensor):
        tensors = tuple(tensors[0])
    return check_tensors(tensors, function)


@public("cat", method=False)
def cat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension that they have.

    Args:
        tensors: their sizes must agree but for that of `dim`; dtypes are promoted to the common one. Empty 1-d tensors
            are left out, as in PyTorch.
        dim: the dimension.
        out: a tensor to write the result into.

    Returns:
        a new tensor; its size along `dim` is the sum of theirs.

    Raises:
        RuntimeError: where shapes do not fit, or a tensor is 0-d (see `stack`).
        ValueError: for no tensors.

    >>> import mibun as torch
    >>> torch.cat([torch.ones(1, 2), torch.zeros(2, 2)])
    tensor([[1., 1.],
            [0., 0.],
            [0., 0.]])
    """
    given = check_tensors(tensors, "cat")
    if not given:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    shapes = [tensor._array_.shape for tensor in given]
    kept = given
    if (0,) in shapes:
        kept = [tensor for tensor, shape in zip(given, shapes, strict=True) if shape != (0,)] or given
    if () in shapes:
        i = shapes.index(())
        raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated; use stack()")
    first = kept[0]._array_.shape
    dim = wrap_dim(dim, len(first), "cat")
    for i, shape in enumerate(shapes):
        if shape == (0,) or shape == first:
            continue
        if len(shape) != len(first):
            raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
        for d, (size, expected) in enumerate(zip(shape, first, strict=True)):
            if d != dim and size != expected:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but got size "
                    f"{size} for tensor number {i} in the list. "
                    f"(Its shape is {list(shape)}, the first one's {list(first)}.)"
                )
    if len(kept) < len(given):
        kept = _promoted(kept, given)
        # Those that were left out have a gradient, too: zeros, of no elements.
        none = (*first[:dim], 0, *first[dim + 1 :])
        kept += [tensor.reshape(none) for tensor in given if tensor.requires_grad and tensor._array_.shape == (0,)]
    result = apply(_cat, kept, {"dim": dim})
    return result if out is None else finish(result, out, "cat")


def _promoted(kept: list, given: list) -> list:
    """The tensors that were left out still count for the dtype."""

    dtype = result_dtype([tensor._array_ for tensor in given])
    return [kept[0].to(from_numpy_dtype(dtype)), *kept[1:]] if kept[0]._array_.dtype != dtype else kept


@public("concat", method=False)
def concat(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`."""
    return cat(tensors, dim, out=out)


@public("concatenate", method=False)
def concatenate(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors along a dimension; see `cat`."""
    return cat(tensors, dim, out=out)


@public("stack", method=False)
def stack(tensors: Sequence[Tensor], dim: int = 0, *, out: Tensor | None = None) -> Tensor:
    """Join tensors of one shape along a new dimension.

    Args:
        tensors: of one shape; dtypes are promoted to the common one.
        dim: where in the result the new dimension is.
        out: a tensor to write the result into.

    Returns:
        a new tensor of one dimension more, of size len(tensors).

    Raises:
        RuntimeError: where the shapes differ, and for no tensors.

    >>> import mibun as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)], dim=1)
    tensor([[0., 1.],
            [0., 1.]])
    """
    given = check_tensors(tensors, "stack")
    if not given:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = given[0]._array_.shape
    for i, tensor in enumerate(given):
        if tensor._array_.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(tensor._array_.shape)} at entry {i}"
            )
    dim = wrap_dim(dim, len(first) + 1, "stack")
    result = apply(_stack, given, {"dim": dim})
    return result if out is None else finish(result, out, "stack")


@public("hstack", method=False)
def hstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the second dimension, 1-d (and 0-d) ones along the first.

    >>> import mibun as torch
    >>> torch.hstack([torch.tensor([1, 2]), torch.tensor([3])])
    tensor([1, 2, 3])
    """
    given = [atleast_1d(tensor) for tensor in _some(tensors, "hstack")]
    return cat(given, 0 if given[0]._array_.ndim == 1 else 1, out=out)


@public("vstack", method=False)
def vstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the first dimension, 1-d (and 0-d) ones as rows.

    >>> import mibun as torch
    >>> torch.vstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    return cat([atleast_2d(tensor) for tensor in _some(tensors, "vstack")], 0, out=out)


@public("row_stack", method=False)
def row_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the first dimension; see `vstack`."""
    return vstack(tensors, out=out)


@public("dstack", method=False)
def dstack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the third dimension, made where it is missing.

    >>> import mibun as torch
    >>> torch.dstack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[[1, 3],
             [2, 4]]])
    """
    return cat([atleast_3d(tensor) for tensor in _some(tensors, "dstack")], 2, out=out)


@public("column_stack", method=False)
def column_stack(tensors: Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Join tensors along the second dimension, 1-d (and 0-d) ones as columns.

    >>> import mibun as torch
    >>> torch.column_stack([torch.tensor([1, 2]), torch.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    given = _some(tensors, "column_stack")
    return hstack([x.reshape(x._array_.size, 1) if x._array_.ndim < 2 else x for x in given], out=out)


def _some(tensors: Any, name: str) -> list:
    given = check_tensors(tensors, name)
    if not given:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return given


@public("block_diag", method=False)
def block_diag(*tensors: Tensor | Sequence[Tensor]) -> Tensor:
    """The matrix with the given matrices (vectors count as rows) along its diagonal, zero elsewhere.

    >>> import mibun as torch
    >>> torch.block_diag(torch.tensor([[1, 2]]), torch.tensor([3]))
    tensor([[1, 2, 0],
            [0, 0, 3]])
    """
    given = check_tensors(tensors, "block_diag")
    if not given:
        raise TypeError("block_diag(): expected at least one Tensor")
    for i, tensor in enumerate(given):
        if tensor._array_.ndim > 2:
            raise RuntimeError(
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has "
                f"{tensor._array_.ndim} dimensions"
            )
    return _block_diag(*given)


def _at_least(name: str, change: Callable[[Tensor], Tensor], tensors: tuple) -> Tensor | tuple[Tensor, ...]:
    if len(tensors) == 1 and not isinstance(tensors[0], Tensor):
        return tuple([change(tensor) for tensor in check_tensors(tensors[0], name)])
    given = check_tensors(tensors, name)
    return change(given[0]) if len(given) == 1 else tuple([change(tensor) for tensor in given])


@public("atleast_1d", method=False)
def atleast_1d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each tensor (several, or one sequence of them) with at least one dimension.

    >>> import mibun as torch
    >>> torch.atleast_1d(torch.tensor(5))
    tensor([5])
    """
    return _at_least("atleast_1d", lambda x: x if x._array_.ndim else x.reshape(1), tensors)


@public("atleast_2d", method=False)
def atleast_2d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each tensor with at least two dimensions; new ones come first."""

    def change(x: Tensor) -> Tensor:
        ndim = x._array_.ndim
        return x.reshape(1, 1) if ndim == 0 else x.unsqueeze(0) if ndim == 1 else x

    return _at_least("atleast_2d", change, tensors)


@public("atleast_3d", method=False)
def atleast_3d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each tensor with at least three dimensions: a vector becomes (1, n, 1), a matrix (m, n, 1)."""

    def change(x: Tensor) -> Tensor:
        ndim = x._array_.ndim
        if ndim == 0:
            return x.reshape(1, 1, 1)
        return x.unsqueeze(0).unsqueeze(-1) if ndim == 1 else x.unsqueeze(-1) if ndim == 2 else x

    return _at_least("atleast_3d", change, tensors)
