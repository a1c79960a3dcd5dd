"""Reverse mode as transforms: `grad`, `grad_and_value`, `vjp`.

The arguments enter through nodes of their own (`core/batching.py`), the function runs, and the engine is asked for the
gradients that arrive there. Whether the backward is recorded is looked up in the graph: if it leads outside, to
something that an outer transform or the user may differentiate by, it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.batching import NO_SAVED_HOOKS, Level, enter, leave, reaches_outside
from ..core.gradients import grad as gradients
from ..core.mode import MODE
from ..core.pytree import tree_flatten, tree_unflatten, treespec_pprint
from ..core.registry import NAMESPACES, TENSORS
from ..core.tensor import Tensor, wrap
from ..core.views import edge_of
from ..dispatch.saved import HooksDisabled
from ..xp.batched import over
from .arguments import (
    Argnums,
    check_inputs,
    check_outputs,
    replaced,
    selected,
    split_aux,
    tree_of_tensors,
    wrapped_argnums,
)

COPIES = ((lambda tensor: tensor.detach().clone(), lambda packed: packed),)  # hooks that copy what is saved


class Recording:
    """A level whose function is recorded, whatever the modes outside are. `outside`: whether it was recorded there."""

    def __enter__(self) -> Recording:
        mode = self.mode = MODE.get()
        if mode.saved_hooks and not isinstance(mode.saved_hooks[-1], HooksDisabled) and mode.saved_hooks != COPIES:
            raise RuntimeError(NO_SAVED_HOOKS)
        self.outside = mode.grad
        self.level = level = Level("grad")
        MODE.set(mode.replace(grad=True, inference=False, transforms=(*mode.transforms, level)))
        return self

    def __exit__(self, *error: object) -> None:
        MODE.set(self.mode)


def grad(func: Callable, argnums: Argnums = 0, has_aux: bool = False) -> Callable:
    """A function that computes the gradient of `func` by its positional argument(s) `argnums`.

    func: returns one number, a 0-d Tensor; with `has_aux` a tuple of that and of any container of Tensors, which is
    handed through. argnums: an int, or a tuple of ints for a tuple of gradients. Such an argument is a Tensor, or a
    container of Tensors, which the gradient is then as well: of the same shapes and dtypes, zeros for what the number
    does not depend on. With `has_aux` the function returns (gradient, aux). Transforms can be nested in any order.

    RuntimeError where `func` returns something else, for `argnums` that do not fit, and for integers. ValueError for an
    argument that is no Tensor.

    >>> import mibun as torch
    >>> torch.func.grad(torch.sin)(torch.tensor(0.))
    tensor(1.)
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        gradient, value = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return wrapper


def grad_and_value(func: Callable, argnums: Argnums = 0, has_aux: bool = False) -> Callable:
    """A function that computes (the gradient of `func`, its value): see `grad`.

    With `has_aux` it returns (gradient, (value, aux)).

    >>> import mibun as torch
    >>> torch.func.grad_and_value(torch.sin)(torch.tensor(0.))
    (tensor(1.), tensor(0.))
    """

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with Recording() as recording:
            level, outside = recording.level, recording.outside
            places = wrapped_argnums(argnums, len(args))
            flat, spec = tree_flatten(selected(args, places))
            check_inputs(flat)
            inputs = [enter(x, level) for x in flat]
            output = func(*replaced(args, places, tree_unflatten(inputs, spec)), **kwargs)
            aux = None
            if has_aux:
                output, aux = split_aux(output, "grad_and_value(f)(*args)")
            _check_scalar(output)
            connected = outside and reaches_outside((output,), level.first)
            gradient = tree_unflatten(backward_to(inputs, [output], None, True, connected, level, outside), spec)
            # (Its tangents may lead outside where it does not.)
            value = leave(output, level, outside if MODE.get().dual_levels else connected)
            if has_aux:
                return gradient, (value, tree_of_tensors(lambda x: leave(x, level, outside), aux))
            return gradient, value

    return wrapper


def vjp(func: Callable, *primals: Any, has_aux: bool = False) -> tuple:
    """(the value of `func`, a function that computes vector-Jacobian products at `primals`).

    primals: Tensors or containers of Tensors. func: returns a Tensor or a container of Tensors, floating or complex;
    with `has_aux` a tuple of that and of other Tensors, which become a third item of the result. The function returned
    takes the cotangents, arranged and shaped as the value, and gives a tuple of their products with the Jacobian, one
    for each of `primals`. It may be called any number of times, and be transformed; `retain_graph=False` frees the
    graph, `create_graph` says whether the product is to be recorded (by default, if grad mode is on).

    RuntimeError where `func` returns something else, and for cotangents that do not fit. ValueError for primals that
    are no Tensors.

    >>> import mibun as torch
    >>> value, product = torch.func.vjp(torch.sin, torch.tensor(0.))
    >>> product(torch.tensor(2.))
    (tensor(2.),)
    """
    return vjp_by(func, primals, None, has_aux)


