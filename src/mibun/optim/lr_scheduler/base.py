"""What all learning rate schedulers share: counting steps, setting the rates, saving and loading.

Most schedulers are given as a recursion, which computes a group's next rate from its present one, so that several can
work on one optimizer and a rate set by hand is kept; those that can also give the rate of any epoch have a closed form.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ..optimizer import Optimizer

_EPOCH_WARNING = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use "
    "`scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed "
    "form is used instead of the new chainable form, where available."
)


def require_optimizer(optimizer: Any) -> None:
    """TypeError for what is not an Optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


def warn_epoch() -> None:
    """Warn of the deprecated argument `epoch`."""
    warnings.warn(_EPOCH_WARNING, UserWarning, stacklevel=stacklevel())


def set_option(group: dict[str, Any], name: str, value: Any) -> None:
    """Set an option of a group; a Tensor is kept and filled."""
    if isinstance(group[name], Tensor):
        group[name].fill_(float(value))
    else:
        group[name] = value


def options(optimizer: Optimizer, name: str) -> list[Any]:
    """An option of all groups, as values that later steps do not change."""
    values = [group[name] for group in optimizer.param_groups]
    return [value.clone() if isinstance(value, Tensor) else value for value in values]


class LRScheduler:
    """Base class of learning rate schedulers. Subclasses give `get_lr`, and `_get_closed_form_lr` where there is one.

    Call `step()` after the optimizer's. To resume, load the state of both; or give `last_epoch`, the number of the last
    epoch, and groups with their "initial_lr".

    Args:
        optimizer: whose groups' `lr` is set.
        last_epoch: the epoch after which to go on; -1 for a new start. See `LRScheduler`.

    Attributes:
        base_lrs: the initial rates, one for each group.
        last_epoch: the number of the present epoch, from 0.

    Raises:
        TypeError: for what is no Optimizer.
        KeyError: for `last_epoch` of 0 or more and groups without "initial_lr".

    >>> import mibun as torch
    >>> class Harmonic(torch.optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [base / (1 + self.last_epoch) for base in self.base_lrs]
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = Harmonic(optimizer)
    >>> optimizer.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    _get_lr_called_within_step: bool = False
    _is_initial: bool = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        require_optimizer(optimizer)
        self.optimizer = optimizer
        for index, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                initial = group["lr"]
                group.setdefault("initial_lr", initial.clone() if isinstance(initial, Tensor) else initial)
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{index}] when resuming scheduler with "
                    "last_epoch >= 0.\nThis typically happens when:\n1. You're trying to resume training from a "
                    "checkpoint but haven't properly loaded the optimizer state\n2. You're using last_epoch >= 0 for a "
                    "fresh training run (not recommended)"
                )
        self.base_lrs: list[Any] = options(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        self._initial_step()

    def _initial_step(self) -> None:
        """Set the rates of the first epoch."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, in a dict."""
        return {name: value for name, value in self.__dict__.items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict()` gave."""
        self.__dict__.update(state_dict)

    def get_last_lr(self) -> list[float]:
        """The rates set last, one for each group; Tensors where the optimizer's are."""
        return self._last_lr

    def get_lr(self) -> list[float]:
        """The rates of the present epoch, one for each group; to be given by the subclass."""
        raise NotImplementedError(f"{type(self).__name__} does not define get_lr")

    def step(self, epoch: float | None = None) -> None:
        """Set the rates of the next epoch.

        Args:
            epoch: deprecated: go to this one, by the closed form where there is one.

        Warns (UserWarning) where the optimizer has not been stepped before.
        """
        if self._step_count == 1 and not self.optimizer._opt_called:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. You should call them in the "
                "opposite order: `optimizer.step()` before `lr_scheduler.step()`. Failure to do this will result in "
                "skipping the first value of the learning rate schedule.",
                UserWarning,
                stacklevel=stacklevel(),
            )
        self._step_count += 1
        if epoch is not None:
            warn_epoch()
        self._update_lr(epoch)

    def _update_lr(self, epoch: float | None = None) -> None:
        if epoch is None:
            self.last_epoch += 1
            self._set_rates(self.get_lr)
        else:
            self.last_epoch = epoch  # type: ignore[assignment]
            self._set_rates(getattr(self, "_get_closed_form_lr", self.get_lr))

    def _set_rates(self, rates: Callable[[], list[Any]]) -> None:
        self._get_lr_called_within_step = True
        try:
            values = rates()
        finally:
            self._get_lr_called_within_step = False
        for group, value in zip(self.optimizer.param_groups, values, strict=True):
            set_option(group, "lr", value)
        self._last_lr: list[Any] = options(self.optimizer, "lr")

    def _present(self) -> list[Any]:
        """The rates that the groups have."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def _warn_outside_step(self) -> None:
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use `get_last_lr()`.",
                UserWarning,
                stacklevel=stacklevel(),
            )


class _LRScheduler(LRScheduler):
    """The old name of LRScheduler."""
