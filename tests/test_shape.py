"""Reshaping, joining, splitting and rearranging: what they give, what they share, how they fail."""

from __future__ import annotations

import numpy as np
import pytest

import mibun as torch
from mibun.core.tensor import wrap


def arange(*shape):
    return wrap(np.arange(float(np.prod(shape))).reshape(shape))


def leaf(*shape):
    return arange(*shape).requires_grad_()


def values(tensor):
    return np.asarray(tensor._array_).tolist()


def test_reshape_is_a_view_where_it_can_be():
    x = leaf(3, 4)
    y = x.reshape(2, -1)
    assert y.shape == (2, 6) and y._base is x and y.grad_fn.name() == "ViewBackward0"
    z = x.T.reshape(-1)
    assert z._base is None and z.grad_fn.name() == "UnsafeViewBackward0"
    with pytest.raises(RuntimeError, match="view size is not compatible with input tensor's size and stride"):
        x.T.view(-1)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((5, 5), r"shape '\[5, 5\]' is invalid for input of size 12"),
        ((-1, 5), r"shape '\[-1, 5\]' is invalid for input of size 12"),
        ((-1, -1), "only one dimension can be inferred"),
        ((2, -2), "invalid shape dimension -2"),
    ],
)
def test_reshape_errors(shape, message):
    with pytest.raises(RuntimeError, match=message):
        arange(3, 4).reshape(shape)


def test_reshape_of_nothing():
    assert arange(0, 3).reshape(-1, 3).shape == (0, 3)
    with pytest.raises(RuntimeError, match="cannot reshape tensor of 0 elements"):
        arange(0, 3).reshape(-1, 0)


def test_view_as_another_dtype():
    x = wrap(np.array([1.0, 2.0], np.float32))
    y = x.view(torch.int32)
    assert y.dtype is torch.int32 and values(y) == [1065353216, 1073741824] and not y.requires_grad
    assert x.view(torch.int16).shape == (4,)
    y[0] = 0
    assert values(x) == [0.0, 2.0]
    with pytest.raises(RuntimeError, match=r"self.size\(-1\) must be divisible by 2"):
        wrap(np.zeros(3, np.float32)).view(torch.float64)


@pytest.mark.parametrize(
    ("make", "name", "shape"),
    [
        (lambda x: x.T, "PermuteBackward0", (4, 3)),
        (lambda x: x.mT, "TransposeBackward0", (4, 3)),
        (lambda x: x.H, "TransposeBackward0", (4, 3)),
        (lambda x: x.t(), "TBackward0", (4, 3)),
        (lambda x: x.swapaxes(0, 1), "TransposeBackward0", (4, 3)),
        (lambda x: x.movedim(0, -1), "PermuteBackward0", (4, 3)),
        (lambda x: x.unsqueeze(-1), "UnsqueezeBackward0", (3, 4, 1)),
        (lambda x: x.squeeze(), "SqueezeBackward0", (3, 4)),
        (lambda x: x.squeeze(0), "SqueezeBackward1", (3, 4)),
        (lambda x: x.squeeze((0, 1)), "SqueezeBackward2", (3, 4)),
        (lambda x: x.expand(2, -1, 4), "ExpandBackward0", (2, 3, 4)),
        (lambda x: x.diagonal(), "DiagonalBackward0", (3,)),
        (lambda x: x.unfold(1, 2, 2), "UnfoldBackward0", (3, 2, 2)),
        (lambda x: x.as_strided((2, 2), (1, 4)), "AsStridedBackward0", (2, 2)),
        (lambda x: x.split(2)[1], "SplitBackward0", (1, 4)),
        (lambda x: x.unbind(1)[1], "UnbindBackward0", (3,)),
        (lambda x: x.tensor_split(2)[0], "SliceBackward0", (2, 4)),
    ],
)
def test_views_share_memory_and_version(make, name, shape):
    x = leaf(3, 4)
    y = make(x)
    assert y.grad_fn.name() == name and y.shape == shape and y._base is x
    with torch.no_grad():
        x[...] = 7.0
    assert y._version == 1 and set(np.ravel(values(y))) == {7.0}


@pytest.mark.parametrize(
    "make",
    [
        lambda y: y.view(-1)[::2],
        lambda y: y.T[1],
        lambda y: y.diagonal(),
        lambda y: y.unfold(1, 2, 2),
        lambda y: y.as_strided((2, 2), (1, 4), 2),
        lambda y: y.unsqueeze(0).permute(2, 0, 1)[1],
        lambda y: y.expand(1, 3, 4),
    ],
)
def test_inplace_through_a_view_reaches_the_base(make):
    x = leaf(3, 4)
    y = x * 1.0
    view = make(y)
    view *= 3.0
    assert type(y.grad_fn).__name__ == "CopySlices"
    ones = wrap(np.ones((3, 4)))
    y.backward(ones)
    factor = np.ones((3, 4))
    make_array = make(wrap(factor))
    make_array._array_[...] = 3.0
    np.testing.assert_array_equal(x.grad._array_, factor)


def test_multiple_views_refuse_inplace():
    a, b = (leaf(4) * 1.0).split(2)
    with pytest.raises(RuntimeError, match="Output 1 of Split is a view and is being modified inplace"):
        b.mul_(2.0)
    weight = leaf(2)
    with pytest.raises(RuntimeError, match="view was created in no_grad mode and is being modified inplace"):
        arange(4).split(2)[1].mul_(weight)


