"""Signatures that PyTorch still takes though they are old: values, dtypes, error classes, against installed PyTorch."""

from __future__ import annotations

import copy
import pickle
import typing
import warnings

import numpy as np
import pytest

import mibun

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

# t is the library; v, w are vectors of floats, m, n matrices, b a batch of them, k integers.
EXPRESSIONS = """
v.add(2, w);v.add_(2, w);t.add(v, 2, w);t.add(v, 2.5, w, out=t.empty(2));t.add(v, 2, 3);v.add(2, 3);v.add_(2, 3)
t.add(k, 2.5, k);t.add(k, 2, k);t.add(v, 2, w, 3);v.add(w, w, w);v.add(2, "a");v.add(2, None)
t.add(v, np.float32(2), w);t.add(v, t.tensor(2.0), w);v.sub(2, w);v.sub_(2, w);t.sub(v, 2, w)
t.sub(v, 2, w, out=t.empty(2));t.rsub(v, 2, w);v.addcmul(2, w, w);v.addcmul_(2, w, w);t.addcmul(v, 2, w, w)
t.addcmul(v, 2, w, w, out=t.empty(2));v.addcmul(w, w, 2);v.addcmul(2, tensor1=w, tensor2=w)
t.addcmul(v, 2, w, tensor2=w);v.addcdiv(2, w, w);v.addcdiv_(2, w, w);t.addcdiv(v, 2, w, w);v.addcdiv(w, w, value=2)
v.addcmul(2, w);v.addcmul(w, 2, w);v.addcmul("a", w, w);t.addmm(2, m, 3, n, m);t.addmm(2, m, n, m);m.addmm(2, n, n)
m.addmm(2, 3, n, n);m.addmm_(2, 3, n, n);m.addmm_(2, n, n);t.addmm(2, m, 3, n, n, out=t.empty(2, 2))
t.addmm(2, m, 3, n);m.addmm(n, n, 2);t.addmv(2, v, 3, m, w);t.addmv(2, v, m, w);v.addmv(2, 3, m, w);v.addmv(2, m, w)
v.addmv_(2, 3, m, w);t.addr(2, m, 3, v, w);t.addr(2, m, v, w);m.addr(2, 3, v, w);m.addr(2, v, w);m.addr_(2, 3, v, w)
t.addbmm(2, m, 3, b, b);t.addbmm(2, m, b, b);m.addbmm(2, 3, b, b);m.addbmm(2, b, b);m.addbmm_(2, 3, b, b)
t.baddbmm(2, b, 3, c, c);t.baddbmm(2, b, c, c);b.baddbmm(2, 3, c, c);b.baddbmm(2, c, c);b.baddbmm_(2, 3, c, c)
v.mul(2, w);t.mul(v, 2, w);t.div(v, 2, w);v.new(2, 3).shape;v.new([1, 2]);v.new();v.new(t.Size([2])).shape;v.new(w)
k.new([1.5, 2]);k.new(2).dtype;v.new(data=[1]);v.new(size=(1,)).shape;v.new(other=w);v.new(foo=1)
v.new(3, dtype=t.int64);v.new(np.array([1.0, 2]));v.new(1.5);v.new("a");v.new(None);v.new(True);v.new((2, 3))
v.new(range(3));v.new(w.storage());v.new(2, device="cpu").shape;v.new([1], device="cuda");v.new(1).shape
t.Tensor(1).shape;t.FloatTensor(2, 3).shape;t.FloatTensor([1, 2]);t.FloatTensor((1, 2));t.FloatTensor()
t.FloatTensor(v);t.FloatTensor(k);t.LongTensor([1.7, 2]);t.LongTensor(np.array([1, 2]));t.LongTensor(k.storage())
t.FloatTensor(k.storage());t.FloatTensor(k.untyped_storage()).shape;t.Tensor(k.storage())
t.Tensor(storage=v.storage());t.FloatTensor(other=v);t.FloatTensor(2, other=v);t.FloatTensor([1], [2])
t.FloatTensor(data=3);t.FloatTensor(size=3);t.FloatTensor(size=[2, 3]).shape;t.FloatTensor(size=(2,), dtype=t.float64)
t.Tensor([1.0], dtype=t.float64);t.Tensor([1.0], requires_grad=True);t.Tensor([1.0], device="cuda")
t.FloatTensor(2, device="meta");t.Tensor(foo=1);t.Tensor(-1);t.Tensor(True);t.Tensor(2.0);t.Tensor(t.tensor(3))
t.LongTensor(t.tensor(3));t.Tensor(t.tensor(3), 2).shape;t.FloatTensor({1: 2});t.FloatTensor({1, 2})
t.FloatTensor([1 + 2j]);t.ByteTensor([256]);t.ByteTensor([-1]);t.BoolTensor([2, 0]);t.HalfTensor([1]);t.Tensor(k)
t.cuda.FloatTensor(2);t.cuda.LongTensor.__name__;t.cuda.LongTensor.dtype;t.cuda.FloatTensor.is_cuda
t.cuda.BoolTensor();isinstance(k, t.LongTensor);isinstance(v, t.LongTensor);isinstance(v, t.cuda.FloatTensor)
isinstance(3, t.LongTensor);isinstance(t.nn.Parameter(v), t.FloatTensor);isinstance(k, (t.FloatTensor, t.LongTensor))
isinstance(k, t.LongTensor | None);issubclass(t.LongTensor, t.Tensor);issubclass(t.Tensor, t.LongTensor)
t.LongTensor.__bases__;t.LongTensor.__name__;t.LongTensor.dtype;t.LongTensor.layout;t.LongTensor.is_cuda
t.LongTensor.is_sparse;t.LongTensor.foo;isinstance(t.LongTensor, type);copy.deepcopy(t.LongTensor) is t.LongTensor
pickle.loads(pickle.dumps(t.LongTensor)) is t.LongTensor;type("X", (t.FloatTensor,), {});str(t.LongTensor | None)
str(typing.Optional[t.LongTensor]);str(typing.List[t.LongTensor]);str(t.FloatTensor);t.FloatTensor.add(v, w)
isinstance(v, typing.Union[t.LongTensor, None]);v.type();v.type("torch.DoubleTensor");v.type(t.DoubleTensor)
v.type(t.float64);v.type("torch.FooTensor");v.type("torch.cuda.FloatTensor");v.type(t.cuda.FloatTensor)
v.type("DoubleTensor");v.type(t.Tensor);v.type("torch.Tensor");v.type(dtype="torch.LongTensor", non_blocking=True)
v.type(int);v.type_as(k);v.clone().resize_(4).shape;v.clone().resize_((1,));v.clone().resize_(2, 1)
m.clone().resize_(4);m.t().clone().resize_(1, 4);m.t().clone().resize_(3);m.t().clone().resize_(5)[:4]
m.t()[1:].clone().resize_(2);m.t().resize_(4);m[1:].resize_(2)
""".replace("\n", ";").split(";")
EXPRESSIONS = [expression for expression in EXPRESSIONS if expression]


