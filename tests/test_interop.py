"""Tensors from and to NumPy, DLPack, pickles and files, and the memory they share."""

import collections
import copy
import io
import pickle
import zipfile

import numpy as np
import pytest

import mibun as torch


def test_numpy_shares_memory_both_ways():
    array = np.arange(3.0)
    tensor = torch.from_numpy(array)
    array[0] = 5
    tensor[1] = 7
    assert tensor.tolist() == [5, 7, 2] == array.tolist()
    assert np.shares_memory(tensor.numpy(), array)
    assert np.shares_memory(np.from_dlpack(tensor), array)
    assert np.shares_memory(torch.from_dlpack(array).numpy(), array)
    assert np.shares_memory(torch.as_tensor(array).numpy(), array)
    assert not np.shares_memory(torch.tensor(array).numpy(), array)
    with pytest.raises(RuntimeError, match="^Can't call numpy\\(\\) on Tensor that requires grad"):
        torch.ones(2, requires_grad=True).numpy()
    assert torch.ones(2, requires_grad=True).numpy(force=True).tolist() == [1, 1]
    with pytest.raises(BufferError, match="Can't export tensors that require gradient"):
        np.from_dlpack(torch.ones(2, requires_grad=True))


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        ([1], TypeError, "expected np.ndarray (got list)"),
        (np.array(["a"]), TypeError, "can't convert np.ndarray of type numpy.str_"),
        (np.arange(3)[::-1], ValueError, "At least one stride in the given numpy array is negative"),
        (np.arange(3, dtype=">i4"), ValueError, "given numpy array has byte order different from the native"),
    ],
)
def test_from_numpy_refuses(value, error, words):
    with pytest.raises(error) as caught:
        torch.from_numpy(value)
    assert str(caught.value).startswith(words)


def test_frombuffer():
    buffer = bytearray(b"\1\0\0\0\2\0\0\0")
    tensor = torch.frombuffer(buffer, dtype=torch.int32)
    buffer[0] = 9
    assert tensor.tolist() == [9, 2] and torch.frombuffer(buffer, dtype=torch.int32, offset=4).tolist() == [2]
    with pytest.raises(ValueError, match="requested buffer length"):
        torch.frombuffer(buffer, dtype=torch.int32, count=3)


def test_ufuncs_are_differentiable():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    array = np.array([3.0, 4.0])
    for result, expected in (
        (array * x, [3, 4]),
        (np.exp(x), np.exp([1, 2])),
        (np.add(array, x), [1, 1]),
        (np.float64(3) * x, [3, 3]),
        (array[::-1] * x, [4, 3]),
        (np.add.reduce(x), [1, 1]),
        (np.array(2.0) * x, [2, 2]),
        (x * array, [3, 4]),
    ):
        (grad,) = torch.autograd.grad(result.sum(), x)
        np.testing.assert_allclose(grad.numpy(), expected)
    with pytest.raises(RuntimeError, match="^Can't call numpy"):
        np.add(array, x, out=array)
    assert array.tolist() == [3, 4]
    array += x.detach()
    assert array.tolist() == [4, 6]
    out = torch.zeros(2, dtype=torch.float64)
    assert np.add(array, array, out=out) is out and out._version == 1


def test_copies():
    leaf = torch.ones(2, requires_grad=True)
    leaf.note = "kept"
    (leaf * 3).sum().backward()
    for copied in (copy.deepcopy(leaf), pickle.loads(pickle.dumps(leaf))):
        assert copied.requires_grad and copied.is_leaf and copied.note == "kept" and copied is not leaf
        assert copied.tolist() == [1, 1] and not np.shares_memory(copied.detach().numpy(), leaf.detach().numpy())
    assert copy.deepcopy(leaf).grad.tolist() == [3, 3]
    assert np.shares_memory(copy.copy(leaf).detach().numpy(), leaf.detach().numpy())
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly by the user"):
        copy.deepcopy(leaf * 2)


def test_numbers():
    assert int(torch.tensor(2.7)) == 2 and float(torch.tensor([2])) == 2.0 and [1, 2, 3][torch.tensor(1)] == 2
    assert f"{torch.tensor(3.14159):.2f}" == "3.14" and torch.tensor(3) in torch.arange(4)
    with pytest.raises(ValueError, match="only one element tensors can be converted to Python scalars"):
        int(torch.ones(2))
    with pytest.raises(RuntimeError, match="a Tensor with 2 elements cannot be converted to Scalar"):
        torch.ones(2).item()
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with more than one value is ambiguous"):
        bool(torch.ones(2))


