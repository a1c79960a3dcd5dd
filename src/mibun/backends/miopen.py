"""`torch.backends.miopen`, AMD's library of layers: not there. Its switch can be set."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from .switches import Switch, a_bool, give_switches, put, put_for_a_while


def set_flags(_immediate: bool | None = None) -> tuple[Any, ...]:
    """Set the switch unless it is None; gives what it was before."""
    return put(__name__, {"immediate": _immediate})


def flags(immediate: bool = False) -> AbstractContextManager[None]:
    """A context with the switch."""
    return put_for_a_while(__name__, {"immediate": immediate})


give_switches(__name__, immediate=Switch(False, a_bool("set_immediate_miopen")))