def outcome(t, expression):
    names = {
        "t": t,
        "v": t.tensor([1.0, -2.0]),
        "w": t.tensor([3.0, 5.0]),
        "k": t.tensor([2, 3]),
        "m": t.tensor([[1.0, 2.0], [3.0, 4.0]]),
        "n": t.tensor([[0.5, -1.0], [2.0, 1.0]]),
        "b": t.arange(8.0).reshape(2, 2, 2),
        "c": t.arange(8.0).reshape(2, 2, 2) - 3,
        "copy": copy,
        "np": np,
        "pickle": pickle,
        "typing": typing,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = eval(expression, names)
        except Exception as error:
            return type(error).__name__
    if isinstance(value, t.Tensor):
        return str(value.dtype), tuple(value.shape), value.tolist()
    return str(value).replace("mibun", "torch")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_pytorch(expression):
    assert outcome(mibun, expression) == outcome(torch, expression)


# mibun has one function under both names, which takes what the first takes.
def test_aliases():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert mibun.subtract(mibun.ones(1), 2, mibun.ones(1)).item() == -1


DIFFERENTIABLE = """
v.add(2, w);t.sub(v, 2, w);v.addcmul(2, w, v);v.addcdiv(2, w, v);t.addmm(2, m, 3, m, m);m.addr(2, 3, v, w)
t.addmv(2, v, 3, m, w);(v * 1).add_(2, w);(m * 1).addmm_(2, 3, m, m)
""".replace("\n", ";").split(";")


@pytest.mark.parametrize("expression", [expression for expression in DIFFERENTIABLE if expression])
def test_gradients(expression):
    gradients = []
    for t in mibun, torch:
        leaves = {
            "v": t.tensor([1.0, -2.0], requires_grad=True),
            "w": t.tensor([3.0, 5.0], requires_grad=True),
            "m": t.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            eval(expression, {"t": t, **leaves}).sum().backward()
        gradients.append({name: None if leaf.grad is None else leaf.grad.tolist() for name, leaf in leaves.items()})
    assert gradients[0] == gradients[1]


@pytest.mark.parametrize("t", [mibun, torch], ids=["mibun", "torch"])
def test_warned_of_once(t):
    """The first of them in a process gets a warning; `set_warn_always` asks for all of them."""
    v = t.ones(1)
    t.set_warn_always(True)
    try:
        for call in (
            lambda: v.add(2, v),
            lambda: t.addmm(2, t.ones(1, 1), t.ones(1, 1), t.ones(1, 1)),
            lambda: v.add_(2, v),
        ):
            with warnings.catch_warnings(record=True) as found:
                warnings.simplefilter("always")
                call()
            assert len(found) == (1 if t is mibun else len(found))
            if found:
                assert "is deprecated" in str(found[0].message) and found[0].filename == __file__
    finally:
        t.set_warn_always(False)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        v.add(2, v)
    assert found == []
