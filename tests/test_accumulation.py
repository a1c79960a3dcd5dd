"""How gradients arrive in `.grad` (whose memory, in which order, added to what), and what copies of tensors keep."""

import copy

import pytest

import mibun as torch
from mibun import nn


@pytest.mark.parametrize(
    ("leaf", "strides"),
    [
        (torch.rand(3, 4), (4, 1)),
        (torch.rand(3, 4).t(), (1, 4)),
        (torch.rand(2, 3, 4).permute(2, 0, 1), (1, 12, 4)),
        (torch.rand(4, 4)[:, ::2], (2, 1)),  # with gaps: in the usual order
        (torch.rand(4, 1).expand(4, 4), (4, 1)),
    ],
)
def test_gradients_lie_in_memory_as_their_leaf(leaf, strides):
    leaf = leaf.detach().requires_grad_()
    for _ in range(2):
        ((leaf.mT * 2) + leaf.mT.exp() + (leaf * leaf).mT).sum().backward()
        assert leaf.grad.stride() == strides
    leaf.grad = None
    (leaf**2).sum().backward(create_graph=True)
    assert leaf.grad.stride() == strides


def test_gradient_of_a_transposed_weight_can_be_flattened_by_view():
    w = torch.rand(3, 4, requires_grad=True)
    (w.t() * 2 + w.t() * w.t()).sum().backward()
    assert w.grad.view(-1).shape == (12,)


def test_deepcopy_keeps_shared_memory_and_strides():
    base = torch.arange(12.0).view(3, 4)
    a, b, transposed, alone = copy.deepcopy([base, base[1:], base.t(), base.clone()])
    a[1, 1] = 100
    assert b[0, 1] == 100 and transposed[1, 1] == 100 and alone[1, 1] == 5 and base[1, 1] == 5
    assert b.storage_offset() == 4 and transposed.stride() == (1, 4) and not b._is_view()
    assert copy.deepcopy(torch.ones(1).expand(3)).stride() == (0,)


def test_deepcopy_of_a_leaf():
    x = torch.ones(2, requires_grad=True)
    x.note = [1]
    x.sum().backward()
    y = copy.deepcopy(x)
    assert y.requires_grad and y.grad is not x.grad and y.grad.tolist() == [1, 1]
    assert y.note == [1] and y.note is not x.note
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly by the user"):
        copy.deepcopy(x * 2)
    assert copy.deepcopy(nn.Parameter(torch.rand(4, 3).t())).stride() == (1, 3)


def test_requires_grad_as_an_attribute():
    y = torch.ones(2, requires_grad=True) * 2
    for value in (True, False):
        with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables"):
            y.requires_grad = value
    assert y.requires_grad_() is y
    with pytest.raises(RuntimeError, match="only Tensors of floating point dtype can require gradients"):
        torch.ones(2, dtype=torch.int64).requires_grad_()
    with pytest.raises(RuntimeError, match="requires_grad must be a bool"):
        y.requires_grad = 1


def test_channels_last_is_recognised():
    x = torch.ones(2, 3, 4, 4)
    last = x.contiguous(memory_format=torch.channels_last)
    assert last.is_contiguous(memory_format=torch.channels_last) and not last.is_contiguous()
    assert not x.is_contiguous(memory_format=torch.channels_last)
    assert not x[0].is_contiguous(memory_format=torch.channels_last)
    assert torch.ones(2, 1, 4, 4).is_contiguous(memory_format=torch.channels_last)


def test_deprecated_backward_hook_sees_the_last_node():
    layer, seen = nn.ReLU(), []
    layer.register_backward_hook(lambda module, inputs, outputs: (seen.append(outputs[0].item()), (inputs[0] * 3,))[1])
    x = torch.ones(1, requires_grad=True)
    layer(y := x * 1).backward()
    assert seen == [1] and x.grad.item() == 3 and y.grad_fn is not None
    with pytest.raises(RuntimeError, match="Cannot use both regular backward hooks and full backward hooks"):
        layer.register_full_backward_hook(lambda *_: None)


@pytest.mark.parametrize("hooked", [False, True])
@pytest.mark.parametrize(("before", "after"), [((4,), (5,)), ((1,), (4,)), ((3,), (2, 3)), ((), (2,))])
def test_a_leaf_that_has_changed_its_shape(before, after, hooked):
    """Its old `.grad` is of another shape: no leaf's is changed, and it is said what to do."""
    first, leaf, last = (torch.ones(shape, requires_grad=True) for shape in ((2,), before, (3,)))
    loss = lambda: first.sum() + leaf.sum() + last.sum()  # noqa: E731
    loss().backward()
    if hooked:
        last.register_post_accumulate_grad_hook(lambda tensor: None)
    leaf.data = torch.ones(after)
    with pytest.raises(RuntimeError, match=r"set to None where `\.data = ...` changes the shape|must match|broadcast"):
        loss().backward()
    assert all((tensor.grad == 1).all() for tensor in (first, leaf, last))
    leaf.grad = None
    loss().backward()
    assert (first.grad == 2).all() and leaf.grad.shape == after


def test_a_gradient_that_broadcasts_to_the_one_that_is_there():
    """As PyTorch adds it, in place."""
    leaf = torch.ones(4, requires_grad=True)
    leaf.sum().backward()
    leaf.data = torch.ones(1)
    (leaf * 2).sum().backward()
    assert leaf.grad.tolist() == [3, 3, 3, 3]
