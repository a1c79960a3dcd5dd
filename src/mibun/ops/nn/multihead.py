"""Attention with several heads: projections, `scaled_dot_product_attention` of each head, and a projection back."""

from __future__ import annotations

import math
import warnings

from ...core.dtypes import dtype
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ..creation.filled import zeros
from ..creation.like import zeros_like
from ..shape.joining import cat
from .attention import scaled_dot_product_attention
from .dropout import dropout as _dropout
from .linear import linear
from .padding import pad
from .softmax import softmax


def additive_mask(
    mask: Tensor | None, mask_name: str, other: Tensor | None, other_name: str, dtype: dtype, check_other: bool = True
) -> Tensor | None:
    """A mask in floating numbers that are added to scores: of bools, -inf where they are True. None for None."""
    if mask is None:
        return None
    if mask._array_.dtype.kind not in "bfV":
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other is not None and mask.dtype != other.dtype:
        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for both instead.",
            stacklevel=stacklevel(),
        )
    if mask._array_.dtype.kind == "b":
        return zeros_like(mask, dtype=dtype).masked_fill_(mask, -math.inf)
    return mask


def _check_shapes(
    query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None, attn_mask: Tensor | None, heads: int
) -> bool:
    """Whether the query is a batch; AssertionError where the others do not fit it."""
    n = query.dim()
    if n not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {n}-D query tensor")
    word = "batched" if n == 3 else "unbatched"
    start = f"For {word} ({n}-D) `query`, expected "
    if key.dim() != n or value.dim() != n:
        raise AssertionError(
            f"{start}`key` and `value` to be {n}-D but found {key.dim()}-D and {value.dim()}-D tensors respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != n - 1:
        raise AssertionError(
            f"{start}`key_padding_mask` to be `None` or {n - 1}-D but found {key_padding_mask.dim()}-D tensor instead"
        )
    if attn_mask is not None:
        if attn_mask.dim() not in (2, 3):
            raise AssertionError(
                f"{start}`attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D tensor instead"
            )
        if n == 2 and attn_mask.dim() == 3 and tuple(attn_mask.shape) != (heads, query.shape[0], key.shape[0]):
            raise AssertionError(
                f"Expected `attn_mask` shape to be {(heads, query.shape[0], key.shape[0])} but got {attn_mask.shape}"
            )
    return n == 3


def _project(q: Tensor, k: Tensor, v: Tensor, weight: Tensor, bias: Tensor | None) -> tuple:
    """The three projections with one weight (3 E, E), in as few products as possible."""
    size = q.shape[-1]
    if q is k and k is v:
        return linear(q, weight, bias).chunk(3, -1)
    if k is v:
        w_q, w_kv = weight.split([size, 2 * size])
        b_q, b_kv = (None, None) if bias is None else bias.split([size, 2 * size])
        return (linear(q, w_q, b_q), *linear(k, w_kv, b_kv).chunk(2, -1))
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    return tuple([linear(x, w, b) for x, w, b in zip((q, k, v), weight.chunk(3), biases, strict=True)])


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """What `MultiheadAttention` computes, with its weights as arguments: the output, and the attention weights or None.

    query: (L, N, E) or (L, E). key, value: (S, N, Ek), (S, N, Ev), or without N. in_proj_weight: (3 E, E), or three
    separate ones with `use_separate_proj_weight`. bias_k, bias_v: one more position of key and value; add_zero_attn:
    one more, of zeros. key_padding_mask: (N, S), attn_mask: (L, S) or (N heads, L, S): True or -inf where a position
    takes no part. static_k, static_v: (N heads, S, E / heads), in the place of projections. AssertionError and
    RuntimeError where shapes do not fit. Source: Vaswani et al. (2017).
    """
    batched = _check_shapes(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        # Whether one tensor stands for two is to be known further on.
        same_kv, same_qk = key is value, query is key
        query = query.unsqueeze(1)
        key = query if same_qk else key.unsqueeze(1)
        value = key if same_kv else value.unsqueeze(1)
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    length, batch, size = query.shape
    source = key.shape[0]
    key_padding_mask = additive_mask(key_padding_mask, "key_padding_mask", attn_mask, "attn_mask", query.dtype)
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        attn_mask = None
    else:
        attn_mask = additive_mask(attn_mask, "attn_mask", None, "", query.dtype, check_other=False)
        is_causal = False
    if size != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {size}")
    head = size // num_heads
    if head * num_heads != size:
        raise AssertionError(f"embed_dim {size} not divisible by num_heads {num_heads}")
    if use_separate_proj_weight:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
        biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
        if q_proj_weight is None or k_proj_weight is None or v_proj_weight is None:
            raise AssertionError("use_separate_proj_weight is True but q_, k_ or v_proj_weight is None")
        weights = (q_proj_weight, k_proj_weight, v_proj_weight)
        q, k, v = [linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True)]
    else:
        if key.shape != value.shape:
            raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
        if in_proj_weight is None:
            raise AssertionError("use_separate_proj_weight is False but in_proj_weight is None")
        q, k, v = _project(query, key, value, in_proj_weight, in_proj_bias)
    if attn_mask is not None:
        wanted = (length, source) if attn_mask.dim() == 2 else (batch * num_heads, length, source)
        if tuple(attn_mask.shape) != wanted:
            raise RuntimeError(
                f"The shape of the {attn_mask.dim()}D attn_mask is {attn_mask.shape}, but should be {wanted}."
            )
        if attn_mask.dim() == 2:
            attn_mask = attn_mask.unsqueeze(0)
    if bias_k is not None and bias_v is not None:
        if static_k is not None or static_v is not None:
            raise AssertionError("bias cannot be added to static key or value.")
        k = cat([k, bias_k.repeat(1, batch, 1)])
        v = cat([v, bias_v.repeat(1, batch, 1)])
        attn_mask, key_padding_mask = _one_more(attn_mask), _one_more(key_padding_mask)
    heads = batch * num_heads
    q = _heads(q, heads, head)
    k = _heads(k, heads, head) if static_k is None else _static(static_k, heads, head, "key")
    v = _heads(v, heads, head) if static_v is None else _static(static_v, heads, head, "value")
    if add_zero_attn:
        more = zeros((heads, 1, head), dtype=k.dtype)
        k, v = cat([k, more], 1), cat([v, more], 1)
        attn_mask, key_padding_mask = _one_more(attn_mask), _one_more(key_padding_mask)
    source = k.shape[1]
    if key_padding_mask is not None:
        if key_padding_mask.shape[0] != batch:
            raise AssertionError(
                f"Expected key_padded_mask.shape[0] to be {batch}, but got {key_padding_mask.shape[0]}"
            )
        if key_padding_mask.shape[1] != source:
            raise AssertionError(
                f"Expected key_padded_mask.shape[1] to be {source}, but got {key_padding_mask.shape[1]}"
            )
        padding = key_padding_mask.view(batch, 1, 1, source).expand(-1, num_heads, -1, -1).reshape(heads, 1, source)
        attn_mask = padding if attn_mask is None else attn_mask + padding
    if not training:
        dropout_p = 0.0
    if need_weights:
        q = q * math.sqrt(1.0 / head)
        scores = q @ k.transpose(-2, -1) if attn_mask is None else attn_mask.baddbmm(q, k.transpose(-2, -1))
        weights = softmax(scores, -1)
        if dropout_p > 0.0:
            weights = _dropout(weights, dropout_p)
        output = weights.bmm(v).transpose(0, 1).contiguous().view(length * batch, size)
        output = linear(output, out_proj_weight, out_proj_bias).view(length, batch, out_proj_weight.shape[0])
        weights = weights.view(batch, num_heads, length, source)
        if average_attn_weights:
            weights = weights.mean(1)
        if not batched:
            return output.squeeze(1), weights.squeeze(0)
        return output, weights
    if attn_mask is not None:
        if attn_mask.shape[0] == 1:
            attn_mask = attn_mask.unsqueeze(0)
        else:
            attn_mask = attn_mask.view(batch, num_heads, attn_mask.shape[1], source)
    q, k, v = [x.view(batch, num_heads, x.shape[1], head) for x in (q, k, v)]  # not -1: a length may be 0
    output = scaled_dot_product_attention(q, k, v, attn_mask, dropout_p, is_causal)
    output = output.permute(2, 0, 1, 3).contiguous().view(batch * length, size)
    output = linear(output, out_proj_weight, out_proj_bias).view(length, batch, out_proj_weight.shape[0])
    return (output if batched else output.squeeze(1)), None


def _one_more(mask: Tensor | None) -> Tensor | None:
    """The mask for one more position, which takes part."""
    return None if mask is None else pad(mask, (0, 1))


def _heads(x: Tensor, heads: int, head: int) -> Tensor:
    """(positions, N, E) with a first dimension for all heads of all sequences."""
    return x.reshape(x.shape[0], heads, head).transpose(0, 1)


def _static(given: Tensor, heads: int, head: int, name: str) -> Tensor:
    if given.shape[0] != heads:
        raise AssertionError(f"expecting static_{name[0]}.size(0) of {heads}, but got {given.shape[0]}")
    if given.shape[2] != head:
        raise AssertionError(f"expecting static_{name[0]}.size(2) of {head}, but got {given.shape[2]}")
    return given
