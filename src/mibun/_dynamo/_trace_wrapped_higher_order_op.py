"""`TransformGetItemToIndex`, a context that libraries enter around `vmap`."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names
from ..overrides import TorchFunctionMode


class TransformGetItemToIndex(TorchFunctionMode):
    """Inside, `x[i]` may have a Tensor for `i` that differs between the examples of a `vmap`.

    Here it may anyway, so that nothing has to be changed; in PyTorch it would be read as a number.
    """


_explain_missing_names(__name__)
