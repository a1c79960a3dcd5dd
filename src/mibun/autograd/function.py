"""User-written differentiable functions: `Function`, and what happens when one is applied.

`apply` runs forward outside of the graph, then gives each output its place in it: behind the function's node, as a view
of an input, or as the input itself where that was modified. The node and the context are in `function_node.py`.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

from ..core.anomaly import note
from ..core.batching import levels_of, lifted, within_transform
from ..core.mode import MODE, no_grad
from ..core.node import SEQUENCE, Node
from ..core.site import creation_site, stacklevel
from ..core.tensor import Tensor
from ..core.views import (
    NOWHERE_EDGE,
    View,
    bump_version,
    check_inplace,
    counter_of,
    edge_of,
    move_retained,
    rebase_history,
)
from ..core.watching import watched_function
from ..dispatch.saved import SavedVariable, current_hooks
from .forward_ad import propagate_function
from .function_node import FunctionCtx, FunctionNode, no_backward, no_vmap


def _find_tensors(value: Any, path: tuple, Tensor: type, found: list) -> None:
    """Note every Tensor in nested lists, tuples and dicts, with the way to it."""
    if isinstance(value, Tensor):
        found.append((path, value))
    elif isinstance(value, (list, tuple)):
        for key, item in enumerate(value):
            _find_tensors(item, (*path, key), Tensor, found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _find_tensors(item, (*path, key), Tensor, found)


def _with_defaults(forward: Any, args: tuple) -> tuple:
    """The arguments, and the default values of those that were left out: `setup_context` is given all of them."""
    defaults = getattr(forward, "__defaults__", None) or ()
    missing = forward.__code__.co_argcount - len(args) if defaults else 0
    return (*args, *defaults[-missing:]) if 0 < missing <= len(defaults) else args


def _bind(cls: Any, args: tuple, kwargs: dict, takes_context: bool) -> tuple[tuple, dict]:
    """The arguments that forward takes by position, whether given by position or by name; and the others."""
    names = inspect.signature(cls.forward)
    bound = names.bind(None, *args, **kwargs) if takes_context else names.bind(*args, **kwargs)
    if not takes_context:
        bound.apply_defaults()
    return (bound.args[1:] if takes_context else bound.args), bound.kwargs


class FunctionMeta(type):
    """Makes the node class of each Function: `MyPow` has `MyPowBackward`."""

    def __init__(cls, name: str, bases: tuple, namespace: dict) -> None:
        super().__init__(name, bases, namespace)
        node = _NestedNode if any(base.__name__ == "NestedIOFunction" for base in cls.__mro__[1:]) else FunctionNode
        # Made by a call, so without a source of its own; not in the user's module either, where nothing has its name.
        backward = type(name + "Backward", (node,), {"_forward_cls": cls, "__module__": __name__})
        cls._backward_cls = backward


class Function(FunctionCtx, metaclass=FunctionMeta):
    """Base class of user-written differentiable operations.

    Tensors may also be given by name, and in lists, tuples and dicts (nested too), which PyTorch does not
    differentiate: backward then returns gradients arranged in the same way; those of keyword-only arguments come last.

    Subclasses give static methods `forward(ctx, *args)` (or `forward(*args)` and `setup_context(ctx, inputs, output)`),
    `backward(ctx, *grad_outputs)` and, for forward mode, `jvp(ctx, *tangents)`; they are called by `apply`. Inside of
    function transforms (`torch.func`) there must be `setup_context`, and under vmap either `generate_vmap_rule = True`,
    by which these methods run on batched Tensors, or a `vmap(info, in_dims, *args)`: RuntimeError without.

    >>> import mibun as torch
    >>> class Square(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...     @staticmethod
    ...     def backward(ctx, grad_output):
    ...         x, = ctx.saved_tensors
    ...         return 2 * x * grad_output
    >>> x = torch.tensor(3., requires_grad=True)
    >>> Square.apply(x).backward()
    >>> x.grad
    tensor(6.)
    """

    _backward_cls: type[FunctionNode]
    generate_vmap_rule = False
    clear_saved_tensors_on_access = False  # free what was saved as soon as backward has asked for it, once

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all static, so you should "
            f"invoke them on the class itself: use {type(self).__name__}.apply(...)",
            DeprecationWarning,
            stacklevel=stacklevel(),
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd "
            f"function with static forward method: call {type(self).__name__}.apply(...)"
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """To be given by the subclass."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> Any:
        """To be given by a subclass whose forward takes no ctx."""
        raise NotImplementedError("setup_context is not implemented.")

    backward = staticmethod(no_backward)
    vjp = backward
    vmap = staticmethod(no_vmap)

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """To be given by a subclass that is to be used in forward mode."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run forward and record it. Tensors among the arguments are differentiable, also inside lists and dicts."""
        mode = MODE.get()
        if not mode.plain:
            if mode.transforms and within_transform():
                from .function_transforms import apply_within  # which few programs need

                if cls.setup_context is not Function.setup_context:
                    args, kwargs = _bind(cls, args, kwargs, False)
                has_setup, has_rule = cls.setup_context is not Function.setup_context, cls.vmap is not no_vmap
                return apply_within(_apply_watched, cls, args, kwargs, has_setup, has_rule)
            return _apply_watched(cls, args, kwargs)
        return _apply(cls, args, kwargs)


def _apply_watched(cls: Any, args: tuple, kwargs: dict, forward: Callable | None = None) -> Any:
    mode = MODE.get()
    if mode.watchers:
        return watched_function(functools.partial(_apply, forward=forward), cls, args, kwargs, mode)
    return _apply(cls, args, kwargs, forward)


def _apply(cls: Any, args: tuple, kwargs: dict, forward: Callable | None = None) -> Any:
    """forward: what to call in the place of the Function's own, for one with `setup_context`."""
    node = cls._backward_cls()
    ctx = node._ctx
    mode = MODE.get()
    overrides_setup = cls.setup_context is not Function.setup_context
    if kwargs:
        args, kwargs = _bind(cls, args, kwargs, not overrides_setup)
    if overrides_setup:
        args = _with_defaults(cls.forward, args)
    inputs = (*args, *kwargs.values()) if kwargs else args
    found: list[tuple[tuple, Any]] = []
    for index, value in enumerate(inputs):
        _find_tensors(value, (index,), Tensor, found)
    tensors = [value for _, value in found]
    edges = []
    records = False
    needs = [False] * len(inputs)
    for path, value in found:
        edge = edge_of(value) if mode.grad else None
        records |= edge is not None
        edges.append(None if edge is NOWHERE_EDGE else edge)
        needs[path[0]] |= edge is not None if mode.grad else value.requires_grad
    ctx.needs_input_grad = tuple(needs)
    MODE.set(mode.replace(grad=False, dual_levels=()))
    try:
        if overrides_setup:
            outputs = (forward or cls.forward)(*args, **kwargs)
            cls.setup_context(ctx, inputs, outputs)
        else:
            outputs = cls.forward(ctx, *args, **kwargs)
    finally:
        MODE.set(mode)
    several = isinstance(outputs, tuple)
    listed = list(outputs) if several else [outputs]
    fields = vars(node)  # what the node itself keeps: see `FunctionNode.__setattr__`, which would be slower
    fields.update(_paths=tuple([path for path, _ in found]), _n_arguments=len(inputs), _n_keywords=len(kwargs))
    _check_marked(ctx, records)
    if mode.transforms and ctx.dirty_tensors and forward is None:
        _check_dirty_examples(cls, ctx)
    dirty = {id(tensor) for tensor in ctx.dirty_tensors or ()}
    input_ids = {id(value) for value in tensors}
    _check_dirty(cls, ctx, listed, input_ids, records)
    if not records:
        fields["edges"] = ()
        _bump_dirty(cls, ctx)
        results = [
            _outside(value, id(value) in input_ids, id(value) in dirty) if isinstance(value, Tensor) else value
            for value in listed
        ]
        if mode.dual_level >= 0:
            propagate_function(cls, ctx, inputs, results)
        return node._rebuild(tuple(results) if several else results[0])
    levels = levels_of((*tensors, *listed))
    if levels:
        edges = lifted(edges, tensors, levels)
        fields["levels"] = tuple([level for level in mode.transforms if level.number in levels])
    code, offset = creation_site() or (None, 0)
    fields.update(edges=tuple(edges), sequence_nr=next(SEQUENCE), code=code, offset=offset)
    if mode.anomaly:
        note(node)
    non_differentiable = {id(tensor) for tensor in ctx.non_differentiable or ()}
    metas = []
    results = []
    output_numbers: dict[int, int] = {}
    _bump_dirty(cls, ctx)
    for value in ctx.dirty_tensors or ():
        if value.requires_grad and value.is_leaf:
            raise RuntimeError(
                f"a leaf Variable that requires grad has been used in an in-place operation. {cls.__name__} marks it "
                "as dirty: give it a clone, or apply it under torch.no_grad() if the change should not be recorded."
            )
        check_inplace(value, True)
    for number, value in enumerate(listed):
        if not isinstance(value, Tensor):
            metas.append(((), None))
            results.append(value)
            continue
        output_numbers.setdefault(id(value), number)
        result = value
        array = value._array_
        differentiable = id(value) not in non_differentiable and array.dtype.kind not in "biu"
        if not differentiable:
            result = _outside(value, id(value) in input_ids, id(value) in dirty)
        elif id(value) in dirty:
            _rebase(node, value, number, tensors)
        else:
            if id(value) in input_ids:
                result = _alias(value)
            view = result._edge_
            if type(view) is View:
                view.creation, view.maker = "custom" if len(listed) == 1 else "multi_output", node.name()
                view.edge = (node, number)
                view.output_nr = number
                view.leaf = False
                view.version = counter_of(result).version
            else:
                result._edge_ = (node, number)
        metas.append((array.shape, array.dtype))
        results.append(result)
    if len(metas) == 1:
        fields["shape"], fields["dtype"] = metas[0]
    else:
        fields.update(metas=tuple(metas), n_outputs=len(metas))
    if mode.dual_level >= 0:  # before anything is saved: what is saved of outputs has their tangents
        propagate_function(cls, ctx, inputs, results)
    hooks = current_hooks(mode)
    for identity in non_differentiable:
        output_numbers.pop(identity, None)
    ctx._saved = [
        None if tensor is None else SavedVariable(tensor, output_numbers.get(id(tensor)), hooks)
        for tensor in ctx.to_save or ()
    ]
    ctx.to_save = ctx.dirty_tensors = ctx.non_differentiable = None
    return node._rebuild(tuple(results) if several else results[0])


def _check_marked(ctx: FunctionCtx, records: bool) -> None:
    """Raise if something else than a Tensor has been marked or saved."""

    for index, value in enumerate(ctx.dirty_tensors or ()):
        if not isinstance(value, Tensor):
            kind = type(value).__name__
            raise RuntimeError(f"mark_dirty can only accept variables, but argument {index} is of type {kind}")
    for value in ctx.non_differentiable or ():
        if not isinstance(value, Tensor):
            kind = type(value).__name__
            raise RuntimeError(f"mark_non_differentiable only accepts variable arguments, but got {kind}")
    for index, value in enumerate(ctx.to_save or () if records else ()):
        if value is not None and not isinstance(value, Tensor):
            kind = type(value).__name__
            raise TypeError(f"save_for_backward can only save variables, but argument {index} is of type {kind}")


def _check_dirty_examples(cls: Any, ctx: FunctionCtx) -> None:
    if cls.generate_vmap_rule and within_transform() and levels_of(ctx.dirty_tensors or ()):
        raise RuntimeError(
            "Some elements marked as dirty during the forward method were not returned as output. The inputs that are "
            f"modified inplace must all be outputs of the Function: {cls.__name__} has generate_vmap_rule=True, with "
            "which PyTorch cannot give the modified examples back. Write its vmap staticmethod instead."
        )


def _check_dirty(cls: Any, ctx: FunctionCtx, outputs: list, input_ids: set, records: bool) -> None:
    returned = {id(value) for value in outputs}
    for tensor in ctx.dirty_tensors or ():
        if id(tensor) not in input_ids:
            warnings.warn(
                "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have been mutated "
                f"should be passed to ctx.mark_dirty() ({cls.__name__}).",
                stacklevel=stacklevel(),
            )
        elif id(tensor) not in returned and records:
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that "
                f"are modified inplace must all be outputs of the Function ({cls.__name__})."
            )


