"""The number that `loss.item()` gives while a call is recorded: it may be returned, and nothing else done with it."""

from __future__ import annotations

from typing import Any


class PendingNumber(float):
    """A float that says when it is used: its value is another one whenever the record runs."""

    recorder: Any = None
    number = -1

    def used(self) -> float:
        """The value, for what cannot be recorded."""
        if self.recorder is not None:
            self.recorder.fail("the value of a tensor is read as a float")
        return float.__float__(self)


def _bind(name: str) -> None:
    plain = getattr(float, name)

    def call(self: PendingNumber, *args: Any) -> Any:
        self.used()
        return plain(self, *[float.__float__(one) if isinstance(one, PendingNumber) else one for one in args])

    setattr(PendingNumber, name, call)


_NAMES = """
abs add bool ceil divmod eq float floor floordiv format ge gt hash int le lt mod mul ne neg pos pow radd rdivmod repr
rfloordiv rmod rmul round rpow rsub rtruediv str sub truediv trunc
"""
for _name in _NAMES.split():
    if hasattr(float, f"__{_name}__"):
        _bind(f"__{_name}__")
for _name in ("as_integer_ratio", "conjugate", "hex", "is_integer"):
    _bind(_name)
