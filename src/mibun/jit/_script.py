"""Scripting, of which nothing is left without a compiler: functions and Modules are what they are, and run.

PyTorch does the same where its compiler is switched off (`PYTORCH_JIT=0`): `script` returns what it is given.
"""

from __future__ import annotations

import builtins
import copy
import inspect
import os
from collections.abc import Callable
from typing import IO, Any, NoReturn, TypeVar

from .._jit_internal import _isinstance
from ..futures import Future
from ..nn.modules.module import Module

T = TypeVar("T")


class Error(Exception):
    """What compiled code raises in PyTorch. Nothing here does: functions raise their own errors."""


class ScriptWarning(Warning):
    """What PyTorch's script compiler warns with. There is none here, so nothing does."""


class ScriptModule(Module):
    """A Module that calls itself scripted: what it computes is what its methods, plain Python, compute.

    Subclasses mark their methods with `script_method`. Modules that are traced are instances; what `script` returns is
    the Module itself and need not be.

    >>> import mibun as torch
    >>> class Double(torch.jit.ScriptModule):
    ...     @torch.jit.script_method
    ...     def forward(self, x):
    ...         return 2 * x
    >>> Double()(torch.ones(2))
    tensor([2., 2.])
    """

    def save(self, f: Any, **kwargs: Any) -> NoReturn:
        """RuntimeError: there is no compiled program that could be written. See `torch.jit.save`."""
        _refuse_to_save()


class RecursiveScriptModule(ScriptModule):
    """What PyTorch's `script` makes of a Module. Here it returns the Module, so that there are no instances."""


def script(obj: T, optimize: Any = None, _frames_up: int = 0, _rcb: Any = None, example_inputs: Any = None) -> T:
    """The function, class or Module that is given, unchanged: there is no compiler, and it runs as Python.

    The other arguments tell PyTorch's compiler where to look for names and types, and how far to optimise; here there
    is nothing to tell.

    >>> import mibun as torch
    >>> @torch.jit.script
    ... def double(x):
    ...     return 2 * x
    >>> double(torch.ones(2))
    tensor([2., 2.])
    """
    return obj


def script_method(fn: T) -> T:
    """A method of a ScriptModule, unchanged."""
    return fn


def script_if_tracing(fn: T) -> T:
    """A function, unchanged: it is not compiled while a trace records either."""
    return fn


def interface(obj: T) -> T:
    """A class that says which methods a Module has, unchanged.

    RuntimeError for what is no class, or inherits from something else than Module.
    """
    if not inspect.isclass(obj):
        raise RuntimeError("interface must be applied to a class")
    if any(base not in (object, Module) for base in obj.__bases__):
        raise RuntimeError(
            "TorchScript interface does not support inheritance yet. Please directly inherit from 'object' or "
            "'nn.Module'."
        )
    return obj


def annotate(the_type: Any, the_value: T) -> T:
    """The value, of which a compiler would learn the type.

    >>> import mibun as torch
    >>> torch.jit.annotate(list[int], [])
    []
    """
    return the_value


def Attribute(value: T, type: Any) -> T:  # noqa: A002, N802  (PyTorch's names)
    """The value of a Module's attribute, of which a compiler would learn the type."""
    return value


def isinstance(obj: Any, target_type: Any) -> bool:  # noqa: A001
    """Whether a value is of a kind, `List[int]` and the like included: all that is inside is looked at.

    >>> import mibun as torch
    >>> from typing import Dict, List
    >>> torch.jit.isinstance([1, 2], List[int]), torch.jit.isinstance({"a": 1}, Dict[str, str])
    (True, False)
    """
    return _isinstance(obj, target_type)


def _unwrap_optional(x: T | None) -> T:
    """A value that is not None; AssertionError if it is."""
    if x is None:
        raise AssertionError("Unwrapping null optional")
    return x


def fork(func: Callable, *args: Any, **kwargs: Any) -> Future:
    """A Future of `func(*args, **kwargs)`, which is called at once: as in PyTorch outside of compiled code.

    >>> import mibun as torch
    >>> torch.jit.wait(torch.jit.fork(torch.exp, torch.zeros(1)))
    tensor([1.])
    """
    future: Future = Future()
    future.set_result(func(*args, **kwargs))
    return future


def wait(future: Future) -> Any:
    """The value of a Future, as soon as it has one."""
    return future.wait()


