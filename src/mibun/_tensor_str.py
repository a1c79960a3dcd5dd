"""`torch._tensor_str`: how tensors are printed. An index of `compat/printing.py`."""

from __future__ import annotations

from typing import Any

from .compat import printing as _printing
from .compat.printing import get_printoptions, printoptions, set_printoptions
from .core.missing import missing_name as _missing_name


def _str(self: Any, *, tensor_contents: str | None = None) -> str:
    """The text of a tensor; tensor_contents: instead of its numbers."""
    if tensor_contents is None:
        return _printing.tensor_repr(self)
    prefix = type(self).__name__ if type(self).__name__ not in ("Tensor", "Parameter") else "tensor"
    return f"{prefix}({', '.join([tensor_contents, *_printing._suffixes(self, self._array_)])})"


def __getattr__(name: str) -> Any:
    if name == "PRINT_OPTS":
        return _printing._options
    raise _missing_name(__name__, name)


__all__ = ["get_printoptions", "printoptions", "set_printoptions"]
