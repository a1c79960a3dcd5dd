"""Order: sort, argsort, msort, topk.

All of them sort stably (equal elements keep their order, NaN is largest); their gradients go to the elements, by index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import Op, nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import one_dim
from .extremes import finish_pair, scalar_index


def _embedded(xp: Any, g: Array, indices: Array, input_shape: tuple[int, ...], dim: int) -> Array:
    return xp.gather_embed(g, indices, shape=input_shape, dim=dim) if input_shape else g


def sorted_along(xp: Any, input: Array, dim: int, descending: bool) -> tuple[Array, Array]:
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    indices = xp.stable_order(input, dim, descending)
    return xp.read_along(input, indices, dim), indices


# --- sort ---


def _declare_sort(node: str) -> Op:
    @op(
        name=node.lower(),
        node=node,
        dtype=None,
        outputs=("values", "indices"),
        n_differentiable=1,
        vjp=lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim),
        jvp=lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,),
    )
    def kernel(xp, input, *, dim, descending):
        return sorted_along(xp, input, dim, descending)

    return kernel


sort_default, _sort_stable = _declare_sort("SortBackward0"), _declare_sort("SortBackward1")


def _check_orderable(input: Tensor, message: str) -> None:
    if input._array_.dtype.kind == "c":
        raise RuntimeError(message)


@public("sort")
def sort(
    input: Tensor,
    dim: int = -1,
    descending: bool = False,
    *,
    stable: bool | None = None,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """The elements in order along a dimension, and the indices they came from.

    Args:
        input: of any real dtype.
        dim: the dimension.
        descending: the largest first.
        stable: whether equal elements keep their order; they always do here, asked for or not.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), the indices int64. NaN counts as the largest. The gradient of a value goes to
        the element that it came from.

    Raises:
        RuntimeError: for complex numbers.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([3, 1, 2]).sort()
    torch.return_types.sort(
    values=tensor([1, 2, 3]),
    indices=tensor([1, 2, 0]))
    """
    check_tensor(input, "sort")
    if isinstance(dim, bool):  # sort(descending)
        dim, descending = -1, dim
    dim = one_dim(input, dim, "sort")
    _check_orderable(input, " Sort does not support complex dtypes on CPU")
    results = (sort_default if stable is None else _sort_stable)(input, dim=dim, descending=bool(descending))
    return finish_pair(return_types.sort, results, out, "sort")


@op(nondifferentiable, name="argsort", dtype=None)
def _argsort(xp, input, *, dim, descending):
    return xp.stable_order(input, dim, descending) if input.ndim else scalar_index(xp)


@public("argsort")
def argsort(
    input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool = False, out: Tensor | None = None
) -> Tensor:
    """The indices (int64) that sort along a dimension; equal elements keep their order.

    dim, descending: as for `sort`. stable: without effect. Not differentiable. RuntimeError for complex numbers.

    >>> import mibun as torch
    >>> torch.argsort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 0])
    """
    check_tensor(input, "argsort")
    dim = one_dim(input, dim, "argsort")
    _check_orderable(input, " Sort does not support complex dtypes on CPU")
    return finish(_argsort(input, dim=dim, descending=bool(descending)), out, "argsort")


@public("msort")
def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in ascending order along the first dimension.

    >>> import mibun as torch
    >>> torch.msort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 3])
    """
    check_tensor(input, "msort")
    _check_orderable(input, " Sort does not support complex dtypes on CPU")
    return finish(sort_default(input, dim=0, descending=False)[0], out, "msort")


# --- topk ---


@op(
    name="topk",
    dtype=None,
    outputs=("values", "indices"),
    n_differentiable=1,
    vjp=lambda xp, g, indices, input_shape, dim: _embedded(xp, g, indices, input_shape, dim),
    jvp=lambda xp, t, indices, input_shape, dim: (xp.gather_along(t, indices, dim=dim) if input_shape else t,),
)
def _topk(xp, input, *, k, dim, largest):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    indices = xp.copy(xp.first_in_order(input, k, dim, largest))
    return xp.read_along(input, indices, dim), indices


@public("topk")
def topk(
    input: Tensor,
    k: int,
    dim: int = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: Sequence[Tensor] | None = None,
) -> tuple[Tensor, Tensor]:  # noqa: A002
    """The k largest (or smallest) elements along a dimension, in order, with their indices.

    Args:
        input: of any integer or floating dtype.
        k: how many.
        dim: the dimension.
        largest: whether the largest or the smallest.
        sorted: without effect: they come in order always.
        out: a pair of tensors to write the results into.

    Returns:
        a named tuple (values, indices), of size k along `dim`. NaN counts as the largest. The gradient of a value goes
        to the element that it came from.

    Raises:
        RuntimeError: where k is out of range, and for bool and complex.

    >>> import mibun as torch
    >>> torch.topk(torch.tensor([1., 4., 3.]), 2)
    torch.return_types.topk(
    values=tensor([4., 3.]),
    indices=tensor([1, 2]))
    """
    check_tensor(input, "topk")
    k = whole_k(k, "topk")
    dim = one_dim(input, dim, "topk")
    size = input._array_.shape[dim] if input._array_.ndim else 1
    if not 0 <= k <= size:
        raise RuntimeError(f"selected index k out of range: {k} of {size} elements")
    _check_orderable(input, " topk does not support complex dtypes on CPU")
    if input._array_.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    return finish_pair(return_types.topk, _topk(input, k=k, dim=dim, largest=bool(largest)), out, "topk")


def whole_k(k: int, name: str) -> int:
    if isinstance(k, float):
        raise TypeError(f"{name}(): argument 'k' (position 1) must be int, not float")
    return whole(k, name, "k")