def freeze(mod: Module, preserved_attrs: list[str] | None = None, optimize_numerics: bool = True) -> Any:
    """A copy of a Module that training will not change: no later change of the Module reaches it.

    mod: a Module in eval mode, RuntimeError otherwise. preserved_attrs: attributes that shall be left, as all of them
    are; RuntimeError for one that is not there. optimize_numerics: allow a compiler to change results by rounding,
    which none does here. Parameters and buffers are constants of the copy, plain attributes.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(2, 1).eval()
    >>> frozen = torch.jit.freeze(torch.jit.script(layer))
    >>> torch.equal(frozen(torch.ones(2)), layer(torch.ones(2)))
    True
    """
    if not builtins.isinstance(mod, Module):
        raise RuntimeError(
            "Freezing expects a ScriptModule as input. Please use torch.jit.script or torch.jit.trace to script your "
            "'nn.Module'."
        )
    if mod.training:
        raise RuntimeError(
            "Freezing is currently only implemented for modules in eval mode. Please call .eval() on your module "
            "before freezing."
        )
    for name in preserved_attrs or ():
        if not hasattr(mod, name):
            raise RuntimeError(f"Unknown name: {name}: preserved_attrs names what the Module does not have")
    frozen = copy.deepcopy(mod)
    for module in frozen.modules():
        for members in (module._parameters, module._buffers):
            for name, value in list(members.items()):
                del members[name]
                vars(module)[name] = None if value is None else value.detach()
    return frozen


def optimize_for_inference(mod: Module, other_methods: list[str] | None = None) -> Any:
    """A frozen copy of a Module, see `freeze`; `other_methods` are left as well. It computes at the same speed."""
    return freeze(mod, other_methods)


def run_frozen_optimizations(mod: Module, optimize_numerics: bool = True, preserved_methods: Any = None) -> None:
    """What makes a frozen Module faster in PyTorch: there is nothing to be done here."""


def save(m: Any, f: Any, _extra_files: dict | None = None) -> NoReturn:
    """RuntimeError: a file of `torch.jit.save` has a compiled program in it, and there is no compiler."""
    _refuse_to_save()


def _refuse_to_save() -> NoReturn:
    raise RuntimeError(
        "torch.jit.save: mibun compiles nothing, so that there is no program to write. Save the values with "
        "torch.save(module.state_dict(), f), and load them into a Module made by the same code with "
        "module.load_state_dict(torch.load(f))."
    )


def load(
    f: str | os.PathLike | IO[bytes], map_location: Any = None, _extra_files: Any = None, _restore_shapes: bool = False
) -> NoReturn:
    """RuntimeError: a file of `torch.jit.save` has a program in it, and nothing that mibun loads is executed."""
    raise RuntimeError(
        "torch.jit.load: the file has a compiled program in it, which mibun cannot run. In PyTorch, write the values "
        "alone with torch.save(torch.jit.load(f).state_dict(), g), and load them here with torch.load(g) into a Module "
        "made by its Python code."
    )


_fusing: list[tuple[str, int]] = [("STATIC", 2), ("DYNAMIC", 10)]
_onednn = False


def set_fusion_strategy(strategy: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Set how often compiled code may be specialised, and return how it was before. Nothing is compiled here.

    strategy: pairs of "STATIC" or "DYNAMIC" and a number; ValueError for another word.
    """
    global _fusing
    for kind, _ in strategy:
        if kind not in ("STATIC", "DYNAMIC"):
            raise ValueError(f"FusionBehavior only supported 'STATIC' or 'DYNAMIC', got: {kind}")
    before, _fusing = _fusing, list(strategy)
    return before


def enable_onednn_fusion(enabled: bool) -> None:
    """Set a switch of PyTorch's compiler, which can be read again by `onednn_fusion_enabled`."""
    global _onednn
    _onednn = bool(enabled)


def onednn_fusion_enabled() -> bool:
    """Whether `enable_onednn_fusion` has been called with True."""
    return _onednn


def last_executed_optimized_graph() -> None:
    """The graph that was compiled last: None."""


class strict_fusion:  # noqa: N801  (PyTorch's name)
    """Context of code that is to be fused. Outside of compiled code it does nothing, in PyTorch too, but warn."""

    def __enter__(self) -> None:
        import warnings

        warnings.warn("Only works in script mode", stacklevel=2)

    def __exit__(self, *error: object) -> None:
        pass


class optimized_execution:  # noqa: N801  (PyTorch's name)
    """Context in which compiled code is optimised or not: there is none.

    should_optimize: which of the two.
    """

    def __init__(self, should_optimize: bool) -> None:
        self.should_optimize = should_optimize

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass
