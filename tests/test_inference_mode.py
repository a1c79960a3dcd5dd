"""Inference mode: its tensors and its errors. Agrees with PyTorch."""

from __future__ import annotations

import copy

import pytest

import mibun as torch


def leaf():
    return torch.ones(2, requires_grad=True)


def inference(make=lambda: torch.ones(2)):
    with torch.inference_mode():
        return make()


def test_flags():
    x = leaf()
    with torch.inference_mode():
        assert torch.is_inference_mode_enabled() and not torch.is_grad_enabled()
        y = x * 2
        assert y.is_inference() and torch.is_inference(y)
        assert not y.requires_grad and y.is_leaf and y.grad_fn is None
        assert torch.empty(0).is_inference() and torch.tensor([1.0]).is_inference() and torch.arange(3).is_inference()
        assert (x > 0).is_inference() and x.sum().is_inference() and x.clone().is_inference()
        assert x.to(torch.float64).is_inference() and x.new_zeros(2).is_inference()
        # Views of normal tensors are normal.
        assert not x.view(2).is_inference() and not x.detach().is_inference() and not x.data.is_inference()
        assert not x.to(torch.float32).is_inference() and not x.split(1)[0].is_inference()
        assert torch.ones(2, requires_grad=True).requires_grad and torch.ones(2).requires_grad_().requires_grad
    assert not torch.is_inference_mode_enabled() and torch.is_grad_enabled()
    assert not leaf().is_inference()


def test_views_are_inference_tensors_outside_too():
    a = inference()
    for view in (a.view(2), a[0], a.detach(), a.data, a.split(1)[0]):
        assert view.is_inference()
    assert not a.view(2)._is_view() and a.view(2)._base is None
    assert not a.clone().is_inference() and not (a * 2).is_inference() and not copy.deepcopy(a).is_inference()


def test_nothing_is_recorded():
    x = leaf()
    with torch.inference_mode():
        with pytest.raises(RuntimeError, match="does not require grad"):
            (x * 2).sum().backward()
        with torch.enable_grad():
            assert torch.is_grad_enabled() and not (x * 2).requires_grad
        x.add_(1)  # a leaf that requires grad: allowed here
    assert x._version == 1


def test_no_versions():
    a = inference()
    with pytest.raises(RuntimeError, match="Inference tensors do not track version counter"):
        _ = a._version
    with torch.inference_mode():
        a.add_(1)
        a[0] = 5.0
    assert a.tolist() == [5.0, 2.0]


SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation"
)


@pytest.mark.parametrize(
    "operation",
    [
        lambda x, a: x * a,
        lambda x, a: a * x,
        lambda x, a: x / a,
        lambda x, a: a**x,
        lambda x, a: x.clone().mul_(a),
        lambda x, a: x.reshape(1, 2) @ a.reshape(2, 1),
    ],
    ids=["mul", "rmul", "div", "pow", "mul_", "matmul"],
)
def test_cannot_be_saved(operation):
    with pytest.raises(RuntimeError, match=SAVED):
        operation(leaf(), inference())


def test_saved_by_a_function():
    class Saves(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(y)
            return x * y

        @staticmethod
        def backward(ctx, grad):
            return grad, None

    with pytest.raises(RuntimeError, match=SAVED):
        Saves.apply(leaf(), inference())
    with torch.inference_mode():
        assert Saves.apply(leaf(), torch.ones(2)).is_inference()


def test_may_be_used_where_nothing_is_saved():
    x, a = leaf(), inference()
    for y in (x + a, torch.stack([x, a]), torch.where(a > 0, x, x)):
        assert y.requires_grad and not y.is_inference()
    (x * 2).backward(a)
    assert x.grad.tolist() == [2.0, 2.0]
    assert torch.ones(2).add_(a).tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    "operation",
    [
        lambda a: a.add_(1),
        lambda a: a.zero_(),
        lambda a: a.copy_(torch.ones(2)),
        lambda a: a.view(2).mul_(2),
        lambda a: a.__setitem__(0, 3.0),
        lambda a: torch.add(torch.ones(2), 1, out=a),
        lambda a: torch.no_grad()(a.add_)(1),
    ],
    ids=["add_", "zero_", "copy_", "view", "setitem", "out", "no_grad"],
)
def test_in_place_outside(operation):
    a = inference()
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor outside InferenceMode is not allowed"):
        operation(a)
    if torch.__name__ == "mibun":  # PyTorch raises after it has written
        assert a.tolist() == [1.0, 1.0]


def test_requires_grad_outside():
    a = inference()
    words = "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed"
    with pytest.raises(RuntimeError, match=words):
        a.requires_grad_()
    with pytest.raises(RuntimeError, match=words):
        a.requires_grad = True
    with pytest.raises(RuntimeError, match=words):
        torch.nn.Parameter(a)
    a.requires_grad_(False)


def test_views_of_normal_tensors():
    y = leaf() * 1
    with torch.inference_mode():
        view = y.view(2)
    with pytest.raises(
        RuntimeError, match="A view was created in inference mode and is being modified inplace in normal mode"
    ):
        view.add_(1)
    y.add_(1)
    with pytest.raises(
        RuntimeError, match="A view was created in inference mode and its base or another view of its base"
    ):
        _ = view.grad_fn


def test_leaves_made_inside():
    z = inference(lambda: torch.ones(2, requires_grad=True))
    assert z.requires_grad and z.is_leaf
    (z * 2).sum().backward()
    assert z.grad.tolist() == [2.0, 2.0]


def test_switching():
    with torch.inference_mode():
        with torch.inference_mode(False):
            assert not torch.is_inference_mode_enabled() and torch.is_grad_enabled()
            assert not torch.ones(1).is_inference() and (leaf() * 2).requires_grad
        assert torch.is_inference_mode_enabled()
    with torch.no_grad():
        with torch.inference_mode():
            pass
        assert not torch.is_grad_enabled()
        with torch.inference_mode(False):
            assert torch.is_grad_enabled()


def test_decorator():
    def state():
        return torch.ones(1).is_inference(), torch.is_inference_mode_enabled()

    assert torch.inference_mode()(state)() == (True, True)
    assert torch.inference_mode(state)() == (True, True)
    with torch.inference_mode():
        assert torch.inference_mode(False)(state)() == (False, False)

    @torch.inference_mode()
    def generator():
        yield torch.is_inference_mode_enabled()
        yield torch.is_inference_mode_enabled()

    values = generator()
    assert next(values) and not torch.is_inference_mode_enabled() and next(values)
