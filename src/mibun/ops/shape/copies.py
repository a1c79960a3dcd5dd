"""The view functions' twins that copy: `select_copy`, `expand_copy`, `unbind_copy` and the others.

A twin does what the view operator does, in memory of its own, and its rule is the view operator's. Which operator and
parameters it needs is read off the view that the view function makes, so that arguments and errors are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.dtypes import dtype
from ...core.dtypes import dtype as _dtype_class
from ...core.registry import LEADING, OPS
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import Op, linear, op
from ...dispatch.inplace import write_out
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..indexing.scatter_views import slice_bounds, view_step
from ..indexing.slicing import narrow, select, slice_along
from ..pointwise.complexes import view_as_complex, view_as_real
from .axes import permute, t, transpose
from .broadcasting import expand
from .detaching import alias
from .reshaping import squeeze, unsqueeze, view
from .splitting import split, split_with_sizes, unbind
from .strides import as_strided, unfold

_TWINS: dict[str, Op] = {}  # the node's name -> the operator


def _one(xp, input, *, view, params):
    return xp.copy(view.kernel(xp, input, **params))


def _several(xp, input, *, view, params):
    return tuple([xp.copy(part) for part in view.kernel(xp, input, **params)])


def _twin(node: str, several: bool) -> Op:
    """The operator that copies what a view operator shows, with this name of its node."""
    if node not in _TWINS:
        _TWINS[node] = op(
            linear,
            name="copied_as_" + node,
            node=node,
            dtype=None,
            scalars=False,
            outputs="list" if several else None,
            vjp=lambda xp, g, input_shape, view, params: view.vjp_of_view(xp, g, params, input_shape),
        )(_several if several else _one)
    return _TWINS[node]


# The nodes that `register` of PyTorch's tables knows are declared at once, so that they are among the operators.
for _node in (
    "Alias",
    "AsStrided",
    "Expand",
    "Permute",
    "Select",
    "Slice",
    "T",
    "Transpose",
    "Unfold",
    "Unsqueeze",
    "View",
    "ViewAsComplex",
    "ViewAsReal",
):
    _twin(_node + "Backward0_copy", False)


for _node in ("SqueezeBackward0_copy", "SqueezeBackward1_copy", "SqueezeBackward2_copy", "NarrowCopyBackward0"):
    _twin(_node, False)


for _node in ("SplitBackward0_copy", "SplitWithSizesBackward0_copy", "UnbindBackward0_copy"):
    _twin(_node, True)


def _copy(name: str, function: Callable[..., Any], input: Tensor, out: Any, *args: Any, node: str | None = None) -> Any:
    """What a view function shows of the input, copied. name: that of the function, for errors."""
    check_tensor(input, name + "_copy")
    view, operator, params = view_step(function, input, *args)
    several = isinstance(view, tuple)
    result = _twin(node or operator.node_name + "_copy", several)(input, view=operator, params=params)
    if out is None:
        return result
    if not several:
        return write_out(out, result, name + "_copy")
    if len(out) != len(result):
        raise TypeError(f"{name}_copy(): `out` must have {len(result)} tensors, but got {len(out)}")
    return tuple([write_out(target, part, name + "_copy") for target, part in zip(out, result, strict=True)])


@public("alias_copy", method=False)
def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the tensor."""
    return _copy("alias", alias, input, out)


@public("detach_copy", method=False)
def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of the tensor, outside of the graph."""
    check_tensor(input, "detach_copy")
    result = input.detach().clone()
    return finish(result, out, "detach_copy")


@public("as_strided_copy", method=False)
def as_strided_copy(
    input: Tensor,
    size: int | Sequence[int],
    stride: int | Sequence[int],
    storage_offset: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`as_strided`, copied."""
    return _copy("as_strided", as_strided, input, out, size, stride, storage_offset)


@public("expand_copy", method=False)
def expand_copy(
    input: Tensor, size: int | Sequence[int], *, implicit: bool = False, out: Tensor | None = None
) -> Tensor:
    """`expand`, copied. (`implicit` is for PyTorch's own use, and without effect there, too.)"""
    return _copy("expand", expand, input, out, size)


