"""Hooks of Modules: functions called around `forward` and around the backward of a Module.

`ModuleHooks` gives Module the methods that register hooks; `call_with_hooks` is the way a call takes with any.
A backward hook sees a Module as one step: its inputs and outputs pass through an identity `Function`, whose nodes carry
the hooks.
"""

from __future__ import annotations

import functools
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ...autograd.function import Function
from ...core.mode import is_grad_enabled
from ...core.node import RemovableHandle
from ...core.site import stacklevel
from ...core.tensor import Tensor


class GlobalHooks:
    """The hooks called for every Module, by kind; `used` says whether any call has to look at them."""

    def __init__(self) -> None:
        self.forward: OrderedDict = OrderedDict()
        self.forward_with_kwargs: OrderedDict = OrderedDict()
        self.forward_always: OrderedDict = OrderedDict()
        self.forward_pre: OrderedDict = OrderedDict()
        self.backward: OrderedDict = OrderedDict()
        self.backward_is_full: bool | None = None
        self.backward_pre: OrderedDict = OrderedDict()
        self.buffer: OrderedDict = OrderedDict()
        self.module: OrderedDict = OrderedDict()
        self.parameter: OrderedDict = OrderedDict()
        self.used = False  # once a call hook has been registered, calls look at the dictionaries

    def any_for_calls(self) -> bool:
        """Whether a call has hooks now, apart from the Module's own."""
        return bool(self.forward or self.forward_pre or self.backward or self.backward_pre)


GLOBAL = GlobalHooks()

_BOTH_KINDS = (
    "Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only one of them."
)


def _register(hooks: OrderedDict, hook: Callable, prepend: bool = False, extra: list | None = None) -> RemovableHandle:
    handle = RemovableHandle(hooks, extra_dict=extra)
    hooks[handle.id] = hook
    for flags in extra or ():
        flags[handle.id] = True
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


class ModuleHooks:
    """The methods of Module that register hooks; each returns a handle whose `remove()` takes the hook back."""

    _forward_hooks: OrderedDict
    _forward_hooks_with_kwargs: OrderedDict
    _forward_hooks_always_called: OrderedDict
    _forward_pre_hooks: OrderedDict
    _forward_pre_hooks_with_kwargs: OrderedDict
    _backward_hooks: OrderedDict
    _backward_pre_hooks: OrderedDict
    _is_full_backward_hook: bool | None

    def register_forward_pre_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before each forward; what it returns, if not None, replaces the arguments.

        With `with_kwargs` it is called as `hook(module, args, kwargs)` and returns None or a pair of both. A hook that
        is prepended runs before those already there.
        """
        extra = [self._forward_pre_hooks_with_kwargs] if with_kwargs else None
        return _register(self._forward_pre_hooks, hook, prepend, extra)

    def register_forward_hook(
        self, hook: Callable, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after each forward; what it returns, if not None, replaces the output.

        With `with_kwargs` it is called as `hook(module, args, kwargs, output)`. With `always_call` it is called even
        when forward, or a hook before it, raises; the output is then None.

        >>> import mibun as torch
        >>> layer = torch.nn.Linear(2, 3)
        >>> handle = layer.register_forward_hook(lambda module, args, output: print(tuple(output.shape)))
        >>> y = layer(torch.ones(4, 2))
        (4, 3)
        >>> handle.remove()
        """
        extra = []
        if with_kwargs:
            extra.append(self._forward_hooks_with_kwargs)
        if always_call:
            extra.append(self._forward_hooks_always_called)
        return _register(self._forward_hooks, hook, prepend, extra)

    def register_full_backward_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of the Module's inputs have been computed.

        Both are tuples of Tensors or None; what the hook returns, if not None, replaces `grad_input`. Arguments that
        are not Tensors, or given by keyword, are left out.
        """
        if self._is_full_backward_hook is False:
            raise RuntimeError(_BOTH_KINDS)
        self._is_full_backward_hook = True
        return _register(self._backward_hooks, hook, prepend)

    def register_backward_hook(self, hook: Callable) -> RemovableHandle:
        """Deprecated: `register_full_backward_hook` with the gradients of the node that made the output, and no other.

        RuntimeError if the Module has full backward hooks.
        """
        if self._is_full_backward_hook is True:
            raise RuntimeError(_BOTH_KINDS)
        self._is_full_backward_hook = False
        return _register(self._backward_hooks, hook)

    def register_full_backward_pre_hook(self, hook: Callable, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` before the backward; what it returns replaces `grad_output`."""
        return _register(self._backward_pre_hooks, hook, prepend)


