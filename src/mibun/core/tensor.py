"""Tensor: an array that remembers how it was computed.

The class holds the array, its place in the graph and its gradient, and PyTorch's properties of these. There is no
formula here and no operator: those bind themselves to the class when they are declared, with `bind_method`.
"""

from __future__ import annotations

import inspect
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .device import CPU as _CPU
from .device import device as _device
from .dtypes import dtype as _dtype
from .dtypes import from_numpy_dtype
from .missing import AbsentName
from .mode import MODE, is_inference_mode_enabled
from .naming import name_as
from .node import (
    LEAF,
    NO_VERSIONS,
    OWN_DTYPE,
    Node,
    NodeHooks,
    RemovableHandle,
    TensorBase,
    VersionCounter,
    _register,
    accumulate_grad,
    as_node,
    leaf_made_inside,
)
from .registry import FUNCTIONS, METHODS, NAMESPACES, SUBCLASS_HOOKS, TENSORS
from .site import stacklevel
from .size import Size
from .views import NOWHERE_EDGE, Nowhere, View, edge_of

PLAIN: set[type] = set()  # the Tensor classes whose instances need no special treatment: Tensor and Parameter


class _TensorMeta(type):
    """Makes every subclass take the general path, which asks what it overrides."""

    def __init__(cls, name: str, bases: tuple, namespace: dict) -> None:
        super().__init__(name, bases, namespace)
        if not cls.__module__.startswith("mibun."):
            for made in SUBCLASS_HOOKS:
                made(cls)

    def __dir__(cls) -> list[str]:
        return [name for name in type.__dir__(cls) if type(inspect.getattr_static(cls, name, None)) is not AbsentName]


if TYPE_CHECKING:
    # The operators bind their methods when they are declared; a stub tells checkers and editors of them.
    from .tensor_methods import TensorMethods  # pyright: ignore[reportMissingModuleSource]
else:
    TensorMethods = object


