"""Tensors copied and saved as Python objects: `copy.copy`, `copy.deepcopy` and `pickle`."""

from __future__ import annotations

import copy as _copy
from typing import Any, SupportsIndex

import numpy as np

from ...core.batching import refuse_storage
from ...core.device import device
from ...core.hook_calls import warn_if_has_hooks
from ...core.memory import share
from ...core.meta import MetaArray, without_data
from ...core.node import LEAF
from ...core.registry import LEADING, TENSORS, Array, is_numpys, namespace_of
from ...core.tensor import Tensor, bare, is_inference
from ...core.views import counter_of, own_array
from ...dispatch.public import public
from ...xp.numpy.memory import storage
from .devices import moved
from .untyped_storages import UntypedStorage


def _has_storage(array: Array) -> bool:
    """Whether the array of a tensor is in memory that has to be looked at: not a sparse or another library's one."""
    kind = type(array)
    return is_numpys(kind) or kind in TENSORS


@public("__deepcopy__", function=False)
def __deepcopy__(self: Tensor, memo: dict) -> Tensor:
    """A leaf's copy with its grad, flag and attributes. RuntimeError for non-leaves."""
    if _has_storage(self._array_):
        refuse_storage(self)
    if id(self) in memo:
        return memo[id(self)]
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. "
            "If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage."
        )
    result = bare(type(self), _copied_memory(self._array_, memo))
    memo[id(self)] = result
    if self.requires_grad:
        result._edge_ = LEAF
    if self._grad_ is not None:
        result._grad_ = _copy.deepcopy(self._grad_, memo)
    for name, value in vars(self).items():
        setattr(result, name, _copy.deepcopy(value, memo))
    return result


def _copied_memory(array: Array, memo: dict) -> Array:
    """A copy of the whole memory that the array stands on, made once in a deepcopy, and the array's place in it.

    So tensors that share memory do so after a deepcopy too, and a view keeps its strides.
    """
    if type(array) is not np.ndarray:
        return array if isinstance(array, np.generic) else namespace_of(array).copy(array)
    root = storage(array)
    copied = memo.get(id(root))
    if copied is None:
        if root.base is not None or not (root.flags.c_contiguous or root.flags.f_contiguous):
            return array.copy(order="K")  # memory that another library manages
        copied = memo[id(root)] = root.copy(order="K")
    if array is root or copied.strides != root.strides:
        return copied if array is root else array.copy(order="K")
    offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, copied, offset, array.strides)


@public("__copy__", function=False)
def __copy__(self: Tensor) -> Tensor:
    """A shallow copy: a new leaf on the same memory, with the flag and the attributes of this tensor."""
    if _has_storage(self._array_):
        refuse_storage(self)
    result = bare(type(self), own_array(self))
    share(result, self)
    if not is_inference(self):
        result._version_counter_ = counter_of(self)
    if self.requires_grad:
        result._edge_ = LEAF
    _give_state(result, _state_of(self))
    return result


@public("__reduce_ex__", function=False)
def __reduce_ex__(self: Tensor, protocol: SupportsIndex) -> tuple:
    """Pickle as plain data: storage, geometry, flag, class, attributes. What made the tensor is not saved, nor hooks.

    Tensors on one storage are on one again if they are in one pickle.
    """
    if _has_storage(self._array_):
        refuse_storage(self)
    if self._edge_ is not None and type(self) is Tensor:
        warn_if_has_hooks(self)
    state = _state_of(self)
    if type(self._array_) in LEADING:
        return (_rebuild, (type(self), self._array_, self.requires_grad, state))
    array = own_array(self)
    if not is_numpys(type(array)):
        host = namespace_of(array).to_numpy(array)
        return (_rebuild_elsewhere, (type(self), host, str(self.device), self.requires_grad, state))
    if type(array) is MetaArray:
        return (_rebuild_meta, (type(self), array.dtype, self.shape, self.stride(), self.requires_grad, state))
    if type(array) is np.ndarray:
        root = storage(array)
        if root.flags.c_contiguous or root.flags.f_contiguous:
            offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0] if array.size else 0
            geometry = (array.dtype, offset, array.shape, array.strides)
            return (_rebuild_on, (type(self), UntypedStorage._of(root), geometry, self.requires_grad, state))
        array = array.copy(order="K")  # memory with gaps, which another library manages
    return (_rebuild, (type(self), array, self.requires_grad, state))


def _rebuild_on(cls: type, memory: UntypedStorage, geometry: tuple, requires_grad: bool, state: dict) -> Tensor:
    dtype, offset, shape, strides = geometry
    return _rebuild(cls, np.ndarray(shape, dtype, memory._array_, offset, strides), requires_grad, state)


def _rebuild_elsewhere(cls: type, array: np.ndarray, place: str, requires_grad: bool, state: Any) -> Tensor:
    return _rebuild(cls, moved(array, device(place)), requires_grad, state)


def _rebuild_meta(
    cls: type, dtype: np.dtype, shape: Any, strides: tuple[int, ...], requires_grad: bool, state: Any
) -> Tensor:
    return _rebuild(cls, without_data(tuple(shape), dtype, strides), requires_grad, state)


def _rebuild(cls: type, array: Array, requires_grad: bool, state: Any) -> Tensor:
    result = bare(cls, array)
    if requires_grad:
        result._edge_ = LEAF
    _give_state(result, state)
    return result


def _state_of(tensor: Tensor) -> Any:
    """The attributes of a tensor, or what its class says by a `__getstate__` of its own."""
    own = type(tensor).__getstate__
    return dict(vars(tensor)) if own is object.__getstate__ else own(tensor)


def _give_state(tensor: Tensor, state: Any) -> None:
    if type(tensor).__setstate__ is not Tensor.__setstate__:  # the user's own
        tensor.__setstate__(state)
    else:
        vars(tensor).update(state)


@public("__setstate__", function=False)
def __setstate__(self: Tensor, state: tuple) -> None:
    """What old files say of a Tensor: memory and geometry, or a Tensor; then its flag and hooks.

    state: (requires_grad, ignored, hooks), or (storage, storage offset, size, stride), or (tensor, ignored, hooks,
    requires_grad, ignored). Files of today name functions that make the Tensor. RuntimeError for what is no leaf,
    ValueError for a state of another length.
    """
    if not self.is_leaf:
        raise RuntimeError("__setstate__ can be only called on leaf Tensors")
    if len(state) == 4:
        self.set_(*state)
        return
    if len(state) == 5:
        self.data, _, hooks, requires_grad, _ = state
    elif len(state) == 3:
        requires_grad, _, hooks = state
    else:
        raise ValueError(f"expected a state of 3, 4 or 5 values for a Tensor, but got {len(state)}")
    self.requires_grad_(bool(requires_grad))
    if hooks:
        self._backward_hooks = hooks
