"""The namespace of batched arrays: each name does what the namespace below does, on every example.

A name is a rule (`rules.py`) where an argument is batched, and the function below where none is; the kernel of the
operator of that name; or, where there is neither, a loop over the examples.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ...core.batching import BatchedTensor, all_examples
from ...core.registry import LEADING, NAMESPACES, OPS, TENSORS
from ..numpy import namespace as numpy_namespace
from .array import Batched
from .rules import LOOKING, MAKERS, POINTWISE, PUT_OFF, RULES, looped, of_elements


class _Namespace:
    """Looks a name up once, and keeps what it has found."""

    __name__ = "mibun.xp.batched"
    kernel_of = None  # operators have their own kernels
    mutable = True

    def known(self, x: Any) -> bool:
        """Whether the values of the examples can be looked at."""
        return NAMESPACES[type(all_examples(x))].known(all_examples(x))

    def device_of(self, x: Any) -> Any:
        """The device that the examples are on."""
        return NAMESPACES[type(all_examples(x))].device_of(all_examples(x))

    def __init__(self, prompt: bool = False) -> None:
        self.is_prompt = prompt
        # The same without putting anything off: for rules whose results are not just summed over the examples.
        self.prompt = self if prompt else _Namespace(prompt=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._find(name)
        setattr(self, name, found)
        return found

    def _find(self, name: str) -> Any:
        if name in POINTWISE:
            return of_elements(getattr(numpy_namespace, name))
        rule = RULES.get(name)
        if rule is None:
            if name not in vars(numpy_namespace) or _is_kernel(vars(numpy_namespace)[name]):
                if name in OPS:
                    return functools.partial(OPS[name].kernel, self)
                raise AttributeError(f"the namespace of batched arrays has no function {name!r}")
            plain = getattr(numpy_namespace, name)
            if not callable(plain) or isinstance(plain, type) or name in MAKERS:
                return plain
            rule = looped(name)
        if self.is_prompt and name in PUT_OFF:
            rule = functools.partial(rule, late=False)
        return rule if name in LOOKING else _chosen(rule, name)


def _is_kernel(value: Any) -> bool:
    """Whether the NumPy namespace has a name because an operator's kernel was asked for there."""
    return isinstance(value, functools.partial)


def _chosen(rule: Callable, name: str) -> Callable:
    plain = getattr(numpy_namespace, name, None)
    if plain is None:
        return rule

    def function(*args: Any, **kwargs: Any) -> Any:
        if args and type(args[0]) is Batched:  # which is the usual case
            return rule(*args, **kwargs)
        for arg in args:
            kind = type(arg)
            if kind is Batched or ((kind is tuple or kind is list) and any([type(one) is Batched for one in arg])):
                return rule(*args, **kwargs)
        if args and type(args[0]) in LEADING:  # a sparse array that is the same for all examples
            return getattr(NAMESPACES[type(args[0])], name)(*args, **kwargs)
        return plain(*args, **kwargs)

    function.__name__ = name
    return function


namespace: Any = _Namespace()
NAMESPACES[Batched] = namespace
TENSORS[Batched] = BatchedTensor
