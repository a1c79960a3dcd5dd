"""Averages of a model's weights over the steps of training: stochastic weight averaging, and exponential means.

Sources: Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization (2018), arXiv:1803.05407;
exponential means: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging (1992).
"""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..core.mode import no_grad
from ..core.tensor import Tensor
from ..nn.modules.batchnorm import _BatchNorm
from ..nn.modules.module import Module
from ..ops.annotations import Device
from ..ops.creation.from_data import tensor
from .lr_scheduler.base import LRScheduler
from .optimizer import Optimizer

__all__ = [
    "AveragedModel",
    "SWALR",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

AverageOne = Callable[[Tensor, Tensor, Any], Tensor]
AverageAll = Callable[[Any, Any, Any], None]


def _check_decay(decay: float) -> None:
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")


def get_ema_avg_fn(decay: float = 0.999) -> AverageOne:
    """For `AveragedModel(avg_fn=)`: the exponential mean `decay average + (1 - decay) parameter`.

    ValueError for a decay outside [0, 1].

    >>> import mibun as torch
    >>> average = torch.optim.swa_utils.get_ema_avg_fn(0.75)
    >>> average(torch.tensor([0.]), torch.tensor([4.]), 1)
    tensor([1.])
    """
    _check_decay(decay)

    def ema_update(ema_param: Tensor, current_param: Tensor, num_averaged: Tensor | int) -> Tensor:
        with no_grad():
            return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn() -> AverageOne:
    """For `AveragedModel(avg_fn=)`: the mean of all parameters so far, all weighing the same.

    >>> import mibun as torch
    >>> average = torch.optim.swa_utils.get_swa_avg_fn()
    >>> average(torch.tensor([1.]), torch.tensor([4.]), 2)
    tensor([2.])
    """

    def swa_update(averaged_param: Tensor, current_param: Tensor, num_averaged: Tensor | int) -> Tensor:
        with no_grad():
            return averaged_param + (current_param - averaged_param) / (num_averaged + 1)

    return swa_update


def _over_all(average: AverageOne) -> AverageAll:
    def update(averaged: Iterable[Tensor], current: Iterable[Tensor], num_averaged: Tensor | int) -> None:
        with no_grad():
            for mean, value in zip(averaged, current, strict=True):
                mean.copy_(average(mean, value, num_averaged))

    return update


def get_ema_multi_avg_fn(decay: float = 0.999) -> AverageAll:
    """As `get_ema_avg_fn`, for `AveragedModel(multi_avg_fn=)`: of two lists of Tensors, the first is changed in place.

    >>> import mibun as torch
    >>> mean = [torch.tensor([0.])]
    >>> torch.optim.swa_utils.get_ema_multi_avg_fn(0.75)(mean, [torch.tensor([4.])], 1)
    >>> mean
    [tensor([1.])]
    """
    _check_decay(decay)
    return _over_all(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> AverageAll:
    """As `get_swa_avg_fn`, for `AveragedModel(multi_avg_fn=)`: of two lists of Tensors, the first is changed in place.

    >>> import mibun as torch
    >>> mean = [torch.tensor([1.])]
    >>> torch.optim.swa_utils.get_swa_multi_avg_fn()(mean, [torch.tensor([4.])], 2)
    >>> mean
    [tensor([2.])]
    """
    return _over_all(get_swa_avg_fn())


class AveragedModel(Module):
    """A copy of a model whose parameters are the mean of those that the model has had.

    Args:
        model: what is copied. Call the AveragedModel as you call it.
        device: where the copy lives; the CPU.
        avg_fn: `(mean, parameter, number of averages)` -> the new mean; by default that of `get_swa_avg_fn`.
        multi_avg_fn: the same for two lists of Tensors, of which the first is changed in place. Only one of both.
        use_buffers: average the buffers too; else they are those of the model at the last `update_parameters`.

    Attributes:
        module: the copy. n_averaged: a Tensor of how many times parameters were taken in.

    Raises:
        AssertionError: for both `avg_fn` and `multi_avg_fn`.

    Batch normalisation needs statistics of its own: see `update_bn`.

    >>> import mibun as torch
    >>> model = torch.nn.Linear(1, 1, bias=False)
    >>> mean = torch.optim.swa_utils.AveragedModel(model)
    >>> for value in (1., 3.):
    ...     _ = torch.nn.init.constant_(model.weight, value)
    ...     mean.update_parameters(model)
    >>> mean(torch.ones(1)).item()
    2.0
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Device | None = None,
        avg_fn: AverageOne | None = None,
        multi_avg_fn: AverageAll | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the copy gives."""
        return self.module(*args, **kwargs)

    def _averaged(self, model: Module) -> Iterable[Tensor]:
        return itertools.chain(model.parameters(), model.buffers()) if self.use_buffers else model.parameters()

    def update_parameters(self, model: Module) -> None:
        """Take the model's parameters into the mean; the first time, take them over."""
        means = [mean.detach() for mean in self._averaged(self.module)]
        values = [value.detach() for value in self._averaged(model)]
        if self.n_averaged == 0:
            for mean, value in zip(means, values, strict=True):
                mean.copy_(value)
        elif self.avg_fn is not None or self.multi_avg_fn is None:
            _over_all(self.avg_fn or get_swa_avg_fn())(means, values, self.n_averaged)
        else:
            self.multi_avg_fn(means, values, self.n_averaged)
        if not self.use_buffers:
            for mean, value in zip(self.module.buffers(), model.buffers(), strict=True):
                mean.detach().copy_(value.detach())
        self.n_averaged += 1


def update_bn(loader: Iterable[Any], model: Module, device: Device | None = None) -> None:
    """Compute the running statistics of a model's batch normalisations anew, by one pass over data in training mode.

    loader: batches, of each of which the first part is the input where it is a list or tuple. device: where inputs are
    moved to. Each batch weighs the same. The model has the mode that it had, afterwards.

    >>> import mibun as torch
    >>> model = torch.nn.BatchNorm1d(1)
    >>> torch.optim.swa_utils.update_bn([torch.tensor([[1.], [3.]])], model)
    >>> model.running_mean
    tensor([2.])
    """
    with no_grad():
        momenta = {}
        for module in model.modules():
            if isinstance(module, _BatchNorm):
                module.reset_running_stats()
                momenta[module] = module.momentum
        if not momenta:
            return
        was_training = model.training
        model.train()
        for module in momenta:
            module.momentum = None  # the mean over all batches
        for batch in loader:
            given = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(given if device is None else given.to(device))
        for module, momentum in momenta.items():
            module.momentum = momentum
        model.train(was_training)


class SWALR(LRScheduler):
    """The rates go over into constant ones: `(1 - a) lr + a swa_lr`, with `a` from 0 to 1.

    Args:
        optimizer: whose groups' `lr` is set.
        swa_lr: the last rate, or one for each group.
        anneal_epochs: after how many steps it is reached.
        anneal_strategy: "cos", half a wave of the cosine, or "linear".
        last_epoch: the epoch after which to go on; -1 for a new start. See `LRScheduler`.

    Raises:
        ValueError: for other strategies, a negative or fractional number of epochs, another number of rates.

    >>> import mibun as torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = torch.optim.swa_utils.SWALR(optimizer, 0.5, anneal_epochs=2, anneal_strategy="linear")
    >>> rates = []
    >>> for epoch in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step()
    ...     scheduler.step()
    >>> rates
    [1.0, 0.75, 0.5, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | Sequence[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        groups = optimizer.param_groups
        if isinstance(swa_lr, (list, tuple)) and len(swa_lr) != len(groups):
            raise ValueError(
                f"swa_lr must have the same length as optimizer.param_groups: swa_lr has {len(swa_lr)}, "
                f"optimizer.param_groups has {len(groups)}"
            )
        rates: Sequence[Any] = swa_lr if isinstance(swa_lr, (list, tuple)) else [swa_lr] * len(groups)
        for group, rate in zip(groups, rates, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step: int) -> float:
        """How much of the rate is the last one after so many steps."""
        passed = max(0.0, min(1.0, step / max(1, self.anneal_epochs)))
        return (1 - math.cos(math.pi * passed)) / 2 if self._anneal_strategy == "cos" else passed

    def get_lr(self) -> list[Any]:
        """The rates of the present epoch; a warning outside of `step`."""
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        rates = []
        for group in self.optimizer.param_groups:
            last = group["swa_lr"]
            # The rate without annealing, which another scheduler may have changed meanwhile.
            own = last if before == 1 else (group["lr"] - before * last) / (1 - before)
            rates.append(last * now + own * (1 - now))
        return rates
