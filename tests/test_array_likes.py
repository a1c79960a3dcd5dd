"""What Tensors are made of and indexed by: pandas' objects and other sequences, buffers, other libraries' arrays.

The small classes stand for pandas' and jax's; the last test takes pandas itself, where it is installed.
"""

from __future__ import annotations

import array
import collections
from typing import Any

import numpy as np
import pytest

import mibun as torch


class Series:
    """Like pandas': `series[i]` goes by label and has the Series' dtype; iteration gives Python numbers."""

    def __init__(self, values: Any, index: Any = None) -> None:
        self.values = np.asarray(values)
        self.index = list(range(len(self.values)) if index is None else index)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, label: Any) -> Any:
        if label not in self.index:
            raise KeyError(label)
        return self.values[self.index.index(label)]

    def __iter__(self) -> Any:
        return iter(self.values.tolist())

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self.values, dtype)


class Exporter:
    """Like jax's arrays: 0-d ones have a length that raises; the memory comes through DLPack."""

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: Any) -> Any:
        return Exporter(self.values[index])

    def __dlpack__(self, **options: Any) -> Any:
        return self.values.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


class Number:
    def __float__(self) -> float:
        return 2.5


class Whole:
    def __index__(self) -> int:
        return 3


MAKERS = {
    "tensor": torch.tensor,
    "as_tensor": torch.as_tensor,
    "asarray": torch.asarray,
    "new_tensor": lambda data: torch.zeros(1, dtype=torch.float16).new_tensor(data),
    "with dtype": lambda data: torch.tensor(data, dtype=torch.float16),
}
# data -> (dtype, values)
DATA = {
    **{
        f"Series of {kind}": (lambda kind=kind: Series(np.array([1, 2], kind)), kind, [1, 2])
        for kind in ("float16", "float32", "float64", "int8", "int32", "int64", "uint8", "complex64", "complex128")
    },
    "Series of bool": (lambda: Series([True, False]), "bool", [1, 0]),
    "list of Series": (lambda: [Series(np.array([1.5])), Series(np.array([2.5]))], "float64", [[1.5], [2.5]]),
    "Series of arrays": (lambda: collections.deque([np.ones(2), np.zeros(2)]), "float64", [[1, 1], [0, 0]]),
    "empty Series": (lambda: Series(np.zeros(0)), "float32", []),
    "Exporter": (lambda: Exporter([1.5, 2.5]), "float64", [1.5, 2.5]),
    "Exporter of int32": (lambda: Exporter(np.array([[1, 2]], np.int32)), "int32", [[1, 2]]),
    "0-d Exporter": (lambda: Exporter(1.5), "float64", 1.5),
    "list of Exporters": (lambda: [Exporter([1.5]), Exporter([2.5])], "float64", [[1.5], [2.5]]),
    "deque": (lambda: collections.deque([1.5, 2]), "float32", [1.5, 2]),
    "UserList": (lambda: collections.UserList([[1, 2]]), "int64", [[1, 2]]),
    "range": (lambda: range(3), "int64", [0, 1, 2]),
    "array and list": (lambda: [np.array([1.5, 2]), [1, 2]], "float64", [[1.5, 2], [1, 2]]),
    "array and Tensor": (lambda: [np.array([1.5, 2]), torch.tensor([1.0, 2])], "float64", [[1.5, 2], [1, 2]]),
    "number and 0-d array": (lambda: [2.0, np.array(1.5)], "float64", [2, 1.5]),
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", DATA)
def test_data(name, maker):
    make, dtype, values = DATA[name]
    if maker in ("new_tensor", "with dtype"):
        if dtype.startswith("complex"):
            return
        dtype = "float16"
    tensor = MAKERS[maker](make())
    assert str(tensor.dtype) == f"torch.{dtype}" and tensor.tolist() == values


@pytest.mark.parametrize("make", [torch.tensor, torch.as_tensor])
def test_array_array_is_a_sequence_for_tensor_and_a_buffer_for_asarray(make):
    data = array.array("d", [1.5, 2.5])
    assert make(data).tolist() == [1.5, 2.5] and make(data).dtype == torch.float32
    assert torch.asarray(data, dtype=torch.float64).tolist() == [1.5, 2.5]
    shared = torch.asarray(data, dtype=torch.float64)
    shared[0] = 7
    assert data[0] == 7
    with pytest.raises(ValueError, match="must be a multiple of element size"):
        torch.asarray(array.array("b", [1, 2]))


def test_dlpack_shares_memory_where_it_can():
    data = Exporter([1.5, 2.5])
    assert np.shares_memory(torch.as_tensor(data).numpy(), data.values)
    assert not np.shares_memory(torch.tensor(data).numpy(), data.values)


@pytest.mark.parametrize("maker", ["tensor", "as_tensor", "asarray"])
@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (Series([1.0], index=["a"]), ValueError, "could not determine the shape of object type 'Series'"),
        (Series([1.0, 2.0], index=[0, 5]), KeyError, "1"),
        (Number(), RuntimeError, "Could not infer dtype of Number"),
        ([Whole()], RuntimeError, "Could not infer dtype of Whole"),
        ((i for i in range(2)), RuntimeError, "Could not infer dtype of generator"),
        ({1.0}, RuntimeError, "Could not infer dtype of set"),
        ({1: 1.0}, RuntimeError, "Could not infer dtype of dict"),
        ([None], RuntimeError, "Could not infer dtype of NoneType"),
        ([np.array(1.0)], TypeError, "len\\(\\) of unsized object"),
    ],
)
def test_what_is_no_data(data, error, words, maker):
    with pytest.raises(error, match=words):
        MAKERS[maker](data)


