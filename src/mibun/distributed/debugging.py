"""How much is checked: `DebugLevel`, from the environment variable TORCH_DISTRIBUTED_DEBUG."""

from __future__ import annotations

import enum
import os


class DebugLevel(enum.IntEnum):
    """OFF, INFO or DETAIL."""

    OFF = 0
    INFO = 1
    DETAIL = 2

    def __repr__(self) -> str:
        return f"<DebugLevel.{self.name}: {self.value}>"


_level: DebugLevel | None = None


def get_debug_level() -> DebugLevel:
    """The level that is in force. With INFO or DETAIL, errors of DDP name the parameters."""
    if _level is None:
        set_debug_level_from_env()
    return _level or DebugLevel.OFF


def set_debug_level(level: DebugLevel) -> None:
    """Set the level."""
    global _level
    _level = DebugLevel(level)


def set_debug_level_from_env() -> None:
    """Set the level from TORCH_DISTRIBUTED_DEBUG. RuntimeError for a word that is none of them."""
    word = os.environ.get("TORCH_DISTRIBUTED_DEBUG", "OFF").upper()
    if word not in DebugLevel.__members__:
        raise RuntimeError("The value of TORCH_DISTRIBUTED_DEBUG must be OFF, INFO, or DETAIL.")
    set_debug_level(DebugLevel[word])
