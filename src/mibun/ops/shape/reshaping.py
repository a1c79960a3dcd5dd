"""Shapes: the same elements under other sizes, in another order of axes, or repeated without a copy.

Nearly all of these are views: the result shares its memory with the input and is followed through in-place operations.
Views that depend on strides (`as_strided`, `unfold`, `diagonal`) are in `strides.py`, those made by indices in
`indexing.py`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...core.dtypes import contiguous_format
from ...core.dtypes import dtype as _dtype_class
from ...core.mode import MODE
from ...core.registry import FUNCTIONS, METHODS
from ...core.site import stacklevel
from ...core.views import View, bump_version, check_inplace, edge_of, move_retained, own_array
from ...dispatch.arguments import check_tensor, infer_shape, sizes_of, wrap_dim, wrap_dims
from ...dispatch.declare import linear, nondifferentiable, op
from ...dispatch.public import public
from .strides import as_strided

# --- reshape and its kin ---


@op(linear, name="view", view=True, dtype=None, vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))
def _view(xp, input, *, shape):
    return xp.reshape(input, shape)


# The primal of a dual tensor: the same memory, and the same gradient, but none of the tangent.
@op(linear, name="fw_primal", node="Identity", view=True, dtype=None, vjp=lambda xp, g: g)
def _fw_primal(xp, input):
    return xp.reshape(input, input.shape)


@op(linear, name="_reshape_alias", node="ReshapeAliasBackward0", view=True, dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))  # fmt: skip
def _reshape_alias(xp, input, *, shape):
    return xp.reshape(input, shape)


@op(linear, name="unsafe_view", dtype=None, vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))
def _unsafe_view(xp, input, *, shape):
    return xp.reshape(input, shape)  # made only where NumPy has to copy


@op(nondifferentiable, name="view_dtype", view=True, dtype=None)
def _view_dtype(xp, input, *, dtype):
    return xp.view_as_dtype(input, dtype)


def _viewable(array: Any, shape: tuple[int, ...]) -> bool:
    """Whether the elements can be seen in this shape without a copy."""
    if not isinstance(array, np.ndarray) or array.flags.c_contiguous or array.size == 0:
        return True
    try:
        array.reshape(shape, copy=False)
    except ValueError:
        return False
    return True


def _reshape(input: Any, shape: tuple[int, ...]) -> Any:
    array = input._array_
    if not isinstance(array, np.ndarray) or array.flags.c_contiguous:
        return _view(input, shape=shape)
    if _viewable(array, shape):
        return _reshape_alias(input, shape=shape)
    if MODE.get().grad and input.requires_grad:
        input = input.clone(memory_format=contiguous_format)  # two steps of the graph, as in PyTorch
    return _unsafe_view(input, shape=shape)


@public()
def reshape(input: Any, *args: Any, shape: Any = None) -> Any:
    """The same elements in another shape: a view if that is possible, else a copy.

    shape: ints, separately (as a method) or as one sequence; one of them may be -1 and is then computed. RuntimeError
    where the number of elements differs.

    >>> import mibun as torch
    >>> torch.arange(6).reshape(2, -1).shape
    torch.Size([2, 3])
    """
    check_tensor(input, "reshape")
    sizes = sizes_of(args if shape is None else (shape,), "reshape", "shape")
    if shape is None and not args:
        raise TypeError('reshape() missing 1 required positional arguments: "shape"')
    return _reshape(input, infer_shape(sizes, input._array_.size))


@public(function=False)
def view(self: Any, *args: Any, size: Any = None, dtype: Any = None) -> Any:
    """The same memory in another shape, or with a dtype as argument under that dtype.

    RuntimeError where the strides do not allow the shape without a copy (then use `reshape`), or the number of elements
    differs. A view under another dtype is not differentiable.
    """
    if dtype is None and len(args) == 1 and isinstance(args[0], _dtype_class):
        dtype = args[0]
    if dtype is not None:
        return _as_dtype(self, dtype)
    if size is None and not args:
        raise TypeError("view() received an invalid combination of arguments - got (), but expected (*size) or (dtype)")
    shape = infer_shape(sizes_of(args if size is None else (size,), "view"), self._array_.size)
    if not _viewable(self._array_, shape):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            f"contiguous subspaces). Use .reshape(...) instead. The size is {list(self._array_.shape)}, the strides are "
            f"{[s // self._array_.itemsize for s in self._array_.strides]}, the wanted size is {list(shape)}."
        )
    return _view(self, shape=shape)


def _as_dtype(input: Any, dtype: Any) -> Any:
    array = own_array(input)
    old, new = array.dtype.itemsize, dtype.np.itemsize
    if old != new:
        names = f"{input.dtype.scalar_name} as {dtype.scalar_name} (different element sizes)"
        if array.ndim == 0:
            raise RuntimeError(f"self.dim() cannot be 0 to view {names}")
        if new > old and array.shape[-1] * old % new:
            raise RuntimeError(
                f"self.size(-1) must be divisible by {new // old} to view {names}, but got {array.shape[-1]}"
            )
        if array.shape[-1] > 1 and array.strides[-1] != old:
            raise RuntimeError(
                f"self.stride(-1) must be 1 to view {names}, but got {array.strides[-1] // old}. "
                "Make it contiguous first."
            )
    return _view_dtype(input, dtype=dtype.np)


@public(function=False)
def view_as(self: Any, other: Any) -> Any:
    """`self.view(other.size())`."""
    check_tensor(other, "view_as", "other")
    return view(self, other._array_.shape)


@public(function=False)
def reshape_as(self: Any, other: Any) -> Any:
    """`self.reshape(other.size())`."""
    check_tensor(other, "reshape_as", "other")
    return reshape(self, other._array_.shape)


@public()
def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Join the dimensions from start_dim to end_dim into one; a 0-d tensor becomes 1-d. A view if possible."""
    check_tensor(input, "flatten")
    shape = input._array_.shape
    start, end = wrap_dim(start_dim, len(shape), "flatten"), wrap_dim(end_dim, len(shape), "flatten")
    if not shape:
        return _reshape(input, (1,))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end:
        return input
    return _reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


