"""Python's protocols of Tensors against PyTorch: every special method, and what Python's functions make of tensors.

And what `grad`, `backward`, contexts and `torch.ops.aten` do with arguments that are not by the book.
"""

from __future__ import annotations

import collections.abc
import importlib
import math
import operator
import typing
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

VALUES: dict[str, Callable] = {
    "vector": lambda m: m.tensor([1.0, 2.0, 3.0]),
    "integers": lambda m: m.tensor([1, 2, 3]),
    "0-d": lambda m: m.tensor(2.0),
    "0-d integer": lambda m: m.tensor(5),
    "bools": lambda m: m.tensor([True, False]),
    "matrix": lambda m: m.arange(4.0).view(2, 2),
    "empty": lambda m: m.empty(0),
}
USES: dict[str, Callable] = {
    **{
        f.__name__: f
        for f in (reversed, len, bool, int, float, complex, operator.index, round, math.trunc, abs, operator.neg)
    },
    **{f.__name__: f for f in (operator.pos, list, tuple, format, operator.length_hint, sum, any, all, hex)},
    "floor": math.floor,
    "ceil": math.ceil,
    "iter": lambda x: type(iter(x)).__name__,
    "set": lambda x: len(set(x)),
    "hash": lambda x: hash(x) == id(x),
    "as a key": lambda x: {x: 1}[x],
    "divmod": lambda x: divmod(x, 2),
    "pow with three": lambda x: pow(x, 2, 3),
    "del": lambda x: operator.delitem(x, 0),
    "sizeof": lambda x: x.__sizeof__() > 0,
    "a format": lambda x: f"{x:.3f}",
    "protocols": lambda x: [
        isinstance(x, getattr(collections.abc, n))
        for n in ("Iterable", "Sized", "Container", "Collection", "Reversible", "Sequence", "Hashable", "Callable")
    ],
    "typing": lambda x: [
        isinstance(x, getattr(typing, n))
        for n in ("SupportsInt", "SupportsFloat", "SupportsIndex", "SupportsAbs", "SupportsRound", "SupportsComplex")
    ],
}
for _name in "__contains__ __eq__ __ne__ __lt__ __div__ __rdiv__ __truediv__ __rtruediv__ __add__ __pow__".split():
    for _argument in (2, 2.5, None, "a"):
        USES[f"{_name}({_argument!r})"] = lambda x, n=_name, a=_argument: getattr(x, n)(a)
USES["__idiv__(2)"] = lambda x: x.__idiv__(2)
USES["x in x"] = lambda x: x in x


