"""Anomaly detection: finds the line of the forward pass whose backward raised or gave NaN.

In this mode every recorded operation notes the user's whole traceback, the engine looks at what each node returns, and
an error says where the operation was called; for a node that was itself made during a backward, also where the
operation was called whose backward that was. Optionally the results of forward operations are looked at as well.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..xp import NAMESPACES
from .grad_mode import MODE, Mode, ModeContext, bool_argument
from .node import Node
from .site import INTERNAL, creation_site, describe

# The node that is running in backward, while anomaly detection watches it.
_running: ContextVar[Node | None] = ContextVar("mibun_running_node", default=None)


class set_detect_anomaly(ModeContext):
    """Switch anomaly detection on or off: at once when called, and back again when used as a context manager.

    mode: whether it is on. check_nan: whether NaN in a gradient is an error. check_forward: whether a forward operation
    that makes NaN or infinity from finite operands is an error (mibun's own). The switch is for this thread or task.
    """

    def __init__(self, mode: bool, check_nan: bool = True, *, check_forward: bool = False) -> None:
        super().__init__()
        self.mode = bool_argument("set_anomaly_enabled", mode, "enabled", 1)
        self.check_nan = bool_argument("set_anomaly_enabled", check_nan, "check_nan", 2)
        self.check_forward = bool_argument("set_anomaly_enabled", check_forward, "check_forward", 3)
        self._before = MODE.get()
        MODE.set(self._enter_mode(self._before))

    def _enter_mode(self, mode: Mode) -> Mode:
        anomaly = "forward" if self.mode and self.check_forward else self.mode
        return mode.replace(anomaly=anomaly, check_nan=self.check_nan)

    def __enter__(self) -> None:
        # The switch happened at construction: what to go back to is what was in force before that.
        self._previous.append(self._before)
        MODE.set(self._enter_mode(MODE.get()))

    def __call__(self, function: Any) -> Any:
        MODE.set(self._before)  # used as a decorator: the switch is for the function's calls only
        return super().__call__(function)

    def clone(self) -> ModeContext:
        return _Anomaly(self.mode, self.check_nan, self.check_forward)


class _Anomaly(ModeContext):
    def __init__(self, mode: bool, check_nan: bool, check_forward: bool) -> None:
        super().__init__()
        self.mode = "forward" if mode and check_forward else mode
        self.check_nan = check_nan

    def clone(self) -> ModeContext:
        return self

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(anomaly=self.mode, check_nan=self.check_nan)


class detect_anomaly(ModeContext):
    """Inside, a backward that raises, or gives NaN, tells the line of the operation that it belongs to.

    Warns that this is slow. See `set_detect_anomaly` for the parameters. RuntimeError for NaN; other errors pass with a
    note added.

    >>> import mibun as torch
    >>> x = torch.tensor(0., requires_grad=True)
    >>> with torch.autograd.detect_anomaly():  # doctest: +SKIP
    ...     (torch.log(x) * 0).backward()
    RuntimeError: Function 'LogBackward0' returned nan values in its 0th output. ...
    """

    def __init__(self, check_nan: bool = True, *, check_forward: bool = False) -> None:
        super().__init__()
        self.check_nan = bool_argument("set_anomaly_enabled", check_nan, "check_nan", 2)
        self.check_forward = bool_argument("set_anomaly_enabled", check_forward, "check_forward", 3)
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
            "debugging.",
            UserWarning,
            stacklevel=2,
        )

    def clone(self) -> ModeContext:
        return _Anomaly(True, self.check_nan, self.check_forward)

    def _enter_mode(self, mode: Mode) -> Mode:
        return mode.replace(anomaly="forward" if self.check_forward else True, check_nan=self.check_nan)


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on in this thread or task."""
    return bool(MODE.get().anomaly)


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection, if it is on, takes NaN for an error."""
    return MODE.get().check_nan


def note(node: Node) -> None:
    """Note on a new node, in its `metadata`, the user's traceback and the node whose backward is running."""
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
            if result is not None and _has_nan(result._array if recorded else result):
                _warn(node)
                raise RuntimeError(
                    f"Function '{node.name()}' returned nan values in its {index}th output. The backward is that of "
                    f"{node.where()}{_causes(node)}. Look there for 0/0, log(0), sqrt(0), or infinities that meet."
                )
    return results


def _has_nan(array: Any) -> bool:
    if array.dtype.kind not in "fcV":
        return False
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
            kind = "nan" if _has_nan(tensor._array) else "infinite"
            raise RuntimeError(
                f"Operation '{name}' returned {kind} values in its {index}th output, from finite operands, at "
                f"{describe(creation_site())}"
            )


def _not_finite(value: Any) -> bool:
    array = getattr(value, "_array", value)
    if not hasattr(array, "dtype"):
        return isinstance(array, (float, complex)) and array - array != 0
    if array.dtype.kind not in "fcV":
        return False
    # x - x is 0 for finite x, and NaN for the rest: true of every dtype, bfloat16 included.
    with np.errstate(all="ignore"):
        return bool(NAMESPACES[type(array)].any(array - array != 0))


__all__ = ["detect_anomaly", "set_detect_anomaly"]
