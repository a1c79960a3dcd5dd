"""`torch._dynamo.utils`: what was counted, and whether `torch.compile` may be called for a device."""

from __future__ import annotations

from ..compiler.state import counters
from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["counters", "is_compile_supported"]


def is_compile_supported(device_type: str) -> bool:
    """Whether functions can be given to `torch.compile` on a kind of device: on the CPU.

    >>> from mibun._dynamo.utils import is_compile_supported
    >>> is_compile_supported("cpu"), is_compile_supported("cuda")
    (True, False)
    """
    return device_type == "cpu"


_explain_missing_names(__name__)
