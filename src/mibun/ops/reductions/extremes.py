"""The largest and the smallest: amax, amin, max, min, aminmax, argmax, argmin.

Where several elements are largest, `amax` and the full `max` share the gradient evenly among them; `max` along a
dimension gives it to the one whose index it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.registry import Array
from ...core.tensor import Tensor
from ...dispatch import return_types
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import Op, nondifferentiable, op
from ...dispatch.forms import function_of
from ...dispatch.inplace import write_out
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import check_nonempty, one_dim, reduced_dims, refuse_complex, spread


def shared(xp: Any, g: Array, mask: Array, dims: tuple[int, ...]) -> Array:
    """The gradient, shared evenly among the places of the mask."""
    mask = xp.astype(mask, g.dtype)
    return g * mask / xp.sum(mask, axis=dims, keepdims=True)


def finish_pair(kind: Callable, results: tuple, out: Sequence[Tensor] | None, name: str) -> tuple[Tensor, Tensor]:
    """The named tuple of two results, or the two tensors of `out` with them written in."""
    if out is None:
        return kind(results)
    if len(out) != len(results):
        raise TypeError(f"{name}(): argument 'out' must be a tuple of {len(results)} Tensors, but got {len(out)}")
    return kind([write_out(target, result, name) for target, result in zip(out, results, strict=True)])


# --- amax and amin ---


def _extreme_rule(xp, g, input, out, dims):
    shape = input.shape
    return shared(xp, spread(xp, g, shape, dims), xp.equal(input, spread(xp, out, shape, dims)), dims)


@op(name="amax", dtype=None, vjp=_extreme_rule)
def _amax(xp, input, *, dims, keepdim):
    return xp.max(input, axis=dims, keepdims=keepdim)


@op(name="amin", dtype=None, vjp=_extreme_rule)
def _amin(xp, input, *, dims, keepdim):
    return xp.min(input, axis=dims, keepdims=keepdim)


def _over_dims(
    record: Op, input: Tensor, dim: int | Sequence[int] | None, keepdim: bool, out: Tensor | None, name: str
) -> Tensor:
    check_tensor(input, name)
    dims = reduced_dims(input, dim, name)
    check_nonempty(input, dims, name, dim is None or (isinstance(dim, (tuple, list)) and not dim))
    refuse_complex(input, f"{name[1:]}_values_cpu")
    return finish(record(input, dims=dims, keepdim=keepdim), out, name)


@public("amax")
def amax(input: Tensor, dim: int | Sequence[int] = (), keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The maximum over some dimensions.

    Args:
        input: of any real dtype.
        dim: one dimension or several; (): all.
        keepdim: whether the dimensions stay, with size 1.
        out: a tensor to write the result into.

    Returns:
        the maxima. NaN wins. Equal maxima share the gradient evenly, unlike along a dimension in `max`.

    Raises:
        RuntimeError: of nothing.
        IndexError: over a dimension of size 0, or where there is none such.
        NotImplementedError: for complex numbers.

    >>> import mibun as torch
    >>> torch.amax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([2., 4.])
    """
    return _over_dims(_amax, input, dim, keepdim, out, "amax")


