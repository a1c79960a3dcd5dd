"""`torch.backends.opt_einsum`: which pair of several operands `einsum` contracts first.

mibun chooses by itself, the pair whose product is smallest. Where the package opt_einsum is installed, and a strategy
of its is set here, that chooses.

>>> import mibun as torch
>>> if torch.backends.opt_einsum.is_available():
...     torch.backends.opt_einsum.strategy = "optimal"
>>> a = torch.ones(2, 3)
>>> torch.einsum("ij,jk,kl->il", a, a.T, a).shape
torch.Size([2, 3])
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
from contextlib import AbstractContextManager
from typing import Any

from ..ops.linalg import contraction
from .switches import give_switches, put_for_a_while

_STRATEGIES = ("auto", "greedy", "optimal")


@functools.lru_cache
def is_available() -> bool:
    """Whether the package opt_einsum is installed."""
    return importlib.util.find_spec("opt_einsum") is not None


def get_opt_einsum() -> Any:
    """The package opt_einsum; None where it is not installed."""
    return importlib.import_module("opt_einsum") if is_available() else None


_state: dict[str, Any] = {"enabled": is_available(), "strategy": "auto" if is_available() else None}


def _put(enabled: bool, strategy: str | None) -> None:
    """Take over checked switches: let `einsum` ask opt_einsum, or choose by itself."""
    _state.update(enabled=enabled, strategy=strategy)
    contraction.CHOOSERS[:] = [functools.partial(_path, strategy)] if enabled and strategy is not None else []


def _path(strategy: str, terms: list[tuple[int, ...]], output: tuple[int, ...], sizes: dict[int, int]) -> list[tuple]:
    """The pairs that opt_einsum contracts, one after the other: each goes, and the product comes last."""
    package = get_opt_einsum()
    symbol = package.get_symbol
    equation = ",".join("".join(map(symbol, term)) for term in terms) + "->" + "".join(map(symbol, output))
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    return package.contract_path(equation, *shapes, shapes=True, optimize=strategy)[0]


class _Enabled:
    def __get__(self, owner: Any, kind: Any = None) -> bool:
        return _state["enabled"]

    def __set__(self, owner: Any, value: bool) -> None:
        if not is_available() and value:
            raise ValueError(
                f"opt_einsum is not available, so setting `enabled` to {value} will not reap the benefits of "
                "calculating an optimal path for einsum: mibun goes on choosing the pairs by itself. To enable it, "
                "install opt_einsum."
            )
        _put(bool(value), _state["strategy"])


class _Strategy:
    def __get__(self, owner: Any, kind: Any = None) -> str | None:
        return _state["strategy"]

    def __set__(self, owner: Any, value: str | None) -> None:
        if not is_available() and value is not None:
            raise ValueError(
                f"opt_einsum is not available, so setting `strategy` to {value} will not be meaningful. mibun goes on "
                "choosing the pairs by itself. Install opt_einsum, or leave strategy as None."
            )
        if not _state["enabled"] and value is not None:
            raise ValueError(f"opt_einsum is not enabled, so setting a `strategy` to {value} will not be meaningful.")
        if value is not None and value not in _STRATEGIES:
            raise ValueError(f"`strategy` must be one of the following: {', '.join(_STRATEGIES)}, but is {value}")
        _put(_state["enabled"], value)


def set_flags(_enabled: bool | None = None, _strategy: str | None = None) -> tuple[bool, str | None]:
    """Set the switches that are not None; gives what both were before. ValueError where there is no opt_einsum."""
    before = _state["enabled"], _state["strategy"]
    if _enabled is not None:
        _Enabled().__set__(None, _enabled)
    if _strategy is not None:
        _Strategy().__set__(None, _strategy)
    return before


def flags(enabled: bool | None = None, strategy: str | None = None) -> AbstractContextManager[None]:
    """A context with these switches."""
    return put_for_a_while(__name__, {"enabled": enabled, "strategy": strategy})


give_switches(__name__, enabled=_Enabled(), strategy=_Strategy())
