"""`torch.backends.cudnn`: not available. Its switches can be set; mibun's operators are deterministic either way."""

from __future__ import annotations

enabled = True
benchmark = False
deterministic = False
allow_tf32 = True
benchmark_limit = 10


def is_available() -> bool:
    """Whether cuDNN can be used: False."""
    return False


def version() -> None:
    """The version of cuDNN: None."""
    return None
