"""`torch.fx.annotate`: a type for a value that is traced."""

from __future__ import annotations

from typing import Any

from ._compatibility import compatibility
from .proxy import Proxy


@compatibility(is_backward_compatible=False)
def annotate(val: Any, type: Any) -> Any:  # noqa: A002
    """Note a type on the Node of a Proxy; other values are given back as they are.

    RuntimeError if the Node has a type already.

    >>> from mibun.fx.annotate import annotate
    >>> annotate(3, int)
    3
    """
    if not isinstance(val, Proxy):
        return val
    if val.node.type:
        raise RuntimeError(
            f"Tried to annotate a value that already had a type on it! Existing type is {val.node.type} and new type "
            f"is {type}. This could happen if you tried to annotate a function parameter value (in which case you "
            "should use the type slot on the function signature) or you called annotate on the same value twice"
        )
    val.node.type = type
    return val