def _bump_dirty(cls: Any, ctx: FunctionCtx) -> None:
    """An input marked dirty counts as modified even if forward went behind mibun's back (through NumPy, say)."""
    for tensor in ctx.dirty_tensors or ():
        bump_version(tensor, cls.__name__)


def _outside(tensor: Any, is_input: bool, is_dirty: bool) -> Any:
    """What is returned for an output that has no history: an input stays as it is, and its alias is given back."""
    if not tensor.requires_grad:
        if not is_input or is_dirty:
            return tensor
        mode = MODE.get()
        MODE.set(mode.replace(grad=False))
        try:
            result = _alias(tensor)
            if type(result._edge_) is View:
                result._edge_.creation = "custom"
            return result
        finally:
            MODE.set(mode)
    if is_input:
        return tensor.detach()
    view = tensor._edge_
    if type(view) is not View:
        tensor._edge_ = None
    else:
        view.creation = "custom"
    return tensor


def _rebase(node: FunctionNode, value: Any, number: int, tensors: list) -> None:
    if type(value._edge_) is View:
        place = [index for index, tensor in enumerate(tensors) if tensor is value][0]
        value._edge_.creation = "default"
        node.shape, node.dtype = value._array_.shape, value._array_.dtype
        rebase_history(value, node, place)
    else:
        old = value._edge_
        value._edge_ = (node, number)
        move_retained(value, old, node)
    value._grad_ = None  # as in PyTorch: it was the gradient of another value


