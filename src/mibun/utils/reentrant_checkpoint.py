"""The re-entrant way of checkpointing: one node, whose backward calls the function again and runs one of its own.

`checkpoint` in checkpoint.py chooses between this and the other way. What both need is here: `Other`, which wraps the
arguments that are no Tensors, and the random numbers of the recomputation.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..autograd.function import Function
from ..core.autocast import STATE as AUTOCAST
from ..core.autocast import as_it_was
from ..core.gradients import backward
from ..core.mode import enable_grad, no_grad
from ..core.nesting import current_execution
from ..core.tensor import Tensor
from ..random import get_rng_state, set_rng_state


class Other:
    """An argument that is no Tensor, so that nothing is looked for inside of it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


@contextlib.contextmanager
def random_numbers_from(state: Any) -> Iterator[None]:
    """Random numbers from `state` on (if it is not None), and afterwards from where they were."""
    if state is None:
        yield
        return
    before = get_rng_state()
    set_rng_state(state)
    try:
        yield
    finally:
        set_rng_state(before)


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The Tensors of a tuple, detached, each requiring grad if it did before; all else as it is.

    Raises:
        RuntimeError: for something else than a tuple.

    >>> import mibun as torch
    >>> (x, n) = torch.utils.checkpoint.detach_variable((torch.ones(2, requires_grad=True).exp(), 3))
    >>> x.is_leaf, x.requires_grad, n
    (True, True, 3)
    """
    if not isinstance(inputs, tuple):
        raise RuntimeError(f"Only tuple of tensors is supported. Got Unsupported input type: {type(inputs).__name__}")
    return tuple(
        value.detach().requires_grad_(value.requires_grad) if isinstance(value, Tensor) else value for value in inputs
    )


class DefaultDeviceType:
    """The accelerator whose random numbers a checkpoint restores when no argument tells: there is none here.

    >>> import mibun as torch
    >>> torch.utils.checkpoint.DefaultDeviceType.get_device_type()
    'cpu'
    """

    _default_device_type = "cpu"

    @staticmethod
    def set_device_type(device: str = "cpu") -> None:
        """Set it. RuntimeError for a device that does not exist here."""
        if device != "cpu":
            raise RuntimeError(f"DefaultDeviceType: there is no device of the type {device!r}; the only one is 'cpu'")
        DefaultDeviceType._default_device_type = device

    @staticmethod
    def get_device_type() -> str:
        """What was set last."""
        return DefaultDeviceType._default_device_type


def get_device_states(*args: Any) -> tuple[list[int], list[Any]]:
    """The accelerators that the Tensors among the arguments lie on, and the states of their generators: none here.

    >>> import mibun as torch
    >>> torch.utils.checkpoint.get_device_states(torch.ones(2))
    ([], [])
    """
    return [], []


def set_device_states(devices: Sequence[int], states: Sequence[Any], *, device_type: str | None = None) -> None:
    """Put back what `get_device_states` gave.

    Raises:
        RuntimeError: if that is of a device which does not exist here.

    >>> import mibun as torch
    >>> torch.utils.checkpoint.set_device_states([], [])
    """
    if len(devices) or len(states):
        raise RuntimeError(f"set_device_states: there are no devices {list(devices)} of the type {device_type!r}")


def check_backward_validity(inputs: Iterable[Any]) -> None:
    """Warn (UserWarning) if no input requires grad: a re-entrant checkpoint then gives no gradients at all.

    >>> import mibun as torch
    >>> torch.utils.checkpoint.check_backward_validity([torch.ones(2, requires_grad=True)])
    """
    if not any(value.requires_grad for value in inputs if isinstance(value, Tensor)):
        warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2)


class CheckpointFunction(Function):
    """The node of a re-entrant checkpoint."""

    @staticmethod
    def forward(ctx: Any, run_function: Callable, preserve_rng_state: bool, *args: Any) -> Any:
        """Call the function without recording it."""
        check_backward_validity(args)
        ctx.run_function = run_function
        ctx.rng_state = get_rng_state() if preserve_rng_state else None
        ctx.autocast = AUTOCAST.get()
        ctx.others = [a if isinstance(a, Other) else None for a in args]
        ctx.save_for_backward(*[a for a in args if isinstance(a, Tensor)])
        with no_grad():
            return run_function(*[a.value if isinstance(a, Other) else a for a in args])

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """Call the function again, recorded, and run a backward over that."""
        execution = current_execution()
        if execution is not None and execution.captures is not None:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                "parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call "
                ".backward() without passing the `inputs` argument."
            )
        saved = iter(ctx.saved_tensors)
        inputs = detach_variable(tuple(next(saved) if other is None else other.value for other in ctx.others))
        with random_numbers_from(ctx.rng_state), enable_grad(), as_it_was(ctx.autocast):
            outputs = ctx.run_function(*inputs)
        if not isinstance(outputs, tuple):
            outputs = (outputs,)
        pairs = [
            (output, grad)
            for output, grad in zip(outputs, grads, strict=True)
            if isinstance(output, Tensor) and output.requires_grad
        ]
        if not pairs:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward([output for output, _ in pairs], [grad for _, grad in pairs])
        leaves = [
            i.grad if isinstance(i, Tensor) and other is None else None
            for i, other in zip(inputs, ctx.others, strict=True)
        ]
        return (None, None, *leaves)
