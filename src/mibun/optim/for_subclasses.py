"""What optimizers written by others import from `torch.optim.optimizer`, where PyTorch's own take it from.

Most of it is about which of PyTorch's loops to use: over parameters one by one, over all at once (foreach), or fused
on a device. Here there is one loop.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ..core.dtypes import float32, float64, get_default_dtype
from ..core.mode import is_grad_enabled, set_grad_enabled
from ..core.tensor import Tensor
from ..ops.pointwise.complexes import view_as_real

Function = TypeVar("Function", bound=Callable[..., Any])


class _RequiredParameter:
    """The default of an option that each group has to give."""

    def __repr__(self) -> str:
        return "<required parameter>"

    def __reduce__(self) -> str:
        return "required"  # copies and pickles are the one object, which `is required` asks for


required = _RequiredParameter()


def _use_grad_for_differentiable(func: Function) -> Function:
    """A `step` that is recorded where the optimizer's option `differentiable` is on, and not otherwise."""

    @functools.wraps(func)
    def step(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = is_grad_enabled()
        try:
            set_grad_enabled(bool(self.defaults["differentiable"]))
            return func(self, *args, **kwargs)
        finally:
            set_grad_enabled(before)

    step.hooked = getattr(func, "hooked", False)  # type: ignore[attr-defined]
    return step  # type: ignore[return-value]


def _get_value(x: Any) -> Any:
    """The number in a tensor of one element; a number as it is."""
    return x.item() if isinstance(x, Tensor) else x


def _stack_if_compiling(x: Any) -> Any:
    """As it is: nothing is compiled here."""
    return x


def _dispatch_sqrt(x: Any) -> Any:
    """The square root of a number or a tensor."""
    return x.sqrt() if isinstance(x, Tensor) else x**0.5


def _to_scalar(x: Any) -> Any:
    """A tensor of one element without dimensions; a number as it is."""
    return x.squeeze() if isinstance(x, Tensor) and x.dim() != 0 else x


def _get_scalar_dtype(is_fused: bool | None = None) -> Any:
    """The dtype of step counts: float64 if that is the default dtype, else float32."""
    return float64 if not is_fused and get_default_dtype() is float64 else float32


def _disable_dynamo_if_unsupported(single_tensor_fn: Callable | None = None) -> Callable[[Function], Function]:
    """A decorator that leaves a function as it is: nothing is compiled here."""

    def decorate(func: Function) -> Function:
        return func

    return decorate


def _default_to_fused_or_foreach(
    params: Sequence[Tensor], differentiable: bool, use_fused: bool = False
) -> tuple[bool, bool]:
    """Whether the loop is to be fused, and whether over all parameters at once: neither, on a CPU."""
    return False, False


def _device_dtype_check_for_fused(p: Tensor, cuda_unsupported: bool = False) -> None:
    """RuntimeError for a parameter that a fused loop cannot take: one that is not floating."""
    if not p.is_floating_point():
        raise RuntimeError(
            "`fused=True` requires all the params to be floating point Tensors of supported devices: "
            f"{_get_fused_kernels_supported_devices()} but {p.dtype} and {p.device.type}"
        )


def _view_as_real(params: list[Tensor], *state_and_grads: list[Tensor]) -> None:
    """Let lists have, in the place of complex tensors, views of them as pairs of real numbers."""
    for i, param in enumerate(params):
        if param.is_complex():
            params[i] = view_as_real(param)
            for values in state_and_grads:
                values[i] = view_as_real(values[i])


def _get_capturable_supported_devices(supports_xla: bool = True) -> list[str]:
    """The kinds of devices on which PyTorch can record a step as a graph."""
    return ["cuda", "xpu", "hpu", "privateuseone", *(["xla"] if supports_xla else [])]


def _get_foreach_kernels_supported_devices() -> list[str]:
    """The kinds of devices on which PyTorch loops over all parameters at once."""
    return ["cuda", "xpu", "mtia", "privateuseone"]


def _get_fused_kernels_supported_devices() -> list[str]:
    """The kinds of devices on which PyTorch has fused loops."""
    return ["mps", "cuda", "xpu", "hpu", "cpu", "mtia", "privateuseone"]


def _group_tensors_by_device_and_dtype(
    tensorlistlist: list[list[Tensor | None]], with_indices: bool = False
) -> dict[tuple[Any, Any], tuple[list[list[Tensor | None]], list[int]]]:
    """Lists of equal length, taken apart by the device and dtype of the tensors in the first of them.

    Returns, for each (device, dtype), the lists with what is at those places, and the places if they are asked for.

    >>> import mibun as torch
    >>> from mibun.optim.optimizer import _group_tensors_by_device_and_dtype as group
    >>> [len(lists[0]) for lists, _ in group([[torch.ones(1), torch.ones(1).double(), torch.ones(1)]]).values()]
    [2, 1]
    """
    found: dict[tuple[Any, Any], tuple[list[list[Tensor | None]], list[int]]] = {}
    for place, tensor in enumerate(tensorlistlist[0] if tensorlistlist else []):
        if tensor is None:
            raise RuntimeError("the first list must not have None in it")
        lists, places = found.setdefault((tensor.device, tensor.dtype), ([[] for _ in tensorlistlist], []))
        for own, values in zip(lists, tensorlistlist, strict=True):
            if values:
                own.append(values[place])
        if with_indices:
            places.append(place)
    return found


__all__ = ["required"]
