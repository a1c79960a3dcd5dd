"""Makes `import torch` mean mibun, in this process and its children: what `mibun run` does before it starts a program.

One finder at the head of `sys.meta_path` answers for `torch` and what is below it with the *same module objects* as for
`mibun` and `mibun.x.y`, so `torch.nn is mibun.nn` and no class exists twice. They have PyTorch's names from then on
(see `_identity.py`); modules that are loaded later get theirs from the finder. Nothing named torch is installed. The
package `functorch`, which comes with PyTorch, is `mibun.functorch`.

For other processes there is a folder, `as_torch/site`, in which Python finds a package `torch` that does the same when
it is imported, and what `importlib.metadata` says of it. It is on `sys.path`, which children of `multiprocessing` take
over, and in PYTHONPATH, for all other programs that are started.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType
from typing import Any

from ._identity import become_torch, rename_module
from .core.missing import reason_for

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "as_torch", "site")
# Modules that a finder cannot answer for, since a function of their name hides them (importing would put the module in
# its place). They are entered beside their parent.
_BESIDE_PARENT = {
    "torch._higher_order_ops": {
        f"torch._higher_order_ops.{name}": f"mibun._higher_order_ops.{name}"
        for name in ("associative_scan", "cond", "map", "scan", "while_loop")
    },
    "torch.multiprocessing": {"torch.multiprocessing.spawn": "mibun.multiprocessing.spawn"},
    "torch.autograd": {"torch.autograd.gradcheck": "mibun.autograd.gradcheck"},
    "torch.nn.utils": {f"torch.nn.utils.{name}": f"mibun.nn.utils.{name}" for name in ("spectral_norm", "weight_norm")},
}


_ROOTS = {"torch": "mibun", "functorch": "mibun.functorch"}  # by the name of the package of PyTorch, mibun's


class _SameModule(Loader):
    """Gives the import system the module that mibun already has under its own name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.own_spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self.name)
        self.own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        alias = "torch" + self.name.removeprefix("mibun")
        for name, own_name in _BESIDE_PARENT.get(alias, {}).items():
            sys.modules[name] = importlib.import_module(own_name)
        # It has run already; but the import system has put the alias's spec on it, which reload would believe.
        module.__spec__ = self.own_spec

    def get_code(self, fullname: str) -> CodeType | None:
        """For `mibun run -m torch.x`: the code of the module, which is to be `__main__`."""
        spec = importlib.util.find_spec(self.name)
        return None if spec is None else spec.loader.get_code(self.name)  # type: ignore[union-attr]


class TorchFinder(MetaPathFinder):
    """Finds `torch.x.y` where `mibun.x.y` is; for a module that mibun lacks, says so by the name that was asked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root, _, rest = fullname.partition(".")
        if root == "mibun":
            return _named_when_loaded(fullname, path)
        if root not in _ROOTS:
            return None
        name = f"{_ROOTS[root]}.{rest}" if rest else _ROOTS[root]
        spec = None if _is_shadowed(name) else importlib.util.find_spec(name)
        if spec is None:
            # `importlib.util.find_spec("torch.x")` asks and wants None for no; an import statement wants the error.
            if sys._getframe(2).f_globals.get("__name__") == "importlib.util":
                return None
            reason = reason_for(name.partition(".")[2])
            said = f"this program runs on mibun, which has no module {name!r}{f': {reason}' if reason else ''}"
            raise ModuleNotFoundError(f"No module named {fullname!r}: {said}", name=fullname)
        alias = ModuleSpec(fullname, _SameModule(name), origin=spec.origin)
        alias.submodule_search_locations = spec.submodule_search_locations
        return alias


def _named_when_loaded(fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """Where one of mibun's own modules is; when it has been loaded, it gets PyTorch's names."""
    spec = PathFinder.find_spec(fullname, path)
    if spec is not None and isinstance(spec.loader, (SourceFileLoader, SourcelessFileLoader)):
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            rename_module(module)

        loader.exec_module = exec_module
    return spec


def _is_shadowed(name: str) -> bool:
    """Whether the parent shows something other than a module under this name, which an import would overwrite.

    `mibun.tensor` is the function, though a file of that name exists: `import torch.tensor` fails, as in PyTorch.
    """
    parent, _, child = name.rpartition(".")
    shown = vars(sys.modules[parent]).get(child) if parent in sys.modules else None
    return shown is not None and not isinstance(shown, ModuleType)


def install() -> None:
    """Resolves `torch` to mibun from now on, in this process and in children of `multiprocessing`.

    Raises:
        RuntimeError: another module is loaded as `torch` already; programs would then see both.
    """
    loaded = sys.modules.get("torch")
    mibun = sys.modules["mibun"]
    # (While the package in FOLDER is being imported, that is what is loaded.)
    if loaded not in (None, mibun) and not _is_ours(loaded):
        where = getattr(loaded, "__file__", None)
        raise RuntimeError(f"torch is already imported, from {where}: run the program in a process of its own")
    if not any(isinstance(finder, TorchFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, TorchFinder())
        become_torch()
    sys.modules["torch"] = mibun
    if FOLDER not in sys.path:
        sys.path.insert(0 if sys.flags.safe_path else 1, FOLDER)


def install_for_children() -> None:
    """Lets every Python that is started from now on, with this environment, find `torch` as well."""
    os.environ["PYTHONPATH"] = environment()["PYTHONPATH"]


def environment() -> dict[str, str]:
    """What has to be in the environment of a Python to which `torch` is mibun: PYTHONPATH with the folder in front."""
    others = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part and part != FOLDER]
    return {"PYTHONPATH": os.pathsep.join([FOLDER, *others])}


def _is_ours(module: ModuleType) -> bool:
    return os.path.dirname(os.path.dirname(getattr(module, "__file__", None) or "")) == FOLDER
