"""Parameter and Buffer: the Tensors that a Module owns.

A Parameter is a Tensor that a Module registers when it is assigned as an attribute, and that an optimizer is given. A
Buffer is one that belongs to the state of a Module but is not trained, such as a running mean.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from numpy import ndarray

from ..core.memory import share
from ..core.missing import missing_name
from ..core.tensor import PLAIN, Tensor, bare, require_grad
from ..core.views import counter_of, own_array
from ..dispatch.torch_function import disabled_torch_function
from ..ops.creation.filled import empty

if TYPE_CHECKING:  # what is loaded on demand
    from .uninitialized import UninitializedBuffer as UninitializedBuffer
    from .uninitialized import UninitializedParameter as UninitializedParameter


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
    result = bare(cls, own_array(data))
    result._version_counter_ = counter_of(data)
    if type(data._array_) is not ndarray:
        share(result, data)
    if requires_grad:
        require_grad(result)
    return result


def _not_a_tensor(data: Any, kind: str) -> AttributeError:
    # PyTorch's class for this: it calls data.detach().
    return AttributeError(
        f"'{type(data).__name__}' object has no attribute 'detach': the data of a {kind} must be a Tensor, as "
        "mibun.tensor(...) makes"
    )


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A Tensor that is a parameter of a Module, registered when it is assigned as an attribute of one.

    It is then in `parameters()`, which an optimizer is given, and in the state dict.

    Args:
        data: a Tensor, whose memory it shares, but none of whose history; empty unless given.
        requires_grad: whether gradients are accumulated in it; False freezes it.

    Raises:
        AttributeError: `data` is no Tensor. TypeError: `requires_grad` is no bool. RuntimeError: `data` is of an
        integer or bool dtype and `requires_grad` is True.

    >>> import mibun as torch
    >>> torch.nn.Parameter(torch.tensor([1., 2.]))
    Parameter containing:
    tensor([1., 2.], requires_grad=True)
    """

    # What is computed with it is a Tensor.
    __torch_function__ = staticmethod(disabled_torch_function)  # type: ignore[assignment]

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Self:
        if data is None:
            data = empty(0)
        if not isinstance(data, Tensor):
            raise _not_a_tensor(data, "Parameter")
        if not isinstance(requires_grad, bool):
            raise TypeError(
                f"Parameter(): argument 'requires_grad' (position 2) must be bool, not {type(requires_grad).__name__}"
            )
        if requires_grad and data._array_.dtype.kind in "biu":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients: a Parameter of "
                f"{data.dtype} takes requires_grad=False"
            )
        if type(data) is Tensor or type(data) is Parameter:
            return _share(cls, data, requires_grad)
        # A Tensor subclass of the user's own keeps its class.
        result = require_grad(data.detach(), requires_grad)
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


PLAIN.add(Parameter)


class Buffer(Tensor, metaclass=_BufferMeta):
    """A Tensor that is a buffer of a Module, registered when it is assigned as an attribute, as by `register_buffer`.

    It is a plain Tensor otherwise, and is told apart from one by `isinstance`.

    Args:
        data: a Tensor, whose memory it shares; empty unless given.
        persistent: False leaves it out of the state dict.

    Raises:
        AttributeError: `data` is no Tensor.

    >>> import mibun as torch
    >>> module = torch.nn.Module()
    >>> module.mean = torch.nn.Buffer(torch.zeros(2))
    >>> dict(module.named_buffers())
    {'mean': tensor([0., 0.])}
    """

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Self:
        if data is None:
            data = empty(0)
        if not isinstance(data, Tensor):
            raise _not_a_tensor(data, "Buffer")
        result = _share(type(data), data, data.requires_grad)
        result.persistent = persistent
        result._is_buffer = True
        return result


class UninitializedTensorMixin:
    """What parameters and buffers without a shape have in common; the classes are in `nn/uninitialized.py`."""

    cls_to_become: type
    # What may be done with them; properties are looked at besides, but for the shape.
    _allowed = frozenset(
        "copy_ is_complex is_floating_point half float double char short int long cuda cpu to get_device "
        "type bfloat16 __hash__".split()
    )

    def materialize(self: Any, shape: Sequence[int], device: Any = None, dtype: Any = None) -> None:
        """Become an ordinary Parameter or Tensor of this shape, with unspecified values.

        device, dtype: those that were given when it was made, unless given here.
        """
        self.data = empty(tuple(shape), device=device, dtype=self.dtype if dtype is None else dtype)
        self.__class__ = self.cls_to_become

    @property
    def shape(self) -> Any:
        """RuntimeError: it has none yet."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This happens in `load_state_dict` when an "
            "uninitialized parameter is loaded into an initialized one: call `forward` first, which makes the "
            "parameters, or load into a lazy Module."
        )

    def size(self: Any, dim: int | None = None) -> Any:
        """That of nothing: `torch.Size([0])`."""
        return self.data.size(dim)

    def share_memory_(self) -> Any:
        """RuntimeError: it has none yet."""
        raise RuntimeError(
            "Can't share memory on an uninitialized parameter or buffer. Call `forward` to initialize the parameters "
            "before calling `module.share_memory()`."
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self: Any, protocol: Any) -> Any:
        return type(self), (self.requires_grad, None, self.dtype)

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        if type(func).__name__ != "method-wrapper" and func.__name__ not in cls._allowed:
            raise ValueError(
                f"Attempted to use an uninitialized parameter in {func}. Call the Module (or `load_state_dict`) first, "
                "so that a LazyModule gives its parameters their shapes, or `materialize` it yourself."
            )
        return disabled_torch_function(func, types, args, kwargs)


def is_lazy(param: Any) -> bool:
    """Whether a parameter or buffer has no shape yet."""
    return isinstance(param, UninitializedTensorMixin)


if not TYPE_CHECKING:  # checkers know the names from the imports

    def __getattr__(name: str) -> Any:
        if name in ("UninitializedParameter", "UninitializedBuffer"):
            return getattr(importlib.import_module(".uninitialized", __package__), name)
        raise missing_name(__name__, name)


__all__ = ["Buffer", "Parameter", "UninitializedTensorMixin", "is_lazy"]
