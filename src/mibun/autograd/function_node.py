"""What a user-written Function leaves in the graph: its node, and the context that its methods see.

The two are objects that show each other's attributes, so that what is stored on `ctx` can be read from `output.grad_fn`
(in PyTorch they are one) and no name that the user chooses (`ctx.shape`, `ctx.name`) is one that the engine relies on.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from ..core.mode import MODE
from ..core.node import Node, freed_error
from ..core.site import stacklevel
from ..core.tensor import Tensor, wrap
from ..dispatch.saved import SavedNone, SavedVariable


def no_backward(ctx: Any, *grad_outputs: Any) -> Any:
    """To be given by the subclass, by this name or as `vjp`: the gradients of forward's arguments."""
    raise NotImplementedError(
        "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
        "backward mode AD."
    )


def no_vmap(info: Any, in_dims: Any, *args: Any) -> Any:
    """To be given by a subclass that is to be used within vmap, unless it sets `generate_vmap_rule`.

    info: has `batch_size` and `randomness`. in_dims: for each of the arguments, in the same structure, which axis has
    the examples; None for what is the same for all, and no Tensor. args: the arguments of `apply`, with that axis.
    Returns (outputs, out_dims), the latter in the structure of the outputs.
    """
    raise NotImplementedError(
        "To use autograd.Function with vmap, you must either override the vmap staticmethod or set "
        "generate_vmap_rule=True."
    )


