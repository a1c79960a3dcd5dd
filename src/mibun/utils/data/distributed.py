"""The sampler of programs that run in several processes: each takes its own part of the data set."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized
from typing import TypeVar

from ...core.missing import explain_missing_names as _explain_missing_names
from ...ops.random.sampling import randperm
from ...random import Generator
from .sampler import Sampler

__all__ = ["DistributedSampler"]

T_co = TypeVar("T_co", covariant=True)


class DistributedSampler(Sampler[T_co]):
    """This process's part of the indices of a data set: every `num_replicas`-th, in an order that is the same in all.

    Call `set_epoch` before each pass, or the order is always the same.

    Args:
        dataset: something with a length.
        num_replicas, rank: how many processes there are, and which this is; those of the default group if None.
        shuffle: False: in the order of the data set.
        seed: of the order, the same in all processes.
        drop_last: leave out what does not go into equal parts; else some indices come twice, so that it does.

    Raises:
        ValueError: a rank that does not exist, or no process group to ask.

    >>> import mibun as torch
    >>> data = list(range(5))
    >>> parts = [torch.utils.data.DistributedSampler(data, 2, rank, shuffle=False) for rank in (0, 1)]
    >>> [list(part) for part in parts]
    [[0, 2, 4], [1, 3, 0]]
    """

    def __init__(
        self,
        dataset: Sized,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if num_replicas is None or rank is None:
            from ...distributed.world import get_rank, get_world_size

            num_replicas = get_world_size() if num_replicas is None else num_replicas
            rank = get_rank() if rank is None else rank
        if not 0 <= rank < num_replicas:
            raise ValueError(f"Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]")
        self.dataset = dataset
        self.num_replicas, self.rank = num_replicas, rank
        self.epoch = 0
        self.drop_last, self.shuffle, self.seed = drop_last, shuffle, seed
        size = len(dataset)
        self.num_samples = size // num_replicas if drop_last else math.ceil(size / num_replicas)
        self.total_size = self.num_samples * num_replicas

    def __iter__(self) -> Iterator[T_co]:
        size = len(self.dataset)
        if self.shuffle:
            generator = Generator()
            generator.manual_seed(self.seed + self.epoch)
            order = randperm(size, generator=generator).tolist()
        else:
            order = list(range(size))
        if not self.drop_last and order:
            order *= math.ceil(self.total_size / size)  # so short a data set may be gone through several times
        order = order[: self.total_size]
        if len(order) != self.total_size:
            raise AssertionError(f"Number of indices ({len(order)}) does not match total_size ({self.total_size})")
        return iter(order[self.rank : self.total_size : self.num_replicas])  # type: ignore[return-value]

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Say which pass comes next: each has another order."""
        self.epoch = epoch


_explain_missing_names(__name__)
