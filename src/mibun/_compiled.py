"""`torch._C._nn`, `_linalg`, `_fft`, `_special`: where PyTorch's compiled functions are, which generated code names.

They are the public functions: `torch._C._linalg.linalg_norm` is `torch.linalg.norm`.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from .core.tensor import Tensor
from .ops.aten_calls import CALLS

_ROOT = __name__.partition(".")[0]
_OTHER_NAMES = {"log_sigmoid": "logsigmoid"}


class _Functions(ModuleType):
    """The functions of a public module under the names that they have in PyTorch's compiled one."""

    def __init__(self, name: str, public: str, prefix: str) -> None:
        super().__init__(f"torch._C.{name}")
        self.__dict__.update(_public=public, _prefix=prefix)

    def __getattr__(self, name: str) -> Any:
        own = _OTHER_NAMES.get(name, name)
        if not name.startswith("__") and own.startswith(self._prefix):
            # (As it is there now: functions are exchanged for others when there is a Tensor subclass.)
            found = getattr(importlib.import_module(f"{_ROOT}.{self._public}"), own.removeprefix(self._prefix), None)
            found = CALLS.get(name) if found is None else found
            if found is not None:
                return found
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


COMPILED = {
    "_nn": _Functions("_nn", "nn.functional", ""),
    "_linalg": _Functions("_linalg", "linalg", "linalg_"),
    "_fft": _Functions("_fft", "fft", "fft_"),
    "_special": _Functions("_special", "special", "special_"),
}


def _parse_to(*args: Any, **kwargs: Any) -> tuple[Any, Any, bool, Any]:
    """(device, dtype, non_blocking, memory_format) from the arguments of `Module.to`, as libraries ask for them."""
    from .core.device import device as make_device
    from .nn.modules.conversion import _parse_to as parse

    dtype, non_blocking, memory_format, device = parse(args, kwargs)
    if any(isinstance(given, Tensor) for given in (*args, *kwargs.values())):
        device = "cpu"
    return None if device is None else make_device(device), dtype, non_blocking, memory_format


COMPILED["_nn"].__dict__["_parse_to"] = _parse_to
