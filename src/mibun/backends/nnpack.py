"""`torch.backends.nnpack`, a library of convolutions: not used. Its switch can be set."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from .switches import Switch, a_bool, give_switches, put, put_for_a_while


def is_available() -> bool:
    """Whether mibun computes with it: False."""
    return False


def set_flags(_enabled: bool) -> tuple[Any, ...]:
    """Set the switch; gives what it was before."""
    return put(__name__, {"enabled": a_bool("set_enabled_NNPACK")(_enabled)})


def flags(enabled: bool = False) -> AbstractContextManager[None]:
    """A context with the switch."""
    return put_for_a_while(__name__, {"enabled": enabled})


give_switches(__name__, enabled=Switch(True, a_bool("set_enabled_NNPACK")))

__all__ = ["flags", "is_available", "set_flags"]