class BackwardHookFunction(Function):
    """The identity on Tensors, whose node marks where a Module begins or ends."""

    @staticmethod
    def forward(ctx: Any, *tensors: Any) -> Any:
        ctx.mark_non_differentiable(*[tensor for tensor in tensors if not tensor.requires_grad])
        return tensors

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        return grads


def _through_identity(values: Any, attach: Callable) -> Any:
    """The values with their Tensors passed through the identity, to whose node `attach` is applied if there is one."""
    positions = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not (is_grad_enabled() and any(values[i].requires_grad for i in positions)):
        return values, None
    passed = BackwardHookFunction.apply(*[values[i] for i in positions])
    node = next(tensor.grad_fn for tensor in passed if tensor.grad_fn is not None)
    attach(node)
    values = list(values)
    for i, tensor in zip(positions, passed, strict=True):
        values[i] = tensor
    return tuple(values), positions


class _BackwardHooks:
    """The backward hooks in force in one call of a Module."""

    def __init__(self, module: Any, hooks: list, pre_hooks: list) -> None:
        self.module = module
        self.hooks = hooks
        self.pre_hooks = pre_hooks
        self.grad_outputs: Any = None
        self.n_inputs = -1
        self.n_outputs = -1
        self.input_positions: list | None = None
        self.output_positions: list | None = None

    def _spread(self, grads: Any, positions: list, n: int) -> tuple:
        spread: list = [None] * n
        for position, grad in zip(positions, grads, strict=True):
            spread[position] = grad
        return tuple(spread)

    def _gather(self, grads: Any, positions: list, n: int, name: str) -> tuple:
        grads = grads if isinstance(grads, tuple) else (grads,)
        if len(grads) != n:
            raise RuntimeError(
                f"Backward hook returned an invalid number of {name}, got {len(grads)}, but expected {n}"
            )
        return tuple(grads[position] for position in positions)

    def around_inputs(self, args: tuple) -> tuple:
        self.n_inputs = len(args)
        result, self.input_positions = _through_identity(args, self._attach_input)
        return result

    def _attach_input(self, node: Any) -> None:
        node.register_hook(self._after_inputs)

    def _after_inputs(self, grad_input: tuple, _: tuple) -> Any:
        if self.grad_outputs is None:
            # The inputs' gradient did not come through the outputs, so that the Module's backward did not run.
            return None
        result = grad_input
        positions = self.input_positions
        assert positions is not None
        for hook in self.hooks:
            full = self._spread(result, positions, self.n_inputs)
            changed = hook(self.module, full, self.grad_outputs)
            if changed is not None:
                result = self._gather(changed, positions, self.n_inputs, "grad_input")
        self.grad_outputs = None
        return result

    def around_outputs(self, output: Any) -> Any:
        several = isinstance(output, tuple)
        if not several and not isinstance(output, Tensor):
            return output
        outputs = output if several else (output,)
        self.n_outputs = len(outputs)
        result, self.output_positions = _through_identity(outputs, self._attach_output)
        if not several:
            return result[0]
        # A namedtuple stays one.
        make = getattr(type(output), "_make", None)
        return result if make is None else make(result)

    def _attach_output(self, node: Any) -> None:
        node.register_prehook(self._before_outputs)

    def _before_outputs(self, grad_output: tuple) -> Any:
        positions = self.output_positions
        assert positions is not None
        full = self._spread(grad_output, positions, self.n_outputs)
        for hook in self.pre_hooks:
            changed = hook(self.module, full)
            if changed is not None:
                changed = changed if isinstance(changed, tuple) else (changed,)
                if len(changed) != self.n_outputs:
                    raise RuntimeError(
                        "Backward pre hook returned an invalid number of grad_output, "
                        f"got {len(changed)}, but expected {self.n_outputs}"
                    )
                full = changed
        self.grad_outputs = full
        if self.input_positions is None:
            # No input needs a gradient: this is the place where the hooks can still be called.
            if self.hooks:
                warnings.warn(
                    "Full backward hook is firing when gradients are computed with respect to module outputs since no "
                    "inputs require gradients.",
                    stacklevel=stacklevel(),
                )
            for hook in self.hooks:
                changed = hook(self.module, self._spread([], [], self.n_inputs), self.grad_outputs)
                if changed is not None and not (isinstance(changed, tuple) and all(grad is None for grad in changed)):
                    raise RuntimeError(
                        "Backward hook for Modules where no input requires gradient should always return None or None "
                        "for all gradients."
                    )
            self.grad_outputs = None
        return tuple(full[position] for position in positions)


