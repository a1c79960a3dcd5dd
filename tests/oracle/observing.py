"""Runs a program of `programs.py` on mibun or on PyTorch and notes what a user can see of it after every statement.

As a script it does that on PyTorch for a range of seeds, in a process of its own since PyTorch itself crashes on some
programs.
"""

from __future__ import annotations

import json
import math
import re
import sys
import warnings
from collections.abc import Callable

# After these an error leaves things in a state that is not compared: PyTorch has changed some grads when a backward
# fails (mibun none), and has written before it refuses an inference tensor or an input marked dirty.
GRADIENT = re.compile(r"backward\(|autograd\.grad\(|Double_")
WRITTEN = "Inplace update to inference tensor"
# PyTorch's own trouble, in which it is no reference.
TROUBLE = ("INTERNAL ASSERT", "ZeroTensors are immutable", "unallocated storage", "A leaf node was passed to _will")


def functions(torch: object) -> dict:
    """User-written Functions for the programs, by name."""
    Function = torch.autograd.Function

    class Cube(Function):
        """Saves its input; its backward can be differentiated."""

        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x * x

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 3 * x * x

    class Exponential(Function):
        """Saves its output, with setup_context."""

        @staticmethod
        def forward(x):
            return x.exp()

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output)

        @staticmethod
        def backward(ctx, grad):
            (y,) = ctx.saved_tensors
            return grad * y

    class Product(Function):
        """Two inputs of one shape; computes only what is needed."""

        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, grad):
            x, y = ctx.saved_tensors
            return grad * y if ctx.needs_input_grad[0] else None, grad * x if ctx.needs_input_grad[1] else None

    class Flat(Function):
        """Returns a view of its input."""

        @staticmethod
        def forward(ctx, x):
            ctx.shape = x.shape
            return x.view(-1)

        @staticmethod
        def backward(ctx, grad):
            return grad.view(ctx.shape)

    class Same(Function):
        """Returns its input as it is."""

        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 5

    class Double_(Function):
        """Works in place."""

        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    class Both(Function):
        """Two outputs, whose missing gradients arrive as None."""

        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x + 1

        @staticmethod
        def backward(ctx, first, second):
            parts = [part for part in (None if first is None else first * 2, second) if part is not None]
            return None if not parts else parts[0] if len(parts) == 1 else parts[0] + parts[1]

    class WithSign(Function):
        """Its second output has no derivative."""

        @staticmethod
        def forward(ctx, x):
            sign = x.sign()
            ctx.mark_non_differentiable(sign)
            ctx.save_for_backward(sign)
            return x.abs(), sign

        @staticmethod
        def backward(ctx, grad, _):
            return grad * ctx.saved_tensors[0]

    return {cls.__name__: cls for cls in (Cube, Exponential, Product, Flat, Same, Double_, Both, WithSign)}


def tools(torch: object, log: list) -> dict:
    """What the programs call beside `torch`: hooks that write to the log, and ways around None."""

    def note(name: str, factor: float | None = None) -> Callable:
        """A tensor hook that logs the gradient, and multiplies it if a factor is given."""

        def hook(grad):
            log.append([name, numbers(grad)])
            return None if factor is None else grad * factor

        return hook

    def note_node(tensor: object, name: str, pre: bool) -> None:
        """Register a logging hook on the tensor's node, if it has one."""
        node = tensor.grad_fn
        if node is None:
            return
        if pre:
            node.register_prehook(lambda grads: log.append([name + " pre", [numbers(g) for g in grads]]))
        else:
            node.register_hook(
                lambda inputs, grads: log.append([name + " post", [numbers(g) for g in (*inputs, *grads)]])
            )

    def note_accumulated(name: str) -> Callable:
        return lambda tensor: log.append([name + " accumulated", numbers(tensor.grad)])

    def note_multi(name: str) -> Callable:
        return lambda grads: log.append([name + " multi", [numbers(g) for g in as_list(grads)]])

    def or_zeros(grad: object, like: object) -> object:
        """The gradient, as a tensor of its own: whether it happens to be a view (an expanded one) is no promise."""
        if grad is None:
            log.append(["none", []])
            return torch.zeros_like(like)
        return grad.clone()

    def as_list(grads: object) -> list:
        return list(grads) if isinstance(grads, (list, tuple)) else [grads]

    return {
        "note": note,
        "note_node": note_node,
        "note_accumulated": note_accumulated,
        "note_multi": note_multi,
        "or_zeros": or_zeros,
    }


def state(tensor: object, follow: bool, versioned: bool) -> object:
    """What a user sees of a tensor. follow: also the names of the nodes before its own. versioned: also its version."""
    try:
        node = tensor.grad_fn
    except RuntimeError as error:
        return ["grad_fn refused", str(error)[:30]]
    name = node and node.name()
    if node is not None and follow:
        name = [name, [None if n is None else n.name() for n, _ in node.next_functions]]
    grad = tensor.grad
    return [
        list(tensor.shape),
        numbers(tensor),
        tensor.requires_grad,
        tensor.is_leaf,
        name,
        tensor.output_nr,
        tensor._version if versioned else tensor.is_inference(),
        None if grad is None else [list(grad.shape), numbers(grad), grad.requires_grad],
        tensor._is_view(),
        tensor._base is not None and list(tensor._base.shape),
        tensor.retains_grad and not tensor.is_leaf,
    ]


def numbers(tensor: object) -> list | None:
    """The values, rounded so that a last bit does not count; NaN and infinities as text."""
    if tensor is None:
        return None
    try:
        values = tensor.detach().reshape(-1).tolist()
    except RuntimeError:  # "... on a tensor with unallocated storage": PyTorch's own trouble, very rarely
        return ["unreadable"]
    return [float(f"{v:.8g}") if math.isfinite(v) else str(v) for v in values]


def observe(torch: object, program: object) -> list:
    """Run a program; after each statement its outcome, the state of every tensor and what hooks have logged since.

    A recorded backward need not consist of PyTorch's nodes; what PyTorch computes from inference tensors may begin at
    any version.
    """
    log: list = []
    scope: dict = {"torch": torch, **tools(torch, log), **functions(torch)}
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in program.statements:
            del log[:]
            try:
                exec(statement, scope)
            except Exception as error:
                outcome = f"{type(error).__name__}: {str(error)[:24]}"
                if any(words in str(error) for words in TROUBLE):
                    seen.append(["trouble", {}, []])
                    break
                if type(error) is not RuntimeError or GRADIENT.search(statement) or outcome.endswith(WRITTEN[:24]):
                    seen.append([outcome, {}, []])
                    break
            else:
                outcome = "ok"
            names = [name for name in scope if name[0] == "t" and name[1:].isdigit()]
            states = {
                name: state(scope[name], name not in program.gradients, name not in program.inferred) for name in names
            }
            # Leaves' hooks run when all other nodes have: the order of hooks is compared for one tensor only.
            seen.append([outcome, states, sorted(log, key=lambda entry: entry[0].split(" ")[0])])
            if outcome != "ok" and " = " in statement:
                break  # what follows may need the name
    return seen


def main() -> None:
    """`observing.py START STOP`: observations of PyTorch for these seeds, one JSON line each."""
    import torch
    from programs import Program

    torch.set_num_threads(1)
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        program = Program(seed)
        print(json.dumps([seed, observe(torch, program)]), flush=True)


if __name__ == "__main__":
    main()