def _alias(tensor: Any) -> Any:
    """The tensor as a view of itself: what PyTorch gives back for an input that is returned as it is."""
    return tensor.view_as(tensor)


def once_differentiable(function: Callable) -> Callable:
    """Decorate a `backward` that cannot be differentiated: doing so raises RuntimeError instead of being wrong."""

    @functools.wraps(function)
    def wrapper(ctx: Any, *args: Any) -> Any:
        with no_grad():
            outputs = function(ctx, *args)
        mode = MODE.get()
        if not mode.grad or not any(isinstance(a, Tensor) and a.requires_grad for a in args):
            requires = mode.grad and any(needed for needed in ctx.needs_input_grad)
            if not requires:
                return outputs
        several = isinstance(outputs, tuple)
        results = []
        for value in outputs if several else (outputs,):
            if isinstance(value, Tensor):
                node = _OnceDifferentiable()
                node.edges = tuple(edge_of(a) for a in args if isinstance(a, Tensor) and a.requires_grad) or (None,)
                if within_transform():  # which asks for the gradients of the arguments: to miss the error gives zeros
                    node.edges += ctx._node_of_graph().edges
                node.sequence_nr = next(SEQUENCE)
                node.shape, node.dtype = value._array_.shape, value._array_.dtype
                value = value.detach()
                value._edge_ = (node, 0)
            results.append(value)
        return tuple(results) if several else results[0]

    return wrapper


