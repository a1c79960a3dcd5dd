"""`torch.backends.cudnn`: not available. Its switches can be set; mibun's operators are deterministic either way."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from ..core.dtypes import float16, float32, float64
from .switches import Precision, Switch, a_bool, a_precision, give_switches, put, put_for_a_while

CUDNN_TENSOR_DTYPES = {float16, float32, float64}

conv, rnn = Precision("tf32"), Precision("tf32")


def is_available() -> bool:
    """Whether cuDNN can be used: False."""
    return False


def is_acceptable(tensor: Any) -> bool:
    """Whether cuDNN can compute with a tensor: False."""
    return False


def version() -> None:
    """The version of cuDNN: None."""
    return None


def set_flags(
    _enabled: bool | None = None,
    _benchmark: bool | None = None,
    _benchmark_limit: int | None = None,
    _deterministic: bool | None = None,
    _allow_tf32: bool | None = None,
    _fp32_precision: str = "none",
    _depthwise_kernel: str | None = None,
) -> tuple[Any, ...]:
    """Set switches, those that are not None; gives what all of them were before."""
    values = _named(
        _enabled, _benchmark, _benchmark_limit, _deterministic, _allow_tf32, _fp32_precision, _depthwise_kernel
    )
    return put(__name__, values)


def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
    fp32_precision: str = "none",
    depthwise_kernel: str = "auto",
) -> AbstractContextManager[None]:
    """A context with these switches.

    >>> import mibun as torch
    >>> with torch.backends.cudnn.flags(deterministic=True):
    ...     torch.backends.cudnn.deterministic
    True
    """
    return put_for_a_while(
        __name__,
        _named(enabled, benchmark, benchmark_limit, deterministic, allow_tf32, fp32_precision, depthwise_kernel),
    )


_NAMES = (
    "enabled",
    "benchmark",
    "benchmark_limit",
    "deterministic",
    "allow_tf32",
    "fp32_precision",
    "depthwise_kernel",
)


def _named(*values: Any) -> dict[str, Any]:
    return dict(zip(_NAMES, values, strict=True))


give_switches(
    __name__,
    enabled=Switch(True, a_bool("set_enabled_cudnn")),
    benchmark=Switch(False, a_bool("set_benchmark_cudnn")),
    benchmark_limit=Switch(None),
    deterministic=Switch(False, a_bool("set_deterministic_cudnn")),
    allow_tf32=Switch(True, a_bool("set_allow_tf32_cudnn")),
    fp32_precision=Switch("none", a_precision),
    depthwise_kernel=Switch("auto"),
)
