"""`torch.jit._state`: the switch of PyTorch's compiler. It is off: there is none."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names


class EnabledProxy:
    """The switch: `enabled` is what `enable` and `disable` have set. Functions run as Python either way."""

    def __init__(self) -> None:
        self.enabled = False

    def __bool__(self) -> bool:
        return self.enabled


_enabled = EnabledProxy()


def disable() -> None:
    """Switch compiling off."""
    _enabled.enabled = False


def enable() -> None:
    """Switch compiling on; there is nothing that would compile."""
    _enabled.enabled = True


_explain_missing_names(__name__)
