"""Indexing, gathering and scattering: every kind of index, what is shared, what is recorded, how it fails."""

from __future__ import annotations

import numpy as np
import pytest

import mibun as torch
from mibun.core.tensor import wrap


def arange(*shape):
    return wrap(np.arange(float(np.prod(shape))).reshape(shape))


def leaf(*shape):
    return arange(*shape).requires_grad_()


def ints(*given):
    return wrap(np.array(given))


def values(tensor):
    return np.asarray(tensor._array_).tolist()


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (0, "SelectBackward0"),
        ((0, slice(None)), "SelectBackward0"),
        (slice(None), "SliceBackward0"),
        ((slice(None), slice(None)), "AliasBackward0"),
        (..., "AliasBackward0"),
        ((), "AliasBackward0"),
        ((0, slice(1, None)), "SliceBackward0"),
        ((slice(1, None), 0), "SelectBackward0"),
        (None, "UnsqueezeBackward0"),
        ((0, None), "UnsqueezeBackward0"),
        (np.int64(1), "SelectBackward0"),
        (wrap(np.array(1)), "SelectBackward0"),
    ],
)
def test_basic_indices_are_views(index, name):
    x = leaf(3, 4)
    y = x[index]
    plain = tuple(i if not hasattr(i, "_array_") else 1 for i in (index if isinstance(index, tuple) else (index,)))
    np.testing.assert_array_equal(y._array_, x._array_[plain])
    assert y.grad_fn.name() == name and y._base is x and np.shares_memory(y._array_, x._array_)


@pytest.mark.parametrize(
    "index",
    [
        [0, 2],
        ([0, 2], 1),
        (slice(None), [0, 2]),
        np.array([True, False, True]),
        ([[0], [1]], [0, 2]),
        ints(-1, 0),
        range(2),
        (slice(1, None), [3, 3, 0]),
        True,
        False,
        (None, [0, 1]),
    ],
)
def test_advanced_indices_are_copies(index):
    x = leaf(3, 4)
    y = x[index]
    plain = index._array_ if hasattr(index, "_array_") else list(index) if isinstance(index, range) else index
    expected = x._array_[plain]
    np.testing.assert_array_equal(y._array_, expected)
    assert y.grad_fn.name() == "IndexBackward0" and y._base is None
    y.backward(wrap(np.ones(expected.shape)))
    grad = np.zeros((3, 4))
    np.add.at(grad, plain, 1.0)
    np.testing.assert_array_equal(x.grad._array_, grad)


@pytest.mark.parametrize(
    ("index", "shape"),
    [
        ((0, slice(None), [1, 2]), (3, 2, 5)),  # an int beside arrays is basic: NumPy has (2, 3, 5)
        (([0], slice(None), [1]), (1, 3, 5)),
        ((slice(None), slice(None), [0], [1, 2]), (2, 3, 2)),
        ((slice(None), None, [0, 1], None, [1, 2]), (2, 2, 1, 1, 5)),
        ((True, [0, 1]), (2, 3, 4, 5)),
    ],
)
def test_where_the_axes_of_index_arrays_go(index, shape):
    assert leaf(2, 3, 4, 5)[index].shape == shape


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (3, IndexError, "index 3 is out of bounds for dimension 0 with size 3"),
        ((slice(None), 9), IndexError, "index 9 is out of bounds for dimension 1 with size 4"),
        ([5], IndexError, "index 5 is out of bounds for dimension 0 with size 3"),
        ((0, 0, 0), IndexError, "too many indices for tensor of dimension 2"),
        (slice(None, None, -1), ValueError, "step must be greater than zero"),
        (1.5, IndexError, "only integers, slices"),
        (wrap(np.array([0.5])), IndexError, "tensors used as indices must be long"),
        (([0, 1], [0, 1, 2]), IndexError, "shape mismatch: indexing tensors could not be broadcast"),
        (np.array([True, False]), IndexError, "The shape of the mask"),
        ("a", TypeError, "new"),
    ],
)
def test_index_errors(index, error, message):
    x = arange(3, 4)
    with pytest.raises(error, match=message):
        x[index]
    with pytest.raises(error, match=message):
        x[index] = 0.0
    np.testing.assert_array_equal(x._array_, np.arange(12.0).reshape(3, 4))