def vjp_by(func: Callable, primals: tuple, argnums: Argnums | None, has_aux: bool) -> tuple:
    """`vjp` by some arguments only: `argnums` as for `grad`, or None for the tuple of all of them."""
    transform = "vjp(f, *primals)"
    with Recording() as recording:
        level, outside, around = recording.level, recording.outside, recording.mode.transforms
        places = None if argnums is None else wrapped_argnums(argnums, len(primals))
        flat, spec = tree_flatten(primals if places is None else selected(primals, places))
        check_inputs(flat)
        inputs = [enter(x, level) for x in flat]
        given = tree_unflatten(inputs, spec)
        output = func(*(given if places is None else replaced(primals, places, given)))
        aux = None
        if has_aux:
            output, aux = split_aux(output, transform)
            aux = tree_of_tensors(lambda x: leave(x, level, outside), aux)
        outputs, out_spec = tree_flatten(output)
        check_outputs(outputs, transform)
        for one in outputs:
            if one._array_.dtype.kind in "biu":
                raise RuntimeError(
                    "vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype "
                    f"{one.dtype}"
                )
        leads_outside = outside and reaches_outside(outputs, level.first)
        dual = bool(MODE.get().dual_levels)
        if leads_outside and not dual and len(outputs) == 1:
            value = output
        else:
            recorded = outside if dual else leads_outside
            value = tree_unflatten([leave(one, level, recorded) for one in outputs], out_spec)

    def product(cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        given, given_spec = tree_flatten(cotangents)
        if given_spec != out_spec:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of outputs to the "
                f"function. cotangents: {treespec_pprint(given_spec)}, primal output: {treespec_pprint(out_spec)}"
            )
        if isinstance(retain_graph, Tensor):
            raise TypeError(
                "the function that vjp returns takes all cotangents as one argument, arranged as the output of f: "
                "several in one tuple, list or dict. (retain_graph was given a Tensor.)"
            )
        recorded = MODE.get().grad if create_graph is None else create_graph
        connected = (
            recorded
            and (
                any([isinstance(g, Tensor) and g.requires_grad for g in given])
                # (What did not lead outside does not now; what did does as long as the same transforms are running.)
                or (
                    leads_outside
                    if outside and (not leads_outside or MODE.get().transforms[: len(around)] == around)
                    else reaches_outside(outputs, level.first)
                )
            )
        )
        return tree_unflatten(backward_to(inputs, outputs, given, retain_graph, connected, level, recorded), spec)

    return (value, product, aux) if has_aux else (value, product)


def _check_scalar(output: Any) -> None:
    if not isinstance(output, Tensor):
        raise RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(output)}")
    if output._array_.ndim != 0:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
            f"{output._array_.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )


def backward_to(
    inputs: list,
    outputs: list,
    cotangents: list | None,
    retain_graph: bool,
    connected: bool,
    level: Level,
    recorded: bool,
) -> list:
    """The gradients of the inputs; zeros for those that nothing depends on.

    connected: whether the values lead to something outside of the level that the gradients may be differentiated by.
    recorded: whether they are to be recorded then. Their tangents may lead outside where they do not.
    """
    pairs = [
        (output, cotangent)
        for output, cotangent in zip(outputs, cotangents or (None,) * len(outputs), strict=True)
        if edge_of(output) is not None
    ]
    if not pairs or not inputs:
        return [zeros_as(x) for x in inputs]
    roots, given = zip(*pairs, strict=True)
    by_tangents = recorded and not connected and bool(MODE.get().dual_levels)
    found = gradients(roots, inputs, given, retain_graph, connected or by_tangents, allow_unused=True)
    if by_tangents:
        found = [gradient if gradient is None else leave(gradient, level, True) for gradient in found]
    return [zeros_as(x) if gradient is None else gradient for x, gradient in zip(inputs, found, strict=True)]


def zeros_as(x: Tensor, shape: tuple[int, ...] | None = None) -> Tensor:
    """Zeros of a Tensor's dtype, and of its shape if no other is given; one for each example where that has one."""
    array = x._array_
    sizes: tuple[int, ...] = array.shape if shape is None else shape
    if type(array) in TENSORS:
        return wrap(over(array).zeros_for(sizes, array.dtype, (array,)))
    return wrap(NAMESPACES[type(array)].zeros(sizes, dtype=array.dtype))
