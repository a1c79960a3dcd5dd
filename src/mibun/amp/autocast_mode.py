"""`autocast`, the context in which products are taken in a lower precision, and what Functions need to take part.

What is cast to what, is in `casting.py`; which switches are on, in `core/autocast.py`.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ..core import autocast as state
from ..core.autocast import LOWER_DTYPES, is_autocast_available
from ..core.device import device
from ..core.dtypes import bfloat16, float16, float64
from ..core.dtypes import dtype as DType
from ..core.site import stacklevel
from ..core.tensor import Tensor
from .casting import arm

state.ARMING.append(arm)

# What the CPU can cast to; and which devices PyTorch says are not there, as it is when they are asked for.
_ON_CPU = (bfloat16, float16)
_NO_CUDA = "CUDA is not available or torch_xla is imported. Disabling autocast."


def _check_kind(device_type: Any) -> str:
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
    return device_type


def autocast_decorator(autocast_instance: Any, func: Callable) -> Callable:
    """The function, called within a context.

    >>> import mibun as torch
    >>> product = torch.amp.autocast_mode.autocast_decorator(torch.autocast("cpu"), torch.matmul)
    >>> product(torch.ones(1, 1), torch.ones(1, 1)).dtype
    torch.bfloat16
    """

    @functools.wraps(func)
    def decorate_autocast(*args: Any, **kwargs: Any) -> Any:
        with autocast_instance:
            return func(*args, **kwargs)

    return decorate_autocast


class autocast:
    """Inside, matrix products and convolutions are taken in a lower precision, losses and the like in float32.

    Args:
        device_type: the kind of device whose operations are cast. "cpu" is what has an effect; for one that is not
            there, PyTorch's warning is given and nothing is cast.
        dtype: the lower precision: on CPUs bfloat16 (the default, see `get_autocast_dtype`) or float16. For another one
            a warning is given, and nothing is cast.
        enabled: False: nothing is cast inside, where an outer context is on.
        cache_enabled: whether the casts of parameters are kept until the outermost context ends; None: as before. What
            is written into a parameter meanwhile has no effect on calls that come after, see `clear_autocast_cache`.

    A context manager that may be entered several times, and a decorator. Forward passes belong into it; backward casts
    gradients back to the dtypes of what was cast, so that parameters of float32 have gradients of float32. It is on for
    this thread only (and asyncio task). Tensors of float64, and what is not floating, are left alone; so are in-place
    operations and those with `out=`.

    Raises:
        ValueError: for a device_type that is no str.
        RuntimeError: for one that names no device, or one that PyTorch has no autocast for.

    >>> import mibun as torch
    >>> layer = torch.nn.Linear(3, 2)
    >>> with torch.autocast("cpu"):
    ...     output = layer(torch.ones(1, 3))
    ...     loss = torch.nn.functional.mse_loss(output, torch.zeros(1, 2))
    >>> output.dtype, loss.dtype
    (torch.bfloat16, torch.float32)
    >>> loss.backward()
    >>> layer.weight.grad.dtype
    torch.float32
    """

    def __init__(
        self, device_type: str, dtype: DType | None = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        self.device = device(_check_kind(device_type)).type
        self.fast_dtype = state.get_autocast_dtype(self.device) if dtype is None else dtype
        self.custom_backend_name = "privateuseone"
        if self.device == "privateuseone":
            raise AssertionError(
                "Tried to use AMP with the `privateuseone` backend, but the backend has not registered a module or the "
                "module misses some necessary functions: mibun has no such devices."
            )
        if self.device not in LOWER_DTYPES:
            raise RuntimeError(f"User specified an unsupported autocast device_type '{self.device}'")
        if enabled and self.device == "cuda":
            warnings.warn(_NO_CUDA, stacklevel=stacklevel())
            enabled = False
        if enabled and self.device == "cpu" and self.fast_dtype not in _ON_CPU:
            warnings.warn(
                "In CPU autocast, but the target dtype is not supported. Disabling autocast.\nCPU Autocast only "
                "supports dtypes of torch.bfloat16, torch.float16 currently.",
                stacklevel=stacklevel(),
            )
            enabled = False
        self._cache_enabled = state.is_autocast_cache_enabled() if cache_enabled is None else cache_enabled
        self._enabled = enabled
        self._before: list[tuple[bool, DType, bool]] = []  # one for each time that it is entered and not left

    def __enter__(self) -> autocast:
        self.prev = state.is_autocast_enabled(self.device)
        self.prev_fastdtype = state.get_autocast_dtype(self.device)
        self.prev_cache_enabled = state.is_autocast_cache_enabled()
        self._before.append((self.prev, self.prev_fastdtype, self.prev_cache_enabled))
        _put(self.device, bool(self._enabled), self.fast_dtype, self._cache_enabled)
        state.autocast_increment_nesting()
        return self

    def __exit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> bool:
        enabled, fast_dtype, caching = (
            self._before.pop()
            if self._before
            else (
                self.prev,
                self.prev_fastdtype,
                self.prev_cache_enabled,
            )
        )
        if state.autocast_decrement_nesting() == 0:
            state.clear_autocast_cache()
        _put(self.device, enabled, fast_dtype, caching)
        return False

    def __call__(self, func: Callable) -> Callable:
        return autocast_decorator(self, func)


def _put(kind: str, enabled: bool, fast_dtype: Any, caching: bool) -> None:
    state.set_autocast_enabled(kind, enabled)
    if isinstance(fast_dtype, DType):
        state.set_autocast_dtype(kind, fast_dtype)
    state.set_autocast_cache_enabled(caching)


def _enter_autocast(*vals: Any) -> autocast:
    """A context of these arguments, entered: what graphs of operations have in the place of a `with`."""
    mode = autocast(*vals)
    mode.__enter__()
    return mode


def _exit_autocast(mode: autocast) -> None:
    """Leave what `_enter_autocast` has entered."""
    mode.__exit__(None, None, None)


# --- user-written Functions ---


def _cast(value: Any, device_type: str, dtype: DType) -> Any:
    """The floating tensors of a structure in a dtype, but for those of float64."""
    if isinstance(value, Tensor):
        eligible = value.is_floating_point() and value.device.type == device_type and value.dtype is not float64
        return value.to(dtype) if eligible else value
    if isinstance(value, Mapping):
        return {_cast(k, device_type, dtype): _cast(v, device_type, dtype) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_cast(v, device_type, dtype) for v in value])
    return value


def custom_fwd(fwd: Callable | None = None, *, device_type: str, cast_inputs: DType | None = None) -> Callable:
    """Decorates `forward` of a Function that is called within autocast.

    Args:
        fwd: the forward, whose first argument is `ctx`.
        device_type: the kind of device, as of `autocast`.
        cast_inputs: where autocast is on, floating tensors among the arguments are cast to it, and forward runs without
            autocast. None: forward runs as it is.

    `ctx` is told what `custom_bwd` needs to know. Raises ValueError for a device_type that is no str.

    >>> import mibun as torch
    >>> class Product(torch.autograd.Function):
    ...     @staticmethod
    ...     @torch.amp.custom_fwd(device_type="cpu", cast_inputs=torch.float32)
    ...     def forward(ctx, a, b):
    ...         ctx.save_for_backward(a, b)
    ...         return a * b
    ...     @staticmethod
    ...     @torch.amp.custom_bwd(device_type="cpu")
    ...     def backward(ctx, grad):
    ...         a, b = ctx.saved_tensors
    ...         return grad * b, grad * a
    >>> with torch.autocast("cpu"):
    ...     Product.apply(torch.ones(1, dtype=torch.bfloat16), torch.ones(1, dtype=torch.bfloat16)).dtype
    torch.float32
    """
    _check_kind(device_type)
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)

    @functools.wraps(fwd)
    def decorate_fwd(*args: Any, **kwargs: Any) -> Any:
        ctx = args[0]
        ctx._dtype = state.get_autocast_dtype(device_type)
        on = state.is_autocast_enabled(device_type)
        ctx._fwd_used_autocast = on and cast_inputs is None
        if cast_inputs is None or not on:
            return fwd(*args, **kwargs)
        with autocast(device_type=device_type, enabled=False):
            return fwd(*_cast(args, device_type, cast_inputs), **_cast(kwargs, device_type, cast_inputs))

    return decorate_fwd


def custom_bwd(bwd: Callable | None = None, *, device_type: str) -> Callable:
    """Decorates `backward` of a Function whose forward has `custom_fwd`: it runs with autocast on or off as that did.

    See `custom_fwd`. ValueError for a device_type that is no str.

    >>> import mibun as torch
    >>> decorate = torch.amp.custom_bwd(device_type="cpu")
    """
    _check_kind(device_type)
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def decorate_bwd(*args: Any, **kwargs: Any) -> Any:
        ctx = args[0]
        with autocast(device_type=device_type, enabled=ctx._fwd_used_autocast, dtype=ctx._dtype):
            return bwd(*args, **kwargs)

    return decorate_bwd


__all__ = ["autocast", "autocast_decorator", "custom_bwd", "custom_fwd", "is_autocast_available"]