def test_what_turns_into_a_number_needs_a_dtype():
    assert torch.tensor([Number(), Whole()], dtype=torch.float64).tolist() == [2.5, 3]
    assert torch.tensor(Whole(), dtype=torch.int32).tolist() == 3
    with pytest.raises(TypeError, match="'Number' object cannot be interpreted as an integer"):
        torch.tensor([Number()], dtype=torch.int64)
    with pytest.raises(TypeError, match="must be real number, not NoneType"):
        torch.tensor([None], dtype=torch.float32)


INDICES = {
    "Series": lambda: Series([0, 2]),
    "Series of int32": lambda: Series(np.array([0, 2], np.int32)),
    "Series of bool": lambda: Series([True, False, True]),
    "Series of float": lambda: Series([0.0, 2.0]),
    "deque": lambda: collections.deque([0, 2]),
    "UserList": lambda: collections.UserList([0, 2]),
    "array.array": lambda: array.array("i", [0, 2]),
    "memoryview": lambda: memoryview(np.array([0, 2])),
    "bytearray": lambda: bytearray([0, 2]),
    "range": lambda: range(0, 3, 2),
    "floats": lambda: [0.0, 2.0],
    **{kind: lambda kind=kind: np.array([0, 2], kind) for kind in ("int8", "int16", "uint16", "uint64", "float32")},
    "tuple": lambda: (Series([0, 2]), slice(None)),
}


@pytest.mark.parametrize("name", INDICES)
def test_indices(name):
    x = torch.arange(12.0).reshape(3, 4)
    assert x[INDICES[name]()].tolist() == x[[0, 2]].tolist()
    x[INDICES[name]()] = 0
    assert x.sum() == 22
    pair = (slice(None), INDICES[name]()) if name not in ("tuple", "Series of bool") else (slice(None), [0, 2])
    assert x[pair].shape == (3, 2)


@pytest.mark.parametrize("index", [{0, 1}, {0: 1}, (i for i in [0]), 1.0, np.bool_(True), Number()])
def test_what_is_no_index(index):
    with pytest.raises(IndexError, match="only integers, slices"):
        torch.zeros(3)[index]


def test_pandas():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1.5, 2.5], "b": [1, 2]})
    assert torch.tensor(frame["a"]).dtype == torch.float64 and torch.tensor(frame["b"]).dtype == torch.int64
    assert torch.tensor(frame["a"].astype("float32")).dtype == torch.float32
    assert torch.tensor(pd.Index([1.5])).tolist() == [1.5] and torch.tensor(pd.Series([[1.0], [2.0]])).shape == (2, 1)
    assert torch.arange(4)[frame["b"]].tolist() == [1, 2] and torch.arange(2)[frame["a"] > 2].tolist() == [1]
    with pytest.raises(ValueError, match="could not determine the shape of object type 'DataFrame'"):
        torch.tensor(frame)
    with torch.no_grad():
        assert pd.Series(torch.ones(2, requires_grad=True).numpy()).tolist() == [1, 1]
