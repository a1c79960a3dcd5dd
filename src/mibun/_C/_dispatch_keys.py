"""Dispatch keys: PyTorch's names of what happens to a call before its kernel runs, and sets of them.

Programs name them to switch something off for a while: autocast, or the recording of the graph. Nothing is dispatched
by them here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from enum import Enum
from typing import Any

from ..amp.autocast_mode import autocast
from ..core.mode import no_grad

_BACKENDS = "CPU CUDA HIP XLA MPS IPU XPU HPU VE Lazy MTIA MAIA PrivateUse1 PrivateUse2 PrivateUse3 Meta".split()
_AUTOCAST = "AutocastCPU AutocastMPS AutocastXPU AutocastHPU AutocastIPU AutocastCUDA AutocastPrivateUse1".split()
_NAMES = [
    *"Undefined Dense Quantized Sparse SparseCsr NestedTensor BackendSelect Python Conjugate Negative".split(),
    *"ZeroTensor ADInplaceOrView AutogradOther Autograd CompositeExplicitAutograd CompositeImplicitAutograd".split(),
    *_AUTOCAST,
    *(f"{kind}{backend}" for kind in ("", "Quantized", "Sparse", "SparseCsr", "Autograd") for backend in _BACKENDS),
]

DispatchKey = Enum("DispatchKey", _NAMES, module=__name__)


class DispatchKeySet:
    """A set of dispatch keys: of one, or with `|`, `&`, `-`, `add` and `remove` of others.

    >>> from mibun import _C
    >>> keys = _C.DispatchKeySet(_C.DispatchKey.CPU) | _C.DispatchKeySet(_C.DispatchKey.AutocastCPU)
    >>> keys.has(_C.DispatchKey.AutocastCPU), (keys - _C.DispatchKeySet(_C.DispatchKey.CPU))
    (True, DispatchKeySet(AutocastCPU))
    """

    __hash__ = None  # type: ignore[assignment]  # as PyTorch's

    def __init__(self, key: Any) -> None:
        if not isinstance(key, DispatchKey):
            raise TypeError(f"DispatchKeySet(): expected a DispatchKey, got {type(key).__name__}")
        self._keys = frozenset() if key.name == "Undefined" else frozenset((key,))

    @classmethod
    def _of(cls, keys: Iterable) -> DispatchKeySet:
        made = cls(DispatchKey["Undefined"])
        made._keys = frozenset(keys)
        return made

    def __or__(self, other: DispatchKeySet) -> DispatchKeySet:
        return self._of(self._keys | other._keys)

    def __and__(self, other: DispatchKeySet) -> DispatchKeySet:
        return self._of(self._keys & other._keys)

    def __sub__(self, other: DispatchKeySet) -> DispatchKeySet:
        return self._of(self._keys - other._keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DispatchKeySet) and self._keys == other._keys

    def has(self, key: Any) -> bool:
        """Whether a key is in it."""
        return key in self._keys

    def add(self, key: Any) -> DispatchKeySet:
        """This set with one more."""
        return self._of({*self._keys, key})

    def remove(self, key: Any) -> DispatchKeySet:
        """This set without one."""
        return self._of(self._keys - {key})

    def __repr__(self) -> str:
        return f"DispatchKeySet({', '.join(key.name for key in DispatchKey if key in self._keys)})"


class _ExcludeDispatchKeyGuard:
    """A context in which what the keys of a set stand for does not happen: autocast, or the recording of the graph.

    NotImplementedError for other keys.
    """

    def __init__(self, keyset: DispatchKeySet) -> None:
        for key in keyset._keys:
            if not key.name.startswith(("Autocast", "Autograd", "ADInplaceOrView")):
                raise NotImplementedError(f"mibun cannot switch off {key}: it has no dispatcher")
        self._keyset, self._stack = keyset, ExitStack()

    def __enter__(self) -> None:
        names = {key.name for key in self._keyset._keys}
        for kind in ("cpu", "cuda", "xpu", "mps", "hpu"):
            if f"Autocast{kind.upper()}" in names:
                self._stack.enter_context(autocast(kind, enabled=False))
        if names & {"Autograd", "AutogradCPU"}:
            self._stack.enter_context(no_grad())

    def __exit__(self, *error: Any) -> None:
        self._stack.close()
