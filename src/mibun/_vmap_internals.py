"""`torch._vmap_internals`: the first `vmap`, which took positional Tensors only and is deprecated."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from .core.site import stacklevel
from .core.tensor import Tensor
from .func import vmap as _current

in_dims_t = int | tuple
out_dims_t = int | tuple[int, ...]


def vmap(func: Callable, in_dims: Any = 0, out_dims: Any = 0) -> Callable:
    """`torch.vmap`, which it warns to use instead (FutureWarning).

    >>> import warnings
    >>> import mibun as torch
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     torch._vmap_internals.vmap(torch.sum)(torch.ones(2, 3))
    tensor([3., 3.])
    """
    warnings.warn(
        "Please use `torch.vmap` instead of `torch._vmap_internals.vmap`.", FutureWarning, stacklevel=stacklevel()
    )
    return _vmap(func, in_dims, out_dims)


def _vmap(func: Callable, in_dims: Any = 0, out_dims: Any = 0, allow_none_pass_through: bool = False) -> Callable:
    """The same without the warning. allow_none_pass_through: outputs that are None are returned as they are."""

    @functools.wraps(func)
    def wrapped(*args: Any) -> Any:
        if not (
            isinstance(out_dims, int) or (isinstance(out_dims, tuple) and all(isinstance(d, int) for d in out_dims))
        ):
            raise ValueError(
                f"vmap({getattr(func, '__name__', repr(func))}, ..., out_dims={out_dims}): `out_dims` must be an int "
                "or a tuple of int representing where in the outputs the vmapped dimension should appear."
            )
        places: list[int] = []
        arranged: list[Any] = []

        def tensors_only(*inner: Any) -> Any:
            outputs = func(*inner)
            several = isinstance(outputs, tuple)
            flat = list(outputs) if several else [outputs]
            for i, output in enumerate(flat):
                if not (isinstance(output, Tensor) or (output is None and allow_none_pass_through)):
                    where = f"for return {i}" if several else "as the return"
                    raise ValueError(
                        f"vmap({getattr(func, '__name__', repr(func))}, ...): must only return Tensors, got type "
                        f"{type(output)} {where}."
                    )
            places[:] = [i for i, output in enumerate(flat) if output is not None]
            arranged[:] = [several, len(flat)]
            return tuple([flat[i] for i in places])

        dims = out_dims if isinstance(out_dims, int) or not allow_none_pass_through else 0
        found = _current(tensors_only, in_dims, dims)(*args)
        several, count = arranged
        results: list[Any] = [None] * count
        for i, result in zip(places, found, strict=True):
            results[i] = result
        return tuple(results) if several else results[0]

    return wrapped


__all__ = ["in_dims_t", "out_dims_t", "vmap"]
