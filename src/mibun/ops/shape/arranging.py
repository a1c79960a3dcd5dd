"""The elements in another order: flip, roll, rot90.

All of these copy. They are linear, and the transpose of each is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim, wrap_dims
from ...dispatch.declare import linear, op
from ...dispatch.public import public


@op(linear, name="flip", dtype=None, vjp=lambda xp, g, dims: xp.flipped(g, dims=dims))
def _flip(xp, input, *, dims):
    return xp.copy(xp.flip(input, axis=dims)) if dims else xp.copy(input)


@op(linear, name="flipped", dtype=None, vjp=lambda xp, g, dims: xp.flipped(g, dims=dims))
def _flipped(xp, input, *, dims):
    return _flip.kernel(xp, input, dims=dims)


@public("flip")
def flip(input: Tensor, *args: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """A copy with the order of the elements reversed along some dimensions.

    Args:
        input: of any dtype.
        dims: the dimensions; separately (as a method) or as one sequence.

    Returns:
        a new tensor of the same shape.

    Raises:
        IndexError: where there is no such dimension.
        RuntimeError: where one is named twice.

    >>> import mibun as torch
    >>> torch.flip(torch.arange(3), (0,))
    tensor([2, 1, 0])
    """
    check_tensor(input, "flip")
    if not args and dims is None:
        raise TypeError('flip() missing 1 required positional arguments: "dims"')
    if len(args) == 1 and type(args[0]) is tuple and len(args[0]) == 1:
        args = args[0]
    wrapped = wrap_dims(sizes_of(args if dims is None else (dims,), "flip", "dims"), input._array_.ndim, "flip")
    return _flip(input, dims=wrapped if input._array_.ndim else ())


@public("__reversed__", function=False)
def _reversed(self: Tensor) -> Tensor:
    """`reversed(self)`: flipped along the first dimension."""
    return self if self._array_.ndim == 0 else flip(self, 0)


@public("fliplr")
def fliplr(input: Tensor) -> Tensor:
    """A copy with the second dimension reversed.

    >>> import mibun as torch
    >>> torch.fliplr(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 1],
            [4, 3]])
    """
    check_tensor(input, "fliplr")
    if input._array_.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return _flip(input, dims=(1,))


@public("flipud")
def flipud(input: Tensor) -> Tensor:
    """A copy with the first dimension reversed.

    >>> import mibun as torch
    >>> torch.flipud(torch.tensor([[1, 2], [3, 4]]))
    tensor([[3, 4],
            [1, 2]])
    """
    check_tensor(input, "flipud")
    if input._array_.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return _flip(input, dims=(0,))


@op(
    linear,
    name="roll",
    memory="channels",
    dtype=None,
    vjp=lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims),
)
def _roll(xp, input, *, shifts, dims):
    if dims is None:
        return xp.roll(input, shifts[0])
    return xp.roll(input, shifts, axis=dims)


@op(
    linear,
    name="rolled",
    dtype=None,
    vjp=lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims),
)
def _rolled(xp, input, *, shifts, dims):
    return _roll.kernel(xp, input, shifts=shifts, dims=dims)


@public("roll")
def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """Move the elements by `shifts` places along `dims`; what falls off one end comes in at the other.

    Args:
        input: of any dtype.
        shifts: an int, or one for each of the dimensions.
        dims: the dimensions; without, the tensor is rolled as if it were flat.

    Returns:
        a new tensor of the same shape.

    Raises:
        RuntimeError: where there are not as many shifts as dimensions.

    >>> import mibun as torch
    >>> torch.roll(torch.tensor([1, 2, 3, 4]), 1)
    tensor([4, 1, 2, 3])
    """
    check_tensor(input, "roll")
    moves = sizes_of((shifts,), "roll", "shifts")
    along = () if dims is None else sizes_of((dims,), "roll", "dims")
    if not moves:
        raise RuntimeError("`shifts` required")
    if not along:
        if len(moves) != 1:
            raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:0")
        return _roll(input, shifts=moves, dims=None)
    if len(moves) != len(along):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(along)}")
    if input._array_.ndim == 0:
        raise IndexError(f"Dimension specified as {along[0]} but tensor has no dimensions")
    return _roll(input, shifts=moves, dims=tuple([wrap_dim(dim, input._array_.ndim, "roll") for dim in along]))


@op(linear, name="rot90", dtype=None, vjp=lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims))
def _rot90(xp, input, *, k, dims):
    if k == 0:
        return xp.copy(input)
    if k == 2:
        return xp.copy(xp.flip(input, axis=dims))
    # Counterclockwise: the last column becomes the first row.
    flipped = xp.copy(xp.flip(input, axis=dims[1] if k == 1 else dims[0]))
    order = list(range(input.ndim))
    order[dims[0]], order[dims[1]] = dims[1], dims[0]
    return xp.permute_dims(flipped, tuple(order))


@op(linear, name="rotated", dtype=None, vjp=lambda xp, g, k, dims: xp.rotated(g, k=-k % 4, dims=dims))
def _rotated(xp, input, *, k, dims):
    return _rot90.kernel(xp, input, k=k, dims=dims)


@public("rot90")
def rot90(input: Tensor, k: int = 1, dims: int | Sequence[int] = (0, 1)) -> Tensor:
    """Rotate by 90 degrees k times in the plane of two dimensions, from the first towards the second.

    >>> import mibun as torch
    >>> torch.rot90(torch.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    check_tensor(input, "rot90")
    ndim = input._array_.ndim
    given = sizes_of((dims,), "rot90", "dims")
    if len(given) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(given)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    if given[0] == given[1] or abs(given[0] - given[1]) == ndim:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {given[0]} and dim1 = {given[1]}")
    wrapped = tuple([wrap_dim(dim, ndim, "rot90") for dim in given])
    return _rot90(input, k=whole(k, "rot90", "k") % 4, dims=wrapped)
