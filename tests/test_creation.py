"""Tensors from shapes, ranges and data: dtypes, values, signatures, errors."""

import numpy as np
import pytest

import mibun as torch


def test_shapes_are_given_separately_or_together():
    for made in (torch.zeros(2, 3), torch.zeros((2, 3)), torch.zeros([2, 3]), torch.zeros(size=(2, 3))):
        assert made.shape == (2, 3) and made.dtype is torch.float32 and made.is_leaf
    assert torch.ones(()).shape == () and torch.empty(0, 3).shape == (0, 3)
    assert torch.zeros(2, requires_grad=True).requires_grad


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: torch.zeros(2, -1), RuntimeError, "zeros: Dimension size must be non-negative"),
        (lambda: torch.ones(-1), RuntimeError, "Trying to create tensor with negative dimension -1"),
        (lambda: torch.zeros(2.0), TypeError, "zeros(): argument 'size' (position 1) must be tuple of ints, not float"),
        (lambda: torch.zeros(2, dtype="float32"), TypeError, "zeros(): argument 'dtype' must be torch.dtype, not str"),
        (lambda: torch.zeros(2, foo=1), TypeError, "zeros() got an unexpected keyword argument 'foo'"),
        (lambda: torch.zeros(2, pin_memory=True), RuntimeError, "pin_memory=True requires"),
        (lambda: torch.zeros(2, dtype=torch.int, requires_grad=True), RuntimeError, "Only Tensors of floating point"),
        (lambda: torch.full((2,), 300, dtype=torch.uint8), RuntimeError, "value cannot be converted to type uint8_t"),
        (lambda: torch.full(2, 3), TypeError, "full(): argument 'size' (position 1) must be tuple of ints"),
        (lambda: torch.arange(1, 3, 0), RuntimeError, "step must be nonzero"),
        (lambda: torch.arange(3, 1), RuntimeError, "upper bound and lower bound inconsistent with step sign"),
        (lambda: torch.arange(0, float("inf")), RuntimeError, "unsupported range: 0 -> inf"),
        (lambda: torch.linspace(0, 1, -1), RuntimeError, "number of steps must be non-negative"),
        (lambda: torch.eye(-1), RuntimeError, "n must be greater or equal to 0, got -1"),
        (lambda: torch.zeros_like(3), TypeError, "zeros_like(): argument 'input' (position 1) must be Tensor, not int"),
        (lambda: torch.empty(2, memory_format=torch.channels_last), RuntimeError, "required rank 4 tensor"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(words)


def test_full_infers_its_dtype_from_the_number():
    numbers = (1, 1.0, True, 1j)
    expected = (torch.int64, torch.float32, torch.bool, torch.complex64)
    assert tuple(torch.full((2,), number).dtype for number in numbers) == expected
    assert torch.full((2,), torch.tensor(3)).tolist() == [3, 3]


def test_ranges():
    assert torch.arange(3).dtype is torch.int64 and torch.arange(3.0).dtype is torch.float32
    assert torch.arange(1, 10, 3).tolist() == [1, 4, 7]
    assert torch.arange(5, 1, -2).tolist() == [5, 3]
    assert torch.arange(0, 1, 0.1).shape == (10,)
    assert torch.linspace(0, 1, 5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert torch.linspace(0, 10, 4, dtype=torch.int).tolist() == [0, 3, 6, 10]
    assert torch.logspace(0, 2, 3).tolist() == [1, 10, 100]
    with pytest.warns(UserWarning, match="torch.range is deprecated"):
        assert torch.range(1, 3).tolist() == [1, 2, 3]


def test_like_keeps_the_layout_and_new_the_dtype():
    transposed = torch.ones(2, 3, dtype=torch.float64).t()
    assert torch.zeros_like(transposed).stride() == (1, 3)
    assert torch.zeros_like(transposed, memory_format=torch.contiguous_format).stride() == (2, 1)
    assert transposed.new_zeros(2).dtype is torch.float64
    assert torch.ones(1, dtype=torch.int).new_tensor([1.5]).tolist() == [1]
    assert torch.ones(1).new_full((2,), 3).tolist() == [3.0, 3.0]
    assert torch.tril_indices(3, 2).tolist() == [[0, 1, 1, 2, 2], [0, 0, 1, 0, 1]]
    assert torch.empty_strided((2, 3), (1, 2)).stride() == (1, 2)


def test_out():
    out = torch.ones(5, dtype=torch.int32)
    assert torch.zeros(5, out=out) is out and out.tolist() == [0] * 5 and out._version == 1
    with pytest.raises(RuntimeError, match="dtype Float does not match dtype of out parameter"):
        torch.zeros(5, out=out, dtype=torch.float32)
    leaf = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.zeros(2, out=leaf)
    assert leaf.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1, torch.int64),
        (1.5, torch.float32),
        (True, torch.bool),
        (1j, torch.complex64),
        ([], torch.float32),
        ([1, 2.5], torch.float32),
        ([True, 2], torch.int64),
        ([1, 2j], torch.complex64),
        (np.float64(1), torch.float64),
        ([np.float32(1), 1], torch.float32),
        ([np.int8(3)], torch.int8),
        ([np.array([1, 2]), np.array([3.0, 4])], torch.float64),
        (np.array([1, 2], dtype="f2"), torch.float16),
        (range(3), torch.int64),
        ((1, 2), torch.int64),
        (bytearray(b"ab"), torch.int64),
    ],
)
def test_tensor_infers_its_dtype(data, dtype):
    assert torch.tensor(data).dtype is dtype


