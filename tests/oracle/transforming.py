"""Small programs over the name `torch`, run with mibun and with installed PyTorch, and compared.

Values must agree, and whether they require grad; errors must be of the same class and begin with the same words.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mibun

torch_ = pytest.importorskip("torch")
WORDS = 30  # so many characters of a message, which go on in words of mibun's own


def outcome(call: Callable, torch: Any) -> Any:
    """("is", plain values) or ("raises", class, first words)."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return "is", plain(call(torch), torch)
        except Exception as error:
            return "raises", type(error).__name__, str(error)[:WORDS]
        finally:
            torch.set_grad_enabled(True)


def plain(value: Any, torch: Any) -> Any:
    if isinstance(value, torch.Tensor):
        array = value.detach().numpy()
        return array, value.requires_grad
    if isinstance(value, (list, tuple)):
        return [plain(one, torch) for one in value]
    if isinstance(value, dict):
        return {key: plain(one, torch) for key, one in value.items()}
    return value


def same(here: Any, there: Any) -> bool:
    if (
        isinstance(here, tuple)
        and isinstance(there, tuple)
        and [type(x) for x in here] == [type(x) for x in there] == [str] * 3
    ):
        n = min(len(here[2]), len(there[2]))
        return here[1] == there[1] and here[2][:n] == there[2][:n] and (n > 9 or here == there)
    if isinstance(here, np.ndarray) and isinstance(there, np.ndarray):
        return (
            here.shape == there.shape and here.dtype == there.dtype and np.allclose(here, there, rtol=1e-5, atol=1e-5)
        )
    if isinstance(here, (list, tuple)) and isinstance(there, (list, tuple)):
        return len(here) == len(there) and all(same(a, b) for a, b in zip(here, there, strict=True))
    if isinstance(here, dict):
        return here.keys() == there.keys() and all(same(here[key], there[key]) for key in here)
    return here == there


def agree(call: Callable) -> None:
    here, there = outcome(call, mibun), outcome(call, torch_)
    assert same(here, there), f"\nmibun: {here}\ntorch: {there}"


def vector(torch: Any) -> Any:
    return torch.tensor([1.0, 2.0, 3.0])


def matrix(torch: Any) -> Any:
    return torch.arange(6.0).reshape(2, 3) + 1
