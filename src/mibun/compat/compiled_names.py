"""More names of `torch._C` that libraries ask for: what was built in, which settings there are, small functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.device import device
from ..core.dtypes import dtype, layout, memory_format
from ..core.errors import AcceleratorError, OutOfMemoryError
from ..core.mode import MODE
from ..core.registry import FUNCTIONS
from ..core.size import Size
from ..core.tensor import Tensor
from ..core.views import bump_version
from ..dispatch.torch_function import STATE, overriding
from ..ops.creation.buffers import from_dlpack as _from_dlpack
from ..ops.shape.broadcasting import broadcast_shapes
from .builds import has_lapack, has_mkl, has_openmp, has_spectral, is_vulkan_available
from .settings import are_deterministic_algorithms_enabled as _get_deterministic_algorithms
from .settings import get_float32_matmul_precision as _get_float32_matmul_precision
from .settings import get_num_interop_threads, get_num_threads

_TensorMeta = type(Tensor)
TensorBase = _TensorBase = Tensor  # PyTorch has a base in C++; here the class itself has everything

_has_cuda = _has_cudnn = _has_cusparselt = _has_kleidiai = _has_magma = _has_mkldnn = False
_has_mps = _has_xpu = False


class _Functions:
    """The functions of `torch` as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        raise AttributeError(f"torch._C._VariableFunctions has no function {name!r}")


_VariableFunctions = _Functions()


def _log_api_usage_once(event: str) -> None:
    """Note in a log of PyTorch's makers that something is used: there is none."""
    if not isinstance(event, str):
        raise TypeError(f"_log_api_usage_once expects a str, but got {type(event).__name__}")


def _get_privateuse1_backend_name() -> str:
    """The name of the kind of device that a user may add: PyTorch's own."""
    return "privateuseone"


def _get_default_device() -> str:
    """The kind of device where tensors are made."""
    return "cpu"


def _get_accelerator() -> device:
    """The accelerator, or else the CPU."""
    return device("cpu")


def _is_torch_function_enabled() -> bool:
    """Whether subclasses of Tensor are asked by `__torch_function__`."""
    return not STATE.get()[0]


def _is_torch_function_mode_enabled() -> bool:
    """Whether a TorchFunctionMode is to be asked."""
    return bool(STATE.get()[1])


def _len_torch_function_stack() -> int:
    """How many of them."""
    return len(STATE.get()[1])


def _has_torch_function(relevant_args: Sequence[Any]) -> bool:
    """`torch.overrides.has_torch_function`."""
    disabled, modes = STATE.get()
    return bool(modes) or (not disabled and bool(overriding(relevant_args)))


def _has_torch_function_unary(argument: Any) -> bool:
    """The same of one argument."""
    return _has_torch_function((argument,))


def _has_torch_function_variadic(*arguments: Any) -> bool:
    """The same of several."""
    return _has_torch_function(arguments)


def _are_functorch_transforms_active() -> bool:
    """Whether a transform of `torch.func` is at work."""
    return any(not level.implicit for level in MODE.get().transforms)


def _infer_size(a: Sequence[int], b: Sequence[int]) -> Size:
    """The shape to which two shapes broadcast. RuntimeError where they do not."""
    return broadcast_shapes(a, b)


def _increment_version(tensors: Sequence[Tensor] | Tensor) -> None:
    """Say that these tensors have been modified."""
    for tensor in (tensors,) if isinstance(tensors, Tensor) else tensors:
        bump_version(tensor, "_increment_version")


def _add_docstr(obj: Any, doc: str) -> Any:
    """Give an object a docstring; returns it."""
    obj.__doc__ = doc
    return obj


NAMES = frozenset(dir()) - {"FUNCTIONS", "MODE", "STATE", "Any", "Sequence", "annotations"}
