"""The namespace of CuPy's arrays, on NVIDIA's GPUs: the files of `xp/numpy/` once more, over CuPy.

CuPy has NumPy's functions under NumPy's names, so what differs is little. The modules of this package are the files of
this folder and, for names that it has not, those of `xp/numpy/`: they all take their array library from `library`,
which here is CuPy with what it lacks. It is a second set of modules: NumPy's own are not touched, and pay nothing.

`bind` does the same for a library that behaves as CuPy does, of which the tests have one that needs no GPU.
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
_NUMPYS = str(_FOLDER.parent / "numpy")
__path__.append(_NUMPYS)


def bind(array_library: ModuleType, name: str) -> Any:
    """The namespace over a library that behaves as CuPy does; its modules are `mibun.xp.<name>.…`."""
    package = f"{str(__package__).rpartition('.')[0]}.{name}"
    if package not in sys.modules:
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(_FOLDER), _NUMPYS]
        made: Any = module_from_spec(spec)
        made.array_library = array_library  # which `library.py` looks for
        sys.modules[package] = made
    return importlib.import_module(f"{package}.namespace")


__all__ = ["bind"]
