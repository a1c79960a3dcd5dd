"""Attention whose scores a function changes, and whose blocks a mask leaves out (Dong et al., Flex Attention, 2024).

The function of one score is applied to all of them by nested `vmap`, so that it may be any function of Tensors, and
everything is differentiable, by what the function captures as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypedDict

from ...core.dtypes import bfloat16, float16, float32
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...ops.creation.ranges import arange
from ...ops.linalg.matmul import matmul
from ...ops.pointwise.where import where
from .block_mask import (
    DEFAULT_BLOCK,
    BlockMask,
    and_masks,
    create_block_mask,
    create_mask,
    noop_mask,
    or_masks,
    over_scores,
)

__all__ = [
    "AuxOutput",
    "AuxRequest",
    "BlockMask",
    "FlexKernelOptions",
    "and_masks",
    "create_block_mask",
    "create_mask",
    "flex_attention",
    "noop_mask",
    "or_masks",
]

_DEFAULT_SPARSE_BLOCK_SIZE = DEFAULT_BLOCK
_score_mod_signature: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]
_mask_mod_signature: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


class FlexKernelOptions(TypedDict, total=False):
    """Settings of a GPU's kernel, of which there is none here."""

    BLOCK_M: int
    BLOCK_N: int
    num_warps: int
    num_stages: int
    PRESCALE_QK: bool
    ROWS_GUARANTEED_SAFE: bool
    BLOCKS_ARE_CONTIGUOUS: bool
    WRITE_DQ: bool
    FORCE_USE_FLEX_ATTENTION: bool
    USE_TMA: bool
    BACKEND: str


class AuxRequest(NamedTuple):
    """What `flex_attention` is to return besides: logarithms of the sums, and the greatest scores."""

    lse: bool = False
    max_scores: bool = False


class AuxOutput(NamedTuple):
    """What was asked for by an `AuxRequest`, None for the rest: (B, H, queries) each."""

    lse: Tensor | None = None
    max_scores: Tensor | None = None


def flex_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    score_mod: Callable | None = None,
    block_mask: BlockMask | None = None,
    scale: float | None = None,
    enable_gqa: bool = False,
    return_lse: bool = False,
    kernel_options: dict[str, Any] | None = None,
    *,
    return_aux: AuxRequest | None = None,
) -> Any:
    """softmax(score_mod(scale Q Kᵀ)) V, over the keys that the mask shows. (PyTorch has no derivative on CPUs.)

    Args:
        query: (B, Hq, L, E). key: (B, Hkv, S, E). value: (B, Hkv, S, Ev). Floating; half precision is computed in
            float32. A key of one batch serves all of the query's, if there is a block_mask.
        score_mod: `score_mod(score, batch, head, query, key)`, of Tensors without dimensions; -inf hides a key.
        block_mask: which blocks are computed, and the mask in them.
        scale: 1/√E unless given.
        enable_gqa: several heads of the query may share one of the key: Hq is a multiple of Hkv.
        return_lse: return the logarithms of the sums too. It is `return_aux=AuxRequest(lse=True)` in an older form.
        kernel_options: of a GPU's kernel, without effect.
        return_aux: what to return besides.

    Returns:
        (B, Hq, L, Ev), zeros for a query that sees no key; with return_lse or return_aux a pair.

    Raises:
        ValueError: for sizes that do not fit, a mask for other lengths, return_lse and return_aux together.
        NotImplementedError: for Tensors of other than four dimensions.

    >>> import mibun as torch
    >>> from mibun.nn.attention.flex_attention import flex_attention
    >>> x = torch.ones(1, 1, 3, 2)
    >>> flex_attention(x, x, x, score_mod=lambda score, b, h, q, k: score - (q - k).abs()).shape
    torch.Size([1, 1, 3, 2])
    """
    _check(query, key, value, enable_gqa)
    if return_lse and return_aux is not None:
        raise ValueError(
            "Cannot specify both return_lse and return_aux. return_lse is deprecated, please use "
            "return_aux=AuxRequest(lse=True) instead."
        )
    batch, heads, queries, embedding = query.shape
    keys = key.shape[-2]
    _check_mask(block_mask, query, key)
    if heads != key.shape[1]:
        group = heads // key.shape[1]
        key, value = (one.repeat_interleave(group, 1) for one in (key, value))
    dtype = query.dtype
    if dtype in (float16, bfloat16):
        query, key, value = query.to(float32), key.to(float32), value.to(float32)
    elif key.dtype != dtype or value.dtype != dtype:
        key, value = key.to(dtype), value.to(dtype)
    scores = matmul(query, key.transpose(-2, -1)) * (1 / math.sqrt(embedding) if scale is None else scale)
    if score_mod is not None:
        places = [arange(size) for size in (batch, heads, queries, keys)]
        scores = over_scores(score_mod, True)(scores, *places)
    if block_mask is not None:
        scores = where(block_mask.mask()[:batch, :heads], scores, -math.inf)
    greatest = scores.detach().amax(-1, keepdim=True)
    blind = greatest == -math.inf  # sees no key
    seen = scores.masked_fill(blind, 0)
    out = matmul(seen.softmax(-1).masked_fill(blind, 0), value).to(dtype)
    if not return_lse and return_aux is None:
        return out
    lse = None
    if return_lse or (return_aux is not None and return_aux.lse):
        lse = seen.logsumexp(-1).masked_fill(blind.squeeze(-1), -math.inf)
    if return_aux is None:
        return out, lse
    return out, AuxOutput(lse, greatest.squeeze(-1) if return_aux.max_scores else None)


