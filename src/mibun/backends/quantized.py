"""`torch.backends.quantized`: which library computes with quantized tensors. None does."""

from __future__ import annotations

from typing import Any

from .switches import Switch, give_switches


def _an_engine(value: Any) -> str:
    if value not in ("none",):
        raise RuntimeError(f"{value} is not a valid value for quantized engine")
    return value


class _Supported:
    def __get__(self, owner: Any, kind: Any = None) -> list[str]:
        return ["none"]

    def __set__(self, owner: Any, value: Any) -> None:
        raise RuntimeError("Assignment not supported")


give_switches(__name__, engine=Switch("none", _an_engine), supported_engines=_Supported())
