"""`torch.distributed.rpc`, as it is where PyTorch was built without it: `is_available()` says so."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["is_available"]


def is_available() -> bool:
    """Whether functions can be called on other processes: never, as there is no engine for that.

    >>> import mibun as torch
    >>> torch.distributed.rpc.is_available()
    False
    """
    return False


_explain_missing_names(__name__)
