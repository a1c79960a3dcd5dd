"""What the transforms ask of their arguments: `argnums`, containers of Tensors, PyTorch's words where they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.pytree import tree_leaves, tree_map
from ..core.tensor import Tensor

Argnums = int | tuple[int, ...]


def wrapped_argnums(argnums: Any, count: int) -> Argnums:
    """`argnums` counted from the front, for a call with `count` arguments; RuntimeError if they do not fit."""
    if not isinstance(argnums, (int, tuple)):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    if isinstance(argnums, int):
        return _wrapped(argnums, count)
    places = tuple([_wrapped(one, count) for one in argnums])
    if not places:
        raise RuntimeError("argnums must be non-empty")
    if len(set(places)) != len(places):
        raise RuntimeError(f"argnums elements must be unique, got {places}")
    return places


def _wrapped(argnum: Any, count: int) -> int:
    if not isinstance(argnum, int):
        raise RuntimeError(f"argnum must be int, got: {type(argnum)}")
    if not -count <= argnum < count:
        raise RuntimeError(f"Got argnum={argnum}, but only {count} positional inputs")
    return argnum % count


def selected(args: tuple, argnums: Argnums) -> Any:
    """The argument, or the tuple of the arguments, that `argnums` (counted from the front) names."""
    return args[argnums] if isinstance(argnums, int) else tuple([args[i] for i in argnums])


def replaced(args: tuple, argnums: Argnums, values: Any) -> tuple:
    """The arguments with those that `argnums` names exchanged for `values`, which are as `selected` gave them."""
    result = list(args)
    if isinstance(argnums, int):
        result[argnums] = values
    else:
        for i, value in zip(argnums, values, strict=True):
            result[i] = value
    return tuple(result)


def check_inputs(leaves: list) -> None:
    """ValueError where what is to be differentiated by is no Tensor."""
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise ValueError(f"Thing passed to transform API must be Tensor, got {type(leaf)}")


def check_outputs(leaves: list, transform: str) -> None:
    """RuntimeError where a function has returned nothing, or something that is no Tensor."""
    if not leaves or (len(leaves) == 1 and leaves[0] is None):
        raise RuntimeError(
            f"{transform}: Expected f to be a function that has non-empty output (got output = {leaves})"
        )
    for leaf in leaves:
        if not isinstance(leaf, Tensor):
            raise RuntimeError(
                f"{transform}: expected f(*primals) to return only tensors, got unsupported type {type(leaf)}"
            )


def split_aux(output: Any, transform: str) -> tuple[Any, Any]:
    """(output, aux) of a function that was said to return both."""
    if not (isinstance(output, tuple) and len(output) == 2):
        raise RuntimeError(f"{transform}: output of function f should be a tuple: (output, aux) if has_aux is True")
    return output


def tree_of_tensors(change: Callable[[Tensor], Tensor], tree: Any) -> Any:
    """A container with each Tensor in it changed. RuntimeError where something else is in it."""

    def changed(leaf: Any) -> Tensor:
        if not isinstance(leaf, Tensor):
            raise RuntimeError(f"Expected tensors, got unsupported type {type(leaf)}")
        return change(leaf)

    return tree_map(changed, tree)


def refuse_complex(transform: str, tree: Any, what: str) -> None:
    """RuntimeError for complex Tensors, of which Jacobians are not defined here."""
    for i, leaf in enumerate(tree_leaves(tree)):
        if isinstance(leaf, Tensor) and leaf._array_.dtype.kind == "c":
            raise RuntimeError(
                f"{transform}: Expected all {what} to be real but received complex tensor at flattened input idx: {i}"
            )
