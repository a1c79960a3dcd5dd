"""`GradScaler`: the loss is scaled up, so that small gradients of float16 are not zero, and the gradients down again.

Where gradients overflow, the optimizer's step is left out and the scale lowered; where they have not for some time, it
is raised. Micikevicius et al., Mixed Precision Training (2018), arXiv:1710.03740, section 3.2.
"""

from __future__ import annotations

import inspect
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import numpy as np

from ..core.device import device as Device
from ..core.dtypes import float16, float32, int32
from ..core.mode import no_grad
from ..core.site import stacklevel
from ..core.tensor import Tensor
from ..ops.creation.filled import full


class OptState(Enum):
    """What has been done for an optimizer since the last `update`."""

    READY = 0
    UNSCALED = 1
    STEPPED = 2


def _refresh_per_optimizer_state() -> dict[str, Any]:
    return {"stage": OptState.READY, "found_inf_per_device": {}}


def _amp_foreach_non_finite_check_and_unscale_(
    scaled_grads: Sequence[Tensor], found_inf: Tensor, inv_scale: Tensor
) -> None:
    """Multiply gradients by `inv_scale`, in place, and set `found_inf` to 1 if an element of them is not finite.

    scaled_grads: of any floating dtypes. found_inf, inv_scale: float32, of one element; the former is left as it is
    where all are finite.
    """
    factor = inv_scale.item()
    with no_grad():
        for grad in scaled_grads:
            if not grad.isfinite().all():
                found_inf.fill_(1.0)
            if factor != 1:
                grad.mul_(factor)


def _amp_update_scale_(
    self: Tensor,
    growth_tracker: Tensor,
    found_inf: Tensor,
    scale_growth_factor: float,
    scale_backoff_factor: float,
    growth_interval: int,
) -> Tensor:
    """The next scale, in place: times `scale_backoff_factor` if `found_inf`, else larger every `growth_interval` calls.

    self: float32. growth_tracker: int32, how many calls in a row have found all finite. A scale that would become
    infinite is left as it is.
    """
    with no_grad():
        if found_inf.item():
            self.mul_(scale_backoff_factor)
            growth_tracker.zero_()
        elif growth_tracker.item() + 1 == growth_interval:
            larger = np.float32(self.item()) * np.float64(scale_growth_factor)
            if larger <= np.finfo(np.float32).max:
                self.fill_(float(larger))
            growth_tracker.zero_()
        else:
            growth_tracker.add_(1)
    return self


def _scaled(outputs: Any, scale: Tensor) -> Any:
    """The tensors of a structure times the scale."""
    if isinstance(outputs, Tensor):
        return outputs * scale
    if not isinstance(outputs, Iterable):
        raise ValueError("outputs must be a Tensor or an iterable of Tensors")
    scaled = (_scaled(output, scale) for output in outputs)
    if not isinstance(outputs, (list, tuple)):
        return scaled
    return type(outputs)._make(scaled) if hasattr(outputs, "_make") else type(outputs)(scaled)  # type: ignore[union-attr]


