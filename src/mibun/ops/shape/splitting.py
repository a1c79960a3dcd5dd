"""Taking a tensor apart along a dimension: split, chunk, unbind, tensor_split and their kin; iterating over it.

The parts that `split`, `chunk` and `unbind` give are views of one operation with several outputs, which PyTorch does
not allow to be modified in place where a graph is recorded; those of `tensor_split` are views of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.registry import Array
from ...core.tensor import PLAIN, Tensor
from ...core.views import own_array
from ...dispatch.arguments import check_tensor, sizes_of, whole, wrap_dim
from ...dispatch.declare import Op, linear, op
from ...dispatch.public import public
from ..indexing.slicing import slice_along


def _pieces(input: Array, dim: int, sizes: Sequence[int]) -> list[Array]:
    pieces = []
    start = 0
    for size in sizes:
        pieces.append(input[(*(slice(None),) * dim, slice(start, start + size), ...)])
        start += size
    return pieces


@op(linear, name="split", view=True, dtype=None, outputs="list", vjp=lambda xp, g, dim: xp.concat(g, axis=dim))
def _split(xp, input, *, split_size, dim):
    n = input.shape[dim]
    if n == 0:
        return [input[...]]
    return _pieces(input, dim, [min(split_size, n - start) for start in range(0, n, split_size)])


@op(
    linear,
    name="split_with_sizes",
    view=True,
    dtype=None,
    outputs="list",
    vjp=lambda xp, g, dim: xp.concat(g, axis=dim),
)
def _split_with_sizes(xp, input, *, split_sizes, dim):
    return _pieces(input, dim, split_sizes)


@op(linear, name="unbind", view=True, dtype=None, outputs="list", vjp=lambda xp, g, dim: xp.stack(g, axis=dim))
def _unbind(xp, input, *, dim):
    before = (slice(None),) * dim
    return [input[(*before, i, ...)] for i in range(input.shape[dim])]


@op(linear, name="unsafe_split", dtype=None, outputs="list", vjp=lambda xp, g, dim: xp.concat(g, axis=dim))
def _unsafe_split(xp, input, *, sizes, dim):
    return _pieces(input, dim, sizes)


@op(linear, name="unsafe_split_with_sizes", dtype=None, outputs="list", vjp=lambda xp, g, dim: xp.concat(g, axis=dim))
def _unsafe_split_with_sizes(xp, input, *, sizes, dim):
    return _pieces(input, dim, sizes)


def _splittable(tensor: Tensor, dim: int, name: str) -> int:
    check_tensor(tensor, name, "tensor")
    if tensor._array_.ndim == 0:
        raise RuntimeError(f"{name} expects at least a 1-dimensional tensor")
    return wrap_dim(dim, tensor._array_.ndim, name)


@public("split", method=False)
def split(tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Parts of a tensor along a dimension.

    Args:
        tensor: of any dtype, with at least one dimension.
        split_size_or_sections: the size of each part (the last may be smaller), or a list with the size of each.
        dim: the dimension.

    Returns:
        a tuple of views. They come from one operation, so that none may be modified in place where a graph is recorded.

    Raises:
        RuntimeError: for a size that is negative (or 0, of something), and for sizes that do not add up.

    >>> import mibun as torch
    >>> torch.split(torch.arange(5), 2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    >>> torch.split(torch.arange(5), [1, 4])
    (tensor([0]), tensor([1, 2, 3, 4]))
    """
    if not isinstance(split_size_or_sections, int) and hasattr(split_size_or_sections, "__iter__"):
        if not isinstance(split_size_or_sections, Tensor):
            return split_with_sizes(tensor, split_size_or_sections, dim)
    dim = _splittable(tensor, dim, "split")
    if isinstance(split_size_or_sections, float):
        raise TypeError("split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, not float")
    size = whole(split_size_or_sections, "split", "split_size")
    n = tensor._array_.shape[dim]
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    if size == 0 and n:
        raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}")
    return _split(tensor, split_size=size, dim=dim)


