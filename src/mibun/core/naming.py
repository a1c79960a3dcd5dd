"""Under which module's name users find a class or function: mibun's, or PyTorch's where mibun stands in for it.

Programs tell libraries apart by `type(x).__module__` and `torch.__name__`, so under `mibun run` what is public says it
is torch's. What does that (`_identity.py`) goes once over everything that is loaded, and over each module that is
loaded later; only what makes classes and functions at other times has to ask here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_translate: Callable[[str, str], str] | None = None


def translate_with(function: Callable[[str, str], str]) -> None:
    """From now on `shown_module` asks this function, of a module's own name and a qualified name in it."""
    global _translate
    _translate = function


def shown_module(module: str, qualname: str = "") -> str:
    """The `__module__` of something new that is mibun's, for instance of "mibun.nn.functional"."""
    return module if _translate is None else _translate(module, qualname)


def own_module(module: str) -> str:
    """The other way round, for modules: mibun's own name of "torch.nn.functional", where that is one of its names."""
    return module if _translate is None else _without_torch(module)


def _without_torch(module: str) -> str:
    root, dot, rest = module.partition(".")
    return f"mibun{dot}{rest}" if root == "torch" else module


def name_as(function: Any, module: str, qualname: str) -> None:
    """Let a function say where users find it: for `repr`, `help` and `pickle`."""
    function.__module__, function.__qualname__ = module, qualname
    function.__name__ = qualname.rpartition(".")[2]
