"""`Join`: training where processes have different numbers of batches.

A process that has none left takes part in the collectives of the others until they have none left either. What that
takes, each `Joinable` says in its `JoinHook`.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, NamedTuple

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.site import stacklevel
from ...ops.creation.filled import ones, zeros
from ..collectives import all_reduce
from ..work import Work

__all__ = ["Join", "JoinHook", "Joinable"]


class JoinHook:
    """What a process does that has no batches left."""

    def main_hook(self) -> None:
        """Called for each iteration of the others: takes part in its collectives."""

    def post_hook(self, is_last_joiner: bool) -> None:
        """Called once, when all have joined; `is_last_joiner`: whether this process was among the last."""


class Joinable(ABC):
    """What takes part in a `Join`. In each iteration, before its collectives, it calls `Join.notify_join_context`."""

    def __init__(self) -> None:
        super().__init__()
        self._join_config = _JoinConfig.construct_disabled_join_config()

    @abstractmethod
    def join_hook(self, **kwargs: Any) -> JoinHook:
        """A JoinHook; the keyword arguments are those that `Join` was given."""

    @property
    @abstractmethod
    def join_device(self) -> Any:
        """The device of its collectives."""

    @property
    @abstractmethod
    def join_process_group(self) -> Any:
        """The group of its collectives."""


class _JoinConfig(NamedTuple):
    enable: bool
    throw_on_early_termination: bool
    is_first_joinable: bool

    @staticmethod
    def construct_disabled_join_config() -> _JoinConfig:
        return _JoinConfig(False, False, False)


class Join:
    """A context within which processes may have different numbers of batches.

    Args:
        joinables: what does collectives in each iteration, such as a DistributedDataParallel.
        enable: False: nothing is different from without.
        throw_on_early_termination: raise RuntimeError everywhere as soon as one process has no batches left.
        kwargs: for the joinables' `join_hook`.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(1, 1))
    >>> with dist.algorithms.join.Join([model]):
    ...     for batch in [torch.ones(2, 1)] * 3:
    ...         model(batch).sum().backward()
    >>> dist.destroy_process_group()

    Raises:
        ValueError: no joinables, or joinables of different groups.
    """

    def __init__(
        self, joinables: list[Joinable], enable: bool = True, throw_on_early_termination: bool = False, **kwargs: Any
    ) -> None:
        if not joinables:
            raise ValueError("The join context manager requires at least one joinable")
        self._joinables = joinables
        self._join_hooks = [joinable.join_hook(**kwargs) for joinable in joinables]
        self._enable, self._throw_on_early_termination = enable, throw_on_early_termination
        groups = {joinable.join_process_group for joinable in joinables}
        if len(groups) > 1:
            raise ValueError("Using join context manager with multiple process groups")
        (self._process_group,) = groups
        self._device = joinables[0].join_device

    def __enter__(self) -> Join:
        for place, joinable in enumerate(self._joinables):
            joinable._join_config = _JoinConfig(self._enable, self._throw_on_early_termination, place == 0)
        return self

    def __exit__(
        self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._enable or type is not None:
            return
        is_last_joiner, iterations = True, 0
        while True:
            still = zeros(1)
            all_reduce(still, group=self._process_group)
            if not still:
                break
            if self._throw_on_early_termination:
                self._notify_procs_to_terminate()
            is_last_joiner = False
            for hook in self._join_hooks:
                hook.main_hook()
            iterations += 1
            if iterations == 1000:
                warnings.warn(
                    "Detected uneven input skew of greater than 1000. This means that rank "
                    f"{self._process_group.rank()} has at least 1000 fewer inputs than others.",
                    stacklevel=stacklevel(),
                )
        for hook in self._join_hooks:
            hook.post_hook(is_last_joiner)

    def _notify_procs_to_terminate(self) -> None:
        all_reduce(ones(1), group=self._process_group)
        raise RuntimeError(f"Rank {self._process_group.rank()} exhausted all inputs.")

    @staticmethod
    def notify_join_context(joinable: Joinable) -> Work | None:
        """Say that this process still has a batch; called by each joinable before its collectives.

        Returns the Work of the first joinable's collective, None for others and outside of a `Join`. RuntimeError if
        another process has none left and `throw_on_early_termination` was asked for.
        """
        config = getattr(joinable, "_join_config", None)
        if config is None:
            raise AssertionError(f"Check that the {type(joinable)} constructor calls the ``Joinable`` constructor")
        if not config.is_first_joinable or not config.enable:
            return None
        group = joinable.join_process_group
        work = all_reduce(ones(1), group=group, async_op=True)
        if config.throw_on_early_termination:
            ended = zeros(1)
            all_reduce(ended, group=group)
            if ended:
                raise RuntimeError("Detected at least one rank that exhausted inputs. Throwing across all ranks.")
        return work


_explain_missing_names(__name__)
