"""`ZeroRedundancyOptimizer`: each process keeps the optimizer's state for its share of the parameters only."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...optim.optimizer import Optimizer
from ..algorithms.join import Joinable, JoinHook
from ..objects import broadcast_object_list
from ..synchronizing import broadcast_together
from ..world import get_global_rank, get_rank, get_world_size, resolve

__all__ = ["ZeroRedundancyOptimizer"]


class _ZeroJoinHook(JoinHook):
    def __init__(self, zero: ZeroRedundancyOptimizer) -> None:
        self.zero = zero

    def main_hook(self) -> None:
        """Take a step with the gradients that there are."""
        self.zero.step()


class ZeroRedundancyOptimizer(Optimizer, Joinable):
    """An optimizer of which each process updates some of the parameters, and gives them to the others.

    So each keeps only its share of the state. Gradients must be the same everywhere, as after
    DistributedDataParallel's backward.

    Args:
        params: parameters, or dicts of them with options; the same in all processes.
        optimizer_class: of the optimizer that does the work.
        process_group: the default group if None.
        defaults: its options.

    >>> import mibun as torch
    >>> dist = torch.distributed
    >>> dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> optimizer = dist.optim.ZeroRedundancyOptimizer([x], torch.optim.SGD, lr=0.5)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([0.], requires_grad=True)
    >>> dist.destroy_process_group()

    Source: Rajbhandari, Rasley, Ruwase and He, ZeRO: Memory Optimizations Toward Training Trillion Parameter Models,
    2020 (its first stage).
    """

    def __init__(
        self,
        params: Iterable[Any],
        optimizer_class: type[Optimizer],
        process_group: Any = None,
        **defaults: Any,
    ) -> None:
        Joinable.__init__(self)
        self.process_group = resolve(process_group)
        self.world_size, self.rank = get_world_size(self.process_group), get_rank(self.process_group)
        self._optim_constructor, self._optim_defaults = optimizer_class, defaults
        self.initialized = False
        super().__init__(params, defaults)
        self.initialized = True
        self._all_state_dicts: list[dict[str, Any]] = []
        self._divide()

    def _divide(self) -> None:
        """Give each parameter to the process that has the least so far, the largest first: all find the same."""
        loads = [0] * self.world_size
        self._shares: list[list[list[Tensor]]] = [[[] for _ in self.param_groups] for _ in range(self.world_size)]
        self._owner: dict[Tensor, int] = {}
        for place, group in enumerate(self.param_groups):
            for parameter in sorted(group["params"], key=lambda p: p.numel(), reverse=True):
                owner = loads.index(min(loads))
                loads[owner] += parameter.numel() if parameter.requires_grad else 0
                self._shares[owner][place].append(parameter)
                self._owner[parameter] = owner
        own = [
            {**{key: value for key, value in group.items() if key != "params"}, "params": share}
            for group, share in zip(self.param_groups, self._shares[self.rank], strict=True)
        ]
        kept = [group for group in own if group["params"]]
        self._places = [place for place, group in enumerate(own) if group["params"]]
        self.optim = self._optim_constructor(kept, **self._optim_defaults) if kept else None
        if self.optim is not None:
            for place, group in zip(self._places, self.optim.param_groups, strict=True):
                for key, value in group.items():
                    if key != "params":
                        self.param_groups[place].setdefault(key, value)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own; all are divided anew, and the state begins anew."""
        super().add_param_group(param_group)
        if self.initialized:
            self._divide()

    def step(self, closure: Callable[[], float] | None = None, **kwargs: Any) -> float | None:
        """Update this process's share, then give every share to all. Returns what the closure does."""
        from ..algorithms.join import Join

        Join.notify_join_context(self)
        loss = None
        if self.optim is not None:
            # Schedulers change the options of the groups here.
            for place, group in zip(self._places, self.optim.param_groups, strict=True):
                for key, value in self.param_groups[place].items():
                    if key != "params":
                        group[key] = value
            loss = self.optim.step(**kwargs) if closure is None else self.optim.step(closure=closure, **kwargs)
        elif closure is not None:
            loss = closure()
        for owner, share in enumerate(self._shares):
            broadcast_together([p.detach() for part in share for p in part], self.process_group, owner)
        return loss

    def _number(self) -> dict[Tensor, int]:
        parameters = [parameter for group in self.param_groups for parameter in group["params"]]
        return {parameter: number for number, parameter in enumerate(parameters)}

    def consolidate_state_dict(self, to: int = 0) -> None:
        """Bring the state of all processes to the rank `to`, whose `state_dict` is then whole. All call this."""
        numbers = self._number()
        own: dict[int, Any] = {}
        if self.optim is not None:
            own = {numbers[parameter]: state for parameter, state in self.optim.state.items()}
        collected = []
        for rank in range(self.world_size):
            share = [own if rank == self.rank else None]
            broadcast_object_list(share, get_global_rank(self.process_group, rank), self.process_group)
            collected.append(share[0])
        self._all_state_dicts = [copy.deepcopy(part) for part in collected] if self.rank == to else []

    def state_dict(self) -> dict[str, Any]:
        """The state of all parameters, in the form of an ordinary optimizer's.

        RuntimeError where `consolidate_state_dict` has not brought it here.
        """
        if not self._all_state_dicts:
            raise RuntimeError(
                f"Optimizer state has not been consolidated on this rank. Please call "
                f"`consolidate_state_dict(to={self.rank})` "
                "on all ranks beforehand if you meant to save the global state."
            )
        numbers = self._number()
        groups = [
            {**{k: v for k, v in group.items() if k != "params"}, "params": [numbers[p] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {number: entry for part in self._all_state_dicts for number, entry in part.items()}
        return {"state": dict(sorted(state.items())), "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take the options, and the state of this process's share, from a whole state dict."""
        numbers = self._number()
        for group, given in zip(self.param_groups, state_dict["param_groups"], strict=True):
            group.update({key: value for key, value in given.items() if key != "params"})
        if self.optim is None:
            return
        inner = [parameter for group in self.optim.param_groups for parameter in group["params"]]
        places = {parameter: place for place, parameter in enumerate(inner)}
        self.optim.load_state_dict(
            {
                "state": {
                    place: copy.deepcopy(state_dict["state"][numbers[parameter]])
                    for parameter, place in places.items()
                    if numbers[parameter] in state_dict["state"]
                },
                "param_groups": [
                    {
                        **{k: v for k, v in self.param_groups[at].items() if k != "params"},
                        "params": [places[p] for p in group["params"]],
                    }
                    for at, group in zip(self._places, self.optim.param_groups, strict=True)
                ],
            }
        )

    def join_hook(self, **kwargs: Any) -> JoinHook:
        """What this process does for the others when it has no batches left: it steps, too."""
        return _ZeroJoinHook(self)

    @property
    def join_device(self) -> Any:
        """The CPU."""
        from ...core.device import device

        return device("cpu")

    @property
    def join_process_group(self) -> Any:
        """The group."""
        return self.process_group


_explain_missing_names(__name__)