@public()
def unflatten(input: Any, dim: int, sizes: Any) -> Any:
    """Split one dimension into several; one of the sizes may be -1. RuntimeError where they do not multiply up to it.

    >>> import mibun as torch
    >>> torch.arange(6).unflatten(0, (2, 3)).shape
    torch.Size([2, 3])
    """
    check_tensor(input, "unflatten")
    shape = input._array_.shape
    dim = wrap_dim(dim, len(shape), "unflatten")
    sizes = sizes_of((sizes,), "unflatten", "sizes")
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    old = shape[dim] if shape else 1
    try:
        sizes = infer_shape(sizes, old)
    except RuntimeError as error:
        if "is invalid for" not in str(error):
            raise
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} ({old}) in the input "
            "tensor"
        ) from None
    return view(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


@public()
def ravel(input: Any) -> Any:
    """All elements in one dimension: a view if that is possible, else a copy."""
    check_tensor(input, "ravel")
    return _reshape(input, (input._array_.size,))


# --- squeeze and unsqueeze ---


@op(linear, name="squeeze", node="SqueezeBackward0", view=True, dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))  # fmt: skip
def _squeeze_all(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@op(linear, name="squeeze_dim", node="SqueezeBackward1", view=True, dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))  # fmt: skip
def _squeeze_dim(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@op(linear, name="squeeze_dims", node="SqueezeBackward2", view=True, dtype=None,
    vjp=lambda xp, g, input_shape: xp.reshape(g, input_shape))  # fmt: skip
def _squeeze_dims(xp, input, *, dims):
    return xp.squeeze(input, axis=dims)


@public()
def squeeze(input: Any, dim: Any = None) -> Any:
    """Drop the dimensions of size 1: all of them, or of those in `dim` (an int or several). A view."""
    check_tensor(input, "squeeze")
    shape = input._array_.shape
    if dim is None:
        return _squeeze_all(input, dims=tuple([i for i, size in enumerate(shape) if size == 1]))
    record = _squeeze_dims if isinstance(dim, (tuple, list)) else _squeeze_dim
    dims = wrap_dims(dim, len(shape), "squeeze")
    return record(input, dims=tuple([i for i in dims if shape and shape[i] == 1]))


@op(linear, name="unsqueeze", view=True, dtype=None, vjp=lambda xp, g, dim: xp.squeeze(g, axis=dim))
def _unsqueeze(xp, input, *, dim):
    return input[(slice(None),) * dim + (None, ...)]


@public()
def unsqueeze(input: Any, dim: int) -> Any:
    """Insert a dimension of size 1 before `dim` (from -ndim - 1 to ndim). A view."""
    check_tensor(input, "unsqueeze")
    return _unsqueeze(input, dim=wrap_dim(dim, input._array_.ndim + 1, "unsqueeze"))


# --- the order of the axes ---


def _inverse(dims: tuple[int, ...]) -> tuple[int, ...]:
    inverse = [0] * len(dims)
    for place, dim in enumerate(dims):
        inverse[dim] = place
    return tuple(inverse)


@op(linear, name="permute", view=True, dtype=None, vjp=lambda xp, g, dims: xp.permute_dims(g, _inverse(dims)))
def _permute(xp, input, *, dims):
    return xp.permute_dims(input, dims)


def _swap(xp: Any, x: Any, dim0: int, dim1: int) -> Any:
    order = list(range(x.ndim))
    if order:
        order[dim0], order[dim1] = dim1, dim0
    return xp.permute_dims(x, tuple(order))


@op(
    linear, name="transpose", view=True, dtype=None, vjp=lambda xp, g, dim0, dim1: xp.transpose(g, dim0=dim0, dim1=dim1)
)
def _transpose(xp, input, *, dim0, dim1):
    return _swap(xp, input, dim0, dim1)


@op(linear, name="t", view=True, dtype=None, vjp=lambda xp, g: xp.t(g))
def _t(xp, input):
    return _swap(xp, input, 0, 1) if input.ndim == 2 else input[...]


@public()
def permute(input: Any, *args: Any, dims: Any = None) -> Any:
    """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input. A view.

    RuntimeError where dims is not each dimension once.
    """
    check_tensor(input, "permute")
    if not args and dims is None:
        raise TypeError('permute() missing 1 required positional arguments: "dims"')
    given = sizes_of(args if dims is None else (dims,), "permute", "dims")
    ndim = input._array_.ndim
    if len(given) != ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {ndim} is not equal to len(dims) = {len(given)}"
        )
    wrapped = tuple([wrap_dim(dim, ndim, "permute") for dim in given])
    if len(set(wrapped)) != ndim:
        raise RuntimeError(f"permute(): duplicate dims are not allowed. Got {list(given)}.")
    return _permute(input, dims=wrapped)


