"""Anomaly detection: finds the line of the forward pass whose backward raised or gave NaN.

In this mode every recorded operation notes the user's whole traceback, the engine looks at what each node returns, and
an error says where the operation was called; for a node that was itself made during a backward, also where the
operation was called whose backward that was. Optionally the results of forward operations are looked at as well.
"""

from __future__ import annotations

import warnings
from typing import Any

from ..core.mode import MODE, Mode, ModeContext, bool_argument


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


def set_anomaly_enabled(enabled: bool, check_nan: bool = True) -> None:
    """Turn anomaly detection on or off for this thread or task: see `set_detect_anomaly`.

    >>> import mibun as torch
    >>> torch.set_anomaly_enabled(False)
    >>> torch.is_anomaly_enabled()
    False
    """
    enabled = bool_argument("set_anomaly_enabled", enabled, "enabled", 1)
    check_nan = bool_argument("set_anomaly_enabled", check_nan, "check_nan", 2)
    MODE.set(MODE.get().replace(anomaly=enabled, check_nan=check_nan))


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on in this thread or task."""
    return bool(MODE.get().anomaly)


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection, if it is on, takes NaN for an error."""
    return MODE.get().check_nan


__all__ = ["detect_anomaly", "set_detect_anomaly"]
