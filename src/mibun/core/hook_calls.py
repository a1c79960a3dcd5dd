"""How a backward calls the user's hooks, and checks what they return.

A gradient may be replaced by one of the same shape and dtype only: what is behind it relies on that. Gradients are
raw arrays, or Tensors where the backward is recorded; hooks always see Tensors, or None for a gradient that nothing
contributed to.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from .dtypes import from_numpy_dtype
from .node import Node, NodeHooks
from .site import stacklevel
from .tensor import Tensor, wrap


def _shown(grad: Any, recorded: bool) -> Any:
    return grad if grad is None or recorded else wrap(grad)


def _named(hook: Any) -> str:
    return repr(getattr(hook, "__name__", "<unknown>"))


def _checked(result: Any, previous: Any, hook: Any, node: Node, recorded: bool) -> Any:
    """What a hook returned in the place of `previous`, as the execution holds gradients."""

    if result is None:
        return None
    if not isinstance(result, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}' (a hook of {node.where()})")
    if previous is None:
        raise RuntimeError(
            f"can't replace a None gradient with a non-None value (hook {_named(hook)} of {node.where()})"
        )
    new, old = result._array_, previous._array_ if recorded else previous
    if new.shape != old.shape:
        raise RuntimeError(
            f"hook {_named(hook)} has changed the size of value (was {list(old.shape)} got {list(new.shape)}; "
            f"a hook of {node.where()})"
        )
    if new.dtype != old.dtype:
        was, got = (f"torch.{from_numpy_dtype(array.dtype).scalar_name}Tensor" for array in (old, new))
        raise RuntimeError(
            f"hook {_named(hook)} has changed the type of value (was {was} got {got}; a hook of {node.where()})"
        )
    return result if recorded else new


def _checked_all(result: Any, previous: Sequence[Any], hook: Any, node: Node, recorded: bool) -> list:
    if not isinstance(result, tuple):
        raise TypeError(f"expected tuple, but hook returned '{type(result).__name__}' (a hook of {node.where()})")
    if len(result) != len(previous):
        raise RuntimeError(
            f"hook {_named(hook)} has returned an incorrect number of values (got {len(result)}, but expected "
            f"{len(previous)}; a hook of {node.where()})"
        )
    return [_checked(value, old, hook, node, recorded) for value, old in zip(result, previous, strict=True)]


def call_tensor_hooks(node: Node, hooks: NodeHooks, grads: list, recorded: bool) -> None:
    """Call the hooks of the tensors that are the node's outputs; what they return replaces the items of `grads`."""
    for output_nr, registered in list(hooks.tensor.items()):
        for hook in list(registered.values()):
            result = hook(_shown(grads[output_nr], recorded))
            if result is not None:
                grads[output_nr] = _checked(result, grads[output_nr], hook, node, recorded)


def call_pre_hooks(node: Node, hooks: NodeHooks, grads: list, recorded: bool) -> list:
    """Call the node's pre-hooks; returns the gradients of its outputs as the last of them has left them."""
    for hook in list(hooks.pre.values()):
        result = hook(tuple([_shown(grad, recorded) for grad in grads]))
        if result is not None:
            grads = _checked_all(result, grads, hook, node, recorded)
    return grads


def call_post_hooks(node: Node, hooks: NodeHooks, results: Sequence[Any], grads: Sequence[Any], recorded: bool) -> list:
    """Call the node's post-hooks; returns the gradients of its inputs as the last of them has left them."""
    everything = list(results)
    visible = [index for index in range(len(everything)) if index not in node.hidden]
    results = [everything[index] for index in visible]
    for index in node.absent:
        results.insert(index, None)
    for hook in list(hooks.post.values()):
        shown = tuple([_shown(result, recorded) for result in results])
        changed = hook(shown, tuple([_shown(grad, recorded) for grad in grads]))
        if changed is not None:
            results = _checked_all(changed, results, hook, node, recorded)
    for index in reversed(node.absent):
        del results[index]
    for index, result in zip(visible, results, strict=True):
        everything[index] = result
    return everything


def call_post_accumulate_hooks(leaf: Any, hooks: NodeHooks) -> None:
    """Call the hooks of a leaf whose `.grad` has been added to; they return nothing."""

    for hook in list(hooks.post_accumulate.values()):
        result = hook(leaf)
        if result is leaf or result is None:
            continue
        if isinstance(result, Tensor):
            raise RuntimeError(
                f"Tensor post accumulate grad hooks should return None, but {_named(hook)} returned a "
                "Tensor: it may set .grad of the tensor that it is given"
            )
        raise TypeError(
            f"expected Variable, but hook returned '{type(result).__name__}' (post accumulate grad hook "
            f"{_named(hook)}, which should return None)"
        )


def unserializable_hook(f: Callable) -> Callable:
    """Mark a hook as one that need not be saved with its tensor: no warning is given for it. Usable as a decorator."""
    f.__torch_unserializable__ = True  # type: ignore[attr-defined]
    return f


def warn_if_has_hooks(tensor: Any) -> None:
    """Warn (UserWarning) of each hook of `tensor` that would be lost, and is not marked with `unserializable_hook`.

    >>> import mibun as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_hook(torch.utils.hooks.unserializable_hook(lambda grad: grad * 2))
    >>> torch.utils.hooks.warn_if_has_hooks(x)
    """
    for hook in (tensor._backward_hooks or {}).values():
        if not hasattr(hook, "__torch_unserializable__"):
            warnings.warn(
                f"backward hook {hook!r} on tensor will not be serialized. If this is expected, you can decorate the "
                "function with @torch.utils.hooks.unserializable_hook to suppress this warning",
                stacklevel=stacklevel(),
            )
