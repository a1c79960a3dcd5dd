"""mibun: PyTorch's autograd, whole, in readable Python over NumPy. This file is the index of public names."""

from __future__ import annotations

import importlib
import math
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what leads editors from a name to its declaration
    from ._index import *  # noqa: F403

from . import _loading  # first of all

# isort: split
from . import autograd, ops, random, return_types, storage
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .compat import absent as _absent  # noqa: F401  (binds names of Tensor)
from .compat import array_namespace as _array_namespace  # noqa: F401  (binds methods)
from .compat.printing import set_printoptions
from .core.device import device
from .core.dtypes import (
    bfloat16,
    bool,
    can_cast,
    cdouble,
    cfloat,
    chalf,
    channels_last,
    channels_last_3d,
    complex32,
    complex64,
    complex128,
    contiguous_format,
    double,
    dtype,
    finfo,
    float,
    float8_e4m3fn,
    float8_e4m3fnuz,
    float8_e5m2,
    float8_e5m2fnuz,
    float8_e8m0fnu,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    iinfo,
    int,
    int8,
    int16,
    int32,
    int64,
    layout,
    long,
    memory_format,
    preserve_format,
    promote_types,
    result_type,
    set_default_dtype,
    short,
    sparse_bsc,
    sparse_bsr,
    sparse_coo,
    sparse_csc,
    sparse_csr,
    strided,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .core.missing import missing_name as _missing_name
from .core.missing import submodule as _submodule
from .core.mode import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .core.registry import DISPATCHING as _DISPATCHING
from .core.registry import FUNCTIONS as _FUNCTIONS
from .core.registry import MODULE_LOADERS as _MODULE_LOADERS
from .core.registry import SUBCLASS_HOOKS as _SUBCLASS_HOOKS
from .core.size import Size
from .core.tensor import Tensor
from .dispatch import torch_function as _torch_function
from .ops.conversion.typed_storages import OLD_CLASSES as _OLD_STORAGES
from .random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from .storage import TypedStorage, UntypedStorage


def _prepare_subclass(cls: type) -> None:
    from .overrides import prepare

    if getattr(cls, "__torch_dispatch__", None) not in (None, _torch_function.disabled_torch_dispatch):
        _DISPATCHING[cls] = _dispatch_subclass
    prepare(cls)


def _dispatch_subclass(*application: Any) -> Any:
    from .utils._python_dispatch import dispatch_subclass

    return dispatch_subclass(*application)


_SUBCLASS_HOOKS.append(_prepare_subclass)
_MODULE_LOADERS.append(importlib.import_module)
globals().update(_FUNCTIONS)
globals().update(_OLD_STORAGES)

__version__ = "0.1.0"
e, pi, inf, nan, newaxis = math.e, math.pi, math.inf, math.nan, None
# Loaded when first asked for (PEP 562), so that `import mibun` stays quick.
_LAZY = (
    "_C",
    "_custom_ops",
    "_dynamo",
    "_higher_order_ops",
    "_inductor",
    "_jit_internal",
    "_library",
    "_ops",
    "_subclasses",
    "array_api",
    "compiler",
    "futures",
    "jit",
    "library",
    "monitor",
    "ao",
    "onnx",
    "overrides",
    "nn",
    "optim",
    "utils",
    "_functorch",
    "_lowrank",
    "_vmap_internals",
    "func",
    "functorch",
    "functional",
    "fx",
    "hub",
    "linalg",
    "masked",
    "fft",
    "special",
    "distributions",
    "testing",
    "accelerator",
    "amp",
    "backends",
    "cpu",
    "cuda",
    "distributed",
    "mps",
    "mtia",
    "multiprocessing",
    "profiler",
    "quasirandom",
    "serialization",
    "signal",
    "torch_version",
    "sparse",
    "types",
    "version",
    "__config__",
    "__future__",
    "_VF",
    "_lowrank",
    "_tensor",
    "_tensor_str",
    "_utils",
    "xpu",
)
# The same for single names: name -> module.
_LAZY_NAMES = {
    "PyTorchFileReader": "serialization.archive",
    "save": "serialization",
    "load": "serialization",
    "lobpcg": "_lobpcg",
    "vmap": "func",
    "autocast": "amp",
    "AcceleratorError": "core.errors",
    "Event": "compat.streams",
    "GradScaler": "amp",
    "OutOfMemoryError": "core.errors",
    "Stream": "compat.streams",
    "get_device_module": "compat.device_modules",
    **dict.fromkeys(
        (
            "has_cuda",
            "has_cudnn",
            "has_lapack",
            "has_mkl",
            "has_mkldnn",
            "has_mps",
            "has_openmp",
            "has_spectral",
            "is_vulkan_available",
        ),
        "compat.feature_flags",
    ),
    "_amp_foreach_non_finite_check_and_unscale_": "amp.grad_scaler",
    "_amp_update_scale_": "amp.grad_scaler",
    **dict.fromkeys(
        (
            "autocast_decrement_nesting",
            "autocast_increment_nesting",
            "clear_autocast_cache",
            "get_autocast_dtype",
            "is_autocast_cache_enabled",
            "is_autocast_enabled",
            "set_autocast_cache_enabled",
            "set_autocast_dtype",
            "set_autocast_enabled",
        ),
        "core.autocast",
    ),
    **dict.fromkeys(
        (
            "get_autocast_cpu_dtype",
            "get_autocast_gpu_dtype",
            "get_autocast_ipu_dtype",
            "get_autocast_xla_dtype",
            "is_autocast_cpu_enabled",
            "is_autocast_ipu_enabled",
            "is_autocast_xla_enabled",
            "set_autocast_cpu_dtype",
            "set_autocast_cpu_enabled",
            "set_autocast_gpu_dtype",
            "set_autocast_ipu_dtype",
            "set_autocast_ipu_enabled",
            "set_autocast_xla_dtype",
            "set_autocast_xla_enabled",
        ),
        "compat.autocast_names",
    ),
    "set_anomaly_enabled": "autograd.anomaly_mode",
    "Future": "futures",
    "ScriptFunction": "jit._trace",
    "ScriptModule": "jit._script",
    "classes": "_classes",
    "fork": "jit._script",
    "wait": "jit._script",
    "compile": "compiler.compiling",
    "cond": "_higher_order_ops",
    "while_loop": "_higher_order_ops",
    **dict.fromkeys(
        (
            "sparse_bsc_tensor",
            "sparse_bsr_tensor",
            "sparse_compressed_tensor",
            "sparse_coo_tensor",
            "sparse_csc_tensor",
            "sparse_csr_tensor",
        ),
        "sparse",
    ),
    **dict.fromkeys(
        (
            "are_deterministic_algorithms_enabled",
            "get_default_device",
            "get_deterministic_debug_mode",
            "get_float32_matmul_precision",
            "get_num_interop_threads",
            "get_num_threads",
            "is_deterministic_algorithms_warn_only_enabled",
            "is_warn_always_enabled",
            "set_default_device",
            "set_default_tensor_type",
            "set_deterministic_debug_mode",
            "set_float32_matmul_precision",
            "set_flush_denormal",
            "set_num_interop_threads",
            "set_num_threads",
            "set_warn_always",
            "typename",
            "use_deterministic_algorithms",
        ),
        "compat.settings",
    ),
    "DisableTorchFunction": "dispatch.torch_function",
    "DisableTorchFunctionSubclass": "dispatch.torch_function",
    **dict.fromkeys(
        (
            "cudnn_is_acceptable",
            "has_lapack",
            "has_mkl",
            "has_openmp",
            "has_spectral",
            "init_num_threads",
            "is_vulkan_available",
        ),
        "compat.builds",
    ),
    "thread_safe_generator": "random",
    **dict.fromkeys(
        (
            "SymBool",
            "SymFloat",
            "SymInt",
            "sym_float",
            "sym_int",
            "sym_ite",
            "sym_max",
            "sym_min",
            "sym_not",
            "sym_sqrt",
            "sym_sum",
        ),
        "compat.symbols",
    ),
    **dict.fromkeys(
        ("chalf", "complex32", "qint32", "qint8", "quint2x4", "quint4x2", "quint8"),
        "core.dtypes.types",
    ),
    **dict.fromkeys(
        (
            "_assert",
            "_check",
            "_check_index",
            "_check_is_size",
            "_check_not_implemented",
            "_check_tensor_all",
            "_check_tensor_all_with",
            "_check_type",
            "_check_value",
            "_check_with",
        ),
        "compat.checks",
    ),
}

_loading.done()


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_LAZY_NAMES})


def __getattr__(name: str) -> Any:
    if name in _LAZY_NAMES:
        value = getattr(importlib.import_module(f"{__name__}.{_LAZY_NAMES[name]}"), name)
        if not name.startswith("has_"):  # these warn whenever they are asked for
            globals()[name] = value
        return value
    if name in _LAZY:
        try:
            return importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    if name.startswith("_foreach_"):
        value = getattr(importlib.import_module(f"{__name__}.compat.foreach"), name, None)
        if value is not None:
            return value
    if name == "torch":  # PyTorch's own name within itself, which some annotations have
        return sys.modules[__name__]
    found = _submodule(__name__, name)
    if found is None and name[:1] == "_" and name[:2] != "__":
        found = importlib.import_module(f"{__name__}.compat.private_functions").private_function(name)
    if found is None:
        raise _missing_name(__name__, name)
    return found