@public("narrow_copy")
def narrow_copy(input: Tensor, dim: int, start: int | Tensor, length: int, *, out: Tensor | None = None) -> Tensor:
    """`narrow`, copied."""
    if type(getattr(input, "_array_", None)) in LEADING:
        shape = input._array_.shape
        dim = wrap_dim(dim, len(shape), "narrow_copy")
        start = int(start) + (shape[dim] if int(start) < 0 else 0)
        if not 0 <= start <= start + length <= shape[dim]:
            raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({shape[dim]}).")
        part = {"dim": dim, "start": start, "length": length}
        return finish(apply(OPS["sparse_narrow"], (input,), part), out, "narrow_copy")
    return _copy("narrow", narrow, input, out, dim, start, length, node="NarrowCopyBackward0")


@public("permute_copy", method=False)
def permute_copy(input: Tensor, dims: int | Sequence[int], *, out: Tensor | None = None) -> Tensor:
    """`permute`, copied."""
    return _copy("permute", permute, input, out, dims)


@public("select_copy", method=False)
def select_copy(input: Tensor, dim: int, index: int, *, out: Tensor | None = None) -> Tensor:
    """`select`, copied."""
    return _copy("select", select, input, out, dim, index)


def _slice(input: Tensor, dim: int, start: int | None, end: int | None, step: int) -> Tensor:
    return slice_along(input, *slice_bounds(input, dim, start, end, step))


@public("slice_copy", method=False)
def slice_copy(
    input: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The slice `start:end:step` along a dimension, copied."""
    return _copy("slice", _slice, input, out, dim, start, end, step)


@public("split_copy", method=False)
def split_copy(
    input: Tensor, split_size: int, dim: int = 0, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """`split` into parts of one size, copied. `out`: a sequence of as many tensors."""
    return _copy("split", split, input, out, split_size, dim)


@public("split_with_sizes_copy", method=False)
def split_with_sizes_copy(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0, *, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, ...]:
    """`split_with_sizes`, copied. `out`: as for `split_copy`."""
    return _copy("split_with_sizes", split_with_sizes, input, out, split_sizes, dim)


@public("squeeze_copy", method=False)
def squeeze_copy(input: Tensor, dim: int | Sequence[int] | None = None, *, out: Tensor | None = None) -> Tensor:
    """`squeeze`, copied."""
    return _copy("squeeze", squeeze, input, out, *(() if dim is None else (dim,)))


@public("t_copy", method=False)
def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`t`, copied."""
    return _copy("t", t, input, out)


@public("transpose_copy", method=False)
def transpose_copy(input: Tensor, dim0: int, dim1: int, *, out: Tensor | None = None) -> Tensor:
    """`transpose`, copied."""
    return _copy("transpose", transpose, input, out, dim0, dim1)


@public("unbind_copy", method=False)
def unbind_copy(input: Tensor, dim: int = 0, *, out: Sequence[Tensor] | None = None) -> tuple[Tensor, ...]:
    """`unbind`, copied. `out`: as for `split_copy`."""
    check_tensor(input, "unbind_copy")
    if 0 in input._array_.shape and not unbind(input.detach(), dim):
        return ()
    return _copy("unbind", unbind, input, out, dim)


@public("unfold_copy", method=False)
def unfold_copy(input: Tensor, dimension: int, size: int, step: int, *, out: Tensor | None = None) -> Tensor:
    """`Tensor.unfold`, copied."""
    return _copy("unfold", unfold, input, out, dimension, size, step)


@public("unsqueeze_copy", method=False)
def unsqueeze_copy(input: Tensor, dim: int, *, out: Tensor | None = None) -> Tensor:
    """`unsqueeze`, copied."""
    return _copy("unsqueeze", unsqueeze, input, out, dim)


@public("view_copy", method=False)
def view_copy(
    input: Tensor, size: int | Sequence[int] | None = None, dtype: dtype | None = None, *, out: Tensor | None = None
) -> Tensor:
    """`Tensor.view`, copied: in another shape, or under another dtype."""
    if isinstance(size, _dtype_class):
        size, dtype = None, size
    if dtype is not None:
        check_tensor(input, "view_copy")
        result = view(input.detach(), dtype).clone()
        return finish(result, out, "view_copy")
    if not isinstance(size, (tuple, list)):
        raise TypeError(
            f"view_copy() received an invalid combination of arguments - got ({type(size).__name__}), but expected "
            "(Tensor input, torch.dtype dtype) or (Tensor input, tuple of ints size)"
        )
    return _copy("view", view, input, out, size)


@public("view_as_complex_copy", method=False)
def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_complex`, copied."""
    return _copy("view_as_complex", view_as_complex, input, out)


@public("view_as_real_copy", method=False)
def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`view_as_real`, copied."""
    return _copy("view_as_real", view_as_real, input, out)
