"""`torch.nn.attention`: which kernels attention may use. Here there is one, which stands for the CPU's."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ...core.missing import explain_missing_names as _explain_missing_names
from ...ops.nn.attention import BACKENDS

__all__ = ["SDPBackend", "sdpa_kernel"]


class SDPBackend(enum.IntEnum):
    """The kernels of `scaled_dot_product_attention`. MATH and FLASH_ATTENTION are a CPU's."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    def __str__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


_SWITCHES = {
    SDPBackend.MATH: "math",
    SDPBackend.FLASH_ATTENTION: "flash",
    SDPBackend.EFFICIENT_ATTENTION: "mem_efficient",
    SDPBackend.CUDNN_ATTENTION: "cudnn",
}


@contextmanager
def sdpa_kernel(backends: Sequence[SDPBackend] | SDPBackend, set_priority: bool = False) -> Iterator[None]:
    """Inside, `scaled_dot_product_attention` may use these kernels alone; RuntimeError from it where none is a CPU's.

    backends: one or several; AssertionError for anything else. set_priority: try them in this order, which makes no
    difference where all are one formula. Also a decorator.

    >>> import mibun as torch
    >>> from mibun.nn.attention import SDPBackend, sdpa_kernel
    >>> x = torch.ones(1, 1, 2, 2)
    >>> with sdpa_kernel(SDPBackend.MATH):
    ...     torch.nn.functional.scaled_dot_product_attention(x, x, x).sum()
    tensor(4.)
    """
    if not isinstance(backends, (SDPBackend, list, tuple)):
        raise AssertionError(
            "Backend must be an instance of SDPBackend or a list of SDPBackend instances, got "
            f"{type(backends).__name__}"
        )
    wanted = {backends} if isinstance(backends, SDPBackend) else set(backends)
    before = dict(BACKENDS)
    BACKENDS.update({switch: backend in wanted for backend, switch in _SWITCHES.items()})
    try:
        yield
    finally:
        BACKENDS.update(before)


def _cur_sdpa_kernel_backends() -> list[SDPBackend]:
    return [backend for backend, switch in _SWITCHES.items() if BACKENDS[switch]]


_explain_missing_names(__name__)
