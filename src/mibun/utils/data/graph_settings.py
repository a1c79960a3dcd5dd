"""What a DataLoader tells the data pipes of its data set: whether and how to shuffle, how many share the samples."""

from __future__ import annotations

import inspect
from typing import Any

from ...random import Generator
from .datapipes.iter.sharding import SHARDING_PRIORITIES
from .graph import DataPipeGraph, traverse_dps
from .sampler import random_seed

__all__ = ["apply_random_seed", "apply_sharding", "apply_shuffle_settings", "get_all_graph_pipes"]


def get_all_graph_pipes(graph: DataPipeGraph) -> list[Any]:
    """All pipes of a graph, each once."""
    found: dict[int, Any] = {}
    pending = [graph]
    while pending:
        for number, (pipe, below) in pending.pop(0).items():
            if number not in found:
                found[number] = pipe
                pending.append(below)
    return list(found.values())


def _has(pipe: Any, method: str) -> bool:
    return inspect.ismethod(getattr(pipe, method, None))


def apply_sharding(
    datapipe: Any,
    num_of_instances: int,
    instance_id: int,
    sharding_group: SHARDING_PRIORITIES = SHARDING_PRIORITIES.DEFAULT,
) -> Any:
    """Tell pipes that have `apply_sharding` with whom they share; the pipe. RuntimeError for one above another."""

    def tell(graph: DataPipeGraph, above: Any) -> None:
        for pipe, below in graph.values():
            shares = _has(pipe, "apply_sharding")
            if shares and above is not None:
                raise RuntimeError(
                    f"Sharding twice on a single pipeline is likely unintended and will cause data loss. Sharding "
                    f"already applied to {above} while trying to apply to {pipe}"
                )
            if shares:
                names = inspect.signature(pipe.apply_sharding).parameters
                more = (sharding_group,) if len(names) > 2 else ()
                pipe.apply_sharding(num_of_instances, instance_id, *more)
            tell(below, pipe if shares else above)

    tell(traverse_dps(datapipe), None)
    return datapipe


def apply_shuffle_settings(datapipe: Any, shuffle: bool | None = None) -> Any:
    """Let the pipes that can shuffle do so or not; the pipe, shuffled at its end if none can, with a warning."""
    if shuffle is None:
        return datapipe
    shufflers = [
        pipe
        for pipe in get_all_graph_pipes(traverse_dps(datapipe))
        if _has(pipe, "set_shuffle") and _has(pipe, "set_seed")
    ]
    if not shufflers and shuffle:
        import warnings

        from ...core.site import stacklevel

        warnings.warn(
            "`shuffle=True` was set, but the datapipe does not contain a `Shuffler`. Adding one at the end. Be aware "
            "that the default buffer size might not be sufficient for your task.",
            stacklevel=stacklevel(),
        )
        datapipe = datapipe.shuffle()
        shufflers = [datapipe]
    for shuffler in shufflers:
        shuffler.set_shuffle(shuffle)
    return datapipe


def seeded(seed: int) -> Generator:
    """A generator of this seed."""
    return Generator().manual_seed(seed)


def apply_random_seed(datapipe: Any, rng: Generator) -> Any:
    """Give the pipes that have `set_seed` a seed each, drawn from a generator; the pipe."""
    for pipe in get_all_graph_pipes(traverse_dps(datapipe)):
        if _has(pipe, "set_seed"):
            pipe.set_seed(random_seed(rng))
    return datapipe
