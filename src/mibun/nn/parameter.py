"""Parameter and Buffer: the Tensors that a Module owns.

A Parameter is a Tensor that a Module registers when it is assigned as an attribute, and that an optimizer is given. A
Buffer is one that belongs to the state of a Module but is not trained, such as a running mean.
"""

from __future__ import annotations

from typing import Any, Self

import mibun

from ..core.tensor import Tensor
from ..dispatch.torch_function import disabled_torch_function


class _ParameterMeta(type(Tensor)):
    """Lets a Tensor of the user's own subclass, marked `_is_param`, count as a Parameter."""

    def __instancecheck__(cls, instance: Any) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        return cls is Parameter and isinstance(instance, Tensor) and getattr(instance, "_is_param", False)


class _BufferMeta(type(Tensor)):
    def __instancecheck__(cls, instance: Any) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        return cls is Buffer and isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)


def _share(cls: type, data: Tensor, requires_grad: bool) -> Any:
    """A leaf of class `cls` on the memory of `data`, with its version counter."""
    result = object.__new__(cls)
    result._array = data.own_array()
    result._version_counter = data.version_counter()
    if requires_grad:
        result.requires_grad_()
    return result


def _not_a_tensor(data: Any, kind: str) -> AttributeError:
    # PyTorch's class for this: it calls data.detach().
    return AttributeError(
        f"'{type(data).__name__}' object has no attribute 'detach': the data of a {kind} must be a Tensor, as "
        "mibun.tensor(...) makes"
    )


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A Tensor that is a parameter of a Module: `Parameter(data=None, requires_grad=True)`.

    It shares the memory of `data` but none of its history. Assigned as an attribute of a Module, it appears in
    `parameters()` and in the state dict. RuntimeError if `data` is of an integer or bool dtype and `requires_grad` is
    left True.

    >>> import mibun as torch
    >>> torch.nn.Parameter(torch.tensor([1., 2.]))
    Parameter containing:
    tensor([1., 2.], requires_grad=True)
    """

    _plain = True
    # What is computed with it is a Tensor.
    __torch_function__ = staticmethod(disabled_torch_function)  # type: ignore[assignment]

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Self:
        if data is None:
            data = mibun.empty(0)
        if not isinstance(data, Tensor):
            raise _not_a_tensor(data, "Parameter")
        if type(data) is Tensor or type(data) is Parameter:
            return _share(cls, data, requires_grad)
        # A Tensor subclass of the user's own keeps its class.
        result = data.detach().requires_grad_(requires_grad)
        if type(result) is not type(data):
            raise RuntimeError(
                f"Creating a Parameter from an instance of type {type(data).__name__} requires that detach() returns "
                f"an instance of the same type, but return type {type(result).__name__} was found instead."
            )
        result._is_param = True  # type: ignore[attr-defined]
        return result  # type: ignore[return-value]

    def __deepcopy__(self, memo: dict) -> Parameter:
        if id(self) in memo:
            return memo[id(self)]
        result = memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return result


class Buffer(Tensor, metaclass=_BufferMeta):
    """A Tensor that is a buffer of a Module: `Buffer(data=None, *, persistent=True)`.

    Assigned as an attribute of a Module it is registered as by `register_buffer`; it is a plain Tensor otherwise, and
    is told apart from one by `isinstance`. A buffer that is not `persistent` is left out of the state dict.
    """

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Self:
        if data is None:
            data = mibun.empty(0)
        if not isinstance(data, Tensor):
            raise _not_a_tensor(data, "Buffer")
        result = _share(type(data), data, data.requires_grad)
        result.persistent = persistent
        result._is_buffer = True
        return result


__all__ = ["Buffer", "Parameter"]