def outcome(call: Callable, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return plain(call(*args))
        except NotImplementedError:
            return "RuntimeError"  # a kind of it
        except Exception as error:
            return type(error).__name__


def plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return type(value).__name__, str(value.dtype).replace("mibun", "torch"), value.tolist()
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value


@pytest.mark.parametrize("use", USES)
def test_protocols(use: str) -> None:
    for name, make in VALUES.items():
        assert outcome(USES[use], make(mibun)) == outcome(USES[use], make(torch)), name


def test_special_methods() -> None:
    # What NumPy and DLPack need of C, and what pickles of old files need.
    absent = {
        "__array_wrap__",
        "__cuda_array_interface__",
        "__dlpack_c_exchange_api__",
        "__setstate__",
        "__torch_dispatch__",
    }
    there = {name for name in dir(torch.Tensor) if name.startswith("__")} - {"__slotnames__"}  # copyreg's
    assert {name for name in there if not hasattr(mibun.Tensor, name)} <= absent


def test_reversed_is_differentiated() -> None:
    x = mibun.tensor([1.0, 2.0], requires_grad=True)
    (reversed(x) * mibun.tensor([1.0, 10.0])).sum().backward()
    assert x.grad.tolist() == [10, 1]


ARGUMENTS: dict[str, Callable] = {
    "grad of a text": lambda A, x: A.grad(x.sum(), "x"),
    "grad of None": lambda A, x: A.grad(x.sum(), None),
    "grad of a list with None": lambda A, x: A.grad(x.sum(), [x, None]),
    "grad of a number": lambda A, x: A.grad(x.sum(), 3),
    "grad of texts": lambda A, x: A.grad(x.sum(), ["x"]),
    "text's grad": lambda A, x: A.grad("y", x),
    "None's grad": lambda A, x: A.grad(None, x),
    "grad of a list of None": lambda A, x: A.grad([None], [x]),
    "no output": lambda A, x: A.grad([], [x]),
    "no input": lambda A, x: A.grad(x.sum(), []),
    "a set": lambda A, x: A.grad(x.sum(), {x}),
    "a generator": lambda A, x: A.grad(x.sum(), (v for v in [x])),
    "grad_outputs text": lambda A, x: A.grad(x.sum(), x, "g"),
    "grad_outputs number": lambda A, x: A.grad(x.sum(), x, 3),
    "backward of a text": lambda A, x: A.backward("y"),
    "backward of None": lambda A, x: A.backward(None),
    "backward of a list of None": lambda A, x: A.backward([None]),
    "backward of none": lambda A, x: A.backward([]),
    "backward to a text": lambda A, x: A.backward(x.sum(), inputs="x"),
    "backward to None": lambda A, x: A.backward(x.sum(), inputs=[None]),
    "backward to a number": lambda A, x: A.backward(x.sum(), inputs=[3]),
    "backward with a text": lambda A, x: A.backward(x.sum(), "g"),
    "backward with a number": lambda A, x: A.backward(x.sum(), 3),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_of_backward(name: str) -> None:
    results = []
    for module in (mibun, torch):
        x = module.tensor([1.0, 2.0], requires_grad=True)
        results.append(outcome(ARGUMENTS[name], module.autograd, x))
    assert results[0] == results[1]


def _enter(*contexts: Any) -> None:
    for context in contexts:
        context.__enter__()


def _leave(*contexts: Any) -> None:
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("order", ["aA", "aAA", "A", "aaAA", "abAB", "abBA", "abABA", "aAbB"])
def test_hooks_left_in_other_orders(order: str) -> None:
    """a: entered, A: left, and b, B another one. Then what is saved is looked at."""

    def run(module: Any) -> Any:
        def make(factor: int) -> Any:
            return module.autograd.graph.saved_tensors_hooks(lambda v: v * factor, lambda v: v)

        contexts = {"a": make(2), "b": make(3)}
        seen = []
        for step in order:
            (_enter if step.islower() else _leave)(contexts[step.lower()])
            x = module.tensor([2.0], requires_grad=True)
            seen.append((x * x).grad_fn._saved_self.item())
        return seen

    assert outcome(run, mibun) == outcome(run, torch)


@pytest.mark.parametrize("kind", ["no_grad", "enable_grad", "inference_mode"])
def test_modes_left_twice(kind: str) -> None:
    for module in (mibun, torch):
        context = getattr(module, kind)()
        _enter(context)
        _leave(context, context)
        assert module.is_grad_enabled() and not module.is_inference_mode_enabled()


ATEN: dict[str, Callable] = {
    "index": lambda m, A, x: A.index(x, [None, m.tensor([0, 2])]),
    "index mask": lambda m, A, x: A.index(x[0], [x[0] > 1]),
    "index.Tensor": lambda m, A, x: A.index.Tensor(x, [m.tensor([1]), m.tensor([0])]),
    "index none": lambda m, A, x: A.index(x, [None, x[0] > 1]),
    "index_put": lambda m, A, x: A.index_put(x, [None, m.tensor([0, 2])], m.tensor(7.0)),
    "index_put keeps": lambda m, A, x: (A.index_put(x, [None, m.tensor([0, 2])], m.tensor(7.0)), x)[1],
    "index_put_": lambda m, A, x: (A.index_put_(x, [m.tensor([0])], m.tensor(7.0)), x)[1],
    "index_put twice": lambda m, A, x: A.index_put(x, [None, m.tensor([0, 0])], m.ones(2, 2), True),
    "index_put_.default": lambda m, A, x: A.index_put_.default(x, [None, x[0] > 1], m.tensor(0.0)),
    "slice": lambda m, A, x: A.slice(x, 1, 1, 3),
    "slice.Tensor": lambda m, A, x: A.slice.Tensor(x, -1, 0, 9223372036854775807, 2),
    "slice all": lambda m, A, x: A.slice(x),
    "slice from the end": lambda m, A, x: A.slice(x, 1, -2),
    "slice beyond": lambda m, A, x: A.slice(x, 2),
    "threshold_backward": lambda m, A, x: A.threshold_backward(x, x, 1.0),
    "sigmoid_backward": lambda m, A, x: A.sigmoid_backward(x, x),
    "tanh_backward": lambda m, A, x: A.tanh_backward(x, x),
    "select": lambda m, A, x: A.select(x, 0, 1),
    "softmax": lambda m, A, x: A._softmax_backward_data(x, x.softmax(1), 1, m.float32),
    "log_softmax": lambda m, A, x: A._log_softmax_backward_data(x, x.log_softmax(1), 1, m.float32),
}


@pytest.mark.parametrize("name", ATEN)
def test_aten(name: str) -> None:
    results = []
    for module in (mibun, torch):
        x = module.tensor([[0.5, 1.0, 1.5], [2.0, -1.0, 3.0]])
        results.append(outcome(ATEN[name], module, module.ops.aten, x))
    if isinstance(results[0], str):
        assert results[0] == results[1]
    else:
        assert results[0][1] == results[1][1]
        ours, theirs = (mibun.tensor(r[2]) for r in results)
        assert mibun.allclose(ours, theirs, atol=1e-6)


def test_the_modules_can_be_imported() -> None:
    assert importlib.import_module("mibun.multiprocessing") is mibun.multiprocessing