class Tensor(TensorBase, TensorMethods, metaclass=_TensorMeta):
    """An n-dimensional array of one dtype, of which gradients can be computed.

    Made by `mibun.tensor`, `mibun.zeros`, ... The constructor itself makes one of the default dtype: from sizes
    (`Tensor(2, 3)`, uninitialised in PyTorch, zeros here), a sequence, an array or nothing.
    """

    # A tensor's own state. It is in slots, so that `vars(tensor)` is the user's alone, under names that no attribute of
    # a subclass will have. Whoever makes a Tensor by `object.__new__` sets them all: see `bare`. (There is no
    # `__getattr__`, which would make every access to them five times as slow.)
    __slots__ = (
        "_array_",  # an ndarray, or a NumPy scalar for a 0-d tensor that shares its memory with nothing
        "_edge_",  # None: does not require grad. A tuple (node, output number). Or LEAF or a View, to be resolved
        "_version_counter_",  # None until somebody asks for it; NO_VERSIONS for an inference tensor
        "_grad_",
        "_accumulator_",  # a weak reference to the leaf's AccumulateGrad, once somebody has asked for that
        "_leaf_hooks_",
        "_tangent_",
        "__dict__",
        "__weakref__",
    )
    _array_: Any
    _edge_: Any
    _version_counter_: VersionCounter | None
    _grad_: Tensor | None
    _accumulator_: weakref.ref | None
    _leaf_hooks_: NodeHooks | None
    _tangent_: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    # --- the array ---

    @property
    def shape(self) -> Size:
        """The sizes of the axes."""
        return tuple.__new__(Size, self._array_.shape)

    @property
    def dtype(self) -> _dtype:
        """The type of the elements."""
        return from_numpy_dtype(self._array_.dtype)

    @property
    def device(self) -> _device:
        """Where the elements are: on the CPU, where the library of its array has them, or nowhere, which is "meta"."""
        array = self._array_
        return _CPU if type(array) is np.ndarray else NAMESPACES[type(array)].device_of(array)

    @property
    def is_cpu(self) -> bool:
        """Whether the elements are on the CPU, in an array of NumPy's."""
        return self.device is _CPU or self.device.type == "cpu"

    @property
    def is_meta(self) -> bool:
        """Whether there is no data: the device is "meta"."""
        return self.device.type == "meta"

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array_.ndim

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return self._array_.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self._array_.nbytes

    @property
    def _version(self) -> int:
        if self._version_counter_ is NO_VERSIONS:
            raise RuntimeError("Inference tensors do not track version counter.")
        counter = self._version_counter_
        return 0 if counter is None else counter.version

    # --- the graph ---

    @property
    def requires_grad(self) -> bool:
        """Whether gradients are computed for this tensor. Can be set on leaves of floating or complex dtype."""
        edge = self._edge_
        return edge is not None and (type(edge) is not View or edge.requires_grad())

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not isinstance(value, (bool, np.bool_)):
            raise RuntimeError(f"requires_grad must be a bool, but got {type(value).__name__}")
        if value and not self.is_leaf:
            raise RuntimeError("you can only change requires_grad flags of leaf variables. This one has a grad_fn.")
        require_grad(self, value)

    @requires_grad.deleter
    def requires_grad(self) -> None:
        raise RuntimeError("requires_grad cannot be deleted: assign False")

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` in place. RuntimeError on integers, and when switching it off on a non-leaf."""
        _refuse_within_transform("requires_grad_()", " (or perhaps using torch.autograd.functional.* APIs)")
        return require_grad(self, requires_grad)

    @property
    def volatile(self) -> bool:
        """Always False, with a warning: what `torch.no_grad()` does was once a flag of this name."""
        warnings.warn("volatile was removed (Variable.volatile is always False)", stacklevel=stacklevel())
        return False

    @volatile.setter
    def volatile(self, value: bool) -> None:
        if value:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                stacklevel=stacklevel(),
            )

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor: made by the user, or not requiring grad."""
        return self.grad_fn is None

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation that made this tensor, None for a leaf."""
        edge = self._edge_
        if edge is None or edge is LEAF:
            return None
        if type(edge) is not tuple:
            edge = edge.resolve(self)
            if edge is None or edge is NOWHERE_EDGE:
                return None
        return None if edge[1] is None or edge[0].entrance else edge[0].shown()

    @property
    def output_nr(self) -> int:
        """Which output of its grad_fn this tensor is."""
        edge = self._edge_
        if type(edge) is View:
            edge = edge.edge  # as it was when last looked at, as in PyTorch
        return edge[1] or 0 if type(edge) is tuple else 0

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward calls have added up here; None before the first."""
        if self._grad_ is None and self._edge_ is not None and not was_leaf(self) and not self.retains_grad:
            warnings.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute "
                "won't be populated during autograd.backward(). If you indeed want the .grad field to be populated "
                "for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor.",
                UserWarning,
                stacklevel=stacklevel(),
            )
        return self._grad_

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
                )
            if value is self:
                raise RuntimeError("can't assign Variable as its own grad")
            if value._array_.dtype != self._array_.dtype or self._leaf_hooks_ is not None:
                self._check_grad_dtype(value)
            if value._array_.shape != self._array_.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(value._array_.shape)}' to a tensor of size "
                    f"'{list(self._array_.shape)}'. Please ensure that the gradient and the tensor are the same size"
                )
        self._grad_ = value

    @grad.deleter
    def grad(self) -> None:
        self._grad_ = None

    def _check_grad_dtype(self, value: Any) -> None:
        """Whether a gradient of another dtype may be assigned."""
        hooks = self._leaf_hooks_
        wanted = self.dtype if hooks is None or hooks.grad_dtype is OWN_DTYPE else hooks.grad_dtype
        if wanted is not None and value.dtype is not wanted:
            which = "dtype" if wanted is self.dtype else "grad_dtype"
            raise RuntimeError(
                f"attempting to assign a gradient with dtype '{value.dtype}' to a tensor with {which} '{wanted}'. "
                "Please ensure that the gradient and the tensor have the same dtype."
            )

    @property
    def grad_dtype(self) -> _dtype | None:
        """The dtype that gradients of this leaf are cast to: its own, unless another one, or None, is assigned."""
        if not was_leaf(self):
            raise RuntimeError("grad_dtype can only be accessed on leaf tensors.")
        hooks = self._leaf_hooks_
        return self.dtype if hooks is None or hooks.grad_dtype is OWN_DTYPE else hooks.grad_dtype

    @grad_dtype.setter
    def grad_dtype(self, value: _dtype | None) -> None:
        if value is not None and not isinstance(value, _dtype):
            raise RuntimeError(f"grad_dtype must be a torch.dtype or None, but got {type(value).__name__}")
        if not was_leaf(self):
            raise RuntimeError("grad_dtype can only be set on leaf tensors.")
        if value is not None and self._grad_ is not None and self._grad_.dtype is not value:
            raise RuntimeError(
                f"Cannot set grad_dtype to '{value.scalar_name}' because there is already a gradient with dtype "
                f"'{self._grad_.dtype}'. Please clear the gradient (.grad = None) before changing grad_dtype."
            )
        if self._leaf_hooks_ is None:
            if value is self.dtype:
                return
            self._leaf_hooks_ = NodeHooks()
        self._leaf_hooks_.grad_dtype = OWN_DTYPE if value is self.dtype else value

    @property
    def _grad(self) -> Tensor | None:
        """`.grad`, without the warning for non-leaves."""
        return self._grad_

    @_grad.setter
    def _grad(self, value: Tensor | None) -> None:
        self.grad = value

    @_grad.deleter
    def _grad(self) -> None:
        self._grad_ = None

    @property
    def retains_grad(self) -> bool:
        """Whether this non-leaf keeps its gradient."""
        edge = self._edge_
        if type(edge) is View:
            edge = edge.edge  # as it was when last looked at, as in PyTorch
        if type(edge) is not tuple or edge[1] is None:
            return False
        node, output_nr = edge
        if node.hooks is None:
            return False
        reference = node.hooks.retain.get(output_nr)
        return reference is not None and reference() is self

    def retain_grad(self) -> None:
        """Keep the gradient of this non-leaf in `.grad` too. RuntimeError if it does not require grad."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        _refuse_within_transform("retain_grad()")
        if self.retains_grad or was_leaf(self):
            return
        node, output_nr = as_node(edge_of(self))  # type: ignore[arg-type]
        node.own_hooks().retain[output_nr] = weakref.ref(self)

    def register_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(grad)` whenever the gradient of this tensor is computed; what it returns replaces the gradient."""
        edge = edge_of(self)
        if edge is None:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        node, output_nr = (Nowhere(), 0) if edge is NOWHERE_EDGE else as_node(edge)
        hooks = node.own_hooks()
        return _register(hooks.tensor.setdefault(output_nr, OrderedDict()), hook)

    def register_post_accumulate_grad_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(self)` after backward has added to this leaf's `.grad`."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if not self.is_leaf:
            raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
        return _register(accumulate_grad(self).own_hooks().post_accumulate, hook)

    @property
    def _backward_hooks(self) -> OrderedDict | None:
        """The hooks on this tensor's gradient: number of the handle -> hook. None if there has never been one."""
        edge = edge_of(self)
        if edge is NOWHERE_EDGE:
            return None
        if edge is None:
            return None if self._leaf_hooks_ is None else self._leaf_hooks_.tensor.get(0)
        node, output_nr = as_node(edge)
        return None if node.hooks is None else node.hooks.tensor.get(output_nr)

    @_backward_hooks.setter
    def _backward_hooks(self, value: OrderedDict | None) -> None:
        edge = edge_of(self)
        if edge is NOWHERE_EDGE:
            return
        if edge is None:  # they count once it requires grad
            self._leaf_hooks_ = self._leaf_hooks_ or NodeHooks()
            hooks, output_nr = self._leaf_hooks_, 0
        else:
            node, output_nr = as_node(edge)
            hooks = node.own_hooks()
        if value is None:
            hooks.tensor.pop(output_nr, None)
        else:
            hooks.tensor[output_nr] = value

    @_backward_hooks.deleter
    def _backward_hooks(self) -> None:
        raise RuntimeError("_backward_hooks cannot be deleted: assign None")

    @property
    def _post_accumulate_grad_hooks(self) -> OrderedDict | None:
        """The hooks of `register_post_accumulate_grad_hook`, in the same way."""
        return None if self._leaf_hooks_ is None else self._leaf_hooks_.post_accumulate or None

    @property
    def _base(self) -> Tensor | None:
        edge = self._edge_
        return edge.base if type(edge) is View else None

    def _is_view(self) -> bool:
        return type(self._edge_) is View

    def is_inference(self) -> bool:
        """Whether this tensor was made in inference mode."""
        if not isinstance(self, Tensor):  # called as torch.is_inference
            raise TypeError(f"is_inference(): argument 'input' (position 1) must be Tensor, not {type(self).__name__}")
        return self._version_counter_ is NO_VERSIONS

    # --- Python ---

    def __hash__(self) -> int:
        return id(self)  # by identity, though == compares elementwise

    def __len__(self) -> int:
        if self._array_.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return self._array_.shape[0]

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *dir(type(self))})


