"""Hooks on the tensors that are saved for backward: the contexts that users enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.batching import NO_SAVED_HOOKS
from ..core.mode import MODE, ModeContext
from ..dispatch.saved import HooksDisabled, check_new_hooks


class saved_tensors_hooks(ModeContext):
    """Inside, every tensor saved for backward is given to `pack_hook`, and what that returned to `unpack_hook` later.

    `unpack_hook(pack_hook(t))` must give a tensor of the same values.
    """

    def __init__(self, pack_hook: Callable, unpack_hook: Callable) -> None:
        super().__init__()
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def clone(self) -> ModeContext:
        return type(self)(self.pack_hook, self.unpack_hook)

    def _enter_mode(self, mode: Any) -> Any:
        if any([level.kind == "grad" for level in mode.transforms]):
            raise RuntimeError(NO_SAVED_HOOKS)
        if mode.saved_hooks and isinstance(mode.saved_hooks[-1], HooksDisabled):
            raise RuntimeError(mode.saved_hooks[-1].message)
        check_new_hooks("saved_tensors_hooks", self.pack_hook, self.unpack_hook)
        return mode.replace(saved_hooks=(*mode.saved_hooks, (self.pack_hook, self.unpack_hook)))

    def __exit__(self, *error: object) -> None:
        # The innermost hooks are taken off, whosever they are, as PyTorch does.
        mode = MODE.get()
        if not mode.saved_hooks or isinstance(mode.saved_hooks[-1], HooksDisabled):
            raise RuntimeError(
                "saved_tensors_hooks: there are no hooks to take off; it was left more often than entered"
            )
        if self._previous:
            self._previous.pop()
        MODE.set(mode.replace(saved_hooks=mode.saved_hooks[:-1]))


class save_on_cpu(saved_tensors_hooks):
    """Keep saved tensors in other memory: every one is copied when it is saved. (Here the CPU is all there is, so this
    trades a copy for independence of later in-place changes.)

    pin_memory: copy into memory from which an accelerator can read by itself: without an accelerator that is all
    memory, so it changes nothing then, in PyTorch too. device_type: of which accelerator; ValueError for an unknown
    one.
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        if device_type not in ("cuda", "cpu", "xpu", "mps"):
            raise ValueError(f"save_on_cpu: unknown device type {device_type!r}")
        super().__init__(lambda tensor: tensor.detach().clone(), lambda packed: packed)

    def clone(self) -> ModeContext:
        return save_on_cpu()


class disable_saved_tensors_hooks(ModeContext):
    """Inside, entering `saved_tensors_hooks` raises RuntimeError with the message given."""

    def __init__(self, error_message: str) -> None:
        super().__init__()
        self.error_message = error_message

    def clone(self) -> ModeContext:
        return type(self)(self.error_message)

    def _enter_mode(self, mode: Any) -> Any:
        if mode.saved_hooks and not isinstance(mode.saved_hooks[-1], HooksDisabled):
            raise RuntimeError(self.error_message)
        return mode.replace(saved_hooks=(HooksDisabled(self.error_message),))