def test_gradient_of_overlapping_windows_adds_up():
    x = leaf(5)
    x.unfold(0, 3, 1).backward(wrap(np.ones((3, 3))))
    assert values(x.grad) == [1, 2, 3, 2, 1]
    x = leaf(4)
    x.as_strided((3, 2), (1, 1)).backward(wrap(np.ones((3, 2))))
    assert values(x.grad) == [1, 2, 2, 1]


def test_expand_errors():
    x = arange(3, 4)
    with pytest.raises(RuntimeError, match=r"The expanded size of the tensor \(2\) must match the existing size \(3\)"):
        x.expand(2, 4)
    with pytest.raises(RuntimeError, match="the number of sizes provided"):
        x.expand(4)
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        arange(4).expand(3, 4).mul_(2.0)


def test_dimension_errors():
    x = arange(3, 4)
    for call in (lambda: x.squeeze(2), lambda: x.transpose(0, 2), lambda: torch.cat([x, x], 2), lambda: x.flip(-3)):
        with pytest.raises(IndexError, match="Dimension out of range"):
            call()


def test_detach_shares_memory_and_version_but_not_history():
    x = leaf(3)
    y = x * x
    z = y.detach()
    assert z.is_leaf and not z.requires_grad and z._base is None
    z.mul_(2.0)
    assert y._version == 1
    w = x * 1.0
    square = w * w
    w.detach().mul_(2.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        square.backward(wrap(np.ones(3)))
    with pytest.raises(RuntimeError, match="Can't detach views in-place"):
        y[0].detach_()
    assert y.detach_() is y and y.is_leaf and not y.requires_grad


def test_cat_and_stack():
    x = leaf(2, 3)
    n = wrap(np.arange(3))
    assert torch.cat([x, n.reshape(1, 3)]).dtype is torch.float64
    assert torch.cat([wrap(np.zeros(0)), x]).shape == (2, 3)
    assert torch.stack([x, x], -1).shape == (2, 3, 2)
    y = torch.cat([x, x * 2.0], 1)
    y.backward(wrap(np.ones((2, 6))))
    assert values(x.grad) == [[3.0] * 3] * 2
    out = wrap(np.zeros(6))
    assert torch.cat([arange(3), arange(3)], out=out) is out and values(out) == [0, 1, 2, 0, 1, 2]
    with pytest.raises(
        RuntimeError, match="Sizes of tensors must match except in dimension 0. Expected size 3 but got"
    ):
        torch.cat([x, x.T])
    with pytest.raises(RuntimeError, match="zero-dimensional tensor"):
        torch.cat([arange(), arange()])
    with pytest.raises(ValueError, match="non-empty list"):
        torch.cat([])
    with pytest.raises(RuntimeError, match="stack expects each tensor to be equal size"):
        torch.stack([x, n])
    with pytest.raises(TypeError, match="expected Tensor as element 1"):
        torch.cat([x, 3])


def test_splitting():
    x = leaf(5, 2)
    assert [part.shape[0] for part in x.split(2)] == [2, 2, 1]
    assert [part.shape[0] for part in x.chunk(4)] == [2, 2, 1]
    assert [part.shape[0] for part in x.tensor_split(3)] == [2, 2, 1]
    assert [part.shape[0] for part in x.tensor_split((1, -1))] == [1, 3, 1]
    assert len(list(x)) == 5
    a, _, c = x.split([1, 3, 1])
    (a * 2.0 + c).backward(wrap(np.ones((1, 2))))
    assert values(x.grad) == [[2, 2], [0, 0], [0, 0], [0, 0], [1, 1]]
    with pytest.raises(RuntimeError, match="split_with_sizes expects split_sizes to sum exactly to 5"):
        x.split([1, 1])
    with pytest.raises(RuntimeError, match="chunk expects `chunks` to be greater than 0"):
        x.chunk(0)
    with pytest.raises(TypeError, match="iteration over a 0-d tensor"):
        iter(arange())


def test_arranging():
    x = arange(2, 3)
    assert values(x.flip(0, 1)) == [[5, 4, 3], [2, 1, 0]]
    assert values(x.roll(1)) == [[5, 0, 1], [2, 3, 4]]
    assert values(x.rot90()) == [[2, 5], [1, 4], [0, 3]]
    assert values(x.repeat(1, 2)) == [[0, 1, 2, 0, 1, 2], [3, 4, 5, 3, 4, 5]]
    assert values(x.repeat_interleave(wrap(np.array([2, 0])), 0)) == [[0, 1, 2], [0, 1, 2]]
    assert values(x.tril()) == [[0, 0, 0], [3, 4, 0]]
    assert values(torch.block_diag(arange(1, 1), arange(2))) == [[0, 0, 0], [0, 0, 1]]
    assert values(torch.cartesian_prod(arange(2), arange(2))) == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert values(torch.combinations(arange(3))) == [[0, 1], [0, 2], [1, 2]]
    rows, columns = torch.meshgrid(arange(2), arange(3), indexing="xy")
    assert rows.shape == columns.shape == (3, 2) and values(rows)[0] == [0, 1]
    with pytest.raises(RuntimeError, match="shifts and dimensions must align"):
        x.roll(1, (0, 1))


def test_resize():
    x = arange(4)
    assert values(x.resize_(2)) == [0, 1] and values(x.resize_(2, 2)) == [[0, 1], [2, 3]]
    with pytest.raises(RuntimeError, match="cannot resize variables that require grad"):
        leaf(2).resize_(3)


def test_questions_about_memory():
    x = arange(3, 4)
    assert x.stride() == (4, 1) and x.T.stride() == (1, 4) and x[1:, 2].storage_offset() == 6
    assert x.is_contiguous() and not x.T.is_contiguous()
    assert (x.dim(), x.numel(), x.element_size(), x.size(-1)) == (2, 12, 8, 4)
