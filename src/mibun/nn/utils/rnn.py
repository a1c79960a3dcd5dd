"""Sequences of several lengths in one tensor: padded to the longest, or packed, time by time without padding.

Packed, the rows are those of time 0 of all sequences, longest first, then those of time 1 of the sequences that are
that long, and so on; `batch_sizes` says how many there are for each time. Recurrent layers take both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...core.dtypes import float16, float32, float64, int8, int16, int32, int64, uint8
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...ops.creation.filled import full
from ...ops.creation.from_data import as_tensor
from ...ops.creation.like import empty_like
from ...ops.creation.ranges import arange
from ...ops.nn.recurrent import pack_rows

__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Packed):
    """Sequences of several lengths, packed: made by `pack_padded_sequence` and `pack_sequence`, not by hand.

    Args:
        data: the rows (total, *): those of time 0 of all sequences, longest first, then those of time 1, ...
        batch_sizes: how many belong to each time, int64 on the CPU.
        sorted_indices: the order of the sequences, by length; None where they were in order.
        unsorted_indices: the way back.

    >>> import mibun as torch
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])])
    >>> packed.data, packed.batch_sizes
    (tensor([1, 3, 2]), tensor([2, 1]))
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Tensor,
        batch_sizes: Tensor | None = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> PackedSequence:
        if batch_sizes is None:
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)  # type: ignore[arg-type]

    def __getnewargs__(self) -> tuple:
        return tuple(self)

    def _with(self, data: Tensor) -> PackedSequence:
        return self if data is self.data else type(self)(data, *self[1:])

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same with the data in another dtype or on another device."""
        return self._with(self.data.to(*args, **kwargs))

    def cpu(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same, on the CPU."""
        return self

    def double(self) -> PackedSequence:
        """The same in float64."""
        return self.to(float64)

    def float(self) -> PackedSequence:
        """The same in float32."""
        return self.to(float32)

    def half(self) -> PackedSequence:
        """The same in float16."""
        return self.to(float16)

    def long(self) -> PackedSequence:
        """The same in int64."""
        return self.to(int64)

    def int(self) -> PackedSequence:
        """The same in int32."""
        return self.to(int32)

    def short(self) -> PackedSequence:
        """The same in int16."""
        return self.to(int16)

    def char(self) -> PackedSequence:
        """The same in int8."""
        return self.to(int8)

    def byte(self) -> PackedSequence:
        """The same in uint8."""
        return self.to(uint8)

    def pin_memory(self) -> PackedSequence:
        """Itself: there is no memory to pin."""
        return self

    def is_pinned(self) -> bool:
        """False: there is no memory to pin."""
        return False

    @property
    def is_cuda(self) -> bool:
        """False: there is one device, the CPU."""
        return False


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """The permutation that undoes another; None for None.

    >>> import mibun as torch
    >>> torch.nn.utils.rnn.invert_permutation(torch.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    if permutation is None:
        return None
    output = empty_like(permutation)
    return output.scatter_(0, permutation, arange(0, permutation.numel()))


def _rows(lengths: list[int], batch: int) -> tuple[list[int], list[int]]:
    """The places in (time * batch) of the rows, packed, and how many belong to each time."""
    rows, sizes = [], []
    for t in range(lengths[0]):
        size = sum(1 for length in lengths if length > t)
        rows.extend(range(t * batch, t * batch + size))
        sizes.append(size)
    return rows, sizes


def pack_padded_sequence(
    input: Tensor, lengths: Tensor | list[int], batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack padded sequences, of which the first `lengths` elements count.

    Args:
        input: (T, B, *), or (B, T, *) with `batch_first`.
        lengths: (B,) of positive ints, at most T.
        enforce_sorted: the lengths must be given longest first; otherwise they are sorted, and the order is kept in the
            result.

    Raises:
        RuntimeError: lengths are not positive, out of order, too large or too few.

    >>> import mibun as torch
    >>> torch.nn.utils.rnn.pack_padded_sequence(torch.tensor([[1, 2], [3, 0]]), [2, 1]).data
    tensor([1, 2, 3])
    """
    counts = [int(n) for n in (lengths.tolist() if isinstance(lengths, Tensor) else lengths)]
    order = None
    if not enforce_sorted:
        order = as_tensor(counts, dtype=int64).sort(descending=True, stable=True).indices
        counts = [counts[i] for i in order.tolist()]
        input = input.index_select(0 if batch_first else 1, order)
    if batch_first:
        input = input.transpose(0, 1)
    longest, batch = input.shape[:2]
    if batch != len(counts):
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(counts)} (batch_size={batch})"
        )
    if not counts:
        raise RuntimeError("Cannot pack empty tensors.")
    if any(a < b for a, b in zip(counts, counts[1:], strict=False)):
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement."
        )
    if counts[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if counts[0] > longest:
        raise RuntimeError(f"Expected lengths of at most {longest}, the size of the padded input, but got {counts[0]}")
    rows, sizes = _rows(counts, batch)
    return PackedSequence(pack_rows(input, rows=rows), as_tensor(sizes, dtype=int64), order)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Tensor]:
    """The padded sequences and their lengths: undoes `pack_padded_sequence`.

    Args:
        sequence: the packed ones.
        batch_first: whether the result is (B, T, *) instead of (T, B, *).
        padding_value: what the rest is filled with.
        total_length: T; that of the longest unless given. ValueError where it is too small.

    Returns:
        The sequences, and their lengths (B,), int64.

    >>> import mibun as torch
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])])
    >>> torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
    (tensor([[1, 2],
            [3, 0]]), tensor([2, 1]))
    """
    sizes = sequence.batch_sizes.tolist()
    longest = len(sizes)
    if total_length is not None:
        if total_length < longest:
            raise ValueError(
                "Expected total_length to be at least the length of the longest sequence in input, but got "
                f"total_length={total_length} and max sequence length being {longest}"
            )
        longest = total_length
    batch = sizes[0]
    lengths = [sum(1 for size in sizes if size > i) for i in range(batch)]
    rows, _ = _rows(lengths, batch)
    data = sequence.data
    shape = (longest * batch, *data.shape[1:])
    padded = data.new_full(shape, padding_value).index_copy(0, as_tensor(rows).to(data.device), data)
    padded = padded.view(longest, batch, *data.shape[1:])
    if batch_first:
        padded = padded.transpose(0, 1)
    found = as_tensor(lengths, dtype=int64)
    if sequence.unsorted_indices is not None:
        padded = padded.index_select(0 if batch_first else 1, sequence.unsorted_indices)
        found = found[sequence.unsorted_indices]
    return padded, found


