"""DLPack, by which libraries share arrays without a copy: `torch.utils.dlpack`."""

from __future__ import annotations

import enum

from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor

__all__ = ["DLDeviceType", "from_dlpack", "to_dlpack"]

from_dlpack = FUNCTIONS["from_dlpack"]


class DLDeviceType(enum.IntEnum):
    """Kinds of devices, by DLPack's numbers; here there is the CPU."""

    kDLCPU = 1
    kDLCUDA = 2
    kDLCUDAHost = 3
    kDLOpenCL = 4
    kDLVulkan = 7
    kDLMetal = 8
    kDLVPI = 9
    kDLROCM = 10
    kDLROCMHost = 11
    kDLExtDev = 12
    kDLCUDAManaged = 13
    kDLOneAPI = 14
    kDLWebGPU = 15
    kDLHexagon = 16
    kDLMAIA = 17


def to_dlpack(tensor: Tensor) -> object:
    """A DLPack capsule of the tensor's memory, to be used once: what `tensor.__dlpack__()` gives.

    >>> import mibun as torch
    >>> torch.utils.dlpack.from_dlpack(torch.arange(3))
    tensor([0, 1, 2])
    """
    return tensor.__dlpack__()


_explain_missing_names(__name__)
