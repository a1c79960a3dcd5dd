"""Checkpointing: forward saves nothing inside a function, which is called again when backward needs what it saves.

There are two ways. The re-entrant one records the function as a single node whose backward calls it again and runs a
backward of its own; the other (`use_reentrant=False`, recommended) records as always but lets hooks put a place holder
in the place of every saved tensor, and calls the function again when the first of them is asked for.
"""

from __future__ import annotations

import contextlib
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, Literal, TypeVar

from ..autograd.saved_tensors import saved_tensors_hooks
from ..core.autocast import STATE as AUTOCAST
from ..core.autocast import as_it_was
from ..core.mode import MODE, enable_grad
from ..core.nesting import current_execution
from ..core.site import creation_site, describe
from ..core.size import Size
from ..core.tensor import Tensor
from ..core.views import counter_of
from ..core.watching import Watcher
from ..dispatch.saved import SavedVariable, current_hooks
from ..random import get_rng_state
from .reentrant_checkpoint import (
    CheckpointFunction,
    DefaultDeviceType,
    Other,
    check_backward_validity,
    detach_variable,
    get_device_states,
    random_numbers_from,
    set_device_states,
)
from .selective_checkpoint import (
    SAC_IGNORED_OPS,
    CheckpointPolicy,
    SelectiveCheckpointContext,
    create_selective_checkpoint_contexts,
)

Result = TypeVar("Result")


class CheckpointError(RuntimeError):
    """The recomputation did not save what forward saved.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import CheckpointError, checkpoint
    >>> calls = []
    >>> def function(x):  # computes something else when it is called again
    ...     calls.append(x)
    ...     return x.sin() if len(calls) == 1 else (x.exp() * x).sin()
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> y = checkpoint(function, x, use_reentrant=False, early_stop=False)
    >>> try:
    ...     y.backward()
    ... except CheckpointError:
    ...     print("the function was not the same")
    the function was not the same
    """


class _StopRecomputationError(Exception):
    """Leaves the recomputation when everything that is needed has been computed."""


def noop_context_fn() -> tuple[contextlib.AbstractContextManager[Any], contextlib.AbstractContextManager[Any]]:
    """The default contexts of forward and recomputation: none.

    >>> import mibun as torch
    >>> forward, recompute = torch.utils.checkpoint.noop_context_fn()
    >>> with forward:
    ...     pass
    """
    return contextlib.nullcontext(), contextlib.nullcontext()


_debug_override: bool | None = None
_early_stop_override: bool | None = None


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Inside, checkpoints have `debug=enabled` whatever they are called with; None leaves it to them.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint, set_checkpoint_debug_enabled
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> with set_checkpoint_debug_enabled(True):
    ...     y = checkpoint(torch.exp, x, use_reentrant=False)
    >>> y.backward()
    """
    global _debug_override
    before, _debug_override = _debug_override, enabled
    try:
        yield
    finally:
        _debug_override = before


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Inside, checkpoints are called with `early_stop=enable` whatever they were told; see `checkpoint`.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint, set_checkpoint_early_stop
    >>> def function(x):
    ...     y = x.exp()
    ...     print("called")
    ...     return y
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> with set_checkpoint_early_stop(False):
    ...     y = checkpoint(function, x, use_reentrant=False)
    called
    >>> y.backward()  # does not stop where exp has saved its result
    called
    """
    global _early_stop_override
    before, _early_stop_override = _early_stop_override, bool(enable)
    try:
        yield
    finally:
        _early_stop_override = before


