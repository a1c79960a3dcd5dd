"""Views and in-place operations: values, gradients, versions and PyTorch's errors."""

from __future__ import annotations

import pytest

import mibun as torch


def leaf(*values):
    return torch.tensor(list(values), dtype=torch.float64, requires_grad=True)


def test_inplace_on_a_view_changes_the_base():
    a = leaf(1.0, 2.0, 3.0)
    b = a * 1
    v = b[1]
    v.mul_(10)
    assert b.tolist() == [1, 20, 3]
    assert b.grad_fn.name() == "torch::autograd::CopySlices" and v.grad_fn.name() == "AsStridedBackward0"
    assert b._version == v._version == 1
    (b * b).sum().backward()
    assert a.grad.tolist() == [2, 400, 6]


def test_inplace_on_the_base_changes_the_view():
    a = leaf(1.0, 2.0, 3.0)
    b = a * 1
    v = b[1:]
    assert v.grad_fn.name() == "SliceBackward0"
    b.mul_(a)
    assert v.grad_fn.name() == "AsStridedBackward0"
    v.sum().backward()
    assert a.grad.tolist() == [0, 4, 6]


def test_views_of_views():
    a = leaf(1.0, 2.0, 3.0, 4.0)
    b = a * 1
    v = b.reshape(2, 2)[1]
    w = v[0]
    w.mul_(a[0] * 5)
    assert b.tolist() == [1, 2, 15, 4]
    assert w._base is b and v._base is b
    (b * torch.tensor([1.0, 2, 3, 4])).sum().backward()
    assert a.grad.tolist() == [1 + 3 * 5 * 3, 2, 3 * 5, 4]


def test_assignment_is_differentiable_in_both():
    a, c = leaf(1.0, 2.0, 3.0), leaf(7.0)
    b = a * 2
    b[1] = c[0] * 3
    assert b.tolist() == [2, 21, 6]
    (b * b).sum().backward()
    assert a.grad.tolist() == [8, 0, 24]
    assert c.grad.tolist() == [2 * 21 * 3]


def test_second_order_through_copy_slices():
    a = leaf(1.0, 2.0, 3.0)
    b = a * a
    b[0].mul_(a[1])
    (g,) = torch.autograd.grad((b * b).sum(), a, create_graph=True)
    (gg,) = torch.autograd.grad(g.sum(), a)
    # f = a0^4 a1^2 + a1^4 + a2^4
    a0, a1, a2 = 1.0, 2.0, 3.0
    assert g.tolist() == [4 * a0**3 * a1**2, 2 * a0**4 * a1 + 4 * a1**3, 4 * a2**3]
    assert gg.tolist() == [12 * a0**2 * a1**2 + 8 * a0**3 * a1, 2 * a0**4 + 12 * a1**2 + 8 * a0**3 * a1, 12 * a2**2]


def test_a_base_that_gets_a_history_later():
    z = torch.zeros(3, dtype=torch.float64)
    v = z[1]
    assert not v.requires_grad and v.is_leaf
    c = leaf(1.0, 2.0, 3.0)
    z.add_(c)
    assert v.requires_grad and v.grad_fn.name() == "AsStridedBackward0" and not v.is_leaf
    v.backward()
    assert c.grad.tolist() == [0, 1, 0]


def test_modified_leaf():
    a = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="^a leaf Variable that requires grad is being used in an in-place"):
        a.mul_(2)
    with pytest.raises(RuntimeError, match="^a view of a leaf Variable that requires grad is being used in"):
        a[0].mul_(2)
    with pytest.raises(RuntimeError, match="leaf Variable"):
        a[0] = 3.0
    assert a.tolist() == [1, 2] and a._version == 0
    with torch.no_grad():
        a.mul_(2)
    assert a.tolist() == [2, 4] and a._version == 1


def test_modified_saved_value_names_both_operations_and_lines():
    a = leaf(1.0, 2.0)
    b = a.exp()
    b.mul_(2)  # the line that modifies
    with pytest.raises(RuntimeError, match="modified by an inplace operation") as error:
        b.sum().backward()
    text = str(error.value)
    assert "is at version 1; expected version 0 instead" in text
    assert "ExpBackward0" in text and "mul_" in text
    assert "b = a.exp()" in text and "# the line that modifies" in text
    assert a.grad is None


def test_multi_output_views():
    a = leaf(1.0, 2.0, 3.0, 4.0)
    parts = (a * 1).split(2)
    with pytest.raises(RuntimeError, match="is a view and is being modified inplace. This view is the output of"):
        parts[0].mul_(2)
    for part in (a * 1).unbind():
        assert part.grad_fn.name() == "UnbindBackward0"
    (parts[0] * parts[1]).sum().backward()
    assert a.grad.tolist() == [3, 4, 1, 2]


def test_views_under_no_grad():
    a = leaf(1.0, 2.0)
    b = a * 1
    with torch.no_grad():
        v = b[0]
    assert v.requires_grad and v.is_leaf and v.grad_fn is None  # as in PyTorch: its base requires grad
    with pytest.raises(RuntimeError, match="^A view was created in no_grad mode and is being modified inplace"):
        v.mul_(2)


def test_detach_shares_memory_and_version():
    a = leaf(1.0, 2.0)
    b = a * 1
    d = b.detach()
    d.mul_(3)
    assert b.tolist() == [3, 6] and b._version == 1 and not d.requires_grad
    c = b.exp()
    d.zero_()
    c.sum().backward()  # exp has saved its result, which detach does not alias
    assert a.grad is not None
    scalar = leaf(2.0)[0]
    other = scalar.detach()
    other.add_(1)
    assert scalar.item() == 3


def test_dtype_and_shape_of_inplace():
    with pytest.raises(RuntimeError, match="result type Float can't be cast to the desired output type Long"):
        torch.tensor([1, 2]).mul_(1.5)
    with pytest.raises(RuntimeError, match=r"output with shape \[1\] doesn't match the broadcast shape \[2\]"):
        torch.ones(1).add_(torch.ones(2))
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor refers to a single memory"):
        torch.ones(1).expand(3).add_(1)
    x = torch.ones(2, dtype=torch.float32)
    assert x.add_(torch.ones(2, dtype=torch.float64)) is x and x.dtype is torch.float32


def test_out():
    out = torch.empty(2, dtype=torch.float64)
    assert torch.exp(torch.zeros(2, dtype=torch.float64), out=out) is out
    assert out.tolist() == [1, 1] and out._version == 1
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.exp(leaf(1.0, 2.0), out=out)
    with pytest.raises(RuntimeError, match="can't be cast"):
        torch.exp(torch.zeros(2), out=torch.zeros(2, dtype=torch.int64))


def test_inplace_chain_gradients():
    a, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    b = a * 1
    b.add_(w)
    b.mul_(w)
    b.sub_(a).div_(2)
    b.sum().backward()
    # ((a + w) w - a) / 2
    assert a.grad.tolist() == [1, 1.5]
    assert w.grad.tolist() == [(1 + 6) / 2, (2 + 8) / 2]
