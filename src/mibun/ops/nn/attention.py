"""Attention: values averaged with weights from the similarity of queries and keys; and sampling by Gumbel noise."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...core.dtypes import bool as bool_dtype
from ...core.mode import no_grad
from ...core.registry import FUNCTIONS, METHODS
from ...core.site import stacklevel
from ...dispatch.arguments import check_tensor
from .dropout import dropout
from .softmax import softmax


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """softmax(query @ key.T * scale + mask) @ value: (*, L, E), (*, S, E), (*, S, V) -> (*, L, V).

    attn_mask: bool (True takes part) or of the query's dtype (added), of a shape that broadcasts to (*, L, S).
    is_causal: position i sees positions up to i; not together with attn_mask. scale: by default 1 / sqrt(E).
    enable_gqa: each head of key and value serves several heads of the query. A query that sees nothing gets zeros.
    Source: Vaswani et al. (2017).
    """
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        check_tensor(tensor, "scaled_dot_product_attention", name)
    if not query.dtype == key.dtype == value.dtype:
        raise RuntimeError(
            f"Expected query, key, and value to have the same dtype, but got query.dtype: {query.dtype}, key.dtype: "
            f"{key.dtype}, and value.dtype: {value.dtype} instead."
        )
    if min(query.dim(), key.dim(), value.dim()) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{query.dim()}, key.dim: {key.dim()} and value.dim: {value.dim()} instead."
        )
    if is_causal and attn_mask is not None:
        raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    length, size = query._array_.shape[-2:]
    if scale is None:
        scale = 1 / math.sqrt(size) if size else 1.0
    if enable_gqa:
        repeats = query._array_.shape[-3] // key._array_.shape[-3]
        if query._array_.shape[-3] % key._array_.shape[-3] or key._array_.shape[-3] != value._array_.shape[-3]:
            raise RuntimeError(
                "Number of heads in key and value must divide the number of heads in query: got "
                f"{query._array_.shape[-3]}, {key._array_.shape[-3]} and {value._array_.shape[-3]}"
            )
        key, value = key.repeat_interleave(repeats, -3), value.repeat_interleave(repeats, -3)
    scores = (query * scale) @ key.transpose(-2, -1)
    if is_causal:
        attn_mask = FUNCTIONS["tril"](FUNCTIONS["ones"](length, key._array_.shape[-2], dtype=bool_dtype))
    if attn_mask is not None and attn_mask._array_.dtype.kind == "b":
        scores = scores.masked_fill(~attn_mask, -math.inf)
    elif attn_mask is not None:
        if attn_mask.dtype != query.dtype:
            raise RuntimeError(
                "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
                f"{attn_mask.dtype} and  query.dtype: {query.dtype} instead."
            )
        scores = scores + attn_mask
    weights = softmax(scores, -1)
    if attn_mask is not None:
        with no_grad():
            blind = (scores == -math.inf).all(-1, keepdim=True)
        if blind._array_.any():
            weights = weights.masked_fill(blind, 0.0)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p)
    return weights @ value


def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Any:
    """A sample from the relaxed categorical distribution of these logits: softmax((logits + Gumbel noise) / tau).

    hard: one-hot, with the gradient of the soft sample. Source: Jang et al.; Maddison et al. (2016).
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=stacklevel())
    with no_grad():
        noise = -METHODS["exponential_"](FUNCTIONS["empty_like"](logits.detach())).log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    with no_grad():
        index = soft.argmax(dim, keepdim=True)
        chosen = FUNCTIONS["zeros_like"](logits.detach()).scatter_(dim, index, 1.0)
    return chosen - soft.detach() + soft
