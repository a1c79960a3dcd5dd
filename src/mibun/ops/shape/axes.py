"""The order of the axes: permute, transpose, t, movedim, adjoint, and the properties T, mT, H and mH. All are views."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor, bind_method
from ...dispatch.arguments import check_tensor, sizes_of, wrap_dim
from ...dispatch.declare import linear, op
from ...dispatch.public import public


def _inverse(dims: tuple[int, ...]) -> tuple[int, ...]:
    inverse = [0] * len(dims)
    for place, dim in enumerate(dims):
        inverse[dim] = place
    return tuple(inverse)


@op(linear, name="permute", view=True, dtype=None, vjp=lambda xp, g, dims: xp.permute_dims(g, _inverse(dims)))
def _permute(xp, input, *, dims):
    return xp.permute_dims(input, dims)


def _swap(xp: Any, x: Array, dim0: int, dim1: int) -> Array:
    if x.ndim == 2 and (dim0 - dim1) % 2:  # a matrix, as nearly always
        return xp.permute_dims(x, (1, 0))
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


@public("permute")
def permute(input: Tensor, *args: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Put the dimensions in another order: dimension i of the result is dimension dims[i] of the input.

    Args:
        input: of any dtype.
        dims: each dimension once; separately (as a method) or as one sequence.

    Returns:
        a view.

    Raises:
        RuntimeError: where `dims` is not each dimension once.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
    torch.Size([4, 2, 3])
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


@public("transpose")
def transpose(input: Tensor, dim0: int | Sequence[int], dim1: int | None = None) -> Tensor:
    """Swap two dimensions.

    Args:
        input: of any dtype.
        dim0, dim1: the dimensions. Or one sequence of all of them, as NumPy's `transpose` takes them, and opt_einsum
            gives them: then this is `permute`.

    Returns:
        a view.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2, 3], [4, 5, 6]]).transpose(0, 1)
    tensor([[1, 4],
            [2, 5],
            [3, 6]])
    """
    check_tensor(input, "transpose")
    ndim = input._array_.ndim
    if dim1 is None:
        if not isinstance(dim0, (tuple, list)):
            raise TypeError("transpose() missing 1 required positional argument: 'dim1'")
        return permute(input, dim0)
    dims = {"dim0": wrap_dim(dim0, ndim, "transpose"), "dim1": wrap_dim(dim1, ndim, "transpose")}
    return _transpose.one(input, dims)


@public("swapaxes")
def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """Swap two dimensions; see `transpose`."""
    return transpose(input, axis0, axis1)


@public("swapdims")
def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two dimensions; see `transpose`."""
    return transpose(input, dim0, dim1)


@public("t")
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; tensors with less than two dimensions stay as they are. A view.

    RuntimeError for more than two dimensions: see `transpose` and `Tensor.mT`.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).t()
    tensor([[1, 3],
            [2, 4]])
    """
    check_tensor(input, "t")
    if input._array_.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input._array_.ndim}D")
    return _t.one(input, {})


@public("adjoint")
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of the last two dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2j]]).adjoint()
    tensor([[1.-0.j],
            [0.-2.j]])
    """
    check_tensor(input, "adjoint")
    if input._array_.ndim < 2:
        raise RuntimeError(
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got {input._array_.ndim}-D tensor."
        )
    result = transpose(input, -2, -1)
    return result.conj() if input._array_.dtype.kind == "c" else result


@public("movedim", "moveaxis")
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Move dimensions to other places; the others keep their order.

    Args:
        input: of any dtype.
        source: the dimension, or dimensions, to move.
        destination: their places in the result, as many.

    Returns:
        a view.

    Raises:
        RuntimeError: where there are not as many of both, or one is named twice.
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.zeros(2, 3, 4).movedim(0, -1).shape
    torch.Size([3, 4, 2])
    """
    check_tensor(input, "movedim")
    ndim = input._array_.ndim
    kinds = [type(given).__name__ for given in (source, destination) if isinstance(given, (tuple, list, int))]
    if len(kinds) == 2 and isinstance(source, int) != isinstance(destination, int):
        raise TypeError(
            f"movedim() received an invalid combination of arguments - got (Tensor, {', '.join(kinds)}), but expected "
            "source and destination to be both ints or both tuples of ints"
        )
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


def _T(self: Tensor) -> Tensor:  # noqa: N802
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


def _mT(self: Tensor) -> Tensor:  # noqa: N802
    """The last two dimensions swapped."""
    return _of_matrices(self, "mT")


def _H(self: Tensor) -> Tensor:  # noqa: N802
    """The conjugate transpose of a matrix."""
    ndim = self._array_.ndim
    if ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if ndim > 2 else "")
        )
    return _of_matrices(self, "H")


def _mH(self: Tensor) -> Tensor:  # noqa: N802
    """The conjugate transpose of the last two dimensions."""
    return _of_matrices(self, "mH")


def _of_matrices(self: Tensor, name: str) -> Tensor:
    ndim = self._array_.ndim
    if ndim == 0:
        advice = "Consider using x.conj()." if name.endswith("H") else "This function is the identity in these cases."
        warnings.warn(f"Tensor.{name} is deprecated on 0-D tensors. {advice}", UserWarning, stacklevel=stacklevel())
        return _conjugate(self) if name.endswith("H") else _permute(self, dims=())
    if ndim < 2:
        raise RuntimeError(f"tensor.{name} is only supported on matrices or batches of matrices. Got {ndim}-D tensor.")
    return adjoint(self) if name.endswith("H") else transpose(self, -2, -1)


def _conjugate(self: Tensor) -> Tensor:
    """The conjugate of a 0-d tensor, itself where it is real."""
    return self.conj() if self._array_.dtype.kind == "c" else self


bind_method("T", property(_T))
bind_method("mT", property(_mT))
bind_method("H", property(_H))
bind_method("mH", property(_mH))
