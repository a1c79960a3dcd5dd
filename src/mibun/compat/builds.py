"""What programs ask `torch` about how it was built: LAPACK and Fourier transforms are NumPy's, nothing else is."""

from __future__ import annotations

from ..core.tensor import Tensor
from ..dispatch.arguments import check_tensor

has_lapack = has_spectral = True
has_mkl = has_openmp = False


def init_num_threads() -> None:
    """Prepare a thread for OpenMP: nothing is to be done, as NumPy's BLAS does that itself."""


def is_vulkan_available() -> bool:
    """Whether Vulkan was built in: False."""
    return False


def cudnn_is_acceptable(tensor: Tensor) -> bool:
    """Whether cuDNN could take a tensor: False, as it lives on the CPU."""
    check_tensor(tensor, "cudnn_is_acceptable", "tensor", 1)
    return False
