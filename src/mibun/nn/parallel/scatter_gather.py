"""Dividing what a module is given among GPUs, of which there are none, and putting its results together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from . import comm

__all__ = ["gather", "scatter", "scatter_kwargs"]


def scatter(inputs: Any, target_gpus: Sequence[Any], dim: int = 0) -> Any:
    """Divide the Tensors within tuples, lists and dicts among GPUs, and repeat everything else.

    ValueError for Tensors: there are no GPUs.
    """
    if isinstance(inputs, Tensor):
        comm.scatter(inputs, target_gpus, None, dim)
    if isinstance(inputs, tuple) and hasattr(inputs, "_fields"):
        return [
            type(inputs)(*parts) for parts in zip(*[scatter(item, target_gpus, dim) for item in inputs], strict=True)
        ]
    if isinstance(inputs, (tuple, list)) and inputs:
        kind = type(inputs)
        return [kind(parts) for parts in zip(*[scatter(item, target_gpus, dim) for item in inputs], strict=True)]
    if isinstance(inputs, dict) and inputs:
        kind = type(inputs)
        return [
            kind(parts) for parts in zip(*[scatter(item, target_gpus, dim) for item in inputs.items()], strict=True)
        ]
    return [inputs for _ in target_gpus]


def scatter_kwargs(
    inputs: tuple, kwargs: dict[str, Any] | None, target_gpus: Sequence[Any], dim: int = 0
) -> tuple[tuple, tuple]:
    """`scatter` of positional and keyword arguments: as many of each as there are devices."""
    positional = scatter(inputs, target_gpus, dim) if inputs else []
    named = scatter(kwargs, target_gpus, dim) if kwargs else []
    count = max(len(positional), len(named))
    positional += [()] * (count - len(positional))
    named += [{}] * (count - len(named))
    return tuple(positional), tuple(named)


def gather(outputs: Any, target_device: Any, dim: int = 0) -> Any:
    """Put the results of several GPUs together on one. AssertionError for Tensors: they are on the CPU."""
    first = outputs[0]
    if isinstance(first, Tensor):
        comm.gather(outputs, dim, target_device)
    if first is None:
        return None
    if isinstance(first, dict):
        if any(len(output) != len(first) for output in outputs):
            raise ValueError("All dicts must have the same number of keys")
        return type(first)((key, gather([output[key] for output in outputs], target_device, dim)) for key in first)
    parts = [gather(list(items), target_device, dim) for items in zip(*outputs, strict=True)]
    return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)


_explain_missing_names(__name__)
