"""The situations of the tutorial of PyTorch's autograd: values, flags, node names, printed forms and errors."""

from __future__ import annotations

import re

import numpy as np
import pytest

import mibun as torch
from mibun import autograd

NO_GRAD_FN = "element 0 of tensors does not require grad and does not have a grad_fn"


def near(tensor, expected):
    assert tensor.detach().numpy() == pytest.approx(np.array(expected), rel=1e-4)


@pytest.fixture
def x():
    return torch.tensor(5.0, requires_grad=True)


def flags(tensor):
    return tensor.requires_grad, tensor.is_leaf, tensor.grad_fn, tensor.grad


def test_01_without_requires_grad():
    x = torch.tensor(5.0)
    y = x**3
    for tensor in (x, y, torch.log(y)):
        assert flags(tensor) == (False, True, None, None)


def test_02_backward(x):
    y = x**3
    z = torch.log(y)
    z.backward()
    near(x.grad, 0.6)
    assert str(x.grad) == "tensor(0.6000)"
    assert not y.is_leaf and not z.is_leaf
    with pytest.warns(UserWarning, match="not a leaf"):
        assert y.grad is None
    assert re.fullmatch(r"<PowBackward0 object at 0x[0-9a-f]+>", repr(y.grad_fn))
    assert re.fullmatch(r"<LogBackward0 object at 0x[0-9a-f]+>", repr(z.grad_fn))
    assert repr(y) == "tensor(125., grad_fn=<PowBackward0>)"
    assert repr(z) == "tensor(4.8283, grad_fn=<LogBackward0>)"
    assert repr(x) == "tensor(5., requires_grad=True)"


def test_03_retain_grad(x):
    y = x**3
    z = torch.log(y)
    y.retain_grad()
    z.retain_grad()
    assert y.retains_grad and z.retains_grad and not x.retains_grad
    z.backward()
    near(y.grad, 0.008)
    near(z.grad, 1)


def test_04_second_backward(x):
    z = torch.log(x**3)
    z.backward()
    with pytest.raises(RuntimeError, match="^Trying to backward through the graph a second time") as error:
        z.backward()
    assert "LogBackward0" in str(error.value) and "test_tutorial.py:" in str(error.value)
    near(x.grad, 0.6)


def test_05_and_06_accumulate_and_zero(x):
    z = torch.log(x**3)
    z.backward(retain_graph=True)
    z.backward(retain_graph=True)
    near(x.grad, 1.2)
    x.grad.zero_()
    z.backward()
    near(x.grad, 0.6)


def test_07_paths_add_up(x):
    w = x**2
    z = torch.log(x**3) + torch.sqrt(w)
    z.backward()
    near(x.grad, 1.6)
    assert z.grad_fn.name() == "AddBackward0"


def test_08_tensor_exponent(x):
    q = torch.tensor(3.0, requires_grad=True)
    y = x**q
    assert y.grad_fn.name() == "PowBackward1"
    torch.log(y).backward()
    near(x.grad, 0.6)
    near(q.grad, 1.6094)


class MyPow(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * 3 * x**2


def test_09_function(x):
    y = MyPow.apply(x)
    assert y.grad_fn.name() == "MyPowBackward"
    assert repr(y) == "tensor(125., grad_fn=<MyPowBackward>)"
    torch.log(y).backward()
    near(x.grad, 0.6)


def test_10_detach(x):
    y = x * torch.tensor([2.0, 3.0, 5.0])
    assert y.grad_fn.name() == "MulBackward0"
    w = y.detach()
    assert flags(w) == (False, True, None, None)
    z = w @ torch.tensor([4.0, 7.0, 9.0])
    with pytest.raises(RuntimeError, match=NO_GRAD_FN):
        z.backward()


def test_11_requires_grad_of_detached(x):
    y = x * torch.tensor([2.0, 3.0, 5.0])
    w = y.detach()
    w.requires_grad_()
    assert w.is_leaf and w.requires_grad
    z = w @ torch.tensor([4.0, 7.0, 9.0])
    assert z.grad_fn.name() == "DotBackward0"
    z.backward()
    near(w.grad, [4, 7, 9])
    assert x.grad is None


def test_12_grad_of_grad_without_create_graph(x):
    torch.log(x**3).backward()
    with pytest.raises(RuntimeError, match=NO_GRAD_FN):
        autograd.grad(x.grad, x)


def test_13_create_graph(x):
    torch.log(x**3).backward(create_graph=True)
    assert x.grad.grad_fn is not None
    near(autograd.grad(x.grad, x)[0], -0.12)


def test_14_variable():
    x = autograd.Variable(torch.ones(2, 2), requires_grad=True)
    assert isinstance(x, autograd.Variable) and isinstance(x, torch.Tensor)
    assert repr(x) == "tensor([[1., 1.],\n        [1., 1.]], requires_grad=True)"
    y = x + 2
    assert repr(y) == "tensor([[3., 3.],\n        [3., 3.]], grad_fn=<AddBackward0>)"
    z = y * y * 3
    out = z.mean()
    assert repr(z) == "tensor([[27., 27.],\n        [27., 27.]], grad_fn=<MulBackward0>)"
    assert repr(out) == "tensor(27., grad_fn=<MeanBackward0>)"
    out.backward()
    assert repr(x.grad) == "tensor([[4.5000, 4.5000],\n        [4.5000, 4.5000]])"


def test_14_flags_spread():
    a = torch.randn(2, 2)
    assert not a.requires_grad
    assert not (a * 3 / (a - 1)).requires_grad
    a.requires_grad_(True)
    assert a.requires_grad
    assert (a * a).sum().grad_fn.name() == "SumBackward0"
    z = torch.ones(2, 2, requires_grad=True)
    assert (torch.ones(2, 2) + z).requires_grad


def test_14_non_scalar():
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    with pytest.raises(RuntimeError, match="^grad can be implicitly created only for scalar outputs"):
        y.backward()
    y.backward(torch.ones(2, 2), retain_graph=True)
    y.backward(torch.ones(2, 2))
    near(x.grad, [[2, 2], [2, 2]])