class _Progress:
    """How far a call has come, for hooks that are always called: the arguments and output as hooks have left them."""

    def __init__(self, args: tuple, kwargs: dict) -> None:
        self.args = args
        self.kwargs = kwargs
        self.result: Any = None
        self.called: set = set()


def call_with_hooks(module: Any, args: tuple, kwargs: dict) -> Any:
    """Call `module.forward` with the hooks registered on the Module and for all Modules."""
    progress = _Progress(args, kwargs)
    try:
        return _call(module, progress)
    except Exception:
        # Hooks that are always called are called for an error too, once, and may not hide it.
        for where, hooks, with_kwargs, always in _forward_hooks_of(module):
            for hook_id, hook in list(hooks.items()):
                if hook_id in always and hook_id not in progress.called:
                    _call_quietly(module, hook, progress, hook_id in with_kwargs, where)
        raise


def _forward_hooks_of(module: Any) -> tuple:
    """(what they are called in messages, the hooks, ids of those that take kwargs, ids of those always called)."""
    return (
        ("global module forward hook", GLOBAL.forward, GLOBAL.forward_with_kwargs, GLOBAL.forward_always),
        (
            "module forward hook",
            module._forward_hooks,
            module._forward_hooks_with_kwargs,
            module._forward_hooks_always_called,
        ),
    )


def _call_quietly(module: Any, hook: Callable, progress: _Progress, with_kwargs: bool, where: str) -> None:
    try:
        changed = _call_forward_hook(module, hook, progress, with_kwargs)
        if changed is not None:
            progress.result = changed
    except Exception as error:
        warnings.warn(
            f"{where} with ``always_call=True`` raised an exception that was silenced as another error was raised in "
            f"forward: {error!s}",
            stacklevel=stacklevel(),
        )


def _call_forward_hook(module: Any, hook: Callable, progress: _Progress, with_kwargs: bool) -> Any:
    if with_kwargs:
        return hook(module, progress.args, progress.kwargs, progress.result)
    return hook(module, progress.args, progress.result)


