"""What libraries check their arguments with, by private names of `torch`: `_assert`, `_check` and its kin."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ..core import dtypes
from ..core.site import stacklevel
from ..core.tensor import Tensor

Message = Callable[[], str]


def _assert(condition: Any, message: str) -> None:
    """`assert condition, message`, also under `python -O`."""
    if not condition:
        raise AssertionError(message)


def _check_with(error_type: type[Exception], cond: bool, message: Message | None) -> None:
    """Raise an error of this type unless `cond` is True. TypeError if it is no bool, or the message no function."""
    if not isinstance(cond, bool):
        raise TypeError(f"cond must be a bool, but got {type(cond)}")
    if cond:
        return
    if message is not None and not callable(message):
        raise TypeError("message must be a callable")
    raise error_type("Expected cond to be True, but got False." if message is None else str(message()))


def _check(cond: bool, message: Message | None = None) -> None:
    """RuntimeError unless `cond` is True, with what `message()` gives.

    >>> import mibun as torch
    >>> torch._check(1 < 2, lambda: "one is less than two")
    """
    _check_with(RuntimeError, cond, message)


def _check_index(cond: bool, message: Message | None = None) -> None:
    """IndexError unless `cond` is True."""
    _check_with(IndexError, cond, message)


def _check_value(cond: bool, message: Message | None = None) -> None:
    """ValueError unless `cond` is True."""
    _check_with(ValueError, cond, message)


def _check_type(cond: bool, message: Message | None = None) -> None:
    """TypeError unless `cond` is True."""
    _check_with(TypeError, cond, message)


def _check_not_implemented(cond: bool, message: Message | None = None) -> None:
    """NotImplementedError unless `cond` is True."""
    _check_with(NotImplementedError, cond, message)


def _check_is_size(i: int, message: Message | None = None, *, max: int | None = None) -> None:  # noqa: A002
    """Deprecated: RuntimeError unless 0 <= i, and i <= max."""
    warnings.warn(
        "_check_is_size will be removed in a future PyTorch release. Use _check(i >= 0) instead.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    _check(i >= 0, message)
    if max is not None:
        _check(i <= max, message)


def _check_tensor_all_with(error_type: type[Exception], cond: Tensor, message: Message | None = None) -> None:
    """Raise an error of this type unless all elements of a bool Tensor are True."""
    if not isinstance(cond, Tensor):
        raise TypeError(f"cond must be a tensor, but got {type(cond)}")
    if cond.dtype is not dtypes.bool:
        raise TypeError(f"cond tensor must have dtype torch.bool, but got {cond.dtype}")
    _check_with(error_type, bool(cond._array_.all()), message)


def _check_tensor_all(cond: Tensor, message: Message | None = None) -> None:
    """RuntimeError unless all elements of a bool Tensor are True."""
    _check_tensor_all_with(RuntimeError, cond, message)


__all__ = [
    "_assert",
    "_check",
    "_check_index",
    "_check_is_size",
    "_check_not_implemented",
    "_check_tensor_all",
    "_check_tensor_all_with",
    "_check_type",
    "_check_value",
    "_check_with",
]
