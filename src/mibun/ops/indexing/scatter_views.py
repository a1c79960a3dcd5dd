"""Copies with a part written over: `select_scatter`, `slice_scatter`, `diagonal_scatter`, `as_strided_scatter`.

Each is a view operator turned round: the part is what the view of that name shows. The rules are made of the view's
own: its transpose, which puts a part back into zeros, and the view itself, which reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.mode import inference_mode
from ...core.registry import Array
from ...core.tensor import Tensor, wrap
from ...core.views import own_array
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.declare import Op, linear, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..shape.diagonals import diagonal
from ..shape.strides import as_strided
from .slicing import select, slice_along


def view_step(function: Callable[..., Any], input: Tensor, *args: Any) -> tuple[Any, Op, dict[str, Any]]:
    """The view(s) that a function gives of the input, not recorded, with the operator and parameters that made them."""
    with inference_mode(False):
        view = function(wrap(own_array(input)), *args)
        first = view[0] if isinstance(view, tuple) else view
    operator, params, _ = first._edge_.chain[-1]
    return view, getattr(operator, "op", operator), params  # of one of several outputs: the operator itself


def _place(xp: Any, part: Array, shape: tuple[int, ...], view: Op, params: dict[str, Any]) -> Array:
    """Where in the whole the part lies."""
    return view.vjp_of_view(xp, xp.ones_like(part), params, tuple(shape)) != 0


@op(
    linear,
    name="part_cleared",
    dtype=None,
    vjp=lambda xp, g, view, params, part_shape: xp.part_cleared(g, view=view, params=params, part_shape=part_shape),
)
def _clear(xp, input, *, view, params, part_shape):
    part = xp.zeros(part_shape, dtype=input.dtype)
    return xp.where(_place(xp, part, input.shape, view, params), xp.zeros_like(input), input)


@op(
    linear,
    name="part_read",
    dtype=None,
    vjp=lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape),
)
def _read(xp, input, *, view, params):
    return xp.copy(view.kernel(xp, input, **params))


def _kernel(xp, input, src, *, view, params):
    src = xp.astype(src, input.dtype)
    whole = view.vjp_of_view(xp, src, params, tuple(input.shape))
    return xp.where(_place(xp, src, input.shape, view, params), whole, input)


def _declare(name: str) -> Op:
    return op(
        linear,
        name=name,
        dtype=None,
        scalars=False,
        vjp={
            "input": lambda xp, g, src_shape, view, params: xp.part_cleared(
                g, view=view, params=params, part_shape=src_shape
            ),
            "src": lambda xp, g, view, params: xp.part_read(g, view=view, params=params),
        },
    )(_kernel)


_OPS = {name: _declare(name) for name in ("select_scatter", "slice_scatter", "diagonal_scatter", "as_strided_scatter")}


def _scatter(
    name: str, input: Tensor, src: Tensor, out: Tensor | None, function: Callable[..., Any], *args: Any
) -> Tensor:
    """Write `src` where the view is that `function` gives of the input."""
    view, operator, params = view_step(function, input, *args)
    if src._array_.shape != view._array_.shape:
        raise RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(src._array_.shape)}, slice "
            "size = "
            f"{list(view._array_.shape)}"
        )
    if name == "as_strided_scatter":
        _refuse_overlap(view)
    result = _OPS[name](input, src, view=operator, params=params)
    return finish(result, out, name)


def _check(name: str, input: Tensor, src: Tensor) -> None:
    check_tensor(input, name)
    check_tensor(src, name, "src", 2)


@public("select_scatter")
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int, *, out: Tensor | None = None) -> Tensor:
    """A copy of the input with `src` as the slice `index` of a dimension: what `input.select(dim, index)` shows.

    >>> import mibun as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    _check("select_scatter", input, src)
    return _scatter("select_scatter", input, src, out, select, dim, index)


def slice_bounds(input: Tensor, dim: int, start: int | None, end: int | None, step: int) -> tuple[int, int, int, int]:
    """The dimension, and start, end and step within its size, as Python's slices have them."""
    shape = input._array_.shape
    if not shape:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape), "slice")
    step = whole(step, "slice", "step")
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    start = None if start is None else whole(start, "slice", "start")
    end = None if end is None else whole(end, "slice", "end")
    start, end, _ = slice(start, end).indices(shape[dim])
    return dim, start, max(start, end), step


@public("slice_scatter")
def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` as its slice `start:end:step` along a dimension.

    >>> import mibun as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0.])
    """
    _check("slice_scatter", input, src)
    return _scatter("slice_scatter", input, src, out, slice_along, *slice_bounds(input, dim, start, end, step))


@public("diagonal_scatter")
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1, *, out: Tensor | None = None
) -> Tensor:
    """A copy of the input with `src` as the diagonal of two dimensions: what `input.diagonal(...)` shows.

    >>> import mibun as torch
    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    _check("diagonal_scatter", input, src)
    return _scatter("diagonal_scatter", input, src, out, diagonal, offset, dim1, dim2)


@public("as_strided_scatter")
def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: int | Sequence[int],
    stride: int | Sequence[int],
    storage_offset: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of the input with `src` where `input.as_strided(size, stride, storage_offset)` is.

    RuntimeError where that has several elements in one place of the memory.
    """
    _check("as_strided_scatter", input, src)
    return _scatter("as_strided_scatter", input, src, out, as_strided, size, stride, storage_offset)


def _refuse_overlap(view: Tensor) -> None:
    reach = 0
    for step, length in sorted(zip(view.stride(), view.shape, strict=True)):
        if length > 1:
            if step <= reach:
                raise RuntimeError(
                    "unsupported operation: more than one element of the written-to tensor refers to a single memory "
                    f"location. (In as_strided_scatter: size {list(view.shape)}, stride {list(view.stride())}.)"
                )
            reach += step * (length - 1)
