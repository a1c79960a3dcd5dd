"""Reverse mode as transforms: `grad`, `grad_and_value`, `vjp`.

The arguments enter through nodes of their own (`core/batching.py`), the function runs, and the engine is asked for the
gradients that arrive there. Whether the backward is recorded is looked up in the graph: if it leads outside, to
something that an outer transform or the user may differentiate by, it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.batching import Level, enter, leave, reaches_outside
from ..core.gradients import grad as gradients
from ..core.mode import MODE
from ..core.pytree import tree_flatten, tree_map, tree_unflatten
from ..core.tensor import Tensor, wrap
from ..core.views import edge_of


class _Recording:
    """A level whose function is recorded, whatever the grad mode outside."""

    def __init__(self) -> None:
        self.level = Level("grad")

    def __enter__(self) -> Level:
        self.outside = MODE.get()
        self.level.__enter__()
        return self.level

    def on(self) -> None:
        MODE.set(MODE.get().replace(grad=True, inference=False))

    def __exit__(self, *error: object) -> None:
        self.level.__exit__(*error)


def grad(func: Callable, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable:
    """A function that computes the gradient of `func`, which returns one number, by its argument(s) `argnums`.

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


def grad_and_value(func: Callable, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable:
    """A function that computes the gradient of `func` and its value.

    >>> import mibun as torch
    >>> torch.func.grad_and_value(torch.sin)(torch.tensor(0.))
    (tensor(1.), tensor(0.))
    """

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with _Recording() as level:
            outside = MODE.get().grad
            chosen = selected(args, argnums)
            flat, spec = tree_flatten(chosen)
            inputs = [entered(x) for x in flat]
            MODE.set(MODE.get().replace(grad=True))
            output = func(*replaced(args, argnums, tree_unflatten(inputs, spec)), **kwargs)
            aux = None
            if has_aux:
                if not (isinstance(output, tuple) and len(output) == 2):
                    raise RuntimeError(
                        "grad_and_value(f)(*args): output of function f should be a tuple: (output, aux) if has_aux is "
                        "True"
                    )
                output, aux = output
            check_scalar(output)
            found = backward_to(inputs, [output], [None], outside, level)
            gradient = tree_unflatten(found, spec)
            MODE.set(MODE.get().replace(grad=outside))
            value = leave(output, level, outside)
            if has_aux:
                return gradient, (value, tree_map(lambda x: handed_out(x, level, outside), aux))
            return gradient, value

    return wrapper


def vjp(func: Callable, *primals: Any, has_aux: bool = False) -> tuple:
    """(the value of `func`, a function that computes the vector-Jacobian product at `primals`).

    >>> import mibun as torch
    >>> value, product = torch.func.vjp(torch.sin, torch.tensor(0.))
    >>> product(torch.tensor(2.))
    (tensor(2.),)
    """
    with _Recording() as level:
        outside = MODE.get().grad
        flat, spec = tree_flatten(primals)
        inputs = [entered(x) for x in flat]
        MODE.set(MODE.get().replace(grad=True))
        output = func(*tree_unflatten(inputs, spec))
        aux = None
        if has_aux:
            if not (isinstance(output, tuple) and len(output) == 2):
                raise RuntimeError(
                    "vjp(f, *primals): output of function f should be a tuple: (output, aux) if has_aux is True"
                )
            output, aux = output
        outputs, out_spec = tree_flatten(output)
        for one in outputs:
            if not isinstance(one, Tensor):
                raise RuntimeError(
                    f"vjp(f, *primals): Expected f(*primals) to return only tensors, got unsupported type {type(one)}"
                )
        MODE.set(MODE.get().replace(grad=outside))
        result = tree_unflatten([leave(one, level, outside) for one in outputs], out_spec)

    def product(cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        given, given_spec = tree_flatten(cotangents)
        if given_spec != out_spec:
            raise RuntimeError(
                f"Expected pytree structure of cotangents to be the same as pytree structure of outputs to the "
                f"function. cotangents: {given_spec}, primal output: {out_spec}"
            )
        recorded = MODE.get().grad if create_graph is None else create_graph
        found = backward_to(inputs, outputs, given, recorded, level)
        return tree_unflatten(found, spec)

    if has_aux:
        return result, product, tree_map(lambda x: handed_out(x, level, outside), aux)
    return result, product


def selected(args: tuple, argnums: int | tuple[int, ...]) -> Any:
    if isinstance(argnums, int):
        return args[argnums]
    return tuple([args[i] for i in argnums])


def replaced(args: tuple, argnums: int | tuple[int, ...], values: Any) -> list:
    result = list(args)
    if isinstance(argnums, int):
        result[argnums] = values
    else:
        for i, value in zip(argnums, values, strict=True):
            result[i] = value
    return result


def entered(x: Any) -> Any:
    return enter(x) if isinstance(x, Tensor) else x


def handed_out(x: Any, level: Level, outside: bool) -> Any:
    return leave(x, level, outside) if isinstance(x, Tensor) else x


def check_scalar(output: Any) -> None:
    if not isinstance(output, Tensor):
        raise RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(output)}")
    if output._array_.ndim != 0:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
            f"{output._array_.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )


def backward_to(inputs: list, outputs: list, cotangents: list, outside: bool, level: Level) -> list:
    """The gradients of the inputs; zeros for those that nothing depends on."""
    pairs = [(y, g) for y, g in zip(outputs, cotangents, strict=True) if edge_of(y) is not None]
    wanted = [x for x in inputs if isinstance(x, Tensor)]
    if pairs:
        roots = [y for y, _ in pairs]
        given = [g for _, g in pairs]
        recorded = outside and (
            reaches_outside(roots, level.first) or any([g is not None and g.requires_grad for g in given])
        )
        found = list(gradients(roots, wanted, given, True, recorded, allow_unused=True))
    else:
        found = [None] * len(wanted)
    found = [wrap_zeros(x) if gradient is None else gradient for x, gradient in zip(wanted, found, strict=True)]
    by_input = iter(found)
    return [next(by_input) if isinstance(x, Tensor) else x for x in inputs]


def wrap_zeros(x: Tensor) -> Any:
    from ..core.registry import NAMESPACES

    return wrap(NAMESPACES[type(x._array_)].zeros(x._array_.shape, dtype=x._array_.dtype))