class _OnceDifferentiable(Node):
    """The node behind the result of a once-differentiable backward: it refuses to run."""

    def name(self) -> str:
        return "torch::autograd::Error"

    def run(self, grad: Any) -> tuple:
        if grad is None:
            return (None,) * len(self.edges)
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")

    run_recorded = run


class InplaceFunction(Function):
    """An old base class for Functions that may work in place: it only keeps the flag `inplace`."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class _NestedNode(FunctionNode):
    """The node of a NestedIOFunction: it knows how the outputs were arranged."""

    _arrangement: Any = None

    def _rebuild(self, outputs: Any) -> Any:
        return _arrange(self._ctx._arrangement, iter(outputs))


def _arrange(arrangement: Any, values: Any) -> Any:
    """Lists, tuples and dicts as in `arrangement`, with the next of `values` in each place."""
    if isinstance(arrangement, dict):
        return {key: _arrange(item, values) for key, item in arrangement.items()}
    if isinstance(arrangement, (list, tuple)):
        items = [_arrange(item, values) for item in arrangement]
        return tuple(items) if isinstance(arrangement, tuple) else items
    return next(values)


def _flatten(value: Any, flat: list) -> Any:
    """The arrangement of nested lists, tuples and dicts, whose contents are added to `flat`."""
    if isinstance(value, dict):
        return {key: _flatten(item, flat) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_flatten(item, flat) for item in value])
    flat.append(value)
    return None


class NestedIOFunction(Function):
    """A Function whose outputs too may be nested lists, tuples and dicts of Tensors.

    Subclasses give `forward_extended(ctx, *args)` and `backward_extended(ctx, *grad_outputs)`, in which gradients are
    arranged as the outputs and the arguments are.
    """

    @staticmethod
    def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls `forward_extended`."""
        flat: list = []
        ctx._arrangement = _flatten(ctx._forward_cls.forward_extended(ctx, *args, **kwargs), flat)
        return tuple(flat)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Calls `backward_extended`."""
        grads = _arrange(ctx._arrangement, iter(grad_outputs))
        return ctx._forward_cls.backward_extended(ctx, *(grads if isinstance(grads, tuple) else (grads,)))

    def forward_extended(self, *args: Any) -> Any:
        """To be given by the subclass."""
        raise NotImplementedError("You must implement the forward_extended function for a NestedIOFunction.")

    def backward_extended(self, *grad_outputs: Any) -> Any:
        """To be given by the subclass."""
        raise NotImplementedError("You must implement the backward_extended function for a NestedIOFunction.")


BackwardCFunction = FunctionNode

__all__ = [
    "BackwardCFunction",
    "Function",
    "FunctionCtx",
    "FunctionMeta",
    "InplaceFunction",
    "NestedIOFunction",
    "once_differentiable",
]
