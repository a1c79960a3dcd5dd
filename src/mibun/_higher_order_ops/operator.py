"""Operators that take functions: the class of `cond`, `while_loop`, ..."""

from __future__ import annotations

from typing import Any


class HigherOrderOperator:
    """An operator that takes functions of Tensors. Called, it runs them as they are.

    Subclasses give `__call__`; `name()` is what the operator is called by.
    """

    namespace = "higher_order"

    def __init__(self, name: str, *, cacheable: bool = False) -> None:
        self._name = self.__name__ = name
        self.cacheable = cacheable

    def name(self) -> str:
        """The name."""
        return self._name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{self._name}: a HigherOrderOperator says in __call__ what it computes")

    def __repr__(self) -> str:
        return self._name
