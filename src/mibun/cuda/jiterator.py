"""Kernels in CUDA's C++ that are compiled when they are called: RuntimeErrors where one is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._utils import unavailable


def _create_jit_fn(code_string: str, **kwargs: Any) -> Callable:
    """A function of tensors from a template in C++. It needs a GPU where it is called: AssertionError."""
    return _create_multi_output_jit_fn(code_string, 1, **kwargs)


def _create_multi_output_jit_fn(code_string: str, num_outputs: int, **kwargs: Any) -> Callable:
    """The same with several outputs."""
    if not isinstance(code_string, str):
        raise TypeError(f"expected string or bytes-like object, got '{type(code_string).__name__}'")

    def jitted(*tensors: Any, **more: Any) -> Any:
        raise unavailable("jiterator")

    return jitted


__all__: list[str] = []