def checkpoint(
    function: Callable[..., Result],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: Literal["default", "none"] = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Result:
    """`function(*args, **kwargs)`, of whose intermediate results none is kept: backward calls the function again.

    Args:
        function: called twice, so it has to compute the same each time.
        args, kwargs: its arguments.
        use_reentrant: which of the two ways (see the module); say which, the default (True) warns. The re-entrant way
            takes no keyword arguments, needs an input that requires grad, and works with `backward()` only, not with
            `grad()`.
        context_fn: without re-entrance: returns two contexts, for forward and for the recomputation.
        determinism_check: without re-entrance: "default" compares shapes and dtypes of what is saved, "none" does not.
        debug: without re-entrance: an error lists the operators that ran.
        early_stop: without re-entrance: leave the recomputation as soon as all is there.
        preserve_rng_state: (by keyword, default True) the recomputation draws the same random numbers as forward.

    Returns:
        What the function returns.

    Raises:
        ValueError: for arguments that do not go together.
        CheckpointError: in backward, if the recomputation differs.

    Source: Chen et al. (2016), https://arxiv.org/abs/1604.06174.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint
    >>> x = torch.tensor([2.], requires_grad=True)
    >>> checkpoint(lambda x: (x * x).exp().log(), x, use_reentrant=False).backward()
    >>> x.grad
    tensor([4.])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Calling checkpoint "
            "without use_reentrant will raise an exception in future. use_reentrant=False is recommended; "
            "use_reentrant=True keeps the present default.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if use_reentrant:
        if kwargs:
            raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
        if context_fn is not noop_context_fn or debug:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        return CheckpointFunction.apply(function, preserve, *[a if isinstance(a, Tensor) else Other(a) for a in args])
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be one of ['default', 'none'], but got {determinism_check}")
    debug = debug if _debug_override is None else _debug_override
    if debug and context_fn is not noop_context_fn:
        raise ValueError("debug=True is incompatible with non-default context_fn")
    logs = (_Log(), _Log()) if debug else None
    forward_context, recompute_context = logs or context_fn()
    mode = MODE.get()
    if not mode.grad:
        with forward_context:
            return function(*args, **kwargs)
    frame = _Frame(function, args, kwargs, mode, preserve, determinism_check == "default", recompute_context, logs)
    frame.early_stop = early_stop if _early_stop_override is None else _early_stop_override
    with saved_tensors_hooks(frame.pack, _unpack), forward_context:
        result = function(*args, **kwargs)
    return result


def checkpoint_sequential(
    functions: Iterable[Callable[[Any], Any]],
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    **kwargs: Any,
) -> Any:
    """Call functions one after the other, checkpointed in parts of equal length.

    Args:
        functions: a list of them, each of one argument, or a Sequential.
        segments: the number of parts. The last is not checkpointed: its backward comes at once.
        input: the argument of the first.
        use_reentrant: as of `checkpoint`.
        preserve_rng_state: (by keyword) as of `checkpoint`.

    Returns:
        The result of the last.

    Raises:
        ValueError: for another keyword argument, or more segments than functions.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import checkpoint_sequential
    >>> x = torch.tensor([2.], requires_grad=True)
    >>> checkpoint_sequential([torch.exp, torch.log, torch.square], 3, x, use_reentrant=False).backward()
    >>> x.grad
    tensor([4.])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. "
            "use_reentrant=False is recommended; use_reentrant=True keeps the present default.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    children: Any = getattr(functions, "children", None)
    steps = list(functions) if children is None else list(children())
    if not 0 < segments <= len(steps):
        raise ValueError(f"checkpoint_sequential: cannot make {segments} segments of {len(steps)} functions")

    def part(start: int, end: int) -> Callable:
        def run(value: Any) -> Any:
            for step in steps[start:end]:
                value = step(value)
            return value

        return run

    size = len(steps) // segments
    for start in range(0, size * (segments - 1), size):
        input = checkpoint(part(start, start + size), input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return part(size * (segments - 1), len(steps))(input)


# --- without re-entrance; the other way is in reentrant_checkpoint.py ---


class _Holder:
    """Stands for one saved tensor of a checkpointed call."""

    __slots__ = ("__weakref__", "computed", "frame")

    def __init__(self, frame: _Frame) -> None:
        self.frame = frame
        self.computed: tuple[Any, int] | None = None  # the Tensor and its version, once it has been computed again


class _Frame:
    """One checkpointed call: what is needed to make it again, and what it would have saved."""

    early_stop = True

    def __init__(
        self,
        function: Callable,
        args: Sequence,
        kwargs: dict,
        mode: Any,
        preserve: bool,
        checked: bool,
        context: Any,
        logs: Any,
    ) -> None:
        self.function = function
        self.kwargs = kwargs
        self.checked = checked
        self.context = context
        self.logs = logs
        self.site = creation_site()
        # The arguments are saved as any operator's would be: in a checkpoint around this one, that one packs them.
        hooks = current_hooks(mode)
        self.args = [SavedVariable(a, None, hooks) if isinstance(a, Tensor) else Other(a) for a in args]
        self.rng_state = get_rng_state() if preserve else None
        self.autocast = AUTOCAST.get()
        self.holders: list[weakref.ref] = []
        self.metadata: list[tuple] = []
        self.computed_for: Any = None  # the backward that the values in the holders are for

    def where(self) -> str:
        """The line that called `checkpoint`, for messages."""
        return f"checkpoint, called at {describe(self.site)}"

    def name(self) -> str:
        """What the frame is called where a node would be named."""
        return "checkpoint"

    def pack(self, tensor: Any) -> _Holder:
        """What the hooks put in the place of a saved tensor in forward."""
        holder = _Holder(self)
        self.holders.append(weakref.ref(holder))
        self.metadata.append(_metadata(tensor))
        return holder

    def recompute(self, wanted: _Holder) -> tuple[Any, int]:
        """Call the function again, and fill the holders that are still there; returns what belongs in one of them.

        (Other threads that send gradients through the same graph fill and empty the holders too.)
        """
        args = [a.unpack(self) if isinstance(a, SavedVariable) else a.value for a in self.args]
        found: list[tuple] = []
        computed: Any = None

        def pack(tensor: Any) -> Any:
            nonlocal computed
            index = len(found)
            found.append(_metadata(tensor))
            value = tensor.detach()
            if index < len(self.holders):
                holder = self.holders[index]()
                if holder is not None:
                    holder.computed = pair = value, counter_of(value).version
                    if holder is wanted:
                        computed = pair
                if self.early_stop and index == len(self.holders) - 1:
                    raise _StopRecomputationError
            return value

        with random_numbers_from(self.rng_state), enable_grad(), saved_tensors_hooks(pack, lambda value: value):
            try:
                with as_it_was(self.autocast), self.context:
                    self.function(*args, **self.kwargs)
            except _StopRecomputationError:
                pass
        self.check(found)
        return computed

    def check(self, found: list[tuple]) -> None:
        """Raise CheckpointError if the recomputation has saved something else than forward."""
        if len(found) > len(self.metadata):
            raise self.error(
                "trying to save more tensors during recomputation than during the original forward pass.\n"
                f"Number of tensors saved during forward: {len(self.metadata)}\n"
                f"Number of tensors saved during recomputation: {len(found)}."
            )
        if len(found) < len(self.metadata):
            raise self.error(
                "A different number of tensors was saved during the original forward and recomputation.\n"
                f"Number of tensors saved during forward: {len(self.metadata)}\n"
                f"Number of tensors saved during recomputation: {len(found)}."
            )
        if self.checked:
            pairs = enumerate(zip(self.metadata, found, strict=True))
            different = "".join(
                f"tensor at position {index}:\nsaved metadata: {_written(old)}\nrecomputed metadata: {_written(new)}\n"
                for index, (old, new) in pairs
                if old != new
            )
            if different:
                raise self.error(
                    "Recomputed values for the following tensors have different metadata than during the forward "
                    "pass.\n" + different
                )

    def error(self, message: str) -> CheckpointError:
        """The error of a recomputation that differs, with the logs if there are any."""
        message = f"torch.utils.checkpoint: {message}\nThe function was checkpointed at {describe(self.site)}"
        if self.logs is None:
            return CheckpointError(
                f"{message}\nTip: pass `debug=True` to checkpoint(), or wrap the code in "
                "`with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):`, to see the operators that ran."
            )
        forward, again = (log.written() for log in self.logs)
        return CheckpointError(
            f"{message}\nOperations executed during the original forward:\n\n{forward}\n"
            f"Operations executed during recomputation:\n\n{again}"
        )


def _metadata(tensor: Any) -> tuple:
    return tensor._array_.shape, tensor.dtype, tensor.device


def _written(metadata: tuple) -> dict:
    return {"shape": Size(metadata[0]), "dtype": metadata[1], "device": metadata[2]}


def _unpack(holder: _Holder) -> Any:
    """The saved tensor that a holder stands for."""
    frame = holder.frame
    group = GraphExecGroup._get_current_group()
    execution: Any = current_execution() if group is None else group
    current = None if frame.computed_for is None else frame.computed_for()
    computed = holder.computed
    if group is not None and computed is None and current is group:
        raise CheckpointError(
            "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. Performing "
            "two backward calls that overlap (i.e. require the same saved activation in order to compute gradients) is "
            "not allowed while under the torch.utils.checkpoint.GraphExecGroup context."
        )
    if computed is None or execution is None or current is not execution:
        frame.computed_for = None if execution is None else weakref.ref(execution)
        computed = frame.recompute(holder)
    value, version = computed
    if counter_of(value).version != version:
        raise RuntimeError(
            "one of the variables needed for gradient computation has been modified by an inplace operation: a tensor "
            f"of shape {list(value.shape)} that the recomputation of {frame.where()} had saved"
        )
    if group is not None or execution is None or execution.keep_graph:
        holder.computed = None  # nothing else would free it
    return value


class GraphExecGroup:
    """Several backwards that share what a checkpoint computes again: inside, each function is called at most once more.

    The backwards must not need the same saved values (CheckpointError). RuntimeError if nested.

    >>> import mibun as torch
    >>> from mibun.utils.checkpoint import GraphExecGroup, checkpoint
    >>> x = torch.tensor([0.], requires_grad=True)
    >>> sine, cosine = checkpoint(lambda x: (x.sin(), x.cos()), x, use_reentrant=False)
    >>> with GraphExecGroup():
    ...     sine.backward(retain_graph=True)
    ...     cosine.backward()
    >>> x.grad
    tensor([1.])
    """

    def __init__(self) -> None:
        self._tokens: list[Any] = []

    def __enter__(self) -> GraphExecGroup:
        if _group.get() is not None:
            raise RuntimeError(f"GraphExecGroup contexts cannot be nested. Already inside group {_group.get()}")
        self._tokens.append(_group.set(self))
        return self

    def __exit__(self, *error: object) -> None:
        _group.reset(self._tokens.pop())

    @classmethod
    def _get_current_group(cls) -> GraphExecGroup | None:
        return _group.get()


_group: ContextVar[GraphExecGroup | None] = ContextVar("mibun_graph_exec_group", default=None)


class _Log(Watcher):
    """Notes the operators that run, with the user's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def __enter__(self) -> None:
        self.lines.clear()
        return super().__enter__()

    def operator(self, op: Any, operands: Sequence, params: dict, name: str, run: Callable) -> Any:
        index = len(self.lines)
        self.lines.append("")
        site = creation_site()
        try:
            result = run(op)
        except BaseException:
            self.lines[index] = f"{name} stopped"
            raise
        outputs = result if isinstance(result, tuple) else (result,)
        shown = ", ".join(f"{t.dtype}{list(t.shape)}" for t in outputs)
        given = ", ".join(str(list(o.shape)) if isinstance(o, Tensor) else repr(o) for o in operands)
        self.lines[index] = f"{shown} = {name}({given})   at {describe(site)}"
        return result

    def written(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


__all__ = [
    "CheckpointError",
    "CheckpointFunction",
    "CheckpointPolicy",
    "DefaultDeviceType",
    "GraphExecGroup",
    "SAC_IGNORED_OPS",
    "SelectiveCheckpointContext",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "create_selective_checkpoint_contexts",
    "detach_variable",
    "get_device_states",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
    "set_device_states",
]

# Users find these here, and `pickle` too. (Classes keep the module where `inspect` finds their source.)
for _function in (check_backward_validity, detach_variable, get_device_states, set_device_states):
    _function.__module__ = __name__
