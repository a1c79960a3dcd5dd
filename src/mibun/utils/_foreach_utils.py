"""Tensors in groups of one device and dtype, as optimizers give them to the `_foreach_` functions."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.device import device as _device
from ..core.dtypes import dtype as _dtype
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.tensor import Tensor

Indices = list[int]
TensorListList = list[list[Tensor | None]]

_foreach_supported_types = [Tensor]


def _get_foreach_kernels_supported_devices() -> list[str]:
    """The kinds of devices on which PyTorch takes the `_foreach_` functions unless told otherwise."""
    return ["cuda", "xpu", "mtia", "privateuseone"]


def _get_fused_kernels_supported_devices() -> list[str]:
    """The kinds of devices for which PyTorch has optimizers in one kernel."""
    return ["mps", "cuda", "xpu", "hpu", "cpu", "mtia", "privateuseone"]


def _group_tensors_by_device_and_dtype(
    tensorlistlist: TensorListList, with_indices: bool = False
) -> dict[tuple[_device, _dtype], tuple[TensorListList, Indices]]:
    """Split parallel lists of Tensors by the device and dtype of those in the first: (device, dtype) -> lists, indices.

    tensorlistlist: the parameters, then their gradients, states, ...: lists of the same length, or empty ones; an entry
    of a later list may be None. with_indices: give also the places that the Tensors of a group had; else no indices.
    RuntimeError for lists of other lengths, a None in the first, and Tensors beside one another of different dtypes,
    unless they are what optimizers keep apart: a step count in float32 or float64, or a state in bfloat16.

    >>> import mibun as torch
    >>> pairs = [[torch.ones(1), torch.ones(2).double()], [None, torch.ones(2).double()]]
    >>> from mibun.utils._foreach_utils import _group_tensors_by_device_and_dtype
    >>> [indices for _, indices in _group_tensors_by_device_and_dtype(pairs, True).values()]
    [[0], [1]]
    """
    if not tensorlistlist or not tensorlistlist[0]:
        raise RuntimeError("Expected a list of lists of Tensors of which the first is not empty")
    first = tensorlistlist[0]
    if any(len(tensors) not in (0, len(first)) for tensors in tensorlistlist):
        raise RuntimeError("Expected lists of Tensors that are all of the same length, or empty")
    groups: dict[tuple[_device, _dtype], tuple[TensorListList, Indices]] = {}
    for index, lead in enumerate(first):
        if lead is None:
            raise RuntimeError(
                f"Tensors of the first list of nested Tensor lists are supposed to be defined but the {index}-th "
                "Tensor is not."
            )
        row = [tensors[index] if tensors else None for tensors in tensorlistlist]
        if not all(tensor is None or _may_stand_beside(tensor, lead) for tensor in row):
            raise RuntimeError(
                "Tensors of the same index must be on the same device and the same dtype except `step` tensors that "
                "can be CPU and float32/64, and optimizer states that can be bfloat16 for mixed-precision training"
            )
        lists, indices = groups.setdefault((lead.device, lead.dtype), ([[] for _ in tensorlistlist], []))
        for group, tensors, tensor in zip(lists, tensorlistlist, row, strict=True):
            if tensors:
                group.append(tensor)
        if with_indices:
            indices.append(index)
    return groups


def _may_stand_beside(tensor: Tensor, lead: Tensor) -> bool:
    name = str(tensor.dtype).rpartition(".")[2]
    if name in ("float32", "float64") and tensor.device.type == "cpu":
        return True
    return tensor.device == lead.device and (tensor.dtype == lead.dtype or name == "bfloat16")


def _device_has_foreach_support(device: _device) -> bool:
    """Whether the `_foreach_` functions work on a device."""
    return device.type in (*_get_foreach_kernels_supported_devices(), "cpu")


def _has_foreach_support(tensors: list[Tensor | None] | Sequence[Tensor], device: _device) -> bool:
    """Whether the `_foreach_` functions work for these Tensors: there, and none of a subclass."""
    return _device_has_foreach_support(device) and all(
        tensor is None or type(tensor) in _foreach_supported_types for tensor in tensors
    )


_explain_missing_names(__name__)