def _call(module: Any, progress: _Progress) -> Any:
    forward = module.forward  # as it is before the hooks, of which one may change the Module's class: see `lazy.py`
    for hook in list(GLOBAL.forward_pre.values()):
        progress.args = _changed_args(progress.args, hook(module, progress.args))
    for hook_id, hook in list(module._forward_pre_hooks.items()):
        if hook_id in module._forward_pre_hooks_with_kwargs:
            changed = hook(module, progress.args, progress.kwargs)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                    )
                progress.args, progress.kwargs = changed
        else:
            progress.args = _changed_args(progress.args, hook(module, progress.args))

    of_all = list(GLOBAL.backward.values())
    own = list(module._backward_hooks.values())
    hooks = (of_all if GLOBAL.backward_is_full else []) + (own if module._is_full_backward_hook else [])
    node_hooks = ([] if GLOBAL.backward_is_full else of_all) + ([] if module._is_full_backward_hook else own)
    pre_hooks = [*GLOBAL.backward_pre.values(), *module._backward_pre_hooks.values()]
    backward = _BackwardHooks(module, hooks, pre_hooks) if hooks or pre_hooks else None
    if backward is not None:
        progress.args = backward.around_inputs(progress.args)
    progress.result = forward(*progress.args, **progress.kwargs)
    for _, forward_hooks, with_kwargs, always in _forward_hooks_of(module):
        for hook_id, hook in list(forward_hooks.items()):
            if hook_id in always:
                progress.called.add(hook_id)
            changed = _call_forward_hook(module, hook, progress, hook_id in with_kwargs)
            if changed is not None:
                progress.result = changed
    if backward is not None:
        progress.result = backward.around_outputs(progress.result)
    if node_hooks:
        _hook_last_node(module, node_hooks, progress)
    return progress.result


def _hook_last_node(module: Any, hooks: list, progress: _Progress) -> None:
    """Give backward hooks that are not full to the node of the output, warning of what they will not see."""
    first = progress.result
    while not isinstance(first, Tensor):
        first = next(iter(first.values() if isinstance(first, dict) else first))
    node = first.grad_fn
    if node is None:
        return
    for hook in hooks:
        node.register_hook(functools.partial(hook, module))
    unseen = _unseen_by_node(node, progress.args, progress.result)
    if unseen is not None:
        warnings.warn(
            f"Using {unseen[0]} is deprecated and will be removed in future versions. This hook will be missing some "
            f"{unseen[1]}. Please use register_full_backward_hook to get the documented behavior.",
            FutureWarning,
            stacklevel=stacklevel(),
        )


def _unseen_by_node(node: Any, args: tuple, result: Any) -> tuple[str, str] | None:
    """Why, and which, gradients of a Module do not pass the node that made its output."""
    results = result if isinstance(result, tuple) else (result,)
    if not all(isinstance(value, Tensor) for value in results):
        module = "non-full backward hooks on a Module that does not"
        return f"{module} return a single Tensor or a tuple of Tensors", "of the grad_output"
    if not all(isinstance(value, Tensor) for value in args):
        module = "non-full backward hooks on a Module that does not"
        return f"{module} take as input a single Tensor or a tuple of Tensors", "of the grad_input"
    if len({value.grad_fn for value in results} - {None}) > 1:
        return "a non-full backward hook when outputs are generated by different autograd Nodes", "grad_output"
    behind = {value.grad_fn for value in args} - {None}
    if behind != {function for function, _ in node.next_functions} - {None}:
        return "a non-full backward hook when the forward contains multiple autograd Nodes", "grad_input"
    return None


def _changed_args(args: tuple, changed: Any) -> tuple:
    if changed is None:
        return args
    return changed if isinstance(changed, tuple) else (changed,)


def _register_call_hook(hooks: OrderedDict, hook: Callable, extra: list | None = None) -> RemovableHandle:
    GLOBAL.used = True
    return _register(hooks, hook, extra=extra)


