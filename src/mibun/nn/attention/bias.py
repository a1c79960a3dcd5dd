"""`torch.nn.attention.bias`: causal masks between sequences of two lengths, by which corner they start in."""

from __future__ import annotations

import warnings
from enum import IntEnum
from typing import Any, Self

from ...core.dtypes import bool as _bool
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.torch_function import DisableTorchFunctionSubclass
from ...ops.creation.filled import ones
from ..functional import scaled_dot_product_attention

__all__ = ["causal_upper_left", "causal_lower_right", "CausalVariant", "CausalBias"]


class CausalVariant(IntEnum):
    """Where the diagonal up to which a query attends begins: in the first corner of the mask, or ends, in the last.

    For three queries and four keys `UPPER_LEFT` lets the first query see the first key, `LOWER_RIGHT` the first two, so
    that the last one sees all.
    """

    UPPER_LEFT = 1
    LOWER_RIGHT = 2


class CausalBias(Tensor):
    """A causal mask, to be given to `scaled_dot_product_attention` as `attn_mask`: True where a query attends.

    Args:
        variant: one of `CausalVariant`; AssertionError for anything else.
        seq_len_q, seq_len_kv: how many queries and keys; the mask is (queries, keys). With `LOWER_RIGHT` and more
            queries than keys the first ones see nothing, and their results are NaN, of which there is a warning.

    What other functions make of it is a plain Tensor.

    >>> import mibun as torch
    >>> torch.nn.attention.bias.causal_lower_right(2, 3)
    tensor([[ True,  True, False],
            [ True,  True,  True]])
    """

    variant: CausalVariant
    seq_len_q: int
    seq_len_kv: int

    def __new__(cls, variant: CausalVariant, seq_len_q: int, seq_len_kv: int) -> Self:
        if not isinstance(variant, CausalVariant):
            raise AssertionError(f"variant must be a CausalVariant, got {type(variant).__name__}")
        made: Any = _mask(variant, seq_len_q, seq_len_kv).as_subclass(cls)
        return made

    def __init__(self, variant: CausalVariant, seq_len_q: int, seq_len_kv: int) -> None:
        self.variant, self.seq_len_q, self.seq_len_kv = variant, seq_len_q, seq_len_kv
        if variant is CausalVariant.LOWER_RIGHT and seq_len_q > seq_len_kv:
            warnings.warn(
                "Lower right causal bias will produce NaNs in the output when seq_len_q > seq_len_kv!",
                stacklevel=stacklevel(),
            )

    def _materialize(self, device: Any = None) -> Tensor:
        mask = _mask(self.variant, self.seq_len_q, self.seq_len_kv)
        return mask if device is None else mask.to(device)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return repr(self._materialize())

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = dict(kwargs or {})
        if func is scaled_dot_product_attention and (kwargs.get("is_causal") or (len(args) > 5 and args[5])):
            raise ValueError("CausalBias should not be used with causal=True")
        with DisableTorchFunctionSubclass():
            return func(*args, **kwargs)


def _mask(variant: CausalVariant, queries: int, keys: int) -> Tensor:
    return ones(queries, keys, dtype=_bool).tril(keys - queries if variant is CausalVariant.LOWER_RIGHT else 0)


def causal_upper_left(*size: int) -> CausalBias:
    """The mask (queries, keys) whose diagonal begins in the first corner: as `is_causal=True` has it.

    RuntimeError for other than two sizes.
    """
    return CausalBias(CausalVariant.UPPER_LEFT, *_two(size))


def causal_lower_right(*size: int) -> CausalBias:
    """The mask (queries, keys) whose diagonal ends in the last corner: of new queries beside cached keys.

    RuntimeError for other than two sizes.
    """
    return CausalBias(CausalVariant.LOWER_RIGHT, *_two(size))


def _two(size: tuple[int, ...]) -> tuple[int, int]:
    if len(size) != 2:
        raise RuntimeError(f"a causal mask has 2 dimensions, queries and keys, not {len(size)}")
    return size


_explain_missing_names(__name__)
