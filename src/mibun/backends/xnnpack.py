"""`torch.backends.xnnpack`, a library for phones: not used."""

from __future__ import annotations

from typing import Any

from .switches import give_switches


class _Off:
    def __get__(self, owner: Any, kind: Any = None) -> bool:
        return False

    def __set__(self, owner: Any, value: Any) -> None:
        raise RuntimeError("Assignment not supported")


give_switches(__name__, enabled=_Off())
