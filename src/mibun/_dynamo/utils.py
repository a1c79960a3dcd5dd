"""`torch._dynamo.utils`: whether `torch.compile` may be called for a device, which libraries ask."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["is_compile_supported"]


def is_compile_supported(device_type: str) -> bool:
    """Whether functions can be given to `torch.compile` on a kind of device: on the CPU, where they run as they are.

    >>> from mibun._dynamo.utils import is_compile_supported
    >>> is_compile_supported("cpu"), is_compile_supported("cuda")
    (True, False)
    """
    return device_type == "cpu"


_explain_missing_names(__name__)