class FunctionCtx:
    """What `forward`, `setup_context`, `backward` and `jvp` share."""

    # In slots, so that `vars(ctx)` is the user's alone.
    __slots__ = (
        "needs_input_grad",
        "materialize_grads",
        "to_save",
        "saved_for_forward",
        "dirty_tensors",
        "non_differentiable",
        "_saved",
        "_freed",
        "_cleared",
        "_forward_saved",
        "_running_jvp",
        "_node_of_graph",
        "_unpacking_error",
        "__dict__",
        "__weakref__",
    )

    def __init__(self) -> None:
        self.needs_input_grad: tuple[bool, ...] = ()
        self.materialize_grads = True
        self.to_save: tuple | None = None
        self.saved_for_forward: tuple | None = None
        self.dirty_tensors: tuple | None = None
        self.non_differentiable: tuple | None = None
        self._saved: Sequence[SavedVariable | None] | None = None
        self._freed = self._cleared = self._running_jvp = False
        self._forward_saved: tuple = ()
        self._node_of_graph: Any = None  # a weak reference: the node holds this object
        self._unpacking_error: AttributeError | None = None

    def __getattr__(self, name: str) -> Any:
        error, self._unpacking_error = self._unpacking_error, None
        if error is not None:
            raise error  # Python comes here since what it called for `saved_tensors` has raised an AttributeError
        node = None if name.startswith("__") or self._node_of_graph is None else self._node_of_graph()
        if node is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return object.__getattribute__(node, name)

    def save_for_backward(self, *tensors: Any) -> None:
        """Save Tensors (or None) for `backward`. Call it at most once; `apply` raises TypeError for anything else."""
        self.to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Save Tensors (or None) for `jvp`, which reads them from `saved_tensors`."""

        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                kind = type(tensor).__name__
                raise AssertionError(
                    "save_for_forward expects all arguments to be tensors; you should save non-tensors as attributes "
                    f"on ctx (got {kind})"
                )
        self.saved_for_forward = tensors

    def mark_dirty(self, *args: Any) -> None:
        """Say which inputs `forward` modified in place; they must be returned."""
        self.dirty_tensors = args

    def mark_shared_storage(self, *pairs: Any) -> None:
        """Has no effect, and warns of it (FutureWarning): which tensors share memory is known."""
        warnings.warn(
            "`mark_shared_storage` is deprecated. Tensors with shared storages are automatically tracked. Note that "
            "calls to `set_()` are not tracked",
            FutureWarning,
            stacklevel=stacklevel(),
        )

    def mark_non_differentiable(self, *args: Any) -> None:
        """Say which outputs have no derivative."""
        self.non_differentiable = args

    def set_materialize_grads(self, value: bool) -> None:
        """Whether `backward` gets zeros (True, the default) or None for outputs without a gradient."""
        if not isinstance(value, bool):
            raise TypeError(
                "set_materialize_grads received an invalid combination of arguments: expected (bool), got "
                f"({type(value).__name__})"
            )
        self.materialize_grads = value

    @property
    def saved_tensors(self) -> tuple:
        """What was saved; RuntimeError after the graph was freed or if a saved tensor was modified in place."""
        if self._running_jvp:
            return self._forward_saved
        if self._freed:
            raise freed_error(self._node_of_graph())
        if self._saved is None:
            return tuple(self.to_save or ())  # inside forward itself
        if self._cleared:
            raise RuntimeError(
                "saved_tensors can only be accessed once when clear_saved_tensors_on_access=True is set on the "
                "autograd.Function. Either access saved_tensors only once, or set clear_saved_tensors_on_access=False."
            )
        node = self._node_of_graph()
        try:
            values = tuple([None if saved is None else saved.unpack(node) for saved in self._saved])
        except AttributeError as error:
            self._unpacking_error = error
            raise
        if node._forward_cls.clear_saved_tensors_on_access:
            self._cleared, self._saved = True, [None] * len(values)
        return values

    @property
    def _raw_saved_tensors(self) -> tuple:
        if self._freed:
            raise freed_error(self._node_of_graph())
        return tuple([SavedNone() if saved is None else saved for saved in self._saved or ()])

    @property
    def saved_variables(self) -> tuple:
        """An old name of `saved_tensors`, which warns (DeprecationWarning)."""
        warnings.warn(
            "'saved_variables' is deprecated; use 'saved_tensors'",
            DeprecationWarning,
            stacklevel=stacklevel(),
        )
        return self.saved_tensors


class FunctionNode(Node):
    """The node of one application of a Function."""

    pure = plain = False
    _forward_cls: Any = None
    _paths: tuple[tuple, ...] = ()  # for each edge, where its Tensor is: (index of the argument, key in it, ...)
    _n_arguments = 0
    _n_keywords = 0  # the last ones of the arguments, whose gradients backward may leave out
    levels: tuple = ()  # of vmap, at which what it was applied to is batched
    _ctx: FunctionCtx

    def __init__(self) -> None:
        ctx = vars(self)["_ctx"] = FunctionCtx()
        ctx._node_of_graph = weakref.ref(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_ctx":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        try:
            return object.__getattribute__(self._ctx, name)
        except AttributeError:
            self._ctx._unpacking_error = None
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self if name in _NODE_FIELDS else self._ctx, name, value)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self if name in _NODE_FIELDS else self._ctx, name)

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{type(self).__name__} object at {hex(id(self))}>"

    def apply(self, *grads: Any) -> Any:
        """Call the user's backward (or vjp, its other name)."""
        cls = self._forward_cls
        if cls.vjp is not no_backward:
            if cls.backward is not no_backward:
                raise RuntimeError(
                    "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only "
                    "implement one of them."
                )
            return cls.vjp(self._ctx, *grads)
        return cls.backward(self._ctx, *grads)

    def apply_jvp(self, *tangents: Any) -> Any:
        """Call the user's jvp."""
        return self._forward_cls.jvp(self._ctx, *tangents)

    def _rebuild(self, outputs: Any) -> Any:
        """What `apply` returns for the outputs of forward."""
        return outputs

    def has_saved(self) -> bool:
        return bool(self._ctx._saved)

    def release(self) -> None:
        if self._ctx._saved:
            self._ctx._freed = True
            self._ctx._saved = []

    @property
    def saved(self) -> Any:
        return None if self._ctx._freed else ()

    def _call(self, grad: Any, wrap: Callable, zeros: Callable) -> tuple:
        """Run the user's backward on Tensors and check what it returns."""

        grads = list(grad) if self.metas is not None else [grad]
        tensors = []
        for output_nr, value in enumerate(grads):
            if value is not None:
                tensors.append(wrap(value))
            elif self._ctx.materialize_grads and self.meta(output_nr)[1] is not None:
                tensors.append(zeros(*self.meta(output_nr)))
            else:
                tensors.append(None)
        mode = MODE.get()
        over = [level for level in self.levels if level not in mode.transforms]
        if over:  # a backward from outside of the vmap: the user's code is about one example nevertheless
            MODE.set(mode.replace(transforms=(*mode.transforms, *over)))
        try:
            results = self.apply(*tensors)
        finally:
            MODE.set(mode)
        if not isinstance(results, tuple):
            results = (results,) if not isinstance(results, list) else tuple(results)
        if len(results) != self._n_arguments:
            extra = results[self._n_arguments :]
            n_positional = self._n_arguments - self._n_keywords
            if len(results) < n_positional or any(value is not None for value in extra):
                raise RuntimeError(
                    f"function {self.name()} returned an incorrect number of gradients (expected {n_positional}, "
                    f"got {len(results)}). Return one for each argument of forward, None for those that need none. "
                    f"The function was applied at {self.where()}"
                )
            results += (None,) * (self._n_arguments - len(results))
        nested = {path[0]: len(path) > 1 for path in self._paths}
        for index, value in enumerate(results[: self._n_arguments]):
            if isinstance(value, (list, tuple, dict)) and nested.get(index, True):
                continue  # for an argument of the same arrangement
            if value is not None and index not in nested:
                raise RuntimeError(
                    f"function {self.name()} returned a gradient different than None at position {index + 1}, but the "
                    "corresponding forward input was not a Variable"
                )
            if value is not None and not isinstance(value, Tensor):
                raise RuntimeError(
                    f"expected Variable or None (got {type(value).__name__}): function {self.name()} returned it as "
                    f"the gradient at position {index + 1}"
                )
        return tuple(
            results[path[0]] if len(path) == 1 else _at_path(self, results, path, Tensor) for path in self._paths
        )

    def run(self, grad: Any) -> tuple:
        results = self._call(grad, wrap, _zeros)
        return tuple(None if value is None else value._array_ for value in results)

    def run_recorded(self, grad: Any) -> tuple:
        return self._call(grad, lambda value: value, _zeros)


# What the engine keeps on a node; every other name belongs to the user, and is kept on the context.
_NODE_FIELDS = frozenset(("_ctx", *vars(Node), *vars(FunctionNode)))


def _at_path(node: FunctionNode, results: tuple, path: tuple, Tensor: type) -> Any:
    """The gradient of a Tensor inside a list, tuple or dict: in the same place of what backward returned for that."""
    value = results[path[0]]
    for key in path[1:]:
        if value is None:
            return None
        try:
            value = value.get(key) if isinstance(value, dict) else value[key]
        except (LookupError, TypeError) as error:
            raise RuntimeError(
                f"function {node.name()} returned gradients at position {path[0] + 1} that are not arranged as the "
                f"argument is, which has a Tensor at {list(path[1:])}"
            ) from error
    if value is not None and not isinstance(value, Tensor):
        raise RuntimeError(
            f"expected Variable or None (got {type(value).__name__}): function {node.name()} returned it as the "
            f"gradient at position {path[0] + 1}, {list(path[1:])}"
        )
    return value


def _zeros(shape: tuple, dtype: Any) -> Any:
    import numpy as np

    return wrap(np.zeros(shape, dtype=dtype))
