"""Settings of the whole process that programs make through `torch.*`: threads, determinism, the default device.

And `typename`, which names a value's type as those programs print it.
"""

from __future__ import annotations

import re
import sys
import warnings
from types import ModuleType
from typing import Any

from ..core import dtypes
from ..core.device import DEVICE_CONTEXTS, check_device, device, elsewhere
from ..core.device import device as _Device
from ..core.registry import public_module
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..dispatch.once import WARN_ALWAYS
from ..ops.conversion.casting import TYPE_NAMES
from ..xp.numpy.threads import number_of_threads, set_number_of_threads

_deterministic = _warn_only = False
_precision = "highest"


# --- threads ---


def get_num_threads() -> int:
    """The number of threads that matrix products may use, and large elementwise and row-wise work."""
    return number_of_threads()


def set_num_threads(n: int) -> None:
    """Let matrix products, and large elementwise and row-wise work, use up to `n` threads.

    The results of elementwise and row-wise work are the same for any number. A BLAS other than the OpenBLAS that NumPy
    ships does not follow, which is warned of: OMP_NUM_THREADS is for that, before the program starts.

    Raises:
        RuntimeError: if `n` is not positive.
    """
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"set_num_threads expects an int, but got {type(n).__name__}")
    if n <= 0:
        raise RuntimeError(f"set_num_threads expects a positive integer, but got {n}")
    if not set_number_of_threads(n) and n != 1:
        warnings.warn(
            f"set_num_threads({n}): this NumPy has another BLAS than OpenBLAS, whose threads are not set: set "
            "OMP_NUM_THREADS before the program starts",
            stacklevel=stacklevel(),
        )


def get_num_interop_threads() -> int:
    """The number of threads that run operators beside each other: 1, the one that calls them."""
    return 1


def set_num_interop_threads(num: int) -> None:
    """Ask for threads that run operators beside each other: only 1 can be had. RuntimeError for no positive int."""
    if isinstance(num, bool) or not isinstance(num, int):
        raise RuntimeError(f"set_num_interop_threads expects an int, but got {type(num).__name__}")
    if num <= 0:
        raise RuntimeError("set_num_interop_threads expects a positive integer")
    if num != 1:
        warnings.warn(
            f"set_num_interop_threads({num}): operators run one after the other, on the thread that calls them",
            stacklevel=stacklevel(),
        )


# --- warnings ---


def set_warn_always(b: bool) -> None:
    """Whether warnings that are given once in a process are given each time. RuntimeError if it is no bool."""
    if not isinstance(b, bool):
        raise RuntimeError(f"setWarnOnlyOnce expects a bool, but got {type(b).__name__}")
    WARN_ALWAYS[:] = [True] * b


def is_warn_always_enabled() -> bool:
    """What `set_warn_always` has set: False at first.

    >>> import mibun as torch
    >>> torch.is_warn_always_enabled()
    False
    """
    return bool(WARN_ALWAYS)


# --- determinism ---


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for operators that give the same bits each time. All of mibun's do; the answer is kept to be asked for."""
    global _deterministic, _warn_only
    if not isinstance(mode, bool):
        raise TypeError(f"use_deterministic_algorithms(): argument 'mode' must be bool, not {type(mode).__name__}")
    _deterministic, _warn_only = mode, bool(warn_only) and mode


def are_deterministic_algorithms_enabled() -> bool:
    """Whether `use_deterministic_algorithms(True)` was called last."""
    return _deterministic


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether it was called with `warn_only=True`."""
    return _warn_only


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """The same as a level: 0 or "default", 1 or "warn", 2 or "error". RuntimeError for others."""
    levels = {0: 0, 1: 1, 2: 2, "default": 0, "warn": 1, "error": 2}
    if not isinstance(debug_mode, (int, str)):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode)}")
    if debug_mode not in levels:
        raise RuntimeError(
            "invalid value of debug_mode, expected one of `default`, `warn`, `error` or 0, 1, 2, but got "
            f"{debug_mode!r}"
        )
    level = levels[debug_mode]
    use_deterministic_algorithms(level > 0, warn_only=level == 1)


def get_deterministic_debug_mode() -> int:
    """The level that `set_deterministic_debug_mode` sets."""
    return 0 if not _deterministic else 1 if _warn_only else 2


def set_float32_matmul_precision(precision: str) -> None:
    """How float32 products may be computed: "highest", "high" or "medium". NumPy computes them in float32 anyway."""
    global _precision
    if precision not in ("highest", "high", "medium"):
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the call has no effect",
            stacklevel=stacklevel(),
        )
        return
    _precision = precision


def get_float32_matmul_precision() -> str:
    """What `set_float32_matmul_precision` was given."""
    return _precision


def set_flush_denormal(mode: bool) -> bool:
    """Ask the processor to treat denormal numbers as 0: False, which says that it was not done."""
    return False


# --- defaults ---


def get_default_device() -> device:
    """Where new tensors are made: the CPU, unless `set_default_device` or a context says otherwise."""
    return DEVICE_CONTEXTS.entered[-1].device if DEVICE_CONTEXTS.entered else device("cpu")


def set_default_device(device: Any) -> None:
    """Set where new tensors are made: on the CPU (or None), or elsewhere. Errors are those of making a tensor there."""
    global _default_device
    place = None if device is None else _Device(device)
    if place is not None and elsewhere(place) is None:
        check_device(place, "set_default_device")
        place = None
    if _default_device is not None:
        DEVICE_CONTEXTS.leave()
    if place is not None:
        DEVICE_CONTEXTS.enter(place)
    _default_device = place


_default_device: Any = None


def set_default_tensor_type(t: Any) -> None:
    """Deprecated: `set_default_dtype` by the name or class of an old tensor type, such as "torch.DoubleTensor"."""
    warnings.warn(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use torch.set_default_dtype() and "
        "torch.set_default_device() as alternatives.",
        stacklevel=stacklevel(),
    )
    if getattr(t, "is_cuda", False) is True:
        raise TypeError(f"type {t!r} not available. Torch not compiled with CUDA enabled.")
    dtype = TYPE_NAMES.get(t) if isinstance(t, str) else getattr(t, "dtype", None)
    if not isinstance(dtype, dtypes.dtype):
        raise TypeError(f"invalid type object: {t!r} is not the name or class of a tensor type")
    dtypes.set_default_dtype(dtype)


# --- names ---


def typename(obj: Any) -> str:
    """The name of an object's type, with its module unless that is builtins; `torch.FloatTensor` and so on of Tensors.

    >>> import mibun as torch
    >>> torch.typename(torch.ones(2)), torch.typename(3)
    ('torch.FloatTensor', 'int')
    """
    if isinstance(obj, Tensor):
        return obj.type()
    if isinstance(obj, ModuleType):
        return re.sub(r"^mibun\b", "torch", obj.__name__)
    named = obj if getattr(obj, "__qualname__", None) is not None else type(obj)
    module, name = getattr(named, "__module__", None) or "", named.__qualname__
    if re.match(r"mibun\b", module):
        where = public_module(named)
        public = where == module and vars(sys.modules["mibun"]).get(name) is named
        module = "torch" if public else "torch" + where.removeprefix("mibun")
    return name if module in ("", "builtins") else f"{module}.{name}"