class GradScaler:
    """Scales losses and unscales gradients: `scaler.scale(loss).backward(); scaler.step(optimizer); scaler.update()`.

    Args:
        device: where the scale lies: "cpu". For "cuda", the default, which is not there, PyTorch's warning is given and
            the scaler is not enabled.
        init_scale: the first scale.
        growth_factor: what it is multiplied by after `growth_interval` updates in a row without overflow; above 1.
        backoff_factor: what it is multiplied by where a gradient is infinite or NaN; below 1.
        enabled: False: all methods but `scale`, `step` and `get_scale` (1.0) do nothing, and those pass on what they
            are given.

    AssertionError for factors on the wrong side of 1.

    >>> import mibun as torch
    >>> weight = torch.ones(2, requires_grad=True)
    >>> optimizer = torch.optim.SGD([weight], lr=0.1)
    >>> scaler = torch.amp.GradScaler("cpu", init_scale=8.)
    >>> scaler.scale((weight * 3).sum()).backward()
    >>> weight.grad
    tensor([24., 24.])
    >>> scaler.step(optimizer)
    >>> scaler.update()
    >>> weight
    tensor([0.7000, 0.7000], requires_grad=True)
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        self._device = device
        self._enabled = enabled
        if enabled and device == "cuda":
            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.", stacklevel=stacklevel()
            )
            self._enabled = False
        if not self._enabled:
            return
        assert growth_factor > 1.0, "The growth factor must be > 1.0."
        assert backoff_factor < 1.0, "The backoff factor must be < 1.0."
        self._init_scale = init_scale
        self._scale: Tensor | None = None  # made when something is first scaled
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._init_growth_tracker = 0
        self._growth_tracker: Tensor | None = None
        self._per_optimizer_states: dict[int, dict[str, Any]] = defaultdict(_refresh_per_optimizer_state)

    def _check_scale_growth_tracker(self, funcname: str) -> tuple[Tensor, Tensor]:
        hint = "This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration."
        assert self._scale is not None, f"Attempted {funcname} but _scale is None.  {hint}"
        assert self._growth_tracker is not None, f"Attempted {funcname} but _growth_tracker is None.  {hint}"
        return self._scale, self._growth_tracker

    def _lazy_init_scale_growth_tracker(self, dev: Any) -> None:
        assert self._growth_tracker is None, "_growth_tracker initialized before _scale"
        self._scale = full((), self._init_scale, dtype=float32, device=dev)
        self._growth_tracker = full((), self._init_growth_tracker, dtype=int32, device=dev)

    def scale(self, outputs: Any) -> Any:
        """A tensor, or the tensors in a list or another iterable, times the scale. ValueError for anything else."""
        if not self._enabled:
            return outputs
        if self._scale is None:
            self._lazy_init_scale_growth_tracker(Device("cpu"))
        assert self._scale is not None
        return _scaled(outputs, self._scale)

    def _unscale_grads_(
        self, optimizer: Any, inv_scale: Tensor, found_inf: Tensor, allow_fp16: bool
    ) -> dict[Any, Tensor]:
        found: list[Tensor] = []
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                grad = parameter.grad
                if grad is None:
                    continue
                if not allow_fp16 and grad.dtype is float16:
                    raise ValueError("Attempting to unscale FP16 gradients.")
                found.append(grad._values() if getattr(grad, "is_sparse", False) else grad)
        if not found:
            return {}
        _amp_foreach_non_finite_check_and_unscale_(found, found_inf, inv_scale)
        return {found_inf.device: found_inf}

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of an optimizer's parameters by the scale, to be clipped before `step`, for instance.

        RuntimeError if that has been done since the last `update`, or after `step`; ValueError for gradients of
        float16; AssertionError if nothing has been scaled.
        """
        if not self._enabled:
            return
        scale, _ = self._check_scale_growth_tracker("unscale_")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.UNSCALED:
            raise RuntimeError("unscale_() has already been called on this optimizer since the last update().")
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        inv_scale = full((), 1 / scale.double().item(), dtype=float32)
        found_inf = full((), 0.0, dtype=float32)
        state["found_inf_per_device"] = self._unscale_grads_(optimizer, inv_scale, found_inf, False)
        state["stage"] = OptState.UNSCALED

    def _maybe_opt_step(self, optimizer: Any, optimizer_state: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if any(found.item() for found in optimizer_state["found_inf_per_device"].values()):
            return None
        return optimizer.step(*args, **kwargs)

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """`optimizer.step(*args, **kwargs)` on unscaled gradients, unless one of them is infinite or NaN.

        RuntimeError for a closure, which would have to be scaled, and if it is called twice between updates;
        AssertionError if nothing has been scaled, or no parameter has a gradient. An optimizer that has
        `_step_supports_amp_scaling` is given the scale and what was found as its `grad_scale` and `found_inf`, and
        decides itself.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        self._check_scale_growth_tracker("step")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("step() has already been called since the last update().")
        if getattr(optimizer, "_step_supports_amp_scaling", False):
            result = self._let_it_scale(optimizer, state, args, kwargs)
        else:
            if state["stage"] is OptState.READY:
                self.unscale_(optimizer)
            assert len(state["found_inf_per_device"]) > 0, "No inf checks were recorded for this optimizer."
            result = self._maybe_opt_step(optimizer, state, *args, **kwargs)
        state["stage"] = OptState.STEPPED
        return result

    def _let_it_scale(self, optimizer: Any, state: dict[str, Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        """The step of an optimizer that unscales by itself; it is told the scale and whether all is finite."""
        if "grad_scaler" in inspect.signature(optimizer.step).parameters:
            warnings.warn(
                "GradScaler is going to stop passing itself as a keyword argument to the passed optimizer. In the near "
                "future GradScaler registers `grad_scale: Tensor` and `found_inf: Tensor` to the passed optimizer and "
                "let the optimizer use them directly.",
                FutureWarning,
                stacklevel=stacklevel(),
            )
            kwargs = {**kwargs, "grad_scaler": self}
        elif state["stage"] is OptState.READY:
            self._check_inf_per_device(optimizer)
        optimizer.grad_scale = None if state["stage"] is OptState.UNSCALED else self._get_scale_async()
        optimizer.found_inf = sum(state["found_inf_per_device"].values())
        try:
            return optimizer.step(*args, **kwargs)
        finally:
            del optimizer.grad_scale, optimizer.found_inf

    def update(self, new_scale: float | Tensor | None = None) -> None:
        """The scale of the next iteration: by what has been found, or `new_scale`.

        AssertionError where nothing was scaled, no optimizer has unscaled its gradients, or `new_scale` requires grad
        or has more than one element.
        """
        if not self._enabled:
            return
        scale, growth_tracker = self._check_scale_growth_tracker("update")
        if new_scale is not None:
            if isinstance(new_scale, float):
                scale.fill_(new_scale)
            else:
                reason = (
                    "new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with "
                    "requires_grad=False."
                )
                assert isinstance(new_scale, Tensor) and new_scale.dtype is float32, reason
                assert new_scale.numel() == 1 and new_scale.requires_grad is False, reason
                scale.copy_(new_scale)
        else:
            found = [
                one for state in self._per_optimizer_states.values() for one in state["found_inf_per_device"].values()
            ]
            assert len(found) > 0, "No inf checks were recorded prior to update."
            combined = found[0]
            for one in found[1:]:
                combined = combined + one
            _amp_update_scale_(
                scale,
                growth_tracker,
                combined,
                self._growth_factor,
                self._backoff_factor,
                self._growth_interval,
            )
        self._per_optimizer_states = defaultdict(_refresh_per_optimizer_state)

    def _get_scale_async(self) -> Tensor | None:
        return self._scale

    def get_scale(self) -> float:
        """The scale, as a number; 1.0 if it is not enabled."""
        if not self._enabled:
            return 1.0
        return self._init_scale if self._scale is None else self._scale.item()

    def get_growth_factor(self) -> float:
        """See `growth_factor`."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Set `growth_factor`."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """See `backoff_factor`."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Set `backoff_factor`."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """See `growth_interval`."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Set `growth_interval`."""
        self._growth_interval = new_interval

    def _get_growth_tracker(self) -> int:
        if not self._enabled:
            return 0
        return self._init_growth_tracker if self._growth_tracker is None else int(self._growth_tracker.item())

    def is_enabled(self) -> bool:
        """Whether it does anything."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on: the scale, the options and the count; empty if it is not enabled."""
        if not self._enabled:
            return {}
        return {
            "scale": self.get_scale(),
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._get_growth_tracker(),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave. RuntimeError for that of a scaler that was not enabled."""
        if not self._enabled:
            return
        if len(state_dict) == 0:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler."
            )
        self._init_scale = state_dict["scale"]
        if self._scale is not None:
            self._scale.fill_(state_dict["scale"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._init_growth_tracker = state_dict["_growth_tracker"]
        if self._growth_tracker is not None:
            self._growth_tracker.fill_(state_dict["_growth_tracker"])

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self._enabled:
            assert len(self._per_optimizer_states) == 0, (
                "A GradScaler instance may only be pickled at the beginning of an iteration, or at the end after "
                "scaler.update()."
            )
            state["_init_scale"] = self.get_scale()
            state["_init_growth_tracker"] = self._get_growth_tracker()
            state["_scale"] = state["_growth_tracker"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def _check_inf_per_device(self, optimizer: Any) -> dict[Any, Tensor]:
        """Look for gradients that are not finite, and leave all of them as they are."""
        self._check_scale_growth_tracker("_check_inf_per_device")
        one, found_inf = full((), 1.0, dtype=float32), full((), 0.0, dtype=float32)
        state = self._per_optimizer_states[id(optimizer)]
        state["found_inf_per_device"] = self._unscale_grads_(optimizer, one, found_inf, True)
        return state["found_inf_per_device"]

    def _found_inf_per_device(self, optimizer: Any) -> dict[Any, Tensor]:
        return self._per_optimizer_states[id(optimizer)]["found_inf_per_device"]


__all__ = ["GradScaler", "OptState"]
