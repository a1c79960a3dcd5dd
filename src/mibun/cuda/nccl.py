"""NCCL, which sums and copies between GPUs: errors, as there are none. Of processes: `torch.distributed`."""

from __future__ import annotations

import warnings
from typing import Any

from ..compat.absent_devices import Functions
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ._utils import attribute_error, unavailable

SUM = 0


def is_available(tensors: Any) -> bool:
    """Whether NCCL can be used with these tensors: False, with a UserWarning."""
    warnings.warn("PyTorch is not compiled with NCCL support", stacklevel=stacklevel())
    return False


_functions = Functions(globals())
_functions.refusing("init_rank(num_ranks, uid, rank) unique_id() version()", attribute_error, "Needs GPUs")


def _refuse(name: str, inputs: Any) -> None:
    if isinstance(inputs, Tensor) or not isinstance(inputs, (list, tuple)):
        raise TypeError("Inputs should be a collection of tensors")
    raise unavailable(f"nccl.{name}")


def all_reduce(inputs: Any, outputs: Any = None, op: int = SUM, streams: Any = None, comms: Any = None) -> None:
    """The sum of tensors on several GPUs, on each. AssertionError: there are none."""
    _refuse("all_reduce", inputs)


def reduce(
    inputs: Any,
    output: Any = None,
    root: int = 0,
    op: int = SUM,
    streams: Any = None,
    comms: Any = None,
    *,
    outputs: Any = None,
) -> None:
    """The sum of tensors on several GPUs, on one. AssertionError: there are none."""
    _refuse("reduce", inputs)


def broadcast(inputs: Any, root: int = 0, streams: Any = None, comms: Any = None) -> None:
    """One GPU's tensor on all. AssertionError: there are none."""
    _refuse("broadcast", inputs)


def all_gather(inputs: Any, outputs: Any, streams: Any = None, comms: Any = None) -> None:
    """The tensors of several GPUs, on each. AssertionError: there are none."""
    _refuse("all_gather", inputs)


def reduce_scatter(inputs: Any, outputs: Any, op: int = SUM, streams: Any = None, comms: Any = None) -> None:
    """The sum of tensors on several GPUs, a part of it on each. AssertionError: there are none."""
    _refuse("reduce_scatter", inputs)


__all__ = [*_functions.names, "all_gather", "all_reduce", "broadcast", "reduce", "reduce_scatter"]  # pyright: ignore[reportUnsupportedDunderAll]
