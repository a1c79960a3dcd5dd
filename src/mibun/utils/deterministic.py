"""`torch.utils.deterministic`: whether memory that is not initialised is filled, so that runs are equal.

Here `empty` gives zeros always; the switch can be read and set, and makes no difference.
"""

from __future__ import annotations

import sys
from types import ModuleType

_fill = True


class _Deterministic(ModuleType):
    @property
    def fill_uninitialized_memory(self) -> bool:
        """Whether `use_deterministic_algorithms` fills what `empty` gives. RuntimeError for what is no bool."""
        return _fill

    @fill_uninitialized_memory.setter
    def fill_uninitialized_memory(self, mode: bool) -> None:
        global _fill
        if not isinstance(mode, bool):
            raise RuntimeError(f"expected a bool, but got {type(mode).__name__}")
        _fill = mode


sys.modules[__name__].__class__ = _Deterministic
