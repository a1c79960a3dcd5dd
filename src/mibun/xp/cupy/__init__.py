"""The namespace of CuPy's arrays, on NVIDIA's GPUs: the files of `xp/numpy/` once more, over CuPy.

CuPy has NumPy's functions under NumPy's names, so what differs is little. `bind` makes a package whose modules are the
files of this folder and, for names that it has not, those of `xp/numpy/`; they all take their array library from the
package's `library`, which here is CuPy with what it lacks. It is a second set of modules: NumPy's own are not touched,
and pay nothing. The tests bind a stand-in for CuPy in the same way.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

_FOLDER = Path(__file__).parent


def bind(array_library: ModuleType, name: str = "over_cupy") -> Any:
    """The namespace over a library that behaves as CuPy does; its modules are `mibun.xp.<name>.…`."""
    package = f"{__package__.rpartition('.')[0]}.{name}"
    if package not in sys.modules:
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(_FOLDER), str(_FOLDER.parent / "numpy")]
        made: Any = module_from_spec(spec)
        made.array_library = array_library
        sys.modules[package] = made
    return importlib.import_module(f"{package}.namespace")


def cupy_namespace() -> Any:
    """The namespace over CuPy itself."""
    return bind(importlib.import_module("cupy"))


__all__ = ["bind", "cupy_namespace"]
