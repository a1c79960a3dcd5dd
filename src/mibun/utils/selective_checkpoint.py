"""Selective checkpointing: a policy says, operator by operator, what a checkpoint keeps and what it computes again.

Two watchers (see `autograd/watching.py`) share a store: the one in force in forward keeps the results that the policy
wants, the one in force in the recomputation gives them to the operators in the place of their kernels.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Callable, Sequence
from typing import Any

from ..autograd.watching import Watcher
from ..ops._op import OPS, Op


class CheckpointPolicy(enum.Enum):
    """What becomes of an operator's result: kept, or computed again. Offloading to the CPU keeps it: it is there.

    A policy of the second kind of each (PREFER) could be overruled by a compiler; here it is the same as the first.
    """

    MUST_SAVE = 0
    PREFER_SAVE = 1
    MUST_RECOMPUTE = 2
    PREFER_RECOMPUTE = 3
    MUST_CPU_OFFLOAD = 4
    PREFER_CPU_OFFLOAD = 5


_RECOMPUTE = (CheckpointPolicy.MUST_RECOMPUTE, CheckpointPolicy.PREFER_RECOMPUTE)


class SelectiveCheckpointContext:
    """What a policy is told besides the operator and its arguments: whether this is the recomputation."""

    def __init__(self, *, is_recompute: bool) -> None:
        self.is_recompute = is_recompute


class _Store:
    """The results that were kept: for each operator, in the order of its calls."""

    def __init__(self, policy: Callable, allow_mutation: bool) -> None:
        self.policy = policy
        self.allow_mutation = allow_mutation
        self.kept: dict[str, list[list]] = {}

    def keeps(self, op: Op, operands: Sequence, params: dict, name: str, is_recompute: bool) -> bool:
        """Whether the policy wants the result kept. Views cost nothing, and an in-place result belongs to another."""
        policy = self.policy(SelectiveCheckpointContext(is_recompute=is_recompute), op, *operands, **params)
        if isinstance(policy, bool):
            policy = CheckpointPolicy.MUST_SAVE if policy else CheckpointPolicy.PREFER_RECOMPUTE
        if not isinstance(policy, CheckpointPolicy):
            raise TypeError(
                f"a policy must return a CheckpointPolicy (or a bool), but returned {type(policy).__name__}"
            )
        return policy not in _RECOMPUTE and not op.view and name == op.name


class _Keep(Watcher):
    def __init__(self, store: _Store) -> None:
        super().__init__()
        self.store = store

    def __enter__(self) -> None:
        self.store.kept.clear()
        return super().__enter__()

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        if not self.store.keeps(op, operands, params, name, False):
            return run(op)
        entry: list = []

        def kernel(xp: Any, *arrays: Any, **given: Any) -> Any:
            entry[:] = [op.kernel(xp, *arrays, **given)]
            return entry[0]

        result = run(_with_kernel(op, kernel))
        tensors = result if isinstance(result, tuple) else (result,)
        # An inference tensor has no versions, and no backward either.
        entry.append(
            [(counter, counter.version) for t in tensors if not t._inference for counter in [t.version_counter()]]
        )
        self.store.kept.setdefault(op.name, []).append(entry)
        return result


class _Give(Watcher):
    def __init__(self, store: _Store) -> None:
        super().__init__()
        self.store = store
        self.given: dict[str, int] = {}

    def __enter__(self) -> None:
        self.given.clear()
        return super().__enter__()

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        if not self.store.keeps(op, operands, params, name, True):
            return run(op)
        index = self.given.get(op.name, 0)
        kept = self.store.kept.get(op.name, [])
        if index >= len(kept):
            raise RuntimeError(
                f"{op.name} encountered during backward, but not found in storage: the policy must say the same in "
                f"forward and in the recomputation (forward kept {len(kept)} results of {op.name})"
            )
        self.given[op.name] = index + 1
        result, versions = kept[index]
        if not self.store.allow_mutation and any(counter.version != version for counter, version in versions):
            raise RuntimeError(
                f"Tensor cached during selective activation checkpoint has been mutated: the result of {op.name} was "
                "modified in place. Let the policy recompute it, or pass allow_cache_entry_mutation=True."
            )
        return run(_with_kernel(op, lambda xp, *arrays, **given: result))


def _with_kernel(op: Any, kernel: Callable) -> Any:
    """The operator, in all else the same, with another kernel."""
    changed = copy.copy(op)
    changed.kernel = kernel
    return changed


def create_selective_checkpoint_contexts(
    policy_fn_or_list: Any, allow_cache_entry_mutation: bool = False
) -> tuple[Any, Any]:
    """The contexts that make a checkpoint keep some results: what the `context_fn` of `checkpoint` is to return.

    policy_fn_or_list: a function `(context, operator, *args, **kwargs)` that returns a CheckpointPolicy (the operator
    has a `name`), or a list of the operators to keep: their names, or the public functions of the same name. The
    results kept must not be modified in place (RuntimeError) unless `allow_cache_entry_mutation`.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> keep_exp = lambda: create_selective_checkpoint_contexts(["exp"])
    >>> checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False, context_fn=keep_exp).backward()
    """
    if isinstance(policy_fn_or_list, (list, tuple, set, frozenset)):
        names = frozenset(_name_of(entry) for entry in policy_fn_or_list)

        def keep_listed(context: Any, op: Any, *args: Any, **kwargs: Any) -> CheckpointPolicy:
            return CheckpointPolicy.MUST_SAVE if op.name in names else CheckpointPolicy.PREFER_RECOMPUTE

        policy: Callable = keep_listed

    elif callable(policy_fn_or_list):
        policy = policy_fn_or_list
    else:
        raise TypeError(
            f"policy_fn_or_list must be either a function or a list of ops, but got {type(policy_fn_or_list).__name__}"
        )
    store = _Store(policy, allow_cache_entry_mutation)
    return _Keep(store), _Give(store)


def _name_of(entry: Any) -> str:
    name = (
        entry if isinstance(entry, str) else entry.name if isinstance(entry, Op) else getattr(entry, "__name__", None)
    )
    if name not in OPS:
        raise ValueError(f"Expected op in `op_list` to be an operator of mibun but got: {entry} of type {type(entry)}.")
    return name
