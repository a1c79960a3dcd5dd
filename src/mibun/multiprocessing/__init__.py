"""`torch.multiprocessing`: Python's `multiprocessing`, whose queues, pipes and processes send tensors by their memory.

A tensor that is sent is moved to memory of several processes (`share_memory_`), and what arrives stands on the same
memory: so processes train one model together ("Hogwild"). All names of `multiprocessing` are here too.
"""

from __future__ import annotations

import multiprocessing as _multiprocessing
import sys
from multiprocessing import *  # noqa: F403

from ..core.missing import explain_missing_names as _explain_missing_names
from ..xp.numpy import shared_memory as _shared_memory
from . import reductions
from .reductions import init_reductions

init_reductions()

_STRATEGIES = {"file_descriptor", "file_system"} if sys.platform.startswith("linux") else {"file_system"}


def get_all_sharing_strategies() -> set[str]:
    """The ways in which processes find shared memory here: "file_descriptor" (on Linux) and "file_system"."""
    return set(_STRATEGIES)


def get_sharing_strategy() -> str:
    """The way that is in force.

    >>> import mibun as torch
    >>> torch.multiprocessing.get_sharing_strategy() in torch.multiprocessing.get_all_sharing_strategies()
    True
    """
    return _shared_memory.strategy


def set_sharing_strategy(new_strategy: str) -> None:
    """Choose how processes find memory that is shared from now on. AssertionError for a name that is none of them.

    "file_descriptor" keeps a descriptor open for each block, of which systems allow a thousand or so; nothing is left
    behind whatever happens, and who sends a tensor has to live until it has arrived. "file_system" needs no descriptor:
    the block is a file with a name, and can be received after its sender has ended.
    """
    if new_strategy not in _STRATEGIES:
        raise AssertionError(f"invalid sharing strategy {new_strategy!r}, expected one of {sorted(_STRATEGIES)}")
    _shared_memory.set_strategy(new_strategy)


if "file_descriptor" not in _STRATEGIES:
    _shared_memory.set_strategy("file_system")

# Last: the function takes the place of the module that has the same name.
from .spawn import (  # noqa: E402
    ProcessContext,
    ProcessException,
    ProcessExitedException,
    ProcessRaisedException,
    SpawnContext,
    spawn,
    start_processes,
)

__all__ = [  # noqa: F405
    "ProcessContext",
    "ProcessException",
    "ProcessExitedException",
    "ProcessRaisedException",
    "SpawnContext",
    "get_all_sharing_strategies",
    "get_sharing_strategy",
    "init_reductions",
    "reductions",
    "set_sharing_strategy",
    "spawn",
    "start_processes",
    *_multiprocessing.__all__,
]

_explain_missing_names(__name__)
