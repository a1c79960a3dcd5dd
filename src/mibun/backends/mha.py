"""`torch.backends.mha`: whether attention may take PyTorch's shorter way in inference. Here there is one way."""

from __future__ import annotations

_is_fastpath_enabled = True


def get_fastpath_enabled() -> bool:
    """Whether it may.

    >>> import mibun as torch
    >>> torch.backends.mha.get_fastpath_enabled()
    True
    """
    return _is_fastpath_enabled


def set_fastpath_enabled(value: bool) -> None:
    """Allow it or not: the result is the same."""
    global _is_fastpath_enabled
    _is_fastpath_enabled = value
