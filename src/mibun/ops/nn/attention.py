"""Attention: values averaged with weights from the similarity of queries and keys. With heads: `multihead.py`."""

from __future__ import annotations

import math

from ...core.dtypes import bool as bool_dtype
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import op
from .dropout import dropout
from .softmax import softmax

# Which of PyTorch's kernels may be used: there is one formula here, in the place of those that it has on a CPU.
BACKENDS = {"math": True, "flash": True, "mem_efficient": True, "cudnn": True}


# Zeros belong in the operator: after a softmax of -inf alone, which is NaN, a mask saves the values and not the
# gradients, since 0 times the NaN that softmax's rule has saved is NaN again.
@op(
    name="safe_softmax_over",
    node="SafeSoftmaxBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=dim, keepdims=True)),
)
def _safe_softmax(xp, input, *, dim):
    """Softmax over one dimension, of which rows of -inf alone are zeros, with zero derivative."""
    if not input.shape[dim]:
        return input
    greatest = xp.max(input, axis=dim, keepdims=True)
    powers = xp.exp(input - xp.where(greatest == -math.inf, xp.zeros_like(greatest), greatest))
    total = xp.sum(powers, axis=dim, keepdims=True)
    return powers / xp.where(total == 0, xp.ones_like(total), total)


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """`softmax(query @ key.T * scale + attn_mask) @ value`; a query that sees nothing gets zeros.

    Args:
        query: (*, L, E).
        key: (*, S, E).
        value: (*, S, V); the result is (*, L, V). All three are of one floating dtype.
        attn_mask: of bools (True takes part) or of the query's dtype (added), of a shape that broadcasts to (*, L, S).
        dropout_p: the probability with which a weight is dropped.
        is_causal: position i sees positions up to i; not together with attn_mask.
        scale: by default 1 / sqrt(E).
        enable_gqa: each head of key and value (dimension -3) serves several heads of the query.

    Raises:
        RuntimeError: where shapes or dtypes do not fit.

    Source: Vaswani et al., Attention Is All You Need (2017), arXiv:1706.03762.

    >>> import mibun as torch
    >>> query, key, value = torch.zeros(1, 4), torch.ones(2, 4), torch.tensor([[1.], [3.]])
    >>> torch.nn.functional.scaled_dot_product_attention(query, key, value)
    tensor([[2.]])
    """
    if not (BACKENDS["math"] or BACKENDS["flash"]):
        raise RuntimeError(
            "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both the "
            "math kernel and the fused kernels."
        )
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
        attn_mask = query.new_ones((length, key._array_.shape[-2]), dtype=bool_dtype).tril()
    if attn_mask is not None and attn_mask._array_.dtype.kind == "b":
        scores = scores.masked_fill(~attn_mask, -math.inf)
    elif attn_mask is not None:
        if attn_mask.dtype != query.dtype:
            raise RuntimeError(
                "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
                f"{attn_mask.dtype} and  query.dtype: {query.dtype} instead."
            )
        scores = scores + attn_mask
    weights = softmax(scores, -1) if attn_mask is None else _safe_softmax(scores, dim=scores._array_.ndim - 1)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p)
    return weights @ value