def pad_sequence(
    sequences: Tensor | Iterable[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Tensors (L_i, *) of several lengths in one, filled up to the longest.

    Args:
        sequences: B of them; RuntimeError for none, and for what cannot be iterated over.
        batch_first: whether the result is (B, T, *) instead of (T, B, *).
        padding_value: what the rest is filled with.
        padding_side: "right" or "left"; RuntimeError for others.

    >>> import mibun as torch
    >>> torch.nn.utils.rnn.pad_sequence([torch.tensor([1, 2]), torch.tensor([3])], batch_first=True)
    tensor([[1, 2],
            [3, 0]])
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            f"pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}"
        )
    parts = list(sequences.unbind(0)) if isinstance(sequences, Tensor) else list(sequences)
    if not parts:
        raise RuntimeError("received an empty list of sequences")
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"Expected padding_side to be one of left or right, but got {padding_side}.")
    longest = max(part.size(0) for part in parts)
    rest = tuple(parts[0].shape[1:])
    shape = (len(parts), longest, *rest) if batch_first else (longest, len(parts), *rest)
    out = full(shape, padding_value, dtype=parts[0].dtype)
    for i, part in enumerate(parts):
        length = part.size(0)
        where = slice(0, length) if padding_side == "right" else slice(longest - length, longest)
        out[(i, where) if batch_first else (where, i)] = part
    return out


def unpad_sequence(padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False) -> list[Tensor]:
    """The tensors (L_i, *) out of padded ones (T, B, *), or (B, T, *) with `batch_first`: undoes `pad_sequence`.

    >>> import mibun as torch
    >>> torch.nn.utils.rnn.unpad_sequence(torch.tensor([[1, 2], [3, 0]]), torch.tensor([2, 1]), batch_first=True)
    [tensor([1, 2]), tensor([3])]
    """
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    rows = zip(padded_sequences.unbind(0), lengths.tolist(), strict=True)
    return [sequence[arange(int(length))] for sequence, length in rows]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Pack tensors (L_i, *); `enforce_sorted` and errors as for `pack_padded_sequence`.

    >>> import mibun as torch
    >>> torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]).data
    tensor([1, 3, 2])
    """
    lengths = [sequence.size(0) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The tensors (L_i, *) out of packed ones: undoes `pack_sequence`.

    >>> import mibun as torch
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])])
    >>> torch.nn.utils.rnn.unpack_sequence(packed)
    [tensor([1, 2]), tensor([3])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


_explain_missing_names(__name__)