def register_module_forward_pre_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, args)` before the forward of every Module, before the Module's own hooks.

    What it returns, if not None, replaces the arguments. The handle's `remove()` takes the hook back.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_forward_pre_hook
    >>> handle = register_module_forward_pre_hook(lambda module, args: print(type(module).__name__))
    >>> y = torch.nn.ReLU()(torch.ones(1))
    ReLU
    >>> handle.remove()
    """
    return _register_call_hook(GLOBAL.forward_pre, hook)


def register_module_forward_hook(
    hook: Callable, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, args, output)` after the forward of every Module, before the Module's own hooks.

    What it returns, if not None, replaces the output; `with_kwargs` and `always_call` as of
    `Module.register_forward_hook`. The handle's `remove()` takes the hook back.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_forward_hook
    >>> handle = register_module_forward_hook(lambda module, args, output: output + 1)
    >>> torch.nn.ReLU()(torch.ones(1))
    tensor([2.])
    >>> handle.remove()
    """
    extra = []
    if with_kwargs:
        extra.append(GLOBAL.forward_with_kwargs)
    if always_call:
        extra.append(GLOBAL.forward_always)
    return _register_call_hook(GLOBAL.forward, hook, extra)


def register_module_backward_hook(hook: Callable) -> RemovableHandle:
    """Deprecated: as `register_module_full_backward_hook`, with the gradients of the node of the output only.

    RuntimeError while there are hooks of that function.
    """
    if GLOBAL.backward_is_full is True:
        raise RuntimeError(_BOTH_KINDS.replace("on a single Module", "as global Module hooks"))
    GLOBAL.backward_is_full = False
    return _register_call_hook(GLOBAL.backward, hook)


def register_module_full_backward_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` in the backward of every Module, before the Module's own hooks.

    What it returns, if not None, replaces `grad_input`. The handle's `remove()` takes the hook back. RuntimeError while
    there are hooks of `register_module_backward_hook`.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_full_backward_hook
    >>> handle = register_module_full_backward_hook(lambda module, gi, go: print(gi, go))
    >>> torch.nn.ReLU()(torch.ones(1, requires_grad=True)).backward()
    (tensor([1.]),) (tensor([1.]),)
    >>> handle.remove()
    """
    if GLOBAL.backward_is_full is False:
        raise RuntimeError(_BOTH_KINDS.replace("on a single Module", "as global Module hooks"))
    GLOBAL.backward_is_full = True
    return _register_call_hook(GLOBAL.backward, hook)


def register_module_full_backward_pre_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, grad_output)` before the backward of every Module, before the Module's own hooks.

    What it returns, if not None, replaces `grad_output`. The handle's `remove()` takes the hook back.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_full_backward_pre_hook
    >>> handle = register_module_full_backward_pre_hook(lambda module, grad_output: print(grad_output))
    >>> torch.nn.ReLU()(torch.ones(1, requires_grad=True)).backward()
    (tensor([1.]),)
    >>> handle.remove()
    """
    return _register_call_hook(GLOBAL.backward_pre, hook)


def register_module_buffer_registration_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, name, buffer)` when a buffer is registered; what it returns replaces the buffer.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_buffer_registration_hook
    >>> handle = register_module_buffer_registration_hook(lambda module, name, buffer: print(name))
    >>> torch.nn.Module().register_buffer("mean", torch.zeros(2))
    mean
    >>> handle.remove()
    """
    return _register(GLOBAL.buffer, hook)


def register_module_module_registration_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, name, submodule)` when a submodule is registered; what it returns replaces it.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_module_registration_hook
    >>> handle = register_module_module_registration_hook(lambda module, name, child: print(name))
    >>> torch.nn.Module().add_module("relu", torch.nn.ReLU())
    relu
    >>> handle.remove()
    """
    return _register(GLOBAL.module, hook)


def register_module_parameter_registration_hook(hook: Callable) -> RemovableHandle:
    """Call `hook(module, name, parameter)` when a parameter is registered; what it returns replaces it.

    >>> import mibun as torch
    >>> from mibun.nn.modules.module import register_module_parameter_registration_hook
    >>> handle = register_module_parameter_registration_hook(lambda module, name, p: print(name))
    >>> layer = torch.nn.Linear(2, 2)
    weight
    bias
    >>> handle.remove()
    """
    return _register(GLOBAL.parameter, hook)
