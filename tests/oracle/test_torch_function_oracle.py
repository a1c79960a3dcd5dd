"""`__torch_function__` as in PyTorch: who is asked, and by which name, for infix syntax, protocols and functions.

The asked ones are an object that is no Tensor (a "duck"), on either side of a Tensor, and a subclass.
"""

from __future__ import annotations

import copy
import operator
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import mibun

torch = pytest.importorskip("torch")

BINARY = "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift eq ne lt le gt ge".split()
INPLACE = "iadd isub imul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift".split()
# In-place ones of which an object is told by their methods' names here: `x &= duck` as `bitwise_and_`.
OTHER_NAMES = {"iand", "ior", "ixor", "ilshift", "irshift"}
FUNCTIONS = {n: getattr(operator, n) for n in (*BINARY, *INPLACE)}


class Duck:
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return func.__name__, tuple("duck" if isinstance(a, Duck) else type(a).__name__ for a in args)


def outcome(call: Callable, *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(*args)
        except Exception as error:
            return type(error).__name__


@pytest.mark.parametrize("name", BINARY)
def test_infix_syntax_asks_objects(name: str) -> None:
    f = getattr(operator, name)
    for module in (mibun, torch):
        assert outcome(f, module.ones(2, 2), Duck())[1] == ("Tensor", "duck")
    assert outcome(f, mibun.ones(2, 2), Duck())[0] == outcome(f, torch.ones(2, 2), Duck())[0]
    assert outcome(f, Duck(), mibun.ones(2, 2)) == outcome(f, Duck(), torch.ones(2, 2))


@pytest.mark.parametrize("name", INPLACE)
def test_inplace_syntax_asks_objects(name: str) -> None:
    f = getattr(operator, name)
    here, there = (outcome(f, m.ones(2), Duck()) for m in (mibun, torch))
    assert here[1] == there[1] and (here[0] == there[0] or name in OTHER_NAMES)


class DecliningDuck:
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return NotImplemented

    def __radd__(self, other):
        return "radd"


def test_an_object_that_declines() -> None:
    for module in (mibun, torch):
        assert module.ones(2) + DecliningDuck() == "radd"
        assert outcome(lambda: module.ones(2) * DecliningDuck()) == "TypeError"  # noqa: B023
        assert outcome(lambda: module.exp(DecliningDuck())) == "TypeError"  # noqa: B023


def logging(module: Any) -> type:
    class Logged(module.Tensor):
        log: list = []

        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            cls.log.append(func.__name__)
            return super().__torch_function__(func, types, args, kwargs or {})

    return Logged


LOGGED = [logging(mibun), logging(torch)]

USES: dict[str, Callable] = {
    **{f"x {n} 2": (lambda x, n=n: FUNCTIONS[n](x, 2)) for n in BINARY if n != "matmul"},
    **{f"2 {n} x": (lambda x, n=n: FUNCTIONS[n](2, x)) for n in BINARY if n != "matmul"},
    **{n: (lambda x, n=n: FUNCTIONS[n](x, 2)) for n in INPLACE if n not in ("itruediv",)},
    "x @ x": lambda x: x @ x,
    "iter": iter,
    "list": list,
    "unpack": lambda x: (lambda a, b: a)(*x),
    "len": len,
    "getitem": lambda x: x[0],
    "setitem": lambda x: x.__setitem__(0, 1),
    "bool": lambda x: bool(x[0]),
    "int": lambda x: int(x[0]),
    "float": lambda x: float(x[0]),
    "complex": lambda x: complex(x[0]),
    "index": lambda x: [1, 2][x[0]],
    "contains": lambda x: 1 in x,
    "unbind": lambda x: x.unbind(),
    "split": lambda x: x.split(1),
    "hash": lambda x: hash(x) and None,
    "linalg": lambda x: type(x).mod.linalg.vector_norm(x.float()) and None,
    "special": lambda x: type(x).mod.special.expit(x.float()) is None,
    "fft": lambda x: type(x).mod.fft.fft(x) is None,
    "multiply": lambda x: type(x).mod.multiply(x, x) is None,
    "functional": lambda x: type(x).mod.nn.functional.relu(x) is None,
}
LOGGED[0].mod, LOGGED[1].mod = mibun, torch  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", USES)
def test_what_subclasses_are_told(name: str) -> None:
    seen = []
    for module, kind in zip((mibun, torch), LOGGED, strict=True):
        x = module.tensor([1, 1]).as_subclass(kind)
        kind.log.clear()
        result = outcome(USES[name], x)
        seen.append((list(kind.log), type(result).__name__))
    assert seen[0] == seen[1]


GRADIENTS: dict[str, Callable] = {
    "iterate": lambda m, s: [type(v).__name__ for v in s.detach()],
    "grad": lambda m, s: type(m.autograd.grad((s * 2).sum(), s)[0]).__name__,
    "grad of list": lambda m, s: type(m.autograd.grad([(s * 2).sum()], [s])[0]).__name__,
    "grad of a plain tensor": lambda m, s: (
        lambda x: type(m.autograd.grad((x * 2).as_subclass(type(s)).sum(), x)[0]).__name__
    )(m.ones(2, requires_grad=True)),
    "backward": lambda m, s: ((s * 2).sum().backward(), type(s.grad).__name__)[1],
    "autograd.backward": lambda m, s: (m.autograd.backward((s * 2).sum()), type(s.grad).__name__)[1],
    "jacobian": lambda m, s: type(m.autograd.functional.jacobian(lambda v: v * 2, s)).__name__,
    "hessian": lambda m, s: type(m.autograd.functional.hessian(lambda v: (v**2).sum(), s)).__name__,
    "hvp": lambda m, s: type(m.autograd.functional.hvp(lambda v: (v**2).sum(), s, s)[1]).__name__,
    "vjp": lambda m, s: type(m.autograd.functional.vjp(lambda v: v * 2, s, s)[1]).__name__,
    "create_graph": lambda m, s: (lambda g: (type(g).__name__, g.requires_grad))(
        m.autograd.grad((s**2).sum(), s, create_graph=True)[0]
    ),
    "duck output": lambda m, s: m.autograd.grad(Duck(), s)[0],
    "duck input": lambda m, s: m.autograd.grad(s.sum(), [Duck()])[0],
    "duck backward": lambda m, s: m.autograd.backward(Duck())[0],
    "copy": lambda m, s: type(copy.copy(s)).__name__,
    "index by a duck": lambda m, s: s.detach()[Duck()][0],
    "index by ducks": lambda m, s: m.ones(2, 2)[0, Duck()][0],
    "set a duck": lambda m, s: m.ones(2).__setitem__(0, Duck()),
    "set at a duck": lambda m, s: m.ones(2).__setitem__(Duck(), 0),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_and_objects(name: str) -> None:
    results = []
    for module, kind in zip((mibun, torch), LOGGED, strict=True):
        s = module.ones(2).as_subclass(kind).requires_grad_()
        results.append(outcome(GRADIENTS[name], module, s))
    assert results[0] == results[1]


def test_the_names_of_functions() -> None:
    """Over all public functions: `func.__name__` is PyTorch's."""
    here = {"torch": mibun, "F": mibun.nn.functional, "linalg": mibun.linalg, "fft": mibun.fft}
    there = {"torch": torch, "F": torch.nn.functional, "linalg": torch.linalg, "fft": torch.fft}
    here["special"], there["special"] = mibun.special, torch.special
    wrong = []
    for space, module in here.items():
        for name, function in vars(module).items():
            other = getattr(there[space], name, None)
            if isinstance(function, type(mibun)) or not hasattr(function, "_asks"):
                continue
            if other is None or not hasattr(other, "__name__"):
                continue
            if function.__name__ != other.__name__:
                wrong.append((space, name, function.__name__, other.__name__))
    allowed = {"logsigmoid", "threshold", "grid_sampler_2d", "grid_sampler_3d", "symeig"}  # PyTorch's own inner names
    assert [w for w in wrong if w[1] not in allowed] == []


def test_every_function_asks_an_object() -> None:
    """Over all functions that PyTorch lets be overridden, with an object as first argument."""
    silent = []
    spaces = {torch: mibun, torch.nn.functional: mibun.nn.functional, torch.linalg: mibun.linalg, torch.fft: mibun.fft}
    for space, functions in torch.overrides.get_overridable_functions().items():
        if space not in spaces:
            continue
        for function in functions:
            name = getattr(function, "__name__", "").removeprefix("linalg_").removeprefix("fft_")
            ours = getattr(spaces[space], name, None)
            if ours is None or not hasattr(ours, "__name__") or isinstance(ours, type):
                continue
            if isinstance(outcome(function, Duck()), tuple) and not isinstance(outcome(ours, Duck()), tuple):
                silent.append(name)
    # (Functions that are loaded on demand are not exchanged for those that ask.)
    assert [name for name in silent if name != "lobpcg" and not name.startswith("sym_")] == []


def test_pickles_of_exchanged_functions() -> None:
    for function in (mibun.linalg.cholesky, mibun.special.expit, mibun.multiply, mibun.autograd.grad):
        assert pickle.loads(pickle.dumps(function)) is function
