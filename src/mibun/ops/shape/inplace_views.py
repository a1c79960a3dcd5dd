"""The tensor itself takes another shape: squeeze_, unsqueeze_, transpose_, swapaxes_, swapdims_, t_, as_strided_."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.memory import share
from ...core.mode import MODE
from ...core.tangents import copy_tangents
from ...core.tensor import Tensor
from ...core.views import View, bump_version, check_inplace, edge_of, move_retained, refuse_captured
from ...dispatch.public import public
from .axes import swapaxes, swapdims, t, transpose
from .reshaping import squeeze, unsqueeze
from .strides import as_strided

# PyTorch numbers its nodes over both forms of an operation.
_INPLACE_NODES = {
    "TBackward0": "TBackward1",
    "TransposeBackward0": "TransposeBackward1",
    "UnsqueezeBackward0": "UnsqueezeBackward1",
    "SqueezeBackward0": "SqueezeBackward3",
    "SqueezeBackward1": "SqueezeBackward4",
    "SqueezeBackward2": "SqueezeBackward5",
    "AsStridedBackward0": "AsStridedBackward1",
}


def _rename(node: Any) -> None:
    """Give a node the name of the in-place form."""
    name = _INPLACE_NODES.get(node.class_name())
    if name is not None:
        node.rename(name)


def _become(self: Tensor, name: str, function: Callable[..., Tensor], *args: Any) -> Tensor:
    """Let a tensor take the shape, and the place in the graph, of the view of it that a function makes."""
    recorded = MODE.get().grad and edge_of(self) is not None
    refuse_captured(self, name)
    check_inplace(self, recorded)
    result = function(self, *args)
    old, view = self._edge_, result._edge_
    self._array_ = result._array_
    share(self, result)
    bump_version(self, name)
    if type(old) is View:
        self._edge_ = view
        view.leaf = old.leaf
        view.creation, view.maker, view.output_nr = old.creation, old.maker, old.output_nr
        if recorded and view.edge is not None:
            view.version = self._version_counter_.version  # type: ignore[union-attr]
            _rename(view.edge[0])
            move_retained(self, old.edge, view.edge[0])
        else:
            view.edge, view.version = old.edge, old.version  # out of date, so that it is made anew when asked for
    elif recorded:
        self._edge_ = view.edge  # not a view of itself: the result takes its place
        _rename(view.edge[0])
        move_retained(self, old, view.edge[0])
    if MODE.get().dual_level >= 0:
        copy_tangents(result, self)
    return self


@public("squeeze_", function=False)
def squeeze_(self: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """`squeeze`, of the tensor itself: it keeps its memory and loses dimensions of size 1."""
    return _become(self, "squeeze_", squeeze, dim)


@public("unsqueeze_", function=False)
def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    """`unsqueeze`, of the tensor itself: it keeps its memory and gets a dimension of size 1."""
    return _become(self, "unsqueeze_", unsqueeze, dim)


@public("transpose_", function=False)
def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """`transpose`, of the tensor itself: it keeps its memory and has two dimensions swapped."""
    return _become(self, "transpose_", transpose, dim0, dim1)


@public("swapaxes_", function=False)
def swapaxes_(self: Tensor, axis0: int, axis1: int) -> Tensor:
    """Swap two dimensions of the tensor itself; see `transpose_`."""
    return _become(self, "swapaxes_", swapaxes, axis0, axis1)


@public("swapdims_", function=False)
def swapdims_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two dimensions of the tensor itself; see `transpose_`."""
    return _become(self, "swapdims_", swapdims, dim0, dim1)


@public("t_", function=False)
def t_(self: Tensor) -> Tensor:
    """`t`, of the tensor itself: a matrix becomes its transpose, in the same memory."""
    return _become(self, "t_", t)


@public("as_strided_")
def as_strided_(self: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Tensor:
    """`as_strided`, of the tensor itself: it takes these sizes, strides and offset on its storage."""
    return _become(self, "as_strided_", as_strided, size, stride, storage_offset)