@public()
def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """Swap two dimensions. A view."""
    check_tensor(input, "transpose")
    ndim = input._array_.ndim
    return _transpose(input, dim0=wrap_dim(dim0, ndim, "transpose"), dim1=wrap_dim(dim1, ndim, "transpose"))


@public()
def swapaxes(input: Any, axis0: int, axis1: int) -> Any:
    """Swap two dimensions; see `transpose`."""
    return transpose(input, axis0, axis1)


@public()
def swapdims(input: Any, dim0: int, dim1: int) -> Any:
    """Swap two dimensions; see `transpose`."""
    return transpose(input, dim0, dim1)


@public()
def t(input: Any) -> Any:
    """The transpose of a matrix; tensors with less than two dimensions stay as they are. A view."""
    check_tensor(input, "t")
    if input._array_.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input._array_.ndim}D")
    return _t(input)


@public()
def adjoint(input: Any) -> Any:
    """The conjugate transpose of the last two dimensions."""
    check_tensor(input, "adjoint")
    if input._array_.ndim < 2:
        raise RuntimeError(
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got {input._array_.ndim}-D tensor."
        )
    result = transpose(input, -2, -1)
    return FUNCTIONS["conj"](result) if input._array_.dtype.kind == "c" else result


@public("moveaxis")
def movedim(input: Any, source: Any, destination: Any) -> Any:
    """Move the dimensions `source` (an int or several) to the places `destination`; the others keep their order."""
    check_tensor(input, "movedim")
    ndim = input._array_.ndim
    source = sizes_of((source,), "movedim", "source")
    destination = sizes_of((destination,), "movedim", "destination")
    if len(source) != len(destination):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: source "
            f"({list(source)} dims) should contain the same number of dims as destination ({list(destination)} dims)"
        )
    froms = [wrap_dim(dim, ndim, "movedim") for dim in source]
    tos = [wrap_dim(dim, ndim, "movedim") for dim in destination]
    for name, dims, given in (("source", froms, source), ("destination", tos, destination)):
        if len(set(dims)) != len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({list(given)})")
    if not ndim:
        return _permute(input, dims=())
    rest = iter([dim for dim in range(ndim) if dim not in froms])
    place = dict(zip(tos, froms, strict=True))
    return _permute(input, dims=tuple([place[i] if i in place else next(rest) for i in range(ndim)]))