def test_0d():
    x = arange()
    assert x[...].shape == () and x[None].shape == (1,) and x[True].shape == (1,) and x[False].shape == (0,)
    x[...] = 4.0
    assert values(x) == 4.0
    with pytest.raises(IndexError, match="invalid index of a 0-dim tensor"):
        x[0]


@pytest.mark.parametrize(
    "index",
    [
        0,
        slice(1, None),
        (slice(None), 1),
        ...,
        (slice(None, None, 2), slice(1, 3)),
        [0, 2],
        (0, [0, 1]),
        np.arange(12).reshape(3, 4) % 2 == 0,
    ],
)
def test_assignment_keeps_the_history(index):
    x, value = leaf(3, 4), leaf()
    y = x * 1.0
    y[index] = value * 2.0
    expected = np.arange(12.0).reshape(3, 4)
    expected[index] = 0.0
    np.testing.assert_array_equal(y._array_, expected)
    y.backward(wrap(np.ones((3, 4))))
    written = np.zeros((3, 4))
    written[index] = 1.0
    np.testing.assert_array_equal(x.grad._array_, 1.0 - written)
    assert values(value.grad) == 2.0 * written.sum()


def test_assignment_of_numbers():
    n = wrap(np.arange(3))
    n[0] = 2.7
    assert values(n) == [2, 1, 2] and n._version == 1
    with pytest.raises(RuntimeError, match="value cannot be converted to type"):
        n[0] = float("nan")
    with pytest.raises(TypeError, match="can't assign a list"):
        n[0] = [1]
    with pytest.raises(RuntimeError, match="Index put requires the source and destination dtypes match"):
        n[[0, 1]] = arange(2)
    with pytest.raises(RuntimeError, match="shape mismatch: value tensor of shape"):
        n[[0, 1]] = wrap(np.arange(3))
    assert values(n) == [2, 1, 2]
    u = wrap(np.zeros(2, np.uint8))
    u[0] = -1
    assert values(u) == [255, 0]


def test_a_leaf_is_not_assigned_to():
    x = leaf(3)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad is being used in an in-place"):
        x[0] = 1.0
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place"):
        x[[0]] = 1.0
    with torch.no_grad():
        x[0] = 5.0
    assert values(x) == [5, 1, 2]


def test_augmented_assignment_adds_once_for_each_place():
    x = leaf(3)
    y = x * 1.0
    y[[0, 0, 1]] += 1.0
    assert values(y) == [1, 2, 2]
    assert values(x.index_put((ints(0, 0, 1),), arange(3), accumulate=True)) == [1, 3, 2]


def test_the_graph_keeps_its_own_copy_of_an_index():
    x, index = leaf(3), ints(0, 1)
    y = x[index]
    index[0] = 2
    y.backward(wrap(np.ones(2)))
    assert values(x.grad) == [1, 1, 0]


def test_modifying_the_index_of_gather_is_noticed():
    x, index = leaf(3), ints(0, 1)
    y = x.gather(0, index)
    index[0] = 2
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward(wrap(np.ones(2)))


