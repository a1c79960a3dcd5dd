"""Whether autocast is on, for which kind of device and to which dtype: its state, per thread and per asyncio task.

Autocast runs some functions on operands of a lower precision, others on float32, by lists that are PyTorch's choice.
Those lists and the casts are in `mibun/amp/casting.py`, which is loaded when autocast is first switched on; until then
no function knows of it. Here is what has to be kept: the switches, and the casts that may be used again. All of it is
apart from the `Mode` of `mode.py`, as a program may change one inside of the other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, NamedTuple

from .device import device
from .dtypes import bfloat16, dtype, float16
from .mode import bool_argument
from .registry import MODULE_LOADERS

# The kinds of devices that PyTorch has autocast for, and the dtype that each casts to unless it is told another. Only
# the CPU's has an effect on mibun's tensors; the others' switches are kept, as programs set and ask for them.
LOWER_DTYPES: dict[str, dtype] = {
    "cpu": bfloat16,
    "cuda": float16,
    "mtia": float16,
    "maia": bfloat16,
    "xpu": float16,
    "ipu": float16,
    "hpu": bfloat16,
    "xla": bfloat16,
    "privateuseone": float16,
    "mps": float16,
}


class State(NamedTuple):
    """The switches in force."""

    enabled: frozenset[str] = frozenset()  # kinds of devices
    dtypes: tuple[tuple[str, dtype], ...] = ()  # where another was set than in `LOWER_DTYPES`
    caching: bool = True
    nesting: int = 0  # how many contexts are entered

    def dtype_of(self, kind: str) -> dtype:
        """The lower precision of a kind of device."""
        return dict(self.dtypes).get(kind) or LOWER_DTYPES[kind]


_DEFAULT = State()
STATE: ContextVar[State] = ContextVar("mibun_autocast", default=_DEFAULT)
# What the functions ask for that have a policy: the dtype to cast to on the CPU; None where autocast is off, and while
# such a function runs, whose parts are not to be cast again.
LOWER: ContextVar[dtype | None] = ContextVar("mibun_autocast_lower", default=None)
# Casts of leaves, of use for the other calls within the outermost context: see `casting.py`.
CASTS: ContextVar[dict[Any, Any] | None] = ContextVar("mibun_autocast_casts", default=None)

ARMING: list[Callable[[], None]] = []  # what lets functions ask for autocast: left by `mibun.amp` when it is loaded
_armed = False


def put(state: State) -> None:
    """Let these switches be in force."""
    global _armed
    lower = state.dtype_of("cpu") if "cpu" in state.enabled else None
    if lower is not None and not _armed:
        for load in MODULE_LOADERS:
            load("mibun.amp")
        for arm in ARMING:
            arm()
        _armed = True
    STATE.set(state)
    LOWER.set(lower)


@contextlib.contextmanager
def as_it_was(state: State) -> Iterator[None]:
    """Inside, the switches are those of another time: for what is computed again."""
    before, casts = STATE.get(), CASTS.get()
    if before == state:
        yield
        return
    put(state)
    CASTS.set(None)
    try:
        yield
    finally:
        put(before)
        CASTS.set(casts)


def kind_of(function: str, device_type: Any, *, words: str = "") -> str:
    """The kind of device that a string names. RuntimeError where there is none, or PyTorch has no autocast for it."""
    if not isinstance(device_type, str):
        kind = type(device_type).__name__
        raise TypeError(f"{function}(): argument 'device_type' (position 1) must be str, not {kind}")
    kind = device(device_type).type
    if kind not in LOWER_DTYPES:
        words = words or "unknown device type for autocast in get_autocast_dispatch_key_from_device_type"
        raise RuntimeError(f"{words}: {function}() knows {', '.join(LOWER_DTYPES)}, but got '{device_type}'")
    return kind


# --- the functions of PyTorch's ---


def is_autocast_enabled(device_type: str | None = None) -> bool:
    """Whether autocast is on for a kind of device ("cuda" if none is given, as in PyTorch).

    RuntimeError for a kind that has no autocast.

    >>> import mibun as torch
    >>> with torch.autocast("cpu"):
    ...     torch.is_autocast_enabled("cpu"), torch.is_autocast_enabled()
    (True, False)
    """
    if device_type is None:
        return "cuda" in STATE.get().enabled
    return kind_of("is_autocast_enabled", device_type) in STATE.get().enabled


def set_autocast_enabled(*args: Any, **kwargs: Any) -> None:
    """Switch autocast on or off: `set_autocast_enabled(device_type, enabled)`, or for "cuda" with `(enabled)` alone.

    TypeError for anything but a bool, RuntimeError for a kind of device that has no autocast.
    """
    names = ("device_type", "enabled") if len(args) + len(kwargs) > 1 else ("enabled",)
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    if len(args) > len(names) or set(given) != set(names):
        got = ", ".join([type(a).__name__ for a in args] + [f"{k}={type(v).__name__}" for k, v in kwargs.items()])
        raise TypeError(
            f"set_autocast_enabled() received an invalid combination of arguments - got ({got}), but expected one of: "
            "(str device_type, bool enabled), (bool enabled)"
        )
    kind = kind_of("set_autocast_enabled", given["device_type"]) if len(names) > 1 else "cuda"
    _switch(kind, bool_argument("set_autocast_enabled", given["enabled"], "enabled", len(names)))


def _switch(kind: str, enabled: bool) -> None:
    state = STATE.get()
    put(state._replace(enabled=state.enabled | {kind} if enabled else state.enabled - {kind}))


def get_autocast_dtype(device_type: str) -> dtype:
    """The dtype that autocast casts to on a kind of device, whether it is on or not. RuntimeError for an unknown one.

    >>> import mibun as torch
    >>> torch.get_autocast_dtype("cpu")
    torch.bfloat16
    """
    return STATE.get().dtype_of(kind_of("get_autocast_dtype", device_type, words="unsupported scalarType"))


def set_autocast_dtype(device_type: str, dtype: dtype) -> None:
    """Set the dtype that autocast casts to on a kind of device. TypeError for what is no dtype."""
    kind = kind_of("set_autocast_dtype", device_type)
    if not isinstance(dtype, _dtype):
        given = type(dtype).__name__
        raise TypeError(f"set_autocast_dtype(): argument 'dtype' (position 2) must be torch.dtype, not {given}")
    state = STATE.get()
    others = tuple([pair for pair in state.dtypes if pair[0] != kind])
    put(state._replace(dtypes=others if dtype is LOWER_DTYPES[kind] else (*others, (kind, dtype))))


_dtype = dtype


def is_autocast_cache_enabled() -> bool:
    """Whether the casts of leaves are kept for other calls."""
    return STATE.get().caching


def set_autocast_cache_enabled(enabled: bool) -> None:
    """Keep the casts of leaves for other calls, or do not. TypeError for anything but a bool."""
    put(STATE.get()._replace(caching=bool_argument("set_autocast_cache_enabled", enabled, "enabled")))


def autocast_increment_nesting() -> int:
    """Count one more context, and return how many there are."""
    state = STATE.get()
    put(state._replace(nesting=state.nesting + 1))
    return state.nesting + 1


def autocast_decrement_nesting() -> int:
    """Count one context less, and return how many there are: at 0 the casts have to be cleared."""
    state = STATE.get()
    put(state._replace(nesting=state.nesting - 1))
    return state.nesting - 1


def clear_autocast_cache() -> None:
    """Forget the casts of leaves: what has been written into them is seen by the calls that come after.

    >>> import mibun as torch
    >>> w = torch.ones(1, 1, requires_grad=True)
    >>> with torch.autocast("cpu"), torch.no_grad():
    ...     before = torch.ones(1, 1) @ w
    ...     _ = w.zero_()
    ...     stale = torch.ones(1, 1) @ w
    ...     torch.clear_autocast_cache()
    ...     stale.item(), (torch.ones(1, 1) @ w).item()
    (1.0, 0.0)
    """
    CASTS.set(None)


def is_any_autocast_enabled() -> bool:
    """Whether autocast is on for any kind of device: `torch._C._is_any_autocast_enabled`."""
    return bool(STATE.get().enabled)


def is_autocast_available(device_type: str) -> bool:
    """Whether PyTorch has autocast for a kind of device (not whether there is one). RuntimeError for no kind at all.

    >>> import mibun as torch
    >>> torch.amp.is_autocast_available("cpu"), torch.amp.is_autocast_available("meta")
    (True, False)
    """
    return device(device_type).type in LOWER_DTYPES


__all__ = [
    "autocast_decrement_nesting",
    "autocast_increment_nesting",
    "clear_autocast_cache",
    "get_autocast_dtype",
    "is_autocast_available",
    "is_autocast_cache_enabled",
    "is_autocast_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
]
