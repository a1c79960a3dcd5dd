"""What the NumPy namespace states of its arrays: they can be written to and looked at, and are on the CPU."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.device import CPU

mutable = True  # and views share memory
takes_numpy = True


def known(x: Any) -> bool:
    """Whether the values of x can be looked at: always."""
    return True


def device_of(x: Any) -> Any:
    """The device that a Tensor of x shows: the CPU."""
    return CPU


def limits(x: Any) -> tuple[Any, Any] | None:
    """The smallest and the largest value; None of nothing."""
    return (x.min(), x.max()) if x.size else None


check_later: Any = None  # nothing has to be waited for


def run_checks() -> None:
    """Nothing was left to be checked."""


def to_numpy(x: Any) -> Any:
    """x as an array of NumPy's."""
    return x


def from_numpy(x: np.ndarray, device: Any = None) -> Any:
    """An array of NumPy's as one of this namespace."""
    return x