PLAIN.add(Tensor)


def bind_method(name: str, function: Any) -> None:
    """Make `function` (or a property) the attribute `name` of Tensor."""
    METHODS[name] = function
    setattr(Tensor, name, function)


# A function as well: `mibun.is_inference(x)`.
FUNCTIONS["is_inference"] = METHODS["is_inference"] = Tensor.is_inference
name_as(Tensor.is_inference, "mibun", "is_inference")

_new = object.__new__
_mode = MODE.get


def bare(cls: Any, array: Any) -> Any:
    """A new Tensor of class `cls` on a raw array, with nothing but that: no history, no version, no gradient."""
    tensor = _new(cls)
    tensor._array_ = array
    tensor._edge_ = tensor._version_counter_ = tensor._grad_ = None
    tensor._accumulator_ = tensor._leaf_hooks_ = tensor._tangent_ = None
    return tensor


def require_grad(tensor: Any, requires_grad: bool = True) -> Any:
    """`requires_grad_`, for what is allowed inside of function transforms too: new tensors that require grad."""
    if not isinstance(requires_grad, (bool, int, np.bool_)):
        raise TypeError(f"requires_grad must be a bool, but got {type(requires_grad).__name__}")
    if requires_grad:
        if tensor._array_.dtype.kind in "biu":
            raise RuntimeError(
                "only Tensors of floating point dtype can require gradients (or of complex dtype), but this one "
                f"is of {tensor.dtype}"
            )
        if tensor._version_counter_ is NO_VERSIONS and not is_inference_mode_enabled():
            raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
        if type(tensor._edge_) is View:
            tensor._edge_.leaf = tensor._edge_.leaf or tensor._edge_.edge is None
        elif tensor._edge_ is None:
            tensor._edge_ = leaf_made_inside() if MODE.get().transforms else LEAF
    else:
        if not was_leaf(tensor):
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
                "in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        if type(tensor._edge_) is View:
            tensor._edge_.leaf = False
        else:
            tensor._edge_ = None
    return tensor