def _T(self: Any) -> Any:  # noqa: N802
    """The dimensions in reverse order; for matrices. UserWarning for other numbers of dimensions, as in PyTorch."""
    ndim = self._array_.ndim
    if ndim != 2:
        what = (
            "Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases."
            if ndim == 0
            else "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it "
            "will throw an error in a future release. Consider `x.mT` to transpose batches of matrices or "
            "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor."
        )
        warnings.warn(what, UserWarning, stacklevel=stacklevel())
    return _permute(self, dims=tuple(range(ndim))[::-1])


def _mT(self: Any) -> Any:  # noqa: N802
    """The last two dimensions swapped."""
    return _of_matrices(self, "mT")


def _H(self: Any) -> Any:  # noqa: N802
    """The conjugate transpose of a matrix."""
    ndim = self._array_.ndim
    if ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if ndim > 2 else "")
        )
    return _of_matrices(self, "H")


def _mH(self: Any) -> Any:  # noqa: N802
    """The conjugate transpose of the last two dimensions."""
    return _of_matrices(self, "mH")


def _of_matrices(self: Any, name: str) -> Any:
    ndim = self._array_.ndim
    if ndim == 0:
        advice = "Consider using x.conj()." if name.endswith("H") else "This function is the identity in these cases."
        warnings.warn(f"Tensor.{name} is deprecated on 0-D tensors. {advice}", UserWarning, stacklevel=stacklevel())
        return _conjugate(self) if name.endswith("H") else _permute(self, dims=())
    if ndim < 2:
        raise RuntimeError(f"tensor.{name} is only supported on matrices or batches of matrices. Got {ndim}-D tensor.")
    return adjoint(self) if name.endswith("H") else transpose(self, -2, -1)


def _conjugate(self: Any) -> Any:
    """The conjugate of a 0-d tensor, itself where it is real."""
    return FUNCTIONS["conj"](self) if self._array_.dtype.kind == "c" else self


METHODS["T"] = property(_T)  # type: ignore[assignment]
METHODS["mT"] = property(_mT)  # type: ignore[assignment]
METHODS["H"] = property(_H)  # type: ignore[assignment]
METHODS["mH"] = property(_mH)  # type: ignore[assignment]


# --- expand ---


@op(linear, name="expand", view=True, dtype=None, vjp=lambda xp, g, input_shape: xp.sum_to(g, input_shape))
def _expand(xp, input, *, shape):
    return xp.broadcast_to(input, shape)


