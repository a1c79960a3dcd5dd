"""`torch.classes`: classes of compiled libraries. None can be loaded, so that there are none."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NoReturn

from .ops.namespaces import load_library


class _ClassNamespace(ModuleType):
    """The classes of one library: RuntimeError for each."""

    def __init__(self, name: str) -> None:
        super().__init__(f"torch.classes.{name}")
        self.name = name

    def __getattr__(self, attr: str) -> NoReturn:
        if attr.startswith("__"):
            raise AttributeError(attr)
        raise RuntimeError(
            f"Tried to instantiate class '{self.__dict__.get('name', '')}.{attr}', but it does not exist! It would be "
            "part of a library that is compiled for PyTorch, which mibun cannot load."
        )


class _Classes(ModuleType):
    """The libraries, by name."""

    def __init__(self) -> None:
        super().__init__("torch.classes")
        self.loaded_libraries: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        namespace = self.__dict__[name] = _ClassNamespace(name)
        return namespace

    def load_library(self, path: Any) -> None:
        """OSError: see `torch.ops.load_library`."""
        load_library(path)


classes = _Classes()
