"""`torch._subclasses.fake_tensor`: Tensors without values, of which there are none."""

from __future__ import annotations

from typing import Any

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["is_fake"]


def is_fake(x: Any) -> bool:
    """Whether a value is a Tensor that a compiler has made, without values: False."""
    return False


_explain_missing_names(__name__)