def expand_shape(own: tuple[int, ...], sizes: tuple[int, ...], input: Any) -> tuple[int, ...]:
    """The shape that `expand(sizes)` gives, -1 meaning unchanged; or PyTorch's error."""
    lead = len(sizes) - len(own)
    if lead < 0:
        raise RuntimeError(
            f"expand(torch.{input.dtype.scalar_name}Tensor{{{list(own)}}}, size={list(sizes)}): the number of sizes "
            f"provided ({len(sizes)}) must be greater or equal to the number of dimensions in the tensor ({len(own)})"
        )
    shape = []
    for i, wanted in enumerate(sizes):
        if i < lead:
            if wanted < 0:
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) isn't allowed in a leading, non-existing dimension {i}"
                )
        else:
            size = own[i - lead]
            if wanted == -1:
                wanted = size
            elif wanted != size and (size != 1 or wanted < 0):
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) must match the existing size ({size}) at "
                    f"non-singleton dimension {i}.  Target sizes: {list(sizes)}.  Tensor sizes: {list(own)}"
                )
        shape.append(wanted)
    return tuple(shape)


@public(function=False)
def expand(self: Any, *args: Any, size: Any = None, implicit: bool = False) -> Any:
    """Repeat dimensions of size 1, and new leading ones, without a copy: a view of which elements share memory.

    size: ints, separately or as one sequence; -1 leaves a dimension as it is. RuntimeError for other dimensions.
    """
    if size is None and not args:
        raise TypeError('expand() missing 1 required positional arguments: "size"')
    sizes = sizes_of(args if size is None else (size,), "expand")
    return _expand(self, shape=expand_shape(self._array_.shape, sizes, self))


@public(function=False)
def expand_as(self: Any, other: Any) -> Any:
    """`self.expand(other.size())`."""
    check_tensor(other, "expand_as", "other")
    return expand(self, other._array_.shape)


@public()
def broadcast_to(input: Any, *args: Any, size: Any = None) -> Any:
    """The input expanded to a shape that it broadcasts to; see `Tensor.expand`."""
    check_tensor(input, "broadcast_to")
    return expand(input, *args, size=size)


# --- in place: the tensor itself takes the other shape ---


# PyTorch numbers its nodes over both forms of an operation.
_INPLACE_NODES = {
    "TBackward0": "TBackward1", "TransposeBackward0": "TransposeBackward1", "UnsqueezeBackward0": "UnsqueezeBackward1",
    "SqueezeBackward0": "SqueezeBackward3", "SqueezeBackward1": "SqueezeBackward4",
    "SqueezeBackward2": "SqueezeBackward5", "AsStridedBackward0": "AsStridedBackward1",
}  # fmt: skip
_inplace_classes: dict[type, type] = {}


def _rename(node: Any) -> None:
    """Give a node the name of the in-place form."""
    cls = type(node)
    if cls.__name__ in _INPLACE_NODES:
        if cls not in _inplace_classes:
            _inplace_classes[cls] = type(_INPLACE_NODES[cls.__name__], (cls,), {"__module__": cls.__module__})
        node.__class__ = _inplace_classes[cls]


def _inplace(function: Any, name: str) -> Any:
    def change(self: Any, *args: Any, **kwargs: Any) -> Any:
        recorded = MODE.get().grad and edge_of(self) is not None
        check_inplace(self, recorded)
        result = function(self, *args, **kwargs)
        old, view = self._edge_, result._edge_
        self._array_ = result._array_
        bump_version(self, name)
        if type(old) is View:
            self._edge_ = view
            view.leaf = old.leaf
            view.creation, view.maker, view.output_nr = old.creation, old.maker, old.output_nr
            if recorded and view.edge is not None:
                view.version = self._version_counter_.version
                _rename(view.edge[0])
                move_retained(self, old.edge, view.edge[0])
            else:
                view.edge, view.version = old.edge, old.version  # out of date, so that it is made anew when asked for
        elif recorded:
            self._edge_ = view.edge  # not a view of itself: the result takes its place
            _rename(view.edge[0])
            move_retained(self, old, view.edge[0])
        if MODE.get().dual_level >= 0:
            self._tangent_ = result._tangent_
        return self

    change.__name__ = change.__qualname__ = name
    change.__doc__ = f"`{name[:-1]}`, of the tensor itself: it keeps its memory and takes the other shape."
    return change


for _function in (squeeze, unsqueeze, transpose, swapaxes, swapdims, t, as_strided):
    _name = _function.__name__ + "_"
    METHODS[_name] = _inplace(_function, _name)
