"""Selective checkpointing: a policy says, operator by operator, what a checkpoint keeps and what it computes again.

Two watchers (see `autograd/watching.py`) share a store: the one in force in forward keeps the results that the policy
wants, the one in force in the recomputation gives them to the operators in the place of their kernels.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ..core.tensor import is_inference
from ..core.watching import Watcher
from ..dispatch.declare import Op
from ..ops.aten import OpOverload, OpOverloadPacket, overload_of, packet
from ..core.views import counter_of


class CheckpointPolicy(enum.Enum):
    """What becomes of an operator's result: kept, or computed again. Offloading to the CPU keeps it: it is there.

    A policy of the second kind of each (PREFER) could be overruled by a compiler; here it is the same as the first.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import CheckpointPolicy, checkpoint, create_selective_checkpoint_contexts
    >>> def keep_products(context, operator, *args, **kwargs):
    ...     kept = operator == torch.ops.aten.mm.default
    ...     return CheckpointPolicy.MUST_SAVE if kept else CheckpointPolicy.PREFER_RECOMPUTE
    >>> w = torch.ones(2, 2, requires_grad=True)
    >>> contexts = lambda: create_selective_checkpoint_contexts(keep_products)
    >>> checkpoint(lambda w: (w @ w).exp(), w, use_reentrant=False, context_fn=contexts).sum().backward()
    """

    MUST_SAVE = 0
    PREFER_SAVE = 1
    MUST_RECOMPUTE = 2
    PREFER_RECOMPUTE = 3
    MUST_CPU_OFFLOAD = 4
    PREFER_CPU_OFFLOAD = 5


_RECOMPUTE = (CheckpointPolicy.MUST_RECOMPUTE, CheckpointPolicy.PREFER_RECOMPUTE)


class SelectiveCheckpointContext:
    """What a policy is told besides the operator and its arguments.

    What a policy said in forward holds for the recomputation, in which it is not asked again.

    Attributes:
        is_recompute: False.
        op_output: the operator's result.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts
    >>> def policy(context, operator, *args, **kwargs):
    ...     print(operator, context.op_output.shape)
    ...     return True
    >>> x = torch.ones(2, requires_grad=True)
    >>> contexts = lambda: create_selective_checkpoint_contexts(policy)
    >>> y = checkpoint(torch.exp, x, use_reentrant=False, context_fn=contexts)
    aten.exp.default torch.Size([2])
    """

    def __init__(self, *, is_recompute: bool, op_output: Any = None) -> None:
        self.is_recompute = is_recompute
        self.op_output = op_output


# Operators that compute nothing, which no policy is asked about.
SAC_IGNORED_OPS = {
    packet(name).default for name in ("detach", "dim", "is_contiguous", "numel", "size", "storage_offset", "stride")
}


class _Store:
    """For each operator, in the order of its calls: the result that was kept, or None."""

    def __init__(self, policy: Callable, allow_mutation: bool) -> None:
        self.policy = policy
        self.allow_mutation = allow_mutation
        self.kept: dict[str, list[tuple | None]] = {}

    def keeps(self, op: Op, operands: Sequence, params: dict, name: str, result: Any) -> bool:
        """Whether the policy wants the result kept. Views cost nothing, and an in-place result belongs to another."""
        called = overload_of(op, name)
        if called in SAC_IGNORED_OPS:
            return False
        context = SelectiveCheckpointContext(is_recompute=False, op_output=result)
        policy = self.policy(context, called, *operands, **params)
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
        computed: list = []

        def kernel(xp: Any, *arrays: Any, **given: Any) -> Any:
            computed[:] = [op.kernel(xp, *arrays, **given)]
            return computed[0]

        result = run(_with_kernel(op, kernel))
        entry = None
        if self.store.keeps(op, operands, params, name, result):
            tensors = result if isinstance(result, tuple) else (result,)
            # An inference tensor has no versions, and no backward either.
            counters = [counter_of(t) for t in tensors if not is_inference(t)]
            entry = (computed[0], [(counter, counter.version) for counter in counters])
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
        index = self.given.get(op.name, 0)
        self.given[op.name] = index + 1
        kept = self.store.kept.get(op.name, ())
        entry = kept[index] if index < len(kept) else None
        if entry is None:
            return run(op)
        result, versions = entry
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
    policy_fn_or_list: Callable[..., CheckpointPolicy | bool] | list[OpOverload],
    allow_cache_entry_mutation: bool = False,
) -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
    """The contexts that make a checkpoint keep some results: what the `context_fn` of `checkpoint` is to return.

    Args:
        policy_fn_or_list: a function `(context, operator, *args, **kwargs)` that returns a CheckpointPolicy, or True
            for MUST_SAVE and False for PREFER_RECOMPUTE; or a list of the operators to keep. Operators are named as in
            PyTorch: `torch.ops.aten.mm.default`.
        allow_cache_entry_mutation: let results that are kept be modified in place before backward.

    Returns:
        The contexts of forward and of the recomputation.

    Raises:
        ValueError: for a list with something else than operators in it.
        TypeError: for something else than a function or a list; in forward, for a policy that returns something else.
        RuntimeError: in backward, for a result that was kept and modified in place.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> keep_exp = lambda: create_selective_checkpoint_contexts([torch.ops.aten.exp.default])
    >>> checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False, context_fn=keep_exp).backward()
    """
    if isinstance(policy_fn_or_list, list):
        for entry in policy_fn_or_list:
            if not isinstance(entry, OpOverload):
                advice = ""
                if isinstance(entry, OpOverloadPacket):
                    advice = (
                        "Please update the OpOverloadPacket to a specific OpOverload. For example, if you have "
                        "`torch.ops.aten.mm`, change it to `torch.ops.aten.mm.default`."
                    )
                raise ValueError(
                    f"Expected op in `op_list` to be an OpOverload but got: {entry} of type {type(entry)}. {advice}"
                )
        listed = frozenset(policy_fn_or_list)

        def keep_listed(context: Any, op: Any, *args: Any, **kwargs: Any) -> CheckpointPolicy:
            return CheckpointPolicy.MUST_SAVE if op in listed else CheckpointPolicy.PREFER_RECOMPUTE

        policy: Callable = keep_listed

    elif callable(policy_fn_or_list):
        policy = policy_fn_or_list
    else:
        raise TypeError(
            f"policy_fn_or_list must be either a function or a list of ops. It is {type(policy_fn_or_list).__name__}."
        )
    store = _Store(policy, allow_cache_entry_mutation)
    return _Keep(store), _Give(store)
