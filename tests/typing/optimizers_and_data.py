"""Optimizers, schedulers, data sets, samplers and checkpoints as programs use them. Checked, and run, as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from typing import Any

import mibun as torch
from mibun import Tensor, nn, optim
from mibun.optim.lr_scheduler import (
    CosineAnnealingLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
)
from mibun.utils.checkpoint import checkpoint, checkpoint_sequential
from mibun.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Sampler,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    random_split,
)

torch.manual_seed(0)


class Squares(Dataset[tuple[int, int]]):
    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> tuple[int, int]:
        return index, index**2


class Untyped(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, idx):
        return idx


class Stream(IterableDataset[int]):
    def __iter__(self) -> Iterator[int]:
        yield from range(3)


class Backwards(Sampler[int]):
    def __init__(self, data: Sized) -> None:
        self.data = data

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data) - 1, -1, -1))

    def __len__(self) -> int:
        return len(self.data)


class Halving(optim.Optimizer):
    """An optimizer of a user's own."""

    def __init__(self, params: optim.optimizer.ParamsT, factor: float = 0.5) -> None:
        super().__init__(params, {"factor": factor})

    @torch.no_grad()
    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.mul_(group["factor"])
        return loss


class Harmonic(LRScheduler):
    """A scheduler of a user's own."""

    def get_lr(self) -> list[float]:
        return [base / (1 + self.last_epoch) for base in self.base_lrs]


def in_pairs(batch: list[tuple[int, int]]) -> tuple[Tensor, Tensor]:
    roots, squares = zip(*batch, strict=True)
    return torch.tensor(roots), torch.tensor(squares)


def loaders() -> int:
    pairs = Squares(10)
    item: tuple[int, int] = pairs[3]
    count = len(DataLoader(pairs, batch_size=4, shuffle=True, drop_last=True)) + item[1]
    for roots, squares in DataLoader(pairs, batch_size=5, collate_fn=in_pairs):
        count += int(roots.sum().item()) + len(squares)
    train, test = random_split(pairs, [0.8, 0.2], generator=torch.Generator().manual_seed(0))
    both = ConcatDataset([train, test]) + Subset(pairs, [0, 1])
    samplers: list[Sampler[int]] = [Backwards(both), RandomSampler(both), WeightedRandomSampler([0.2, 0.8], 2)]
    for sampler in samplers:
        count += len(list(DataLoader(both, 3, sampler=sampler)))
    count += sum(len(batch) for batch in DataLoader(both, batch_sampler=BatchSampler(samplers[0], 2, False)))
    for batch in (
        *DataLoader(Stream(), batch_size=2),
        *DataLoader(Untyped()),
        *DataLoader([1, 2]),
        *DataLoader(range(3)),
    ):
        count += batch.numel()
    return count + len(default_collate([1, 2]))


def train(model: nn.Module, x: Tensor, y: Tensor) -> list[float]:
    loader = DataLoader(TensorDataset(x, y), batch_size=4, shuffle=True)
    optimizer = optim.AdamW(
        [{"params": model.parameters(), "lr": 1e-2}, {"params": [nn.Parameter(torch.ones(1))]}],
        lr=1e-3,
        betas=(0.9, 0.99),
        weight_decay=0.1,
    )
    schedulers = [LinearLR(optimizer, 0.1, total_iters=1), CosineAnnealingLR(optimizer, T_max=3, eta_min=1e-4)]
    scheduler = SequentialLR(optimizer, schedulers, milestones=[1])
    plateau = ReduceLROnPlateau(optimizer, mode="min", patience=2, min_lr=[1e-5, 1e-6])
    rates: list[float] = []
    for _ in range(3):
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad(set_to_none=True)
            loss = ((model(inputs) - targets) ** 2).mean()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        scheduler.step()
        plateau.step(total)
        plateau.step(torch.tensor(total))
        rates += scheduler.get_last_lr()
    saved: dict[str, Any] = {"optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
    optimizer.load_state_dict(saved["optimizer"])
    scheduler.load_state_dict(saved["scheduler"])
    return rates


def all_optimizers(model: nn.Module, x: Tensor) -> float:
    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = model(x).square().sum()
        loss.backward()
        return loss

    constructors: list[Callable[..., optim.Optimizer]] = [
        optim.SGD, optim.Adam, optim.Adamax, optim.NAdam, optim.RAdam, optim.RMSprop, optim.Adagrad, optim.Adadelta,
        optim.ASGD, optim.Rprop,
    ]  # fmt: skip
    total = 0.0
    for constructor in constructors:
        optimizer = constructor(model.parameters(), lr=1e-3)
        handle = optimizer.register_step_post_hook(lambda optimizer, args, kwargs: None)
        total += optimizer.step(closure).item()
        handle.remove()
    optimizer = optim.Adam(model.named_parameters())
    optimizer.add_param_group({"params": [("x", nn.Parameter(x.clone()))], "lr": 0.1})
    for group in optimizer.param_groups:
        group["lr"] *= 0.5
    optimizer = optim.LBFGS(model.parameters(), max_iter=2, line_search_fn="strong_wolfe")
    total += optimizer.step(closure).item()
    optimizer = optim.SGD([nn.Parameter(x.clone())], lr=0.1, momentum=0.9, nesterov=True)
    LambdaLR(optimizer, lambda epoch: 0.9**epoch)
    OneCycleLR(optimizer, max_lr=0.1, epochs=2, steps_per_epoch=3, anneal_strategy="linear")
    Harmonic(optimizer)
    Halving([x]).step()
    optimizer.zero_grad()
    return total


def checkpoints(model: nn.Sequential, x: Tensor) -> Tensor:
    out: Tensor = checkpoint(torch.exp, x, use_reentrant=False)
    return out + checkpoint_sequential(model, 2, x, use_reentrant=False)


network = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
points = torch.randn(10, 2)
assert loaders() > 0
assert len(train(network, points, points)) == 6
assert all_optimizers(network, points) > 0
assert checkpoints(network, points).shape == (10, 2)
