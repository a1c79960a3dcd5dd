"""`torch.ops.<namespace>`: operators that libraries declare by `torch.library`. `torch.ops.aten` is PyTorch's own."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any


class OpNamespace(ModuleType):
    """The operators of one namespace, as attributes; one that is not declared is an AttributeError."""

    def __init__(self, name: str) -> None:
        super().__init__(f"torch.ops.{name}")
        self._name = name

    def __getattr__(self, op_name: str) -> Any:
        raise AttributeError(
            f"'_OpNamespace' '{self.__dict__.get('_name', '')}' object has no attribute '{op_name}': no torch.library "
            "has declared it in this process"
        )


_NAMESPACES: dict[str, Any] = {}


def namespace(name: str) -> Any:
    """The namespace, which is made when it is first asked for.

    One that has the name of a module of `mibun.ops` is that module, so that `torch.ops.<name>` finds both.
    """
    found = _NAMESPACES.get(name)
    if found is None:
        if importlib.util.find_spec(f"{__package__}.{name}") is not None:
            found = importlib.import_module(f"{__package__}.{name}")
        else:
            found = OpNamespace(name)
        _NAMESPACES[name] = found
    return found


def load_library(path: Any) -> None:
    """OSError: a library of operators is compiled for PyTorch, and cannot be used here.

    Declare them in Python, by `torch.library.custom_op`.
    """
    raise OSError(
        f"Could not load this library: {path}. It is compiled against PyTorch's C++ library, which mibun does not "
        "have: declare its operators in Python with torch.library.custom_op"
    )


loaded_libraries: set[str] = set()
