"""Random programs over mibun made of small steps, into every one of whose callbacks a fault can be put.

`Program(seed)` is a list of steps; `Run` carries one out. Every callback that mibun calls (hooks of all kinds,
Functions, rules, kernels, packers, unpackers, checkpointed functions) first passes `Faults.point`, which counts and
raises at the one that it was told to.
"""

from __future__ import annotations

import contextlib
import random
import warnings

import numpy as np

import mibun as torch
from mibun import autograd
from mibun.autograd import forward_ad, graph
from mibun.core.mode import MODE
from mibun.core.registry import OPS
from mibun.dispatch.declare import linear, op
from mibun.utils.checkpoint import checkpoint

FREED = "Trying to backward through the graph a second time"


class Faults:
    """Counts the callbacks; raises at number `at`, from then on in kernels (which the dispatch may call twice)."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.at: int | None = None
        self.error: BaseException | None = None
        self.raised = False

    def point(self, kind: str) -> None:
        """A callback of some kind runs."""
        self.kinds.append(kind)
        if self.at is not None and (len(self.kinds) > self.at if kind == "kernel" else len(self.kinds) == self.at + 1):
            self.raised = True
            raise self.error

    def disarm(self) -> None:
        """No more faults."""
        self.at = self.error = None


FAULTS = Faults()


def _declare() -> object:
    """An operator with callbacks in its kernel, rule and jvp; outside of the register, whose operators are tested."""

    def rule(xp, g, input, out):
        FAULTS.point("rule")
        return g * input * 2 + g * out * 0

    def tangent(xp, t, input):
        FAULTS.point("jvp of an operator")
        return t * input * 2

    @op(linear, name="checked_square", vjp=rule, jvp={"input": tangent}, public=False)
    def checked_square(xp, input):
        """The square."""
        FAULTS.point("kernel")
        return input * input

    del OPS["checked_square"]
    return checked_square


SQUARE = _declare()


class Cube(autograd.Function):
    """Saves input and output, has a backward that can be differentiated, and a jvp."""

    @staticmethod
    def forward(x):
        FAULTS.point("forward of a Function")
        return x * x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        FAULTS.point("setup_context")
        ctx.save_for_backward(inputs[0], output)
        ctx.save_for_forward(inputs[0])

    @staticmethod
    def backward(ctx, grad):
        FAULTS.point("backward of a Function")
        x, y = ctx.saved_tensors
        return grad * 3 * x * x + y * 0

    @staticmethod
    def jvp(ctx, tangent):
        FAULTS.point("jvp of a Function")
        (x,) = ctx.saved_tensors
        return tangent * 3 * x * x


class Swap(autograd.Function):
    """Two inputs and two outputs."""

    @staticmethod
    def forward(ctx, x, y):
        FAULTS.point("forward of a Function")
        ctx.save_for_backward(x, y)
        return x * y, x - y

    @staticmethod
    def backward(ctx, first, second):
        FAULTS.point("backward of a Function")
        x, y = ctx.saved_tensors
        return first * y + second, first * x - second


def pack(tensor):
    """A packer, which keeps an array of its own."""
    FAULTS.point("packer")
    return tensor.detach().clone()


def unpack(packed):
    """Its unpacker."""
    FAULTS.point("unpacker")
    return packed


UNARY = ("exp", "sin", "tanh", "sigmoid", "relu", "square", "clone")
BINARY = ("add", "sub", "mul", "maximum")


class Program:
    """Steps made from a seed: (name of the method of `Run`, its arguments). Tensors are numbered; all are (2, 3)."""

    def __init__(self, seed: int, length: int = 14) -> None:
        self.random = rng = random.Random(seed)
        self.steps: list[tuple] = []
        self.count = 0
        self.leaves: list[int] = []
        for _ in range(rng.choice((2, 3))):
            self.leaf()
        while len(self.steps) < length:
            weights = {
                self.leaf: 1,
                self.operation: 7,
                self.inplace: 3,
                self.hook: 9,
                self.packed: 3,
                self.checkpointed: 2,
                self.dual: 1,
                self.gradient: 3,
            }
            rng.choices(list(weights), list(weights.values()))[0]()
        self.gradient()

    def some(self) -> int:
        """A tensor, rather a recent one."""
        return self.count - 1 if self.random.random() < 0.4 else self.random.randrange(self.count)

    def new(self, *step) -> None:
        self.steps.append(step)
        self.count += 1

    def leaf(self) -> None:
        values = [round(self.random.uniform(-1, 1), 3) for _ in range(6)]
        self.leaves.append(self.count)
        self.new("leaf", values, self.random.random() < 0.85)

    def operation(self) -> None:
        self.new(
            "operation",
            self.random.choice(
                [("unary", self.random.choice(UNARY), self.some())] * 3
                + [("binary", self.random.choice(BINARY), self.some(), self.some())] * 3
                + [("matmul", self.some(), self.some()), ("rows", self.some()), ("view", self.some())]
                + [("square", self.some()), ("cube", self.some()), ("swap", self.some(), self.some())] * 2
            ),
        )

    def inplace(self) -> None:
        """Steps on a tensor that nothing has saved yet."""
        self.new("operation", ("binary", "add", self.some(), self.some()))
        target = self.count - 1
        for _ in range(self.random.randrange(1, 3)):
            self.steps.append(("inplace", target, self.some(), self.random.choice(("mul", "row", "t", "add", "set"))))
        if self.random.random() < 0.4:
            self.steps.append(("inplace", target, target, self.random.choice(("sigmoid", "sigmoid of a row"))))

    def packed(self) -> None:
        """An operation, in place or not, under saved-tensor hooks."""
        before = len(self.steps)
        self.random.choice((self.operation, self.inplace))()
        twice = self.random.random() < 0.2
        self.steps[before:] = [("packed", twice, step) for step in self.steps[before:]]

    def checkpointed(self) -> None:
        self.new("checkpointed", self.some(), self.some(), self.random.random() < 0.5)

    def dual(self) -> None:
        self.new("dual", self.some(), self.some())

    def hook(self) -> None:
        kinds = ("tensor", "retain", "pre", "post", "accumulate", "multi", "any", "inner")
        kind = self.random.choice(kinds)
        on = self.random.choice(self.leaves) if kind == "accumulate" else self.some()
        self.steps.append(("hook", kind, on, self.some(), self.random.random() < 0.5))

    def gradient(self) -> None:
        rng = self.random
        how = rng.choice(("backward", "backward", "backward", "inputs", "grad", "several"))
        around = rng.choice((None, None, "no_grad", "anomaly", "packed", "dual", "no_grad packed"))
        keep, create = rng.random() < 0.75, rng.random() < 0.25
        root = self.count - 1 if rng.random() < 0.7 else self.some()
        of = self.random.choice(self.leaves) if rng.random() < 0.5 else self.some()
        self.steps.append(("gradient", how, around, root, of, keep or create, create))


class Run:
    """One run of a program; `do` carries out one step."""

    def __init__(self) -> None:
        self.tensors: list = []
        self.found: list = []  # what grad() has given

    def do(self, step: tuple) -> None:
        getattr(self, "_" + step[0])(*step[1:])

    def _leaf(self, values, requires_grad) -> None:
        self.tensors.append(torch.tensor(values, dtype=torch.float64).reshape(2, 3).requires_grad_(requires_grad))

    def _operation(self, what) -> None:
        kind, *rest = what
        t = self.tensors
        if kind == "unary":
            result = getattr(t[rest[1]] * 0.3, rest[0])()
        elif kind == "binary":
            result = getattr(torch, rest[0])(t[rest[1]], t[rest[2]])
        elif kind == "matmul":
            result = t[rest[0]] @ t[rest[1]].t() @ t[rest[0]] * 0.1
        elif kind == "rows":
            result = torch.stack([row * (i + 1) for i, row in enumerate(t[rest[0]].unbind(0))])
        elif kind == "view":
            result = t[rest[0]].t().reshape(6).view(3, 2).t() * 1.5
        elif kind == "square":
            result = SQUARE(t[rest[0]])
        elif kind == "cube":
            result = Cube.apply(t[rest[0]] * 0.5)
        else:
            first, second = Swap.apply(t[rest[0]], t[rest[1]])
            result = first + second * 0.5
        t.append(result)

    def _inplace(self, target, other, what) -> None:
        x, y = self.tensors[target], self.tensors[other]
        if other == target and "sigmoid" not in what:
            y = 0.5
        if what == "mul":
            x.mul_(y)
        elif what == "add":
            x.add_(y)
        elif what == "row":
            x[0].mul_(y if other == target else y[1])
        elif what == "t":
            x.t()[1].add_(y if other == target else y.t()[0])
        elif what == "set":
            x[:, 1] = y if other == target else y[:, 0]
        elif what == "sigmoid":
            x.sigmoid_()
        else:
            x[1].sigmoid_()

    def _packed(self, twice, step) -> None:
        with graph.saved_tensors_hooks(pack, unpack):
            if twice:
                with graph.saved_tensors_hooks(pack, unpack):
                    self.do(step)
            else:
                self.do(step)

    def _checkpointed(self, a, b, use_reentrant) -> None:
        def function(x, y):
            FAULTS.point("checkpointed function")
            z = (x * y).tanh()
            if z.requires_grad:
                z.register_hook(lambda grad: FAULTS.point("hook in a checkpoint"))
            return Cube.apply(z) + self.tensors[0] * z

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no input requires grad
            self.tensors.append(checkpoint(function, self.tensors[a], self.tensors[b], use_reentrant=use_reentrant))

    def _dual(self, a, b) -> None:
        with forward_ad.dual_level():
            x = forward_ad.make_dual(self.tensors[a].detach(), self.tensors[b].detach())
            y = Cube.apply(x.sin()) + SQUARE(x)
            y = y.add(1).mul_(x)
            primal, tangent = forward_ad.unpack_dual(y)
            result = primal + tangent
        self.tensors.append(result)

    def _hook(self, kind, a, b, replaces) -> None:
        x = self.tensors[a]
        if not x.requires_grad:
            return

        is_leaf = x.is_leaf  # a hook that holds its tensor would be a reference cycle

        def tensor_hook(grad):
            FAULTS.point("tensor hook")
            return grad * 1.5 if replaces else None

        def inner_hook(grad):
            first = self.tensors[0]
            if first.requires_grad:
                with torch.enable_grad():
                    inner = first * grad.detach()
                    inner.register_hook(lambda g: FAULTS.point("hook of an inner backward"))
                    inner.sum().backward()
            FAULTS.point("tensor hook, after an inner backward")

        def pre_hook(grads):
            FAULTS.point("prehook")
            return tuple([g and g * 0.5 if g is None else g * 0.5 for g in grads]) if replaces else None

        def post_hook(results, grads):
            FAULTS.point("post hook")
            return tuple([g if g is None else g * 2 for g in results]) if replaces and not is_leaf else None

        def accumulate_hook(leaf):
            FAULTS.point("post-accumulate hook")
            if replaces:
                with torch.no_grad():
                    leaf.grad = leaf.grad * 0.5
            else:
                with torch.no_grad():
                    leaf.grad.mul_(2)
            FAULTS.point("post-accumulate hook")

        if kind == "tensor":
            x.register_hook(tensor_hook)
        elif kind == "inner":
            if a != 0:  # the inner backward would call it again
                x.register_hook(inner_hook)
        elif kind == "retain":
            x.retain_grad()
        elif kind in ("pre", "post"):
            node = graph.get_gradient_edge(x).node
            if kind == "pre":
                node.register_prehook(pre_hook)
            else:
                node.register_hook(post_hook)
        elif kind == "accumulate":
            if x.is_leaf:
                x.register_post_accumulate_grad_hook(accumulate_hook)
        else:
            several = [t for t in (x, self.tensors[b]) if t.requires_grad]
            mode = "all" if kind == "multi" else "any"
            graph.register_multi_grad_hook(several, lambda grads: FAULTS.point("multi-grad hook"), mode=mode)

    def _gradient(self, how, around, a, b, keep, create) -> None:
        x, y = self.tensors[a], self.tensors[b]
        if not (x * 1).requires_grad:
            return
        with contextlib.ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            if around is not None:
                if "packed" in around:
                    stack.enter_context(graph.saved_tensors_hooks(pack, unpack))
            loss = (x * x).sum()
            if around is not None:
                if "no_grad" in around:
                    stack.enter_context(torch.no_grad())
                if around == "anomaly":
                    stack.enter_context(autograd.set_detect_anomaly(True, check_nan=False))
                if around == "dual":
                    stack.enter_context(forward_ad.dual_level())
            options = {"retain_graph": keep, "create_graph": create}
            if how == "backward":
                self.calling = (loss, options)
                loss.backward(**options)
            elif how == "several" and y.requires_grad:
                autograd.backward([loss, y], [None, torch.ones(2, 3, dtype=torch.float64)], **options)
            elif how == "inputs" and y.requires_grad:
                loss.backward(inputs=[y], **options)
            elif y.requires_grad:
                self.found.append(autograd.grad(loss, y, allow_unused=True, **options)[0])


def bits(value) -> object:
    """The values of a tensor, exactly."""
    return None if value is None else (np.shape(value._array_), np.asarray(value._array_).tobytes())


def everything(run: Run) -> list:
    """All that a failed step must leave as it is."""
    mode = MODE.get()
    seen: list = [[getattr(mode, name) for name in type(mode).__slots__]]
    for tensor in run.tensors:
        grad = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
        seen.append(
            (
                id(tensor._array_) if isinstance(tensor._array_, np.ndarray) else None,
                bits(tensor),
                tensor._version,
                tensor.requires_grad,
                tensor.is_leaf,
                id(tensor.grad_fn),
                id(grad),
                bits(grad),
                None if grad is None else (grad._version, id(grad.grad_fn), grad.requires_grad),
            )
        )
    return seen


def values(run: Run) -> list:
    """What a program has computed."""
    grads = [t.grad if t.is_leaf or t.retains_grad else None for t in run.tensors]
    return [bits(t) for t in (*run.tensors, *grads, *run.found)]


def attempt(run: Run, step: tuple) -> str | None:
    """Carry out a step; an error of mibun's own (a freed graph, a value modified since) is part of the program."""
    try:
        run.do(step)
    except RuntimeError as error:
        if error is FAULTS.error:
            raise
        kind = step[2][0] if step[0] == "packed" else step[0]
        if kind in ("leaf", "operation", "checkpointed", "dual"):
            run.tensors.append(torch.zeros(2, 3, dtype=torch.float64))  # the later steps count on a result
        return str(error)[:60]
    return None