def _check(query: Tensor, key: Tensor, value: Tensor, enable_gqa: bool) -> None:
    if any(one.ndim != 4 for one in (query, key, value)):
        raise NotImplementedError("NYI: query, key, and value must be 4D tensors")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            "Expect query and key/value to have the same embedding dimension but got "
            f"E={query.shape[-1]} and E={key.shape[-1]}."
        )
    if key.shape[:3] != value.shape[:3]:
        raise ValueError(
            f"Expect key and value to have the same batch, heads and length but got {tuple(key.shape)} and "
            f"{tuple(value.shape)}."
        )
    heads, of_key = query.shape[1], key.shape[1]
    if not enable_gqa and heads != of_key:
        raise ValueError(
            f"Expect query and key/value to have the same number of heads but got Hq={heads} and Hkv={of_key}. Try "
            "setting enable_gqa=True for GQA."
        )
    if heads % of_key:
        raise ValueError(
            f"Expect number of query heads to be a multiple of kv heads for GQA but got Hq={heads} and Hkv={of_key}."
        )


def _check_mask(block_mask: BlockMask | None, query: Tensor, key: Tensor) -> None:
    batch, of_key = query.shape[0], key.shape[0]
    if block_mask is None:
        if batch != of_key:
            raise ValueError(
                "Expect query and key/value to have the same batch size, or non-none block_mask, but got "
                f"block_mask=None, Bq={batch}, and Bkv={of_key}."
            )
        return
    queries, keys = query.shape[-2], key.shape[-2]
    rows, columns = block_mask.shape[-2:]
    if batch != of_key and block_mask.shape[0] != batch:
        raise ValueError(
            "Expect query and key/value to have the same batch size, or block_mask and query to have the same batch "
            f"size, but got Bq={batch}, Bkv={of_key}, B_block_mask={block_mask.shape[0]}."
        )
    if (rows, columns) != (queries, keys):
        smaller = rows < queries or columns < keys
        advice = "create a new one" if smaller else f"create a new one, or take block_mask._adjust({queries}, {keys})"
        raise ValueError(
            f"block_mask was created for block_mask.shape={block_mask.shape} but got q_len={queries} and "
            f"kv_len={keys}. As it was created for a {'smaller' if smaller else 'larger'} length, {advice}."
        )
    for name, of_mask, size in (("batch", block_mask.shape[0], batch), ("heads", block_mask.shape[1], query.shape[1])):
        if 1 < of_mask < size:
            raise ValueError(f"block_mask has {of_mask} for {name}, fewer than the query's {size}")


_explain_missing_names(__name__)
