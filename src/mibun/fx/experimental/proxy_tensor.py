"""`torch.fx.experimental.proxy_tensor`: whether operators are being traced into a graph, which they never are here."""

from __future__ import annotations

from typing import Any

from ...core.missing import explain_missing_names as _explain_missing_names

__all__ = ["get_proxy_mode"]


def get_proxy_mode() -> Any:
    """The mode of the `make_fx` in progress: None, as there is no `make_fx`.

    >>> import mibun as torch
    >>> from mibun.fx.experimental.proxy_tensor import get_proxy_mode
    >>> get_proxy_mode() is None
    True
    """
    return None


_explain_missing_names(__name__)
