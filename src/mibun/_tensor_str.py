"""`torch._tensor_str`: how tensors are printed. An index of `compat/printing.py`."""

from __future__ import annotations

from typing import Any

from .compat import printing as _printing
from .compat.printing import add_suffixes as _add_suffixes  # noqa: F401  (PyTorch's name)
from .compat.printing import get_printoptions, printoptions, set_printoptions
from .core.missing import missing_name as _missing_name


def _str(self: Any, *, tensor_contents: str | None = None) -> str:
    """The text of a tensor; tensor_contents: instead of its numbers."""
    if tensor_contents is None:
        return _printing.tensor_repr(self)
    prefix = type(self).__name__ if type(self).__name__ not in ("Tensor", "Parameter") else "tensor"
    return f"{prefix}({', '.join([tensor_contents, *_printing._suffixes(self, self._array_)])})"


def _tensor_str(self: Any, indent: int) -> str:
    """The numbers of a tensor alone, as they stand after `indent` characters."""
    return _printing._numbers(self.detach().numpy(), indent)


def _str_intern(inp: Any, *, tensor_contents: str | None = None) -> str:
    """As `_str`, whatever the class of the tensor."""
    return _str(inp, tensor_contents=tensor_contents)


def __getattr__(name: str) -> Any:
    if name == "PRINT_OPTS":
        return _printing._options
    raise _missing_name(__name__, name)


__all__ = ["get_printoptions", "printoptions", "set_printoptions"]
