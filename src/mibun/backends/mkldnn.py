"""`torch.backends.mkldnn`, Intel's library of layers (oneDNN): not used. Its switches can be set."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from .switches import Precision, Switch, a_bool, a_precision, as_it_is, give_switches, put, put_for_a_while

VERBOSE_OFF, VERBOSE_ON, VERBOSE_ON_CREATION = 0, 1, 2

conv, matmul, rnn = Precision(), Precision(), Precision()


def is_available() -> bool:
    """Whether mibun computes with it: False."""
    return False


def is_acl_available() -> bool:
    """Whether it uses Arm's library: False."""
    return False


class verbose:
    """A context in which oneDNN writes what it does: it does nothing here."""

    def __init__(self, level: int) -> None:
        self.level = level

    def __enter__(self) -> Any:
        return None if self.level == VERBOSE_OFF else self

    def __exit__(self, *error: object) -> bool:
        return False


def set_flags(
    _enabled: bool | None = None,
    _deterministic: bool | None = None,
    _allow_tf32: bool | None = None,
    _fp32_precision: str = "none",
) -> tuple[Any, ...]:
    """Set switches, those that are not None; gives what all of them were before."""
    return put(__name__, _named(_enabled, _deterministic, _allow_tf32, _fp32_precision))


def flags(
    enabled: bool = False, deterministic: bool = False, allow_tf32: bool = True, fp32_precision: str = "none"
) -> AbstractContextManager[None]:
    """A context with these switches.

    >>> import mibun as torch
    >>> with torch.backends.mkldnn.flags(enabled=False):
    ...     torch.backends.mkldnn.enabled
    False
    """
    return put_for_a_while(__name__, _named(enabled, deterministic, allow_tf32, fp32_precision))


def _named(*values: Any) -> dict[str, Any]:
    return dict(zip(("enabled", "deterministic", "allow_tf32", "fp32_precision"), values, strict=True))


give_switches(
    __name__,
    enabled=Switch(True, a_bool("set_enabled_mkldnn")),
    deterministic=Switch(False, a_bool("set_deterministic_mkldnn")),
    allow_tf32=Switch(None, as_it_is),
    fp32_precision=Switch("none", a_precision),
)
