"""`while_loop`: a function of Tensors again and again, as long as another is true of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def while_loop(cond_fn: Callable, body_fn: Callable, carried_inputs: tuple | list) -> Any:
    """What is left of `carried_inputs` when `cond_fn(*carried)` has become false of them.

    Args:
        cond_fn: returns a bool, or a Tensor of one.
        body_fn: returns the next values, as many as it is given.
        carried_inputs: Tensors and numbers.

    Raises:
        RuntimeError: for functions that cannot be called, inputs that are no tuple or list, and a body that returns
            another number of values.

    >>> import mibun as torch
    >>> from mibun._higher_order_ops import while_loop
    >>> while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, 2 * x), (torch.tensor(0), torch.ones(1)))
    (tensor(3), tensor([8.]))
    """
    if not callable(cond_fn) or not callable(body_fn):
        raise RuntimeError("Expect cond_fn and body_fn to be callable.")
    if not isinstance(carried_inputs, (tuple, list)):
        raise RuntimeError(f"Expect carried_inputs to be a tuple or a list, got {type(carried_inputs)}.")
    carried = tuple(carried_inputs)
    while bool(cond_fn(*carried)):
        result = body_fn(*carried)
        result = tuple(result) if isinstance(result, (tuple, list)) else (result,)
        if len(result) != len(carried):
            raise RuntimeError(
                f"body_fn should return {len(carried)} values, as many as it is given, not {len(result)}"
            )
        carried = result
    return carried
