"""Anomaly detection as the engine sees it: what is noted on nodes, and the check of what a node gives.

The switches (`detect_anomaly`, `set_detect_anomaly`) are in `autograd/anomaly_mode.py`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from .mode import MODE
from .node import Node, raw
from .registry import LEADING, NAMESPACES
from .site import INTERNAL, creation_site, describe

# The node that is running in backward, while anomaly detection watches it.
_running: ContextVar[Node | None] = ContextVar("mibun_running_node", default=None)


def note(node: Node) -> None:
    """Note on a new node, in its `metadata`, the user's traceback and the node whose backward is running."""
    import traceback  # here, as it takes a while

    stack = traceback.extract_stack()
    lines = zip(stack, stack.format(), strict=False)
    node.metadata["traceback_"] = [line for entry, line in lines if not INTERNAL[entry.filename]]
    cause = _running.get()
    if cause is not None:
        node.metadata["parent_"] = cause


def checked(node: Node, grad: Any, recorded: bool) -> Any:
    """Run a node; whatever goes wrong tells of the operation that made it."""
    token = _running.set(node)
    try:
        results = node.run_recorded(grad) if recorded else node.run(grad)
    except Exception as error:
        _warn(node)
        error.add_note(f"The error arose in the backward of {node.where()}{_causes(node)}")
        raise
    finally:
        _running.reset(token)
    if MODE.get().check_nan:
        for index, result in enumerate(results):
            if result is not None and _has_nan(result._array_ if recorded else result):
                _warn(node)
                raise RuntimeError(
                    f"Function '{node.name()}' returned nan values in its {index}th output. The backward is that of "
                    f"{node.where()}{_causes(node)}. Look there for 0/0, log(0), sqrt(0), or infinities that meet."
                )
    return results


def _has_nan(array: Any) -> bool:
    if array.dtype.kind not in "fcV":
        return False
    if type(array) in LEADING:
        array = array.values
    return bool(NAMESPACES[type(array)].any(array != array))


def _causes(node: Node) -> str:
    """The operations whose backward made this node, one after the other."""
    parts = []
    cause = node.metadata.get("parent_")
    while cause is not None:
        parts.append(f", itself made by the backward of {cause.where()}")
        cause = cause.metadata.get("parent_")
    return "".join(parts)


def _warn(node: Node) -> None:
    """PyTorch's warnings: the traceback of the forward call, and those of the calls behind it."""
    lines = node.metadata.get("traceback_")
    if lines is None:
        message = (
            f"Error detected in {node.name()}. No forward pass information available. Enable detect anomaly during "
            f"forward pass for more information. The operation was called at {describe(node.site)}"
        )
    else:
        message = f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n{''.join(lines)}"
    warnings.warn(message, UserWarning, stacklevel=2)
    cause = node.metadata.get("parent_")
    while cause is not None:
        lines = "".join(cause.metadata.get("traceback_", ())) or f"  {describe(cause.site)}\n"
        warnings.warn(
            f"\n\nPrevious calculation was induced by {cause.name()}. Traceback of forward call that induced the "
            f"previous calculation:\n{lines}",
            UserWarning,
            stacklevel=2,
        )
        cause = cause.metadata.get("parent_")


def check_forward(name: str, operands: Sequence, results: Sequence) -> None:
    """Raise if an operation made NaN or infinity from finite operands."""
    for index, tensor in enumerate(results):
        if _not_finite(tensor) and not any(_not_finite(operand) for operand in operands):
            kind = "nan" if _has_nan(tensor._array_) else "infinite"
            raise RuntimeError(
                f"Operation '{name}' returned {kind} values in its {index}th output, from finite operands, at "
                f"{describe(creation_site())}"
            )


def _not_finite(value: Any) -> bool:
    array = raw(value)
    if not hasattr(array, "dtype"):
        return isinstance(array, (float, complex)) and array - array != 0
    if array.dtype.kind not in "fcV":
        return False
    if type(array) in LEADING:
        array = array.values
    # x - x is 0 for finite x, and NaN for the rest: true of every dtype, bfloat16 included.
    with np.errstate(all="ignore"):
        return bool(NAMESPACES[type(array)].any(array - array != 0))
