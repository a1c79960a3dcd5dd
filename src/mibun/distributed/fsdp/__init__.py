"""Parameters divided over processes: the names that libraries ask for. mibun does not divide parameters.

The options are what they are in PyTorch, and no module is an FSDPModule. To divide a module is refused, with a
sentence; `DistributedDataParallel` trains with the same numbers, whole parameters in each process.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ...core.dtypes import dtype
from ...core.missing import explain_missing_names as _explain_missing_names
from ...nn.modules.module import Module

__all__ = [
    "BackwardPrefetch",
    "CPUOffload",
    "CPUOffloadPolicy",
    "FSDPModule",
    "FullyShardedDataParallel",
    "MixedPrecision",
    "MixedPrecisionPolicy",
    "OffloadPolicy",
    "ShardingStrategy",
    "StateDictType",
    "fully_shard",
]

_REFUSAL = (
    "mibun does not divide parameters over processes. torch.nn.parallel.DistributedDataParallel trains with the same "
    "numbers, and torch.distributed.optim.ZeroRedundancyOptimizer divides the state of the optimizer."
)


class ShardingStrategy(enum.Enum):
    """What of a module is divided over the processes."""

    FULL_SHARD = 1
    SHARD_GRAD_OP = 2
    NO_SHARD = 3
    HYBRID_SHARD = 4
    _HYBRID_SHARD_ZERO2 = 5


class BackwardPrefetch(enum.Enum):
    """When the parameters of the next layer are fetched."""

    BACKWARD_PRE = 1
    BACKWARD_POST = 2


class StateDictType(enum.Enum):
    """What a state dict has of each tensor."""

    FULL_STATE_DICT = 1
    LOCAL_STATE_DICT = 2
    SHARDED_STATE_DICT = 3


@dataclass
class CPUOffload:
    """Whether parameters that are not used are kept on the CPU, where all are here."""

    offload_params: bool = False


@dataclass
class MixedPrecision:
    """Dtypes of parameters, gradients in transit, and buffers."""

    param_dtype: dtype | None = None
    reduce_dtype: dtype | None = None
    buffer_dtype: dtype | None = None
    keep_low_precision_grads: bool = False
    cast_forward_inputs: bool = False
    cast_root_forward_inputs: bool = True
    _module_classes_to_ignore: Sequence[type[Module]] = ()


@dataclass(frozen=True)
class MixedPrecisionPolicy:
    """Dtypes of parameters, gradients in transit, and outputs."""

    param_dtype: dtype | None = None
    reduce_dtype: dtype | None = None
    output_dtype: dtype | None = None
    cast_forward_inputs: bool = True


@dataclass
class OffloadPolicy:
    """Nothing is moved to the CPU."""


@dataclass
class CPUOffloadPolicy(OffloadPolicy):
    """Parameters are kept on the CPU, where all are here."""

    pin_memory: bool = True


class FSDPModule:
    """The class that `fully_shard` would add to a module's. No module has it."""

    def __new__(cls, *args: Any, **kwargs: Any) -> FSDPModule:
        raise AssertionError(f"FSDPModule is added to a module's class by fully_shard. {_REFUSAL}")


class FullyShardedDataParallel(Module):
    """A module whose parameters are divided over the processes. NotImplementedError: see `DistributedDataParallel`."""

    def __init__(self, module: Module, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(_REFUSAL)


def fully_shard(module: Module, **kwargs: Any) -> NoReturn:
    """Divide the parameters of a module over the processes. NotImplementedError: see `DistributedDataParallel`."""
    raise NotImplementedError(_REFUSAL)


_explain_missing_names(__name__)
