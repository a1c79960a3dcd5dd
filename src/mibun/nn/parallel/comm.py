"""Moving tensors between GPUs, of which there are none: these functions refuse, as PyTorch's do on a CPU."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from ...core.device import check_device, device
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor

__all__ = ["broadcast", "broadcast_coalesced", "gather", "reduce_add", "reduce_add_coalesced", "scatter"]


def refuse_devices(devices: Iterable[Any] | None) -> NoReturn:
    """ValueError for the CPU, which is not for this; AssertionError for a GPU, which is not there."""
    for one in devices or ("cpu",):
        if not isinstance(one, int) and device(one).type == "cpu":
            raise ValueError(f"Expected a non cpu device, but got: {one}")
        check_device(one)
    raise ValueError("Expected a non cpu device, but got: cpu")


def _refuse_tensor(operation: str) -> NoReturn:
    raise AssertionError(f"{operation} expects all inputs to be on GPUs, but input 0 is on CPU")


def broadcast(tensor: Tensor, devices: Iterable[Any] | None = None, *, out: Sequence[Tensor] | None = None) -> NoReturn:
    """Copies on several GPUs. ValueError: there are none."""
    refuse_devices(devices)


def broadcast_coalesced(tensors: Sequence[Tensor], devices: Iterable[Any], buffer_size: int = 10485760) -> NoReturn:
    """Copies of several tensors on several GPUs. ValueError: there are none."""
    refuse_devices(devices)


def reduce_add(inputs: Sequence[Tensor], destination: Any = None) -> NoReturn:
    """The sum of tensors on several GPUs. AssertionError: there are none."""
    _refuse_tensor("reduce_add")


def reduce_add_coalesced(
    inputs: Sequence[Sequence[Tensor]], destination: Any = None, buffer_size: int = 10485760
) -> NoReturn:
    """The sums of tensors on several GPUs. AssertionError: there are none."""
    _refuse_tensor("reduce_add")


def scatter(
    tensor: Tensor,
    devices: Iterable[Any] | None = None,
    chunk_sizes: Sequence[int] | None = None,
    dim: int = 0,
    streams: Any = None,
    *,
    out: Sequence[Tensor] | None = None,
) -> NoReturn:
    """Parts of a tensor on several GPUs. ValueError: there are none."""
    refuse_devices(devices)


def gather(tensors: Sequence[Tensor], dim: int = 0, destination: Any = None, *, out: Tensor | None = None) -> NoReturn:
    """One tensor from parts on several GPUs. AssertionError: there are none."""
    raise AssertionError("Gather function not implemented for CPU tensors")


_explain_missing_names(__name__)