def test_gather_and_scatter():
    x = leaf(2, 3)
    index = ints([0, 0], [2, 1])
    assert values(x.gather(1, index)) == [[0, 0], [5, 4]]
    assert values(wrap(np.zeros(3)).scatter(0, ints(0, 2), wrap(np.array([5.0, 6.0])))) == [5, 0, 6]
    assert values(wrap(np.zeros(3)).scatter_add(0, ints(0, 2, 0), wrap(np.ones(3)))) == [2, 0, 1]
    with pytest.raises(RuntimeError, match="index 3 is out of bounds for dimension 1 with size 3"):
        x.gather(1, ints([3], [0]))
    with pytest.raises(RuntimeError, match="Index tensor must have the same number of dimensions"):
        x.gather(1, ints(0))
    with pytest.raises(RuntimeError, match="Expected self.dtype to be equal to src.dtype"):
        x.scatter(1, index, index)
    with pytest.raises(RuntimeError, match="to be no larger size than src"):
        x.scatter(1, index, arange(1, 1))


def test_the_unused_part_of_src_has_zero_gradient():
    src = leaf(2, 3)
    wrap(np.zeros((2, 3))).scatter_add(0, ints([0, 1]), src).backward(wrap(np.ones((2, 3))))
    assert values(src.grad) == [[1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("reduce", "include_self", "expected", "grad_input", "grad_src"),
    [
        ("sum", True, [6, 1], [1, 1], [1, 1]),
        ("mean", False, [2.5, 1], [0, 1], [0.5, 0.5]),
        ("amax", True, [3, 1], [0, 1], [1, 0]),
        ("amin", True, [1, 1], [1, 1], [0, 0]),
        ("prod", False, [6, 1], [0, 1], [2, 3]),
    ],
)
def test_scatter_reduce(reduce, include_self, expected, grad_input, grad_src):
    x = wrap(np.array([1.0, 1.0])).requires_grad_()
    src = wrap(np.array([3.0, 2.0])).requires_grad_()
    y = x.scatter_reduce(0, ints(0, 0), src, reduce, include_self=include_self)
    assert values(y) == expected
    y.backward(wrap(np.ones(2)))
    assert values(x.grad) == grad_input and values(src.grad) == grad_src


def test_ties_share_the_gradient():
    src = wrap(np.array([2.0, 2.0])).requires_grad_()
    wrap(np.zeros(1)).scatter_reduce(0, ints(0, 0), src, "amax").backward(wrap(np.ones(1)))
    assert values(src.grad) == [0.5, 0.5]


def test_slices_by_position():
    x = arange(3, 2)
    assert values(x.index_select(0, ints(2, 0))) == [[4, 5], [0, 1]]
    assert values(x.index_add(0, ints(0, 0), wrap(np.ones((2, 2))), alpha=2)) == [[4, 5], [2, 3], [4, 5]]
    assert values(x.index_copy(0, ints(1), wrap(np.ones((1, 2))))) == [[0, 1], [1, 1], [4, 5]]
    assert values(x.index_fill(1, ints(0), -1)) == [[-1, 1], [-1, 3], [-1, 5]]
    assert values(x.take(ints(0, -1))) == [0, 5]
    assert values(x.put(ints(0), wrap(np.array([9.0]))))[0] == [9, 1]
    with pytest.raises(IndexError, match="index out of range in self"):
        x.index_select(0, ints(3))
    with pytest.raises(RuntimeError, match="Number of indices"):
        x.index_add(0, ints(0), arange(2, 2))
    with pytest.raises(IndexError, match="out of range: tried to access index 6 on a tensor of 6 elements"):
        x.take(ints(6))


def test_masks():
    x = leaf(2, 2)
    mask = wrap(np.array([[True, False], [True, True]]))
    y = x.masked_select(mask)
    assert values(y) == [0, 2, 3]
    y.backward(arange(3))
    assert values(x.grad) == [[0, 0], [1, 2]]
    assert values(x.masked_scatter(mask, wrap(np.array([7.0, 8, 9])))) == [[7, 1], [8, 9]]
    assert values(torch.nonzero(mask)) == [[0, 0], [1, 0], [1, 1]]
    assert [values(part) for part in mask.nonzero(as_tuple=True)] == [[0, 1, 1], [0, 0, 1]]
    with pytest.raises(RuntimeError, match="Number of elements of source < number of ones in mask"):
        x.masked_scatter(mask, arange(1))