@pytest.mark.parametrize(
    ("data", "dtype", "error", "words"),
    [
        ([[1, 2], [3]], None, ValueError, "expected sequence of length 2 at dim 1 (got 1)"),
        ([[[1], [2]], [[1]]], None, ValueError, "expected sequence of length 2 at dim 1 (got 1)"),
        ([[1], 2], None, TypeError, "not a sequence"),
        ([1, [2]], None, TypeError, "'list' object cannot be interpreted as an integer"),
        ("a", None, TypeError, "new(): invalid data type 'str'"),
        (["a"], None, ValueError, "too many dimensions 'str'"),
        (None, None, RuntimeError, "Could not infer dtype of NoneType"),
        ({1: 2}, None, RuntimeError, "Could not infer dtype of dict"),
        (2**63, None, ValueError, "Overflow when unpacking long long"),
        ([300], torch.uint8, RuntimeError, "value cannot be converted to type uint8 without overflow"),
        (float("nan"), torch.int32, RuntimeError, "value cannot be converted to type int32 without overflow"),
        (1j, torch.float32, TypeError, "must be real number, not complex"),
        ([torch.ones(2, 2)] * 2, None, ValueError, "only one element tensors can be converted to Python scalars"),
        (np.array(["a"]), None, TypeError, "can't convert np.ndarray of type numpy.str_"),
        (np.arange(3)[::-1], None, ValueError, "At least one stride in the given numpy array is negative"),
    ],
)
def test_tensor_refuses(data, dtype, error, words):
    with pytest.raises(error) as caught:
        torch.tensor(data, dtype=dtype)
    assert str(caught.value).startswith(words)


def test_tensor_casts():
    assert torch.tensor([1.7, -1.7], dtype=torch.int32).tolist() == [1, -1]
    assert torch.tensor(-1, dtype=torch.uint8).item() == 255
    assert torch.tensor([0, 2], dtype=torch.bool).tolist() == [False, True]
    assert torch.tensor([[], []]).shape == (2, 0)
    with pytest.raises(RuntimeError, match="^Only Tensors of floating point and complex dtype can require gradients"):
        torch.tensor(1, requires_grad=True)
    with pytest.warns(UserWarning, match="To copy construct from a tensor"):
        torch.tensor(torch.ones(2))


def test_old_constructors():
    assert torch.Tensor(2, 3).shape == (2, 3) and torch.Tensor([2, 3]).tolist() == [2.0, 3.0]
    assert torch.LongTensor([1, 2]).dtype is torch.int64 and torch.FloatTensor(2).shape == (2,)
    assert isinstance(torch.ones(2), torch.FloatTensor) and not isinstance(torch.ones(2), torch.LongTensor)
    assert torch.ones(2).type(torch.IntTensor).dtype is torch.int32
    assert torch.ones(2, dtype=torch.int32).new([1, 2]).dtype is torch.int32
    with pytest.raises(TypeError, match=r"new\(\): data must be a sequence \(got float\)"):
        torch.Tensor(2.5)


def test_like_keeps_the_order_of_dimensions_beside_a_new_one():
    x = torch.zeros(3, 5, 4).transpose(0, 2)[:, None]
    for like in (torch.empty_like, torch.zeros_like, torch.rand_like, torch.randn_like):
        assert like(x)[:, 0].stride() == (1, 4, 20)
    assert torch.empty_like(torch.zeros(1, 4).expand(3, 4)).stride() == (4, 1)