def _refuse_within_transform(call: str, otherwise: str = "") -> None:
    """RuntimeError inside of a function that is transformed: the transform says by what is differentiated there."""
    if any([not level.implicit for level in MODE.get().transforms]):
        raise RuntimeError(
            f"You are attempting to call Tensor.{call}{otherwise} inside of a function being transformed by a "
            "functorch transform. This is unsupported, please attempt to use the functorch transforms (e.g. grad, vjp, "
            f"jacrev, jacfwd, hessian) or call {call} outside of a function being transformed instead."
        )


def wrap(array: Any) -> Any:
    """A new Tensor on a raw array: a leaf that does not require grad."""
    tensor = _new(TENSORS.get(type(array), Tensor))
    tensor._array_ = array
    tensor._edge_ = tensor._version_counter_ = tensor._grad_ = None
    tensor._accumulator_ = tensor._leaf_hooks_ = tensor._tangent_ = None
    if not _mode().fast and _mode().inference:
        tensor._version_counter_ = NO_VERSIONS
    return tensor


def copy_state(source: Any, target: Any) -> None:
    """Give `target` the memory of `source`, its place in the graph and its gradient: all but the user's attributes."""
    target._array_, target._edge_ = source._array_, source._edge_
    target._version_counter_, target._grad_ = source._version_counter_, source._grad_
    target._accumulator_, target._leaf_hooks_ = source._accumulator_, source._leaf_hooks_
    target._tangent_ = source._tangent_


def was_leaf(tensor: Any) -> bool:
    """`is_leaf`, of a view when it was last looked at: an in-place operation may have changed that since."""
    edge = tensor._edge_
    if type(edge) is View:
        edge = edge.edge
    return type(edge) is not tuple or edge[1] is None or edge[0].entrance


def is_inference(tensor: Any) -> bool:
    """Whether a tensor was made in inference mode."""
    return tensor._version_counter_ is NO_VERSIONS