def test_storages():
    x = torch.arange(6.0).reshape(2, 3)
    assert x[1].untyped_storage().data_ptr() == x.untyped_storage().data_ptr() == x.data_ptr()
    assert x[1].data_ptr() - x.data_ptr() == 12 and len(x.untyped_storage()) == 24
    y = torch.zeros(1)
    y.set_(x.untyped_storage(), 1, (2, 2), (3, 1))
    assert y.tolist() == [[1, 2], [4, 5]] and y._version == 1
    with pytest.raises(RuntimeError, match="out of bounds for storage"):
        y.set_(x.untyped_storage(), 4, (2, 2), (3, 1))
    assert y.is_set_to(y) and not y.is_set_to(x) and not x.is_cuda and x.layout is torch.strided


def _saved(obj):
    file = io.BytesIO()
    torch.save(obj, file)
    file.seek(0)
    return file


def test_save_and_load(tmp_path):
    x = torch.arange(6.0).reshape(2, 3)
    obj = {
        "x": x,
        "row": x[1],
        "transposed": x.t(),
        "w": torch.ones(2, requires_grad=True),
        "list": [1, 2.5, "s", None, True, (x,)],
        "p": torch.nn.Parameter(torch.ones(2)),
        "ordered": collections.OrderedDict(z=torch.tensor([True])),
        "size": torch.Size([1, 2]),
        "dtype": torch.float32,
        "device": torch.device("cpu"),
        "bytes": b"a\xffb",
        "complex": 1j,
        "set": {1, 2},
        "empty": torch.zeros(0),
        "scalar": torch.tensor(3),
        "big": 2**70,
        "half": torch.ones(2, dtype=torch.float16),
    }
    torch.save(obj, tmp_path / "file.pt")
    loaded = torch.load(tmp_path / "file.pt", map_location="cpu", weights_only=True)
    assert str(loaded) == str(obj)
    loaded["x"][1, 0] = 99
    assert loaded["row"][0] == 99 and loaded["transposed"][0, 1] == 99 and loaded["list"][5][0] is loaded["x"]
    assert isinstance(loaded["p"], torch.nn.Parameter) and loaded["dtype"] is torch.float32


class _Evil:
    def __reduce__(self):
        return print, ("executed",)


def _archive(payload):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", payload)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", EOFError, "Ran out of input"),
        (b"hello world", pickle.UnpicklingError, "Weights only load failed"),
        (pickle.dumps([1]), pickle.UnpicklingError, "Weights only load failed"),
        (_archive(pickle.dumps(_Evil(), 2)), pickle.UnpicklingError, "Weights only load failed. This file can"),
        (_archive(b"junk"), pickle.UnpicklingError, ""),
        (b"PK\3\4junk", RuntimeError, "PytorchStreamReader failed reading zip archive"),
    ],
)
def test_load_refuses(content, error, words, capsys):
    with pytest.raises(error) as caught:
        torch.load(io.BytesIO(content))
    assert str(caught.value).startswith(words) and capsys.readouterr().out == ""


def test_damaged_records_are_noticed():
    whole = _saved([torch.ones(4)]).getvalue()
    source, file = zipfile.ZipFile(io.BytesIO(whole)), io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name)[: 8 if name.endswith("data/0") else None])
    with pytest.raises(RuntimeError, match="the file is damaged"):
        torch.load(io.BytesIO(file.getvalue()))


def test_what_cannot_be_saved_touches_no_file(tmp_path):
    for obj in (lambda: 0, (i for i in "ab")):
        with pytest.raises((pickle.PicklingError, AttributeError, TypeError), match="(?i)can(no|')t pickle"):
            torch.save({"x": obj}, tmp_path / "file.pt")
    assert not (tmp_path / "file.pt").exists()


def test_assert_close():
    torch.testing.assert_close(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0 + 1e-7]))
    torch.testing.assert_close({"a": [1, np.ones(2)]}, {"a": (1, np.ones(2))})
    with pytest.raises(AssertionError) as caught:
        torch.testing.assert_close([torch.tensor([1.0, 2.0])], [torch.tensor([1.0, 4.0])])
    assert str(caught.value) == (
        "Tensor-likes are not close!\n\nMismatched elements: 1 / 2 (50.0%)\n"
        "Greatest absolute difference: 2.0 at index (1,) (up to 1e-05 allowed)\n"
        "Greatest relative difference: 0.5 at index (1,) (up to 1.3e-06 allowed)\n\nThe failure occurred for item [0]"
    )
    with pytest.raises(AssertionError, match="The values for attribute 'dtype' do not match"):
        torch.testing.assert_close(torch.ones(2), torch.ones(2, dtype=torch.float64))
    with pytest.raises(AssertionError, match="Scalars are not equal!"):
        torch.testing.assert_close(1, 2)
    with pytest.raises(TypeError, match="No comparison pair was able to handle inputs"):
        torch.testing.assert_close(torch.ones(2), [1.0, 1.0])
