"""`BlockMask`: which blocks of the scores of an attention are computed, and which of them need a mask inside.

For each row of blocks there is how many of its columns are needed, and their numbers, the needed ones first: those of
blocks that are computed whole ("full") apart from those in which `mask_mod` decides element by element ("partial").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...core.dtypes import int32
from ...core.tensor import Tensor
from ...func import vmap
from ...ops.creation.filled import zeros
from ...ops.creation.ranges import arange
from ...ops.nn.padding import pad
from ...ops.pointwise.compare import ge

DEFAULT_BLOCK = 128
Mod = Callable[..., Tensor]


def noop_mask(batch: Tensor, head: Tensor, token_q: Tensor, token_kv: Tensor) -> Tensor:
    """The mask that lets every query see every key."""
    return ge(token_q, token_q)


def over_scores(function: Callable, with_score: bool) -> Callable:
    """A function of one place (batch, head, query, key), and of its score before them, for all places at once."""
    lead = (0,) if with_score else ()
    absent = (None, None, None, None)
    for i in reversed(range(4)):
        function = vmap(function, in_dims=(*lead, *absent[:i], 0, *absent[i + 1 :]))
    return function


def _wants_score(mod: Callable) -> bool:
    """Whether a function of places takes the score as well. AssertionError for one that is neither."""
    import inspect

    try:
        parameters = list(inspect.signature(mod).parameters.values())
    except (TypeError, ValueError):
        return False
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return False
    count = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty for p in parameters)
    if count not in (4, 5):
        raise AssertionError(f"Expected 4 or 5 positional args, got {count}")
    return count == 5


def create_mask(mod_fn: Mod, B: int | None, H: int | None, Q_LEN: int, KV_LEN: int, device: Any = None) -> Tensor:  # noqa: N803
    """The mask that a function says, as a Tensor of bools (B, H, Q_LEN, KV_LEN).

    mod_fn: `mask_mod(batch, head, query, key)`, True where the key is seen; or `score_mod(score, batch, head, query,
    key)`, which gives -inf where it is not. B, H: None for 1. AssertionError for a function of other arguments.

    >>> from mibun.nn.attention.flex_attention import create_mask
    >>> create_mask(lambda b, h, q, k: q >= k, None, None, 2, 2)
    tensor([[[[ True, False],
              [ True,  True]]]])
    """
    sizes = (B or 1, H or 1, Q_LEN, KV_LEN)
    places = [arange(size, device=device) for size in sizes]
    if _wants_score(mod_fn):
        scores = over_scores(mod_fn, True)(zeros(sizes, device=device), *places)
        return scores != -math.inf
    return over_scores(mod_fn, False)(*places)


def _ordered(dense: Tensor) -> tuple[Tensor, Tensor]:
    """How many columns of each row of a mask of blocks are needed, and the columns, the needed ones first."""
    dense = dense.to(int32)
    return dense.sum(-1, dtype=int32), dense.argsort(dim=-1, descending=True, stable=True).to(int32)


def _dense(numbers: Tensor, indices: Tensor, columns: int) -> Tensor:
    """The mask of blocks back from `_ordered`."""
    counted = arange(indices.shape[-1]) < numbers.unsqueeze(-1)
    out = zeros((*indices.shape[:-1], columns), dtype=int32)
    return out.scatter_add(-1, indices.long().clamp(0, columns - 1), counted.to(int32))


def _sliced_mask_mod(*args: Any) -> Any:
    raise RuntimeError(
        "Cannot use mask_mod from a sliced BlockMask: it counts from the first batch and head. Set mask_mod of the "
        "slice to one that is made from the whole BlockMask's."
    )


class BlockMask:
    """Which blocks of the scores are computed. Made by `create_block_mask`, or from blocks by `from_kv_blocks`.

    Attributes:
        seq_lengths: (queries, keys).
        kv_num_blocks, kv_indices: (B, H, rows) and (B, H, rows, columns): the partial blocks of each row.
        full_kv_num_blocks, full_kv_indices: the full ones; None where they are not kept apart.
        q_num_blocks, q_indices, full_q_num_blocks, full_q_indices: the same for each column.
        BLOCK_SIZE: (queries, keys) of a block.
        mask_mod: the function of the partial blocks.
    """

    def __init__(
        self,
        seq_lengths: tuple[int, int],
        kv_num_blocks: Tensor,
        kv_indices: Tensor,
        full_kv_num_blocks: Tensor | None,
        full_kv_indices: Tensor | None,
        q_num_blocks: Tensor | None,
        q_indices: Tensor | None,
        full_q_num_blocks: Tensor | None,
        full_q_indices: Tensor | None,
        BLOCK_SIZE: tuple[int, int],  # noqa: N803
        mask_mod: Mod,
    ) -> None:
        if kv_indices.ndim < 2:
            raise RuntimeError("BlockMask must have at least 2 dimensions")
        if (full_kv_num_blocks is None) != (full_kv_indices is None):
            raise AssertionError("full_kv_num_blocks and full_kv_indices must be both provided or omitted")
        self.seq_lengths = seq_lengths
        self.kv_num_blocks, self.kv_indices = kv_num_blocks, kv_indices
        self.full_kv_num_blocks, self.full_kv_indices = full_kv_num_blocks, full_kv_indices
        self.q_num_blocks, self.q_indices = q_num_blocks, q_indices
        self.full_q_num_blocks, self.full_q_indices = full_q_num_blocks, full_q_indices
        self.BLOCK_SIZE = BLOCK_SIZE
        self.mask_mod = mask_mod

    @classmethod
    def from_kv_blocks(
        cls,
        kv_num_blocks: Tensor,
        kv_indices: Tensor,
        full_kv_num_blocks: Tensor | None = None,
        full_kv_indices: Tensor | None = None,
        BLOCK_SIZE: int | tuple[int, int] = DEFAULT_BLOCK,  # noqa: N803
        mask_mod: Mod | None = None,
        seq_lengths: tuple[int, int] | None = None,
        compute_q_blocks: bool = True,
    ) -> BlockMask:
        """From the blocks of each row, partial and full.

        mask_mod: of the partial blocks; without it all of them is seen. seq_lengths: of whole blocks unless given.
        compute_q_blocks: give the blocks of each column too. RuntimeError for indices of less than 2 dimensions,
        AssertionError for full blocks of which only numbers or indices are given.
        """
        if kv_indices.ndim < 2:
            raise RuntimeError("BlockMask must have at least 2 dimensions")
        if (full_kv_num_blocks is None) != (full_kv_indices is None):
            raise AssertionError("full_kv_num_blocks and full_kv_indices must be both provided or omitted")
        size = (BLOCK_SIZE, BLOCK_SIZE) if isinstance(BLOCK_SIZE, int) else tuple(BLOCK_SIZE)
        rows, columns = kv_indices.shape[-2:]
        if seq_lengths is None:
            seq_lengths = (rows * size[0], columns * size[1])
        by_column: list[Tensor | None] = [None] * 4
        if compute_q_blocks:
            by_column[:2] = _ordered(_dense(kv_num_blocks, kv_indices, columns).transpose(-2, -1))
            if full_kv_num_blocks is not None and full_kv_indices is not None:
                by_column[2:] = _ordered(_dense(full_kv_num_blocks, full_kv_indices, columns).transpose(-2, -1))
        return cls(
            seq_lengths,
            kv_num_blocks,
            kv_indices,
            full_kv_num_blocks,
            full_kv_indices,
            *by_column,
            BLOCK_SIZE=size,  # type: ignore[arg-type]
            mask_mod=mask_mod or noop_mask,
        )

    # --- what it says ---

    @property
    def shape(self) -> tuple[int, ...]:
        """(B, H, queries, keys)."""
        return (*self.kv_indices.shape[:-2], *self.seq_lengths)

    def numel(self) -> int:
        """How many scores there are."""
        return math.prod(self.shape)

    def sparsity(self) -> float:
        """How many of the scores, in percent, are in no block that is computed."""
        blocks = int(self.kv_num_blocks.sum())
        if self.full_kv_num_blocks is not None:
            blocks += int(self.full_kv_num_blocks.sum())
        return 100 * (1 - blocks * self.BLOCK_SIZE[0] * self.BLOCK_SIZE[1] / self.numel())

    def partial_blocks(self) -> Tensor:
        """(B, H, rows, columns): 1 for the blocks in which `mask_mod` decides."""
        return _dense(self.kv_num_blocks, self.kv_indices, self.kv_indices.shape[-1])

    def full_blocks(self) -> Tensor:
        """(B, H, rows, columns): 1 for the blocks that are computed whole."""
        if self.full_kv_num_blocks is None or self.full_kv_indices is None:
            return self.partial_blocks() * 0
        return _dense(self.full_kv_num_blocks, self.full_kv_indices, self.full_kv_indices.shape[-1])

    def to_dense(self) -> Tensor:
        """(B, H, rows, columns): 1 for the blocks that are computed."""
        return self.partial_blocks() + self.full_blocks()

    def mask(self) -> Tensor:
        """(B, H, queries, keys): which keys each query sees."""

        def elements(blocks: Tensor) -> Tensor:
            whole = blocks.bool().repeat_interleave(self.BLOCK_SIZE[0], -2).repeat_interleave(self.BLOCK_SIZE[1], -1)
            return whole[..., : self.seq_lengths[0], : self.seq_lengths[1]]

        batch, heads = self.kv_indices.shape[:2]
        return elements(self.partial_blocks()) & create_mask(self.mask_mod, batch, heads, *self.seq_lengths) | elements(
            self.full_blocks()
        )

    def as_tuple(self, flatten: bool = True) -> tuple[Any, ...]:
        """The attributes, in order; lengths and block size as two ints each if `flatten`."""
        lengths = self.seq_lengths if flatten else (self.seq_lengths,)
        size = self.BLOCK_SIZE if flatten else (self.BLOCK_SIZE,)
        return (*lengths, *self._tensors(), *size, self.mask_mod)

    def _tensors(self) -> tuple[Tensor | None, ...]:
        return (
            self.kv_num_blocks,
            self.kv_indices,
            self.full_kv_num_blocks,
            self.full_kv_indices,
            self.q_num_blocks,
            self.q_indices,
            self.full_q_num_blocks,
            self.full_q_indices,
        )

    # --- others made of it ---

    def __getitem__(self, index: Any) -> BlockMask:
        """The part for some batches, heads and rows of blocks; the dimensions stay. Its `mask_mod` has to be set."""
        index = index if isinstance(index, tuple) else (index,)
        index = tuple(slice(i, i + 1) if isinstance(i, int) and i != -1 else i for i in index)
        index = tuple(slice(-1, None) if isinstance(i, int) else i for i in index)
        tensors = [None if one is None else one[index] for one in self._tensors()[:4]]
        rows = tensors[1].shape[-2]  # type: ignore[union-attr]
        of_queries = self.seq_lengths[0] if len(index) < 3 else min(rows * self.BLOCK_SIZE[0], self.seq_lengths[0])
        return BlockMask.from_kv_blocks(
            *tensors,  # type: ignore[arg-type]
            BLOCK_SIZE=self.BLOCK_SIZE,
            mask_mod=_sliced_mask_mod,
            seq_lengths=(of_queries, self.seq_lengths[1]),
            compute_q_blocks=self.q_indices is not None,
        )

    def _adjust(self, new_q_len: int, new_kv_len: int) -> BlockMask:
        """For other lengths: blocks are cut off at the end, or added empty."""
        rows, columns = (
            -(-length // size) for length, size in zip((new_q_len, new_kv_len), self.BLOCK_SIZE, strict=True)
        )

        def fitted(blocks: Tensor) -> tuple[Tensor, Tensor]:
            blocks = blocks[..., :rows, :columns]
            return _ordered(pad(blocks, (0, columns - blocks.shape[-1], 0, rows - blocks.shape[-2])))

        full = fitted(self.full_blocks()) if self.full_kv_num_blocks is not None else (None, None)
        return BlockMask.from_kv_blocks(
            *fitted(self.partial_blocks()), *full, self.BLOCK_SIZE, self.mask_mod, (new_q_len, new_kv_len)
        )

    def to(self, device: Any) -> BlockMask:
        """On a device."""
        moved = [None if one is None else one.to(device) for one in self._tensors()]
        return BlockMask(self.seq_lengths, *moved, BLOCK_SIZE=self.BLOCK_SIZE, mask_mod=self.mask_mod)  # type: ignore[arg-type]

    # --- printing ---

    def to_string(self, grid_size: int | tuple[int, int] = (20, 20), limit: int = 4) -> str:
        """The blocks as a picture, one for each batch and head, `limit` of them.

        Several blocks are one character where there are more than `grid_size` of them: shaded if not all are computed.
        """
        if isinstance(grid_size, int):
            grid_size = (grid_size, grid_size)
        dense = self.to_dense().bool()
        rows, columns = dense.shape[-2:]
        steps = [max(1, -(-n // most)) for n, most in zip((rows, columns), grid_size, strict=True)]
        pictures = []
        places = [(b, h) for b in range(dense.shape[0]) for h in range(dense.shape[1])]
        for place in places[:limit]:
            lines = []
            for top in range(0, rows, steps[0]):
                band = dense[place][top : top + steps[0]]
                cells = [band[:, left : left + steps[1]].float().mean().item() for left in range(0, columns, steps[1])]
                lines.append("".join("██" if cell == 1 else "  " if cell == 0 else "░░" for cell in cells))
            pictures.append("\n".join([str(place), *lines, ""]))
        if len(places) > limit:
            pictures.append(
                "...\nTo print out more, set BlockMask.to_string(limit=N)\nYou can also index (BlockMask[batch, head]) "
                "to choose a specific batch or head"
            )
        return "\n".join(pictures)

    def __repr__(self) -> str:
        picture = self.to_string().strip()
        return f"BlockMask(shape={self.shape}, sparsity={self.sparsity():.2f}%, \n{picture}\n)"


def create_block_mask(
    mask_mod: Mod,
    B: int | None,  # noqa: N803
    H: int | None,  # noqa: N803
    Q_LEN: int,  # noqa: N803
    KV_LEN: int,  # noqa: N803
    device: Any = None,
    BLOCK_SIZE: int | tuple[int, int] = DEFAULT_BLOCK,  # noqa: N803
    _compile: bool = False,
    separate_full_blocks: bool = True,
) -> BlockMask:
    """The blocks that a mask needs.

    Args:
        mask_mod: `mask_mod(batch, head, query, key)`, True where the key is seen.
        B, H: batches and heads, None for 1: of a mask that is the same for all.
        Q_LEN, KV_LEN: queries and keys.
        BLOCK_SIZE: of a block, both ways or for queries and keys.
        separate_full_blocks: keep the blocks that need no mask apart.

    ValueError for a `score_mod`.

    >>> from mibun.nn.attention.flex_attention import create_block_mask
    >>> mask = create_block_mask(lambda b, h, q, k: q >= k, None, None, 256, 256)
    >>> mask.sparsity(), mask.to_dense()
    (25.0, tensor([[[[1, 0],
              [1, 1]]]], dtype=torch.int32))
    """
    if _wants_score(mask_mod):
        raise ValueError("create_block_mask takes a mask_mod, of four arguments, not a score_mod")
    size = (BLOCK_SIZE, BLOCK_SIZE) if isinstance(BLOCK_SIZE, int) else tuple(BLOCK_SIZE)
    mask = create_mask(mask_mod, B, H, Q_LEN, KV_LEN, device)
    mask = pad(mask.to(int32), (0, -KV_LEN % size[1], 0, -Q_LEN % size[0]))
    batch, heads, queries, keys = mask.shape
    seen = mask.view(batch, heads, queries // size[0], size[0], keys // size[1], size[1]).sum((-3, -1))
    full = seen == size[0] * size[1]
    partial = (seen > 0) & ~full if separate_full_blocks else seen > 0
    return BlockMask.from_kv_blocks(
        *_ordered(partial),
        *(_ordered(full) if separate_full_blocks else (None, None)),
        BLOCK_SIZE=size,  # type: ignore[arg-type]
        mask_mod=mask_mod,
        seq_lengths=(Q_LEN, KV_LEN),
    )


def _check_mods(mask_mods: tuple) -> None:
    if not all(callable(one) for one in mask_mods):
        raise RuntimeError(f"All inputs should be callable mask_mods: {mask_mods}")


def and_masks(*mask_mods: Mod) -> Mod:
    """The mask of what all of these masks let through. RuntimeError for something that cannot be called."""
    _check_mods(mask_mods)

    def and_mask(b: Any, h: Any, q_idx: Any, kv_idx: Any) -> Any:
        result = noop_mask(b, h, q_idx, kv_idx)
        for mod in mask_mods:
            result = result & mod(b, h, q_idx, kv_idx)
        return result

    return and_mask


def or_masks(*mask_mods: Mod) -> Mod:
    """The mask of what any of these masks lets through. RuntimeError for something that cannot be called."""
    _check_mods(mask_mods)

    def or_mask(b: Any, h: Any, q_idx: Any, kv_idx: Any) -> Any:
        result = ~noop_mask(b, h, q_idx, kv_idx)
        for mod in mask_mods:
            result = result | mod(b, h, q_idx, kv_idx)
        return result

    return or_mask