@public("split", function=False)
def _split_method(self: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Parts of a tensor along a dimension; see `mibun.split`."""
    return split(self, split_size, dim)


@public("split_with_sizes")
def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Parts of the given sizes along a dimension; RuntimeError where they do not add up to its size. Views.

    >>> import mibun as torch
    >>> torch.arange(3).split_with_sizes([1, 2])
    (tensor([0]), tensor([1, 2]))
    """
    dim = _splittable(input, dim, "split_with_sizes")
    sizes = sizes_of((split_sizes,), "split_with_sizes", "split_sizes")
    n = input._array_.shape[dim]
    if any([size < 0 for size in sizes]):
        raise RuntimeError(
            f"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={list(sizes)}"
        )
    if sum(sizes) != n:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {dim}), but "
            f"got split_sizes={list(sizes)}"
        )
    return _split_with_sizes(input, split_sizes=sizes, dim=dim)


@public("chunk")
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` parts along a dimension, all of one size but the last, which may be smaller.

    Args:
        input: of any dtype, with at least one dimension.
        chunks: how many. There are fewer where parts of ceil(size / chunks) are enough.
        dim: the dimension.

    Returns:
        a tuple of views, as of `split`.

    Raises:
        RuntimeError: for a 0-d tensor and for chunks < 1.

    >>> import mibun as torch
    >>> torch.arange(5).chunk(2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    check_tensor(input, "chunk")
    if input._array_.ndim == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    chunks = whole(chunks, "chunk", "chunks")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    dim = wrap_dim(dim, input._array_.ndim, "chunk")
    n = input._array_.shape[dim]
    size = -(-n // chunks)
    if size == 0:
        return _split_with_sizes(input, split_sizes=(0,) * chunks, dim=dim)
    return _split(input, split_size=size, dim=dim)


def _own_parts(parts: tuple, record: Op, input: Tensor, dim: int) -> tuple[Tensor, ...]:
    """The same parts as tensors that share the memory, but neither history nor version."""
    dim = wrap_dim(dim, input._array_.ndim, record.name)
    own_array(input)
    return record(input, sizes=tuple([part._array_.shape[dim] for part in parts]), dim=dim)


@public("unsafe_split")
def unsafe_split(input: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """`split`, but autograd sees no views: each part may be modified in place if nothing else uses its memory."""
    return _own_parts(split(input, split_size, dim), _unsafe_split, input, dim)


@public("unsafe_split_with_sizes")
def unsafe_split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """`split_with_sizes`, with parts that are no views to autograd; see `unsafe_split`."""
    return _own_parts(split_with_sizes(input, split_sizes, dim), _unsafe_split_with_sizes, input, dim)


@public("unsafe_chunk")
def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """`chunk`, with parts that are no views to autograd; see `unsafe_split`."""
    return _own_parts(chunk(input, chunks, dim), _unsafe_split, input, dim)


@public("unbind")
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """All slices along a dimension, without that dimension.

    Args:
        input: of any dtype, with at least one dimension.
        dim: the dimension.

    Returns:
        a tuple of views, as many as the dimension's size. What `for part in tensor` goes over is `unbind(tensor, 0)`.

    Raises:
        IndexError: where there is no such dimension.

    >>> import mibun as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    check_tensor(input, "unbind")
    ndim = input._array_.ndim
    dim = wrap_dim(dim, ndim, "unbind")
    if ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return _unbind(input, dim=dim) if input._array_.shape[dim] else ()


@public("__iter__", function=False)
def _iterate(self: Tensor) -> Iterator:
    """The slices along the first dimension."""
    if type(self) not in PLAIN:  # a subclass is asked about what iteration is made of
        if self.dim() == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))
    if self._array_.ndim == 0:
        raise TypeError("iteration over a 0-d tensor")
    return iter(unbind(self, 0))


@public("tensor_split")
def tensor_split(
    input: Tensor,
    indices_or_sections: int | Sequence[int] | Tensor | None = None,
    dim: int = 0,
    *,
    indices: Sequence[int] | Tensor | None = None,
    sections: int | None = None,
) -> tuple[Tensor, ...]:
    """Parts along a dimension: that many (the first ones may be one larger), or split at the given places. Views.

    indices_or_sections: one number, or several in a sequence or an int tensor; also under one of the names `indices`
    and `sections`. RuntimeError for a 0-d tensor and for no parts at all.

    >>> import mibun as torch
    >>> torch.tensor_split(torch.arange(4), 3)
    (tensor([0, 1]), tensor([2]), tensor([3]))
    >>> torch.tensor_split(torch.arange(4), [1])
    (tensor([0]), tensor([1, 2, 3]))
    """
    check_tensor(input, "tensor_split")
    given = [value for value in (indices_or_sections, indices, sections) if value is not None]
    if len(given) != 1:
        raise TypeError(
            "tensor_split() received an invalid combination of arguments: expected one of (int sections), (tuple of "
            f"ints indices), (Tensor tensor_indices_or_sections), but got {len(given)} of them"
        )
    return _tensor_split(input, given[0], dim)


def _tensor_split(input: Tensor, where: int | Sequence[int] | Tensor, dim: int) -> tuple[Tensor, ...]:
    ndim = input._array_.ndim
    if ndim == 0:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    dim = wrap_dim(dim, ndim, "tensor_split")
    n = input._array_.shape[dim]
    array = getattr(where, "_array_", None)
    if array is not None:
        if array.dtype.kind not in "iu" or array.ndim > 1:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to be a 0-d or 1-d tensor of dtype long"
            )
        where = array.tolist()
    if hasattr(where, "__iter__"):
        edges = [0, *sizes_of((where,), "tensor_split", "indices"), None]
        bounds = [slice(a, b).indices(n)[:2] for a, b in zip(edges[:-1], edges[1:], strict=True)]
    else:
        sections = whole(where, "tensor_split", "sections")
        if sections <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {sections}")
        size, larger = divmod(n, sections)
        starts = [i * size + min(i, larger) for i in range(sections + 1)]
        bounds = list(zip(starts[:-1], starts[1:], strict=True))
    return tuple([slice_along(input, dim, start, max(start, stop)) for start, stop in bounds])


def _named_split(
    input: Tensor, where: int | Sequence[int] | Tensor, name: str, dim: int, at_least: int
) -> tuple[Tensor, ...]:
    check_tensor(input, name)
    ndim = input._array_.ndim
    if ndim < at_least:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {at_least} dimension, but got a tensor with {ndim} "
            "dimensions!"
        )
    if isinstance(where, Tensor) or not hasattr(where, "__iter__"):
        where = sections = whole(where, name, "split_size")
        n = input._array_.shape[dim]
        if sections <= 0 or n % sections:
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {n} is not "
                f"divisible by the split_size {sections}!"
            )
    return _tensor_split(input, where, dim)


@public("hsplit")
def hsplit(input: Tensor, indices_or_sections: int | Sequence[int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the second dimension (of a vector: the first); see `tensor_split`. An int must divide its size.

    >>> import mibun as torch
    >>> torch.hsplit(torch.arange(4), 2)
    (tensor([0, 1]), tensor([2, 3]))
    """
    check_tensor(input, "hsplit")
    return _named_split(input, indices_or_sections, "hsplit", 0 if input._array_.ndim == 1 else 1, 1)


@public("vsplit")
def vsplit(input: Tensor, indices_or_sections: int | Sequence[int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the first dimension of at least two; see `tensor_split`. An int must divide its size.

    >>> import mibun as torch
    >>> torch.vsplit(torch.tensor([[1, 2], [3, 4]]), 2)
    (tensor([[1, 2]]), tensor([[3, 4]]))
    """
    return _named_split(input, indices_or_sections, "vsplit", 0, 2)


@public("dsplit")
def dsplit(input: Tensor, indices_or_sections: int | Sequence[int] | Tensor) -> tuple[Tensor, ...]:
    """Parts along the third dimension; see `tensor_split`. An int must divide its size."""
    return _named_split(input, indices_or_sections, "dsplit", 2, 3)