@public("amin")
def amin(input: Tensor, dim: int | Sequence[int] = (), keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The minimum over some dimensions (an int or several; all for ()).

    NaN wins. Equal minima share the gradient evenly. keepdim, results and errors: as for `amax`.

    >>> import mibun as torch
    >>> torch.amin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1., 3.])
    """
    return _over_dims(_amin, input, dim, keepdim, out, "amin")


# --- max and min ---


def full_mask(xp: Any, input: Array, out: Array) -> Array:
    """Where the elements are the one selected; NaN is equal to NaN here."""
    return xp.logical_or(xp.equal(input, out), xp.logical_and(xp.isnan(input), xp.isnan(out)))


def full_rule(xp, g, input, out):
    """The rule of a reduction of everything to one of the elements."""
    return shared(xp, g, full_mask(xp, input, out), tuple(range(input.ndim)))


@op(name="max_all", node="MaxBackward1", dtype=None, vjp=full_rule)
def _max_all(xp, input):
    return xp.max(input)


@op(name="min_all", node="MinBackward1", dtype=None, vjp=full_rule)
def _min_all(xp, input):
    return xp.min(input)


_full_max, _full_min = function_of(_max_all, named=False), function_of(_min_all, named=False)


def selected_rule(xp, g, indices, input_shape, dim, keepdim):
    """The rule of a reduction along one dimension to the elements at `indices`."""
    if not input_shape:
        return g
    if not keepdim:
        g, indices = xp.expand_dims(g, axis=dim), xp.expand_dims(indices, axis=dim)
    return xp.gather_embed(g, indices, shape=input_shape, dim=dim)


def selected_jvp(xp, t, indices, input_shape, dim, keepdim):
    """The tangent of the elements at `indices`, and none for the indices."""
    if not input_shape:
        return (t,)
    if not keepdim:
        indices = xp.expand_dims(indices, axis=dim)
    t = xp.gather_along(t, indices, dim=dim)
    return (t if keepdim else xp.squeeze(t, axis=dim),)


def scalar_index(xp: Any) -> Array:
    """The index 0 of the only element of a 0-d array."""
    return xp.zeros((), dtype=xp.int64)


@op(
    name="max_dim",
    node="MaxBackward0",
    dtype=None,
    outputs=("values", "indices"),
    n_differentiable=1,
    vjp=selected_rule,
    jvp=selected_jvp,
)
def _max_dim(xp, input, *, dim, keepdim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    return xp.max(input, axis=dim, keepdims=keepdim), xp.argmax(input, axis=dim, keepdims=keepdim)


@op(
    name="min_dim",
    node="MinBackward0",
    dtype=None,
    outputs=("values", "indices"),
    n_differentiable=1,
    vjp=selected_rule,
    jvp=selected_jvp,
)
def _min_dim(xp, input, *, dim, keepdim):
    if input.ndim == 0:
        return xp.copy(input), scalar_index(xp)
    return xp.min(input, axis=dim, keepdims=keepdim), xp.argmin(input, axis=dim, keepdims=keepdim)


_MISSING: Any = object()


def _max_or_min(
    name: str, input: Tensor, dim: Any, keepdim: bool, other: Tensor | None, out: Any
) -> Tensor | tuple[Tensor, Tensor]:
    check_tensor(input, name)
    if isinstance(dim, Tensor):
        dim, other = _MISSING, dim
    if other is not None:
        check_tensor(other, name, "other", 2)
        result = input.maximum(other) if name == "max" else input.minimum(other)
        return finish(result, out, name + "imum")
    if dim is not _MISSING and not hasattr(dim, "__index__"):
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got ({type(dim).__name__}), but expected one of: "
            "(Tensor input), (Tensor input, Tensor other), (Tensor input, int dim, bool keepdim)"
        )
    largest = name == "max"
    if dim is _MISSING:
        check_nonempty(input, (), name, True)
        refuse_complex(input, name + "_all")
        return finish((_full_max if largest else _full_min)(input), out, name)
    dim = one_dim(input, dim, name)
    check_nonempty(input, (dim,), name, False)
    if input._array_.dtype.kind == "c":
        raise RuntimeError(f"{name}(): does not support complex input")
    results = (_max_dim if largest else _min_dim)(input, dim=dim, keepdim=keepdim)
    return finish_pair(getattr(return_types, name), results, out, name)


@public("max")
def max(
    input: Tensor,
    dim: int | Tensor = _MISSING,
    keepdim: bool = False,
    *,
    other: Tensor | None = None,
    out: Tensor | Sequence[Tensor] | None = None,
) -> Tensor | tuple[Tensor, Tensor]:  # noqa: A001
    """The maximum of all elements; along a dimension with its index; or of two tensors elementwise.

    Args:
        input: of any real dtype.
        dim: a dimension, or the other tensor (also as `other`), which gives `maximum(input, other)`.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into, a pair of them along a dimension.

    Returns:
        a tensor, or with `dim` a named tuple (values, indices); the index is that of the first maximum. NaN wins. The
        gradient of the full maximum is shared evenly among equal elements; along a dimension the one at the index has
        it.

    Raises:
        RuntimeError: of nothing, and for complex numbers.
        IndexError: along a dimension of size 0, or where there is none such.

    >>> import mibun as torch
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(4.)
    >>> torch.max(torch.tensor([[1., 2.], [4., 3.]]), 1)
    torch.return_types.max(
    values=tensor([2., 4.]),
    indices=tensor([1, 0]))
    """
    return _max_or_min("max", input, dim, keepdim, other, out)


@public("min")
def min(
    input: Tensor,
    dim: int | Tensor = _MISSING,
    keepdim: bool = False,
    *,
    other: Tensor | None = None,
    out: Tensor | Sequence[Tensor] | None = None,
) -> Tensor | tuple[Tensor, Tensor]:  # noqa: A001
    """The minimum of all elements; along a dimension with its index; or of two tensors elementwise.

    Arguments, results and errors are those of `max`: (values, indices) with `dim`, `minimum(input, other)` with another
    tensor. NaN wins.

    >>> import mibun as torch
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]))
    tensor(1.)
    >>> torch.min(torch.tensor([[1., 2.], [4., 3.]]), 1).values
    tensor([1., 3.])
    """
    return _max_or_min("min", input, dim, keepdim, other, out)


def _aminmax_rule(xp, g, input, min, max, dims):
    low, high = g
    shape = input.shape
    parts = [
        shared(xp, spread(xp, part, shape, dims), xp.equal(input, spread(xp, value, shape, dims)), dims)
        for part, value in ((low, min), (high, max))
    ]
    return parts[0] + parts[1]


@op(name="aminmax", dtype=None, outputs=("min", "max"), vjp=_aminmax_rule)
def _aminmax(xp, input, *, dims, keepdim):
    return xp.min(input, axis=dims, keepdims=keepdim), xp.max(input, axis=dims, keepdims=keepdim)


@public("aminmax")
def aminmax(
    input: Tensor, *, dim: int | None = None, keepdim: bool = False, out: Sequence[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """The minimum and the maximum of all elements, or along one dimension: (min, max).

    >>> import mibun as torch
    >>> torch.aminmax(torch.tensor([3, 1, 2])).min
    tensor(1)
    """
    check_tensor(input, "aminmax")
    refuse_complex(input, "aminmax_cpu")
    if dim is None:
        if input._array_.size == 0:
            raise RuntimeError(
                "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
            )
        dims = tuple(range(input._array_.ndim))
    else:
        dims = (one_dim(input, dim, "aminmax"),) if input._array_.ndim else ()
        if dims and input._array_.shape[dims[0]] == 0:
            raise IndexError(f"aminmax: Expected reduction dim {dims[0]} to have non-zero size.")
    return finish_pair(return_types.aminmax, _aminmax(input, dims=dims, keepdim=keepdim), out, "aminmax")


# --- argmax and argmin ---


@op(nondifferentiable, name="argmax", dtype=None)
def _argmax(xp, input, *, dim, keepdim):
    return xp.argmax(input, axis=dim, keepdims=keepdim) if input.ndim else scalar_index(xp)


@op(nondifferentiable, name="argmin", dtype=None)
def _argmin(xp, input, *, dim, keepdim):
    return xp.argmin(input, axis=dim, keepdims=keepdim) if input.ndim else scalar_index(xp)


def _index_of(record: Op, input: Tensor, dim: int | None, keepdim: bool, out: Tensor | None, name: str) -> Tensor:
    check_tensor(input, name)
    kind = {"c": "complex", "b": "bool"}.get(input._array_.dtype.kind)
    if kind is not None:
        raise RuntimeError(f"{name}(): does not support {kind} input")
    if isinstance(dim, (tuple, list, float)):
        raise TypeError(f"{name}(): argument 'dim' (position 1) must be int, not {type(dim).__name__}")
    if dim is None:
        if input._array_.size == 0:
            raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
    else:
        dim = one_dim(input, dim, name)
        check_nonempty(input, (dim,), name, False)
    return finish(record(input, dim=dim, keepdim=keepdim), out, name)


@public("argmax")
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the maximum.

    Args:
        input: of any integer or floating dtype.
        dim: a dimension; None: the index in the flattened tensor.
        keepdim: whether the dimension stays, with size 1.
        out: a tensor to write the result into.

    Returns:
        int64; the first of equal maxima. NaN wins. Not differentiable.

    Raises:
        IndexError: of nothing, or where there is no such dimension.
        RuntimeError: for bool and complex.

    >>> import mibun as torch
    >>> torch.argmax(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([1, 0])
    """
    return _index_of(_argmax, input, dim, keepdim, out, "argmax")


@public("argmin")
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the minimum: in the flattened tensor, or along `dim`. int64; the first of equal ones; NaN wins.

    keepdim and errors: as for `argmax`.

    >>> import mibun as torch
    >>> torch.argmin(torch.tensor([[1., 2.], [4., 3.]]), 1)
    tensor([0, 1])
    """
    return _index_of(_argmin, input, dim, keepdim, out, "argmin")
